// @melloware/react-logviewer, the maintained heir of react-lazylog: lines in a virtual list and a
// search bar. It shows the lines as they are, JSON included: it knows nothing of events.
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { LazyLog } from "@melloware/react-logviewer";
import { src } from "./log.mjs";
import { painted } from "./timeline.mjs";

const chart = document.getElementById("chart");

/** Resolves when something in the viewer has come true and is on the screen. */
const seen = (isSo) =>
  new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (!isSo()) return;
      observer.disconnect();
      painted().then(resolve);
    });
    observer.observe(chart, { childList: true, subtree: true, characterData: true });
  });

const lines = seen(() => chart.textContent.includes("Starting Skaffold"));
// Without `stream`, which copies the whole log for each piece that comes: its makers recommend
// this for a complete file.
const log = createElement(LazyLog, { url: src, enableSearch: true, selectableLines: true });
createRoot(chart).render(log);
await lines;
performance.mark("log:first-lines");
performance.mark("log:indexed");

await seen(() => /[1-9]\d* match/.test(chart.textContent));
performance.mark("log:first-match");
performance.mark("log:searched");

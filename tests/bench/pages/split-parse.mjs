// What a page of a few lines does: the whole text, split into lines, each parsed and kept.
import { src } from "./log.mjs";

const response = await fetch(src);
const text = await response.text();
const events = [];
for (const line of text.split("\n")) {
  if (line) events.push(JSON.parse(line));
}
window.events = events;
performance.mark("log:indexed");

// The log at scale: a Skaffold event log, from bytes to lines, an index, and a search through it.
import { join } from "node:path";
import { NEEDLE, writeLog } from "./generate-log.mjs";
import { memoryOf } from "./memory.mjs";
import { inTurn } from "./rounds.mjs";
import { MB, MS, write } from "./table.mjs";
import { traced } from "./trace.mjs";
import { OURS, peer } from "./viewers.mjs";

const SIZES = [10_000, 100_000, 1_000_000];
const LARGE = SIZES.at(-1);
// The largest size takes a peer a minute and more, and what takes long is disturbed less.
const ROUNDS_OF_LARGEST = 3;
const WAIT_TIMEOUT = 60_000;
// A viewer that has not even begun by then does not know its address.
const ABSENCE = 15_000;

const FETCH = "fetch alone";
const KEPT = "fetch, bytes kept";
const SPLIT = "split + JSON.parse";
const REACT = "react-logviewer";

export const peers = [
  peer(FETCH, "fetch-alone"),
  peer(KEPT, "fetch-kept"),
  peer(SPLIT, "split-parse"),
  peer(REACT, "react-logviewer"),
];
export const sizes = SIZES;

const file = (size) => `events-${size}.log`;
const path = (size) => `/logs/${file(size)}`;

/** Writes the logs into the folder that is served as /logs/, and returns their sizes in bytes. */
export const data = ({ folder }) =>
  new Map(SIZES.map((size) => [size, writeLog(join(folder, file(size)), size)]));

export const measure = ({ browser, server, rounds, say, viewers }) =>
  inTurn({
    sizes: SIZES,
    viewers,
    rounds,
    mostOfLargest: ROUNDS_OF_LARGEST,
    what: "lines",
    say,
    async once({ viewer, size }) {
      const page = await browser.page(`${server.origin}/blank.html`);
      try {
        return await loadAndSearch(page, server, viewer, size);
      } finally {
        await page.close();
      }
    },
  });

async function loadAndSearch(page, server, viewer, size) {
  const hasSearch = viewer.isBuild || viewer.name === REACT;
  const before = await page.browser.processMemory();
  server.log.delete(path(size));
  const trace = await traced(page, async () => {
    await page.onEveryDocument(
      `addEventListener("input", () => performance.mark("bench:typed"), true)`,
    );
    await page.goto(viewer.address(server.origin, "log", server.origin + path(size)));
    await page.waitUntil(() => server.log.has(path(size)), "request for the log", ABSENCE);
    await page.waitForMark("log:indexed", WAIT_TIMEOUT);
    if (hasSearch) await search(page, viewer);
  });
  const timing = await page.timing();
  const start = server.log.get(path(size)).asked - timing.origin;
  const typed = timing["bench:typed"]?.at(-1);
  const at = (name, from = 0) => timing[name]?.find((time) => time >= from);
  const longest = trace.longestTask(
    start,
    hasSearch ? at("log:searched", typed) : at("log:indexed"),
  );
  const work = trace.work(start, at("log:indexed"));
  const memory = await memoryOf(page);
  return {
    worker: work.worker,
    main: work.main,
    indexed: at("log:indexed") - start,
    lines: at("log:first-lines") - start,
    match: at("log:first-match", typed) - typed,
    searched: at("log:searched", typed) - typed,
    longest: longest.clock,
    longestWork: longest.processor,
    memory: memory.total,
    wasm: memory.wasm,
    processes: (await page.browser.processMemory()) - before,
  };
}

async function search(page, viewer) {
  if (viewer.isBuild) await page.press("/");
  else await page.js(`document.querySelector("input").focus()`);
  await page.waitUntilJs(
    `document.activeElement?.tagName === "INPUT"`,
    "search field with the focus",
    ABSENCE,
  );
  // At once, as by pasting: a search for each letter would measure the typing.
  await page.send("Input.insertText", { text: NEEDLE });
  const ends = `performance.getEntriesByName("log:searched").at(-1)?.startTime`;
  const typed = `performance.getEntriesByName("bench:typed").at(-1)?.startTime`;
  await page.waitUntilJs(`${ends} >= ${typed}`, "log:searched", WAIT_TIMEOUT);
}

export const title = (size, data) =>
  `A log of ${size.toLocaleString("en")} lines, ${write(MB, data.get(size))}`;

/** What two builds of this viewer are compared by, at each size. */
export const figures = [
  { what: "request to all indexed", kind: MS, figure: "indexed" },
  { what: "· of it the workers' work", kind: MS, figure: "worker" },
  { what: "· meanwhile the main thread's work", kind: MS, figure: "main" },
  { what: "request to first lines", kind: MS, figure: "lines" },
  {
    what: "work of the main thread's longest task, search included",
    kind: MS,
    figure: "longestWork",
  },
  { what: "search through all lines", kind: MS, figure: "searched" },
  { what: "· its first match", kind: MS, figure: "match" },
  { what: "memory", kind: MB, figure: "memory" },
  { what: "· of it WebAssembly", kind: MB, figure: "wasm" },
  { what: "all the browser's processes, growth", kind: MB, figure: "processes" },
];

/** Adds what was measured beside the peers to the table. */
export function report(table, samples, data) {
  const ours = (size, figure) => samples.series(OURS, size, figure);
  const compare = (what, kind, size, figure, peer, limit) =>
    table.relative(what, kind, ours(size, figure), samples.series(peer, size, figure), limit);

  for (const size of SIZES) {
    const only = (limit) => (size === LARGE ? limit : undefined);
    table.title(title(size, data));
    compare("request to all indexed", MS, size, "indexed", FETCH, only(2));
    compare("request to all indexed", MS, size, "indexed", KEPT);
    compare("request to all indexed", MS, size, "indexed", SPLIT, only(1 / 3));
    compare("request to all indexed", MS, size, "indexed", REACT);
    table.absolute("· of it the workers' work", MS, ours(size, "worker"));
    table.absolute("· meanwhile the main thread's work", MS, ours(size, "main"));
    compare("· beside a peer's", MS, size, "main", FETCH);
    table.absolute("request to first lines", MS, ours(size, "lines"), 200);
    compare("· beside a peer's", MS, size, "lines", REACT);
    table.absolute(
      "work of the main thread's longest task, search included",
      MS,
      ours(size, "longestWork"),
      only(50),
    );
    table.absolute("· on the clock", MS, ours(size, "longest"), only(50));
    compare("· beside a peer's", MS, size, "longestWork", REACT);
    table.absolute("search through all lines", MS, ours(size, "searched"), only(1000));
    compare("· beside a peer's", MS, size, "searched", REACT);
    const searched = { ...ours(size, "searched"), name: "the search's end" };
    table.relative("· its first match", MS, ours(size, "match"), searched, only(1));
    const file = {
      name: "the file",
      values: ours(size, "memory").values.map(() => data.get(size)),
    };
    table.relative("memory", MB, ours(size, "memory"), file, only(1.5));
    table.absolute("· of it WebAssembly", MB, ours(size, "wasm"));
    for (const peer of [KEPT, SPLIT, REACT]) compare("· beside a peer's", MB, size, "memory", peer);
    table.relative("all the browser's processes, growth", MB, ours(size, "processes"), file);
    for (const peer of [KEPT, SPLIT, REACT])
      compare("· beside a peer's", MB, size, "processes", peer);
  }
}

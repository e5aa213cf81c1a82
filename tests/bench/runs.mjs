// The timeline at scale: a pipeline's year of job runs, from bytes to pictures.
import { jobRuns } from "./generate-runs.mjs";
import { panAndZoom } from "./gestures.mjs";
import { memoryOf } from "./memory.mjs";
import { inTurn } from "./rounds.mjs";
import { percentile } from "./samples.mjs";
import { COUNT, MB, MS, write } from "./table.mjs";
import { traced } from "./trace.mjs";
import { OURS, peer } from "./viewers.mjs";

const SIZES = [1_000, 10_000, 100_000];
const [SMALL, MIDDLE, LARGE] = SIZES;
// The largest size takes a peer a minute and more, and what takes long is disturbed less.
const ROUNDS_OF_LARGEST = 3;
// A gesture of seconds has hundreds of frames, so that a few of them tell enough.
const GESTURES = 3;
const WAIT_TIMEOUT = 60_000;
// A viewer that has not even begun by then does not know its address.
const ABSENCE = 15_000;

const PARSER = "JSON.parse";
const VIS = "vis-timeline";
const CANVAS = "@gravity-ui/timeline";
const FLAME = "flame-chart-js";
const PEERS = [VIS, CANVAS, FLAME];

export const peers = [
  peer(PARSER, "json-parse"),
  peer(VIS, "vis-timeline"),
  peer(CANVAS, "gravity-timeline"),
  peer(FLAME, "flame-chart"),
];
export const sizes = SIZES;

const path = (size) => `/data/runs-${size}.json`;

/** Adds the lists of job runs to what is served, and returns their sizes in bytes. */
export function data({ contents }) {
  for (const size of SIZES) contents.set(path(size), jobRuns(size));
  return new Map(SIZES.map((size) => [size, contents.get(path(size)).length]));
}

export const measure = ({ browser, server, rounds, say, viewers }) =>
  inTurn({
    sizes: SIZES,
    viewers,
    rounds,
    mostOfLargest: ROUNDS_OF_LARGEST,
    what: "job runs",
    say,
    async once({ viewer, size, round }) {
      const page = await browser.page(`${server.origin}/blank.html`);
      try {
        const figures = await load(page, server, viewer, size);
        if (round < GESTURES && viewer.name !== PARSER && size !== SMALL)
          Object.assign(figures, await move(page));
        return figures;
      } finally {
        await page.close();
      }
    },
  });

async function load(page, server, viewer, size) {
  const before = await page.browser.processMemory();
  server.log.delete(path(size));
  const trace = await traced(page, async () => {
    await page.goto(viewer.address(server.origin, "history", server.origin + path(size)));
    await page.waitUntil(() => server.log.has(path(size)), "request for the runs", ABSENCE);
    await page.waitForMark("history:loaded", WAIT_TIMEOUT);
  });
  const timing = await page.timing();
  const { asked, sent } = server.log.get(path(size));
  const [start, bytes] = [asked - timing.origin, sent - timing.origin];
  const [firstFrame] = timing["history:first-frame"] ?? [];
  const [loaded] = timing["history:loaded"];
  const longest = trace.longestTask(start, loaded);
  const memory = await memoryOf(page);
  return {
    opened: firstFrame,
    first: firstFrame - start,
    whole: loaded - bytes,
    model: timing["history:model"]?.at(-1),
    longest: longest.clock,
    longestWork: longest.processor,
    memory: memory.total,
    wasm: memory.wasm,
    processes: (await page.browser.processMemory()) - before,
  };
}

async function move(page) {
  const before = await page.picture();
  const { main, worker } = (await traced(page, () => panAndZoom(page))).frames();
  // The gestures end elsewhere than they begin; a viewer that did not follow has no frames to judge.
  if ((await page.picture()) === before) return {};
  const p95 = (frames, figure) =>
    percentile(
      frames.map((frame) => frame[figure]),
      0.95,
    );
  return {
    frames: main.length,
    frame: p95(main, "clock"),
    frameWork: p95(main, "processor"),
    workerFrameWork: p95(worker, "processor"),
  };
}

export const title = (size, data) =>
  `${size.toLocaleString("en")} job runs, ${write(MB, data.get(size))} of JSON`;

/** What two builds of this viewer are compared by, at each size. */
export const figures = [
  { what: "address to first timeline", kind: MS, figure: "opened" },
  { what: "request to first timeline", kind: MS, figure: "first" },
  { what: "last byte to all on screen", kind: MS, figure: "whole" },
  { what: "JSON to model", kind: MS, figure: "model" },
  { what: "work of the main thread's longest task", kind: MS, figure: "longestWork" },
  {
    what: "panning and zooming: main thread's work, p95 of a frame",
    kind: MS,
    figure: "frameWork",
  },
  { what: "· on the clock", kind: MS, figure: "frame" },
  { what: "· the worker's work, p95 of a frame", kind: MS, figure: "workerFrameWork" },
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
    table.title(title(size, data));

    // The targets of the first timeline are set for the middle size.
    const limits = size === MIDDLE ? { [VIS]: 1 / 10, [CANVAS]: 1, [FLAME]: 1 } : {};
    for (const peer of PEERS)
      compare("request to first timeline", MS, size, "first", peer, limits[peer]);
    for (const peer of PEERS)
      compare("last byte to all on screen", MS, size, "whole", peer, limits[peer]);
    compare("address to first timeline", MS, size, "opened", CANVAS);
    compare("JSON to model", MS, size, "model", PARSER, 1.5);
    if (size === SMALL) continue;

    const limit = size === LARGE ? 8 : undefined;
    table.absolute(
      "panning and zooming: main thread's work, p95 of a frame",
      MS,
      ours(size, "frameWork"),
      limit,
    );
    table.absolute("· on the clock", MS, ours(size, "frame"), limit);
    table.absolute("· the worker's work, p95 of a frame", MS, ours(size, "workerFrameWork"));
    table.absolute("· frames begun in seven seconds", COUNT, ours(size, "frames"));
    for (const peer of PEERS) compare("· beside a peer's main thread", MS, size, "frameWork", peer);
    if (size !== LARGE) continue;

    const smaller = { ...ours(MIDDLE, "frameWork"), name: `at ${MIDDLE.toLocaleString("en")}` };
    table.relative(
      "· growth of the main thread's work",
      MS,
      ours(LARGE, "frameWork"),
      smaller,
      1.5,
    );
    table.absolute(
      "loading: work of the main thread's longest task",
      MS,
      ours(LARGE, "longestWork"),
      50,
    );
    table.absolute("· on the clock", MS, ours(LARGE, "longest"), 50);
    for (const peer of PEERS) compare("· beside a peer's", MS, size, "longestWork", peer);
    const json = {
      name: "the JSON",
      values: ours(LARGE, "memory").values.map(() => data.get(size)),
    };
    table.relative("memory", MB, ours(LARGE, "memory"), json, 3);
    table.absolute("· of it WebAssembly", MB, ours(LARGE, "wasm"));
    for (const peer of [PARSER, ...PEERS]) compare("· beside a peer's", MB, size, "memory", peer);
    for (const peer of [PARSER, ...PEERS])
      compare("all the browser's processes, growth", MB, size, "processes", peer);
  }
}

// How the viewer starts with nothing in its caches: from an address to the start page, and to the
// cause of the demo's failed canary. The build is served as a real host serves it, under brotli.
import { setTimeout as sleep } from "node:timers/promises";
import { groupOf } from "../../scripts/sizes.mjs";
import { memoryOf } from "./memory.mjs";
import { inTurn } from "./rounds.mjs";
import { COUNT, KB, MB, MS } from "./table.mjs";
import { traced } from "./trace.mjs";
import { OURS } from "./viewers.mjs";

// Long, since the sizes are measured on busy machines too.
const WAIT_TIMEOUT = 180_000;
// A page that asks for nothing for so long has asked for all that it wants by itself. What it began to load
// before the scene was shown is complete then.
const QUIET = 3_000;

export const FAILED_ROLLOUT = "failed rollout";
const RELEASE = "rel-20261123-c40d7e8";
const ROLLOUT =
  `projects/demo/locations/us-central1/deliveryPipelines/payments-api/releases/${RELEASE}` +
  `/rollouts/${RELEASE}-to-prod-gke-0001`;

// When a text is on the page: the first that tells something, and the one that is looked for. Both are of
// the demo's data, since the viewer's own words and its markup may differ between revisions.
const SCENES = {
  "start page": { hash: "", first: RELEASE, last: RELEASE },
  // The API's word for the failure, then the error's code from the event log.
  [FAILED_ROLLOUT]: { hash: `#/${ROLLOUT}`, first: "EXECUTION_FAILED", last: "VERIFY_TEST_ERR" },
};

export const sizes = Object.keys(SCENES);
export const peers = [];
/** The server compresses what it serves. */
export const compress = true;
export const data = () => undefined;
export const title = (scene) => `From an address to the ${scene}`;

export const figures = [
  { what: "address to first content", kind: MS, figure: "first" },
  { what: "address to what was looked for", kind: MS, figure: "last" },
  { what: "· of it the main thread's work", kind: MS, figure: "main" },
  { what: "· meanwhile the workers' work", kind: MS, figure: "worker" },
  { what: "· work of the main thread's longest task", kind: MS, figure: "longestWork" },
  { what: "bytes from the host, under brotli", kind: KB, figure: "bytes" },
  { what: "· files", kind: COUNT, figure: "files" },
  { what: "memory", kind: MB, figure: "memory" },
  { what: "· of it WebAssembly", kind: MB, figure: "wasm" },
  { what: "all the browser's processes, growth", kind: MB, figure: "processes" },
];

export const measure = ({ browser, server, rounds, say, viewers }) =>
  inTurn({
    sizes,
    viewers,
    rounds,
    say,
    async once({ viewer, size }) {
      const page = await browser.page(`${server.origin}/blank.html`);
      try {
        return await start(page, server, viewer, size);
      } finally {
        await page.close();
      }
    },
  });

async function start(page, server, viewer, scene) {
  const before = await page.browser.processMemory();
  let responses;
  const trace = await traced(page, async () => {
    responses = await load(page, server, viewer.folder, scene);
  });
  const timing = await page.timing();
  const [[first], [last]] = [timing["bench:first"], timing["bench:last"]];
  const { main, worker } = trace.work(0, last);
  const memory = await memoryOf(page);
  return {
    first,
    last,
    main,
    worker,
    longestWork: trace.longestTask(0, last).processor,
    bytes: responses.reduce((sum, { bytes }) => sum + bytes, 0),
    files: responses.length,
    memory: memory.total,
    wasm: memory.wasm,
    processes: (await page.browser.processMemory()) - before,
  };
}

/**
 * Opens a scene of the build in a folder of the server, and returns the responses until it is shown,
 * that of the tab's icon left out. A worker and a part of the page count as a whole if the page began
 * to load them before; what it loads later, for what the user may do next, does not count.
 */
export async function load(page, server, folder, scene) {
  const { hash, first, last } = SCENES[scene];
  server.responses.length = 0;
  await page.onEveryDocument(`(() => {
    const awaited = { "bench:first": ${JSON.stringify(first)}, "bench:last": ${JSON.stringify(last)} };
    const look = () => {
      const text = document.body?.textContent ?? "";
      for (const mark in awaited) {
        if (!text.includes(awaited[mark])) continue;
        performance.mark(mark);
        delete awaited[mark];
      }
      if (Object.keys(awaited).length > 0) requestAnimationFrame(look);
    };
    look();
  })()`);
  await page.goto(`${server.origin}/${folder}/index.html${hash}`);
  await page.waitForMark("bench:last", WAIT_TIMEOUT);
  for (let count = -1; count !== server.responses.length;) {
    count = server.responses.length;
    await sleep(QUIET);
  }
  const shown = await page.js(
    `performance.timeOrigin + performance.getEntriesByName("bench:last")[0].startTime`,
  );
  const responses = server.responses.filter(({ path }) => !/\/icon[^/]*\.svg$/.test(path));
  const group = ({ path }) => groupOf(path, (sheet) => sheet.startsWith("style-"));
  const begun = new Set(responses.filter(({ at }) => at <= shown).map(group));
  return responses.filter((response) => begun.has(group(response)));
}

/** Adds what was measured to the table. */
export function report(table, samples) {
  for (const scene of sizes) {
    table.title(title(scene));
    for (const { what, kind, figure } of figures)
      table.absolute(what, kind, samples.series(OURS, scene, figure));
  }
}

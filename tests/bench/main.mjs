// Measures the viewer beside its peers, or beside another revision: node main.mjs start|runs|log…
// DIST_DIR is the viewer's release build, CHROMIUM the browser, BENCH_ROUNDS how often each measurement
// is made, BENCH_PEERS_DIR holds the peers as npm installs them. Where COMPARE_DIST names the build of
// another revision, and COMPARE_NAME that revision, it takes the place of the peers, and there is a
// part more: size.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { Browser } from "./browser.mjs";
import { bundle } from "./bundle.mjs";
import { compareFigures, compareSizes, comparison } from "./compare.mjs";
import * as log from "./log.mjs";
import { checkMemory } from "./memory-check.mjs";
import * as runs from "./runs.mjs";
import { serve } from "./server.mjs";
import * as start from "./start.mjs";
import { Table } from "./table.mjs";
import { OURS, build } from "./viewers.mjs";

const {
  CHROMIUM,
  DIST_DIR,
  BENCH_PEERS_DIR,
  BENCH_ROUNDS = "5",
  COMPARE_DIST,
  COMPARE_NAME,
} = process.env;
const PARTS = { start, runs, log };

const say = (text) => console.error(`bench: ${text}`);

// Before anything here adds to it.
const [load] = loadavg();
const names = process.argv.slice(2);
const rounds = Number(BENCH_ROUNDS);
const viewer = build(OURS, "viewer");
const other = COMPARE_DIST && build(COMPARE_NAME, "other");
const folders = { viewer: DIST_DIR, ...(other && { other: COMPARE_DIST }) };
const table = other ? comparison(COMPARE_NAME) : new Table();

const work = mkdtempSync(join(tmpdir(), "bench-"));
let browser;
const tidy = () => rmSync(work, { recursive: true, force: true, maxRetries: 5 });
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    browser?.kill();
    tidy();
    process.exit(1);
  });
}

/** Makes a part's data, measures all viewers with it, and adds the figures to the table. */
async function measure(name) {
  const part = PARTS[name];
  const peers = other ? [other] : part.peers;
  const folder = join(work, name);
  mkdirSync(folder);
  say(`making the data of ${name}`);
  const pages = peers.flatMap(({ page }) => page ?? []);
  const contents = pages.length ? await bundle(pages, BENCH_PEERS_DIR) : new Map();
  contents.set("/blank.html", "<!doctype html><title>blank</title>");
  const data = part.data({ folder, contents });
  const server = await serve({ ...folders, logs: folder }, contents, { compress: part.compress });
  try {
    const samples = await part.measure({
      browser,
      server,
      rounds,
      say,
      viewers: [viewer, ...peers],
    });
    if (other) compareFigures(table, COMPARE_NAME, part, samples, data);
    else part.report(table, samples, data);
    for (const reason of samples.reasons()) table.note(`given up: ${reason}`);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
}

try {
  browser = await Browser.start(CHROMIUM, join(work, "profile"));
  if (names.some((name) => name !== "size")) await checkMemory(browser, say);
  for (const name of names) {
    if (name === "size") compareSizes(table, COMPARE_NAME, DIST_DIR, COMPARE_DIST);
    else await measure(name);
  }
  console.log(
    `${browser.version}; ${availableParallelism()} cores with a load of ${load.toFixed(1)} before; rounds: ${rounds}`,
  );
  console.log(
    "Medians (least–most). A ratio is the median of each round's; “work” is the processor's time.",
  );
  table.print();
} finally {
  await browser?.close();
  tidy();
}

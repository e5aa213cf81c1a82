// Measures the viewer beside its peers: node main.mjs runs|log…
// DIST_DIR is the viewer's release build, BENCH_PEERS_DIR holds the peers as npm installs them,
// CHROMIUM is the browser, BENCH_ROUNDS how often each measurement is made.
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { Browser } from "./browser.mjs";
import { bundle } from "./bundle.mjs";
import * as log from "./log.mjs";
import { checkMemory } from "./memory-check.mjs";
import * as runs from "./runs.mjs";
import { serve } from "./server.mjs";
import { Table } from "./table.mjs";

const { CHROMIUM, DIST_DIR, BENCH_PEERS_DIR, BENCH_ROUNDS = "5" } = process.env;
const PARTS = { runs, log };

const say = (text) => console.error(`bench: ${text}`);

// Before anything here adds to it.
const [load] = loadavg();
const parts = process.argv.slice(2).map((name) => PARTS[name]);
const rounds = Number(BENCH_ROUNDS);

const work = mkdtempSync(join(tmpdir(), "bench-"));
let server;
let browser;
const tidy = () => rmSync(work, { recursive: true, force: true, maxRetries: 5 });
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    browser?.kill();
    tidy();
    process.exit(1);
  });
}

try {
  say("making the data and the peers' pages");
  const contents = await bundle(parts.flatMap((part) => part.pages), BENCH_PEERS_DIR);
  contents.set("/blank.html", "<!doctype html><title>blank</title>");
  const data = new Map(parts.map((part) => [part, part.data({ folder: work, contents })]));

  server = await serve({ viewer: DIST_DIR, logs: work }, contents);
  browser = await Browser.start(CHROMIUM, join(work, "profile"));
  await checkMemory(browser, say);

  const table = new Table();
  for (const part of parts) {
    const samples = await part.measure({ browser, server, rounds, say });
    part.report(table, samples, data.get(part));
    for (const reason of samples.reasons()) table.note(`given up: ${reason}`);
  }
  console.log(`${browser.version}; ${availableParallelism()} cores with a load of ${load.toFixed(1)} before; rounds: ${rounds}`);
  console.log("Medians (least–most). A ratio is the median of each round's; “work” is the processor's time.");
  table.print();
} finally {
  await browser?.close();
  await server?.close();
  tidy();
}

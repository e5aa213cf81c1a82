// Measures the viewer beside its peers: node main.mjs runs|log…
// DIST_DIR is the viewer's release build, BENCH_PEERS_DIR holds the peers as npm installs them,
// CHROMIUM is the browser, BENCH_ROUNDS how often each measurement is made (default: 5).
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { Browser } from "./browser.mjs";
import { bundle } from "./bundle.mjs";
import * as log from "./log.mjs";
import * as runs from "./runs.mjs";
import { serve } from "./server.mjs";
import { Table } from "./table.mjs";

const { CHROMIUM, DIST_DIR, BENCH_PEERS_DIR, BENCH_ROUNDS = "5" } = process.env;
const PARTS = { runs, log };

const say = (text) => console.error(`bench: ${text}`);

const names = process.argv.slice(2);
const rounds = Number(BENCH_ROUNDS);
const work = mkdtempSync(join(tmpdir(), "bench-"));
const opened = [];
try {
  const parts = names.map((name) => PARTS[name]);
  say("making the data and the peers' pages");
  const contents = await bundle(parts.flatMap((part) => part.pages), BENCH_PEERS_DIR);
  contents.set("/blank.html", "<!doctype html><title>blank</title>");
  const data = new Map();
  if (parts.includes(log)) data.set(log, log.data(work));
  if (parts.includes(runs)) {
    data.set(runs, runs.data());
    for (const [path, bytes] of data.get(runs)) contents.set(path, bytes);
  }

  const server = await serve({ viewer: DIST_DIR, logs: work }, contents);
  opened.push(server);
  const browser = await Browser.start(CHROMIUM);
  opened.push(browser);

  const table = new Table();
  for (const part of parts) {
    const samples = await part.measure({ browser, origin: server.origin, rounds, say });
    part.report(table, samples, data.get(part));
    for (const reason of samples.reasons()) table.note(`given up: ${reason}`);
  }
  console.log(`${browser.version}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}, ${rounds} rounds;`);
  console.log("medians (least–most), ratios of each round");
  table.print();
} finally {
  for (const each of opened.reverse()) await each.close();
  rmSync(work, { recursive: true, force: true });
}

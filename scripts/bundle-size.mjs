// Prints the size of what a browser loads from dist/ (or the folder given), as it is and under
// brotli, as a web server sends it: what every visit of a rollout loads, and apart from it each part
// of the page and each worker, which are loaded when they are first used. Fails when one of them grows
// past its limit.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const LIMITS = {
  page: 200 * 1024,
  "part-start": 5 * 1024,
  "part-history": 27 * 1024,
  "part-browse": 15 * 1024,
  "part-build": 17 * 1024,
  "part-text": 20 * 1024,
  "part-files": 9 * 1024,
  "part-extras": 10 * 1024,
  "part-dialogs": 10 * 1024,
  "part-log": 38 * 1024,
  worker: 198 * 1024,
  "history-worker": 168 * 1024,
  "log-worker": 80 * 1024,
};
const KINDS = [".html", ".wasm", ".js", ".css"];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = process.argv[2] ?? join(root, "dist");
if (!existsSync(dist)) {
  console.error(`bundle-size: there is no ${relative(".", dist)}; scripts/build makes it`);
  process.exit(1);
}

const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }).length;

const files = readdirSync(dist, { recursive: true })
  .filter((name) => KINDS.includes(extname(name)))
  .map((name) => {
    const bytes = readFileSync(join(dist, name));
    // A part's style sheet has its name and comes with it.
    const part =
      /^((?:[a-z]+-)?worker|part-[a-z]+)-/.exec(name)?.[1] ??
      (/^(?!style-).*\.css$/.test(name) ? `part-${name.split("-")[0]}` : "page");
    return { name, part, raw: bytes.length, brotli: brotli(bytes) };
  })
  .sort((a, b) => b.brotli - a.brotli);
for (const kind of [".html", ".wasm", ".js"]) {
  if (!files.some((file) => extname(file.name) === kind)) {
    console.error(`bundle-size: no ${kind} file in ${relative(".", dist)}; the build is not complete`);
    process.exit(1);
  }
}

const rows = [["file", "bytes", "brotli"]];
const totals = {};
for (const { part } of files) {
  if (LIMITS[part] === undefined) throw new Error(`bundle-size: no limit is set for ${part}`);
}
for (const part of Object.keys(LIMITS)) {
  const own = files.filter((file) => file.part === part);
  const sum = (key) => own.reduce((total, file) => total + file[key], 0);
  totals[part] = sum("brotli");
  for (const row of [...own, { name: `= ${part}`, raw: sum("raw"), brotli: totals[part] }]) {
    rows.push([row.name, String(row.raw), String(row.brotli)]);
  }
}
const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
for (const [name, raw, packed] of rows) {
  console.log(`${name.padEnd(widths[0])}  ${raw.padStart(widths[1])}  ${packed.padStart(widths[2])}`);
}

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
for (const [part, limit] of Object.entries(LIMITS)) {
  const verdict = `the ${part} is ${kilobytes(totals[part])} under brotli, of at most ${kilobytes(limit)}`;
  if (totals[part] > limit) {
    console.error(`bundle-size: too large: ${verdict}`);
    process.exitCode = 1;
  } else {
    console.log(`bundle-size: ${verdict}`);
  }
}

// Prints the size of what a browser loads from dist/ (or the folder given), as it is and under
// brotli, as a web server sends it. Says how far it is from the goal, and fails when it grows past
// the limit, which only ever goes down.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const GOAL = 200 * 1024;
const LIMIT = 233 * 1024;
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
    return { name, raw: bytes.length, brotli: brotli(bytes) };
  })
  .sort((a, b) => b.brotli - a.brotli);
for (const kind of [".html", ".wasm", ".js"]) {
  if (!files.some((file) => extname(file.name) === kind)) {
    console.error(`bundle-size: no ${kind} file in ${relative(".", dist)}; the build is not complete`);
    process.exit(1);
  }
}

const sum = (key) => files.reduce((total, file) => total + file[key], 0);
const total = { name: "total", raw: sum("raw"), brotli: sum("brotli") };
const rows = [
  ["file", "bytes", "brotli"],
  ...[...files, total].map((row) => [row.name, String(row.raw), String(row.brotli)]),
];
const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
for (const [name, raw, packed] of rows) {
  console.log(`${name.padEnd(widths[0])}  ${raw.padStart(widths[1])}  ${packed.padStart(widths[2])}`);
}

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
const verdict = `${kilobytes(total.brotli)} under brotli; the goal is ${kilobytes(GOAL)}, the limit ${kilobytes(LIMIT)}`;
if (total.brotli > LIMIT) {
  console.error(`bundle-size: too large: ${verdict}`);
  process.exit(1);
}
console.log(`bundle-size: ${verdict}`);

#!/usr/bin/env node
// Puts a .gz and a .br beside each file of dist/ (or the folder given) that they make smaller, for
// servers that send them as they are: scripts/hosting/compress.mjs [FOLDER]
//
// config.json is left alone: it is there to be changed, and what is beside it would not change with it.
import {
  existsSync,
  readFileSync,
  readdirSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const folder = process.argv[2] ?? join(root, "dist");
if (!existsSync(join(folder, "index.html"))) {
  console.error(`compress: ${folder} has no index.html; scripts/build makes dist/`);
  process.exit(1);
}
const PACKED = {
  gz: (bytes) => gzipSync(bytes, { level: 9 }),
  br: (bytes) =>
    brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
};
const sum = { raw: 0, gz: 0, br: 0 };
for (const name of readdirSync(folder)) {
  if (name === "config.json" || ![".html", ".js", ".css", ".wasm", ".svg"].includes(extname(name)))
    continue;
  const path = join(folder, name);
  const bytes = readFileSync(path);
  sum.raw += bytes.length;
  for (const [end, pack] of Object.entries(PACKED)) {
    const packed = pack(bytes);
    sum[end] += Math.min(packed.length, bytes.length);
    if (packed.length >= bytes.length) continue;
    writeFileSync(`${path}.${end}`, packed);
    // What a server says of when a file changed is then the same for all three.
    const { atime, mtime } = statSync(path);
    utimesSync(`${path}.${end}`, atime, mtime);
  }
}
console.log(`compress: ${sum.raw} bytes, ${sum.gz} as gzip, ${sum.br} as brotli`);

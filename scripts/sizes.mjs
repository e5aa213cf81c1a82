// Sizes of a release build under brotli, by what a browser loads together, and the sizes that were
// recorded last. Shared by bundle-size.mjs, failed-rollout.mjs and scripts/bench.
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The two budgets, in bytes under brotli. No part and no worker has one of its own. */
export const BUDGETS = {
  page: { aim: 300 * 1024, most: 340 * 1024 },
  // The aim is the budget. The change to components and typed messages took it 9 KB above; what is between is for
  // noise, and goes when the bytes have gone.
  "failed rollout": { aim: 600 * 1024, most: 640 * 1024 },
};

const RECORD = join(root, "scripts", "sizes.json");
const KINDS = [".html", ".wasm", ".js", ".css"];

export const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

/** Compresses as well as a web server can that has the time. */
export const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });

/**
 * The group that a file is loaded with: a worker or a part of the page, by its name, or the page.
 * A style sheet that index.html does not link, by its name, belongs to the part of its name.
 */
export function groupOf(path, isLinked) {
  const name = basename(path);
  const lazy = /^((?:[a-z]+-)*worker|part-[a-z]+)-/.exec(name)?.[1];
  if (lazy) return lazy;
  if (extname(name) === ".css" && !isLinked(name)) return `part-${name.split("-")[0]}`;
  return "page";
}

/** @throws if the folder holds no build. */
export function requireBuild(dist) {
  if (!existsSync(join(dist, "index.html")))
    throw new Error(`there is no index.html in ${dist}; scripts/build makes it`);
}

/**
 * The files of a build: `{ name, group, raw, brotli }`, the largest first.
 * @throws if the folder holds no complete build.
 */
export function filesOf(dist) {
  requireBuild(dist);
  const index = readFileSync(join(dist, "index.html"), "utf8");
  const files = readdirSync(dist, { recursive: true })
    .filter((name) => KINDS.includes(extname(name)))
    .map((name) => {
      const bytes = readFileSync(join(dist, name));
      return {
        name,
        group: groupOf(name, (sheet) => index.includes(sheet)),
        raw: bytes.length,
        brotli: brotli(bytes).length,
      };
    })
    .sort((a, b) => b.brotli - a.brotli);
  for (const kind of [".wasm", ".js"]) {
    if (!files.some(({ name }) => extname(name) === kind))
      throw new Error(`no ${kind} file in ${dist}; the build is not complete`);
  }
  return files;
}

const sum = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

/** The bytes under brotli of each group: the page first, then the parts and the workers by name. */
export function sizesOf(files) {
  const rank = (group) => ["page", "part"].indexOf(group.split("-")[0]) + 1 || 3;
  const groups = [...new Set(files.map(({ group }) => group))].sort(
    (a, b) => rank(a) - rank(b) || (a < b ? -1 : 1),
  );
  return Object.fromEntries(
    groups.map((group) => [
      group,
      sum(files.filter((file) => file.group === group).map((file) => file.brotli)),
    ]),
  );
}

/** The sizes that were recorded last, by the same names; none where nothing was recorded. */
export const recorded = () => (existsSync(RECORD) ? JSON.parse(readFileSync(RECORD, "utf8")) : {});

export const record = (sizes) => writeFileSync(RECORD, `${JSON.stringify(sizes, null, 2)}\n`);

/** How a size differs from the one that was recorded last. */
export function change(size, before) {
  if (before === undefined) return "new";
  if (size === undefined) return "gone";
  const percent = ((size / before - 1) * 100).toFixed(1);
  return size === before
    ? "as recorded"
    : `${size > before ? "+" : ""}${size - before} bytes (${size > before ? "+" : ""}${percent} %)`;
}

/** Says how a size stands to its budget. Returns false where it is over it. */
export function judge(script, name, size) {
  const { aim, most } = BUDGETS[name];
  const bounds = `${aim ? `aim ${kilobytes(aim)}, ` : ""}at most ${kilobytes(most)}`;
  const text = `the ${name} is ${kilobytes(size)} under brotli (${bounds}); recorded: ${change(size, recorded()[name])}`;
  if (size <= most) {
    console.log(`${script}: ${text}`);
    return true;
  }
  console.error(`${script}: TOO LARGE: ${text}`);
  return false;
}

/** Prints rows in columns: the first to the left, all others to the right. */
export function printColumns(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) =>
          column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
        )
        .join("  "),
    );
  }
}

// Prints what a browser loads from a release build, under brotli, as a web server sends it:
// node scripts/bundle-size.mjs [--record] [DIST] (default: dist)
// The page is what index.html makes a browser load at once; each part of the page and each worker is
// loaded when it is first used. All are printed beside the sizes that were recorded last, and only a
// page over its budget fails. --record writes scripts/sizes.json, the failed rollout's bytes
// included (scripts/failed-rollout.mjs), for which it needs Chromium.
import { parseArgs } from "node:util";
import { join } from "node:path";
import { loadFailedRollout } from "./failed-rollout.mjs";
import { change, filesOf, judge, printColumns, record, recorded, root, sizesOf } from "./sizes.mjs";

const { values, positionals } = parseArgs({
  options: { record: { type: "boolean" } },
  allowPositionals: true,
});
const dist = positionals[0] ?? join(root, "dist");

function printFiles(files, sizes) {
  const rows = [["file", "bytes", "brotli"]];
  for (const group of Object.keys(sizes)) {
    const own = files.filter((file) => file.group === group);
    const raw = own.reduce((total, file) => total + file.raw, 0);
    for (const file of [...own, { name: `= ${group}`, raw, brotli: sizes[group] }]) {
      rows.push([file.name, String(file.raw), String(file.brotli)]);
    }
  }
  printColumns(rows);
}

function printChanges(sizes) {
  const before = recorded();
  const names = [...new Set([...Object.keys(sizes), ...Object.keys(before)])].filter(
    (name) => name !== "failed rollout",
  );
  const bytes = (size) => (size === undefined ? "–" : String(size));
  printColumns([
    ["under brotli", "now", "recorded", "change"],
    ...names.map((name) => [
      name,
      bytes(sizes[name]),
      bytes(before[name]),
      change(sizes[name], before[name]),
    ]),
  ]);
}

try {
  const files = filesOf(dist);
  const sizes = sizesOf(files);
  printFiles(files, sizes);
  console.log();
  printChanges(sizes);
  console.log();
  if (!judge("bundle-size", "page", sizes.page)) process.exitCode = 1;
  if (values.record) {
    record({ ...sizes, "failed rollout": (await loadFailedRollout(dist)).bytes });
    console.log("bundle-size: recorded in scripts/sizes.json");
  }
} catch (error) {
  console.error(`bundle-size: ${error.message}`);
  process.exitCode = 1;
}

// Two builds of this viewer beside each other: the working tree's, and one of another revision.
import { filesOf, sizesOf } from "../../scripts/sizes.mjs";
import { KB, Table } from "./table.mjs";
import { OURS } from "./viewers.mjs";

export const comparison = (revision) => new Table(["what", OURS, revision, "ratio"]);

/** Adds the sizes of what the builds in two folders load. */
export function compareSizes(table, revision, dist, otherDist) {
  const [now, before] = [dist, otherDist].map((folder) => sizesOf(filesOf(folder)));
  const series = (name, sizes, group) => ({ name, values: [sizes[group] ?? NaN] });
  table.title("Sizes under brotli");
  for (const group of new Set([...Object.keys(now), ...Object.keys(before)])) {
    table.compared(group, KB, series(OURS, now, group), series(revision, before, group));
  }
}

/** Adds each figure of a part at each size, and the ratio of the new to the old. */
export function compareFigures(table, revision, part, samples, data) {
  for (const size of part.sizes) {
    table.title(part.title(size, data));
    for (const { what, kind, figure } of part.figures) {
      table.compared(
        what,
        kind,
        samples.series(OURS, size, figure),
        samples.series(revision, size, figure),
      );
    }
  }
}

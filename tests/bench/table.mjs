// The printed table: what was measured, beside what it is to be or beside another revision.
import { known, median, ratios } from "./samples.mjs";

const digits = (value) =>
  Math.abs(value) >= 100
    ? Math.round(value).toLocaleString("en")
    : String(Number(value.toPrecision(2)));

/** Kinds of figures: what one of them is divided by, and what is written after it. */
export const MS = { divisor: 1, unit: " ms" };
export const MB = { divisor: 1e6, unit: " MB" };
export const KB = { divisor: 1024, unit: " KB", digits: (value) => value.toFixed(1) };
export const COUNT = { divisor: 1, unit: "" };
const TIMES = { divisor: 1, unit: "×" };
// Between two revisions a few hundredths matter.
const PRECISE_TIMES = { ...TIMES, digits: (value) => value.toFixed(value < 10 ? 2 : 0) };

export const write = ({ divisor, unit, digits: write = digits }, value) =>
  write(value / divisor) + unit;

/** The median and, after it, between what the values lie. */
const spread = (kind, values) => {
  const bare = { ...kind, unit: "" };
  const [least, most] = [Math.min(...values), Math.max(...values)].map((value) =>
    write(bare, value),
  );
  return write(kind, median(values)) + (least === most ? "" : ` (${least}–${most})`);
};

const ABSENT = "not there";
const COLUMNS = ["what", "measured", "against", "ratio", "target", ""];

export class Table {
  #columns;
  #rows = [];
  #verdicts = [];
  #notes = [];

  constructor(columns = COLUMNS) {
    this.#columns = columns;
  }

  title(text) {
    this.#rows.push(text);
  }

  /** A line at the end. */
  note(text) {
    this.#notes.push(text);
  }

  /** A figure that is to be at most `limit`; without one it is only printed. */
  absolute(what, kind, series, limit) {
    const values = known(series.values);
    const measured = values.length ? spread(kind, values) : ABSENT;
    const verdict = this.#judge(values, limit);
    this.#rows.push([what, measured, "", "", limit ? `≤ ${write(kind, limit)}` : "", verdict]);
  }

  /** A figure beside another, of which it is to be at most `limit` times as much. */
  relative(what, kind, ours, theirs, limit) {
    const both = ratios(ours.values, theirs.values);
    const [our, their] = [known(ours.values), known(theirs.values)];
    const target = !limit
      ? ""
      : limit < 1
        ? `≤ 1/${Math.round(1 / limit)}`
        : `≤ ${write(TIMES, limit)}`;
    const peerFailed = our.length > 0 && their.length === 0;
    const verdict = limit && peerFailed ? "no peer" : this.#judge(both, limit);
    this.#rows.push([
      what,
      our.length ? spread(kind, our) : ABSENT,
      `${theirs.name}: ${their.length ? spread(kind, their) : "–"}`,
      both.length ? spread(TIMES, both) : "",
      target,
      verdict,
    ]);
  }

  /** A figure of two revisions, and the ratio of the new to the old. */
  compared(what, kind, now, before) {
    const both = ratios(now.values, before.values);
    const cells = [now, before].map(({ values }) =>
      known(values).length ? spread(kind, known(values)) : ABSENT,
    );
    this.#rows.push([what, ...cells, both.length ? spread(PRECISE_TIMES, both) : ""]);
  }

  #judge(values, limit) {
    if (!limit) return "";
    // Less, since what is as late as the end is not before it; other figures are never quite equal.
    const met = values.length > 0 && median(values) < limit;
    this.#verdicts.push(met);
    return met ? "met" : "NOT MET";
  }

  print() {
    const rows = this.#rows.filter(Array.isArray);
    const widths = this.#columns.map((name, column) =>
      Math.max(name.length, ...rows.map((row) => row[column].length)),
    );
    const line = (row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd();
    for (const row of this.#rows) {
      console.log(Array.isArray(row) ? line(row) : `\n${row}\n\n${line(this.#columns)}`);
    }
    console.log();
    for (const note of this.#notes) console.log(note);
    if (this.#verdicts.length === 0) return;
    const met = this.#verdicts.filter(Boolean).length;
    console.log(`bench: ${met} of ${this.#verdicts.length} targets are met`);
  }
}

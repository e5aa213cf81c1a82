// What was measured, round by round, and what is said of it: medians and their spread.

export class Samples {
  #all = new Map();
  #reasons = new Map();

  /** Adds a round's figures by their names. */
  add(viewer, size, figures) {
    const key = `${viewer} ${size}`;
    this.#all.set(key, [...(this.#all.get(key) ?? []), figures]);
  }

  /** From now on there are none of the viewer, for this reason. */
  giveUp(viewer, reason) {
    this.#reasons.set(viewer, reason);
  }

  /** One figure in all rounds, in their order: NaN where a round has none. */
  series(viewer, size, figure) {
    const values = (this.#all.get(`${viewer} ${size}`) ?? []).map(
      (figures) => figures[figure] ?? NaN,
    );
    return { name: viewer, values };
  }

  /** What to say of those that were given up. */
  reasons() {
    return [...this.#reasons].map(([viewer, reason]) => `${viewer}: ${reason}`);
  }
}

/** The values that are there. */
export const known = (values) => values.filter(Number.isFinite);

/** The ratio of each round: what slowed both down leaves it as it is. */
export const ratios = (some, others) =>
  known(some.slice(0, others.length).map((value, round) => value / others[round]));

export const percentile = (values, share) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
};

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

// The order of measuring: every viewer in turn, again and again, so that what disturbs the machine
// for a while disturbs all of them.
import { NotThere } from "./browser.mjs";
import { Samples } from "./samples.mjs";

/**
 * Measures by `once({ viewer, size, round })`, which gives figures by their names: `rounds` times, and
 * at most `mostOfLargest` times at the last of the sizes. `what` is what a size counts.
 */
export async function inTurn({ sizes, viewers, rounds, mostOfLargest = rounds, what, say, once }) {
  const samples = new Samples();
  const givenUp = new Set();
  for (const size of sizes) {
    const most = size === sizes.at(-1) ? Math.min(rounds, mostOfLargest) : rounds;
    const label = what ? `${size.toLocaleString("en")} ${what}` : size;
    for (let round = 0; round < most; round++) {
      say(`${label}, round ${round + 1} of ${most}`);
      // Each begins a round once, so that none always comes after the same other.
      const first = round % viewers.length;
      for (const viewer of [...viewers.slice(first), ...viewers.slice(0, first)]) {
        if (givenUp.has(viewer)) continue;
        try {
          samples.add(viewer.name, size, await once({ viewer, size, round }));
        } catch (error) {
          if (!(error instanceof NotThere)) throw error;
          // What fails once is not tried again, at larger sizes neither: it costs minutes each time.
          say(`${viewer.name}: ${error.message}`);
          samples.giveUp(viewer.name, error.message);
          givenUp.add(viewer);
        }
      }
    }
  }
  return samples;
}

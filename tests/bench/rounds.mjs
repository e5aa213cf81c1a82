// The order of measuring: every viewer in turn, again and again, so that what disturbs the machine
// for a while disturbs all of them.
import { NotThere } from "./browser.mjs";
import { Samples } from "./samples.mjs";

// The largest sizes take a peer a minute and more, and what takes long is disturbed less.
const MOST_ROUNDS_OF_LARGEST = 3;

/** Measures by `once({ viewer, size, round })`, which gives figures by their names. */
export async function inTurn({ sizes, viewers, rounds, what, say, once }) {
  const samples = new Samples();
  const givenUp = new Set();
  for (const size of sizes) {
    const most = size === sizes.at(-1) ? Math.min(rounds, MOST_ROUNDS_OF_LARGEST) : rounds;
    for (let round = 0; round < most; round++) {
      say(`${size.toLocaleString("en")} ${what}, round ${round + 1} of ${most}`);
      // Each begins a round once, so that none always comes after the same other.
      const first = round % viewers.length;
      for (const viewer of [...viewers.slice(first), ...viewers.slice(0, first)]) {
        if (givenUp.has(viewer)) continue;
        try {
          samples.add(viewer, size, await once({ viewer, size, round }));
        } catch (error) {
          if (!(error instanceof NotThere)) throw error;
          // What fails once is not tried again, at larger sizes neither: it costs minutes each time.
          say(`${viewer}: ${error.message}`);
          samples.giveUp(viewer, error.message);
          givenUp.add(viewer);
        }
      }
    }
  }
  return samples;
}

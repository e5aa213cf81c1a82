// The order of measuring: every viewer in turn, again and again, so that what disturbs the machine
// for a while disturbs all of them.
import { NotThere } from "./browser.mjs";
import { Samples } from "./samples.mjs";

/** Measures by `once({ viewer, size, round })`, which gives figures by their names. */
export async function inTurn({ sizes, viewers, rounds, what, say, once }) {
  const samples = new Samples();
  const givenUp = new Set();
  for (const size of sizes) {
    for (let round = 0; round < rounds; round++) {
      say(`${size.toLocaleString("en")} ${what}, round ${round + 1} of ${rounds}`);
      for (const viewer of viewers.filter((viewer) => !givenUp.has(viewer))) {
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

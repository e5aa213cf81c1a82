// Proves the measurement of memory before anything is measured: a worker keeps 100 MB on purpose.
import { memoryOf } from "./memory.mjs";
import { serve } from "./server.mjs";
import { MB, write } from "./table.mjs";

const KEPT = 100e6;
const TOLERANCE = 0.1;
const WAIT_TIMEOUT = 60_000;
// The processes of a browser that has just started, or of a busy machine, grow by themselves.
const TRIES = 5;

// An array that grows leaves garbage behind, which its process keeps: only its heap is checked.
const ARRAY = "an array";
// Every byte is written, since a process does not take what is only reserved.
const KEEPERS = {
  "a WebAssembly memory": `
    self.kept = new WebAssembly.Memory({ initial: 1 });
    self.kept.grow(${Math.round(KEPT / 65536)} - 1);
    new Uint8Array(self.kept.buffer).fill(1);`,
  "an array buffer": `self.kept = new Uint8Array(${KEPT}).fill(1);`,
  [ARRAY]: `self.kept = Array.from({ length: ${KEPT / 8} }, (_, index) => index + 0.5);`,
};

const worker = (keep) =>
  `onmessage = () => { ${keep}; postMessage("kept"); }; postMessage("ready");`;
// A worker that has the work done by a worker of its own.
const parent = (script) => `
  const child = new Worker("${script}");
  child.onmessage = ({ data }) => postMessage(data);
  onmessage = () => child.postMessage("keep");`;

/**
 * Measures each worker before and after it keeps something.
 * @throws if the growth is not what it keeps.
 */
export async function checkMemory(browser, say) {
  const scripts = Object.values(KEEPERS).map(worker);
  const checks = Object.keys(KEEPERS).map((what) => `${what} of a worker`);
  scripts.push(parent("/keeper-0.js"));
  checks.push(`${Object.keys(KEEPERS)[0]} of a worker's worker`);
  const contents = new Map(scripts.map((script, index) => [`/keeper-${index}.js`, script]));
  contents.set("/blank.html", "<!doctype html><title>blank</title>");
  const server = await serve({}, contents);
  try {
    for (const [index, what] of checks.entries()) {
      let faults;
      for (let tries = 0; tries < TRIES && faults?.length !== 0; tries++) {
        faults = await check(
          browser,
          `${server.origin}/blank.html`,
          `/keeper-${index}.js`,
          what,
          say,
        );
      }
      if (faults.length > 0) throw new Error(`memory is not measured: ${faults.join("; ")}`);
    }
  } finally {
    await server.close();
  }
}

/** Returns what was not measured as it is, in words. */
async function check(browser, blank, script, what, say) {
  const page = await browser.page(blank);
  try {
    const growth = await growthBy(page, script);
    return Object.entries(growth).flatMap(([figure, bytes]) => {
      if (figure === "processes" && what.startsWith(`${ARRAY} of`)) return [];
      const text = `${write(MB, KEPT)} in ${what}: ${figure} grew by ${write(MB, bytes)}`;
      say(text);
      return Math.abs(bytes - KEPT) <= KEPT * TOLERANCE ? [] : [text];
    });
  } finally {
    await page.close();
  }
}

/** How much the figures of memory grow when a worker keeps what it is to keep. */
async function growthBy(page, script) {
  const heard = (message) =>
    page.waitUntilJs(`self.heard === "${message}"`, `"${message}" of ${script}`, WAIT_TIMEOUT);
  await page.js(
    `self.keeper = new Worker("${script}"); keeper.onmessage = ({ data }) => (self.heard = data); 0`,
  );
  await heard("ready");
  const before = {
    memory: (await memoryOf(page)).total,
    processes: await page.browser.processMemory(),
  };
  await page.js(`keeper.postMessage("keep")`);
  await heard("kept");
  const memory = (await memoryOf(page)).total - before.memory;
  // Only Linux tells of processes.
  if (process.platform !== "linux") return { memory };
  return { memory, processes: (await page.browser.processMemory()) - before.processes };
}

// What the threads of a page did, from Chromium's own trace: the tasks as the scheduler ran them,
// whatever a page says of itself.

// A task's event carries the time on the clock and that of the processor, which leaves out when
// other programs had the core.
const TASK = "RunTask";
const MAIN = "CrRendererMain";
const WORKER = "DedicatedWorker thread";

const CATEGORIES = [
  "disabled-by-default-devtools.timeline",
  "disabled-by-default-devtools.timeline.frame",
  "blink.user_timing",
];
const END = "bench:traced";
const BUFFER_KB = 200_000;

/** Records what every thread of a page does while `action` runs. */
export async function traced(page, action) {
  const { cdp } = page.browser;
  await cdp.send("Tracing.start", {
    transferMode: "ReturnAsStream",
    traceConfig: {
      recordMode: "recordUntilFull",
      traceBufferSizeInKb: BUFFER_KB,
      includedCategories: CATEGORIES,
      excludedCategories: ["*"],
    },
  });
  let events;
  let end;
  try {
    await action();
    // By this mark the page's process is known among those that are traced, and its clock.
    end = await page.js(`performance.mark(${JSON.stringify(END)}).startTime`);
  } finally {
    // Even if the page failed: else the next trace could not start.
    const complete = cdp.once("Tracing.tracingComplete");
    await cdp.send("Tracing.end");
    const { stream, dataLossOccurred } = await complete;
    events = await read(cdp, stream);
    if (dataLossOccurred) throw new Error("the trace was too long for its buffer");
  }
  return new Trace(events, end);
}

class Trace {
  // What is added to a page's time to have the trace's.
  #offset;
  #tasks = new Map([
    [MAIN, []],
    [WORKER, []],
  ]);
  #frames = [];

  constructor(events, end) {
    const { pid, ts } = events.find(({ name }) => name === END);
    this.#offset = ts / 1000 - end;
    const own = events.filter((event) => event.pid === pid);
    const threads = new Map(
      own.filter(({ name }) => name === "thread_name").map(({ tid, args }) => [tid, args.name]),
    );
    for (const { name, ph, ts, dur = 0, tdur = 0, tid } of own) {
      const start = ts / 1000;
      const thread = threads.get(tid);
      if (name === "BeginMainThreadFrame" && thread === MAIN) this.#frames.push(start);
      else if (name === TASK && ph === "X") {
        this.#tasks
          .get(thread)
          ?.push({ start, end: start + dur / 1000, clock: dur / 1000, processor: tdur / 1000 });
      }
    }
    for (const tasks of this.#tasks.values()) tasks.sort((a, b) => a.start - b.start);
    this.#frames.sort((a, b) => a - b);
  }

  /** The tasks of a thread between two times of the page. */
  #within(thread, from, to) {
    const [start, end] = [from + this.#offset, to + this.#offset];
    return this.#tasks.get(thread).filter((task) => task.end > start && task.start < end);
  }

  /** The longest task of the main thread between two times of the page. */
  longestTask(from, to) {
    const within = this.#within(MAIN, from, to);
    const most = (figure) => within.reduce((most, task) => Math.max(most, task[figure]), 0);
    return { clock: most("clock"), processor: most("processor") };
  }

  /** The work of the main thread and of all workers between two times of the page. */
  work(from, to) {
    const sum = (thread) =>
      this.#within(thread, from, to).reduce((sum, task) => sum + task.processor, 0);
    return { main: sum(MAIN), worker: sum(WORKER) };
  }

  /**
   * The work of each frame, on the main thread and in workers: all tasks from the beginning of one
   * frame to that of the next. Where nothing was asked for, no frame begins.
   */
  frames() {
    return {
      main: this.#byFrame(this.#tasks.get(MAIN)),
      worker: this.#byFrame(this.#tasks.get(WORKER)),
    };
  }

  #byFrame(tasks) {
    const sums = this.#frames.map(() => ({ clock: 0, processor: 0 }));
    let frame = -1;
    for (const { end, clock, processor } of tasks) {
      // A frame begins in the midst of its first task.
      while (frame + 1 < sums.length && end >= this.#frames[frame + 1]) frame++;
      if (frame < 0) continue;
      sums[frame].clock += clock;
      sums[frame].processor += processor;
    }
    return sums;
  }
}

async function read(cdp, handle) {
  const parts = [];
  for (let eof = false; !eof;) {
    const chunk = await cdp.send("IO.read", { handle, size: 16 << 20 });
    parts.push(chunk.base64Encoded ? Buffer.from(chunk.data, "base64") : Buffer.from(chunk.data));
    eof = chunk.eof;
  }
  await cdp.send("IO.close", { handle });
  return JSON.parse(Buffer.concat(parts).toString()).traceEvents;
}

// What the threads of a page did, from Chromium's own trace: the time of tasks as the scheduler
// ran them, whatever a page says of itself.

const CATEGORIES = [
  "disabled-by-default-devtools.timeline",
  "devtools.timeline",
  "devtools.timeline.frame",
  "blink.user_timing",
  "toplevel",
];

export class Trace {
  #events;
  #pid;

  static async record(page, action) {
    const { cdp } = page.browser;
    await cdp.send("Tracing.start", {
      transferMode: "ReturnAsStream",
      traceConfig: {
        recordMode: "recordContinuously",
        traceBufferSizeInKb: 400_000,
        includedCategories: CATEGORIES,
        excludedCategories: ["*"],
      },
    });
    let result;
    let events;
    try {
      result = await action();
      // By this mark the page's process is known among those that are traced.
      await page.js(`performance.mark("bench:traced")`).catch(() => {});
    } finally {
      const complete = cdp.once("Tracing.tracingComplete");
      await cdp.send("Tracing.end");
      events = await read(cdp, (await complete).stream);
    }
    return { result, trace: new Trace(events) };
  }

  constructor(events) {
    this.#pid = events.find(({ name }) => name === "bench:traced")?.pid;
    this.#events = events.filter(({ pid }) => pid === this.#pid);
  }

  /** The time of a mark on the trace's own clock, in ms. */
  mark(name) {
    const marks = this.#events.filter((event) => event.name === name && event.cat.includes("blink.user_timing"));
    return marks.length ? marks.at(-1).ts / 1000 : undefined;
  }

  #threads(name) {
    return new Set(
      this.#events.filter((event) => event.name === "thread_name" && event.args.name.startsWith(name)).map(({ tid }) => tid),
    );
  }

  /** The tasks of the threads whose name begins so, between two times, in order. */
  #tasks(threads, taskName, from = -Infinity, to = Infinity) {
    return this.#events
      .filter(({ name, ph, tid }) => ph === "X" && name === taskName && threads.has(tid))
      .map(({ ts, dur = 0 }) => ({ start: ts / 1000, duration: dur / 1000 }))
      .filter(({ start, duration }) => start + duration > from && start < to)
      .sort((a, b) => a.start - b.start);
  }

  mainTasks(from, to) {
    return this.#tasks(this.#threads("CrRendererMain"), "RunTask", from, to);
  }

  workerTasks(from, to) {
    return this.#tasks(this.#threads("DedicatedWorker"), "ThreadControllerImpl::RunTask", from, to);
  }

  /**
   * The work of each frame on the main thread and in workers, in ms: all tasks from one beginning of
   * a frame up to the next. Frames in which nothing was asked for are not begun at all.
   */
  frames(from, to) {
    const main = this.#threads("CrRendererMain");
    const begins = this.#events
      .filter(({ name, tid, ts }) => name === "BeginMainThreadFrame" && main.has(tid) && ts / 1000 >= from && ts / 1000 < to)
      .map(({ ts }) => ts / 1000)
      .sort((a, b) => a - b);
    const sum = (tasks) => {
      const sums = begins.map(() => 0);
      let frame = -1;
      for (const { start, duration } of tasks) {
        // The beginning lies within its task.
        while (frame + 1 < begins.length && start + duration >= begins[frame + 1]) frame++;
        if (frame >= 0) sums[frame] += duration;
      }
      return sums;
    };
    return { count: begins.length, main: sum(this.mainTasks(from, to)), worker: sum(this.workerTasks(from, to)) };
  }
}

async function read(cdp, handle) {
  const parts = [];
  for (let eof = false; !eof; ) {
    const chunk = await cdp.send("IO.read", { handle, size: 16 << 20 });
    parts.push(chunk.base64Encoded ? Buffer.from(chunk.data, "base64") : Buffer.from(chunk.data));
    eof = chunk.eof;
  }
  await cdp.send("IO.close", { handle });
  return JSON.parse(Buffer.concat(parts).toString()).traceEvents;
}

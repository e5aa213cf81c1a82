// What the pages of all timeline peers share: they read the list of job runs, as the viewer does,
// and set the same marks, so that the same code measures all.

/** The times of a run, in ms, and its lane: those of one job of one target share it. */
const toItem = (run, index) => {
  const target = /-to-((?:(?!-to-).)*)-\d+\/jobRuns\//.exec(run.name)[1];
  const start = Date.parse(run.startTime ?? run.createTime);
  return {
    id: index,
    lane: `${target} · ${run.phaseId} · ${run.jobId}`,
    target,
    rollout: run.name.slice(0, run.name.lastIndexOf("/jobRuns/")),
    label: run.jobId,
    state: run.state,
    start,
    end: Math.max(start, Date.parse(run.endTime)),
  };
};

/** Gives `draw` the chart's element and the items; it may return a promise of the drawing's end. */
export async function timeline(draw) {
  const runs = await read();
  await draw(document.getElementById("chart"), runs.map(toItem));
  await painted();
  performance.mark("history:first-frame");
  performance.mark("history:loaded");
}

/** Reads the runs with nothing but what the browser has. */
export async function read() {
  const response = await fetch(new URLSearchParams(location.search).get("src"));
  const bytes = await response.arrayBuffer();
  const start = performance.now();
  const { jobRuns } = JSON.parse(new TextDecoder().decode(bytes));
  performance.measure("history:model", { start, end: performance.now() });
  return jobRuns;
}

/** The end of the next frame: what was drawn before it is then on the screen. */
export const painted = () =>
  new Promise((resolve) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      port2.postMessage(null);
    }),
  );

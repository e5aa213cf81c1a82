// flame-chart-js: bars on a canvas, which it joins where they would be narrower than a pixel. A
// track for each target, as browsers' own profilers have one for each thread: rollouts over their
// job runs.
import {
  FlameChartContainer,
  FlameChartPlugin,
  TimeGridPlugin,
  TogglePlugin,
} from "flame-chart-js";
import { timeline } from "./timeline.mjs";

const COLORS = {
  ROLLOUT: "#c9d6e8",
  SUCCEEDED: "#9fd3a8",
  FAILED: "#f0a7a0",
  TERMINATED: "#d0d0d0",
};

timeline((element, items) => {
  const tracks = new Map();
  for (const item of items) {
    const rollouts = getOrInsert(tracks, item.target, () => new Map());
    getOrInsert(rollouts, item.rollout, () => []).push(item);
  }
  const canvas = element.appendChild(document.createElement("canvas"));
  canvas.width = element.clientWidth;
  canvas.height = element.clientHeight;
  const plugins = [...tracks].flatMap(([target, rollouts]) => [
    new TogglePlugin(target),
    new FlameChartPlugin({
      name: target,
      data: [...rollouts.values()].map(toNode),
      colors: COLORS,
    }),
  ]);
  new FlameChartContainer({ canvas, plugins: [new TimeGridPlugin(), ...plugins], settings: {} });
});

const toNode = (items) => {
  const start = items.reduce((least, item) => Math.min(least, item.start), Infinity);
  const end = items.reduce((most, item) => Math.max(most, item.end), -Infinity);
  const children = items.map((item) => ({
    name: item.label,
    type: item.state,
    start: item.start,
    duration: item.end - item.start,
  }));
  return { name: "rollout", type: "ROLLOUT", start, duration: end - start, children };
};

const getOrInsert = (map, key, make) => {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
};

// @gravity-ui/timeline: bars in lanes over an axis of dates, on a canvas.
import { AbstractEventRenderer, Timeline } from "@gravity-ui/timeline";
import { timeline } from "./timeline.mjs";

const COLORS = { SUCCEEDED: "#3c8a4a", FAILED: "#b3362b", TERMINATED: "#707070" };
const LANE_HEIGHT = 25;

// Its own renderer draws a run of minutes in a year as nothing: too narrow a bar to be seen.
class Bar extends AbstractEventRenderer {
  render(context, { color }, isSelected, start, end, y, height) {
    context.fillStyle = color;
    context.fillRect(start, y - height / 2, Math.max(1, end - start), height);
  }
}

timeline((element, items) => {
  const lanes = [...new Set(items.map(({ lane }) => lane))].sort();
  const canvas = element.appendChild(document.createElement("canvas"));
  canvas.style.cssText = "width:100%;height:100%";
  const renderer = new Bar();
  const settings = {
    start: items.reduce((least, { start }) => Math.min(least, start), Infinity),
    end: items.reduce((most, { end }) => Math.max(most, end), -Infinity),
    axes: lanes.map((id, index) => ({
      id,
      tracksCount: 1,
      top: index * LANE_HEIGHT,
      height: LANE_HEIGHT - 5,
    })),
    events: [],
  };
  const chart = new Timeline({ settings });
  chart.init(canvas);
  // Set apart from the settings, which are copied deeply.
  chart.api.setEvents(
    items.map(({ id, lane, state, start, end }) => ({
      id: String(id),
      axisId: lane,
      trackIndex: 0,
      from: start,
      to: end,
      color: COLORS[state],
      renderer,
    })),
  );
});

// vis-timeline, the most used timeline of the npm registry: an element of the DOM for each item in
// view. Its settings are those that suit many items: lanes without stacking, no editing.
import { DataSet, Timeline } from "vis-timeline/standalone";
import "vis-timeline/styles/vis-timeline-graph2d.css";
import "./vis-timeline.css";
import { timeline } from "./timeline.mjs";

timeline((element, items) => {
  const lanes = [...new Set(items.map(({ lane }) => lane))].sort();
  const groups = new DataSet(lanes.map((lane) => ({ id: lane, content: lane })));
  const bars = new DataSet(
    items.map(({ id, lane, label, state, start, end }) => ({
      id,
      group: lane,
      content: label,
      className: state,
      start,
      end,
      type: "range",
    })),
  );
  return new Promise((resolve) => {
    new Timeline(element, bars, groups, {
      height: "100%",
      stack: false,
      selectable: false,
      horizontalScroll: true,
      verticalScroll: true,
      zoomKey: "ctrlKey",
      onInitialDrawComplete: resolve,
    });
  });
});

// What a page of a few lines does: the whole text, split into lines, each parsed and kept, and
// a search through the messages.
import { src } from "./log.mjs";

const response = await fetch(src);
performance.mark("log:first-bytes");
const text = await response.text();
const events = [];
for (const line of text.split("\n")) {
  if (line) events.push(JSON.parse(line));
}
window.events = events;
performance.mark("log:indexed");

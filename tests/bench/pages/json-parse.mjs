// The plain limit of reading JSON: the browser's own parser, into objects that are kept.
import { read } from "./timeline.mjs";

window.jobRuns = await read();
performance.mark("history:loaded");

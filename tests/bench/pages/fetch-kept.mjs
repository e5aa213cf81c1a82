// The plain limit of reading into memory: the browser's own call for all bytes at once.
import { src } from "./log.mjs";

const response = await fetch(src);
window.bytes = await response.arrayBuffer();
performance.mark("log:indexed");

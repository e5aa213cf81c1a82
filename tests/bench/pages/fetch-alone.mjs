// The plain limit of reading: every byte is taken from the network and let go.
import { src } from "./log.mjs";

const reader = (await fetch(src)).body.getReader();
window.size = 0;
for (let piece; !(piece = await reader.read()).done;) window.size += piece.value.length;
performance.mark("log:indexed");

// The plain limit of reading: every byte is taken from the network and let go.
import { readPieces } from "./log.mjs";

let size = 0;
await readPieces((piece) => (size += piece.length));
window.size = size;
performance.mark("log:indexed");

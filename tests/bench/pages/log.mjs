// What the pages of all log peers share.

export const src = new URLSearchParams(location.search).get("src");

/** Calls back with each piece of the log as it comes, after setting the mark of the first. */
export async function readPieces(onPiece) {
  const reader = (await fetch(src)).body.getReader();
  for (let first = true; ; first = false) {
    const { done, value } = await reader.read();
    if (done) return;
    if (first) performance.mark("log:first-bytes");
    onPiece(value);
  }
}

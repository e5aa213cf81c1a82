// A static server on loopback. All pages are cross-origin isolated, since only such pages may
// measure their memory and have timers of full resolution.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".log": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
};

/**
 * Serves folders by the first part of a path, `{ viewer: "dist" }` as /viewer/…, and `contents`,
 * which are bytes or a text by their whole path. `log` has when a path was asked for last and when
 * the last byte was sent, on the clock on the wall: what a page says of it is not needed.
 */
export async function serve(folders, contents) {
  const log = new Map();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://127.0.0.1");
    const entry = { asked: Date.now() };
    log.set(pathname, entry);
    response.on("finish", () => (entry.sent = Date.now()));
    const headers = {
      "content-type": TYPES[extname(pathname)] ?? "application/octet-stream",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "no-store",
    };
    const known = contents.get(pathname);
    if (known !== undefined) {
      response.writeHead(200, { ...headers, "content-length": Buffer.byteLength(known) }).end(known);
      return;
    }
    const [, folder, ...rest] = pathname.split("/");
    const file = join(folders[folder] ?? "", normalize(`/${rest.join("/")}`));
    if (!folders[folder] || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { ...headers, "content-length": statSync(file).size });
    createReadStream(file, { highWaterMark: 1 << 18 }).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    log,
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

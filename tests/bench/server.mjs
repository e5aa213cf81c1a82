// A static server on loopback. All pages are cross-origin isolated, since only such pages have timers
// of full resolution.
import { createReadStream, existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { brotli } from "../../scripts/sizes.mjs";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".log": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
};
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
};
const HASHED = /-[0-9a-f]{8,}(_bg)?\.[a-z]+$/;

/**
 * Serves folders by the first part of a path, `{ viewer: "dist" }` as /viewer/…, and `contents`,
 * which are bytes or a text by their whole path.
 *
 * With `compress`, the folders are served as a real host serves a build: under brotli, and kept by
 * the browser where the name has a hash. Else nothing is compressed and nothing kept.
 *
 * `log` has when a path was asked for last and when the last byte was sent, on the wall clock: what
 * a page says of it is not needed. `responses` lists every response from a folder,
 * `{ path, bytes }`, with the bytes of its body as they were sent.
 */
export async function serve(folders, contents, { compress = false } = {}) {
  const log = new Map();
  const responses = [];
  const packed = compress ? pack(folders) : new Map();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://127.0.0.1");
    const entry = { asked: Date.now() };
    log.set(pathname, entry);
    response.on("finish", () => (entry.sent = Date.now()));
    const headers = {
      "content-type": TYPES[extname(pathname)] ?? "application/octet-stream",
      "cache-control":
        compress && HASHED.test(pathname) ? "max-age=31536000, immutable" : "no-store",
      ...ISOLATED,
    };
    const known = contents.get(pathname);
    if (known !== undefined) {
      response
        .writeHead(200, { ...headers, "content-length": Buffer.byteLength(known) })
        .end(known);
      return;
    }
    const [, folder, ...rest] = pathname.split("/");
    const file = join(folders[folder] ?? "", normalize(`/${rest.join("/")}`));
    if (!folders[folder] || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    const body = packed.get(file);
    const bytes = body?.length ?? statSync(file).size;
    responses.push({ path: pathname, bytes, at: performance.timeOrigin + performance.now() });
    response.writeHead(200, {
      ...headers,
      "content-length": bytes,
      ...(body && { "content-encoding": "br" }),
    });
    if (body) response.end(body);
    else createReadStream(file, { highWaterMark: 1 << 18 }).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    log,
    responses,
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

/** All files of the folders under brotli, by their path. */
function pack(folders) {
  const files = Object.values(folders).flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((name) => join(folder, name)),
  );
  return new Map(
    files.filter((file) => TYPES[extname(file)]).map((file) => [file, brotli(readFileSync(file))]),
  );
}

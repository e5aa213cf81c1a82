// Trunk runs this on what it has built, before that becomes dist/.
//
// Trunk gives the files of a worker no hash in their names, so that a host's cache could mix two
// versions; its minifier cannot read the JavaScript of wasm-bindgen; and it starts the page by a
// script inside index.html, which a strict Content-Security-Policy forbids and which fetches the
// wasm without a look at its integrity. All of that is put right here: each script is a file,
// minified (in a release), named by its content, and asked for with its integrity.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const { TRUNK_STAGING_DIR: staging, TRUNK_PROFILE: profile, TERSER_DIR: terserDir } = process.env;
const path = (name) => join(staging, name);
const read = (name) => readFileSync(path(name), "utf8");

const minify = async (name, isModule) => {
  if (profile !== "release") return;
  const { minify } = createRequire(join(terserDir, "x.js"))("terser");
  // The global that the script of a worker makes is its one result.
  const options = isModule ? { module: true } : { mangle: { reserved: ["wasm_bindgen"] } };
  const { code } = await minify(read(name), { compress: { passes: 2 }, ...options });
  writeFileSync(path(name), code);
};

const hash = (name) => createHash("sha256").update(readFileSync(path(name))).digest("hex").slice(0, 16);
const integrity = (name) => "sha384-" + createHash("sha384").update(readFileSync(path(name))).digest("base64");

/** Renames a file by its content and returns the new name. */
const rename = (name, stem, end) => {
  const to = `${stem}-${hash(name)}${end}`;
  renameSync(path(name), path(to));
  return to;
};

const replace = (text, from, to) => {
  if (!text.includes(from)) throw new Error(`finish-dist: index.html has no ${from}`);
  return text.replaceAll(from, to);
};

let index = read("index.html");

// Each worker: a loader, which is what the page starts, its script and its wasm.
const loaders = {};
for (const name of readdirSync(staging).flatMap((file) => /^(.*worker)_bg\.wasm$/.exec(file)?.[1] ?? [])) {
  await minify(`${name}.js`, false);
  const script = rename(`${name}.js`, name, ".js");
  const wasm = rename(`${name}_bg.wasm`, name, "_bg.wasm");
  writeFileSync(
    path(`${name}_loader.js`),
    `importScripts("${script}");` +
      `wasm_bindgen({module_or_path:fetch("${wasm}",{integrity:"${integrity(wasm)}"})});`,
  );
  // Trunk may have left out the quotes.
  const named = new RegExp(`(content="?)${name}_loader\\.js`);
  if (!named.test(index)) throw new Error(`finish-dist: index.html does not name ${name}_loader.js`);
  loaders[name] = rename(`${name}_loader.js`, `${name}-loader`, ".js");
  index = index.replace(named, `$1${loaders[name]}`);
}

// The page's script, and the one that starts it.
const main = readdirSync(staging).find((name) => /^jobrun-viewer-.*\.js$/.test(name));
const mainWasm = readdirSync(staging).find((name) => /^jobrun-viewer-.*_bg\.wasm$/.test(name));
const mainIntegrity = integrity(main);
await minify(main, true);
const newMain = rename(main, "jobrun-viewer", ".js");
index = replace(index, main, newMain);
index = replace(index, mainIntegrity, integrity(newMain));
// A history's worker is as large as the page: where the address wants one, the two start together.
writeFileSync(
  path("start.js"),
  `if(location.hash.startsWith("#/history")){` +
    `const worker=globalThis.historyWorker=new Worker("${loaders["history-worker"]}");` +
    `worker.onmessage=()=>{worker.isReady=true}}`+
    `import init from "./${newMain}";` +
    `await init({module_or_path:fetch(new URL("./${mainWasm}",import.meta.url),{integrity:"${integrity(mainWasm)}"})});`,
);
const start = rename("start.js", "start", ".js");
const inline = /<script type="?module"?>\s*import init[^]*?<\/script>/;
if (!inline.test(index)) throw new Error("finish-dist: index.html does not start the page as expected");
index = index.replace(
  inline,
  `<script type="module" src="./${start}" integrity="${integrity(start)}"></script>`,
);

writeFileSync(path("index.html"), index);

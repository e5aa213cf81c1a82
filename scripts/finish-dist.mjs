// Trunk runs this on what it has built, before that becomes dist/.
//
// Trunk gives the files of a worker no hash in their names, so that a host's cache could mix two
// versions; its minifier cannot read the JavaScript of wasm-bindgen; and it starts the page by a
// script inside index.html, which a strict Content-Security-Policy forbids and which fetches the
// wasm without a look at its integrity. All of that is put right here: each script is a file,
// minified (in a release), named by its content, and asked for with its integrity.
//
// And Trunk knows one wasm for a page. In a release, what few visits need of it is taken out into
// files of their own (src/ui/lazy.rs says how), which the page's script loads when they are wanted.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { splitWasm } from "./split-wasm.mjs";
import { lighten } from "./wasm.mjs";

const { TRUNK_STAGING_DIR: staging, TRUNK_PROFILE: profile, TERSER_DIR: terserDir } = process.env;
const isRelease = profile === "release";
const path = (name) => join(staging, name);
const read = (name) => readFileSync(path(name), "utf8");

const minify = async (text, options) => {
  const { minify } = createRequire(join(terserDir, "x.js"))("terser");
  return (await minify(text, { compress: { passes: 2 }, ...options })).code;
};

const hash = (name) =>
  createHash("sha256")
    .update(readFileSync(path(name)))
    .digest("hex")
    .slice(0, 16);
// As short as is safe: nothing makes it shorter on the way.
const integrity = (name, algorithm = "sha256") =>
  `${algorithm}-` +
  createHash(algorithm)
    .update(readFileSync(path(name)))
    .digest("base64");

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

// The page's own policy, for hosts that send none. A meta element cannot say who may frame the page, and
// whom the page may talk to is for config.json to say: the page adds a policy of that when it has read it
// (src/model/csp.rs).
const policy = readFileSync("scripts/hosting/csp.txt", "utf8")
  .trim()
  .replace(/connect-src [^;]*/, "connect-src *")
  .replace(/; *frame-ancestors [^;]*/, "");
// Trunk may have left out the quotes.
const placeholder = /content="?scripts\/hosting\/csp\.txt"?/;
if (!placeholder.test(index))
  throw new Error("finish-dist: index.html has no place for the policy");
index = index.replace(placeholder, () => `content="${policy}"`);

// Whom the page's policy lets bring scripts.
const strangers = /script-src ([^;]*)/
  .exec(policy)[1]
  .split(" ")
  .filter((source) => source.startsWith("https:"));

// While it serves, Trunk puts a script into index.html that loads the page again after a build.
index = index.replace(/<script>([^]*?__TRUNK_WS_BASE__[^]*?)<\/script>/, (_, script) => {
  writeFileSync(
    path("reload.js"),
    script
      .replace(/['"`]{{__TRUNK_ADDRESS__}}['"`]/, "location.host")
      .replace("{{__TRUNK_WS_BASE__}}", "/")
      .replace(/icon\.innerHTML = .*/, 'icon.textContent = "!";'),
  );
  return '<script src="./reload.js"></script>';
});

// Each worker: a loader, which is what the page starts, its script and its wasm.
const loaders = {};
for (const name of readdirSync(staging).flatMap(
  (file) => /^(.*worker)_bg\.wasm$/.exec(file)?.[1] ?? [],
)) {
  if (isRelease) {
    // The global that the script of a worker makes is its one result.
    writeFileSync(
      path(`${name}.js`),
      await minify(read(`${name}.js`), { mangle: { reserved: ["wasm_bindgen"] } }),
    );
    writeFileSync(path(`${name}_bg.wasm`), lighten(readFileSync(path(`${name}_bg.wasm`))));
  }
  const script = rename(`${name}.js`, name, ".js");
  const wasm = rename(`${name}_bg.wasm`, name, "_bg.wasm");
  writeFileSync(
    path(`${name}_loader.js`),
    // With Trusted Types, only a policy makes the address of a script out of a text.
    `globalThis.trustedTypes?.createPolicy("default",{createScriptURL:name=>name==="${script}"?name:undefined});` +
      `importScripts("${script}");` +
      // Of a promise that fails the page hears nothing.
      `wasm_bindgen({module_or_path:fetch("${wasm}",{integrity:"${integrity(wasm)}"})})` +
      `.catch(error=>setTimeout(()=>{throw error}));`,
  );
  // Trunk may have left out the quotes.
  const named = new RegExp(`(content="?)${name}_loader\\.js`);
  if (!named.test(index))
    throw new Error(`finish-dist: index.html does not name ${name}_loader.js`);
  loaders[name] = rename(`${name}_loader.js`, `${name}-loader`, ".js");
  index = index.replace(named, `$1${loaders[name]}`);
}

// The page's script, and the one that starts it.
const main = readdirSync(staging).find((name) => /^jobrun-viewer-.*\.js$/.test(name));
let mainWasm = readdirSync(staging).find((name) => /^jobrun-viewer-.*_bg\.wasm$/.test(name));
const mainIntegrity = integrity(main, "sha384");
// What a place in the viewer needs besides starts to load with the page.
const wanted = { start: [], history: [] };
if (isRelease) {
  const whole = [mainWasm, integrity(mainWasm, "sha384")];
  const place = (name, bytes) => {
    writeFileSync(path(`${name}.wasm`), bytes);
    const file = rename(`${name}.wasm`, name, ".wasm");
    wanted[name.replace("part-", "")]?.push([file, integrity(file)]);
    return [`./${file}`, integrity(file)];
  };
  // A style sheet with the name of a part comes with it. Their order in the page means nothing.
  const styles = {};
  for (const name of ["browse", "build", "dialogs", "extras", "files", "history", "log", "text"]) {
    const link = new RegExp(`<link[^>]* href="?(\\./${name}-[^" >]*\\.css)"?[^>]*>`).exec(index);
    if (!link) throw new Error(`finish-dist: index.html has no style sheet ${name}`);
    index = index.replace(link[0], "");
    styles[name] = [link[1], integrity(link[1])];
  }
  // What was opened lately looks like what is browsed.
  styles.start = styles.browse;
  // The other style sheets are one: the browser asks once, and what they have in common is packed once.
  const sheets = [...index.matchAll(/<link[^>]* href="?\.\/([^" >]*\.css)"?[^>]*>/g)];
  writeFileSync(path("style.css"), sheets.map(([, name]) => read(name)).join("\n"));
  const style = rename("style.css", "style", ".css");
  sheets.forEach(([link, name], place) => {
    index = index.replace(
      link,
      place > 0 ? "" : `<link rel="stylesheet" href="./${style}" integrity="${integrity(style)}">`,
    );
    rmSync(path(name));
  });
  const { script, wasm } = await splitWasm({
    place,
    minify: (text) => minify(text, { module: true }),
    styles,
  });
  writeFileSync(path(main), script);
  writeFileSync(path(mainWasm), wasm);
  mainWasm = rename(mainWasm, "jobrun-viewer", "_bg.wasm");
  index = replace(index, whole[0], mainWasm);
  index = replace(index, whole[1], integrity(mainWasm));
}
const newMain = rename(main, "jobrun-viewer", ".js");
index = replace(index, main, newMain);
index = replace(index, mainIntegrity, integrity(newMain));
// The script that starts the page, with the names of what was built.
const files = {
  version: /^version = "(.*)"$/m.exec(readFileSync("Cargo.toml", "utf8"))[1],
  script: `./${newMain}`,
  wasm: `./${mainWasm}`,
  integrity: integrity(mainWasm),
  scripts: [...strangers, ...Object.values(loaders)],
  parts: wanted,
  historyWorker: loaders["history-worker"],
};
const starter = `const FILES = ${JSON.stringify(files)};\n${readFileSync("src/start.js", "utf8")}`;
writeFileSync(path("start.js"), isRelease ? await minify(starter, { module: true }) : starter);
const start = rename("start.js", "start", ".js");
const inline = /<script type="?module"?>\s*import init[^]*?<\/script>/;
if (!inline.test(index))
  throw new Error("finish-dist: index.html does not start the page as expected");
index = index.replace(
  inline,
  `<script type="module" src="./${start}" integrity="${integrity(start)}"></script>`,
);

writeFileSync(path("index.html"), index);

// Takes the page's wasm apart: what every visit loads, and a file for each part that the macros of
// src/ui/lazy.rs name, which the page's script loads when it is wanted. Called by finish-dist.mjs.
//
// wasm-split-cli works on what the linker made, before wasm-bindgen; so both run here, on the same
// file that Trunk has built, and the result takes the place of Trunk's own.
import { execFile, execFileSync } from "node:child_process";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { counted, joinSections, leb, lighten, Reader, section, sections } from "./wasm.mjs";

const run = promisify(execFile);
// The first kilobyte is the end of the stack, where nothing is addressed by a constant.
const OPTIMIZE = ["--low-memory-unused", "--flatten", "--rereloop", "-Oz", "-Oz"];

/** Makes each entry of a section that is a list anew: `entry` reads one, and gives its bytes. */
const mapSection = (wasm, wanted, entry) => {
  const mapped = (content) => {
    const reader = new Reader(content);
    const count = reader.number();
    return Buffer.concat([leb(count), ...Array.from({ length: count }, () => entry(reader))]);
  };
  const all = sections(wasm).map(({ id, content }) => ({
    id,
    content: id === wanted ? mapped(content) : content,
  }));
  return joinSections(wasm, all);
};

/** Replaces the names of what a module imports, and of from where, by what `rename` says. */
const renameImports = (wasm, rename) =>
  mapSection(wasm, 2, (reader) => {
    const from = reader.name();
    const name = reader.name();
    const begin = reader.at;
    // A function has its type; nothing else is imported from a script.
    if (reader.number() !== 0) throw new Error(`split-wasm: ${from} ${name} is no function`);
    reader.number();
    const of = reader.bytes.subarray(begin, reader.at);
    return Buffer.concat([
      counted(Buffer.from(rename(from))),
      counted(Buffer.from(rename(name))),
      of,
    ]);
  });

/** Replaces the names of what a module exports by what `rename` says. */
const renameExports = (wasm, rename) =>
  mapSection(wasm, 7, (reader) => {
    const name = reader.name();
    const begin = reader.at;
    reader.number();
    reader.number();
    return Buffer.concat([
      counted(Buffer.from(rename(name))),
      reader.bytes.subarray(begin, reader.at),
    ]);
  });

/** How many functions a module imports, and the type and the code of each of its own. */
const functions = (wasm) => {
  const imported = WebAssembly.Module.imports(new WebAssembly.Module(wasm));
  const contents = Object.fromEntries(sections(wasm).map(({ id, content }) => [id, content]));
  // A file may have data and no functions.
  const [types, codes] = [3, 10].map((id) => new Reader(contents[id] ?? leb(0)));
  codes.number();
  const own = Array.from({ length: types.number() }, () => ({
    type: types.number(),
    code: codes.slice(codes.number()),
  }));
  return { imports: imported.filter(({ kind }) => kind === "function").length, own };
};

/**
 * Puts functions side by side that have one type, are about as long and begin alike, as those do that the
 * compiler made of one generic function: brotli has 2 % less to send then. wasm-opt sorts by names, so they
 * get some.
 */
const arrange = async (wasm, made) => {
  const { imports, own } = functions(wasm);
  const size = ({ code }) => Math.round(Math.log2(code.length) / 2);
  const alike = (a, b) => a.type - b.type || size(a) - size(b) || Buffer.compare(a.code, b.code);
  const order = [...own.keys()].sort((a, b) => alike(own[a], own[b]));
  const names = order.map((index, place) => ({
    index,
    name: `f${String(place).padStart(6, "0")}`,
  }));
  const entries = names
    .sort((a, b) => a.index - b.index)
    .map(({ index, name }) => Buffer.concat([leb(imports + index), counted(Buffer.from(name))]));
  const named = section(1, Buffer.concat([leb(entries.length), ...entries]));
  writeFileSync(
    made,
    Buffer.concat([wasm, section(0, Buffer.concat([counted(Buffer.from("name")), named]))]),
  );
  await run("wasm-opt", [made, "--reorder-functions-by-name", "-o", made]);
  return readFileSync(made);
};

// ----------------------------------------------------------------------------------------------

/** Replaces what a pattern finds in the text of a tool, which must be there. */
const change = (text, pattern, to) => {
  const changed = text.replace(pattern, () => to);
  if (changed === text) throw new Error(`split-wasm: found no ${pattern}; a tool may have changed`);
  return changed;
};

/** What loads a part, in the page's script: without the parts' own names, which are put in below. */
const LOADER = `
const pieces = {};
const loadCode = async (file, integrity, needs) => {
  const reply = await fetch(new URL(file, import.meta.url), { integrity });
  // Not every host says of wasm that it is wasm, as compiling what comes in would want it.
  const module = await WebAssembly.compile(await reply.arrayBuffer());
  const imports = { __wasm_split: initSync() };
  for (const number of needs) {
    // What two parts need lies in both of their files, and is made once.
    pieces[number] ??= WebAssembly.instantiate(WebAssembly.Module.customSections(module, number)[0], imports);
    await pieces[number];
  }
  await WebAssembly.instantiate(module, imports);
};
const loadStyle = ([href, integrity]) =>
  new Promise((resolve, reject) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href, integrity, onload: resolve, onerror: () => {
      link.remove();
      reject(Error(href));
    } });
    document.head.append(link);
  });
const loadPart = (file, integrity, needs, style) =>
  Promise.all([loadCode(file, integrity, needs), style && loadStyle(style)]);
const part = (...of) => {
  let loading;
  return async (callback, data) => {
    let isLoaded = false;
    try {
      await (loading ??= loadPart(...of));
      isLoaded = true;
    } catch (error) {
      // The next one who wants it tries again.
      loading = undefined;
      console.error(error);
    }
    initSync().__indirect_function_table.get(callback)(data, isLoaded);
  };
};
`;

/**
 * Does it. `place(name, bytes)` puts a file beside the page and gives its name there and its integrity;
 * `minify(text)` minifies a module; `styles` has, by part, the name and integrity of a style sheet.
 * Gives the page's script and wasm.
 */
export const splitWasm = async ({ place, minify, styles }) => {
  const metadata = execFileSync("cargo", [
    "metadata",
    "--no-deps",
    "--offline",
    "--format-version=1",
  ]);
  const target = JSON.parse(metadata).target_directory;
  const linked = join(target, "wasm32-unknown-unknown", "release", "jobrun-viewer.wasm");
  const work = join(target, "parts");
  const made = (name) => join(work, name);
  rmSync(work, { recursive: true, force: true });
  await run("wasm-split-cli", [linked, work, "--target=web", "--out-name=jobrun-viewer"]);
  const names = readdirSync(work).flatMap(
    (file) => /^((?:split|chunk)_.*)\.wasm$/.exec(file)?.[1] ?? [],
  );
  await run("wasm-bindgen", [
    ...["--target=web", "--keep-lld-exports", "--no-demangle", "--no-typescript"],
    ...[`--out-dir=${work}`, "--out-name=page", made("jobrun-viewer.wasm")],
  ]);
  const optimized = {};
  for (const name of names) {
    await run("wasm-opt", [...OPTIMIZE, made(`${name}.wasm`), "-o", made("optimized.wasm")]);
    optimized[name] = lighten(
      await arrange(readFileSync(made("optimized.wasm")), made("arranged.wasm")),
    );
  }

  // The script: wasm-bindgen's with what loads the parts. It takes the place of the splitter's own
  // script, which could not have a name of its content: it and the page's import each other.
  const splitter = readFileSync(made("__wasm_split.js"), "utf8");
  const loads = [
    ...splitter.matchAll(
      /^export const (__wasm_split_load_(\w+)) = wrapAsyncCb\(makeLoad\([^]*?, \[(.*)\]\)\)/gm,
    ),
  ];
  const parts = loads.map(([, load, name, needed]) => {
    const needs = [...needed.matchAll(/\b__chunk_(\d+)\b/g)].map(([, number]) => Number(number));
    const piece = (number) =>
      Buffer.concat([counted(Buffer.from(String(number))), optimized[`chunk_${number}`]]);
    const pieces = needs.map((number) => section(0, piece(number)));
    const placed = place(`part-${name}`, Buffer.concat([optimized[`split_${name}`], ...pieces]));
    const settings = [...placed, needs, ...(styles[name] ? [styles[name]] : [])];
    return `const ${load} = part(${settings.map((setting) => JSON.stringify(setting)).join(", ")});`;
  });
  if (parts.length === 0)
    throw new Error("split-wasm: there are no parts; the splitter may have changed");
  let script = readFileSync(made("page.js"), "utf8");
  script = change(script, /^import \* as \w+ from "\.\/__wasm_split\.js".*\n/gm, "");
  const loaded = loads.map(([, load]) => load).join(", ");
  script = change(
    script,
    /(?:^\s*"\.\/__wasm_split\.js": \w+,\n)+/m,
    `"./__wasm_split.js": { ${loaded} },\n`,
  );
  // Classes that Leptos offers to other scripts. There are none, and so the minifier leaves them out, and
  // below all of the wasm that they call, once nothing is done to them either.
  script = script.replace(/^export class /gm, "class ");
  script = script.replace(/^if \(Symbol\.dispose\) .*\n/gm, "");
  script = script.replace(/^const \w+Finalization = [^]*?;\n/gm, "");
  // Of the ways to start it there is one, and once it has started it is only asked for.
  script = change(
    script,
    /^function initSync\(module\) \{[^]*?^\}\n/m,
    "const initSync = () => wasm;\n",
  );
  script = change(
    script,
    /^    if \(module_or_path !== undefined\) \{[^]*?^    const imports/m,
    "    ({module_or_path} = module_or_path);\n    const imports",
  );
  script = change(script, /^    if \(typeof module_or_path === 'string'[^]*?^    \}\n/m, "");
  script = [script, LOADER, ...parts].join("\n");

  // The wasm has no more of what only scripts call than this script calls, and its parts; and the script no
  // more of what the wasm calls than that.
  const importsOf = (bytes) => WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  const wanted = names.flatMap((name) => importsOf(optimized[name]));
  const exported = WebAssembly.Module.exports(
    new WebAssembly.Module(readFileSync(made("page_bg.wasm"))),
  );
  const reduce = async (minified) => {
    const words = new Set(minified.match(/\w+/g));
    wanted.forEach(({ name }) => words.add(name));
    const kept = exported.map(({ name }) => name).filter((name) => words.has(name));
    const graph = [
      { name: "page", root: true, reaches: kept },
      ...kept.map((name) => ({ name, export: name })),
    ];
    writeFileSync(made("graph.json"), JSON.stringify(graph));
    await run("wasm-metadce", [
      made("page_bg.wasm"),
      `--graph-file=${made("graph.json")}`,
      "-o",
      made("kept.wasm"),
    ]);
  };
  await reduce(await minify(script));
  const called = new Set(importsOf(readFileSync(made("kept.wasm"))).map(({ name }) => name));
  script = script.replace(
    /^ {8}(__wbg_\w+): function.*\n(?: {9,}.*\n)* {8}\}.*\n/gm,
    (entry, name) => (called.has(name) ? entry : ""),
  );
  script = await minify(script);
  if (/Finalization\b/.test(script))
    throw new Error("split-wasm: a class of wasm-bindgen is in use");
  await reduce(script);
  await run("wasm-opt", [...OPTIMIZE, made("kept.wasm"), "-o", made("optimized.wasm")]);

  // The tools' names for what the wasm calls, and for those of the closures that the script calls of it, have
  // hashes, which no compression makes short; and where a call goes stands with each.
  const short = {};
  const shorten = (name) => (short[name] ??= `i${Object.keys(short).length.toString(36)}`);
  const arranged = await arrange(readFileSync(made("optimized.wasm")), made("arranged.wasm"));
  let wasm = renameImports(lighten(arranged), shorten);
  script = script.replace(
    /\b__w(?:bg|bindgen|asm_split_load)_\w+(?=:)/g,
    (name) => short[name] ?? name,
  );
  script = script.replace(/"(\.\/\w+\.js)"(?=:)/g, (text, from) => short[from] ?? text);
  const ofParts = new Set(wanted.map(({ name }) => name));
  wasm = renameExports(wasm, (name) =>
    /^_(?:ZN|R)/.test(name) && !ofParts.has(name) ? shorten(name) : name,
  );
  script = script.replace(/\b_(?:ZN|R)\w+/g, (name) => short[name] ?? name);
  return { script, wasm };
};

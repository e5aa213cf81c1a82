// Makes the peers' pages: each a script with all that it needs, and the HTML around it.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PAGES = join(dirname(fileURLToPath(import.meta.url)), "pages");

/** The contents of the pages by their path, `/peers/NAME.html` and what it loads. */
export async function bundle(names, peersDir) {
  const modules = join(peersDir, "node_modules");
  const { build } = createRequire(join(modules, "x.js"))("esbuild");
  const { outputFiles } = await build({
    entryPoints: names.map((name) => join(PAGES, `${name}.mjs`)),
    nodePaths: [modules],
    outdir: "/peers",
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "warning",
  });
  const contents = new Map(outputFiles.map(({ path, contents }) => [path, Buffer.from(contents)]));
  for (const name of names) {
    const style = contents.has(`/peers/${name}.css`)
      ? `<link rel="stylesheet" href="${name}.css">`
      : "";
    contents.set(
      `/peers/${name}.html`,
      `<!doctype html><meta charset="utf-8"><title>${name}</title>${style}` +
        `<style>html,body,#chart{height:100%;margin:0}</style>` +
        `<div id="chart"></div><script type="module" src="${name}.js"></script>`,
    );
  }
  return contents;
}

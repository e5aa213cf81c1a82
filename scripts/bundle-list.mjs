// Compares src/BUNDLE.md with the crates that the project itself asks for and that are built into the
// page or a worker. Fails when they differ.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const tree = execFileSync(
  "cargo",
  [
    ...[
      "tree",
      "--locked",
      "--offline",
      "--edges=normal",
      "--target=wasm32-unknown-unknown",
      "--depth=1",
    ],
    ...[
      "--features=web,worker,demo-worker,history,log-worker",
      "--prefix=none",
      "--format={p}|{l}",
    ],
  ],
  { cwd: root, encoding: "utf8" },
);
// The first line is the project itself.
const built = new Map(
  tree
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => {
      const [crate, licence] = line.split("|");
      return [crate.split(" ")[0], licence.trim()];
    }),
);
const text = readFileSync(join(root, "src", "BUNDLE.md"), "utf8");
const listed = new Map(
  [...text.matchAll(/^\| `([^`]+)` \| .+ \| ([^|]+) \|$/gm)].map(([, crate, licence]) => [
    crate,
    licence,
  ]),
);

const faults = [];
for (const [crate, licence] of built) {
  if (!listed.has(crate)) faults.push(`${crate} is in the bundle and not in the list`);
  else if (listed.get(crate) !== licence)
    faults.push(`${crate} has the licence ${licence}, and ${listed.get(crate)} in the list`);
}
for (const crate of listed.keys())
  if (!built.has(crate)) faults.push(`${crate} is in the list and not in the bundle`);
if (built.size === 0) faults.push("cargo tree names no crate");
for (const fault of faults) console.error(`bundle-list: src/BUNDLE.md: ${fault}`);
if (faults.length > 0) process.exit(1);
console.log(`bundle-list: src/BUNDLE.md names the ${built.size} crates of the bundle`);

// Prints the bytes that come from the host until the demo's failed canary shows why it failed, as
// Chromium loads them: node scripts/failed-rollout.mjs [DIST] (default: dist)
// Loads it three times and takes the median, since the page may begin to load what comes next just
// before the cause is shown. Fails where they are over their budget. CHROMIUM names the browser (default: chromium).
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Browser } from "../tests/bench/browser.mjs";
import { serve } from "../tests/bench/server.mjs";
import { FAILED_ROLLOUT, load } from "../tests/bench/start.mjs";
import { judge, printColumns, requireBuild, root } from "./sizes.mjs";

/**
 * Opens the failed canary of a build in a fresh profile, and returns what came from the host: the
 * sum of `bytes`, and the `responses` that it is the sum of.
 */
export async function loadFailedRollout(dist) {
  requireBuild(dist);
  const work = mkdtempSync(join(tmpdir(), "failed-rollout-"));
  let server;
  let browser;
  try {
    server = await serve({ viewer: dist }, new Map([["/blank.html", "<!doctype html>"]]), {
      compress: true,
    });
    browser = await Browser.start(process.env.CHROMIUM || "chromium", join(work, "profile"));
    const loads = [];
    for (let count = 0; count < 3; count++) {
      const page = await browser.page(`${server.origin}/blank.html`);
      const responses = await load(page, server, "viewer", FAILED_ROLLOUT);
      loads.push({ bytes: responses.reduce((sum, { bytes }) => sum + bytes, 0), responses });
      await page.close();
    }
    return loads.sort((a, b) => a.bytes - b.bytes)[1];
  } finally {
    await browser?.close();
    await server?.close();
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { bytes, responses } = await loadFailedRollout(process.argv[2] ?? join(root, "dist"));
    printColumns([
      ["loaded", "brotli"],
      ...responses.map(({ path, bytes }) => [path.replace("/viewer/", ""), String(bytes)]),
    ]);
    console.log();
    if (!judge("failed-rollout", "failed rollout", bytes)) process.exitCode = 1;
  } catch (error) {
    console.error(`failed-rollout: ${error.message}`);
    process.exitCode = 1;
  }
}

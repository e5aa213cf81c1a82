// One headless Chromium for all measurements, and the pages in it, each with a profile, a renderer
// and caches of its own, so that no measurement finds what an earlier one has warmed.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Cdp } from "./cdp.mjs";
import { noteMemories } from "./memory.mjs";

const VIEWPORT = { width: 1400, height: 900 };
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Containers often have a /dev/shm too small for the browser.
  "--disable-dev-shm-usage",
  // A process that waits for the next page, begun at any time, would count as a page's.
  "--disable-features=SpareRendererForSitePerProcess",
  // Nothing but loopback can be reached, whatever a page asks for.
  "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
  `--window-size=${VIEWPORT.width},${VIEWPORT.height}`,
  "--remote-debugging-pipe",
  // Or Debian's Chromium opens a start page of its own.
  "about:blank",
];

export class Browser {
  #process;

  /** Starts one, which keeps what it stores in a folder. */
  static async start(command, folder) {
    const browser = new Browser();
    browser.#process = spawn(command, [`--user-data-dir=${folder}`, ...FLAGS], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    const failed = new Promise((_, reject) => browser.#process.once("error", reject));
    browser.cdp = new Cdp(browser.#process.stdio[3], browser.#process.stdio[4]);
    const { product } = await Promise.race([browser.cdp.send("Browser.getVersion"), failed]);
    browser.version = product.replace("HeadlessChrome", "Chromium");
    return browser;
  }

  /**
   * A new page, in front and at a blank address: one of the server's own, so that what is opened
   * next finds its process running.
   */
  async page(blank) {
    const { browserContextId } = await this.cdp.send("Target.createBrowserContext");
    const { targetId } = await this.cdp.send("Target.createTarget", {
      url: "about:blank",
      browserContextId,
      ...VIEWPORT,
    });
    const { sessionId } = await this.cdp.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, sessionId, browserContextId);
    await page.send("Page.enable");
    await page.send("Runtime.enable");
    await page.send("Inspector.enable");
    // A window that has not got the focus of its system tells pages nothing of theirs.
    await page.send("Emulation.setFocusEmulationEnabled", { enabled: true });
    await noteMemories(page);
    const loaded = this.cdp.once("Page.loadEventFired", sessionId);
    await page.goto(blank);
    await loaded;
    return page;
  }

  /**
   * What all processes of the browser hold together, in bytes, memory that they share counted once.
   * Only Linux tells.
   */
  async processMemory() {
    const { processInfo } = await this.cdp.send("SystemInfo.getProcessInfo");
    let sum = 0;
    for (const { id } of processInfo) {
      try {
        sum +=
          1024 *
          Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, "utf8"))[1]);
      } catch (error) {
        if (process.platform !== "linux") return NaN;
        // A process that ended meanwhile holds nothing.
        if (error.code !== "ENOENT" && error.code !== "ESRCH") throw error;
      }
    }
    return sum;
  }

  kill() {
    this.#process.kill("SIGKILL");
  }

  async close() {
    const gone = new Promise((resolve) => this.#process.once("exit", resolve));
    this.cdp.send("Browser.close").catch(() => {});
    const inTime = await Promise.race([gone.then(() => true), sleep(5000, false)]);
    if (!inTime) {
      this.kill();
      await gone;
    }
  }
}

/** A page did not get where it was awaited. */
export class NotThere extends Error {}

export class Page {
  #errors = [];
  #crash;

  constructor(browser, sessionId, contextId) {
    this.browser = browser;
    this.sessionId = sessionId;
    this.contextId = contextId;
    this.on("Runtime.exceptionThrown", ({ exceptionDetails: { text, exception } }) =>
      this.#errors.push((exception?.description ?? text).split("\n")[0]),
    );
    this.#crash = new Promise((_, reject) =>
      this.on("Inspector.targetCrashed", () => reject(new NotThere("the page crashed"))),
    );
    // Whoever sends something next is told; it is no failure of its own.
    this.#crash.catch(() => {});
  }

  /** Sends a command. A page that has crashed would never answer. */
  send(method, params) {
    return Promise.race([this.browser.cdp.send(method, params, this.sessionId), this.#crash]);
  }

  on(method, callback) {
    return this.browser.cdp.on(method, this.sessionId, callback);
  }

  async goto(url) {
    await this.send("Page.navigate", { url });
  }

  /** A script that runs before all others of each document. */
  async onEveryDocument(source) {
    await this.send("Page.addScriptToEvaluateOnNewDocument", { source });
  }

  /** Presses the key of a character. */
  async press(text) {
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", key: text, text });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", key: text });
  }

  async js(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /**
   * The page's user timing: the times of each mark and the durations of each measure, in order, and
   * `origin`, the time on the clock on the wall that they count from.
   */
  timing() {
    return this.js(`(() => {
      const timing = { origin: performance.timeOrigin };
      for (const { name, entryType, startTime, duration } of performance.getEntries()) {
        if (entryType === "mark") (timing[name] ??= []).push(startTime);
        if (entryType === "measure") (timing[name] ??= []).push(duration);
      }
      return timing;
    })()`);
  }

  /** Waits for something that the page does from outside of it, such as a request. */
  async waitUntil(isSo, what, timeout) {
    const end = Date.now() + timeout;
    while (!isSo()) {
      if (Date.now() > end) this.#fail(what, timeout);
      await sleep(20);
    }
  }

  /** Waits for a mark. A page that is busy for long answers late: it is given the time. */
  async waitForMark(mark, timeout) {
    return this.waitUntilJs(
      `performance.getEntriesByName(${JSON.stringify(mark)}).length > 0`,
      mark,
      timeout,
    );
  }

  async waitUntilJs(expression, what, timeout) {
    const end = Date.now() + timeout;
    while (Date.now() < end) {
      const look = this.js(expression).catch((error) => {
        if (error instanceof NotThere) throw error;
        // It may fail while one document gives way to the next.
        return false;
      });
      const impatience = sleep(end - Date.now(), false, { ref: false });
      if (await Promise.race([look, impatience])) return;
      // Each look is a task of the page's, so not too often.
      await sleep(100);
    }
    this.#fail(what, timeout);
  }

  #fail(what, timeout) {
    // A page that is stuck would keep the machine busy for those after it.
    this.send("Page.crash").catch(() => {});
    const error = this.#errors.length ? ` (${this.#errors.at(-1)})` : "";
    throw new NotThere(`no ${what} within ${timeout / 1000} s${error}`);
  }

  /** What is on the screen. */
  async picture() {
    return (await this.send("Page.captureScreenshot", { format: "png" })).data;
  }

  async close() {
    await this.browser.cdp.send("Target.disposeBrowserContext", {
      browserContextId: this.contextId,
    });
    // Its process ends a little later, and is not to count among those of the next page.
    await sleep(500);
  }
}

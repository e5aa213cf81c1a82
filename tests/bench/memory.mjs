// What a page and its workers hold, by the DevTools protocol. The viewers need not help.
// (performance.measureUserAgentSpecificMemory counts no worker in today's Chromium, the usage of a heap
// no WebAssembly memory, and Runtime.queryObjects, which would find those, crashes pages that have some.)
import { setTimeout as sleep } from "node:timers/promises";
import { NotThere } from "./browser.mjs";

const WAIT_TIMEOUT = 60_000;

// Runs in the page and in each worker before their own scripts: notes every WebAssembly memory that is
// made or exported.
const NOTE = `(() => {
  const noted = new Set();
  const note = (memory) => {
    if (memory instanceof Memory && ![...noted].some((ref) => ref.deref() === memory)) noted.add(new WeakRef(memory));
    return memory;
  };
  const { Memory, Instance, instantiate, instantiateStreaming } = WebAssembly;
  const noteAll = (result) => {
    Object.values((result.instance ?? result).exports).forEach(note);
    return result;
  };
  WebAssembly.Memory = new Proxy(Memory, { construct: (...of) => note(Reflect.construct(...of)) });
  WebAssembly.Instance = new Proxy(Instance, { construct: (...of) => noteAll(Reflect.construct(...of)) });
  WebAssembly.instantiate = (...of) => instantiate.apply(WebAssembly, of).then(noteAll);
  WebAssembly.instantiateStreaming = (...of) => instantiateStreaming.apply(WebAssembly, of).then(noteAll);
  globalThis.benchWasmMemory = () => [...noted].reduce((sum, ref) => sum + (ref.deref()?.buffer.byteLength ?? 0), 0);
})()`;

/** Has the page's WebAssembly memories noted from its next document on, and those of its workers. */
export async function noteMemories(page) {
  await page.onEveryDocument(NOTE);
  page.workers = new Set();
  await noteWorkers(page, page.sessionId);
}

/** Attaches to each worker that starts below a session, and lets it go on when it is prepared. */
async function noteWorkers(page, sessionId) {
  const { cdp } = page.browser;
  cdp.on("Target.attachedToTarget", sessionId, async (attached) => {
    const worker = attached.sessionId;
    page.workers.add(worker);
    try {
      await noteWorkers(page, worker);
      await cdp.send("Runtime.evaluate", { expression: NOTE }, worker);
      await cdp.send("Runtime.runIfWaitingForDebugger", {}, worker);
    } catch {
      // It ended meanwhile.
      page.workers.delete(worker);
    }
  });
  cdp.on("Target.detachedFromTarget", sessionId, (detached) =>
    page.workers.delete(detached.sessionId),
  );
  await cdp.send(
    "Target.setAutoAttach",
    { autoAttach: true, waitForDebuggerOnStart: true, flatten: true },
    sessionId,
  );
}

/**
 * Measures the isolates of a page, its own and those of its workers and of their workers, after a
 * garbage collection. Returns bytes: `total` is the heaps of JavaScript and of the DOM, all array
 * buffers and all WebAssembly memories; `wasm` is the WebAssembly memories of it, each at its full
 * size.
 */
export async function memoryOf(page) {
  const measure = () =>
    Promise.all([
      isolateMemory(page.browser.cdp, page.sessionId),
      ...[...page.workers].map((worker) =>
        isolateMemory(page.browser.cdp, worker).catch((error) => {
          // One that ended meanwhile holds nothing.
          if (page.workers.has(worker)) throw error;
          return { total: 0, wasm: 0 };
        }),
      ),
    ]);
  const isolates = await Promise.race([measure(), sleep(WAIT_TIMEOUT, undefined, { ref: false })]);
  if (!isolates)
    throw new NotThere(`no answer of the page and all workers within ${WAIT_TIMEOUT / 1000} s`);
  const sum = (figure) => isolates.reduce((sum, isolate) => sum + isolate[figure], 0);
  return { total: sum("total"), wasm: sum("wasm") };
}

async function isolateMemory(cdp, sessionId) {
  const send = (method, params) => cdp.send(method, params, sessionId);
  await send("HeapProfiler.collectGarbage");
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = await send("Runtime.getHeapUsage");
  const { result, exceptionDetails } = await send("Runtime.evaluate", {
    expression: "benchWasmMemory()",
  });
  if (exceptionDetails)
    throw new Error(
      `WebAssembly memories are not noted: ${exceptionDetails.exception?.description}`,
    );
  return {
    total: usedSize + embedderHeapUsedSize + backingStorageSize + result.value,
    wasm: result.value,
  };
}

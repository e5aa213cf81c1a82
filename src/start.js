// Starts the viewer, and says so where it cannot start or has stopped.
//
// scripts/finish-dist.mjs puts `FILES`, the names and hashes of what it built, before this text and
// makes a file of both. Nothing here may need the viewer's WebAssembly: it is what is left without it.

// With Trusted Types, only a policy makes the address of a script out of a text: this one, of the
// viewer's own workers and of what the page's policy names.
globalThis.trustedTypes?.createPolicy("default", {
  createScriptURL: (url) => (FILES.scripts.includes(url) ? url : undefined),
});

const element = (tag, properties, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

/** The kind of page that an address shows: its fixed words, without names of the user's. */
const kindOfPage = () => {
  const words = ["projects", "locations", "deliveryPipelines", "releases", "rollouts", "jobRuns", "history", "log", "demo"];
  const [path] = location.hash.replace(/^#\/?/, "").split("?");
  const isKnown = (word) => words.includes(word);
  return path ? path.split("/").map((part) => (isKnown(part) ? part : "*")).join("/") : "start";
};

/**
 * Says that the viewer stopped, once. Rust's panic hook calls it, with where and why; so does a trap
 * of WebAssembly that is no panic, such as one of too deep a recursion.
 *
 * Neither may hold data of the user's: the report is for copying into an issue.
 */
const stopped = (why) => {
  if (document.getElementById("stopped")) return;
  const report = [
    `Job Run Viewer ${FILES.version}`,
    why,
    `Page: ${kindOfPage()}`,
    `Browser: ${navigator.userAgent}`,
    `Time: ${new Date(Date.now()).toISOString()}`,
  ].join("\n");
  const shown = element("pre", { tabIndex: 0, textContent: report });
  shown.setAttribute("aria-label", "Report");
  const copy = element("button", { type: "button", className: "button", textContent: "Copy the report" });
  copy.onclick = async () => {
    try {
      await navigator.clipboard.writeText(report);
      copy.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(shown);
      copy.textContent = "Press Ctrl+C to copy";
    }
  };
  const reload = element("button", { type: "button", className: "button primary", textContent: "Reload" });
  reload.onclick = () => location.reload();
  const dialog = element(
    "dialog",
    { id: "stopped", oncancel: (event) => event.preventDefault() },
    element("h2", { id: "stopped-title", textContent: "The viewer stopped" }),
    element("p", { textContent: "An internal error ended this page. Your rollouts are not affected." }),
    element("p", { textContent: "Reload to go on at the same address. A token must be entered again." }),
    element("p", { className: "stopped-buttons" }, reload, copy),
    element("p", { textContent: "The report below holds no names, logs or tokens." }),
    shown,
  );
  dialog.setAttribute("role", "alertdialog");
  dialog.setAttribute("aria-labelledby", "stopped-title");
  document.body.append(dialog);
  // Above any dialog that is open, and the rest of the page takes no input.
  dialog.showModal();
  reload.focus();
  // What was under way in the viewer may still open a dialog of its own, which would not work.
  new MutationObserver(() => {
    for (const other of document.querySelectorAll("dialog[open]:not(#stopped)")) other.close();
    reload.focus();
  }).observe(document.body, { subtree: true, attributeFilter: ["open"] });
};
globalThis.viewerStopped = stopped;

/** Whether an error came out of WebAssembly and ended it. */
const isTrap = (error) =>
  globalThis.WebAssembly &&
  (error instanceof WebAssembly.RuntimeError || (error instanceof RangeError && /wasm/.test(error.stack ?? "")));
addEventListener("error", ({ error }) => isTrap(error) && stopped(`${error.name}: ${error.message}`));
addEventListener("unhandledrejection", ({ reason }) => isTrap(reason) && stopped(`${reason.name}: ${reason.message}`));

/** Says in the page why the viewer cannot start. */
const failed = (why) => {
  const starting = document.getElementById("starting");
  starting.firstElementChild.textContent = "The viewer cannot start";
  starting.lastElementChild.replaceWith(element("p", { textContent: why }));
  starting.className = "page failed";
  const alert = element("div", {}, ...starting.children);
  alert.setAttribute("role", "alert");
  starting.append(alert);
};

/** What an address needs besides the page starts to load with the page. */
const preload = () => {
  let parts = [];
  if (/^(#\/?)?$/.test(location.hash)) {
    parts = FILES.parts.start;
  } else if (globalThis.Worker && location.hash.startsWith("#/history")) {
    parts = FILES.parts.history;
    // As large as the page, so the two start together.
    const worker = (globalThis.historyWorker = new Worker(FILES.historyWorker));
    worker.onmessage = () => (worker.isReady = true);
    worker.onerror = () => (worker.isBroken = true);
  }
  for (const [href, integrity] of parts) {
    document.head.append(element("link", { rel: "preload", as: "fetch", crossOrigin: "", href, integrity }));
  }
};

if (globalThis.WebAssembly) {
  try {
    preload();
    const { default: init } = await import(FILES.script);
    await init({ module_or_path: fetch(new URL(FILES.wasm, import.meta.url), { integrity: FILES.integrity }) });
    document.getElementById("starting").remove();
  } catch (error) {
    failed(
      "One of its files is missing, or is not as it was built. Load the page again: its host may have put up a new " +
        `version meanwhile. If that does not help, report it to whoever hosts the viewer. (${error})`,
    );
    throw error;
  }
} else {
  const why =
    "This browser has no WebAssembly, or it is turned off here. Use a current Chrome, Edge, Firefox or Safari, " +
    "or allow WebAssembly for this page.";
  failed(why);
  throw new Error(why);
}

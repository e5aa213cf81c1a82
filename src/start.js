// Starts the viewer, and says so where it cannot start or has stopped.
//
// scripts/finish-dist.mjs puts `FILES`, the names and hashes of what it built, before this text and
// makes a file of both. Nothing here may need the viewer's WebAssembly: it is what is left without it.

// Leptos' `view!` makes elements that never change from markup which is compiled in. With Trusted Types only a
// policy lets it: this one passes elements and attributes that cannot run, load or send anything, and text. A
// list of what is harmless stays right when browsers learn something new.
const INERT_TAGS = (
  "a article aside b br button caption code col colgroup dd details div dl dt em footer h1 h2 h3 h4 header hr i " +
  "input kbd label legend li main mark nav ol optgroup option p pre section select small span strong summary sup " +
  "table tbody td textarea tfoot th thead time tr ul circle defs g line path polygon polyline rect svg text title"
).split(" ");
const INERT_ATTRIBUTES =
  /^(aria-[a-z]+|data-[a-z-]+|autocomplete|autofocus|checked|class|colspan|cx|cy|d|dir|disabled|download|fill|for|height|hidden|id|inputmode|label|maxlength|multiple|name|open|placeholder|points|r|readonly|rel|required|role|rows|rowspan|rx|scope|selected|spellcheck|stroke|style|tabindex|target|title|transform|type|value|viewBox|width|x|x1|x2|xmlns|y|y1|y2)$/;

/** Whether markup holds only what `INERT_TAGS` and `INERT_ATTRIBUTES` name, links into the page or over HTTPS, and text. */
const isInert = (html) => {
  const tag = /<\/?([a-z][a-z0-9]*)((?: [A-Za-z][A-Za-z0-9-]*(?:="[^"<>]*")?)*) ?\/?>/g;
  const isKnown = (attribute) => {
    const [, name, value] = /^([^=]*)(?:="(.*)")?$/s.exec(attribute);
    return name === "href" ? /^(#|https:\/\/)/.test(value ?? "") : INERT_ATTRIBUTES.test(name);
  };
  const rest = html.replaceAll(tag, (whole, name, attributes) => {
    const all = attributes.match(/[A-Za-z][A-Za-z0-9-]*(?:="[^"]*")?/g) ?? [];
    return INERT_TAGS.includes(name) && all.every(isKnown) ? "" : whole;
  });
  return !rest.includes("<");
};

// What a policy does not return a text for, the browser refuses.
globalThis.trustedTypes?.createPolicy("default", {
  createHTML: (html) => (isInert(html) ? html : undefined),
  // The address of a script: of the viewer's own workers, and of what the page's policy names.
  createScriptURL: (url) => (FILES.scripts.includes(url) ? url : undefined),
});

const element = (tag, properties, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

/** The kind of page that an address shows: its fixed words, without names of the user's. */
const kindOfPage = () => {
  const words = [
    "projects",
    "locations",
    "deliveryPipelines",
    "releases",
    "rollouts",
    "jobRuns",
    "history",
    "log",
    "demo",
  ];
  const [path] = location.hash.replace(/^#\/?/, "").split("?");
  const isKnown = (word) => words.includes(word);
  return path
    ? path
        .split("/")
        .map((part) => (isKnown(part) ? part : "*"))
        .join("/")
    : "start";
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
  const copy = element("button", {
    type: "button",
    className: "button",
    textContent: "Copy the report",
  });
  copy.onclick = async () => {
    try {
      await navigator.clipboard.writeText(report);
      copy.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(shown);
      copy.textContent = "Press Ctrl+C to copy";
    }
  };
  const reload = element("button", {
    type: "button",
    className: "button primary",
    textContent: "Reload",
  });
  reload.onclick = () => location.reload();
  const dialog = element(
    "dialog",
    { id: "stopped", oncancel: (event) => event.preventDefault() },
    element("h2", { id: "stopped-title", textContent: "The viewer stopped" }),
    element("p", {
      textContent: "An internal error ended this page. Your rollouts are not affected.",
    }),
    element("p", {
      textContent: "Reload to go on at the same address. A token must be entered again.",
    }),
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
  (error instanceof WebAssembly.RuntimeError ||
    (error instanceof RangeError && /wasm/.test(error.stack ?? "")));
addEventListener(
  "error",
  ({ error }) => isTrap(error) && stopped(`${error.name}: ${error.message}`),
);
addEventListener(
  "unhandledrejection",
  ({ reason }) => isTrap(reason) && stopped(`${reason.name}: ${reason.message}`),
);

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
    document.head.append(
      element("link", { rel: "preload", as: "fetch", crossOrigin: "", href, integrity }),
    );
  }
};

if (globalThis.WebAssembly) {
  try {
    preload();
    const { default: init } = await import(FILES.script);
    await init({
      module_or_path: fetch(new URL(FILES.wasm, import.meta.url), { integrity: FILES.integrity }),
    });
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

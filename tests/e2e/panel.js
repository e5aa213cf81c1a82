// Reads the panel of the selected run; the body of a function. `select` has the selectors, by name.
const panel = document.querySelector(select.panel);
const text = (css, within = panel) => within.querySelector(css)?.textContent.trim() ?? "";
const all = (css, within = panel) => [...within.querySelectorAll(css)];
const badge = panel.querySelector(select.badge);
const button = panel.querySelector(select.terminate);
return {
  job: text(select.job),
  subtitle: panel.querySelector(select.subtitle).innerText.trim(),
  badge: {
    text: badge.textContent.trim(),
    class: badge.className.replace("state-badge", "").trim(),
    icon: badge.querySelector(select.iconPath).getAttribute("d"),
  },
  terminate: {
    enabled: !button.disabled,
    reason: button.title,
    beside: text(select.besideTerminate),
  },
  note: text(select.stateNote),
  failures: all(select.failure).map((box) => ({
    cause: text(select.cause, box),
    check: text(select.check, box),
    meaning: text(select.meaning, box),
    message: box.querySelector(select.message)?.textContent ?? "",
    next: text(select.next, box),
    build: box.querySelector(select.link)?.getAttribute("href") ?? "",
  })),
  flags: all(select.flag).map((flag) => flag.textContent),
  times: all(select.timeCell).map((cell) => [
    text(select.timeText, cell),
    cell.querySelector(select.time)?.getAttribute("datetime") ?? "",
  ]),
  sections: all(select.section).map((part) => ({
    title: text(select.sectionTitle, part),
    failed: !!part.querySelector(select.sectionFailed),
    note: text(select.sectionNote, part),
    facts: all(select.fact, part).flatMap((fact) =>
      all(select.factValue, fact).map((value) => [
        fact.querySelector(select.factLabel).textContent,
        value.querySelector(select.factText).textContent,
        value.querySelector(select.link)?.getAttribute("href") ?? "",
      ]),
    ),
  })),
};

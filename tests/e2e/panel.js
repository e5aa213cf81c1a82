// Reads the panel of the selected run; the body of a function.
const panel = document.querySelector('.run-panel');
const text = (css, within = panel) => within.querySelector(css)?.textContent.trim() ?? '';
const all = (css, within = panel) => [...within.querySelectorAll(css)];
const badge = panel.querySelector('.run-header .state-badge');
const button = panel.querySelector('.terminate .ask > button');
return {
  job: text('.run-title h2'),
  subtitle: panel.querySelector('.run-subtitle').innerText.trim(),
  badge: {
    text: badge.textContent.trim(),
    class: badge.className.replace('state-badge', '').trim(),
    icon: badge.querySelector('path').getAttribute('d'),
  },
  terminate: { enabled: !button.disabled, reason: button.title, beside: text('.terminate > .absent') },
  note: text('.state-note'),
  failures: all('.failure').map((box) => ({
    cause: text('h3 code', box),
    check: text('.failure-check', box),
    meaning: text('h3 + p', box),
    message: box.querySelector('.failure-message')?.textContent ?? '',
    next: text('.failure-next', box),
    build: box.querySelector('a')?.getAttribute('href') ?? '',
  })),
  flags: all('.flags li').map((flag) => flag.textContent),
  times: all('.run-times td').map((cell) => [
    text('time, .absent, .is-wrong', cell),
    cell.querySelector('time')?.getAttribute('datetime') ?? '',
  ]),
  sections: all('.panel-part:not(.build)').map((part) => ({
    title: text('h3', part),
    failed: !!part.querySelector('h3.is-failed'),
    note: text(':scope > .absent', part),
    facts: all('.fact', part).flatMap((fact) =>
      all('dd', fact).map((value) => [
        fact.querySelector('dt').textContent,
        value.querySelector('.long-text').textContent,
        value.querySelector('a')?.getAttribute('href') ?? '',
      ]),
    ),
  })),
};

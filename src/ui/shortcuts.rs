//! The keys that the page knows, told on `?`.

use super::button::button;
use super::dialog::Dialog;
use super::el::{El, el};

const SHORTCUTS: [(&str, &str); 7] = [
    ("/", "go to the box that opens things, or to the search of an open log"),
    ("n N", "in a log, go to the next line found, or to the one before"),
    ("← → ↑ ↓", "step through the runs of a timeline"),
    ("Enter", "open what has the focus"),
    ("Tab", "go to the next control"),
    ("Escape", "close a dialog"),
    ("?", "show these keys"),
];

/// The list, in a dialog that is closed at first.
pub fn shortcuts(dialog: Dialog) -> El {
    let rows = SHORTCUTS.map(|(key, meaning)| {
        el("div").child(el("dt").child(el("kbd").text(key))).child(el("dd").text(meaning))
    });
    dialog
        .element()
        .attr("aria-label", "Keyboard shortcuts")
        .child(el("h2").text("Keyboard shortcuts"))
        .child(el("dl").class("shortcuts").children(rows))
        .child(
            el("div")
                .class("dialog-buttons")
                .child(button("", "Close").flag("autofocus", true).on("click", move |_| dialog.close())),
        )
}

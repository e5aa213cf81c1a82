//! The list of keyboard shortcuts, shown on `?`.

use leptos::prelude::*;

use crate::ui::dom::el::el;
use crate::ui::widgets::button::button;
use crate::ui::widgets::dialog::Dialog;

const SHORTCUTS: [(&str, &str); 7] = [
    ("/", "go to the box that opens things, or to the search of an open log"),
    ("n N", "in a log, go to the next line found, or to the one before"),
    ("← → ↑ ↓", "step through the runs of a timeline"),
    ("Enter", "open what has the focus"),
    ("Tab", "go to the next control"),
    ("Escape", "close a dialog"),
    ("?", "show these keys"),
];

/// The list, in a dialog.
pub(crate) fn shortcuts(dialog: Dialog) -> AnyView {
    let rows = SHORTCUTS.map(|(key, meaning)| {
        el("div").child(el("dt").child(el("kbd").text(key))).child(el("dd").text(meaning))
    });
    (
        el("h2").text("Keyboard shortcuts"),
        el("dl").class("shortcuts").children(rows),
        el("div")
            .class("dialog-buttons")
            .child(button("", "Close").flag("autofocus", true).on("click", move |_| dialog.close())),
    )
        .into_any()
}

//! The list of keyboard shortcuts, shown on `?`.

use leptos::prelude::*;

use crate::ui::lazy::lazy_fn;
use crate::ui::widgets::dialog::Dialog;

const SHORTCUTS: [(&str, &str); 7] = [
    (
        "/",
        "go to the box that opens things, or to the search of an open log",
    ),
    (
        "n N",
        "in a log, go to the next line found, or to the one before",
    ),
    ("← → ↑ ↓", "step through the runs of a timeline"),
    ("Enter", "open what has the focus"),
    ("Tab", "go to the next control"),
    ("Escape", "close a dialog"),
    ("?", "show these keys"),
];

/// Lists the shortcuts, in a dialog.
#[component]
pub(crate) fn Shortcuts(dialog: Dialog) -> impl IntoView {
    let rows = SHORTCUTS
        .map(|(key, meaning)| view! { <div><dt><kbd>{key}</kbd></dt><dd>{meaning}</dd></div> })
        .into_iter()
        .collect_view();
    view! {
        <h2>"Keyboard shortcuts"</h2>
        <dl class="shortcuts">{rows}</dl>
        <div class="dialog-buttons">
            <button type="button" class="button" autofocus on:click=move |_| dialog.close()>"Close"</button>
        </div>
    }
}

lazy_fn! {
    part: dialogs, preload: load_shortcuts;
    /// [`Shortcuts`], loaded on first use.
    pub(crate) async fn lazy_shortcuts(dialog: Dialog) -> AnyView {
        view! { <Shortcuts dialog /> }.into_any()
    }
}

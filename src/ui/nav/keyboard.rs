//! Keyboard shortcuts of the whole page.

use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::ui::dom::focus::focus_on;
use crate::ui::widgets::dialog::Dialog;

/// Handles the shortcuts until the owner is cleaned up. `help` lists them.
pub(crate) fn handle_keys(help: Dialog) {
    let listener = window_event_listener(ev::keydown, move |event| {
        if !is_for_the_page(&event) {
            return;
        }
        match event.key().as_str() {
            // In a log, it focuses the search.
            "/" if has_log() => focus_on(".log-query"),
            "/" => focus_on(".open-box textarea"),
            "?" => help.open(),
            _ => return,
        }
        // Or the box would have a slash in it.
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
}

fn has_log() -> bool {
    document()
        .query_selector(".log-query")
        .is_ok_and(|field| field.is_some())
}

/// Whether a key is meant for the page: not for a field, not for a dialog, and no shortcut of the
/// browser or the system.
fn is_for_the_page(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let is_typed = target.is_some_and(|element| {
        element
            .closest("input, textarea, select, dialog, [contenteditable]")
            .ok()
            .flatten()
            .is_some()
    });
    !is_typed
        && !event.ctrl_key()
        && !event.meta_key()
        && !event.alt_key()
        && !event.default_prevented()
}

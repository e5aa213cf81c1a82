//! What forms share.

use leptos::wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

use crate::ui::dom::el::{El, el};

/// A form that does something else than what a browser does with one.
pub(crate) fn form(mut submit: impl FnMut() + 'static) -> El {
    el("form").on("submit", move |event| {
        event.prevent_default();
        submit();
    })
}

/// What the input or text area that an event came from holds.
pub(crate) fn input_value(event: &Event) -> String {
    // Both have a `value`, which is all that is read.
    event.target().map(|target| target.unchecked_into::<HtmlInputElement>().value()).unwrap_or_default()
}

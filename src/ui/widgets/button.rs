//! Buttons.

use crate::ui::dom::el::{El, Words, el};

/// A button that does something when pressed, which the caller hears as `click`. `look` is empty
/// or one of `quiet`, `primary`, `danger` and `danger solid`.
pub fn button(look: &'static str, label: impl Words) -> El {
    of_type("button", look).text(label)
}

/// A button that submits its form.
pub fn submit_button(look: &'static str, label: impl Words) -> El {
    of_type("submit", look).text(label)
}

fn of_type(kind: &'static str, look: &'static str) -> El {
    el("button").attr("type", kind).class(format!("button {look}"))
}

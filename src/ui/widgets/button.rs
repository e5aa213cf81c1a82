//! Buttons.

use crate::ui::dom::el::{El, Words, el};

/// A button that does something when pressed, which the caller handles as `click`. `variant` is empty
/// or one of `quiet`, `primary`, `danger` and `danger solid`.
pub(crate) fn button(variant: &'static str, label: impl Words) -> El {
    of_type("button", variant).text(label)
}

/// A button that submits its form.
pub(crate) fn submit_button(variant: &'static str, label: impl Words) -> El {
    of_type("submit", variant).text(label)
}

fn of_type(kind: &'static str, variant: &'static str) -> El {
    el("button").attr("type", kind).class(format!("button {variant}"))
}

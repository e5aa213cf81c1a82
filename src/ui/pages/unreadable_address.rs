//! The page of an address that names nothing.

use crate::core::name::NameError;
use crate::ui::dom::el::{El, el};
use crate::ui::nav::omnibox::omnibox;

/// Says what is wrong with it, and lets it be corrected.
pub(crate) fn unreadable_address(error: &NameError) -> El {
    el("section")
        .class("notice")
        .child(el("h1").attr("tabindex", "-1").text("This address names no rollout"))
        .child(el("p").text(error.to_string()))
        .child(el("p").text("You can paste another name here."))
        .child(omnibox(error.text().to_owned()))
}

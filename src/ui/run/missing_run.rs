//! What stands in the panel when the address names a run that was not read.

use super::shown::Shown;
use crate::ui::dom::dynamic::text;
use crate::ui::dom::el::{El, el};
use leptos::prelude::*;

/// Says which run it is, and why it may be missing.
pub(crate) fn missing_run(shown: Shown) -> El {
    let id = text(move || shown.selected.get().unwrap_or_default());
    el("div")
        .class("notice is-empty")
        .child(el("h2").text("This rollout has no such job run"))
        .child(el("p").text("The address selects ").child(el("code").class("long-text").text(id)).text(
        ", which is not among the runs that were read. A filter may hide it, or it was of another rollout. \
             Select a run on the timeline.",
    ))
}

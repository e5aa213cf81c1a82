//! Says that a list is not whole.

use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::ui::dom::dynamic::dynamic_option;
use crate::ui::dom::el::el;

/// A note that names the locations that the server could not reach; empty if there are none.
pub(crate) fn unreachable_note(locations: Signal<Vec<String>>) -> AnyView {
    dynamic_option(move || {
        let locations = locations.get();
        let note = el("span")
            .text("The list is not whole: the server could not reach ")
            .child(el("b").text(locations.join(", ")))
            .text(".");
        (!locations.is_empty()).then(|| {
            el("p").class("notice is-warning").attr("role", "status").child(icon(Icon::Warning)).child(note)
        })
    })
}

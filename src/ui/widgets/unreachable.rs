//! Says that a list is not whole.

use leptos::prelude::*;

use super::icon::{Icon, SvgIcon, icon};
use crate::core::text::clip;
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

/// Names the locations that the server could not reach; empty if there are none.
#[component]
pub(crate) fn UnreachableNote(#[prop(into)] locations: Signal<Vec<String>>) -> impl IntoView {
    move || {
        let locations = locations.get();
        (!locations.is_empty()).then(|| {
            view! {
                <p class="notice is-warning" role="status">
                    <SvgIcon icon=Icon::Warning />
                    <span>
                        "The list is not whole: the server could not reach " <b>{clip(locations.join(", "))}</b> "."
                    </span>
                </p>
            }
        })
    }
}

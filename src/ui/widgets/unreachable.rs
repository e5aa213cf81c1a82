//! Says that a list is not whole.

use leptos::prelude::*;

use super::icon::{Icon, SvgIcon};
use crate::core::text::clip;

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

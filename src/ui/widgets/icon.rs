//! The icons, drawn from their [outlines](crate::model::explain::icon).

use leptos::prelude::*;

pub(crate) use crate::model::explain::icon::Icon;

/// Draws an icon, which says nothing to a screen reader: the text beside it does.
#[component]
pub(crate) fn SvgIcon(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=icon.path() />
        </svg>
    }
}

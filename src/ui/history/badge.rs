//! A state with the words of the history's worker.

use leptos::prelude::*;

use crate::core::text::clip;
use crate::model::explain::state_class;
use crate::ui::widgets::icon::{Icon, SvgIcon};
use crate::workers::history::protocol::Badge;

/// Shows a state by colour, shape and word.
#[component]
pub(super) fn RunBadge(badge: Badge) -> impl IntoView {
    let Badge { state, label } = badge;
    view! {
        <span class=format!("state-badge {}", state_class(&state))>
            <SvgIcon icon=Icon::of(&state) />
            {clip(label)}
        </span>
    }
}

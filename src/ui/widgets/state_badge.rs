//! A state, by colour, shape and word.

use leptos::prelude::*;

use super::icon::{Icon, SvgIcon};
use crate::api::job_run::State;
use crate::core::text::clip;
use crate::model::explain::{state, state_label};

pub(crate) use crate::model::explain::state_class;

/// Shows a state by colour, shape and word.
#[component]
pub(crate) fn StateBadge(of: State) -> impl IntoView {
    view! {
        <span class=format!("state-badge {}", state_class(&of)) title=clip(state(&of).meaning)>
            <SvgIcon icon=Icon::of(&of) />
            {clip(state_label(&of))}
        </span>
    }
}

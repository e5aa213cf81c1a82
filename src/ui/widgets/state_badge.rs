//! A state, by colour, shape and word.

use leptos::prelude::*;

use super::icon::{Icon, SvgIcon, icon};
use crate::api::job_run::State;
use crate::core::text::clip;
use crate::model::explain::{state, state_label};
use crate::ui::dom::el::{El, el};

pub(crate) use crate::model::explain::state_class;

pub(crate) fn state_badge(of: &State) -> El {
    el("span")
        .class(format!("state-badge {}", state_class(of)))
        .attr("title", state(of).meaning)
        .child(icon(Icon::of(of)))
        .text(state_label(of).to_owned())
}

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

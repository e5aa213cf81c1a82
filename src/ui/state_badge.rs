//! A state, by colour, shape and word.

use leptos::prelude::*;

use super::icon::{Icon, Shape};
use crate::api::job_run::State;
use crate::model::explain::{state, state_label};

/// The class that gives a state its colours.
pub fn state_class(state: &State) -> &'static str {
    match state {
        State::Succeeded => "is-succeeded",
        State::Failed => "is-failed",
        State::InProgress => "is-in-progress",
        State::Terminating => "is-terminating",
        State::Terminated => "is-terminated",
        State::Unspecified | State::Unrecognized(_) => "is-unknown",
    }
}

#[component]
pub fn StateBadge(of: State) -> impl IntoView {
    let class = format!("state-badge {}", state_class(&of));
    view! {
        <span class=class title=state(&of).meaning>
            <Icon shape=Shape::of(&of) />
            {state_label(&of).to_owned()}
        </span>
    }
}

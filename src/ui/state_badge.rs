//! A state, by colour, shape and word.

use super::el::{El, el};
use super::icon::{Shape, icon};
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

pub fn state_badge(of: &State) -> El {
    el("span")
        .class(format!("state-badge {}", state_class(of)))
        .attr("title", state(of).meaning)
        .child(icon(Shape::of(of)))
        .text(state_label(of).to_owned())
}

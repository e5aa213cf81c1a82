//! Where a rollout stands, by colour, shape and word.

use leptos::prelude::*;

use crate::api::rollout::RolloutState;
use crate::model::rollout::state_label;
use crate::ui::dom::dynamic::dynamic_option;
use crate::ui::dom::el::{El, el};
use crate::ui::dom::live::Live;
use crate::ui::widgets::icon::{Shape, icon};

/// The state's badge; nothing while it is not known.
pub fn rollout_badge(state: Live<Option<RolloutState>>) -> AnyView {
    dynamic_option(move || state.read().as_ref().map(rollout_state))
}

/// A state's badge.
pub fn rollout_state(state: &RolloutState) -> El {
    let (class, shape) = appearance(state);
    badge(class, shape, format!("The rollout is {state}."), state_label(state).to_owned())
}

/// A badge of any kind of state, with what it means on hovering.
pub fn badge(class: &str, shape: Shape, meaning: String, label: String) -> El {
    el("span").class(format!("state-badge {class}")).attr("title", meaning).child(icon(shape)).text(label)
}

/// The class that gives a state its colours, and its shape.
pub fn appearance(state: &RolloutState) -> (&'static str, Shape) {
    match state {
        RolloutState::Succeeded => ("is-succeeded", Shape::Check),
        RolloutState::Failed => ("is-failed", Shape::Cross),
        RolloutState::ApprovalRejected => ("is-terminated", Shape::Cross),
        RolloutState::InProgress => ("is-in-progress", Shape::Play),
        RolloutState::PendingApproval | RolloutState::Pending | RolloutState::PendingRelease => {
            ("is-terminating", Shape::Hourglass)
        }
        RolloutState::Cancelling => ("is-terminating", Shape::Square),
        RolloutState::Cancelled | RolloutState::Halted => ("is-terminated", Shape::Square),
        RolloutState::Unspecified | RolloutState::Unrecognized(_) => ("is-unknown", Shape::Question),
    }
}

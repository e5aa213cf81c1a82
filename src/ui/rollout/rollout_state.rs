//! Where a rollout stands, by colour, shape and word.

use leptos::prelude::*;

use crate::api::rollout::RolloutState;
use crate::model::rollout::state_label;
use crate::ui::dom::dynamic::dynamic_option;
use crate::ui::dom::el::{El, el};
use crate::ui::widgets::icon::{Icon, icon};

/// The state's badge; nothing while it is not known.
pub(crate) fn rollout_badge(state: Signal<Option<RolloutState>>) -> AnyView {
    dynamic_option(move || state.read().as_ref().map(rollout_state))
}

/// A state's badge.
pub(crate) fn rollout_state(state: &RolloutState) -> El {
    let (class, state_icon) = appearance(state);
    badge(class, state_icon, format!("The rollout is {state}."), state_label(state).to_owned())
}

/// A badge of any kind of state, with what it means on hovering.
pub(crate) fn badge(class: &str, state_icon: Icon, meaning: String, label: String) -> El {
    el("span")
        .class(format!("state-badge {class}"))
        .attr("title", meaning)
        .child(icon(state_icon))
        .text(label)
}

/// The class that gives a state its colours, and its icon.
pub(crate) fn appearance(state: &RolloutState) -> (&'static str, Icon) {
    match state {
        RolloutState::Succeeded => ("is-succeeded", Icon::Check),
        RolloutState::Failed => ("is-failed", Icon::Cross),
        RolloutState::ApprovalRejected => ("is-terminated", Icon::Cross),
        RolloutState::InProgress => ("is-in-progress", Icon::Play),
        RolloutState::PendingApproval | RolloutState::Pending | RolloutState::PendingRelease => {
            ("is-terminating", Icon::Hourglass)
        }
        RolloutState::Cancelling => ("is-terminating", Icon::Square),
        RolloutState::Cancelled | RolloutState::Halted => ("is-terminated", Icon::Square),
        RolloutState::Unspecified | RolloutState::Unrecognized(_) => ("is-unknown", Icon::Question),
    }
}

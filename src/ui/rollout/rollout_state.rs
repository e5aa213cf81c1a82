//! The state of a rollout, by colour, shape and word.

use leptos::prelude::*;

use crate::api::rollout::RolloutState;
use crate::core::text::clip;
use crate::model::rollout::state_label;
use crate::ui::widgets::icon::{Icon, SvgIcon};

/// The badge of a rollout's state; nothing while it is not known.
#[component]
pub(crate) fn RolloutBadge(#[prop(into)] state: Signal<Option<RolloutState>>) -> impl IntoView {
    move || state.get().map(|of| view! { <RolloutStateBadge of /> })
}

/// The badge of a state.
#[component]
pub(crate) fn RolloutStateBadge(of: RolloutState) -> impl IntoView {
    let (class, icon) = appearance(&of);
    let meaning = format!("The rollout is {of}.");
    view! { <Badge class icon meaning label=state_label(&of) /> }
}

/// A badge of any kind of state.
#[component]
pub(crate) fn Badge(
    /// The class that gives the state its colours.
    class: &'static str,
    icon: Icon,
    /// What the state means, shown on hovering.
    #[prop(into)]
    meaning: String,
    #[prop(into)] label: String,
) -> impl IntoView {
    view! {
        <span class=format!("state-badge {class}") title=clip(meaning)>
            <SvgIcon icon />
            {clip(label)}
        </span>
    }
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

//! Actions that the user can request, and the state of a request.

use std::sync::Arc;

use leptos::prelude::*;

use crate::api::error::ApiError;
use crate::core::name::RolloutName;
use crate::model::rollout::Offer;
use crate::model::run::Run;
use crate::ui::rollout::tree::Tree;

/// An action that changes what runs in the cloud.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "there are a few at most")]
pub(crate) enum UserAction {
    /// Terminates a job run.
    Terminate(Signal<Option<Arc<Run>>>),
    /// Acts on a rollout or one of its jobs.
    Rollout(Offer, RolloutName),
}

impl UserAction {
    /// The label of the button, while no request is under way.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Terminate(_) => "Terminate".to_owned(),
            Self::Rollout(offer, _) => offer.label.clone(),
        }
    }

    /// The title of the dialog that asks for confirmation.
    pub(super) fn title(&self) -> String {
        match self {
            Self::Terminate(_) => "Terminate this job run?".to_owned(),
            Self::Rollout(offer, _) => offer.question.clone(),
        }
    }

    /// The labels while the request is under way: of both buttons until the response, then of the first until the
    /// state has changed.
    pub(super) fn progress(&self) -> (&'static str, &'static str) {
        match self {
            Self::Terminate(_) => ("Terminating…", "Termination requested"),
            Self::Rollout(..) => ("Asking…", "Requested"),
        }
    }

    /// The rollout that it acts on, if known. Tracks the run of a termination.
    pub(super) fn rollout(&self) -> Option<RolloutName> {
        match self {
            Self::Terminate(run) => Some(run.read().as_ref()?.name.clone()?.rollout),
            Self::Rollout(_, rollout) => Some(rollout.clone()),
        }
    }

    /// Whether it is destructive.
    pub(super) fn is_harmful(&self) -> bool {
        match self {
            Self::Terminate(_) => true,
            Self::Rollout(offer, _) => offer.is_harmful,
        }
    }
}

/// The state of the request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ActionState {
    Idle,
    Sending,
    Sent,
    Refused(ApiError),
}

impl ActionState {
    /// Whether the request was sent, and was not refused so far.
    pub(super) fn is_sent(&self) -> bool {
        matches!(self, Self::Sending | Self::Sent)
    }
}

/// What the dialog confirms, and the state of the request.
#[derive(Clone)]
pub(crate) struct Confirmation {
    pub action: UserAction,
    pub state: RwSignal<ActionState>,
    /// Why the action is not possible now, if so.
    pub disabled_reason: Signal<Option<&'static str>>,
    /// Whether the buttons are disabled.
    pub is_off: Signal<bool>,
    pub tree: Tree,
}

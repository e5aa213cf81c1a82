//! What can be asked for, and how far it has come.

use std::sync::Arc;

use leptos::prelude::*;

use crate::api::error::ApiError;
use crate::core::name::RolloutName;
use crate::model::rollout::Offer;
use crate::model::run::Run;
use crate::ui::dom::live::{Live, Var};
use crate::ui::rollout::tree::Tree;

/// What is asked for.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "there are a few at most")]
pub enum Deed {
    /// That the run ends.
    Terminate(Live<Option<Arc<Run>>>),
    Act(Offer, RolloutName),
}

impl Deed {
    /// The button that asks, while nothing goes on.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Terminate(_) => "Terminate".to_owned(),
            Self::Act(offer, _) => offer.label.clone(),
        }
    }

    /// The title of the question.
    pub fn question(&self) -> String {
        match self {
            Self::Terminate(_) => "Terminate this job run?".to_owned(),
            Self::Act(offer, _) => offer.question.clone(),
        }
    }

    /// What stands on the buttons while the answer is awaited, and on the first button from then until
    /// the state has changed.
    pub fn progress(&self) -> (&'static str, &'static str) {
        match self {
            Self::Terminate(_) => ("Terminating…", "Termination requested"),
            Self::Act(..) => ("Asking…", "Requested"),
        }
    }

    /// Whether it ends or throws away something.
    pub fn is_harmful(&self) -> bool {
        match self {
            Self::Terminate(_) => true,
            Self::Act(offer, _) => offer.is_harmful,
        }
    }
}

/// How far it has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Idle,
    Sending,
    Sent,
    Refused(ApiError),
}

/// What is asked, and how far it has come.
#[derive(Clone)]
pub struct Question {
    pub deed: Deed,
    pub step: Var<Step>,
    /// Why it cannot be done now, if so.
    pub hindrance: Live<Option<&'static str>>,
    /// Whether the buttons are off.
    pub is_off: Signal<bool>,
    pub tree: Tree,
}

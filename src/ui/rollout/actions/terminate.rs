//! The button that terminates a run, after confirmation.

use std::sync::Arc;

use leptos::prelude::*;

use super::action_button::ActionButton;
use super::user_action::UserAction;
use crate::api::job_run::State;
use crate::model::run::{JobKind, Run};
use crate::ui::nav::link::{use_address, use_replace};
use crate::ui::rollout::tree::Tree;

/// Shows the button that asks to terminate a run.
#[component]
pub(crate) fn Terminate(run: Signal<Option<Arc<Run>>>, tree: Tree) -> impl IntoView {
    let disabled_reason =
        Memo::new(move |_| run.read().as_ref().and_then(|run| disabled_reason(run)));
    // The reason stands beside the button only where a reader would wonder.
    let surprise = move || {
        let reason = disabled_reason.get()?;
        let in_progress = run
            .read()
            .as_ref()
            .is_some_and(|run| run.json.state == State::InProgress);
        in_progress.then(|| view! { <p class="absent">{reason}</p> })
    };
    let on_toggle = use_pin_run(Some(run));
    view! {
        <div class="terminate">
            <ActionButton action=UserAction::Terminate(run) disabled_reason tree on_toggle />
            {surprise}
        </div>
    }
}

/// Returns a callback to run when a dialog opens or closes. On opening it selects the run in the address: the
/// viewer may have chosen it by itself, and another may become the more telling one meanwhile.
pub(super) fn use_pin_run(run: Option<Signal<Option<Arc<Run>>>>) -> UnsyncCallback<bool> {
    let (address, replace) = (use_address(), use_replace());
    UnsyncCallback::new(move |is_opened| {
        let id = run.and_then(|run| run.read_untracked().as_ref().map(|run| run.id.clone()));
        if let Some(id) = id.filter(|_| is_opened) {
            replace(&address.get_untracked().select(Some(&id)));
        }
    })
}

/// Why a run cannot be terminated; `None` when it can.
fn disabled_reason(run: &Run) -> Option<&'static str> {
    if run.json.state != State::InProgress {
        return Some("Only a run in progress can be terminated.");
    }
    if run.name.is_none() {
        return Some("The run's name cannot be read, so it cannot be addressed.");
    }
    match run.kind {
        JobKind::CreateChildRollout | JobKind::AdvanceChildRollout => Some(
            "Runs of a controller rollout cannot be terminated. Open the child rollout instead.",
        ),
        _ => None,
    }
}

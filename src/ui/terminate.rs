//! Stops a run, after asking, once.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use super::ask::{Ask, ask};
use super::dynamic::dynamic_option;
use super::el::{El, el};
use super::live::{Live, memo};
use super::place::{shown_place, shown_rollout};
use super::session::use_session;
use super::state_badge::state_badge;
use super::tree::Tree;
use crate::api::error::ApiError;
use crate::api::job_run::State;
use crate::model::explain::Doing;
use crate::model::run::{Kind, Run};
use crate::model::verdict::{job_label, phase_label};

/// The button that asks to terminate a run.
pub fn terminate(run: Live<Option<Arc<Run>>>, tree: Tree) -> El {
    let source = StoredValue::new_local(use_session().source(&shown_place()));
    // The API may give the project's number; the source is chosen by what the address says.
    let project = shown_rollout().map(|rollout| rollout.project);
    let send = move |policies: Vec<String>| {
        let source = source.get_value();
        let name = run.read_untracked().as_ref().and_then(|run| run.name.clone());
        let project = project.clone();
        Box::pin(async move {
            // A run without a name is a hindrance, so that this is not reached without one.
            let (Some(mut name), Some(project)) = (name, project) else {
                return Err(ApiError::Part("the run has no name".to_owned()));
            };
            name.rollout.project = project;
            source.terminate(&name, &policies).await
        }) as _
    };
    let hindrance = memo(move || run.read().as_ref().and_then(|run| hindrance(run)));
    // The reason stands beside the button only where a reader would wonder.
    let surprise = move || {
        let reason = hindrance.get()?;
        let in_progress = run.read().as_ref().is_some_and(|run| run.json.state == State::InProgress);
        in_progress.then(|| el("p").class("absent").text(reason))
    };
    let words = Ask {
        label: "Terminate".to_owned(),
        question: "Terminate this job run?".to_owned(),
        effect: "The run is asked to stop and becomes terminated; its job then counts as failed, and the rollout \
                 does not go on. What the run has changed by then stays changed: nothing is rolled back. The job \
                 can be retried or ignored afterwards.",
        keep: "Keep it running",
        confirm: "Terminate the run".to_owned(),
        sending: "Terminating…",
        sent: "Termination requested",
        is_harmful: true,
        doing: Doing::Terminating,
    };
    let about = dynamic_option(move || run.get().map(|run| named_run(&run)));
    el("div")
        .class("terminate")
        .child(ask(words, about, hindrance, tree, Rc::new(send)))
        .child(dynamic_option(surprise))
}

/// Which run it is about.
fn named_run(run: &Run) -> AnyView {
    let what = el("p").class("dialog-run").child(state_badge(&run.json.state)).child(
        el("span")
            .child(el("b").text(job_label(run).to_owned()))
            .text(" in ")
            .child(el("b").text(phase_label(run).to_owned()))
            .text(format!(", attempt {} of {}", run.attempt, run.attempts)),
    );
    let id = el("p").class("dialog-id").child(el("code").class("long-text").text(run.id.clone()));
    (what, id).into_any()
}

/// Why a run cannot be terminated; `None` when it can.
fn hindrance(run: &Run) -> Option<&'static str> {
    if run.json.state != State::InProgress {
        return Some("Only a run in progress can be terminated.");
    }
    if run.name.is_none() {
        return Some("The run's name cannot be read, so it cannot be addressed.");
    }
    match run.kind {
        Kind::CreateChildRollout | Kind::AdvanceChildRollout => {
            Some("Runs of a controller rollout cannot be terminated. Open the child rollout instead.")
        }
        _ => None,
    }
}

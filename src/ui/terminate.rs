//! Stops a run, after asking, once.

use std::sync::Arc;

use leptos::prelude::*;

use super::button::{button, submit_button};
use super::dialog::Dialog;
use super::dynamic::{dynamic_option, flag, text};
use super::el::{El, el};
use super::feed::Feed;
use super::form::{form, input_value};
use super::live::{Live, live, memo};
use super::place::{shown_place, shown_rollout};
use super::session::use_session;
use super::state_badge::state_badge;
use super::trouble_box::trouble_box;
use crate::api::error::{ApiError, Refusal, RefusalKind};
use crate::api::job_run::State;
use crate::model::explain::{Doing, trouble};
use crate::model::run::{Kind, Run};
use crate::model::verdict::{job_label, phase_label};

/// How far a termination has come.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Idle,
    Sending,
    Sent,
    Refused(ApiError),
}

/// The button and its dialog. They outlast new data of the run, so that an answer to a request is
/// shown even when the run has changed meanwhile.
pub fn terminate(run: Live<Option<Arc<Run>>>, feed: Feed) -> El {
    let session = use_session();
    // The API may give the project's number; the source is chosen by what the address says.
    let project = shown_rollout().map(|rollout| rollout.project);
    let source = StoredValue::new_local(session.source(&shown_place()));
    let dialog = Dialog::new();
    let (step, set_step) = live(Step::Idle);
    let (policies, set_policies) = live(String::new());
    let (override_open, set_override_open) = live(false);

    let open = move |_| {
        if matches!(*step.read_untracked(), Step::Refused(_)) {
            set_step.set(Step::Idle);
        }
        dialog.open();
    };
    let send = move || {
        let name = run.read_untracked().as_ref().and_then(|run| run.name.clone());
        let (Some(mut name), Some(project)) = (name, project.clone()) else { return };
        name.rollout.project = project;
        // Checked and set in one turn of the event loop, so that a double click sends once.
        if matches!(*step.read_untracked(), Step::Sending | Step::Sent) {
            return;
        }
        set_step.set(Step::Sending);
        let source = source.get_value();
        let policies: Vec<String> = policies.read_untracked().split_whitespace().map(str::to_owned).collect();
        leptos::task::spawn_local(async move {
            let result = source.terminate(&name, &policies).await;
            // The panel may be gone by now; the request is not undone by that.
            match result {
                Ok(()) => {
                    set_step.set(Step::Sent);
                    dialog.close();
                }
                Err(error) => {
                    if error.refusal().is_some_and(is_by_policy) {
                        set_override_open.set(true);
                    }
                    set_step.set(Step::Refused(error));
                }
            }
            feed.refresh();
        });
    };

    let hindrance = memo(move || run.read().as_ref().and_then(|run| hindrance(run)));
    let is_off =
        flag(move || hindrance.read().is_some() || matches!(*step.read(), Step::Sending | Step::Sent));
    let label = move || match (&*step.read(), hindrance.read().is_some()) {
        (Step::Sending, _) => "Terminating…",
        (Step::Sent, false) => "Termination requested",
        _ => "Terminate",
    };
    let opener = button("danger", text(move || label().to_owned()))
        .flag("disabled", is_off)
        .attr("title", text(move || hindrance.get().unwrap_or_default().to_owned()))
        .on("click", open);
    // The reason stands beside the button only where a reader would wonder.
    let surprise = move || {
        let reason = hindrance.get()?;
        let in_progress = run.read().as_ref().is_some_and(|run| run.json.state == State::InProgress);
        in_progress.then(|| el("p").class("absent").text(reason))
    };
    let policies_field = el("details")
        .class("override")
        .open(override_open)
        .child(el("summary").text("A deploy policy forbids it?"))
        .child(
            el("label")
                .class("field")
                .child(el("span").text("Deploy policies to override, by full name, one a line"))
                .child(
                    el("textarea")
                        .attr("rows", "2")
                        .attr("name", "policies")
                        .attr("spellcheck", "false")
                        .attr("placeholder", "projects/…/locations/…/deployPolicies/…")
                        .value(policies)
                        .on("input", move |event| set_policies.set(input_value(&event))),
                ),
        );
    let confirm = text(move || match *step.read() {
        Step::Sending | Step::Sent => "Terminating…".to_owned(),
        Step::Idle | Step::Refused(_) => "Terminate the run".to_owned(),
    });
    let buttons = el("div")
        .class("dialog-buttons")
        .child(button("", "Keep it running").flag("autofocus", true).on("click", move |_| dialog.close()))
        .child(submit_button("danger solid", confirm).flag("disabled", is_off));
    let refusal = dynamic_option(move || match step.get() {
        Step::Refused(error) => {
            Some(trouble_box(trouble(&error, Doing::Terminating, session.signed_in()), None))
        }
        Step::Idle | Step::Sending | Step::Sent => None,
    });
    let dialog = dialog
        .element()
        .attr("aria-labelledby", "terminate-title")
        .child(
            form(send)
                .child(el("h2").attr("id", "terminate-title").text("Terminate this job run?"))
                .child(dynamic_option(move || run.get().map(|run| named_run(&run))))
                .child(el("p").text(
                    "The run is asked to stop and becomes terminated; its job then counts as failed, and the \
                     rollout does not go on. What the run has changed by then stays changed: nothing is \
                     rolled back. The job can be retried or ignored afterwards.",
                ))
                .child(policies_field)
                .child(buttons),
        )
        // Outside the form, since it may hold one of its own.
        .child(refusal);
    el("div").class("terminate").child(opener).child(dynamic_option(surprise)).child(dialog)
}

/// Whether a deploy policy stood in the way, which can be overridden.
fn is_by_policy(refusal: &Refusal) -> bool {
    refusal.kind == RefusalKind::Conflict && !refusal.violations.is_empty()
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

//! Stops a run, after asking, once.

use std::sync::Arc;

use leptos::html::Dialog;
use leptos::prelude::*;

use super::button::Button;
use super::dynamic::{dynamic_option, flag, memo, text};
use super::feed::Feed;
use super::session::use_session;
use super::state_badge::StateBadge;
use super::trouble_box::TroubleBox;
use crate::api::error::{ApiError, RefusalKind};
use crate::api::job_run::State;
use crate::model::address::Address;
use crate::model::explain::{Doing, trouble};
use crate::model::name::JobRunName;
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
#[component]
pub fn Terminate(run: Memo<Option<Arc<Run>>>, feed: Feed) -> impl IntoView {
    let session = use_session();
    let dialog = NodeRef::<Dialog>::new();
    let (step, set_step) = signal(Step::Idle);
    let (policies, set_policies) = signal(String::new());
    let (override_open, set_override_open) = signal(false);

    let open = move |()| {
        if matches!(*step.read_untracked(), Step::Refused(_)) {
            set_step.set(Step::Idle);
        }
        if let Some(dialog) = dialog.get_untracked() {
            let _ = dialog.show_modal();
        }
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let hindrance = memo(move || run.read().as_ref().and_then(|run| hindrance(run)));
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let name = run.read_untracked().as_ref().and_then(|run| run.name.clone());
        let Some(name) = name.map(with_project_of_page) else { return };
        // Checked and set in one turn of the event loop, so that a double click sends once.
        if matches!(*step.read_untracked(), Step::Sending | Step::Sent) {
            return;
        }
        set_step.set(Step::Sending);
        let source = session.source(&name.rollout);
        let policies: Vec<String> = policies.read_untracked().split_whitespace().map(str::to_owned).collect();
        leptos::task::spawn_local(async move {
            let result = source.terminate(&name, &policies).await;
            // The panel may be gone by now; the request is not undone by that.
            match result {
                Ok(()) => {
                    set_step.try_set(Step::Sent);
                    if let Some(dialog) = dialog.try_get_untracked().flatten() {
                        dialog.close();
                    }
                }
                Err(error) => {
                    let by_policy = error
                        .refusal()
                        .is_some_and(|r| r.kind == RefusalKind::Conflict && !r.violations.is_empty());
                    if by_policy {
                        set_override_open.try_set(true);
                    }
                    set_step.try_set(Step::Refused(error));
                }
            }
            feed.refresh();
        });
    };
    let is_off =
        flag(move || hindrance.read().is_some() || matches!(*step.read(), Step::Sending | Step::Sent));
    let refusal = dynamic_option(move || match step.get() {
        Step::Refused(error) => {
            let trouble = trouble(&error, Doing::Terminating, session.signed_in());
            Some(view! { <TroubleBox trouble /> })
        }
        Step::Idle | Step::Sending | Step::Sent => None,
    });
    let button = move || match (&*step.read(), hindrance.read().is_some()) {
        (Step::Sending, _) => "Terminating…",
        (Step::Sent, false) => "Termination requested",
        _ => "Terminate",
    };
    let button = text(move || button().to_owned());
    // The reason stands beside the button only where a reader would wonder.
    let surprise = move || {
        let reason = hindrance.get()?;
        let in_progress = run.read().as_ref().is_some_and(|run| run.json.state == State::InProgress);
        in_progress.then(|| view! { <p class="absent">{reason}</p> })
    };
    view! {
        <div class="terminate">
            <Button class="danger" on_press=open
                disabled=is_off
                title=text(move || hindrance.get().unwrap_or_default().to_owned())>
                {button}
            </Button>
            {dynamic_option(surprise)}
            <dialog class="dialog" node_ref=dialog aria-labelledby="terminate-title">
                <form on:submit=send>
                    <h2 id="terminate-title">"Terminate this job run?"</h2>
                    {dynamic_option(move || run.get().map(|run| view! { <NamedRun run /> }))}
                    <p>
                        "The run is asked to stop and becomes terminated; its job then counts as failed, and the rollout does not go on. What the run has changed by then stays changed: nothing is rolled back. The job can be retried or ignored afterwards."
                    </p>
                    <details class="override" prop:open=override_open>
                        <summary>"A deploy policy forbids it?"</summary>
                        <label class="field">
                            <span>"Deploy policies to override, by full name, one a line"</span>
                            <textarea
                                rows="2"
                                name="policies"
                                spellcheck="false"
                                placeholder="projects/…/locations/…/deployPolicies/…"
                                prop:value=policies
                                on:input:target=move |event| set_policies.set(event.target().value())
                            ></textarea>
                        </label>
                    </details>
                    <div class="dialog-buttons">
                        <Button on_press=move |()| close() attr:autofocus=true>
                            "Keep it running"
                        </Button>
                        <Button class="danger solid" disabled=is_off>
                            {text(move || match *step.read() {
                                Step::Sending | Step::Sent => "Terminating…".to_owned(),
                                Step::Idle | Step::Refused(_) => "Terminate the run".to_owned(),
                            })}
                        </Button>
                    </div>
                </form>
                // Outside the form, since it may hold one of its own.
                {refusal}
            </dialog>
        </div>
    }
}

/// Which run it is about.
#[component]
fn NamedRun(run: Arc<Run>) -> impl IntoView {
    view! {
        <p class="dialog-run">
            <StateBadge of=run.json.state.clone() />
            <b>{job_label(&run).to_owned()}</b>
            " in "
            <b>{phase_label(&run).to_owned()}</b>
            {format!(", attempt {} of {}", run.attempt, run.attempts)}
        </p>
        <p class="dialog-id">
            <code class="long-text">{run.id.clone()}</code>
        </p>
    }
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

/// The run's name with the project as the page's address writes it: the API may give the
/// project's number, and the source is chosen by what the address says.
fn with_project_of_page(mut name: JobRunName) -> JobRunName {
    if let Address::Rollout { rollout, .. } = &*super::place::use_address().read_untracked() {
        name.rollout.project = rollout.project.clone();
    }
    name
}

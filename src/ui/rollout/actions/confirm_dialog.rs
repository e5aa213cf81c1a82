//! The dialog that asks for confirmation before an action.

use std::sync::Arc;

use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::action_request::ActionRequest;
use super::user_action::{ActionState, Confirmation, UserAction};
use crate::api::error::{ApiError, Refusal};
use crate::core::text::clip;
use crate::model::explain::{Doing, ErrorMessage, error_message};
use crate::model::rollout;
use crate::model::rollout::headline::{job_label, phase_label};
use crate::model::run::Run;
use crate::ui::lazy::lazy_fn;
use crate::ui::nav::link::shown_rollout;
use crate::ui::rollout::tree::Tree;
use crate::ui::session::use_session;
use crate::ui::widgets::dialog::Dialog;
use crate::ui::widgets::error_box::ErrorBox;
use crate::ui::widgets::state_badge::StateBadge;

/// The texts of the dialog.
struct ConfirmLabels {
    /// What will happen.
    effect: &'static str,
    /// The button that leaves everything as it is.
    cancel: &'static str,
    /// The button that does it.
    confirm: String,
    doing: Doing,
}

fn labels(action: &UserAction) -> ConfirmLabels {
    match action {
        UserAction::Terminate(_) => ConfirmLabels {
            effect: "The run is asked to stop and becomes terminated; its job then counts as failed, and the rollout \
                     does not go on. What the run has changed by then stays changed: nothing is rolled back. The job \
                     can be retried or ignored afterwards.",
            cancel: "Keep it running",
            confirm: "Terminate the run".to_owned(),
            doing: Doing::Terminating,
        },
        UserAction::Rollout(offer, _) => ConfirmLabels {
            effect: rollout::effect(&offer.action),
            cancel: "Leave it as it is",
            confirm: clip(offer.label.as_str()),
            doing: Doing::Acting,
        },
    }
}

/// Asks the question, with buttons to confirm and to cancel.
#[component]
pub(crate) fn ConfirmDialog(confirmation: Confirmation, dialog: Dialog) -> impl IntoView {
    let Confirmation {
        action,
        state,
        disabled_reason,
        is_off,
        tree,
    } = confirmation;
    let session = use_session();
    let policies = RwSignal::new(String::new());
    let override_open = RwSignal::new(false);
    let ConfirmLabels {
        effect,
        cancel,
        confirm,
        doing,
    } = labels(&action);
    let request = ActionRequest::new(action.clone());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // Checked and set in one turn of the event loop, so that a double click sends once.
        if state.with_untracked(ActionState::is_sent) || disabled_reason.get_untracked().is_some() {
            return;
        }
        state.set(ActionState::Sending);
        let response = request.send(&policies.get_untracked());
        // What asked may be gone when the answer comes; the request is not undone by that.
        spawn_local(async move {
            match response.await {
                Ok(()) => {
                    state.set(ActionState::Sent);
                    dialog.close();
                }
                Err(error) => {
                    if error.refusal().is_some_and(is_by_policy) {
                        override_open.set(true);
                    }
                    state.set(ActionState::Refused(error));
                }
            }
            // The page may be gone too, with all that it has read.
            if tree.root.loaded.try_get_untracked().is_some() {
                tree.refresh();
            }
        });
    };
    let sending = action.progress().0;
    let confirm = move || {
        if state.read().is_sent() {
            sending.to_owned()
        } else {
            confirm.clone()
        }
    };
    let confirm_class = if action.is_harmful() {
        "button danger solid"
    } else {
        "button primary"
    };
    let refusal = move || match state.get() {
        ActionState::Refused(error) => {
            let message = error_message(&error, doing, session.signed_in());
            Some(view! { <RefusalNote error message policies /> })
        }
        ActionState::Idle | ActionState::Sending | ActionState::Sent => None,
    };
    view! {
        <form on:submit=submit>
            <h2>{clip(action.title())}</h2>
            <ActionTarget action=action.clone() tree />
            <ActionSubject action />
            <p>{effect}</p>
            <details class="override" prop:open=override_open>
                <summary>"A deploy policy forbids it?"</summary>
                <label class="field">
                    <span>"Deploy policies to override, one a line"</span>
                    <textarea
                        rows="2"
                        name="policies"
                        spellcheck="false"
                        placeholder="projects/…/locations/…/deployPolicies/…"
                        bind:value=policies
                    ></textarea>
                </label>
            </details>
            {move || disabled_reason.get().map(|reason| view! { <p class="dialog-hindrance">{reason}</p> })}
            <div class="dialog-buttons">
                <button type="button" class="button" autofocus on:click=move |_| dialog.close()>
                    {cancel}
                </button>
                <button type="submit" class=confirm_class disabled=is_off>{confirm}</button>
            </div>
        </form>
        // Outside of the form, since it may hold one of its own.
        {refusal}
    }
}

/// Shows why the request was refused, and scrolls to it: in a small window it would come out of sight.
#[component]
fn RefusalNote(
    error: ApiError,
    message: ErrorMessage,
    policies: RwSignal<String>,
) -> impl IntoView {
    let note = NodeRef::<html::Div>::new();
    note.on_load(|note| request_animation_frame(move || scroll_into_view(&note)));
    let of_policy = error
        .refusal()
        .filter(|refusal| is_by_policy(refusal))
        .map(|refusal| {
            let names = refusal
                .violations
                .iter()
                .map(|by| by.policy.as_str())
                .collect::<Vec<_>>()
                .join("\n");
            // It only fills the field: to override a policy stays a decision of its own.
            let fill = move |_| policies.set(names.clone());
            view! { <button type="button" class="button" on:click=fill>"Name it above"</button> }
        });
    view! { <div node_ref=note><ErrorBox message />{of_policy}</div> }
}

fn scroll_into_view(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Whether a deploy policy stood in the way, which can be overridden.
fn is_by_policy(refusal: &Refusal) -> bool {
    !refusal.violations.is_empty()
}

/// Names target, pipeline and project: users in a hurry should see that it is production before it is done.
#[component]
fn ActionTarget(action: UserAction, tree: Tree) -> impl IntoView {
    let rollout = Memo::new(move |_| action.rollout());
    let project = shown_rollout().map(|rollout| rollout.project);
    move || {
        let rollout = rollout.get()?;
        let found = tree.feeds().into_iter().find_map(|feed| {
            let record = feed.rollout.read();
            let read = rollout::read(&record)?;
            let is_it = read
                .name
                .ends_with(&["/rollouts/", &rollout.rollout].concat());
            is_it.then(|| {
                (
                    read.target_id.clone(),
                    !read.active_repair_automation_run.is_empty(),
                )
            })
        });
        let (target, is_repaired) = found.unzip();
        let target = target.filter(|target| !target.is_empty());
        let of = if target.is_some() { " of " } else { "" };
        let target = target.map(|target| view! { <b>{clip(target)}</b> });
        let project = project.as_deref().unwrap_or(&rollout.project);
        let within = clip([of, &rollout.delivery_pipeline, ", project ", project].concat());
        let repair = is_repaired.unwrap_or_default().then(|| {
            view! {
                <p class="notice is-warning">
                    "An automation is repairing this rollout now. This ends the repair, and a rollback that it \
                     may still do."
                </p>
            }
        });
        Some(view! { <p class="dialog-place">"In " {target} {within}</p> {repair} })
    }
}

/// Names the run or the rollout that the action is about.
#[component]
fn ActionSubject(action: UserAction) -> impl IntoView {
    match action {
        UserAction::Terminate(run) => {
            (move || run.get().map(|run| view! { <NamedRun run /> })).into_any()
        }
        UserAction::Rollout(_, rollout) => view! { <SubjectId id=rollout.rollout /> }.into_any(),
    }
}

/// Names a run by its job, phase and attempt, and by its id.
#[component]
fn NamedRun(run: Arc<Run>) -> impl IntoView {
    let attempt = format!(", attempt {} of {}", run.attempt, run.attempts);
    view! {
        <p class="dialog-run">
            <StateBadge of=run.json.state.clone() />
            <span>
                <b>{clip(job_label(&run))}</b> " in " <b>{clip(phase_label(&run))}</b> {attempt}
            </span>
        </p>
        <SubjectId id=run.id.clone() />
    }
}

/// Shows the id of a run or a rollout.
#[component]
fn SubjectId(id: String) -> impl IntoView {
    view! { <p class="dialog-id"><code class="long-text">{clip(id)}</code></p> }
}

lazy_fn! {
    part: dialogs, preload: load_confirm_dialog;
    /// [`ConfirmDialog`], loaded on first use.
    pub(super) async fn lazy_confirm_dialog(confirmation: Confirmation, dialog: Dialog) -> AnyView {
        view! { <ConfirmDialog confirmation dialog /> }.into_any()
    }
}

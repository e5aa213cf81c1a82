//! The dialog that asks for confirmation before an action.

use leptos::prelude::*;
use web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::user_action::{ActionState, Confirmation, UserAction};
use crate::api::error::{ApiError, Refusal};
use crate::api::source::Actions;
use crate::api::transport::LocalFuture;
use crate::model::explain::{Doing, error_message};
use crate::model::rollout;
use crate::model::rollout::headline::{job_label, phase_label};
use crate::model::run::Run;
use crate::ui::dom::dynamic::{dynamic_option, text};
use crate::ui::dom::el::{El, el};
use crate::ui::nav::link::{shown_address, shown_rollout};
use crate::ui::rollout::tree::Tree;
use crate::ui::session::use_session;
use crate::ui::widgets::button::{button, submit_button};
use crate::ui::widgets::dialog::Dialog;
use crate::ui::widgets::error_box::error_box;
use crate::ui::widgets::form::{form, input_value};
use crate::ui::widgets::state_badge::state_badge;

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
            confirm: offer.label.clone(),
            doing: Doing::Acting,
        },
    }
}

/// The question, with the buttons to confirm and to cancel.
pub(crate) fn confirm_dialog(confirmation: Confirmation, dialog: Dialog) -> AnyView {
    let Confirmation { action, state, disabled_reason, is_off, tree } = confirmation;
    let session = use_session();
    let (policies, set_policies) = signal(String::new());
    let override_open = RwSignal::new(false);
    let ConfirmLabels { effect, cancel, confirm, doing } = labels(&action);
    let send = sender(action.clone());
    let submit = move || {
        // Checked and set in one turn of the event loop, so that a double click sends once.
        if matches!(*state.read_untracked(), ActionState::Sending | ActionState::Sent)
            || disabled_reason.read_untracked().is_some()
        {
            return;
        }
        state.set(ActionState::Sending);
        let sending = send(policies.read_untracked().split_whitespace().map(str::to_owned).collect());
        leptos::task::spawn_local(async move {
            // What asked may be gone when the answer comes; the request is not undone by that.
            match sending.await {
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
            tree.refresh();
        });
    };
    let sending = action.progress().0;
    let confirm = text(move || match *state.read() {
        ActionState::Sending | ActionState::Sent => sending.to_owned(),
        ActionState::Idle | ActionState::Refused(_) => confirm.clone(),
    });
    let buttons = el("div")
        .class("dialog-buttons")
        .child(button("", cancel).flag("autofocus", true).on("click", move |_| dialog.close()))
        .child(
            submit_button(if action.is_harmful() { "danger solid" } else { "primary" }, confirm)
                .flag("disabled", is_off),
        );
    let policies_field = el("details")
        .class("override")
        .open(override_open.into())
        .child(el("summary").text("A deploy policy forbids it?"))
        .child(
            el("label")
                .class("field")
                .child(el("span").text("Deploy policies to override, one a line"))
                .child(
                    el("textarea")
                        .attr("rows", "2")
                        .attr("name", "policies")
                        .attr("spellcheck", "false")
                        .attr("placeholder", "projects/…/locations/…/deployPolicies/…")
                        .value(policies.into())
                        .on("input", move |event| set_policies.set(input_value(&event))),
                ),
        );
    let refusal = dynamic_option(move || match state.get() {
        ActionState::Refused(error) => {
            let of_policy = error.refusal().filter(|refusal| is_by_policy(refusal)).map(|refusal| {
                let names =
                    refusal.violations.iter().map(|by| by.policy.clone()).collect::<Vec<_>>().join("\n");
                // It only fills the field: to override a policy stays a decision of its own.
                button("", "Name it above").on("click", move |_| set_policies.set(names.clone()))
            });
            let error_note = error_box(error_message(&error, doing, session.signed_in()), None);
            Some(el("div").made(scroll_into_view).child(error_note).maybe(of_policy))
        }
        ActionState::Idle | ActionState::Sending | ActionState::Sent => None,
    });
    let question_form = form(submit)
        .child(el("h2").text(action.title()))
        .child(target_line(&action, tree))
        .child(about(&action))
        .child(el("p").text(effect))
        .child(policies_field)
        .child(dynamic_option(move || Some(el("p").class("dialog-hindrance").text(disabled_reason.get()?))))
        .child(buttons);
    // Outside the form, since it may hold one of its own.
    (question_form, refusal).into_any()
}

/// Scrolls to what stands below the buttons: in a small window it would come out of sight.
fn scroll_into_view(element: &Element) {
    let element = element.clone();
    request_animation_frame(move || {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    });
}

/// Where it will happen: whoever is in a hurry should see that it is production before it is done.
fn target_line(action: &UserAction, tree: Tree) -> AnyView {
    let rollout = match action {
        UserAction::Terminate(run) => {
            let run = *run;
            Memo::new(move |_| run.read().as_ref().and_then(|run| Some(run.name.clone()?.rollout)))
        }
        UserAction::Rollout(_, rollout) => {
            let rollout = rollout.clone();
            Memo::new(move |_| Some(rollout.clone()))
        }
    };
    let project = shown_rollout().map(|rollout| rollout.project);
    dynamic_option(move || {
        let rollout = rollout.get()?;
        let found = tree.feeds().into_iter().find_map(|feed| {
            let record = feed.rollout.read();
            let read = rollout::read(&record)?;
            let is_it = read.name.ends_with(&["/rollouts/", &rollout.rollout].concat());
            is_it.then(|| (read.target_id.clone(), !read.active_repair_automation_run.is_empty()))
        });
        let (target, is_repaired) = found.unzip();
        let target = target.filter(|target| !target.is_empty()).map(|target| el("b").text(target));
        let of = if target.is_some() { " of " } else { "" };
        let project = project.as_deref().unwrap_or(&rollout.project);
        let within = [of, &rollout.delivery_pipeline, ", project ", project].concat();
        let repair = is_repaired.unwrap_or_default().then(|| {
            el("p").class("notice is-warning").text(
                "An automation is repairing this rollout now. This ends the repair, and a rollback that it may \
                 still do.",
            )
        });
        Some((el("p").class("dialog-place").text("In ").maybe(target).text(within), repair))
    })
}

/// What it is about.
fn about(action: &UserAction) -> AnyView {
    match action {
        UserAction::Terminate(run) => {
            let run = *run;
            dynamic_option(move || run.get().map(|run| named_run(&run)))
        }
        UserAction::Rollout(_, rollout) => id(rollout.rollout.clone()).into_any(),
    }
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
    (what, id(run.id.clone())).into_any()
}

fn id(id: String) -> El {
    el("p").class("dialog-id").child(el("code").class("long-text").text(id))
}

/// What sends it, with the deploy policies to override.
fn sender(
    action: UserAction,
) -> impl Fn(Vec<String>) -> LocalFuture<'static, Result<(), ApiError>> + 'static {
    let address = shown_address();
    let session = use_session();
    // The API may give the project's number; where it is sent is chosen by what the address says.
    let page = shown_rollout();
    let above = page
        .as_ref()
        .map(|page| ["projects/", &page.project, "/locations/", &page.location, "/deployPolicies/"].concat());
    let project = page.map(|page| page.project);
    move |policies: Vec<String>| {
        // gcloud takes the last part of a name alone, the API wants all of it.
        let whole = |policy: String| match &above {
            Some(above) if !policy.contains('/') => [above, &*policy].concat(),
            _ => policy,
        };
        let policies: Vec<String> = policies.into_iter().map(whole).collect();
        let client = session.client(&address);
        match action.clone() {
            UserAction::Terminate(run) => {
                let name = run.read_untracked().as_ref().and_then(|run| run.name.clone());
                let project = project.clone();
                Box::pin(async move {
                    // A run without a name is a disabled_reason, so that this is not reached without one.
                    let (Some(mut name), Some(project)) = (name, project) else {
                        return Err(ApiError::Part("the run has no name".to_owned()));
                    };
                    name.rollout.project = project;
                    client.terminate(&name, &policies).await
                })
            }
            UserAction::Rollout(offer, rollout) => {
                Box::pin(async move { client.act(&rollout, &offer.action, &policies).await })
            }
        }
    }
}

/// Whether a deploy policy stood in the way, which can be overridden.
fn is_by_policy(refusal: &Refusal) -> bool {
    !refusal.violations.is_empty()
}

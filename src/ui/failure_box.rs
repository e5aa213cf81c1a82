//! Why a run failed: the cause, what it means, the message, and the next step.

use std::sync::Arc;

use leptos::prelude::*;

use super::icon::{Icon, Shape};
use super::place::use_address;
use super::sections::Outward;
use super::session::use_session;
use crate::api::job_run::{FailureCause, State};
use crate::model::address::Address;
use crate::model::explain::{self, Explanation};
use crate::model::links;
use crate::model::name::BuildName;
use crate::model::run::{Failure, Run};

/// All failures of a run, and the explanation of a state that calls for one.
#[component]
pub fn FailureBoxes(run: Arc<Run>) -> impl IntoView {
    let mut failures = run.failures();
    let is_bad = matches!(run.json.state, State::Failed);
    if failures.is_empty() && is_bad {
        // A failure without a word is still a failure to explain.
        failures.push(Failure { check: None, cause: FailureCause::Unspecified, message: String::new() });
    }
    let failed_check =
        run.json.analysis_job_run.as_ref().map(|v| v.failed_check_id.clone()).unwrap_or_default();
    let state_note = match &run.json.state {
        State::Terminating | State::Terminated | State::Unspecified | State::Unrecognized(_) => {
            let Explanation { meaning, next } = explain::state(&run.json.state);
            Some(view! { <p class="state-note">{meaning} " " {next}</p> })
        }
        State::InProgress | State::Succeeded | State::Failed => None,
    };
    let boxes = failures
        .into_iter()
        .map(|failure| {
            let title = match &failure.check {
                Some(check) if *check == failed_check => {
                    Some(format!("check {check}, which failed the analysis"))
                }
                Some(check) => Some(format!("check {check}")),
                None => None,
            };
            view! { <FailureBox run=run.clone() failure title /> }
        })
        .collect_view();
    view! {
        {state_note}
        {boxes}
    }
}

#[component]
fn FailureBox(run: Arc<Run>, failure: Failure, title: Option<String>) -> impl IntoView {
    let Failure { cause, message, .. } = failure;
    let build = run.build().and_then(|build| build.parse::<BuildName>().ok());
    // The demo's builds are nowhere but in this page.
    let is_demo = match &*use_address().read_untracked() {
        Address::Rollout { rollout, .. } => use_session().is_demo(rollout),
        Address::Start | Address::Unreadable(_) => false,
    };
    let Explanation { meaning, next } = explain::failure(&cause, &run.kind, build.is_some());
    view! {
        <section class="failure" aria-label="Failure">
            <h3>
                <Icon shape=Shape::Cross />
                <code>{cause.as_str().to_owned()}</code>
                {title.map(|title| view! { <span class="failure-check">{title}</span> })}
            </h3>
            <p>{meaning}</p>
            {(!message.is_empty()).then(|| view! { <pre class="failure-message" tabindex="0">{message}</pre> })}
            <p class="failure-next">
                <b>"Next: "</b>
                {next}
            </p>
            {build
                .filter(|_| !is_demo)
                .map(|build| {
                    view! {
                        <Outward link=links::build(&build) class="button">
                            "Open the build and its log"
                        </Outward>
                    }
                })}
        </section>
    }
}

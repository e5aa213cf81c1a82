//! Explains a run's failures: cause, meaning, message and next step.

use std::sync::Arc;

use leptos::prelude::*;

use super::sections::ExternalLink;
use crate::api::job_run::{FailureCause, State};
use crate::core::name::BuildName;
use crate::core::text::clip;
use crate::model::address::links;
use crate::model::explain::{self, Explanation};
use crate::model::run::{Failure, Run};
use crate::ui::nav::link::shown_address;
use crate::ui::widgets::icon::{Icon, SvgIcon};

/// Shows all failures of a run, and the explanation of a state that calls for one.
#[component]
pub(super) fn FailureBoxes(run: Arc<Run>) -> impl IntoView {
    let note = match &run.json.state {
        state @ (State::Terminating
        | State::Terminated
        | State::Unspecified
        | State::Unrecognized(_)) => {
            let Explanation { meaning, next } = explain::state(state);
            Some(view! { <p class="state-note">{clip(meaning)} " " {clip(next)}</p> })
        }
        State::InProgress | State::Succeeded | State::Failed => None,
    };
    let boxes = failures(&run)
        .into_iter()
        .map(|failure| {
            let title = check_title(&run, &failure);
            let explanation = explain::failure(&failure, &run.kind);
            view! { <FailureBox failure explanation title /> }
        })
        .collect_view();
    view! { {note} {boxes} }
}

/// A run's failures; at least one for a failed run.
fn failures(run: &Run) -> Vec<Failure> {
    let mut failures = run.failures();
    if failures.is_empty() && run.json.state == State::Failed {
        // A failure without a word is still a failure to explain.
        failures.push(Failure {
            check: None,
            cause: FailureCause::Unspecified,
            message: String::new(),
            is_alert: false,
            build: run.build().unwrap_or_default().to_owned(),
        });
    }
    failures
}

/// Names the check of an analysis that failed.
fn check_title(run: &Run, failure: &Failure) -> Option<String> {
    let check = failure.check.as_ref()?;
    let decided = run
        .json
        .analysis_job_run
        .as_ref()
        .map_or("", |analysis| &analysis.failed_check_id);
    Some(match check == decided {
        true => format!("check {check}, which failed the analysis"),
        false => format!("check {check}"),
    })
}

/// Shows one failure.
#[component]
fn FailureBox(failure: Failure, explanation: Explanation, title: Option<String>) -> impl IntoView {
    let Explanation { meaning, next } = explanation;
    let Failure {
        cause,
        message,
        is_alert,
        build,
        ..
    } = failure;
    let cause = (!is_alert).then(|| view! { <code>{clip(cause.as_str())}</code> });
    let title = title.map(|title| view! { <span class="failure-check">{clip(title)}</span> });
    let message = (!message.is_empty())
        .then(|| view! { <pre class="failure-message" tabindex="0">{clip(message)}</pre> });
    // The demo's builds are nowhere but in this page.
    let build = build
        .parse::<BuildName>()
        .ok()
        .filter(|_| !shown_address().is_demo());
    let build = build.map(|build| {
        view! {
            <ExternalLink href=links::build(&build) class="outward button">
                "Open the build and its log"
            </ExternalLink>
        }
    });
    view! {
        <section class="failure" aria-label="Failure">
            <h3><SvgIcon icon=Icon::Cross />{cause} {title}</h3>
            <p>{clip(meaning)}</p>
            {message}
            <p class="failure-next"><b>"Next: "</b>{clip(next)}</p>
            {build}
        </section>
    }
}

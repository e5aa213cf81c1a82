//! Why a run failed: the cause, what it means, the message, and the next step.

use leptos::prelude::*;

use super::sections::external_link;
use crate::api::job_run::{FailureCause, State};
use crate::core::name::BuildName;
use crate::model::address::links;
use crate::model::explain::{self, Explanation};
use crate::model::run::{Failure, Run};
use crate::ui::dom::el::{El, el};
use crate::ui::nav::link::shown_address;
use crate::ui::widgets::icon::{Icon, icon};

/// All failures of a run, and the explanation of a state that calls for one.
pub(crate) fn failure_boxes(run: &Run) -> AnyView {
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
    let failed_check = run.json.analysis_job_run.as_ref().map_or("", |analysis| &analysis.failed_check_id);
    let note = match &run.json.state {
        State::Terminating | State::Terminated | State::Unspecified | State::Unrecognized(_) => {
            let Explanation { meaning, next } = explain::state(&run.json.state);
            Some(el("p").class("state-note").text(meaning).text(" ").text(next))
        }
        State::InProgress | State::Succeeded | State::Failed => None,
    };
    let boxes = failures.into_iter().map(|failure| {
        let title = failure.check.as_ref().map(|check| match check == failed_check {
            true => format!("check {check}, which failed the analysis"),
            false => format!("check {check}"),
        });
        failure_box(run, failure, title).into_any()
    });
    note.into_iter().map(IntoAny::into_any).chain(boxes).collect_view().into_any()
}

fn failure_box(run: &Run, failure: Failure, title: Option<String>) -> El {
    let Explanation { meaning, next } = explain::failure(&failure, &run.kind);
    let Failure { cause, message, is_alert, build, .. } = failure;
    // The demo's builds are nowhere but in this page.
    let build = build.parse::<BuildName>().ok().filter(|_| !shown_address().is_demo());
    el("section")
        .class("failure")
        .attr("aria-label", "Failure")
        .child(
            el("h3")
                .child(icon(Icon::Cross))
                .maybe((!is_alert).then(|| el("code").text(cause.as_str().to_owned())))
                .maybe(title.map(|title| el("span").class("failure-check").text(title))),
        )
        .child(el("p").text(meaning))
        .maybe(
            (!message.is_empty())
                .then(|| el("pre").class("failure-message").attr("tabindex", "0").text(message)),
        )
        .child(el("p").class("failure-next").child(el("b").text("Next: ")).text(next))
        .maybe(build.map(|build| {
            external_link(links::build(&build), "Open the build and its log").class("outward button")
        }))
}

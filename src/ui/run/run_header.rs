//! The selected run's head: state, job, phase, attempt, and what can be done.

use std::sync::Arc;

use leptos::prelude::*;

use crate::model::explain::state_label;
use crate::model::rollout::headline::{job_label, phase_label};
use crate::model::run::Run;
use crate::ui::dom::dynamic::dynamic_option;
use crate::ui::dom::el::{El, el};
use crate::ui::dom::focus::focus_on;
use crate::ui::nav::link::{reactive_link, use_address};
use crate::ui::rollout::tree::Tree;
use crate::ui::widgets::state_badge::{state_badge, state_class};

/// The head. `is_chosen`: the viewer chose the run, since none is selected.
pub(crate) fn run_header(run: &Run, is_chosen: Signal<bool>, tree: Tree) -> El {
    let kind = (run.kind.label() != job_label(run)).then(|| el("span").text(run.kind.label().to_owned()));
    let chosen = dynamic_option(move || {
        is_chosen.get().then(|| {
            el("span")
                .class("chosen")
                .attr("title", "No run is selected: this one tells the most about how the rollout stands.")
                .text("chosen for you")
        })
    });
    el("header")
        .class("run-header")
        .child(
            el("div")
                .class("run-title")
                .child(state_badge(&run.json.state))
                .child(el("h2").text(job_label(run).to_owned()))
                .child(chosen),
        )
        .child(
            el("p")
                .class("run-subtitle")
                .child(el("span").text("phase ").child(el("b").text(phase_label(run).to_owned())))
                .maybe(kind)
                .child(attempts(run, tree)),
        )
}

/// The job's attempts, each a step away. They are drawn anew with the run that a step leads to, and
/// would take the focus away with the old ones.
fn attempts(run: &Run, tree: Tree) -> El {
    if document().query_selector(".attempt-steps :focus").is_ok_and(|step| step.is_some()) {
        request_animation_frame(|| focus_on(".attempt-steps .is-current a"));
    }
    let others = (run.attempts > 1).then(|| {
        let attempts: Vec<Arc<Run>> =
            tree.feed_of(&run.id).set.read_untracked().attempts_of(run).cloned().collect();
        let steps = attempts.into_iter().map(|other| step(&other, other.id == run.id));
        el("ol").class("attempt-steps").attr("aria-label", "Attempts").children(steps)
    });
    el("span").class("attempts").text(format!("attempt {} of {}", run.attempt, run.attempts)).maybe(others)
}

fn step(run: &Run, is_current: bool) -> El {
    let address = use_address();
    let id = run.id.clone();
    let to = Memo::new(move |_| address.read().select(Some(&id)));
    el("li")
        .class(state_class(&run.json.state))
        .class_if("is-current", is_current)
        .attr("title", format!("Attempt {}: {}", run.attempt, state_label(&run.json.state)))
        .child(reactive_link(to.into()).text(run.attempt.to_string()))
}

//! The header of a run's panel: state, job, phase and attempts.

use std::sync::Arc;

use leptos::prelude::*;

use crate::core::text::clip;
use crate::model::explain::state_label;
use crate::model::rollout::headline::{job_label, phase_label};
use crate::model::run::Run;
use crate::ui::dom::focus::focus_on;
use crate::ui::nav::link::{Link, use_address};
use crate::ui::rollout::tree::Tree;
use crate::ui::widgets::state_badge::{StateBadge, state_class};

/// Shows the header. `is_chosen`: the viewer chose the run, since none is selected.
#[component]
pub(super) fn RunHeader(
    run: Arc<Run>,
    #[prop(into)] is_chosen: Signal<bool>,
    tree: Tree,
) -> impl IntoView {
    let kind = (run.kind.label() != job_label(&run))
        .then(|| view! { <span>{clip(run.kind.label())}</span> });
    view! {
        <header class="run-header">
            <div class="run-title">
                <StateBadge of=run.json.state.clone() />
                <h2>{clip(job_label(&run))}</h2>
                <Show when=move || is_chosen.get()>
                    <span
                        class="chosen"
                        title="No run is selected: this one tells the most about how the rollout stands."
                    >
                        "chosen for you"
                    </span>
                </Show>
            </div>
            <p class="run-subtitle">
                <span>"phase " <b>{clip(phase_label(&run))}</b></span>
                {kind}
                <Attempts run tree />
            </p>
        </header>
    }
}

/// Shows the job's attempts, each a step away.
#[component]
fn Attempts(run: Arc<Run>, tree: Tree) -> impl IntoView {
    let count = format!("attempt {} of {}", run.attempt, run.attempts);
    let steps = move || {
        (run.attempts > 1).then(|| {
            keep_focus_on_current_step();
            let attempts: Vec<Arc<Run>> = tree
                .feed_of(&run.id)
                .set
                .read()
                .attempts_of(&run)
                .cloned()
                .collect();
            let steps = attempts
                .into_iter()
                .map(|attempt| {
                    let is_current = attempt.id == run.id;
                    view! { <AttemptStep run=attempt is_current /> }
                })
                .collect_view();
            view! { <ol class="attempt-steps" aria-label="Attempts">{steps}</ol> }
        })
    };
    view! { <span class="attempts">{count} {steps}</span> }
}

/// The steps are drawn anew with the run that a step leads to, and would take the focus away with the old ones.
fn keep_focus_on_current_step() {
    if document()
        .query_selector(".attempt-steps :focus")
        .is_ok_and(|step| step.is_some())
    {
        request_animation_frame(|| focus_on(".attempt-steps .is-current a"));
    }
}

/// A link to one attempt.
#[component]
fn AttemptStep(run: Arc<Run>, is_current: bool) -> impl IntoView {
    let address = use_address();
    let id = run.id.clone();
    let to = Memo::new(move |_| address.read().select(Some(&id)));
    let state = &run.json.state;
    // One text: a `class:` beside a `class` that changes would be lost.
    let class = [
        state_class(state),
        if is_current { " is-current" } else { "" },
    ]
    .concat();
    let title = clip(format!("Attempt {}: {}", run.attempt, state_label(state)));
    view! { <li class=class title=title><Link to>{run.attempt}</Link></li> }
}

//! The selected run's head: state, job, phase, attempt, and what can be done.

use std::sync::Arc;

use leptos::prelude::*;

use super::dynamic::dynamic_option;
use super::feed::Feed;
use super::place::{Place, use_address};
use super::state_badge::{StateBadge, state_class};
use crate::model::explain::state_label;
use crate::model::run::Run;
use crate::model::verdict::{job_label, phase_label};

#[component]
pub fn RunHeader(
    run: Arc<Run>,
    /// Whether the viewer chose the run, since none is selected.
    is_chosen: Memo<bool>,
    feed: Feed,
) -> impl IntoView {
    let kind =
        (run.kind.label() != job_label(&run)).then(|| view! { <span>{run.kind.label().to_owned()}</span> });
    view! {
        <header class="run-header">
            <div class="run-title">
                <StateBadge of=run.json.state.clone() />
                <h2>{job_label(&run).to_owned()}</h2>
                {dynamic_option(move || is_chosen
                    .get()
                    .then(|| {
                        view! {
                            <span class="chosen" title="No run is selected: this one tells the most about how the rollout stands.">
                                "most telling"
                            </span>
                        }
                    }))}
            </div>
            <p class="run-subtitle">
                <span>"phase " <b>{phase_label(&run).to_owned()}</b></span>
                {kind}
                <Attempts run feed />
            </p>
        </header>
    }
}

/// The job's attempts, each a step away.
#[component]
fn Attempts(run: Arc<Run>, feed: Feed) -> impl IntoView {
    let address = use_address();
    let title = format!("attempt {} of {}", run.attempt, run.attempts);
    let others = (run.attempts > 1).then(|| {
        let attempts: Vec<Arc<Run>> = feed.set.read_untracked().attempts_of(&run).cloned().collect();
        attempts
            .into_iter()
            .map(|other| {
                let id = other.id.clone();
                let to = Signal::derive(move || address.read().select(Some(&id)));
                let class = state_class(&other.json.state);
                let label = format!("Attempt {}: {}", other.attempt, state_label(&other.json.state));
                let current = other.id == run.id;
                view! {
                    <li class=class class:is-current=current title=label>
                        <Place to>{other.attempt}</Place>
                    </li>
                }
            })
            .collect_view()
    });
    view! {
        <span class="attempts">
            {title}
            {others.map(|others| view! { <ol class="attempt-steps" aria-label="Attempts">{others}</ol> })}
        </span>
    }
}

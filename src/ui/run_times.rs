//! When a run was created, started and ended, and how long it waited and ran.

use std::sync::Arc;

use leptos::prelude::*;

use super::clock::Zone;
use super::dynamic::text;
use crate::model::run::{Course, Moment, Run};
use crate::model::ticks::{clock, relative};
use crate::model::time::{SignedDuration, Timestamp, exact_duration, human_duration};

#[component]
pub fn RunTimes(run: Arc<Run>, now: ReadSignal<Timestamp>, zone: Memo<Zone>) -> impl IntoView {
    let live = run.course() == Course::Live;
    let moments = [
        ("Created", run.created.clone(), run.json.create_time.clone()),
        ("Started", run.started.clone(), run.json.start_time.clone()),
        ("Ended", run.ended.clone(), run.json.end_time.clone()),
    ];
    let rows = moments
        .into_iter()
        .map(|(label, moment, wire)| {
            let shown = match moment {
                Moment::Absent => {
                    view! { <span class="absent">{if live { "not yet" } else { "not given" }}</span> }
                        .into_any()
                }
                Moment::Unreadable(text) => view! { <span class="is-wrong">{text}</span> }.into_any(),
                Moment::At(time) => view! {
                    <time datetime=wire.clone() title=wire>
                        {text(move || clock(time, zone.get().offset(time)))}
                    </time>
                    " "
                    <span class="ago">{text(move || relative(time, now.get()))}</span>
                }
                .into_any(),
            };
            view! { <tr><th scope="row">{label}</th><td>{shown}</td></tr> }
        })
        .collect_view();
    let (waiting, running) = (run.clone(), run.clone());
    let started = run.started.known().is_some();
    let (wait_open, run_open) = (live && !started, live && started);
    view! {
        <dl class="durations">
            <div>
                <dt>{if wait_open { "Waiting for" } else { "Waited" }}</dt>
                <dd class="waited">{duration(move || waiting.waited(now.get()))}</dd>
            </div>
            <div>
                <dt>{if run_open { "Running for" } else { "Ran" }}</dt>
                <dd class="ran">{duration(move || running.ran(now.get()))}</dd>
            </div>
        </dl>
        <table class="run-times">
            <tbody>{rows}</tbody>
        </table>
    }
}

/// A duration that may grow, with its exact length on hovering.
fn duration(of: impl Fn() -> Option<SignedDuration> + Clone + Send + Sync + 'static) -> impl IntoView {
    let exact = of.clone();
    view! {
        <span title=text(move || exact().map(exact_duration).unwrap_or_default())>
            {text(move || of().map_or_else(|| "—".to_owned(), human_duration))}
        </span>
    }
}

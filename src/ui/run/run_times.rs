//! A run's times, and how long it waited and ran.

use std::sync::Arc;

use leptos::prelude::*;

use crate::core::text::clip;
use crate::core::time::{SignedDuration, Timestamp, exact_duration, human_duration};
use crate::model::run::{Lifecycle, Run, RunTime};
use crate::model::timeline::ticks::{clock, relative};
use crate::ui::dom::clock::Zone;

/// Shows how long a run waited and ran, and its times below.
#[component]
pub(crate) fn RunTimes(run: Arc<Run>, now: Signal<Timestamp>, zone: Signal<Zone>) -> impl IntoView {
    let is_live = run.lifecycle() == Lifecycle::Live;
    let has_started = run.started.known().is_some();
    let wait_label = if is_live && !has_started {
        "Waiting for"
    } else {
        "Waited"
    };
    let run_label = if is_live && has_started {
        "Running for"
    } else {
        "Ran"
    };
    let times = [
        ("Created", &run.created, &run.json.create_time),
        ("Started", &run.started, &run.json.start_time),
        ("Ended", &run.ended, &run.json.end_time),
    ];
    let rows = times.map(|(label, time, wire)| {
        let (time, wire) = (time.clone(), wire.clone().unwrap_or_default());
        view! {
            <tr>
                <th scope="row">{label}</th>
                <td><TimeOfRun time wire is_live now zone /></td>
            </tr>
        }
    });
    let waiting = run.clone();
    let waited = Signal::derive(move || waiting.waited(now.get()));
    let ran = Signal::derive(move || run.ran(now.get()));
    view! {
        <dl class="durations">
            <div><dt>{wait_label}</dt><dd class="waited"><Duration of=waited /></dd></div>
            <div><dt>{run_label}</dt><dd class="ran"><Duration of=ran /></dd></div>
        </dl>
        <table class="run-times"><tbody>{rows}</tbody></table>
    }
}

/// Shows one of a run's times. `wire` is the time as the API wrote it.
#[component]
fn TimeOfRun(
    time: RunTime,
    wire: String,
    is_live: bool,
    now: Signal<Timestamp>,
    zone: Signal<Zone>,
) -> impl IntoView {
    match time {
        RunTime::Absent => {
            view! { <span class="absent">{if is_live { "not yet" } else { "not given" }}</span> }.into_any()
        }
        RunTime::Unreadable(text) => view! { <span class="is-wrong">{clip(text)}</span> }.into_any(),
        RunTime::At(time) => view! {
            <time datetime=wire.clone() title=clip(wire)>{move || clock(time, zone.get().offset(time))}</time>
            " "
            <span class="ago">{move || relative(time, now.get())}</span>
        }
        .into_any(),
    }
}

/// Shows a duration that may grow, with its exact length on hovering.
#[component]
fn Duration(of: Signal<Option<SignedDuration>>) -> impl IntoView {
    let exact = move || of.get().map(exact_duration).unwrap_or_default();
    let short = move || of.get().map_or_else(|| "—".to_owned(), human_duration);
    view! { <span title=exact>{short}</span> }
}

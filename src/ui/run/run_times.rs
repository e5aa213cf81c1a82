//! When a run was created, started and ended, and how long it waited and ran.

use std::sync::Arc;

use leptos::prelude::*;

use crate::core::time::{SignedDuration, Timestamp, exact_duration, human_duration};
use crate::model::run::{Lifecycle, Run, RunTime};
use crate::model::timeline::ticks::{clock, relative};
use crate::ui::dom::clock::Zone;
use crate::ui::dom::dynamic::text;
use crate::ui::dom::el::{El, el};

pub(crate) fn run_times(run: Arc<Run>, now: Signal<Timestamp>, zone: Signal<Zone>) -> AnyView {
    let live = run.lifecycle() == Lifecycle::Live;
    let moments = [
        ("Created", &run.created, &run.json.create_time),
        ("Started", &run.started, &run.json.start_time),
        ("Ended", &run.ended, &run.json.end_time),
    ];
    let rows = moments.map(|(label, moment, wire)| {
        let shown = match moment {
            RunTime::Absent => {
                el("td").child(el("span").class("absent").text(if live { "not yet" } else { "not given" }))
            }
            RunTime::Unreadable(text) => el("td").child(el("span").class("is-wrong").text(text.clone())),
            RunTime::At(time) => {
                let (time, wire) = (*time, wire.clone().unwrap_or_default());
                el("td")
                    .child(
                        el("time")
                            .attr("datetime", wire.clone())
                            .attr("title", wire)
                            .text(text(move || clock(time, zone.get().offset(time)))),
                    )
                    .text(" ")
                    .child(el("span").class("ago").text(text(move || relative(time, now.get()))))
            }
        };
        el("tr").child(el("th").attr("scope", "row").text(label)).child(shown)
    });
    let (waiting, running) = (run.clone(), run.clone());
    let started = run.started.known().is_some();
    let (wait_open, run_open) = (live && !started, live && started);
    let durations = el("dl")
        .class("durations")
        .child(
            el("div")
                .child(el("dt").text(if wait_open { "Waiting for" } else { "Waited" }))
                .child(el("dd").class("waited").child(duration(move || waiting.waited(now.get())))),
        )
        .child(
            el("div")
                .child(el("dt").text(if run_open { "Running for" } else { "Ran" }))
                .child(el("dd").class("ran").child(duration(move || running.ran(now.get())))),
        );
    (durations, el("table").class("run-times").child(el("tbody").children(rows))).into_any()
}

/// A duration that may grow, with its exact length on hovering.
fn duration(of: impl Fn() -> Option<SignedDuration> + Clone + Send + Sync + 'static) -> El {
    let exact = of.clone();
    el("span")
        .attr("title", text(move || exact().map(exact_duration).unwrap_or_default()))
        .text(text(move || of().map_or_else(|| "—".to_owned(), human_duration)))
}

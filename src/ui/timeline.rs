//! The timeline: a lane for each phase and job, with the attempts of a job in one lane.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::clock::Zone;
use super::feed::Feed;
use super::place::{use_address, use_go};
use super::timeline_bar::TimelineBar;
use super::timeline_tip::{Tip, TimelineTip};
use crate::model::ticks::{ticks, zone_label};
use crate::model::time::{Timestamp, human_duration};
use crate::model::timeline::{Layout, Window, layout};

/// About as many labels as fit beside each other on the narrowest screen and look sparse on none.
const TICKS: usize = 7;

#[component]
pub fn Timeline(
    feed: Feed,
    now: ReadSignal<Timestamp>,
    zone: Memo<Zone>,
    /// The id of the run that the panel shows.
    shown: Memo<Option<String>>,
) -> impl IntoView {
    let window = Memo::new(move |_| Window::fit(&feed.set.read().runs, now.get()));
    let drawn = Memo::new(move |_| layout(&feed.set.read().runs, window.get(), now.get()));
    let phases =
        Memo::new(move |_| drawn.read().phases.iter().map(|p| p.phase.clone()).collect::<Vec<String>>());
    let tip = RwSignal::new(None::<Tip>);
    let on_keydown = steer(drawn, shown);
    view! {
        <section class="timeline" aria-label="Timeline" on:keydown=on_keydown>
            <Axis window zone />
            <div class="timeline-lanes">
                <Grid window zone />
                <For each=move || phases.get() key=|phase| phase.clone() let(phase)>
                    <Phase phase drawn shown tip />
                </For>
                {move || {
                    drawn
                        .read()
                        .now
                        .map(|at| {
                            view! { <div class="now-line" style:--at=at.to_string() title="Now"></div> }
                        })
                }}
            </div>
            <Legend />
            <TimelineTip tip feed now zone />
        </section>
    }
}

#[component]
fn Axis(window: Memo<Window>, zone: Memo<Zone>) -> impl IntoView {
    let offset = move || zone.get().offset(window.read().to);
    view! {
        <div class="axis" aria-hidden="true">
            <span class="axis-zone" title="The zone of the axis, and how long a time it spans">
                {move || zone_label(offset())} " · " {move || human_duration(window.read().length())}
            </span>
            <div class="axis-ticks">
                {move || {
                    ticks(window.get(), TICKS, offset())
                        .into_iter()
                        .map(|tick| {
                            view! {
                                <span class="tick" class:is-date=tick.is_date style:--at=tick.at.to_string()>
                                    {tick.label}
                                </span>
                            }
                        })
                        .collect_view()
                }}
            </div>
        </div>
    }
}

/// The lines below the axis' ticks.
#[component]
fn Grid(window: Memo<Window>, zone: Memo<Zone>) -> impl IntoView {
    view! {
        <div class="grid" aria-hidden="true">
            {move || {
                ticks(window.get(), TICKS, zone.get().offset(window.read().to))
                    .into_iter()
                    .map(|tick| {
                        view! { <span class="grid-line" class:is-date=tick.is_date style:--at=tick.at.to_string()></span> }
                    })
                    .collect_view()
            }}
        </div>
    }
}

#[component]
fn Phase(
    phase: String,
    drawn: Memo<Layout>,
    shown: Memo<Option<String>>,
    tip: RwSignal<Option<Tip>>,
) -> impl IntoView {
    let title = if phase.is_empty() { "no phase".to_owned() } else { phase.clone() };
    let heading = format!("Phase {title}");
    let key = phase.clone();
    let lanes = Memo::new(move |_| {
        let drawn = drawn.read();
        let lanes = drawn.phase(&key).map_or(&[][..], |phase| &phase.lanes);
        lanes.iter().map(|lane| lane.job.clone()).collect::<Vec<String>>()
    });
    view! {
        <section class="phase" aria-label=heading>
            <h3 class="phase-title">{title}</h3>
            <For each=move || lanes.get() key=|job| job.clone() let(job)>
                <Lane phase=phase.clone() job drawn shown tip />
            </For>
        </section>
    }
}

#[component]
fn Lane(
    phase: String,
    job: String,
    drawn: Memo<Layout>,
    shown: Memo<Option<String>>,
    tip: RwSignal<Option<Tip>>,
) -> impl IntoView {
    let (phase_key, key) = (phase.clone(), job.clone());
    // What of the lane does not change from second to second.
    let lane = Memo::new(move |_| {
        drawn.read().lane(&phase_key, &key).map(|lane| {
            let (timed, untimed): (Vec<_>, Vec<_>) = lane.bars.iter().partition(|bar| !bar.parts.is_empty());
            let ids = |bars: Vec<&crate::model::timeline::Bar>| {
                bars.into_iter().map(|bar| bar.run.clone()).collect::<Vec<String>>()
            };
            (lane.kind.label().to_owned(), lane.rows, lane.bars.len(), ids(timed), ids(untimed))
        })
    });
    let kind = move || lane.read().as_ref().map(|lane| lane.0.clone()).unwrap_or_default();
    let rows = move || lane.read().as_ref().map_or(1, |lane| lane.1).to_string();
    let attempts = move || {
        let count = lane.read().as_ref().map_or(0, |lane| lane.2);
        (count > 1).then(|| view! { <span class="lane-attempts" title="Attempts">{format!("×{count}")}</span> })
    };
    let timed = move || lane.get().map(|lane| lane.3).unwrap_or_default();
    let untimed = move || lane.get().map(|lane| lane.4).unwrap_or_default();
    let title = if job.is_empty() { "no job".to_owned() } else { job.clone() };
    let same = job.clone();
    let label = format!("{title} in {}", if phase.is_empty() { "no phase" } else { &phase });
    let (timed_label, untimed_label) = (label.clone(), label);
    view! {
        <div class="lane" style:--rows=rows>
            <h4 class="lane-title">
                <span class="lane-job" title=title.clone()>{title.clone()}</span>
                {attempts}
                // Most jobs are named after their kind.
                {move || (kind() != same).then(|| view! { <span class="lane-kind">{kind()}</span> })}
                <For each=untimed key=|run| run.clone() let(run)>
                    <TimelineBar run lane=untimed_label.clone() drawn shown tip />
                </For>
            </h4>
            <div class="lane-track">
                <For each=timed key=|run| run.clone() let(run)>
                    <TimelineBar run lane=timed_label.clone() drawn shown tip />
                </For>
            </div>
        </div>
    }
}

#[component]
fn Legend() -> impl IntoView {
    view! {
        <p class="legend" aria-hidden="true">
            <span><i class="legend-waiting"></i>"waiting"</span>
            <span><i class="legend-running"></i>"running"</span>
            <span><i class="legend-contradictory"></i>"times that contradict each other"</span>
            <span class="legend-keys"><kbd>"←"</kbd><kbd>"→"</kbd>" steps through the runs"</span>
        </p>
    }
}

/// Arrow keys select the run before or after, in reading order, and move the focus with it.
fn steer(drawn: Memo<Layout>, shown: Memo<Option<String>>) -> impl Fn(KeyboardEvent) {
    let go = use_go();
    let address = use_address();
    move |event: KeyboardEvent| {
        let step: isize = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => 1,
            "ArrowLeft" | "ArrowUp" => -1,
            _ => return,
        };
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let next = {
            let drawn = drawn.read_untracked();
            let ids: Vec<&str> = drawn.reading_order().collect();
            let shown = shown.get_untracked();
            let at = ids.iter().position(|id| Some(*id) == shown.as_deref());
            at.and_then(|at| ids.get(at.checked_add_signed(step)?)).map(|id| (*id).to_owned())
        };
        event.prevent_default();
        if let Some(next) = next {
            go(&address.read_untracked().select(Some(&next)));
            super::timeline_bar::focus(&next);
        }
    }
}

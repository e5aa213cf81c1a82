//! The timeline: a lane for each phase and job, with the attempts of a job in one lane.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::clock::Zone;
use super::dynamic::{dynamic, each, flag, memo, text};
use super::feed::Feed;
use super::place::{use_address, use_go};
use super::timeline_bar::TimelineBar;
use super::timeline_tip::{TimelineTip, Tip};
use crate::model::ticks::{ticks, zone_label};
use crate::model::time::{Timestamp, human_duration};
use crate::model::timeline::{Layout, Window, css, layout};

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
    let window = memo(move || Window::fit(&feed.set.read().runs, now.get()));
    let drawn = memo(move || layout(&feed.set.read().runs, window.get(), now.get()));
    let phases = memo(move || drawn.read().phases.iter().map(|p| p.phase.clone()).collect::<Vec<String>>());
    let tip = RwSignal::new(None::<Tip>);
    let on_keydown = steer(drawn, shown);
    let now_at = text(move || format!("--at:{}", css(drawn.read().now.unwrap_or_default())));
    view! {
        <section class="timeline" aria-label="Timeline" on:keydown=on_keydown>
            <Axis window zone />
            <div class="timeline-lanes">
                <Grid window zone />
                {each(move || phases.get(), move |phase| view! { <Phase phase drawn shown tip /> }.into_any())}
                <div class="now-line" class:is-off=flag(move || drawn.read().now.is_none()) style=now_at></div>
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
                {text(move || format!("{} · {}", zone_label(offset()), human_duration(window.read().length())))}
            </span>
            <div class="axis-ticks">
                {dynamic(move || {
                    ticks(window.get(), TICKS, offset())
                        .into_iter()
                        .map(|tick| {
                            view! {
                                <span class="tick" class:is-date=tick.is_date style=format!("--at:{}", css(tick.at))>
                                    {tick.label}
                                </span>
                            }
                        })
                        .collect_view()
                })}
            </div>
        </div>
    }
}

/// The lines below the axis' ticks.
#[component]
fn Grid(window: Memo<Window>, zone: Memo<Zone>) -> impl IntoView {
    view! {
        <div class="grid" aria-hidden="true">
            {dynamic(move || {
                ticks(window.get(), TICKS, zone.get().offset(window.read().to))
                    .into_iter()
                    .map(|tick| {
                        view! { <span class="grid-line" class:is-date=tick.is_date style=format!("--at:{}", css(tick.at))></span> }
                    })
                    .collect_view()
            })}
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
    let lanes = memo(move || {
        let drawn = drawn.read();
        let lanes = drawn.phase(&key).map_or(&[][..], |phase| &phase.lanes);
        lanes.iter().map(|lane| lane.job.clone()).collect::<Vec<String>>()
    });
    view! {
        <section class="phase" aria-label=heading>
            <h3 class="phase-title">{title}</h3>
            {each(
                move || lanes.get(),
                move |job| view! { <Lane phase=phase.clone() job drawn shown tip /> }.into_any(),
            )}
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
    let title = if job.is_empty() { "no job".to_owned() } else { job.clone() };
    let label = format!("{title} in {}", if phase.is_empty() { "no phase" } else { &phase });
    let bars = {
        let (phase, job) = (phase.clone(), job.clone());
        // Bars without a known time stand beside the lane's title.
        move |timed: bool| {
            let drawn = drawn.read();
            let bars = drawn.lane(&phase, &job).map_or(&[][..], |lane| &lane.bars);
            let of_kind = bars.iter().filter(|bar| bar.parts.is_empty() != timed);
            of_kind.map(|bar| bar.run.clone()).collect::<Vec<String>>()
        }
    };
    let bar = move |run: String| view! { <TimelineBar run lane=label.clone() drawn shown tip /> }.into_any();
    let lane = move || drawn.read().lane(&phase, &job).cloned();
    let rows = {
        let lane = lane.clone();
        text(move || format!("--rows:{}", lane().map_or(1, |lane| lane.rows)))
    };
    let attempts = {
        let lane = lane.clone();
        text(move || match lane().map_or(0, |lane| lane.bars.len()) {
            0 | 1 => String::new(),
            count => format!("×{count}"),
        })
    };
    // Most jobs are named after their kind.
    let kind = text(move || {
        let lane = lane().filter(|lane| lane.kind.label() != lane.job);
        lane.map(|lane| lane.kind.label().to_owned()).unwrap_or_default()
    });
    let timed = bars.clone();
    view! {
        <div class="lane" style=rows>
            <h4 class="lane-title">
                <span class="lane-job" title=title.clone()>
                    {title.clone()}
                </span>
                <span class="lane-attempts">{attempts}</span>
                <span class="lane-kind">{kind}</span>
                {each(move || bars(false), bar.clone())}
            </h4>
            <div class="lane-track">{each(move || timed(true), bar)}</div>
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
            go(&address.get_untracked().select(Some(&next)));
            super::timeline_bar::focus(&next);
        }
    }
}

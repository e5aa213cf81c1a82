//! The timeline: a lane for each phase and job, with the attempts of a job in one lane.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};

use super::clock::Zone;
use super::dynamic::{dynamic, each, flag, text};
use super::el::{El, el};
use super::live::{Live, Var, live, memo};
use super::place::{use_address, use_go};
use super::run_panel::Shown;
use super::timeline_bar::{self, timeline_bar};
use super::timeline_tip::{Tip, timeline_tip};
use crate::model::ticks::{Tick, ticks, zone_label};
use crate::model::time::human_duration;
use crate::model::timeline::{Layout, Window, css, layout};

/// About as many labels as fit beside each other on the narrowest screen and look sparse on none.
const TICKS: usize = 7;

/// What the parts of a timeline share.
#[derive(Clone, Copy)]
pub struct Drawing {
    pub layout: Live<Layout>,
    /// The id of the run that the panel shows.
    pub shown: Live<Option<String>>,
    pub tip: Var<Option<Tip>>,
}

pub fn timeline(shown: Shown) -> El {
    let Shown { feed, now, zone, .. } = shown;
    let window = memo(move || Window::fit(&feed.set.read().runs, now.get()));
    let layout = memo(move || layout(&feed.set.read().runs, window.get(), now.get()));
    let shown = memo(move || shown.run.read().as_ref().map(|run| run.id.clone()));
    let drawing = Drawing { layout, shown, tip: live(None) };
    let phases = move || layout.read().phases.iter().map(|lanes| lanes.phase.clone()).collect();
    let now_line = el("div")
        .class("now-line")
        .class_if("is-off", flag(move || layout.read().now.is_none()))
        .attr("style", text(move || format!("--at:{}", css(layout.read().now.unwrap_or_default()))));
    el("section")
        .class("timeline")
        .attr("aria-label", "Timeline")
        .on("keydown", steer(drawing))
        .child(axis(window, zone))
        .child(
            el("div")
                .class("timeline-lanes")
                .child(grid(window, zone))
                .child(each(phases, move |phase| phase_view(phase, drawing).into_any()))
                .child(now_line),
        )
        .child(legend())
        .child(timeline_tip(drawing.tip.0, feed, now, zone))
}

fn axis(window: Live<Window>, zone: Live<Zone>) -> El {
    let label = move || {
        let window = window.read();
        format!("{} · {}", zone_label(zone.get().offset(window.to)), human_duration(window.length()))
    };
    let labels = at_ticks(window, zone, "axis-ticks", |tick| el("span").class("tick").text(tick.label));
    el("div")
        .class("axis")
        .attr("aria-hidden", "true")
        .child(
            el("span")
                .class("axis-zone")
                .attr("title", "The zone of the axis, and how long a time it spans")
                .text(text(label)),
        )
        .child(labels)
}

/// The lines below the axis' ticks.
fn grid(window: Live<Window>, zone: Live<Zone>) -> AnyView {
    at_ticks(window, zone, "grid", |_| el("span").class("grid-line"))
}

/// Something at each tick of the axis.
fn at_ticks(window: Live<Window>, zone: Live<Zone>, class: &'static str, view: fn(Tick) -> El) -> AnyView {
    dynamic(move || {
        let ticks = ticks(window.get(), TICKS, zone.get().offset(window.read().to));
        let marks = ticks.into_iter().map(|tick| {
            let (is_date, at) = (tick.is_date, format!("--at:{}", css(tick.at)));
            view(tick).class_if("is-date", is_date).attr("style", at)
        });
        el("div").class(class).attr("aria-hidden", "true").children(marks)
    })
}

fn phase_view(phase: String, drawing: Drawing) -> El {
    let title = if phase.is_empty() { "no phase".to_owned() } else { phase.clone() };
    let key = phase.clone();
    let lanes = move || {
        let layout = drawing.layout.read();
        let lanes = layout.phase(&key).map_or(&[][..], |phase| &phase.lanes);
        lanes.iter().map(|lane| lane.job.clone()).collect()
    };
    el("section")
        .class("phase")
        .attr("aria-label", format!("Phase {title}"))
        .child(el("h3").class("phase-title").text(title))
        .child(each(lanes, move |job| lane_view(phase.clone(), job, drawing).into_any()))
}

fn lane_view(phase: String, job: String, drawing: Drawing) -> El {
    let title = if job.is_empty() { "no job".to_owned() } else { job.clone() };
    let label = format!("{title} in {}", if phase.is_empty() { "no phase" } else { &phase });
    let lane = memo(move || drawing.layout.read().lane(&phase, &job).cloned());
    // Bars without a known time stand beside the lane's title.
    let bars = move |timed: bool| {
        let lane = lane.read();
        let bars = lane.as_ref().map_or(&[][..], |lane| &lane.bars);
        let of_kind = bars.iter().filter(|bar| bar.parts.is_empty() != timed);
        of_kind.map(|bar| bar.run.clone()).collect::<Vec<String>>()
    };
    let bar = move |run: String| timeline_bar(run, label.clone(), drawing).into_any();
    let rows = text(move || format!("--rows:{}", lane.read().as_ref().map_or(1, |lane| lane.rows)));
    let attempts = text(move || match lane.read().as_ref().map_or(0, |lane| lane.bars.len()) {
        0 | 1 => String::new(),
        count => format!("×{count}"),
    });
    // Most jobs are named after their kind.
    let kind = text(move || {
        let lane = lane.read();
        let lane = lane.as_ref().filter(|lane| lane.kind.label() != lane.job);
        lane.map(|lane| lane.kind.label().to_owned()).unwrap_or_default()
    });
    let head = el("h4")
        .class("lane-title")
        .child(el("span").class("lane-job").attr("title", title.clone()).text(title))
        .child(el("span").class("lane-attempts").text(attempts))
        .child(el("span").class("lane-kind").text(kind))
        .child(each(move || bars(false), bar.clone()));
    el("div")
        .class("lane")
        .attr("style", rows)
        .child(head)
        .child(el("div").class("lane-track").child(each(move || bars(true), bar)))
}

fn legend() -> El {
    let swatches = [
        ("legend-waiting", "waiting"),
        ("legend-running", "running"),
        ("legend-contradictory", "times that contradict each other"),
    ];
    let swatches = swatches.map(|(class, meaning)| el("span").child(el("i").class(class)).text(meaning));
    let keys = el("span")
        .class("legend-keys")
        .child(el("kbd").text("←"))
        .child(el("kbd").text("→"))
        .text(" steps through the runs");
    el("p").class("legend").attr("aria-hidden", "true").children(swatches).child(keys)
}

/// Arrow keys select the run before or after, in reading order, and move the focus with it.
fn steer(drawing: Drawing) -> impl Fn(Event) {
    let go = use_go();
    let address = use_address();
    move |event: Event| {
        let event: KeyboardEvent = event.unchecked_into();
        let step: isize = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => 1,
            "ArrowLeft" | "ArrowUp" => -1,
            _ => return,
        };
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let next = {
            let layout = drawing.layout.read_untracked();
            let ids: Vec<&str> = layout.reading_order().collect();
            let shown = drawing.shown.get_untracked();
            let at = ids.iter().position(|id| Some(*id) == shown.as_deref());
            at.and_then(|at| ids.get(at.checked_add_signed(step)?)).map(|id| (*id).to_owned())
        };
        event.prevent_default();
        if let Some(next) = next {
            go(&address.get_untracked().select(Some(&next)));
            timeline_bar::focus(&next);
        }
    }
}

//! The timeline: a lane for each phase and job, with the attempts of a job in one lane.
//!
//! `drawing` is what lanes and bars are drawn from; `child_lanes` opens a child rollout in place.

pub(crate) mod child_lanes;
pub(crate) mod drawing;
mod lane;
mod timeline_bar;
mod timeline_tip;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, KeyboardEvent, MouseEvent};

use crate::core::time::human_duration;
use crate::model::run::Lifecycle;
use crate::model::timeline::ticks::{Tick, ticks, zone_label};
use crate::model::timeline::{Window, css};
use crate::ui::dom::clock::Zone;
use crate::ui::dom::dynamic::{dynamic, dynamic_option, each, flag, text};
use crate::ui::dom::el::{El, el};
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::{shown_rollout, use_address, use_navigate};
use crate::ui::run::shown::Shown;
use crate::ui::widgets::button::button;
use drawing::{Drawing, layout_of};
use lane::lane_view;
use timeline_tip::timeline_tip;

/// About as many labels as fit beside each other on the narrowest screen and look sparse on none.
const TICKS: usize = 7;

pub(crate) fn timeline(page: Shown) -> El {
    let Shown { tree, now, zone, .. } = page;
    let address = use_address();
    let chosen = Memo::new(move |_| address.read().view().window);
    let window = Memo::new(move |_| chosen.get().unwrap_or_else(|| Window::fit(&tree.runs(), now.get())));
    let layout = layout_of(tree.root, window.into(), now);
    let shown = Memo::new(move |_| page.run.read().as_ref().map(|run| run.id.clone()));
    let path = StoredValue::new(shown_rollout().map(|name| name.rollout).into_iter().collect());
    let drawing =
        Drawing { layout, window: window.into(), page, shown: shown.into(), tip: RwSignal::new(None), path };
    let is_live = Memo::new(move |_| tree.runs().iter().any(|run| run.lifecycle() == Lifecycle::Live));
    let now_line = el("div")
        .class("now-line")
        .class_if("is-off", flag(move || !is_live.get() || !window.read().shows(now.get())))
        .attr("style", text(move || format!("--at:{}", css(window.read().fraction(now.get())))));
    el("section")
        .class("timeline")
        .class_if("is-empty", flag(move || tree.runs().is_empty()))
        .attr("aria-label", "Timeline")
        .on("keydown", select_by_arrow_keys(drawing))
        .child(axis(window.into(), zone))
        .child(
            el("div")
                .class("timeline-lanes")
                .child(grid(window.into(), zone))
                .child(phases(drawing))
                .child(now_line),
        )
        .child(el("div").class("timeline-foot").child(legend()).child(zoom(page, chosen.into())))
        .child(timeline_tip(drawing.tip.into(), tree, now, zone))
}

/// The phases of one rollout.
pub(crate) fn phases(drawing: Drawing) -> AnyView {
    let phases = move || drawing.layout.read().phases.iter().map(|lanes| lanes.phase.clone()).collect();
    each(phases, move |phase| phase_view(phase, drawing).into_any())
}

fn axis(window: Signal<Window>, zone: Signal<Zone>) -> El {
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
        .child(zoom_by_drag(el("div").class("axis-track").child(labels), window))
}

/// The buttons that show one run or the whole time.
fn zoom(page: Shown, chosen: Signal<Option<Window>>) -> AnyView {
    let (go, address) = (use_navigate(), use_address());
    let show = move |window: Option<Window>| go(&address.get_untracked().with(|view| view.window = window));
    let is_zoomed = Memo::new(move |_| chosen.read().is_some());
    dynamic(move || {
        let (show_all, show_run) = (show.clone(), show.clone());
        let to_run = move |_| {
            let run = page.run.get_untracked();
            show_run(run.as_ref().map(|run| Window::of_run(run, page.now.get_untracked())));
        };
        let all = is_zoomed.get().then(|| button("quiet", "Whole time").on("click", move |_| show_all(None)));
        el("div").class("timeline-zoom").maybe(all).child(
            button("quiet", "Zoom to the run").attr("title", "Or drag along the axis.").on("click", to_run),
        )
    })
}

/// Makes an element take a drag along it as the choice of a stretch of time.
fn zoom_by_drag(axis: El, window: Signal<Window>) -> El {
    let (go, address) = (use_navigate(), use_address());
    // Where the drag began and where it is, along the axis.
    let (drag, set_drag) = signal(None::<(f64, f64)>);
    let along = |event: &Event| {
        let axis: HtmlElement = event.current_target()?.dyn_into().ok()?;
        let rect = axis.get_bounding_client_rect();
        let x = f64::from(event.unchecked_ref::<MouseEvent>().client_x());
        Some((x - rect.left()) / rect.width().max(1.0))
    };
    let shown = dynamic_option(move || {
        let (from, to) = drag.get()?;
        let (from, to) = (from.min(to).max(0.0), from.max(to).min(1.0));
        let style = format!("--from:{};--to:{}", css(from), css(to));
        Some(el("span").class("axis-chosen").attr("style", style))
    });
    axis.on("pointerdown", move |event| set_drag.set_if_changed(along(&event).map(|at| (at, at))))
        .on("pointermove", move |event| {
            if let Some((from, _)) = drag.get_untracked() {
                set_drag.set_if_changed(along(&event).map(|to| (from, to)));
            }
        })
        .on("pointerleave", move |_| set_drag.set_if_changed(None))
        .on("pointerup", move |_| {
            let part = drag.get_untracked().and_then(|(from, to)| window.get_untracked().part(from, to));
            set_drag.set_if_changed(None);
            if part.is_some() {
                go(&address.get_untracked().with(|view| view.window = part));
            }
        })
        .child(shown)
}

/// The lines below the axis' ticks.
fn grid(window: Signal<Window>, zone: Signal<Zone>) -> AnyView {
    at_ticks(window, zone, "grid", |_| el("span").class("grid-line"))
}

/// Something at each tick of the axis.
fn at_ticks(
    window: Signal<Window>,
    zone: Signal<Zone>,
    class: &'static str,
    view: fn(Tick) -> El,
) -> AnyView {
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
    let note = text(move || drawing.layout.read().phase(&key).map(|p| p.note.clone()).unwrap_or_default());
    let key = phase.clone();
    let lanes = move || {
        let layout = drawing.layout.read();
        let lanes = layout.phase(&key).map_or(&[][..], |phase| &phase.lanes);
        lanes.iter().map(|lane| lane.job.clone()).collect()
    };
    // A child's phases have the names of its parent's.
    let of = drawing.path.with_value(|path| match &path[..] {
        [_, .., child] => format!(" of {child}"),
        _ => String::new(),
    });
    el("section")
        .class("phase")
        .attr("aria-label", format!("Phase {title}{of}"))
        .child(
            el("h2")
                .class("phase-title")
                .child(el("span").class("phase-name").text(title))
                .child(el("span").class("phase-note").text(note)),
        )
        .child(each(lanes, move |job| lane_view(phase.clone(), job, drawing)))
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
        .text(" steps through the runs, ")
        .child(el("kbd").text("?"))
        .text(" shows all keys");
    el("p").class("legend").attr("aria-hidden", "true").children(swatches).child(keys)
}

/// Arrow keys select the run before or after, in reading order, and move the focus with it.
fn select_by_arrow_keys(drawing: Drawing) -> impl Fn(Event) {
    let go = use_navigate();
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
        event.prevent_default();
        let ids = timeline_bar::ids_in_reading_order();
        let shown = drawing.shown.get_untracked();
        let at = ids.iter().position(|id| Some(id) == shown.as_ref());
        if let Some(next) = at.and_then(|at| ids.get(at.checked_add_signed(step)?)) {
            go(&address.get_untracked().select(Some(next)));
            timeline_bar::focus(next);
        }
    }
}

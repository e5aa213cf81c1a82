//! The time axis: its ticks, the lines below them, and the choice of a stretch of time by dragging.

use leptos::ev::PointerEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::core::time::human_duration;
use crate::model::timeline::ticks::{Tick, ticks, zone_label};
use crate::model::timeline::{Window, css};
use crate::ui::dom::clock::Zone;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::{use_address, use_navigate};

/// About as many labels as fit beside each other on the narrowest screen and look sparse on none.
const TICKS: usize = 7;

/// The axis above the lanes. A drag along it zooms to a stretch of time.
#[component]
pub(super) fn Axis(window: Signal<Window>, zone: Signal<Zone>) -> impl IntoView {
    let label = move || {
        let window = window.read();
        format!(
            "{} · {}",
            zone_label(zone.get().offset(window.to)),
            human_duration(window.length())
        )
    };
    view! {
        <div class="axis" aria-hidden="true">
            <span class="axis-zone" title="The zone of the axis, and how long a time it spans">{label}</span>
            <AxisTrack window zone />
        </div>
    }
}

/// The ticks of the axis, and the stretch that a drag along them chooses.
#[component]
fn AxisTrack(window: Signal<Window>, zone: Signal<Zone>) -> impl IntoView {
    let (go, address) = (use_navigate(), use_address());
    // Where the drag began and where it is, as fractions of the axis.
    let drag = RwSignal::new(None::<(f64, f64)>);
    let end_drag = move |_| {
        let part = drag
            .get_untracked()
            .and_then(|(from, to)| window.get_untracked().part(from, to));
        drag.set_if_changed(None);
        if part.is_some() {
            go(&address.get_untracked().with(|view| view.window = part));
        }
    };
    let ticks = move || {
        let tick_view = |tick: Tick| {
            let style = style_at(&tick);
            view! { <span class="tick" class:is-date=tick.is_date style=style>{tick.label}</span> }
        };
        ticks_of(window, zone)
            .into_iter()
            .map(tick_view)
            .collect_view()
    };
    let chosen = move || {
        let (from, to) = drag.get()?;
        let (from, to) = (from.min(to).max(0.0), from.max(to).min(1.0));
        let style = format!("--from:{};--to:{}", css(from), css(to));
        Some(view! { <span class="axis-chosen" style=style></span> })
    };
    view! {
        <div
            class="axis-track"
            on:pointerdown=move |event| drag.set_if_changed(along(&event).map(|at| (at, at)))
            on:pointermove=move |event| {
                if let Some((from, _)) = drag.get_untracked() {
                    drag.set_if_changed(along(&event).map(|to| (from, to)));
                }
            }
            on:pointerleave=move |_| drag.set_if_changed(None)
            on:pointerup=end_drag
        >
            <div class="axis-ticks" aria-hidden="true">{ticks}</div>
            {chosen}
        </div>
    }
}

/// The lines below the axis' ticks.
#[component]
pub(super) fn Grid(window: Signal<Window>, zone: Signal<Zone>) -> impl IntoView {
    let lines = move || {
        let line_view = |tick: Tick| {
            view! { <span class="grid-line" class:is-date=tick.is_date style=style_at(&tick)></span> }
        };
        ticks_of(window, zone)
            .into_iter()
            .map(line_view)
            .collect_view()
    };
    view! { <div class="grid" aria-hidden="true">{lines}</div> }
}

fn ticks_of(window: Signal<Window>, zone: Signal<Zone>) -> Vec<Tick> {
    let window = window.get();
    ticks(window, TICKS, zone.get().offset(window.to))
}

fn style_at(tick: &Tick) -> String {
    format!("--at:{}", css(tick.at))
}

/// Returns where along its element a pointer is: 0 at the left edge, 1 at the right.
fn along(event: &PointerEvent) -> Option<f64> {
    let track: HtmlElement = event.current_target()?.dyn_into().ok()?;
    let rect = track.get_bounding_client_rect();
    Some((f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0))
}

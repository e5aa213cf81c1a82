//! The timeline: a lane for each phase and job, with the attempts of a job in one lane.
//!
//! `drawing` is what lanes and bars are drawn from; `child_lanes` opens a child rollout in place.

mod axis;
mod child_lanes;
pub(crate) mod drawing;
mod lane;
mod phases;
mod timeline_bar;
mod timeline_tip;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::model::run::Lifecycle;
use crate::model::timeline::{Window, css};
use crate::ui::nav::link::{shown_rollout, use_address, use_navigate};
use crate::ui::run::shown::Shown;
use axis::{Axis, Grid};
use child_lanes::LazyChildLanes;
use drawing::{Drawing, layout_of};
use phases::Phases;
use timeline_tip::TimelineTip;

/// The timeline of the page's rollout, and of the child rollouts that are opened in it.
#[component]
pub(crate) fn Timeline(page: Shown) -> impl IntoView {
    let Shown {
        tree, now, zone, ..
    } = page;
    let address = use_address();
    let chosen = Memo::new(move |_| address.read().view().window);
    let window = Memo::new(move |_| {
        chosen
            .get()
            .unwrap_or_else(|| Window::fit(&tree.runs(), now.get()))
    });
    let shown = Memo::new(move |_| page.run.read().as_ref().map(|run| run.id.clone()));
    let open = Memo::new(move |_| address.read().view().open);
    let drawing = Drawing {
        layout: layout_of(tree.root, window.into(), now),
        window: window.into(),
        page,
        draw_child: |id, drawing| view! { <LazyChildLanes id drawing /> }.into_any(),
        shown: shown.into(),
        open: open.into(),
        tip: RwSignal::new(None),
        path: StoredValue::new(
            shown_rollout()
                .map(|name| name.rollout)
                .into_iter()
                .collect(),
        ),
    };
    view! {
        <section
            class="timeline"
            class:is-empty=move || tree.runs().is_empty()
            aria-label="Timeline"
            on:keydown=select_by_arrow_keys(drawing)
        >
            <Axis window=drawing.window zone />
            <div class="timeline-lanes">
                <Grid window=drawing.window zone />
                <Phases drawing />
                <NowLine drawing />
            </div>
            <div class="timeline-foot">
                <Legend />
                <Zoom page chosen />
            </div>
            <TimelineTip tip=drawing.tip tree now zone />
        </section>
    }
}

/// The line at the present, while a run is live.
#[component]
fn NowLine(drawing: Drawing) -> impl IntoView {
    let Drawing {
        window,
        page: Shown { tree, now, .. },
        ..
    } = drawing;
    let is_live = Memo::new(move |_| {
        tree.runs()
            .iter()
            .any(|run| run.lifecycle() == Lifecycle::Live)
    });
    let is_off = move || !is_live.get() || !window.read().shows(now.get());
    let style = move || format!("--at:{}", css(window.read().fraction(now.get())));
    view! { <div class="now-line" class:is-off=is_off style=style></div> }
}

/// The buttons that zoom to the shown run, and back to the whole time.
#[component]
fn Zoom(page: Shown, chosen: Memo<Option<Window>>) -> impl IntoView {
    let (go, address) = (use_navigate(), use_address());
    let zoom_to = move |window| go(&address.get_untracked().with(|view| view.window = window));
    let show_all = {
        let zoom_to = zoom_to.clone();
        move |_| zoom_to(None)
    };
    let show_run = move |_| {
        let run = page.run.get_untracked();
        zoom_to(run.map(|run| Window::of_run(&run, page.now.get_untracked())));
    };
    view! {
        <div class="timeline-zoom">
            <Show when=move || chosen.read().is_some()>
                <button type="button" class="button quiet" on:click=show_all.clone()>"Whole time"</button>
            </Show>
            <button type="button" class="button quiet" title="Or drag along the axis." on:click=show_run>
                "Zoom to the run"
            </button>
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
            <span class="legend-keys">
                <kbd>"←"</kbd>
                <kbd>"→"</kbd>
                " steps through the runs, "
                <kbd>"?"</kbd>
                " shows all keys"
            </span>
        </p>
    }
}

/// Returns a handler for keys: arrow keys select the run before or after, in reading order, and move the focus
/// with it.
fn select_by_arrow_keys(drawing: Drawing) -> impl Fn(KeyboardEvent) {
    let (go, address) = (use_navigate(), use_address());
    move |event| {
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

//! One attempt on the timeline: a link to its run.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement};

use super::drawing::Drawing;
use super::timeline_tip::{self, Tip};
use crate::core::text::clip;
use crate::model::explain::state_label;
use crate::model::timeline::{Bar, Part, PartKind, Side, css};
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::{is_plain_click, use_address, use_navigate};
use crate::ui::widgets::icon::{Icon, SvgIcon};
use crate::ui::widgets::state_badge::state_class;

/// The bar of a run. A bar is a link to its run.
#[component]
pub(super) fn TimelineBar(
    /// The run's id.
    run: String,
    /// The name of the lane, for screen readers.
    lane: StoredValue<String>,
    drawing: Drawing,
) -> impl IntoView {
    let Drawing {
        layout, shown, tip, ..
    } = drawing;
    let (go, address) = (use_navigate(), use_address());
    let bar = Memo::new({
        let run = run.clone();
        move |_| layout.read().bar(&run).cloned()
    });
    let is_shown = Signal::derive({
        let run = run.clone();
        move || shown.read().as_deref() == Some(&*run)
    });
    let to = Signal::derive({
        let run = run.clone();
        move || address.read().select(Some(&run))
    });
    let class = move || {
        bar.read()
            .as_ref()
            .map(|bar| bar_class(bar, is_shown.get()))
            .unwrap_or_default()
    };
    let style = move || bar.read().as_ref().and_then(bar_style).unwrap_or_default();
    let label = move || {
        let bar = bar.read();
        let about_bar = bar.as_ref().map(bar_label);
        about_bar.map(|about_bar| lane.with_value(|lane| clip(format!("{lane}, {about_bar}"))))
    };
    let follow = move |event: leptos::ev::MouseEvent| {
        if is_plain_click(&event) {
            event.prevent_default();
            go(&to.get_untracked());
        }
    };
    let id = element_id(&run);
    let show_tip = move |event: &Event| tip.set_if_changed(tip_of(&run, event));
    let show_tip_on_focus = show_tip.clone();
    let hide_tip = move || tip.set_if_changed(None);
    view! {
        <a
            class=class
            id=id
            href=move || to.read().to_hash()
            style=style
            aria-label=move || label().unwrap_or_default()
            aria-describedby=timeline_tip::ID
            aria-current=move || is_shown.get().to_string()
            on:click=follow
            on:mouseenter=move |event| show_tip(&event)
            on:mouseleave=move |_| hide_tip()
            on:focus=move |event| show_tip_on_focus(&event)
            on:blur=move |_| hide_tip()
        >
            {move || bar.read().as_ref().map(bar_inside)}
        </a>
    }
}

fn bar_class(bar: &Bar, is_shown: bool) -> String {
    let untimed = match bar.beyond {
        Some(Side::Before) => " is-beyond",
        Some(Side::After) => " is-beyond is-after",
        None if bar.parts.is_empty() => " is-untimed",
        None => "",
    };
    let shown = if is_shown { " is-shown" } else { "" };
    format!("bar {}{untimed}{shown}", state_class(&bar.state))
}

/// Where the bar lies on its track; `None` for a bar that has no place in time.
fn bar_style(bar: &Bar) -> Option<String> {
    let (from, to) = bar.extent()?;
    Some(format!(
        "--from:{};--to:{};--row:{}",
        css(from),
        css(to),
        bar.row
    ))
}

/// What a screen reader says of the bar, after its lane.
fn bar_label(bar: &Bar) -> String {
    let flagged = if bar.flagged {
        ", something does not add up"
    } else {
        ""
    };
    let beyond = match bar.beyond {
        Some(Side::Before) => ", before the time shown",
        Some(Side::After) => ", after the time shown",
        None => "",
    };
    format!(
        "attempt {}: {}{beyond}{flagged}",
        bar.attempt,
        state_label(&bar.state)
    )
}

/// The parts of a bar, and the icons of its state and of a contradiction.
fn bar_inside(bar: &Bar) -> impl IntoView + use<> {
    let parts = bar
        .inner_parts()
        .into_iter()
        .map(|part| view! { <BarPart part /> })
        .collect_view();
    let mark = bar.mark();
    let class = if mark.is_some() {
        "bar-mark"
    } else {
        "bar-mark is-beside"
    };
    let style = format!("--from:{}", css(mark.unwrap_or_default()));
    let warning = bar
        .flagged
        .then(|| view! { <span class="bar-flag"><SvgIcon icon=Icon::Warning /></span> });
    view! {
        {parts}
        <span class=class style=style><SvgIcon icon=Icon::of(&bar.state) /></span>
        {warning}
    }
}

#[component]
fn BarPart(part: Part) -> impl IntoView {
    let class = match part.kind {
        PartKind::Waiting => "part is-waiting",
        PartKind::Running => "part is-running",
        PartKind::Contradictory => "part is-contradictory",
        PartKind::Instant => "part is-instant",
    };
    let style = format!("--from:{};--to:{}", css(part.from), css(part.to));
    view! { <span class=class class:is-live=part.live style=style></span> }
}

/// Returns the position of the tip for the bar that an event came from.
fn tip_of(run: &str, event: &Event) -> Option<Tip> {
    let element: HtmlElement = event.current_target()?.dyn_into().ok()?;
    let rect = element.get_bounding_client_rect();
    // A long bar's tip stands near its start, where the user points.
    let middle = (rect.left() + rect.width().min(320.0) / 2.0) as i32;
    let height = window()
        .inner_height()
        .ok()
        .and_then(|height| height.as_f64())
        .unwrap_or_default();
    let is_above = rect.bottom() > height / 2.0;
    let edge = if is_above {
        height - rect.top()
    } else {
        rect.bottom()
    } as i32;
    Some(Tip {
        run: run.to_owned(),
        middle,
        edge,
        is_above,
    })
}

/// The id of a bar's element.
fn element_id(run: &str) -> String {
    format!("run-{run}")
}

/// Moves the focus to a run's bar.
pub(super) fn focus(run: &str) {
    if let Some(element) = document().get_element_by_id(&element_id(run))
        && let Some(element) = element.dyn_ref::<HtmlElement>()
    {
        let _ = element.focus();
    }
}

/// The ids of all runs that have a bar, in reading order.
pub(super) fn ids_in_reading_order() -> Vec<String> {
    let Ok(bars) = document().query_selector_all(".timeline .bar") else {
        return Vec::new();
    };
    let bars = (0..bars.length()).filter_map(|at| bars.item(at)?.dyn_into::<HtmlElement>().ok());
    bars.filter_map(|bar| Some(bar.id().strip_prefix("run-")?.to_owned()))
        .collect()
}

//! One attempt on the timeline: a link to its run.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement};

use super::drawing::Drawing;
use super::timeline_tip::{self, Tip};
use crate::model::explain::state_label;
use crate::model::timeline::{Bar, Part, PartKind, Side, css};
use crate::ui::dom::dynamic::{dynamic_option, flag, text};
use crate::ui::dom::el::{El, el};
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::{is_plain_click, use_address, use_navigate};
use crate::ui::widgets::icon::{Icon, icon};
use crate::ui::widgets::state_badge::state_class;

/// The bar of the run with this id, in a lane with this name for people.
pub(crate) fn timeline_bar(run: String, lane: String, drawing: Drawing) -> El {
    let Drawing { layout, shown, tip, .. } = drawing;
    let id = run.clone();
    let bar = Memo::new(move |_| layout.read().bar(&id).cloned());
    let id = run.clone();
    let is_shown = flag(move || shown.read().as_deref() == Some(&id));
    let class = text(move || {
        let bar = bar.read();
        let Some(bar) = &*bar else { return String::new() };
        let untimed = match bar.beyond {
            Some(Side::Before) => " is-beyond",
            Some(Side::After) => " is-beyond is-after",
            None if bar.parts.is_empty() => " is-untimed",
            None => "",
        };
        let shown = if is_shown.get() { " is-shown" } else { "" };
        format!("bar {}{untimed}{shown}", state_class(&bar.state))
    });
    let style = text(move || {
        let bar = bar.read();
        let extent = bar.as_ref().and_then(|bar| Some((bar, bar.extent()?)));
        extent.map_or_else(String::new, |(bar, (from, to))| {
            format!("--from:{};--to:{};--row:{}", css(from), css(to), bar.row)
        })
    });
    let label = text(move || {
        let bar = bar.read();
        let Some(bar) = &*bar else { return String::new() };
        let flagged = if bar.flagged { ", something does not add up" } else { "" };
        let beyond = match bar.beyond {
            Some(Side::Before) => ", before the time shown",
            Some(Side::After) => ", after the time shown",
            None => "",
        };
        format!("{lane}, attempt {}: {}{beyond}{flagged}", bar.attempt, state_label(&bar.state))
    });

    let go = use_navigate();
    let address = use_address();
    let to = {
        let run = run.clone();
        text(move || address.read().select(Some(&run)).to_hash())
    };
    let on_click = {
        let run = run.clone();
        move |event: Event| {
            if is_plain_click(&event) {
                event.prevent_default();
                go(&address.get_untracked().select(Some(&run)));
            }
        }
    };
    let show_tip = {
        let run = run.clone();
        move |event: Event| tip.set_if_changed(tip_of(&run, &event))
    };
    el("a")
        .class(class)
        .attr("id", element_id(&run))
        .attr("href", to)
        .attr("style", style)
        .attr("aria-label", label)
        .attr("aria-describedby", timeline_tip::ID)
        .attr("aria-current", text(move || is_shown.get().to_string()))
        .on("click", on_click)
        .on("mouseenter", show_tip.clone())
        .on("mouseleave", move |_| tip.set_if_changed(None))
        .on("focus", show_tip)
        .on("blur", move |_| tip.set_if_changed(None))
        .child(dynamic_option(move || bar.get().map(|bar| bar_inside(&bar))))
}

/// Where the tip of a bar stands that an event came from.
fn tip_of(run: &str, event: &Event) -> Option<Tip> {
    let element: HtmlElement = event.current_target()?.dyn_into().ok()?;
    let rect = element.get_bounding_client_rect();
    // A long bar's tip stands near its start, where the eye is.
    let middle = (rect.left() + rect.width().min(320.0) / 2.0) as i32;
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    let is_above = rect.bottom() > height / 2.0;
    let edge = if is_above { height - rect.top() } else { rect.bottom() } as i32;
    Some(Tip { run: run.to_owned(), middle, edge, is_above })
}

fn bar_inside(bar: &Bar) -> AnyView {
    let parts = bar.inner_parts().into_iter().map(part_view).collect_view();
    let mark = bar.mark();
    let state = el("span")
        .class(if mark.is_some() { "bar-mark" } else { "bar-mark is-beside" })
        .attr("style", format!("--from:{}", css(mark.unwrap_or_default())))
        .child(icon(Icon::of(&bar.state)));
    let warning = bar.flagged.then(|| el("span").class("bar-flag").child(icon(Icon::Warning)));
    (parts, state, warning).into_any()
}

fn part_view(part: Part) -> El {
    let class = match part.kind {
        PartKind::Waiting => "part is-waiting",
        PartKind::Running => "part is-running",
        PartKind::Contradictory => "part is-contradictory",
        PartKind::Instant => "part is-instant",
    };
    el("span")
        .class(class)
        .class_if("is-live", part.live)
        .attr("style", format!("--from:{};--to:{}", css(part.from), css(part.to)))
}

/// The id of a bar's element.
fn element_id(run: &str) -> String {
    format!("run-{run}")
}

/// Moves the focus to a run's bar.
pub(crate) fn focus(run: &str) {
    if let Some(element) = document().get_element_by_id(&element_id(run))
        && let Some(element) = element.dyn_ref::<HtmlElement>()
    {
        let _ = element.focus();
    }
}

/// The ids of all runs that have a bar, in the order in which a reader meets them.
pub(crate) fn ids_in_reading_order() -> Vec<String> {
    let Ok(bars) = document().query_selector_all(".timeline .bar") else { return Vec::new() };
    let bars = (0..bars.length()).filter_map(|at| bars.item(at)?.dyn_into::<HtmlElement>().ok());
    bars.filter_map(|bar| Some(bar.id().strip_prefix("run-")?.to_owned())).collect()
}

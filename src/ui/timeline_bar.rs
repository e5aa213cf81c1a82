//! One attempt on the timeline: a link to its run.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::dynamic::{dynamic_option, flag, memo, text};
use super::icon::{Icon, Shape};
use super::place::{is_plain_click, use_address, use_go};
use super::state_badge::state_class;
use super::timeline_tip::Tip;
use crate::model::explain::state_label;
use crate::model::timeline::{Layout, PartKind, css};

#[component]
pub fn TimelineBar(
    /// The run's id.
    run: String,
    /// The lane's job and phase, for people.
    lane: String,
    drawn: Memo<Layout>,
    shown: Memo<Option<String>>,
    tip: RwSignal<Option<Tip>>,
) -> impl IntoView {
    let id = run.clone();
    let bar = memo(move || drawn.read().bar(&id).cloned());
    let id = run.clone();
    let is_shown = flag(move || shown.read().as_deref() == Some(&id));
    let class = text(move || {
        let bar = bar.read();
        let Some(bar) = &*bar else { return String::new() };
        let untimed = if bar.parts.is_empty() { " is-untimed" } else { "" };
        let shown = if is_shown.get() { " is-shown" } else { "" };
        format!("bar {}{untimed}{shown}", state_class(&bar.state))
    });
    let place = text(move || {
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
        format!("{lane}, attempt {}: {}{flagged}", bar.attempt, state_label(&bar.state))
    });

    let go = use_go();
    let address = use_address();
    let to = {
        let run = run.clone();
        text(move || address.read().select(Some(&run)).to_hash())
    };
    let on_click = {
        let run = run.clone();
        move |event: web_sys::MouseEvent| {
            if is_plain_click(&event) {
                event.prevent_default();
                go(&address.get_untracked().select(Some(&run)));
            }
        }
    };
    let show_tip = {
        let run = run.clone();
        move |target: web_sys::EventTarget| {
            let Some(element) = target.dyn_ref::<HtmlElement>() else { return };
            let rect = element.get_bounding_client_rect();
            // A long bar's tip stands near its start, where the eye is.
            let middle = (rect.left() + rect.width().min(320.0) / 2.0) as i32;
            let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
            let is_above = rect.bottom() > height / 2.0;
            let edge = if is_above { height - rect.top() } else { rect.bottom() } as i32;
            tip.set(Some(Tip { run: run.clone(), middle, edge, is_above }));
        }
    };
    let show_focused = show_tip.clone();
    let hide_tip = move || tip.set(None);
    view! {
        <a
            class=class
            id=element_id(&run)
            href=to
            style=place
            aria-label=label
            aria-describedby=super::timeline_tip::ID
            aria-current=text(move || is_shown.get().to_string())
            on:click=on_click
            on:mouseenter:target=move |event| show_tip(event.target().into())
            on:mouseleave=move |_| hide_tip()
            on:focus:target=move |event| show_focused(event.target().into())
            on:blur=move |_| hide_tip()
        >
            {dynamic_option(move || {
                let bar = bar.get()?;
                let parts = bar
                    .inner_parts()
                    .into_iter()
                    .map(|part| {
                        let class = match part.kind {
                            PartKind::Waiting => "part is-waiting",
                            PartKind::Running => "part is-running",
                            PartKind::Contradictory => "part is-contradictory",
                            PartKind::Instant => "part is-instant",
                        };
                        let style = format!("--from:{};--to:{}", css(part.from), css(part.to));
                        view! { <span class=class class:is-live=part.live style=style></span> }
                    })
                    .collect_view();
                let mark = bar.mark();
                let mark_class = if mark.is_some() { "bar-mark" } else { "bar-mark is-beside" };
                let mark_at = format!("--from:{}", css(mark.unwrap_or_default()));
                Some(
                    view! {
                        {parts}
                        <span class=mark_class style=mark_at>
                            <Icon shape=Shape::of(&bar.state) />
                        </span>
                        {bar.flagged.then(|| view! { <span class="bar-flag"><Icon shape=Shape::Warning /></span> })}
                    },
                )
            })}
        </a>
    }
}

/// The id of a bar's element.
fn element_id(run: &str) -> String {
    format!("run-{run}")
}

/// Moves the focus to a run's bar.
pub fn focus(run: &str) {
    if let Some(element) = document().get_element_by_id(&element_id(run))
        && let Some(element) = element.dyn_ref::<HtmlElement>()
    {
        let _ = element.focus();
    }
}

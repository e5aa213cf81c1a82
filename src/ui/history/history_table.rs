//! The runs of a history as a table, of which only the rows in sight are in the page.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use super::history_worker::HistoryWorker;
use crate::ui::dom::dynamic::{dynamic, text};
use crate::ui::dom::el::{El, el};
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::widgets::drawn_view::drawn_view;
use crate::workers::history::panels::COLUMNS;

/// The height of a row in CSS pixels, as the style sheet has it.
const ROW: i32 = 30;
/// Rows beyond what is in sight, so that scrolling a little shows no gap.
const SPARE: i32 = 10;

pub(crate) fn history_table(worker: HistoryWorker) -> El {
    let rows = worker.topic("rows");
    let counts = worker.topic("counts");
    let total = move || counts.read().first().and_then(|count| count.parse::<i32>().ok()).unwrap_or(0);
    // The first row in sight, how many are, and the row that the keyboard is on.
    let (sight, set_sight) = signal((0, 20));
    let (active, set_active) = signal(0);
    Effect::new(move |_| {
        let (first, count) = sight.get();
        counts.read();
        let first = (first - SPARE).max(0);
        worker.send("rows", &[first.into(), (count + 2 * SPARE).into(), active.get().into()]);
    });
    let scrolled = move |event: Event| {
        let element: HtmlElement =
            event.current_target().expect("a listener has a current target").unchecked_into();
        set_sight.set_if_changed((element.scroll_top() / ROW, element.client_height() / ROW + 1));
    };
    let keys = move |event: Event| {
        let key: &KeyboardEvent = event.unchecked_ref();
        let (at, last) = (active.get_untracked(), (total() - 1).max(0));
        let page = sight.get_untracked().1.max(2) - 1;
        let to = match key.key().as_str() {
            "ArrowDown" => at + 1,
            "ArrowUp" => at - 1,
            "PageDown" => at + page,
            "PageUp" => at - page,
            "Home" => 0,
            "End" => last,
            "Enter" | " " => {
                event.prevent_default();
                return worker.send("choose", &[at.into()]);
            }
            _ => return,
        };
        event.prevent_default();
        let to = to.clamp(0, last);
        set_active.set_if_changed(to);
        let element: HtmlElement =
            event.current_target().expect("a listener has a current target").unchecked_into();
        let (top, height) = (element.scroll_top(), element.client_height() - 2 * ROW);
        if to * ROW < top {
            element.set_scroll_top(to * ROW);
        } else if to * ROW > top + height {
            element.set_scroll_top(to * ROW - height);
        }
    };
    let chosen = move |event: Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let row = target.and_then(|target| target.closest("tr[data-run]").ok().flatten());
        if let Some(row) = row
            && let Some(index) =
                row.get_attribute("aria-rowindex").and_then(|index| index.parse::<i32>().ok())
        {
            set_active.set_if_changed(index - 2);
            worker.send("choose", &[(index - 2).into()]);
        }
    };
    let head = el("tr")
        .attr("aria-rowindex", "1")
        .children(COLUMNS.iter().map(|column| el("th").attr("scope", "col").text(*column)));
    let body = dynamic(move || {
        let rows = rows.read();
        let number = |index: usize| rows.get(index).and_then(|text| text.parse::<i32>().ok()).unwrap_or(0);
        let (total, first) = (number(0), number(1));
        let shown = rows.len().saturating_sub(2) as i32;
        let space = |rows: i32| {
            el("tr").class("history-space").attr("aria-hidden", "true").child(
                el("td")
                    .attr("colspan", COLUMNS.len().to_string())
                    .attr("style", format!("height:{}px", rows * ROW)),
            )
        };
        el("tbody")
            .child(space(first))
            .children(rows.iter().skip(2).filter_map(|row| drawn_view(row)))
            .child(space((total - first - shown).max(0)))
    });
    let table = el("table")
        .attr("role", "grid")
        .attr("aria-label", "Job runs")
        .attr("aria-rowcount", text(move || (total() + 1).to_string()))
        .child(el("thead").child(head))
        .child(body);
    el("div")
        .class("history-table")
        .attr("tabindex", "0")
        .attr("role", "group")
        .attr("aria-label", "Table of the job runs: arrow keys move, Enter selects")
        .attr(
            "aria-activedescendant",
            text(move || match total() {
                0 => String::new(),
                _ => format!("history-row-{}", active.get()),
            }),
        )
        .on("scroll", scrolled)
        .on("keydown", keys)
        .on("click", chosen)
        .child(table)
}

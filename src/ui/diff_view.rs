//! What differs between two texts.

use leptos::prelude::*;

use super::button::button;
use super::dynamic::{dynamic, dynamic_option};
use super::el::{El, el};
use super::live::{Live, live};
use crate::worker::drawn::{DrawnDiff, DrawnRow, RowKind};

/// So many rows are drawn, or added, at a time.
const ROWS: usize = 1_000;

/// A difference from a text that is called `with`.
pub fn diff_view(with: &str, diff: &DrawnDiff, wrap: Live<bool>) -> El {
    if diff.rows.is_empty() {
        return el("p")
            .class("diff-head")
            .text("No difference from ")
            .child(el("b").text(with.to_owned()))
            .text(".");
    }
    let head = el("p")
        .class("diff-head")
        .child(el("span").class("diff-added").text(format!("+{}", diff.added)))
        .text(" ")
        .child(el("span").class("diff-removed").text(format!("−{}", diff.removed)))
        .text(" lines since ")
        .child(el("b").class("long-text").text(with.to_owned()));
    let note = (!diff.note.is_empty()).then(|| el("p").class("notice is-warning").text(diff.note.clone()));
    let parts = parts(&diff.rows);
    let total = parts.len();
    let (count, set_count) = live(ROWS);
    let rows = dynamic(move || {
        let parts = parts.iter().take(count.get()).map(|part| match part {
            Part::Row(row) => row_view(row),
            Part::Folded(rows) => folded(rows.clone()),
        });
        parts.collect_view()
    });
    let more = dynamic_option(move || {
        let shown = count.get();
        (shown < total).then(|| {
            button("quiet", format!("Show more of the difference ({} rows)", total - shown))
                .on("click", move |_| set_count.set(shown + ROWS))
        })
    });
    let body = el("div")
        .class("text-view is-diff")
        .class_if("is-wrapped", wrap)
        .attr("role", "region")
        .attr("aria-label", "Difference")
        .attr("tabindex", "0")
        .child(el("pre").class("text-lines").child(rows))
        .child(more);
    el("div").child(head).maybe(note).child(body)
}

/// Rows as they are drawn.
enum Part {
    Row(String),
    /// Unchanged rows that are drawn on demand.
    Folded(Vec<String>),
}

fn parts(rows: &[String]) -> Vec<Part> {
    let mut parts = Vec::new();
    for packed in rows {
        let kind = DrawnRow::unpack(packed).map(|row| row.kind);
        match (kind, parts.last_mut()) {
            (Some(RowKind::Folded), Some(Part::Folded(rows))) => rows.push(packed.clone()),
            (Some(RowKind::Folded), _) => parts.push(Part::Folded(vec![packed.clone()])),
            _ => parts.push(Part::Row(packed.clone())),
        }
    }
    parts
}

fn folded(rows: Vec<String>) -> AnyView {
    let (is_open, set_open) = live(false);
    let label = match rows.len() {
        1 => "Show 1 unchanged line".to_owned(),
        count => format!("Show {count} unchanged lines"),
    };
    dynamic(move || match is_open.get() {
        true => rows.iter().map(|row| row_view(row)).collect_view().into_any(),
        false => button("quiet", label.clone())
            .class("button quiet diff-fold")
            .on("click", move |_| set_open.set(true))
            .into_any(),
    })
}

fn row_view(packed: &str) -> AnyView {
    let Some(row) = DrawnRow::unpack(packed) else { return ().into_any() };
    let (class, sign) = match row.kind {
        RowKind::Header => ("text-row diff-row is-header", ""),
        RowKind::Unchanged | RowKind::Folded => ("text-row diff-row", " "),
        RowKind::Removed => ("text-row diff-row is-removed", "−"),
        RowKind::Added => ("text-row diff-row is-added", "+"),
        RowKind::Unterminated => ("text-row diff-row is-about", ""),
    };
    // A reader that hears the text hears what happened to a line too.
    let said = match row.kind {
        RowKind::Removed => Some("removed: "),
        RowKind::Added => Some("added: "),
        _ => None,
    };
    el("div")
        .class(class)
        .child(el("span").class("text-number").attr("data-number", row.old.to_owned()))
        .child(el("span").class("text-number").attr("data-number", row.new.to_owned()))
        .child(
            el("span")
                .class("diff-sign")
                .attr("data-sign", sign)
                .maybe(said.map(|said| el("span").class("visually-hidden").text(said))),
        )
        .child(el("span").class("text-words").text(row.text.to_owned()))
        .into_any()
}

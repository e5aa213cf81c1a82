//! The rows of a difference between two manifests.

use leptos::prelude::*;

use super::manifest_feed::Comparison;
use crate::core::text::clip;
use crate::model::manifest::diff::Change;
use crate::ui::run::artifacts::Fetched;
use crate::ui::run::build::text_view::Lines;
use crate::workers::files::protocol::{DiffLine, DiffRow, TextDiff};

/// A difference as [`TextView`](crate::ui::run::build::text_view::TextView) shows it.
#[derive(Clone)]
pub(super) struct DiffRows(pub Fetched<Comparison>);

impl Lines for DiffRows {
    fn len(&self) -> usize {
        self.0.diff.rows.len()
    }

    fn size(&self, line: usize) -> usize {
        match &self.0.diff.rows[line] {
            DiffRow::Header(text) => text.len(),
            DiffRow::Line(line) => line.text.len(),
            DiffRow::NoLineBreak => 0,
            DiffRow::Fold(lines) => lines.iter().map(|line| line.text.len()).sum(),
        }
    }

    fn draw(&self, line: usize) -> AnyView {
        match self.0.diff.rows[line].clone() {
            DiffRow::Header(text) => about("text-row diff-row is-header", text),
            DiffRow::Line(line) => view! { <Line line /> }.into_any(),
            DiffRow::NoLineBreak => about(
                "text-row diff-row is-about",
                "No line break at the end".to_owned(),
            ),
            DiffRow::Fold(lines) => view! { <Fold lines /> }.into_any(),
        }
    }
}

/// A row that says something about the lines.
fn about(class: &'static str, text: String) -> AnyView {
    view! { <div class=class><span class="text-words">{text}</span></div> }.into_any()
}

/// Shows unchanged lines to unfold.
#[component]
fn Fold(lines: Vec<DiffLine>) -> impl IntoView {
    let label = match lines.len() {
        1 => "Show 1 unchanged line".to_owned(),
        many => format!("Show {many} unchanged lines"),
    };
    view! {
        <details class="diff-fold">
            <summary>{label}</summary>
            {lines.into_iter().map(|line| view! { <Line line /> }).collect_view()}
        </details>
    }
}

/// Shows a line with its numbers in both texts.
#[component]
fn Line(line: DiffLine) -> impl IntoView {
    let DiffLine {
        change,
        old,
        new,
        text,
    } = line;
    // A screen reader says what happened to a line too.
    let (class, said) = match change {
        Change::Unchanged => ("text-row diff-row", None),
        Change::Removed => ("text-row diff-row is-removed", Some("removed: ")),
        Change::Added => ("text-row diff-row is-added", Some("added: ")),
    };
    let number =
        |number: Option<usize>| number.map(|number| number.to_string()).unwrap_or_default();
    view! {
        <div class=class>
            <span class="text-number" data-number=number(old)></span>
            <span class="text-number" data-number=number(new)></span>
            <span class="diff-sign">
                {said.map(|said| view! { <span class="visually-hidden">{said}</span> })}
            </span>
            <span class="text-words">{clip(text)}</span>
        </div>
    }
}

/// Says in a sentence how much differs.
#[component]
pub(super) fn DiffHead(diff: TextDiff) -> AnyView {
    let TextDiff {
        with,
        added,
        removed,
        note,
        rows,
    } = diff;
    if rows.is_empty() {
        return view! { <p class="diff-head">"No difference from " <b>{clip(with)}</b> "."</p> }
            .into_any();
    }
    view! {
        <p class="diff-head">
            <span class="diff-added">{format!("+{added}")}</span>
            " "
            <span class="diff-removed">{format!("−{removed}")}</span>
            " lines since "
            <b class="long-text">{clip(with)}</b>
            {(!note.is_empty()).then(|| format!(". {note}"))}
        </p>
    }
    .into_any()
}

//! Manifests and their differences: pure functions from texts to what the page shows.

use super::protocol::{DiffLine, DiffRow, TextDiff, YamlLine, YamlToken};
use crate::core::text::visible;
use crate::model::manifest::{self, diff, yaml};

/// How many unchanged lines are folded as one.
const FOLD: usize = 250;

/// The lines of a YAML text.
pub fn yaml(text: &str) -> Vec<YamlLine> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let token = |span: yaml::Span| YamlToken {
        kind: span.kind,
        text: visible(span.text),
    };
    let lines = yaml::highlight(text).into_iter();
    lines
        .map(|spans| YamlLine {
            tokens: spans.into_iter().map(token).collect(),
        })
        .collect()
}

/// What differs between two texts, the old of which is called `with`. What is unchanged is there too, folded.
pub fn diff(with: &str, old: &str, new: &str) -> TextDiff {
    let diff = diff::diff(old, new);
    TextDiff {
        with: visible(with),
        added: diff.added,
        removed: diff.removed,
        note: diff.note(),
        rows: diff_rows(&diff, old),
    }
}

fn diff_rows(diff: &diff::Diff, old: &str) -> Vec<DiffRow> {
    let mut rows = Vec::new();
    if diff.hunks.is_empty() {
        return rows;
    }
    let old_lines: Vec<&str> = old.split('\n').collect();
    let count = old.lines().count();
    // How far the texts are told.
    let (mut old_at, mut new_at) = (0, 0);
    for hunk in &diff.hunks {
        let first = hunk.lines.first();
        // Without a line of the one text, the other has the same distance.
        let between = match first.map(|line| (line.old, line.new)) {
            Some((Some(first), _)) => first - 1 - old_at,
            Some((None, Some(first))) => first - 1 - new_at,
            _ => 0,
        };
        rows.extend(folded(&old_lines, old_at, new_at, between));
        (old_at, new_at) = (old_at + between, new_at + between);
        rows.push(DiffRow::Header(hunk.header()));
        for line in &hunk.lines {
            old_at += usize::from(line.old.is_some());
            new_at += usize::from(line.new.is_some());
            rows.push(DiffRow::Line(diff_line(
                line.change,
                line.old,
                line.new,
                &line.text,
            )));
            if line.unterminated && line.change != diff::Change::Unchanged {
                rows.push(DiffRow::NoLineBreak);
            }
        }
    }
    rows.extend(folded(
        &old_lines,
        old_at,
        new_at,
        count.saturating_sub(old_at),
    ));
    rows
}

/// So many unchanged lines, to be unfolded.
fn folded(lines: &[&str], old: usize, new: usize, count: usize) -> impl Iterator<Item = DiffRow> {
    (0..count).step_by(FOLD).map(move |from| {
        let line = |i: usize| {
            let text = lines.get(old + i).copied().unwrap_or_default();
            diff_line(
                diff::Change::Unchanged,
                Some(old + i + 1),
                Some(new + i + 1),
                text,
            )
        };
        DiffRow::Fold((from..(from + FOLD).min(count)).map(line).collect())
    })
}

fn diff_line(change: diff::Change, old: Option<usize>, new: Option<usize>, text: &str) -> DiffLine {
    // A carriage return at a line's end may be the change.
    let text = match text.strip_suffix('\r') {
        Some(text) => visible(text) + "␍",
        None => visible(text),
    };
    DiffLine {
        change,
        old,
        new,
        text,
    }
}

/// The full name of the rollout to compare with. See [`manifest::previous`].
pub fn previous(current: &str, rollouts: &[String]) -> Option<String> {
    manifest::previous(&current.parse().ok()?, rollouts).map(|name| name.to_string())
}

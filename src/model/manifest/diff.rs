//! What changed between two texts, line by line, such as a manifest in two releases.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use similar::DiffOp;
use similar::algorithms::{Capture, Replace, myers};

/// How many unchanged lines are shown around a change.
pub const CONTEXT: usize = 3;
/// Texts with more lines than this between their common beginning and end are not compared line
/// by line: the time that it takes may grow with the square of it.
pub const MOST_LINES: usize = 4_000;

/// The difference of two texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// In order; none when the texts are equal.
    pub hunks: Vec<Hunk>,
    /// How many lines only the new text has.
    pub added: usize,
    /// How many lines only the old text has.
    pub removed: usize,
    /// Whether the texts were too long: then all between their common beginning and end counts as
    /// removed and added, though lines of it may be the same. See [`Diff::note`].
    pub coarse: bool,
}

impl Diff {
    /// What a reader has to know about how the texts were compared; empty when there is nothing.
    pub fn note(&self) -> String {
        match self.coarse {
            true => format!(
                "More than {MOST_LINES} lines differ, too many to compare one by one: all from the first to the \
                 last of them is shown as removed and added."
            ),
            false => String::new(),
        }
    }
}

/// Changes that are close together, with the lines around them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hunk {
    pub lines: Vec<DiffLine>,
}

impl Hunk {
    /// Where the hunk is, as `diff -u` writes it: `@@ -12,7 +12,9 @@`.
    pub fn header(&self) -> String {
        let side = |number: fn(&DiffLine) -> Option<usize>| {
            let mut numbers = self.lines.iter().filter_map(number);
            match numbers.next() {
                Some(first) => format!("{first},{}", numbers.count() + 1),
                None => "0,0".to_owned(),
            }
        };
        format!(
            "@@ -{} +{} @@",
            side(|line| line.old),
            side(|line| line.new)
        )
    }
}

/// One line of a hunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffLine {
    pub change: Change,
    /// Its number in the old text, from 1; `None` for an added line.
    pub old: Option<usize>,
    /// Its number in the new text, from 1; `None` for a removed line.
    pub new: Option<usize>,
    /// Without its line feed. A carriage return before that stays, since it may be the change.
    pub text: String,
    /// Whether it is the last of its text and ends without a line feed.
    pub unterminated: bool,
}

/// What happened to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    Unchanged,
    Removed,
    Added,
}

/// Compares two texts.
pub fn diff(old: &str, new: &str) -> Diff {
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let new: Vec<&str> = new.split_inclusive('\n').collect();

    let prefix = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old[prefix..].iter().rev().zip(new[prefix..].iter().rev());
    let suffix = rest.take_while(|(a, b)| a == b).count();
    let (old_end, new_end) = (old.len() - suffix, new.len() - suffix);

    let mut diff = Diff {
        coarse: (old_end - prefix).max(new_end - prefix) > MOST_LINES,
        ..Diff::default()
    };
    let ops = match diff.coarse {
        true => vec![DiffOp::Replace {
            old_index: prefix,
            old_len: old_end - prefix,
            new_index: prefix,
            new_len: new_end - prefix,
        }],
        false => ops(&old[prefix..old_end], &new[prefix..new_end], prefix),
    };

    let mut lines = Vec::new();
    let line = |change: Change, old: Option<usize>, new: Option<usize>, text: &str| DiffLine {
        change,
        old: old.map(|index| index + 1),
        new: new.map(|index| index + 1),
        text: text.strip_suffix('\n').unwrap_or(text).to_owned(),
        unterminated: !text.ends_with('\n'),
    };
    // How far the texts are in the hunk, which ends where the next change is far enough away.
    let (mut at_old, mut at_new) = (0, 0);
    for op in &ops {
        let (olds, news) = (op.old_range(), op.new_range());
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        // Between the last change and this one both texts are equal.
        let between = olds.start - at_old;
        let first = lines.is_empty() && diff.hunks.is_empty();
        if !first && between <= 2 * CONTEXT {
            lines.extend((0..between).map(|i| {
                line(
                    Change::Unchanged,
                    Some(at_old + i),
                    Some(at_new + i),
                    old[at_old + i],
                )
            }));
        } else {
            if !first {
                lines.extend((0..CONTEXT).map(|i| {
                    line(
                        Change::Unchanged,
                        Some(at_old + i),
                        Some(at_new + i),
                        old[at_old + i],
                    )
                }));
                diff.hunks.push(Hunk {
                    lines: std::mem::take(&mut lines),
                });
            }
            let before = between.min(CONTEXT);
            lines.extend((1..=before).rev().map(|i| {
                line(
                    Change::Unchanged,
                    Some(olds.start - i),
                    Some(news.start - i),
                    old[olds.start - i],
                )
            }));
        }
        diff.removed += olds.len();
        diff.added += news.len();
        (at_old, at_new) = (olds.end, news.end);
        lines.extend(olds.map(|i| line(Change::Removed, Some(i), None, old[i])));
        lines.extend(news.map(|i| line(Change::Added, None, Some(i), new[i])));
    }
    if !lines.is_empty() {
        let after = (old.len() - at_old).min(CONTEXT);
        lines.extend((0..after).map(|i| {
            line(
                Change::Unchanged,
                Some(at_old + i),
                Some(at_new + i),
                old[at_old + i],
            )
        }));
        diff.hunks.push(Hunk { lines });
    }
    diff
}

/// What leads from one list of lines to the other, which both begin at `from` in their texts.
fn ops(old: &[&str], new: &[&str], from: usize) -> Vec<DiffOp> {
    // The algorithm looks at a line again and again: numbers are compared faster than texts.
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut number = |line| {
        let next = numbers.len() as u32;
        *numbers.entry(line).or_insert(next)
    };
    let old: Vec<u32> = old.iter().map(|line| number(*line)).collect();
    let new: Vec<u32> = new.iter().map(|line| number(*line)).collect();

    // Raw: the heuristics that make it fast for texts of any length are as large again, and the
    // lines are counted.
    let mut found = Replace::new(Capture::new());
    match myers::diff_deadline_raw(
        &mut found,
        &old[..],
        0..old.len(),
        &new[..],
        0..new.len(),
        None,
    ) {
        Ok(()) => {}
        Err(never) => match never {},
    }
    let mut ops = found.into_inner().into_ops();
    for op in &mut ops {
        match op {
            DiffOp::Equal {
                old_index,
                new_index,
                ..
            }
            | DiffOp::Delete {
                old_index,
                new_index,
                ..
            }
            | DiffOp::Insert {
                old_index,
                new_index,
                ..
            }
            | DiffOp::Replace {
                old_index,
                new_index,
                ..
            } => {
                *old_index += from;
                *new_index += from;
            }
        }
    }
    ops
}

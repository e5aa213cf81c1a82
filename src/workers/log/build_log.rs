//! A build's log, as far as it is shown beside the build: its lines, and the one that most likely says why it failed.
//!
//! What is from a log is hostile: all of it is to be shown as text and nothing else.

use serde::{Deserialize, Serialize};

use crate::model::event_log::text_log;

/// The most lines of a log that are drawn; the page asks for no more bytes than have that many.
const MOST_LINES: usize = 50_000;

/// A build's log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogText {
    pub lines: Vec<LogLine>,
    /// What most likely says why the build failed.
    pub reason: Option<Reason>,
}

/// A line that most likely says why a build failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The line's index in [`LogText::lines`].
    pub line: usize,
    /// The line's words.
    pub words: String,
}

/// A line of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// Its number in the text, from 1.
    pub number: usize,
    /// What Cloud Build wrote before the step's own words; mostly empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    pub segments: Vec<Segment>,
    /// How many times the line was written over, as progress is.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rewritten: usize,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// A stretch of a log's line with one style.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// The classes of its style; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub class: String,
    pub text: String,
}

/// Reads a build's log, and finds its reason if the build failed.
pub fn read(text: &str, has_failed: bool) -> LogText {
    let log = text_log::read(text, MOST_LINES);
    let reason = if has_failed {
        text_log::reason(&log)
    } else {
        None
    };
    let reason = reason.map(|line| Reason {
        line,
        words: log.lines[line].text(),
    });
    LogText {
        reason,
        lines: log.lines.into_iter().map(log_line).collect(),
    }
}

fn log_line(line: text_log::LogLine) -> LogLine {
    let text_log::LogLine {
        number,
        prefix,
        spans,
        rewritten,
        ..
    } = line;
    let segments = spans.into_iter().map(|span| Segment {
        class: span.style.classes(),
        text: span.text,
    });
    LogLine {
        number,
        prefix,
        segments: segments.collect(),
        rewritten,
    }
}

//! Sentences about a log, for the page.

use super::protocol::{Phase, Report, Search, SourceKind, Verdict};
use crate::core::text;

impl Report {
    /// How much of the log came, in a sentence.
    pub fn progress_message(&self) -> String {
        let lines = counted(self.lines.into(), "line");
        let bytes = size(self.bytes);
        match (self.phase, self.total) {
            (Phase::Unknown, _) => String::new(),
            (Phase::Reading, _) if self.bytes == 0 => "Reading the log…".to_owned(),
            (Phase::Reading, Some(total)) if total >= self.bytes => {
                format!("{lines} so far, {bytes} of {}", size(total))
            }
            (Phase::Reading, _) => format!("{lines} so far, {bytes}"),
            (Phase::Stopped, _) => format!("{lines}, {bytes}; the rest was not read"),
            // Without a worker there is nothing to count.
            (Phase::Failed, _) if !self.is_of_worker() => String::new(),
            (Phase::Failed, _) => format!("{lines}, {bytes}; the rest could not be read"),
            (Phase::Following, _) => format!("{lines}, {bytes}; it may go on"),
            (Phase::Whole, _) => format!("{lines}, {bytes}"),
        }
    }

    /// How far it is with the reading, in thousandths, where that is known.
    pub fn progress(&self) -> Option<u64> {
        let total = self
            .total
            .filter(|total| *total > 0 && self.phase == Phase::Reading)?;
        Some((self.bytes * 1000 / total).min(1000))
    }
}

impl Search {
    /// What was found, or why nothing can be; empty when nothing is searched for.
    pub fn message(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Invalid(why) => why.clone(),
            Self::Running { found } => format!("{} so far…", grouped((*found).into())),
            Self::Done { found: 0, .. } => "Nothing found".to_owned(),
            Self::Done {
                found,
                at: Some(at),
            } => {
                format!("{} of {}", grouped((*at).into()), grouped((*found).into()))
            }
            Self::Done { found, at: None } => counted((*found).into(), "line"),
        }
    }
}

impl Verdict {
    /// How the run went, in a sentence.
    pub fn message(&self) -> String {
        let Self {
            tests,
            failed,
            running,
            ..
        } = *self;
        let counted = || counted(tests.into(), "test");
        match (failed, running) {
            _ if tests == 0 => "No test is told of.".to_owned(),
            (0, 0) => format!("{} succeeded.", counted()),
            (0, _) => format!("{running} of {} still running.", counted()),
            (_, 0) => format!("{failed} of {} failed.", counted()),
            _ => format!("{failed} of {} failed, {running} still running.", counted()),
        }
    }
}

impl SourceKind {
    /// The plural, as the label of a group.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Test => "Tests",
            Self::Container => "Containers",
            Self::Step => "Steps",
            Self::Pod => "Pods",
        }
    }

    /// The setting that shows only the lines of one such source
    /// ([`From::read`](crate::model::event_log::view::From::read)).
    pub(crate) fn setting(self, name: &str) -> String {
        let letter = match self {
            Self::Test => 't',
            Self::Container | Self::Step => 'c',
            Self::Pod => 'p',
        };
        format!("{letter}:{name}")
    }
}

/// A number with commas between thousands.
pub(crate) fn grouped(number: u64) -> String {
    text::grouped(number, ',')
}

/// A number of things.
pub(crate) fn counted(count: u64, what: &str) -> String {
    format!(
        "{} {what}{}",
        grouped(count),
        if count == 1 { "" } else { "s" }
    )
}

/// A size of which each byte counts while there are few.
pub(crate) fn exact_size(bytes: u64) -> String {
    if bytes < 10_000 {
        counted(bytes, "byte")
    } else {
        size(bytes)
    }
}

/// A size for people, in units of 1000.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => counted(bytes, "byte"),
        1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

//! The reader of long logs, which works off the main thread in a WebAssembly module of its own
//! (`program.rs`), loaded when a log is opened.
//!
//! The page has none of a log but the lines that are on its screen. [`protocol`] has the messages: the page asks
//! for lines by their index, and polls for a [`Report`](protocol::Report) whenever something has changed. This module
//! is pure; what fetches and passes messages is in `program.rs`.
//!
//! [`build_log`] reads what a build's log says at a glance. It is here because a failed rollout that shows its cause
//! has this worker already, and need not load another.

pub mod build_log;
#[cfg(feature = "web")]
pub(crate) mod client;
#[cfg(feature = "log-worker")]
pub mod program;
pub mod protocol;
mod report;
mod rows;
pub(crate) mod words;

use crate::api::http::Reply;
use crate::core::time::{Timestamp, exact_duration};
use crate::model::event_log::Log;
use crate::model::event_log::scan::Level;
use crate::model::event_log::search::{Matcher, Needle};
use crate::model::event_log::view::{FilteredLog, From, LogFilter};
use protocol::{Axis, Clock, Failure, Phase, ViewSettings};
use words::grouped;

/// What the worker cannot know by itself.
pub trait Outside {
    /// The present.
    fn now(&self) -> Timestamp;

    /// How many seconds east of UTC the reader's zone is at a time.
    fn offset(&self, time: Timestamp) -> i32;

    /// A regular expression, as browsers have them.
    ///
    /// # Errors
    /// A sentence that says why the pattern is none.
    fn regex(&self, pattern: &str, with_case: bool) -> Result<Box<dyn Matcher>, String>;
}

/// What changes seldom while a log is read and searched, and matters when it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Milestone {
    phase: Phase,
    has_lines: bool,
    has_found: bool,
    is_done: bool,
}

/// A log and how it is looked at.
pub struct LogWorker<O> {
    outside: O,
    log: Log,
    view: FilteredLog,
    phase: Phase,
    /// How many bytes there are to come in all, where that is known.
    total: Option<u64>,
    /// Why it could not be read.
    failure: Option<Failure>,
    /// Which lines are shown, and what is searched for.
    settings: ViewSettings,
    /// Why that cannot be searched for.
    invalid: Option<String>,
    /// The line, from 0, that the search stands at.
    current: Option<u32>,
    /// The stretch of time that the bars of tests are on.
    axis: Option<Axis>,
    /// Counts what changed.
    version: u32,
}

impl<O: Outside> LogWorker<O> {
    /// A worker without a log.
    pub fn new(outside: O) -> Self {
        Self {
            outside,
            log: Log::default(),
            view: FilteredLog::default(),
            phase: Phase::Reading,
            total: None,
            failure: None,
            settings: ViewSettings::default(),
            invalid: None,
            current: None,
            axis: None,
            version: 0,
        }
    }

    /// The log.
    pub(crate) fn log(&self) -> &Log {
        &self.log
    }

    /// Changes whenever there is something new to tell.
    pub(crate) fn version(&self) -> u32 {
        self.version
    }

    /// What of its state somebody who waits wants to know at once.
    pub(crate) fn milestone(&self) -> Milestone {
        Milestone {
            phase: self.phase,
            has_lines: !self.log.is_empty(),
            has_found: !self.view.found().is_empty(),
            // While bytes come, there is more to look at again and again.
            is_done: self.phase != Phase::Reading && self.view.is_done(&self.log),
        }
    }

    /// Begins another log; what is looked for stays.
    pub(crate) fn restart(&mut self) {
        self.log = Log::default();
        self.view.forget_from(0);
        self.phase = Phase::Reading;
        self.total = None;
        self.failure = None;
        self.current = None;
        self.version += 1;
    }

    /// Takes more bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        let before = self.log.len();
        self.log.push(bytes);
        // The last line may have been one that was not whole.
        self.look_again_from(before.saturating_sub(1));
        self.version += 1;
    }

    /// Lines from this one on are others than those that were looked at, and partial writes may go on in
    /// lines before it.
    fn look_again_from(&mut self, row: u32) {
        self.view.forget_from(row);
        let extended = self.log.take_extended();
        self.view.look_again(&self.log, &extended);
    }

    /// Says how many bytes there are, where that is known.
    pub fn set_total(&mut self, total: Option<u64>) {
        self.total = total;
    }

    /// Says how far it is with the log.
    pub fn set_phase(&mut self, phase: Phase) {
        if phase != Phase::Reading {
            self.log.finish();
            // Of a log that grows, only what is new was looked at.
            self.look_again_from(self.log.len().saturating_sub(1));
        }
        self.phase = phase;
        self.version += 1;
    }

    /// Says by which reply the log, or the rest of it, could not be read
    /// ([`ApiError::of_reply`](crate::api::error::ApiError::of_reply)).
    pub fn fail(&mut self, reply: Reply) {
        self.failure = Some(Failure::Reply(reply));
        self.set_phase(Phase::Failed);
    }

    /// Goes on with what takes longer, for a few thousand lines; `false` when nothing is left to do.
    pub fn step(&mut self) -> bool {
        if !self.view.step(&self.log) {
            return false;
        }
        if self.current.is_none() {
            self.current = self.view.found().first().copied();
        }
        self.version += 1;
        true
    }

    /// Sets the stretch of time that the bars of tests are on.
    pub fn set_axis(&mut self, axis: Axis) {
        self.axis = Some(axis);
        self.version += 1;
    }

    /// The index of a line among those that are shown, or of the next one that is.
    pub fn index_of(&self, line: u32) -> u32 {
        self.view.index_of(line.saturating_sub(1))
    }

    /// Moves the search to the next line with a match or to the one before, and returns it.
    pub fn step_match(&mut self, forward: bool) -> Option<u32> {
        self.current = self
            .view
            .next_found(self.current.unwrap_or_default(), forward);
        self.version += 1;
        self.current.map(|row| row + 1)
    }

    /// Takes all of a log, of which a part may have been taken before. `grows`: there may be more later.
    pub fn take_whole(&mut self, text: &str, grows: bool) {
        let (bytes, known) = (text.as_bytes(), self.log.bytes() as usize);
        let tail = self.log.tail(64);
        let goes_on = bytes
            .get(..known)
            .is_some_and(|before| before.ends_with(&tail));
        if !goes_on {
            self.restart();
        }
        let known = if goes_on { known } else { 0 };
        self.push(&bytes[known..]);
        self.set_phase(if grows {
            Phase::Following
        } else {
            Phase::Whole
        });
    }

    /// Sets which lines are shown, and what is searched for.
    pub fn set_view(&mut self, settings: ViewSettings) {
        let search = |settings: &ViewSettings| {
            (
                settings.query.clone(),
                settings.is_case_sensitive,
                settings.is_regex,
            )
        };
        if search(&settings) != search(&self.settings) {
            self.current = None;
            let matcher = self.matcher(&settings);
            self.invalid = matcher.as_ref().err().cloned();
            self.view.set_matcher(matcher.ok().flatten());
        }
        self.view.set_filter(LogFilter {
            from: From::read(&settings.from),
            level: Level::ALL
                .into_iter()
                .find(|known| known.name() == settings.level),
            only_found: settings.only_matches && !settings.query.is_empty(),
        });
        self.settings = settings;
        self.version += 1;
    }

    /// What finds the text that is searched for.
    fn matcher(&self, settings: &ViewSettings) -> Result<Option<Box<dyn Matcher>>, String> {
        let ViewSettings {
            query,
            is_case_sensitive,
            ..
        } = settings;
        if settings.is_regex && !query.is_empty() {
            return self.outside.regex(query, *is_case_sensitive).map(Some);
        }
        if !is_case_sensitive && !query.is_ascii() {
            // The tables for the letters of other alphabets are the browser's.
            return Ok(self.outside.regex(&escaped(query), false).ok());
        }
        Ok(Needle::new(query, *is_case_sensitive).map(|needle| Box::new(needle) as _))
    }

    /// How much time lies between two lines, in a sentence.
    pub fn between(&self, a: u32, b: u32) -> String {
        let (first, last) = (a.min(b), a.max(b));
        let time = |line: u32| {
            self.log
                .display_line(line.saturating_sub(1))
                .and_then(|row| row.time())
        };
        let length = match (time(first), time(last)) {
            (Some(from), Some(to)) => exact_duration(to.duration_since(from)),
            _ => "no times to tell how long".to_owned(),
        };
        format!(
            "Lines {}–{}: {length}",
            grouped(first.into()),
            grouped(last.into())
        )
    }

    /// The shown lines from one to another, in either order, as they are on the screen, but for their numbers.
    pub fn copied(&self, (a, b): (u32, u32), clock: Clock) -> String {
        /// A clipboard does not take more, nor does whoever it is for.
        const MOST: usize = 50_000_000;
        let first = self.index_of(a.min(b));
        let begin = self.begin(clock);
        let mut text = String::new();
        for row in (first..)
            .map_while(|index| self.view.at(index))
            .take_while(|row| *row < a.max(b))
        {
            let Some(row) = self.log.display_line(row).filter(|_| text.len() < MOST) else {
                break;
            };
            let time = self.time(&row, clock, begin).map(|time| time.short);
            let source = self.source(&row).map(|source| source.name);
            let level = self
                .shows_level(&row)
                .then(|| row.level().name().to_owned());
            for part in [time, source, level].into_iter().flatten() {
                text.push_str(&part);
                text.push(' ');
            }
            text.push_str(&row.words());
            text.push('\n');
        }
        text
    }
}

/// A text as a regular expression that matches it alone.
fn escaped(text: &str) -> String {
    let mut pattern = String::new();
    for c in text.chars() {
        if r"\^$.|?*+()[]{}/".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

//! The reader of long logs, which works off the main thread in a WebAssembly module of its own
//! (`program.rs`), loaded when a log is opened.
//!
//! The page has none of a log but the lines that are on its screen. It asks with a name and texts, as
//! it asks [the other worker](crate::workers::files), and gets texts: what is to be drawn, and a [`Report`]
//! whenever something has changed. This module is pure; what fetches and passes messages is in
//! `program.rs`.

#[cfg(feature = "log-worker")]
pub mod program;
mod render;
mod report;

use crate::api::http::Reply;
pub use report::Report;

use crate::core::time::{Timestamp, exact_duration, parse};
use crate::model::event_log::Log;
use crate::model::event_log::scan::Level;
use crate::model::event_log::search::{Matcher, Needle};
use crate::model::event_log::view::{FilteredLog, From, LogFilter};
use crate::model::timeline::Window;

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

/// How far it is with a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Bytes are still to come.
    #[default]
    Reading,
    /// All that there is so far has come, and it is looked for more.
    Following,
    /// All has come.
    Whole,
    /// Somebody had enough of it.
    Stopped,
    /// It could not be read, or not to its end.
    Failed,
}

/// Where times are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clock {
    Local,
    Utc,
    /// Since the log's first line.
    Relative,
}

impl Clock {
    fn read(name: &str) -> Self {
        match name {
            "utc" => Self::Utc,
            "relative" => Self::Relative,
            _ => Self::Local,
        }
    }
}

/// A log and how it is looked at.
pub struct LogWorker<O> {
    outside: O,
    log: Log,
    view: FilteredLog,
    phase: Phase,
    /// How many bytes there are to come in all, where that is known.
    total: Option<u64>,
    /// The reply by which it could not be read.
    failure: Reply,
    /// What is looked for, as it was typed, with its flags.
    look: [String; 4],
    /// Why what was typed cannot be looked for.
    wrong: String,
    /// The line, from 0, that the search stands at.
    current: Option<u32>,
    /// The stretch of time that the bars of tests are on.
    axis: Option<Window>,
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
            failure: Reply::default(),
            look: Default::default(),
            wrong: String::new(),
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
        self.failure = Reply::default();
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
        self.failure = reply;
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

    /// Answers a call.
    ///
    /// # Errors
    /// A sentence when there is no such call: the page and the worker are not of the same build.
    pub fn answer(&mut self, call: &str, texts: &[String]) -> Result<Vec<String>, String> {
        let number = |at: usize| texts.get(at).and_then(|text| text.parse::<u32>().ok());
        let text = |at: usize| texts.get(at).map_or("", String::as_str);
        match call {
            // All of a log, which may be longer than the last time; and whether it goes on.
            "text" => {
                self.take_whole(text(0));
                self.set_phase(if text(1).is_empty() { Phase::Whole } else { Phase::Following });
                Ok(vec![])
            }
            // That it could not be read, when it was not the worker that asked for it.
            "failed" => {
                let status = text(0).parse().unwrap_or_default();
                self.fail(Reply { status, body: text(1).to_owned(), ..Reply::default() });
                Ok(vec![])
            }
            "report" => Ok(self.report().to_texts()),
            "look" => {
                self.look(text(0), text(1), text(2), text(3));
                Ok(vec![])
            }
            "axis" => {
                let window = parse(text(0)).ok().zip(parse(text(1)).ok());
                self.axis = window.map(|(from, to)| Window { from, to });
                self.version += 1;
                Ok(vec![])
            }
            // The index of the first line, how many, the clock, and the lines that are picked.
            "rows" => {
                let clock = Clock::read(text(2));
                let picked = number(3).zip(number(4));
                let first = number(0).unwrap_or_default();
                let rows = self.rows(first, number(1).unwrap_or_default().min(2_000), clock, picked);
                Ok([first.to_string(), self.view.len(&self.log).to_string()]
                    .into_iter()
                    .chain(rows)
                    .collect())
            }
            // A line's index in what is shown.
            "place" => {
                let row = number(0).unwrap_or(1).saturating_sub(1);
                Ok(vec![self.view.index_of(row).to_string()])
            }
            // The line at an index, for a step with a key.
            "line" => {
                let most = self.view.len(&self.log).saturating_sub(1);
                let row = self.view.at(number(0).unwrap_or_default().min(most));
                Ok(vec![row.map(|row| (row + 1).to_string()).unwrap_or_default()])
            }
            "next" => {
                let from = self.current.or(number(1).map(|row| row.saturating_sub(1))).unwrap_or_default();
                self.current = self.view.next_found(from, !text(0).is_empty());
                self.version += 1;
                Ok(vec![self.current.map(|row| (row + 1).to_string()).unwrap_or_default()])
            }
            "between" => Ok(vec![self.between(number(0), number(1))]),
            "copy" => Ok(vec![self.copied(number(0), number(1), Clock::read(text(2)))]),
            other => Err(format!("no call is named {other}")),
        }
    }

    /// Takes all of a log, of which a part may have been taken before.
    fn take_whole(&mut self, text: &str) {
        let (bytes, known) = (text.as_bytes(), self.log.bytes() as usize);
        let tail = self.log.tail(64);
        let goes_on = bytes.get(..known).is_some_and(|before| before.ends_with(&tail));
        if !goes_on {
            self.restart();
        }
        let known = if goes_on { known } else { 0 };
        self.push(&bytes[known..]);
    }

    /// Changes what is looked at: whose lines, of which level and above, what is looked for, and flags
    /// (`c` with case, `r` a regular expression, `o` only what was found).
    fn look(&mut self, from: &str, level: &str, query: &str, flags: &str) {
        let look = [from, level, query, flags].map(str::to_owned);
        let level = Level::ALL.into_iter().find(|known| known.name() == level);
        let only_found = flags.contains('o') && !query.is_empty();
        let with_case = flags.contains('c');
        let is_regex = flags.contains('r');
        let [_, _, old_query, old_flags] = &self.look;
        let same_search =
            query == old_query && with_case == old_flags.contains('c') && is_regex == old_flags.contains('r');
        if !same_search {
            self.wrong.clear();
            self.current = None;
            let matcher: Option<Box<dyn Matcher>> = match is_regex && !query.is_empty() {
                true => match self.outside.regex(query, with_case) {
                    Ok(regex) => Some(regex),
                    Err(why) => {
                        self.wrong = why;
                        None
                    }
                },
                // The tables for the letters of other alphabets are the browser's.
                false if !with_case && !query.is_ascii() => self.outside.regex(&escaped(query), false).ok(),
                false => Needle::new(query, with_case).map(|needle| Box::new(needle) as _),
            };
            self.view.set_matcher(matcher);
        }
        self.view.set_filter(LogFilter { from: From::read(from), level, only_found });
        self.look = look;
        self.version += 1;
    }

    /// What is between two lines, from 1: how many, and how long.
    fn between(&self, a: Option<u32>, b: Option<u32>) -> String {
        let (Some(a), Some(b)) = (a, b) else { return String::new() };
        let (first, last) = (a.min(b), a.max(b));
        let time = |row: u32| self.log.display_line(row.saturating_sub(1)).and_then(|row| row.time());
        let length = match (time(first), time(last)) {
            (Some(from), Some(to)) => exact_duration(to.duration_since(from)),
            _ => "no times to tell how long".to_owned(),
        };
        format!("Lines {}–{}: {length}", render::grouped(first.into()), render::grouped(last.into()))
    }

    /// The shown lines from one to another, from 1, as they are on the screen, but for their numbers.
    fn copied(&self, a: Option<u32>, b: Option<u32>, clock: Clock) -> String {
        /// A clipboard does not take more, nor does whoever it is for.
        const MOST: usize = 50_000_000;
        let (Some(a), Some(b)) = (a, b) else { return String::new() };
        let first = self.view.index_of(a.min(b).saturating_sub(1));
        let begin = self.begin(clock);
        let mut text = String::new();
        for row in (first..).map_while(|index| self.view.at(index)).take_while(|row| *row < a.max(b)) {
            let Some(row) = self.log.display_line(row).filter(|_| text.len() < MOST) else { break };
            for (_, said, _) in self.beside(&row, clock, begin) {
                text.push_str(&said);
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

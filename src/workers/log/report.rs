//! Reports: the state of a log, and what it tells as a whole.

use super::protocol::{
    Cause, EarlierRun, ErrorCause, MalformedLines, Phase, Report, Search, SourceGroup, SourceKind,
    Summary, TestRow, Verdict, Words,
};
use super::{LogWorker, Outside};
use crate::core::text::visible;
use crate::core::time::{Timestamp, human_duration};
use crate::model::event_log::LogFormat;
use crate::model::event_log::summary::{
    ActionableError, LogRun, Suggestion, Test, TestState, Told,
};
use crate::model::timeline::{Window, css};

/// Along the scrollbar there are so many marks at most.
const MARKS: u32 = 200;
/// A list of what wrote lines is not longer than this.
const MOST_NAMES: usize = 200;
/// The state of a test whose end was never written.
const BROKEN_OFF: &str = "Broken off";

/// The present, and the axis that tests are on.
#[derive(Clone, Copy)]
struct Axis {
    window: Option<Window>,
    now: Timestamp,
    /// Nothing that runs goes on.
    is_over: bool,
}

impl<O: Outside> LogWorker<O> {
    /// How it stands now.
    pub fn report(&self) -> Report {
        Report {
            version: self.version,
            phase: self.phase,
            bytes: self.log.bytes(),
            total: self.total,
            lines: self.log.len(),
            shown: self.view.len(&self.log),
            search: self.search(),
            current: self.current.map(|row| row + 1),
            marks: self
                .view
                .marks(&self.log, MARKS)
                .into_iter()
                .map(|at| at * (1_000_000 / MARKS))
                .collect(),
            sources: self.sources(),
            summary: self.summary(),
            failure: self.failure.clone(),
        }
    }

    fn search(&self) -> Search {
        if let Some(why) = &self.invalid {
            return Search::Invalid(visible(why));
        }
        if self.view.matcher().is_none() {
            return Search::None;
        }
        let matches = self.view.found();
        let found = matches.len() as u32;
        if !self.view.is_done(&self.log) {
            return Search::Running { found };
        }
        let index = self
            .current
            .and_then(|row| matches.binary_search(&row).ok());
        Search::Done {
            found,
            at: index.map(|index| index as u32 + 1),
        }
    }

    fn sources(&self) -> Vec<SourceGroup> {
        let container = match self.log.format() {
            LogFormat::Text => SourceKind::Step,
            _ => SourceKind::Container,
        };
        let tests = self
            .log
            .runs()
            .iter()
            .flat_map(|run| &run.tests)
            .map(|test| &test.name);
        let sources = || self.log.sources().iter();
        let groups = [
            group(SourceKind::Test, tests),
            group(container, sources().map(|source| &source.container)),
            group(SourceKind::Pod, sources().map(|source| &source.pod)),
        ];
        groups
            .into_iter()
            .filter(|group| !group.names.is_empty())
            .collect()
    }

    /// What the log tells as a whole; nothing for a text.
    fn summary(&self) -> Option<Summary> {
        let (last, earlier) = self.log.runs().split_last()?;
        if self.log.format() != LogFormat::Events {
            return None;
        }
        let axis = self.axis();
        Some(Summary {
            verdict: verdict(last, axis.is_over),
            cause: self.cause(last),
            tests: last.tests.iter().map(|test| axis.row(test)).collect(),
            earlier: earlier.iter().map(|run| axis.earlier(run)).collect(),
            malformed: self.log.first_malformed().map(|row| MalformedLines {
                count: self.log.malformed(),
                first: row + 1,
            }),
        })
    }

    /// The axis that the page has set, or the time that the log spans.
    fn axis(&self) -> Axis {
        let span = self.log.span();
        let given = self.axis.map(|axis| Window {
            from: axis.from,
            to: axis.to,
        });
        // A log that is read by itself is of the past, and ends with its last line.
        let now = match (given, span) {
            (None, Some((_, last))) => last,
            _ => self.outside.now(),
        };
        let whole = span
            .filter(|(from, to)| from < to)
            .map(|(from, to)| Window { from, to });
        let is_over = !matches!(self.phase, Phase::Reading | Phase::Following);
        Axis {
            window: given.or(whole),
            now,
            is_over,
        }
    }

    fn cause(&self, run: &LogRun) -> Option<Cause> {
        if let Some(told) = &run.error {
            return Some(Cause::Error(self.error(run, told)));
        }
        let line = run.error_line.and_then(|row| self.log.display_line(row))?;
        Some(Cause::Line {
            line: line.number + 1,
            words: visible(&line.words()),
        })
    }

    /// Why it failed, what the test wrote before, and what Skaffold suggests.
    fn error(&self, run: &LogRun, told: &Told) -> ErrorCause {
        let rows = if told.test.is_empty() {
            vec![]
        } else {
            self.log.last_words(run, &told.test)
        };
        let last_words = rows
            .into_iter()
            .filter_map(|row| self.log.display_line(row));
        let last_words: Vec<Words> = last_words.map(|line| self.words(&line)).collect();
        let ActionableError {
            code,
            message,
            suggestions,
        } = &told.error;
        let suggestions = suggestions.iter().map(|suggestion| Suggestion {
            code: visible(&suggestion.code),
            action: visible(&suggestion.action),
        });
        ErrorCause {
            line: told.row + 1,
            test: visible(&told.test),
            error: ActionableError {
                code: visible(code),
                message: visible(message.trim()),
                suggestions: suggestions.collect(),
            },
            last_words,
        }
    }
}

impl Axis {
    fn row(&self, test: &Test) -> TestRow {
        // The writer of its end is gone.
        let is_broken_off = self.is_over && test.state == TestState::Running;
        let state = match &test.state {
            _ if is_broken_off => TestState::Other(BROKEN_OFF.to_owned()),
            TestState::Other(status) => TestState::Other(visible(status)),
            state => state.clone(),
        };
        let duration = test
            .duration(self.now)
            .filter(|_| !is_broken_off)
            .map(human_duration);
        // A failed test leads to where that is told, any other to its begin.
        let row = if state == TestState::Failed {
            test.last
        } else {
            test.first
        };
        TestRow {
            name: visible(&test.name),
            state,
            line: row + 1,
            duration,
            bar: self.bar(test),
        }
    }

    fn bar(&self, test: &Test) -> Option<(u32, u32)> {
        let (window, from) = self.window.zip(test.started)?;
        let to = test
            .ended
            .unwrap_or(if self.is_over { from } else { self.now });
        let offset = |time| css(window.fraction(time).clamp(0.0, 1.0)) as u32;
        Some((offset(from), offset(to)))
    }

    /// A run that is over, without bars: the axis is that of the last run.
    fn earlier(&self, run: &LogRun) -> EarlierRun {
        let axis = Self {
            window: None,
            is_over: true,
            ..*self
        };
        EarlierRun {
            line: run.first + 1,
            verdict: verdict(run, true),
            tests: run.tests.iter().map(|test| axis.row(test)).collect(),
        }
    }
}

/// Names without repetition, in the order in which they come.
fn group<'a>(kind: SourceKind, all: impl Iterator<Item = &'a String>) -> SourceGroup {
    let mut names: Vec<&String> = Vec::new();
    for name in all.filter(|name| !name.is_empty()) {
        if names.len() < MOST_NAMES && !names.contains(&name) {
            names.push(name);
        }
    }
    SourceGroup {
        kind,
        names: names.into_iter().map(|name| visible(name)).collect(),
    }
}

fn verdict(run: &LogRun, is_over: bool) -> Verdict {
    let failed = run.failed() as u32;
    let tests = run.tests.len() as u32;
    let running = run
        .tests
        .iter()
        .filter(|test| test.state == TestState::Running)
        .count() as u32;
    let state = match &run.ended {
        _ if failed > 0 => TestState::Failed,
        Some(TestState::Other(status)) => TestState::Other(visible(status)),
        Some(state) => state.clone(),
        None if is_over && running > 0 => TestState::Other(BROKEN_OFF.to_owned()),
        None if is_over && tests > 0 => TestState::Succeeded,
        None => TestState::Running,
    };
    Verdict {
        state,
        tests,
        failed,
        running,
    }
}

//! What an event log tells as a whole: its runs, their tests, and why one failed.

use serde::{Deserialize, Serialize};

use super::scan::{Event, EventKind, Level, decode, items, members, shown};
use crate::core::time::{self, SignedDuration, Timestamp};

/// How a test stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TestState {
    Running,
    Succeeded,
    Failed,
    /// Cancelled, or a status that this version does not know: its name.
    Other(String),
}

impl TestState {
    fn read(status: &str) -> Self {
        match status {
            "NotStarted" | "Started" | "InProgress" => Self::Running,
            "Succeeded" | "Complete" => Self::Succeeded,
            "Failed" => Self::Failed,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The state for people.
    pub(crate) fn label(&self) -> &str {
        match self {
            Self::Running => "Running",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Other(status) if status.is_empty() => "Unknown",
            Self::Other(status) => status,
        }
    }
}

/// Why something failed, and what Skaffold suggests (`ActionableErr`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionableError {
    /// A `StatusCode`, such as `VERIFY_TEST_ERR`; may be empty.
    pub code: String,
    pub message: String,
    /// What to do, each with the code of the suggestion before it where it has one.
    pub suggestions: Vec<Suggestion>,
}

/// A suggestion.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// A `SuggestionCode`; may be empty.
    pub code: String,
    pub action: String,
}

impl ActionableError {
    /// Reads the object; what it does not have is empty.
    pub(crate) fn read(object: &[u8]) -> Self {
        let mut error = Self::default();
        for (key, value) in members(object) {
            match key {
                b"errCode" => error.code = shown(value),
                b"message" => error.message = shown(value),
                b"suggestions" => {
                    error.suggestions = items(value).into_iter().map(suggestion).collect()
                }
                _ => {}
            }
        }
        error
    }
}

fn suggestion(object: &[u8]) -> Suggestion {
    let mut suggestion = Suggestion::default();
    for (key, value) in members(object) {
        match key {
            b"suggestionCode" => suggestion.code = shown(value),
            b"action" => suggestion.action = shown(value),
            _ => {}
        }
    }
    suggestion
}

/// A test of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    pub name: String,
    pub state: TestState,
    pub started: Option<Timestamp>,
    pub ended: Option<Timestamp>,
    /// The line that tells of its begin, from 0, and that of its end or the last that is known of it.
    pub first: u32,
    pub last: u32,
}

impl Test {
    /// How long it took, or takes so far.
    pub fn duration(&self, now: Timestamp) -> Option<SignedDuration> {
        let started = self.started?;
        match (&self.state, self.ended) {
            (_, Some(ended)) => Some(ended.duration_since(started)),
            (TestState::Running, None) => Some(now.duration_since(started)),
            _ => None,
        }
    }
}

/// An error, and where it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The line, from 0.
    pub row: u32,
    /// The test that it is of; empty for none.
    pub test: String,
    pub error: ActionableError,
}

/// One run of Skaffold in a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogRun {
    /// Its first line, from 0.
    pub first: u32,
    pub tests: Vec<Test>,
    /// The first error that it tells of.
    pub error: Option<Told>,
    /// The first line that was written as an error.
    pub error_line: Option<u32>,
    /// How it ended, once it has.
    pub ended: Option<TestState>,
}

impl LogRun {
    /// How many of its tests failed.
    pub fn failed(&self) -> usize {
        self.tests
            .iter()
            .filter(|test| test.state == TestState::Failed)
            .count()
    }
}

/// What a log tells.
#[derive(Clone, Debug, Default)]
pub(crate) struct Story {
    pub runs: Vec<LogRun>,
}

impl Story {
    /// Hears an event, which the line `row` shows.
    #[inline(always)]
    pub(super) fn hear(&mut self, event: &Event, line: &[u8], row: u32) {
        if matches!(event.kind, EventKind::Application)
            || matches!(event.kind, EventKind::Skaffold) && event.level < Level::Error
        {
            return;
        }
        self.hear_more(event, line, row);
    }

    #[inline(never)]
    fn hear_more(&mut self, event: &Event, line: &[u8], row: u32) {
        let begins = match self.runs.last() {
            None => true,
            Some(run) => match event.kind {
                // Everything before it in the file is another run's.
                EventKind::Meta => run.first != row && !run.tests.is_empty() || run.ended.is_some(),
                EventKind::Task | EventKind::Verify => run.ended.is_some(),
                _ => false,
            },
        };
        if begins {
            let first = if self.runs.is_empty() { 0 } else { row };
            self.runs.push(LogRun {
                first,
                ..LogRun::default()
            });
        }
        let Some(run) = self.runs.last_mut() else {
            return;
        };
        let status = decode(event.status.of(line));
        let id = decode(event.id.of(line));
        if !event.error.is_empty() && run.error.is_none() {
            let test = if event.kind == EventKind::Verify {
                id.clone()
            } else {
                String::new()
            };
            run.error = Some(Told {
                row,
                test,
                error: ActionableError::read(event.error.of(line)),
            });
        }
        match event.kind {
            EventKind::Skaffold if event.level >= Level::Error => {
                run.error_line.get_or_insert(row);
            }
            EventKind::Termination => run.ended = Some(TestState::read(&status)),
            EventKind::Verify => {
                let at = std::str::from_utf8(event.time.of(line))
                    .ok()
                    .and_then(|text| time::parse(text).ok());
                let state = TestState::read(&status);
                let is_over = state != TestState::Running;
                let open = run
                    .tests
                    .iter_mut()
                    .rev()
                    .find(|test| test.name == id && test.ended.is_none());
                match open {
                    Some(test) => {
                        test.state = state;
                        test.last = row;
                        test.ended = at.filter(|_| is_over);
                    }
                    None => run.tests.push(Test {
                        name: id,
                        state,
                        started: at.filter(|_| !is_over),
                        ended: at.filter(|_| is_over),
                        first: row,
                        last: row,
                    }),
                }
            }
            _ => {}
        }
    }
}

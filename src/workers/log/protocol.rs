//! The messages between the page and the worker that reads logs.
//!
//! The page sends a [`LogRequest`] and receives one [`LogReply`]. Lines are numbered from 1 in all messages; an *index*
//! counts, from 0, the lines that the filter lets through.

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::api::http;
use crate::core::time::{Timestamp, rfc3339};
use crate::model::event_log::scan::Level;
use crate::model::event_log::summary::{ActionableError, TestState};
use crate::model::event_log::text_log::Style;

/// A message to the worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WorkerRequest {
    /// About the worker's one log. The reply is a [`LogReply`].
    Log(LogRequest),
    /// Reads a build's log. The reply is a [`LogText`](super::build_log::LogText), so that a page which reads builds
    /// need not know the replies about the worker's own log.
    BuildLog {
        text: String,
        /// Whether the build failed: then the log has a reason.
        has_failed: bool,
    },
}

/// [`Rows`] that stay JSON until the reader decodes them: a page that shows only a summary need not load the code for
/// that.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RowsJson(Box<RawValue>);

impl RowsJson {
    /// Encodes rows.
    pub fn encode(rows: &Rows) -> Self {
        Self(to_raw_value(rows).expect("rows have string keys only"))
    }

    /// Decodes the rows; `None` when they are of another build.
    pub fn decode(&self) -> Option<Rows> {
        serde_json::from_str(self.0.get()).ok()
    }
}

impl PartialEq for RowsJson {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

impl Eq for RowsJson {}

/// What the page asks about the worker's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogRequest {
    /// Reads the log at an address. Sends the bearer token, unless it is empty. `grows`: the worker polls for more after
    /// the end.
    ReadUrl {
        url: String,
        token: String,
        grows: bool,
    },
    /// Reads the log in a file, which is the attachment.
    ReadFile,
    /// Takes all of a log, which is the attachment and may be longer than the last time.
    TakeText { grows: bool },
    /// Shows that the log could not be read, when it was the page that asked for it.
    Fail(http::Reply),
    /// Replaces the bearer token; an empty one forgets it.
    SetToken(String),
    /// Sets whether the log may grow.
    SetGrows(bool),
    /// Stops reading.
    Stop,
    /// Sets the stretch of time that the bars of tests are drawn on.
    SetAxis(Axis),
    /// Sets which lines are shown and what is searched for.
    SetView(ViewSettings),
    /// A long poll: replies with a [`LogReply::Report`] as soon as there is a version other than the known one.
    Wait { known: Option<u32> },
    /// Replies with [`LogReply::Rows`].
    Rows(RowsRequest),
    /// Replies with [`LogReply::Index`]: the index of a line, or of the next one that is shown.
    IndexOf { line: u32 },
    /// Moves the search to the next match or to the one before; replies with [`LogReply::Match`].
    StepMatch { forward: bool },
    /// Replies with a [`LogReply::Text`] that says how much time lies between two lines.
    Between(u32, u32),
    /// Replies with the [`LogReply::Text`] of the shown lines from one to another.
    Copy { lines: (u32, u32), clock: Clock },
    /// Replies with the [`LogReply::Text`] of an object URL, from which all bytes can be downloaded.
    Save,
}

/// The worker's reply to a [`LogRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogReply {
    Done,
    Report(Box<Report>),
    Rows(RowsJson),
    Index(u32),
    /// The line that the search stands at.
    Match(Option<u32>),
    Text(String),
}

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Axis {
    #[serde(with = "rfc3339")]
    pub from: Timestamp,
    #[serde(with = "rfc3339")]
    pub to: Timestamp,
}

/// Which lines are shown, and what is searched for, as the address has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewSettings {
    /// Whose lines are shown ([`From::read`](crate::model::event_log::view::From::read)).
    pub from: String,
    /// The name of the lowest level that is shown; empty for all.
    pub level: String,
    /// The text or the regular expression that is searched for; empty for none.
    pub query: String,
    pub is_case_sensitive: bool,
    pub is_regex: bool,
    /// Hides the lines without a match.
    pub only_matches: bool,
}

/// How times are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Clock {
    #[default]
    Local,
    Utc,
    /// Since the log's first line.
    Relative,
}

/// Asks for the lines from an index on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsRequest {
    pub first: u32,
    pub count: u32,
    pub clock: Clock,
    /// The lines that the user picked, in either order.
    pub picked: Option<(u32, u32)>,
}

/// Some of the lines that the filter lets through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// The index of the first.
    pub first: u32,
    /// How many lines the filter lets through.
    pub shown: u32,
    pub rows: Vec<Row>,
}

/// A line. Hundreds come per second while the user scrolls: what is false or missing is left out of the message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    pub number: u32,
    pub level: Level,
    /// The level has a column of its own.
    #[serde(skip_serializing_if = "is_default")]
    pub shows_level: bool,
    #[serde(skip_serializing_if = "is_default")]
    pub time: Option<LineTime>,
    #[serde(skip_serializing_if = "is_default")]
    pub source: Option<LineSource>,
    pub words: Words,
    #[serde(skip_serializing_if = "is_default")]
    pub is_picked: bool,
    /// The search stands here.
    #[serde(skip_serializing_if = "is_default")]
    pub is_current: bool,
    /// It is in a log of events and cannot be read as one.
    #[serde(skip_serializing_if = "is_default")]
    pub is_malformed: bool,
}

/// When a line was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineTime {
    /// The time of day, or since the first line.
    pub short: String,
    /// Date and time with the zone.
    pub full: String,
}

/// What wrote a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineSource {
    /// A test, a container or a task.
    pub name: String,
    /// The pod, where there is one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub pod: String,
}

/// The text of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    pub spans: Vec<Span>,
    /// How many bytes of a very long line are missing at its end.
    #[serde(default, skip_serializing_if = "is_default")]
    pub left_out: u64,
}

/// A stretch of a line with one style.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    #[serde(default, skip_serializing_if = "is_default")]
    pub style: Style,
    pub pieces: Vec<Piece>,
}

/// A part of a [`Span`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Piece {
    Text(String),
    /// It matches the search.
    Match(String),
}

/// The state of a log and of the search in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Differs from that of every earlier report of the same worker.
    pub version: u32,
    pub phase: Phase,
    /// How many bytes came.
    pub bytes: u64,
    /// How many will have come in the end, where that is known.
    pub total: Option<u64>,
    /// How many lines there are.
    pub lines: u32,
    /// How many the filter lets through.
    pub shown: u32,
    pub search: Search,
    /// The line that the search stands at.
    pub current: Option<u32>,
    /// Where the lines with a match are, in millionths of the log.
    pub marks: Vec<u32>,
    /// What wrote lines.
    pub sources: Vec<SourceGroup>,
    /// What an event log tells as a whole; none for a text.
    pub summary: Option<Summary>,
    /// Why it could not be read, when the phase is [`Phase::Failed`].
    pub failure: Option<Failure>,
}

/// How far reading a log has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// The page has no report of a worker yet.
    #[default]
    Unknown,
    /// More bytes are to come.
    Reading,
    /// All bytes so far have come, and the worker polls for more.
    Following,
    /// All bytes have come.
    Whole,
    /// The user cancelled.
    Stopped,
    /// It could not be read, or not to its end.
    Failed,
}

/// Why a log could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// The server's reply ([`ApiError::of_reply`](crate::api::error::ApiError::of_reply)).
    Reply(http::Reply),
    /// The worker did not load, broke down, or was ended. The page alone reports this.
    NoWorker,
}

/// The state of the search.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Search {
    /// Nothing is searched for.
    #[default]
    None,
    /// It cannot be searched for: a sentence that says why.
    Invalid(String),
    /// So many lines with a match were found so far.
    Running { found: u32 },
    /// So many lines have a match. `at`: which of them the search stands at, from 1.
    Done { found: u32, at: Option<u32> },
}

/// Names of what wrote lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceGroup {
    pub kind: SourceKind,
    pub names: Vec<String>,
}

/// What can write lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SourceKind {
    Test,
    Container,
    /// A step of a build.
    Step,
    Pod,
}

/// What an event log tells as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// How the last run of Skaffold went.
    pub verdict: Verdict,
    pub cause: Option<Cause>,
    pub tests: Vec<TestRow>,
    /// The runs before it.
    pub earlier: Vec<EarlierRun>,
    pub malformed: Option<MalformedLines>,
}

/// How a run of Skaffold went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    pub state: TestState,
    /// How many tests it has.
    pub tests: u32,
    pub failed: u32,
    pub running: u32,
}

/// Why a run failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    Error(ErrorCause),
    /// The first line that was written as an error.
    Line {
        line: u32,
        words: String,
    },
}

/// An error that an event has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorCause {
    /// The line of the event.
    pub line: u32,
    /// The test that failed; empty for none.
    pub test: String,
    pub error: ActionableError,
    /// The last lines that the test wrote.
    pub last_words: Vec<Words>,
}

/// A test of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestRow {
    pub name: String,
    pub state: TestState,
    /// The line to show for it: of a failed test the one that tells why, of any other its first.
    pub line: u32,
    /// How long it took or has taken so far, where that is known.
    pub duration: Option<String>,
    /// Its begin and end on the axis, in millionths.
    pub bar: Option<(u32, u32)>,
}

/// A run of Skaffold before the last one of the same log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierRun {
    /// Its first line.
    pub line: u32,
    pub verdict: Verdict,
    pub tests: Vec<TestRow>,
}

/// Lines that could not be read as events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MalformedLines {
    pub count: u32,
    pub first: u32,
}

impl Cause {
    /// The line that tells of it.
    pub fn line(&self) -> u32 {
        match self {
            Self::Error(cause) => cause.line,
            Self::Line { line, .. } => *line,
        }
    }
}

impl Report {
    /// What the page shows of a worker that is not there.
    pub(crate) fn of_no_worker() -> Self {
        Self {
            phase: Phase::Failed,
            failure: Some(Failure::NoWorker),
            ..Self::default()
        }
    }

    /// Whether it is of a worker, and not of the page itself.
    pub(crate) fn is_of_worker(&self) -> bool {
        self.phase != Phase::Unknown && self.failure != Some(Failure::NoWorker)
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

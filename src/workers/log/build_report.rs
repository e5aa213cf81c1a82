//! What the page shows of a build and its log: plain data.
//!
//! What is from a build, a log or an API is hostile: all of it is to be shown as text and nothing else.

use serde::{Deserialize, Serialize};

use crate::api::job_run::State;

/// A build and its steps, on the axis of its run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildReport {
    pub progress: Progress,
    pub log: LogPlace,
    /// The state of a job run that the build's status looks like.
    pub look: State,
    /// The build's status.
    pub status: String,
    /// Such as `In the queue for 10 s, ran 40 s`.
    pub times: String,
    /// Why the build did not succeed.
    pub why: Option<Why>,
    /// Problems that did not end the build.
    pub warnings: Vec<String>,
    /// The run itself, then what the build did, in order.
    pub rows: Vec<BuildRow>,
}

/// How far a build is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Progress {
    /// It goes on: it has more to say later.
    Live,
    Failed,
    /// It ended otherwise.
    Over,
}

/// Where a build's log is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogPlace {
    Stored {
        /// The path and query by which the storage API has it.
        path: String,
        /// The file's name.
        file: String,
        /// The page in the Cloud console.
        page: String,
    },
    /// Why there is none.
    Missing(String),
}

/// Why a build did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    pub meaning: String,
    /// What to do next.
    pub next: String,
}

/// A row on the axis of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildRow {
    pub kind: RowKind,
    pub label: String,
    /// The row's stretches of time, as far as the axis has them.
    pub bars: Vec<Bar>,
    /// How long it took, or `—`; empty for the run.
    pub duration: String,
}

/// What a row stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowKind {
    /// The job run.
    Run(State),
    /// What the build did before or after its steps.
    Stage,
    Step(StepReport),
}

/// A step of a build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepReport {
    /// The state of a job run that its status looks like; `None` when it never ran.
    pub look: Option<State>,
    /// The status, such as `Failed, exit code 137`.
    pub status: String,
    /// The image, the command, and what else there is to know, one on a line.
    pub details: String,
}

/// A stretch of time on an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// In millionths of the axis, whole numbers: see [`css`](crate::model::timeline::css).
    pub from: i64,
    pub to: i64,
    pub is_waiting: bool,
}

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

//! What an opened file has, in short: what the page shows of it before a rollout is chosen.
//!
//! Its sentences are written by the worker, which takes the page less code than to write them. What is from the file is
//! hostile: all of it is to be shown as text and nothing else.

use serde::{Deserialize, Serialize};

use crate::api::job_run::State;

/// What an opened file has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// When the file was written, as far as one can tell (RFC 3339): what was in progress then is
    /// shown as of then, since the file knows nothing of later.
    pub as_of: String,
    /// Such as `12 job runs in 3 rollouts`.
    pub counts: String,
    /// Such as `3 entries of the file could not be read`; empty when all could.
    pub broken_title: String,
    /// What else there is to know, in sentences.
    pub notes: Vec<String>,
    /// In the order of the file.
    pub rollouts: Vec<RolloutSummary>,
    /// What could not be read, in the order of the file: the first [`MOST_BROKEN`].
    pub broken: Vec<BrokenEntry>,
}

/// More broken entries than this tell a reader nothing new.
pub const MOST_BROKEN: usize = 100;

/// A rollout of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolloutSummary {
    /// The full name.
    pub name: String,
    /// Its last part, and what it is in.
    pub id: String,
    pub within: String,
    /// Such as `12 job runs`.
    pub count: String,
    /// The state and the text of the headline; the text is empty when there are no runs.
    pub state: State,
    pub headline: String,
}

/// An entry of a file that could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenEntry {
    /// `line 3, column 5`, with the file's name when there are several.
    pub position: String,
    /// The field, such as `jobRuns[3].startTime`; empty for a document itself.
    pub path: String,
    pub reason: String,
    /// The text around the error.
    pub excerpt: String,
}

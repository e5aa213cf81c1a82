//! What was asked of the stand-in.

use serde::Serialize;

use crate::model::time::{Timestamp, to_rfc3339};

/// A request to the API. Neither CORS preflights nor requests to the stand-in's own `/stand-in/`
/// are logged.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedRequest {
    pub method: String,
    /// As it came, still encoded.
    pub path_and_query: String,
    /// Whether there was an Authorization header. What it said is not kept.
    pub authorized: bool,
    pub body: String,
    /// When it came, in real time and not in that of the simulation.
    #[serde(serialize_with = "as_text")]
    pub time: Timestamp,
    /// The status of the answer; `None` while there is none, and for a request that was aborted.
    pub status: Option<u16>,
    /// Whether the client went away before there was an answer.
    pub aborted: bool,
}

impl LoggedRequest {
    /// Whether it asked to terminate a run.
    pub fn is_terminate(&self) -> bool {
        self.method == "POST" && self.path().ends_with(":terminate")
    }

    /// Whether it asked for a list of runs.
    pub fn is_list(&self) -> bool {
        self.method == "GET" && self.path().ends_with("/jobRuns")
    }

    /// Whether it asked for one run.
    pub fn is_get(&self) -> bool {
        self.method == "GET" && self.path().contains("/jobRuns/")
    }

    fn path(&self) -> &str {
        self.path_and_query.split('?').next().unwrap_or("")
    }
}

fn as_text<S: serde::Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&to_rfc3339(*time))
}

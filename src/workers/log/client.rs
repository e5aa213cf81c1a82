//! The page's side of what the log worker knows of builds. [`Calls`] of the same worker's protocol are what a log's
//! reader uses.

use super::build_report::{BuildReport, LogText};
use super::protocol::{BuildReply, BuildRequest, WorkerRequest};
use crate::api::error::ApiError;
use crate::core::time::Timestamp;
use crate::transport::calls::Calls;

/// Reads builds and their logs, in a worker of its own, which starts with the first of them. Clones share it.
#[derive(Clone)]
pub(crate) struct BuildsClient(Calls<WorkerRequest, BuildReply>);

impl BuildsClient {
    /// The worker of this page.
    pub(crate) fn new() -> Self {
        Self(Calls::of("meta[name=log-worker]"))
    }

    /// Reads a build's JSON, on the axis of its run. [`ApiError::Malformed`] when it is no build.
    pub(crate) async fn build(
        &self,
        build: String,
        run: String,
        now: Timestamp,
    ) -> Result<BuildReport, ApiError> {
        match self.0.call(WorkerRequest::Build(BuildRequest::Report { build, run, now })).await? {
            BuildReply::Report(report) => Ok(report?),
            _ => Err(stray()),
        }
    }

    /// Reads a build's log.
    pub(crate) async fn log(&self, text: String, has_failed: bool) -> Result<LogText, ApiError> {
        match self.0.call(WorkerRequest::Build(BuildRequest::Log { text, has_failed })).await? {
            BuildReply::Log(log) => Ok(log),
            _ => Err(stray()),
        }
    }
}

/// The error for the reply to another request.
fn stray() -> ApiError {
    ApiError::Part("its answer is none".to_owned())
}

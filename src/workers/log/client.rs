//! The page's side of reading builds' logs. [`Calls`] of the same worker are what a log's reader uses.

use super::build_log::LogText;
use super::protocol::WorkerRequest;
use crate::api::error::ApiError;
use crate::transport::calls::Calls;

/// Reads builds' logs, in a worker of its own, which starts with the first of them. Clones share it.
#[derive(Clone)]
pub(crate) struct BuildLogClient(Calls<WorkerRequest, LogText>);

impl BuildLogClient {
    /// The worker of this page.
    pub(crate) fn new() -> Self {
        Self(Calls::of("meta[name=log-worker]"))
    }

    /// Reads a build's log, and finds the line that says why the build failed, if it has.
    ///
    /// # Errors
    /// [`ApiError::Part`] when the worker cannot be loaded or breaks down.
    pub(crate) async fn read(&self, text: String, has_failed: bool) -> Result<LogText, ApiError> {
        self.0
            .call(WorkerRequest::BuildLog { text, has_failed })
            .await
    }
}

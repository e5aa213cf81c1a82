//! Reads that are sent again after passing failures, for every client over a [`Transport`].

use super::client::RetryPolicy;
use super::error::{ApiError, Refusal};
use super::http::{Reply, Transport};

/// Calls `once` until it succeeds, fails for good, or `policy` gives up, waiting between.
///
/// # Errors
/// The last error.
pub(crate) async fn retrying<R>(
    policy: &RetryPolicy,
    transport: &impl Transport,
    once: impl AsyncFn() -> Result<R, ApiError>,
) -> Result<R, ApiError> {
    let mut tried = 0;
    loop {
        let error = match once().await {
            Ok(result) => return Ok(result),
            Err(error) => error,
        };
        tried += 1;
        match policy.delay(tried, &error, transport.random()) {
            Some(delay) => transport.sleep(delay).await,
            None => return Err(error),
        }
    }
}

/// A reply with a status of success; any other is a [`Refusal`] of a call that needs `permission`.
pub(crate) fn accepted(reply: Reply, permission: &str) -> Result<Reply, ApiError> {
    match reply.status {
        200..=299 => Ok(reply),
        _ => Err(ApiError::Refused(Box::new(Refusal::from_reply(&reply, permission)))),
    }
}

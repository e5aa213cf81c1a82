//! Reads that are sent again after passing failures, for every client over a [`Transport`].

use std::time::Duration;

use super::error::{ApiError, Refusal};
use super::http::Reply;
use super::transport::Transport;

/// How reads are tried again after a passing failure.
///
/// The numbers follow Google's own client for Cloud Deploy (first after 1 s, × 1.3), but end
/// sooner: a person is waiting, and the page says what is wrong and offers another try.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// Tries in all, the first included.
    pub tries: u32,
    pub first_delay: Duration,
    /// By what each delay is longer than the one before.
    pub factor: f64,
    /// No delay is longer, unless the server asks for a longer one.
    pub max_delay: Duration,
    /// A server that asks for a longer wait than this is not waited for; the error says when.
    pub max_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            tries: 4,
            first_delay: Duration::from_secs(1),
            factor: 1.3,
            max_delay: Duration::from_secs(10),
            max_retry_after: Duration::from_secs(30),
        }
    }
}

impl RetryPolicy {
    /// How long to wait before the next try, after `tried` tries of which the last ended in
    /// `error`; `None` to give up. `random` is from 0 up to 1.
    ///
    /// The jitter takes away up to half of the delay, so that many viewers do not come back at
    /// once. What the server asks for in Retry-After is a least, to which jitter only adds.
    pub fn delay(&self, tried: u32, error: &ApiError, random: f64) -> Option<Duration> {
        let asked = error.refusal().and_then(|refusal| refusal.retry_after);
        if error.is_passing() {
            self.delay_of_passing(tried, asked, random)
        } else {
            None
        }
    }

    /// As [`delay`](Self::delay), of a failure that is known to be passing, after which the server asks
    /// to wait so long.
    pub(crate) fn delay_of_passing(
        &self,
        tried: u32,
        asked: Option<Duration>,
        random: f64,
    ) -> Option<Duration> {
        if tried >= self.tries {
            return None;
        }
        match asked {
            Some(asked) if asked > self.max_retry_after => None,
            Some(asked) => Some(asked.saturating_add(self.first_delay.mul_f64(random / 2.0))),
            None => {
                let exponent = i32::try_from(tried.saturating_sub(1)).unwrap_or(i32::MAX);
                let delay = self.first_delay.as_secs_f64() * self.factor.powi(exponent);
                let delay = delay.min(self.max_delay.as_secs_f64());
                Some(
                    Duration::try_from_secs_f64(delay * (1.0 - random / 2.0))
                        .unwrap_or(self.max_delay),
                )
            }
        }
    }
}

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
        _ => Err(ApiError::Refused(Box::new(Refusal::from_reply(
            &reply, permission,
        )))),
    }
}

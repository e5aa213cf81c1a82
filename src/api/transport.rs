//! The trait that sends an API request and receives its reply.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use super::error::ApiError;
use super::http::{Reply, Request};

/// A future of this thread: in a browser there is one.
pub type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Carries requests: to a server, or to the simulation in the page.
pub trait Transport {
    /// Sends one request. Dropping the future aborts it.
    ///
    /// # Errors
    /// [`ApiError::Network`] when no whole reply came. A reply with an error status is `Ok`.
    fn send<'a>(&'a self, request: &'a Request) -> LocalFuture<'a, Result<Reply, ApiError>>;

    /// Sends one GET for a part of what is there; `range` is a Range header, such as `bytes=-5`.
    ///
    /// As in HTTP, a server may answer 206 with the part, or 200 with the whole. A transport
    /// that cannot send the header gets the whole.
    ///
    /// # Errors
    /// As [`Transport::send`].
    fn send_range<'a>(
        &'a self,
        request: &'a Request,
        range: &'a str,
    ) -> LocalFuture<'a, Result<Reply, ApiError>> {
        let _ = range;
        self.send(request)
    }

    /// Waits.
    fn sleep(&self, duration: Duration) -> LocalFuture<'_, ()>;

    /// A random number from 0 up to 1, for jitter.
    fn random(&self) -> f64;
}

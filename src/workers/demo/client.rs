//! The page's side of the demo's worker: the simulated Cloud Deploy as a [`Transport`].

use std::time::Duration;

use super::protocol::DemoRequest;
use crate::api::error::ApiError;
use crate::api::http::{Reply, Request};
use crate::api::transport::{LocalFuture, Transport};
use crate::core::time::Timestamp;
use crate::transport::calls::Calls;
use crate::transport::exchange::ReplyHead;

/// A request takes this long at least, so that the demo shows what waiting looks like.
const LATENCY: Duration = Duration::from_millis(120);

/// Answers from the simulation.
pub(crate) struct Demo {
    worker: Calls<DemoRequest, ReplyHead>,
    epoch: Timestamp,
    now: fn() -> Timestamp,
}

impl Demo {
    /// A demo whose live rollouts began shortly before `epoch`, with `now` for its clock. Its worker starts with the
    /// first request.
    pub(crate) fn new(epoch: Timestamp, now: fn() -> Timestamp) -> Self {
        Self {
            worker: Calls::of("meta[name=demo-worker]"),
            epoch,
            now,
        }
    }
}

impl Transport for Demo {
    fn send<'a>(&'a self, request: &'a Request) -> LocalFuture<'a, Result<Reply, ApiError>> {
        Box::pin(async move {
            self.sleep(LATENCY).await;
            let asked = DemoRequest {
                epoch: self.epoch,
                now: (self.now)(),
                request: request.clone(),
            };
            let (head, body) = self.worker.exchange(asked, []).await?;
            Ok(head.join(body.get(0).as_string().unwrap_or_default()))
        })
    }

    fn sleep(&self, duration: Duration) -> LocalFuture<'_, ()> {
        Box::pin(gloo_timers::future::sleep(duration))
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }
}

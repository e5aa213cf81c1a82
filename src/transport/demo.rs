//! The simulated Cloud Deploy as a [`Transport`]: the demo, which a worker of its own simulates.

use std::time::Duration;

use super::exchange::{DEMO, method, reply_from_texts};
use super::worker::WorkerClient;
use crate::api::error::ApiError;
use crate::api::http::{Reply, Request};
use crate::api::transport::LocalFuture;
use crate::api::transport::Transport;
use crate::core::time::{Timestamp, to_rfc3339};

/// A request takes this long at least, so that the demo shows what waiting looks like.
const LATENCY: Duration = Duration::from_millis(120);

/// Answers from the simulation.
pub(crate) struct Demo {
    worker: WorkerClient,
    epoch: Timestamp,
    now: fn() -> Timestamp,
}

impl Demo {
    /// A demo whose live rollouts began shortly before `epoch`, with `now` for its clock.
    pub(crate) fn new(worker: WorkerClient, epoch: Timestamp, now: fn() -> Timestamp) -> Self {
        Self { worker, epoch, now }
    }
}

impl Transport for Demo {
    fn send<'a>(&'a self, request: &'a Request) -> LocalFuture<'a, Result<Reply, ApiError>> {
        Box::pin(async move {
            self.sleep(LATENCY).await;
            let (epoch, now) = (to_rfc3339(self.epoch), to_rfc3339((self.now)()));
            let body = request.body.as_deref().unwrap_or_default();
            let texts = [epoch.as_str(), &now, method(request), &request.path_and_query, body];
            let answer = self.worker.call(DEMO, &texts).await?;
            reply_from_texts(answer).ok_or_else(|| ApiError::Part("its answer is none".to_owned()))
        })
    }

    fn sleep(&self, duration: Duration) -> LocalFuture<'_, ()> {
        Box::pin(gloo_timers::future::sleep(duration))
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }
}

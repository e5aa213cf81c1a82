//! An opened file as a [`Transport`]: the worker keeps it, and answers as Cloud Deploy does.

use std::time::Duration;

use super::exchange::{FILE, method, reply_from_texts};
use super::worker::WorkerClient;
use crate::api::error::ApiError;
use crate::api::http::{Reply, Request};
use crate::api::transport::LocalFuture;
use crate::api::transport::Transport;

/// Answers from what was opened.
pub(crate) struct OpenedFile {
    worker: WorkerClient,
    /// Where it came from, as it was opened.
    from: String,
}

impl OpenedFile {
    /// What was opened last from there.
    pub(crate) fn new(worker: WorkerClient, from: String) -> Self {
        Self { worker, from }
    }
}

impl Transport for OpenedFile {
    fn send<'a>(&'a self, request: &'a Request) -> LocalFuture<'a, Result<Reply, ApiError>> {
        Box::pin(async move {
            let texts = [&self.from, method(request), &request.path_and_query];
            reply_from_texts(self.worker.call(FILE, &texts).await?)
                .ok_or_else(|| ApiError::Part("its answer is none".to_owned()))
        })
    }

    fn sleep(&self, duration: Duration) -> LocalFuture<'_, ()> {
        Box::pin(gloo_timers::future::sleep(duration))
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }
}

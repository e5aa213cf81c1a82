//! What the requests to a stand-in share.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::clock::Clock;
use super::fault::Fault;
use super::log::LoggedRequest;
use crate::api::http::Reply;
use crate::sim::Sim;

/// What all requests share.
pub(crate) struct Shared {
    state: Mutex<Inner>,
    /// The only bearer token that is let in; any is, and none, without it.
    pub token: Option<String>,
    /// Before every answer.
    pub delay: Duration,
}

/// What requests change.
pub(crate) struct Inner {
    pub sim: Sim,
    pub clock: Clock,
    pub faults: Vec<Fault>,
    pub log: Vec<LoggedRequest>,
    pub rewrite: Option<Rewrite>,
}

/// Makes another answer of an answer.
pub(crate) type Rewrite = Box<dyn Fn(&LoggedRequest, Reply) -> Reply + Send>;

impl Shared {
    pub(crate) fn new(inner: Inner, token: Option<String>, delay: Duration) -> Self {
        Self {
            state: Mutex::new(inner),
            token,
            delay,
        }
    }

    /// The state. One request's panic does not end the others.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

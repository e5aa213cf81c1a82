//! A simulated Cloud Deploy: the demo inside the viewer, and what the stand-in server serves.
//!
//! State is a pure function of the plans, what people did, and the time that the caller brings:
//! there is no clock and no randomness in here. Imports `core` and `api`.

mod actions;
mod builds;
mod events;
mod hash;
mod json;
mod large_rollout;
mod objects;
mod order;
mod plan;
mod reply;
mod resources;
mod rest;
mod rollouts;
mod script;
mod state_at;
mod world;

pub use plan::Project;
pub use world::Sim;

use crate::api::http::{Reply, Request};
use crate::core::time::Timestamp;

impl Sim {
    /// Answers a request at a time. Never fails: what is wrong with the request is an answer with
    /// an error status, as from the API.
    pub fn handle(&mut self, now: Timestamp, request: &Request) -> Reply {
        // The other two APIs that a job run leads to.
        let nanos = plan::nanos(now);
        builds::handle(self, nanos, request)
            .or_else(|| objects::handle(self, nanos, request))
            .unwrap_or_else(|| rest::handle(self, now, request))
    }
}

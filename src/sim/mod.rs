//! A simulated Cloud Deploy: the demo inside the viewer, and what the stand-in server serves.
//!
//! State is a pure function of the plans, what people did, and the time that the caller brings:
//! there is no clock and no randomness in here. Imports `core` and `api`.

mod act;
mod builds;
mod events;
mod fold;
mod hash;
mod many;
mod objects;
mod order;
mod plan;
mod resources;
mod rest;
mod rollouts;
mod script;
mod wire;

pub use plan::{Approval, Attempt, AttemptKind, Job, Nanos, Phase, Plan, Project};
pub use rest::{JSON, error, error_info};

pub(crate) use crate::api::filter::Filter;
pub(crate) use rest::quote;

use crate::api::http::{Reply, Request};
use crate::core::time::Timestamp;

/// A world of rollouts that answers the Cloud Deploy API's requests.
#[derive(Debug)]
pub struct Sim {
    project: Project,
    plans: Vec<Plan>,
    interventions: Vec<fold::Intervention>,
    /// The most items on a page.
    max_page: usize,
}

impl Sim {
    /// A world of one's own.
    pub fn new(plans: Vec<Plan>, project: Project) -> Self {
        Self { project, plans, interventions: Vec::new(), max_page: rest::MAX_PAGE }
    }

    /// Puts fewer items on a page than is asked for, as a server may.
    pub fn limit_pages(&mut self, most: usize) {
        self.max_page = most;
    }

    /// The world of the demo, in the project `demo`. What is live there began shortly before
    /// `epoch`, and what is finished hours or days before.
    pub fn demo(epoch: Timestamp) -> Self {
        Self::world(Project::DEMO, epoch)
    }

    /// The demo's world in another project.
    pub fn world(project: Project, epoch: Timestamp) -> Self {
        Self::new(script::plans(&project, plan::nanos(epoch)), project)
    }

    /// One finished rollout with `count` job runs, for what pages and speed are tried with.
    pub fn many(project: Project, epoch: Timestamp, count: usize) -> Self {
        Self::new(vec![many::plan(&project, plan::nanos(epoch), count)], project)
    }

    /// Adds a rollout like that of [`Sim::many`] to this world.
    pub fn add_many(&mut self, epoch: Timestamp, count: usize) {
        self.plans.push(many::plan(&self.project, plan::nanos(epoch), count));
    }

    /// The rollouts of the world, children after the controller that drives them.
    pub fn rollouts(&self) -> &[Plan] {
        &self.plans
    }

    /// Where the resources live.
    pub fn project(&self) -> Project {
        self.project
    }

    /// Answers a request at a time. Never fails: what is wrong with the request is an answer with
    /// an error status, as from the API.
    pub fn handle(&mut self, now: Timestamp, request: &Request) -> Reply {
        // The other two APIs that a job run leads to.
        let nanos = plan::nanos(now);
        builds::handle(self, nanos, request)
            .or_else(|| objects::handle(self, nanos, request))
            .unwrap_or_else(|| rest::handle(self, now, request))
    }

    fn fold(&self, plan: usize, now: Nanos) -> fold::Course {
        fold::fold(&self.plans, &self.interventions, plan, now)
    }
}

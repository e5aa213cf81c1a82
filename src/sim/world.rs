//! The simulated world: its rollouts, and what people did.

use super::large_rollout;
use super::plan::{Nanos, Plan, Project, nanos};
use super::script;
use super::state_at;
use crate::core::time::Timestamp;

/// The most items on a page; more is cut to this (discovery document, `pageSize`).
const MAX_PAGE: usize = 1000;

/// A world of rollouts that answers the Cloud Deploy API's requests.
#[derive(Debug)]
pub struct Sim {
    pub(super) project: Project,
    pub(super) plans: Vec<Plan>,
    pub(super) interventions: Vec<state_at::Intervention>,
    /// The most items on a page.
    pub(super) max_page: usize,
}

impl Sim {
    /// A world of one's own.
    pub(crate) fn new(plans: Vec<Plan>, project: Project) -> Self {
        Self {
            project,
            plans,
            interventions: Vec::new(),
            max_page: MAX_PAGE,
        }
    }

    /// Puts fewer items on a page than is asked for, as a server may.
    pub(crate) fn limit_pages(&mut self, most: usize) {
        self.max_page = most;
    }

    /// The world of the demo, in the project `demo`. What is live there began shortly before
    /// `epoch`, and what is finished hours or days before.
    pub fn demo(epoch: Timestamp) -> Self {
        Self::world(Project::DEMO, epoch)
    }

    /// The demo's world in another project.
    pub fn world(project: Project, epoch: Timestamp) -> Self {
        Self::new(script::plans(&project, nanos(epoch)), project)
    }

    /// One finished rollout with `count` job runs, for what pages and speed are tried with.
    pub fn large_rollout(project: Project, epoch: Timestamp, count: usize) -> Self {
        Self::new(
            vec![large_rollout::plan(&project, nanos(epoch), count)],
            project,
        )
    }

    /// Adds a rollout like that of [`Sim::large_rollout`] to this world.
    pub fn add_large_rollout(&mut self, epoch: Timestamp, count: usize) {
        self.plans
            .push(large_rollout::plan(&self.project, nanos(epoch), count));
    }

    /// The rollouts of the world, children after the controller that drives them.
    pub fn rollouts(&self) -> &[Plan] {
        &self.plans
    }

    /// Where the resources live.
    pub(crate) fn project(&self) -> Project {
        self.project
    }

    pub(super) fn state_at(&self, plan: usize, now: Nanos) -> state_at::RolloutNow {
        state_at::state_at(&self.plans, &self.interventions, plan, now)
    }
}

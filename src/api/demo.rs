//! The simulated Cloud Deploy as a [`Transport`]: the demo inside the page.

use std::cell::RefCell;
use std::time::Duration;

use super::error::ApiError;
use super::http::{Reply, Request, Transport};
use super::source::LocalFuture;
use crate::model::name::RolloutName;
use crate::model::time::Timestamp;
use crate::sim::{Project, Sim};

/// The demo's project id. Real ids have at least six characters, so it is nobody's.
pub const PROJECT: &str = Project::DEMO.id;

/// A request takes this long, so that the demo shows what waiting looks like.
const LATENCY: Duration = Duration::from_millis(120);

/// Answers from the simulation.
pub struct Demo {
    sim: RefCell<Sim>,
    now: fn() -> Timestamp,
}

/// A rollout of the demo and what there is to see in it.
#[derive(Clone, Debug)]
pub struct DemoRollout {
    pub name: RolloutName,
    pub title: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// Whether it is still going on.
    pub live: bool,
}

impl Demo {
    /// A demo whose live rollouts began shortly before `epoch`, with `now` for its clock.
    pub fn new(epoch: Timestamp, now: fn() -> Timestamp) -> Self {
        Self { sim: RefCell::new(Sim::demo(epoch)), now }
    }

    /// The rollouts to begin with; children are reached from their controllers.
    pub fn rollouts(&self) -> Vec<DemoRollout> {
        self.sim
            .borrow()
            .rollouts()
            .iter()
            .filter(|plan| plan.parent.is_none())
            .map(|plan| DemoRollout {
                name: plan.name.clone(),
                title: plan.title,
                about: plan.about,
                live: plan.live,
            })
            .collect()
    }
}

impl Transport for Demo {
    fn send<'a>(&'a self, request: &'a Request) -> LocalFuture<'a, Result<Reply, ApiError>> {
        Box::pin(async move {
            self.sleep(LATENCY).await;
            Ok(self.sim.borrow_mut().handle((self.now)(), request))
        })
    }

    fn sleep(&self, duration: Duration) -> LocalFuture<'_, ()> {
        Box::pin(gloo_timers::future::sleep(duration))
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }
}

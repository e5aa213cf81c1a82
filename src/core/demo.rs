//! What there is to see in the demo: the start page shows it before the demo itself is loaded.

use super::name::RolloutName;

/// The demo's project. Real project ids have at least six characters, so it is nobody's, and a
/// name alone tells whether it is the demo's.
pub(crate) const PROJECT: &str = "demo";

/// Where browsing the demo begins.
pub(crate) const HOME: &str = "projects/demo/locations/us-central1";

/// Where the demo's resources lie.
pub(crate) const LOCATION: &str = "us-central1";

/// A rollout of the demo.
#[derive(Clone, Copy, Debug)]
pub struct DemoRollout {
    pipeline: &'static str,
    release: &'static str,
    target: &'static str,
    /// Whether it is still going on.
    pub live: bool,
    pub title: &'static str,
    /// One sentence.
    pub about: &'static str,
}

impl DemoRollout {
    /// The rollout's name.
    pub fn name(&self) -> RolloutName {
        RolloutName {
            project: PROJECT.to_owned(),
            location: LOCATION.to_owned(),
            delivery_pipeline: self.pipeline.to_owned(),
            release: self.release.to_owned(),
            rollout: format!("{}-to-{}-0001", self.release, self.target),
        }
    }
}

/// The rollouts to begin with; children are reached from their controllers.
pub const ROLLOUTS: &[DemoRollout] = &[
    show(
        "checkout",
        "rel-20261124-b71e09c",
        "prod",
        true,
        "A deployment in progress",
        "Deployed a minute ago and being verified now; its verify run can be terminated.",
    ),
    show(
        "payments-api",
        "rel-20261123-c40d7e8",
        "prod-gke",
        false,
        "A canary that fails at 50 %",
        "A GKE canary whose verify at 50 % failed three times, so that stable never began.",
    ),
    show(
        "recommendations",
        "rel-20261124-6e2b5d0",
        "prod",
        true,
        "An analysis in progress",
        "Watched by alert policies and a custom check; a deploy policy forbids to terminate it.",
    ),
    show(
        "search-index",
        "rel-20261124-0aa91f2",
        "prod",
        false,
        "An analysis that found alerts",
        "Deployed and verified, then failed by the alert policies that it was watched with.",
    ),
    show(
        "checkout",
        "rel-20261120-3f9c2d1",
        "prod",
        false,
        "Everything went well",
        "A Cloud Run service with predeploy, deploy, verify and postdeploy, all succeeded.",
    ),
    show(
        "edge-rules",
        "rel-20261121-77f0e4a",
        "edge-prod",
        false,
        "A custom target with nothing to do",
        "A custom target that skipped its deploy and says why, with metadata of its own.",
    ),
    show(
        "ledger-batch",
        "rel-20261124-d5c3a18",
        "prod-private",
        true,
        "Stuck in the queue",
        "Its deploy was created forty minutes ago and has not started.",
    ),
    show(
        "notifications",
        "rel-20261124-19be6f7",
        "prod",
        false,
        "Waits for approval",
        "Nobody has approved it yet, so there are no job runs; approve it, or reject it.",
    ),
    show(
        "inventory",
        "rel-20261124-83c1f0e",
        "prod-gke",
        false,
        "A canary that waits for a person",
        "Half of the traffic has the new release, and stable begins when somebody advances the rollout.",
    ),
    show(
        "thumbnails",
        "rel-20261123-5f20b6a",
        "prod-gke",
        false,
        "A first release that skips its canary",
        "There is no older release to share the traffic with, so the canary phase was skipped.",
    ),
    show(
        "fleet-config",
        "rel-20261124-58ad0c7",
        "fleet",
        true,
        "Three targets at once",
        "A controller rollout that drives three children: one succeeded, one failed, one goes on.",
    ),
    show(
        "museum",
        "rel-every-state",
        "gallery",
        false,
        "A museum of job runs",
        "Every kind in every state with every cause of failure, and what no server should send.",
    ),
];

const fn show(
    pipeline: &'static str,
    release: &'static str,
    target: &'static str,
    live: bool,
    title: &'static str,
    about: &'static str,
) -> DemoRollout {
    DemoRollout {
        pipeline,
        release,
        target,
        live,
        title,
        about,
    }
}

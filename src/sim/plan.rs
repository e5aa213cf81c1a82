//! What is going to happen: rollouts as scripts, before any clock or person comes in.

use std::sync::Arc;

use crate::api::job_run::JobRun;
use crate::core::demo;
use crate::core::name::RolloutName;
use crate::core::time::Timestamp;

/// Nanoseconds since 1970, in which the simulation calculates: plain numbers cannot panic.
pub(crate) type Nanos = i64;

/// One second.
pub(crate) const SECOND: Nanos = 1_000_000_000;

/// A time as a number, kept far enough from the ends for the arithmetic of the simulation.
pub(crate) fn nanos(time: Timestamp) -> Nanos {
    time.as_nanosecond().clamp(
        -8_000_000_000 * i128::from(SECOND),
        8_000_000_000 * i128::from(SECOND),
    ) as Nanos
}

/// Where the simulated resources live.
#[derive(Clone, Copy, Debug)]
pub struct Project {
    /// What addresses use.
    pub id: &'static str,
    /// What names inside replies use: the real API mixes the two.
    pub number: &'static str,
    pub location: &'static str,
}

impl Project {
    /// The demo inside the viewer. A real project id has at least six characters, so this can
    /// never be one.
    pub const DEMO: Self = Self {
        id: demo::PROJECT,
        number: "123456789012",
        location: demo::LOCATION,
    };
    /// The stand-in server.
    pub const STAND_IN: Self = Self {
        id: "standin-project",
        number: "987654321098",
        location: "us-central1",
    };
}

/// A rollout and its script.
#[derive(Debug)]
pub struct Plan {
    /// By the project's id.
    pub name: RolloutName,
    /// A few words, which become its description.
    pub title: &'static str,
    /// Whether something is still going on at the world's epoch.
    pub live: bool,
    /// The id of the target.
    pub target: String,
    pub approval: Approval,
    /// When the first phase begins, if no approval is waited for. Without meaning for a child: its parent begins its phases.
    pub start: Nanos,
    /// In order: each begins when the one before has succeeded.
    pub phases: Vec<Phase>,
    /// The index of the controller rollout that drives this one.
    pub parent: Option<usize>,
    /// The id of a deploy policy that forbids to terminate this rollout's runs and to act on it, or
    /// nothing.
    pub deploy_policy: &'static str,
    /// Locations that a list of the runs names as unreachable.
    pub unreachable: Vec<String>,
}

/// Whether somebody has to approve a rollout before it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approval {
    NotNeeded,
    /// It was created so many seconds before its start, and approved at its start.
    Before(u32),
    /// It waits for a person.
    Waits,
}

/// A phase of a rollout.
#[derive(Debug)]
pub struct Phase {
    pub id: String,
    /// Seconds between the end of the phase before and the first job, after which the rollout
    /// advances by itself; `None` waits for a person for ever.
    pub wait: Option<u32>,
    /// Why the phase is skipped, or nothing.
    pub skip: &'static str,
    /// Whether the jobs begin together, as those of a controller rollout do.
    pub parallel: bool,
    pub jobs: Vec<Job>,
}

/// A job of a phase.
#[derive(Debug)]
pub struct Job {
    pub id: String,
    /// In order. After a failure the next one is a retry; after the last one the job has failed.
    pub attempts: Vec<Attempt>,
}

/// One job run to be.
#[derive(Debug)]
pub struct Attempt {
    /// Seconds between what came before and createTime.
    pub gap: u32,
    /// Seconds between createTime and startTime.
    pub queue: u32,
    /// Seconds between startTime and endTime. Without meaning where a child is driven.
    pub run: u32,
    pub kind: AttemptKind,
    /// What the run says when it is over: the variant with its details, and the state (none
    /// stands for success). The rest is filled in.
    pub template: Arc<JobRun>,
}

/// What decides how a run goes.
#[derive(Debug)]
pub enum AttemptKind {
    /// The attempt's own numbers and the template's state.
    Script,
    /// A phase of a child: the run lasts as long and ends as well or badly.
    Drive {
        /// The child's index.
        plan: usize,
        /// The index of the child's phase.
        phase: usize,
    },
    /// Nothing: the run is as the template has it, with its times and state, whatever the time.
    Exhibit {
        /// JSON members that the types do not have, such as `"a":1`, or nothing.
        extra: &'static str,
    },
}

impl Plan {
    /// When the rollout is created; without meaning for a child.
    pub(crate) fn created(&self) -> Nanos {
        match self.approval {
            Approval::Before(seconds) => self.start.saturating_sub(Nanos::from(seconds) * SECOND),
            _ => self.start,
        }
    }

    /// Whether the rollout drives others.
    pub fn is_controller(&self) -> bool {
        self.phases
            .iter()
            .flat_map(|phase| &phase.jobs)
            .flat_map(|job| &job.attempts)
            .any(|attempt| matches!(attempt.kind, AttemptKind::Drive { .. }))
    }
}

/// The folder that builds write their logs to.
pub(crate) fn logs_folder(project: &Project) -> String {
    [
        "gs://",
        project.id,
        "_",
        project.location,
        "_cloudbuild/logs",
    ]
    .concat()
}

/// The bucket of logs that belongs to Google, as that of older builds does.
pub(crate) fn locked_logs_bucket(project: &Project) -> String {
    [project.number, ".cloudbuild-logs.googleusercontent.com"].concat()
}

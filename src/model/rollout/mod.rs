//! A rollout as the viewer thinks of it: where it stands, what its phases and jobs are, and what a
//! person can do about it.
//!
//! [`headline`] is the one sentence about it, and [`poll`] says when it is read again.

pub mod headline;
pub mod poll;

use crate::api::rollout::{
    DeployFailureCause, Job, JobState, Phase, PhaseState, Rollout, RolloutRecord, RolloutState,
};
use crate::api::source::RolloutAction;
use crate::core::name::RolloutName;
use crate::core::time::{self, Timestamp, human_duration};
use crate::model::explain::Explanation;
use crate::model::run::{JobKind, Run};

/// The phases and jobs of a rollout, in the order in which they run, whether they have run or not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    pub phases: Vec<OutlinePhase>,
}

/// A phase of a rollout.
#[derive(Clone, Debug, PartialEq)]
pub struct OutlinePhase {
    pub id: String,
    /// What a reader must know of the phase beyond its runs, such as `skipped: no older release`.
    pub note: String,
    pub jobs: Vec<OutlineJob>,
}

/// A job of a phase.
#[derive(Clone, Debug, PartialEq)]
pub struct OutlineJob {
    pub id: String,
    pub kind: JobKind,
    /// Where it stands beyond its runs, such as `not run yet` or `failure ignored`.
    pub note: String,
}

impl Outline {
    /// The outline of a rollout. Jobs that are not configured are left out, and so is what has the
    /// id of something before it, which no server should send.
    pub fn new(rollout: &Rollout) -> Self {
        let mut phases: Vec<OutlinePhase> = Vec::new();
        for phase in &rollout.phases {
            let mut jobs: Vec<OutlineJob> = Vec::new();
            for job in phase.jobs() {
                if job.state != JobState::Disabled && jobs.iter().all(|known| known.id != job.id) {
                    jobs.push(OutlineJob {
                        id: job.id.clone(),
                        kind: JobKind::of_job(job),
                        note: job_note(job),
                    });
                }
            }
            if phases.iter().all(|known| known.id != phase.id) {
                phases.push(OutlinePhase {
                    id: phase.id.clone(),
                    note: phase_note(phase),
                    jobs,
                });
            }
        }
        Self { phases }
    }
}

fn with_reason(what: &str, reason: &str) -> String {
    if reason.is_empty() {
        what.to_owned()
    } else {
        format!("{what}: {reason}")
    }
}

/// Of what the API calls aborted: nobody has stopped it.
const NOT_RUN: &str = "not run: it ended before";

fn phase_note(phase: &Phase) -> String {
    match &phase.state {
        PhaseState::Skipped => with_reason("skipped", &phase.skip_message),
        PhaseState::Aborted => NOT_RUN.to_owned(),
        PhaseState::Pending => "not begun".to_owned(),
        PhaseState::Unrecognized(state) => state.clone(),
        _ => String::new(),
    }
}

fn job_note(job: &Job) -> String {
    match &job.state {
        JobState::Skipped => with_reason("skipped", &job.skip_message),
        JobState::Ignored => "failure ignored".to_owned(),
        JobState::Aborted => NOT_RUN.to_owned(),
        JobState::Pending if job.job_run.is_empty() => "not run yet".to_owned(),
        JobState::Pending => "to be run again".to_owned(),
        JobState::Unrecognized(state) => state.clone(),
        _ => String::new(),
    }
}

/// A rollout's state for people.
pub(crate) fn state_label(state: &RolloutState) -> &str {
    match state {
        RolloutState::Unspecified => "Unspecified",
        RolloutState::Succeeded => "Succeeded",
        RolloutState::Failed => "Failed",
        RolloutState::InProgress => "In progress",
        RolloutState::PendingApproval => "Waits for approval",
        RolloutState::ApprovalRejected => "Rejected",
        RolloutState::Pending => "Pending",
        RolloutState::PendingRelease => "Waits for its release",
        RolloutState::Cancelling => "Cancelling",
        RolloutState::Cancelled => "Cancelled",
        RolloutState::Halted => "Halted",
        RolloutState::Unrecognized(text) => text,
    }
}

/// Whether a rollout can still change by itself, or by what a person may do any time.
pub fn is_open(rollout: &Rollout) -> bool {
    match &rollout.state {
        // It tries again, after a while, or rolls back.
        RolloutState::Failed if !rollout.active_repair_automation_run.is_empty() => true,
        RolloutState::Succeeded
        | RolloutState::Failed
        | RolloutState::ApprovalRejected
        | RolloutState::Cancelled => false,
        RolloutState::Unspecified
        | RolloutState::InProgress
        | RolloutState::PendingApproval
        | RolloutState::Pending
        | RolloutState::PendingRelease
        | RolloutState::Cancelling
        | RolloutState::Halted
        | RolloutState::Unrecognized(_) => true,
    }
}

/// Whether the failure of a run's job was ignored, so that the rollout goes on as if it had succeeded.
pub(crate) fn is_ignored(rollout: Option<&Rollout>, run: &Run) -> bool {
    let job = rollout.and_then(|rollout| job(rollout, &run.json.phase_id, &run.json.job_id));
    job.is_some_and(|job| job.state == JobState::Ignored)
}

fn job<'a>(rollout: &'a Rollout, phase_id: &str, job_id: &str) -> Option<&'a Job> {
    let phase = rollout.phases.iter().find(|phase| phase.id == phase_id)?;
    phase.jobs().into_iter().find(|job| job.id == job_id)
}

/// How much the runs that are there tell of their rollout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// Not all were read.
    Part,
    /// A filter keeps others out of sight.
    Filtered,
    /// All that there are, of a rollout that may have more.
    SoFar,
    /// All of them, and this phase waits for somebody to advance the rollout.
    Waits { phase: String },
    /// All that ran of a rollout that ended before its end.
    Ended,
    /// All that there will be.
    Over,
}

/// How much all the runs of a rollout tell of it; `None` where it could not be read.
pub fn coverage(rollout: Option<&Rollout>) -> Coverage {
    let Some(rollout) = rollout else {
        return Coverage::SoFar;
    };
    match (&rollout.state, next_phase(rollout)) {
        (RolloutState::InProgress, Some(phase)) => Coverage::Waits {
            phase: phase.id.clone(),
        },
        (RolloutState::Succeeded, _) => Coverage::Over,
        // Of one that failed or was cancelled there are jobs that never ran.
        (_, _) if !is_open(rollout) => Coverage::Ended,
        _ => Coverage::SoFar,
    }
}

/// What a reader must know about the rollout as a whole, each a sentence; the first is the most
/// telling.
pub fn remarks(rollout: &Rollout, now: Timestamp) -> Vec<String> {
    let at = |text: &Option<String>| text.as_deref().and_then(|text| time::parse(text).ok());
    let (created, approved, began) = (
        at(&rollout.create_time),
        at(&rollout.approve_time),
        at(&rollout.deploy_start_time),
    );
    // Before it is in the queue, its release may still be rendered.
    let queued = at(&rollout.enqueue_time).or(approved).or(created);
    let since = |from: Option<Timestamp>, to: Timestamp| {
        from.map_or_else(String::new, |from| {
            format!(" for {}", human_duration(to.duration_since(from)))
        })
    };
    let mut remarks = Vec::new();
    match &rollout.state {
        RolloutState::PendingApproval => {
            remarks.push(format!(
                "It has waited for approval{}.",
                since(created, now)
            ));
        }
        RolloutState::ApprovalRejected => remarks.push("Its approval was refused.".to_owned()),
        RolloutState::Pending => {
            remarks.push(format!(
                "It has waited to begin{}: another rollout to the same target may go before it.",
                since(queued, now)
            ));
        }
        RolloutState::PendingRelease => {
            remarks.push(format!(
                "It waits for its release to be rendered{}.",
                since(created, now)
            ));
        }
        RolloutState::InProgress => {
            if let Some(phase) = next_phase(rollout) {
                remarks.push(format!(
                    "Phase {} waits for somebody, or an automation, to advance it.",
                    phase.id
                ));
            }
        }
        RolloutState::Cancelling => {
            remarks.push(
                "It is cancelled when what still runs has ended, or was terminated.".to_owned(),
            );
        }
        RolloutState::Halted => remarks.push(
            "A child failed: retry or ignore its failed job to go on, or cancel this rollout."
                .to_owned(),
        ),
        _ => {}
    }
    if let (Some(created), Some(approved)) = (created, approved) {
        remarks.push(format!(
            "Approved after {}.",
            human_duration(approved.duration_since(created))
        ));
    }
    if let (Some(before), Some(began)) = (queued, began) {
        let waited = began.duration_since(before);
        // Less is the way of things and not worth a word.
        if waited.as_secs() >= 60 {
            remarks.push(format!(
                "Waited {} before it began.",
                human_duration(waited)
            ));
        }
    }
    let short = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
    if !rollout.rollback_of_rollout.is_empty() {
        remarks.push(format!(
            "It rolls back {}.",
            short(&rollout.rollback_of_rollout)
        ));
    }
    if !rollout.rolled_back_by_rollouts.is_empty() {
        let names: Vec<String> = rollout
            .rolled_back_by_rollouts
            .iter()
            .map(|name| short(name))
            .collect();
        remarks.push(format!("It was rolled back by {}.", names.join(", ")));
    }
    if !rollout.active_repair_automation_run.is_empty() {
        remarks.push("An automation is repairing it now.".to_owned());
    }
    remarks
}

/// What the failure of a whole rollout means; `None` when it names no cause. The meanings are
/// those of the discovery document, the next steps are ours.
pub fn failure(cause: &DeployFailureCause) -> Option<Explanation> {
    let (meaning, next) = match cause {
        DeployFailureCause::Unspecified => return None,
        DeployFailureCause::CloudBuildUnavailable => (
            "Cloud Build is not available, either because it is not enabled or because Cloud Deploy has \
             insufficient permissions.",
            "Check that the Cloud Build API is enabled and that the Cloud Deploy service agent has its role.",
        ),
        DeployFailureCause::ExecutionFailed => (
            "The deploy operation did not complete successfully.",
            "See the failed job run below.",
        ),
        DeployFailureCause::DeadlineExceeded => (
            "Deployment did not complete within the allotted time.",
            "See in the build's log of the failed job run what it waited for.",
        ),
        DeployFailureCause::ReleaseFailed => (
            "The release is in a failed state.",
            "See in the Cloud console why it could not be rendered, and create a new release.",
        ),
        DeployFailureCause::ReleaseAbandoned => (
            "The release is abandoned.",
            "Create a new release, or roll out another.",
        ),
        DeployFailureCause::VerificationConfigNotFound => (
            "No Skaffold verify configuration was found.",
            "Add a verify stanza to the skaffold.yaml, or take verify out of the pipeline's strategy, and create a new \
             release.",
        ),
        DeployFailureCause::CloudBuildRequestFailed => (
            "Cloud Build failed to fulfill Cloud Deploy's request.",
            "Read the reason: it is Cloud Build's answer.",
        ),
        DeployFailureCause::OperationFeatureNotSupported => (
            "A Rollout operation had a feature configured that is not supported.",
            "Take the feature out of the configuration and create a new release.",
        ),
        DeployFailureCause::Unrecognized(_) => (
            "The cause is from a newer API than this viewer knows.",
            "Read the reason and the raw JSON.",
        ),
    };
    Some(Explanation {
        meaning: meaning.to_owned(),
        next: next.to_owned(),
    })
}

/// The next phase, when nothing but a person is in its way: all before it are over and went well.
fn next_phase(rollout: &Rollout) -> Option<&Phase> {
    let over = |phase: &&Phase| matches!(phase.state, PhaseState::Succeeded | PhaseState::Skipped);
    let next = rollout.phases.iter().find(|phase| !over(phase))?;
    // The first that is not skipped begins by itself, and a child is advanced by its controller.
    let waits = next.state == PhaseState::Pending
        && rollout
            .phases
            .iter()
            .any(|phase| phase.state == PhaseState::Succeeded)
        && rollout.controller_rollout.is_empty();
    waits.then_some(next)
}

/// Something that a person can do to a rollout, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    pub action: RolloutAction,
    /// What the button says.
    pub label: String,
    /// What is asked before it is done.
    pub question: String,
    /// Whether it ends or throws away something.
    pub is_harmful: bool,
}

/// What an action will do.
pub fn effect(action: &RolloutAction) -> &'static str {
    match action {
        RolloutAction::Approve { approved: true } => {
            "The rollout may begin, and does so as soon as its target is free."
        }
        RolloutAction::Approve { approved: false } => {
            "The rollout ends without having begun. It cannot be approved later; the release can be rolled \
             out again."
        }
        RolloutAction::Advance { .. } => {
            "The phase begins at once. What the phases before it have changed stays as it is."
        }
        RolloutAction::Cancel => {
            "Nothing more begins. What runs now runs to its end: terminate it if it should not. The rollout \
             cannot be taken up again, and nothing is rolled back."
        }
        RolloutAction::RetryJob { .. } => {
            "The job runs again, with the same configuration and the same release. If it succeeds, the \
             rollout goes on."
        }
        RolloutAction::IgnoreJob { .. } => {
            "The rollout goes on as if the job had succeeded. What the job should have done or checked is \
             then neither done nor checked."
        }
    }
}

/// What can be done to the rollout as a whole, by the state that it was last seen in.
///
/// The rules are those of the discovery document's methods, approve for a rollout that waits for it and
/// advance to the next phase of one in progress, and of Google's guide to managing rollouts: cancel for one
/// that is not over, or that failed, which keeps others from going on with it.
pub fn offers(rollout: &Rollout) -> Vec<Offer> {
    let mut offers = Vec::new();
    if rollout.state == RolloutState::PendingApproval {
        offers.push(Offer {
            action: RolloutAction::Approve { approved: true },
            label: "Approve".to_owned(),
            question: "Approve this rollout?".to_owned(),
            is_harmful: false,
        });
        offers.push(Offer {
            action: RolloutAction::Approve { approved: false },
            label: "Reject".to_owned(),
            question: "Reject this rollout?".to_owned(),
            is_harmful: true,
        });
    }
    if rollout.state == RolloutState::InProgress
        && let Some(phase) = next_phase(rollout)
    {
        offers.push(Offer {
            action: RolloutAction::Advance {
                phase_id: phase.id.clone(),
            },
            label: format!("Advance to {}", phase.id),
            question: format!("Advance this rollout to {}?", phase.id),
            is_harmful: false,
        });
    }
    let can_be_cancelled = matches!(
        rollout.state,
        RolloutState::InProgress
            | RolloutState::PendingApproval
            | RolloutState::Pending
            | RolloutState::PendingRelease
            | RolloutState::Halted
            | RolloutState::Failed
    );
    if can_be_cancelled {
        offers.push(Offer {
            action: RolloutAction::Cancel,
            label: "Cancel rollout".to_owned(),
            question: "Cancel this rollout?".to_owned(),
            is_harmful: true,
        });
    }
    offers
}

/// What can be done about a job: after a failure it can be retried or ignored, but not on a
/// controller rollout.
pub fn job_offers(rollout: &Rollout, phase_id: &str, job_id: &str) -> Vec<Offer> {
    let job = job(rollout, phase_id, job_id);
    let can_go_on = matches!(
        rollout.state,
        RolloutState::Failed | RolloutState::InProgress
    );
    if !can_go_on || rollout.is_controller() || job.is_none_or(|job| job.state != JobState::Failed)
    {
        return Vec::new();
    }
    let (phase_id, job_id) = (phase_id.to_owned(), job_id.to_owned());
    vec![
        Offer {
            label: "Retry job".to_owned(),
            question: format!("Retry {job_id} in {phase_id}?"),
            is_harmful: false,
            action: RolloutAction::RetryJob {
                phase_id: phase_id.clone(),
                job_id: job_id.clone(),
            },
        },
        Offer {
            label: "Ignore failure".to_owned(),
            question: format!("Ignore the failure of {job_id} in {phase_id}?"),
            is_harmful: true,
            action: RolloutAction::IgnoreJob { phase_id, job_id },
        },
    ]
}

/// The rollout that drives this one, named as in `of`: the API gives the project's number.
pub fn controller(rollout: &Rollout, of: &RolloutName) -> Option<RolloutName> {
    let mut name: RolloutName = rollout.controller_rollout.parse().ok()?;
    name.project.clone_from(&of.project);
    Some(name)
}

/// The rollout in a record, when it could be read.
pub(crate) fn read(record: &Option<RolloutRecord>) -> Option<&Rollout> {
    record.as_ref()?.rollout.as_ref().ok()
}

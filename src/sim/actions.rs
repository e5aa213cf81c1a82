//! What people may do to rollouts and runs, and when: the calls that change something.

use serde::Deserialize;

use super::json;
use super::plan::Nanos;
use super::reply::{invalid, not_found, ok, precondition};
use super::state_at::{Action, Entry, Intervention, RolloutNow};
use super::world::Sim;
use crate::api::http::Reply;
use crate::api::job_run::State;
use crate::api::reply::{error, quote};
use crate::api::rollout::{JobState, PhaseState, RolloutState};

/// The body of any of the calls, which share their fields.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Asked {
    #[serde(rename = "overrideDeployPolicy", alias = "override_deploy_policy")]
    override_deploy_policy: Option<Vec<String>>,
    #[serde(rename = "phaseId", alias = "phase_id")]
    phase_id: Option<String>,
    #[serde(rename = "jobId", alias = "job_id")]
    job_id: Option<String>,
    approved: Option<bool>,
}

impl Asked {
    /// Reads the body of a call of `verb`.
    ///
    /// # Errors
    /// The answer to a body that the call does not take.
    pub(crate) fn read(body: &str, verb: &str) -> Result<Self, Reply> {
        let asked: Self = match body.trim_start() {
            "" => Self::default(),
            // Without the brace an array would do for a struct.
            text if !text.starts_with('{') => {
                return Err(invalid(
                    "Invalid JSON payload received. An object was expected.",
                ));
            }
            text => serde_json::from_str(text)
                .map_err(|problem| invalid(&format!("Invalid JSON payload received. {problem}")))?,
        };
        let job = matches!(verb, "retryJob" | "ignoreJob");
        for (name, is_given, may_be) in [
            (
                "phaseId",
                asked.phase_id.is_some(),
                job || verb == "advance",
            ),
            ("jobId", asked.job_id.is_some(), job),
            ("approved", asked.approved.is_some(), verb == "approve"),
        ] {
            if is_given && !may_be {
                return Err(invalid(&format!(
                    "Invalid JSON payload received. Unknown name \"{name}\": Cannot find field."
                )));
            }
            // proto3 JSON leaves out a false, so that `approved` may be absent.
            if may_be && !is_given && name != "approved" {
                return Err(invalid(&format!("The required field {name} is missing.")));
            }
        }
        Ok(asked)
    }
}

/// Refuses an action that the rollout's deploy policy forbids, unless the call overrides it.
fn check_policy(
    sim: &Sim,
    plan: usize,
    asked: &Asked,
    action: &str,
    rule: &str,
) -> Result<(), Reply> {
    let plan = &sim.plans[plan];
    if plan.deploy_policy.is_empty() {
        return Ok(());
    }
    // By project id or number: only what comes after the project counts.
    let suffix = [
        "/locations/",
        sim.project.location,
        "/deployPolicies/",
        plan.deploy_policy,
    ]
    .concat();
    let overridden = asked.override_deploy_policy.iter().flatten().any(|policy| {
        let project = policy
            .strip_prefix("projects/")
            .and_then(|rest| rest.strip_suffix(suffix.as_str()));
        project.is_some_and(|project| project == sim.project.id || project == sim.project.number)
    });
    if overridden {
        return Ok(());
    }
    let policy = ["projects/", sim.project.number, &suffix].concat();
    let message = format!("{action} violates the deploy policy {policy}.");
    let violation = [
        "{\"@type\":\"type.googleapis.com/google.cloud.deploy.v1.PolicyViolation\",\
         \"policyViolationDetails\":[{\"policy\":",
        &quote(&policy),
        ",\"ruleId\":",
        &quote(rule),
        ",\"failureMessage\":",
        &quote(match rule {
            "no-manual-termination" => {
                "Job runs of production targets are not terminated by hand during the change freeze."
            }
            _ => "Rollouts to production targets are not changed by hand during the change freeze.",
        }),
        "}]}",
    ]
    .concat();
    Err(error(400, "FAILED_PRECONDITION", &message, &violation))
}

fn done(sim: &mut Sim, at: Nanos, action: Action) -> Result<Reply, Reply> {
    sim.interventions.push(Intervention { at, action });
    Ok(ok("{}".to_owned()))
}

/// `jobRuns.terminate`.
pub(crate) fn terminate(
    sim: &mut Sim,
    now: Nanos,
    entry: Entry,
    asked: &Asked,
) -> Result<Reply, Reply> {
    let plan = &sim.plans[entry.plan];
    if plan.is_controller() {
        return Err(precondition(
            "Job runs of a controller rollout cannot be terminated; terminate the job runs of its child rollouts.",
            "CONTROLLER_ROLLOUT",
        ));
    }
    let state = json::state(plan, &entry);
    if state != State::InProgress {
        return Err(precondition(
            &format!("The job run is {state}; only one that is IN_PROGRESS can be terminated."),
            "JOB_RUN_NOT_IN_PROGRESS",
        ));
    }
    check_policy(
        sim,
        entry.plan,
        asked,
        "Terminating the job run",
        "no-manual-termination",
    )?;
    done(sim, now, Action::Terminate { run: entry.seed })
}

/// The calls on a rollout: `retryJob`, `ignoreJob`, `cancel`, `advance` and `approve`.
pub(crate) fn act(
    sim: &mut Sim,
    now: Nanos,
    plan: usize,
    rollout_now: &RolloutNow,
    verb: &str,
    asked: &Asked,
) -> Result<Reply, Reply> {
    let script = &sim.plans[plan];
    let state = &rollout_now.state;
    let phase_id = asked.phase_id.as_deref().unwrap_or("");
    // Only calls that name a phase look for one.
    let phase = match verb {
        "cancel" | "approve" => 0,
        _ => script
            .phases
            .iter()
            .position(|phase| phase.id == phase_id)
            .ok_or_else(|| not_found(&[&script.name.to_string(), " phase ", phase_id].concat()))?,
    };
    let action = match verb {
        "retryJob" | "ignoreJob" => {
            if script.is_controller() {
                return Err(precondition(
                    "Jobs of a controller rollout cannot be retried or ignored; do so in its child rollouts.",
                    "CONTROLLER_ROLLOUT",
                ));
            }
            let job_id = asked.job_id.as_deref().unwrap_or("");
            let jobs = &script.phases[phase].jobs;
            let job = jobs
                .iter()
                .position(|job| job.id == job_id)
                .ok_or_else(|| {
                    not_found(
                        &[
                            &script.name.to_string(),
                            " phase ",
                            phase_id,
                            " job ",
                            job_id,
                        ]
                        .concat(),
                    )
                })?;
            let job_state = &rollout_now.phases[phase].jobs[job];
            // A rollout that is over for good, as the all-variants rollout's is, has no job that can go on.
            if *job_state != JobState::Failed
                || !matches!(state, RolloutState::Failed | RolloutState::InProgress)
            {
                return Err(precondition(
                    &format!(
                        "The job is {job_state} and the rollout {state}; only a job that is FAILED can be retried \
                         or ignored."
                    ),
                    "JOB_NOT_FAILED",
                ));
            }
            match verb {
                "retryJob" => Action::Retry { plan, phase, job },
                _ => Action::Ignore { plan, phase, job },
            }
        }
        "advance" => {
            if script.parent.is_some() {
                return Err(precondition(
                    "A child rollout is advanced by its controller rollout.",
                    "CHILD_ROLLOUT",
                ));
            }
            let phases = &rollout_now.phases;
            let before_it = phases[..phase]
                .iter()
                .all(|phase| matches!(phase.state, PhaseState::Succeeded | PhaseState::Skipped));
            let phase_state = &phases[phase].state;
            if *state != RolloutState::InProgress
                || *phase_state != PhaseState::Pending
                || !before_it
            {
                return Err(precondition(
                    &format!(
                        "The phase is {phase_state} and the rollout {state}; only the next phase that is PENDING of \
                         a rollout that is IN_PROGRESS can be advanced to."
                    ),
                    "PHASE_NOT_PENDING",
                ));
            }
            Action::Advance { plan, phase }
        }
        "approve" => {
            if *state != RolloutState::PendingApproval {
                return Err(precondition(
                    &format!(
                        "The rollout is {state}; only one that is PENDING_APPROVAL can be approved or rejected."
                    ),
                    "ROLLOUT_NOT_PENDING_APPROVAL",
                ));
            }
            Action::Approve {
                plan,
                approved: asked.approved == Some(true),
            }
        }
        _ => {
            use RolloutState::{
                Failed, Halted, InProgress, Pending, PendingApproval, PendingRelease,
            };
            if !matches!(
                state,
                InProgress | Pending | PendingApproval | PendingRelease | Halted | Failed
            ) {
                return Err(precondition(
                    &format!(
                        "The rollout is {state}; only one that is pending, IN_PROGRESS, HALTED or FAILED can be \
                         cancelled."
                    ),
                    "ROLLOUT_NOT_CANCELLABLE",
                ));
            }
            Action::Cancel { plan }
        }
    };
    check_policy(
        sim,
        plan,
        asked,
        "Changing the rollout",
        "no-manual-changes",
    )?;
    done(sim, now, action)
}

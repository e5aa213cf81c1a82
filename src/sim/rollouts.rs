//! A rollout as the API writes it.

use super::hash;
use super::json::{self, time};
use super::plan::{Attempt, AttemptKind, Job as JobPlan, Nanos, Plan, Project};
use super::state_at::{Entry, RolloutNow};
use crate::api::job_run::{AnalysisJobRun, FailureCause, JobRun};
use crate::api::message::Present;
use crate::api::rollout::{
    AlertPolicyCheck, AnalysisJob, CustomCheck, DeployFailureCause, GoogleCloudAnalysis, HookJob,
    Job, JobState, Metadata, Phase, PhaseState, Rollout, RolloutState, VerifyJob,
};

/// The JSON of a rollout at `now`.
pub(crate) fn json(
    project: &Project,
    plans: &[Plan],
    plan: usize,
    rollout_now: &RolloutNow,
    now: Nanos,
) -> String {
    let mut rollout = rollout(project, plans, plan, rollout_now, now);
    let before = hash::text(0, &write(&rollout));
    hash::push_hex(&mut rollout.etag, hash::mix(before));
    write(&rollout)
}

fn write(rollout: &Rollout) -> String {
    serde_json::to_string(rollout).unwrap_or_default()
}

fn rollout(
    project: &Project,
    plans: &[Plan],
    index: usize,
    rollout_now: &RolloutNow,
    now: Nanos,
) -> Rollout {
    let plan = &plans[index];
    let name = plan.name.to_string();
    let runs: Vec<JobRun> = match rollout_now.entries.len() {
        // What is looked up in them below is not worth writing a hundred thousand.
        ..1000 => rollout_now
            .entries
            .iter()
            .map(|entry| json::run(project, plan, entry, now))
            .collect(),
        _ => Vec::new(),
    };
    let deploys = || {
        runs.iter()
            .rev()
            .filter_map(|run| run.deploy_job_run.as_ref())
    };
    let metadata = deploys().find_map(|deploy| deploy.metadata.clone());
    let mut rollout = Rollout {
        uid: hash::hex32(hash::text(
            8,
            name.trim_start_matches(&["projects/", project.id].concat()),
        )),
        name,
        target_id: plan.target.clone(),
        description: plan.title.to_owned(),
        create_time: rollout_now.created.map(time),
        approve_time: rollout_now.approved.map(time),
        deploy_start_time: rollout_now
            .entries
            .iter()
            .filter_map(|entry| entry.started)
            .min()
            .map(time),
        deploy_end_time: rollout_now.ended.map(time),
        state: rollout_now.state.clone(),
        approval_state: rollout_now.approval.clone(),
        deploying_build: deploys()
            .next()
            .map(|deploy| deploy.build.clone())
            .unwrap_or_default(),
        metadata: metadata.map(|of| Metadata {
            cloud_run: of.cloud_run,
            custom: of.custom,
            automation: None,
        }),
        controller_rollout: plan
            .parent
            .map(|parent| plans[parent].name.to_string())
            .unwrap_or_default(),
        ..Rollout::default()
    };
    let queued = !matches!(
        rollout_now.state,
        RolloutState::PendingApproval | RolloutState::ApprovalRejected
    );
    rollout.enqueue_time = rollout_now
        .approved
        .or(rollout_now.created)
        .filter(|_| queued)
        .map(time);

    // The latest run of each job, by index in the plan.
    let mut entries = rollout_now.entries.iter().peekable();
    for (at, (script, phase)) in plan.phases.iter().zip(&rollout_now.phases).enumerate() {
        let mut written = Phase {
            id: script.id.clone(),
            state: phase.state.clone(),
            skip_message: script.skip.to_owned(),
            ..Phase::default()
        };
        for (job, (script, state)) in script.jobs.iter().zip(&phase.jobs).enumerate() {
            let mut latest: Option<&Entry> = None;
            while let Some(entry) = entries.next_if(|entry| (entry.phase, entry.job) == (at, job)) {
                latest = Some(entry);
            }
            add_job(
                &mut written,
                Job {
                    id: script.id.clone(),
                    state: state.clone(),
                    job_run: latest
                        .map(|entry| json::name(project, plan, entry))
                        .unwrap_or_default(),
                    ..Job::default()
                },
                script,
            );
        }
        // A verify job that is not configured is there all the same.
        if let Some(jobs) = &mut written.deployment_jobs
            && jobs.deploy_job.is_some()
            && jobs.verify_job.is_none()
        {
            let state = JobState::Disabled;
            let verify_job = Some(VerifyJob::default());
            jobs.verify_job = Some(Job {
                id: "verify".to_owned(),
                state,
                verify_job,
                ..Job::default()
            });
        }
        rollout.phases.push(written);
    }
    if rollout.state == RolloutState::Failed {
        explain(&mut rollout, &runs);
    }
    rollout
}

/// Adds a job where its kind belongs. A phase has room for one of each kind of deployment job; of
/// several, which only the all-variants rollout has, the last one stays.
fn add_job(phase: &mut Phase, mut job: Job, script: &JobPlan) {
    let nothing = JobRun::default();
    let attempt = script.attempts.first();
    let run = attempt.map_or(&nothing, |attempt| &attempt.template);
    if run.create_child_rollout_job_run.is_some() {
        job.create_child_rollout_job = Some(Present);
        phase
            .child_rollout_jobs
            .get_or_insert_default()
            .create_rollout_jobs
            .push(job);
        return;
    }
    if run.advance_child_rollout_job_run.is_some() {
        job.advance_child_rollout_job = Some(Present);
        phase
            .child_rollout_jobs
            .get_or_insert_default()
            .advance_rollout_jobs
            .push(job);
        return;
    }
    let jobs = phase.deployment_jobs.get_or_insert_default();
    if run.predeploy_job_run.is_some() {
        job.predeploy_job = Some(HookJob::default());
        jobs.predeploy_job = Some(job);
    } else if run.verify_job_run.is_some() {
        job.verify_job = Some(VerifyJob::default());
        jobs.verify_job = Some(job);
    } else if let (Some(analysis), Some(attempt)) = (&run.analysis_job_run, attempt) {
        job.analysis_job = Some(analysis_job(attempt, analysis));
        jobs.analysis_job = Some(job);
    } else if run.postdeploy_job_run.is_some() {
        job.postdeploy_job = Some(HookJob::default());
        jobs.postdeploy_job = Some(job);
    } else {
        job.deploy_job = Some(Present);
        jobs.deploy_job = Some(job);
    }
}

/// What an analysis was asked to watch, from what it watched.
fn analysis_job(attempt: &Attempt, run: &AnalysisJobRun) -> AnalysisJob {
    let policies = run
        .alert_policy_analyses
        .iter()
        .map(|check| AlertPolicyCheck {
            id: check.id.clone(),
            alert_policies: check.alert_policies.clone(),
            labels: check.labels.clone(),
        });
    let policies: Vec<AlertPolicyCheck> = policies.collect();
    let checks = run.custom_check_analyses.iter().map(|check| CustomCheck {
        id: check.id.clone(),
        frequency: check.frequency.clone(),
        task: check.task.clone(),
    });
    AnalysisJob {
        duration: match attempt.kind {
            AttemptKind::Script => Some([&attempt.run.to_string(), "s"].concat()),
            _ => None,
        },
        google_cloud: (!policies.is_empty()).then_some(GoogleCloudAnalysis {
            alert_policy_checks: policies,
        }),
        custom_checks: checks.collect(),
    }
}

/// Says why a rollout failed, from the run that did.
fn explain(rollout: &mut Rollout, runs: &[JobRun]) {
    let failed = rollout
        .phases
        .iter()
        .find(|phase| phase.state == PhaseState::Failed);
    let Some(phase) = failed else { return };
    let Some(job) = phase
        .jobs()
        .into_iter()
        .find(|job| job.state == JobState::Failed)
    else {
        return;
    };
    rollout.failure_reason = format!(
        "The job \"{}\" in the phase \"{}\" failed.",
        job.id, phase.id
    );
    let Some(run) = runs.iter().find(|run| run.name == job.job_run) else {
        return;
    };
    let cause = if let Some(deploy) = &run.deploy_job_run {
        &deploy.failure_cause
    } else if let Some(verify) = &run.verify_job_run {
        &verify.failure_cause
    } else if let Some(hook) = run
        .predeploy_job_run
        .as_ref()
        .or(run.postdeploy_job_run.as_ref())
    {
        &hook.failure_cause
    } else {
        return;
    };
    rollout.deploy_failure_cause = match cause {
        // The two lists have most names in common, but not these.
        FailureCause::DeployFeatureNotSupported => DeployFailureCause::OperationFeatureNotSupported,
        FailureCause::MissingResourcesForCanary => DeployFailureCause::ExecutionFailed,
        cause => DeployFailureCause::from(cause.as_str()),
    };
}

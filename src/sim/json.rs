//! A job run as the API writes it.

use super::hash;
use super::plan::{AttemptKind, Nanos, Plan, Project, SECOND};
use super::state_at::{Entry, Stage};
use crate::api::job_run::{FailureCause, JobRun, State};
use crate::core::time::{Timestamp, to_rfc3339};

/// The run's id: the last part of its name.
pub(crate) fn id(entry: &Entry) -> String {
    hash::uuid(entry.seed)
}

/// The JSON of a run at `now`.
pub(crate) fn text(project: &Project, plan: &Plan, entry: &Entry, now: Nanos) -> String {
    let mut run = run(project, plan, entry, now);
    let extra = match plan.attempt(entry).map(|attempt| &attempt.kind) {
        Some(AttemptKind::Exhibit { extra }) => extra,
        _ => "",
    };
    // Over all that is visible, so that it changes whenever something does.
    let before = hash::text(hash::text(0, extra), &write(&run));
    hash::push_hex(&mut run.etag, hash::mix(before));
    let mut text = write(&run);
    if !extra.is_empty() {
        text.pop();
        text.push(',');
        text.push_str(extra);
        text.push('}');
    }
    text
}

fn write(run: &JobRun) -> String {
    // Maps of strings, strings and lists: nothing in a run that JSON could not hold.
    serde_json::to_string(run).unwrap_or_default()
}

/// A time as the API writes it.
pub(crate) fn time(time: Nanos) -> String {
    Timestamp::from_nanosecond(time.into())
        .map(to_rfc3339)
        .unwrap_or_default()
}

/// The state that a run is in.
pub(crate) fn state(plan: &Plan, entry: &Entry) -> State {
    let Some(attempt) = plan.attempt(entry) else {
        return State::Unspecified;
    };
    match (entry.stage, &attempt.kind) {
        (Stage::Live, _) => State::InProgress,
        (Stage::Terminating, _) => State::Terminating,
        (Stage::Terminated, _) => State::Terminated,
        (Stage::Over, AttemptKind::Exhibit { .. }) => attempt.template.state.clone(),
        (Stage::Over, AttemptKind::Script) if !entry.succeeded => attempt.template.state.clone(),
        (Stage::Over, _) if entry.succeeded => State::Succeeded,
        (Stage::Over, _) => State::Failed,
    }
}

/// The full name of a run, by the project's number.
pub(crate) fn name(project: &Project, plan: &Plan, entry: &Entry) -> String {
    let mut name = plan.name.job_run(&id(entry));
    name.rollout.project = project.number.to_owned();
    name.to_string()
}

/// A run at `now`, without its etag.
pub(crate) fn run(project: &Project, plan: &Plan, entry: &Entry, now: Nanos) -> JobRun {
    let Some(attempt) = plan.attempt(entry) else {
        return JobRun::default();
    };
    let phase = &plan.phases[entry.phase];
    let job = &phase.jobs[entry.job];
    let mut run = (*attempt.template).clone();

    run.name = name(project, plan, entry);
    run.uid = hash::hex32(entry.seed ^ 5);
    run.phase_id.clone_from(&phase.id);
    run.job_id.clone_from(&job.id);
    if entry.ended.is_some() {
        run.end_time = entry.ended.map(time);
    }
    run.state = state(plan, entry);
    if let AttemptKind::Exhibit { .. } = attempt.kind {
        return run;
    }
    run.create_time = Some(time(entry.created));
    run.start_time = entry.started.map(time);
    fill(&mut run, project, plan, entry, now);
    run
}

/// Adds builds and folders to a run's details, and takes away what only the end shows.
fn fill(run: &mut JobRun, project: &Project, plan: &Plan, entry: &Entry, now: Nanos) {
    let over = entry.stage == Stage::Over;
    let no_failure = !over || plan.is_beyond(entry);
    let build_of = |salt: u64| {
        let id = hash::uuid(hash::mix(entry.seed ^ salt));
        format!(
            "projects/{}/locations/{}/builds/{id}",
            project.number, project.location
        )
    };
    let build = if entry.started.is_some() {
        build_of(6)
    } else {
        String::new()
    };
    let folder = || {
        let name = &plan.name;
        let mut pipeline = String::new();
        hash::push_hex(&mut pipeline, hash::text(7, &name.delivery_pipeline));
        format!(
            "gs://{}.deploy-artifacts.{}.appspot.com/{}-{pipeline}/{}/{}/{}",
            project.location,
            project.id,
            name.delivery_pipeline,
            name.release,
            name.rollout,
            id(entry)
        )
    };

    if let Some(deploy) = &mut run.deploy_job_run {
        deploy.build = build;
        if let Some(artifact) = &mut deploy.artifact {
            artifact.artifact_uri = folder();
        }
        if no_failure {
            deploy.failure_cause = FailureCause::Unspecified;
            deploy.failure_message.clear();
        }
        if !over {
            deploy.metadata = None;
            deploy.artifact = None;
        }
    } else if let Some(verify) = &mut run.verify_job_run {
        verify.build = build;
        if entry.started.is_some() {
            verify.artifact_uri = folder();
            verify.event_log_path = "skaffold-verify/events.json".to_owned();
        }
        if !over {
            verify.metadata = None;
        }
        if no_failure {
            verify.failure_cause = FailureCause::Unspecified;
            verify.failure_message.clear();
        }
    } else if let Some(hook) = run
        .predeploy_job_run
        .as_mut()
        .or(run.postdeploy_job_run.as_mut())
    {
        hook.build = build;
        if no_failure {
            hook.failure_cause = FailureCause::Unspecified;
            hook.failure_message.clear();
        }
        if !over {
            hook.metadata = None;
        }
    } else if let Some(analysis) = &mut run.analysis_job_run {
        let Some(started) = entry.started else {
            *analysis = Default::default();
            return;
        };
        for check in &mut analysis.custom_check_analyses {
            // A check runs again and again, each time in a build of its own.
            let every = check
                .frequency
                .as_deref()
                .and_then(|text| text.strip_suffix('s')?.parse().ok());
            let every = SECOND.saturating_mul(every.unwrap_or(300)).max(SECOND);
            let times = entry.ended.unwrap_or(now).saturating_sub(started) / every;
            check.latest_build = build_of(hash::text(times as u64, &check.id));
        }
        if no_failure {
            analysis.failed_check_id.clear();
            for check in &mut analysis.alert_policy_analyses {
                check.failed_alert_policies.clear();
                check.failure_message.clear();
            }
            for check in &mut analysis.custom_check_analyses {
                check.failure_cause = FailureCause::Unspecified;
                check.failure_message.clear();
            }
        }
    }
}

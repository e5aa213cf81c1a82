//! Reads `world.txt`, the rollouts that the demo and the stand-in show.
//!
//! A text instead of code, since it is a fraction of its size in the bundle. A line that is
//! indented goes on with the one before; `{number}` and `{location}` are the project's.
//!
//! - `rollout PIPELINE RELEASE TARGET AGO [live]`: begins AGO seconds before the epoch.
//! - `title`, `policy`, `unreachable`: of the rollout.
//! - `approval SECONDS`: the rollout was created SECONDS earlier, and approved when it begins; with
//!   `-` it waits for a person.
//! - `phase ID WAIT [parallel]`: begins WAIT seconds after the one before; with `-` it waits for a
//!   person.
//! - `skip WHY`: the phase is skipped.
//! - `job ID`
//! - `run GAP QUEUE RUN JSON`: an attempt, with the seconds before createTime, from there to
//!   startTime, and from there to endTime; JSON is what it says at its end. One that creates or
//!   advances a child rollout lasts as long as the child's phase instead.
//! - `show ID JSON`: a job run as it is, whatever the time. Its times are seconds, `-` for none,
//!   and what fits its state when absent. Each begins some minutes after the one before.
//! - `extra MEMBERS`: what the run shown last has besides what the types know.
//! - `every CAUSES JSON`: shows a run in each state, and failed with each cause.
//!
//! A line that cannot be read is left out; the tests see to it that there is none.

use std::sync::Arc;

use super::hash;
use super::json;
use super::plan::{Approval, Attempt, AttemptKind, Job, Nanos, Phase, Plan, Project, SECOND};
use crate::api::job_run::{FailureCause, JobRun, State};
use crate::core::name::RolloutName;

const WORLD: &str = include_str!("world.txt");
/// How far apart exhibits are created.
const APART: Nanos = 240 * SECOND;

/// All rollouts, with what is live going on at `epoch`.
pub(crate) fn plans(project: &Project, epoch: Nanos) -> Vec<Plan> {
    let mut script = Script {
        project,
        epoch,
        exhibit_at: epoch,
        plans: Vec::new(),
    };
    let mut rest = WORLD;
    while !rest.is_empty() {
        let line_ends = rest.match_indices('\n').map(|(at, _)| at + 1);
        let end = line_ends
            .into_iter()
            .find(|end| !rest[*end..].starts_with(' '))
            .unwrap_or(rest.len());
        script.line(rest[..end].trim());
        rest = &rest[end..];
    }
    connect(&mut script.plans);
    script.plans
}

struct Script<'a> {
    project: &'a Project,
    epoch: Nanos,
    /// When the next exhibit is created.
    exhibit_at: Nanos,
    plans: Vec<Plan>,
}

impl Script<'_> {
    fn line(&mut self, line: &'static str) {
        let (word, mut rest) = line.split_once(' ').unwrap_or((line, ""));
        if word == "rollout" {
            let name = ["", "", ""].map(|_| next(&mut rest));
            return self.rollout(name, seconds(next(&mut rest)), rest == "live");
        }
        let Some(plan) = self.plans.last_mut() else {
            return;
        };
        match word {
            "title" => plan.title = rest,
            "policy" => plan.deploy_policy = rest,
            "unreachable" => {
                plan.unreachable
                    .push(["projects/", self.project.number, "/locations/", rest].concat());
            }
            "approval" => plan.approval = rest.parse().map_or(Approval::Waits, Approval::Before),
            "phase" => plan.phases.push(Phase {
                id: next(&mut rest).to_owned(),
                wait: next(&mut rest).parse().ok(),
                skip: "",
                parallel: rest == "parallel",
                jobs: Vec::new(),
            }),
            _ => {
                let Some(phase) = plan.phases.last_mut() else {
                    return;
                };
                match word {
                    "skip" => phase.skip = rest,
                    "job" => phase.jobs.push(Job {
                        id: rest.to_owned(),
                        attempts: Vec::new(),
                    }),
                    "run" => {
                        let [gap, queue, run] = [0; 3].map(|_| seconds(next(&mut rest)));
                        let kind = AttemptKind::Script;
                        let template = Arc::new(self.read(rest));
                        self.attempt(Attempt {
                            gap,
                            queue,
                            run,
                            kind,
                            template,
                        });
                    }
                    "show" => {
                        let id = next(&mut rest);
                        self.show(id, self.read(rest));
                    }
                    "every" => self.every(next(&mut rest), self.read(rest)),
                    "extra" => {
                        let attempt = phase
                            .jobs
                            .last_mut()
                            .and_then(|job| job.attempts.last_mut());
                        if let Some(attempt) = attempt {
                            attempt.kind = AttemptKind::Exhibit { extra: rest };
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn rollout(&mut self, [pipeline, release, target]: [&str; 3], ago: u32, live: bool) {
        let start = self.epoch.saturating_sub(Nanos::from(ago) * SECOND);
        self.exhibit_at = start;
        self.plans.push(Plan {
            name: RolloutName {
                project: self.project.id.to_owned(),
                location: self.project.location.to_owned(),
                delivery_pipeline: pipeline.to_owned(),
                release: release.to_owned(),
                // As gcloud makes it.
                rollout: [release, "-to-", target, "-0001"].concat(),
            },
            title: "",
            live,
            target: target.to_owned(),
            approval: Approval::NotNeeded,
            start,
            phases: Vec::new(),
            parent: None,
            deploy_policy: "",
            unreachable: Vec::new(),
        });
    }

    fn read(&self, json: &str) -> JobRun {
        let json = json
            .replace("{number}", self.project.number)
            .replace("{location}", self.project.location);
        serde_json::from_str(&json).unwrap_or_default()
    }

    /// Adds an attempt to the job that is being written.
    fn attempt(&mut self, attempt: Attempt) {
        let phase = self
            .plans
            .last_mut()
            .and_then(|plan| plan.phases.last_mut());
        if let Some(job) = phase.and_then(|phase| phase.jobs.last_mut()) {
            job.attempts.push(attempt);
        }
    }

    fn every(&mut self, causes: &str, run: JobRun) {
        for state in State::KNOWN {
            self.show(
                state.as_str(),
                JobRun {
                    state: state.clone(),
                    ..run.clone()
                },
            );
        }
        for cause in causes.split(',').filter(|cause| *cause != "-") {
            let mut run = run.clone();
            fail(&mut run, FailureCause::from(cause));
            self.show(cause, run);
        }
    }

    /// Adds a run as it is, but for its times and builds.
    fn show(&mut self, id: &str, mut run: JobRun) {
        let at = self.exhibit_at;
        self.exhibit_at = at.saturating_add(APART);
        let Some(phase) = self
            .plans
            .last_mut()
            .and_then(|plan| plan.phases.last_mut())
        else {
            return;
        };
        let id = id.to_ascii_lowercase().replace('_', "-");

        let ended = !matches!(
            run.state,
            State::InProgress | State::Terminating | State::Unspecified
        );
        run.create_time = moment(at, run.create_time, Some(100_120_000));
        run.start_time = moment(at, run.start_time, Some(5 * SECOND + 7));
        run.end_time = moment(at, run.end_time, ended.then_some(120 * SECOND));
        if run.start_time.is_some() {
            let build = hash::uuid(hash::text(hash::text(0, &phase.id), &id));
            let Project {
                number, location, ..
            } = self.project;
            let build = [
                "projects/",
                number,
                "/locations/",
                location,
                "/builds/",
                &build,
            ]
            .concat();
            if let Some(deploy) = &mut run.deploy_job_run {
                deploy.build = build;
            } else if let Some(verify) = &mut run.verify_job_run {
                verify.build = build;
                if id.starts_with("long") {
                    verify.failure_message = verify.failure_message.repeat(60);
                }
            } else if let Some(hook) = run
                .predeploy_job_run
                .as_mut()
                .or(run.postdeploy_job_run.as_mut())
            {
                hook.build = build;
            } else if let Some(analysis) = &mut run.analysis_job_run {
                for check in &mut analysis.custom_check_analyses {
                    check.latest_build.clone_from(&build);
                }
            }
        }
        phase.jobs.push(Job {
            id,
            attempts: Vec::new(),
        });
        let kind = AttemptKind::Exhibit { extra: "" };
        self.attempt(Attempt {
            gap: 0,
            queue: 0,
            run: 0,
            kind,
            template: Arc::new(run),
        });
    }
}

/// Takes the next word.
fn next(rest: &mut &'static str) -> &'static str {
    let (word, after) = rest.split_once([' ', '\n']).unwrap_or((rest, ""));
    *rest = after;
    word
}

fn seconds(text: &str) -> u32 {
    text.parse().unwrap_or(0)
}

/// A time of an exhibit that is created at `at`; see `show`. A `+` has it written with an offset.
fn moment(at: Nanos, text: Option<String>, fitting: Option<Nanos>) -> Option<String> {
    let Some(text) = text else {
        return Some(json::time(at.saturating_add(fitting?)));
    };
    if text == "-" {
        return None;
    }
    let Ok(seconds) = text.parse::<i32>() else {
        return Some(text);
    };
    let time = json::time(at.saturating_add(Nanos::from(seconds) * SECOND));
    Some(if text.starts_with('+') {
        time.replace('Z', "+00:00")
    } else {
        time
    })
}

/// Makes a run a failed one.
fn fail(run: &mut JobRun, cause: FailureCause) {
    run.state = State::Failed;
    let message = match cause {
        FailureCause::CloudBuildUnavailable => {
            "Cloud Build API has not been used in this project before or it is disabled."
        }
        FailureCause::ExecutionFailed => {
            "Build step 1 failed: step exited with non-zero status: 1."
        }
        FailureCause::DeadlineExceeded => {
            "The operation did not complete within the timeout of 3600 s."
        }
        FailureCause::MissingResourcesForCanary => {
            "The manifest has no Service for Deployment \"web\", which a canary needs to split traffic."
        }
        FailureCause::CloudBuildRequestFailed => {
            "Creating the build failed: the worker pool \"pool-1\" does not exist."
        }
        // An absent message is as likely as any.
        _ => "",
    };
    let message = message.to_owned();
    if let Some(deploy) = &mut run.deploy_job_run {
        (deploy.failure_cause, deploy.failure_message) = (cause, message);
        deploy.artifact = None;
    } else if let Some(verify) = &mut run.verify_job_run {
        (verify.failure_cause, verify.failure_message) = (cause, message);
    } else if let Some(hook) = run
        .predeploy_job_run
        .as_mut()
        .or(run.postdeploy_job_run.as_mut())
    {
        (hook.failure_cause, hook.failure_message) = (cause, message);
    } else if let Some(analysis) = &mut run.analysis_job_run
        && let Some(check) = analysis.custom_check_analyses.first_mut()
    {
        (check.failure_cause, check.failure_message) = (cause, message);
        analysis.failed_check_id.clone_from(&check.id);
    }
}

/// Lets the runs that create or advance children drive them.
fn connect(plans: &mut [Plan]) {
    let names: Vec<RolloutName> = plans.iter().map(|plan| plan.name.clone()).collect();
    for parent in 0..plans.len() {
        let mut phases = std::mem::take(&mut plans[parent].phases);
        let attempts = phases
            .iter_mut()
            .flat_map(|phase| &mut phase.jobs)
            .flat_map(|job| &mut job.attempts);
        for attempt in attempts {
            let run = &attempt.template;
            let child = run
                .create_child_rollout_job_run
                .as_ref()
                .or(run.advance_child_rollout_job_run.as_ref());
            let Some(child) = child else { continue };
            let Ok(name) = child.rollout.parse::<RolloutName>() else {
                continue;
            };
            // The all-variants rollout's child is not there.
            let Some(plan) = names.iter().position(|known| known.same_but_project(&name)) else {
                continue;
            };
            let phase = plans[plan]
                .phases
                .iter()
                .position(|phase| phase.id == child.rollout_phase_id);
            if let Some(phase) = phase {
                attempt.kind = AttemptKind::Drive { plan, phase };
                plans[plan].parent = Some(parent);
            }
        }
        plans[parent].phases = phases;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_world_can_be_read() {
        let text = WORLD.replace("\n ", " ");
        for line in text.lines().filter(|line| !line.is_empty()) {
            let words: Vec<&str> = line.split(' ').collect();
            match words[0] {
                "run" | "show" | "every" => {
                    let json = &line[line.find('{').unwrap_or(0)..];
                    let run = serde_json::from_str::<serde_json::Value>(json).expect(line);
                    let read = serde_json::from_value::<JobRun>(run.clone()).expect(line);
                    let again = serde_json::to_value(read).expect(line);
                    assert_eq!(again, run, "a field is not known, or empty: {line}");
                    let numbers =
                        &words[1..line[..line.len() - json.len()].split_whitespace().count()];
                    match words[0] {
                        "run" => {
                            assert!(
                                numbers.len() == 3
                                    && numbers.iter().all(|n| n.parse::<u32>().is_ok())
                            )
                        }
                        _ => assert_eq!(numbers.len(), 1, "{line}"),
                    }
                }
                "extra" => {
                    let json = format!("{{{}}}", &line[6..]);
                    serde_json::from_str::<serde_json::Value>(&json).expect(line);
                }
                "rollout" => assert!(
                    words[4].parse::<u32>().is_ok() && words.len() <= 6,
                    "{line}"
                ),
                "approval" => {
                    assert!(
                        (words[1] == "-" || words[1].parse::<u32>().is_ok()) && words.len() == 2,
                        "{line}"
                    );
                }
                "phase" => {
                    assert!(
                        (words[2] == "-" || words[2].parse::<u32>().is_ok()) && words.len() <= 4,
                        "{line}"
                    );
                }
                "job" | "policy" | "unreachable" => assert_eq!(words.len(), 2, "{line}"),
                "title" | "skip" => assert!(words.len() > 1, "{line}"),
                other => panic!("{other}: {line}"),
            }
        }
    }
}

//! The Cloud Build builds behind the simulated job runs, and their logs.
//!
//! All follows from a job run as the API writes it and the time. Which steps Cloud Deploy gives its
//! builds is not documented: those of `builds.txt`, and what they write, are made up in the
//! manner of Skaffold, kubectl, gcloud and Terraform.

use super::hash;
use super::json;
use super::plan::{Nanos, Plan, Project, SECOND, locked_logs_bucket, logs_folder, nanos};
use super::reply::no_such_method;
use super::world::Sim;
use crate::api::build::{
    Build, BuildOptions, BuildStep, FailureInfo, FailureType, Logging, Status, TimeSpan,
};
use crate::api::http::{Method, Reply, Request, percent_decode};
use crate::api::job_run::{FailureCause, JobRun, State, Task};
use crate::api::reply::{JSON, error, quote};
use crate::core::time::{self, SignedDuration, human_duration};

/// The steps and their lines. A `step` has a name, an image, how many seconds it takes (`*` for
/// all that the others leave) and what it runs. A line comes so many seconds after its step's
/// start, with `~` again and again, with `=` at the end of a good step and with `!` at that of a
/// bad one. `\e`, `\r`, `\n` and `\t` are the control characters.
const SCRIPTS: &str = include_str!("builds.txt");
/// How long after it was written a line is in the log: Cloud Build writes it in pieces.
const LAG: Nanos = 2 * SECOND;
/// From the beginning of the run to that of its build's first step.
const SETUP: Nanos = 1_600_000_000;
/// From the end of the last step to that of the run.
const WRAP_UP: Nanos = 400_000_000;
/// How long a custom check of an analysis takes.
const CHECK: Nanos = 40 * SECOND;
/// The most lines of one kind of progress in a log.
const MOST_TICKS: Nanos = 3_000;

/// A job run with a build.
pub(crate) struct Work {
    pub plan: usize,
    pub run: JobRun,
    /// The build's full name.
    pub name: String,
    pub begin: Nanos,
    /// `None` while it goes on.
    pub end: Option<Nanos>,
    pub status: Status,
    pub message: String,
    script: &'static str,
    /// Of a custom check.
    task: Option<Task>,
}

/// Answers a request for a build; `None` when it is for something else.
pub(crate) fn handle(sim: &Sim, now: Nanos, request: &Request) -> Option<Reply> {
    let path = request.path_and_query.split('?').next().unwrap_or("");
    let parts: Vec<String> = path
        .trim_start_matches('/')
        .split('/')
        .map(percent_decode)
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let (project, location, id) = match parts[..] {
        [
            "v1",
            "projects",
            project,
            "locations",
            location,
            "builds",
            id,
        ] => (project, location, id),
        ["v1", "projects", project, "builds", id] => (project, "global", id),
        _ => return None,
    };
    if request.method != Method::Get || id.is_empty() {
        return Some(no_such_method());
    }
    let known = (project == sim.project.id || project == sim.project.number)
        && location == sim.project.location;
    let work = known.then(|| find(sim, now, id)).flatten();
    Some(match work {
        // What these two causes say happened to the build.
        Some(work) if work.cause() == FailureCause::CloudBuildUnavailable => disabled(&sim.project),
        Some(work) if work.cause() != FailureCause::CloudBuildRequestFailed => {
            let build = work.build(&sim.project, &sim.plans[work.plan], now);
            // Texts, lists and maps of texts: nothing that JSON could not hold.
            let body = serde_json::to_string(&build).unwrap_or_default();
            Reply {
                status: 200,
                retry_after: None,
                content_type: JSON.to_owned(),
                body,
            }
        }
        _ => error(404, "NOT_FOUND", "Requested entity was not found.", ""),
    })
}

fn disabled(project: &Project) -> Reply {
    let message = [
        "Cloud Build API has not been used in project ",
        project.number,
        " before or it is disabled. Enable it, wait a few minutes, and retry.",
    ]
    .concat();
    let detail = [
        "{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"SERVICE_DISABLED\",\"domain\":\
         \"googleapis.com\",\"metadata\":{\"service\":\"cloudbuild.googleapis.com\",\"consumer\":",
        &quote(&["projects/", project.number].concat()),
        "}}",
    ]
    .concat();
    error(403, "PERMISSION_DENIED", &message, &detail)
}

/// The work of the build with this id, now or earlier.
pub(crate) fn find(sim: &Sim, now: Nanos, id: &str) -> Option<Work> {
    let named = |work: &Work| work.id() == id;
    // A custom check has a new build every few minutes, and the last ones are still there.
    let earlier = || {
        let has_checks = |plan: &Plan| templates(plan).any(|run| run.analysis_job_run.is_some());
        let plans: Vec<usize> = (0..sim.plans.len())
            .filter(|plan| has_checks(&sim.plans[*plan]))
            .collect();
        let mut times = (1..=24).map(|steps| now.saturating_sub(steps * 300 * SECOND));
        times.find_map(|then| {
            plans
                .iter()
                .flat_map(|plan| of_plan(sim, *plan, then, id))
                .find(named)
        })
    };
    all(sim, now, id).into_iter().find(named).or_else(earlier)
}

/// Every job run that has a build and in whose JSON `text` is found.
pub(crate) fn all(sim: &Sim, now: Nanos, text: &str) -> Vec<Work> {
    (0..sim.plans.len())
        .flat_map(|plan| of_plan(sim, plan, now, text))
        .collect()
}

fn of_plan(sim: &Sim, plan: usize, now: Nanos, text: &str) -> Vec<Work> {
    let mut found = Vec::new();
    for entry in sim.state_at(plan, now).entries {
        let json = json::text(&sim.project, &sim.plans[plan], &entry, now);
        // The all-variants rollout has one that cannot be read.
        if json.contains(text)
            && let Ok(run) = serde_json::from_str(&json)
        {
            works(plan, &sim.plans[plan], run, now, &mut found);
        }
    }
    found
}

fn templates(plan: &Plan) -> impl Iterator<Item = &JobRun> {
    let jobs = plan.phases.iter().flat_map(|phase| &phase.jobs);
    jobs.flat_map(|job| &job.attempts)
        .map(|attempt| &*attempt.template)
}

fn works(plan_index: usize, plan: &Plan, run: JobRun, now: Nanos, found: &mut Vec<Work>) {
    let instant = |text: &Option<String>| {
        text.as_deref()
            .and_then(|text| time::parse(text).ok())
            .map(nanos)
    };
    let Some(begin) = instant(&run.start_time) else {
        return;
    };
    let live = matches!(run.state, State::InProgress | State::Terminating);
    // An exhibit may be over without saying when, or be over before it began.
    let end = instant(&run.end_time)
        .map(|end| end.max(begin))
        .or((!live).then_some(begin));
    let mut work = Work {
        plan: plan_index,
        name: String::new(),
        begin,
        end,
        status: Status::Working,
        message: String::new(),
        script: "hook",
        task: None,
        run,
    };
    let (name, cause, message, script) = {
        let run = &work.run;
        if let Some(deploy) = &run.deploy_job_run {
            let script = match target(plan) {
                Target::Run => "deploy-run",
                Target::Custom => "deploy-custom",
                Target::Gke => "deploy-gke",
            };
            (
                &deploy.build,
                &deploy.failure_cause,
                &deploy.failure_message,
                script,
            )
        } else if let Some(verify) = &run.verify_job_run {
            (
                &verify.build,
                &verify.failure_cause,
                &verify.failure_message,
                "verify",
            )
        } else if let Some(hook) = run
            .predeploy_job_run
            .as_ref()
            .or(run.postdeploy_job_run.as_ref())
        {
            (
                &hook.build,
                &hook.failure_cause,
                &hook.failure_message,
                "hook",
            )
        } else if let Some(analysis) = &run.analysis_job_run {
            for check in analysis
                .custom_check_analyses
                .iter()
                .filter(|check| !check.latest_build.is_empty())
            {
                let every = check
                    .frequency
                    .as_deref()
                    .and_then(|text| text.strip_suffix('s')?.parse().ok());
                let every = SECOND.saturating_mul(every.unwrap_or(300)).max(SECOND);
                let times = end.unwrap_or(now).saturating_sub(begin).max(0) / every;
                let begin = begin.saturating_add(times.saturating_mul(every));
                let done = end.unwrap_or(Nanos::MAX).min(begin.saturating_add(CHECK));
                let failed = !check.failure_cause.is_unspecified();
                let cut_short = matches!(run.state, State::Terminated) && end == Some(done);
                found.push(Work {
                    name: check.latest_build.clone(),
                    begin,
                    end: (done <= now).then_some(done),
                    status: match (done <= now, failed) {
                        (false, _) => Status::Working,
                        (true, _) if cut_short => Status::Cancelled,
                        (true, true) => status_of_failure(&check.failure_cause),
                        (true, false) => Status::Success,
                    },
                    message: check.failure_message.clone(),
                    script: "check",
                    task: check.task.clone().or_else(|| Some(Task::default())),
                    run: run.clone(),
                    plan: plan_index,
                });
            }
            return;
        } else {
            return;
        }
    };
    if name.is_empty() {
        return;
    }
    work.status = match &work.run.state {
        State::Succeeded => Status::Success,
        State::Failed => status_of_failure(cause),
        State::Terminated => Status::Cancelled,
        _ if live => Status::Working,
        // A state that nothing is known of.
        _ => Status::Unknown,
    };
    (work.name, work.message, work.script) = (name.clone(), message.clone(), script);
    if work.message.is_empty() {
        work.message = "exit status 1".to_owned();
    }
    found.push(work);
}

fn status_of_failure(cause: &FailureCause) -> Status {
    match cause {
        FailureCause::DeadlineExceeded => Status::Timeout,
        _ => Status::Failure,
    }
}

/// What a rollout deploys to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Run,
    Gke,
    Custom,
}

/// What a rollout deploys to, as its runs tell.
pub(crate) fn target(plan: &Plan) -> Target {
    let metadata = templates(plan)
        .filter_map(|run| run.deploy_job_run.as_ref()?.metadata.as_ref())
        .find(|metadata| metadata.cloud_run.is_some() || metadata.custom_target.is_some());
    match metadata {
        Some(metadata) if metadata.cloud_run.is_some() => Target::Run,
        Some(_) => Target::Custom,
        None => Target::Gke,
    }
}

/// The name of what a rollout deploys, and its Cloud Run revision.
pub(crate) fn service(plan: &Plan) -> (&str, &str) {
    let cloud_run = templates(plan)
        .filter_map(|run| {
            run.deploy_job_run
                .as_ref()?
                .metadata
                .as_ref()?
                .cloud_run
                .as_ref()
        })
        .find(|cloud_run| !cloud_run.service.is_empty());
    match cloud_run {
        Some(cloud_run) => (
            cloud_run.service.rsplit('/').next().unwrap_or(""),
            &cloud_run.revision,
        ),
        None => (&plan.name.delivery_pipeline, ""),
    }
}

/// The target's id, which is part of the rollout's.
pub(crate) fn target_id(plan: &Plan) -> &str {
    let rest = plan
        .name
        .rollout
        .strip_prefix(plan.name.release.as_str())
        .unwrap_or("");
    let rest = rest.strip_prefix("-to-").unwrap_or(rest);
    rest.rsplit_once('-').map_or(rest, |(target, _)| target)
}

/// Replaces every `{name}` that is known.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let value = rest.find('}').and_then(|end| {
            let (_, value) = values.iter().find(|(name, _)| *name == &rest[..end])?;
            Some((end, value))
        });
        match value {
            Some((end, value)) => {
                out.push_str(value);
                rest = &rest[end + 1..];
            }
            None => out.push('{'),
        }
    }
    out + rest
}

/// A step of a build at a time, as the script has it.
struct StepNow {
    id: String,
    image: String,
    command: String,
    lines: Vec<&'static str>,
    begin: Nanos,
    /// `None` while it goes on.
    end: Option<Nanos>,
    status: Status,
}

impl Work {
    /// The build's id.
    pub(crate) fn id(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or("")
    }

    fn cause(&self) -> FailureCause {
        let run = &self.run;
        let causes = [
            run.deploy_job_run.as_ref().map(|v| &v.failure_cause),
            run.verify_job_run.as_ref().map(|v| &v.failure_cause),
            run.predeploy_job_run.as_ref().map(|v| &v.failure_cause),
            run.postdeploy_job_run.as_ref().map(|v| &v.failure_cause),
            run.analysis_job_run
                .as_ref()
                .and_then(|v| v.custom_check_analyses.first())
                .map(|check| &check.failure_cause),
        ];
        causes
            .into_iter()
            .flatten()
            .next()
            .cloned()
            .unwrap_or_default()
    }

    /// Where the build writes its log. The all-variants rollout shows each way.
    fn logging(&self, plan: &Plan) -> Logging {
        match (
            plan.name.delivery_pipeline.as_str(),
            self.run.phase_id.as_str(),
        ) {
            ("museum", "predeploy") => Logging::CloudLoggingOnly,
            ("museum", "postdeploy") => Logging::None,
            ("museum", "analysis") => Logging::Legacy,
            _ => Logging::GcsOnly,
        }
    }

    /// `gs://` and the bucket, and maybe a folder.
    pub(crate) fn logs_bucket(&self, project: &Project, plan: &Plan) -> String {
        match self.logging(plan) {
            Logging::GcsOnly => logs_folder(project),
            Logging::Legacy => ["gs://", &locked_logs_bucket(project)].concat(),
            _ => String::new(),
        }
    }

    /// What a script's names stand for.
    fn values<'a>(
        &'a self,
        project: &'a Project,
        plan: &'a Plan,
        ran: &'a str,
    ) -> [(&'a str, &'a str); 11] {
        let container = self.task.as_ref().and_then(|task| task.container.as_ref());
        let image = container.map_or("checks/golden:1.0.0", |container| &container.image);
        [
            ("pipeline", &plan.name.delivery_pipeline),
            ("release", &plan.name.release),
            ("service", service(plan).0),
            ("target", target_id(plan)),
            ("job", &self.run.job_id),
            ("image", image),
            ("project", project.id),
            ("number", project.number),
            ("location", project.location),
            ("message", &self.message),
            ("ran", ran),
        ]
    }

    /// The steps that there are, those that did not begin included.
    fn steps(&self, project: &Project, plan: &Plan, now: Nanos) -> Vec<StepNow> {
        let values = self.values(project, plan, "");
        let mut steps: Vec<(StepNow, Option<Nanos>)> = Vec::new();
        for line in script(self.script).lines() {
            let Some(step) = line.strip_prefix("step ") else {
                if let Some((step, _)) = steps.last_mut() {
                    step.lines.push(line);
                }
                continue;
            };
            let mut words = step.splitn(4, ' ');
            let mut word = || words.next().unwrap_or("");
            let (id, image, seconds, command) = (word(), word(), word(), word());
            let container = self.task.as_ref().and_then(|task| task.container.as_ref());
            let command = match container {
                Some(container) => [&container.command[..], &container.args[..]]
                    .concat()
                    .join(" "),
                None => fill(command, &values),
            };
            let step = StepNow {
                id: fill(id, &values),
                image: fill(image, &values),
                command,
                lines: Vec::new(),
                begin: 0,
                end: None,
                status: Status::Queued,
            };
            steps.push((
                step,
                seconds
                    .parse::<Nanos>()
                    .ok()
                    .map(|seconds| seconds * SECOND),
            ));
        }

        let main = steps
            .iter()
            .position(|(_, takes)| takes.is_none())
            .unwrap_or(0);
        let good = matches!(self.status, Status::Success | Status::Unknown);
        let tail: Nanos = steps[(main + 1).min(steps.len())..]
            .iter()
            .filter_map(|(_, takes)| *takes)
            .sum();
        let last = self
            .end
            .map(|end| end.saturating_sub(WRAP_UP).max(self.begin));
        let mut at = self.begin.saturating_add(SETUP);
        let mut broken = false;
        for (index, (step, takes)) in steps.iter_mut().enumerate() {
            at = last.map_or(at, |last| at.min(last));
            step.begin = at;
            if broken || at > now {
                break;
            }
            let end = match (*takes, last) {
                // The main step, or one that the end of the build cut short.
                (None, None) => None,
                (None, Some(last)) if good => Some(last.saturating_sub(tail).max(at)),
                (None, Some(last)) => Some(last),
                (Some(takes), _) => {
                    let end = at.saturating_add(takes);
                    Some(last.map_or(end, |last| end.min(last)))
                }
            };
            step.end = end.filter(|end| *end <= now);
            broken = index == main && !good && step.end.is_some();
            step.status = match step.end {
                None => Status::Working,
                Some(_) if broken => self.status.clone(),
                Some(_) => Status::Success,
            };
            match step.end {
                Some(end) => at = end,
                None => break,
            }
        }
        steps.into_iter().map(|(step, _)| step).collect()
    }

    fn build(&self, project: &Project, plan: &Plan, now: Nanos) -> Build {
        let steps = self.steps(project, plan, now);
        let time = |time: Nanos| Some(json::time(time));
        let after = |nanos: Nanos| {
            let time = self.begin.saturating_add(nanos);
            self.end.map_or(time, |end| time.min(end))
        };
        let (started, fetching, fetched) = (
            after(900_000_000),
            after(1_050_000_000),
            after(1_590_000_000),
        );
        let finish = self
            .end
            .map(|end| end.saturating_sub(90_000_000).max(started));
        let spans = |start: Nanos, end: Option<Nanos>| {
            let span = TimeSpan {
                start_time: time(start),
                end_time: end.and_then(time),
            };
            (start <= now).then_some(span)
        };
        let mut timing = std::collections::BTreeMap::new();
        timing.extend(
            spans(fetching, (fetched <= now).then_some(fetched))
                .map(|span| ("FETCHSOURCE".to_owned(), span)),
        );
        let last = steps.iter().filter_map(|step| step.end).max();
        let first = steps.first().map_or(started, |step| step.begin);
        timing.extend(spans(first, self.end.and(last)).map(|span| ("BUILD".to_owned(), span)));

        let failed = steps.iter().position(|step| step.status == Status::Failure);
        let failure_info = failed.map(|index| FailureInfo {
            failure_type: FailureType::UserBuildStep,
            detail: ["Build step failure: ", &summary(index, &steps[index])].concat(),
        });
        let logging = self.logging(plan);
        let mut build = Build {
            name: self.name.clone(),
            id: self.id().to_owned(),
            status: match &self.status {
                Status::Working if now < started => Status::Queued,
                status => status.clone(),
            },
            status_detail: match self.status {
                Status::Timeout => "The build did not finish within its timeout of 3600s.",
                Status::Cancelled => "The build was cancelled.",
                _ => "",
            }
            .to_owned(),
            create_time: time(self.begin),
            start_time: (started <= now).then(|| time(started)).flatten(),
            finish_time: finish.and_then(time),
            timeout: "3600s".to_owned(),
            queue_ttl: "3600s".to_owned(),
            service_account: [
                "projects/",
                project.id,
                "/serviceAccounts/",
                project.number,
                "-compute@developer.gserviceaccount.com",
            ]
            .concat(),
            logs_bucket: self.logs_bucket(project, plan),
            log_url: [
                "https://console.cloud.google.com/cloud-build/builds;region=",
                project.location,
                "/",
                self.id(),
                "?project=",
                project.number,
            ]
            .concat(),
            failure_info,
            timing: Some(timing).filter(|timing| !timing.is_empty()),
            options: Some(BuildOptions {
                logging,
                ..BuildOptions::default()
            }),
            ..Build::default()
        };
        build.steps = steps
            .iter()
            .enumerate()
            .map(|(index, step)| {
                let seed = hash::mix(hash::text(index as u64, self.id()));
                let begun = step.status != Status::Queued;
                let pulled = step
                    .begin
                    .saturating_add((seed % 700_000_000) as Nanos + 80_000_000);
                let pulled = step.end.map_or(pulled, |end| pulled.min(end));
                let mut words = step.command.split(' ').map(str::to_owned);
                BuildStep {
                    id: step.id.clone(),
                    name: step.image.clone(),
                    entrypoint: words.next().unwrap_or_default(),
                    args: words.collect(),
                    status: step.status.clone(),
                    exit_code: (step.status == Status::Failure).then(|| 1.into()),
                    timing: begun.then(|| spans(step.begin, step.end)).flatten(),
                    pull_timing: begun
                        .then(|| spans(step.begin, (pulled <= now).then_some(pulled)))
                        .flatten(),
                    allow_failure: (step.id == "report").then_some(true),
                    ..BuildStep::default()
                }
            })
            .collect();
        build
    }

    /// The log as far as it is written at `now`; empty before its first line.
    pub(crate) fn log(&self, project: &Project, plan: &Plan, now: Nanos) -> String {
        let steps = self.steps(project, plan, now);
        let mut log = Log {
            text: String::new(),
            until: self.end.map_or(now.saturating_sub(LAG), |_| Nanos::MAX),
        };
        log.line(
            self.begin,
            "",
            &["starting build \"", self.id(), "\"\n\nFETCHSOURCE"].concat(),
        );
        let source = "Fetching storage object: gs://{location}.deploy-artifacts.{project}.appspot.com/{pipeline}/{release}/source.tgz";
        log.line(
            self.begin,
            "",
            &fill(source, &self.values(project, plan, "")),
        );
        log.line(self.begin, "", "BUILD");
        for (index, step) in steps
            .iter()
            .enumerate()
            .filter(|(_, step)| step.status != Status::Queued)
        {
            let number = index.to_string();
            let title = ["Step #", &number, " - \"", &step.id, "\""].concat();
            let prefix = [&title, ": "].concat();
            let end = step.end.unwrap_or(Nanos::MAX);
            let ran = step.end.map_or(0, |end| end - step.begin);
            let ran = human_duration(SignedDuration::from_nanos(ran / SECOND * SECOND));
            let begin = json::time(step.begin);
            log.line(step.begin, "", &["Starting ", &title].concat());
            log.line(
                step.begin,
                &prefix,
                &["Pulling image: ", &step.image].concat(),
            );
            let digest = hash::hex32(hash::text(0, &step.image));
            log.line(
                step.begin,
                &prefix,
                &[
                    "Digest: sha256:",
                    &digest,
                    &hash::hex32(hash::text(1, &digest)),
                ]
                .concat(),
            );
            log.line(
                step.begin,
                &prefix,
                &["Status: Downloaded newer image for ", &step.image].concat(),
            );
            let mut from = step.begin;
            for line in &step.lines {
                let Some((when, text)) = line.split_once(' ') else {
                    continue;
                };
                let text = text
                    .replace("\\e", "\u{1b}")
                    .replace("\\r", "\r")
                    .replace("\\n", "\n")
                    .replace("\\t", "\t")
                    .replace("{time}", &begin);
                let values = self.values(project, plan, &ran);
                match (when, step.end, step.status == Status::Success) {
                    ("=", Some(end), true) => log.line(end, &prefix, &fill(&text, &values)),
                    ("!", Some(end), false) if step.status == Status::Failure => {
                        log.line(end, &prefix, &fill(&text, &values));
                    }
                    _ => {}
                }
                if let Some(every) = when
                    .strip_prefix('~')
                    .and_then(|every| every.parse::<Nanos>().ok())
                {
                    let until = end.min(log.until);
                    for n in 1..=(until.saturating_sub(from) / (every * SECOND)).min(MOST_TICKS) {
                        let text = text.replace("{n}", &n.to_string());
                        log.line(from, &prefix, &fill(&text, &values));
                    }
                } else if let Ok(seconds) = when.parse::<Nanos>() {
                    from = step.begin.saturating_add(seconds * SECOND);
                    if from <= end {
                        log.line(from, &prefix, &fill(&text, &values));
                    }
                }
            }
            if step.status == Status::Success {
                log.line(end, "", &["Finished ", &title].concat());
            }
        }
        if let Some(end) = self.end {
            let broken = steps
                .iter()
                .position(|step| step.status == self.status && self.status != Status::Success);
            let summary = broken
                .map(|index| summary(index, &steps[index]))
                .unwrap_or_default();
            match self.status {
                Status::Success => log.line(end, "", "PUSH\nDONE"),
                Status::Failure => log.line(end, "", &["ERROR\nERROR: ", &summary].concat()),
                Status::Timeout => log.line(end, "", "TIMEOUT\nERROR: context deadline exceeded"),
                Status::Cancelled => log.line(end, "", "CANCELLED\nERROR: context canceled"),
                _ => {}
            }
        }
        log.text
    }
}

/// What Cloud Build says of a step that failed.
fn summary(index: usize, step: &StepNow) -> String {
    format!(
        "build step {index} \"{}\" failed: step exited with non-zero status: 1",
        step.image
    )
}

struct Log {
    text: String,
    /// What is written later is not in the log yet.
    until: Nanos,
}

impl Log {
    /// Writes each line of `text` with the prefix.
    fn line(&mut self, at: Nanos, prefix: &str, text: &str) {
        if at <= self.until {
            for line in text.lines() {
                self.text.extend([prefix, line, "\n"]);
            }
        }
    }
}

/// The lines of a script.
fn script(name: &str) -> &'static str {
    let scripts = SCRIPTS.split("script ");
    let found = scripts
        .filter_map(|script| script.split_once('\n'))
        .find(|(found, _)| *found == name);
    found.map_or("", |(_, lines)| lines.trim_end())
}

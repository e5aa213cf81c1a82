//! The simulated builds, logs and manifests: that they agree with the job runs that lead to them,
//! at any time, and that the viewer's own client reads them.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;

use futures::FutureExt;
use jobrun_viewer::api::artifacts::{LOG_PART, ObjectText, read_text};
use jobrun_viewer::api::build::{self, Build, Status, build_request};
use jobrun_viewer::api::error::{ApiError, RefusalKind};
use jobrun_viewer::api::http::{Method, Reply, Request, percent_encode};
use jobrun_viewer::api::job_run::{FailureCause, JobRun, State};
use jobrun_viewer::api::source::{Items, Record};
use jobrun_viewer::api::storage::{self, NoLog, ObjectName, Part, log_object, media_request};
use jobrun_viewer::api::transport::LocalFuture;
use jobrun_viewer::api::transport::Transport;
use jobrun_viewer::core::name::{GsUri, RolloutName};
use jobrun_viewer::core::time::{self, SignedDuration, Timestamp};
use jobrun_viewer::model::build::view;
use jobrun_viewer::model::event_log::summary::TestState;
use jobrun_viewer::model::event_log::text_log;
use jobrun_viewer::model::event_log::{Log, LogFormat};
use jobrun_viewer::model::manifest::diff::diff;
use jobrun_viewer::model::manifest::yaml::{SpanKind, highlight};
use jobrun_viewer::sim::{Project, Sim};
use proptest::prelude::*;

fn epoch() -> Timestamp {
    time::parse("2026-11-24T12:00:00Z").unwrap()
}

/// The demo's world, with a clock that counts seconds from the epoch.
struct World {
    sim: RefCell<Sim>,
    now: RefCell<i64>,
}

impl Transport for World {
    fn send<'a>(&'a self, request: &'a Request) -> LocalFuture<'a, Result<Reply, ApiError>> {
        Box::pin(std::future::ready(Ok(self
            .sim
            .borrow_mut()
            .handle(self.time(), request))))
    }

    fn sleep(&self, _: Duration) -> LocalFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    fn random(&self) -> f64 {
        0.0
    }
}

fn world() -> World {
    World {
        sim: RefCell::new(Sim::demo(epoch())),
        now: RefCell::new(0),
    }
}

fn done<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("nothing to wait for")
}

impl World {
    fn time(&self) -> Timestamp {
        epoch() + SignedDuration::from_secs(*self.now.borrow())
    }

    fn at(&self, seconds: i64) -> &Self {
        *self.now.borrow_mut() = seconds;
        self
    }

    fn reply(&self, path_and_query: &str) -> Reply {
        let request = Request {
            method: Method::Get,
            path_and_query: path_and_query.to_owned(),
            body: None,
        };
        done(self.send(&request)).unwrap()
    }

    fn object(&self, name: &ObjectName, part: Part) -> Result<ObjectText, ApiError> {
        done(read_text(
            self,
            &media_request(name),
            storage::GET_PERMISSION,
            part,
        ))
    }

    /// What is right below a folder: a page of the list.
    fn list(&self, folder: &GsUri, token: &str) -> serde_json::Value {
        let prefix = folder.object.as_deref().unwrap_or("").trim_end_matches('/');
        let prefix = if prefix.is_empty() {
            String::new()
        } else {
            format!("{prefix}/")
        };
        let [bucket, prefix, token] = [&folder.bucket, &prefix, token].map(percent_encode);
        let reply = self.reply(&format!(
            "/storage/v1/b/{bucket}/o?delimiter=%2F&prefix={prefix}&pageToken={token}"
        ));
        assert_eq!(reply.status, 200, "{}", reply.body);
        serde_json::from_str(&reply.body).unwrap()
    }

    fn rollouts(&self) -> Vec<RolloutName> {
        self.sim
            .borrow()
            .rollouts()
            .iter()
            .map(|plan| plan.name.clone())
            .collect()
    }

    /// The runs of a pipeline's rollouts, in the order of creation.
    fn runs(&self, pipeline: &str) -> Vec<JobRun> {
        let rollouts = self
            .rollouts()
            .into_iter()
            .filter(|name| name.delivery_pipeline == pipeline);
        rollouts
            .flat_map(|rollout| self.runs_of(&rollout))
            .collect()
    }

    fn runs_of(&self, rollout: &RolloutName) -> Vec<JobRun> {
        let reply = self.reply(&format!("/v1/{rollout}/jobRuns?pageSize=1000"));
        let page = Items::from_json(&reply.body, "jobRuns").unwrap();
        page.raw
            .iter()
            .rev()
            .filter_map(|raw| Record::from_json(raw).run.ok())
            .collect()
    }

    fn all_runs(&self) -> Vec<JobRun> {
        self.rollouts()
            .iter()
            .flat_map(|rollout| self.runs_of(rollout))
            .collect()
    }

    fn build(&self, run: &JobRun) -> Result<Build, ApiError> {
        let request = build_request(&build_of(run).parse().unwrap());
        let read = done(read_text(
            self,
            &request,
            build::GET_PERMISSION,
            Part::Whole,
        ))?;
        Ok(Build::from_json(&read.text).unwrap())
    }

    fn text(&self, name: &ObjectName) -> String {
        self.object(name, Part::Whole).unwrap().text
    }

    fn log(&self, run: &JobRun) -> String {
        self.text(&log_object(&self.build(run).unwrap()).unwrap())
    }

    fn manifest(&self, pipeline: &str, release: &str, path: &str) -> String {
        let runs = self
            .rollouts()
            .into_iter()
            .filter(|name| name.delivery_pipeline == pipeline && name.release == release);
        let runs: Vec<JobRun> = runs.flat_map(|rollout| self.runs_of(&rollout)).collect();
        let artifact = runs
            .iter()
            .filter_map(|run| run.deploy_job_run.as_ref()?.artifact.as_ref());
        let artifact = artifact
            .into_iter()
            .find(|artifact| artifact.manifest_paths.iter().any(|found| found == path));
        self.text(&ObjectName::join(&artifact.unwrap().artifact_uri, path).unwrap())
    }
}

/// The build that a run names, or nothing.
fn build_of(run: &JobRun) -> String {
    let checks = run
        .analysis_job_run
        .iter()
        .flat_map(|run| &run.custom_check_analyses);
    [
        run.deploy_job_run.as_ref().map(|run| run.build.clone()),
        run.verify_job_run.as_ref().map(|run| run.build.clone()),
        run.predeploy_job_run.as_ref().map(|run| run.build.clone()),
        run.postdeploy_job_run.as_ref().map(|run| run.build.clone()),
        checks.map(|check| check.latest_build.clone()).next(),
    ]
    .into_iter()
    .flatten()
    .next()
    .unwrap_or_default()
}

fn cause_and_message(run: &JobRun) -> (FailureCause, String) {
    let found = [
        run.deploy_job_run
            .as_ref()
            .map(|run| (&run.failure_cause, &run.failure_message)),
        run.verify_job_run
            .as_ref()
            .map(|run| (&run.failure_cause, &run.failure_message)),
        run.predeploy_job_run
            .as_ref()
            .map(|run| (&run.failure_cause, &run.failure_message)),
        run.postdeploy_job_run
            .as_ref()
            .map(|run| (&run.failure_cause, &run.failure_message)),
    ];
    let (cause, message) = found.into_iter().flatten().next().unwrap();
    (cause.clone(), message.clone())
}

fn instant(text: &Option<String>) -> Option<Timestamp> {
    text.as_deref().map(|text| time::parse(text).unwrap())
}

#[test]
fn every_run_that_names_a_build_has_one_that_agrees_with_it() {
    let world = world();
    let mut seen = BTreeSet::new();
    for run in world.all_runs() {
        if build_of(&run).is_empty() || run.analysis_job_run.is_some() {
            continue;
        }
        let (cause, _) = cause_and_message(&run);
        let build = world.build(&run);
        match cause {
            FailureCause::CloudBuildUnavailable => {
                assert_eq!(
                    build.unwrap_err().refusal().unwrap().kind,
                    RefusalKind::PermissionDenied
                );
                seen.insert("disabled".to_owned());
                continue;
            }
            FailureCause::CloudBuildRequestFailed => {
                assert_eq!(
                    build.unwrap_err().refusal().unwrap().kind,
                    RefusalKind::NotFound
                );
                seen.insert("never made".to_owned());
                continue;
            }
            _ => {}
        }
        let build = build.unwrap();
        let expected = match (&run.state, cause) {
            (State::InProgress | State::Terminating, _) => Status::Working,
            (State::Succeeded, _) => Status::Success,
            (State::Terminated, _) => Status::Cancelled,
            (State::Failed, FailureCause::DeadlineExceeded) => Status::Timeout,
            (State::Failed, _) => Status::Failure,
            _ => Status::Unknown,
        };
        assert_eq!(build.status, expected, "{}", run.name);
        assert_eq!(build.name, build_of(&run));
        seen.insert(build.status.to_string());

        // Its times lie within the run's, and its steps within its own.
        let (begin, end) = (
            instant(&run.start_time).unwrap(),
            run.end_time
                .as_deref()
                .and_then(|text| time::parse(text).ok()),
        );
        let end = end.filter(|end| *end >= begin);
        let within = |time: Option<Timestamp>| {
            let time = time.unwrap();
            assert!(
                begin <= time && end.is_none_or(|end| time <= end),
                "{}: {time}",
                run.name
            );
            time
        };
        if end.is_some() {
            within(instant(&build.finish_time));
        }
        let mut last = within(instant(&build.create_time));
        for step in build.steps.iter().filter_map(|step| step.timing.as_ref()) {
            let started = within(instant(&step.start_time));
            assert!(started >= last, "{}", run.name);
            last = started;
            if step.end_time.is_some() {
                last = within(instant(&step.end_time));
                assert!(started <= last);
            }
        }
        // What is said to have failed is a step, and says so.
        let view = view(&build, world.time());
        let broken = matches!(
            build.status,
            Status::Failure | Status::Timeout | Status::Cancelled
        );
        assert_eq!(view.why.is_some(), broken);
        assert_eq!(
            build.failure_info.is_some(),
            build.status == Status::Failure
        );
        if broken && end.is_some_and(|end| end > begin + SignedDuration::from_secs(10)) {
            let step = &build.steps[view.failed.expect("a step that failed")];
            assert!(
                !["fetch", "report"].contains(&step.id.as_str()),
                "{}: {}",
                run.name,
                step.id
            );
        }
    }
    let all: Vec<&str> = seen.iter().map(String::as_str).collect();
    assert_eq!(
        all,
        [
            "CANCELLED",
            "FAILURE",
            "STATUS_UNKNOWN",
            "SUCCESS",
            "TIMEOUT",
            "WORKING",
            "disabled",
            "never made"
        ]
    );
}

#[test]
fn a_build_is_found_by_id_and_number_of_the_project_only() {
    let world = world();
    let run = &world.runs("checkout")[0];
    let name = build_of(run);
    let by_number = world.reply(&format!("/v1/{name}"));
    let by_id = world.reply(&format!(
        "/v1/{}",
        name.replace(Project::DEMO.number, Project::DEMO.id)
    ));
    assert_eq!((by_number.status, &by_number), (200, &by_id));
    let location = Project::DEMO.location;
    for other in [
        name.replace(Project::DEMO.number, "1"),
        name.replace(location, "mars"),
        // Only builds in no region have such names.
        name.replace(&format!("locations/{location}/"), ""),
        format!("{name}0"),
        name[..name.len() - 1].to_owned(),
    ] {
        assert_eq!(world.reply(&format!("/v1/{other}")).status, 404, "{other}");
    }
    let post = Request {
        method: Method::Post,
        path_and_query: format!("/v1/{name}"),
        body: None,
    };
    assert_eq!(done(world.send(&post)).unwrap().status, 404);
}

#[test]
fn a_live_build_goes_on_as_its_run_does() {
    let world = world();
    let run = world
        .at(-12)
        .runs("checkout")
        .into_iter()
        .find(|run| run.verify_job_run.is_some())
        .unwrap();
    let mut statuses = Vec::new();
    for now in -20..300 {
        world.at(now);
        let Ok(build) = world.build(&run) else {
            continue;
        };
        let steps: Vec<&str> = build
            .steps
            .iter()
            .map(|step| step.status.as_str())
            .collect();
        let status = format!("{} {}", build.status, steps.join(" "));
        if statuses.last() != Some(&status) {
            statuses.push(status);
        }
    }
    assert_eq!(
        statuses,
        [
            "QUEUED QUEUED QUEUED QUEUED",
            "WORKING WORKING QUEUED QUEUED",
            "WORKING SUCCESS WORKING QUEUED",
            "SUCCESS SUCCESS SUCCESS SUCCESS",
        ]
    );
}

#[test]
fn a_log_only_grows_until_its_build_ends() {
    let world = world();
    for pipeline in ["checkout", "fleet-config"] {
        let runs = world.at(-5).runs(pipeline);
        for run in runs
            .iter()
            .filter(|run| !build_of(run).is_empty() && run.state == State::InProgress)
        {
            let mut last = String::new();
            let mut sizes = BTreeSet::new();
            for now in (-5..400).step_by(3) {
                world.at(now);
                let Ok(object) = log_object(&world.build(run).unwrap()) else {
                    continue;
                };
                let Ok(text) = world.object(&object, LOG_PART) else {
                    continue;
                };
                assert!(
                    text.text.starts_with(&last),
                    "{pipeline} at {now}:\n{last}\n--\n{}",
                    text.text
                );
                sizes.insert(text.text.len());
                last = text.text;
            }
            assert!(sizes.len() > 3, "{pipeline}: {sizes:?}");
        }
    }
}

#[test]
fn the_log_of_a_terminated_run_says_that_it_was_cancelled() {
    let world = world();
    let run = world
        .runs("checkout")
        .into_iter()
        .find(|run| run.state == State::InProgress)
        .unwrap();
    let before = world.log(&run);
    let request = Request {
        method: Method::Post,
        path_and_query: format!("/v1/{}:terminate", run.name),
        body: None,
    };
    assert_eq!(done(world.send(&request)).unwrap().status, 200);
    assert_eq!(world.at(2).build(&run).unwrap().status, Status::Working);
    let build = world.at(60).build(&run).unwrap();
    assert_eq!(build.status, Status::Cancelled);
    assert_eq!(build.steps[1].status, Status::Cancelled);
    let log = world.log(&run);
    assert!(
        log.starts_with(&before) && log.ends_with("CANCELLED\nERROR: context canceled\n"),
        "{log}"
    );
}

#[test]
fn a_failed_runs_log_ends_with_its_message() {
    let world = world();
    let mut failed = 0;
    for run in world.all_runs() {
        if run.state != State::Failed || build_of(&run).is_empty() || run.analysis_job_run.is_some()
        {
            continue;
        }
        let (cause, message) = cause_and_message(&run);
        let Ok(object) = world
            .build(&run)
            .map_err(|_| ())
            .and_then(|build| log_object(&build).map_err(|_| ()))
        else {
            continue;
        };
        if cause == FailureCause::DeadlineExceeded {
            assert!(
                world
                    .text(&object)
                    .ends_with("TIMEOUT\nERROR: context deadline exceeded\n")
            );
            continue;
        }
        failed += 1;
        let log = text_log::read(&world.text(&object), 10_000);
        let reason = text_log::reason(&log).expect("a reason");
        let line = &log.lines[reason];
        assert_eq!(
            line.step,
            Some(log.lines.iter().filter_map(|line| line.step).max().unwrap())
        );
        // Compared as both are shown: without control characters, and one line of several.
        let first = text_log::read(message.lines().next().unwrap_or("exit status 1"), 1);
        let first = first
            .lines
            .first()
            .map_or_else(|| "exit status 1".to_owned(), text_log::LogLine::text);
        let all: String = log.lines.iter().map(text_log::LogLine::text).collect();
        assert!(all.contains(&first), "{}: {first:?}\n{all}", run.name);
        let single = message.lines().count() == 1;
        assert!(
            !single || line.text().contains(&first),
            "{}: {:?} is not {first:?}",
            run.name,
            line.text()
        );
    }
    assert!(failed > 12, "{failed}");
}

#[test]
fn all_variants_shows_every_way_not_to_have_a_log() {
    let world = world();
    let mut ways = BTreeSet::new();
    for run in world.runs("museum") {
        if build_of(&run).is_empty() {
            continue;
        }
        let Ok(build) = world.build(&run) else {
            continue;
        };
        ways.insert(match log_object(&build) {
            Ok(object) => match world.object(&object, LOG_PART) {
                Ok(text) => {
                    assert!(text.text.len() > 100);
                    "readable"
                }
                Err(error) => {
                    let refusal = error.refusal().unwrap();
                    assert_eq!(refusal.permission.as_deref(), Some("storage.objects.get"));
                    "refused"
                }
            },
            Err(NoLog::CloudLoggingOnly) => "elsewhere",
            Err(NoLog::LoggedNowhere) => "nowhere",
            Err(other) => panic!("{other:?}"),
        });
    }
    assert_eq!(
        ways.into_iter().collect::<Vec<_>>(),
        ["elsewhere", "nowhere", "readable", "refused"]
    );
}

#[test]
fn a_check_keeps_its_build_for_a_while() {
    let world = world();
    let run = |now: i64| {
        world
            .at(now)
            .runs("recommendations")
            .into_iter()
            .find(|run| run.analysis_job_run.is_some())
            .unwrap()
    };
    let (first, later) = (run(0), run(700));
    assert_ne!(build_of(&first), build_of(&later));
    let build = world.build(&first).unwrap();
    assert_eq!(build.status, Status::Success);
    assert_eq!(build.steps[0].name, "checks/relevance:2.3.1");
    assert!(world.log(&first).ends_with("DONE\n"));
}

// Event logs.

/// Where a run's event log is, once it has begun one.
fn event_log_of(run: &JobRun) -> Option<ObjectName> {
    let verify = run
        .verify_job_run
        .as_ref()
        .filter(|verify| !verify.event_log_path.is_empty())?;
    ObjectName::join(&verify.artifact_uri, &verify.event_log_path).ok()
}

#[test]
fn every_verification_has_an_event_log_that_tells_its_end() {
    let world = world();
    let (mut good, mut bad) = (0, 0);
    for run in world.all_runs() {
        let Some(name) = event_log_of(&run) else {
            continue;
        };
        let text = world.text(&name);
        let mut log = Log::default();
        log.push(text.as_bytes());
        log.finish();
        assert_eq!(
            (log.format(), log.malformed()),
            (LogFormat::Events, 0),
            "{text}"
        );
        for line in text.lines() {
            let event: serde_json::Value = serde_json::from_str(line).expect(line);
            assert_eq!(
                event.as_object().map(|event| event.len()),
                Some(2),
                "{line}"
            );
        }
        let [told] = log.runs() else {
            panic!("one run: {text}")
        };
        assert_eq!(told.tests.len(), 3);
        match run.state {
            State::Succeeded => {
                good += 1;
                assert!(
                    told.tests
                        .iter()
                        .all(|test| test.state == TestState::Succeeded),
                    "{told:#?}"
                );
                assert_eq!(told.ended, Some(TestState::Succeeded));
            }
            State::Failed => {
                bad += 1;
                assert_eq!(
                    (told.failed(), told.ended.clone()),
                    (1, Some(TestState::Failed))
                );
                let error = told.error.clone().expect("an error");
                let message = &run.verify_job_run.as_ref().unwrap().failure_message;
                assert_eq!(
                    (&error.error.message, error.test.as_str()),
                    (message, "smoke-test")
                );
                assert_eq!(error.error.suggestions.len(), 2);
                let said: Vec<String> = log
                    .last_words(told, "smoke-test")
                    .iter()
                    .map(|row| log.display_line(*row).unwrap().words())
                    .collect();
                assert!(said.iter().any(|line| line.starts_with("✗ ")), "{said:?}");
            }
            _ => {}
        }
    }
    assert!(good > 5 && bad >= 3, "{good} {bad}");
}

#[test]
fn an_event_log_grows_while_its_run_is_live() {
    let world = world();
    let runs = world.runs("checkout");
    let is_live = |run: &&JobRun| run.verify_job_run.is_some() && run.state == State::InProgress;
    let name = event_log_of(runs.iter().find(is_live).unwrap()).expect("it has begun");
    let mut before = String::new();
    for at in [0, 20, 60, 120, 1_000] {
        let text = world.at(at).text(&name);
        assert!(
            text.starts_with(&before) && text.len() > before.len(),
            "{at}: {text}"
        );
        before = text;
    }
    assert!(before.contains("terminationEvent"));
    assert!(
        world
            .runs("checkout")
            .iter()
            .any(|run| event_log_of(run).as_ref() == Some(&name))
    );
}

// Manifests.

#[test]
fn every_manifest_of_a_run_is_there_and_looks_like_one() {
    let world = world();
    let mut count = 0;
    for run in world.all_runs() {
        let Some(artifact) = run
            .deploy_job_run
            .as_ref()
            .and_then(|deploy| deploy.artifact.as_ref())
        else {
            continue;
        };
        for path in &artifact.manifest_paths {
            let Ok(name) = ObjectName::join(&artifact.artifact_uri, path) else {
                panic!("{}", artifact.artifact_uri)
            };
            if name.bucket() == "museum-artifacts" {
                let error = world.object(&name, Part::Whole).unwrap_err();
                assert_eq!(
                    error.refusal().unwrap().permission.as_deref(),
                    Some("storage.objects.get")
                );
                continue;
            }
            count += 1;
            let text = world.text(&name);
            assert!(
                !text.contains(['{', '}'])
                    || path.ends_with(".json")
                    || text.contains("selector: {app: "),
                "{text}"
            );
            let kinds: Vec<SpanKind> = highlight(&text)
                .iter()
                .flatten()
                .map(|span| span.kind)
                .collect();
            assert!(
                kinds.iter().filter(|kind| **kind == SpanKind::Key).count() > 8,
                "{text}"
            );
            let request = media_request(&name).path_and_query;
            let info = world.reply(request.strip_suffix("?alt=media").unwrap());
            let info: serde_json::Value = serde_json::from_str(&info.body).unwrap();
            assert_eq!(
                (&info["name"], &info["size"]),
                (&name.object().into(), &text.len().to_string().into())
            );
        }
    }
    assert!(count > 12, "{count}");
}

#[test]
fn releases_differ_in_some_lines_and_phases_in_few() {
    let world = world();
    let old = world.manifest("checkout", "rel-20261120-3f9c2d1", "manifest.yaml");
    let new = world.manifest("checkout", "rel-20261124-b71e09c", "manifest.yaml");
    let found = diff(&old, &new);
    assert!(
        (4..20).contains(&found.added) && found.hunks.len() > 1,
        "{found:#?}"
    );
    let image = |text: &str| {
        text.lines()
            .find(|line| line.contains("image: "))
            .unwrap()
            .to_owned()
    };
    assert!(image(&old).contains("@sha256:") && image(&old) != image(&new));
    assert_eq!(image(&old).split('@').next(), image(&new).split('@').next());

    let release = "rel-20261123-c40d7e8";
    let quarter = world.manifest("payments-api", release, "canary-25/manifest.yaml");
    let half = world.manifest("payments-api", release, "canary-50/manifest.yaml");
    let found = diff(&quarter, &half);
    assert_eq!((found.added, found.removed), (1, 1), "{found:#?}");
    assert!(half.contains("replicas: 6 # 50 % of 12"));
}

// Lists and refusals.

/// The names of the objects on a page of a list.
fn names_in(page: &serde_json::Value) -> Vec<String> {
    let items = page["items"].as_array().into_iter().flatten();
    items
        .map(|item| item["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_folder_lists_what_is_right_below_it() {
    let world = world();
    let run = world.runs("checkout").into_iter().rev().find(|run| {
        run.deploy_job_run
            .as_ref()
            .is_some_and(|deploy| deploy.artifact.is_some())
    });
    let artifact = run.unwrap().deploy_job_run.unwrap().artifact.unwrap();
    let folder: GsUri = artifact.artifact_uri.parse().unwrap();
    let page = world.list(&folder, "");
    let names = names_in(&page);
    let files: Vec<&str> = names
        .iter()
        .map(|name| name.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(files, ["manifest.yaml", "service.yaml"]);
    assert!(
        page["prefixes"].is_null() && page["nextPageToken"].is_null(),
        "{page}"
    );

    // From the bucket down to the folder by prefixes.
    let mut at: GsUri = format!("gs://{}", folder.bucket).parse().unwrap();
    let wanted = format!("{}/", folder.object.clone().unwrap());
    while at.object.as_deref() != Some(&wanted) {
        let page = world.list(&at, "");
        let mut prefixes = page["prefixes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|prefix| prefix.as_str().unwrap());
        let next = prefixes
            .find(|prefix| wanted.starts_with(*prefix))
            .expect("a way down");
        assert!(next.len() > at.object.as_deref().unwrap_or("").len());
        at.object = Some(next.to_owned());
    }
}

#[test]
fn a_long_list_comes_in_pages_without_gaps() {
    let world = World {
        sim: RefCell::new(Sim::large_rollout(Project::DEMO, epoch(), 1010)),
        now: RefCell::new(0),
    };
    let folder: GsUri = "gs://demo_us-central1_cloudbuild/logs".parse().unwrap();
    let mut names = Vec::new();
    let mut token = String::new();
    let mut pages = 0;
    loop {
        let page = world.list(&folder, &token);
        names.extend(names_in(&page));
        pages += 1;
        token = page["nextPageToken"].as_str().unwrap_or("").to_owned();
        if token.is_empty() {
            break;
        }
    }
    let distinct: BTreeSet<&String> = names.iter().collect();
    assert_eq!((pages, names.len(), distinct.len()), (2, 1010, 1010));
    assert!(names.is_sorted());
}

#[test]
fn refusals_are_those_of_cloud_storage() {
    let world = world();
    let read = |path: &str| world.reply(&format!("/storage/v1/b/{path}"));
    let bucket = "us-central1.deploy-artifacts.demo.appspot.com";
    for (path, status) in [
        ("museum-artifacts/o/x".to_owned(), 403),
        ("museum-artifacts/o".to_owned(), 403),
        ("no-such-bucket/o/x".to_owned(), 404),
        (format!("{bucket}/o/x"), 404),
    ] {
        let reply = read(&path);
        let body: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
        assert_eq!(
            (reply.status, &body["error"]["code"]),
            (status, &status.into())
        );
        if path.contains("/o/") {
            let media = read(&format!("{path}?alt=media"));
            assert_eq!(media.status, status);
            assert_eq!(media.body, body["error"]["message"].as_str().unwrap());
        }
    }
    // Slashes that are not encoded, and what no such API has.
    for path in [
        format!("{bucket}/o/a/b"),
        format!("{bucket}/o/"),
        bucket.to_owned(),
        format!("{bucket}/acl"),
    ] {
        assert_eq!(read(&path).status, 404, "{path}");
    }
    assert!(
        read("museum-artifacts/o")
            .body
            .contains("storage.objects.list")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_request_at_any_time_is_answered(path in "(/storage/v1/b/|/v1/projects/)?[a-z%/:.?=&0-9-]{0,40}", now in any::<i32>()) {
        let reply = world().at(now.into()).reply(&path);
        prop_assert!((200..500).contains(&reply.status));
    }

    #[test]
    fn answers_are_the_same_again(now in -100_i64..500) {
        let (a, b) = (world(), world());
        for run in a.at(now).runs("checkout") {
            if build_of(&run).is_empty() {
                continue;
            }
            let path = format!("/v1/{}", build_of(&run));
            prop_assert_eq!(a.reply(&path), b.at(now).reply(&path));
            let build = a.build(&run).unwrap();
            if let Ok(object) = log_object(&build) {
                let path = media_request(&object).path_and_query;
                prop_assert_eq!(a.reply(&path), b.reply(&path));
            }
        }
    }
}

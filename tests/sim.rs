//! The simulated Cloud Deploy: its fold over time, its worlds, and its answers.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jobrun_viewer::api::http::{Method, Reply, Request, percent_encode};
use jobrun_viewer::api::job_run::{FailureCause, JobRun, State};
use jobrun_viewer::api::source::{Items, Record};
use jobrun_viewer::core::demo as told;
use jobrun_viewer::core::name::{JobRunName, RolloutName};
use jobrun_viewer::core::time::{self, SignedDuration, Timestamp};
use jobrun_viewer::sim::{Project, Sim};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A simulation with a clock that counts seconds from the epoch.
struct World {
    sim: Sim,
    epoch: Timestamp,
    now: i64,
}

fn epoch() -> Timestamp {
    time::parse("2026-11-24T12:00:00Z").unwrap()
}

fn demo() -> World {
    World {
        sim: Sim::demo(epoch()),
        epoch: epoch(),
        now: 0,
    }
}

fn many(count: usize) -> World {
    World {
        sim: Sim::large_rollout(Project::DEMO, epoch(), count),
        epoch: epoch(),
        now: 0,
    }
}

impl World {
    fn at(&mut self, seconds: i64) -> &mut Self {
        self.now = seconds;
        self
    }

    fn send(&mut self, method: Method, path_and_query: String, body: Option<&str>) -> Reply {
        let now = self.epoch + SignedDuration::from_secs(self.now);
        self.sim.handle(
            now,
            &Request {
                method,
                path_and_query,
                body: body.map(str::to_owned),
            },
        )
    }

    fn get(&mut self, path_and_query: impl AsRef<str>) -> Reply {
        self.send(
            Method::Get,
            format!("/v1/{}", path_and_query.as_ref()),
            None,
        )
    }

    fn terminate(&mut self, name: &str, body: &str) -> Reply {
        self.send(Method::Post, format!("/v1/{name}:terminate"), Some(body))
    }

    /// The rollout of a pipeline; of several the first.
    fn rollout(&self, pipeline: &str) -> RolloutName {
        self.rollouts_of(pipeline)[0].clone()
    }

    fn rollouts_of(&self, pipeline: &str) -> Vec<RolloutName> {
        let rollouts = self.sim.rollouts().iter().map(|plan| plan.name.clone());
        rollouts
            .filter(|name| name.delivery_pipeline == pipeline)
            .collect()
    }

    /// All runs that a query gives, through all pages.
    fn list(&mut self, rollout: &RolloutName, query: &str) -> Vec<Value> {
        let mut runs = Vec::new();
        let mut token = String::new();
        loop {
            let reply = self.get(format!("{rollout}/jobRuns?{query}&pageToken={token}"));
            assert_eq!(reply.status, 200, "{query}: {}", reply.body);
            let mut page: Value = serde_json::from_str(&reply.body).unwrap();
            runs.append(page["jobRuns"].as_array_mut().unwrap_or(&mut Vec::new()));
            match page["nextPageToken"].as_str() {
                Some(next) => token = next.to_owned(),
                None => return runs,
            }
        }
    }

    /// The runs that can be read, in the order of creation.
    fn runs(&mut self, rollout: &RolloutName) -> Vec<JobRun> {
        let runs = self.list(rollout, "pageSize=1000");
        runs.into_iter()
            .rev()
            .filter_map(|run| serde_json::from_value(run).ok())
            .collect()
    }
}

fn ids(runs: &[Value]) -> Vec<String> {
    runs.iter()
        .map(|run| text(run, "name").rsplit('/').next().unwrap().to_owned())
        .collect()
}

fn text<'a>(run: &'a Value, field: &str) -> &'a str {
    run[field].as_str().unwrap_or("")
}

fn instant(text: &Option<String>) -> Option<Timestamp> {
    text.as_deref().map(|text| time::parse(text).unwrap())
}

/// Phase, job and state, as `stable/deploy SUCCEEDED`.
fn story(runs: &[JobRun]) -> Vec<String> {
    runs.iter()
        .map(|run| format!("{}/{} {}", run.phase_id, run.job_id, run.state))
        .collect()
}

/// That a reply is an error in Google's envelope, and its message.
#[track_caller]
fn refused(reply: &Reply, http: u16, status: &str) -> String {
    let body: Value = serde_json::from_str(&reply.body).expect(&reply.body);
    assert_eq!(
        (reply.status, &body["error"]["code"]),
        (http, &json!(http)),
        "{}",
        reply.body
    );
    assert_eq!(body["error"]["status"], status, "{}", reply.body);
    assert_eq!(reply.content_type, "application/json; charset=UTF-8");
    let detail = &body["error"]["details"][0]["@type"];
    assert!(
        detail
            .as_str()
            .unwrap()
            .starts_with("type.googleapis.com/google."),
        "{}",
        reply.body
    );
    body["error"]["message"].as_str().unwrap().to_owned()
}

// The fold

#[test]
fn a_live_rollout_goes_on_as_time_does() {
    let mut world = demo();
    let rollout = world.rollout("checkout");
    assert_eq!(story(&world.at(-100).runs(&rollout)), [""; 0]);
    let stories = [
        (-88, vec!["stable/predeploy IN_PROGRESS"]),
        (
            -50,
            vec!["stable/predeploy SUCCEEDED", "stable/deploy IN_PROGRESS"],
        ),
        (
            0,
            vec![
                "stable/predeploy SUCCEEDED",
                "stable/deploy SUCCEEDED",
                "stable/verify IN_PROGRESS",
            ],
        ),
        (
            215,
            vec![
                "stable/predeploy SUCCEEDED",
                "stable/deploy SUCCEEDED",
                "stable/verify SUCCEEDED",
                "stable/postdeploy IN_PROGRESS",
            ],
        ),
        (
            400,
            vec![
                "stable/predeploy SUCCEEDED",
                "stable/deploy SUCCEEDED",
                "stable/verify SUCCEEDED",
                "stable/postdeploy SUCCEEDED",
            ],
        ),
    ];
    for (at, story_then) in stories {
        assert_eq!(story(&world.at(at).runs(&rollout)), story_then, "at {at} s");
    }
    // And back: nothing depends on what was asked before.
    assert_eq!(
        story(&world.at(-88).runs(&rollout)),
        ["stable/predeploy IN_PROGRESS"]
    );
}

#[test]
fn what_a_run_shows_depends_on_how_far_it_is() {
    let mut world = demo();
    let rollout = world.rollout("checkout");
    let mut seen = BTreeSet::new();
    for at in -95..10 {
        for run in world.at(at).runs(&rollout) {
            let Some(deploy) = run.deploy_job_run else {
                continue;
            };
            let (queued, over) = (run.start_time.is_none(), run.end_time.is_some());
            assert_eq!(deploy.build.is_empty(), queued);
            assert_eq!(deploy.metadata.is_some(), over);
            assert_eq!(deploy.artifact.is_some(), over);
            assert_eq!(run.state == State::InProgress, !over);
            seen.insert((queued, over));
        }
    }
    assert_eq!(seen.len(), 3, "queued, running and over: {seen:?}");
}

#[test]
fn no_two_jobs_of_a_standard_rollout_overlap_and_no_run_changes_its_times() {
    let mut world = demo();
    for pipeline in ["checkout", "payments-api", "search-index", "edge-rules"] {
        let rollout = world.rollout(pipeline);
        let mut known: BTreeMap<String, JobRun> = BTreeMap::new();
        for at in (-100..500).step_by(7) {
            let runs = world.at(at).runs(&rollout);
            for pair in runs.windows(2) {
                assert!(
                    instant(&pair[0].end_time) <= instant(&pair[1].create_time),
                    "{pair:?}"
                );
            }
            for run in runs {
                assert!(run.start_time.is_none() || run.create_time <= run.start_time);
                if let Some(before) = known.insert(run.name.clone(), run.clone()) {
                    assert_eq!(before.create_time, run.create_time);
                    assert!(before.start_time.is_none() || before.start_time == run.start_time);
                    assert!(
                        before.end_time.is_none() || before == run,
                        "a finished run changed"
                    );
                }
            }
        }
    }
}

#[test]
fn retries_are_runs_of_the_same_job_and_the_last_failure_stops_the_rollout() {
    let mut world = demo();
    let rollout = world.rollout("payments-api");
    let runs = world.runs(&rollout);
    assert_eq!(
        story(&runs),
        [
            "canary-25/deploy SUCCEEDED",
            "canary-25/verify SUCCEEDED",
            "canary-50/deploy SUCCEEDED",
            "canary-50/verify FAILED",
            "canary-50/verify FAILED",
            "canary-50/verify FAILED",
        ]
    );
    for run in &runs[3..] {
        let verify = run.verify_job_run.as_ref().unwrap();
        assert_eq!(verify.failure_cause, FailureCause::ExecutionFailed);
        assert!(verify.failure_message.contains("checks failed"));
        assert!(!verify.event_log_path.is_empty() && verify.artifact_uri.starts_with("gs://"));
    }
    assert_eq!(world.at(1_000_000_000).runs(&rollout), runs);
}

#[test]
fn a_controller_run_lasts_as_long_as_its_child_s_phase_and_ends_the_same() {
    let mut world = demo();
    let controller = world.rollout("fleet-config");
    let children = &world.rollouts_of("fleet-config")[1..];
    for at in [-700, -600, -400, 0, 1000] {
        world.at(at);
        for run in world.runs(&controller) {
            let child = run
                .create_child_rollout_job_run
                .as_ref()
                .or(run.advance_child_rollout_job_run.as_ref());
            let child = child.expect("a controller's run is about a child");
            let name: RolloutName = child.rollout.parse().unwrap();
            assert!(children.iter().any(|known| known.same_but_project(&name)));
            assert_eq!(child.rollout_phase_id, run.phase_id);
            let of_phase: Vec<JobRun> = world
                .runs(&name)
                .into_iter()
                .filter(|run| run.phase_id == child.rollout_phase_id)
                .collect();
            let Some(started) = instant(&run.start_time) else {
                assert!(of_phase.is_empty());
                continue;
            };
            for of_child in &of_phase {
                assert!(instant(&of_child.create_time) >= Some(started));
            }
            let last = of_phase
                .iter()
                .filter_map(|run| instant(&run.end_time))
                .max();
            match run.state {
                State::InProgress => assert_eq!(run.end_time, None),
                State::Succeeded => {
                    assert!(of_phase.iter().all(|run| run.state == State::Succeeded));
                    assert!(instant(&run.end_time) >= last);
                }
                State::Failed => {
                    assert_eq!(of_phase.last().unwrap().state, State::Failed);
                    assert!(instant(&run.end_time) >= last);
                }
                other => panic!("{other}"),
            }
        }
    }
    let states = |world: &mut World| -> Vec<State> {
        world
            .runs(&controller)
            .into_iter()
            .filter(|r| r.phase_id == "stable")
            .map(|r| r.state)
            .collect()
    };
    let mut now = states(world.at(0));
    now.sort();
    assert_eq!(
        now,
        [State::InProgress, State::Succeeded, State::Failed],
        "the demo shows one of each"
    );
    assert!(!states(world.at(1000)).contains(&State::InProgress));
}

#[test]
fn the_stuck_run_stays_in_the_queue() {
    let mut world = demo();
    let rollout = world.rollout("ledger-batch");
    let [run] = &world.runs(&rollout)[..] else {
        panic!("one run")
    };
    assert_eq!(
        (&run.state, &run.start_time, &run.end_time),
        (&State::InProgress, &None, &None)
    );
    let waiting = world
        .epoch
        .duration_since(instant(&run.create_time).unwrap());
    assert!((2390..=2400).contains(&waiting.as_secs()), "{waiting:?}");
    assert_eq!(world.at(100_000).runs(&rollout).len(), 1);
}

#[test]
fn a_pending_rollout_has_no_runs_and_no_field_that_says_so() {
    let mut world = demo();
    let rollout = world.rollout("notifications");
    assert_eq!(world.get(format!("{rollout}/jobRuns")).body, "{}");
}

// Terminate

#[test]
fn terminate_takes_a_run_through_terminating_to_terminated() {
    let mut world = demo();
    let rollout = world.rollout("checkout");
    let verify = world.runs(&rollout)[2].clone();
    let reply = world.at(10).terminate(&verify.name, "{}");
    assert_eq!((reply.status, reply.body.as_str()), (200, "{}"));

    let mut states = Vec::new();
    for at in [9, 10, 13, 14, 500] {
        let reply = world.at(at).get(&verify.name);
        let run: JobRun = serde_json::from_str(&reply.body).unwrap();
        assert_eq!(run.end_time.is_some(), run.state == State::Terminated);
        let details = run.verify_job_run.unwrap();
        assert!(details.failure_cause.is_unspecified() && !details.build.is_empty());
        states.push(run.state);
    }
    use State::*;
    assert_eq!(
        states,
        [InProgress, Terminating, Terminating, Terminated, Terminated]
    );
    // The job has failed, so there is no postdeploy, and no retry that nobody asked for.
    assert_eq!(world.runs(&rollout).len(), 3);

    for at in [11, 500] {
        let message = refused(
            &world.at(at).terminate(&verify.name, "{}"),
            400,
            "FAILED_PRECONDITION",
        );
        assert!(message.contains("IN_PROGRESS"), "{message}");
    }
}

#[test]
fn terminating_an_attempt_leaves_out_the_retries_that_the_script_has() {
    let mut world = demo();
    let rollout = world.rollout("payments-api");
    let runs = world.runs(&rollout);
    let during = instant(&runs[3].start_time)
        .unwrap()
        .duration_since(world.epoch)
        .as_secs()
        + 30;
    assert_eq!(world.at(during).terminate(&runs[3].name, "{}").status, 200);
    let after = world.at(0).runs(&rollout);
    assert_eq!(after[..3], runs[..3]);
    assert_eq!(story(&after[3..]), ["canary-50/verify TERMINATED"]);
}

#[test]
fn terminating_a_queued_run_leaves_it_without_a_start() {
    let mut world = demo();
    let rollout = world.rollout("checkout");
    let verify = world.runs(&rollout)[2].clone();
    let created = instant(&verify.create_time)
        .unwrap()
        .duration_since(world.epoch)
        .as_secs()
        + 1;
    assert_eq!(world.at(created).terminate(&verify.name, "").status, 200);
    let run = &world.at(60).runs(&rollout)[2];
    assert_eq!((&run.state, &run.start_time), (&State::Terminated, &None));
    assert_eq!(
        instant(&run.end_time),
        Some(world.epoch + SignedDuration::from_secs(created + 4))
    );
    assert_eq!(run.verify_job_run, Some(Default::default()));
}

#[test]
fn a_child_s_run_can_be_terminated_and_the_controller_s_cannot() {
    let mut world = demo();
    let [controller, .., asia] = &world.rollouts_of("fleet-config")[..] else {
        panic!("rollouts")
    };
    let advance = world
        .runs(controller)
        .into_iter()
        .find(|run| run.state == State::InProgress)
        .unwrap();
    let message = refused(
        &world.terminate(&advance.name, "{}"),
        400,
        "FAILED_PRECONDITION",
    );
    assert!(message.contains("child"), "{message}");

    let verify = world
        .runs(asia)
        .into_iter()
        .find(|run| run.state == State::InProgress)
        .unwrap();
    assert_eq!(world.terminate(&verify.name, "{}").status, 200);
    let reply = world.at(20).get(&advance.name);
    assert_eq!(
        serde_json::from_str::<JobRun>(&reply.body).unwrap().state,
        State::Failed
    );
}

#[test]
fn a_deploy_policy_forbids_to_terminate_until_it_is_overridden() {
    let policy = "projects/123456789012/locations/us-central1/deployPolicies/prod-change-freeze";
    let mut world = demo();
    let rollout = world.rollout("recommendations");
    let name = world.runs(&rollout)[1].name.clone();
    let other =
        r#"{"overrideDeployPolicy":["projects/demo/locations/us-central1/deployPolicies/other"]}"#;
    for body in ["{}", r#"{"overrideDeployPolicy":[]}"#, other] {
        let reply = world.terminate(&name, body);
        refused(&reply, 400, "FAILED_PRECONDITION");
        let body: Value = serde_json::from_str(&reply.body).unwrap();
        let detail = &body["error"]["details"][0];
        assert_eq!(
            detail["@type"],
            "type.googleapis.com/google.cloud.deploy.v1.PolicyViolation"
        );
        let violation = &detail["policyViolationDetails"][0];
        assert_eq!(violation["policy"], policy);
        assert!(violation["ruleId"].is_string() && violation["failureMessage"].is_string());
    }
    for policy in [policy.to_owned(), policy.replace("123456789012", "demo")] {
        let mut world = demo();
        let body = json!({ "overrideDeployPolicy": [policy] }).to_string();
        assert_eq!(world.terminate(&name, &body).body, "{}");
    }
}

#[test]
fn what_is_wrong_with_a_terminate_call_is_said_and_changes_nothing() {
    let mut world = demo();
    let rollout = world.rollout("checkout");
    let verify = world.runs(&rollout)[2].name.clone();
    let before = world.get(&verify).body;
    for body in [
        "{",
        "[]",
        "null",
        "7",
        "\"x\"",
        "{}{}",
        "overrideDeployPolicy",
        r#"{"overrideDeployPolicy":"x"}"#,
        r#"{"overrideDeployPolicy":[1]}"#,
        r#"{"force":true}"#,
    ] {
        refused(&world.terminate(&verify, body), 400, "INVALID_ARGUMENT");
    }
    refused(
        &world.send(
            Method::Post,
            format!("/v1/{verify}:terminate?force=true"),
            None,
        ),
        400,
        "INVALID_ARGUMENT",
    );
    let unknown = format!("{}x", verify);
    refused(&world.terminate(&unknown, "{}"), 404, "NOT_FOUND");
    // A run that has not begun yet does not exist yet.
    let postdeploy = world.at(300).runs(&rollout)[3].name.clone();
    refused(&world.at(0).terminate(&postdeploy, "{}"), 404, "NOT_FOUND");
    refused(&world.get(&postdeploy), 404, "NOT_FOUND");
    assert_eq!(world.get(&verify).body, before);
    // What is good about others.
    let reply = world.send(
        Method::Post,
        format!("/v1/{verify}:terminate?%24alt=json&key=k"),
        None,
    );
    assert_eq!(reply.status, 200);
}

// Ids, etags and times

#[test]
fn ids_have_the_api_s_form_and_are_the_same_after_a_reload() {
    let mut world = demo();
    let mut later = World {
        sim: Sim::world(Project::STAND_IN, epoch() + SignedDuration::from_hours(99)),
        ..demo()
    };
    later.epoch += SignedDuration::from_hours(99);
    let mut seen = HashSet::new();
    let rollouts: Vec<RolloutName> = world
        .sim
        .rollouts()
        .iter()
        .map(|plan| plan.name.clone())
        .collect();
    for rollout in rollouts {
        let runs = world.list(&rollout, "pageSize=1000");
        let elsewhere = RolloutName {
            project: "standin-project".to_owned(),
            ..rollout.clone()
        };
        assert_eq!(
            ids(&runs),
            ids(&later.list(&elsewhere, "pageSize=1000")),
            "{rollout}"
        );
        for run in runs {
            let name: JobRunName = text(&run, "name").parse().unwrap();
            assert_eq!(
                name.rollout.project, "123456789012",
                "names are by the number"
            );
            assert!(name.rollout.same_but_project(&rollout));
            let lengths: Vec<usize> = name.job_run.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12]);
            assert_eq!(&name.job_run[14..15], "4", "a UUID of version 4");
            assert!("89ab".contains(&name.job_run[19..20]));
            let hex = |text: &str, length| {
                text.len() == length
                    && text
                        .bytes()
                        .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            };
            assert!(hex(&name.job_run.replace('-', ""), 32));
            assert!(hex(text(&run, "uid"), 32) && hex(text(&run, "etag"), 16));
            assert!(seen.insert(name.job_run), "an id comes twice");
            assert!(
                seen.insert(text(&run, "uid").to_owned()),
                "a uid comes twice"
            );
        }
    }
    assert!(seen.len() > 200);
}

#[test]
fn an_etag_changes_whenever_its_run_does_and_only_then() {
    let mut world = demo();
    let rollouts: Vec<RolloutName> = world
        .sim
        .rollouts()
        .iter()
        .filter(|plan| plan.live)
        .map(|plan| plan.name.clone())
        .collect();
    assert!(rollouts.len() >= 4);
    let mut changes = 0;
    for rollout in rollouts {
        let mut by_content: BTreeMap<String, String> = BTreeMap::new();
        let mut by_etag: BTreeMap<String, String> = BTreeMap::new();
        for at in (-120..900).step_by(11) {
            if at > 300
                && let Some(run) = world
                    .at(at)
                    .runs(&rollout)
                    .iter()
                    .find(|r| r.state == State::InProgress)
            {
                let name = run.name.clone();
                world.terminate(&name, "{}");
            }
            for mut run in world.at(at).list(&rollout, "pageSize=1000") {
                let etag = run["etag"].take().as_str().unwrap().to_owned();
                let content = run.to_string();
                changes += usize::from(!by_content.contains_key(&content));
                assert_eq!(
                    by_content.entry(content.clone()).or_insert(etag.clone()),
                    &etag
                );
                assert_eq!(by_etag.entry(etag).or_insert(content.clone()), &content);
            }
        }
    }
    assert!(changes > 30, "{changes}");
}

#[test]
fn times_mix_precisions_as_real_ones_do() {
    let mut world = many(600);
    let rollout = world.rollout("sensor-fleet");
    let digits = |texts: Vec<Option<String>>| -> BTreeSet<usize> {
        let texts = texts.into_iter().flatten();
        texts
            .map(|text| text.split_once('.').map_or(0, |(_, rest)| rest.len() - 1))
            .collect()
    };
    let runs = world.runs(&rollout);
    assert!(
        digits(runs.iter().map(|run| run.create_time.clone()).collect())
            .is_superset(&[0, 6].into())
    );
    assert!(
        digits(runs.iter().map(|run| run.start_time.clone()).collect()).is_superset(&[0, 9].into())
    );
}

// The all-variants rollout

#[test]
fn all_variants_has_every_variant_in_every_state_and_every_cause_that_the_api_documents() {
    use FailureCause::*;
    let mut world = demo();
    let rollout = world.rollout("museum");
    let runs = world.runs(&rollout);
    let variant = |run: &JobRun| {
        [
            run.predeploy_job_run.is_some(),
            run.deploy_job_run.is_some(),
            run.verify_job_run.is_some(),
            run.analysis_job_run.is_some(),
            run.postdeploy_job_run.is_some(),
            run.create_child_rollout_job_run.is_some(),
            run.advance_child_rollout_job_run.is_some(),
        ]
    };
    for index in 0..7 {
        for state in State::KNOWN {
            assert!(
                runs.iter()
                    .any(|run| variant(run)[index] && run.state == *state),
                "no variant {index} in {state}"
            );
        }
    }
    let causes = |cause: &dyn Fn(&JobRun) -> Option<FailureCause>| -> BTreeSet<String> {
        let causes = runs.iter().filter_map(cause);
        causes
            .filter(|cause| FailureCause::KNOWN.contains(cause))
            .map(|cause| cause.to_string())
            .collect()
    };
    let all = |causes: &[FailureCause]| -> BTreeSet<String> {
        [
            Unspecified,
            CloudBuildUnavailable,
            ExecutionFailed,
            DeadlineExceeded,
            CloudBuildRequestFailed,
        ]
        .iter()
        .chain(causes)
        .map(ToString::to_string)
        .collect()
    };
    let deploy = causes(&|run| Some(run.deploy_job_run.clone()?.failure_cause));
    assert_eq!(
        deploy,
        all(&[MissingResourcesForCanary, DeployFeatureNotSupported])
    );
    assert_eq!(
        causes(&|run| Some(run.verify_job_run.clone()?.failure_cause)),
        all(&[VerificationConfigNotFound])
    );
    assert_eq!(
        causes(&|run| Some(run.predeploy_job_run.clone()?.failure_cause)),
        all(&[])
    );
    assert_eq!(
        causes(&|run| Some(run.postdeploy_job_run.clone()?.failure_cause)),
        all(&[])
    );
    let check = |run: &JobRun| {
        Some(
            run.analysis_job_run.clone()?.custom_check_analyses[0]
                .failure_cause
                .clone(),
        )
    };
    assert_eq!(causes(&check), all(&[]));
}

#[test]
fn all_variants_has_what_should_not_be() {
    let mut world = demo();
    let rollout = world.rollout("museum");
    let reply = world.get(format!("{rollout}/jobRuns?pageSize=1000"));
    let page = Items::from_json(&reply.body, "jobRuns").unwrap();
    assert_eq!(
        page.unreachable,
        ["projects/123456789012/locations/us-east7"]
    );
    assert_eq!(
        page.raw
            .iter()
            .filter(|raw| Record::from_json(raw).run.is_err())
            .count(),
        1,
        "one cannot be read"
    );

    let runs = world.list(&rollout, "pageSize=1000");
    let exhibit = |job: &str| {
        runs.iter()
            .find(|run| run["jobId"] == job)
            .unwrap_or_else(|| panic!("{job}"))
    };
    let absent =
        |job: &str, field: &str| assert!(exhibit(job).get(field).is_none(), "{job} has {field}");
    absent("never-started", "startTime");
    for field in ["createTime", "startTime", "endTime"] {
        absent("no-times", field);
    }
    absent("no-create-time", "createTime");
    absent("failed-without-end", "endTime");
    absent("state-unspecified", "state");
    assert_eq!(exhibit("no-times-no-state")["state"], "STATE_UNSPECIFIED");
    let backwards = exhibit("end-before-start");
    assert!(time::parse(text(backwards, "endTime")) < time::parse(text(backwards, "startTime")));
    assert!(time::parse(text(exhibit("unreadable-time"), "endTime")).is_err());
    assert_eq!(exhibit("unknown-state")["state"], "PAUSED_BY_POLICY");
    assert_eq!(
        exhibit("unknown-cause")["deployJobRun"]["failureCause"],
        "BUDGET_EXHAUSTED"
    );
    assert_eq!(exhibit("unknown-field")["riskAssessment"]["level"], "LOW");
    assert!(exhibit("unknown-variant")["chaosJobRun"].is_object());
    let two = exhibit("two-variants");
    assert!(two["deployJobRun"].is_object() && two["verifyJobRun"].is_object());
    assert!(
        exhibit("no-variant")
            .as_object()
            .unwrap()
            .keys()
            .all(|key| !key.ends_with("JobRun"))
    );
    assert!(exhibit("html").to_string().contains("<script>"));
    assert!(exhibit("controls").to_string().contains('\u{202e}'));
    for run in &runs {
        let again: Value = serde_json::from_str(&world.get(text(run, "name")).body).unwrap();
        assert_eq!(&again, run, "get and list agree");
    }
}

#[test]
fn a_run_of_all_variants_that_is_in_progress_can_be_terminated() {
    let mut world = demo();
    let rollout = world.rollout("museum");
    let name = world
        .runs(&rollout)
        .into_iter()
        .find(|run| run.state == State::InProgress)
        .unwrap()
        .name;
    assert_eq!(world.terminate(&name, "{}").status, 200);
    let read = |world: &mut World| serde_json::from_str::<JobRun>(&world.get(&name).body).unwrap();
    assert_eq!(read(world.at(1)).state, State::Terminating);
    let run = read(world.at(5));
    assert_eq!(
        (run.state, run.end_time.is_some()),
        (State::Terminated, true)
    );
}

#[test]
fn the_world_is_described_for_people() {
    let world = demo();
    for plan in world.sim.rollouts() {
        assert_eq!(
            (plan.name.project.as_str(), plan.name.location.as_str()),
            ("demo", "us-central1")
        );
        assert!(!plan.title.is_empty(), "{}", plan.name);
        if let Some(parent) = plan.parent {
            assert!(world.sim.rollouts()[parent].is_controller());
        }
    }
    let names: HashSet<_> = world
        .sim
        .rollouts()
        .iter()
        .map(|plan| plan.name.to_string())
        .collect();
    assert_eq!(names.len(), world.sim.rollouts().len());
    // The start page speaks of them before it loads the world.
    let said = told::ROLLOUTS
        .iter()
        .map(|rollout| (rollout.name(), rollout.title, rollout.live));
    let is = world
        .sim
        .rollouts()
        .iter()
        .filter(|plan| plan.parent.is_none());
    let is = is.map(|plan| (plan.name.clone(), plan.title, plan.live));
    assert_eq!(said.collect::<Vec<_>>(), is.collect::<Vec<_>>());
}

// Pages

#[test]
fn all_pages_are_all_runs_in_order_and_none_comes_twice() {
    for count in [0, 1, 2, 49, 50, 51, 1000, 1001, 2345] {
        let mut world = many(count);
        let rollout = world.rollout("sensor-fleet");
        let all = world.list(&rollout, "");
        assert_eq!(all.len(), count);
        assert_eq!(ids(&all).into_iter().collect::<HashSet<_>>().len(), count);
        let created: Vec<_> = all
            .iter()
            .map(|run| time::parse(text(run, "createTime")).unwrap())
            .collect();
        assert!(created.is_sorted_by(|a, b| a >= b), "newest first");
        for size in [1, 7, 999, 1000, 1001, i32::MAX] {
            if count / size as usize <= 400 {
                assert_eq!(
                    ids(&world.list(&rollout, &format!("pageSize={size}"))),
                    ids(&all),
                    "{size}"
                );
            }
        }
    }
}

#[test]
fn a_page_has_as_many_runs_as_asked_within_limits() {
    let mut world = many(1500);
    let rollout = world.rollout("sensor-fleet");
    let mut length = |query: &str| {
        let reply = world.get(format!("{rollout}/jobRuns?{query}"));
        Items::from_json(&reply.body, "jobRuns").unwrap().raw.len()
    };
    for (query, expected) in [
        ("", 50),
        ("pageSize=0", 50),
        ("pageSize=3", 3),
        ("page_size=3", 3),
        ("pageSize=1000", 1000),
    ] {
        assert_eq!(length(query), expected, "{query}");
    }
    assert_eq!(length("pageSize=1001"), 1000);
    for size in ["-1", "x", "1.5", "99999999999", "%20"] {
        refused(
            &world.get(format!("{rollout}/jobRuns?pageSize={size}")),
            400,
            "INVALID_ARGUMENT",
        );
    }
}

#[test]
fn pages_show_one_moment_even_when_runs_begin_between_them() {
    let mut world = demo();
    let rollout = world.rollout("checkout");
    let all = ids(&world.list(&rollout, ""));
    let page = |world: &mut World, token: &str| -> (Vec<String>, String) {
        let reply = world.get(format!("{rollout}/jobRuns?pageSize=2&pageToken={token}"));
        let page: Value = serde_json::from_str(&reply.body).unwrap();
        (
            ids(page["jobRuns"].as_array().unwrap()),
            text(&page, "nextPageToken").to_owned(),
        )
    };
    let (first, token) = page(&mut world, "");
    let (second, end) = page(world.at(300), &token);
    assert_eq!([first, second].concat(), all);
    assert_eq!(end, "");
}

#[test]
fn a_page_token_is_good_for_the_call_that_it_came_from_only() {
    let mut world = many(200);
    let rollout = world.rollout("sensor-fleet");
    let query = "pageSize=5&filter=state%3DSUCCEEDED&orderBy=createTime";
    let reply = world.get(format!("{rollout}/jobRuns?{query}"));
    let token = Items::from_json(&reply.body, "jobRuns")
        .unwrap()
        .next_page_token;
    assert!(!token.is_empty());
    let mut ask = |query: &str, token: &str| {
        world.get(format!("{rollout}/jobRuns?{query}&pageToken={token}"))
    };
    assert_eq!(ask(query, &token).status, 200);
    assert_eq!(ask(&format!("{query}&alt=json"), &token).status, 200);
    for other in [
        "pageSize=6&filter=state%3DSUCCEEDED&orderBy=createTime",
        "pageSize=5&filter=state%3DFAILED&orderBy=createTime",
        "pageSize=5&filter=state%3DSUCCEEDED",
        "",
    ] {
        refused(&ask(other, &token), 400, "INVALID_ARGUMENT");
    }
    let mut changed = token.clone().into_bytes();
    changed[15] ^= 1;
    let shorter = &token[1..];
    let longer = format!("{token}0");
    for garbage in [
        "x",
        "0",
        shorter,
        &longer,
        std::str::from_utf8(&changed).unwrap(),
        "%00",
        "é",
        &"f".repeat(48),
    ] {
        refused(&ask(query, garbage), 400, "INVALID_ARGUMENT");
    }
    let mut world = demo();
    let other = world.rollout("payments-api");
    refused(
        &world.get(format!("{other}/jobRuns?{query}&pageToken={token}")),
        400,
        "INVALID_ARGUMENT",
    );
}

#[test]
fn a_hundred_thousand_runs_are_no_trouble() {
    let mut world = many(100_000);
    let rollout = world.rollout("sensor-fleet");
    let first = world.get(format!("{rollout}/jobRuns?pageSize=1000"));
    assert_eq!(
        Items::from_json(&first.body, "jobRuns").unwrap().raw.len(),
        1000
    );
    let filtered = world.list(&rollout, "pageSize=1000&filter=phaseId%3Dwave-00077");
    assert!((4..=8).contains(&filtered.len()));
}

// Filter and order

/// The job ids of the all-variants rollout's runs that a filter lets through, in the order of the plan.
fn filtered(world: &mut World, rollout: &RolloutName, filter: &str) -> Vec<String> {
    let runs = world.list(
        rollout,
        &format!("pageSize=1000&filter={}", percent_encode(filter)),
    );
    runs.iter()
        .rev()
        .map(|run| format!("{}/{}", text(run, "phaseId"), text(run, "jobId")))
        .collect()
}

#[test]
fn filters_mean_what_aip_160_says() {
    let mut world = demo();
    let rollout = world.rollout("payments-api");
    let d25 = "canary-25/deploy";
    let v25 = "canary-25/verify";
    let d50 = "canary-50/deploy";
    let v50 = "canary-50/verify";
    let all = vec![d25, v25, d50, v50, v50, v50];
    let table: Vec<(&str, Vec<&str>)> = vec![
        ("", all.clone()),
        ("   ", all.clone()),
        ("state=FAILED", vec![v50, v50, v50]),
        ("state = \"FAILED\"", vec![v50, v50, v50]),
        ("state='FAILED'", vec![v50, v50, v50]),
        ("State=FAILED", vec![v50, v50, v50]),
        ("state=failed", vec![]),
        ("state!=FAILED", vec![d25, v25, d50]),
        ("-state=FAILED", vec![d25, v25, d50]),
        ("NOT state=FAILED", vec![d25, v25, d50]),
        ("phaseId=canary-25 AND jobId=deploy", vec![d25]),
        ("phase_id=canary-25 job_id=deploy", vec![d25]),
        ("PhaseId=\"canary-25\" JobId=\"deploy\"", vec![d25]),
        ("phaseId=canary-25 OR jobId=deploy", vec![d25, v25, d50]),
        // OR binds tighter than AND.
        (
            "jobId=deploy AND phaseId=canary-25 OR phaseId=canary-50",
            vec![d25, d50],
        ),
        (
            "(jobId=deploy AND phaseId=canary-25) OR phaseId=canary-50",
            vec![d25, d50, v50, v50, v50],
        ),
        ("NOT (jobId=deploy OR phaseId=canary-50)", vec![v25]),
        ("phaseId=canary*", all.clone()),
        ("phaseId=*25", vec![d25, v25]),
        ("phaseId=*nary-2*", vec![d25, v25]),
        ("phaseId:CANARY-2", vec![d25, v25]),
        ("phaseId<canary-50", vec![d25, v25]),
        ("phaseId>=canary-50", vec![d50, v50, v50, v50]),
        ("deployJobRun:*", vec![d25, d50]),
        ("-deployJobRun:*", vec![v25, v50, v50, v50]),
        (
            "verifyJobRun.failureCause=EXECUTION_FAILED",
            vec![v50, v50, v50],
        ),
        (
            "verify_job_run.failure_cause=FAILURE_CAUSE_UNSPECIFIED",
            vec![v25],
        ),
        (
            "verifyJobRun.failureMessage:\"connection refused\"",
            vec![v50],
        ),
        ("verifyJobRun.metadata.custom.values:error-rate", vec![v25]),
        (
            "verifyJobRun.metadata.custom.values.error-rate=\"0.02 %\"",
            vec![v25],
        ),
        ("deployJobRun.artifact.manifestPaths:canary-50", vec![d50]),
        (
            "deployJobRun.artifact.manifestPaths=\"canary-25/manifest.yaml\"",
            vec![d25],
        ),
        ("verifyJobRun.failureMessage=\"\"", vec![d25, v25, d50]),
        ("endTime:*", all.clone()),
        ("createTime<\"2026-11-23T10:05:00Z\"", vec![d25, v25]),
        ("createTime<2026-11-23T12:05:00+02:00", vec![d25, v25]),
        ("createTime>=2026-11-23T10:05:00Z jobId=deploy", vec![d50]),
        ("refused", vec![v50]),
        ("\"connection refused\"", vec![v50]),
        ("-refused phaseId=canary-50", vec![d50, v50, v50]),
        ("(((state=FAILED)))", vec![v50, v50, v50]),
        ("jobId=\"dep\\loy\"", vec![d25, d50]),
    ];
    for (filter, expected) in table {
        assert_eq!(filtered(&mut world, &rollout, filter), expected, "{filter}");
    }
    let all_variants = world.rollout("museum");
    let unspecified = filtered(&mut world, &all_variants, "state=STATE_UNSPECIFIED");
    assert_eq!(unspecified.len(), 8, "absent or said");
    assert_eq!(
        filtered(&mut world, &all_variants, "state=PAUSED_BY_POLICY"),
        ["newer-api/unknown-state"]
    );
    let checks = "analysisJobRun.customCheckAnalyses.failureCause=DEADLINE_EXCEEDED";
    assert_eq!(
        filtered(&mut world, &all_variants, checks),
        ["analysis/deadline-exceeded"]
    );
    assert_eq!(
        filtered(&mut world, &all_variants, "-createTime:*").len(),
        3
    );
}

#[test]
fn a_bad_filter_is_refused_with_the_position_of_what_is_wrong() {
    let mut world = demo();
    let rollout = world.rollout("checkout");
    for (filter, position, reason) in [
        ("state=", 7, "value"),
        ("state=FAILED AND", 17, "condition"),
        ("AND state=FAILED", 1, "condition"),
        ("state=FAILED OR OR jobId=x", 17, "condition"),
        ("(state=FAILED", 14, "missing"),
        ("state=FAILED)", 13, "matching"),
        ("()", 2, "condition"),
        ("colour=blue", 1, "colour"),
        ("jobId=x colour.deep=blue", 9, "colour"),
        ("state=\"FAILED", 7, "quote"),
        ("createTime>yesterday", 12, "time"),
        ("createTime= *", 13, "time"),
        ("=FAILED", 1, "field"),
        ("state==FAILED", 7, "value"),
        ("deployJobRun..build=x", 1, "field"),
        ("size(jobId)=3", 5, "functions"),
        ("jobId=é AND (", 14, "condition"),
        ("state=FAILED | jobId=x", 14, "field"),
    ] {
        let reply = world.get(format!(
            "{rollout}/jobRuns?filter={}",
            percent_encode(filter)
        ));
        let message = refused(&reply, 400, "INVALID_ARGUMENT");
        assert!(
            message.contains(&format!("at character {position}.")),
            "{filter}: {message}"
        );
        assert!(message.contains(reason), "{filter}: {message}");
    }
    for deep in [
        "(".repeat(100_000),
        format!("{}state=FAILED{}", "(".repeat(33), ")".repeat(33)),
    ] {
        refused(
            &world.get(format!("{rollout}/jobRuns?filter={deep}")),
            400,
            "INVALID_ARGUMENT",
        );
    }
    let fine = format!("{}state=FAILED{}", "(".repeat(32), ")".repeat(32));
    assert_eq!(
        world.get(format!("{rollout}/jobRuns?filter={fine}")).status,
        200
    );
}

#[test]
fn orders_sort_by_any_field() {
    let mut world = demo();
    let rollout = world.rollout("museum");
    let all = world.list(&rollout, "");
    for (order, fields) in [
        ("createTime", vec![("createTime", false)]),
        ("CreateTime desc", vec![("createTime", true)]),
        ("create_time asc", vec![("createTime", false)]),
        (
            "state, createTime desc",
            vec![("state", false), ("createTime", true)],
        ),
        (
            "phaseId desc,jobId",
            vec![("phaseId", true), ("jobId", false)],
        ),
        ("endTime DESC", vec![("endTime", true)]),
    ] {
        let sorted = world.list(
            &rollout,
            &format!("pageSize=9&orderBy={}", percent_encode(order)),
        );
        let mut expected = all.clone();
        // The server's own order decides among equals, since sort_by is stable.
        expected.sort_by(|a, b| {
            fields
                .iter()
                .fold(std::cmp::Ordering::Equal, |so_far, (field, descending)| {
                    let key = |run: &Value| match text(run, field) {
                        value if field.ends_with("Time") => {
                            (time::parse(value).ok(), String::new())
                        }
                        "" if *field == "state" => (None, "STATE_UNSPECIFIED".to_owned()),
                        value => (None, value.to_owned()),
                    };
                    let order = key(a).cmp(&key(b));
                    so_far.then(if *descending { order.reverse() } else { order })
                })
        });
        assert_eq!(ids(&sorted), ids(&expected), "{order}");
    }
    for bad in [
        "colour",
        "createTime down",
        "createTime desc desc",
        ",",
        "createTime,",
        "desc",
    ] {
        let reply = world.get(format!("{rollout}/jobRuns?orderBy={}", percent_encode(bad)));
        refused(&reply, 400, "INVALID_ARGUMENT");
    }
}

// Requests

#[test]
fn a_rollout_is_known_by_the_project_s_id_and_number() {
    let mut world = demo();
    let by_id = world.rollout("checkout");
    let by_number = RolloutName {
        project: "123456789012".to_owned(),
        ..by_id.clone()
    };
    assert_eq!(world.list(&by_id, ""), world.list(&by_number, ""));
    for other in [
        RolloutName {
            project: "123456789013".to_owned(),
            ..by_id.clone()
        },
        RolloutName {
            location: "us-east1".to_owned(),
            ..by_id.clone()
        },
        RolloutName {
            rollout: "-".to_owned(),
            ..by_id.clone()
        },
    ] {
        let message = refused(&world.get(format!("{other}/jobRuns")), 404, "NOT_FOUND");
        assert!(message.contains(&other.to_string()), "{message}");
        refused(&world.get(format!("{other}/jobRuns/x")), 404, "NOT_FOUND");
    }
}

#[test]
fn google_s_common_parameters_are_let_be_and_others_refused() {
    let mut world = demo();
    let rollout = world.rollout("checkout");
    let plain = world.get(format!("{rollout}/jobRuns")).body;
    for query in [
        "alt=json",
        "%24alt=json%3Benum-encoding%3Dint",
        "$alt=json;enum-encoding=int",
        "prettyPrint=false",
        "key=k&access_token=t&quotaUser=u&fields=jobRuns(name)&$.xgafv=2&upload_protocol=x",
        "x-goog-user-project=p",
        "&&",
        "filter=&orderBy=&pageToken=&pageSize=",
    ] {
        assert_eq!(
            world.get(format!("{rollout}/jobRuns?{query}")).body,
            plain,
            "{query}"
        );
    }
    for query in ["colour=blue", "pagesize=3", "Filter=x"] {
        let message = refused(
            &world.get(format!("{rollout}/jobRuns?{query}")),
            400,
            "INVALID_ARGUMENT",
        );
        assert!(message.contains("Unknown name"), "{message}");
    }
    let run = world.runs(&rollout)[0].name.clone();
    refused(
        &world.get(format!("{run}?pageSize=3")),
        400,
        "INVALID_ARGUMENT",
    );
    // As forms and Python write a space.
    let reply = world.get(format!(
        "{rollout}/jobRuns?filter=jobId%3Ddeploy+AND+state%3DSUCCEEDED"
    ));
    assert_eq!(
        Items::from_json(&reply.body, "jobRuns").unwrap().raw.len(),
        1
    );
}

#[test]
fn a_path_that_is_no_method_gets_google_s_page_for_people() {
    let mut world = demo();
    let rollout = world.rollout("checkout");
    let run = world.runs(&rollout)[2].name.clone();
    let gets = [
        String::new(),
        "projects/demo".to_owned(),
        "projects/demo/targets".to_owned(),
        "projects/demo/locations/us-central1/targets/prod/releases".to_owned(),
        "projects/demo/locations/us-central1/rollouts".to_owned(),
        "projects//locations".to_owned(),
        format!("{rollout}:retryJob"),
        format!("{rollout}/jobRuns/"),
        format!("{rollout}/jobRuns:terminate"),
        format!("{rollout}/automationRuns"),
        format!("{run}:terminate"),
        format!("{run}:"),
        format!("{run}/x"),
        format!("/{run}"),
    ];
    let mut replies: Vec<(String, Reply)> = gets
        .iter()
        .filter(|path| !path.ends_with(':'))
        .map(|path| (path.clone(), world.get(path)))
        .collect();
    for path in [
        run.clone(),
        format!("{rollout}/jobRuns"),
        format!("{run}:retry"),
        rollout.to_string(),
        format!("{rollout}:terminate"),
        format!("{run}:cancel"),
        format!("{}:cancel", rollout.release_name()),
    ] {
        let reply = world.send(Method::Post, format!("/v1/{path}"), Some("{}"));
        replies.push((path, reply));
    }
    replies.push((
        "v2".to_owned(),
        world.send(Method::Get, format!("/v2/{run}"), None),
    ));
    for (path, reply) in replies {
        assert_eq!(reply.status, 404, "{path}");
        assert!(
            reply.content_type.starts_with("text/html"),
            "{path}: {}",
            reply.body
        );
    }
}

#[test]
fn an_id_that_was_encoded_is_still_an_id() {
    let mut world = demo();
    let rollout = world.rollout("checkout");
    let message = refused(
        &world.get(format!("{rollout}/jobRuns/a%2Fb%3Aterminate%3F")),
        404,
        "NOT_FOUND",
    );
    assert!(message.contains("a/b:terminate?"), "{message}");
}

// Whatever comes in

/// A filter as a tree, written out with all its parentheses.
#[derive(Clone, Debug)]
enum Tree {
    Test(&'static str, &'static str, String),
    Not(Box<Tree>),
    And(Box<Tree>, Box<Tree>),
    Or(Box<Tree>, Box<Tree>),
}

impl Tree {
    fn write(&self) -> String {
        match self {
            Self::Test(field, operator, value) => {
                format!("{field}{operator}{}", Value::from(value.as_str()))
            }
            Self::Not(inner) => format!("NOT ({})", inner.write()),
            Self::And(a, b) => format!("({}) AND ({})", a.write(), b.write()),
            Self::Or(a, b) => format!("({}) OR ({})", a.write(), b.write()),
        }
    }

    fn holds(&self, run: &Value) -> bool {
        match self {
            Self::Not(inner) => !inner.holds(run),
            Self::And(a, b) => a.holds(run) && b.holds(run),
            Self::Or(a, b) => a.holds(run) || b.holds(run),
            Self::Test(field, operator, value) => {
                let order = if field.ends_with("Time") {
                    let value = time::parse(value).unwrap();
                    match time::parse(text(run, field)) {
                        Ok(found) => found.cmp(&value),
                        Err(_) => return *operator == "!=",
                    }
                } else {
                    match (text(run, field), *field) {
                        ("", "state") => "STATE_UNSPECIFIED",
                        (found, _) => found,
                    }
                    .cmp(value)
                };
                match *operator {
                    "=" => order.is_eq(),
                    "!=" => order.is_ne(),
                    "<" => order.is_lt(),
                    "<=" => order.is_le(),
                    ">" => order.is_gt(),
                    ">=" => order.is_ge(),
                    other => unreachable!("{other}"),
                }
            }
        }
    }
}

fn trees() -> impl Strategy<Value = Tree> {
    let operator = prop::sample::select(vec!["=", "!=", "<", "<=", ">", ">="]);
    let states = State::KNOWN
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>();
    let test = (0..4usize, operator, prop::sample::select(states), 0..30i64).prop_map(
        |(field, operator, state, hour)| {
            let at = to_hours(hour);
            match field {
                0 => Tree::Test("state", operator, state),
                1 => Tree::Test("createTime", operator, at),
                2 => Tree::Test("endTime", operator, at),
                _ => Tree::Test(
                    "phaseId",
                    operator,
                    ["deploy", "verify", "odd-times"][hour as usize % 3].to_owned(),
                ),
            }
        },
    );
    test.prop_recursive(4, 16, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| Tree::Not(Box::new(a))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Tree::And(Box::new(a), Box::new(b))),
            (inner.clone(), inner).prop_map(|(a, b)| Tree::Or(Box::new(a), Box::new(b))),
        ]
    })
}

fn to_hours(hours: i64) -> String {
    time::to_rfc3339(epoch() - SignedDuration::from_hours(hours))
}

/// Pieces that filters are made of, in any order, and a little noise.
fn filterish() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "state",
            "createTime",
            "deployJobRun.",
            "=",
            "!=",
            "<",
            ":",
            "(",
            ")",
            "AND",
            "OR",
            "NOT",
            "-",
            "\"",
            "'",
            "\\",
            " ",
            "*",
            ".",
            "FAILED",
            "2026-11-24T00:00:00Z",
            ",",
            " desc",
            "é",
            "\u{0}",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,3}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn filters_agree_with_a_plain_evaluation(tree in trees()) {
        let mut world = demo();
        let rollout = world.rollout("museum");
        let all = world.list(&rollout, "pageSize=1000");
        let expected: Vec<Value> = all.into_iter().filter(|run| tree.holds(run)).collect();
        let found = world.list(&rollout, &format!("pageSize=1000&filter={}", percent_encode(&tree.write())));
        prop_assert_eq!(ids(&found), ids(&expected), "{}", tree.write());
    }

    #[test]
    fn no_filter_or_order_makes_it_panic(filter in filterish(), order in filterish(), size in any::<i64>()) {
        let mut world = demo();
        let rollout = world.rollout("payments-api");
        let (filter, order) = (percent_encode(&filter), percent_encode(&order));
        for query in [
            format!("filter={filter}"),
            format!("orderBy={order}"),
            format!("pageSize={size}&filter={filter}&orderBy={order}&pageToken={filter}"),
        ] {
            let reply = world.get(format!("{rollout}/jobRuns?{query}"));
            prop_assert!(matches!(reply.status, 200 | 400), "{}", reply.status);
            prop_assert!(serde_json::from_str::<Value>(&reply.body).is_ok());
        }
    }

    #[test]
    fn no_request_makes_it_panic(
        path in "(/?v1/)?(projects/demo/locations/us-central1/deliveryPipelines/checkout/releases/rel-20261120-3f9c2d1/rollouts/rel-20261120-3f9c2d1-to-prod-0001)?(/jobRuns)?(/\\PC{0,8})?(:terminate|:retryJob|:advance|:approve|:cancel|:|%|\\PC{0,4})?(\\?\\PC{0,30})?",
        body in prop::option::of("(\\{\"overrideDeployPolicy\":)?\\PC{0,20}|\\{\"phaseId\":\"stable\"(,\"jobId\":\"verify\")?\\}|\\{\\}"),
        post in any::<bool>(),
        seconds in any::<i64>(),
        epoch in any::<i64>(),
    ) {
        let any_time = |seconds: i64| Timestamp::from_second(seconds % 200_000_000_000).unwrap();
        let mut sim = Sim::demo(any_time(epoch));
        let method = if post { Method::Post } else { Method::Get };
        let reply = sim.handle(any_time(seconds), &Request { method, path_and_query: path, body });
        prop_assert!((200..500).contains(&reply.status));
    }
}

#[test]
fn no_time_makes_it_panic() {
    let ends = [
        Timestamp::MIN,
        Timestamp::UNIX_EPOCH,
        epoch(),
        Timestamp::MAX,
    ];
    for epoch in ends {
        for now in ends {
            let mut world = World {
                sim: Sim::demo(epoch),
                epoch: now,
                now: 0,
            };
            world.sim.add_large_rollout(epoch, 50);
            let rollouts: Vec<RolloutName> = world
                .sim
                .rollouts()
                .iter()
                .map(|plan| plan.name.clone())
                .collect();
            for rollout in rollouts {
                let live = world
                    .runs(&rollout)
                    .into_iter()
                    .find(|run| run.state == State::InProgress);
                if let Some(run) = live {
                    world.terminate(&run.name, "{}");
                    world.runs(&rollout);
                }
            }
        }
    }
}

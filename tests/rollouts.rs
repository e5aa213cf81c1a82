//! The simulated Cloud Deploy as a browser of rollouts sees it: through the viewer's own client.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use futures::FutureExt;
use jobrun_viewer::api::client::{Client, for_each_page_of};
use jobrun_viewer::api::error::{ApiError, RefusalKind};
use jobrun_viewer::api::http::{Method, Reply, Request};
use jobrun_viewer::api::job_run::{JobRun, State};
use jobrun_viewer::api::json::unknown_fields;
use jobrun_viewer::api::message::read_object;
use jobrun_viewer::api::resources::{DeliveryPipeline, Location, Release, RenderState, Target};
use jobrun_viewer::api::rollout::{
    ApprovalState, DeployFailureCause, JobState, PhaseState, Rollout, RolloutState,
};
use jobrun_viewer::api::source::{Actions, Collection, ListQuery, RolloutAction, RunSource};
use jobrun_viewer::api::transport::LocalFuture;
use jobrun_viewer::api::transport::Transport;
use jobrun_viewer::core::name::{DeliveryPipelineName, LocationName, RolloutName, TargetName};
use jobrun_viewer::core::time::{self, SignedDuration, Timestamp};
use jobrun_viewer::model::run::JobKind;
use jobrun_viewer::sim::Sim;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A simulation with a clock that counts seconds from the epoch.
struct World {
    sim: RefCell<Sim>,
    now: Cell<i64>,
}

impl Transport for World {
    fn send<'a>(&'a self, request: &'a Request) -> LocalFuture<'a, Result<Reply, ApiError>> {
        let now = epoch() + SignedDuration::from_secs(self.now.get());
        Box::pin(std::future::ready(Ok(self
            .sim
            .borrow_mut()
            .handle(now, request))))
    }

    fn sleep(&self, _: std::time::Duration) -> LocalFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    fn random(&self) -> f64 {
        0.0
    }
}

fn epoch() -> Timestamp {
    time::parse("2026-11-24T12:00:00Z").unwrap()
}

/// The viewer's client in the demo's world.
struct Demo(Client<Rc<World>>, Rc<World>);

fn demo() -> Demo {
    let world = Rc::new(World {
        sim: RefCell::new(Sim::demo(epoch())),
        now: Cell::new(0),
    });
    Demo(Client::new(Rc::clone(&world)), world)
}

fn done<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("nothing to wait for")
}

impl Demo {
    fn at(&self, seconds: i64) -> &Self {
        self.1.now.set(seconds);
        self
    }

    fn names(&self) -> Vec<RolloutName> {
        self.1
            .sim
            .borrow()
            .rollouts()
            .iter()
            .map(|plan| plan.name.clone())
            .collect()
    }

    /// The first rollout of a pipeline.
    fn name(&self, pipeline: &str) -> RolloutName {
        self.names()
            .into_iter()
            .find(|name| name.delivery_pipeline == pipeline)
            .unwrap()
    }

    fn child(&self, target: &str) -> RolloutName {
        self.names()
            .into_iter()
            .find(|name| name.rollout.contains(target))
            .unwrap()
    }

    #[track_caller]
    fn rollout(&self, name: &RolloutName) -> Rollout {
        let record = done(self.0.get_rollout(name)).unwrap();
        let rollout = record.rollout.unwrap();
        let unknown = unknown_fields(&record.raw, &mut Rollout::default());
        assert_eq!(unknown, [""; 0], "the types have all that there is");
        rollout
    }

    /// The rollout's state and those of its phases and jobs, as `FAILED: stable FAILED [deploy FAILED]`.
    #[track_caller]
    fn story(&self, name: &RolloutName) -> String {
        let rollout = self.rollout(name);
        let phases = rollout.phases.iter().map(|phase| {
            let jobs: Vec<String> = phase
                .jobs()
                .iter()
                .map(|job| format!("{} {}", job.id, job.state))
                .collect();
            format!("{} {} [{}]", phase.id, phase.state, jobs.join(", "))
        });
        format!(
            "{}: {}",
            rollout.state,
            phases.collect::<Vec<_>>().join("; ")
        )
    }

    fn act(&self, name: &RolloutName, action: &RolloutAction) -> Result<(), ApiError> {
        done(self.0.act(name, action, &[]))
    }

    /// That an action is refused for the rollout's state, and the reason.
    #[track_caller]
    fn refused(&self, name: &RolloutName, action: &RolloutAction) -> String {
        let before = self.rollout(name);
        let error = self.act(name, action).unwrap_err();
        let refusal = error.refusal().unwrap();
        assert_eq!(
            (refusal.kind, refusal.status.as_str()),
            (RefusalKind::Conflict, "FAILED_PRECONDITION"),
            "{action:?}"
        );
        assert_eq!(self.rollout(name), before, "what was refused has no effect");
        refusal.message.clone()
    }

    fn items(&self, collection: &Collection, query: &ListQuery) -> Result<Vec<Box<str>>, ApiError> {
        let mut items = Vec::new();
        done(for_each_page_of(&self.0, collection, query, &mut |raw| {
            items.extend(raw)
        }))?;
        Ok(items)
    }

    /// The last parts of the names of all that a list has, with as small pages as there are.
    #[track_caller]
    fn ids(&self, collection: &Collection, filter: &str, order_by: &str) -> Vec<String> {
        let query = ListQuery {
            filter: filter.into(),
            order_by: order_by.into(),
            page_size: 1,
        };
        let items = self.items(collection, &query).unwrap();
        items.iter().map(|raw| id(raw)).collect()
    }

    /// The runs that can be read, which is all but one of the all-variants rollout.
    fn runs(&self, name: &RolloutName) -> Vec<JobRun> {
        let items = self
            .items(&Collection::JobRuns(name.clone()), &ListQuery::default())
            .unwrap();
        items
            .iter()
            .rev()
            .filter_map(|raw| read_object(raw).ok())
            .collect()
    }

    /// When the last run of the rollout ended, in whole seconds from the epoch, rounded up.
    fn last_end(&self, name: &RolloutName) -> i64 {
        let ends = self
            .runs(name)
            .into_iter()
            .filter_map(|run| time::parse(&run.end_time?).ok());
        ends.max().unwrap().duration_since(epoch()).as_secs() + 1
    }
}

fn id(raw: &str) -> String {
    let value: Value = serde_json::from_str(raw).unwrap();
    value["name"]
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned()
}

fn retry(phase: &str, job: &str) -> RolloutAction {
    RolloutAction::RetryJob {
        phase_id: phase.into(),
        job_id: job.into(),
    }
}

fn ignore(phase: &str, job: &str) -> RolloutAction {
    RolloutAction::IgnoreJob {
        phase_id: phase.into(),
        job_id: job.into(),
    }
}

fn advance(phase: &str) -> RolloutAction {
    RolloutAction::Advance {
        phase_id: phase.into(),
    }
}

fn location() -> LocationName {
    "projects/demo/locations/us-central1".parse().unwrap()
}

// The resource

#[test]
fn a_rollout_goes_on_as_its_runs_do() {
    let world = demo();
    let name = world.name("checkout");
    let jobs = |states: [&str; 4]| {
        let [a, b, c, d] = states;
        format!("[predeploy {a}, deploy {b}, verify {c}, postdeploy {d}]")
    };
    let p = "PENDING";
    let s = "SUCCEEDED";
    let i = "IN_PROGRESS";
    for (at, expected) in [
        (
            -200,
            format!("PENDING_APPROVAL: stable PENDING {}", jobs([p, p, p, p])),
        ),
        (
            -80,
            format!("IN_PROGRESS: stable IN_PROGRESS {}", jobs([i, p, p, p])),
        ),
        (
            0,
            format!("IN_PROGRESS: stable IN_PROGRESS {}", jobs([s, s, i, p])),
        ),
        (
            900,
            format!("SUCCEEDED: stable SUCCEEDED {}", jobs([s, s, s, s])),
        ),
    ] {
        assert_eq!(world.at(at).story(&name), expected, "at {at} s");
    }
    let error = done(world.at(-400).0.get_rollout(&name)).unwrap_err();
    assert_eq!(
        error.refusal().unwrap().kind,
        RefusalKind::NotFound,
        "not created yet"
    );
}

#[test]
fn a_rollout_has_the_names_and_times_that_it_should() {
    let world = demo();
    let name = world.name("checkout");
    let rollout = world.at(900).rollout(&name);
    assert_eq!(rollout.name, name.to_string(), "by the project's id");
    assert_eq!(
        (rollout.target_id.as_str(), rollout.approval_state),
        ("prod", ApprovalState::Approved)
    );
    let times = [
        &rollout.create_time,
        &rollout.approve_time,
        &rollout.deploy_start_time,
        &rollout.deploy_end_time,
    ];
    let times: Vec<Timestamp> = times
        .map(|text| time::parse(text.as_ref().unwrap()).unwrap())
        .to_vec();
    assert!(times.is_sorted_by(|a, b| a < b), "{times:?}");
    assert_eq!(rollout.enqueue_time, rollout.approve_time);
    let runs = world.runs(&name);
    assert_eq!(rollout.deploy_start_time, runs[0].start_time);
    assert_eq!(rollout.deploy_end_time, runs[3].end_time);
    let jobs = rollout.phases[0].jobs();
    assert_eq!(
        jobs.iter()
            .map(|job| JobKind::of_job(job))
            .collect::<Vec<_>>(),
        [
            JobKind::Predeploy,
            JobKind::Deploy,
            JobKind::Verify,
            JobKind::Postdeploy
        ]
    );
    for (job, run) in jobs.iter().zip(&runs) {
        assert_eq!(job.job_run, run.name);
        assert!(
            job.job_run.starts_with("projects/123456789012/"),
            "by the project's number"
        );
    }
    let deploy = runs[1].deploy_job_run.clone().unwrap();
    assert_eq!(rollout.deploying_build, deploy.build);
    assert_eq!(
        rollout.metadata.unwrap().cloud_run,
        deploy.metadata.unwrap().cloud_run
    );

    // And while it goes on, a job that never ran names no run.
    let record = done(world.at(0).0.get_rollout(&name)).unwrap();
    let raw: Value = serde_json::from_str(&record.raw).unwrap();
    let jobs = &raw["phases"][0]["deploymentJobs"];
    assert_eq!(
        jobs["postdeployJob"],
        json!({ "id": "postdeploy", "state": "PENDING", "postdeployJob": {} })
    );
    assert!(jobs["verifyJob"]["jobRun"].is_string());
    assert_eq!(raw.get("deployEndTime"), None);
}

#[test]
fn every_rollout_can_be_read_and_says_what_its_runs_say() {
    let world = demo();
    let mut states = BTreeSet::new();
    let mut job_states = BTreeSet::new();
    let mut uids = BTreeSet::new();
    for at in [0, 70, 400, 3_000] {
        for name in world.at(at).names() {
            let rollout = world.rollout(&name);
            states.insert(rollout.state.to_string());
            uids.insert(rollout.uid.clone());
            assert_eq!((rollout.uid.len(), rollout.etag.len()), (32, 16));
            let runs = world.runs(&name);
            for job in rollout.phases.iter().flat_map(|phase| phase.jobs()) {
                job_states.insert(job.state.to_string());
                assert!(
                    !job.id.is_empty()
                        && !matches!(JobKind::of_job(job), JobKind::Missing | JobKind::Several(_))
                );
                let run = runs.iter().find(|run| run.name == job.job_run);
                if name.delivery_pipeline == "museum" {
                    continue;
                }
                let expected = match &job.state {
                    JobState::Pending | JobState::Disabled | JobState::Skipped => None,
                    JobState::InProgress => Some(State::InProgress),
                    JobState::Succeeded => Some(State::Succeeded),
                    JobState::Failed => Some(State::Failed),
                    other => panic!("{name}: {other}"),
                };
                assert_eq!(
                    run.map(|run| run.state.clone()),
                    expected,
                    "{name} {} at {at}",
                    job.id
                );
            }
        }
    }
    assert_eq!(uids.len(), world.names().len());
    for state in ["SUCCEEDED", "FAILED", "IN_PROGRESS", "PENDING_APPROVAL"] {
        assert!(states.contains(state), "{states:?}");
    }
    for state in [
        "PENDING",
        "DISABLED",
        "IN_PROGRESS",
        "SUCCEEDED",
        "FAILED",
        "SKIPPED",
    ] {
        assert!(job_states.contains(state), "{job_states:?}");
    }
}

#[test]
fn a_failed_rollout_says_why() {
    let world = demo();
    let failed = world.rollout(&world.name("payments-api"));
    assert_eq!(failed.state, RolloutState::Failed);
    assert_eq!(
        failed.deploy_failure_cause,
        DeployFailureCause::ExecutionFailed
    );
    assert!(
        failed
            .failure_reason
            .contains("\"verify\" in the phase \"canary-50\"")
    );
    let states: Vec<&PhaseState> = failed.phases.iter().map(|phase| &phase.state).collect();
    assert_eq!(
        states,
        [
            &PhaseState::Succeeded,
            &PhaseState::Failed,
            &PhaseState::Pending
        ]
    );
    assert!(failed.deploy_end_time.is_some());

    let going_on = world.rollout(&world.name("inventory"));
    assert!(going_on.failure_reason.is_empty() && going_on.deploy_failure_cause.is_unspecified());
}

#[test]
fn what_is_not_configured_is_disabled_and_what_is_skipped_says_why() {
    let world = demo();
    let edge = world.story(&world.name("edge-rules"));
    assert_eq!(
        edge,
        "SUCCEEDED: stable SUCCEEDED [deploy SUCCEEDED, verify DISABLED, postdeploy SUCCEEDED]"
    );
    let name = world.name("thumbnails");
    let story = world.story(&name);
    assert!(
        story
            .starts_with("SUCCEEDED: canary-50 SKIPPED [deploy SKIPPED, verify DISABLED]; stable "),
        "{story}"
    );
    let skipped = &world.rollout(&name).phases[0];
    assert!(skipped.skip_message.contains("no earlier release"));
    assert_eq!(world.runs(&name).len(), 1);
}

#[test]
fn a_controller_s_phases_have_child_rollout_jobs_and_its_children_name_it() {
    let world = demo();
    let controller = world.name("fleet-config");
    let rollout = world.rollout(&controller);
    assert!(rollout.is_controller());
    assert_eq!(rollout.state, RolloutState::InProgress);
    let jobs = rollout.phases[0].child_rollout_jobs.clone().unwrap();
    assert_eq!(
        (
            jobs.create_rollout_jobs.len(),
            jobs.advance_rollout_jobs.len()
        ),
        (3, 0)
    );
    for (target, state) in [
        ("us-east", RolloutState::Succeeded),
        ("europe-west", RolloutState::Failed),
        ("asia-northeast", RolloutState::InProgress),
    ] {
        let child = world.rollout(&world.child(target));
        assert_eq!(
            (child.controller_rollout.as_str(), &child.state),
            (rollout.name.as_str(), &state)
        );
        assert!(child.create_time > rollout.create_time);
        assert!(!child.is_controller());
    }
}

// What people do

#[test]
fn a_rollout_that_is_approved_begins() {
    let world = demo();
    let name = world.name("notifications");
    let waiting = "PENDING_APPROVAL: stable PENDING [deploy PENDING, verify DISABLED]";
    assert_eq!(world.at(5_000).story(&name), waiting);
    let rollout = world.rollout(&name);
    assert_eq!(
        (
            rollout.approval_state,
            rollout.approve_time,
            rollout.enqueue_time
        ),
        (ApprovalState::NeedsApproval, None, None)
    );
    world.refused(&name, &advance("stable"));
    world.refused(&name, &retry("stable", "deploy"));

    let approve = RolloutAction::Approve { approved: true };
    world.act(&name, &approve).unwrap();
    let rollout = world.at(5_030).rollout(&name);
    assert_eq!(
        (rollout.state, rollout.approval_state),
        (RolloutState::InProgress, ApprovalState::Approved)
    );
    assert_eq!(
        rollout.approve_time.as_deref(),
        Some("2026-11-24T13:23:20Z")
    );
    assert!(world.refused(&name, &approve).contains("PENDING_APPROVAL"));
    assert_eq!(
        world.at(6_000).story(&name),
        "SUCCEEDED: stable SUCCEEDED [deploy SUCCEEDED, verify DISABLED]"
    );
}

#[test]
fn a_rollout_that_is_rejected_never_begins() {
    let world = demo();
    let name = world.name("notifications");
    world
        .act(&name, &RolloutAction::Approve { approved: false })
        .unwrap();
    let rejected = "APPROVAL_REJECTED: stable ABORTED [deploy ABORTED, verify DISABLED]";
    assert_eq!(world.at(9_000).story(&name), rejected);
    let rollout = world.rollout(&name);
    assert_eq!(
        (rollout.approval_state, rollout.approve_time),
        (ApprovalState::Rejected, None)
    );
    for action in [
        RolloutAction::Approve { approved: true },
        RolloutAction::Cancel,
    ] {
        world.refused(&name, &action);
    }
    assert!(world.runs(&name).is_empty());
}

#[test]
fn a_phase_waits_until_somebody_advances() {
    let world = demo();
    let name = world.name("inventory");
    let waiting = "IN_PROGRESS: canary-50 SUCCEEDED [deploy SUCCEEDED, verify SUCCEEDED]; \
                   stable PENDING [deploy PENDING, verify PENDING]";
    assert_eq!(world.at(1_000_000).story(&name), waiting);
    assert!(
        world
            .refused(&name, &advance("canary-50"))
            .contains("SUCCEEDED")
    );
    let unknown = world.act(&name, &advance("stabel")).unwrap_err();
    assert_eq!(unknown.refusal().unwrap().kind, RefusalKind::NotFound);
    world.act(&name, &advance("stable")).unwrap();
    let going_on = world.at(1_000_030).story(&name);
    assert!(
        going_on.ends_with("stable IN_PROGRESS [deploy IN_PROGRESS, verify PENDING]"),
        "{going_on}"
    );
    world.refused(&name, &advance("stable"));
    assert!(world.at(1_001_000).story(&name).starts_with("SUCCEEDED:"));
}

#[test]
fn a_phase_can_be_advanced_to_before_its_wait_is_over() {
    let world = demo();
    let name = world.name("payments-api");
    let created = |world: &Demo| world.runs(&name)[2].create_time.clone();
    let by_itself = created(&world);
    let first_end = time::parse(world.runs(&name)[1].end_time.as_ref().unwrap()).unwrap();
    world.at(first_end.duration_since(epoch()).as_secs() + 10);
    world.refused(&name, &advance("stable"));
    world.act(&name, &advance("canary-50")).unwrap();
    assert!(created(world.at(0)) < by_itself, "it waits 420 s otherwise");
}

#[test]
fn a_failed_job_that_is_retried_runs_again_and_the_rollout_goes_on() {
    let world = demo();
    let name = world.name("payments-api");
    let before = world.runs(&name);
    let action = retry("canary-50", "verify");
    world.act(&name, &action).unwrap();
    assert!(
        world
            .story(&name)
            .contains("canary-50 IN_PROGRESS [deploy SUCCEEDED, verify PENDING]")
    );
    world.refused(&name, &action);
    let rollout = world.at(20).rollout(&name);
    assert_eq!(rollout.state, RolloutState::InProgress);
    assert!(rollout.failure_reason.is_empty() && rollout.deploy_end_time.is_none());
    let runs = world.runs(&name);
    assert_eq!(runs[..6], before, "what was before does not change");
    let run = &runs[6];
    assert_eq!(
        (run.state.clone(), run.job_id.as_str()),
        (State::InProgress, "verify")
    );
    assert_eq!(
        rollout.phases[1].jobs()[1].job_run,
        run.name,
        "the job names its latest run"
    );
    assert!(world.refused(&name, &action).contains("FAILED"));

    // A person retries once the cause is gone.
    let run = &world.at(200).runs(&name)[6];
    assert_eq!(run.state, State::Succeeded);
    let verify = run.verify_job_run.as_ref().unwrap();
    assert!(verify.failure_cause.is_unspecified() && verify.failure_message.is_empty());
    assert!(world.at(5_000).story(&name).starts_with("SUCCEEDED:"));
}

#[test]
fn a_terminated_job_that_is_retried_goes_on_with_the_script_s_next_attempt() {
    let world = demo();
    let name = world.name("payments-api");
    let first = world.runs(&name)[3].clone();
    let during =
        time::parse(first.start_time.as_ref().unwrap()).unwrap() + SignedDuration::from_secs(30);
    world.at(during.duration_since(epoch()).as_secs());
    done(self::terminate(&world, &first.name)).unwrap();
    world.at(during.duration_since(epoch()).as_secs() + 60);
    assert!(
        world
            .story(&name)
            .contains("canary-50 FAILED [deploy SUCCEEDED, verify FAILED]")
    );
    assert_eq!(world.runs(&name).len(), 4);
    world.act(&name, &retry("canary-50", "verify")).unwrap();
    let runs = world.at(0).runs(&name);
    let states: Vec<&State> = runs[3..].iter().map(|run| &run.state).collect();
    assert_eq!(states, [&State::Terminated, &State::Failed, &State::Failed]);
}

fn terminate<'a>(world: &'a Demo, name: &str) -> LocalFuture<'a, Result<(), ApiError>> {
    let name = name.parse().unwrap();
    Box::pin(async move { world.0.terminate(&name, &[]).await })
}

#[test]
fn a_failed_job_that_is_ignored_lets_its_phase_go_on() {
    let world = demo();
    let name = world.name("payments-api");
    world.act(&name, &ignore("canary-50", "verify")).unwrap();
    let story = world.at(1).story(&name);
    assert!(
        story.contains("canary-50 SUCCEEDED [deploy SUCCEEDED, verify IGNORED]; stable PENDING"),
        "{story}"
    );
    assert!(story.starts_with("IN_PROGRESS:"));
    world.refused(&name, &ignore("canary-50", "verify"));
    world.refused(&name, &ignore("canary-25", "verify"));
    world.refused(&name, &retry("canary-50", "verify"));
    assert_eq!(world.runs(&name).len(), 6);
    let story = world.at(5_000).story(&name);
    assert!(
        story.starts_with("SUCCEEDED:") && story.contains("verify IGNORED"),
        "{story}"
    );
}

#[test]
fn between_the_script_s_retries_a_person_can_step_in() {
    let world = demo();
    let name = world.name("payments-api");
    let ended = time::parse(world.runs(&name)[3].end_time.as_ref().unwrap()).unwrap();
    let between = ended.duration_since(epoch()).as_secs() + 20;
    let second = |world: &Demo| world.at(0).runs(&name)[4].clone();
    let by_itself = second(&world);
    assert!(world.at(between).story(&name).starts_with("FAILED:"));
    world.act(&name, &retry("canary-50", "verify")).unwrap();
    assert!(second(&world).create_time < by_itself.create_time);
    assert_eq!(second(&world).name, by_itself.name);

    let world = demo();
    world
        .at(between)
        .act(&name, &ignore("canary-50", "verify"))
        .unwrap();
    assert_eq!(
        world
            .at(0)
            .runs(&name)
            .iter()
            .filter(|run| run.phase_id == "canary-50")
            .count(),
        2
    );
    assert!(world.story(&name).starts_with("SUCCEEDED:"));
}

#[test]
fn cancelling_waits_for_what_runs_and_aborts_what_is_to_come() {
    let world = demo();
    let name = world.name("checkout");
    world.act(&name, &RolloutAction::Cancel).unwrap();
    let story = world.at(2).story(&name);
    assert!(
        story.starts_with("CANCELLING: stable IN_PROGRESS"),
        "{story}"
    );
    assert_eq!(world.runs(&name)[2].state, State::InProgress);
    assert_eq!(
        world.at(9_000).story(&name),
        "CANCELLED: stable ABORTED \
         [predeploy SUCCEEDED, deploy SUCCEEDED, verify SUCCEEDED, postdeploy ABORTED]"
    );
    assert_eq!(world.runs(&name)[2].state, State::Succeeded);
    let rollout = world.rollout(&name);
    assert_eq!(rollout.deploy_end_time, world.runs(&name)[2].end_time);
    for action in [
        RolloutAction::Cancel,
        retry("stable", "verify"),
        ignore("stable", "verify"),
    ] {
        world.refused(&name, &action);
    }
}

#[test]
fn what_runs_in_a_rollout_that_is_being_cancelled_can_be_terminated() {
    let world = demo();
    let name = world.name("checkout");
    world.act(&name, &RolloutAction::Cancel).unwrap();
    done(terminate(&world, &world.runs(&name)[2].name)).unwrap();
    for at in [5, 9_000] {
        assert!(
            world
                .at(at)
                .story(&name)
                .starts_with("CANCELLED: stable ABORTED")
        );
    }
    assert_eq!(world.runs(&name)[2].state, State::Terminated);
}

#[test]
fn a_rollout_that_waits_can_be_cancelled() {
    let world = demo();
    for (pipeline, story) in [
        (
            "notifications",
            "CANCELLED: stable ABORTED [deploy ABORTED, verify DISABLED]",
        ),
        (
            "inventory",
            "CANCELLED: canary-50 SUCCEEDED [deploy SUCCEEDED, verify SUCCEEDED]; \
             stable ABORTED [deploy ABORTED, verify ABORTED]",
        ),
    ] {
        let name = world.at(0).name(pipeline);
        world.act(&name, &RolloutAction::Cancel).unwrap();
        assert_eq!(world.story(&name), story);
        assert_eq!(world.at(9_000).story(&name), story);
        world.refused(&name, &RolloutAction::Approve { approved: true });
        world.refused(&name, &advance("stable"));
    }
    // One that failed is kept by it from being gone on with.
    let failed = world.name("payments-api");
    let story = world.story(&failed);
    world.act(&failed, &RolloutAction::Cancel).unwrap();
    assert_eq!(
        world.story(&failed),
        story
            .replacen("FAILED:", "CANCELLED:", 1)
            .replace("PENDING", "ABORTED")
    );
    world.refused(&failed, &retry("canary-50", "verify"));
    for pipeline in ["payments-api", "edge-rules"] {
        let message = world.refused(&world.name(pipeline), &RolloutAction::Cancel);
        assert!(message.contains("can be cancelled"), "{message}");
    }
}

#[test]
fn what_is_cancelled_begins_nothing_more() {
    let world = demo();
    let name = world.name("payments-api");
    let before = world.runs(&name).len();
    world.act(&name, &retry("canary-50", "verify")).unwrap();
    world.act(&name, &RolloutAction::Cancel).unwrap();
    for at in [0, 10, 9_000] {
        assert_eq!(
            world.at(at).runs(&name).len(),
            before,
            "the retry had no run yet"
        );
        assert_eq!(
            world.story(&name),
            "CANCELLED: canary-25 SUCCEEDED [deploy SUCCEEDED, verify SUCCEEDED]; \
             canary-50 ABORTED [deploy SUCCEEDED, verify ABORTED]; stable ABORTED [deploy ABORTED, verify ABORTED]"
        );
    }
}

#[test]
fn a_controller_takes_no_retry_and_its_cancellation_ends_its_children() {
    let world = demo();
    let controller = world.name("fleet-config");
    for action in [
        retry("stable", "advance-rollout-europe-west"),
        ignore("stable", "advance-rollout-europe-west"),
    ] {
        assert!(world.refused(&controller, &action).contains("child"));
    }
    let asia = world.child("asia-northeast");
    assert!(
        world
            .refused(&asia, &advance("stable"))
            .contains("controller")
    );

    world.act(&controller, &RolloutAction::Cancel).unwrap();
    assert_eq!(world.at(1).rollout(&asia).state, RolloutState::Cancelling);
    assert_eq!(
        world.at(9_000).rollout(&asia).state,
        RolloutState::Cancelled
    );
    assert_eq!(world.rollout(&controller).state, RolloutState::Cancelled);
    assert_eq!(
        world.rollout(&world.child("us-east")).state,
        RolloutState::Succeeded
    );
}

#[test]
fn a_child_that_is_retried_takes_its_controller_along() {
    let world = demo();
    let (controller, europe) = (world.name("fleet-config"), world.child("europe-west"));
    assert_eq!(
        world.at(5_000).rollout(&controller).state,
        RolloutState::Failed
    );
    world.act(&europe, &retry("stable", "deploy")).unwrap();
    assert_eq!(
        world.at(5_030).rollout(&europe).state,
        RolloutState::InProgress
    );
    assert_eq!(world.rollout(&controller).state, RolloutState::InProgress);
    assert_eq!(
        world.at(9_000).rollout(&europe).state,
        RolloutState::Succeeded
    );
    assert_eq!(world.rollout(&controller).state, RolloutState::Succeeded);
}

#[test]
fn a_deploy_policy_forbids_actions_until_it_is_overridden() {
    let world = demo();
    let name = world.name("recommendations");
    let error = world.act(&name, &RolloutAction::Cancel).unwrap_err();
    let policy = error.refusal().unwrap().violations[0].policy.clone();
    assert_eq!(world.rollout(&name).state, RolloutState::InProgress);
    done(world.0.act(&name, &RolloutAction::Cancel, &[policy])).unwrap();
    assert_eq!(world.rollout(&name).state, RolloutState::Cancelling);
}

#[test]
fn what_is_wrong_with_a_call_is_said() {
    let world = demo();
    let name = world.name("payments-api");
    let before = world.rollout(&name);
    let send = |verb: &str, body: &str| {
        let request = Request {
            method: Method::Post,
            path_and_query: format!("/v1/{name}:{verb}"),
            body: Some(body.to_owned()),
        };
        done(world.1.send(&request)).unwrap()
    };
    for (verb, body) in [
        ("retryJob", "{}"),
        ("retryJob", r#"{"phaseId":"canary-50"}"#),
        ("ignoreJob", r#"{"jobId":"verify"}"#),
        ("advance", "{}"),
        ("advance", r#"{"phaseId":"stable","jobId":"verify"}"#),
        ("cancel", r#"{"phaseId":"stable"}"#),
        ("approve", r#"{"approved":"yes"}"#),
        ("approve", "[]"),
        ("cancel", "null"),
    ] {
        let reply = send(verb, body);
        assert_eq!(reply.status, 400, "{verb} {body}");
        assert!(
            reply.body.contains("INVALID_ARGUMENT"),
            "{verb} {body}: {}",
            reply.body
        );
    }
    let missing = RolloutName {
        rollout: "none".to_owned(),
        ..name.clone()
    };
    for (rollout, action) in [
        (&missing, RolloutAction::Cancel),
        (&name, retry("canary-50", "analysis")),
        (&name, retry("canary-75", "verify")),
    ] {
        let error = world.act(rollout, &action).unwrap_err();
        assert_eq!(
            error.refusal().unwrap().kind,
            RefusalKind::NotFound,
            "{action:?}"
        );
    }
    assert_eq!(world.rollout(&name), before);
}

// Lists

#[test]
fn a_browser_finds_its_way_from_the_project_to_every_rollout() {
    let world = demo();
    let locations = Collection::Locations {
        project: "demo".into(),
    };
    let mut found = BTreeSet::new();
    for raw in world.items(&locations, &ListQuery::default()).unwrap() {
        let of_location: Location = read_object(&raw).unwrap();
        let location: LocationName = of_location.name.parse().unwrap();
        assert_eq!(location.location, of_location.location_id);
        for raw in world
            .items(
                &Collection::DeliveryPipelines(location),
                &ListQuery::default(),
            )
            .unwrap()
        {
            let pipeline: DeliveryPipeline = read_object(&raw).unwrap();
            assert!(!pipeline.serial_pipeline.unwrap().stages.is_empty());
            let pipeline: DeliveryPipelineName = pipeline.name.parse().unwrap();
            for raw in world
                .items(&Collection::Releases(pipeline), &ListQuery::default())
                .unwrap()
            {
                let release: Release = read_object(&raw).unwrap();
                assert_eq!(release.render_state, RenderState::Succeeded);
                let collection = Collection::Rollouts(release.name.parse().unwrap());
                for raw in world.items(&collection, &ListQuery::default()).unwrap() {
                    let rollout: Rollout = read_object(&raw).unwrap();
                    assert!(release.create_time < rollout.create_time);
                    let name: RolloutName = rollout.name.parse().unwrap();
                    assert_eq!(world.rollout(&name), rollout, "get and list agree");
                    found.insert(name.to_string());
                }
            }
        }
    }
    let all: BTreeSet<String> = world.names().iter().map(RolloutName::to_string).collect();
    assert_eq!(found, all);
}

#[test]
fn targets_say_what_they_are() {
    let world = demo();
    let items = world
        .items(&Collection::Targets(location()), &ListQuery::default())
        .unwrap();
    let targets: Vec<Target> = items.iter().map(|raw| read_object(raw).unwrap()).collect();
    let target = |id: &str| {
        targets
            .iter()
            .find(|target| target.target_id == id)
            .unwrap()
    };
    for (id, kind, requires) in [
        ("prod", "run", true),
        ("prod-gke", "gke", false),
        ("edge-prod", "customTarget", false),
        ("fleet", "multiTarget", false),
        ("us-east", "run", false),
    ] {
        let json = serde_json::to_value(target(id)).unwrap();
        let kinds = ["gke", "anthosCluster", "run", "multiTarget", "customTarget"];
        let kinds: Vec<&str> = kinds
            .into_iter()
            .filter(|kind| !json[kind].is_null())
            .collect();
        assert_eq!(
            (kinds, target(id).require_approval),
            (vec![kind], requires),
            "{id}"
        );
        let name: TargetName = target(id).name.parse().unwrap();
        assert_eq!(name, location().target(id));
    }
    let children = target("fleet").multi_target.clone().unwrap().target_ids;
    assert_eq!(children, ["us-east", "europe-west", "asia-northeast"]);
}

#[test]
fn stages_say_how_they_deploy() {
    let world = demo();
    let items = world
        .items(
            &Collection::DeliveryPipelines(location()),
            &ListQuery::default(),
        )
        .unwrap();
    let is_canary = |id: &str| {
        let pipelines = items
            .iter()
            .map(|raw| read_object::<DeliveryPipeline>(raw).unwrap());
        let pipeline = pipelines
            .into_iter()
            .find(|pipeline| pipeline.name.ends_with(id))
            .unwrap();
        let strategy = pipeline.serial_pipeline.unwrap().stages[0].strategy.clone();
        strategy.is_some_and(|strategy| strategy.canary.is_some())
    };
    assert!(is_canary("/payments-api"));
    assert!(!is_canary("/checkout"));
}

#[test]
fn rollouts_are_listed_filtered_and_ordered_as_gcloud_does() {
    let world = demo();
    let pipeline = location().delivery_pipeline("checkout");
    let every = Collection::Rollouts(pipeline.release("-"));
    let (new, old) = (
        "rel-20261124-b71e09c-to-prod-0001",
        "rel-20261120-3f9c2d1-to-prod-0001",
    );
    assert_eq!(world.ids(&every, "", ""), [new, old], "newest first");
    assert_eq!(world.ids(&every, "", "CreateTime"), [old, new]);
    assert_eq!(
        world.ids(&every, "", "DeployEndTime desc"),
        [old, new],
        "one has not ended"
    );
    assert_eq!(
        world.ids(&every, "targetId=\"prod\" AND state=\"SUCCEEDED\"", ""),
        [old]
    );
    let gcloud = "(approvalState!=\"REJECTED\" AND approvalState!=\"NEEDS_APPROVAL\") AND state=\"IN_PROGRESS\"";
    assert_eq!(world.ids(&every, gcloud, ""), [new]);
    let one = Collection::Rollouts(pipeline.release("rel-20261120-3f9c2d1"));
    assert_eq!(world.ids(&one, "", ""), [old]);
    assert_eq!(
        world.ids(
            &Collection::Releases(pipeline),
            "abandoned=false",
            "createTime"
        ),
        ["rel-20261120-3f9c2d1", "rel-20261124-b71e09c"]
    );
    let fleet = Collection::Rollouts(location().delivery_pipeline("fleet-config").release("-"));
    assert_eq!(world.ids(&fleet, "controllerRollout:*", "").len(), 3);
    assert_eq!(
        world.at(-720).ids(&fleet, "", "").len(),
        1,
        "there are no children yet"
    );
}

#[test]
fn lists_name_what_is_wrong_with_a_query_or_missing() {
    let world = demo();
    let pipeline = location().delivery_pipeline("checkout");
    let elsewhere = LocationName {
        location: "europe-west1".into(),
        ..location()
    };
    assert!(
        world
            .items(
                &Collection::Targets(elsewhere.clone()),
                &ListQuery::default()
            )
            .unwrap()
            .is_empty()
    );
    let nowhere = LocationName {
        location: "mars-north1".into(),
        ..location()
    };
    let other_project = LocationName {
        project: "other".into(),
        ..location()
    };
    for collection in [
        Collection::DeliveryPipelines(nowhere),
        Collection::Targets(other_project),
        Collection::Locations {
            project: "other".into(),
        },
        Collection::Releases(location().delivery_pipeline("none")),
        Collection::Releases(elsewhere.delivery_pipeline("checkout")),
        Collection::Rollouts(pipeline.release("none")),
        Collection::Rollouts(location().delivery_pipeline("-").release("-")),
    ] {
        let error = world.items(&collection, &ListQuery::default()).unwrap_err();
        assert_eq!(
            error.refusal().unwrap().kind,
            RefusalKind::NotFound,
            "{collection:?}"
        );
    }
    for (collection, noun) in [
        (
            Collection::Locations {
                project: "demo".into(),
            },
            "locations",
        ),
        (
            Collection::DeliveryPipelines(location()),
            "delivery pipelines",
        ),
        (Collection::Targets(location()), "targets"),
        (Collection::Releases(pipeline.clone()), "releases"),
        (Collection::Rollouts(pipeline.release("-")), "rollouts"),
    ] {
        for query in [
            ListQuery {
                filter: "jobId=x".into(),
                ..ListQuery::default()
            },
            ListQuery {
                order_by: "jobId".into(),
                ..ListQuery::default()
            },
        ] {
            let Err(error) = world.items(&collection, &query) else {
                assert!(
                    query.filter.is_empty() && noun == "locations",
                    "which take no order"
                );
                continue;
            };
            let refusal = error.refusal().unwrap();
            assert_eq!(refusal.kind, RefusalKind::InvalidRequest);
            assert!(
                refusal.message.contains(&format!("{noun} have no field")),
                "{}",
                refusal.message
            );
        }
    }
}

#[test]
fn a_page_token_is_good_for_its_own_list_only() {
    let world = demo();
    let query = ListQuery {
        page_size: 1,
        ..ListQuery::default()
    };
    let page = |collection: &Collection, token: &str| done(world.0.list(collection, &query, token));
    let (pipelines, targets) = (
        Collection::DeliveryPipelines(location()),
        Collection::Targets(location()),
    );
    let first = page(&pipelines, "").unwrap();
    let second = page(&pipelines, &first.next_page_token).unwrap();
    assert!(second.raw.len() == 1 && second.raw != first.raw);
    let error = page(&targets, &first.next_page_token).unwrap_err();
    assert_eq!(error.refusal().unwrap().kind, RefusalKind::InvalidRequest);
}

#[test]
fn single_resources_can_be_read_too() {
    let world = demo();
    let get = |name: &str| {
        let path_and_query = format!("/v1/{name}");
        done(world.1.send(&Request {
            method: Method::Get,
            path_and_query,
            body: None,
        }))
        .unwrap()
    };
    let pipeline = location().delivery_pipeline("checkout");
    for (collection, parent) in [
        (
            Collection::DeliveryPipelines(location()),
            location().to_string(),
        ),
        (Collection::Targets(location()), location().to_string()),
        (Collection::Releases(pipeline.clone()), pipeline.to_string()),
        (
            Collection::Locations {
                project: "demo".into(),
            },
            "projects/demo".to_owned(),
        ),
    ] {
        let items = world.items(&collection, &ListQuery::default()).unwrap();
        assert!(items.len() > 1);
        for raw in items {
            let name = format!("{parent}/{}/{}", collection.id(), id(&raw));
            assert_eq!(get(&name).body, *raw);
            assert_eq!(get(&format!("{name}x")).status, 404);
        }
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
    let mut seen = 0;
    for (begin, now) in ends
        .into_iter()
        .flat_map(|begin| ends.map(|now| (begin, now)))
    {
        let mut sim = Sim::demo(begin);
        let mut ask = |method, path: String, body: &str| {
            let request = Request {
                method,
                path_and_query: path,
                body: Some(body.to_owned()),
            };
            let reply = sim.handle(now, &request);
            assert!(matches!(reply.status, 200 | 400 | 404), "{}", reply.body);
            serde_json::from_str::<Value>(&reply.body).unwrap()
        };
        let here = format!("/v1/{}", location());
        for list in [
            "targets",
            "deliveryPipelines",
            "deliveryPipelines/fleet-config/releases/-/rollouts",
        ] {
            ask(Method::Get, format!("{here}/{list}?orderBy=createTime"), "");
        }
        let checkout = format!("{here}/deliveryPipelines/checkout/releases/-/rollouts");
        for rollout in ask(Method::Get, checkout.clone(), "")["rollouts"]
            .as_array()
            .unwrap_or(&Vec::new())
        {
            seen += 1;
            let path = format!("/v1/{}", rollout["name"].as_str().unwrap());
            ask(Method::Post, format!("{path}:cancel"), "{}");
            ask(Method::Get, path, "");
        }
    }
    assert!(seen > 0);
}

fn actions() -> impl Strategy<Value = RolloutAction> {
    let phase = || prop::sample::select(vec!["stable", "canary-50", "canary-25"]);
    let job = || {
        prop::sample::select(vec![
            "deploy",
            "verify",
            "predeploy",
            "postdeploy",
            "analysis",
        ])
    };
    prop_oneof![
        (phase(), job()).prop_map(|(phase, job)| retry(phase, job)),
        (phase(), job()).prop_map(|(phase, job)| ignore(phase, job)),
        phase().prop_map(advance),
        any::<bool>().prop_map(|approved| RolloutAction::Approve { approved }),
        Just(RolloutAction::Cancel),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever people do, and whenever: phases come in order, a run is named by its job, what is
    /// over for good stays as it is, and an etag stands for its content.
    #[test]
    fn a_rollout_is_sound_whatever_people_do(
        steps in prop::collection::vec((0..400i64, actions(), any::<prop::sample::Index>()), 1..12),
    ) {
        let world = demo();
        let names = world.names();
        let mut now = 0;
        let mut final_ones = std::collections::BTreeMap::new();
        let mut etags = std::collections::BTreeMap::new();
        for (seconds, action, which) in steps {
            now += seconds;
            world.at(now);
            let name = which.get(&names);
            if name.delivery_pipeline == "museum" {
                continue;
            }
            // Refused or not.
            let _ = world.act(name, &action);
            for name in &names {
                let mut rollout = world.rollout(name);
                if let Some(before) = final_ones.get(name) {
                    prop_assert_eq!(&rollout, before);
                }
                let for_good = matches!(
                    rollout.state,
                    RolloutState::Succeeded | RolloutState::Cancelled | RolloutState::ApprovalRejected
                );
                if for_good {
                    final_ones.insert(name.clone(), rollout.clone());
                }
                let etag = std::mem::take(&mut rollout.etag);
                prop_assert_eq!(etags.entry(etag).or_insert(rollout.clone()), &rollout);
                if name.delivery_pipeline == "museum" {
                    continue;
                }
                let begun = |state: &PhaseState| !matches!(state, PhaseState::Pending | PhaseState::Aborted);
                for pair in rollout.phases.windows(2) {
                    let passed = matches!(pair[0].state, PhaseState::Succeeded | PhaseState::Skipped);
                    prop_assert!(passed || !begun(&pair[1].state), "{}", world.story(name));
                }
                let runs = world.runs(name);
                for job in rollout.phases.iter().flat_map(|phase| phase.jobs()) {
                    let last = runs.iter().rfind(|run| run.name == job.job_run);
                    prop_assert_eq!(last.is_none(), job.job_run.is_empty());
                }
                let live = runs.iter().any(|run| run.state == State::InProgress);
                let over = for_good || rollout.deploy_end_time.is_some();
                prop_assert!(!(live && over), "{}", world.story(name));
            }
        }
    }
}

#[test]
fn the_end_of_a_rollout_is_the_end_of_its_last_run() {
    let world = demo();
    for name in world.at(100_000).names() {
        let rollout = world.rollout(&name);
        if rollout.state == RolloutState::Succeeded && name.delivery_pipeline != "museum" {
            let end = time::parse(&rollout.deploy_end_time.unwrap()).unwrap();
            let end = end.duration_since(epoch()).as_secs() + 1;
            assert_eq!(end, world.last_end(&name), "{name}");
        }
    }
}

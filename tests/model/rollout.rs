//! Guards what is said of a rollout as a whole, and what a person can do to it.

use jobrun_viewer::api::rollout::{DeployFailureCause, Rollout};
use jobrun_viewer::api::source::RolloutAction;
use jobrun_viewer::core::time::parse;
use jobrun_viewer::model::rollout::Coverage;
use jobrun_viewer::model::rollout::{
    Outline, controller, coverage, effect, failure, is_open, job_offers, offers, remarks,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sample::rollout as name;

fn rollout(json: Value) -> Rollout {
    serde_json::from_value(json).unwrap()
}

fn phase(id: &str, state: &str, verify: &str) -> Value {
    json!({ "id": id, "state": state, "deploymentJobs": {
        "deployJob": { "id": "deploy", "state": "SUCCEEDED", "deployJob": {} },
        "verifyJob": { "id": "verify", "state": verify, "verifyJob": {} },
    } })
}

fn labels(rollout: &Rollout) -> Vec<String> {
    offers(rollout)
        .into_iter()
        .map(|offer| offer.label)
        .collect()
}

#[test]
fn what_can_be_done_follows_from_the_state() {
    let cases = [
        (
            "PENDING_APPROVAL",
            vec!["Approve", "Reject", "Cancel rollout"],
        ),
        ("PENDING", vec!["Cancel rollout"]),
        ("PENDING_RELEASE", vec!["Cancel rollout"]),
        ("IN_PROGRESS", vec!["Cancel rollout"]),
        ("HALTED", vec!["Cancel rollout"]),
        ("CANCELLING", vec![]),
        ("CANCELLED", vec![]),
        ("SUCCEEDED", vec![]),
        ("FAILED", vec!["Cancel rollout"]),
        ("APPROVAL_REJECTED", vec![]),
        ("DREAMING", vec![]),
    ];
    for (state, expected) in cases {
        assert_eq!(
            labels(&rollout(json!({ "state": state }))),
            expected,
            "{state}"
        );
    }
}

#[test]
fn a_phase_that_waits_for_a_person_can_be_advanced_to() {
    let phases = |states: [&str; 3]| {
        let ids = ["canary-25", "canary-50", "stable"];
        let phases: Vec<Value> = ids
            .iter()
            .zip(states)
            .map(|(id, state)| phase(id, state, "SUCCEEDED"))
            .collect();
        rollout(json!({ "state": "IN_PROGRESS", "phases": phases }))
    };
    let advance = "Advance to canary-50".to_owned();
    assert!(labels(&phases(["SUCCEEDED", "PENDING", "PENDING"])).contains(&advance));
    assert!(
        labels(&phases(["SKIPPED", "SUCCEEDED", "PENDING"]))
            .contains(&"Advance to stable".to_owned())
    );
    for states in [
        // The first that is not skipped begins by itself.
        ["SKIPPED", "PENDING", "PENDING"],
        ["SKIPPED", "SKIPPED", "PENDING"],
        ["IN_PROGRESS", "PENDING", "PENDING"],
        ["FAILED", "PENDING", "PENDING"],
        ["PENDING", "PENDING", "PENDING"],
        ["SUCCEEDED", "IN_PROGRESS", "PENDING"],
    ] {
        assert_eq!(labels(&phases(states)), ["Cancel rollout"], "{states:?}");
    }
    let mut child = phases(["SUCCEEDED", "PENDING", "PENDING"]);
    child.controller_rollout =
        "projects/1/locations/l/deliveryPipelines/d/releases/r/rollouts/o".into();
    assert_eq!(
        labels(&child),
        ["Cancel rollout"],
        "its controller advances it"
    );
}

#[test]
fn a_failed_job_can_be_retried_or_ignored() {
    let failed =
        rollout(json!({ "state": "FAILED", "phases": [phase("stable", "FAILED", "FAILED")] }));
    let actions: Vec<RolloutAction> = job_offers(&failed, "stable", "verify")
        .into_iter()
        .map(|offer| offer.action)
        .collect();
    let (phase_id, job_id) = ("stable".to_owned(), "verify".to_owned());
    assert_eq!(
        actions,
        [
            RolloutAction::RetryJob {
                phase_id: phase_id.clone(),
                job_id: job_id.clone()
            },
            RolloutAction::IgnoreJob { phase_id, job_id },
        ]
    );
    for (phase, job) in [("stable", "deploy"), ("stable", "x"), ("x", "verify")] {
        assert_eq!(job_offers(&failed, phase, job), [], "{phase} {job}");
    }
    let cancelled = Rollout {
        state: "CANCELLED".into(),
        ..failed.clone()
    };
    assert_eq!(job_offers(&cancelled, "stable", "verify"), []);
    let controller = rollout(
        json!({ "state": "FAILED", "phases": [{ "id": "stable", "childRolloutJobs": {
        "createRolloutJobs": [{ "id": "create", "state": "FAILED" }] } }] }),
    );
    assert_eq!(job_offers(&controller, "stable", "create"), []);
}

#[test]
fn a_rollout_that_an_automation_repairs_is_still_open() {
    let with =
        |repair: &str| rollout(json!({ "state": "FAILED", "activeRepairAutomationRun": repair }));
    assert!(is_open(&with(
        "projects/p/locations/l/deliveryPipelines/d/automationRuns/a"
    )));
    assert!(!is_open(&with("")));
}

#[test]
fn every_offer_says_what_it_does() {
    let mut all = offers(&rollout(json!({ "state": "PENDING_APPROVAL" })));
    let failed =
        rollout(json!({ "state": "FAILED", "phases": [phase("stable", "FAILED", "FAILED")] }));
    all.extend(job_offers(&failed, "stable", "verify"));
    assert_eq!(all.len(), 5);
    for offer in all {
        assert!(
            offer.question.ends_with('?') && effect(&offer.action).ends_with('.'),
            "{offer:?}"
        );
    }
}

#[test]
fn a_rollout_says_what_it_waits_for_and_waited() {
    let now = parse("2026-11-24T10:00:00Z").unwrap();
    let said = |json: Value| remarks(&rollout(json), now);
    let created = "2026-11-24T09:35:00Z";
    assert_eq!(
        said(json!({ "state": "PENDING_APPROVAL", "createTime": created })),
        ["It has waited for approval for 25 m 00 s."]
    );
    assert_eq!(
        said(json!({ "state": "PENDING_APPROVAL" })),
        ["It has waited for approval."]
    );
    assert_eq!(
        said(
            json!({ "state": "SUCCEEDED", "createTime": created, "approveTime": "2026-11-24T09:40:00Z",
                     "deployStartTime": "2026-11-24T09:40:05Z" })
        ),
        ["Approved after 5 m 00 s."]
    );
    assert_eq!(
        said(
            json!({ "state": "SUCCEEDED", "createTime": created, "deployStartTime": "2026-11-24T09:45:00Z" })
        ),
        ["Waited 10 m 00 s before it began."]
    );
    // While its release was rendered, it was not in the queue.
    assert_eq!(
        said(
            json!({ "state": "SUCCEEDED", "createTime": created, "enqueueTime": "2026-11-24T09:44:50Z",
                     "deployStartTime": "2026-11-24T09:45:00Z" })
        ),
        [""; 0]
    );
    for (state, part) in [
        ("HALTED", "A child failed"),
        ("CANCELLING", "what still runs has ended"),
    ] {
        assert!(said(json!({ "state": state }))[0].contains(part), "{state}");
    }
    let waiting = json!({ "state": "IN_PROGRESS",
        "phases": [phase("canary-50", "SUCCEEDED", "SUCCEEDED"), phase("stable", "PENDING", "PENDING")] });
    assert_eq!(
        said(waiting),
        ["Phase stable waits for somebody, or an automation, to advance it."]
    );
    assert_eq!(
        said(
            json!({ "state": "SUCCEEDED", "rollbackOfRollout": "projects/p/x/rollouts/old",
                     "rolledBackByRollouts": ["a/rollouts/b", "c"] })
        ),
        ["It rolls back old.", "It was rolled back by b, c."]
    );
    assert_eq!(said(json!({ "state": "SUCCEEDED" })), [""; 0]);
}

#[test]
fn every_cause_of_a_failure_is_explained() {
    for cause in DeployFailureCause::KNOWN {
        match failure(cause) {
            None => assert!(cause.is_unspecified()),
            Some(told) => assert!(
                told.meaning.ends_with('.') && told.next.ends_with('.'),
                "{cause}"
            ),
        }
    }
    assert!(failure(&DeployFailureCause::from("NEW")).is_some());
}

#[test]
fn the_controller_is_named_as_the_child_is() {
    let parent =
        "projects/123/locations/us-central1/deliveryPipelines/d/releases/r/rollouts/parent";
    let child = rollout(json!({ "controllerRollout": parent }));
    let found = controller(&child, &name()).unwrap();
    assert_eq!(
        (found.project.as_str(), found.rollout.as_str()),
        (name().project.as_str(), "parent")
    );
    assert_eq!(controller(&rollout(json!({})), &name()), None);
}

proptest! {
    #[test]
    fn any_rollout_has_its_outline(
        state in prop::sample::select(vec!["IN_PROGRESS", "PENDING_APPROVAL", "FAILED", "X"]),
        phases in prop::collection::vec(
            (prop::sample::select(vec!["a", "b", ""]), prop::sample::select(vec!["PENDING", "SUCCEEDED", "Y"])),
            0..5,
        ),
        create_time in prop::option::of(".{0,8}|2026-01-01T00:00:00Z"),
    ) {
        let phases: Vec<Value> = phases.into_iter().map(|(id, state)| phase(id, state, "DISABLED")).collect();
        let rollout = rollout(json!({ "state": state, "phases": phases, "createTime": create_time }));
        let outline = Outline::new(&rollout);
        for (at, phase) in outline.phases.iter().enumerate() {
            prop_assert!(outline.phases[..at].iter().all(|before| before.id != phase.id));
            prop_assert!(phase.jobs.iter().all(|job| job.id != "verify"), "it is not configured");
        }
        remarks(&rollout, parse("2026-11-24T10:00:00Z").unwrap());
        offers(&rollout);
    }
}

#[test]
fn only_a_rollout_that_succeeded_has_run_all_its_jobs() {
    let of = |state: &str| coverage(Some(&rollout(json!({ "name": "r", "state": state }))));
    assert_eq!(of("SUCCEEDED"), Coverage::Over);
    for state in ["FAILED", "CANCELLED", "APPROVAL_REJECTED"] {
        assert_eq!(of(state), Coverage::Ended, "{state}");
    }
    for state in ["IN_PROGRESS", "HALTED", "CANCELLING", "PENDING", "DREAMING"] {
        assert_eq!(of(state), Coverage::SoFar, "{state}");
    }
    assert_eq!(coverage(None), Coverage::SoFar);
}

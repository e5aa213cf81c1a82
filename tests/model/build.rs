//! A build's steps in time, why it failed, and what an error on the way to it means.

use jobrun_viewer::api::build::{Build, FailureType, Status};
use jobrun_viewer::api::error::{ApiError, Refusal};
use jobrun_viewer::api::http::Reply;
use jobrun_viewer::core::time::{SignedDuration, Timestamp, to_rfc3339};
use jobrun_viewer::model::build::{BuildView, Reading, Stretch, error_message, status_label, view};
use jobrun_viewer::model::timeline::{Part, PartKind, Window};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::sample::{any_time, at};

fn build(json: Value) -> Build {
    Build::from_json(&json.to_string()).unwrap()
}

fn time(secs: f64) -> String {
    to_rfc3339(at(secs))
}

fn span(from: f64, to: impl Into<Option<f64>>) -> Value {
    match to.into() {
        Some(to) => json!({ "startTime": time(from), "endTime": time(to) }),
        None => json!({ "startTime": time(from) }),
    }
}

fn secs(secs: i64) -> Option<SignedDuration> {
    Some(SignedDuration::from_secs(secs))
}

/// A build that failed in its second of three steps.
fn failed() -> Value {
    json!({
        "status": "FAILURE",
        "createTime": time(0.0), "startTime": time(4.0), "finishTime": time(60.0),
        "failureInfo": { "type": "USER_BUILD_STEP", "detail": "Build step failure: build step 1 failed" },
        "warnings": [{ "text": "old pool", "priority": "ALERT" }, {}],
        "timing": { "BUILD": span(8.0, 59.0), "FETCHSOURCE": span(5.0, 8.0), "SETUPBUILD": span(4.0, 5.0) },
        "steps": [
            { "id": "fetch", "name": "cli", "status": "SUCCESS", "timing": span(8.0, 10.0),
              "pullTiming": span(8.0, 9.0), "entrypoint": "gcloud", "args": ["storage", "cp"] },
            { "name": "skaffold:v2", "status": "FAILURE", "exitCode": 137, "timing": span(10.0, 59.0) },
            { "script": "echo done", "status": "QUEUED", "allowFailure": true },
        ],
    })
}

#[test]
fn steps_have_labels_times_and_what_they_run() {
    let now = at(100.0);
    let view = view(&build(failed()), now);
    let labels: Vec<&str> = view
        .steps
        .iter()
        .map(|step| step.stretch.label.as_str())
        .collect();
    assert_eq!(labels, ["fetch", "skaffold:v2", "Step 2"]);
    let durations: Vec<_> = view
        .steps
        .iter()
        .map(|step| step.stretch.duration(now))
        .collect();
    assert_eq!(durations, [secs(2), secs(49), None]);
    assert_eq!(view.steps[0].pulled, secs(1));
    assert_eq!(view.steps[0].command, "gcloud storage cp");
    assert_eq!(view.steps[2].command, "echo done");
    assert_eq!(
        view.steps[1]
            .exit_code
            .as_ref()
            .map(ToString::to_string)
            .as_deref(),
        Some("137")
    );
    assert!(view.steps[2].may_fail && !view.steps[1].may_fail);
    assert_eq!((view.queued, view.ran), (secs(4), secs(56)));
    assert_eq!(view.warnings, ["old pool"]);
    // The steps are the BUILD phase; the others come in order of time.
    let stages: Vec<&str> = view
        .stages
        .iter()
        .map(|stage| stage.label.as_str())
        .collect();
    assert_eq!(stages, ["Set up the build", "Fetch the source"]);
}

#[test]
fn the_first_step_that_counts_is_the_failed_one() {
    assert_eq!(view(&build(failed()), at(100.0)).failed, Some(1));
    // One that may fail does not count, nor does one that exits as it may.
    let mut json = failed();
    json["steps"][0]["status"] = "FAILURE".into();
    assert_eq!(view(&build(json.clone()), at(100.0)).failed, Some(0));
    json["steps"][0]["allowFailure"] = true.into();
    assert_eq!(view(&build(json.clone()), at(100.0)).failed, Some(1));
    json["steps"][0]["allowExitCodes"] = json!([3]);
    assert_eq!(view(&build(json.clone()), at(100.0)).failed, Some(0));
    json["steps"][0]["exitCode"] = 3.into();
    assert_eq!(view(&build(json.clone()), at(100.0)).failed, Some(1));
    // Nothing failed in a build that succeeded or goes on.
    for status in ["SUCCESS", "WORKING", "NEW_STATUS"] {
        json["status"] = status.into();
        let view = view(&build(json.clone()), at(100.0));
        assert_eq!((view.failed, view.why), (None, None), "{status}");
    }
}

#[test]
fn why_names_the_step_its_exit_code_and_what_cloud_build_says() {
    let why = view(&build(failed()), at(100.0)).why.unwrap();
    assert_eq!(
        why.meaning,
        "The step “skaffold:v2” failed with status 137. Cloud Build says: Build step failure: build step 1 failed"
    );
    assert!(why.next.contains("log"));
    // The same words are not said twice.
    let mut json = failed();
    json["statusDetail"] = "build step 1 failed".into();
    assert_eq!(view(&build(json.clone()), at(100.0)).why.unwrap(), why);
    json["statusDetail"] = "Out of memory.".into();
    assert!(
        view(&build(json), at(100.0))
            .why
            .unwrap()
            .meaning
            .ends_with("Cloud Build says: Out of memory.")
    );
}

#[test]
fn every_way_to_fail_is_explained_in_its_own_words() {
    let mut found: Vec<String> = Vec::new();
    for failure in FailureType::KNOWN {
        let json = json!({ "status": "FAILURE", "failureInfo": { "type": failure.as_str() } });
        let why = view(&build(json), at(0.0)).why.unwrap();
        assert!(
            why.meaning.ends_with('.') && why.next.ends_with('.'),
            "{why:?}"
        );
        found.push(why.meaning);
    }
    for status in Status::KNOWN {
        let why = view(&build(json!({ "status": status.as_str() })), at(0.0)).why;
        let good = matches!(
            status,
            Status::Unknown | Status::Pending | Status::Queued | Status::Working | Status::Success
        );
        assert_eq!(why.is_none(), good, "{status}");
        // FAILURE alone is as with an unspecified type, which is there already.
        found.extend(
            why.filter(|_| *status != Status::Failure)
                .map(|why| why.meaning),
        );
    }
    let new = json!({ "status": "FAILURE", "failureInfo": { "type": "MELTDOWN" } });
    found.push(view(&build(new), at(0.0)).why.unwrap().meaning);
    assert!(found.last().unwrap().contains("MELTDOWN"));
    let count = found.len();
    found.sort();
    found.dedup();
    assert_eq!(found.len(), count, "two sentences are the same");
    assert_eq!(count, FailureType::KNOWN.len() + 4 + 1);
}

#[test]
fn a_timeout_and_a_cancellation_name_the_step_they_came_in() {
    for (status, word) in [("TIMEOUT", "longer"), ("CANCELLED", "cancelled")] {
        let mut json = failed();
        json["status"] = status.into();
        json["steps"][1]["status"] = status.into();
        let why = view(&build(json), at(100.0)).why.unwrap();
        assert!(
            why.meaning.contains(word) && why.meaning.contains("“skaffold:v2”"),
            "{}",
            why.meaning
        );
    }
}

#[test]
fn a_live_build_grows() {
    let json = json!({
        "status": "WORKING", "createTime": time(0.0), "startTime": time(4.0),
        "timing": { "FETCHSOURCE": span(4.0, 6.0), "BUILD": span(6.0, None) },
        "steps": [
            { "id": "a", "status": "SUCCESS", "timing": span(6.0, 9.0) },
            // The API may leave a step's status behind; its time tells.
            { "id": "b", "timing": span(9.0, None) },
            { "id": "c", "status": "QUEUED" },
        ],
    });
    let view = view(&build(json), at(20.0));
    assert_eq!(view.steps[1].status, Status::Working);
    assert_eq!(view.steps[1].stretch.duration(at(20.0)), secs(11));
    assert_eq!(view.steps[1].stretch.duration(at(30.0)), secs(21));
    assert_eq!((view.queued, view.ran), (secs(4), secs(16)));
    assert!(
        view.steps[1].stretch.live && !view.steps[0].stretch.live && !view.steps[2].stretch.live
    );
    // A clock behind the server's: it has only begun.
    assert_eq!(view.steps[1].stretch.duration(at(1.0)), secs(0));

    let queued = build(json!({ "status": "QUEUED", "createTime": time(0.0) }));
    let view = self::view(&queued, at(7.0));
    assert_eq!((view.queued, view.ran), (secs(7), None));
    let expired = json!({ "status": "EXPIRED", "createTime": time(0.0), "finishTime": time(9.0) });
    assert_eq!(self::view(&build(expired), at(70.0)).queued, secs(9));
}

#[test]
fn nothing_but_a_status_is_no_trouble() {
    let BuildView {
        steps,
        stages,
        failed,
        why,
        queued,
        ran,
        ..
    } = view(&build(json!({})), at(0.0));
    assert_eq!(
        (steps.len(), stages.len(), failed, why, queued, ran),
        (0, 0, None, None, None, None)
    );
    for status in Status::KNOWN {
        assert!(!status_label(status).contains('_'), "{status}");
    }
    assert_eq!(status_label(&Status::Unrecognized("NEW".into())), "NEW");
}

// On the axis.

fn window() -> Window {
    Window {
        from: at(0.0),
        to: at(100.0),
    }
}

fn stretch(started: Option<f64>, ended: Option<f64>, live: bool) -> Stretch {
    Stretch {
        label: String::new(),
        started: started.map(at),
        ended: ended.map(at),
        live,
    }
}

#[test]
fn parts_lie_on_the_axis_of_the_run() {
    let part = |started, ended, live| {
        let part = stretch(started, ended, live).part(window(), at(50.0));
        part.map(
            |Part {
                 kind,
                 from,
                 to,
                 live,
             }| {
                (
                    kind,
                    (from * 100.0).round() as i32,
                    (to * 100.0).round() as i32,
                    live,
                )
            },
        )
    };
    use PartKind::{Contradictory, Instant, Running};
    assert_eq!(
        part(Some(10.0), Some(20.0), false),
        Some((Running, 10, 20, false))
    );
    assert_eq!(part(Some(10.0), None, true), Some((Running, 10, 50, true)));
    assert_eq!(part(Some(60.0), None, true), Some((Running, 60, 60, true)));
    assert_eq!(
        part(Some(10.0), None, false),
        Some((Instant, 10, 10, false))
    );
    assert_eq!(
        part(None, Some(20.0), false),
        Some((Instant, 20, 20, false))
    );
    assert_eq!(
        part(Some(20.0), Some(10.0), false),
        Some((Contradictory, 10, 20, false))
    );
    assert_eq!(
        part(Some(-20.0), Some(30.0), false),
        Some((Running, 0, 30, false))
    );
    assert_eq!(
        part(Some(90.0), Some(300.0), false),
        Some((Running, 90, 100, false))
    );
    assert_eq!(part(Some(-20.0), Some(-10.0), false), None);
    assert_eq!(part(Some(120.0), None, true), None);
    assert_eq!(part(None, None, false), None);
}

proptest! {
    #[test]
    fn any_times_give_parts_within_the_axis(times in prop::collection::vec((prop::option::of(any_time()), prop::option::of(any_time())), 0..5), now in any_time()) {
        for (started, ended) in times {
            let stretch = Stretch { label: String::new(), started, ended, live: ended.is_none() };
            let _ = stretch.duration(now);
            if let Some(part) = stretch.part(window(), now) {
                prop_assert!(0.0 <= part.from && part.from <= part.to && part.to <= 1.0, "{part:?}");
            }
        }
    }

    #[test]
    fn any_build_is_shown(status in "[A-Z]{0,8}|FAILURE|WORKING|TIMEOUT", step in "[A-Z]{0,8}|FAILURE|WORKING", text in any::<String>(), now in any_time()) {
        let json = json!({
            "status": status, "createTime": text, "startTime": "2026-11-24T02:00:00Z", "statusDetail": text,
            "timing": { text.clone(): { "startTime": text } },
            "steps": [{ "status": step, "id": text, "timing": { "startTime": "2026-11-24T02:00:05Z" } }],
        });
        let view = view(&build(json), now);
        prop_assert_eq!(view.steps.len(), 1);
        let failed = ["FAILURE", "TIMEOUT", "CANCELLED", "EXPIRED"].contains(&status.as_str());
        prop_assert_eq!(view.why.is_some(), failed || status == "INTERNAL_ERROR");
    }
}

// Errors.

fn refused(status: u16, permission: &str) -> ApiError {
    let reply = Reply {
        status,
        ..Reply::default()
    };
    ApiError::Refused(Box::new(Refusal::from_reply(&reply, permission)))
}

#[test]
fn a_refusal_names_the_permission_and_a_role_that_has_it() {
    let cases = [
        (
            Reading::Build,
            "cloudbuild.builds.get",
            "roles/cloudbuild.builds.viewer",
        ),
        (
            Reading::Log,
            "storage.objects.get",
            "roles/storage.objectViewer",
        ),
        (
            Reading::File,
            "storage.objects.get",
            "roles/storage.objectViewer",
        ),
    ];
    for (reading, permission, role) in cases {
        let found = error_message(&refused(403, permission), reading, true);
        assert!(found.what.contains(permission), "{}", found.what);
        assert!(
            found.next.contains(permission) && found.next.contains(role),
            "{}",
            found.next
        );
        assert!(!format!("{found:?}").contains("clouddeploy."), "{found:?}");
        let gone = error_message(&refused(404, permission), reading, true);
        assert!(
            gone.what.contains("not there") || gone.what.contains("no such"),
            "{}",
            gone.what
        );
    }
}

#[test]
fn other_errors_are_explained_as_everywhere() {
    use jobrun_viewer::model::explain::{self, Doing};
    for error in [
        refused(503, ""),
        refused(401, ""),
        ApiError::Network("offline".into()),
    ] {
        assert_eq!(
            error_message(&error, Reading::Log, true),
            explain::error_message(&error, Doing::Loading, true)
        );
    }
}

#[test]
fn now_may_be_any_time() {
    for now in [Timestamp::MIN, Timestamp::MAX] {
        let mut json = failed();
        json["status"] = "WORKING".into();
        json.as_object_mut().unwrap().remove("finishTime");
        assert!(view(&build(json), now).ran.is_some());
    }
}

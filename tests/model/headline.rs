//! Guards the sentence that says how a rollout stands, and those that say what changed.

use jobrun_viewer::api::job_run::State;
use jobrun_viewer::api::rollout::Rollout;
use jobrun_viewer::model::rollout::Coverage;
use jobrun_viewer::model::rollout::headline::{changes, headline, job_label, phase_label};
use proptest::prelude::*;
use serde_json::json;

use crate::sample::{Sample, any_runs, any_time, at, run, set};

#[test]
fn a_rollout_is_told_in_one_sentence() {
    let verify = |id| {
        run(id)
            .job("canary-50", "verify")
            .variant("verifyJobRun", json!({}))
    };
    let failed = |id| {
        let cause = json!({ "failureCause": "EXECUTION_FAILED", "failureMessage": "Exit 1." });
        verify(id).state("FAILED").variant("verifyJobRun", cause)
    };
    let live = run("a").state("IN_PROGRESS");
    // The runs, the headline, the detail, and the run that it is about.
    let cases: [(Vec<Sample>, &str, &str, &str); 17] = [
        (
            vec![run("a")],
            "The only job so far succeeded",
            "1 m 00 s from the first wait to the last end",
            "a",
        ),
        (
            vec![run("a"), verify("b").times(61.0, 70.0, 185.0)],
            "All 2 jobs so far succeeded",
            "3 m 05 s from the first wait to the last end",
            "b",
        ),
        (
            vec![failed("a"), verify("b").times(61.0, 70.0, 120.0)],
            "The only job so far succeeded",
            "2 m 00 s from the first wait to the last end",
            "b",
        ),
        (
            vec![run("a").times(None, None, None)],
            "The only job so far succeeded",
            "",
            "a",
        ),
        (
            vec![run("a"), failed("b").times(61.0, 70.0, 120.0)],
            "verify failed in canary-50",
            "EXECUTION_FAILED · waited 9.0 s · ran 50 s",
            "b",
        ),
        (
            vec![failed("a"), failed("b").times(61.0, 70.0, 120.0)],
            "verify failed in canary-50",
            "attempt 2 of 2 · EXECUTION_FAILED · waited 9.0 s · ran 50 s",
            "b",
        ),
        (
            vec![run("a").state("TERMINATED")],
            "deploy was terminated in stable",
            "waited 5.0 s · ran 55 s",
            "a",
        ),
        // Terminated while it waited.
        (
            vec![run("a").state("TERMINATED").times(0.0, None, 42.0)],
            "deploy was terminated in stable",
            "waited 42 s",
            "a",
        ),
        (
            vec![run("a").state("FAILED").times(0.0, 5.0, None)],
            "deploy failed in stable",
            "waited 5.0 s",
            "a",
        ),
        (
            vec![live.clone().times(90.0, None, None)],
            "deploy is waiting to start in stable",
            "waiting for 10 s",
            "a",
        ),
        (
            vec![live.clone().times(0.0, 5.0, None)],
            "deploy is running in stable",
            "waited 5.0 s · ran 1 m 35 s so far",
            "a",
        ),
        // It started, but nobody knows when.
        (
            vec![
                live.clone()
                    .times(0.0, None, None)
                    .with("startTime", "soon"),
            ],
            "deploy is running in stable",
            "",
            "a",
        ),
        (
            vec![live.clone().state("TERMINATING").times(0.0, 5.0, None)],
            "deploy is being terminated in stable",
            "waited 5.0 s · ran 1 m 35 s so far",
            "a",
        ),
        (
            vec![
                live.times(None, 5.0, None)
                    .without("phaseId")
                    .without("jobId"),
            ],
            "deploy is running in no phase",
            "ran 1 m 35 s so far",
            "a",
        ),
        (
            vec![run("a").state("STATE_UNSPECIFIED").times(None, None, None)],
            "deploy is in no known state in stable",
            "",
            "a",
        ),
        (
            vec![run("a").state("PAUSED").times(0.0, None, None)],
            "deploy PAUSED in stable",
            "",
            "a",
        ),
        (
            vec![
                run("a")
                    .state("FAILED")
                    .variant("newJobRun", json!({}))
                    .without("jobId")
                    .times(None, None, None),
            ],
            "newJobRun failed in stable",
            "",
            "a",
        ),
    ];
    for (samples, text, detail, id) in cases {
        let headline = headline(&set(&samples), at(100.0), &Coverage::SoFar, None).unwrap();
        assert_eq!(
            (
                headline.text.as_str(),
                headline.detail.as_str(),
                headline.run.as_str()
            ),
            (text, detail, id)
        );
    }
    assert_eq!(headline(&set(&[]), at(0.0), &Coverage::SoFar, None), None);
}

#[test]
fn the_verdicts_state_is_that_of_its_run() {
    let set = set(&[run("a"), run("b").job("p", "j").state("PAUSED")]);
    assert_eq!(
        headline(&set, at(0.0), &Coverage::SoFar, None)
            .unwrap()
            .state,
        State::Unrecognized("PAUSED".into())
    );
}

#[test]
fn labels_stand_in_for_missing_ids() {
    let named = run("a").alone();
    assert_eq!(
        (job_label(&named), phase_label(&named)),
        ("deploy", "stable")
    );
    let nameless = run("a")
        .variant("analysisJobRun", json!({}))
        .without("phaseId")
        .without("jobId")
        .alone();
    assert_eq!(
        (job_label(&nameless), phase_label(&nameless)),
        ("analysis", "no phase")
    );
}

#[test]
fn new_runs_and_new_states_are_changes() {
    let deploy = run("a").state("IN_PROGRESS").times(0.0, 5.0, None);
    let verify = run("b")
        .job("stable", "verify")
        .state("IN_PROGRESS")
        .times(61.0, None, None);
    let retry = run("c").state("IN_PROGRESS").times(70.0, None, None);
    let before = set(std::slice::from_ref(&deploy));
    // What comes after, and what changed, the newest first.
    let cases: [(Vec<Sample>, &[&str]); 6] = [
        (vec![deploy.clone()], &[]),
        // Times and other fields are no news to listen to.
        (
            vec![deploy.clone().with("etag", "2").times(0.0, 6.0, None)],
            &[],
        ),
        (
            vec![deploy.clone().state("SUCCEEDED")],
            &["deploy in stable, attempt 1: Succeeded."],
        ),
        (
            vec![deploy.clone().state("SUCCEEDED"), verify],
            &[
                "verify in stable, attempt 1: In progress.",
                "deploy in stable, attempt 1: Succeeded.",
            ],
        ),
        (
            vec![deploy.state("PAUSED"), retry],
            &[
                "deploy in stable, attempt 2: In progress.",
                "deploy in stable, attempt 1: PAUSED.",
            ],
        ),
        (vec![], &[]),
    ];
    for (samples, expected) in cases {
        let after = set(&samples);
        assert_eq!(changes(&before, &after, 9), expected);
        assert_eq!(
            changes(&before, &after, 1),
            &expected[..expected.len().min(1)]
        );
        assert_eq!(changes(&before, &after, 0), [""; 0]);
    }
}

proptest! {
    #[test]
    fn any_rollout_has_its_verdict(samples in any_runs(), now in any_time()) {
        let set = set(&samples);
        match headline(&set, now, &Coverage::SoFar, None) {
            None => prop_assert!(set.runs.is_empty()),
            Some(headline) => {
                let run = set.get(&headline.run).unwrap();
                prop_assert_eq!(&headline.state, &run.json.state);
                prop_assert!(!headline.text.trim().is_empty());
                prop_assert!(!headline.detail.contains("·  ") && !headline.detail.ends_with("· "));
            }
        }
        prop_assert_eq!(changes(&set, &set, 9), [""; 0]);
        let all = changes(&crate::sample::set(&[]), &set, usize::MAX);
        prop_assert_eq!(all.len(), set.runs.len());
    }
}

#[test]
fn a_list_that_is_not_whole_is_not_taken_for_all() {
    let some = set(&[
        run("a").state("SUCCEEDED"),
        run("b").job("p", "j").state("SUCCEEDED"),
    ]);
    let one = set(&[run("a").state("SUCCEEDED")]);
    let says = |set, coverage| headline(set, at(0.0), &coverage, None).unwrap().text;
    assert_eq!(says(&some, Coverage::SoFar), "All 2 jobs so far succeeded");
    assert_eq!(
        says(&some, Coverage::Part),
        "All 2 jobs read so far succeeded"
    );
    assert_eq!(says(&some, Coverage::Over), "All 2 jobs succeeded");
    assert_eq!(
        says(&some, Coverage::Ended),
        "All 2 jobs that ran succeeded"
    );
    assert_eq!(
        headline(&some, at(0.0), &Coverage::Ended, None)
            .unwrap()
            .state,
        State::Terminated,
        "it is no success"
    );
    assert_eq!(
        says(&one, Coverage::Part),
        "The only job read so far succeeded"
    );
    assert_eq!(says(&one, Coverage::Over), "The only job succeeded");
}

#[test]
fn what_a_filter_lets_through_is_not_the_rollout() {
    let good = set(&[run("a").state("SUCCEEDED")]);
    assert_eq!(
        headline(&good, at(0.0), &Coverage::Filtered, None),
        None,
        "others may have failed"
    );
    let bad = set(&[run("a").state("FAILED")]);
    assert_eq!(
        headline(&bad, at(0.0), &Coverage::Filtered, None)
            .unwrap()
            .text,
        "deploy failed in stable"
    );
}

#[test]
fn a_rollout_that_waits_for_a_person_says_so_first() {
    let done = set(&[run("a").state("SUCCEEDED").times(0.0, 5.0, 60.0)]);
    let waits = Coverage::Waits {
        phase: "stable".into(),
    };
    let told = headline(&done, at(3720.0), &waits, None).unwrap();
    assert_eq!(told.text, "stable waits to be advanced");
    assert_eq!(
        told.detail,
        "The only job so far succeeded · idle for 1 h 01 m"
    );
    assert_eq!(
        told.state,
        State::InProgress,
        "it is not over, and not green"
    );
    // What fails or runs comes before it.
    let running = set(&[run("a").state("IN_PROGRESS").times(0.0, 5.0, None)]);
    assert_eq!(
        headline(&running, at(9.0), &waits, None).unwrap().text,
        "deploy is running in stable"
    );
}

#[test]
fn a_failure_that_was_ignored_is_not_what_comes_first() {
    let rollout = |state: &str| -> Rollout {
        let jobs = json!({ "deployJob": { "id": "deploy", "state": "SUCCEEDED" },
                           "verifyJob": { "id": "verify", "state": state } });
        serde_json::from_value(json!({ "phases": [{ "id": "stable", "deploymentJobs": jobs }] }))
            .unwrap()
    };
    let failed = run("b")
        .job("stable", "verify")
        .variant("verifyJobRun", json!({}))
        .state("FAILED");
    let done = set(&[run("a").state("SUCCEEDED"), failed]);
    let told =
        |state, coverage| headline(&done, at(0.0), &coverage, Some(&rollout(state))).unwrap();
    assert_eq!(
        told("FAILED", Coverage::Ended).text,
        "verify failed in stable"
    );
    let ignored = told("IGNORED", Coverage::Over);
    assert_eq!(
        (ignored.text.as_str(), ignored.state),
        ("1 of 2 jobs succeeded, 1 ignored", State::Succeeded)
    );
    let waits = told(
        "IGNORED",
        Coverage::Waits {
            phase: "next".into(),
        },
    );
    assert_eq!(waits.text, "next waits to be advanced");
}

//! Guards what the viewer makes of job runs: which attempt each is, in which order they come, what
//! does not add up, and that nothing that came is lost.

use std::sync::Arc;

use jobrun_viewer::api::job_run::{FailureCause, State};
use jobrun_viewer::api::source::Record;
use jobrun_viewer::core::time::{SignedDuration, Timestamp};
use jobrun_viewer::model::run::{Failure, Flag, JobKind, Lifecycle, RunSet, RunTime, lifecycle};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sample::{Sample, VARIANTS, any_runs, at, ids, rollout, run, set};

fn secs(secs: f64) -> Option<SignedDuration> {
    Some(SignedDuration::from_secs_f64(secs))
}

// The set: order, attempts, duplicates.

#[test]
fn attempts_are_numbered_by_creation_within_a_phase_and_job() {
    let set = set(&[
        run("d").times(30.0, None, None),
        run("v").job("stable", "verify").times(5.0, None, None),
        run("c").job("canary", "deploy").times(7.0, None, None),
        run("a").times(10.0, None, None),
        run("b").times(20.0, None, None),
    ]);
    let found: Vec<_> = set
        .runs
        .iter()
        .map(|run| (run.id.as_str(), run.attempt, run.attempts))
        .collect();
    assert_eq!(
        found,
        [
            ("v", 1, 1),
            ("c", 1, 1),
            ("a", 1, 3),
            ("b", 2, 3),
            ("d", 3, 3)
        ]
    );
    let attempts: Vec<&str> = set
        .attempts_of(set.get("b").unwrap())
        .map(|run| run.id.as_str())
        .collect();
    assert_eq!(attempts, ["a", "b", "d"]);
    assert_eq!(set.get("x"), None);
}

#[test]
fn runs_go_by_creation_or_else_by_what_they_have() {
    let set = set(&[
        run("nothing").times(None, None, None),
        run("end").times(None, None, 3.0),
        run("start").times(None, 2.0, 9.0),
        run("create").times(1.0, 8.0, 9.0),
        run("late").times(4.0, 0.0, 0.0),
        run("unreadable")
            .times(None, 2.5, None)
            .with("createTime", "soon"),
    ]);
    assert_eq!(
        ids(&set),
        ["create", "start", "unreadable", "end", "late", "nothing"]
    );
}

#[test]
fn runs_of_one_time_keep_one_order() {
    let samples = [
        run("b").times(0.0, 2.0, None),
        run("a").times(0.0, 2.0, None),
        run("z").times(0.0, 1.0, None),
        run("q").times(0.0, None, None),
    ];
    let mut backwards = samples.clone();
    backwards.reverse();
    assert_eq!(ids(&set(&samples)), ["q", "z", "a", "b"]);
    assert_eq!(ids(&set(&backwards)), ["q", "z", "a", "b"]);
}

#[test]
fn of_a_run_that_comes_twice_the_later_copy_counts() {
    let set = set(&[
        run("a").state("IN_PROGRESS").times(0.0, 1.0, None),
        run("b").times(1.0, 2.0, 3.0),
        run("a").times(0.0, 1.0, 2.0),
    ]);
    assert_eq!(ids(&set), ["a", "b"]);
    assert_eq!(set.runs[0].json.state, State::Succeeded);
    assert_eq!((set.runs[0].attempts, set.runs[1].attempt), (2, 2));
}

#[test]
fn entries_that_cannot_be_read_are_kept() {
    let records = [
        r#"{"uid":5}"#,
        "null",
        &json!({ "name": rollout().job_run("a").to_string() }).to_string(),
        "[]",
    ];
    let set = RunSet::new(records.into_iter().map(Record::from_json).collect(), None);
    assert_eq!(ids(&set), ["a"]);
    let unreadable: Vec<_> = set
        .unreadable
        .iter()
        .map(|entry| (&*entry.raw, entry.reason.as_str()))
        .collect();
    assert_eq!(
        unreadable,
        [
            (
                r#"{"uid":5}"#,
                "invalid type: integer `5`, expected a string at line 1, column 8"
            ),
            (
                "null",
                "invalid type: null, expected a map at line 1, column 4"
            ),
            (
                "[]",
                "invalid type: sequence, expected a map at line 1, column 1"
            ),
        ]
    );
}

#[test]
fn runs_without_a_name_are_all_there() {
    let nameless = run("x").with("name", "projects/p");
    let set = set(&[
        nameless.clone(),
        run("a").times(-1.0, None, None),
        nameless.clone(),
        nameless.without("name"),
    ]);
    assert_eq!(ids(&set), ["a", "unnamed-1", "unnamed-3", "unnamed-4"]);
    assert!(set.runs[1..].iter().all(|run| run.name.is_none()));
    assert_eq!(set.runs[0].name, Some(rollout().job_run("a")));
}

#[test]
fn a_run_that_did_not_change_is_the_same_one() {
    let samples = [
        run("a"),
        run("b").state("IN_PROGRESS").times(1.0, 2.0, None),
        run("c").job("p", "j"),
    ];
    let before = set(&samples);
    let again = |samples: &[Sample]| {
        RunSet::new(samples.iter().map(Sample::record).collect(), Some(&before))
    };
    let same = |after: &RunSet| -> Vec<bool> {
        after
            .runs
            .iter()
            .map(|run| before.runs.iter().any(|old| Arc::ptr_eq(old, run)))
            .collect()
    };

    let after = again(&samples);
    assert_eq!((same(&after), &after), (vec![true, true, true], &before));
    let reordered = again(&[samples[2].clone(), samples[0].clone(), samples[1].clone()]);
    assert_eq!(same(&reordered), [true, true, true]);

    // Another state changes the run itself; another attempt changes what its job's runs say.
    let ended = samples[1].clone().state("SUCCEEDED");
    let after = again(&[samples[0].clone(), ended.clone(), samples[2].clone()]);
    assert_eq!(
        (ids(&after), same(&after)),
        (vec!["a", "c", "b"], vec![true, true, false])
    );
    assert_ne!(after, before);
    let after = again(&[
        samples[0].clone(),
        samples[1].clone(),
        samples[2].clone(),
        run("d").times(9.0, None, None),
    ]);
    assert_eq!(
        (ids(&after), same(&after)),
        (vec!["a", "c", "b", "d"], vec![false, true, false, false])
    );
    let after = again(&[samples[0].clone().with("newField", 1)]);
    assert_eq!(same(&after), [false]);
    // The second attempt of two becomes the first of two.
    let after = again(&[samples[1].clone(), run("d").times(9.0, None, None)]);
    assert_eq!(
        (ids(&after), same(&after)),
        (vec!["b", "d"], vec![false, false])
    );
}

#[test]
fn states_are_counted_in_the_order_of_the_api() {
    let states = [
        "FAILED",
        "PAUSED",
        "SUCCEEDED",
        "FAILED",
        "IN_PROGRESS",
        "STATE_UNSPECIFIED",
        "ASLEEP",
        "TERMINATED",
    ];
    let samples: Vec<Sample> = states
        .iter()
        .enumerate()
        .map(|(index, state)| run(&index.to_string()).state(state))
        .collect();
    assert_eq!(
        set(&samples).state_counts(),
        [
            (State::Unspecified, 1),
            (State::InProgress, 1),
            (State::Succeeded, 1),
            (State::Failed, 2),
            (State::Terminated, 1),
            (State::Unrecognized("ASLEEP".into()), 1),
            (State::Unrecognized("PAUSED".into()), 1),
        ]
    );
    assert_eq!(set(&[]).state_counts(), []);
}

#[test]
fn the_most_telling_run_is_the_most_urgent_of_the_last_attempts() {
    let each_in_its_job = |states: &[&str]| -> Vec<Sample> {
        let samples = states.iter().enumerate();
        samples
            .map(|(i, state)| {
                run(state)
                    .job("p", &i.to_string())
                    .state(state)
                    .times(i as f64, None, None)
            })
            .collect()
    };
    let cases = [
        (
            &["SUCCEEDED", "FAILED", "IN_PROGRESS", "PAUSED"][..],
            "FAILED",
        ),
        (&["TERMINATED", "IN_PROGRESS"][..], "TERMINATED"),
        (&["FAILED", "TERMINATED"][..], "TERMINATED"),
        (&["TERMINATED", "FAILED"][..], "FAILED"),
        (&["SUCCEEDED", "IN_PROGRESS", "PAUSED"][..], "IN_PROGRESS"),
        (
            &["IN_PROGRESS", "TERMINATING", "SUCCEEDED"][..],
            "TERMINATING",
        ),
        (&["PAUSED", "SUCCEEDED"][..], "PAUSED"),
        (&["STATE_UNSPECIFIED", "SUCCEEDED"][..], "STATE_UNSPECIFIED"),
    ];
    for (states, expected) in cases {
        assert_eq!(
            set(&each_in_its_job(states))
                .most_telling(&|_| false)
                .unwrap()
                .id,
            expected,
            "{states:?}"
        );
    }
    assert_eq!(set(&[]).most_telling(&|_| false), None);

    // A failure that a later attempt made good no longer counts; of equals the newest does.
    let retried = [run("a").state("FAILED"), run("b").times(70.0, 71.0, 80.0)];
    assert_eq!(set(&retried).most_telling(&|_| false).unwrap().id, "b");
    let succeeded = [
        run("a"),
        run("b").job("stable", "verify").times(70.0, 71.0, 80.0),
    ];
    assert_eq!(set(&succeeded).most_telling(&|_| false).unwrap().id, "b");
}

// One run: its kind, what does not add up, its times.

#[test]
fn the_kind_is_that_of_the_variant() {
    let kinds = [
        JobKind::Predeploy,
        JobKind::Deploy,
        JobKind::Verify,
        JobKind::Analysis,
        JobKind::Postdeploy,
        JobKind::CreateChildRollout,
        JobKind::AdvanceChildRollout,
    ];
    for (field, kind) in VARIANTS.into_iter().zip(kinds) {
        assert_eq!(run("a").variant(field, json!({})).alone().kind, kind);
    }
    let several = |fields: &[&str]| {
        JobKind::Several(fields.iter().map(|field| (*field).to_owned()).collect())
    };
    let cases = [
        (
            json!({ "newJobRun": {} }),
            JobKind::Unrecognized("newJobRun".into()),
        ),
        (
            json!({ "newJobRun": { "a": 1 }, "other": {} }),
            JobKind::Unrecognized("newJobRun".into()),
        ),
        (json!({ "newJobRun": null }), JobKind::Missing),
        (json!({ "deployJobRun": null }), JobKind::Missing),
        (
            json!({ "deployJobRun": null, "verifyJobRun": {} }),
            JobKind::Verify,
        ),
        // No variant but another field whose name ends alike.
        (json!({ "retriedJobRun": "projects/p" }), JobKind::Missing),
        (json!({ "newjobrun": {} }), JobKind::Missing),
        (json!({}), JobKind::Missing),
        (
            json!({ "verifyJobRun": {}, "deployJobRun": {} }),
            several(&["deployJobRun", "verifyJobRun"]),
        ),
        (
            json!({ "analysisJobRun": {}, "verifyJobRun": {}, "predeployJobRun": {} }),
            several(&["predeployJobRun", "verifyJobRun", "analysisJobRun"]),
        ),
    ];
    for (json, kind) in cases {
        let set = RunSet::new(vec![Record::from_json(&json.to_string())], None);
        assert_eq!(set.runs[0].kind, kind, "{json}");
    }
}

#[test]
fn kinds_have_names_and_the_order_of_a_phase() {
    let kinds = [
        (JobKind::CreateChildRollout, "create child rollout"),
        (JobKind::AdvanceChildRollout, "advance child rollout"),
        (JobKind::Predeploy, "predeploy"),
        (JobKind::Deploy, "deploy"),
        (JobKind::Verify, "verify"),
        (JobKind::Analysis, "analysis"),
        (JobKind::Postdeploy, "postdeploy"),
        (JobKind::Unrecognized("newJobRun".into()), "newJobRun"),
    ];
    assert!(kinds.is_sorted_by(|a, b| a.0.order() < b.0.order()));
    for (kind, label) in kinds {
        assert_eq!(kind.label(), label);
    }
    assert_eq!(
        (JobKind::Missing.label(), JobKind::Several(vec![]).label()),
        ("no kind", "several kinds")
    );
}

#[test]
fn what_does_not_add_up_is_flagged() {
    let unreadable = |field| Flag::UnreadableTime {
        field,
        text: "soon".into(),
    };
    let live = || run("a").state("IN_PROGRESS").times(0.0, 5.0, None);
    let cases = [
        (
            run("a").with("createTime", "soon"),
            vec![unreadable("createTime")],
        ),
        (
            run("a").with("startTime", "soon"),
            vec![unreadable("startTime")],
        ),
        (
            run("a").with("endTime", "soon"),
            vec![unreadable("endTime")],
        ),
        (run("a").times(None, 5.0, 60.0), vec![Flag::NoCreateTime]),
        (run("a").with("createTime", ""), vec![Flag::NoCreateTime]),
        (
            run("a").times(5.0, 4.0, 60.0),
            vec![Flag::StartBeforeCreate],
        ),
        (run("a").times(0.0, 5.0, 4.0), vec![Flag::EndBeforeStart]),
        (
            run("a").state("TERMINATED").times(5.0, None, 4.0),
            vec![Flag::EndBeforeCreate],
        ),
        (
            run("a").times(5.0, 6.0, 4.0),
            vec![Flag::EndBeforeStart, Flag::EndBeforeCreate],
        ),
        (run("a").times(0.0, 5.0, None), vec![Flag::FinalWithoutEnd]),
        (
            run("a").state("TERMINATED").times(0.0, 5.0, None),
            vec![Flag::FinalWithoutEnd],
        ),
        (live().times(0.0, 5.0, 60.0), vec![Flag::EndWithoutFinal]),
        (
            run("a").times(0.0, None, 60.0),
            vec![Flag::SucceededWithoutStart],
        ),
        (run("a").with("name", "a"), vec![Flag::UnreadableName]),
        (run("a").without("name"), vec![Flag::UnreadableName]),
        (run("a").without("deployJobRun"), vec![Flag::NoVariant]),
        (
            run("a").with("verifyJobRun", json!({})),
            vec![Flag::SeveralVariants(vec![
                "deployJobRun".into(),
                "verifyJobRun".into(),
            ])],
        ),
        (
            run("a").variant("newJobRun", json!({})),
            vec![Flag::UnrecognizedVariant("newJobRun".into())],
        ),
        (
            run("a").state("PAUSED"),
            vec![Flag::UnrecognizedState("PAUSED".into())],
        ),
        (
            run("a").without("deployJobRun").times(None, None, None),
            vec![
                Flag::NoCreateTime,
                Flag::FinalWithoutEnd,
                Flag::SucceededWithoutStart,
                Flag::NoVariant,
            ],
        ),
    ];
    for (sample, flags) in cases {
        let run = sample.alone();
        assert_eq!(run.flags, flags, "{}", run.raw);
        for flag in flags {
            let sentence = flag.sentence();
            assert!(sentence.ends_with('.') && sentence.len() > 20, "{sentence}");
        }
    }
}

#[test]
fn clean_runs_have_no_flags() {
    let samples = [
        run("a"),
        run("a").state("FAILED"),
        run("a").state("FAILED").times(0.0, None, 3.0),
        run("a").state("TERMINATED"),
        run("a").state("TERMINATED").times(0.0, None, 3.0),
        run("a").state("IN_PROGRESS").times(0.0, None, None),
        run("a").state("IN_PROGRESS").times(0.0, 5.0, None),
        run("a").state("TERMINATING").times(0.0, 5.0, None),
        run("a").times(0.0, 0.0, 0.0),
        run("a").with("newField", json!({ "deep": [1] })),
        run("a").with("startTime", "2026-11-24T07:30:05+05:30"),
    ];
    for sample in samples {
        let run = sample.alone();
        assert_eq!(run.flags, [], "{}", run.raw);
    }
}

#[test]
fn flags_name_what_they_are_about() {
    let cases = [
        (
            Flag::UnreadableTime {
                field: "endTime",
                text: "soon".into(),
            },
            "endTime is “soon”, which is no time.",
        ),
        (
            Flag::SeveralVariants(vec!["aJobRun".into(), "bJobRun".into()]),
            "The run has aJobRun and bJobRun at once; the API promises one.",
        ),
        (
            Flag::UnrecognizedVariant("newJobRun".into()),
            "This viewer does not know newJobRun yet; the raw JSON has it.",
        ),
        (
            Flag::UnrecognizedState("PAUSED".into()),
            "This viewer does not know the state PAUSED yet.",
        ),
    ];
    for (flag, sentence) in cases {
        assert_eq!(flag.sentence(), sentence);
    }
}

#[test]
fn moments_are_as_far_as_they_are_known() {
    let run = run("a")
        .with("startTime", "soon")
        .without("endTime")
        .alone();
    assert_eq!(run.created, RunTime::At(at(0.0)));
    assert_eq!(
        (run.started.clone(), run.started.known()),
        (RunTime::Unreadable("soon".into()), None)
    );
    assert_eq!(
        (run.ended.clone(), run.ended.known()),
        (RunTime::Absent, None)
    );
}

#[test]
fn a_state_stands_for_a_course() {
    for state in State::KNOWN {
        let expected = match state.as_str() {
            "IN_PROGRESS" | "TERMINATING" => Lifecycle::Live,
            "SUCCEEDED" | "FAILED" | "TERMINATED" => Lifecycle::Final,
            _ => Lifecycle::Unknown,
        };
        assert_eq!(lifecycle(state), expected, "{state}");
    }
    assert_eq!(
        lifecycle(&State::Unrecognized("PAUSED".into())),
        Lifecycle::Unknown
    );
}

#[test]
fn waits_and_runs_are_as_long_as_they_are_known() {
    let live = |created, started| run("a").state("IN_PROGRESS").times(created, started, None);
    let now = at(100.0);
    // The run, how long it waited, how long it ran.
    let cases = [
        (run("a"), secs(5.0), secs(55.0)),
        (
            run("a").state("FAILED").times(0.0, None, 60.0),
            secs(60.0),
            None,
        ),
        (live(Some(90.0), None), secs(10.0), None),
        (live(Some(90.0), Some(95.5)), secs(5.5), secs(4.5)),
        (
            live(Some(90.0), Some(95.0)).state("TERMINATING"),
            secs(5.0),
            secs(5.0),
        ),
        (live(None, Some(95.0)), None, secs(5.0)),
        (live(None, None), None, None),
        // A clock behind the server's: nothing has passed yet.
        (live(Some(101.0), None), secs(0.0), None),
        (live(Some(90.0), Some(101.0)), secs(11.0), secs(0.0)),
        // Live by its state, and yet ended.
        (
            live(Some(0.0), Some(5.0)).times(0.0, 5.0, 60.0),
            secs(5.0),
            secs(55.0),
        ),
        // The present is not an end of what is not live.
        (run("a").times(0.0, None, None), None, None),
        (run("a").times(0.0, 5.0, None), secs(5.0), None),
        (run("a").state("PAUSED").times(0.0, None, None), None, None),
        (
            run("a").state("PAUSED").times(0.0, 5.0, None),
            secs(5.0),
            None,
        ),
        // Times that contradict each other, as they are.
        (run("a").times(5.0, 0.0, 60.0), secs(-5.0), secs(60.0)),
        (run("a").times(0.0, 5.0, 3.0), secs(5.0), secs(-2.0)),
        // It started, but nobody knows when.
        (run("a").with("startTime", "soon"), None, None),
        (live(Some(90.0), None).with("startTime", "soon"), None, None),
        (run("a").with("endTime", "soon"), secs(5.0), None),
        (run("a").with("createTime", "soon"), None, secs(55.0)),
    ];
    for (sample, waited, ran) in cases {
        let run = sample.alone();
        assert_eq!(
            (run.waited(now), run.ran(now)),
            (waited, ran),
            "{}",
            run.raw
        );
    }
}

#[test]
fn the_first_and_last_times_there_are_can_be_told_apart() {
    let mut run = (*run("a")
        .state("IN_PROGRESS")
        .times(None, None, None)
        .alone())
    .clone();
    run.created = RunTime::At(Timestamp::MIN);
    let longest = Timestamp::MAX.duration_since(Timestamp::MIN);
    assert_eq!(
        (run.waited(Timestamp::MAX), run.ran(Timestamp::MAX)),
        (Some(longest), None)
    );
    run.started = RunTime::At(Timestamp::MIN);
    assert_eq!(
        (run.waited(Timestamp::MAX), run.ran(Timestamp::MAX)),
        (secs(0.0), Some(longest))
    );
}

#[test]
fn a_build_is_that_of_any_variant_that_has_one() {
    let build = "projects/p/locations/l/builds/b";
    for variant in [
        "deployJobRun",
        "verifyJobRun",
        "predeployJobRun",
        "postdeployJobRun",
    ] {
        assert_eq!(
            run("a")
                .variant(variant, json!({ "build": build }))
                .alone()
                .build(),
            Some(build),
            "{variant}"
        );
        assert_eq!(
            run("a").variant(variant, json!({})).alone().build(),
            None,
            "{variant}"
        );
    }
    let check = json!({ "customCheckAnalyses": [{ "latestBuild": build }] });
    assert_eq!(
        run("a").variant("analysisJobRun", check).alone().build(),
        None,
        "a check's is not the run's"
    );
    let second = run("a").with("verifyJobRun", json!({ "build": build }));
    assert_eq!(second.alone().build(), Some(build), "the deploy has none");
}

#[test]
fn failures_are_told_by_each_variant_that_can_fail() {
    let failure = |check: Option<&str>, cause, message: &str| Failure {
        check: check.map(str::to_owned),
        cause,
        message: message.into(),
        is_alert: false,
        build: String::new(),
    };
    let failed = json!({ "failureCause": "EXECUTION_FAILED", "failureMessage": "Exit 1." });
    for variant in [
        "deployJobRun",
        "verifyJobRun",
        "predeployJobRun",
        "postdeployJobRun",
    ] {
        let run = run("a").variant(variant, failed.clone()).alone();
        assert_eq!(
            run.failures(),
            [failure(None, FailureCause::ExecutionFailed, "Exit 1.")],
            "{variant}"
        );
    }
    let cases: [(Value, Vec<Failure>); 5] = [
        (json!({}), vec![]),
        (
            json!({ "failureCause": "FAILURE_CAUSE_UNSPECIFIED", "failureMessage": "" }),
            vec![],
        ),
        (
            json!({ "failureMessage": "m" }),
            vec![failure(None, FailureCause::Unspecified, "m")],
        ),
        (
            json!({ "failureCause": "DEADLINE_EXCEEDED" }),
            vec![failure(None, FailureCause::DeadlineExceeded, "")],
        ),
        (
            json!({ "failureCause": "OUT_OF_COFFEE" }),
            vec![failure(
                None,
                FailureCause::Unrecognized("OUT_OF_COFFEE".into()),
                "",
            )],
        ),
    ];
    for (deploy, failures) in cases {
        assert_eq!(
            run("a")
                .variant("deployJobRun", deploy.clone())
                .alone()
                .failures(),
            failures,
            "{deploy}"
        );
    }

    let analysis = json!({
        "failedCheckId": "c",
        "alertPolicyAnalyses": [{ "id": "quiet" }, { "id": "p", "failureMessage": "Firing." }],
        "customCheckAnalyses": [
            { "id": "fine" },
            { "id": "c", "failureCause": "CLOUD_BUILD_UNAVAILABLE", "failureMessage": "No API.",
              "latestBuild": "projects/p/locations/l/builds/b" },
        ],
    });
    assert_eq!(
        run("a")
            .variant("analysisJobRun", analysis)
            .alone()
            .failures(),
        [
            Failure {
                is_alert: true,
                ..failure(Some("p"), FailureCause::Unspecified, "Firing.")
            },
            Failure {
                build: "projects/p/locations/l/builds/b".into(),
                ..failure(Some("c"), FailureCause::CloudBuildUnavailable, "No API.")
            },
        ]
    );
    for child in ["createChildRolloutJobRun", "advanceChildRolloutJobRun"] {
        assert_eq!(
            run("a")
                .state("FAILED")
                .variant(child, json!({}))
                .alone()
                .failures(),
            []
        );
    }
    let two = run("a")
        .variant("deployJobRun", failed.clone())
        .with("verifyJobRun", failed);
    assert_eq!(two.alone().failures().len(), 2);
}

proptest! {
    #[test]
    fn every_entry_is_in_the_set_once(samples in any_runs(), seed in any::<u64>()) {
        let set = set(&samples);
        let mut names: Vec<String> = samples.iter().map(|s| s.record().run.unwrap().name).collect();
        let nameless = names.iter().filter(|name| *name == "no name").count();
        names.retain(|name| name != "no name");
        names.sort_unstable();
        names.dedup();
        prop_assert_eq!(set.runs.len(), nameless + names.len());
        for run in &set.runs {
            let found = set.runs.iter().filter(|other| other.id == run.id).count();
            prop_assert_eq!(found, 1, "{} is unique", &run.id);
            let attempts: Vec<usize> = set.attempts_of(run).map(|other| other.attempt).collect();
            prop_assert_eq!(attempts, (1..=run.attempts).collect::<Vec<_>>());
        }
        let counted: usize = set.state_counts().iter().map(|(_, count)| count).sum();
        prop_assert_eq!(counted, set.runs.len());
        prop_assert_eq!(set.most_telling(&|_| false).is_some(), !set.runs.is_empty());

        // The order in which named runs came does not matter.
        let mut shuffled: Vec<Sample> = Vec::new();
        for sample in set.runs.iter().filter(|run| run.name.is_some()) {
            let index = seed as usize % (shuffled.len() + 1);
            shuffled.insert(index, Sample::from_raw(&sample.raw));
        }
        let again = crate::sample::set(&shuffled);
        let named: Vec<&str> = ids(&set).into_iter().filter(|id| !id.starts_with("unnamed")).collect();
        prop_assert_eq!(ids(&again), named);
    }

    #[test]
    fn times_are_told_of_any_run(samples in any_runs(), now in crate::sample::any_time()) {
        for run in set(&samples).runs {
            let (waited, ran) = (run.waited(now), run.ran(now));
            prop_assert!(waited.is_none() || run.created.known().is_some());
            prop_assert!(ran.is_none() || run.started.known().is_some());
            if run.flags.is_empty() {
                prop_assert!(waited.is_none_or(|waited| !waited.is_negative()));
                prop_assert!(ran.is_none_or(|ran| !ran.is_negative()));
            }
        }
    }

    #[test]
    fn reading_the_same_again_changes_nothing(samples in any_runs()) {
        let before = set(&samples);
        let after = RunSet::new(samples.iter().map(Sample::record).collect(), Some(&before));
        for (old, new) in before.runs.iter().zip(&after.runs) {
            prop_assert!(Arc::ptr_eq(old, new));
        }
        prop_assert_eq!(after, before);
    }
}

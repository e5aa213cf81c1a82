//! Many job runs at once.

use jobrun_viewer::api::job_run::State;
use jobrun_viewer::model::history::{Flags, History, Lifecycle, Span};
use jobrun_viewer::model::run::JobKind;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sample::{Sample, micros, run};

fn response(runs: &[Value]) -> String {
    json!({ "jobRuns": runs, "nextPageToken": "more" }).to_string()
}

fn read(text: &str) -> History {
    let mut history = History::default();
    history.add(text.as_bytes());
    history.end_document();
    history.settle();
    history
}

fn value(sample: Sample) -> Value {
    sample.value()
}

#[test]
fn a_run_is_kept_with_what_lanes_and_filters_need() {
    let failed = json!({ "build": "b", "failureCause": "EXECUTION_FAILED", "failureMessage": "a \"}\" in it" });
    let failed = run("a")
        .state("FAILED")
        .variant("verifyJobRun", failed)
        .times(0.0, 5.5, 60.25);
    let history = read(&response(&[value(failed.clone())]));

    assert_eq!(history.len(), 1);
    assert_eq!(history.state(0), State::Failed);
    assert_eq!(history.lifecycle(0), Lifecycle::Final);
    assert_eq!(history.kind(0), JobKind::Verify);
    assert_eq!(history.cause_name(0), "EXECUTION_FAILED");
    assert_eq!(history.phase_name(history.phase(0)), "stable");
    assert_eq!(history.job_name(history.job(0)), "deploy");
    assert_eq!(
        history.span(0),
        Some(Span {
            from: micros(0.0),
            running: micros(5.5),
            to: micros(60.25)
        })
    );
    assert_eq!(history.waited(0), Some(5_500_000));
    assert_eq!(history.ran(0), Some(54_750_000));
    assert_eq!(history.flags(0), Flags::default());
    let rollout = history.rollout_info(history.rollout(0));
    assert_eq!(
        (&*rollout.pipeline, &*rollout.release, &*rollout.id),
        ("d", "r", "o")
    );
    assert_eq!(
        serde_json::from_slice::<Value>(history.raw(0)).unwrap(),
        value(failed)
    );
    assert!(history.name(0).ends_with("/jobRuns/a"));
}

#[test]
fn a_page_tells_what_the_next_one_is_asked_for_with() {
    let mut history = History::default();
    assert_eq!(
        history.add_document(response(&[value(run("a"))]).as_bytes()),
        "more"
    );
    assert_eq!(
        history.add_document(br#"{"nextPageToken":"a\u003db","jobRuns":[]}"#),
        "a=b"
    );
    assert_eq!(
        history.add_document(br#"{"jobRuns":[{"name":"x/jobRuns/y"}]}"#),
        ""
    );
    assert_eq!(history.add_document(b"{}"), "");
    assert_eq!(history.len(), 2);
}

#[test]
fn the_check_of_an_analysis_tells_the_cause() {
    let analysis = json!({
        "failedCheckId": "errors",
        "customCheckAnalyses": [
            { "id": "fine", "failureCause": "FAILURE_CAUSE_UNSPECIFIED" },
            { "id": "errors", "failureCause": "DEADLINE_EXCEEDED" },
        ],
    });
    let history = read(&response(&[value(
        run("a").variant("analysisJobRun", analysis),
    )]));
    assert_eq!(history.kind(0), JobKind::Analysis);
    assert_eq!(history.cause_name(0), "DEADLINE_EXCEEDED");
}

#[test]
fn what_a_newer_api_says_is_kept_as_it_came() {
    let newer = run("a")
        .state("PAUSED")
        .variant("teleportJobRun", json!({ "x": 1 }));
    let history = read(&response(&[value(newer)]));
    assert_eq!(history.state_name(0), "PAUSED");
    assert_eq!(
        history.kind(0),
        JobKind::Unrecognized("teleportJobRun".into())
    );
    assert!(history.flags(0).has(Flags::UNKNOWN));
    assert_eq!(history.lifecycle(0), Lifecycle::Unknown);
}

#[test]
fn attempts_are_numbered_in_the_order_of_creation() {
    let runs = [
        value(run("third").times(200.0, 201.0, 202.0)),
        value(run("first").times(0.0, 1.0, 2.0)),
        value(run("other").job("stable", "verify")),
        value(run("second").times(100.0, 101.0, 102.0)),
    ];
    let history = read(&response(&runs));
    let attempts: Vec<_> = (0..4)
        .map(|run| (history.attempt(run), history.attempts(run)))
        .collect();
    assert_eq!(attempts, [(3, 3), (1, 3), (1, 1), (2, 3)]);
    assert_eq!(history.next_attempt(1), Some(3));
    assert_eq!(history.next_attempt(3), Some(0));
    assert_eq!(history.next_attempt(0), None);
}

#[test]
fn times_that_do_not_add_up_are_flagged_and_still_drawn() {
    let runs = [
        value(run("a").times(10.0, 5.0, 60.0)),
        value(run("b").with("startTime", "yesterday")),
        value(run("c").times(None, 5.0, 6.0)),
        value(run("d").times(0.0, 5.0, None)),
        value(run("e").state("IN_PROGRESS").times(0.0, 5.0, None)),
        value(run("f").state("IN_PROGRESS").times(0.0, 5.0, 6.0)),
        value(run("g").times(None, None, None)),
    ];
    let history = read(&response(&runs));
    let flagged = |run: usize, flag: Flags| {
        assert!(
            history.flags(run).has(flag),
            "{run}: {:?}",
            history.flags(run)
        )
    };
    flagged(0, Flags::CONTRADICTORY);
    assert_eq!(
        history.span(0),
        Some(Span {
            from: micros(5.0),
            running: micros(5.0),
            to: micros(60.0)
        })
    );
    flagged(1, Flags::UNREADABLE_TIME);
    flagged(2, Flags::NO_CREATE_TIME);
    flagged(3, Flags::FINAL_WITHOUT_END);
    assert_eq!(history.span(3).unwrap().to, micros(5.0));
    assert_eq!(history.flags(4), Flags::default());
    assert_eq!(history.span(4).unwrap().to, Span::OPEN);
    let waiting = read(&response(&[value(
        run("w").state("IN_PROGRESS").times(10.0, None, None),
    )]));
    let span = waiting.span(0).unwrap();
    assert_eq!(
        (span.end(micros(20.0)), span.end(micros(5.0))),
        (micros(20.0), micros(10.0))
    );
    flagged(5, Flags::END_WITHOUT_FINAL);
    assert_eq!(history.span(5).unwrap().to, micros(6.0));
    assert_eq!(history.span(6), None);
}

#[test]
fn a_rollout_tells_its_target_to_its_runs_by_number_or_id() {
    let rollout = json!({ "name": "projects/p/locations/us-central1/deliveryPipelines/d/releases/r/rollouts/o", "targetId": "prod" });
    let numbered = value(run("a"))
        .to_string()
        .replace("projects/p/", "projects/123/");
    let text = format!("{}\n{numbered}", json!({ "rollouts": [rollout] }));
    let history = read(&text);
    assert_eq!(history.len(), 1);
    assert_eq!(history.rollout_info(0).target, "prod");
    assert!(history.rollout_info(0).name.starts_with("projects/p/"));
    assert!(
        history.name(0).starts_with("projects/p/") && history.name(0).ends_with("/o/jobRuns/a")
    );
    for project in ["p", "123"] {
        let name = format!(
            "projects/{project}/locations/us-central1/deliveryPipelines/d/releases/r/rollouts/o"
        );
        assert_eq!(history.find(&name, "a"), Some(0));
    }
    assert_eq!(history.find("projects/p/locations/elsewhere", "a"), None);
}

#[test]
fn every_shape_of_a_file_is_read() {
    let a = value(run("a")).to_string();
    let b = value(run("b")).to_string();
    for text in [
        format!("[{a},{b}]"),
        format!("{a}\n{b}\n"),
        format!("{{\"jobRuns\":[{a},{b}]}}"),
        format!("{{\"jobRuns\":[{a}]}}{{\"jobRuns\":[{b}]}}"),
        format!("[{{\"jobRuns\":[{a}]}},{{\"nextPageToken\":\"\",\"jobRuns\":[{b}]}}]"),
        format!("\u{feff}[[{a}],[{b}]]"),
    ] {
        let history = read(&text);
        assert_eq!((history.len(), history.spoiled_count()), (2, 0), "{text}");
    }
}

#[test]
fn what_is_broken_costs_itself_and_not_its_neighbours() {
    let a = value(run("a")).to_string();
    let b = value(run("b")).to_string();
    let history = read(&format!(
        "[{a}, 17, {{\"name\" \"x\"}}, \"text\", {{\"other\":1}}, {b}, {{\"name\":\"cut"
    ));
    assert_eq!(history.len(), 2);
    assert_eq!(history.spoiled_count(), 5);
    assert_eq!(history.spoiled()[0].excerpt, "17");
}

#[test]
fn what_is_broken_ends_where_it_does_however_it_came() {
    for text in ["abc", "abc \"{\" x\n{\"name\":\"x/jobRuns/y\"}"] {
        let whole = read(text);
        let mut cut = History::default();
        text.as_bytes().chunks(1).for_each(|byte| cut.add(byte));
        cut.end_document();
        assert_eq!(
            (cut.len(), cut.spoiled_count()),
            (whole.len(), whole.spoiled_count()),
            "{text}"
        );
        assert_eq!(cut.spoiled()[0].excerpt, whole.spoiled()[0].excerpt);
    }
}

#[test]
fn hostile_nesting_costs_no_stack() {
    let deep = "[".repeat(100_000) + &"{\"a\":".repeat(100_000);
    assert_eq!(read(&deep).len(), 0);
    let lists = "{\"jobRuns\":[".repeat(10_000);
    assert_eq!(read(&lists).len(), 0);
}

proptest! {
    /// However the bytes are cut on their way, the same runs come of them.
    #[test]
    fn the_pieces_in_which_bytes_come_make_no_difference(
        names in prop::collection::vec("\\PC{0,8}", 1..6),
        cuts in prop::collection::vec(0.0..1.0, 0..12),
        pretty: bool,
    ) {
        let runs: Vec<Value> = names
            .iter()
            .enumerate()
            .map(|(at, text)| value(run(&format!("r{at}")).job(text, "j").with("etag", text.as_str())))
            .collect();
        let text = match pretty {
            true => serde_json::to_string_pretty(&json!({ "a": [1, {}], "jobRuns": runs, "b": null })).unwrap(),
            false => response(&runs),
        };
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| (cut * text.len() as f64) as usize).collect();
        cuts.sort_unstable();
        let mut history = History::default();
        let mut from = 0;
        for to in cuts.into_iter().chain([text.len()]) {
            history.add(&text.as_bytes()[from..to]);
            from = to;
        }
        history.end_document();
        prop_assert_eq!(history.len(), runs.len());
        prop_assert_eq!(history.spoiled_count(), 0);
        for (at, wanted) in runs.iter().enumerate() {
            prop_assert_eq!(&serde_json::from_slice::<Value>(history.raw(at)).unwrap(), wanted);
            prop_assert_eq!(history.phase_name(history.phase(at)), wanted["phaseId"].as_str().unwrap());
        }
    }

    /// Times are read as serde and the time crate read them.
    #[test]
    fn times_agree_with_the_parser_of_the_rest(
        seconds in -62_135_596_800_i64..253_402_300_799,
        nanos in 0_i32..1_000_000_000,
        digits in 0_usize..=9,
        offset in prop::sample::select(vec!["Z", "+02:00", "-23:59", "z"]),
    ) {
        let time = jobrun_viewer::core::time::Timestamp::new(seconds, nanos).unwrap();
        let text = jobrun_viewer::core::time::to_rfc3339(time);
        let whole = &text[..19];
        let fraction = if digits == 0 { String::new() } else { format!(".{nanos:09}")[..=digits].to_owned() };
        let text = format!("{whole}{fraction}{offset}");
        let wanted = jobrun_viewer::core::time::parse(&text).ok().map(|time| time.as_nanosecond().div_euclid(1_000) as i64);
        let history = read(&response(&[value(run("a").with("createTime", text.as_str()))]));
        prop_assert_eq!(history.created(0), wanted, "{}", text);
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), at in 0_usize..300) {
        let mut history = History::default();
        history.add(&bytes[..at.min(bytes.len())]);
        history.add(&bytes[at.min(bytes.len())..]);
        history.end_document();
        history.settle();
    }

    #[test]
    fn no_json_like_text_panics(text in r#"([\[\]{},:"\\ ]|"name"|"jobRuns"|"deployJobRun"|null|1|a){0,60}"#) {
        let history = read(&text);
        for run in 0..history.len() {
            history.name(run);
            history.span(run);
        }
    }
}

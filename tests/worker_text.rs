//! What the worker makes of builds, logs, manifests and differences for the page to show.

use std::sync::Arc;

use jobrun_viewer::api::job_run::State;
use jobrun_viewer::api::source::Record;
use jobrun_viewer::core::time::parse;
use jobrun_viewer::model::build_report::{
    self, Bar, BuildReport, LogPlace, Progress, RowKind, StepReport,
};
use jobrun_viewer::model::manifest::diff::Change;
use jobrun_viewer::model::manifest::yaml::SpanKind;
use jobrun_viewer::model::run::{Run, RunSet};
use jobrun_viewer::workers::files::protocol::{DiffLine, DiffRow, YamlLine};
use jobrun_viewer::workers::files::text;
use jobrun_viewer::workers::log::build_log::{self, LogLine, LogText, Segment};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// What comes on the page's side of what a worker sends.
fn crossed<T: Serialize + DeserializeOwned>(sent: T) -> T {
    serde_json::from_str(&serde_json::to_string(&sent).expect("it is JSON"))
        .expect("it is of the same build")
}

const NOW: &str = "2026-11-24T12:01:40Z";

/// A run from second 0 to 96, whose axis has a second more on each side, and so is of 100 s.
fn run(state: &str) -> Arc<Run> {
    let mut run = json!({
        "name": format!("{PIPELINE}/releases/r/rollouts/o/jobRuns/1"), "state": state, "phaseId": "stable",
        "jobId": "deploy", "deployJobRun": {}, "createTime": at(2), "startTime": at(12), "endTime": at(98),
    });
    if state == "IN_PROGRESS" {
        run.as_object_mut().expect("an object").remove("endTime");
    }
    let mut runs = RunSet::new(vec![Record::from_json(&run.to_string())], None).runs;
    runs.remove(0)
}

fn at(seconds: u32) -> String {
    format!("2026-11-24T12:{:02}:{:02}Z", seconds / 60, seconds % 60)
}

fn span(from: u32, to: u32) -> Value {
    json!({ "startTime": at(from), "endTime": at(to) })
}

/// A build that failed in its second of three steps, on an axis of 100 s.
fn failed() -> Value {
    json!({
        "id": "b1", "status": "FAILURE", "logsBucket": "gs://logs/of builds",
        "createTime": at(10), "startTime": at(20), "finishTime": at(60),
        "failureInfo": { "type": "USER_BUILD_STEP", "detail": "step 1 failed" },
        "warnings": [{ "text": "old pool" }, { "text": "old step" }],
        "timing": { "FETCHSOURCE": span(20, 22), "BUILD": span(22, 60), "PUSH": span(58, 60) },
        "steps": [
            { "id": "fetch", "name": "cli", "entrypoint": "gcloud", "args": ["cp"], "status": "SUCCESS",
              "timing": span(22, 30), "pullTiming": span(22, 25) },
            { "id": "deploy", "name": "skaffold", "status": "FAILURE", "exitCode": 137, "timing": span(30, 55) },
            { "id": "report", "name": "cli", "status": "QUEUED" },
        ],
    })
}

fn report(build: &Value, state: &str, now: &str) -> BuildReport {
    let now = parse(now).expect("it is a time");
    build_report::read(&build.to_string(), &run(state), now).expect("it is a build")
}

/// A row of a build's steps: label, status, duration, and the fractions of the bars.
type Row<'a> = (&'a str, &'a str, &'a str, Vec<(i64, i64)>);

fn rows(report: &BuildReport) -> Vec<Row<'_>> {
    let row = report.rows.iter().map(|row| {
        let status = match &row.kind {
            RowKind::Step(step) => step.status.as_str(),
            RowKind::Run(_) | RowKind::Stage => "",
        };
        let bars = row.bars.iter().map(|bar| (bar.from, bar.to)).collect();
        (row.label.as_str(), status, row.duration.as_str(), bars)
    });
    row.collect()
}

fn steps(report: &BuildReport) -> Vec<&StepReport> {
    let steps = report.rows.iter().filter_map(|row| match &row.kind {
        RowKind::Step(step) => Some(step),
        RowKind::Run(_) | RowKind::Stage => None,
    });
    steps.collect()
}

#[test]
fn a_build_is_reported_step_by_step_on_the_axis_of_its_run() {
    let build = report(&failed(), "FAILED", NOW);
    assert_eq!(
        (build.progress, &build.look, build.status.as_str()),
        (Progress::Failed, &State::Failed, "Failed")
    );
    assert_eq!(build.times, "In the queue for 10 s, ran 40 s");
    let why = build.why.as_ref().expect("it failed");
    assert!(
        why.meaning
            .starts_with("The step “deploy” failed with status 137."),
        "{why:?}"
    );
    assert!(
        why.next.contains("Read the end of the build's log"),
        "{why:?}"
    );
    assert_eq!(build.warnings, ["old pool", "old step"]);

    // The axis begins 1.92 s before the run and is as much longer at its end.
    let bar = |from: f64, to: f64| {
        let at = |second: f64| ((second - 2.0 + 1.92) / (96.0 + 3.84) * 1e6).round() as i64;
        (at(from), at(to))
    };
    let expected = [
        ("The job run", "", "", vec![bar(2.0, 12.0), bar(12.0, 98.0)]),
        ("Queue", "", "10 s", vec![bar(10.0, 20.0)]),
        ("Fetch the source", "", "2.0 s", vec![bar(20.0, 22.0)]),
        ("fetch", "Succeeded", "8.0 s", vec![bar(22.0, 30.0)]),
        (
            "deploy",
            "Failed, exit code 137",
            "25 s",
            vec![bar(30.0, 55.0)],
        ),
        ("report", "Not run", "—", vec![]),
        ("Push the artifacts", "", "2.0 s", vec![bar(58.0, 60.0)]),
    ];
    assert_eq!(rows(&build), expected);
    let waits = |bars: &[Bar]| bars.iter().map(|bar| bar.is_waiting).collect::<Vec<_>>();
    assert_eq!(waits(&build.rows[0].bars), [true, false]);
    assert_eq!(build.rows[0].kind, RowKind::Run(State::Failed));
    assert_eq!(
        (&build.rows[1].kind, &build.rows[6].kind),
        (&RowKind::Stage, &RowKind::Stage)
    );
    let steps = steps(&build);
    assert_eq!(
        steps[0].details,
        "cli\ngcloud cp\nThe image was pulled in 3.0 s."
    );
    let looks: Vec<Option<State>> = steps.iter().map(|step| step.look.clone()).collect();
    assert_eq!(looks, [Some(State::Succeeded), Some(State::Failed), None]);
}

#[test]
fn a_build_says_where_its_log_is_or_why_there_is_none() {
    let LogPlace::Stored { path, file, page } = report(&failed(), "FAILED", NOW).log else {
        panic!("it has a log")
    };
    assert_eq!(
        path,
        "/storage/v1/b/logs/o/of%20builds%2Flog-b1.txt?alt=media"
    );
    assert_eq!(file, "log-b1.txt");
    assert!(
        page.starts_with("https://console.cloud.google.com/storage/browser/_details/logs/"),
        "{page}"
    );

    let mut elsewhere = failed();
    elsewhere["options"] = json!({ "logging": "CLOUD_LOGGING_ONLY" });
    let LogPlace::Missing(why) = report(&elsewhere, "FAILED", NOW).log else {
        panic!("it has no log")
    };
    assert!(why.contains("CLOUD_LOGGING_ONLY"), "{why}");
}

#[test]
fn a_build_that_goes_on_grows_with_the_present() {
    let build = json!({
        "status": "WORKING", "createTime": at(10), "startTime": at(20),
        "steps": [{ "id": "deploy", "status": "WORKING", "timing": { "startTime": at(30) } },
                  { "id": "report", "status": "QUEUED" }],
    });
    let at_50 = report(&build, "IN_PROGRESS", &at(50));
    assert_eq!(at_50.progress, Progress::Live);
    assert_eq!(at_50.times, "In the queue for 10 s, running for 30 s");
    assert_eq!(at_50.why, None);
    let durations = |report: &BuildReport| {
        report
            .rows
            .iter()
            .map(|row| row.duration.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(durations(&at_50), ["", "10 s", "20 s", "—"]);
    assert_eq!(rows(&at_50)[3].1, "Queued");
    let at_80 = report(&build, "IN_PROGRESS", &at(80));
    assert_eq!(durations(&at_80), ["", "10 s", "50 s", "—"]);
}

#[test]
fn what_is_no_build_is_said_with_its_place() {
    let now = parse(NOW).expect("it is a time");
    let wrong =
        build_report::read("<!DOCTYPE html>", &run("FAILED"), now).expect_err("it is no build");
    assert_eq!(
        (wrong.line, wrong.column, wrong.excerpt.as_str()),
        (1, 1, "<!DOCTYPE html>")
    );
    assert!(wrong.reason.contains("expected value"), "{wrong:?}");
}

fn log(written: &str, has_failed: bool) -> LogText {
    crossed(build_log::read(written, has_failed))
}

/// The words of a line of a log, without its prefix.
fn log_words(line: &LogLine) -> String {
    line.segments
        .iter()
        .map(|segment| segment.text.as_str())
        .collect()
}

#[test]
fn a_log_has_its_colours_and_its_reason() {
    let written = "Starting Step #0 - \"deploy\"\n\
                   Step #0 - \"deploy\": 10 %\r99 %\rdone\n\
                   Step #0 - \"deploy\": \u{1b}[1;31mError:\u{1b}[0m it is \u{1b}[48;2;0;90;0mfull\u{1b}[0m\n\
                   bye\n";
    let read = log(written, true);
    let reason = read.reason.expect("the build failed");
    assert_eq!(
        (reason.line, reason.words.as_str(), read.lines.len()),
        (2, "Error: it is full", 4)
    );
    let rewritten: Vec<usize> = read.lines.iter().map(|line| line.rewritten).collect();
    assert_eq!(rewritten, [0, 2, 0, 0]);
    assert_eq!(
        (read.lines[1].prefix.as_str(), log_words(&read.lines[1])),
        ("Step #0 - \"deploy\": ", "done".into())
    );
    assert_eq!(
        (read.lines[2].number, read.lines[2].prefix.as_str()),
        (3, "Step #0 - \"deploy\": ")
    );
    let segment = |class: &str, text: &str| Segment {
        class: class.to_owned(),
        text: text.to_owned(),
    };
    // A colour outside the sixteen is the nearest that can be read.
    let segments = [
        segment("is-bold fg-1", "Error:"),
        segment("", " it is "),
        segment("bg-2", "full"),
    ];
    assert_eq!(read.lines[2].segments, segments);
    // Of a build that did not fail, nothing is a reason.
    assert_eq!(log(written, false).reason, None);
    assert_eq!(log("", true), LogText::default());
}

fn yaml(written: &str) -> Vec<YamlLine> {
    crossed(text::yaml(written))
}

/// The words of lines of YAML.
fn shown(lines: &[YamlLine]) -> String {
    let line = |line: &YamlLine| {
        line.tokens
            .iter()
            .map(|token| token.text.as_str())
            .collect::<String>()
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn yaml_has_kinds_and_keeps_every_character() {
    let written = "# a\nname: web # b\nlist:\n  - {a: 1, b: true}\n---\n\n";
    let lines = yaml(written);
    assert_eq!(shown(&lines) + "\n", written);
    let of = |line: usize, kind: SpanKind| -> String {
        let tokens = lines[line].tokens.iter().filter(|token| token.kind == kind);
        tokens.map(|token| token.text.as_str()).collect()
    };
    assert_eq!(of(0, SpanKind::Comment), "# a");
    assert_eq!(
        (of(1, SpanKind::Key), of(1, SpanKind::String)),
        ("name".into(), "web".into())
    );
    assert_eq!(
        (of(3, SpanKind::Number), of(3, SpanKind::Boolean)),
        ("1".into(), "true".into())
    );
    assert_eq!(of(4, SpanKind::DocumentStart), "---");
    assert_eq!(lines.len(), 6);
}

/// The rows of a difference.
fn diff(old: &str, new: &str) -> Vec<DiffRow> {
    crossed(text::diff("rel-1", old, new)).rows
}

/// The lines of a row.
fn lines_of(row: &DiffRow) -> &[DiffLine] {
    match row {
        DiffRow::Line(line) => std::slice::from_ref(line),
        DiffRow::Fold(lines) => lines,
        DiffRow::Header(_) | DiffRow::NoLineBreak => &[],
    }
}

/// A row in words.
fn told(row: &DiffRow) -> String {
    let sign = |change: Change| match change {
        Change::Unchanged => "",
        Change::Removed => "removed: ",
        Change::Added => "added: ",
    };
    match row {
        DiffRow::Header(text) => text.clone(),
        DiffRow::NoLineBreak => "No line break".to_owned(),
        DiffRow::Line(line) => sign(line.change).to_owned() + &line.text,
        DiffRow::Fold(lines) => {
            assert!(lines.iter().all(|line| line.change == Change::Unchanged));
            format!(
                "fold: {}",
                lines
                    .iter()
                    .map(|line| line.text.as_str())
                    .collect::<Vec<_>>()
                    .join(" ")
            )
        }
    }
}

#[test]
fn a_difference_has_all_lines_those_far_from_a_change_folded() {
    let old: String = (1..=20).map(|n| format!("{n}\n")).collect();
    let new = old.replace("\n10\n", "\nten\nten and a half\n");
    let diff = crossed(text::diff("rel-1", &old, &new));
    assert_eq!(
        (
            diff.with.as_str(),
            diff.added,
            diff.removed,
            diff.note.as_str()
        ),
        ("rel-1", 2, 1, "")
    );
    assert_eq!(
        diff.rows.iter().map(told).collect::<Vec<_>>(),
        [
            "fold: 1 2 3 4 5 6",
            "@@ -7,7 +7,8 @@",
            "7",
            "8",
            "9",
            "removed: 10",
            "added: ten",
            "added: ten and a half",
            "11",
            "12",
            "13",
            "fold: 14 15 16 17 18 19 20",
        ]
    );
    let numbers = |row: usize| {
        lines_of(&diff.rows[row])
            .iter()
            .map(|line| (line.old, line.new))
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers(5), [(Some(10), None)]);
    assert_eq!(numbers(7), [(None, Some(11))]);
    assert_eq!(numbers(10), [(Some(13), Some(14))]);
    assert_eq!(numbers(11)[6], (Some(20), Some(21)));
    let same = text::diff("rel-1", &old, &old);
    assert_eq!((same.added, same.removed, same.rows), (0, 0, vec![]));
    // What is compared roughly says so.
    let (many, other): (String, String) = (0..5000)
        .map(|n| (format!("a{n}\n"), format!("b{n}\n")))
        .unzip();
    assert!(
        text::diff("rel-1", &many, &other)
            .note
            .contains("too many to compare one by one")
    );
}

#[test]
fn changes_of_line_ends_are_seen() {
    let rows: Vec<String> = diff("a\r\nb", "a\nb\n").iter().map(told).collect();
    assert_eq!(
        rows,
        [
            "@@ -1,2 +1,2 @@",
            "removed: a␍",
            "removed: b",
            "No line break",
            "added: a",
            "added: b"
        ]
    );
}

const PIPELINE: &str = "projects/shop/locations/eu/deliveryPipelines/web";

fn rollout(release: &str, target: &str, state: &str, second: u32) -> String {
    json!({
        "name": format!("{}/releases/{release}/rollouts/{release}-to-{target}", PIPELINE.replace("shop", "123")),
        "targetId": target, "state": state, "createTime": at(second),
    })
    .to_string()
}

#[test]
fn the_rollout_before_is_the_newest_good_one_to_the_same_target() {
    let current = format!("{PIPELINE}/releases/r5/rollouts/r5-to-prod");
    let previous = |rollouts: &[String]| text::previous(&current, rollouts);
    let mut rollouts = vec![
        rollout("r6", "prod", "SUCCEEDED", 60),
        rollout("r5", "prod", "FAILED", 50),
        rollout("r4", "prod", "FAILED", 40),
        rollout("r3", "staging", "SUCCEEDED", 30),
        rollout("r1", "prod", "SUCCEEDED", 10),
        rollout("r2", "prod", "SUCCEEDED", 20),
        "[]".to_owned(),
    ];
    // By the project's name in the page's address.
    assert_eq!(
        previous(&rollouts),
        Some(format!("{PIPELINE}/releases/r2/rollouts/r2-to-prod"))
    );
    rollouts.truncate(4);
    assert_eq!(previous(&rollouts), None);
    assert_eq!(
        previous(&rollouts[2..]),
        None,
        "the rollout itself is not in the list"
    );
}

proptest! {
    #[test]
    fn any_text_comes_whole(written in "[a-z:#\\-\" \\[\\n\\t\u{1}\u{2}\u{3}\u{1b}\u{1f}é]{0,80}") {
        let plain = written.replace(|c: char| c.is_control() && c != '\n' && c != '\t', "\u{fffd}");
        prop_assert_eq!(shown(&yaml(&written)), plain.strip_suffix('\n').unwrap_or(&plain));
        // A log leaves out what only a terminal needs, and no line.
        let lines = written.strip_suffix('\n').unwrap_or(&written);
        prop_assert_eq!(log(&written, true).lines.len(), if lines.is_empty() { 0 } else { lines.split('\n').count() });
    }

    #[test]
    fn any_difference_has_both_texts(old in "([ab]{1,2}\\n){0,40}", new in "([ab]{1,2}\\n){0,40}") {
        let rows = diff(&old, &new);
        prop_assert_eq!(rows.is_empty(), old == new);
        if old != new {
            let lines: Vec<&DiffLine> = rows.iter().flat_map(lines_of).collect();
            let side = |number: fn(&DiffLine) -> Option<usize>| -> (String, Vec<usize>) {
                let lines = lines.iter().filter_map(|line| Some((line.text.clone() + "\n", number(line)?)));
                lines.unzip()
            };
            for ((written, numbers), expected) in [(side(|line| line.old), old), (side(|line| line.new), new)] {
                prop_assert_eq!(written, expected);
                // And every row knows its number.
                let counted: Vec<usize> = (1..=numbers.len()).collect();
                prop_assert_eq!(numbers, counted);
            }
        }
    }
}

//! What the worker makes of builds, logs, manifests and differences for the page to draw.

use jobrun_viewer::worker::drawn::{DrawnBuild, DrawnDiff, DrawnLine, DrawnLog, DrawnRow, RowKind};
use jobrun_viewer::worker::{Call, Worker};
use proptest::prelude::*;
use serde_json::{Value, json};

fn call(call: Call, texts: &[&str]) -> Vec<String> {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    Worker::default().answer(call.name(), &texts).expect("an answer")
}

const FROM: &str = "2026-11-24T12:00:00Z";
const TO: &str = "2026-11-24T12:01:40Z";

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

fn drawn(build: &Value, now: &str) -> DrawnBuild {
    DrawnBuild::from_texts(call(Call::Build, &[&build.to_string(), now, FROM, TO])).expect("a build")
}

#[test]
fn a_build_is_drawn_step_by_step_on_the_axis_that_was_asked_for() {
    let build = drawn(&failed(), TO);
    assert_eq!((build.label.as_str(), build.look.as_str(), build.live), ("Failed", "FAILED", false));
    assert!(build.why.starts_with("The step “deploy” failed with status 137."), "{}", build.why);
    assert!(build.next.contains("log"), "{}", build.next);
    assert_eq!(build.times, "In the queue for 10 s, ran 40 s");
    assert_eq!(build.warnings, "old pool\nold step");
    let rows: Vec<[&str; 5]> = build
        .steps
        .iter()
        .map(|step| {
            [&step.label, &step.look, &step.status, &step.duration, &step.place].map(|text| text.as_str())
        })
        .collect();
    assert_eq!(
        rows,
        [
            ["Queue", "", "", "10 s", "--from:100000;--to:200000"],
            ["Fetch the source", "", "", "2.0 s", "--from:200000;--to:220000"],
            ["fetch", "SUCCEEDED", "Succeeded", "8.0 s", "--from:220000;--to:300000"],
            ["deploy", "FAILED", "Failed, exit code 137", "25 s", "--from:300000;--to:550000"],
            ["report", "", "Not run", "", ""],
            ["Push the artifacts", "", "", "2.0 s", "--from:580000;--to:600000"],
        ]
    );
    assert_eq!(build.steps[2].details, "cli\ngcloud cp\nThe image was pulled in 3.0 s.");
}

#[test]
fn a_build_says_where_its_log_is_or_why_there_is_none() {
    let build = drawn(&failed(), TO);
    assert_eq!(build.log, "/storage/v1/b/logs/o/of%20builds%2Flog-b1.txt?alt=media");
    assert_eq!(build.log_uri, "gs://logs/of builds/log-b1.txt");
    assert!(build.log_page.starts_with("https://console.cloud.google.com/storage/browser/_details/logs/"));
    assert_eq!(build.no_log, "");

    let mut elsewhere = failed();
    elsewhere["options"] = json!({ "logging": "CLOUD_LOGGING_ONLY" });
    let build = drawn(&elsewhere, TO);
    assert!(build.no_log.contains("CLOUD_LOGGING_ONLY"), "{}", build.no_log);
    assert_eq!((build.log.as_str(), build.log_uri.as_str(), build.log_page.as_str()), ("", "", ""));
}

#[test]
fn a_build_that_goes_on_grows_with_the_present() {
    let build = json!({
        "status": "WORKING", "createTime": at(0), "startTime": at(10),
        "steps": [{ "id": "deploy", "status": "WORKING", "timing": { "startTime": at(20) } }, { "id": "report", "status": "QUEUED" }],
    });
    let at_50 = drawn(&build, &at(50));
    assert!(at_50.live);
    assert_eq!(at_50.times, "In the queue for 10 s, running for 40 s");
    assert_eq!((at_50.why.as_str(), at_50.steps[1].duration.as_str()), ("", "30 s"));
    assert_eq!(at_50.steps[1].place, "--from:200000;--to:500000");
    assert_eq!(at_50.steps[2].status, "Queued");
    assert_eq!(drawn(&build, &at(80)).steps[1].place, "--from:200000;--to:800000");
}

#[test]
fn what_is_no_build_is_said_with_its_place() {
    let answer = call(Call::Build, &["<!DOCTYPE html>", TO, FROM, TO]);
    let [line, column, reason, excerpt] = &answer[..] else { panic!("{answer:?}") };
    assert_eq!((line.as_str(), column.as_str(), excerpt.as_str()), ("1", "1", "<!DOCTYPE html>"));
    assert!(reason.contains("expected value"), "{reason}");
    assert_eq!(DrawnBuild::from_texts(answer), None);
}

fn log(text: &str, failed: &str) -> DrawnLog {
    DrawnLog::from_texts(call(Call::Log, &[text, failed])).expect("a log")
}

#[test]
fn a_log_is_drawn_with_its_colours_and_its_reason() {
    let text = "Starting Step #0 - \"deploy\"\n\
                Step #0 - \"deploy\": 10 %\r99 %\rdone\n\
                Step #0 - \"deploy\": \u{1b}[1;31mError:\u{1b}[0m it is \u{1b}[48;2;0;90;0mfull\u{1b}[0m\n\
                bye\n";
    let drawn = log(text, "1");
    assert_eq!(drawn.reason, Some(2));
    assert_eq!(drawn.reason_text, "Error: it is full");
    let lines: Vec<DrawnLine> = drawn.lines.iter().map(|line| DrawnLine::unpack(line)).collect();
    assert_eq!(lines.len(), 4);
    assert_eq!((lines[1].rewritten, lines[1].spans[0]), ("2", ("", "done")));
    assert_eq!((lines[2].number, lines[2].prefix), ("3", "Step #0 - \"deploy\": "));
    assert_eq!(lines[2].spans, [("is-bold fg-1", "Error:"), ("", " it is "), ("bg-2", "full")]);
    // Of a build that did not fail, nothing is a reason.
    assert_eq!(log(text, "").reason, None);
    assert_eq!(log("", "1").lines.len(), 0);
}

#[test]
fn yaml_is_drawn_in_kinds_and_keeps_every_character() {
    let text = "# a\nname: web # b\nlist:\n  - {a: 1, b: true}\n---\n\n";
    let lines = call(Call::Yaml, &[text]);
    let unpacked: Vec<DrawnLine> = lines.iter().map(|line| DrawnLine::unpack(line)).collect();
    assert_eq!(unpacked[0].spans, [("y-comment", "# a")]);
    assert_eq!(unpacked[1].spans[..2], [("y-key", "name"), ("y-punctuation", ":")]);
    assert_eq!(unpacked[4].spans, [("y-document", "---")]);
    assert_eq!(shown(&lines) + "\n", text);
    let numbers: Vec<&str> = unpacked.iter().map(|line| line.number).collect();
    assert_eq!(numbers, ["1", "2", "3", "4", "5", "6"]);
}

fn shown(lines: &[String]) -> String {
    let line =
        |line: &String| -> String { DrawnLine::unpack(line).spans.iter().map(|(_, text)| *text).collect() };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn diff(old: &str, new: &str) -> DrawnDiff {
    DrawnDiff::from_texts(call(Call::Diff, &[old, new])).expect("a difference")
}

#[test]
fn a_difference_has_all_lines_those_far_from_a_change_folded() {
    let old: String = (1..=20).map(|n| format!("{n}\n")).collect();
    let new = old.replace("\n10\n", "\nten\nten and a half\n");
    let drawn = diff(&old, &new);
    assert_eq!((drawn.added.as_str(), drawn.removed.as_str(), drawn.note.as_str()), ("2", "1", ""));
    let rows: Vec<DrawnRow> = drawn.rows.iter().map(|row| DrawnRow::unpack(row).expect("a row")).collect();
    let signs: String = rows.iter().map(|row| row.kind.sign()).collect();
    assert_eq!(signs, "~~~~~~@   -++   ~~~~~~~");
    let changed: Vec<(&str, &str, &str)> =
        rows[10..13].iter().map(|row| (row.old, row.new, row.text)).collect();
    assert_eq!(changed, [("10", "", "10"), ("", "10", "ten"), ("", "11", "ten and a half")]);
    assert_eq!((rows[22].old, rows[22].new, rows[22].text), ("20", "21", "20"));
    assert_eq!(
        diff(&old, &old),
        DrawnDiff { added: "0".into(), removed: "0".into(), ..DrawnDiff::default() }
    );
}

#[test]
fn changes_of_line_ends_are_seen() {
    let drawn = diff("a\r\nb", "a\nb\n");
    let rows: Vec<DrawnRow> = drawn.rows.iter().map(|row| DrawnRow::unpack(row).expect("a row")).collect();
    assert!(rows.iter().any(|row| row.kind == RowKind::Removed && row.text == "a␍"), "{rows:?}");
    let removed_b =
        rows.iter().position(|row| row.kind == RowKind::Removed && row.text == "b").expect("it is removed");
    assert_eq!(rows[removed_b + 1].kind, RowKind::Unterminated);
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
    let previous = |rollouts: &[String]| {
        let texts: Vec<&str> =
            std::iter::once(current.as_str()).chain(rollouts.iter().map(String::as_str)).collect();
        call(Call::Previous, &texts)
    };
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
    assert_eq!(previous(&rollouts), [format!("{PIPELINE}/releases/r2/rollouts/r2-to-prod")]);
    rollouts.truncate(4);
    assert_eq!(previous(&rollouts), Vec::<String>::new());
    assert_eq!(previous(&rollouts[2..]), Vec::<String>::new(), "the rollout itself is not in the list");
}

proptest! {
    #[test]
    fn any_text_is_drawn_whole(text in "[a-z:#\\-\" \\[\\n\\t\u{1b}\u{1e}\u{1f}é]{0,80}") {
        let plain = text.replace(['\u{1b}', '\u{1e}', '\u{1f}'], "\u{fffd}");
        let lines = call(Call::Yaml, &[&text]);
        prop_assert_eq!(shown(&lines), plain.strip_suffix('\n').unwrap_or(&plain));
        // A log leaves out what only a terminal needs, and nothing else that has a line.
        prop_assert_eq!(log(&text, "1").lines.len(), if text.trim_end_matches('\n').is_empty() && text.len() < 2 { 0 } else { lines.len() });
    }

    #[test]
    fn any_difference_has_both_texts(old in "([ab]{1,2}\\n){0,40}", new in "([ab]{1,2}\\n){0,40}") {
        let drawn = diff(&old, &new);
        let rows: Vec<DrawnRow> = drawn.rows.iter().map(|row| DrawnRow::unpack(row).expect("a row")).collect();
        let side = |mine: RowKind| -> String {
            let of_it = |row: &&DrawnRow| matches!(row.kind, RowKind::Unchanged | RowKind::Folded) || row.kind == mine;
            rows.iter().filter(of_it).map(|row| format!("{}\n", row.text)).collect()
        };
        if old != new {
            prop_assert_eq!(side(RowKind::Removed), old);
            prop_assert_eq!(side(RowKind::Added), new);
        } else {
            prop_assert!(rows.is_empty());
        }
        // And every row knows its number.
        for (kind, number) in [(RowKind::Removed, 0), (RowKind::Added, 1)] {
            let numbers: Vec<&str> = rows.iter()
                .filter(|row| matches!(row.kind, RowKind::Unchanged | RowKind::Folded) || row.kind == kind)
                .map(|row| [row.old, row.new][number]).collect();
            let counted: Vec<String> = (1..=numbers.len()).map(|n| n.to_string()).collect();
            prop_assert_eq!(numbers, counted);
        }
    }
}

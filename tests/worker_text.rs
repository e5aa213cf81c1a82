//! What the worker makes of builds, logs, manifests and differences for the page to show.

use jobrun_viewer::workers::files::{Call, Worker};
use jobrun_viewer::workers::rendered::{Child, Node};
use proptest::prelude::*;
use serde_json::{Value, json};

fn call(call: Call, texts: &[&str]) -> Vec<String> {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    Worker::default().answer(call.name(), &texts).expect("an answer")
}

fn unpack(packed: &str) -> Node {
    Node::unpack(packed).unwrap_or_else(|| panic!("{packed:?} is no element"))
}

/// All text in an element.
fn text(node: &Node) -> String {
    let child = |child: &Child| match child {
        Child::Node(node) => text(node),
        Child::Text(text) => text.clone(),
    };
    node.children.iter().map(child).collect()
}

/// The elements of a class within one, in order.
fn all<'a>(node: &'a Node, class: &str) -> Vec<&'a Node> {
    let mut found = Vec::new();
    if node.get("class").split(' ').any(|word| word == class) {
        found.push(node);
    }
    for child in &node.children {
        if let Child::Node(child) = child {
            found.extend(all(child, class));
        }
    }
    found
}

/// The text of the elements of a class within one.
fn words(node: &Node, class: &str) -> String {
    all(node, class).into_iter().map(text).collect()
}

const NOW: &str = "2026-11-24T12:01:40Z";

/// A run from second 0 to 96, whose axis has a second more on each side, and so is of 100 s.
fn run(state: &str) -> String {
    let mut run = json!({
        "name": format!("{PIPELINE}/releases/r/rollouts/o/jobRuns/1"), "state": state, "phaseId": "stable",
        "jobId": "deploy", "deployJobRun": {}, "createTime": at(2), "startTime": at(12), "endTime": at(98),
    });
    if state == "IN_PROGRESS" {
        run.as_object_mut().expect("an object").remove("endTime");
    }
    run.to_string()
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

/// The five texts about a build, and its elements in one.
fn drawn(build: &Value, state: &str, now: &str) -> ([String; 5], Node) {
    let mut answer = call(Call::Build, &[&build.to_string(), &run(state), now]);
    let children = answer.split_off(5).iter().map(|packed| Child::Node(unpack(packed))).collect();
    (answer.try_into().expect("five texts"), Node { tag: "div", attributes: vec![], children })
}

/// The rows of a build's steps: label, status, duration, and the fractions of the bars.
fn rows(build: &Node) -> Vec<[String; 4]> {
    let row = |step: &&Node| {
        let bars: Vec<&str> = all(step, "step-bar").iter().map(|bar| bar.get("style")).collect();
        let label = words(step, "step-label");
        let status = words(step, "step-status");
        let label = label.strip_suffix(&status).expect("the status is last").to_owned();
        [label, status, words(step, "step-duration"), bars.join(" ")]
    };
    all(build, "step").iter().map(row).collect()
}

#[test]
fn a_build_is_drawn_step_by_step_on_the_axis_of_its_run() {
    let ([flags, ..], build) = drawn(&failed(), "FAILED", NOW);
    assert_eq!(flags, "failed");
    assert_eq!(words(&build, "state-badge"), "Failed");
    assert_eq!(words(&build, "build-times"), "In the queue for 10 s, ran 40 s");
    let said = words(&build, "build-why");
    assert!(said.starts_with("The step “deploy” failed with status 137."), "{said}");
    assert!(said.contains("Next: Read the end of the build's log"), "{said}");
    let warnings: Vec<String> = all(&build, "is-warning").into_iter().map(text).collect();
    assert_eq!(warnings, ["old pool", "old step"]);

    // The axis begins 1.92 s before the run and is as much longer at its end.
    let bar = |from: f64, to: f64| {
        let at = |second: f64| ((second - 2.0 + 1.92) / (96.0 + 3.84) * 1e6).round() as i64;
        format!("--from:{};--to:{}", at(from), at(to))
    };
    let expected = [
        ["The job run", "", "", &[bar(2.0, 12.0), bar(12.0, 98.0)].join(" ")],
        ["Queue", "", "10 s", &bar(10.0, 20.0)],
        ["Fetch the source", "", "2.0 s", &bar(20.0, 22.0)],
        ["fetch", "Succeeded", "8.0 s", &bar(22.0, 30.0)],
        ["deploy", "Failed, exit code 137", "25 s", &bar(30.0, 55.0)],
        ["report", "Not run", "—", ""],
        ["Push the artifacts", "", "2.0 s", &bar(58.0, 60.0)],
    ];
    assert_eq!(rows(&build), expected.map(|row| row.map(str::to_owned)));
    let steps = all(&build, "step");
    assert_eq!(words(steps[3], "step-details"), "cli\ngcloud cp\nThe image was pulled in 3.0 s.");
    let classes: Vec<&str> = steps.iter().map(|step| step.get("class")).collect();
    assert_eq!(classes[3..6], ["step is-succeeded", "step is-failed", "step is-unknown"]);
}

#[test]
fn a_build_says_where_its_log_is_or_why_there_is_none() {
    let ([_, log, file, none, page], _) = drawn(&failed(), "FAILED", NOW);
    assert_eq!(log, "/storage/v1/b/logs/o/of%20builds%2Flog-b1.txt?alt=media");
    assert_eq!((file.as_str(), none.as_str()), ("log-b1.txt", ""));
    assert!(page.starts_with("https://console.cloud.google.com/storage/browser/_details/logs/"), "{page}");

    let mut elsewhere = failed();
    elsewhere["options"] = json!({ "logging": "CLOUD_LOGGING_ONLY" });
    let ([_, log, file, none, page], _) = drawn(&elsewhere, "FAILED", NOW);
    assert!(none.contains("CLOUD_LOGGING_ONLY"), "{none}");
    assert_eq!([log, file, page], ["", "", ""]);
}

#[test]
fn a_build_that_goes_on_grows_with_the_present() {
    let build = json!({
        "status": "WORKING", "createTime": at(10), "startTime": at(20),
        "steps": [{ "id": "deploy", "status": "WORKING", "timing": { "startTime": at(30) } },
                  { "id": "report", "status": "QUEUED" }],
    });
    let ([flags, ..], at_50) = drawn(&build, "IN_PROGRESS", &at(50));
    assert_eq!(flags, "live");
    assert_eq!(words(&at_50, "build-times"), "In the queue for 10 s, running for 30 s");
    assert_eq!(words(&at_50, "build-why"), "");
    let durations =
        |build: &Node| rows(build).into_iter().map(|[.., duration, _]| duration).collect::<Vec<_>>();
    assert_eq!(durations(&at_50), ["", "10 s", "20 s", "—"]);
    assert_eq!(rows(&at_50)[3][1], "Queued");
    let (_, at_80) = drawn(&build, "IN_PROGRESS", &at(80));
    assert_eq!(durations(&at_80), ["", "10 s", "50 s", "—"]);
}

#[test]
fn what_is_no_build_is_said_with_its_place() {
    let answer = call(Call::Build, &["<!DOCTYPE html>", &run("FAILED"), NOW]);
    let [line, column, reason, excerpt] = &answer[..] else { panic!("{answer:?}") };
    assert_eq!((line.as_str(), column.as_str(), excerpt.as_str()), ("1", "1", "<!DOCTYPE html>"));
    assert!(reason.contains("expected value"), "{reason}");
}

/// A log's reason: its line and its label; and its lines.
fn log(text: &str, failed: &str) -> (String, String, Vec<Node>) {
    let mut answer = call(Call::Log, &[text, failed]);
    let lines = answer.split_off(2).iter().map(|line| unpack(line)).collect();
    let [reason, words] = answer.try_into().expect("two texts");
    (reason, words, lines)
}

#[test]
fn a_log_is_drawn_with_its_colours_and_its_reason() {
    let written = "Starting Step #0 - \"deploy\"\n\
                   Step #0 - \"deploy\": 10 %\r99 %\rdone\n\
                   Step #0 - \"deploy\": \u{1b}[1;31mError:\u{1b}[0m it is \u{1b}[48;2;0;90;0mfull\u{1b}[0m\n\
                   bye\n";
    let (reason, said, lines) = log(written, "1");
    assert_eq!((reason.as_str(), said.as_str(), lines.len()), ("2", "Error: it is full", 4));
    let classes: Vec<&str> = lines.iter().map(|line| line.get("class")).collect();
    assert_eq!(classes, ["text-row", "text-row", "text-row is-marked", "text-row"]);
    assert_eq!(all(&lines[1], "text-rewritten")[0].get("data-times"), "2");
    assert_eq!(words(&lines[1], "text-words"), "Step #0 - \"deploy\": done");
    assert_eq!(all(&lines[2], "text-number")[0].get("data-number"), "3");
    assert_eq!(words(&lines[2], "text-prefix"), "Step #0 - \"deploy\": ");
    let bold_red = all(&lines[2], "fg-1");
    assert_eq!((bold_red[0].get("class"), text(bold_red[0])), ("is-bold fg-1", "Error:".to_owned()));
    // A colour outside the sixteen is the nearest that can be read.
    assert_eq!(words(&lines[2], "bg-2"), "full");
    // Of a build that did not fail, nothing is a reason.
    let (reason, said, lines) = log(written, "");
    assert_eq!((reason.as_str(), said.as_str(), lines[2].get("class")), ("", "", "text-row"));
    assert_eq!(log("", "1").2.len(), 0);
}

fn yaml(text: &str) -> Vec<Node> {
    call(Call::Yaml, &[text]).iter().map(|line| unpack(line)).collect()
}

fn shown(lines: &[Node]) -> String {
    lines.iter().map(|line| words(line, "text-words")).collect::<Vec<_>>().join("\n")
}

#[test]
fn yaml_is_drawn_in_kinds_and_keeps_every_character() {
    let written = "# a\nname: web # b\nlist:\n  - {a: 1, b: true}\n---\n\n";
    let lines = yaml(written);
    assert_eq!(shown(&lines) + "\n", written);
    assert_eq!(words(&lines[0], "y-comment"), "# a");
    assert_eq!((words(&lines[1], "y-key"), words(&lines[1], "y-string")), ("name".into(), "web".into()));
    assert_eq!((words(&lines[3], "y-number"), words(&lines[3], "y-boolean")), ("1".into(), "true".into()));
    assert_eq!(words(&lines[4], "y-document"), "---");
    let numbers: Vec<&str> =
        lines.iter().map(|line| all(line, "text-number")[0].get("data-number")).collect();
    assert_eq!(numbers, ["1", "2", "3", "4", "5", "6"]);
}

/// A difference: its sentence and its rows.
fn diff(old: &str, new: &str) -> (String, Vec<Node>) {
    let mut answer = call(Call::Diff, &["rel-1", old, new]);
    let rows = answer.split_off(1).iter().map(|row| unpack(row)).collect();
    (text(&unpack(&answer[0])), rows)
}

#[test]
fn a_difference_has_all_lines_those_far_from_a_change_folded() {
    let old: String = (1..=20).map(|n| format!("{n}\n")).collect();
    let new = old.replace("\n10\n", "\nten\nten and a half\n");
    let (said, rows) = diff(&old, &new);
    assert_eq!(said, "+2 −1 lines since rel-1");
    let told: Vec<String> = rows.iter().map(text).collect();
    assert_eq!(
        told,
        [
            "Show 6 unchanged lines123456",
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
            "Show 7 unchanged lines14151617181920",
        ]
    );
    assert_eq!((rows[0].tag, rows[11].tag), ("details", "details"));
    let numbers = |row: &Node| {
        all(row, "text-number").iter().map(|it| it.get("data-number").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&rows[5]), ["10", ""]);
    assert_eq!(numbers(&rows[7]), ["", "11"]);
    assert_eq!(numbers(&rows[10]), ["13", "14"]);
    assert_eq!(numbers(&rows[11])[12..], ["20", "21"]);
    assert_eq!(diff(&old, &old), ("No difference from rel-1.".to_owned(), vec![]));
    // What is compared roughly says so.
    let (many, other): (String, String) = (0..5000).map(|n| (format!("a{n}\n"), format!("b{n}\n"))).unzip();
    assert!(diff(&many, &other).0.contains("too many to compare one by one"));
}

#[test]
fn changes_of_line_ends_are_seen() {
    let rows: Vec<String> = diff("a\r\nb", "a\nb\n").1.iter().map(text).collect();
    assert_eq!(
        rows,
        ["@@ -1,2 +1,2 @@", "removed: a␍", "removed: b", "No line break at the end", "added: a", "added: b"]
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
    fn any_text_is_drawn_whole(written in "[a-z:#\\-\" \\[\\n\\t\u{1}\u{2}\u{3}\u{1b}\u{1f}é]{0,80}") {
        let plain = written.replace(|c: char| c.is_control() && c != '\n' && c != '\t', "\u{fffd}");
        prop_assert_eq!(shown(&yaml(&written)), plain.strip_suffix('\n').unwrap_or(&plain));
        // A log leaves out what only a terminal needs, and no line.
        let lines = written.strip_suffix('\n').unwrap_or(&written);
        prop_assert_eq!(log(&written, "1").2.len(), if lines.is_empty() { 0 } else { lines.split('\n').count() });
    }

    #[test]
    fn any_difference_has_both_texts(old in "([ab]{1,2}\\n){0,40}", new in "([ab]{1,2}\\n){0,40}") {
        let (_, rows) = diff(&old, &new);
        let rows: Vec<&Node> = rows.iter().flat_map(|row| all(row, "diff-row")).collect();
        prop_assert_eq!(rows.is_empty(), old == new);
        let side = |other: &str| -> Vec<&Node> {
            let is_other = |row: &&&Node| [other, "is-header", "is-about"].iter().any(|class| row.get("class").contains(class));
            rows.iter().filter(|row| !is_other(row)).copied().collect()
        };
        if old != new {
            for (lines, expected, index) in [(side("is-added"), old, 0), (side("is-removed"), new, 1)] {
                let written: String = lines.iter().map(|row| words(row, "text-words") + "\n").collect();
                prop_assert_eq!(written, expected);
                // And every row knows its number.
                let numbers: Vec<String> = lines.iter().map(|row| all(row, "text-number")[index].get("data-number").to_owned()).collect();
                let counted: Vec<String> = (1..=numbers.len()).map(|n| n.to_string()).collect();
                prop_assert_eq!(numbers, counted);
            }
        }
    }

    #[test]
    fn what_is_no_element_is_none(packed in "[\u{1}\u{2}\u{3}\u{1f}a-z]{0,30}") {
        // Whatever comes, an answer comes.
        if let Some(node) = Node::unpack(&packed) {
            prop_assert!(packed.contains(node.tag));
        }
    }
}

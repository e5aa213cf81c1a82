//! The calls of the worker that reads logs, as the page makes them.

use std::ops::Range;
use std::time::Duration;

use jobrun_viewer::api::http::Reply;
use jobrun_viewer::core::time::{Timestamp, parse};
use jobrun_viewer::model::event_log::search::Matcher;
use jobrun_viewer::workers::log::{LogWorker, Outside, Phase, Report};
use jobrun_viewer::workers::rendered::{Child, Node};
use proptest::prelude::*;

/// A world in which it is always the same time, an hour east of UTC, with patterns that only know `.`.
struct World;

/// Matches a text in which `.` stands for any character.
struct Dots(Vec<char>);

impl Matcher for Dots {
    fn is_in(&self, line: &str) -> bool {
        !self.ranges(line).is_empty()
    }

    fn ranges(&self, line: &str) -> Vec<Range<usize>> {
        let chars: Vec<(usize, char)> = line.char_indices().collect();
        let is_at = |at: &usize| {
            chars[*at..].len() >= self.0.len()
                && self.0.iter().zip(&chars[*at..]).all(|(wanted, (_, c))| *wanted == '.' || wanted == c)
        };
        let end = |at: usize| chars.get(at + self.0.len()).map_or(line.len(), |(byte, _)| *byte);
        (0..chars.len()).filter(is_at).map(|at| chars[at].0..end(at)).collect()
    }
}

impl Outside for World {
    fn now(&self) -> Timestamp {
        parse("2026-11-24T03:10:00Z").expect("a time")
    }

    fn offset(&self, _: Timestamp) -> i32 {
        3_600
    }

    fn regex(&self, pattern: &str, _: bool) -> Result<Box<dyn Matcher>, String> {
        match pattern.contains('(') {
            true => Err("a bracket is open".to_owned()),
            false => Ok(Box::new(Dots(pattern.chars().collect()))),
        }
    }
}

const LOG: &str = concat!(
    r#"{"timestamp":"2026-11-24T03:00:00.250Z","verifyEvent":{"id":"smoke","status":"InProgress"}}"#,
    "\n",
    r#"{"timestamp":"2026-11-24T03:00:01Z","applicationLogEvent":{"containerName":"smoke","podName":"p","message":"a \u001b[31mred\u001b[0m line\n"}}"#,
    "\n",
    r#"{"timestamp":"2026-11-24T03:00:02Z","skaffoldLogEvent":{"taskId":"Verify-0","message":"debug"}}"#,
    "\n",
    "not an event\n",
    r#"{"timestamp":"2026-11-24T03:00:10.250Z","verifyEvent":{"id":"smoke","status":"Failed","actionableErr":{"errCode":"VERIFY_TEST_ERR","message":"it <b>failed</b>","suggestions":[{"suggestionCode":"LOOK","action":"Look"}]}}}"#,
    "\n",
);

fn worker() -> LogWorker<World> {
    let mut worker = LogWorker::new(World);
    worker.push(LOG.as_bytes());
    worker.set_phase(Phase::Whole);
    worker
}

fn call(worker: &mut LogWorker<World>, call: &str, texts: &[&str]) -> Vec<String> {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let answer = worker.answer(call, &texts).expect("there is such a call");
    while worker.step() {}
    answer
}

fn report(worker: &mut LogWorker<World>) -> Report {
    Report::from_texts(call(worker, "report", &[])).expect("a report")
}

/// All that an element says.
fn said(node: &Node) -> String {
    let children = node.children.iter().map(|child| match child {
        Child::Node(node) => said(node),
        Child::Text(text) => text.clone(),
    });
    children.collect()
}

fn unpacked(packed: &str) -> Node {
    Node::unpack(packed).unwrap_or_else(|| panic!("no element: {packed}"))
}

/// The elements with a class, wherever they are.
fn find<'a>(node: &'a Node, class: &str, found: &mut Vec<&'a Node>) {
    if node.get("class").split(' ').any(|known| known == class) {
        found.push(node);
    }
    for child in &node.children {
        if let Child::Node(node) = child {
            find(node, class, found);
        }
    }
}

fn rows(worker: &mut LogWorker<World>, clock: &str, picked: [&str; 2]) -> Vec<Node> {
    let answer = call(worker, "rows", &["0", "100", clock, picked[0], picked[1]]);
    answer[2..].iter().map(|row| unpacked(row)).collect()
}

#[test]
fn a_report_says_how_it_stands() {
    let mut worker = LogWorker::new(World);
    assert_eq!(report(&mut worker).said, "Reading the log…");
    worker.set_total(Some(2 * LOG.len() as u64));
    worker.push(LOG.as_bytes());
    let half = report(&mut worker);
    assert_eq!((half.phase.as_str(), half.progress.as_str(), half.lines), ("reading", "500", 5));
    worker.set_phase(Phase::Whole);
    let whole = report(&mut worker);
    assert_eq!(
        (whole.phase.as_str(), whole.said.as_str()),
        ("whole", &*format!("5 lines, {} bytes", LOG.len()))
    );
    assert_ne!(whole.version, half.version);
    for retry_after in [None, Some(Duration::from_secs(60))] {
        let refusal =
            Reply { status: 429, retry_after, content_type: "text/html".to_owned(), body: "no".to_owned() };
        worker.fail(refusal.clone());
        assert_eq!(report(&mut worker).failure, refusal);
    }
    assert_eq!(report(&mut worker).phase, "failed");
    assert!(worker.answer("dance", &[]).is_err());
}

#[test]
fn the_summary_has_the_test_its_bar_and_the_reason() {
    let mut worker = worker();
    call(&mut worker, "axis", &["2026-11-24T03:00:00.250Z", "2026-11-24T03:00:20.250Z"]);
    let summary = unpacked(&report(&mut worker).summary);
    let text = said(&summary);
    for part in [
        "1 of 1 test failed.",
        "VERIFY_TEST_ERR",
        "it <b>failed</b>",
        "a red line",
        "Look LOOK",
        "smoke Failed",
        "10 s",
        "1 line could not be read",
    ] {
        assert!(text.contains(part), "no {part}: {text}");
    }
    let mut found = Vec::new();
    find(&summary, "step-bar", &mut found);
    assert_eq!(found[0].get("style"), "--from:0;--to:500000");
    found.clear();
    find(&summary, "log-lead", &mut found);
    assert_eq!(found.iter().map(|lead| lead.get("data-row")).collect::<Vec<_>>(), ["5", "4"]);
    // A text tells nothing as a whole.
    call(&mut worker, "text", &["one\ntwo\n", ""]);
    assert_eq!(report(&mut worker).summary, "");
}

#[test]
fn lines_have_times_and_marks() {
    let mut worker = worker();
    let times = |rows: &[Node]| {
        let mut found = Vec::new();
        rows.iter().for_each(|row| find(row, "log-time", &mut found));
        found.into_iter().map(said).collect::<Vec<_>>()
    };
    assert_eq!(times(&rows(&mut worker, "", ["", ""]))[0], "04:00:00.250");
    assert_eq!(times(&rows(&mut worker, "utc", ["", ""]))[1], "03:00:01.000");
    assert_eq!(times(&rows(&mut worker, "relative", ["", ""]))[3], "+0:10.000");
    call(&mut worker, "look", &["", "", "RED LINE", ""]);
    let drawn = rows(&mut worker, "", ["2", "3"]);
    let mut marks = Vec::new();
    // A mark goes across the colours.
    for child in &drawn[1].children {
        if let Child::Node(words) = child {
            marks.extend(words.children.iter().filter_map(|child| match child {
                Child::Node(node) => Some(said(node)),
                Child::Text(_) => None,
            }));
        }
    }
    assert_eq!(marks, ["red", " line"]);
    let classes: Vec<&str> = drawn.iter().map(|row| row.get("class")).collect();
    assert_eq!(
        classes,
        [
            "log-row is-info",
            "log-row is-output is-picked is-current",
            "log-row is-debug is-picked",
            "log-row is-output is-malformed",
            "log-row is-error"
        ]
    );
    assert_eq!((drawn[3].get("aria-posinset"), drawn[3].get("aria-setsize")), ("4", "5"));
}

#[test]
fn searches_are_told_and_stepped_through() {
    let mut worker = worker();
    call(&mut worker, "look", &["", "", "e", ""]);
    let told = report(&mut worker);
    assert_eq!((told.search.as_str(), told.found.as_str(), told.current.as_str()), ("done", "1 of 5", "1"));
    assert_eq!(call(&mut worker, "next", &["1"]), ["2"]);
    assert_eq!(call(&mut worker, "next", &[""]), ["1"]);
    assert_eq!(call(&mut worker, "next", &[""]), ["5"]);
    call(&mut worker, "look", &["", "", "r.d", "ro"]);
    assert_eq!(rows(&mut worker, "", ["", ""]).len(), 1);
    call(&mut worker, "look", &["", "", "(", "r"]);
    let told = report(&mut worker);
    assert_eq!((told.search.as_str(), told.found.as_str(), told.shown), ("wrong", "a bracket is open", 5));
    call(&mut worker, "look", &["t:smoke", "ERROR", "", ""]);
    assert_eq!(report(&mut worker).shown, 1);
    assert_eq!(call(&mut worker, "line", &["0"]), ["5"]);
    assert_eq!(call(&mut worker, "place", &["5"]), ["0"]);
}

#[test]
fn what_is_copied_is_what_is_shown() {
    let mut worker = worker();
    assert_eq!(
        call(&mut worker, "copy", &["3", "2", "utc"]),
        ["03:00:01.000 smoke a red line\n03:00:02.000 Verify-0 DEBUG debug\n"]
    );
    call(&mut worker, "look", &["c:smoke", "", "", ""]);
    assert_eq!(call(&mut worker, "copy", &["1", "5", "relative"]), ["+0:00.750 smoke a red line\n"]);
    assert_eq!(call(&mut worker, "between", &["5", "1"]), ["Lines 1–5: 10 s"]);
    assert_eq!(call(&mut worker, "between", &["4", "5"]), ["Lines 4–5: no times to tell how long"]);
}

#[test]
fn a_text_that_has_grown_goes_on_and_another_begins_anew() {
    let mut worker = LogWorker::new(World);
    call(&mut worker, "look", &["", "", "tw", ""]);
    call(&mut worker, "text", &["one\ntw", "1"]);
    assert_eq!((report(&mut worker).phase.as_str(), report(&mut worker).lines), ("following", 2));
    assert_eq!(report(&mut worker).found, "1 of 1");
    call(&mut worker, "text", &["one\ntwo\ntwelve\n", ""]);
    assert_eq!((report(&mut worker).lines, report(&mut worker).found), (3, "1 of 2".to_owned()));
    call(&mut worker, "text", &["other\n", ""]);
    assert_eq!((report(&mut worker).lines, report(&mut worker).found), (1, "Nothing found".to_owned()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever a log has in it and whatever is asked, there are elements and no panic.
    #[test]
    fn anything_can_be_drawn(
        bytes in prop::collection::vec(prop_oneof![Just(b'\n'), Just(0x1b), any::<u8>()], 0..200),
        with_log in any::<bool>(), query in ".{0,3}", flags in "[cro]{0,3}", numbers in [any::<u32>(), any::<u32>()],
    ) {
        let mut worker = if with_log { worker() } else { LogWorker::new(World) };
        worker.push(&bytes);
        worker.set_phase(Phase::Stopped);
        call(&mut worker, "look", &["", "", &query, &flags]);
        let told = report(&mut worker);
        prop_assert!(Node::unpack(&told.marks).is_some() && Node::unpack(&told.choices).is_some());
        prop_assert!(told.summary.is_empty() || Node::unpack(&told.summary).is_some());
        let [a, b] = numbers.map(|number| number.to_string());
        for name in ["rows", "place", "line", "next", "between", "copy"] {
            for texts in [[&*a, &*b, ""], ["0", "9", "relative"]] {
                let answer = call(&mut worker, name, &texts);
                if name == "rows" {
                    prop_assert!(answer[2..].iter().all(|row| Node::unpack(row).is_some()));
                }
            }
        }
    }
}

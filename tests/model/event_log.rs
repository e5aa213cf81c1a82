//! Event logs and other long logs: the index, the lines that people read, summaries, searches.

use jobrun_viewer::core::time::{SignedDuration, parse};
use jobrun_viewer::model::event_log::scan::{self, EventKind, EventLine, Level};
use jobrun_viewer::model::event_log::search::{Matcher, Needle};
use jobrun_viewer::model::event_log::summary::TestState;
use jobrun_viewer::model::event_log::view::{FilteredLog, From, LogFilter};
use jobrun_viewer::model::event_log::{Log, LogFormat};
use proptest::prelude::*;
use serde_json::{Value, json};

use self::slow::Slow;

#[path = "../fuzz/targets/slow.rs"]
mod slow;

/// A log of which all has come, in pieces of a size.
fn read_in(bytes: &[u8], size: usize) -> Log {
    let mut log = Log::default();
    for piece in bytes.chunks(size.max(1)) {
        log.push(piece);
    }
    log.finish();
    log
}

fn read(text: &str) -> Log {
    read_in(text.as_bytes(), usize::MAX)
}

fn words(log: &Log) -> Vec<String> {
    (0..log.len())
        .map(|row| log.display_line(row).expect("there is such a line").words())
        .collect()
}

/// The level of each line.
fn levels(log: &Log) -> Vec<Level> {
    (0..log.len())
        .map(|row| log.display_line(row).expect("there is such a line").level())
        .collect()
}

fn lines(events: &[Value]) -> String {
    events
        .iter()
        .map(|event| event.to_string() + "\n")
        .collect()
}

fn event(second: u32, name: &str, body: Value) -> Value {
    json!({ "timestamp": format!("2026-11-24T03:00:{second:02}.123456789Z"), name: body })
}

fn tool(second: u32, level: &str, message: &str) -> Value {
    let mut body = json!({ "taskId": "Verify-0", "subtaskId": "smoke", "message": message });
    // Go leaves out the first level.
    if level != "DEBUG" {
        body["level"] = level.into();
    }
    event(second, "skaffoldLogEvent", body)
}

fn container(second: u32, name: &str, message: &str) -> Value {
    let body = json!({ "containerName": name, "podName": format!("{name}-pod"), "prefix": format!("[{name}]"),
                       "message": message, "richFormattedMessage": format!("\u{1b}[36m[{name}]\u{1b}[0m {message}") });
    event(second, "applicationLogEvent", body)
}

fn test(second: u32, id: &str, status: &str) -> Value {
    let mut body = json!({ "id": id, "taskId": "Verify-0", "status": status });
    if status == "Failed" {
        body["actionableErr"] = json!({
            "errCode": "VERIFY_TEST_ERR",
            "message": format!("{id}: 3 checks \"failed\"\n"),
            "suggestions": [
                { "suggestionCode": "CHECK_CONTAINER_LOGS", "action": "Look at its output" },
                { "action": "Try again" },
            ],
        });
    }
    event(second, "verifyEvent", body)
}

/// Two tests at once, one of which fails.
fn sample() -> String {
    lines(&[
        event(
            0,
            "metaEvent",
            json!({ "entry": "Starting Skaffold: {Version:v2.16.1}" }),
        ),
        event(
            0,
            "taskEvent",
            json!({ "id": "Verify-0", "task": "Verify", "iteration": 0, "status": "InProgress" }),
        ),
        test(1, "smoke", "InProgress"),
        test(1, "load", "InProgress"),
        container(2, "smoke", "GET /healthz 200\n"),
        tool(2, "DEBUG", "polling"),
        container(3, "load", "100 requests\n"),
        container(4, "smoke", "\u{1b}[31mGET /orders 503\u{1b}[0m\n"),
        tool(5, "WARN", "it takes long"),
        test(6, "smoke", "Failed"),
        container(7, "load", "200 requests\n"),
        test(8, "load", "Succeeded"),
        event(
            9,
            "terminationEvent",
            json!({ "status": "Failed", "err": { "errCode": "VERIFY_TEST_ERR", "message": "1 test failed" } }),
        ),
    ])
}

/// Goes on until there is nothing left to do.
fn settle(view: &mut FilteredLog, log: &Log) {
    while view.step(log) {}
}

fn shown(view: &FilteredLog, log: &Log) -> Vec<String> {
    let rows = (0..view.len(log)).filter_map(|index| view.at(index));
    rows.map(|row| log.display_line(row).expect("it is shown").words())
        .collect()
}

#[test]
fn events_become_lines_for_people() {
    let log = read(&sample());
    assert_eq!(log.format(), LogFormat::Events);
    assert_eq!(log.malformed(), 0);
    assert_eq!(
        words(&log),
        [
            "Starting Skaffold: {Version:v2.16.1}",
            "Task Verify-0: InProgress",
            "Test smoke: InProgress",
            "Test load: InProgress",
            "GET /healthz 200",
            "polling",
            "100 requests",
            "GET /orders 503",
            "it takes long",
            "Test smoke: Failed: smoke: 3 checks \"failed\"",
            "200 requests",
            "Test load: Succeeded",
            "Skaffold ends: Failed: 1 test failed",
        ]
    );
    let row = |number: u32| log.display_line(number).expect("there is one");
    assert_eq!(row(4).source.container, "smoke");
    assert_eq!(row(4).source.pod, "smoke-pod");
    assert_eq!(
        (row(5).level(), row(8).level()),
        (Level::Debug, Level::Warn)
    );
    assert_eq!(
        (row(4).level(), row(9).level()),
        (Level::Output, Level::Error)
    );
    assert_eq!(row(7).time(), parse("2026-11-24T03:00:04.123456789Z").ok());
    // The colour is the line's own, and the line has no other.
    let (spans, left_out) = row(7).spans();
    assert_eq!(
        (spans.len(), spans[0].text.as_str(), left_out),
        (1, "GET /orders 503", 0)
    );
    assert!(spans[0].style.foreground.is_some());
}

#[test]
fn the_summary_tells_how_each_test_went_and_why() {
    let log = read(&sample());
    let [run] = log.runs() else { panic!("one run") };
    assert_eq!(
        (run.failed(), run.ended.clone()),
        (1, Some(TestState::Failed))
    );
    let now = parse("2026-11-24T04:00:00Z").expect("a time");
    let tests: Vec<_> = run
        .tests
        .iter()
        .map(|t| {
            (
                t.name.as_str(),
                t.state.clone(),
                t.duration(now),
                t.first,
                t.last,
            )
        })
        .collect();
    let seconds = |count| Some(SignedDuration::from_secs(count));
    assert_eq!(
        tests,
        [
            ("smoke", TestState::Failed, seconds(5), 2, 9),
            ("load", TestState::Succeeded, seconds(7), 3, 11)
        ]
    );
    let told = run.error.as_ref().expect("an error");
    assert_eq!(
        (told.row, told.test.as_str(), told.error.code.as_str()),
        (9, "smoke", "VERIFY_TEST_ERR")
    );
    assert_eq!(told.error.message, "smoke: 3 checks \"failed\"\n");
    let suggestions: Vec<_> = told
        .error
        .suggestions
        .iter()
        .map(|s| (s.code.as_str(), s.action.as_str()))
        .collect();
    assert_eq!(
        suggestions,
        [
            ("CHECK_CONTAINER_LOGS", "Look at its output"),
            ("", "Try again")
        ]
    );
    assert_eq!(log.last_words(run, "smoke"), [4, 7]);
    assert_eq!(log.last_words(run, "load"), [6, 10]);
}

#[test]
fn a_test_that_goes_on_takes_as_long_as_it_took_so_far() {
    let log = read(&lines(&[test(1, "smoke", "InProgress")]));
    let test = &log.runs()[0].tests[0];
    let now = parse("2026-11-24T03:00:11.123456789Z").expect("a time");
    assert_eq!(
        (test.state.clone(), test.duration(now)),
        (TestState::Running, Some(SignedDuration::from_secs(10)))
    );
}

#[test]
fn several_runs_of_one_file_are_told_apart() {
    let text = sample() + &sample();
    let log = read(&text);
    assert_eq!(log.runs().len(), 2);
    assert_eq!(log.runs()[1].first, log.len() / 2);
    assert_eq!(log.runs()[1].tests.len(), 2);
    // What a container said in the first is not what it said in the second.
    let half = log.len() / 2;
    assert_eq!(
        log.last_words(&log.runs()[1], "smoke"),
        [half + 4, half + 7]
    );
    // A run that was killed has no end, and one without a metaEvent begins with its task.
    let mut killed: Vec<&str> = text.lines().collect();
    killed.remove(12);
    assert_eq!(read(&killed.join("\n")).runs().len(), 2);
}

#[test]
fn what_is_not_an_event_is_shown_as_it_came_and_the_rest_is_read() {
    let unknown = r#"{"timestamp":"2026-11-24T03:00:05Z","futureEvent":{"a":[1,{"b":null}]}}"#;
    let broken = [
        r#"{"timestamp":"2026-11-24T03:00:05Z","skaffoldLogEv{"timestamp":"x"}"#,
        "panic: runtime error",
        r#"{"timestamp":"2026-11-24T03:00:05Z","#,
        r#"{"timestamp":"a" "b"}"#,
        r#"{"a":1}}"#,
        "\u{0}\u{1}",
    ];
    let mut text = lines(&[test(1, "smoke", "InProgress")]);
    text.push_str(unknown);
    text.push('\n');
    for line in broken {
        text.push_str(line);
        text.push('\n');
    }
    text.push_str(&lines(&[test(9, "smoke", "Succeeded")]));
    let log = read(&text);
    let seen = words(&log);
    assert_eq!(seen[1], unknown);
    assert_eq!(seen[2..7], broken[..5]);
    // What cannot be seen is not shown.
    assert_eq!(seen[7], "");
    assert_eq!(log.malformed() as usize, broken.len());
    assert_eq!(log.first_malformed(), Some(2));
    assert_eq!(log.runs()[0].tests[0].state, TestState::Succeeded);
}

#[test]
fn an_event_may_have_spaces_before_it() {
    let line = lines(&[test(1, "smoke", "Failed")]);
    let text = format!("{line} {line}\r\n{line}");
    for size in [1, 7, usize::MAX] {
        let log = read_in(text.as_bytes(), size);
        assert_eq!((log.len(), log.malformed()), (4, 0), "in pieces of {size}");
        assert_eq!(words(&log)[1], words(&log)[0]);
    }
}

#[test]
fn the_older_format_has_entries() {
    let text = lines(&[
        json!({ "timestamp": "2026-11-24T03:00:00Z", "event": { "metaEvent": { "entry": "inner" } }, "entry": "Starting Skaffold" }),
        json!({ "timestamp": "2026-11-24T03:00:01Z", "entry": "Build started" }),
        json!({ "timestamp": "2026-11-24T03:00:02Z", "event": { "buildEvent": { "artifact": "web", "status": "Failed",
                "actionableErr": { "errCode": "BUILD_ERR", "message": "no such image" } } }, "entry": "Build failed for web" }),
    ]);
    let log = read(&text);
    assert_eq!(
        words(&log),
        ["Starting Skaffold", "Build started", "Build failed for web"]
    );
    let told = log.runs()[0].error.clone().expect("an error");
    assert_eq!(
        (told.row, told.error.message.as_str()),
        (2, "no such image")
    );
    assert_eq!(
        log.display_line(2).map(|row| row.level()),
        Some(Level::Error)
    );
}

#[test]
fn a_level_that_is_left_out_is_debug() {
    let line = br#"{"timestamp":"2026-11-24T03:00:05Z","skaffoldLogEvent":{"message":"x"}}"#;
    let EventLine::Event(event) = scan::read(line) else {
        panic!("an event")
    };
    assert_eq!(
        (event.kind, event.level),
        (EventKind::Skaffold, Level::Debug)
    );
    assert_eq!(event.message.range.of(line), b"x");
}

#[test]
fn writes_without_an_end_go_on_in_their_line() {
    let log = read(&lines(&[
        tool(0, "STANDARD", "Waiting\n"),
        tool(1, "STANDARD", "pulling "),
        container(1, "smoke", "other\n"),
        tool(2, "STANDARD", "."),
        tool(3, "STANDARD", ".. done\nnext"),
        container(3, "smoke", "other\n"),
        tool(4, "STANDARD", " line\nlast\n"),
        // Messages of Skaffold itself are whole, though they have no line break.
        tool(5, "INFO", "one"),
        tool(5, "INFO", "two"),
    ]));
    assert_eq!(
        words(&log),
        [
            "Waiting",
            "pulling ... done",
            "other",
            "next line",
            "other",
            "last",
            "one",
            "two"
        ]
    );
    let mut view = FilteredLog::default();
    view.set_matcher(Needle::new("... DONE", false).map(|it| Box::new(it) as Box<dyn Matcher>));
    settle(&mut view, &log);
    assert_eq!(view.found(), [1]);
}

#[test]
fn who_never_ends_a_line_writes_one_each_time() {
    let log = read(&lines(&[
        container(0, "a", "one"),
        container(1, "a", "two"),
        container(2, "a", ""),
    ]));
    assert_eq!(words(&log), ["one", "two", ""]);
}

#[test]
fn messages_of_several_lines_are_several_lines() {
    let log = read(&lines(&[
        container(0, "a", "one\ntwo\n\nfour\n"),
        container(1, "a", "\n"),
        container(2, "a", "caf\u{e9} \u{1f600} \"\\\\\" <a&b>\t!\n"),
    ]));
    assert_eq!(
        words(&log),
        ["one", "two", "", "four", "", "café 😀 \"\\\\\" <a&b>\t!"]
    );
}

#[test]
fn escapes_are_read_as_go_writes_them() {
    let raw = br#"\u003ca\u0026b\u003e \ud83d\ude00 \ud83d x \ude00 \u00e9 \/ \q"#;
    assert_eq!(scan::decode(raw), "<a&b> 😀 \u{fffd} x \u{fffd} é / q");
    assert_eq!(scan::decode(b"\\"), "");
    assert_eq!(scan::decode(b"a\xffb\\u12"), "a\u{fffd}b\u{12}");
}

#[test]
fn any_text_is_a_log_with_the_steps_of_a_build() {
    let text = "starting build \"x\"\nStep #0 - \"fetch\": one\r\nStep #1 - \"deploy\": \u{1b}[32mtwo\u{1b}[0m\nStep #1 - \"deploy\": 10%\r20%\r30%\nDONE";
    let log = read(text);
    assert_eq!(log.malformed(), 0);
    let sources: Vec<&str> = (0..log.len())
        .map(|row| log.display_line(row).unwrap().source.label())
        .collect();
    assert_eq!(
        sources,
        [
            "",
            "Step #0 - \"fetch\"",
            "Step #1 - \"deploy\"",
            "Step #1 - \"deploy\"",
            ""
        ]
    );
    assert_eq!(
        words(&log)[2..],
        ["Step #1 - \"deploy\": two", "30%", "DONE"]
    );
}

#[test]
fn a_step_is_known_whatever_bytes_it_writes() {
    let mut log = b"Step #0 - \"fetch\": \xff\n".to_vec();
    // A character that lies where the search for a prefix ends.
    log.extend(
        "Step #0 - \"fetch\": "
            .bytes()
            .chain([b'x'; 180])
            .chain("éé\n".bytes()),
    );
    let log = read_in(&log, usize::MAX);
    let sources: Vec<&str> = (0..2)
        .map(|row| log.display_line(row).unwrap().source.label())
        .collect();
    assert_eq!(sources, ["Step #0 - \"fetch\""; 2]);
}

#[test]
fn bytes_that_are_no_text_are_found_as_they_are_shown() {
    let log = read_in(b"a\xffb\nab\n", usize::MAX);
    let mut view = FilteredLog::default();
    view.set_matcher(Needle::new("\u{fffd}", false).map(|it| Box::new(it) as Box<dyn Matcher>));
    settle(&mut view, &log);
    assert_eq!(view.found(), [0]);
}

#[test]
fn the_beginning_of_an_event_does_not_make_a_text_of_its_log() {
    let event = lines(&[test(1, "smoke", "InProgress")]);
    let (begin, rest) = event.split_at(20);
    let mut log = Log::default();
    log.push("pulling\n".repeat(49).as_bytes());
    log.push(begin.as_bytes());
    log.finish();
    assert_eq!(log.format(), LogFormat::Text);
    log.push(rest.as_bytes());
    log.finish();
    assert_eq!(log.format(), LogFormat::Events);
}

#[test]
fn a_line_that_is_not_whole_yet_is_shown_and_goes_on() {
    let mut log = Log::default();
    log.push(b"one\ntw");
    assert_eq!(words(&log), ["one"]);
    log.finish();
    assert_eq!(words(&log), ["one", "tw"]);
    log.push(b"o\nthree");
    assert_eq!(words(&log), ["one", "two"]);
    log.finish();
    log.finish();
    assert_eq!(words(&log), ["one", "two", "three"]);
    assert_eq!(log.tail(8), b"wo\nthree");
    assert_eq!(log.bytes(), 13);

    // An event without a line break is whole, and the break that comes later adds nothing.
    let text = sample();
    let mut log = Log::default();
    log.push(text.trim_end().as_bytes());
    log.finish();
    let before = words(&log);
    log.push(b"\n");
    log.finish();
    assert_eq!(words(&log), before);
    // A run that was appended to a file without one begins a line.
    let log = read(&(text.trim_end().to_owned() + "\n" + text.trim_end()));
    assert_eq!(log.runs().len(), 2);
}

#[test]
fn a_filter_leaves_out_and_a_search_finds_in_what_is_left() {
    let log = read(&sample());
    let mut view = FilteredLog::default();
    assert_eq!(view.len(&log), log.len());
    view.set_filter(LogFilter {
        from: From::Test("smoke".into()),
        ..LogFilter::default()
    });
    settle(&mut view, &log);
    assert_eq!(
        shown(&view, &log),
        [
            "Test smoke: InProgress",
            "GET /healthz 200",
            "polling",
            "GET /orders 503",
            "it takes long",
            "Test smoke: Failed: smoke: 3 checks \"failed\""
        ]
    );
    view.set_matcher(Needle::new("get", false).map(|it| Box::new(it) as Box<dyn Matcher>));
    settle(&mut view, &log);
    assert_eq!(view.found(), [4, 7]);
    assert_eq!(view.next_found(4, true), Some(7));
    assert_eq!(view.next_found(7, true), Some(4));
    assert_eq!(view.next_found(4, false), Some(7));
    assert_eq!(view.index_of(7), 3);
    view.set_filter(LogFilter {
        from: From::Test("smoke".into()),
        only_found: true,
        level: None,
    });
    assert_eq!(shown(&view, &log), ["GET /healthz 200", "GET /orders 503"]);
    view.set_filter(LogFilter {
        level: Some(Level::Warn),
        ..LogFilter::default()
    });
    view.set_matcher(None);
    settle(&mut view, &log);
    assert_eq!(shown(&view, &log).len(), 3);
    view.set_filter(LogFilter {
        from: From::Pod("load-pod".into()),
        ..LogFilter::default()
    });
    settle(&mut view, &log);
    assert_eq!(shown(&view, &log), ["100 requests", "200 requests"]);
}

#[test]
fn a_search_goes_on_in_what_comes_later() {
    let text = sample();
    let mut log = Log::default();
    let mut view = FilteredLog::default();
    view.set_matcher(Needle::new("requests", true).map(|it| Box::new(it) as Box<dyn Matcher>));
    view.set_filter(LogFilter {
        level: Some(Level::Output),
        ..LogFilter::default()
    });
    for piece in text.as_bytes().chunks(97) {
        log.push(piece);
        settle(&mut view, &log);
    }
    assert_eq!(view.found(), [6, 10]);
    assert_eq!(view.len(&log), 7);
    assert_eq!(view.marks(&log, 7), [1, 5]);
}

#[test]
fn a_search_looks_again_at_a_line_that_goes_on() {
    let mut log = Log::default();
    let mut view = FilteredLog::default();
    view.set_matcher(Needle::new("half done", true).map(|it| Box::new(it) as Box<dyn Matcher>));
    let mut push = |events: &[Value]| {
        log.push(lines(events).as_bytes());
        let extended = log.take_extended();
        view.look_again(&log, &extended);
        settle(&mut view, &log);
        (extended, view.found().to_vec())
    };
    let begun = push(&[
        container(1, "web", "begins\n"),
        container(2, "web", "half "),
        container(3, "db", "up\n"),
    ]);
    assert_eq!(begun, (vec![], vec![]));
    assert_eq!(push(&[container(4, "web", "do")]), (vec![1], vec![]));
    assert_eq!(
        push(&[container(5, "web", "ne"), container(6, "web", "\n")]),
        (vec![1], vec![1])
    );
    assert_eq!(
        push(&[container(7, "web", "half done\n")]),
        (vec![], vec![1, 3])
    );

    // Only of what the filter lets through.
    view.set_filter(LogFilter {
        from: From::read("c:db"),
        ..LogFilter::default()
    });
    settle(&mut view, &log);
    view.look_again(&log, &[1]);
    assert!(view.found().is_empty());
}

#[test]
fn what_is_not_shown_hides_nothing_from_a_search() {
    let hidden = [
        "nee\u{8}dle",
        "nee\u{7f}dle",
        "nee\u{85}dle",
        "nee\u{1b}[1mdle",
        "nee\u{7}\u{7}dle",
    ];
    let find = |text: &str| {
        let log = read(text);
        let mut view = FilteredLog::default();
        view.set_matcher(Needle::new("Needle", false).map(|it| Box::new(it) as Box<dyn Matcher>));
        settle(&mut view, &log);
        view.found().to_vec()
    };
    for hidden in hidden {
        assert_eq!(
            find(&format!("a line\n{hidden}\nnee dle\u{b7}\n")),
            [1],
            "{hidden:?}"
        );
        let events = [
            container(1, "web", "a line\n"),
            container(2, "web", &format!("{hidden}\n")),
        ];
        assert_eq!(find(&lines(&events)), [1], "{hidden:?}");
    }
}

/// An event is read once, not for each of its lines: that would be 100 GB of reading.
#[test]
fn a_search_in_a_message_of_very_many_lines() {
    let message: String = (0..100_000).map(|n| format!("line {n}\n")).collect();
    let log = read(&lines(&[
        container(1, "web", "first\n"),
        container(2, "web", &message),
    ]));
    assert_eq!(log.len(), 100_001);
    let mut view = FilteredLog::default();
    let many = [10_000].into_iter().chain(99_991..100_001).collect();
    for (needle, ranges) in [("line 77777", vec![77_778]), ("LINE 9999", many)] {
        view.set_matcher(Needle::new(needle, false).map(|it| Box::new(it) as Box<dyn Matcher>));
        settle(&mut view, &log);
        assert_eq!(view.found(), ranges);
    }
}

#[test]
fn long_lines_and_many_blocks() {
    let long = "x".repeat(300_000);
    let many: String = (0..40_000).map(|n| format!("line {n}\n")).collect();
    let text = format!("first\n{long}\n{many}{long}end");
    for size in [usize::MAX, 1_000, 65_536, 65_537] {
        let log = read_in(text.as_bytes(), size);
        assert_eq!(log.len(), 40_003);
        assert_eq!(log.display_line(1).unwrap().words().len(), 300_000);
        assert_eq!(log.display_line(20_002).unwrap().words(), "line 20000");
        assert!(log.display_line(40_002).unwrap().words().ends_with("xend"));
        let (spans, left_out) = log.display_line(1).unwrap().spans();
        assert_eq!(
            spans.iter().map(|span| span.text.len()).sum::<usize>() + left_out,
            300_000
        );
        assert_eq!(log.pieces().map(<[u8]>::len).sum::<usize>(), text.len());
        assert!(log.memory() < text.len() * 3 / 2);
    }
}

/// How many inputs each property is tried with: `EVENT_LOG_CASES=1000000 cargo test --release --test model
/// event_log` looks for long.
fn cases() -> u32 {
    std::env::var("EVENT_LOG_CASES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(2_000)
}

/// Logs as they are met, and as they should not be; each is tried cut off and broken at every byte.
const CORPUS: [&[u8]; 5] = [
    include_bytes!("../data/event_log/verify.jsonl"),
    include_bytes!("../data/event_log/v1.jsonl"),
    include_bytes!("../data/event_log/appended.jsonl"),
    include_bytes!("../data/event_log/hostile.jsonl"),
    include_bytes!("../data/event_log/build.txt"),
];

#[test]
fn what_is_cut_off_or_broken_anywhere_is_read() {
    let look = |bytes: &[u8]| {
        let log = read_in(bytes, 61);
        for row in 0..log.len() {
            let row = log.display_line(row).expect("there is such a line");
            row.words();
            row.time();
        }
        for run in log.runs() {
            run.tests
                .iter()
                .for_each(|test| drop(log.last_words(run, &test.name)));
        }
    };
    for bytes in CORPUS {
        for at in 0..bytes.len() {
            // A line is enough, and now and then all that is before it.
            let from = bytes[..at]
                .iter()
                .rposition(|byte| *byte == b'\n')
                .map_or(0, |from| from + 1);
            let to = bytes[at..]
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or(bytes.len(), |to| at + to + 1);
            look(&bytes[if at % 53 == 0 { 0 } else { from }..at]);
            for with in [b'"', b'\\', b'{', b'\n', 0xff] {
                let mut broken = bytes.to_vec();
                broken[at] = with;
                look(&broken[from..to]);
            }
        }
    }
}

#[test]
fn the_corpus_is_understood() {
    let logs = CORPUS.map(|bytes| read_in(bytes, usize::MAX));
    let told: Vec<_> = logs
        .iter()
        .map(|log| {
            (
                log.format(),
                log.runs().len(),
                log.malformed(),
                log.len() > 4,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (LogFormat::Events, 1, 0, true),
            (LogFormat::Events, 1, 0, true),
            (LogFormat::Events, 2, 1, true),
            (LogFormat::Events, 1, 6, true),
            (LogFormat::Text, 0, 0, true),
        ]
    );
}

/// A message with what is hard about messages.
fn message() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[a-c ]{0,6}",
        Just("\n".to_owned()),
        Just("\u{1b}[31m".to_owned()),
        Just("\"\\é😀<\t".to_owned()),
        Just("\r".to_owned()),
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

fn any_event() -> impl Strategy<Value = String> {
    let level = prop_oneof![Just("STANDARD"), Just("INFO"), Just("DEBUG"), Just("ERROR")];
    prop_oneof![
        (message(), "[ab]").prop_map(|(text, name)| container(1, &name, &text).to_string()),
        (message(), level).prop_map(|(text, level)| tool(1, level, &text).to_string()),
        (
            "[ab]",
            prop_oneof![Just("InProgress"), Just("Failed"), Just("Succeeded")]
        )
            .prop_map(|(id, status)| test(2, &id, status).to_string()),
        "[ -~]{0,20}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    /// Whatever the bytes are, there is no panic, and no byte is lost.
    #[test]
    fn any_bytes_are_a_log(bytes in prop::collection::vec(any::<u8>(), 0..400), size in 1_usize..50) {
        let log = read_in(&bytes, size);
        prop_assert_eq!(log.pieces().collect::<Vec<_>>().concat(), bytes);
        for row in 0..log.len() {
            let row = log.display_line(row).expect("there is such a line");
            row.words();
            row.spans();
            row.time();
        }
    }

    /// Nor for lines that are almost events.
    #[test]
    fn broken_events_are_lines(events in prop::collection::vec(any_event(), 1..6), cut in any::<prop::sample::Index>(), with in any::<u8>()) {
        let mut bytes = events.join("\n").into_bytes();
        let at = cut.index(bytes.len().max(1)).min(bytes.len());
        if at < bytes.len() {
            bytes[at] = with;
        }
        let log = read_in(&bytes, 7);
        for row in 0..log.len() {
            log.display_line(row).expect("there is such a line").words();
        }
        let runs = log.runs().iter().map(|run| run.tests.len()).sum::<usize>();
        prop_assert!(runs <= events.len() + 1);
    }

    /// What comes in pieces is what comes at once.
    #[test]
    fn pieces_make_no_difference(events in prop::collection::vec(any_event(), 0..12), size in 1_usize..80) {
        let text = events.iter().map(|event| event.clone() + "\n").collect::<String>();
        let (whole, pieces) = (read(&text), read_in(text.as_bytes(), size));
        prop_assert_eq!(words(&whole), words(&pieces));
        prop_assert_eq!(whole.malformed(), pieces.malformed());
        prop_assert_eq!(whole.runs(), pieces.runs());
        prop_assert_eq!(levels(&whole), levels(&pieces));
    }

    /// An event is understood as serde_json does.
    #[test]
    fn a_message_is_what_json_says(text in message(), name in "\\PC{0,5}") {
        let line = container(3, &name, &text).to_string();
        let EventLine::Event(event) = scan::read(line.as_bytes()) else { panic!("{line}") };
        prop_assert_eq!(scan::decode(event.message.range.of(line.as_bytes())), text.clone());
        prop_assert_eq!(scan::decode(event.container.of(line.as_bytes())), name);
        prop_assert_eq!(event.message.breaks as usize, text.matches('\n').count());
        prop_assert_eq!(event.message.ends, text.ends_with('\n'));
    }

    /// What is JSON is no malformed line, and what is not is one.
    #[test]
    fn only_json_is_read(line in r#"[{}\[\]":,a1\\n -]{0,12}"#) {
        let is_object = serde_json::from_str::<serde_json::Map<String, Value>>(&line).is_ok();
        let read = scan::read(line.as_bytes());
        if is_object {
            prop_assert_ne!(read, EventLine::Malformed, "{}", line);
        }
        // Numbers and words are taken as they are, which is all that this reader is laxer in.
        let lax = line.contains(['a', '1', 'n', '-']);
        if read != EventLine::Malformed && !lax {
            prop_assert!(is_object, "{}", line);
        }
    }

    /// A quick search finds what a slow one does.
    #[test]
    fn a_search_by_bytes_finds_what_reading_finds(
        events in prop::collection::vec(any_event(), 0..12), text in "[a-cA-C<\" ]{1,3}"
    ) {
        let log = read(&(events.join("\n") + "\n"));
        let mut view = FilteredLog::default();
        view.set_matcher(Needle::new(&text, false).map(|it| Box::new(it) as Box<dyn Matcher>));
        settle(&mut view, &log);
        let quick = view.found().to_vec();
        view.set_matcher(Some(Box::new(Slow(text))));
        settle(&mut view, &log);
        prop_assert_eq!(quick, view.found());
    }
}

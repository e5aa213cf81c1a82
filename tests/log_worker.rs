//! The requests of the worker that reads logs, as the page makes them.

use std::ops::Range;
use std::time::Duration;

use jobrun_viewer::api::http::Reply;
use jobrun_viewer::core::time::{Timestamp, parse};
use jobrun_viewer::model::event_log::search::Matcher;
use jobrun_viewer::model::event_log::summary::TestState;
use jobrun_viewer::workers::log::protocol::{
    Axis, Cause, Clock, Failure, LogReply, LogRequest, Phase, Piece, Report, Row, RowsJson,
    RowsRequest, Search, Summary, ViewSettings, Words,
};
use jobrun_viewer::workers::log::{LogWorker, Outside};
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
                && self
                    .0
                    .iter()
                    .zip(&chars[*at..])
                    .all(|(wanted, (_, c))| *wanted == '.' || wanted == c)
        };
        let end = |at: usize| {
            chars
                .get(at + self.0.len())
                .map_or(line.len(), |(byte, _)| *byte)
        };
        (0..chars.len())
            .filter(is_at)
            .map(|at| chars[at].0..end(at))
            .collect()
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

/// The report once nothing is left to do.
fn report(worker: &mut LogWorker<World>) -> Report {
    while worker.step() {}
    worker.report()
}

fn view(worker: &mut LogWorker<World>, settings: ViewSettings) {
    worker.set_view(settings);
    while worker.step() {}
}

fn search_for(worker: &mut LogWorker<World>, query: &str) {
    view(
        worker,
        ViewSettings {
            query: query.to_owned(),
            ..ViewSettings::default()
        },
    );
}

fn rows(worker: &LogWorker<World>, clock: Clock, picked: Option<(u32, u32)>) -> Vec<Row> {
    worker
        .rows(RowsRequest {
            first: 0,
            count: 100,
            clock,
            picked,
        })
        .rows
}

/// All that a line says.
fn said(words: &Words) -> String {
    let pieces = words.spans.iter().flat_map(|span| &span.pieces);
    pieces
        .map(|(Piece::Text(text) | Piece::Match(text))| text.as_str())
        .collect()
}

/// A value after the way between the worker and the page.
fn posted<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).expect("JSON")).expect("the same type")
}

#[test]
fn a_report_says_how_it_stands() {
    let mut worker = LogWorker::new(World);
    assert_eq!(report(&mut worker).progress_message(), "Reading the log…");
    worker.set_total(Some(2 * LOG.len() as u64));
    worker.push(LOG.as_bytes());
    let half = report(&mut worker);
    assert_eq!(
        (half.phase, half.progress(), half.lines),
        (Phase::Reading, Some(500), 5)
    );
    worker.set_phase(Phase::Whole);
    let whole = report(&mut worker);
    assert_eq!(
        (whole.phase, whole.progress_message()),
        (Phase::Whole, format!("5 lines, {} bytes", LOG.len()))
    );
    assert_ne!(whole.version, half.version);
    for retry_after in [None, Some(Duration::from_secs(60))] {
        let refusal = Reply {
            status: 429,
            retry_after,
            content_type: "text/html".to_owned(),
            body: "no".to_owned(),
        };
        worker.fail(refusal.clone());
        assert_eq!(
            posted(&report(&mut worker)).failure,
            Some(Failure::Reply(refusal))
        );
    }
    assert_eq!(report(&mut worker).phase, Phase::Failed);
}

#[test]
fn the_summary_has_the_test_its_bar_and_the_reason() {
    let mut worker = worker();
    let time = |text| parse(text).expect("a time");
    worker.set_axis(Axis {
        from: time("2026-11-24T03:00:00.250Z"),
        to: time("2026-11-24T03:00:20.250Z"),
    });
    let summary = report(&mut worker).summary.expect("a summary");
    let Summary {
        verdict,
        cause,
        tests,
        earlier,
        malformed,
    } = posted(&summary);
    assert_eq!(
        (verdict.state.clone(), verdict.message()),
        (TestState::Failed, "1 of 1 test failed.".to_owned())
    );
    let Some(Cause::Error(cause)) = cause else {
        panic!("no error: {cause:?}")
    };
    assert_eq!((cause.line, cause.test.as_str()), (5, "smoke"));
    assert_eq!(
        (cause.error.code.as_str(), cause.error.message.as_str()),
        ("VERIFY_TEST_ERR", "it <b>failed</b>")
    );
    let [suggestion] = &*cause.error.suggestions else {
        panic!("{:?}", cause.error)
    };
    assert_eq!(
        (suggestion.action.as_str(), suggestion.code.as_str()),
        ("Look", "LOOK")
    );
    assert_eq!(
        cause.last_words.iter().map(said).collect::<Vec<_>>(),
        ["a red line"]
    );
    let [test] = &*tests else { panic!("{tests:?}") };
    assert_eq!(
        (test.name.as_str(), &test.state, test.line),
        ("smoke", &TestState::Failed, 5)
    );
    assert_eq!(
        (test.duration.as_deref(), test.bar),
        (Some("10 s"), Some((0, 500_000)))
    );
    assert!(earlier.is_empty());
    assert_eq!(
        malformed.map(|malformed| (malformed.count, malformed.first)),
        Some((1, 4))
    );
    // A text tells nothing as a whole.
    worker.take_whole("one\ntwo\n", false);
    assert_eq!(report(&mut worker).summary, None);
}

#[test]
fn lines_have_times_and_marks() {
    let mut worker = worker();
    let times = |clock| -> Vec<String> {
        rows(&worker, clock, None)
            .into_iter()
            .filter_map(|row| Some(row.time?.short))
            .collect()
    };
    assert_eq!(times(Clock::Local)[0], "04:00:00.250");
    assert_eq!(times(Clock::Utc)[1], "03:00:01.000");
    assert_eq!(times(Clock::Relative)[3], "+0:10.000");
    search_for(&mut worker, "RED LINE");
    let drawn = rows(&worker, Clock::Local, Some((2, 3)));
    assert_eq!(posted(&drawn), drawn);
    // A mark goes across the colours.
    let pieces = drawn[1].words.spans.iter().flat_map(|span| &span.pieces);
    let marks = pieces.filter_map(|piece| match piece {
        Piece::Match(text) => Some(text.as_str()),
        Piece::Text(_) => None,
    });
    assert_eq!(marks.collect::<Vec<_>>(), ["red", " line"]);
    let looks: Vec<_> = drawn
        .iter()
        .map(|row| {
            (
                format!("{:?}", row.level),
                row.is_picked,
                row.is_current,
                row.is_malformed,
            )
        })
        .collect();
    let look = |level: &str, is_picked, is_current, is_malformed| {
        (level.to_owned(), is_picked, is_current, is_malformed)
    };
    assert_eq!(
        looks,
        [
            look("Info", false, false, false),
            look("Output", true, true, false),
            look("Debug", true, false, false),
            look("Output", false, false, true),
            look("Error", false, false, false)
        ]
    );
    let some = worker.rows(RowsRequest {
        first: 3,
        count: 1,
        ..RowsRequest::default()
    });
    assert_eq!((some.first, some.shown, some.rows[0].number), (3, 5, 4));
}

#[test]
fn searches_are_told_and_stepped_through() {
    let mut worker = worker();
    search_for(&mut worker, "e");
    let told = report(&mut worker);
    assert_eq!(
        (&told.search, told.current),
        (
            &Search::Done {
                found: 5,
                at: Some(1)
            },
            Some(1)
        )
    );
    assert_eq!(told.search.message(), "1 of 5");
    assert_eq!(worker.step_match(true), Some(2));
    assert_eq!(worker.step_match(false), Some(1));
    assert_eq!(worker.step_match(false), Some(5));
    let regex = |query: &str, only_matches| ViewSettings {
        query: query.to_owned(),
        is_regex: true,
        only_matches,
        ..ViewSettings::default()
    };
    view(&mut worker, regex("r.d", true));
    assert_eq!(rows(&worker, Clock::Local, None).len(), 1);
    view(&mut worker, regex("(", false));
    let told = report(&mut worker);
    assert_eq!(
        (told.search, told.shown),
        (Search::Invalid("a bracket is open".to_owned()), 5)
    );
    let errors = ViewSettings {
        from: "t:smoke".to_owned(),
        level: "ERROR".to_owned(),
        ..ViewSettings::default()
    };
    view(&mut worker, errors);
    assert_eq!(report(&mut worker).shown, 1);
    assert_eq!(rows(&worker, Clock::Local, None)[0].number, 5);
    assert_eq!(worker.index_of(5), 0);
}

#[test]
fn what_is_copied_is_what_is_shown() {
    let mut worker = worker();
    assert_eq!(
        worker.copied((3, 2), Clock::Utc),
        "03:00:01.000 smoke a red line\n03:00:02.000 Verify-0 DEBUG debug\n"
    );
    view(
        &mut worker,
        ViewSettings {
            from: "c:smoke".to_owned(),
            ..ViewSettings::default()
        },
    );
    assert_eq!(
        worker.copied((1, 5), Clock::Relative),
        "+0:00.750 smoke a red line\n"
    );
    assert_eq!(worker.between(5, 1), "Lines 1–5: 10 s");
    assert_eq!(worker.between(4, 5), "Lines 4–5: no times to tell how long");
}

#[test]
fn a_text_that_has_grown_goes_on_and_another_begins_anew() {
    let mut worker = LogWorker::new(World);
    search_for(&mut worker, "tw");
    worker.take_whole("one\ntw", true);
    let told = report(&mut worker);
    assert_eq!(
        (told.phase, told.lines, told.search.message()),
        (Phase::Following, 2, "1 of 1".to_owned())
    );
    worker.take_whole("one\ntwo\ntwelve\n", false);
    let told = report(&mut worker);
    assert_eq!(
        (told.phase, told.lines, told.search.message()),
        (Phase::Whole, 3, "1 of 2".to_owned())
    );
    worker.take_whole("other\n", false);
    let told = report(&mut worker);
    assert_eq!(
        (told.lines, told.search.message()),
        (1, "Nothing found".to_owned())
    );
}

#[test]
fn requests_arrive_as_they_were_sent() {
    let axis = Axis {
        from: Timestamp::UNIX_EPOCH,
        to: parse("2026-11-24T03:00:00.123456789Z").expect("a time"),
    };
    let requests = [
        LogRequest::ReadUrl {
            url: "https://example.com/log".to_owned(),
            token: String::new(),
            grows: true,
        },
        LogRequest::Fail(Reply {
            status: 404,
            body: "none".to_owned(),
            ..Reply::default()
        }),
        LogRequest::SetAxis(axis),
        LogRequest::Wait {
            known: Some(u32::MAX),
        },
        LogRequest::Rows(RowsRequest {
            first: 7,
            count: 100,
            clock: Clock::Utc,
            picked: Some((2, 1)),
        }),
        LogRequest::Between(1, 2),
    ];
    requests
        .iter()
        .for_each(|request| assert_eq!(posted(request), *request));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever a log has in it and whatever is asked, there are replies and no panic.
    #[test]
    fn anything_can_be_shown(
        bytes in prop::collection::vec(prop_oneof![Just(b'\n'), Just(0x1b), any::<u8>()], 0..200),
        with_log in any::<bool>(), query in ".{0,3}", flags in any::<[bool; 3]>(), numbers in any::<(u32, u32)>(),
    ) {
        let mut worker = if with_log { worker() } else { LogWorker::new(World) };
        worker.push(&bytes);
        worker.set_phase(Phase::Stopped);
        let [is_case_sensitive, is_regex, only_matches] = flags;
        view(&mut worker, ViewSettings { query, is_case_sensitive, is_regex, only_matches, ..ViewSettings::default() });
        let told = LogReply::Report(Box::new(report(&mut worker)));
        prop_assert_eq!(&posted(&told), &told);
        for (a, b) in [numbers, (0, 9)] {
            for clock in [Clock::Local, Clock::Relative] {
                let request = RowsRequest { first: a, count: b, clock, picked: Some((a, b)) };
                let rows = LogReply::Rows(RowsJson::encode(&worker.rows(request)));
                prop_assert_eq!(&posted(&rows), &rows);
                worker.copied((a, b), clock);
            }
            worker.index_of(a);
            worker.between(a, b);
            worker.step_match(a > b);
        }
    }
}

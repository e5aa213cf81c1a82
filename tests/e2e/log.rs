//! Logs: what the event log of a verification tells, and the reader for it and any other.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use const_format::formatcp;
use jobrun_viewer::api::http::Reply;
use jobrun_viewer::api::storage::{ObjectName, media_request};
use jobrun_viewer::model::event_log::Log;
use serde_json::{Value, json};

use crate::browser::{keys, quote};
use crate::select;
use crate::viewer::{CANARY, DONE, Json, LIVE, Setup, Viewer, name};

/// The event log of a run as the server has it now.
fn event_log(viewer: &Viewer, run: &Json) -> String {
    let verify = &run.0["verifyJobRun"];
    let text = |field: &str| verify[field].as_str().expect("it has a log");
    let name = ObjectName::join(text("artifactUri"), text("eventLogPath")).expect("a name");
    viewer.get(&media_request(&name).path_and_query)
}

/// The lines of a log as people read them.
fn lines(text: &str) -> Vec<String> {
    let mut log = Log::default();
    log.push(text.as_bytes());
    log.finish();
    (0..log.len())
        .map(|row| log.display_line(row).expect("it is there").words())
        .collect()
}

/// The number of the first line, from 1, that has a text.
fn line_with(lines: &[String], text: &str) -> usize {
    1 + lines
        .iter()
        .position(|line| line.contains(text))
        .unwrap_or_else(|| panic!("no {text}: {lines:#?}"))
}

/// Waits until lines are on the screen.
async fn wait_for_rows(viewer: &Viewer) {
    viewer.wait_for(select::log::FRAME_ROW).await;
}

/// Whether a line, from 1, is in sight.
fn in_sight(line: usize) -> String {
    format!(
        "(() => {{ const row = document.querySelector({row:?})?.getBoundingClientRect();
          const frame = document.querySelector({frame:?})?.getBoundingClientRect();
          return row && frame && row.top >= frame.top - 1 && row.bottom <= frame.bottom + 1 }})()",
        row = select::log::row(line),
        frame = select::log::FRAME
    )
}

/// Drops a file that the page makes, of a JavaScript expression.
async fn drop(viewer: &Viewer, file: &str, text: &str) {
    viewer
        .js(&format!(
            "const data = new DataTransfer();
             data.items.add(new File([{text}], {}));
             document.querySelector({main:?}).dispatchEvent(
               new DragEvent('drop', {{ bubbles: true, cancelable: true, dataTransfer: data }}));",
            quote(file),
            main = select::page::MAIN
        ))
        .await;
}

/// A viewer that shows a dropped log.
async fn dropped(file: &str, text: &str) -> Viewer {
    let viewer = Viewer::open(Setup::default(), "").await;
    viewer.wait_for(select::start::PAGE).await;
    drop(&viewer, file, text).await;
    wait_for_rows(&viewer).await;
    viewer
}

/// A viewer that has the log of the failed verification open.
async fn opened() -> (Viewer, Vec<String>) {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    let text = event_log(&viewer, &viewer.run_in(CANARY, "canary-50", "verify"));
    // It is known then which line says why.
    viewer.wait_for(select::log::ERROR).await;
    viewer
        .click_text(select::log::BUTTON, "Open the event log")
        .await;
    wait_for_rows(&viewer).await;
    // It is opened where it says why.
    let lines = lines(&text);
    viewer
        .wait_until_js(&in_sight(line_with(&lines, "Test smoke-test: Failed")))
        .await;
    viewer.wait_for(&select::focused(select::log::FRAME)).await;
    (viewer, lines)
}

/// Tries again, wherever the button has gone meanwhile.
async fn try_again(viewer: &Viewer) {
    viewer
        .js(formatcp!(
            "document.querySelector({note_button:?}).click()",
            note_button = select::log::NOTE_BUTTON
        ))
        .await;
}

async fn search_for(viewer: &Viewer, text: &str) {
    viewer.click(select::log::QUERY).await;
    viewer.type_into(select::log::QUERY, text).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reason_of_a_failed_verification_comes_first() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    let run = viewer.run_in(CANARY, "canary-50", "verify");
    viewer.wait_for_run(&run).await;
    viewer.wait_for(select::log::ERROR).await;
    let message = run.0["verifyJobRun"]["failureMessage"]
        .as_str()
        .expect("it has one");
    assert_eq!(viewer.text(select::log::MESSAGE).await, message);
    viewer
        .wait_for_text(select::log::LAST_OUTPUT, "connection refused")
        .await;
    viewer
        .wait_for_text(
            select::log::SUGGESTIONS,
            "Check the output of container smoke-test",
        )
        .await;
    viewer
        .wait_for_text(select::log::SECTION_VERDICT, "1 of 3 tests failed.")
        .await;
    assert_eq!(viewer.texts(select::log::TEST_NAME).await.len(), 3);
    viewer
        .wait_for_text(select::log::FAILED_TEST_NAME, "smoke-test Failed")
        .await;
    assert_eq!(viewer.count(select::log::TEST_BAR).await, 3);
    // Above all else of the run, and without a click.
    viewer
        .wait_until_js(formatcp!(
            "document.querySelector({any_error:?}).getBoundingClientRect().bottom \
             < document.querySelector({any_failure:?}).getBoundingClientRect().top",
            any_error = select::log::ANY_ERROR,
            any_failure = select::run_panel::ANY_FAILURE
        ))
        .await;

    // A click goes to where it is told.
    let lines = lines(&event_log(&viewer, &run));
    let line = line_with(&lines, "Test smoke-test: Failed");
    viewer
        .click_text(select::log::ERROR_LEAD, "Show line")
        .await;
    viewer.wait_for(select::log::DRAWER).await;
    viewer.wait_until_js(&in_sight(line)).await;
    viewer.wait_for(&select::focused(select::log::FRAME)).await;
    assert_eq!(
        viewer.text(select::log::PICKED_WORDS).await,
        lines[line - 1]
    );
    assert!(
        viewer
            .address()
            .await
            .ends_with(&format!("/jobRuns/{}?log={line}", run.id()))
    );
    viewer.click(select::log::PASSED_TEST).await;
    viewer
        .wait_until_js(&in_sight(line_with(
            &lines,
            "Test contract-test: InProgress",
        )))
        .await;
    viewer
        .wait_until_js(&select::has_focus(select::log::FRAME))
        .await;
    viewer.press(keys::ESCAPE).await;
    viewer.wait_gone(select::log::DRAWER).await;
    assert!(viewer.address().await.ends_with(run.id()));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lines_are_those_of_the_log() {
    let (viewer, expected) = opened().await;
    // How many are drawn is for the window to say; each is the one of its number.
    let check = async || {
        let rows = viewer
            .js(formatcp!(
                "return [...document.querySelectorAll({row:?})]
                   .map(row => [Number(row.dataset.row), row.querySelector({words:?}).textContent])",
                row = select::log::ROW,
                words = select::log::WORDS
            ))
            .await;
        let rows: Vec<(usize, String)> = serde_json::from_value(rows).expect("rows");
        assert!(!rows.is_empty());
        for (number, words) in &rows {
            assert_eq!(*words, expected[number - 1], "line {number}");
        }
        let first = rows[0].0;
        assert!(
            rows.iter()
                .zip(first..)
                .all(|((number, _), expected)| *number == expected),
            "{rows:#?}"
        );
        first..first + rows.len()
    };
    assert!(
        check()
            .await
            .contains(&line_with(&expected, "Test smoke-test: Failed"))
    );
    viewer
        .js(formatcp!(
            "document.querySelector({frame:?}).scrollTop = 0",
            frame = select::log::FRAME
        ))
        .await;
    viewer
        .wait_until_js(formatcp!(
            "document.querySelector({row:?}).dataset.row === '1'",
            row = select::log::ROW
        ))
        .await;
    assert_eq!(check().await.start, 1);
    assert!(
        expected
            .iter()
            .any(|line| line.contains("Starting verification of release rel-"))
    );
    assert!(
        viewer.count(select::log::ROW_GREEN).await > 0,
        "colours are those of the log"
    );
    viewer
        .wait_for_text(select::log::STATUS, &format!("{} lines", expected.len()))
        .await;
    let text = event_log(&viewer, &viewer.run_in(CANARY, "canary-50", "verify"));
    let saved = viewer
        .saved(async || viewer.click_text(select::log::TOOL, "Download").await)
        .await;
    assert_eq!(saved, ("events.json".to_owned(), text));

    viewer.click_text(select::log::TOOL, "Wrap").await;
    viewer.wait_for(select::log::WRAPPED_ROW).await;
    assert!(viewer.address().await.contains("lo=w"));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_looked_for_and_stepped_through() {
    let (viewer, lines) = opened().await;
    let found: Vec<usize> = (1..=lines.len())
        .filter(|line| lines[line - 1].to_lowercase().contains("checks"))
        .collect();
    assert!(found.len() > 2);
    viewer.focus(select::log::FRAME).await;
    viewer.press("/").await;
    viewer
        .wait_until_js(&select::has_focus(select::log::QUERY))
        .await;
    viewer.press("CHECKS").await;
    viewer
        .wait_until_js("location.hash.includes('lq=CHECKS')")
        .await;
    viewer
        .wait_for_text(select::log::FOUND, &format!("1 of {}", found.len()))
        .await;
    viewer.wait_until_js(&in_sight(found[0])).await;
    viewer.wait_for(&select::log::current_match(found[0])).await;
    assert!(viewer.count(select::log::MARKS).await > 0);
    viewer.press(keys::ENTER).await;
    viewer
        .wait_for_text(select::log::FOUND, &format!("2 of {}", found.len()))
        .await;
    viewer.wait_until_js(&in_sight(found[1])).await;
    viewer.press(keys::ESCAPE).await;
    viewer
        .wait_until_js(&select::has_focus(select::log::FRAME))
        .await;
    viewer.press("N").await;
    viewer
        .wait_for_text(select::log::FOUND, &format!("1 of {}", found.len()))
        .await;
    viewer.press("n").await;
    viewer
        .wait_for_text(select::log::FOUND, &format!("2 of {}", found.len()))
        .await;
    assert!(viewer.address().await.contains("lq=CHECKS"));

    // With its case there is none.
    viewer.click_text(select::log::SEARCH_BUTTON, "Aa").await;
    viewer
        .wait_for_text(select::log::FOUND, "Nothing found")
        .await;
    viewer.click_text(select::log::SEARCH_BUTTON, "Aa").await;
    viewer
        .click_text(select::log::SEARCH_BUTTON, "Only these")
        .await;
    viewer
        .wait_until_js(&select::count_is(select::log::ROW, found.len()))
        .await;
    viewer
        .click_text(select::log::SEARCH_BUTTON, "Only these")
        .await;

    // A regular expression, and what is none.
    viewer.click_text(select::log::SEARCH_BUTTON, ".*").await;
    viewer
        .js(formatcp!(
            "document.querySelector({query:?}).select()",
            query = select::log::QUERY
        ))
        .await;
    viewer.press(r"\d+ of \d+ (checks|tests)").await;
    let is_marked = formatcp!(
        r"/^\d+ of \d+ (checks|tests)$/.test(document.querySelector({current_match:?}).innerText)",
        current_match = select::log::CURRENT_MATCH
    );
    viewer.wait_until_js(is_marked).await;
    viewer
        .js(formatcp!(
            "document.querySelector({query:?}).select()",
            query = select::log::QUERY
        ))
        .await;
    viewer.press("(").await;
    viewer.wait_for(select::log::QUERY_INVALID).await;
    viewer
        .wait_for_text(select::log::FOUND, "Invalid regular expression")
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_regular_expression_that_never_ends_is_ended() {
    let viewer = dropped("a.log", "'first\\n' + 'a'.repeat(60) + '!\\nlast\\n'").await;
    // It takes a browser's backtracking 2 to the power of 60 steps.
    viewer.js("location.hash += (location.hash.includes('?') ? '&' : '?') + 'lo=r&lq=' + encodeURIComponent('^(a+)+$')").await;
    viewer
        .wait_for_text(select::log::ANY_PROBLEM, "regular expression for too long")
        .await;
    viewer
        .wait_until_js("!location.hash.includes('lo=r')")
        .await;
    // What remains is a plain text, which nothing has; and all is there again.
    viewer
        .click_text(select::page::BUTTON_IN_MAIN, "Try again")
        .await;
    viewer
        .wait_for_text(select::log::FOUND, "Nothing found")
        .await;
    viewer
        .wait_until_js(&select::count_is(select::log::ROW, 3))
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_left_out_by_who_wrote_them_and_how_much_they_matter() {
    let (viewer, lines) = opened().await;
    let choose = async |of: &str, value: &str| {
        viewer
            .js(&format!(
                "const select = document.querySelector({:?});
                 select.value = {};
                 select.dispatchEvent(new Event('change', {{ bubbles: true }}))",
                select::log::filter(of),
                quote(value)
            ))
            .await;
    };
    choose("from", "t:contract-test").await;
    viewer
        .wait_until_js(formatcp!(
            "document.querySelectorAll({row:?}).length > 0 \
             && [...document.querySelectorAll({from:?})].every(from => from.textContent === 'contract-test')",
            row = select::log::ROW,
            from = select::log::FROM
        ))
        .await;
    assert!(viewer.address().await.contains("ls=t%3Acontract-test"));
    choose("from", "").await;
    // It goes back to the line that was picked.
    viewer
        .wait_until_js(&in_sight(line_with(&lines, "Test smoke-test: Failed")))
        .await;
    viewer
        .js(formatcp!(
            "document.querySelector({frame:?}).scrollTop = 0",
            frame = select::log::FRAME
        ))
        .await;
    viewer
        .wait_until_js(formatcp!(
            "document.querySelector({row:?}).dataset.row === '1'",
            row = select::log::ROW
        ))
        .await;
    choose("level", "ERROR").await;
    let errors = lines
        .iter()
        .filter(|line| line.contains("Failed") || line.contains("did not pass"))
        .count();
    viewer
        .wait_until_js(&select::count_is(select::log::ROW, errors))
        .await;
    choose("clock", "relative").await;
    viewer
        .wait_until_js(formatcp!(
            "[...document.querySelectorAll({time:?})].every(time => time.textContent.startsWith('+0:'))",
            time = select::log::TIME
        ))
        .await;
    // The address has it all.
    viewer.reload().await;
    viewer
        .wait_until_js(&select::count_is(select::log::ROW, errors))
        .await;
    viewer
        .wait_until_js(formatcp!(
            "document.querySelector({level:?})?.value === 'ERROR' \
             && document.querySelector({clock:?}).value === 'relative'",
            level = select::log::LEVEL,
            clock = select::log::CLOCK
        ))
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_has_an_address_and_two_tell_the_time_between() {
    let viewer = Viewer::start(Setup::default()).await;
    let run = viewer.run_in(CANARY, "canary-50", "verify");
    let lines = lines(&event_log(&viewer, &run));
    let line = lines.len() - 3;
    viewer
        .goto(&viewer.url_of(&format!("{}/jobRuns/{}?log={line}", name(CANARY), run.id())))
        .await;
    viewer.wait_until_js(&in_sight(line)).await;
    assert_eq!(
        viewer.text(select::log::PICKED_WORDS).await,
        lines[line - 1]
    );
    let other = line - 2;
    viewer
        .js(&format!(
            "document.querySelector({:?})
               .dispatchEvent(new MouseEvent('click', {{ bubbles: true, shiftKey: true }}))",
            select::log::number(other)
        ))
        .await;
    viewer
        .wait_for_text(select::log::BETWEEN, &format!("Lines {other}–{line}: "))
        .await;
    viewer
        .wait_until_js(&select::count_is(select::log::PICKED_ROW, 3))
        .await;
    assert!(viewer.text(select::log::BETWEEN).await.ends_with(" s"));
    assert!(
        viewer
            .address()
            .await
            .ends_with(&format!("log={line}-{other}"))
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_grows_is_followed() {
    let viewer = Viewer::show(Setup::default(), LIVE).await;
    let run = viewer.run(LIVE, "verify");
    viewer.select(LIVE, &run).await;
    viewer
        .click_text(select::log::BUTTON, "Read the event log")
        .await;
    wait_for_rows(&viewer).await;
    viewer
        .wait_for_text(select::log::STATUS, "it may go on")
        .await;
    viewer
        .wait_for_text(select::log::SECTION_VERDICT, "still running")
        .await;
    let last = |viewer: &Viewer| lines(&event_log(viewer, &run)).len();
    let before = last(&viewer);
    viewer.wait_until_js(&in_sight(before)).await;
    viewer.advance(60);
    let after = last(&viewer);
    assert!(after > before + 20);
    viewer.wait_until_js(&in_sight(after)).await;
    // Who goes up is left there.
    viewer
        .js(formatcp!(
            "document.querySelector({frame:?}).scrollTop = 0",
            frame = select::log::FRAME
        ))
        .await;
    viewer.wait_until_js(&in_sight(1)).await;
    viewer
        .wait_until_js(formatcp!(
            "document.querySelector({follow:?}).ariaPressed === 'false'",
            follow = select::log::FOLLOW
        ))
        .await;
    viewer.advance(400);
    viewer
        .wait_for_text(select::log::SECTION_VERDICT, "3 tests succeeded.")
        .await;
    viewer.wait_until_js(&in_sight(1)).await;
    // Only what was new was asked for.
    let asked = viewer.stand_in().requests();
    let parts: Vec<_> = asked
        .iter()
        .filter(|asked| asked.path_and_query.contains("events.json"))
        .collect();
    assert!(
        parts.len() > 2
            && parts[1..]
                .iter()
                .all(|asked| matches!(asked.status, None | Some(200 | 206)))
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_cannot_be_read_is_explained_and_can_be_tried_again() {
    let mut viewer = Viewer::show(Setup::default(), DONE).await;
    viewer.expect_error("Failed to load resource");
    let run = viewer.run(DONE, "verify");
    let cases = [
        (
            "403",
            "Not allowed to read the event log",
            "lacks storage.objects.get",
        ),
        (
            "404",
            "No sign of the event log",
            "The event log is not there",
        ),
    ];
    viewer.select(DONE, &run).await;
    viewer.wait_for(select::build::STEPS).await;
    let mut is_first = true;
    for (fault, title, says) in cases {
        viewer.order(fault);
        let button = if std::mem::take(&mut is_first) {
            "Read the event log"
        } else {
            "Try again"
        };
        if button == "Try again" {
            try_again(&viewer).await;
        } else {
            viewer.click_text(select::log::BUTTON, button).await;
        }
        viewer.wait_for_text(select::log::NOTE_TITLE, title).await;
        viewer.wait_for_text(select::log::NOTE, says).await;
        viewer
            .wait_for_text(select::log::DRAWER_NOTE_TITLE, title)
            .await;
        viewer.stand_in().reset_faults();
    }
    // An answer that breaks off is gone on with.
    viewer.order("truncated*1");
    try_again(&viewer).await;
    let expected = lines(&event_log(&viewer, &run));
    viewer
        .wait_for_text(select::log::STATUS, &format!("{} lines", expected.len()))
        .await;
    viewer.wait_gone(select::log::DRAWER_NOTE).await;
    let asked = viewer.stand_in().requests();
    let last = asked
        .iter()
        .rfind(|asked| asked.path_and_query.contains("events.json"))
        .expect("it was asked for");
    assert_eq!(
        last.status,
        Some(200),
        "the server answers, and cuts out the part"
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_not_whole_is_read_as_far_as_it_can_be() {
    let event = |name: &str, body: Value| {
        json!({ "timestamp": "2026-11-24T03:00:00Z", name: body }).to_string()
    };
    let text = [
        event(
            "verifyEvent",
            json!({ "id": "smoke", "status": "InProgress" }),
        ),
        r#"{"timestamp":"2026-11-24T03:00:0"#.to_owned(),
        event(
            "futureEvent",
            json!({ "what": "<img src=x onerror=alert(1)>" }),
        ),
        "goroutine 1 [running]:".to_owned(),
        event(
            "verifyEvent",
            json!({ "id": "smoke", "status": "Succeeded" }),
        ),
    ]
    .join("\n");
    let viewer = dropped("events.json", &quote(&text)).await;
    assert_eq!(viewer.address().await, "log?src=file");
    viewer
        .wait_for_text(select::log::VERDICT, "1 test succeeded.")
        .await;
    viewer
        .wait_for_text(
            select::log::MALFORMED_NOTE,
            "2 lines could not be read as an event",
        )
        .await;
    // The last line has no end before the file has.
    viewer
        .wait_until_js(&select::count_is(select::log::ROW, 5))
        .await;
    assert_eq!(viewer.texts(select::log::ROW_WORDS).await, lines(&text));
    assert_eq!(viewer.count(select::log::MALFORMED_ROW).await, 2);
    viewer
        .click_text(select::log::MALFORMED_NOTE_BUTTON, "Show the first")
        .await;
    viewer.wait_for(select::log::PICKED_ROW_2).await;
    // Another file takes its place, and a text is a log too.
    drop(
        &viewer,
        "build.log",
        "'starting\\nStep #0 - \"fetch\": one\\nStep #1: \\x1b[31mtwo\\x1b[0m\\n'",
    )
    .await;
    viewer.wait_for_text(select::log::STATUS, "3 lines").await;
    viewer.wait_gone(select::log::SUMMARY).await;
    viewer.wait_for_text(select::log::ROW_RED, "two").await;
    viewer.wait_for(select::log::STEP_OPTIONS).await;
    // A page that is loaded again has it no more.
    viewer.reload().await;
    viewer
        .wait_for_text(select::page::TITLE, "The file is not open any more")
        .await;
    viewer
        .wait_until_js(formatcp!(
            "!document.querySelector({reader:?}).checkVisibility()",
            reader = select::log::READER
        ))
        .await;
    drop(&viewer, "build.log", "'one\\ntwo\\n'").await;
    viewer.wait_for_text(select::log::STATUS, "2 lines").await;
    assert_eq!(viewer.count(select::page::NOTICE).await, 0);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_packed_log_is_unpacked_and_is_not_whole_when_it_breaks_off() {
    let viewer = Viewer::open(Setup::default(), "").await;
    viewer.wait_for(select::start::PAGE).await;
    // Lines that do not pack well, so that half of the file has many of them.
    let pack =
        "const text = Array.from({ length: 20000 }, (_, n) => `line ${n + 1} ${Math.random()}\\n`).join('');
         const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
         return new Response(packed).blob().then(blob => { window.packed = blob })";
    viewer.js(pack).await;
    drop(&viewer, "build.log.gz", "packed").await;
    viewer
        .wait_for_text(select::log::STATUS, "20,000 lines")
        .await;
    viewer
        .wait_for_text(select::log::ROW_WORDS, "line 1 ")
        .await;
    assert_eq!(viewer.count(select::build::ANY_NOTE).await, 0);

    drop(&viewer, "half.log.gz", "packed.slice(0, packed.size / 2)").await;
    viewer
        .wait_for_text(
            select::build::ANY_NOTE,
            "The browser could not read the file",
        )
        .await;
    // What came is there.
    viewer
        .wait_for_text(select::log::ROW_WORDS, "line 1 ")
        .await;
    viewer
        .wait_until_js(formatcp!(
            "/^[1-9][0-9,]* lines/.test(document.querySelector({status:?}).innerText)",
            status = select::log::STATUS
        ))
        .await;
    let status = viewer.text(select::log::STATUS).await;
    assert!(!status.contains("20,000"), "{status}");
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_another_each_time_is_not_begun_for_ever() {
    let mut viewer = Viewer::show(Setup::default(), CANARY).await;
    viewer.expect_error("net::ERR_");
    viewer.wait_for(select::log::ERROR).await;
    let asked = Arc::new(AtomicUsize::new(0));
    let asks = asked.clone();
    viewer.stand_in().rewrite(move |request, reply| {
        match request.path_and_query.contains("events.json") {
            true => {
                let number = asks.fetch_add(1, Ordering::SeqCst);
                Reply {
                    body: format!("{number} of another\n").repeat(200),
                    ..reply
                }
            }
            false => reply,
        }
    });
    // Half of it comes each time, and what is to come after that is of the next.
    viewer.order("truncated@object");
    viewer.reload().await;
    viewer
        .wait_until_js(formatcp!(
            "document.querySelector({note:?}).textContent.includes('what came was another log each time')",
            note = select::log::NOTE
        ))
        .await;
    let before = asked.load(Ordering::SeqCst);
    assert!(before >= 5, "{before}");
    tokio::time::sleep(crate::viewer::SOME_POLLS).await;
    assert_eq!(
        asked.load(Ordering::SeqCst),
        before,
        "it is not asked for any more"
    );
    viewer.stand_in().rewrite(|_, reply| reply);
    viewer.stand_in().reset_faults();
    try_again(&viewer).await;
    viewer.wait_for(select::log::ERROR).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_thousand_lines_scroll() {
    let viewer = dropped(
        "big.log",
        "Array.from({ length: 300000 }, (_, n) => `line ${n + 1}\\n`).join('')",
    )
    .await;
    viewer
        .wait_for_text(select::log::STATUS, "300,000 lines")
        .await;
    let frame = formatcp!(
        "document.querySelector({frame:?})",
        frame = select::log::FRAME
    );
    for (place, line) in [("1", 300_000), ("0.5", 150_000), ("0", 1)] {
        viewer
            .js(&format!(
                "{frame}.scrollTop = {place} * ({frame}.scrollHeight - {frame}.clientHeight)"
            ))
            .await;
        viewer
            .wait_until_js(&format!(
                "(() => {{ const frame = {frame}.getBoundingClientRect();
                   return [...document.querySelectorAll({row:?})].some(row =>
                     {{ const at = row.getBoundingClientRect();
                     return Math.abs(+row.dataset.row - {line}) < 40 && at.top >= frame.top
                       && at.bottom <= frame.bottom + 1 }}) }})()",
                row = select::log::ROW
            ))
            .await;
        assert!(viewer.count(select::log::ROW).await < 200);
    }
    search_for(&viewer, "line 299999").await;
    viewer.wait_until_js(&in_sight(299_999)).await;
    viewer
        .wait_for_text(select::log::CURRENT_MATCH, "line 299999")
        .await;
    // Everything is still a way of the wheel apart.
    let top = viewer
        .js(&format!("return {frame}.scrollTop"))
        .await
        .as_f64()
        .expect("a number");
    viewer.js(&format!("{frame}.scrollTop -= 40")).await;
    viewer
        .wait_until_js(&format!("{frame}.scrollTop !== {top}"))
        .await;
    viewer.wait_until_js(&in_sight(299_996)).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_a_build_opens_in_the_same_reader() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    let run = viewer.run_in(CANARY, "canary-50", "verify");
    viewer.wait_for_run(&run).await;
    // What comes above it moves it.
    viewer.wait_for(select::log::ERROR).await;
    viewer.wait_for(select::build::REASON_TEXT).await;
    viewer
        .click_text(select::build::LOG_BUTTON, "Open in the reader")
        .await;
    wait_for_rows(&viewer).await;
    viewer
        .wait_for_text(select::log::DRAWER_TITLE, "Log of the build")
        .await;
    viewer
        .wait_for_text(select::log::ROW_WORDS, "starting build")
        .await;
    viewer.wait_for(select::log::STEP_OPTIONS).await;
    assert!(viewer.address().await.ends_with("?log=open&lb=1"));
    viewer.reload().await;
    wait_for_rows(&viewer).await;
    viewer
        .wait_for_text(select::log::DRAWER_TITLE, "Log of the build")
        .await;
    viewer.finish().await;
}

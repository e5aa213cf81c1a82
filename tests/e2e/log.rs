//! Logs: what the event log of a verification tells, and the reader for it and any other.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jobrun_viewer::api::http::Reply;
use jobrun_viewer::api::storage::{ObjectName, media_request};
use jobrun_viewer::model::event_log::Log;
use serde_json::{Value, json};

use crate::browser::{keys, quote};
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
    (0..log.len()).map(|row| log.row(row).expect("it is there").words()).collect()
}

/// The number of the first line, from 1, that has a text.
fn line_with(lines: &[String], text: &str) -> usize {
    1 + lines.iter().position(|line| line.contains(text)).unwrap_or_else(|| panic!("no {text}: {lines:#?}"))
}

/// Waits until lines are on the screen.
async fn drawn(viewer: &Viewer) {
    viewer.see(".log-frame .log-row").await;
}

/// Whether a line, from 1, is in sight.
fn in_sight(line: usize) -> String {
    format!(
        "(() => {{ const row = document.querySelector('.log-row[data-row=\"{line}\"]')?.getBoundingClientRect();
          const frame = document.querySelector('.log-frame')?.getBoundingClientRect();
          return row && frame && row.top >= frame.top - 1 && row.bottom <= frame.bottom + 1 }})()"
    )
}

/// Drops a file that the page makes, of a JavaScript expression.
async fn drop(viewer: &Viewer, file: &str, text: &str) {
    viewer
        .js(&format!(
            "const data = new DataTransfer();
             data.items.add(new File([{text}], {}));
             document.querySelector('main').dispatchEvent(
               new DragEvent('drop', {{ bubbles: true, cancelable: true, dataTransfer: data }}));",
            quote(file)
        ))
        .await;
}

/// A viewer that shows a dropped log.
async fn dropped(file: &str, text: &str) -> Viewer {
    let viewer = Viewer::open(Setup::default(), "").await;
    viewer.see(".start-page").await;
    drop(&viewer, file, text).await;
    drawn(&viewer).await;
    viewer
}

/// A viewer that has the log of the failed verification open.
async fn opened() -> (Viewer, Vec<String>) {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    let text = event_log(&viewer, &viewer.run_in(CANARY, "canary-50", "verify"));
    // It is known then which line says why.
    viewer.see(".event-log .log-error").await;
    viewer.click_text(".event-log button", "Open the event log").await;
    drawn(&viewer).await;
    // It is opened where it says why.
    let lines = lines(&text);
    viewer.until(&in_sight(line_with(&lines, "Test smoke-test: Failed"))).await;
    viewer.see(".log-frame:focus").await;
    (viewer, lines)
}

/// Tries again, wherever the button has gone meanwhile.
async fn try_again(viewer: &Viewer) {
    viewer.js("document.querySelector('.event-log .artifact-note button').click()").await;
}

async fn look_for(viewer: &Viewer, text: &str) {
    viewer.click(".log-query").await;
    viewer.type_into(".log-query", text).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reason_of_a_failed_verification_comes_first() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    let run = viewer.run_in(CANARY, "canary-50", "verify");
    viewer.shows(&run).await;
    viewer.see(".event-log .log-error").await;
    let message = run.0["verifyJobRun"]["failureMessage"].as_str().expect("it has one");
    assert_eq!(viewer.text(".event-log .log-message").await, message);
    viewer.see_text(".event-log .log-last", "connection refused").await;
    viewer.see_text(".event-log .log-suggestions", "Check the output of container smoke-test").await;
    viewer.see_text(".event-log .log-verdict", "1 of 3 tests failed.").await;
    assert_eq!(viewer.texts(".log-test-name").await.len(), 3);
    viewer.see_text(".log-tests .is-failed .log-test-name", "smoke-test Failed").await;
    assert_eq!(viewer.count(".log-tests .step-bar").await, 3);
    // Above all else of the run, and without a click.
    viewer
        .until("document.querySelector('.log-error').getBoundingClientRect().bottom < document.querySelector('.failure').getBoundingClientRect().top")
        .await;

    // A click goes to where it is told.
    let lines = lines(&event_log(&viewer, &run));
    let line = line_with(&lines, "Test smoke-test: Failed");
    viewer.click_text(".log-error .log-lead", "Show line").await;
    viewer.see(".log-drawer").await;
    viewer.until(&in_sight(line)).await;
    viewer.see(".log-frame:focus").await;
    assert_eq!(viewer.text(".log-row.is-picked .log-words").await, lines[line - 1]);
    assert!(viewer.address().await.ends_with(&format!("/jobRuns/{}?log={line}", run.id())));
    viewer.click(".log-tests .is-succeeded .log-test").await;
    viewer.until(&in_sight(line_with(&lines, "Test contract-test: InProgress"))).await;
    viewer.until("document.activeElement.matches('.log-frame')").await;
    viewer.press(keys::ESCAPE).await;
    viewer.gone(".log-drawer").await;
    assert!(viewer.address().await.ends_with(run.id()));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lines_are_those_of_the_log() {
    let (viewer, expected) = opened().await;
    // How many are drawn is for the window to say; each is the one of its number.
    let check = async || {
        let rows = viewer
            .js("return [...document.querySelectorAll('.log-row')]
                   .map(row => [Number(row.dataset.row), row.querySelector('.log-words').textContent])")
            .await;
        let rows: Vec<(usize, String)> = serde_json::from_value(rows).expect("rows");
        assert!(!rows.is_empty());
        for (number, words) in &rows {
            assert_eq!(*words, expected[number - 1], "line {number}");
        }
        let first = rows[0].0;
        assert!(rows.iter().zip(first..).all(|((number, _), expected)| *number == expected), "{rows:#?}");
        first..first + rows.len()
    };
    assert!(check().await.contains(&line_with(&expected, "Test smoke-test: Failed")));
    viewer.js("document.querySelector('.log-frame').scrollTop = 0").await;
    viewer.until("document.querySelector('.log-row').dataset.row === '1'").await;
    assert_eq!(check().await.start, 1);
    assert!(expected.iter().any(|line| line.contains("Starting verification of release rel-")));
    assert!(viewer.count(".log-row .fg-2").await > 0, "colours are those of the log");
    viewer.see_text(".log-said", &format!("{} lines", expected.len())).await;
    let text = event_log(&viewer, &viewer.run_in(CANARY, "canary-50", "verify"));
    let saved = viewer.saved(async || viewer.click_text(".log-tools button", "Download").await).await;
    assert_eq!(saved, ("events.json".to_owned(), text));

    viewer.click_text(".log-tools button", "Wrap").await;
    viewer.see(".log-frame.is-wrapped .log-row").await;
    assert!(viewer.address().await.contains("lo=w"));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_looked_for_and_stepped_through() {
    let (viewer, lines) = opened().await;
    let found: Vec<usize> =
        (1..=lines.len()).filter(|line| lines[line - 1].to_lowercase().contains("checks")).collect();
    assert!(found.len() > 2);
    viewer.focus(".log-frame").await;
    viewer.press("/").await;
    viewer.until("document.activeElement.matches('.log-query')").await;
    viewer.press("CHECKS").await;
    viewer.until("location.hash.includes('lq=CHECKS')").await;
    viewer.see_text(".log-found", &format!("1 of {}", found.len())).await;
    viewer.until(&in_sight(found[0])).await;
    viewer.see(&format!(".log-row.is-current[data-row='{}'] mark", found[0])).await;
    assert!(viewer.count(".log-marks span").await > 0);
    viewer.press(keys::ENTER).await;
    viewer.see_text(".log-found", &format!("2 of {}", found.len())).await;
    viewer.until(&in_sight(found[1])).await;
    viewer.press(keys::ESCAPE).await;
    viewer.until("document.activeElement.matches('.log-frame')").await;
    viewer.press("N").await;
    viewer.see_text(".log-found", &format!("1 of {}", found.len())).await;
    viewer.press("n").await;
    viewer.see_text(".log-found", &format!("2 of {}", found.len())).await;
    assert!(viewer.address().await.contains("lq=CHECKS"));

    // With its case there is none.
    viewer.click_text(".log-search button", "Aa").await;
    viewer.see_text(".log-found", "Nothing found").await;
    viewer.click_text(".log-search button", "Aa").await;
    viewer.click_text(".log-search button", "Only these").await;
    viewer.until(&format!("document.querySelectorAll('.log-row').length === {}", found.len())).await;
    viewer.click_text(".log-search button", "Only these").await;

    // A regular expression, and what is none.
    viewer.click_text(".log-search button", ".*").await;
    viewer.js("document.querySelector('.log-query').select()").await;
    viewer.press(r"\d+ of \d+ (checks|tests)").await;
    let is_marked =
        r"/^\d+ of \d+ (checks|tests)$/.test(document.querySelector('.log-row.is-current mark').innerText)";
    viewer.until(is_marked).await;
    viewer.js("document.querySelector('.log-query').select()").await;
    viewer.press("(").await;
    viewer.see(".log-query[aria-invalid]").await;
    viewer.see_text(".log-found", "Invalid regular expression").await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_regular_expression_that_never_ends_is_ended() {
    let viewer = dropped("a.log", "'first\\n' + 'a'.repeat(60) + '!\\nlast\\n'").await;
    // It takes a browser's backtracking 2 to the power of 60 steps.
    viewer.js("location.hash += (location.hash.includes('?') ? '&' : '?') + 'lo=r&lq=' + encodeURIComponent('^(a+)+$')").await;
    viewer.see_text(".trouble, .artifact-note, .log-trouble", "regular expression for too long").await;
    viewer.until("!location.hash.includes('lo=r')").await;
    // What remains is a plain text, which nothing has; and all is there again.
    viewer.click_text("main button", "Try again").await;
    viewer.see_text(".log-found", "Nothing found").await;
    viewer.until("document.querySelectorAll('.log-row').length === 3").await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_left_out_by_who_wrote_them_and_how_much_they_matter() {
    let (viewer, lines) = opened().await;
    let choose = async |of: &str, value: &str| {
        viewer
            .js(&format!(
                "const select = document.querySelector('.log-filters [data-set={of}]');
                 select.value = {};
                 select.dispatchEvent(new Event('change', {{ bubbles: true }}))",
                quote(value)
            ))
            .await;
    };
    choose("from", "t:contract-test").await;
    viewer.until("document.querySelectorAll('.log-row').length > 0 && [...document.querySelectorAll('.log-from')].every(from => from.textContent === 'contract-test')").await;
    assert!(viewer.address().await.contains("ls=t%3Acontract-test"));
    choose("from", "").await;
    // It goes back to the line that was picked.
    viewer.until(&in_sight(line_with(&lines, "Test smoke-test: Failed"))).await;
    viewer.js("document.querySelector('.log-frame').scrollTop = 0").await;
    viewer.until("document.querySelector('.log-row').dataset.row === '1'").await;
    choose("level", "ERROR").await;
    let errors = lines.iter().filter(|line| line.contains("Failed") || line.contains("did not pass")).count();
    viewer.until(&format!("document.querySelectorAll('.log-row').length === {errors}")).await;
    choose("clock", "relative").await;
    viewer
        .until(
            "[...document.querySelectorAll('.log-time')].every(time => time.textContent.startsWith('+0:'))",
        )
        .await;
    // The address has it all.
    viewer.reload().await;
    viewer.until(&format!("document.querySelectorAll('.log-row').length === {errors}")).await;
    viewer.until("document.querySelector('[data-set=level]')?.value === 'ERROR' && document.querySelector('[data-set=clock]').value === 'relative'").await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_has_an_address_and_two_tell_the_time_between() {
    let viewer = Viewer::start(Setup::default()).await;
    let run = viewer.run_in(CANARY, "canary-50", "verify");
    let lines = lines(&event_log(&viewer, &run));
    let line = lines.len() - 3;
    viewer.goto(&viewer.url_of(&format!("{}/jobRuns/{}?log={line}", name(CANARY), run.id()))).await;
    viewer.until(&in_sight(line)).await;
    assert_eq!(viewer.text(".log-row.is-picked .log-words").await, lines[line - 1]);
    let other = line - 2;
    viewer
        .js(&format!(
            "document.querySelector('.log-row[data-row=\"{other}\"] .log-number')
               .dispatchEvent(new MouseEvent('click', {{ bubbles: true, shiftKey: true }}))"
        ))
        .await;
    viewer.see_text(".log-between", &format!("Lines {other}–{line}: ")).await;
    viewer.until("document.querySelectorAll('.log-row.is-picked').length === 3").await;
    assert!(viewer.text(".log-between").await.ends_with(" s"));
    assert!(viewer.address().await.ends_with(&format!("log={line}-{other}")));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_grows_is_followed() {
    let viewer = Viewer::show(Setup::default(), LIVE).await;
    let run = viewer.run(LIVE, "verify");
    viewer.select(LIVE, &run).await;
    viewer.click_text(".event-log button", "Read the event log").await;
    drawn(&viewer).await;
    viewer.see_text(".log-said", "it may go on").await;
    viewer.see_text(".event-log .log-verdict", "still running").await;
    let last = |viewer: &Viewer| lines(&event_log(viewer, &run)).len();
    let before = last(&viewer);
    viewer.until(&in_sight(before)).await;
    viewer.advance(60);
    let after = last(&viewer);
    assert!(after > before + 20);
    viewer.until(&in_sight(after)).await;
    // Who goes up is left there.
    viewer.js("document.querySelector('.log-frame').scrollTop = 0").await;
    viewer.until(&in_sight(1)).await;
    viewer.until("document.querySelector('.log-tools [aria-label^=Follow]').ariaPressed === 'false'").await;
    viewer.advance(400);
    viewer.see_text(".event-log .log-verdict", "3 tests succeeded.").await;
    viewer.until(&in_sight(1)).await;
    // Only what was new was asked for.
    let asked = viewer.stand_in().requests();
    let parts: Vec<_> = asked.iter().filter(|asked| asked.path_and_query.contains("events.json")).collect();
    assert!(parts.len() > 2 && parts[1..].iter().all(|asked| matches!(asked.status, None | Some(200 | 206))));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_cannot_be_read_is_explained_and_can_be_tried_again() {
    let mut viewer = Viewer::show(Setup::default(), DONE).await;
    viewer.expect_error("Failed to load resource");
    let run = viewer.run(DONE, "verify");
    let cases = [
        ("403", "Not allowed to read the event log", "lacks storage.objects.get"),
        ("404", "No sign of the event log", "The event log is not there"),
    ];
    viewer.select(DONE, &run).await;
    viewer.see(".steps").await;
    let mut is_first = true;
    for (fault, title, says) in cases {
        viewer.order(fault);
        let button = if std::mem::take(&mut is_first) { "Read the event log" } else { "Try again" };
        if button == "Try again" {
            try_again(&viewer).await;
        } else {
            viewer.click_text(".event-log button", button).await;
        }
        viewer.see_text(".event-log .artifact-note h4", title).await;
        viewer.see_text(".event-log .artifact-note", says).await;
        viewer.see_text(".log-drawer .artifact-note h4", title).await;
        viewer.stand_in().reset_faults();
    }
    // An answer that breaks off is gone on with.
    viewer.order("truncated*1");
    try_again(&viewer).await;
    let expected = lines(&event_log(&viewer, &run));
    viewer.see_text(".log-said", &format!("{} lines", expected.len())).await;
    viewer.gone(".log-drawer .artifact-note").await;
    let asked = viewer.stand_in().requests();
    let last =
        asked.iter().rfind(|asked| asked.path_and_query.contains("events.json")).expect("it was asked for");
    assert_eq!(last.status, Some(200), "the server answers, and cuts out the part");
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_not_whole_is_read_as_far_as_it_can_be() {
    let event =
        |name: &str, body: Value| json!({ "timestamp": "2026-11-24T03:00:00Z", name: body }).to_string();
    let text = [
        event("verifyEvent", json!({ "id": "smoke", "status": "InProgress" })),
        r#"{"timestamp":"2026-11-24T03:00:0"#.to_owned(),
        event("futureEvent", json!({ "what": "<img src=x onerror=alert(1)>" })),
        "goroutine 1 [running]:".to_owned(),
        event("verifyEvent", json!({ "id": "smoke", "status": "Succeeded" })),
    ]
    .join("\n");
    let viewer = dropped("events.json", &quote(&text)).await;
    assert_eq!(viewer.address().await, "log?src=file");
    viewer.see_text(".log-verdict", "1 test succeeded.").await;
    viewer.see_text(".log-broken", "2 lines could not be read as an event").await;
    // The last line has no end before the file has.
    viewer.until("document.querySelectorAll('.log-row').length === 5").await;
    assert_eq!(viewer.texts(".log-row .log-words").await, lines(&text));
    assert_eq!(viewer.count(".log-row.is-malformed").await, 2);
    viewer.click_text(".log-broken button", "Show the first").await;
    viewer.see(".log-row.is-picked[data-row='2']").await;
    // Another file takes its place, and a text is a log too.
    drop(&viewer, "build.log", "'starting\\nStep #0 - \"fetch\": one\\nStep #1: \\x1b[31mtwo\\x1b[0m\\n'")
        .await;
    viewer.see_text(".log-said", "3 lines").await;
    viewer.gone(".log-summary").await;
    viewer.see_text(".log-row .fg-1", "two").await;
    viewer.see("optgroup[label=Steps]").await;
    // A page that is loaded again has it no more.
    viewer.reload().await;
    viewer.see_text("h1", "The file is not open any more").await;
    viewer.until("!document.querySelector('.log-reader').checkVisibility()").await;
    drop(&viewer, "build.log", "'one\\ntwo\\n'").await;
    viewer.see_text(".log-said", "2 lines").await;
    assert_eq!(viewer.count(".notice").await, 0);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_packed_log_is_unpacked_and_is_not_whole_when_it_breaks_off() {
    let viewer = Viewer::open(Setup::default(), "").await;
    viewer.see(".start-page").await;
    // Lines that do not pack well, so that half of the file has many of them.
    let pack =
        "const text = Array.from({ length: 20000 }, (_, n) => `line ${n + 1} ${Math.random()}\\n`).join('');
         const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
         return new Response(packed).blob().then(blob => { window.packed = blob })";
    viewer.js(pack).await;
    drop(&viewer, "build.log.gz", "packed").await;
    viewer.see_text(".log-said", "20,000 lines").await;
    viewer.see_text(".log-row .log-words", "line 1 ").await;
    assert_eq!(viewer.count(".artifact-note").await, 0);

    drop(&viewer, "half.log.gz", "packed.slice(0, packed.size / 2)").await;
    viewer.see_text(".artifact-note", "The browser could not read the file").await;
    // What came is there.
    viewer.see_text(".log-row .log-words", "line 1 ").await;
    viewer.until("/^[1-9][0-9,]* lines/.test(document.querySelector('.log-said').innerText)").await;
    let said = viewer.text(".log-said").await;
    assert!(!said.contains("20,000"), "{said}");
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_another_each_time_is_not_begun_for_ever() {
    let mut viewer = Viewer::show(Setup::default(), CANARY).await;
    viewer.expect_error("net::ERR_");
    viewer.see(".event-log .log-error").await;
    let asked = Arc::new(AtomicUsize::new(0));
    let asks = asked.clone();
    viewer.stand_in().rewrite(move |request, reply| match request.path_and_query.contains("events.json") {
        true => {
            let number = asks.fetch_add(1, Ordering::SeqCst);
            Reply { body: format!("{number} of another\n").repeat(200), ..reply }
        }
        false => reply,
    });
    // Half of it comes each time, and what is to come after that is of the next.
    viewer.order("truncated@object");
    viewer.reload().await;
    viewer
        .until("document.querySelector('.event-log .artifact-note').textContent.includes('what came was another log each time')")
        .await;
    let before = asked.load(Ordering::SeqCst);
    assert!(before >= 5, "{before}");
    tokio::time::sleep(crate::viewer::SOME_POLLS).await;
    assert_eq!(asked.load(Ordering::SeqCst), before, "it is not asked for any more");
    viewer.stand_in().rewrite(|_, reply| reply);
    viewer.stand_in().reset_faults();
    try_again(&viewer).await;
    viewer.see(".event-log .log-error").await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_thousand_lines_scroll() {
    let viewer =
        dropped("big.log", "Array.from({ length: 300000 }, (_, n) => `line ${n + 1}\\n`).join('')").await;
    viewer.see_text(".log-said", "300,000 lines").await;
    let frame = "document.querySelector('.log-frame')";
    for (place, line) in [("1", 300_000), ("0.5", 150_000), ("0", 1)] {
        viewer
            .js(&format!("{frame}.scrollTop = {place} * ({frame}.scrollHeight - {frame}.clientHeight)"))
            .await;
        viewer
            .until(&format!(
                "(() => {{ const frame = {frame}.getBoundingClientRect();
                   return [...document.querySelectorAll('.log-row')].some(row => {{ const at = row.getBoundingClientRect();
                     return Math.abs(+row.dataset.row - {line}) < 40 && at.top >= frame.top && at.bottom <= frame.bottom + 1 }}) }})()"
            ))
            .await;
        assert!(viewer.count(".log-row").await < 200);
    }
    look_for(&viewer, "line 299999").await;
    viewer.until(&in_sight(299_999)).await;
    viewer.see_text(".log-row.is-current mark", "line 299999").await;
    // Everything is still a way of the wheel apart.
    let top = viewer.js(&format!("return {frame}.scrollTop")).await.as_f64().expect("a number");
    viewer.js(&format!("{frame}.scrollTop -= 40")).await;
    viewer.until(&format!("{frame}.scrollTop !== {top}")).await;
    viewer.until(&in_sight(299_996)).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_a_build_opens_in_the_same_reader() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    let run = viewer.run_in(CANARY, "canary-50", "verify");
    viewer.shows(&run).await;
    // What comes above it moves it.
    viewer.see(".event-log .log-error").await;
    viewer.see(".reason pre").await;
    viewer.click_text(".log button", "Open in the reader").await;
    drawn(&viewer).await;
    viewer.see_text(".log-drawer h2", "Log of the build").await;
    viewer.see_text(".log-row .log-words", "starting build").await;
    viewer.see("optgroup[label=Steps]").await;
    assert!(viewer.address().await.ends_with("?log=open&lb=1"));
    viewer.reload().await;
    drawn(&viewer).await;
    viewer.see_text(".log-drawer h2", "Log of the build").await;
    viewer.finish().await;
}

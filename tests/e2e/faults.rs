//! Whatever goes wrong on the way: each time the page says what happened, what is safe and what to do
//! next, keeps what it has, asks again only what may be asked again, and never twice for a change.
//!
//! | What goes wrong                        | Where it is tested                                            |
//! |----------------------------------------|---------------------------------------------------------------|
//! | offline                                | [`a_browser_that_is_offline_goes_on_when_it_is_back`]         |
//! | no such host (DNS)                     | `hosting::without_config_json_it_asks_google`, `behind::a_host_that_is_gone_…` |
//! | nobody answers                         | `errors::a_server_that_does_not_answer_is_said_and_found_again` |
//! | the first byte takes long              | [`a_slow_answer_is_waited_for_and_not_asked_for_twice`]       |
//! | the first byte never comes             | [`a_request_that_is_never_answered_ends_by_itself`], `behind::an_event_log_that_does_not_come_…` |
//! | cut in the middle of a body            | `errors::every_error_of_…` (`truncated`), `log::a_log_that_is_not_whole_…` |
//! | cut before the first byte              | [`a_terminate_whose_answer_is_lost_is_asked_for_once`]             |
//! | 401 in the middle of it                | `sign_in::a_token_that_runs_out_can_be_replaced_and_forgotten` |
//! | 403, 404, 409, 418, 500, 503           | `errors::every_error_of_the_first_read_…`, `…_of_a_later_read_…` |
//! | all of these for what is behind a run  | `behind`                                                      |
//! | the same for terminate                 | `terminate::other_refusals_are_explained_too`                 |
//! | 429 with Retry-After                   | `errors::the_server_is_not_asked_again_before_the_time_that_it_names` |
//! | what passes by itself                  | `errors::a_failure_that_passes_is_not_even_said`              |
//! | HTML instead of JSON (captive portal)  | `errors::every_error_of_…` (`not-json`)                       |
//! | JSON of another shape                  | `errors::every_error_of_…` (`wrong-shape`)                    |
//! | a page token that loops                | `errors::every_error_of_…` (`page-loop`), `browse::a_list_in_circles_…` |
//! | a clock that is wrong by hours         | [`a_clock_that_is_wrong_by_hours_stops_nothing`]              |
//! | a tab that is hidden                   | `live::a_hidden_page_asks_for_nothing_and_at_once_when_it_is_seen_again` |
//! | a tab that was asleep                  | [`a_tab_that_was_asleep_for_an_hour_catches_up`]              |
//! | a fault after terminate was sent       | `terminate::what_may_have_been_carried_out_is_not_sent_again`, [`a_terminate_whose_answer_is_lost_is_asked_for_once`] |
//! | a file that is missing, changed or cut | [`a_file_that_is_not_as_it_was_built_is_said_in_words`], `hosting::a_part_that_does_not_load_…` |
//! | a worker's wasm that does not come     | [`a_worker_whose_wasm_does_not_come_is_said_and_can_be_tried_again`] |
//! | a config.json that cannot be had       | `hosting::a_config_json_that_may_be_there_is_not_taken_for_missing` |
//! | a rollout that is long in coming       | [`runs_do_not_wait_for_their_rollout`]                        |
//! | what is asked about changes meanwhile  | `terminate::a_question_about_one_run_…`, `rollout::what_was_refused_since_…` |
//! | no WebAssembly                         | [`a_browser_without_webassembly_is_told_so`]                  |
//! | no Worker, OffscreenCanvas, IntersectionObserver, time zones or clipboard | [`what_a_browser_lacks_costs_only_what_needs_it`] |
//! | no storage                             | `browse::a_browser_that_stores_nothing_is_enough`             |

use std::time::Duration;

use const_format::formatcp;
use jobrun_viewer::core::demo;
use jobrun_viewer::core::time::SignedDuration;
use serde_json::json;

use crate::select;
use crate::site::Spoiled;
use crate::viewer::{ANY_POLL, CANARY, DONE, LIVE, SOME_POLLS, Setup, Viewer, name};

async fn offline(viewer: &Viewer, is_offline: bool) {
    let conditions = json!({ "offline": is_offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    viewer
        .devtools("Network.emulateNetworkConditions", conditions)
        .await;
}

/// How many requests the server has not answered yet, and nobody has given up.
fn in_flight(viewer: &Viewer) -> usize {
    let requests = viewer.stand_in().requests();
    requests
        .iter()
        .filter(|request| request.status.is_none() && !request.aborted)
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_is_offline_goes_on_when_it_is_back() {
    let mut viewer = Viewer::show(Setup::default(), LIVE).await;
    viewer.expect_error("net::ERR_INTERNET_DISCONNECTED");
    let run = viewer.run(LIVE, "verify");
    viewer.select(LIVE, &run).await;
    // What else the run needs of the page's files has come.
    viewer.wait_for(select::log::BUTTONS).await;
    viewer.wait_for(select::build::STEPS).await;
    viewer.wait_for(select::run_panel::TERMINATE_FORM).await;
    offline(&viewer, true).await;
    let shown = viewer.wait_for_error("No answer").await;
    for part in [
        "Nothing was changed",
        "What you see is what came before",
        "Check the connection",
    ] {
        assert!(shown.contains(part), "no {part}: {shown}");
    }
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, "Trying again")
        .await;
    assert_eq!(viewer.count(select::timeline::BAR).await, 3);
    viewer.wait_for_run(&run).await;

    // What was asked for meanwhile is not sent later.
    viewer.terminate().await;
    viewer
        .wait_for_text(select::dialogs::ERROR, "It is not sent again by itself")
        .await;
    offline(&viewer, false).await;
    viewer.wait_gone(select::errors::OF_ROLLOUT).await;
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, "Live")
        .await;
    viewer.wait_for_list().await;
    assert!(viewer.terminations().is_empty());
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_answer_is_waited_for_and_not_asked_for_twice() {
    let viewer = Viewer::start(Setup::default()).await;
    viewer.order("delay:4000@list");
    // What stands there for seconds may be gone before a test looks.
    let watch = formatcp!(
        "new MutationObserver(() => {{
           window.said ||= document.querySelector({skeleton:?})?.innerText.includes('Reading') }})
         .observe(document, {{ subtree: true, childList: true }})",
        skeleton = select::page::SKELETON
    );
    viewer.prepare(watch).await;
    viewer.goto(&viewer.url_of(&name(LIVE))).await;
    viewer.wait_loaded().await;
    assert_eq!(viewer.js("return window.said").await, true);
    let lists = viewer.lists();
    if let Some(second) = lists.get(1) {
        assert!(
            second.time.duration_since(lists[0].time).as_secs() >= 5,
            "{lists:?}"
        );
    }
    // Nor does a later one overtake it.
    let mut most = 0;
    for _ in 0..100 {
        most = most.max(
            viewer
                .lists()
                .iter()
                .filter(|list| list.status.is_none())
                .count(),
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(most, 1);
    assert_eq!(viewer.count(select::timeline::BAR).await, 3);
    assert_eq!(viewer.count(select::errors::BOX).await, 0);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_does_not_come_is_said_to_be_late_and_can_be_given_up() {
    let viewer = Viewer::show(Setup::default(), LIVE).await;
    viewer.order("delay:60000@list*1");
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, "No answer yet")
        .await;
    assert_eq!(
        viewer.count(select::timeline::BAR).await,
        3,
        "what was read stays"
    );
    assert_eq!(viewer.count(select::errors::BOX).await, 0);
    // Whoever does not want to wait asks anew, and is answered.
    let before = viewer.lists().len();
    viewer
        .click_text(select::rollout::HEADER_BUTTON, "Refresh")
        .await;
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, "Live")
        .await;
    assert!(viewer.lists().len() > before);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_never_answered_ends_by_itself() {
    let mut viewer = Viewer::show(Setup::default(), LIVE).await;
    viewer.expect_error("net::ERR_");
    viewer.select(LIVE, &viewer.run(LIVE, "verify")).await;
    viewer.order("delay:120000@terminate*1");
    viewer.terminate().await;
    viewer
        .wait_for_text(select::dialogs::BUTTON, "Terminating…")
        .await;
    tokio::time::sleep(Duration::from_secs(20)).await;
    let shown = viewer.wait_for_error("No answer").await;
    for part in [
        "may or may not have arrived",
        "not sent again by itself",
        "it took too long",
    ] {
        assert!(shown.contains(part), "no {part}: {shown}");
    }
    assert_eq!(asked_to_terminate(&viewer).await, 1);
    viewer.finish().await;
}

/// How often the page has asked to terminate. The browser may send again what it asked once.
async fn asked_to_terminate(viewer: &Viewer) -> usize {
    let requests = viewer.whole_requests().await;
    requests
        .iter()
        .filter(|sent| {
            let is_post = sent
                .events
                .iter()
                .any(|event| event["request"]["method"] == "POST");
            sent.url.ends_with(":terminate") && is_post
        })
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminate_whose_answer_is_lost_is_asked_for_once() {
    let mut viewer = Viewer::show(Setup::default(), LIVE).await;
    viewer.expect_error("net::ERR_");
    viewer.select(LIVE, &viewer.run(LIVE, "verify")).await;
    viewer.order("hang-up@terminate");
    viewer.terminate().await;
    let shown = viewer.wait_for_error("No answer").await;
    assert!(shown.contains("may or may not have arrived"), "{shown}");
    // It had arrived, which the list tells.
    viewer
        .wait_for_text(select::dialogs::ANY_RUN_BADGE, "Terminating")
        .await;
    viewer.wait_for(select::dialogs::DANGER_DISABLED).await;
    viewer.wait_for_list().await;
    assert_eq!(asked_to_terminate(&viewer).await, 1);
    viewer.stand_in().forget_requests();
    viewer.reload().await;
    viewer.wait_loaded().await;
    viewer.wait_for_list().await;
    assert!(viewer.terminations().is_empty());
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminate_that_the_browser_sends_again_by_itself_is_explained() {
    // Chromium does so on a connection that it has used before, and cannot be kept from it.
    let mut viewer = Viewer::show(Setup::default(), LIVE).await;
    viewer.expect_error("status of 400");
    viewer.select(LIVE, &viewer.run(LIVE, "verify")).await;
    viewer.order("hang-up@terminate*1");
    viewer.terminate().await;
    let shown = viewer.wait_for_error("Terminate was refused").await;
    // The first copy did what was asked: the refusal of the second must not deny it.
    assert!(
        shown.contains("The same one may have arrived before"),
        "{shown}"
    );
    assert!(!shown.contains("not touched"), "{shown}");
    viewer
        .wait_for_text(select::dialogs::ANY_RUN_BADGE, "Terminating")
        .await;
    assert_eq!(asked_to_terminate(&viewer).await, 1);
    viewer.finish().await;
}

/// Puts the page's clock wrong by some hours.
async fn wrong_clock(viewer: &Viewer, hours: i64) -> String {
    let by = hours * 3_600_000;
    let script = format!(
        "const Right = Date;
         Date = class extends Right {{
           constructor(...at) {{ at.length ? super(...at) : super(Right.now() + {by}) }}
           static now() {{ return Right.now() + {by} }}
         }}"
    );
    viewer.prepare(&script).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_wrong_by_hours_stops_nothing() {
    for hours in [-5, 5] {
        let viewer = Viewer::start(Setup::default()).await;
        wrong_clock(&viewer, hours).await;
        viewer.goto(&viewer.url_of(&name(DONE))).await;
        viewer.wait_loaded().await;
        // What is over is told by the server's times alone.
        let lasted = viewer.text(select::rollout::VERDICT_DETAIL).await;
        assert!(!lasted.contains('-') && !lasted.contains("NaN"), "{lasted}");
        viewer
            .wait_for_text(select::rollout::LIVE_STATE, "Up to date")
            .await;

        viewer.goto(&viewer.url_of(&name(LIVE))).await;
        viewer.wait_loaded().await;
        viewer
            .wait_for_text(select::rollout::VERDICT_HEADLINE, "verify")
            .await;
        viewer
            .wait_for_text(select::rollout::LIVE_STATE, "Live")
            .await;
        let times = viewer.text(select::run_panel::ANY_TIMES).await;
        assert!(
            !times.contains('−') && !times.contains("-") && !times.contains("NaN"),
            "{times}"
        );
        // It is followed to its end, and no further.
        viewer.wait_for_list().await;
        viewer.advance(215);
        viewer
            .wait_until_js(&select::count_is(select::timeline::BAR, 4))
            .await;
        viewer.advance(300);
        viewer
            .wait_for_text(select::rollout::VERDICT_HEADLINE, "All 4 jobs succeeded")
            .await;
        viewer
            .wait_for_text(select::rollout::LIVE_STATE, "Up to date")
            .await;
        viewer.no_list_for(ANY_POLL).await;
        viewer.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tab_that_was_asleep_for_an_hour_catches_up() {
    // Long enough ago for its end to be the end.
    let setup = Setup {
        age: SignedDuration::from_mins(10),
        ..Setup::default()
    };
    let viewer = Viewer::start(setup).await;
    // In a machine that sleeps no timer ends, and all of them do when it wakes.
    let sleep = "const real = setTimeout, late = [];
         setTimeout = (act, after) => real(() => window.asleep ? late.push(act) : act(), after);
         window.wake = () => { asleep = false; late.splice(0).forEach(act => act()) }";
    viewer.prepare(sleep).await;
    viewer.goto(&viewer.url_of(&name(LIVE))).await;
    viewer.wait_loaded().await;
    viewer.wait_for_list().await;
    viewer.js("window.asleep = true").await;
    viewer.wait_loaded().await;
    viewer.no_list_for(SOME_POLLS).await;
    viewer.advance(3_600);
    let before = viewer.lists().len();
    viewer.js("wake()").await;
    viewer
        .wait_for_text(select::rollout::VERDICT_HEADLINE, "All 4 jobs succeeded")
        .await;
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, "Up to date")
        .await;
    // One read, and not one for every poll that was missed.
    let after = viewer.lists().len() - before;
    assert!((1..=2).contains(&after), "{after} lists");
    viewer.no_list_for(SOME_POLLS).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_as_it_was_built_is_said_in_words() {
    let mut viewer = Viewer::start(Setup {
        host_may_fail: true,
        ..Setup::default()
    })
    .await;
    for part in [
        "Failed to ",
        "TypeError",
        "integrity",
        "integrity-policy",
        "digest",
    ] {
        viewer.expect_error(part);
    }
    viewer
        .devtools("Network.setCacheDisabled", json!({ "cacheDisabled": true }))
        .await;
    let cases = [
        ("_bg.wasm", Spoiled::Missing),
        ("_bg.wasm", Spoiled::Changed),
        ("_bg.wasm", Spoiled::Cut),
        ("/jobrun-viewer-", Spoiled::Missing),
        ("/jobrun-viewer-", Spoiled::Changed),
    ];
    for (file, how) in cases {
        viewer.site.spoil(Some((file, how)));
        viewer.goto("about:blank").await;
        viewer.goto(&viewer.url_of(&name(DONE))).await;
        viewer
            .wait_for_text(select::page::START_ALERT_TITLE, "The viewer cannot start")
            .await;
        let shown = viewer.text(select::page::STARTING).await;
        for part in [
            "missing, or is not as it was built",
            "Load the page again",
            "whoever hosts",
        ] {
            assert!(shown.contains(part), "{file} {how:?}: no {part}: {shown}");
        }
        viewer.site.spoil(None);
        viewer.reload().await;
        viewer.wait_loaded().await;
        assert_eq!(viewer.count(select::page::STARTING).await, 0);
    }
    // What says so may itself be missing: then it is the page's own text that stays.
    for how in [Spoiled::Missing, Spoiled::Changed] {
        viewer.site.spoil(Some(("/start-", how)));
        viewer.goto("about:blank").await;
        viewer.goto(&viewer.url_of("")).await;
        viewer
            .wait_until_js(formatcp!(
                "document.querySelector({starting:?}).checkVisibility({{ visibilityProperty: true }})",
                starting = select::page::STARTING
            ))
            .await;
        viewer
            .wait_for_text(select::page::STARTING, "If this stays")
            .await;
    }
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_without_webassembly_is_told_so() {
    let mut viewer = Viewer::start(Setup::default()).await;
    viewer.expect_error("has no WebAssembly");
    viewer.prepare("delete globalThis.WebAssembly").await;
    viewer.goto(&viewer.url_of(&name(DONE))).await;
    viewer
        .wait_for_text(select::page::START_ALERT, "The viewer cannot start")
        .await;
    viewer
        .wait_for_text(
            select::page::STARTING,
            "Use a current Chrome, Edge, Firefox or Safari",
        )
        .await;
    assert!(viewer.stand_in().requests().is_empty());
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_browser_lacks_costs_only_what_needs_it() {
    let viewer = Viewer::start(Setup::default()).await;
    let history = format!("history/{}", name(CANARY));
    let without = async |script: &str, address: &str| {
        let id = viewer.prepare(script).await;
        viewer.goto("about:blank").await;
        viewer.goto(&viewer.url_of(address)).await;
        viewer.unprepare(&id).await;
    };

    // The timeline of many is a table.
    without(
        "delete globalThis.OffscreenCanvas; delete HTMLCanvasElement.prototype.transferControlToOffscreen",
        &history,
    )
    .await;
    viewer
        .wait_for_text(
            select::history::STAGE_NOTICE,
            "no OffscreenCanvas. The table below has the same runs",
        )
        .await;
    viewer.wait_for(select::history::ROW).await;
    viewer.click(select::history::ROW).await;
    viewer.wait_for(select::history::RUN_TITLE).await;

    // Without workers there is none, but all else.
    without("delete globalThis.Worker", &history).await;
    viewer
        .wait_for_error("A part of the viewer is missing")
        .await;
    viewer.click(select::page::BRAND).await;
    viewer.wait_for(select::start::PAGE).await;
    without("delete globalThis.Worker", &name(CANARY)).await;
    viewer.wait_loaded().await;
    viewer
        .wait_for_text(select::run_panel::FAILURE, "Next:")
        .await;

    // What would be read when it is seen is read at once.
    without(
        "delete globalThis.IntersectionObserver; delete globalThis.ResizeObserver",
        &name(CANARY),
    )
    .await;
    viewer.wait_loaded().await;
    viewer.wait_for(select::build::STEPS).await;

    without(
        "Intl.DateTimeFormat = function () { throw new RangeError('no time zones') }",
        &history,
    )
    .await;
    viewer.wait_for(select::history::ROW).await;

    // As on a page that came without TLS.
    without(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined })",
        &name(CANARY),
    )
    .await;
    viewer.wait_loaded().await;
    viewer.wait_for(select::build::MARKED).await;
    viewer.wait_for(select::log::ERROR).await;
    viewer.watch(select::page::COPY_DONE).await;
    viewer.click(select::run_panel::COPY).await;
    viewer.wait_for_noted("over HTTPS only").await;
    viewer.click(select::run_panel::COPY).await;
    viewer.click(select::timeline::BAR_NOT_SHOWN).await;
    viewer.wait_for(select::timeline::BAR_SHOWN).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollout_with_many_faults_at_once_is_never_asked_for_twice_at_a_time() {
    let setup = Setup {
        age: SignedDuration::ZERO,
        ..Setup::default()
    };
    let mut viewer = Viewer::show(setup, LIVE).await;
    viewer.expect_error("net::ERR_");
    viewer.expect_error("status of");
    for fault in [
        "503@list*2",
        "delay:700@list",
        "hang-up@get-rollout*1",
        "truncated@list*1",
        "429:1@list*1",
    ] {
        viewer.order(fault);
    }
    let mut most = 0;
    for _ in 0..120 {
        most = most.max(in_flight(&viewer));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // One for the runs, one for the rollout itself.
    assert!(most <= 2, "{most} at a time");
    viewer.stand_in().reset_faults();
    viewer.wait_loaded().await;
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, "Live")
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_do_not_wait_for_their_rollout() {
    // At first,
    let viewer = Viewer::start(Setup::default()).await;
    viewer.order("delay:20000@get-rollout*1");
    let run = viewer.run(LIVE, "verify");
    viewer
        .goto(&viewer.url_of(&format!("{}/jobRuns/{}", name(LIVE), run.id())))
        .await;
    viewer.wait_for_run(&run).await;
    assert_eq!(viewer.count(select::rollout::BADGE).await, 0);
    // what somebody opens meanwhile stays open,
    viewer.click(crate::viewer::TERMINATE).await;
    viewer.wait_for(select::dialogs::DIALOG).await;
    viewer.wait_for(select::rollout::BADGE).await;
    assert_eq!(viewer.count(select::dialogs::DIALOG).await, 1);
    viewer.press(crate::browser::keys::ESCAPE).await;
    // and later: new runs are there while the rollout is long in coming.
    viewer.hide(true).await;
    viewer.wait_loaded().await;
    viewer.wait_idle().await;
    viewer.order("delay:25000@get-rollout*1");
    viewer.advance(215);
    viewer.hide(false).await;
    viewer
        .wait_until_js(&select::count_is(select::timeline::BAR, 4))
        .await;
    assert!(
        viewer
            .stand_in()
            .requests()
            .iter()
            .any(|asked| asked.is_get_rollout() && asked.status.is_none())
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_whose_wasm_does_not_come_is_said_and_can_be_tried_again() {
    let failed = demo::ROLLOUTS
        .iter()
        .find(|rollout| !rollout.live)
        .expect("one has ended");
    for (worker, address) in [
        ("worker", name(DONE)),
        ("demo-worker", failed.name().to_string()),
        ("log-worker", name(CANARY)),
        ("history-worker", format!("history/{}", name(CANARY))),
    ] {
        let files = std::fs::read_dir(crate::site::dist())
            .expect("it is built")
            .filter_map(Result::ok);
        let mut names = files.map(|file| file.file_name().to_string_lossy().into_owned());
        let wasm = names
            .find(|name| name.starts_with(&format!("{worker}-")) && name.ends_with("_bg.wasm"))
            .expect("it has a wasm");
        let wasm: &'static str = Box::leak(format!("/{wasm}").into_boxed_str());
        let mut viewer = Viewer::start(Setup {
            host_may_fail: true,
            ..Setup::default()
        })
        .await;
        for part in ["Failed to ", "TypeError", "integrity", "digest"] {
            viewer.expect_error(part);
        }
        viewer.site.spoil(Some((wasm, Spoiled::Missing)));
        viewer.goto(&viewer.url_of(&address)).await;
        if worker == "worker" {
            let run = viewer.run(DONE, "deploy");
            viewer.select(DONE, &run).await;
            viewer
                .click_text(select::manifests::PATH, "manifest.yaml")
                .await;
        }
        viewer
            .wait_for_text(select::page::MAIN, "A part of the viewer is missing")
            .await;
        viewer.site.spoil(None);
        if worker == "history-worker" {
            viewer.reload().await;
            viewer.wait_for(select::history::ROW).await;
        } else {
            viewer
                .js(formatcp!(
                    "[...document.querySelectorAll({button_in_main:?})] \
                     .find(b => b.innerText === 'Try again').click()",
                    button_in_main = select::page::BUTTON_IN_MAIN
                ))
                .await;
            let what = match worker {
                "worker" => select::manifests::ROW,
                "log-worker" => select::log::ERROR,
                _ => select::build::STEPS,
            };
            viewer.wait_for(what).await;
        }
        viewer.finish().await;
    }
}

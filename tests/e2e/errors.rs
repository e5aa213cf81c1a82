//! What can go wrong when runs are read: each time the page says what happened, what is safe and
//! what to do next, keeps what it has, and goes on when asked to.

use const_format::formatcp;

use crate::select;
use crate::viewer::{DONE, LIVE, SOME_POLLS, Setup, Viewer, name};

struct Case {
    /// As the stand-in's command line takes it.
    fault: &'static str,
    title: &'static str,
    /// What happened, what to do next, and the details: parts of each.
    says: [&'static str; 3],
    /// Whether it may pass by itself, so that the page tries again.
    passes: bool,
}

const fn case(
    fault: &'static str,
    title: &'static str,
    says: [&'static str; 3],
    passes: bool,
) -> Case {
    Case {
        fault,
        title,
        says,
        passes,
    }
}

const CASES: [Case; 12] = [
    case(
        "401@list",
        "Sign-in needed",
        [
            "wants to know who asks",
            "Paste an access token",
            "UNAUTHENTICATED",
        ],
        false,
    ),
    case(
        "403@list",
        "Not allowed",
        [
            "lacks clouddeploy.jobRuns.list",
            "roles/clouddeploy.viewer has it",
            "PERMISSION_DENIED",
        ],
        false,
    ),
    case(
        "404@list",
        "Not found",
        ["Nothing has this name", "Check the project", "NOT_FOUND"],
        false,
    ),
    case(
        "409@list",
        "Not possible now",
        [
            "changing it at this moment",
            "Try again in a moment",
            "ABORTED",
        ],
        false,
    ),
    case(
        "418@list",
        "An unexpected answer",
        ["status 418", "Read its words below", "UNKNOWN"],
        false,
    ),
    case(
        "429:60@list",
        "Too many requests",
        [
            "quota",
            "Wait 1 m 00 s as the server asks",
            "RESOURCE_EXHAUSTED",
        ],
        true,
    ),
    case(
        "500@list",
        "The server has trouble",
        ["(500)", "Try again in a moment", "INTERNAL"],
        true,
    ),
    case(
        "503@list",
        "The server has trouble",
        ["(503)", "status page", "UNAVAILABLE"],
        true,
    ),
    case(
        "not-json@list",
        "Not the expected answer",
        [
            "the reply is text/html, not JSON",
            "Check apiBase in config.json",
            "<!DOCTYPE html>",
        ],
        false,
    ),
    case(
        "wrong-shape@list",
        "Not the expected answer",
        ["invalid type: map", "Check apiBase", "none"],
        false,
    ),
    case(
        "truncated@list",
        "No answer",
        ["did not answer", "Check the connection", ""],
        true,
    ),
    case(
        "page-loop@list",
        "The list goes in circles",
        [
            "a second time",
            "report it to whoever runs the server",
            "page token ",
        ],
        false,
    ),
];

/// What Chromium writes about the faults itself.
fn expect_network_errors(viewer: &mut Viewer) {
    for part in [
        "Failed to load resource: the server responded with a status of",
        "net::ERR_",
    ] {
        viewer.expect_error(part);
    }
}

async fn check(viewer: &Viewer, case: &Case, safe: &str) {
    let shown = viewer.wait_for_error(case.title).await;
    for part in case.says.into_iter().chain([safe]) {
        assert!(
            shown.contains(part),
            "{}: no “{part}” in:\n{shown}",
            case.fault
        );
    }
    let state = if case.passes {
        "Trying again"
    } else {
        "Stopped"
    };
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, state)
        .await;
    assert_eq!(viewer.count(select::errors::BOX).await, 1, "{}", case.fault);
}

/// Asks to try again, unless the page has tried by itself meanwhile.
async fn try_again(viewer: &Viewer) {
    viewer
        .js(formatcp!(
            "[...document.querySelectorAll({button:?})].find(b => b.innerText === 'Try again')?.click()",
            button = select::errors::BUTTON
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_error_of_the_first_read_is_explained_and_can_be_overcome() {
    let mut viewer = Viewer::start(Setup::default()).await;
    expect_network_errors(&mut viewer);
    for case in &CASES {
        viewer.order(case.fault);
        viewer.goto(&viewer.url_of("")).await;
        viewer.wait_for(select::start::PAGE).await;
        let is_answered = || {
            viewer
                .stand_in()
                .requests()
                .iter()
                .all(|r| r.status.is_some() || r.aborted)
        };
        viewer.wait_until("nothing is under way", is_answered).await;
        viewer.stand_in().forget_requests();
        viewer.goto(&viewer.url_of(&name(LIVE))).await;
        check(&viewer, case, "Nothing was changed.").await;
        // What passes by itself was tried four times before that was said, unless the server asks for a
        // longer wait than that; what does not pass was asked for once.
        let asked = viewer.lists().len();
        match case.fault {
            "429:60@list" => assert_eq!(asked, 1),
            "page-loop@list" => {
                assert_eq!(asked, 3, "the first page, the next, and that once more")
            }
            fault if case.passes => assert!(asked >= 4, "{fault}: asked {asked} times"),
            fault => assert_eq!(asked, 1, "{fault}"),
        }
        // Of a list that goes in circles, the first page has come.
        let bars = if case.fault.starts_with("page-loop") {
            3
        } else {
            0
        };
        assert_eq!(
            viewer.count(select::timeline::BAR).await,
            bars,
            "{}",
            case.fault
        );
        assert_eq!(
            viewer.count(select::page::SKELETON).await,
            0,
            "{}",
            case.fault
        );

        viewer.stand_in().reset_faults();
        try_again(&viewer).await;
        viewer.wait_loaded().await;
        assert_eq!(
            viewer.count(select::timeline::BAR).await,
            3,
            "{}",
            case.fault
        );
    }
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_error_of_a_later_read_leaves_what_was_read() {
    let mut viewer = Viewer::show(Setup::default(), LIVE).await;
    expect_network_errors(&mut viewer);
    let run = viewer.run(LIVE, "deploy");
    viewer.select(LIVE, &run).await;
    let address = viewer.address().await;
    for case in &CASES {
        // A poll finds it.
        viewer.order(case.fault);
        check(
            &viewer,
            case,
            "Nothing was changed. What you see is what came before, and may be old.",
        )
        .await;
        assert_eq!(
            viewer.count(select::timeline::BAR).await,
            3,
            "{}",
            case.fault
        );
        viewer.wait_for_run(&run).await;
        assert_eq!(viewer.address().await, address, "{}", case.fault);

        viewer.stand_in().reset_faults();
        try_again(&viewer).await;
        viewer.wait_loaded().await;
        viewer
            .wait_for_text(select::rollout::LIVE_STATE, "Live")
            .await;
    }
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_answer_is_said_and_found_again() {
    let mut viewer = Viewer::show(Setup::default(), LIVE).await;
    expect_network_errors(&mut viewer);
    viewer.stop_server();
    let shown = viewer.wait_for_error("No answer").await;
    assert!(
        shown.contains("What you see is what came before"),
        "{shown}"
    );
    assert!(shown.contains("CORS"), "{shown}");
    assert_eq!(viewer.count(select::timeline::BAR).await, 3);
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, "Trying again")
        .await;

    // It goes on by itself, with nobody there.
    viewer.start_server();
    viewer.wait_gone(select::errors::BOX).await;
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, "Live")
        .await;

    // And from the start, with somebody.
    viewer.stop_server();
    viewer.reload().await;
    viewer.wait_for_error("No answer").await;
    viewer.start_server();
    try_again(&viewer).await;
    viewer.wait_loaded().await;
    assert_eq!(viewer.count(select::timeline::BAR).await, 3);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_that_passes_is_not_even_said() {
    let mut viewer = Viewer::start(Setup::default()).await;
    expect_network_errors(&mut viewer);
    let watch = formatcp!(
        "new MutationObserver(() => {{ window.troubled ||= !!document.querySelector({errors_box:?}) }})
                 .observe(document, {{ subtree: true, childList: true }})",
        errors_box = select::errors::BOX
    );
    for faults in [
        &["503@list*2"][..],
        &["truncated@list*1", "500@list*1"],
        &["429:1@list*1"],
    ] {
        viewer.goto(&viewer.url_of("")).await;
        viewer.reload().await;
        viewer.wait_for(select::start::PAGE).await;
        viewer.js(watch).await;
        viewer.stand_in().forget_requests();
        for fault in faults {
            viewer.order(fault);
        }
        viewer.goto(&viewer.url_of(&name(DONE))).await;
        viewer.wait_loaded().await;
        assert_eq!(viewer.count(select::timeline::BAR).await, 4);
        assert_eq!(
            viewer.js("return !!window.troubled").await,
            false,
            "{faults:?}"
        );
        assert!(viewer.lists().len() >= 2, "{faults:?} were met");
    }
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_is_not_asked_again_before_the_time_that_it_names() {
    let mut viewer = Viewer::start(Setup::default()).await;
    expect_network_errors(&mut viewer);
    // A short time is waited for,
    viewer.order("429:3@list*1");
    viewer.goto(&viewer.url_of(&name(LIVE))).await;
    viewer.wait_loaded().await;
    let asked = viewer.lists();
    let waited = asked[1].time.duration_since(asked[0].time);
    assert!(
        waited.as_secs() >= 3,
        "the second request came after {waited:?}"
    );

    // and a long one is left to the reader, who is told.
    viewer.order("429:120@list");
    let shown = viewer.wait_for_error("Too many requests").await;
    assert!(
        shown.contains("Wait 2 m 00 s as the server asks"),
        "{shown}"
    );
    viewer.no_list_for(2 * SOME_POLLS).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_will_not_pass_by_itself_is_not_tried_again() {
    let mut viewer = Viewer::show(Setup::default(), LIVE).await;
    expect_network_errors(&mut viewer);
    viewer.order("403@list");
    viewer.wait_for_error("Not allowed").await;
    viewer.no_list_for(2 * SOME_POLLS).await;
    viewer.finish().await;
}

//! A token is in the Authorization headers of the configured APIs, and nowhere else, whatever is done.

use const_format::formatcp;
use jobrun_viewer::api::http::Reply;
use jobrun_viewer::stand_in::LoggedRequest;
use serde_json::json;

use crate::browser::quote;
use crate::files::Host;
use crate::select;
use crate::viewer::{
    ALERTS, ANALYSIS, CANARY, DONE, EMPTY, LIVE, Setup, TERMINATE, Viewer, WholeRequest, name,
};

const TOKEN: &str = "ya29.a-token-of-which-there-is-no-second";

/// All that scripts of the page, extensions, and whoever looks over a shoulder can read.
const EVERYWHERE: &str = formatcp!(
    "
    const stores = [...await indexedDB.databases(), ...await caches.keys()];
    const owned = Object.entries(window).filter(([, value]) => typeof value === 'string');
    return [document.documentElement.outerHTML, document.body.innerText, location.href, document.title,
      document.cookie, document.referrer, JSON.stringify([{{ ...localStorage }}, {{ ...sessionStorage }},
        history.state,
      stores, owned, performance.getEntries().map(entry => entry.name)]),
      [...document.querySelectorAll({fields:?})].map(field => field.value).join(' ')].join('\\n')",
    fields = select::page::FIELDS
);

/// Asserts that a token is nowhere that it could be read, now and in all that the page has said so far.
pub async fn is_nowhere(viewer: &Viewer, token: &str) {
    let script = format!("return (async () => {{ {EVERYWHERE} }})()");
    let everywhere = viewer.js(&script).await;
    let everywhere = everywhere.as_str().expect("a text");
    assert!(
        everywhere.contains("Job Run Viewer") && !everywhere.contains(token),
        "{everywhere}"
    );
    for line in viewer.console().await {
        assert!(!line.text.contains(token), "{line:?}");
    }
    let visited = viewer
        .devtools("Page.getNavigationHistory", json!({}))
        .await;
    assert!(!visited.to_string().contains(token), "{visited}");
    assert!(
        viewer.site.authorized().is_empty(),
        "{:?}",
        viewer.site.authorized()
    );
    assert!(
        viewer
            .stand_in()
            .requests()
            .iter()
            .all(|r| !format!("{r:?}").contains(token))
    );
    let api = format!("{}/", viewer.stand_in().base_url());
    for request in viewer.whole_requests().await {
        let mut sent = request.text();
        if request.url.starts_with(&api) {
            sent = sent.replace(&format!("\"authorization\":\"Bearer {token}\""), "");
            sent = sent.replace(&format!("\"Authorization\":\"Bearer {token}\""), "");
        }
        assert!(!sent.contains(token), "{}: {sent}", request.url);
    }
}

/// Whether the browser tells of the header where it may be: or [`is_nowhere`] could not see it where it
/// may not.
async fn is_in_headers(viewer: &Viewer, is_of: impl Fn(&WholeRequest) -> bool) -> bool {
    let bearer = format!("Bearer {TOKEN}");
    let requests = viewer.whole_requests().await;
    requests
        .iter()
        .any(|request| is_of(request) && request.text().contains(&bearer))
}

/// Waits until the browser has told of the header: it does so by another way than the answers come.
async fn wait_for_header(viewer: &Viewer, is_of: impl Fn(&WholeRequest) -> bool) {
    let begin = std::time::Instant::now();
    while !is_in_headers(viewer, &is_of).await {
        assert!(begin.elapsed().as_secs() < 30, "no header has it");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

async fn sign_in(viewer: &Viewer) {
    viewer
        .click_text(select::session::TOP_BAR_BUTTON, "token")
        .await;
    viewer
        .wait_until_js("document.activeElement.name === 'token'")
        .await;
    viewer.press(TOKEN).await;
    is_in_the_field_alone(viewer).await;
    viewer
        .click_text(select::dialogs::BUTTON, "Use the token")
        .await;
    viewer.wait_gone(select::dialogs::DIALOG).await;
}

/// While it is typed, the field holds it, and shows dots.
async fn is_in_the_field_alone(viewer: &Viewer) {
    let html = viewer
        .js("return document.documentElement.outerHTML + document.body.innerText")
        .await;
    assert!(!html.to_string().contains(TOKEN));
    assert_eq!(
        viewer.js("return document.activeElement.type").await,
        "password"
    );
}

async fn signed_in(address: &str) -> Viewer {
    let mut viewer = Viewer::start(Setup {
        token: Some(TOKEN),
        ..Setup::default()
    })
    .await;
    viewer.expect_error("status of 4");
    viewer.expect_error("status of 5");
    viewer.expect_error("net::ERR_");
    viewer.goto(&viewer.url_of(address)).await;
    viewer.wait_for(select::session::TOP_BAR_BUTTON).await;
    sign_in(&viewer).await;
    viewer
}

/// Shows another address in the same document, which keeps the token.
async fn go(viewer: &Viewer, address: &str) {
    viewer
        .js(&format!(
            "location.hash = {}",
            quote(&format!("#/{address}"))
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_leaves_the_token_in_its_header() {
    let viewer = signed_in(&name(CANARY)).await;
    viewer.wait_loaded().await;
    wait_for_header(&viewer, |_| true).await;
    is_nowhere(&viewer, TOKEN).await;

    // The event log, which a worker fetches, and the log of the build, which the page does.
    viewer
        .click_text(select::log::BUTTON, "Open the event log")
        .await;
    viewer.wait_for(select::log::FRAME_ROW).await;
    viewer.wait_for(select::build::BUILD_LOG_WORDS).await;
    let read: Vec<_> = viewer
        .stand_in()
        .requests()
        .into_iter()
        .filter(|r| r.path_and_query.contains("alt=media"))
        .collect();
    assert!(
        read.len() >= 2 && read.iter().all(|request| request.authorized),
        "{read:?}"
    );
    // What the worker asked is seen too, or it could not be seen where it may not be.
    for sent in &read {
        wait_for_header(&viewer, |request| {
            request.url.ends_with(&sent.path_and_query)
        })
        .await;
    }
    wait_for_header(&viewer, |request| request.by == "worker").await;
    is_nowhere(&viewer, TOKEN).await;

    go(&viewer, &name(DONE)).await;
    viewer.wait_loaded().await;
    viewer.select(DONE, &viewer.run(DONE, "deploy")).await;
    viewer
        .click_text(select::manifests::PATH, "manifest.yaml")
        .await;
    viewer.wait_for(select::manifests::ROW).await;
    for export in ["JSON", "CSV", "SVG"] {
        viewer
            .click_text(select::rollout::EXPORT_TOGGLE, "Export")
            .await;
        let saved = viewer
            .saved(async || viewer.click_text(select::page::MENU_ITEM, export).await)
            .await;
        assert!(!saved.1.is_empty() && !saved.1.contains(TOKEN), "{saved:?}");
    }
    is_nowhere(&viewer, TOKEN).await;

    go(&viewer, &format!("history/{}", name(CANARY))).await;
    viewer.wait_for(select::history::ROW).await;
    is_nowhere(&viewer, TOKEN).await;
    go(&viewer, "projects/standin-project").await;
    viewer.wait_for(select::browse::ROW).await;
    is_nowhere(&viewer, TOKEN).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_and_their_refusals_leave_the_token_in_its_header() {
    let viewer = signed_in(&name(LIVE)).await;
    viewer.wait_loaded().await;
    viewer.select(LIVE, &viewer.run(LIVE, "verify")).await;
    viewer.order("403@terminate*1");
    viewer.order("hang-up@terminate");
    for title in ["Not allowed", "No answer"] {
        if viewer.count(select::dialogs::DIALOG).await == 0 {
            viewer.click(TERMINATE).await;
        }
        viewer.confirm("Terminate the run").await;
        viewer.wait_for_error(title).await;
        is_nowhere(&viewer, TOKEN).await;
    }

    viewer.stand_in().reset_faults();
    go(&viewer, &name(ANALYSIS)).await;
    viewer.wait_loaded().await;
    viewer
        .select(ANALYSIS, &viewer.run(ANALYSIS, "analysis"))
        .await;
    viewer.terminate().await;
    viewer
        .wait_for_text(select::errors::BOX, "A deploy policy forbids it now")
        .await;
    let policy = "projects/987654321098/locations/us-central1/deployPolicies/prod-change-freeze";
    viewer.type_into(select::dialogs::POLICIES, policy).await;
    viewer.confirm("Terminate the run").await;
    viewer
        .wait_for_text(select::run_panel::BADGE, "Terminating")
        .await;
    is_nowhere(&viewer, TOKEN).await;

    let waiting = ("inventory", "rel-20261124-83c1f0e", "prod-gke");
    for (rollout, label) in [
        (EMPTY, "Approve"),
        (ALERTS, "Retry job"),
        (waiting, "Advance to stable"),
    ] {
        go(&viewer, &name(rollout)).await;
        viewer.wait_loaded().await;
        viewer.order("409@act*1");
        viewer.click_text(select::rollout::ASK, label).await;
        viewer.confirm(label).await;
        viewer.wait_for(select::dialogs::ERROR).await;
        is_nowhere(&viewer, TOKEN).await;
        viewer.confirm(label).await;
        viewer.wait_gone(select::dialogs::DIALOG).await;
        is_nowhere(&viewer, TOKEN).await;
    }
    let changes: Vec<_> = viewer
        .stand_in()
        .requests()
        .into_iter()
        .filter(|r| r.method == "POST")
        .collect();
    assert!(changes.len() >= 10, "{changes:?}");
    assert!(changes.iter().all(|change| change.authorized));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_say_nothing_of_the_token() {
    let viewer = signed_in(&name(LIVE)).await;
    viewer.wait_loaded().await;
    let cases = [
        ("401@list", "The token is no longer valid"),
        ("403@list", "Not allowed"),
        ("503@list", "The server has trouble"),
        ("hang-up@list", "No answer"),
        ("not-json@list", "Not the expected answer"),
    ];
    for (fault, title) in cases {
        viewer.order(fault);
        viewer.wait_for_error(title).await;
        is_nowhere(&viewer, TOKEN).await;
        viewer.stand_in().reset_faults();
        let again = formatcp!(
            "[...document.querySelectorAll({button:?})].find(b => b.innerText === 'Try again')?.click()",
            button = select::errors::BUTTON
        );
        viewer.js(again).await;
        viewer.wait_loaded().await;
    }
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_and_other_hosts_get_no_token() {
    let host = Host::start().await;
    let viewer = signed_in("").await;
    viewer.wait_for(select::start::PAGE).await;
    go(
        &viewer,
        &format!("?src={}", host.setting("/open/runs.json")),
    )
    .await;
    viewer.wait_loaded().await;
    let heard = host.heard.lock().expect("unpoisoned").clone();
    assert!(
        !heard.is_empty() && !format!("{heard:?}").contains(TOKEN),
        "{heard:?}"
    );
    is_nowhere(&viewer, TOKEN).await;

    // A log's worker is another that asks.
    go(
        &viewer,
        &format!("log?src={}", host.setting("/open/runs.json")),
    )
    .await;
    viewer.wait_for(select::log::FRAME_ROW).await;
    let heard = host.heard.lock().expect("unpoisoned").clone();
    assert!(
        heard.len() >= 2
            && heard
                .iter()
                .all(|(_, headers)| !headers.contains_key("authorization"))
    );
    is_nowhere(&viewer, TOKEN).await;

    let drop = formatcp!(
        "const data = new DataTransfer();
        data.items.add(new File(['{{\"jobRuns\":[]}}'], 'runs.json'));
        document.querySelector({main:?}).dispatchEvent(
          new DragEvent('drop', {{ bubbles: true, cancelable: true, dataTransfer: data }}))",
        main = select::page::MAIN
    );
    let asked = viewer.stand_in().requests().len();
    viewer.js(drop).await;
    viewer
        .wait_until_js("location.hash.includes('src=file')")
        .await;
    assert_eq!(viewer.stand_in().requests().len(), asked);
    is_nowhere(&viewer, TOKEN).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_forgotten_is_sent_no_more() {
    let viewer = signed_in(&name(LIVE)).await;
    viewer.wait_loaded().await;
    // A log that grows is asked for again and again, by a worker.
    viewer.select(LIVE, &viewer.run(LIVE, "verify")).await;
    viewer.click_text(select::log::BUTTON, "event log").await;
    viewer.wait_for(select::log::FRAME_ROW).await;
    let logs = || -> Vec<bool> {
        let requests = viewer.stand_in().requests().into_iter();
        requests
            .filter(|r| r.path_and_query.contains("alt=media"))
            .map(|r| r.authorized)
            .collect()
    };
    let before = logs().len();
    viewer
        .wait_until("the log is followed", || logs().len() > before)
        .await;
    assert!(logs().into_iter().all(|authorized| authorized));

    viewer
        .click_text(select::session::TOP_BAR_BUTTON, "Forget")
        .await;
    viewer.wait_for_error("Sign-in needed").await;
    viewer
        .wait_until("the log is asked for without it", || {
            logs().ends_with(&[false])
        })
        .await;
    let asked = viewer.stand_in().requests().len();
    let logs_asked = logs().len();
    tokio::time::sleep(crate::viewer::SOME_POLLS).await;
    let after = viewer.stand_in().requests().split_off(asked);
    assert!(after.iter().all(|request| !request.authorized), "{after:?}");
    is_nowhere(&viewer, TOKEN).await;

    // With a token it goes on, and so does the log.
    sign_in(&viewer).await;
    viewer.wait_loaded().await;
    viewer
        .wait_until("the log goes on", || {
            logs().len() > logs_asked && logs().ends_with(&[true])
        })
        .await;
    viewer.wait_for(select::log::FRAME_ROW).await;
    viewer.finish().await;
}

/// What a proxy or a server that looks for its own faults may answer: what it was sent.
fn echo(status: u16, request: &LoggedRequest) -> Reply {
    let sent = format!(
        "{} {}\nAuthorization: Bearer {TOKEN}",
        request.method, request.path_and_query
    );
    let (content_type, body) = match status {
        // Of the two ways in which an error has words, the one of Google's,
        400..=404 => {
            let error = json!({ "code": status, "status": "UNKNOWN", "message": sent, "details": [
                { "policyViolationDetails": [{ "policy": sent, "ruleId": TOKEN, "failureMessage": sent }],
                  "metadata": { "permission": TOKEN } },
            ] });
            ("application/json", json!({ "error": error }).to_string())
        }
        // and that of all others.
        _ => ("text/plain", sent),
    };
    Reply {
        status,
        retry_after: None,
        content_type: content_type.to_owned(),
        body,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_says_the_token_back_is_not_repeated() {
    let mut viewer = signed_in(&name(LIVE)).await;
    viewer.expect_error("Failed to load resource");
    viewer.wait_loaded().await;
    viewer.select(LIVE, &viewer.run(LIVE, "verify")).await;
    for status in [400, 403, 404, 409, 500] {
        // Of the runs, the rollout and the build.
        viewer
            .stand_in()
            .rewrite(move |request, _| echo(status, request));
        viewer
            .wait_for_text(select::errors::OF_ROLLOUT_DETAILS, "Authorization")
            .await;
        is_nowhere(&viewer, TOKEN).await;
        viewer.stand_in().rewrite(|_, reply| reply);
        // What may pass is asked again by itself, and may be there before anybody has clicked.
        viewer
            .js(formatcp!(
                "[...document.querySelectorAll({of_rollout_button:?})] \
                 .find(b => b.innerText === 'Try again')?.click()",
                of_rollout_button = select::errors::OF_ROLLOUT_BUTTON
            ))
            .await;
        viewer.wait_gone(select::errors::OF_ROLLOUT).await;
    }
    // The log's worker asks by itself.
    viewer.stand_in().rewrite(move |request, reply| {
        match request.path_and_query.contains("events.json") {
            true => echo(403, request),
            false => reply,
        }
    });
    viewer.click_text(select::log::BUTTON, "event log").await;
    viewer.wait_for(select::log::NOTE_BUTTON).await;
    is_nowhere(&viewer, TOKEN).await;
    viewer.finish().await;
}

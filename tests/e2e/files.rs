//! Files: how they come in, what is shown of them, and how what is shown leaves as one. Nothing of
//! them goes anywhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Request;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use const_format::formatcp;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::browser::{keys, quote};
use crate::select;
use crate::site::Spoiled;
use crate::viewer::{ALL_VARIANTS, CANARY, LIVE, Rollout, Setup, Viewer, name};

pub const LIST: &str = include_str!("../data/import/job_runs_list.json");
const PAGES: &str = include_str!("../data/import/pages.json");
const ROLLOUT_WITH_RUNS: &str = include_str!("../data/import/rollout_with_runs.json");
/// What all three files are of.
const WEB_APP: &str = "web-app-001-to-prod-0001";

/// A viewer on its start page.
async fn start() -> Viewer {
    let viewer = Viewer::open(Setup::default(), "").await;
    viewer.wait_for(select::start::PAGE).await;
    viewer
}

/// JavaScript that drags files over the page as a person does, up to `until`: `dragover` or `drop`.
pub fn dragging(files: &[(&str, &str)], until: &str) -> String {
    let files = serde_json::to_string(files).expect("texts");
    format!(
        "const data = new DataTransfer();
         for (const [name, text] of {files}) data.items.add(new File([text], name));
         for (const type of ['dragenter', 'dragover', 'drop']) {{
           document.querySelector({main:?}).dispatchEvent(
             new DragEvent(type, {{ bubbles: true, cancelable: true, dataTransfer: data }}));
           if (type === {until}) break;
         }}",
        until = quote(until),
        main = select::page::MAIN
    )
}

async fn drag(viewer: &Viewer, files: &[(&str, &str)], until: &str) {
    viewer.js(&dragging(files, until)).await;
}

async fn drop(viewer: &Viewer, files: &[(&str, &str)]) {
    drag(viewer, files, "drop").await;
}

/// Pastes a text where there is no field.
async fn paste(viewer: &Viewer, text: &str) {
    viewer
        .js(&format!(
            "const data = new DataTransfer();
             data.setData('text/plain', {});
             document.body.dispatchEvent(new ClipboardEvent('paste', {{ bubbles: true, clipboardData: data }}));",
            quote(text)
        ))
        .await;
}

/// The ids of the runs on the timeline.
async fn runs(viewer: &Viewer) -> Vec<String> {
    let ids = formatcp!(
        "return [...document.querySelectorAll({bar_link:?})].map(bar => \
         bar.href.match(/jobRuns\\/([^?]*)/)[1]).sort()",
        bar_link = select::timeline::BAR_LINK
    );
    serde_json::from_value(viewer.js(ids).await).expect("a list of ids")
}

/// A rollout as a file has it, each of its runs as the server gives them.
fn list_of(viewer: &Viewer, rollout: Rollout) -> String {
    Value::from(
        viewer
            .runs(rollout)
            .into_iter()
            .map(|run| run.0)
            .collect::<Vec<_>>(),
    )
    .to_string()
}

/// Asserts that nobody but the page's own host was asked for anything.
async fn nobody_was_asked(viewer: &Viewer) {
    assert!(
        viewer.stand_in().requests().is_empty(),
        "{:?}",
        viewer.stand_in().requests()
    );
    let asked = viewer.requests().await;
    let foreign: Vec<&String> = asked
        .iter()
        .filter(|url| !url.starts_with(&viewer.site.url))
        .collect();
    assert!(foreign.is_empty(), "{foreign:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_of_a_file_that_is_dropped_shows_its_rollout() {
    let viewer = start().await;
    for text in [LIST, PAGES, ROLLOUT_WITH_RUNS] {
        viewer.goto(&viewer.url_of("")).await;
        viewer.wait_for(select::start::PAGE).await;
        drop(&viewer, &[("runs.json", text)]).await;
        viewer.wait_loaded().await;
        viewer.wait_for_text(select::page::TITLE, WEB_APP).await;
        viewer
            .wait_for_text(select::rollout::VERDICT_HEADLINE, "verify failed in stable")
            .await;
        assert!(viewer.address().await.ends_with("?src=file"));
        assert_eq!(
            runs(&viewer).await,
            [
                "14668f0f-3e09-408d-a70f-0e7d7de5e23b",
                "2b1f6a5e-0d5c-4d0a-9c3e-5a6f1c2d3e4f"
            ]
        );
        viewer
            .wait_for_text(
                select::files::SOURCE,
                "From runs.json. Nothing of it leaves this browser.",
            )
            .await;
        // The one rollout was gone to at once, and is not in the way back.
        viewer.back().await;
        viewer.wait_for(select::start::PAGE).await;
    }
    nobody_was_asked(&viewer).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_file_is_dragged_the_page_says_where_it_can_go() {
    let viewer = start().await;
    let shown = formatcp!(
        "getComputedStyle(document.querySelector({drop_hint:?})).display !== 'none'",
        drop_hint = select::files::DROP_HINT
    );
    assert_eq!(viewer.js(&format!("return {shown}")).await, false);
    drag(&viewer, &[("runs.json", LIST)], "dragover").await;
    viewer.wait_until_js(shown).await;
    viewer
        .js("document.body.dispatchEvent(new DragEvent('dragleave', { bubbles: true }))")
        .await;
    viewer.wait_until_js(&format!("!({shown})")).await;
    // A link that is dragged is no file.
    viewer
        .js("const data = new DataTransfer(); data.setData('text/plain', 'x');
             document.body.dispatchEvent(new DragEvent('dragover', { bubbles: true, dataTransfer: data }))")
        .await;
    assert_eq!(viewer.js(&format!("return {shown}")).await, false);
    drop(&viewer, &[("runs.json", LIST)]).await;
    viewer.wait_loaded().await;
    assert_eq!(viewer.js(&format!("return {shown}")).await, false);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_picked_one_or_several_at_once() {
    let viewer = start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("it is written");
        path.to_str().expect("a text").to_owned()
    };
    // As PowerShell's > writes.
    let utf_16: Vec<u8> = std::iter::once(0xfeff)
        .chain(LIST.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let one = write("one.json", &utf_16);
    let two = write("two.json", list_of(&viewer, CANARY).as_bytes());
    viewer.type_into(select::start::FILE_INPUT, &one).await;
    viewer.wait_for_text(select::page::TITLE, WEB_APP).await;
    viewer.back().await;
    viewer
        .type_into(select::start::FILE_INPUT, &format!("{one}\n{two}"))
        .await;
    viewer.wait_for_text(select::page::TITLE, "2 files").await;
    assert_eq!(viewer.count(select::files::ROLLOUT).await, 2);
    let count = viewer.runs(CANARY).len() + 2;
    viewer
        .wait_for_text(
            select::files::LEAD,
            &format!("{count} job runs in 2 rollouts."),
        )
        .await;
    nobody_was_asked(&viewer).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn json_is_pasted_on_the_page_or_into_the_box() {
    let viewer = start().await;
    paste(&viewer, LIST).await;
    viewer.wait_loaded().await;
    viewer
        .wait_for_text(select::files::SOURCE, "From Pasted text")
        .await;

    // A name that is pasted is gone to; any other text is none of the page's business.
    viewer.goto(&viewer.url_of("")).await;
    viewer.wait_for(select::start::PAGE).await;
    paste(&viewer, "good morning").await;
    assert_eq!(viewer.address().await, "");
    paste(&viewer, &format!(" {}\n", name(CANARY))).await;
    viewer.wait_loaded().await;
    assert_eq!(viewer.address().await, name(CANARY));

    viewer.goto(&viewer.url_of("")).await;
    viewer
        .wait_for(&select::focused(select::start::TITLE))
        .await;
    let compact: Value = serde_json::from_str(LIST).expect("JSON");
    viewer
        .type_into(select::omnibox::ON_START_PAGE, &compact.to_string())
        .await;
    viewer.press(keys::ENTER).await;
    viewer.wait_for_text(select::page::TITLE, WEB_APP).await;
    viewer.wait_loaded().await;
    assert_eq!(runs(&viewer).await.len(), 2);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_read_is_named_and_the_rest_is_shown() {
    let viewer = start().await;
    let hostile = "<img src=x onerror=\"document.title='owned'\">";
    let list = LIST.trim_end().trim_end_matches(']').trim_end();
    let text = format!(
        "{list},\n{{\"jobId\": \"deploy\", \"name\": 5}},\n{}\n]",
        quote(hostile)
    );
    let line = text.lines().count() - 2;
    drop(&viewer, &[(hostile, &text)]).await;
    viewer.wait_loaded().await;
    viewer
        .wait_for_text(select::files::SOURCE_LINK, hostile)
        .await;
    viewer
        .click_text(
            select::files::SHOW_BROKEN,
            "2 entries of the file could not be read",
        )
        .await;
    viewer.wait_for_text(select::page::TITLE, hostile).await;
    assert_eq!(viewer.address().await, "?src=file");
    let broken = viewer.texts(select::files::BROKEN_ENTRY).await;
    assert_eq!(broken.len(), 2);
    let has = |entry: &str, parts: &[&str]| {
        for part in parts {
            assert!(entry.contains(part), "no {part}: {entry}");
        }
    };
    has(
        &broken[0],
        &[
            &format!("line {line}, column 29"),
            "[2].name",
            "expected a string",
            "\"name\": 5",
        ],
    );
    has(
        &broken[1],
        &[
            &format!("line {}, column 1", line + 1),
            "[3]",
            "There is a text where",
            "<img src=x",
        ],
    );
    // What is in a file is text and nothing else.
    assert_eq!(viewer.count(select::page::IMAGE_IN_MAIN).await, 0);
    viewer
        .click_text(select::files::ROLLOUT_LINK, WEB_APP)
        .await;
    viewer.wait_loaded().await;
    assert_eq!(runs(&viewer).await.len(), 2);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_json_is_said_in_a_sentence() {
    let viewer = start().await;
    let read = [
        ("page.html", "<html></html>", "This is a web page or XML"),
        ("runs.yaml", "createTime: x\nname: y\n", "This is YAML"),
        ("empty.json", "", "There is nothing in it."),
        ("list.csv", "name,phase,job,attempt\n", "This is CSV"),
    ];
    for (name, text, sentence) in read {
        drop(&viewer, &[(name, text)]).await;
        viewer.wait_for_text(select::errors::BOX, sentence).await;
        viewer.wait_for_text(select::errors::DETAILS, name).await;
    }
    // And another can be opened from there.
    drop(&viewer, &[("runs.json", LIST)]).await;
    viewer.wait_for_text(select::page::TITLE, WEB_APP).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_forgets_the_file_and_says_how_to_open_it_again() {
    let viewer = start().await;
    drop(&viewer, &[("runs.json", LIST)]).await;
    viewer.wait_loaded().await;
    viewer.reload().await;
    viewer
        .wait_for_text(select::page::TITLE, "The file is not open any more")
        .await;
    assert_eq!(viewer.count(select::rollout::PAGE).await, 0);
    // Dropped again, it is shown again.
    drop(&viewer, &[("runs.json", LIST)]).await;
    viewer.wait_loaded().await;
    viewer.wait_for_text(select::page::TITLE, WEB_APP).await;
    nobody_was_asked(&viewer).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_only_looked_at() {
    let viewer = start().await;
    let live = viewer.runs(LIVE);
    let running = live
        .iter()
        .find(|run| run.state() == "IN_PROGRESS")
        .expect("one runs")
        .clone();
    drop(&viewer, &[("runs.json", &list_of(&viewer, LIVE))]).await;
    viewer.wait_loaded().await;
    viewer
        .wait_for_text(select::run_panel::STATE_BADGE, "In progress")
        .await;
    for button in [
        select::run_panel::TERMINATION,
        select::run_panel::ACTIONS,
        select::rollout::ACTION_BUTTON,
        select::rollout::LIVE_STATE,
    ] {
        assert_eq!(viewer.count(button).await, 0, "{button}");
    }
    // It is as of when the file was written, which was now, and does not go on.
    let ran = viewer.text(select::run_panel::RAN).await;
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(viewer.text(select::run_panel::RAN).await, ran);
    assert!(!running.text("startTime").is_empty() && !ran.is_empty());
    nobody_was_asked(&viewer).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_run_of_a_file_asks_for_its_build_only_when_told_to() {
    let viewer = start().await;
    drop(&viewer, &[("runs.json", &list_of(&viewer, CANARY))]).await;
    viewer.wait_loaded().await;
    viewer
        .wait_for_text(select::run_panel::BUILD, "The file does not have it.")
        .await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    nobody_was_asked(&viewer).await;
    viewer
        .click_text(select::run_panel::BUILD_BUTTON, "Ask Cloud Build")
        .await;
    viewer.wait_for(select::run_panel::BUILD_BODY).await;
    let asked = viewer.stand_in().requests();
    assert!(asked.iter().all(|request| !request.is_list()), "{asked:?}");
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_without_a_rollout_are_shown_too() {
    let viewer = start().await;
    let odd = json!({ "uid": "u1", "state": "FAILED", "phaseId": "stable", "jobId": "verify", "verifyJobRun": {} });
    let list = LIST.trim_end().trim_end_matches(']');
    drop(&viewer, &[("runs.json", &format!("{list},{odd}]"))]).await;
    viewer
        .click_text(select::files::ROLLOUT_LINK, "runs-without-a-rollout")
        .await;
    viewer.wait_loaded().await;
    viewer
        .wait_for_text(select::run_panel::TITLE, "verify")
        .await;
    assert_eq!(
        viewer.count(select::rollout::CONSOLE).await,
        0,
        "no console has it"
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_works_on_a_file() {
    let viewer = start().await;
    drop(&viewer, &[("runs.json", &list_of(&viewer, CANARY))]).await;
    viewer.wait_loaded().await;
    let all = viewer.runs(CANARY);
    assert_eq!(runs(&viewer).await.len(), all.len());
    let address = format!(
        "{}?filter={}&src=file",
        name(CANARY),
        "state%3D%22FAILED%22"
    );
    viewer
        .js(&format!(
            "location.hash = {}",
            quote(&format!("#/{address}"))
        ))
        .await;
    let failed = all.iter().filter(|run| run.state() == "FAILED").count();
    assert!(0 < failed && failed < all.len());
    viewer
        .wait_until_js(&select::count_is(select::timeline::BAR_LINK, failed))
        .await;
    nobody_was_asked(&viewer).await;
    viewer.finish().await;
}

/// A host of texts: `/open/…` lets every origin read, `/closed/…` none.
pub struct Host {
    url: String,
    pub heard: Arc<Mutex<Vec<(String, HeaderMap)>>>,
    server: tokio::task::JoinHandle<()>,
}

impl Host {
    pub async fn start() -> Self {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hears = heard.clone();
        let app = Router::new().fallback(move |request: Request| {
            let headers = request.headers().clone();
            hears
                .lock()
                .expect("unpoisoned")
                .push((request.uri().to_string(), headers));
            let uri = request.uri().clone();
            async move {
                if uri.path().ends_with("/never") {
                    std::future::pending::<()>().await;
                }
                answer(&uri)
            }
        });
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a loopback port");
        let port = listener.local_addr().expect("the port is known").port();
        let server =
            tokio::spawn(async move { axum::serve(listener, app).await.expect("it is served") });
        Self {
            url: format!("http://127.0.0.1:{port}"),
            heard,
            server,
        }
    }

    fn host(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// An address's value for `src`.
    pub fn setting(&self, path: &str) -> String {
        format!("{}{path}", self.url)
            .replace(':', "%3A")
            .replace('/', "%2F")
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn answer(uri: &Uri) -> Response {
    let path = uri.path();
    let answer = match path.rsplit('/').next() {
        Some("runs.json") => ([(CONTENT_TYPE, "application/json")], LIST).into_response(),
        Some("page.html") => ([(CONTENT_TYPE, "text/html")], "<html></html>").into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    };
    match path.starts_with("/open/") {
        true => ([(ACCESS_CONTROL_ALLOW_ORIGIN, select::page::ANY)], answer).into_response(),
        false => answer,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_json_is_read_without_the_token() {
    const TOKEN: &str = "ya29.nobody-else";
    let host = Host::start().await;
    let viewer = Viewer::start(Setup {
        token: Some(TOKEN),
        ..Setup::default()
    })
    .await;
    viewer.goto(&viewer.url_of("")).await;
    viewer
        .click_text(select::session::SIGN_IN_BUTTON, "Paste a token")
        .await;
    viewer.wait_for(select::dialogs::SECRET).await;
    viewer
        .wait_until_js("document.activeElement.name === 'token'")
        .await;
    viewer.press(TOKEN).await;
    viewer
        .click_text(select::dialogs::BUTTON, "Use the token")
        .await;
    viewer.wait_gone(select::dialogs::DIALOG).await;
    // A cookie of one port is one of all ports, when it is sent at all.
    assert_eq!(
        viewer
            .js("document.cookie = 'session=secret'; return document.cookie")
            .await,
        "session=secret"
    );
    viewer
        .js(&format!(
            "location.hash = '#/?src={}'",
            host.setting("/open/runs.json")
        ))
        .await;
    viewer.wait_loaded().await;
    viewer.wait_for_text(select::page::TITLE, WEB_APP).await;
    viewer
        .wait_for_text(
            select::files::SOURCE,
            &format!("Read from {}, and sent to nobody.", host.host()),
        )
        .await;
    let heard = host.heard.lock().expect("unpoisoned").clone();
    let [(path, headers)] = &*heard else {
        panic!("{heard:?}")
    };
    assert_eq!(path, "/open/runs.json");
    assert!(
        headers.get("authorization").is_none() && headers.get("cookie").is_none(),
        "{headers:?}"
    );
    assert!(!format!("{headers:?}").contains(TOKEN));

    // The rollout's own address can be shared, since the text can be read again.
    assert!(
        viewer
            .address()
            .await
            .ends_with(&format!("?src={}", host.setting("/open/runs.json")))
    );
    viewer.reload().await;
    viewer.wait_loaded().await;
    viewer.wait_for_text(select::page::TITLE, WEB_APP).await;
    assert_eq!(host.heard.lock().expect("unpoisoned").len(), 2);
    assert!(viewer.stand_in().requests().is_empty());
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_own_query_may_have_the_address() {
    let host = Host::start().await;
    let viewer = Viewer::start(Setup::default()).await;
    viewer
        .goto(&format!(
            "{}?src={}",
            viewer.site.url,
            host.setting("/open/runs.json")
        ))
        .await;
    viewer.wait_for_text(select::page::TITLE, WEB_APP).await;
    viewer.wait_loaded().await;
    let url = viewer.url().await;
    assert!(url.starts_with(&viewer.url_of("projects/")), "{url}");
    // It is gone from the address together with the rollout.
    viewer.click(select::page::BRAND).await;
    viewer.wait_for(select::start::PAGE).await;
    assert_eq!(viewer.url().await, viewer.url_of(""));
    viewer.reload().await;
    viewer.wait_for(select::start::PAGE).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_cannot_be_read_says_why() {
    let host = Host::start().await;
    let mut viewer = Viewer::start(Setup::default()).await;
    viewer.expect_error("blocked by CORS policy");
    viewer.expect_error("net::ERR_FAILED");
    viewer.expect_error("status of 404");
    let refused = format!(
        "{} did not answer to the end, or does not let this page read its answers",
        host.host()
    );
    let missing = format!("{} answered with status 404", host.host());
    let cases = [
        ("/closed/runs.json", &*refused),
        ("/open/nothing.json", &*missing),
        ("/open/page.html", "This is a web page or XML"),
    ];
    for (path, words) in cases {
        viewer
            .goto(&viewer.url_of(&format!("?src={}", host.setting(path))))
            .await;
        viewer.wait_for_text(select::errors::BOX, words).await;
        let before = host.heard.lock().expect("unpoisoned").len();
        viewer.click_text(select::errors::BUTTON, "Try again").await;
        viewer
            .wait_until("another try", || {
                host.heard.lock().expect("unpoisoned").len() > before
            })
            .await;
        viewer.wait_for_text(select::errors::BOX, words).await;
    }
    assert_eq!(viewer.count(select::rollout::PAGE).await, 0);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_never_answers_is_not_waited_for_for_ever() {
    let host = Host::start().await;
    let viewer = Viewer::start(Setup::default()).await;
    for page in ["", "history"] {
        viewer
            .goto(&viewer.url_of(&format!("{page}?src={}", host.setting("/open/never"))))
            .await;
        viewer.wait_for_text(select::page::MAIN, "Reading").await;
        tokio::time::sleep(Duration::from_secs(20)).await;
        let told = viewer.wait_for_error("This address cannot be read").await;
        assert!(
            told.contains("did not answer to the end: it took too long."),
            "{told}"
        );
    }
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_missing_is_not_the_fault_of_the_host_that_was_to_be_asked() {
    let host = Host::start().await;
    let mut viewer = Viewer::start(Setup {
        host_may_fail: true,
        ..Setup::default()
    })
    .await;
    for part in ["Failed to ", "TypeError", "integrity", "status of 404"] {
        viewer.expect_error(part);
    }
    viewer.site.spoil(Some(("/worker-", Spoiled::Missing)));
    viewer
        .goto(&viewer.url_of(&format!("?src={}", host.setting("/open/runs.json"))))
        .await;
    viewer
        .wait_for_error("A part of the viewer is missing")
        .await;
    assert!(host.heard.lock().expect("unpoisoned").is_empty());
    viewer.site.spoil(None);
    viewer.click_text(select::errors::BUTTON, "Try again").await;
    viewer.wait_for_text(select::page::TITLE, WEB_APP).await;
    viewer.finish().await;
}

/// Lets the browser save files into a folder of its own.
async fn downloads(viewer: &Viewer) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a text");
    viewer
        .devtools(
            "Browser.setDownloadBehavior",
            json!({ "behavior": "allow", "downloadPath": path }),
        )
        .await;
    folder
}

/// Exports what is shown, and waits for the file.
async fn export(viewer: &Viewer, folder: &TempDir, label: &str, end: &str) -> PathBuf {
    let saved = folder
        .path()
        .join(format!("{}{end}", viewer.text(select::page::TITLE).await));
    viewer.click(select::page::MENU_TOGGLE).await;
    viewer.click_text(select::page::MENU_ITEM, label).await;
    let start = Instant::now();
    while !is_whole(&saved) {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{} does not come",
            saved.display()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(viewer.count(select::page::MENU_OPEN).await, 0);
    saved
}

/// Chromium writes a file under another name, and gives it its own at the end.
fn is_whole(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.len() > 0)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_exported_as_json_shows_the_same_when_it_is_opened() {
    // Of the all-variants rollout one run cannot be read, which is a part of what came.
    for rollout in [CANARY, ALL_VARIANTS] {
        let viewer = Viewer::show(Setup::default(), rollout).await;
        let folder = downloads(&viewer).await;
        let saved = export(&viewer, &folder, "JSON", ".json").await;
        let text = fs::read_to_string(saved).expect("it is read");
        let json: Value = serde_json::from_str(&text).expect("JSON");
        let count = json["jobRuns"].as_array().expect("a list").len();
        assert_eq!(count, viewer.runs(rollout).len());
        let shown = async || {
            let lanes = viewer.texts(select::timeline::PHASE_OR_LANE).await;
            (
                runs(&viewer).await,
                viewer.text(select::rollout::VERDICT).await,
                viewer.text(select::run_panel::HEADER).await,
                lanes,
            )
        };
        let before = shown().await;
        // A rollout is asked for again and again while it is shown; what was asked for at last may still
        // be on its way.
        viewer.js("location.hash = '#/'").await;
        viewer.wait_for(select::start::PAGE).await;
        viewer.wait_idle().await;
        let asked = viewer.stand_in().requests().len();
        drop(&viewer, &[("again.json", &text)]).await;
        viewer.wait_for(select::files::SOURCE).await;
        viewer.wait_loaded().await;
        viewer
            .wait_until_js(&select::count_is(
                select::timeline::BAR_LINK,
                before.0.len(),
            ))
            .await;
        let after = shown().await;
        assert_eq!(after.0, before.0);
        assert_eq!(after.1, before.1);
        assert_eq!(after.3, before.3);
        let unread = viewer
            .runs(rollout)
            .iter()
            .filter(|run| !run.is_readable())
            .count() as u64;
        assert_eq!(
            viewer.count(select::files::SHOW_BROKEN).await,
            unread.min(1)
        );
        assert_eq!(viewer.stand_in().requests().len(), asked);
        viewer.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn csv_and_pictures_are_saved_by_the_rollouts_name() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    let folder = downloads(&viewer).await;
    let csv =
        fs::read_to_string(export(&viewer, &folder, "CSV", ".csv").await).expect("it is read");
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].starts_with("name,phase,job,attempt,"), "{csv}");
    let all = viewer.runs(CANARY);
    assert_eq!(lines.len(), all.len() + 1);
    for run in &all {
        let start = format!(
            "{},{},{},",
            run.text("name"),
            run.text("phaseId"),
            run.text("jobId")
        );
        assert!(
            lines.iter().any(|line| line.starts_with(&start)),
            "no {start}: {csv}"
        );
    }

    let svg =
        fs::read_to_string(export(&viewer, &folder, "SVG", ".svg").await).expect("it is read");
    let parsed = viewer
        .js(&format!(
            "const trust = trustedTypes.createPolicy('goog#html', {{ createHTML: text => text }});
             const svg = new DOMParser().parseFromString(trust.createHTML({}),
               'image/svg+xml').documentElement;
             return [svg.nodeName, svg.querySelectorAll({svg_group:?}).length,
               +svg.getAttribute('width'), +svg.getAttribute('height'),
                     svg.querySelector({svg_title:?}).textContent]",
            quote(&svg),
            svg_group = select::files::SVG_GROUP,
            svg_title = select::files::SVG_TITLE
        ))
        .await;
    let title = viewer.text(select::page::TITLE).await;
    assert_eq!(
        parsed,
        json!(["svg", all.len(), parsed[2], parsed[3], title])
    );

    let png = fs::read(export(&viewer, &folder, "PNG", ".png").await).expect("it is read");
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let side = |at: usize| {
        u64::from(u32::from_be_bytes(
            png[at..at + 4].try_into().expect("four bytes"),
        ))
    };
    let twice = |side: &Value| side.as_u64().map(|side| 2 * side);
    assert_eq!(
        (Some(side(16)), Some(side(20))),
        (twice(&parsed[2]), twice(&parsed[3]))
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_export_menu_closes_by_escape_and_by_a_click_elsewhere() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    viewer.click(select::page::MENU_TOGGLE).await;
    viewer.wait_for(select::page::MENU_OPEN).await;
    viewer.press(keys::TAB).await;
    viewer.press(keys::ESCAPE).await;
    viewer.wait_gone(select::page::MENU_OPEN).await;
    viewer
        .wait_until_js(&select::has_focus(select::page::MENU_TOGGLE))
        .await;
    viewer.click(select::page::MENU_TOGGLE).await;
    viewer.wait_for(select::page::MENU_OPEN).await;
    viewer
        .js("document.elementFromPoint(300, 500).click()")
        .await;
    viewer.wait_gone(select::page::MENU_OPEN).await;
    viewer.finish().await;
}

//! That what a page asks of other hosts is seen, and what the browser asks by itself is not.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::Html;
use axum::routing::get;
use serde_json::json;

use crate::chromium::Chromium;
use crate::viewer::{DONE, Setup, Viewer, name};

/// Cannot be reached: nothing but loopback can.
const ELSEWHERE: &str = "http://elsewhere.invalid";

/// A loopback host without any policy, whose pages can be sent elsewhere.
async fn host() -> String {
    let blank =
        || async { Html("<!doctype html><title>A page</title><link rel=icon href=\"data:,\">") };
    let away = || async {
        (
            StatusCode::FOUND,
            [(LOCATION, format!("{ELSEWHERE}/redirect"))],
        )
    };
    let app = Router::new()
        .route("/", get(blank))
        .route("/frame", get(blank))
        .route("/away", get(away));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .expect("a loopback port");
    let port = listener.local_addr().expect("the port is known").port();
    tokio::spawn(async move { axum::serve(listener, app).await.expect("the host serves") });
    format!("http://127.0.0.1:{port}")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_page_asks_of_another_host_is_seen() {
    // Who asks, and how; what an attempt starts need not come to an end here.
    let attempts = [
        ("page", "fetch(`${elsewhere}/page`)"),
        ("image", "new Image().src = `${elsewhere}/image`"),
        ("beacon", "navigator.sendBeacon(`${elsewhere}/beacon`)"),
        ("socket", "new WebSocket(`${elsewhere.replace('http', 'ws')}/socket`)"),
        ("redirect", "fetch('/away')"),
        (
            "frame",
            "const frame = document.createElement('iframe');
             frame.src = '/frame';
             frame.onload = () => frame.contentWindow.eval(`fetch('${elsewhere}/frame').catch(() => {})`);
             document.body.append(frame)",
        ),
        (
            "document",
            "const frame = document.createElement('iframe');
             frame.src = `${elsewhere}/document`;
             document.body.append(frame)",
        ),
        (
            "worker",
            "const code = `fetch('${elsewhere}/worker').catch(() => {})`;
             new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })))",
        ),
        (
            "shared-worker",
            "const code = `fetch('${elsewhere}/shared-worker').catch(() => {})`;
             new SharedWorker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })))",
        ),
        ("window", "window.open(`${elsewhere}/window`)"),
    ];
    let host = host().await;
    for (what, attempt) in attempts {
        let mut viewer = Viewer::start(Setup::default()).await;
        viewer.expect_error("net::ERR_");
        viewer.expect_error("ERR_NAME_NOT_RESOLVED");
        viewer.expect_error("Failed to fetch");
        viewer.goto(&format!("{host}/")).await;
        // A window is opened only for somebody who has pressed something.
        let script = format!("{{ const elsewhere = '{ELSEWHERE}'; {attempt} }}");
        let as_pressed = json!({ "expression": script, "userGesture": true });
        viewer.devtools("Runtime.evaluate", as_pressed).await;
        let begin = std::time::Instant::now();
        let is_there = |sent: &String| sent.ends_with(&format!("elsewhere.invalid/{what}"));
        while !viewer.sent().await.iter().any(is_there) {
            assert!(
                begin.elapsed() < Duration::from_secs(20),
                "{what} is not seen"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let outside = viewer.finish_outside().await;
        assert!(
            outside.len() == 1 && is_there(&outside[0]),
            "{what}: {outside:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_browser_asks_by_itself_is_not_counted() {
    // As a distribution does that sets a start page.
    let chromium = Chromium::start(&format!("{ELSEWHERE}/start")).await;
    let viewer = Viewer::start_in(Some(Arc::new(chromium)), Setup::default()).await;
    viewer.goto(&viewer.url_of(&name(DONE))).await;
    viewer.wait_loaded().await;
    // And as one that opens another tab meanwhile.
    let tab = json!({ "url": format!("{ELSEWHERE}/new-tab") });
    viewer.devtools("Target.createTarget", tab).await;
    // Both are there, or there would be nothing to leave out.
    for page in ["start", "new-tab"] {
        let begin = std::time::Instant::now();
        let url = format!("{ELSEWHERE}/{page}");
        while !viewer
            .devtools("Target.getTargets", json!({}))
            .await
            .to_string()
            .contains(&url)
        {
            assert!(
                begin.elapsed() < Duration::from_secs(20),
                "{url} is not opened"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    viewer.finish().await;
}

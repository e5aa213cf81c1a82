//! A viewer that a panic ended says so, and leads back.

use serde_json::json;

use crate::browser::keys;
use crate::select;
use crate::viewer::{DONE, Setup, Viewer};

const OVERLAY: &str = select::errors::STOPPED_OPEN;

/// Lets the next element that the viewer makes fail, which it takes for impossible: it panics, with a
/// text that must not be reported.
const BREAK: &str = "
    const real = Document.prototype.createElement;
    Document.prototype.createElement = function (...tag) {
      // The style sheet of a part of the page that comes first.
      if (tag[0] === 'link') return real.apply(this, tag);
      Document.prototype.createElement = real;
      throw new Error('a-secret of the test');
    };";

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_says_that_the_viewer_stopped_and_reloading_goes_on() {
    let mut viewer = Viewer::show(Setup::default(), DONE).await;
    for part in ["panicked at", "unreachable", "of the test"] {
        viewer.expect_error(part);
    }
    let granted = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    viewer.devtools("Browser.grantPermissions", granted).await;
    let address = viewer.address().await;
    viewer.js(BREAK).await;
    viewer.press("?").await;
    viewer.wait_for_text(OVERLAY, "The viewer stopped").await;
    viewer
        .wait_for(&select::focused(select::errors::STOPPED_PRIMARY))
        .await;
    // It is there to stay, and only once.
    viewer.press(keys::ESCAPE).await;
    assert_eq!(viewer.count(OVERLAY).await, 1);

    viewer
        .click_text(select::errors::STOPPED_BUTTON, "Copy the report")
        .await;
    viewer
        .wait_for_text(select::errors::STOPPED_BUTTON, "Copied")
        .await;
    let copied = viewer.js("return navigator.clipboard.readText()").await;
    let report = copied.as_str().expect("a text");
    assert_eq!(report, viewer.text(select::errors::STOPPED_REPORT).await);
    for part in [
        "Job Run Viewer ",
        "Panic at ",
        ".rs:",
        "/rollouts/*",
        "Chrome",
    ] {
        assert!(report.contains(part), "no {part}: {report}");
    }
    for part in ["a-secret", DONE.0, DONE.1, "standin-project", "127.0.0.1"] {
        assert!(!report.contains(part), "{part} is in it: {report}");
    }

    viewer
        .click_text(select::errors::STOPPED_BUTTON, "Reload")
        .await;
    viewer.wait_loaded().await;
    assert_eq!(viewer.address().await, address);
    viewer.wait_gone(select::errors::STOPPED).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trap_that_is_no_panic_says_it_too_and_other_errors_do_not() {
    let mut viewer = Viewer::show(Setup::default(), DONE).await;
    viewer.expect_error("of the test");
    // As an extension's script may throw it.
    viewer
        .js("setTimeout(() => { throw new Error('of the test') })")
        .await;
    let begin = std::time::Instant::now();
    while !viewer
        .console()
        .await
        .iter()
        .any(|line| line.text.contains("of the test"))
    {
        assert!(begin.elapsed().as_secs() < 20, "the error is not told");
    }
    viewer.wait_for_frame().await;
    assert_eq!(viewer.count(select::errors::STOPPED).await, 0);

    viewer
        .js("setTimeout(() => { throw new WebAssembly.RuntimeError('a trap of the test') })")
        .await;
    viewer
        .wait_for_text(
            select::errors::STOPPED_REPORT,
            "RuntimeError: a trap of the test",
        )
        .await;
    viewer.finish().await;
}

//! The whole main job by keys alone, with the focus always somewhere, and to be seen there.

use crate::browser::keys;
use crate::viewer::{CANARY, LIVE, Setup, TERMINATE, Viewer, name};

/// Where the focus is, and whether that is to be seen: an outline, or else what has it has just been
/// come to and is read from its beginning.
const FOCUS: &str = "
    const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
    const told = `${at.tagName} ${at.id} ${at.className} “${(at.ariaLabel ?? at.innerText ?? '').slice(0, 30)}”`;
    const isStart = at.matches('main, h1, dialog');
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1.5;
    const inSight = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
    const wrong = at === document.body ? 'the focus is lost'
      : !isStart && !outlined ? 'no outline' : !isStart && !inSight ? 'out of sight' : '';
    return wrong && `${wrong}: ${told}`";

/// Asserts that the focus is somewhere, and to be seen.
async fn focus_is_seen(viewer: &Viewer) {
    assert_eq!(viewer.js(FOCUS).await, "");
}

/// Presses a key, and asserts that the focus is still somewhere.
async fn press(viewer: &Viewer, key: &str) {
    viewer.press(key).await;
    focus_is_seen(viewer).await;
}

/// Whether what has the focus matches.
async fn is_on(viewer: &Viewer, css: &str) -> bool {
    viewer.count(&format!("{css}:focus")).await == 1
}

/// Goes on by Tab until an element has the focus.
async fn tab_to(viewer: &Viewer, css: &str) {
    viewer.see(css).await;
    for _ in 0..60 {
        if is_on(viewer, css).await {
            return;
        }
        press(viewer, keys::TAB).await;
    }
    panic!("Tab does not lead to {css}: {}", viewer.js("return document.activeElement.outerHTML").await);
}

/// Waits until an element has the focus, wherever a key has led.
async fn comes_to(viewer: &Viewer, css: &str) {
    viewer.see(&format!("{css}:focus")).await;
    focus_is_seen(viewer).await;
}

async fn start() -> Viewer {
    let viewer = Viewer::open(Setup::default(), "").await;
    viewer.see(".start-page .open-box textarea").await;
    viewer
}

/// Types what is to be opened into the box of the start page.
async fn enter(viewer: &Viewer, what: &str) {
    tab_to(viewer, ".start-page .open-box textarea").await;
    viewer.press(what).await;
    press(viewer, keys::ENTER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn why_a_run_failed_is_found_read_and_copied() {
    let viewer = start().await;
    viewer.press(keys::TAB).await;
    comes_to(&viewer, ".skip-link").await;
    press(&viewer, keys::ENTER).await;
    comes_to(&viewer, "main").await;
    enter(&viewer, &name(CANARY)).await;
    viewer.loaded().await;
    comes_to(&viewer, ".rollout-title h1").await;

    // The sentence about it leads to the run that failed.
    tab_to(&viewer, ".verdict-headline").await;
    press(&viewer, keys::ENTER).await;
    viewer.shows(&viewer.run_in(CANARY, "canary-50", "verify")).await;
    viewer.see_text(".run-panel .failure", "Next:").await;
    tab_to(&viewer, ".bar").await;
    press(&viewer, keys::LEFT).await;
    press(&viewer, keys::RIGHT).await;
    comes_to(&viewer, ".bar.is-shown").await;
    viewer.shows(&viewer.run_in(CANARY, "canary-50", "verify")).await;

    // The log, a text in it, and back.
    tab_to(&viewer, ".event-log-buttons button").await;
    press(&viewer, keys::ENTER).await;
    comes_to(&viewer, ".log-frame").await;
    viewer.see(".log-frame .log-row").await;
    press(&viewer, "/").await;
    comes_to(&viewer, ".log-query").await;
    viewer.press("refused").await;
    press(&viewer, keys::ENTER).await;
    viewer.see(".log-row.is-current mark").await;
    press(&viewer, keys::ESCAPE).await;
    comes_to(&viewer, ".log-frame").await;
    press(&viewer, "n").await;
    press(&viewer, "N").await;
    viewer.press(keys::ESCAPE).await;
    viewer.gone(".log-drawer").await;
    comes_to(&viewer, ".event-log-buttons button").await;

    tab_to(&viewer, ".raw-json summary").await;
    press(&viewer, keys::ENTER).await;
    viewer.see(".raw-json[open] pre").await;
    tab_to(&viewer, ".raw-json .copy-button").await;
    viewer.watch(".raw-json .copy-done").await;
    press(&viewer, keys::ENTER).await;
    viewer.seen("Copied").await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_terminated_in_a_dialog_that_holds_the_focus_and_gives_it_back() {
    let viewer = start().await;
    enter(&viewer, &name(LIVE)).await;
    viewer.loaded().await;
    comes_to(&viewer, ".rollout-title h1").await;
    let opener = TERMINATE;
    tab_to(&viewer, opener).await;
    press(&viewer, keys::ENTER).await;
    comes_to(&viewer, "dialog[open] .dialog-buttons button").await;
    // Round and round, and never out of it: the browser's own bar is one of the places.
    for _ in 0..8 {
        viewer.press(keys::TAB).await;
        let inside =
            "return document.activeElement === document.body || !!document.activeElement.closest('dialog')";
        assert_eq!(viewer.js(inside).await, true);
    }
    press_escape(&viewer).await;
    comes_to(&viewer, opener).await;

    press(&viewer, keys::ENTER).await;
    tab_to(&viewer, "dialog[open] .danger.solid").await;
    viewer.press(keys::ENTER).await;
    viewer.gone("dialog[open]").await;
    viewer.see_text(".run-header .state-badge", "Terminating").await;
    // The button is off now, and the focus stays near.
    comes_to(&viewer, ".run-panel").await;
    assert_eq!(viewer.terminations().len(), 1);

    press(&viewer, "?").await;
    comes_to(&viewer, "dialog[open] .dialog-buttons button").await;
    press_escape(&viewer).await;
    comes_to(&viewer, ".run-panel").await;
    viewer.finish().await;
}

async fn press_escape(viewer: &Viewer) {
    viewer.press(keys::ESCAPE).await;
    viewer.gone("dialog[open]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_browses_down_to_a_history_and_through_it() {
    let viewer = start().await;
    enter(&viewer, "projects/standin-project/locations/us-central1/deliveryPipelines/payments-api").await;
    comes_to(&viewer, ".browse h1").await;
    tab_to(&viewer, ".browse-header a.button").await;
    press(&viewer, keys::ENTER).await;
    comes_to(&viewer, ".history-header h1").await;
    viewer.see(".history-table tr[data-run]").await;

    tab_to(&viewer, ".history-canvas").await;
    press(&viewer, "n").await;
    viewer.see_text(".history-run h2", "Failed").await;
    for key in ["+", keys::RIGHT, keys::LEFT, "-", "f", keys::ESCAPE] {
        press(&viewer, key).await;
        comes_to(&viewer, ".history-canvas").await;
    }
    tab_to(&viewer, ".history-table").await;
    press(&viewer, keys::HOME).await;
    press(&viewer, keys::ENTER).await;
    viewer.see(".history-table tr.is-shown.is-active").await;
    comes_to(&viewer, ".history-table").await;
    // Up again by the box, from wherever one is.
    press(&viewer, "/").await;
    comes_to(&viewer, ".top-bar .open-box textarea").await;
    viewer.press(&name(CANARY)).await;
    press(&viewer, keys::ENTER).await;
    viewer.loaded().await;
    comes_to(&viewer, ".rollout-title h1").await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_to_another_attempt_keeps_the_focus() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    tab_to(&viewer, ".attempt-steps li:nth-child(2) a").await;
    viewer.press(keys::ENTER).await;
    comes_to(&viewer, ".attempt-steps li.is-current:nth-child(2) a").await;
    viewer.finish().await;
}

//! The page follows a rollout for as long as it can change and somebody looks, and what is new
//! takes nothing away from the reader.

use crate::browser::quote;
use crate::viewer::{ANY_POLL, CANARY, DONE, EMPTY, LIVE, SOME_POLLS, Setup, TERMINATE, Viewer, name};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_is_not_asked_for_again() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    viewer.see_text(".live-state", "Up to date").await;
    assert_eq!(viewer.lists().len(), 1);
    viewer.no_list_for(ANY_POLL).await;
    // Unless somebody asks.
    viewer.list_after(viewer.click_text("button", "Refresh")).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_rollout_is_followed_to_its_end_and_no_further() {
    let setup = Setup::long_ago();
    let viewer = Viewer::show(setup, LIVE).await;
    viewer.see_text(".live-state", "Live").await;
    assert_eq!(viewer.count(".bar").await, 3);
    viewer.see(".bar .part.is-live").await;
    viewer.another_list().await;
    viewer.another_list().await;

    // The verify run ends, and the next job begins.
    viewer.advance(215);
    viewer.until("document.querySelectorAll('.bar').length === 4").await;
    viewer.see_text(".verdict-headline", "postdeploy is").await;
    viewer.advance(300);
    viewer.see_text(".verdict-headline", "All 4 jobs succeeded").await;
    viewer.see_text(".live-state", "Up to date").await;
    viewer.gone(".part.is-live").await;
    viewer.no_list_for(ANY_POLL).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollout_without_runs_is_watched_for_its_first() {
    let viewer = Viewer::show(Setup::default(), EMPTY).await;
    viewer.see_text("h2", "No job runs yet").await;
    viewer.see_text(".live-state", "Live").await;
    viewer.another_list().await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_page_asks_for_nothing_and_at_once_when_it_is_seen_again() {
    let viewer = Viewer::show(Setup::default(), LIVE).await;
    viewer.another_list().await;
    viewer.hide(true).await;
    // What was on its way may still come.
    viewer.loaded().await;
    viewer.no_list_for(2 * SOME_POLLS).await;
    viewer.advance(215);
    assert_eq!(viewer.count(".bar").await, 3);

    viewer.list_after(viewer.hide(false)).await;
    viewer.until("document.querySelectorAll('.bar').length === 4").await;
    viewer.another_list().await;

    // A page that is over is read once for whoever comes back: somebody else may have tried again.
    viewer.goto(&viewer.url_of(&name(DONE))).await;
    viewer.see_text(".live-state", "Up to date").await;
    viewer.hide(true).await;
    viewer.no_list_for(SOME_POLLS).await;
    let before = viewer.lists().len();
    viewer.list_after(viewer.hide(false)).await;
    viewer.see_text(".live-state", "Up to date").await;
    viewer.no_list_for(SOME_POLLS).await;
    assert_eq!(viewer.lists().len(), before + 1);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_after_mending_what_was_refused_sees_it() {
    let mut viewer = Viewer::start(Setup::long_ago()).await;
    viewer.expect_error("status of 403");
    viewer.order("403@list");
    viewer.goto(&viewer.url_of(&name(CANARY))).await;
    viewer.trouble("Not allowed").await;
    viewer.hide(true).await;
    viewer.stand_in().reset_faults();
    viewer.no_list_for(SOME_POLLS).await;
    viewer.hide(false).await;
    viewer.loaded().await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_left_asks_no_more() {
    let viewer = Viewer::show(Setup::default(), LIVE).await;
    viewer.another_list().await;
    viewer.click(".brand").await;
    viewer.see(".start-page").await;
    viewer.no_list_for(SOME_POLLS).await;
    viewer.finish().await;
}

/// Where the reader is: scroll, address, focus, and what is open and typed.
const PLACE: &str = "return JSON.stringify([scrollY, document.querySelector('.run-panel').scrollTop, location.hash, \
     document.activeElement.id, document.activeElement.tagName, !!document.querySelector('.raw-json[open] pre'), \
     document.querySelector('.filter-box input').value])";

/// A small window on the live rollout, scrolled, with the raw JSON of a job's run open.
async fn read_along(job: &str) -> Viewer {
    let viewer = Viewer::show(Setup::default(), LIVE).await;
    viewer.resize((800, 500)).await;
    viewer.select(LIVE, &viewer.run(LIVE, job)).await;
    // It is read when it comes in sight, which moves all that is below.
    viewer.js("document.querySelector('.run-panel .build')?.scrollIntoView()").await;
    viewer.see(".steps").await;
    viewer.click(".raw-json summary").await;
    viewer.see(".raw-json[open] pre").await;
    viewer.type_into(".filter-box input", "not yet applied").await;
    viewer
}

/// Lets the rollout go on, and asserts that the reader is where he was.
async fn go_on(viewer: &Viewer, focus: &str) {
    viewer.focus(focus).await;
    viewer.js("scrollTo(0, 300)").await;
    viewer.until("scrollY === 300").await;
    let place = viewer.js(PLACE).await;
    viewer.advance(215);
    viewer.until("document.querySelectorAll('.bar').length === 4").await;
    viewer.see(".bar.is-succeeded[aria-label^='verify']").await;
    viewer.another_list().await;
    assert_eq!(viewer.js(PLACE).await, place, "the focus was on {focus}");
    viewer.see(&format!("{focus}:focus")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_data_leaves_scroll_selection_focus_and_what_is_open() {
    for focus in [".bar.is-shown", ".filter-box input", ".raw-json summary"] {
        // The selected run does not change; others do.
        let viewer = read_along("deploy").await;
        go_on(&viewer, focus).await;
        viewer.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn new_data_of_the_selected_run_leaves_them_too() {
    let viewer = read_along("verify").await;
    go_on(&viewer, ".bar.is-shown").await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_data_of_the_selected_run_leaves_the_focus_in_its_panel() {
    let viewer = read_along("verify").await;
    go_on(&viewer, ".raw-json summary").await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_stays_open_and_typed_while_data_comes() {
    let viewer = Viewer::show(Setup::default(), LIVE).await;
    viewer.select(LIVE, &viewer.run(LIVE, "verify")).await;
    viewer.click(TERMINATE).await;
    viewer.click("dialog[open] summary").await;
    viewer.type_into("dialog[open] textarea", "half a name").await;
    viewer.advance(215);
    viewer.see_text(".dialog-run .state-badge", "Succeeded").await;
    viewer.see("dialog[open] textarea:focus").await;
    assert_eq!(
        viewer.js("return document.querySelector('dialog[open] textarea').value").await,
        "half a name"
    );
    // And can be closed, though there is nothing left to terminate.
    viewer.see("dialog[open] .danger.solid:disabled").await;
    viewer.click_text("dialog[open] button", "Keep it running").await;
    viewer.gone("dialog[open]").await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_told_to_a_screen_reader() {
    let viewer = Viewer::show(Setup::default(), LIVE).await;
    let region = "[aria-live=polite]";
    assert_eq!(viewer.text(region).await, "", "what stands there at first is no change");
    viewer.advance(215);
    let said = "verify in stable, attempt 1: Succeeded.";
    viewer.until(&format!("document.querySelector('{region}').textContent.includes({})", quote(said))).await;
    assert!(
        viewer
            .js(&format!("return document.querySelector('{region}').textContent"))
            .await
            .to_string()
            .contains("postdeploy in stable")
    );
    viewer.finish().await;
}

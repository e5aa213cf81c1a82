//! The page follows a rollout for as long as it can change and somebody looks, and what is new
//! takes nothing away from the reader.

use const_format::formatcp;

use crate::browser::quote;
use crate::select;
use crate::viewer::{
    ANY_POLL, CANARY, DONE, EMPTY, LIVE, SOME_POLLS, Setup, TERMINATE, Viewer, name,
};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_is_not_asked_for_again() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, "Up to date")
        .await;
    assert_eq!(viewer.lists().len(), 1);
    viewer.no_list_for(ANY_POLL).await;
    // Unless somebody asks.
    viewer
        .list_after(viewer.click_text(select::page::BUTTON, "Refresh"))
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_rollout_is_followed_to_its_end_and_no_further() {
    let setup = Setup::long_ago();
    let viewer = Viewer::show(setup, LIVE).await;
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, "Live")
        .await;
    assert_eq!(viewer.count(select::timeline::BAR).await, 3);
    viewer.wait_for(select::timeline::LIVE_IN_BAR).await;
    viewer.wait_for_list().await;
    viewer.wait_for_list().await;

    // The verify run ends, and the next job begins.
    viewer.advance(215);
    viewer
        .wait_until_js(&select::count_is(select::timeline::BAR, 4))
        .await;
    viewer
        .wait_for_text(select::rollout::VERDICT_HEADLINE, "postdeploy is")
        .await;
    viewer.advance(300);
    viewer
        .wait_for_text(select::rollout::VERDICT_HEADLINE, "All 4 jobs succeeded")
        .await;
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, "Up to date")
        .await;
    viewer.wait_gone(select::timeline::LIVE).await;
    viewer.no_list_for(ANY_POLL).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollout_without_runs_is_watched_for_its_first() {
    let viewer = Viewer::show(Setup::default(), EMPTY).await;
    viewer
        .wait_for_text(select::page::HEADING, "No job runs yet")
        .await;
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, "Live")
        .await;
    viewer.wait_for_list().await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_page_asks_for_nothing_and_at_once_when_it_is_seen_again() {
    let viewer = Viewer::show(Setup::default(), LIVE).await;
    viewer.wait_for_list().await;
    viewer.hide(true).await;
    // What was on its way may still come.
    viewer.wait_loaded().await;
    viewer.no_list_for(2 * SOME_POLLS).await;
    viewer.advance(215);
    assert_eq!(viewer.count(select::timeline::BAR).await, 3);

    viewer.list_after(viewer.hide(false)).await;
    viewer
        .wait_until_js(&select::count_is(select::timeline::BAR, 4))
        .await;
    viewer.wait_for_list().await;

    // A page that is over is read once for whoever comes back: somebody else may have tried again.
    viewer.goto(&viewer.url_of(&name(DONE))).await;
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, "Up to date")
        .await;
    viewer.hide(true).await;
    viewer.no_list_for(SOME_POLLS).await;
    let before = viewer.lists().len();
    viewer.list_after(viewer.hide(false)).await;
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, "Up to date")
        .await;
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
    viewer.wait_for_error("Not allowed").await;
    viewer.hide(true).await;
    viewer.stand_in().reset_faults();
    viewer.no_list_for(SOME_POLLS).await;
    viewer.hide(false).await;
    viewer.wait_loaded().await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_left_asks_no_more() {
    let viewer = Viewer::show(Setup::default(), LIVE).await;
    viewer.wait_for_list().await;
    viewer.click(select::page::BRAND).await;
    viewer.wait_for(select::start::PAGE).await;
    viewer.no_list_for(SOME_POLLS).await;
    viewer.finish().await;
}

/// Where the reader is: scroll, address, focus, and what is open and typed.
const PLACE: &str = formatcp!(
    "return JSON.stringify([scrollY, document.querySelector({panel:?}).scrollTop, location.hash, \
     document.activeElement.id, document.activeElement.tagName, \
     !!document.querySelector({raw_json_open_text:?}), \
     document.querySelector({filter:?}).value])",
    panel = select::run_panel::PANEL,
    raw_json_open_text = select::run_panel::RAW_JSON_OPEN_TEXT,
    filter = select::rollout::FILTER
);

/// A small window on the live rollout, scrolled, with the raw JSON of a job's run open.
async fn read_along(job: &str) -> Viewer {
    let viewer = Viewer::show(Setup::default(), LIVE).await;
    viewer.resize((800, 500)).await;
    viewer.select(LIVE, &viewer.run(LIVE, job)).await;
    // It is read when it comes in sight, which moves all that is below.
    viewer
        .js(formatcp!(
            "document.querySelector({build:?})?.scrollIntoView()",
            build = select::run_panel::BUILD
        ))
        .await;
    viewer.wait_for(select::build::STEPS).await;
    viewer.click(select::run_panel::RAW_JSON_TOGGLE).await;
    viewer.wait_for(select::run_panel::RAW_JSON_OPEN_TEXT).await;
    viewer
        .type_into(select::rollout::FILTER, "not yet applied")
        .await;
    viewer
}

/// Lets the rollout go on, and asserts that the reader is where he was.
async fn go_on(viewer: &Viewer, focus: &str) {
    viewer.focus(focus).await;
    viewer.js("scrollTo(0, 300)").await;
    viewer.wait_until_js("scrollY === 300").await;
    let place = viewer.js(PLACE).await;
    viewer.advance(215);
    viewer
        .wait_until_js(&select::count_is(select::timeline::BAR, 4))
        .await;
    viewer
        .wait_for(select::timeline::BAR_VERIFY_SUCCEEDED)
        .await;
    viewer.wait_for_list().await;
    assert_eq!(viewer.js(PLACE).await, place, "the focus was on {focus}");
    viewer.wait_for(&select::focused(focus)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_data_leaves_scroll_selection_focus_and_what_is_open() {
    for focus in [
        select::timeline::BAR_SHOWN,
        select::rollout::FILTER,
        select::run_panel::RAW_JSON_TOGGLE,
    ] {
        // The selected run does not change; others do.
        let viewer = read_along("deploy").await;
        go_on(&viewer, focus).await;
        viewer.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn new_data_of_the_selected_run_leaves_them_too() {
    let viewer = read_along("verify").await;
    go_on(&viewer, select::timeline::BAR_SHOWN).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_data_of_the_selected_run_leaves_the_focus_in_its_panel() {
    let viewer = read_along("verify").await;
    go_on(&viewer, select::run_panel::RAW_JSON_TOGGLE).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_stays_open_and_typed_while_data_comes() {
    let viewer = Viewer::show(Setup::default(), LIVE).await;
    viewer.select(LIVE, &viewer.run(LIVE, "verify")).await;
    viewer.click(TERMINATE).await;
    viewer.click(select::dialogs::DETAILS_TOGGLE).await;
    viewer
        .type_into(select::dialogs::POLICIES, "half a name")
        .await;
    viewer.advance(215);
    viewer
        .wait_for_text(select::dialogs::ANY_RUN_BADGE, "Succeeded")
        .await;
    viewer
        .wait_for(&select::focused(select::dialogs::POLICIES))
        .await;
    assert_eq!(
        viewer
            .js(formatcp!(
                "return document.querySelector({policies:?}).value",
                policies = select::dialogs::POLICIES
            ))
            .await,
        "half a name"
    );
    // And can be closed, though there is nothing left to terminate.
    viewer.wait_for(select::dialogs::DANGER_DISABLED).await;
    viewer
        .click_text(select::dialogs::BUTTON, "Keep it running")
        .await;
    viewer.wait_gone(select::dialogs::DIALOG).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_told_to_a_screen_reader() {
    let viewer = Viewer::show(Setup::default(), LIVE).await;
    let region = select::page::ANNOUNCER;
    assert_eq!(
        viewer.text(region).await,
        "",
        "what stands there at first is no change"
    );
    viewer.advance(215);
    let said = "verify in stable, attempt 1: Succeeded.";
    viewer
        .wait_until_js(&format!(
            "document.querySelector({region:?}).textContent.includes({})",
            quote(said)
        ))
        .await;
    assert!(
        viewer
            .js(&format!(
                "return document.querySelector({region:?}).textContent"
            ))
            .await
            .to_string()
            .contains("postdeploy in stable")
    );
    viewer.finish().await;
}

//! Child rollouts opened in place: their lanes under the job that drives them, on the same axis.

use jobrun_viewer::stand_in::{Calls, Fault};
use serde_json::json;

use crate::select;
use crate::viewer::{CHILD, CONTROLLER, Rollout, Setup, Viewer, name};

const FAILED_CHILD: Rollout = ("fleet-config", "rel-20261124-58ad0c7", "europe-west");

fn id(rollout: Rollout) -> String {
    name(rollout).rsplit('/').next().expect("a part").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_opens_under_its_job_and_its_runs_can_be_selected() {
    let viewer = Viewer::show(Setup::default(), CONTROLLER).await;
    viewer
        .wait_for(select::timeline::TOGGLE_US_EAST_COLLAPSED)
        .await;
    viewer.click(select::timeline::TOGGLE_US_EAST).await;
    viewer.wait_for(select::timeline::CHILD_READ_BAR).await;
    assert_eq!(
        viewer.address().await,
        format!("{}?open={}", name(CONTROLLER), id(CHILD))
    );
    // Both jobs that drive it say that it is open, and it is there once.
    assert_eq!(viewer.count(select::timeline::TOGGLE_EXPANDED).await, 2);
    assert_eq!(viewer.count(select::timeline::CHILD).await, 1);

    let run = viewer.run_in(CHILD, "stable", "deploy");
    viewer.click(&select::timeline::bar(run.id())).await;
    viewer.wait_for_run(&run).await;
    // The same axis: a run of the child lies within the run that drives it.
    let driven = viewer
        .js(&format!(
            "const child = document.querySelector({:?}).getBoundingClientRect();
             const parent = [...document.querySelectorAll({bar:?})].find(bar =>
               bar.ariaLabel.startsWith('advance-rollout-us-east')).getBoundingClientRect();
             return parent.left <= child.left + 1 && child.right <= parent.right + 1",
            select::timeline::bar(run.id()),
            bar = select::timeline::BAR
        ))
        .await;
    assert_eq!(driven, json!(true));

    viewer.reload().await;
    viewer.wait_for_run(&run).await;
    viewer
        .wait_for(&select::timeline::child_bar_shown(run.id()))
        .await;
    viewer.click(select::timeline::TOGGLE_US_EAST).await;
    viewer.wait_gone(select::timeline::CHILD).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_childs_failed_job_can_be_retried_from_its_parents_page() {
    let viewer = Viewer::open(
        Setup::default(),
        &format!("{}?open={}", name(CONTROLLER), id(FAILED_CHILD)),
    )
    .await;
    let run = viewer.run_in(FAILED_CHILD, "stable", "deploy");
    viewer.wait_for(select::timeline::CHILD_READ_BAR).await;
    viewer.click(&select::timeline::bar(run.id())).await;
    viewer.wait_for_run(&run).await;
    viewer
        .click_text(select::run_panel::ACTION_ASK, "Retry job")
        .await;
    viewer
        .click_text(select::dialogs::CONFIRM, "Retry job")
        .await;
    viewer.wait_gone(select::dialogs::DIALOG).await;
    let sent = viewer
        .stand_in()
        .requests()
        .into_iter()
        .find(|request| request.is_act())
        .expect("it was sent");
    assert_eq!(
        sent.path_and_query,
        format!("/v1/{}:retryJob", name(FAILED_CHILD))
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_leads_to_its_controller_and_cannot_be_advanced() {
    let viewer = Viewer::show(Setup::default(), CHILD).await;
    viewer
        .wait_for_text(select::rollout::CONTROLLER, &id(CONTROLLER))
        .await;
    viewer.click(select::rollout::CONTROLLER).await;
    viewer
        .wait_for_text(select::rollout::TITLE, &id(CONTROLLER))
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_cannot_be_read_says_so_in_its_place() {
    let mut viewer = Viewer::show(Setup::default(), CONTROLLER).await;
    viewer.expect_error("status of 403");
    viewer
        .stand_in()
        .add_fault(Fault::status(403).on(Calls::List));
    viewer.click(select::timeline::TOGGLE_US_EAST).await;
    viewer
        .wait_for_text(select::timeline::CHILD_ERROR_TITLE, "Not allowed")
        .await;
    // The page's own comes above it.
    viewer.wait_for(select::errors::OF_ROLLOUT).await;
    viewer.stand_in().reset_faults();
    viewer
        .click_text(select::timeline::CHILD_ERROR_BUTTON, "Try again")
        .await;
    viewer.wait_for(select::timeline::CHILD_BAR).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_was_not_read_whole_says_so_in_its_place() {
    let mut viewer = Viewer::show(Setup::default(), CONTROLLER).await;
    viewer.expect_error("status of 403");
    viewer
        .stand_in()
        .add_fault(Fault::status(403).on(Calls::GetRollout));
    viewer.click(select::timeline::TOGGLE_US_EAST).await;
    viewer
        .wait_for_text(
            select::timeline::CHILD_WARNING,
            "clouddeploy.rollouts.get is missing",
        )
        .await;
    viewer.wait_for(select::timeline::CHILD_BAR).await;
    viewer.wait_for(select::rollout::WARNING).await;
    viewer.stand_in().reset_faults();
    // All that is on the page is read again, and not its own rollout only.
    viewer
        .click_text(select::rollout::HEADER_BUTTON, "Refresh")
        .await;
    viewer.wait_gone(select::timeline::CHILD_WARNING).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_childs_run_in_the_address_is_not_denied_before_the_child_was_read() {
    let viewer = Viewer::start(Setup::default()).await;
    let run = viewer.run_in(FAILED_CHILD, "stable", "deploy");
    let watch = "new MutationObserver(() => {
           window.denied ||= document.body?.innerText.includes('has no such job run') })
         .observe(document, { subtree: true, childList: true })";
    viewer.prepare(watch).await;
    viewer
        .goto(&viewer.url_of(&format!(
            "{}/jobRuns/{}?open={}",
            name(CONTROLLER),
            run.id(),
            id(FAILED_CHILD)
        )))
        .await;
    viewer.wait_for_run(&run).await;
    assert_eq!(viewer.js("return !!window.denied").await, json!(false));
    viewer.finish().await;
}

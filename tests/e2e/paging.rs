//! Lists that are longer than a page.

use jobrun_viewer::stand_in::{Calls, Fault};

use crate::select;
use crate::viewer::{MANY, Setup, Viewer, name};

const RUNS: usize = 2_500;

fn many() -> Setup {
    Setup {
        many: RUNS,
        ..Setup::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_pages_are_read_and_all_runs_counted() {
    let viewer = Viewer::open(many(), &name(MANY)).await;
    viewer
        .wait_for_text(select::rollout::STATE_COUNT, &format!("{RUNS} job runs"))
        .await;
    viewer.wait_loaded().await;
    assert_eq!(viewer.count(select::timeline::BAR).await as usize, RUNS);
    let asked = viewer.lists();
    assert_eq!(asked.len(), 3);
    let tokens: Vec<bool> = asked
        .iter()
        .map(|list| list.path_and_query.contains("pageToken="))
        .collect();
    assert_eq!(tokens, [false, true, true]);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_a_later_page_fails_what_came_is_shown_and_can_be_completed() {
    let mut viewer = Viewer::start(many()).await;
    viewer.expect_error("status of 403");
    viewer
        .stand_in()
        .add_fault(Fault::status(403).on(Calls::List).sparing(1));
    viewer.goto(&viewer.url_of(&name(MANY))).await;
    let shown = viewer.wait_for_error("Not allowed").await;
    assert!(shown.contains("The list is not whole"), "{shown}");
    viewer
        .wait_for_text(
            select::rollout::VERDICT_HEADLINE,
            "jobs read so far succeeded",
        )
        .await;
    viewer
        .wait_for_text(select::rollout::STATE_COUNT, "1000 job runs")
        .await;
    assert_eq!(viewer.count(select::timeline::BAR).await, 1_000);
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, "Stopped")
        .await;

    viewer.stand_in().reset_faults();
    viewer.click_text(select::errors::BUTTON, "Try again").await;
    viewer
        .wait_for_text(select::rollout::STATE_COUNT, &format!("{RUNS} job runs"))
        .await;
    viewer.wait_gone(select::errors::BOX).await;
    viewer.finish().await;
}

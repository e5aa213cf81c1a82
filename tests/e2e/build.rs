//! What lies behind a run: its build with steps and log, and the manifests that it deployed.

use serde_json::json;

use crate::viewer::{ALERTS, CANARY, DONE, LIVE, MUSEUM, Rollout, Setup, Viewer, name};

/// Shows one run of a rollout, and waits for its build.
async fn show(viewer: &Viewer, rollout: Rollout, job: &str) {
    let run = viewer.run(rollout, job);
    viewer.select(rollout, &run).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_run_shows_the_reason_in_its_builds_log_without_a_click() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    let run = viewer.runs(CANARY).into_iter().find(|run| run.state() == "FAILED").expect("one failed");
    viewer.select(CANARY, &run).await;
    viewer.see_text(".reason h3", "Likely reason, by the build's log").await;
    viewer.see_text(".reason pre", "41 of 41 checks failed").await;
    // The step that failed, with its exit code.
    viewer.see_text(".build .state-badge", "Failed").await;
    viewer.see_text(".build-why", "failed with status 1").await;
    viewer.click_text(".reason button", "Show it in the log").await;
    viewer.see(".log .text-view").await;
    viewer
        .until("document.querySelector('.log .text-view').textContent.includes('41 of 41 checks failed')")
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_builds_steps_have_their_times_and_its_log_opens() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    show(&viewer, DONE, "deploy").await;
    viewer.see_text(".build .state-badge", "Succeeded").await;
    let steps = viewer.texts(".steps .step-label .long-text").await;
    assert!(steps.len() >= 2, "{steps:?}");
    // On the run's own axis: no step lies outside the run.
    let inside = viewer
        .js("const bars = [...document.querySelectorAll('.step-bar')].map(bar => bar.getBoundingClientRect());
             const track = document.querySelector('.step-track').getBoundingClientRect();
             return bars.length > 1 && bars.every(bar => bar.left >= track.left - 1 && bar.right <= track.right + 1)")
        .await;
    assert_eq!(inside, json!(true));
    assert_eq!(viewer.count(".reason").await, 0);
    viewer.click_text(".log button", "Show the log").await;
    viewer.see_text(".log .text-view", "Step #0").await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_build_moves_on() {
    let viewer = Viewer::show(Setup::default(), LIVE).await;
    viewer.see_text(".build .state-badge", "Working").await;
    viewer.advance(400);
    viewer.see_text(".run-header .state-badge", "Succeeded").await;
    viewer.see_text(".build .state-badge", "Succeeded").await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_read_names_the_permission() {
    let mut viewer = Viewer::show(Setup::default(), MUSEUM).await;
    viewer.expect_error("status of 403");
    viewer.expect_error("status of 404");
    let of_cause = |cause: &str| {
        let runs = viewer.runs(MUSEUM);
        runs.into_iter()
            .find(|run| run.text("phaseId") == "deploy" && run.0["deployJobRun"]["failureCause"] == cause)
            .expect("there is one")
    };
    viewer.select(MUSEUM, &of_cause("CLOUD_BUILD_UNAVAILABLE")).await;
    viewer.see_text(".build .artifact-note", "cloudbuild.builds.get").await;
    viewer.select(MUSEUM, &of_cause("CLOUD_BUILD_REQUEST_FAILED")).await;
    viewer.see_text(".build .artifact-note", "Not found").await;
    // Its manifests lie in a bucket that nobody may read.
    viewer.click_text(".manifest-path", "manifest.yaml").await;
    viewer.see_text(".manifest .artifact-note", "storage.objects.get").await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_opens_as_it_is_and_can_be_compared_with_the_release_before() {
    let viewer = Viewer::show(Setup::default(), LIVE).await;
    show(&viewer, LIVE, "deploy").await;
    assert_eq!(viewer.texts(".manifest-path").await, ["manifest.yaml", "service.yaml"]);
    viewer.click_text(".manifest-path", "service.yaml").await;
    viewer.see_text(".manifest .text-view", "apiVersion").await;
    viewer.see(".manifest .text-view [class*=is-key], .manifest .text-view .key").await;
    viewer
        .js("const select = document.querySelector('.compare select');
             select.value = [...select.options].find(o => o.text === 'the release before').value;
             select.dispatchEvent(new Event('change', { bubbles: true }))")
        .await;
    viewer.see(".is-diff").await;
    viewer.see_text(".diff-added", "+").await;
    viewer.until("[...document.querySelectorAll('.is-diff .text-words')].some(e => e.textContent.includes('image:'))").await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_checks_of_an_analysis_have_their_builds_too() {
    let viewer = Viewer::show(Setup::default(), ALERTS).await;
    show(&viewer, ALERTS, "analysis").await;
    viewer.see_text(".build h3", "Cloud Build of check relevance").await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_api_is_asked_at_its_own_address() {
    let mut viewer = Viewer::start(Setup::default()).await;
    viewer.expect_error("ERR_NAME_NOT_RESOLVED");
    let config = json!({ "apiBase": viewer.stand_in().base_url() });
    viewer.set_config(&config.to_string());
    viewer.goto(&viewer.url_of(&name(DONE))).await;
    viewer.loaded().await;
    viewer.see_text(".build .artifact-note", "No answer").await;
    let outside = viewer.finish_outside().await;
    assert!(!outside.is_empty());
    assert!(
        outside.iter().all(|url| url.starts_with("https://cloudbuild.googleapis.com/v1/projects/")),
        "{outside:?}"
    );
}

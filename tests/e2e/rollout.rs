//! The rollout itself: its phases in their true order with what has not run, and what people can do
//! to it.

use jobrun_viewer::stand_in::{Calls, Fault, LoggedRequest};

use crate::viewer::{ALERTS, ANALYSIS, CANARY, DONE, EMPTY, LIVE, Rollout, Setup, Viewer, name};

/// Waits for somebody to advance it to stable.
const WAITING: Rollout = ("inventory", "rel-20261124-83c1f0e", "prod-gke");
/// Its canary was skipped.
const SKIPPED: Rollout = ("thumbnails", "rel-20261123-5f20b6a", "prod-gke");

/// The phases and lanes as they are read: `phase note | lane note, lane note`.
async fn outline(viewer: &Viewer) -> Vec<String> {
    let told = viewer
        .js("const text = (e, css) => e.querySelector(css)?.textContent ?? '';
             return [...document.querySelectorAll('.phase')].map(phase =>
               (text(phase, '.phase-name') + ' ' + text(phase, '.phase-note')).trim() + ' | ' +
               [...phase.querySelectorAll('.lane')].map(lane =>
                 (text(lane, '.lane-job') + ' ' + text(lane, '.lane-note')).trim()).join(', '))")
        .await;
    serde_json::from_value(told).expect("texts")
}

fn actions(viewer: &Viewer) -> Vec<LoggedRequest> {
    viewer.stand_in().requests().into_iter().filter(LoggedRequest::is_act).collect()
}

/// Presses a button that asks, and confirms.
async fn act(viewer: &Viewer, label: &str) {
    viewer.click_text(".ask > button", label).await;
    viewer.see("dialog[open]").await;
    viewer.click_text("dialog[open] button[type=submit]", label).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn phases_stand_in_their_order_with_what_has_not_run() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    viewer.see(".rollout-facts .state-badge.is-failed").await;
    assert_eq!(
        outline(&viewer).await,
        [
            "canary-25 | deploy, verify",
            "canary-50 | deploy, verify",
            "stable not begun | deploy not run yet, verify not run yet"
        ]
    );
    viewer.see_text(".rollout-target", "to prod-gke").await;
    viewer.see_text(".rollout-failure code", "EXECUTION_FAILED").await;
    viewer.see_text(".rollout-failure", "canary-50").await;
    viewer.goto(&viewer.url_of(&name(SKIPPED))).await;
    viewer.see_text(".phase-note", "skipped").await;
    let told = outline(&viewer).await;
    assert!(told[0].contains("skipped:") && told[0].contains("deploy skipped"), "{told:?}");
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollout_that_waits_for_approval_can_be_approved() {
    let viewer = Viewer::show(Setup::default(), EMPTY).await;
    viewer.see_text(".rollout-facts .state-badge", "Waits for approval").await;
    viewer
        .until(r"/It has waited for approval for 2[5-9] m/.test(document.querySelector('.rollout-remarks')?.innerText)")
        .await;
    let told = outline(&viewer).await;
    assert!(told[0].contains("not run yet"), "{told:?}");
    act(&viewer, "Approve").await;
    viewer.gone("dialog[open]").await;
    viewer.see_text(".rollout-remarks", "Approved after").await;
    viewer.gone(".rollout-offers .primary").await;
    let sent = actions(&viewer);
    assert_eq!(sent.len(), 1);
    assert!(sent[0].path_and_query.ends_with(&format!("{}:approve", name(EMPTY))), "{:?}", sent[0]);
    assert_eq!(sent[0].body, "{\"approved\":true}");
    viewer.advance(30);
    viewer.see(".bar").await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollout_can_be_rejected_and_cancelled() {
    for (rollout, label, state) in [(EMPTY, "Reject", "Rejected"), (LIVE, "Cancel rollout", "Cancel")] {
        let viewer = Viewer::show(Setup::default(), rollout).await;
        viewer.click_text(".ask > button", label).await;
        viewer.see("dialog[open]").await;
        // Enter must not do what cannot be undone.
        assert_eq!(viewer.js("return document.activeElement.innerText").await, "Leave it as it is");
        viewer.click_text("dialog[open] button", "Leave it as it is").await;
        viewer.gone("dialog[open]").await;
        assert!(actions(&viewer).is_empty());
        act(&viewer, label).await;
        viewer.see_text(".rollout-facts .state-badge", state).await;
        viewer.gone(".rollout-offers .ask").await;
        assert_eq!(actions(&viewer).len(), 1);
        viewer.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phase_that_waits_can_be_advanced_to() {
    let viewer = Viewer::show(Setup::default(), WAITING).await;
    viewer.see_text(".rollout-remarks", "Phase stable waits for somebody").await;
    let before = viewer.count(".bar").await;
    act(&viewer, "Advance to stable").await;
    viewer.gone("dialog[open]").await;
    assert_eq!(actions(&viewer)[0].body, "{\"phaseId\":\"stable\"}");
    viewer.advance(20);
    viewer.until(&format!("document.querySelectorAll('.bar').length > {before}")).await;
    viewer
        .until("!document.querySelector('.rollout-remarks').textContent.includes('waits for somebody')")
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_job_can_be_retried_or_ignored() {
    for (label, method) in [("Retry job", "retryJob"), ("Ignore failure", "ignoreJob")] {
        let viewer = Viewer::show(Setup::default(), ALERTS).await;
        let before = viewer.count(".bar").await;
        // Twice in one turn of the event loop, which is as fast as can be.
        viewer.click_text(".run-actions .ask > button", label).await;
        viewer.see("dialog[open]").await;
        viewer
            .js("const b = document.querySelector('dialog[open] button[type=submit]'); b.click(); b.click()")
            .await;
        viewer.gone("dialog[open]").await;
        let sent = actions(&viewer);
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert!(sent[0].path_and_query.ends_with(method), "{:?}", sent[0]);
        assert_eq!(sent[0].body, "{\"phaseId\":\"stable\",\"jobId\":\"analysis\"}");
        match method {
            "retryJob" => {
                viewer.advance(10);
                viewer.until(&format!("document.querySelectorAll('.bar').length > {before}")).await;
                viewer.see_text(".lane-attempts", "×2").await;
            }
            _ => viewer.see_text(".lane-note", "failure ignored").await,
        }
        viewer.gone(".run-actions .primary").await;
        viewer.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_action_is_explained_and_nothing_is_sent_twice() {
    let mut viewer = Viewer::show(Setup::default(), ALERTS).await;
    viewer.expect_error("status of 403");
    viewer.stand_in().add_fault(Fault::status(403).on(Calls::Act));
    act(&viewer, "Retry job").await;
    let shown = viewer.trouble("Not allowed").await;
    for part in
        ["clouddeploy.rollouts.retryJob", "roles/clouddeploy.operator", "The rollout was not touched."]
    {
        assert!(shown.contains(part), "no {part}: {shown}");
    }
    assert_eq!(actions(&viewer).len(), 1);
    viewer.finish().await;

    let mut viewer = Viewer::show(Setup::default(), ANALYSIS).await;
    viewer.expect_error("status of 400");
    act(&viewer, "Cancel rollout").await;
    let shown = viewer.trouble("It was refused").await;
    assert!(shown.contains("A deploy policy forbids it now."), "{shown}");
    // It may be named as gcloud takes it.
    viewer.see("dialog[open] details[open] textarea").await;
    viewer.type_into("dialog[open] textarea", "prod-change-freeze").await;
    viewer.confirm("Cancel rollout").await;
    viewer.gone("dialog[open]").await;
    let sent = actions(&viewer).pop().expect("it was sent");
    let policy = "projects/standin-project/locations/us-central1/deployPolicies/prod-change-freeze";
    assert_eq!(sent.body, format!("{{\"overrideDeployPolicy\":[\"{policy}\"]}}"));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_rollout_its_runs_are_shown() {
    let mut viewer = Viewer::start(Setup::default()).await;
    viewer.expect_error("status of 403");
    viewer.stand_in().add_fault(Fault::status(403).on(Calls::GetRollout));
    viewer.goto(&viewer.url_of(&name(DONE))).await;
    viewer.see_text(".notice.is-warning", "clouddeploy.rollouts.get is missing").await;
    assert_eq!(viewer.count(".bar").await, 4);
    assert_eq!(viewer.count(".rollout-facts .state-badge, .rollout-offers .ask").await, 0);
    viewer.finish().await;
}

/// Approves a rollout as somebody else does meanwhile.
async fn approved_elsewhere(viewer: &Viewer, rollout: Rollout) {
    let base = viewer.stand_in().base_url();
    viewer
        .js(&format!(
            "fetch('{base}/v1/{}:approve', {{ method: 'POST', body: '{{\"approved\":true}}',
               headers: {{ 'Content-Type': 'application/json' }} }})",
            name(rollout)
        ))
        .await;
    viewer.until_so("it is approved", || actions(viewer).iter().any(|act| act.status == Some(200))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_since_it_is_no_longer_offered_is_still_said() {
    let mut viewer = Viewer::show(Setup::default(), EMPTY).await;
    viewer.expect_error("status of 400");
    for label in ["Approve", "Reject"] {
        viewer.see_text(".ask > button", label).await;
    }
    viewer.click_text(".ask > button", "Approve").await;
    viewer.see("dialog[open]").await;
    // Nobody looks, so that no poll tells of it before the click.
    viewer.hide(true).await;
    viewer.loaded().await;
    approved_elsewhere(&viewer, EMPTY).await;
    viewer.click_text("dialog[open] button[type=submit]", "Approve").await;
    viewer.see_text("dialog[open] .trouble h2", "Not possible now").await;
    // The rollout is read again, and offers other things; the answer stays until somebody has read it.
    viewer.see_text(".rollout-facts .state-badge", "In progress").await;
    viewer.see_text("dialog[open] .trouble h2", "Not possible now").await;
    viewer.see_text("dialog[open] .dialog-hindrance", "This cannot be done any more.").await;
    viewer.see("dialog[open] button[type=submit]:disabled").await;
    viewer.click_text("dialog[open] button", "Leave it as it is").await;
    viewer.gone("dialog[open]").await;
    viewer
        .until("![...document.querySelectorAll('.ask > button')].some(b => b.innerText === 'Approve')")
        .await;
    viewer.until("document.activeElement.matches('main, .run-panel')").await;
    viewer.finish().await;
}

//! The rollout itself: its phases in their true order with what has not run, and what people can do
//! to it.

use const_format::formatcp;
use jobrun_viewer::stand_in::{Calls, Fault, LoggedRequest};

use crate::select;
use crate::viewer::{ALERTS, ANALYSIS, CANARY, DONE, EMPTY, LIVE, Rollout, Setup, Viewer, name};

/// Waits for somebody to advance it to stable.
const WAITING: Rollout = ("inventory", "rel-20261124-83c1f0e", "prod-gke");
/// Its canary was skipped.
const SKIPPED: Rollout = ("thumbnails", "rel-20261123-5f20b6a", "prod-gke");

/// The phases and lanes as they are read: `phase note | lane note, lane note`.
async fn outline(viewer: &Viewer) -> Vec<String> {
    let told = viewer
        .js(formatcp!(
            "const text = (e, css) => e.querySelector(css)?.textContent ?? '';
             return [...document.querySelectorAll({phase:?})].map(phase =>
               (text(phase, {phase_name:?}) + ' ' + text(phase, {phase_note:?})).trim() + ' | ' +
               [...phase.querySelectorAll({lane:?})].map(lane =>
                 (text(lane, {lane_job:?}) + ' ' + text(lane, {lane_note:?})).trim()).join(', '))",
            phase = select::timeline::PHASE,
            phase_name = select::timeline::PHASE_NAME,
            phase_note = select::timeline::PHASE_NOTE,
            lane = select::timeline::LANE,
            lane_job = select::timeline::LANE_JOB,
            lane_note = select::timeline::LANE_NOTE
        ))
        .await;
    serde_json::from_value(told).expect("texts")
}

fn actions(viewer: &Viewer) -> Vec<LoggedRequest> {
    viewer
        .stand_in()
        .requests()
        .into_iter()
        .filter(LoggedRequest::is_act)
        .collect()
}

/// Presses a button that asks, and confirms.
async fn act(viewer: &Viewer, label: &str) {
    viewer.click_text(select::rollout::ASK, label).await;
    viewer.wait_for(select::dialogs::DIALOG).await;
    viewer.click_text(select::dialogs::CONFIRM, label).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn phases_stand_in_their_order_with_what_has_not_run() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    viewer.wait_for(select::rollout::BADGE_FAILED).await;
    assert_eq!(
        outline(&viewer).await,
        [
            "canary-25 | deploy, verify",
            "canary-50 | deploy, verify",
            "stable not begun | deploy not run yet, verify not run yet"
        ]
    );
    viewer
        .wait_for_text(select::rollout::TARGET, "to prod-gke")
        .await;
    viewer
        .wait_for_text(select::rollout::FAILURE_CODE, "EXECUTION_FAILED")
        .await;
    viewer
        .wait_for_text(select::rollout::FAILURE, "canary-50")
        .await;
    viewer.goto(&viewer.url_of(&name(SKIPPED))).await;
    viewer
        .wait_for_text(select::timeline::PHASE_NOTE, "skipped")
        .await;
    let told = outline(&viewer).await;
    assert!(
        told[0].contains("skipped:") && told[0].contains("deploy skipped"),
        "{told:?}"
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollout_that_waits_for_approval_can_be_approved() {
    let viewer = Viewer::show(Setup::default(), EMPTY).await;
    viewer
        .wait_for_text(select::rollout::BADGE, "Waits for approval")
        .await;
    viewer
        .wait_until_js(formatcp!(
            r"/It has waited for approval for 2[5-9] m/.test(document.querySelector({remarks:?})?.innerText)",
            remarks = select::rollout::REMARKS
        ))
        .await;
    let told = outline(&viewer).await;
    assert!(told[0].contains("not run yet"), "{told:?}");
    act(&viewer, "Approve").await;
    viewer.wait_gone(select::dialogs::DIALOG).await;
    viewer
        .wait_for_text(select::rollout::REMARKS, "Approved after")
        .await;
    viewer.wait_gone(select::rollout::PRIMARY_ACTION).await;
    let sent = actions(&viewer);
    assert_eq!(sent.len(), 1);
    assert!(
        sent[0]
            .path_and_query
            .ends_with(&format!("{}:approve", name(EMPTY))),
        "{:?}",
        sent[0]
    );
    assert_eq!(sent[0].body, "{\"approved\":true}");
    viewer.advance(30);
    viewer.wait_for(select::timeline::BAR).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollout_can_be_rejected_and_cancelled() {
    for (rollout, label, state) in [
        (EMPTY, "Reject", "Rejected"),
        (LIVE, "Cancel rollout", "Cancel"),
    ] {
        let viewer = Viewer::show(Setup::default(), rollout).await;
        viewer.click_text(select::rollout::ASK, label).await;
        viewer.wait_for(select::dialogs::DIALOG).await;
        // Enter must not do what cannot be undone.
        assert_eq!(
            viewer.js("return document.activeElement.innerText").await,
            "Leave it as it is"
        );
        viewer
            .click_text(select::dialogs::BUTTON, "Leave it as it is")
            .await;
        viewer.wait_gone(select::dialogs::DIALOG).await;
        assert!(actions(&viewer).is_empty());
        act(&viewer, label).await;
        viewer.wait_for_text(select::rollout::BADGE, state).await;
        viewer.wait_gone(select::rollout::ACTION).await;
        assert_eq!(actions(&viewer).len(), 1);
        viewer.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phase_that_waits_can_be_advanced_to() {
    let viewer = Viewer::show(Setup::default(), WAITING).await;
    viewer
        .wait_for_text(select::rollout::REMARKS, "Phase stable waits for somebody")
        .await;
    let before = viewer.count(select::timeline::BAR).await;
    act(&viewer, "Advance to stable").await;
    viewer.wait_gone(select::dialogs::DIALOG).await;
    assert_eq!(actions(&viewer)[0].body, "{\"phaseId\":\"stable\"}");
    viewer.advance(20);
    viewer
        .wait_until_js(&format!(
            "document.querySelectorAll({bar:?}).length > {before}",
            bar = select::timeline::BAR
        ))
        .await;
    viewer
        .wait_until_js(formatcp!(
            "!document.querySelector({remarks:?}).textContent.includes('waits for somebody')",
            remarks = select::rollout::REMARKS
        ))
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_job_can_be_retried_or_ignored() {
    for (label, method) in [("Retry job", "retryJob"), ("Ignore failure", "ignoreJob")] {
        let viewer = Viewer::show(Setup::default(), ALERTS).await;
        let before = viewer.count(select::timeline::BAR).await;
        // Twice in one turn of the event loop, which is as fast as can be.
        viewer
            .click_text(select::run_panel::ACTION_ASK, label)
            .await;
        viewer.wait_for(select::dialogs::DIALOG).await;
        viewer
            .js(formatcp!(
                "const b = document.querySelector({confirm:?}); b.click(); b.click()",
                confirm = select::dialogs::CONFIRM
            ))
            .await;
        viewer.wait_gone(select::dialogs::DIALOG).await;
        let sent = actions(&viewer);
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert!(sent[0].path_and_query.ends_with(method), "{:?}", sent[0]);
        assert_eq!(
            sent[0].body,
            "{\"phaseId\":\"stable\",\"jobId\":\"analysis\"}"
        );
        match method {
            "retryJob" => {
                viewer.advance(10);
                viewer
                    .wait_until_js(&format!(
                        "document.querySelectorAll({bar:?}).length > {before}",
                        bar = select::timeline::BAR
                    ))
                    .await;
                viewer
                    .wait_for_text(select::timeline::LANE_ATTEMPTS, "×2")
                    .await;
            }
            _ => {
                viewer
                    .wait_for_text(select::timeline::LANE_NOTE, "failure ignored")
                    .await
            }
        }
        viewer.wait_gone(select::run_panel::PRIMARY_ACTION).await;
        viewer.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_action_is_explained_and_nothing_is_sent_twice() {
    let mut viewer = Viewer::show(Setup::default(), ALERTS).await;
    viewer.expect_error("status of 403");
    viewer
        .stand_in()
        .add_fault(Fault::status(403).on(Calls::Act));
    act(&viewer, "Retry job").await;
    let shown = viewer.wait_for_error("Not allowed").await;
    for part in [
        "clouddeploy.rollouts.retryJob",
        "roles/clouddeploy.operator",
        "The rollout was not touched.",
    ] {
        assert!(shown.contains(part), "no {part}: {shown}");
    }
    assert_eq!(actions(&viewer).len(), 1);
    viewer.finish().await;

    let mut viewer = Viewer::show(Setup::default(), ANALYSIS).await;
    viewer.expect_error("status of 400");
    act(&viewer, "Cancel rollout").await;
    let shown = viewer.wait_for_error("It was refused").await;
    assert!(shown.contains("A deploy policy forbids it now."), "{shown}");
    // It may be named as gcloud takes it.
    viewer.wait_for(select::dialogs::OPEN_POLICIES).await;
    viewer
        .type_into(select::dialogs::POLICIES, "prod-change-freeze")
        .await;
    viewer.confirm("Cancel rollout").await;
    viewer.wait_gone(select::dialogs::DIALOG).await;
    let sent = actions(&viewer).pop().expect("it was sent");
    let policy = "projects/standin-project/locations/us-central1/deployPolicies/prod-change-freeze";
    assert_eq!(
        sent.body,
        format!("{{\"overrideDeployPolicy\":[\"{policy}\"]}}")
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_rollout_its_runs_are_shown() {
    let mut viewer = Viewer::start(Setup::default()).await;
    viewer.expect_error("status of 403");
    viewer
        .stand_in()
        .add_fault(Fault::status(403).on(Calls::GetRollout));
    viewer.goto(&viewer.url_of(&name(DONE))).await;
    viewer
        .wait_for_text(select::page::WARNING, "clouddeploy.rollouts.get is missing")
        .await;
    assert_eq!(viewer.count(select::timeline::BAR).await, 4);
    assert_eq!(viewer.count(select::rollout::BADGE_OR_ACTION).await, 0);
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
    viewer
        .wait_until("it is approved", || {
            actions(viewer).iter().any(|act| act.status == Some(200))
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_since_it_is_no_longer_offered_is_still_said() {
    let mut viewer = Viewer::show(Setup::default(), EMPTY).await;
    viewer.expect_error("status of 400");
    for label in ["Approve", "Reject"] {
        viewer.wait_for_text(select::rollout::ASK, label).await;
    }
    viewer.click_text(select::rollout::ASK, "Approve").await;
    viewer.wait_for(select::dialogs::DIALOG).await;
    // Nobody looks, so that no poll tells of it before the click.
    viewer.hide(true).await;
    viewer.wait_loaded().await;
    approved_elsewhere(&viewer, EMPTY).await;
    viewer.click_text(select::dialogs::CONFIRM, "Approve").await;
    viewer
        .wait_for_text(select::dialogs::ERROR_TITLE, "Not possible now")
        .await;
    // The rollout is read again, and offers other things; the answer stays until somebody has read it.
    viewer
        .wait_for_text(select::rollout::BADGE, "In progress")
        .await;
    viewer
        .wait_for_text(select::dialogs::ERROR_TITLE, "Not possible now")
        .await;
    viewer
        .wait_for_text(
            select::dialogs::DISABLED_REASON,
            "This cannot be done any more.",
        )
        .await;
    viewer.wait_for(select::dialogs::CONFIRM_DISABLED).await;
    viewer
        .click_text(select::dialogs::BUTTON, "Leave it as it is")
        .await;
    viewer.wait_gone(select::dialogs::DIALOG).await;
    viewer
        .wait_until_js(formatcp!(
            "![...document.querySelectorAll({ask:?})].some(b => b.innerText === 'Approve')",
            ask = select::rollout::ASK
        ))
        .await;
    viewer
        .wait_until_js(&select::has_focus(select::run_panel::FOCUS_AFTER_ACTION))
        .await;
    viewer.finish().await;
}

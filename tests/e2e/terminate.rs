//! Stopping a run: asked for once, said before, and shown until it is over.

use const_format::formatcp;
use jobrun_viewer::stand_in::{Calls, Fault, FaultKind};
use serde_json::Value;

use crate::browser::keys;
use crate::select;
use crate::viewer::{
    ANALYSIS, ANY_POLL, CONTROLLER, Json, LIVE, QUEUED, Rollout, Setup, TERMINATE, Viewer, name,
};

/// Opens a rollout's run and its dialog.
async fn ask(setup: Setup, rollout: Rollout, job: &str) -> (Viewer, Json) {
    let viewer = Viewer::show(setup, rollout).await;
    let run = viewer.run(rollout, job);
    viewer.select(rollout, &run).await;
    viewer.click(TERMINATE).await;
    viewer.wait_for(select::dialogs::DIALOG).await;
    (viewer, run)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dialog_names_the_run_and_can_be_left() {
    let (viewer, run) = ask(Setup::default(), LIVE, "verify").await;
    let dialog = viewer
        .js(formatcp!(
            "return document.querySelector({dialog:?}).textContent",
            dialog = select::dialogs::DIALOG
        ))
        .await;
    let dialog = dialog.as_str().expect("a text");
    let place = viewer.text(select::dialogs::CONTEXT).await;
    assert_eq!(place, "In prod of checkout, project standin-project");
    for part in [
        "Terminate this job run?",
        "In progress",
        "verify in stable, attempt 1 of 1",
        run.id(),
    ] {
        assert!(dialog.contains(part), "no {part}: {dialog}");
    }
    assert!(dialog.contains("nothing is rolled back"), "{dialog}");
    // Enter must not do what cannot be undone.
    assert_eq!(
        viewer.js("return document.activeElement.innerText").await,
        "Keep it running"
    );

    let ways: [&[&str]; 3] = [&["Keep it running"], &[keys::ESCAPE], &[keys::ENTER]];
    for way in ways {
        viewer.wait_for(select::dialogs::DIALOG).await;
        match way {
            ["Keep it running"] => {
                viewer
                    .click_text(select::dialogs::BUTTON, "Keep it running")
                    .await
            }
            key => viewer.press(key[0]).await,
        }
        viewer.wait_gone(select::dialogs::DIALOG).await;
        // The focus is where it was.
        viewer
            .wait_until_js(&format!(
                "document.activeElement === document.querySelector({TERMINATE:?})"
            ))
            .await;
        viewer.press(keys::ENTER).await;
    }
    viewer.wait_for(select::dialogs::DIALOG).await;
    viewer.press(keys::ESCAPE).await;
    viewer.wait_for_list().await;
    assert!(viewer.terminations().is_empty());
    assert_eq!(viewer.panel().await.badge.text, "In progress");
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_asks_once_and_the_end_is_shown() {
    let (viewer, run) = ask(Setup::long_ago(), LIVE, "verify").await;
    viewer
        .stand_in()
        .add_fault(Fault::from(FaultKind::Delay { ms: 3_000 }).on(Calls::Terminate));
    // Both clicks in one turn of the event loop, which is as fast as can be.
    let told = viewer
        .js(formatcp!(
            "const b = document.querySelector({danger:?}); b.click(); b.click(); b.click();
             return new Promise(done => setTimeout(() => {{
               const told = [b.disabled, b.innerText.includes('Terminating…')];
               b.form.requestSubmit();
               done(told);
             }}))",
            danger = select::dialogs::DANGER
        ))
        .await;
    assert_eq!(told, serde_json::json!([true, true]));

    viewer.wait_gone(select::dialogs::DIALOG).await;
    viewer
        .wait_for_text(select::run_panel::BADGE_TERMINATING, "Terminating")
        .await;
    viewer
        .wait_for_text(select::run_panel::STATE_NOTE, "it was asked to stop")
        .await;
    viewer
        .wait_for(&select::timeline::bar_in_state(run.id(), "is-terminating"))
        .await;
    viewer.wait_for(&select::disabled(TERMINATE)).await;
    viewer
        .wait_for_text(
            select::rollout::VERDICT_HEADLINE,
            "verify is being terminated in stable",
        )
        .await;
    viewer.wait_for_list().await;

    viewer.advance(10);
    viewer
        .wait_for_text(select::run_panel::BADGE_TERMINATED, "Terminated")
        .await;
    viewer
        .wait_for_text(
            select::rollout::VERDICT_HEADLINE,
            "verify was terminated in stable",
        )
        .await;
    viewer
        .wait_for(&select::timeline::bar_in_state(run.id(), "is-terminated"))
        .await;
    viewer.wait_for(&select::disabled(TERMINATE)).await;
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, "Up to date")
        .await;
    viewer.wait_for(select::timeline::NOW_LINE_OFF).await;

    viewer.no_list_for(ANY_POLL).await;
    let sent = viewer.terminations();
    assert_eq!(sent.len(), 1);
    let rollout = crate::viewer::name(LIVE);
    assert_eq!(
        sent[0].path_and_query,
        format!("/v1/{rollout}/jobRuns/{}:terminate", run.id())
    );
    assert_eq!((sent[0].body.as_str(), sent[0].status), ("{}", Some(200)));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_waits_can_be_terminated_too() {
    let (viewer, run) = ask(Setup::default(), QUEUED, "deploy").await;
    viewer.confirm("Terminate the run").await;
    viewer
        .wait_for_text(select::run_panel::BADGE, "Terminating")
        .await;
    viewer.advance(10);
    viewer
        .wait_for_text(select::run_panel::BADGE, "Terminated")
        .await;
    assert_eq!(
        viewer.panel().await.times[1].0,
        "not given",
        "it never started"
    );
    viewer.wait_for(&select::timeline::waited(run.id())).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_finished_meanwhile_cannot_be_terminated_and_that_is_said() {
    let (mut viewer, _) = ask(Setup::default(), LIVE, "verify").await;
    viewer.expect_error("status of 400");
    // Nobody looks, so that no poll tells of the end before the click.
    viewer.hide(true).await;
    // What was on its way may still come.
    viewer.wait_loaded().await;
    viewer.advance(600);
    viewer.confirm("Terminate the run").await;
    let shown = viewer.wait_for_error("Terminate was refused").await;
    for part in [
        "only a run in progress can be terminated",
        "This request changed nothing.",
        "Look at the run's state now.",
        "FAILED_PRECONDITION: The job run is SUCCEEDED",
    ] {
        assert!(shown.contains(part), "no {part}: {shown}");
    }
    // The run is read again, and the answer stays.
    viewer
        .wait_for_text(select::dialogs::ANY_RUN_BADGE, "Succeeded")
        .await;
    viewer.wait_for(select::dialogs::ERROR).await;
    viewer.wait_for(select::dialogs::DANGER_DISABLED).await;
    viewer
        .click_text(select::dialogs::BUTTON, "Keep it running")
        .await;
    viewer.wait_for(&select::disabled(TERMINATE)).await;
    assert_eq!(viewer.terminations().len(), 1);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_policy_is_explained_and_can_be_overridden() {
    let (mut viewer, _) = ask(Setup::default(), ANALYSIS, "analysis").await;
    viewer.expect_error("status of 400");
    viewer.wait_for(select::dialogs::DETAILS_CLOSED).await;
    viewer.confirm("Terminate the run").await;
    let shown = viewer.wait_for_error("Terminate was refused").await;
    let policy = "projects/987654321098/locations/us-central1/deployPolicies/prod-change-freeze";
    for part in [
        "A deploy policy forbids it now",
        "clouddeploy.deployPolicies.override",
        "The run was not touched.",
        policy,
        "no-manual-termination",
        "not terminated by hand during the change freeze",
    ] {
        assert!(shown.contains(part), "no {part}: {shown}");
    }
    assert_eq!(viewer.panel().await.badge.text, "In progress");

    viewer.wait_for(select::dialogs::DETAILS_OPEN).await;
    viewer
        .click_text(select::dialogs::BUTTON, "Name it above")
        .await;
    viewer
        .wait_until_js(&format!(
            "document.querySelector({policies:?}).value === '{policy}'",
            policies = select::dialogs::POLICIES
        ))
        .await;
    assert_eq!(
        viewer.terminations().len(),
        1,
        "to name it is not yet to override it"
    );
    viewer.confirm("Terminate the run").await;
    viewer.wait_gone(select::dialogs::DIALOG).await;
    viewer
        .wait_for_text(select::run_panel::BADGE, "Terminating")
        .await;
    let bodies: Vec<Value> = viewer
        .terminations()
        .iter()
        .map(|request| serde_json::from_str(&request.body).expect("the body is JSON"))
        .collect();
    assert_eq!(
        bodies,
        [
            serde_json::json!({}),
            serde_json::json!({ "overrideDeployPolicy": [policy] })
        ]
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_have_been_carried_out_is_not_sent_again() {
    let (mut viewer, _) = ask(Setup::default(), LIVE, "verify").await;
    viewer.expect_error("status of 503");
    viewer.expect_error("net::ERR_");
    viewer
        .stand_in()
        .add_fault(Fault::status(503).on(Calls::Terminate).times(1));
    viewer.confirm("Terminate the run").await;
    let shown = viewer.wait_for_error("The server has trouble").await;
    for part in [
        "may or may not have been carried out",
        "It is not sent again by itself",
        "UNAVAILABLE",
    ] {
        assert!(shown.contains(part), "no {part}: {shown}");
    }
    viewer.wait_for_list().await;
    viewer.wait_for_list().await;
    assert_eq!(viewer.terminations().len(), 1);
    assert_eq!(
        viewer.panel().await.badge.text,
        "In progress",
        "it was not carried out"
    );

    // The person may. This time it is carried out, and the answer gets lost.
    viewer.stand_in().add_fault(
        Fault::from(FaultKind::Truncated)
            .on(Calls::Terminate)
            .times(1),
    );
    viewer.confirm("Terminate the run").await;
    let shown = viewer.wait_for_error("No answer").await;
    assert!(
        shown.contains("The request may or may not have arrived."),
        "{shown}"
    );
    viewer
        .wait_for_text(select::run_panel::BADGE, "Terminating")
        .await;
    viewer
        .wait_for_text(select::dialogs::ANY_RUN_BADGE, "Terminating")
        .await;
    viewer.wait_for(select::dialogs::DANGER_DISABLED).await;
    assert_eq!(viewer.terminations().len(), 2);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_refusals_are_explained_too() {
    let (mut viewer, _) = ask(Setup::default(), LIVE, "verify").await;
    for (status, title, part) in [
        (401, "Sign-in needed", "The run was not touched."),
        (403, "Not allowed", "roles/clouddeploy.operator has it"),
        (404, "Not found", "The run was not touched."),
        (
            409,
            "Terminate was refused",
            "This request changed nothing.",
        ),
        (429, "Too many requests", "The run was not touched."),
    ] {
        viewer.expect_error("Failed to load resource: the server responded with a status of 4");
        viewer
            .stand_in()
            .add_fault(Fault::status(status).on(Calls::Terminate).times(1));
        viewer.confirm("Terminate the run").await;
        let shown = viewer.wait_for_error(title).await;
        assert!(shown.contains(part), "{status}: {shown}");
    }
    assert_eq!(viewer.terminations().len(), 5, "each was sent once");
    // What was refused is no more when the dialog is opened again.
    viewer
        .click_text(select::dialogs::BUTTON, "Keep it running")
        .await;
    viewer.click(TERMINATE).await;
    viewer.wait_for(select::dialogs::DIALOG).await;
    viewer.wait_gone(select::errors::BOX).await;
    viewer.confirm("Terminate the run").await;
    viewer
        .wait_for_text(select::run_panel::BADGE, "Terminating")
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_small_window_a_refusal_comes_into_sight() {
    let (mut viewer, _) = ask(Setup::default(), LIVE, "verify").await;
    viewer.expect_error("status of 403");
    viewer.resize((640, 450)).await;
    viewer.wait_until_js("innerHeight === 450").await;
    viewer
        .stand_in()
        .add_fault(Fault::status(403).on(Calls::Terminate).times(1));
    viewer.confirm("Terminate the run").await;
    viewer.wait_for_error("Not allowed").await;
    viewer
        .wait_until_js(formatcp!(
            "(() => {{ const box = document.querySelector({error:?}).getBoundingClientRect();
              return box.top >= 0 && box.bottom <= innerHeight }})()",
            error = select::dialogs::ERROR
        ))
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_can_be_pasted_where_terminate_asks_for_one() {
    let (mut viewer, _) = ask(Setup::default(), LIVE, "verify").await;
    viewer.expect_error("status of 401");
    viewer
        .stand_in()
        .add_fault(Fault::status(401).on(Calls::Terminate).times(1));
    viewer.confirm("Terminate the run").await;
    viewer.wait_for_error("Sign-in needed").await;
    viewer
        .click_text(select::dialogs::ERROR_BUTTON, "Paste a token")
        .await;
    viewer
        .wait_until_js("document.activeElement.name === 'token'")
        .await;
    viewer.press("t0ken").await;
    viewer.list_after(viewer.press(keys::ENTER)).await;
    viewer
        .wait_for_text(select::session::TOP_BAR_STATE, "Token in use")
        .await;
    assert_eq!(
        viewer.terminations().len(),
        1,
        "a token is no order to terminate"
    );
    // The dialog of the run is still there to go on with.
    viewer.confirm("Terminate the run").await;
    viewer
        .wait_for_text(select::run_panel::BADGE, "Terminating")
        .await;
    let sent: Vec<bool> = viewer
        .terminations()
        .iter()
        .map(|request| request.authorized)
        .collect();
    assert_eq!(sent, [false, true]);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_of_a_controller_rollout_send_the_reader_to_the_child() {
    let viewer = Viewer::show(Setup::default(), CONTROLLER).await;
    let run = viewer
        .runs(CONTROLLER)
        .into_iter()
        .find(|run| run.state() == "IN_PROGRESS")
        .expect("one goes on");
    viewer.select(CONTROLLER, &run).await;
    let terminate = viewer.panel().await.terminate;
    assert!(!terminate.enabled);
    assert!(
        terminate.beside.contains("Open the child rollout instead"),
        "{terminate:?}"
    );
    assert_eq!(terminate.reason, terminate.beside);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_by_the_projects_number_terminates_by_it() {
    let viewer = Viewer::start(Setup::default()).await;
    let run = viewer.run(LIVE, "verify");
    viewer.goto(&viewer.url_of(run.text("name"))).await;
    viewer.wait_for_run(&run).await;
    viewer.click(TERMINATE).await;
    viewer.confirm("Terminate the run").await;
    viewer
        .wait_for_text(select::run_panel::BADGE, "Terminating")
        .await;
    assert_eq!(
        viewer.terminations()[0].path_and_query,
        format!("/v1/{}:terminate", run.text("name"))
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_about_one_run_stays_one_about_that_run() {
    // Nobody has chosen a run: the viewer shows the one that runs.
    let viewer = Viewer::show(Setup::default(), LIVE).await;
    let run = viewer.run(LIVE, "verify");
    viewer.wait_for_run(&run).await;
    assert_eq!(viewer.address().await, name(LIVE));
    viewer.click(TERMINATE).await;
    viewer.wait_for_text(select::dialogs::RUN, "verify").await;
    viewer.advance(215);
    viewer
        .wait_until_js(&select::count_is(select::timeline::BAR, 4))
        .await;
    viewer
        .wait_for_text(select::dialogs::RUN_BADGE, "Succeeded")
        .await;
    viewer
        .wait_for_text(
            select::dialogs::DISABLED_REASON,
            "Only a run in progress can be terminated.",
        )
        .await;
    viewer.wait_for(select::dialogs::DANGER_DISABLED).await;
    assert!(viewer.text(select::dialogs::RUN).await.contains("verify"));
    viewer.wait_for_run(&run).await;
    assert!(
        viewer
            .address()
            .await
            .ends_with(&format!("/jobRuns/{}", run.id()))
    );
    viewer
        .click_text(select::dialogs::BUTTON, "Keep it running")
        .await;
    viewer.wait_gone(select::dialogs::DIALOG).await;
    assert!(viewer.terminations().is_empty());

    // Another run's panel has a dialog of its own, which is closed.
    let next = viewer.run(LIVE, "postdeploy");
    viewer.select(LIVE, &next).await;
    assert_eq!(viewer.count(select::dialogs::DIALOG).await, 0);
    viewer.finish().await;
}

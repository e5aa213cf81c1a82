//! A token that is pasted, used, and kept nowhere.

use const_format::formatcp;

use crate::browser::keys;
use crate::secrets::is_nowhere;
use crate::select;
use crate::viewer::{CANARY, DONE, LIVE, Setup, Viewer, name};

const TOKEN: &str = "ya29.a-token-that-nobody-else-may-see";

fn locked() -> Setup {
    Setup {
        token: Some(TOKEN),
        ..Setup::default()
    }
}

/// Opens the dialog from an error, and pastes a token.
async fn paste(viewer: &Viewer, token: &str) {
    viewer
        .click_text(select::errors::SIGN_IN_BUTTON, "Paste a token")
        .await;
    give(viewer, token).await;
}

async fn give(viewer: &Viewer, token: &str) {
    viewer.wait_for(select::dialogs::SECRET).await;
    viewer
        .wait_until_js("document.activeElement.name === 'token'")
        .await;
    viewer.press(token).await;
    viewer
        .click_text(select::dialogs::BUTTON, "Use the token")
        .await;
    viewer.wait_gone(select::dialogs::DIALOG).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_token_goes_on_with_what_was_asked() {
    let mut viewer = Viewer::start(locked()).await;
    viewer.expect_error("status of 401");
    let run = viewer
        .runs(CANARY)
        .into_iter()
        .find(|run| run.state() == "FAILED")
        .expect("one failed");
    let address = format!(
        "{}/jobRuns/{}?filter=state%3D%22FAILED%22&tz=utc",
        name(CANARY),
        run.id()
    );
    viewer.goto(&viewer.url_of(&address)).await;
    let shown = viewer.wait_for_error("Sign-in needed").await;
    for part in [
        "who asks",
        "Nothing was changed",
        "gcloud auth print-access-token",
        "UNAUTHENTICATED",
    ] {
        assert!(shown.contains(part), "no {part}: {shown}");
    }
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, "Stopped")
        .await;
    assert_eq!(
        viewer.lists().len(),
        1,
        "what needs a person is not tried again"
    );

    paste(&viewer, TOKEN).await;
    viewer.wait_loaded().await;
    viewer.wait_for_run(&run).await;
    assert_eq!(viewer.address().await, address);
    assert_eq!(viewer.count(select::timeline::BAR).await, 3);
    viewer
        .wait_for_text(select::session::STATE, "Token in use")
        .await;
    assert!(
        viewer
            .lists()
            .last()
            .expect("it was asked again")
            .authorized
    );
    is_nowhere(&viewer, TOKEN).await;

    // It is as safe when something goes wrong, and gone after a reload.
    viewer.goto(&viewer.url_of("")).await;
    viewer.wait_for(select::start::PAGE).await;
    viewer.order("403@list");
    viewer.expect_error("status of 403");
    viewer.goto(&viewer.url_of(&name(DONE))).await;
    viewer.wait_for_error("Not allowed").await;
    is_nowhere(&viewer, TOKEN).await;
    viewer.stand_in().reset_faults();
    viewer.reload().await;
    viewer.wait_for_error("Sign-in needed").await;
    is_nowhere(&viewer, TOKEN).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_runs_out_can_be_replaced_and_forgotten() {
    let mut viewer = Viewer::start(locked()).await;
    viewer.expect_error("status of 401");
    viewer.goto(&viewer.url_of(&name(LIVE))).await;
    viewer.wait_for_error("Sign-in needed").await;
    paste(&viewer, "wrong").await;
    let shown = viewer.wait_for_error("The token is no longer valid").await;
    assert!(shown.contains("about an hour"), "{shown}");
    viewer
        .wait_for_text(select::session::TOP_BAR_STATE, "Token refused")
        .await;
    // Both requests are answered: each answer may draw the box anew, whose dialog is closed then.
    viewer
        .wait_until_js(formatcp!(
            "document.querySelector({rollout_page:?}).ariaBusy === 'false'",
            rollout_page = select::rollout::PAGE
        ))
        .await;

    // The button is now one of two beside the token's state.
    viewer
        .click_text(select::errors::SIGN_IN_BUTTON, "Replace")
        .await;
    give(&viewer, TOKEN).await;
    viewer.wait_loaded().await;
    viewer
        .wait_for_text(select::session::TOP_BAR_STATE, "Token in use")
        .await;
    let bars = viewer.count(select::timeline::BAR).await;

    viewer.order("401@list");
    let shown = viewer.wait_for_error("The token is no longer valid").await;
    assert!(
        shown.contains("What you see is what came before"),
        "{shown}"
    );
    viewer
        .wait_for_text(select::session::TOP_BAR_STATE, "Token refused")
        .await;
    assert_eq!(
        viewer.count(select::timeline::BAR).await,
        bars,
        "what was read stays"
    );
    viewer.no_list_for(crate::viewer::SOME_POLLS).await;
    viewer.stand_in().reset_faults();
    viewer
        .click_text(select::session::TOP_BAR_BUTTON, "Replace")
        .await;
    give(&viewer, TOKEN).await;
    viewer.wait_loaded().await;
    is_nowhere(&viewer, TOKEN).await;

    viewer
        .click_text(select::session::TOP_BAR_BUTTON, "Forget")
        .await;
    viewer.wait_for_error("Sign-in needed").await;
    let lists = viewer.lists();
    let refused = lists
        .iter()
        .rfind(|list| list.status == Some(401))
        .expect("it was asked again");
    assert!(!refused.authorized);
    assert_eq!(viewer.count(select::timeline::BAR).await, bars);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialog_that_is_left_keeps_no_token() {
    let mut viewer = Viewer::start(locked()).await;
    viewer.expect_error("status of 401");
    viewer.goto(&viewer.url_of(&name(DONE))).await;
    viewer.wait_for_error("Sign-in needed").await;
    for escape in [false, true] {
        viewer.click(select::session::TOP_BAR_BUTTON).await;
        viewer.wait_for(select::dialogs::DIALOG).await;
        viewer.press(TOKEN).await;
        match escape {
            true => viewer.press(keys::ESCAPE).await,
            false => viewer.click_text(select::dialogs::BUTTON, "Cancel").await,
        }
        viewer.wait_gone(select::dialogs::DIALOG).await;
        is_nowhere(&viewer, TOKEN).await;
    }
    // Nothing in the field is no token.
    viewer.click(select::session::TOP_BAR_BUTTON).await;
    viewer
        .click_text(select::dialogs::BUTTON, "Use the token")
        .await;
    viewer.wait_gone(select::dialogs::DIALOG).await;
    assert_eq!(viewer.lists().len(), 1);
    viewer.finish().await;
}

/// Google's script, as far as this page uses it: a client that answers at once.
pub const GOOGLE: &str = "
    window.asked = [];
    window.google = { accounts: { oauth2: { initTokenClient: config => ({
        requestAccessToken: options => {
            asked.push([config.client_id, config.scope, config.include_granted_scopes, options.prompt]);
            const answer = window.answers.shift();
            answer.type ? config.error_callback(answer) : config.callback(answer);
        } }) } } };";

async fn with_google(answers: &str) -> Viewer {
    let mut viewer = Viewer::start(locked()).await;
    viewer.expect_error("status of 401");
    let base = viewer.stand_in().base_url();
    let config = serde_json::json!({
        "apiBase": base, "buildBase": base, "storageBase": base, "clientId": "an-id.apps.example",
    });
    viewer.set_config(&config.to_string());
    let source = format!("{GOOGLE} window.answers = {answers};");
    viewer
        .devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            serde_json::json!({ "source": source }),
        )
        .await;
    viewer.goto(&viewer.url_of(&name(DONE))).await;
    viewer.wait_for_error("Sign-in needed").await;
    viewer
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_with_google_goes_on_with_what_was_asked_and_is_renewed() {
    let answers = format!(
        "[{{ type: 'popup_closed' }}, {{ error: 'access_denied' }}, {{ access_token: '{TOKEN}', expires_in: '301' }}, \
          {{ access_token: '{TOKEN}', expires_in: 3600 }}]"
    );
    let viewer = with_google(&answers).await;
    let button = select::session::TOP_BAR_BUTTON;
    viewer.click_text(button, "Sign in with Google").await;
    viewer
        .wait_for_text(select::session::TOP_BAR_PROBLEM, "was closed")
        .await;
    viewer.click_text(button, "Sign in with Google").await;
    viewer
        .wait_for_text(select::session::TOP_BAR_PROBLEM, "Access was not granted")
        .await;
    viewer.click_text(button, "Sign in with Google").await;
    viewer.wait_loaded().await;
    assert_eq!(viewer.count(select::timeline::BAR).await, 4);
    let asked = viewer.js("return window.asked[2]").await;
    let scope = "https://www.googleapis.com/auth/cloud-platform";
    assert_eq!(
        asked,
        serde_json::json!(["an-id.apps.example", scope, false, ""])
    );
    // The end is seen coming, and renewing leaves all as it is.
    viewer
        .wait_for_text(select::session::TOP_BAR_STATE, "Sign-in ends soon")
        .await;
    viewer.click(select::timeline::BAR).await;
    viewer.wait_for(select::timeline::BAR_SHOWN).await;
    viewer.click_text(button, "Renew").await;
    viewer
        .wait_for_text(select::session::TOP_BAR_STATE, "Signed in")
        .await;
    viewer.wait_for(select::timeline::BAR_SHOWN).await;
    is_nowhere(&viewer, TOKEN).await;
    viewer.click_text(button, "Sign out").await;
    viewer.wait_for_error("Sign-in needed").await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_googles_script_a_token_can_still_be_pasted() {
    let mut viewer = Viewer::start(locked()).await;
    viewer.expect_error("status of 401");
    viewer.expect_error("ERR_NAME_NOT_RESOLVED");
    let base = viewer.stand_in().base_url();
    let config = serde_json::json!({
        "apiBase": base, "buildBase": base, "storageBase": base, "clientId": "an-id",
    });
    viewer.set_config(&config.to_string());
    viewer.goto(&viewer.url_of(&name(DONE))).await;
    viewer.wait_for_error("Sign-in needed").await;
    assert!(
        viewer
            .requests()
            .await
            .iter()
            .all(|url| !url.contains("google.com")),
        "nobody has asked yet"
    );
    viewer
        .click_text(select::session::TOP_BAR_BUTTON, "Sign in with Google")
        .await;
    viewer
        .wait_for_text(select::session::TOP_BAR_PROBLEM, "could not be loaded")
        .await;
    viewer
        .click_text(select::session::TOP_BAR_BUTTON, "Paste a token")
        .await;
    give(&viewer, TOKEN).await;
    viewer.wait_loaded().await;
    let outside = viewer.finish_outside().await;
    assert!(
        outside
            .iter()
            .all(|url| url == "https://accounts.google.com/gsi/client"),
        "{outside:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_token_reads_what_wanted_one_and_nothing_else() {
    let mut viewer = Viewer::show(Setup::default(), DONE).await;
    viewer.expect_error("status of 401");
    // Of what is behind a run,
    viewer.order("401@build");
    viewer.select(DONE, &viewer.run(DONE, "deploy")).await;
    viewer
        .wait_for_text(select::build::NOTE_TITLE, "Sign-in needed")
        .await;
    viewer.stand_in().reset_faults();
    viewer
        .click_text(select::build::SIGN_IN, "Paste a token")
        .await;
    give(&viewer, TOKEN).await;
    viewer.wait_for(select::build::STEPS).await;
    // and of a history and a list that were read to their end, nothing.
    let pipeline = name(DONE)
        .split("/releases")
        .next()
        .expect("a part")
        .to_owned();
    for (address, sign) in [
        (format!("history/{pipeline}"), select::history::ROW),
        (pipeline, select::browse::ROW),
    ] {
        viewer.goto(&viewer.url_of(&address)).await;
        viewer.wait_for(sign).await;
        viewer
            .wait_until_js(formatcp!(
                "!document.querySelector({reading:?})",
                reading = select::history::READING
            ))
            .await;
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        let before = viewer.stand_in().requests().len();
        viewer
            .click_text(select::session::TOP_BAR_BUTTON, "Replace")
            .await;
        give(&viewer, "ya29.another").await;
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        assert_eq!(viewer.stand_in().requests().len(), before, "{address}");
        viewer.wait_for(sign).await;
    }
    viewer.finish().await;
}

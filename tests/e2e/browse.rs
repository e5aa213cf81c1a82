//! From a project down to a job run, and what is pasted or was opened lately.

use const_format::formatcp;
use jobrun_viewer::api::http::Reply;
use jobrun_viewer::stand_in::{Calls, Fault, FaultKind};
use serde_json::json;

use crate::browser::{keys, quote};
use crate::select;
use crate::viewer::{CANARY, DONE, LIVE, Setup, Viewer, name};

const PROJECT: &str = "projects/standin-project";
const PIPELINE: &str = "projects/standin-project/locations/us-central1/deliveryPipelines/checkout";
const BOX: &str = select::omnibox::ON_START_PAGE;

#[tokio::test(flavor = "multi_thread")]
async fn one_can_walk_from_a_project_to_a_job_run_and_back_up() {
    let viewer = Viewer::open(Setup::default(), "").await;
    viewer.type_into(BOX, "standin-project").await;
    viewer
        .wait_for_text(
            select::omnibox::HINT,
            "A project, if standin-project is one",
        )
        .await;
    viewer.press(keys::ENTER).await;
    viewer
        .wait_for_text(select::browse::TITLE, "standin-project")
        .await;
    assert_eq!(viewer.address().await, PROJECT);
    for (title, row) in [
        ("Locations", "us-central1"),
        ("Delivery pipelines", "checkout"),
    ] {
        viewer
            .wait_for_text(select::browse::LIST_HEADING, title)
            .await;
        viewer.click_text(select::browse::ID_IN_LIST, row).await;
    }
    // The rollouts, which stand above, may come later.
    viewer
        .wait_until_js(&select::count_is(select::browse::RELEASE_CHIP, 2))
        .await;
    viewer
        .click_text(select::browse::RELEASE_ID, "rel-20261120-3f9c2d1")
        .await;
    viewer
        .wait_for_text(select::browse::TITLE, "rel-20261120-3f9c2d1")
        .await;
    viewer.wait_for_text(select::browse::ROW, "Succeeded").await;
    viewer.click(select::browse::ID_IN_ROW).await;
    viewer.wait_loaded().await;
    assert_eq!(viewer.address().await, name(DONE));
    viewer.click(select::timeline::BAR).await;
    viewer.wait_for(select::run_panel::HEADER).await;
    // Every part of the name leads back up.
    viewer
        .click_text(select::rollout::PATH_LINK, "checkout")
        .await;
    viewer
        .wait_for_text(select::browse::TITLE, "checkout")
        .await;
    assert_eq!(viewer.address().await, PIPELINE);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipelines_rollouts_stand_with_state_and_target_and_can_be_searched() {
    let viewer = Viewer::open(Setup::default(), PIPELINE).await;
    let rows = select::browse::FIRST_ROW;
    viewer.wait_until_js(&select::count_is(rows, 2)).await;
    let told = viewer.texts(rows).await.join("\n");
    for part in ["In progress", "Succeeded", "to prod", "ago"] {
        assert!(told.contains(part), "no {part}: {told}");
    }
    viewer
        .type_into(select::browse::FIRST_SEARCH, "in progress prod")
        .await;
    viewer.wait_until_js(&select::count_is(rows, 1)).await;
    viewer
        .wait_for_text(select::browse::FIRST_COUNT, "1 of 2")
        .await;
    viewer
        .wait_for_text(rows, "rel-20261124-b71e09c-to-prod-0001")
        .await;
    viewer
        .type_into(select::browse::FIRST_SEARCH, " nothing")
        .await;
    viewer
        .wait_for_text(select::browse::FIRST_NOTHING, "Nothing matches the search.")
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_cannot_be_read_says_why_and_can_be_read_again() {
    let mut viewer = Viewer::start(Setup::default()).await;
    viewer.expect_error("status of 403");
    viewer
        .stand_in()
        .add_fault(Fault::status(403).on(Calls::Browse));
    viewer.goto(&viewer.url_of(PROJECT)).await;
    let shown = viewer.wait_for_error("Not allowed").await;
    assert!(
        shown.contains("clouddeploy.locations.list") && shown.contains("roles/clouddeploy.viewer"),
        "{shown}"
    );
    viewer.stand_in().reset_faults();
    viewer.click_text(select::errors::BUTTON, "Try again").await;
    viewer
        .wait_for_text(select::browse::ID, "us-central1")
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_takes_long_can_be_stopped() {
    let viewer = Viewer::start(Setup::default()).await;
    viewer
        .stand_in()
        .add_fault(Fault::from(FaultKind::Delay { ms: 60_000 }).on(Calls::Browse));
    viewer.goto(&viewer.url_of(PROJECT)).await;
    viewer
        .wait_for_text(select::browse::NOTHING, "Reading…")
        .await;
    viewer.click_text(select::browse::LIST_BUTTON, "Stop").await;
    viewer.wait_gone(select::browse::LIST_BUTTON).await;
    // Nobody knows whether there is something.
    viewer
        .wait_for_text(select::browse::NOTHING, "Nothing was read yet.")
        .await;
    viewer.stand_in().reset_faults();
    viewer.click_text(select::browse::MORE, "Read on").await;
    viewer
        .wait_for_text(select::browse::ID, "us-central1")
        .await;
    viewer.finish().await;
}

const LOCATION: &str = "projects/standin-project/locations/us-central1";

#[tokio::test(flavor = "multi_thread")]
async fn pages_appear_as_they_come_and_after_some_of_them_one_is_asked() {
    let viewer = Viewer::open(
        Setup {
            max_page: Some(2),
            ..Setup::default()
        },
        LOCATION,
    )
    .await;
    // Eleven pipelines, of which five pages have ten.
    viewer
        .wait_for_text(select::browse::COUNT, "10 so far")
        .await;
    assert_eq!(viewer.count(select::browse::ROW).await, 10);
    assert_eq!(browsed(&viewer), 5);
    viewer.type_into(select::browse::SEARCH, "checkout").await;
    viewer
        .wait_for_text(select::browse::COUNT, "1 of 10 so far")
        .await;
    viewer.click_text(select::browse::MORE, "Read on").await;
    viewer.wait_for_text(select::browse::COUNT, "1 of 11").await;
    viewer
        .wait_until_js(formatcp!(
            "!document.querySelector({count:?}).innerText.includes('so far')",
            count = select::browse::COUNT
        ))
        .await;
    viewer.wait_gone(select::browse::MORE).await;
    assert_eq!(browsed(&viewer), 6, "what was read is not read again");
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_page_is_there_while_the_second_is_read_and_reading_can_be_stopped() {
    let viewer = Viewer::start(Setup {
        max_page: Some(2),
        ..Setup::default()
    })
    .await;
    viewer.stand_in().add_fault(
        Fault::from(FaultKind::Delay { ms: 60_000 })
            .on(Calls::Browse)
            .sparing(1),
    );
    viewer.goto(&viewer.url_of(LOCATION)).await;
    viewer
        .wait_until_js(&select::count_is(select::browse::ROW, 2))
        .await;
    viewer
        .wait_until("the second page is asked for", || browsed(&viewer) == 2)
        .await;
    viewer
        .wait_for_text(select::browse::COUNT, "2 so far")
        .await;
    viewer.click_text(select::browse::LIST_BUTTON, "Stop").await;
    viewer.wait_for_text(select::browse::MORE, "Read on").await;
    viewer
        .wait_for_text(select::browse::COUNT, "2 so far")
        .await;
    viewer.stand_in().reset_faults();
    viewer.click_text(select::browse::MORE, "Read on").await;
    viewer
        .wait_until_js(&select::count_is(select::browse::ROW, 11))
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_given_up_when_the_page_is_left() {
    let viewer = Viewer::start(Setup::default()).await;
    viewer
        .stand_in()
        .add_fault(Fault::from(FaultKind::Delay { ms: 60_000 }).on(Calls::Browse));
    viewer.goto(&viewer.url_of("")).await;
    // What is read at the start is over.
    viewer.wait_for(select::start::PAGE).await;
    viewer
        .js("window.given = 0; const old = AbortController.prototype.abort;
             AbortController.prototype.abort = function () { window.given += 1; return old.apply(this) }")
        .await;
    viewer.js(&format!("location.hash = '#/{LOCATION}'")).await;
    viewer
        .wait_for_text(select::browse::NOTHING, "Reading…")
        .await;
    viewer
        .wait_until("the list is asked for", || browsed(&viewer) == 1)
        .await;
    assert_eq!(viewer.js("return window.given").await, json!(0));
    viewer.js("location.hash = '#/'").await;
    viewer.wait_until_js("window.given > 0").await;
    viewer.wait_for(select::start::PAGE).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_page_that_fails_leaves_the_earlier_and_is_read_again_alone() {
    let mut viewer = Viewer::start(Setup {
        max_page: Some(4),
        ..Setup::default()
    })
    .await;
    viewer.expect_error("status of 403");
    viewer
        .stand_in()
        .add_fault(Fault::status(403).on(Calls::Browse).sparing(1));
    viewer.goto(&viewer.url_of(LOCATION)).await;
    let shown = viewer.wait_for_error("Not allowed").await;
    assert!(
        shown.contains("clouddeploy.deliveryPipelines.list"),
        "{shown}"
    );
    assert!(shown.contains("The list is not whole"), "{shown}");
    assert_eq!(viewer.count(select::browse::ROW).await, 4);
    viewer.stand_in().reset_faults();
    let before = browsed(&viewer);
    viewer.click_text(select::errors::BUTTON, "Try again").await;
    viewer
        .wait_until_js(&select::count_is(select::browse::ROW, 11))
        .await;
    viewer.wait_gone(select::errors::BOX).await;
    assert_eq!(
        browsed(&viewer),
        before + 2,
        "the first page is not read again"
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_in_circles_and_one_that_is_not_whole_say_so() {
    let viewer = Viewer::start(Setup::default()).await;
    viewer
        .stand_in()
        .add_fault(Fault::from(FaultKind::PageLoop).on(Calls::Browse));
    viewer.goto(&viewer.url_of(LOCATION)).await;
    viewer.wait_for_error("The list goes in circles").await;
    assert_eq!(
        viewer.count(select::browse::ROW).await,
        11,
        "no pipeline stands twice"
    );

    viewer.stand_in().reset_faults();
    viewer
        .stand_in()
        .add_fault(Fault::from(FaultKind::Unreachable).on(Calls::Browse));
    viewer.click_text(select::errors::BUTTON, "Try again").await;
    viewer
        .wait_for_text(
            select::browse::LIST_NOTICE,
            "The list is not whole: the server could not reach ",
        )
        .await;
    viewer.wait_gone(select::errors::BOX).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn releases_stand_with_their_rollouts_or_without_when_those_are_refused() {
    let mut viewer = Viewer::open(Setup::default(), PIPELINE).await;
    viewer.expect_error("status of 403");
    let (_, release, _) = DONE;
    let chips = select::browse::RELEASE_CHIP;
    viewer.wait_until_js(&select::count_is(chips, 2)).await;
    let row = format!(
        "[...document.querySelectorAll({rows:?})].find(row => \
         row.querySelector({id:?}).innerText === '{release}').querySelector({chip:?})",
        rows = select::browse::RELEASE,
        id = select::browse::ID,
        chip = select::browse::CHIP
    );
    let told = viewer
        .js(&format!("return [{row}.textContent, {row}.href]"))
        .await;
    assert_eq!(told, json!(["prod Succeeded", viewer.url_of(&name(DONE))]));

    viewer.stand_in().rewrite(|request, reply| match request.collection() {
        "rollouts" => {
            let message = "Permission 'clouddeploy.rollouts.list' denied";
            let body = json!({ "error": { "code": 403, "status": "PERMISSION_DENIED", "message": message } });
            Reply { status: 403, body: body.to_string(), ..reply }
        }
        _ => reply,
    });
    viewer.reload().await;
    let shown = viewer.wait_for_error("Not allowed").await;
    assert!(shown.contains("clouddeploy.rollouts.list"), "{shown}");
    viewer
        .wait_for_text(select::browse::RELEASE_ID, release)
        .await;
    assert_eq!(viewer.count(chips).await, 0);
    viewer.stand_in().rewrite(|_, reply| reply);
    viewer.click_text(select::errors::BUTTON, "Try again").await;
    viewer.wait_until_js(&select::count_is(chips, 2)).await;
    viewer.finish().await;
}

/// How many lists of other things than job runs were asked for.
fn browsed(viewer: &Viewer) -> usize {
    viewer
        .stand_in()
        .requests()
        .iter()
        .filter(|request| request.is_browse())
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_can_be_browsed_without_a_server() {
    let viewer = Viewer::open(Setup::default(), "").await;
    viewer
        .click_text(select::start::LINK, "Browse the demo")
        .await;
    viewer.click_text(select::browse::ID, "payments-api").await;
    viewer.wait_for_text(select::browse::ROW, "Failed").await;
    viewer
        .click_text(select::browse::ID, "rel-20261123-c40d7e8-to-prod-gke-0001")
        .await;
    viewer
        .wait_for_text(
            select::rollout::VERDICT_HEADLINE,
            "verify failed in canary-50",
        )
        .await;
    assert!(viewer.stand_in().requests().is_empty());
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_box_says_what_it_understood_and_takes_links_and_commands() {
    let viewer = Viewer::open(Setup::default(), "").await;
    let (pipeline, release, target) = CANARY;
    let rollout = format!("{release}-to-{target}-0001");
    let link = format!(
        "https://console.cloud.google.com/deploy/delivery-pipelines/us-central1/{pipeline}/releases/{release}\
         /rollouts/{rollout}?project=standin-project"
    );
    let command = format!(
        "gcloud deploy rollouts describe {rollout} --release={release} --delivery-pipeline={pipeline} \
         --region=us-central1 --project=standin-project"
    );
    for text in [link, command] {
        viewer.goto(&viewer.url_of("")).await;
        viewer.wait_for(BOX).await;
        viewer.wait_for_frame().await;
        viewer.type_into(BOX, &text).await;
        viewer
            .wait_for_text(
                select::omnibox::UNDERSTOOD,
                &format!("A rollout: {rollout}"),
            )
            .await;
        viewer.press(keys::ENTER).await;
        viewer.wait_loaded().await;
        assert_eq!(viewer.address().await, name(CANARY));
    }
    // What leads nowhere says why before anybody asks, and stays to be corrected.
    viewer.goto(&viewer.url_of("")).await;
    viewer.wait_for(BOX).await;
    viewer.wait_for_frame().await;
    let command = format!(
        "gcloud deploy rollouts describe {rollout} --release={release} --region=us-central1"
    );
    viewer.type_into(BOX, &command).await;
    viewer
        .wait_for_text(select::omnibox::HINT, "names no --")
        .await;
    viewer.press(keys::ENTER).await;
    viewer
        .wait_for_text(select::omnibox::PROBLEM, "names no --")
        .await;
    assert_eq!(
        viewer
            .js(&format!("return document.querySelector({BOX:?}).value"))
            .await,
        command
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_of_several_lines_is_pasted_whole() {
    let viewer = Viewer::open(Setup::default(), "").await;
    let (pipeline, release, target) = CANARY;
    let command = format!(
        "gcloud deploy rollouts describe {release}-to-{target}-0001 \\\n  --release={release} \\\n  \
         --delivery-pipeline={pipeline} \\\n  --region=us-central1 --project=standin-project\n"
    );
    viewer.focus(BOX).await;
    // As the browser inserts what is pasted.
    viewer
        .js(&format!(
            "document.execCommand('insertText', false, {})",
            quote(&command)
        ))
        .await;
    viewer
        .wait_for_text(select::omnibox::UNDERSTOOD, "A rollout: ")
        .await;
    viewer.press(keys::ENTER).await;
    viewer.wait_loaded().await;
    assert_eq!(viewer.address().await, name(CANARY));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_that_is_left_before_its_text_is_understood_harms_nothing() {
    let viewer = Viewer::open(
        Setup {
            host_may_fail: true,
            ..Setup::default()
        },
        "",
    )
    .await;
    viewer.wait_for(BOX).await;
    viewer.site.hold_worker(true);
    viewer.type_into(BOX, "https://example.com/").await;
    // A name is opened without the worker.
    viewer
        .js(&format!("document.querySelector({BOX:?}).select()"))
        .await;
    viewer.type_into(BOX, PROJECT).await;
    viewer.press(keys::ENTER).await;
    viewer
        .wait_for(&select::focused(select::browse::TITLE))
        .await;
    viewer.site.hold_worker(false);
    // The page goes on working, and so does the worker.
    viewer
        .type_into(select::omnibox::IN_TOP_BAR, "https://example.com/")
        .await;
    viewer
        .wait_for_text(
            select::omnibox::HINT_IN_TOP_BAR,
            "A link to example.com leads to no rollout.",
        )
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_stored_nowhere() {
    let token = "ya29.a-token-of-a-test";
    let viewer = Viewer::open(
        Setup {
            token: Some(token),
            ..Setup::default()
        },
        "",
    )
    .await;
    viewer
        .click_text(select::session::SIGN_IN_BUTTON, "Paste a token")
        .await;
    viewer.type_into(select::dialogs::TOKEN, token).await;
    viewer.press(keys::ENTER).await;
    viewer
        .wait_for_text(select::session::SIGN_IN, "Token in use")
        .await;
    viewer.type_into(BOX, PIPELINE).await;
    viewer.press(keys::ENTER).await;
    viewer.wait_for(select::browse::ROW).await;
    let kept = viewer.js("return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.cookie])").await;
    let kept = kept.as_str().expect("a text");
    assert!(
        kept.contains("checkout") && !kept.contains("ya29"),
        "{kept}"
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_stores_nothing_is_enough() {
    let viewer = Viewer::start(Setup::default()).await;
    let forbid = "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name,                   { get() { throw new DOMException('no', 'SecurityError') } })";
    viewer
        .devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": forbid }),
        )
        .await;
    viewer.goto(&viewer.url_of(PIPELINE)).await;
    viewer.wait_for(select::browse::ROW).await;
    viewer.js("location.hash = '#/'").await;
    viewer.wait_for(select::start::PAGE).await;
    assert_eq!(viewer.count(select::start::RECENTS).await, 0);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slash_leads_to_the_box_and_stays_a_slash_in_it() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    viewer.focus(select::timeline::BAR).await;
    viewer.press("/").await;
    let field = select::omnibox::IN_TOP_BAR;
    viewer
        .wait_until_js(&format!(
            "document.activeElement === document.querySelector({field:?})"
        ))
        .await;
    viewer.press("a/b?").await;
    viewer
        .wait_until_js(&format!(
            "document.querySelector({field:?}).value === 'a/b?'"
        ))
        .await;

    viewer.focus(select::timeline::BAR).await;
    viewer.press("?").await;
    viewer
        .wait_for_text(select::dialogs::SHORTCUTS, "step through the runs")
        .await;
    viewer.press(keys::ESCAPE).await;
    viewer.wait_gone(select::dialogs::DIALOG).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_opened_lately_is_remembered_by_name_until_it_is_forgotten() {
    let viewer = Viewer::open(Setup::default(), PIPELINE).await;
    viewer.wait_for(select::browse::ROW).await;
    for rollout in [DONE, LIVE] {
        viewer.goto(&viewer.url_of(&name(rollout))).await;
        viewer.wait_loaded().await;
    }
    viewer.goto(&viewer.url_of("")).await;
    viewer.wait_for(select::start::RECENT).await;
    let id = |rollout| name(rollout).rsplit('/').next().expect("a part").to_owned();
    assert_eq!(
        viewer.texts(select::start::RECENT_ID).await,
        [id(LIVE), id(DONE), "checkout".to_owned()]
    );
    viewer.reload().await;
    viewer.wait_for(select::start::RECENT).await;
    let kept = viewer.js("return Object.keys(localStorage)").await;
    assert_eq!(kept, json!(["recents"]));
    viewer.click(&select::start::forget(&id(DONE))).await;
    viewer
        .wait_until_js(&select::count_is(select::start::RECENT, 2))
        .await;
    viewer
        .click_text(select::start::FORGET_ALL, "Forget all")
        .await;
    viewer.wait_gone(select::start::RECENTS).await;
    assert_eq!(
        viewer.js("return Object.keys(localStorage)").await,
        json!([])
    );
    viewer.finish().await;
}

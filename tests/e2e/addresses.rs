//! The address holds all that a person would want to share, and whatever is typed into it or
//! pasted into the box ends somewhere sensible.

use const_format::formatcp;
use jobrun_viewer::core::time::parse;
use jobrun_viewer::model::timeline::ticks::clock;
use serde_json::json;

use crate::browser::{keys, quote};
use crate::select;
use crate::viewer::{ALL_VARIANTS, CANARY, DONE, Setup, Viewer, name};

const FILTER: &str = select::rollout::FILTER;
const FAILED: &str = "state=\"FAILED\"";
const FAILED_ENCODED: &str = "state%3D%22FAILED%22";

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_keeps_run_filter_and_zone() {
    let viewer = Viewer::start(Setup::default()).await;
    let run = viewer
        .runs(CANARY)
        .into_iter()
        .find(|run| run.state() == "FAILED")
        .expect("one failed");
    let address = format!(
        "{}/jobRuns/{}?filter={FAILED_ENCODED}&tz=utc",
        name(CANARY),
        run.id()
    );
    viewer.goto(&viewer.url_of(&address)).await;
    for reload in [false, true] {
        if reload {
            viewer.reload().await;
        }
        viewer.wait_for_run(&run).await;
        viewer
            .wait_for(&select::timeline::bar_current(run.id()))
            .await;
        assert_eq!(viewer.count(select::timeline::BAR_SHOWN).await, 1);
        assert_eq!(viewer.address().await, address);
        assert_eq!(
            viewer
                .js(&format!("return document.querySelector({FILTER:?}).value"))
                .await,
            FAILED
        );
        assert_eq!(viewer.text(select::rollout::TIME_ZONE_PRESSED).await, "UTC");
        assert_eq!(
            viewer.count(select::run_panel::CHOSEN).await,
            0,
            "the run was selected and not chosen"
        );
    }
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn back_and_forward_go_through_what_was_seen() {
    let viewer = Viewer::open(Setup::default(), "").await;
    viewer.wait_for(select::start::PAGE).await;
    viewer.type_into(select::omnibox::FIELD, &name(DONE)).await;
    viewer.press(keys::ENTER).await;
    viewer.wait_loaded().await;
    let [deploy, verify] = ["deploy", "verify"].map(|job| viewer.run(DONE, job));
    for run in [&deploy, &verify] {
        viewer.click(&select::timeline::bar(run.id())).await;
        viewer.wait_for_run(run).await;
    }
    viewer.click_text(select::rollout::TIME_ZONE, "UTC").await;
    viewer
        .wait_for_text(select::timeline::AXIS_ZONE, "UTC")
        .await;

    viewer.back().await;
    viewer
        .wait_until_js(formatcp!(
            "document.querySelector({time_zone_pressed:?}).innerText === 'Local time'",
            time_zone_pressed = select::rollout::TIME_ZONE_PRESSED
        ))
        .await;
    viewer.wait_for_run(&verify).await;
    viewer.back().await;
    viewer.wait_for_run(&deploy).await;
    viewer.back().await;
    viewer.wait_for(select::run_panel::CHOSEN).await;
    viewer.back().await;
    viewer.wait_for(select::start::PAGE).await;
    viewer.forward().await;
    viewer.wait_for(select::run_panel::CHOSEN).await;
    viewer.forward().await;
    viewer.wait_for_run(&deploy).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_page_has_the_focus_and_names_its_tab() {
    let viewer = Viewer::open(Setup::default(), "").await;
    viewer.wait_for(select::start::PAGE).await;
    viewer
        .wait_until_js("document.title === 'Job Run Viewer'")
        .await;
    viewer
        .type_into(select::omnibox::FIELD, &name(CANARY))
        .await;
    viewer.press(keys::ENTER).await;
    viewer.wait_loaded().await;
    viewer
        .wait_until_js(formatcp!(
            "document.activeElement === document.querySelector({title:?})",
            title = select::rollout::TITLE
        ))
        .await;
    let title =
        "verify failed in canary-50 · rel-20261123-c40d7e8-to-prod-gke-0001 · Job Run Viewer";
    viewer
        .wait_until_js(&format!("document.title === {}", quote(title)))
        .await;
    viewer.back().await;
    viewer.wait_for(select::start::PAGE).await;
    viewer
        .wait_until_js("document.title === 'Job Run Viewer'")
        .await;
    viewer
        .wait_until_js(formatcp!(
            "document.activeElement === document.querySelector({title:?})",
            title = select::start::TITLE
        ))
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_is_applied_keeps_the_focus() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    let all = viewer.count(select::timeline::BAR).await;
    viewer.type_into(FILTER, FAILED).await;
    viewer.press(keys::ENTER).await;
    viewer
        .wait_until_js(&format!(
            "[0, {all}].indexOf(document.querySelectorAll({bar:?}).length) < 0",
            bar = select::timeline::BAR
        ))
        .await;
    let has_focus = format!("document.activeElement === document.querySelector({FILTER:?})");
    viewer.wait_until_js(&has_focus).await;
    viewer
        .click_text(select::rollout::FILTER_BUTTON, "Clear")
        .await;
    viewer
        .wait_until_js(&select::count_is(select::timeline::BAR, all))
        .await;
    viewer.wait_until_js(&has_focus).await;
    viewer
        .wait_until_js(&format!("document.querySelector({FILTER:?}).value === ''"))
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_name_opens_its_rollout_or_run() {
    let viewer = Viewer::open(Setup::default(), "").await;
    viewer
        .type_into(select::omnibox::FIELD, &format!("  {}  ", name(DONE)))
        .await;
    viewer.click_text(select::omnibox::OPEN, "Open").await;
    viewer.wait_loaded().await;
    assert_eq!(viewer.address().await, name(DONE));
    viewer.wait_for(select::run_panel::CHOSEN).await;

    // The box goes along in the top bar, and takes a run's name as the server writes it.
    let run = viewer.runs(CANARY).remove(0);
    viewer
        .type_into(select::omnibox::IN_TOP_BAR, run.text("name"))
        .await;
    viewer.press(keys::ENTER).await;
    viewer.wait_for_run(&run).await;
    assert_eq!(viewer.address().await, run.text("name"));
    viewer
        .wait_until_js(formatcp!(
            "document.querySelector({in_top_bar:?}).value === ''",
            in_top_bar = select::omnibox::IN_TOP_BAR
        ))
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_name_is_refused_and_nothing_is_lost() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    viewer.select(DONE, &viewer.run(DONE, "deploy")).await;
    let address = viewer.address().await;
    let field = select::omnibox::IN_TOP_BAR;
    let value = format!("return document.querySelector({field:?}).value");
    for (wrong, why) in [
        (
            "projects/p/places/l",
            "The name has “places” where “locations” should be",
        ),
        ("this is no name", "a text of several words"),
        (
            "gs://bucket/folder",
            "This is a file or folder in Cloud Storage",
        ),
    ] {
        viewer
            .js(&format!("document.querySelector({field:?}).select()"))
            .await;
        viewer.type_into(field, wrong).await;
        viewer.press(keys::ENTER).await;
        viewer
            .wait_for_text(select::omnibox::PROBLEM_IN_TOP_BAR, why)
            .await;
        assert_eq!(viewer.js(&value).await, wrong);
        viewer.wait_for(select::omnibox::INVALID).await;
        // Going on with typing takes the complaint back.
        viewer.type_into(field, "x").await;
        viewer.wait_for(select::omnibox::VALID).await;
        assert_eq!(viewer.text(select::omnibox::PROBLEM_IN_TOP_BAR).await, "");
        viewer
            .js(&format!("document.querySelector({field:?}).value = ''"))
            .await;
    }
    assert_eq!(viewer.address().await, address);
    viewer.wait_for_run(&viewer.run(DONE, "deploy")).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_has_an_id_and_a_number() {
    let viewer = Viewer::start(Setup::default()).await;
    let by_number = name(DONE).replace("standin-project", "987654321098");
    for rollout in [name(DONE), by_number] {
        viewer.goto(&viewer.url_of(&rollout)).await;
        viewer.wait_loaded().await;
        assert_eq!(viewer.count(select::timeline::BAR).await, 4);
        // What the page leads to is written as the page's address is.
        viewer.click(select::timeline::BAR).await;
        viewer.wait_for(select::timeline::BAR_SHOWN).await;
        assert!(viewer.address().await.starts_with(&rollout));
        let asked = viewer
            .lists()
            .pop()
            .expect("a list was asked for")
            .path_and_query;
        assert!(
            asked.starts_with(&format!("/v1/{rollout}/jobRuns?")),
            "{asked}"
        );
    }
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_is_the_servers_to_apply() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    let all = viewer.runs(CANARY).len() as u64;
    assert_eq!(viewer.count(select::timeline::BAR).await, all);
    viewer.type_into(FILTER, FAILED).await;
    viewer.press(keys::ENTER).await;
    viewer
        .wait_until_js(&select::count_is(select::timeline::BAR, 3))
        .await;
    assert_eq!(viewer.count(select::timeline::BAR_FAILED).await, 3);
    assert_eq!(
        viewer.address().await,
        format!("{}?filter={FAILED_ENCODED}", name(CANARY))
    );
    let asked = viewer
        .lists()
        .pop()
        .expect("a list was asked for")
        .path_and_query;
    assert!(
        asked.contains(&format!("filter={FAILED_ENCODED}")),
        "{asked}"
    );
    viewer.wait_for(select::rollout::FILTER_SET).await;
    // A selection goes on with the filter.
    viewer.click(select::timeline::BAR).await;
    viewer.wait_for(select::run_panel::FAILURE).await;
    assert!(
        viewer
            .address()
            .await
            .ends_with(&format!("?filter={FAILED_ENCODED}"))
    );

    viewer
        .click_text(select::rollout::FILTER_BUTTON, "Clear")
        .await;
    viewer
        .wait_until_js(&select::count_is(select::timeline::BAR, all))
        .await;
    assert!(!viewer.address().await.contains('?'));
    assert_eq!(
        viewer
            .js(&format!("return document.querySelector({FILTER:?}).value"))
            .await,
        ""
    );

    // That what is let through succeeded says nothing of the rollout.
    viewer
        .wait_for_text(select::rollout::VERDICT_HEADLINE, "verify failed")
        .await;
    viewer.type_into(FILTER, "state=\"SUCCEEDED\"").await;
    viewer.press(keys::ENTER).await;
    viewer
        .wait_until_js(&select::count_is(select::timeline::BAR, 3))
        .await;
    viewer.wait_gone(select::rollout::VERDICT_HEADLINE).await;
    viewer
        .click_text(select::rollout::FILTER_BUTTON, "Clear")
        .await;
    viewer
        .wait_until_js(&select::count_is(select::timeline::BAR, all))
        .await;

    // A filter that nothing fits.
    viewer.type_into(FILTER, "jobId=\"none\"").await;
    viewer.press(keys::ENTER).await;
    viewer
        .wait_for_text(select::page::HEADING, "No job run matches the filter")
        .await;
    viewer
        .click_text(select::page::BUTTON_IN_MAIN, "Show all job runs")
        .await;
    viewer
        .wait_until_js(&select::count_is(select::timeline::BAR, all))
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_filter_shows_the_servers_words() {
    let mut viewer =
        Viewer::open(Setup::default(), &format!("{}?filter=state%3D", name(DONE))).await;
    viewer.expect_error("status of 400");
    let shown = viewer.wait_for_error("The request was refused").await;
    assert!(shown.contains("INVALID_ARGUMENT: "), "{shown}");
    assert!(shown.contains("filter"), "{shown}");
    // What was typed is still there to be corrected.
    assert_eq!(
        viewer
            .js(&format!("return document.querySelector({FILTER:?}).value"))
            .await,
        "state="
    );
    viewer.type_into(FILTER, "\"SUCCEEDED\"").await;
    viewer.press(keys::ENTER).await;
    viewer.wait_loaded().await;
    assert_eq!(viewer.count(select::timeline::BAR).await, 4);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn times_are_of_the_readers_zone_or_of_utc() {
    let viewer = Viewer::start(Setup::default()).await;
    viewer
        .devtools(
            "Emulation.setTimezoneOverride",
            json!({ "timezoneId": "Asia/Kolkata" }),
        )
        .await;
    viewer.goto(&viewer.url_of(&name(DONE))).await;
    viewer.wait_loaded().await;
    let run = viewer.run(DONE, "deploy");
    viewer.select(DONE, &run).await;
    let created = parse(run.text("createTime")).expect("it is a time");
    let (local, utc) = (clock(created, 19_800), clock(created, 0));
    assert!(local.ends_with("UTC+05:30") && utc.ends_with("UTC"));
    assert_eq!(viewer.panel().await.times[0].0, local);
    viewer
        .wait_for_text(select::timeline::AXIS_ZONE, "UTC+05:30")
        .await;

    viewer.click_text(select::rollout::TIME_ZONE, "UTC").await;
    viewer.wait_for_text(select::run_panel::TIMES, &utc).await;
    assert_eq!(viewer.panel().await.times[0].0, utc);
    assert!(viewer.address().await.ends_with("?tz=utc"));
    viewer
        .wait_until_js(formatcp!(
            "!document.querySelector({axis_zone:?}).innerText.includes('+')",
            axis_zone = select::timeline::AXIS_ZONE
        ))
        .await;

    viewer
        .click_text(select::rollout::TIME_ZONE, "Local time")
        .await;
    viewer.wait_for_text(select::run_panel::TIMES, &local).await;
    assert!(!viewer.address().await.contains('?'));

    viewer
        .goto(&viewer.url_of(&format!("{}?tz=utc", name(DONE))))
        .await;
    viewer.select(DONE, &run).await;
    viewer.js("location.hash += '?tz=utc'").await;
    viewer.wait_for_text(select::run_panel::TIMES, &utc).await;
    assert_eq!(
        viewer.lists().len(),
        1,
        "the zone is no reason to ask the server again"
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_a_run_that_is_not_there_says_so() {
    let address = format!("{}/jobRuns/00000000-no-such-run", name(DONE));
    let viewer = Viewer::open(Setup::default(), &address).await;
    viewer
        .wait_for_text(select::run_panel::TITLE, "This rollout has no such job run")
        .await;
    assert_eq!(
        viewer.text(select::run_panel::CODE).await,
        "00000000-no-such-run"
    );
    assert_eq!(viewer.count(select::timeline::BAR).await, 4);
    assert_eq!(viewer.count(select::run_panel::SELECTED).await, 0);
    viewer.wait_loaded().await;
    viewer.click(select::timeline::BAR).await;
    viewer.wait_for(select::run_panel::HEADER).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_address_can_be_corrected() {
    let viewer = Viewer::open(Setup::default(), "projects/p/locations/l/wrong/x").await;
    viewer
        .wait_for_text(select::page::TITLE, "This address names no rollout")
        .await;
    viewer
        .wait_for_text(
            select::page::NOTICE_IN_MAIN,
            "found “wrong” where “deliveryPipelines” should be",
        )
        .await;
    let field = select::omnibox::IN_MAIN;
    let value = viewer
        .js(&format!("return document.querySelector({field:?}).value"))
        .await;
    assert_eq!(value, "projects/p/locations/l/wrong/x");
    assert!(viewer.stand_in().requests().is_empty());

    viewer
        .js(&format!("document.querySelector({field:?}).select()"))
        .await;
    viewer.press(&name(ALL_VARIANTS)).await;
    viewer.press(keys::ENTER).await;
    viewer
        .wait_for_text(
            select::rollout::HEADER_TITLE,
            "rel-every-state-to-gallery-0001",
        )
        .await;
    viewer.wait_loaded().await;

    // Edited by hand, again.
    viewer
        .js(&format!("location.hash = {}", quote("#/nothing")))
        .await;
    viewer
        .wait_for_text(select::page::TITLE, "This address names no rollout")
        .await;
    viewer.back().await;
    viewer
        .wait_for_text(
            select::rollout::HEADER_TITLE,
            "rel-every-state-to-gallery-0001",
        )
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stretch_of_time_can_be_chosen_and_shared() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    let span = viewer.text(select::timeline::AXIS_ZONE).await;
    viewer
        .click_text(select::timeline::ZOOM, "Zoom to the run")
        .await;
    viewer
        .wait_until_js("location.hash.includes('from=') && location.hash.includes('&to=')")
        .await;
    viewer
        .wait_until_js(&format!(
            "document.querySelector({axis_zone:?}).innerText !== {}",
            quote(&span),
            axis_zone = select::timeline::AXIS_ZONE
        ))
        .await;
    // What lies outside stands at the end that it lies beyond, and is no run without times.
    viewer
        .wait_until_js(&select::count_is(select::timeline::BAR_IN_WINDOW, 1))
        .await;
    assert_eq!(
        viewer.count(select::timeline::BAR).await,
        viewer.runs(CANARY).len() as u64
    );
    assert_eq!(viewer.count(select::timeline::BAR_UNTIMED).await, 0);
    let label = viewer
        .js(formatcp!(
            "return document.querySelector({bar_beyond:?}).getAttribute('aria-label')",
            bar_beyond = select::timeline::BAR_BEYOND
        ))
        .await;
    assert!(
        label
            .as_str()
            .is_some_and(|label| label.contains("before the time shown")),
        "{label}"
    );
    let zoomed = viewer.text(select::timeline::AXIS_ZONE).await;
    viewer.reload().await;
    viewer.wait_loaded().await;
    assert_eq!(viewer.text(select::timeline::AXIS_ZONE).await, zoomed);
    viewer
        .click_text(select::timeline::ZOOM, "Whole time")
        .await;
    viewer
        .wait_for_text(select::timeline::AXIS_ZONE, &span)
        .await;
    assert_eq!(viewer.address().await, name(CANARY));

    // By a drag along the axis.
    viewer
        .js(formatcp!(
            "const axis = document.querySelector({axis:?}), box = axis.getBoundingClientRect();
             const at = (type, place) => axis.dispatchEvent(new PointerEvent(type, {{
               clientX: box.left + box.width * place, clientY: box.top + 5, bubbles: true }}));
             at('pointerdown', 0.2); at('pointermove', 0.4); at('pointermove', 0.6); at('pointerup', 0.6)",
            axis = select::timeline::AXIS
        ))
        .await;
    viewer
        .wait_until_js("location.hash.includes('from=')")
        .await;
    viewer
        .wait_until_js(&format!(
            "document.querySelector({axis_zone:?}).innerText !== {}",
            quote(&span),
            axis_zone = select::timeline::AXIS_ZONE
        ))
        .await;
    viewer.finish().await;
}

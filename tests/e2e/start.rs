//! A fresh start, and the demo, which needs no account and no server.

use const_format::formatcp;
use jobrun_viewer::core::demo;
use jobrun_viewer::core::time::Timestamp;
use jobrun_viewer::sim::Sim;

use crate::select;
use crate::viewer::{CANARY, Setup, Viewer};

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_page_takes_a_name_or_leads_to_the_demo() {
    let viewer = Viewer::start(Setup::default()).await;
    viewer.goto(&viewer.site.url).await;
    viewer
        .wait_for_text(select::page::TITLE, "Which rollout is it?")
        .await;
    assert_eq!(viewer.count(select::omnibox::ON_START_PAGE).await, 1);
    assert_eq!(
        viewer.count(select::omnibox::BOX).await,
        1,
        "no second box in the top bar"
    );

    let world = Sim::demo(Timestamp::now());
    let roots: Vec<_> = world
        .rollouts()
        .iter()
        .filter(|plan| plan.parent.is_none())
        .collect();
    assert_eq!(
        viewer.texts(select::start::DEMO_CARD_ID).await,
        roots.iter().map(|p| &*p.name.rollout).collect::<Vec<_>>()
    );
    let about: Vec<_> = demo::ROLLOUTS.iter().map(|told| told.about).collect();
    assert_eq!(viewer.texts(select::start::DEMO_CARD_ABOUT).await, about);
    let live = roots.iter().filter(|plan| plan.live).count() as u64;
    assert_eq!(viewer.count(select::start::DEMO_CARD_LIVE).await, live);
    for (link, plan) in viewer
        .links(select::start::DEMO_CARD)
        .await
        .iter()
        .zip(&roots)
    {
        assert_eq!(*link, viewer.url_of(&plan.name.to_string()));
    }
    assert!(viewer.stand_in().requests().is_empty());
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_rollout_of_the_demo_goes_on_inside_the_page() {
    let viewer = Viewer::open(Setup::default(), "").await;
    viewer
        .click_text(select::start::DEMO_CARD, "A deployment in progress")
        .await;
    viewer
        .wait_for_text(
            select::rollout::VERDICT_HEADLINE,
            "verify is running in stable",
        )
        .await;
    assert!(viewer.address().await.starts_with("projects/demo/"));
    assert_eq!(viewer.text(select::page::DEMO_CHIP).await, "Demo");
    assert_eq!(
        viewer.count(select::session::SIGN_IN).await,
        0,
        "nobody to sign in with"
    );
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, "Live")
        .await;

    let ran = viewer.text(select::run_panel::RAN).await;
    viewer
        .wait_until_js(&format!(
            "document.querySelector({css:?}).innerText !== '{ran}'",
            css = select::run_panel::RAN
        ))
        .await;
    let wide = formatcp!(
        "document.querySelector({live:?}).getBoundingClientRect().width",
        live = select::timeline::LIVE
    );
    let before = viewer.js(&format!("return {wide}")).await;
    viewer.wait_until_js(&format!("{wide} !== {before}")).await;

    // The Cloud console knows nothing of the demo.
    assert_eq!(viewer.count(select::page::ANY_OUTWARD).await, 0);
    viewer
        .wait_for_text(select::run_panel::FACT, "Cloud Build")
        .await;

    // A reload goes on with the same story.
    let times = viewer.texts(select::run_panel::TIME).await;
    viewer.reload().await;
    viewer
        .wait_for_text(
            select::rollout::VERDICT_HEADLINE,
            "verify is running in stable",
        )
        .await;
    assert_eq!(viewer.texts(select::run_panel::TIME).await, times);

    // And it can be interfered with.
    viewer.watch(select::run_panel::BADGE).await;
    viewer.terminate().await;
    viewer.wait_for_noted("Terminating").await;
    viewer
        .wait_for_text(select::run_panel::BADGE, "Terminated")
        .await;

    assert!(
        viewer.stand_in().requests().is_empty(),
        "the demo asks nobody"
    );
    let foreign: Vec<String> = viewer
        .requests()
        .await
        .into_iter()
        .filter(|url| !url.starts_with(&viewer.site.url))
        .collect();
    assert!(foreign.is_empty(), "{foreign:?}");
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_demo_loads_the_simulation() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    let loaded = async |worker: &str| {
        let (begin, end) = (format!("/{worker}-"), "_bg.wasm");
        viewer
            .sent()
            .await
            .iter()
            .any(|url| url.contains(&begin) && url.ends_with(end))
    };
    // What reads the log of a real build is a worker too.
    viewer.wait_for(select::build::STEPS).await;
    viewer.wait_for(select::log::ERROR).await;
    assert!(loaded("log-worker").await);
    assert!(!loaded("worker").await, "of those who open no file");
    assert!(!loaded("demo-worker").await);

    viewer.goto(&viewer.site.url).await;
    viewer
        .click_text(select::start::DEMO_CARD, "A deployment in progress")
        .await;
    viewer
        .wait_for_text(
            select::rollout::VERDICT_HEADLINE,
            "verify is running in stable",
        )
        .await;
    assert!(loaded("demo-worker").await);
    viewer.finish().await;
}

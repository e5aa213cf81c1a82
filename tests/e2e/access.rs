//! For everybody: by keyboard alone, by a screen reader, on a narrow screen, and by the rules that
//! axe-core audits.

use std::collections::BTreeMap;

use serde_json::json;

use crate::browser::{Browser, keys};
use crate::viewer::{ALERTS, CANARY, CONTROLLER, DONE, EMPTY, LIVE, MUSEUM, Setup, Viewer, name};

/// Something to see: where it is, and what it takes to get there.
struct Screen {
    title: &'static str,
    address: String,
    /// When this is there, the screen is.
    sign: &'static str,
    /// What to click then, and what is there afterwards.
    opens: Option<(&'static str, &'static str)>,
}

fn screens() -> Vec<Screen> {
    let screen = |title, address, sign, opens| Screen { title, address, sign, opens };
    let dialog = Some((".terminate .ask > button", "dialog[open]"));
    vec![
        screen("start", String::new(), ".demo-cards", None),
        screen("project", "projects/standin-project".into(), ".browse-row", None),
        screen(
            "pipeline",
            name(DONE).split("/releases").next().unwrap_or("").to_owned(),
            ".rollout-chip",
            None,
        ),
        screen("unreadable address", "wrong/p".into(), "main .notice .open-box", None),
        screen("finished", name(DONE), ".run-panel .raw-json", Some((".raw-json summary", ".raw-json pre"))),
        screen("failed, several attempts", name(CANARY), ".attempt-steps", None),
        screen("analysis", name(ALERTS), ".run-panel .raw-json", None),
        screen("museum", name(MUSEUM), ".unreadable", None),
        screen("live", name(LIVE), ".part.is-live", None),
        screen("terminate", name(LIVE), ".part.is-live", dialog),
        screen("token", name(DONE), ".bar", Some((".top-bar .sign-in button", "dialog[open]"))),
        screen(
            "pipeline",
            "projects/standin-project/locations/us-central1/deliveryPipelines/checkout".into(),
            ".browse-row",
            None,
        ),
        screen("approval", name(EMPTY), ".phase", Some((".rollout-offers .ask > button", "dialog[open]"))),
        screen("children", name(CONTROLLER), ".bar", Some((".lane-toggle", ".child .bar"))),
        screen("no such run", format!("{}/jobRuns/none", name(DONE)), ".run-panel .is-empty", None),
        screen("filter without match", format!("{}?filter=jobId%3Dx", name(DONE)), "main .is-empty", None),
        screen("history", format!("history/{}", name(CANARY)), ".history-table tr[data-run]", None),
        screen(
            "history, a run selected",
            format!("history/{}?state=FAILED", name(CANARY)),
            ".history-table tr[data-run]",
            Some((".history-table tr[data-run]:nth-of-type(2)", ".history-run .facts")),
        ),
        screen("not found", name(DONE).replace("checkout", "checkin"), ".trouble", None),
    ]
}

/// How a page is looked at: media features, and the width of the window.
const LOOKS: [(&str, &str, u32); 5] = [
    ("light", r#"[{"name":"prefers-color-scheme","value":"light"}]"#, 1_280),
    ("dark", r#"[{"name":"prefers-color-scheme","value":"dark"}]"#, 1_280),
    ("forced colours", r#"[{"name":"forced-colors","value":"active"}]"#, 1_280),
    // As wide as a laptop's window is to a page that is enlarged to 200 %.
    ("enlarged", "[]", 640),
    ("narrow", "[]", 320),
];

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_by_the_rules_finds_nothing() {
    let folder = std::env::var("AXE_DIR").expect("scripts/env.sh says where axe-core is");
    let axe = std::fs::read_to_string(format!("{folder}/node_modules/axe-core/axe.min.js"))
        .expect("scripts/setup browser has installed axe-core");
    let viewer = start().await;
    let mut found = Vec::new();
    for (look, features, width) in LOOKS {
        let features: serde_json::Value = serde_json::from_str(features).expect("JSON");
        viewer.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
        let metrics = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        viewer.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        for screen in screens() {
            screen.show(&viewer).await;
            // The script becomes a part of this page only, and ends with it.
            let audit = format!(
                "{axe}; return axe.run(document, {{ resultTypes: ['violations'] }}).then(found => \
                 found.violations.map(({{ id, nodes }}) => `${{id}}: ${{nodes[0].html}} \
                 (${{nodes[0].failureSummary}})`))"
            );
            let violations = viewer.js(&audit).await;
            for violation in violations.as_array().expect("a list") {
                found.push(format!("{} ({look}): {}", screen.title, violation.as_str().unwrap_or_default()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    viewer.finish().await;
}

impl Screen {
    async fn show(&self, viewer: &Viewer) {
        viewer.goto("about:blank").await;
        viewer.goto(&viewer.url_of(&self.address)).await;
        viewer.see(self.sign).await;
        if let Some((click, sign)) = self.opens {
            viewer.click(click).await;
            viewer.see(sign).await;
        }
    }
}

async fn start() -> Viewer {
    let mut viewer = Viewer::start(Setup::default()).await;
    viewer.expect_error("status of 404");
    viewer
}

/// Makes the window as wide and high as that of a phone.
async fn narrow(browser: &Browser) {
    let metrics = json!({ "width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": false });
    browser.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_control_has_a_name_and_every_id_is_one_elements() {
    let viewer = start().await;
    viewer.devtools("Accessibility.enable", json!({})).await;
    for screen in screens() {
        screen.show(&viewer).await;
        let title = screen.title;
        let twice = viewer
            .js("const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
                 return ids.filter((id, at) => ids.indexOf(id) !== at)")
            .await;
        assert_eq!(twice, json!([]), "{title}");

        // As Chromium tells them to a screen reader.
        let tree = viewer.devtools("Accessibility.getFullAXTree", json!({})).await;
        let mut named = BTreeMap::<&str, usize>::new();
        for node in tree["nodes"].as_array().expect("nodes").iter().filter(|node| node["ignored"] == false) {
            let role = node["role"]["value"].as_str().unwrap_or_default();
            let roles =
                ["button", "link", "textbox", "DisclosureTriangle", "dialog", "heading", "img", "region"];
            if roles.contains(&role) {
                let name = node["name"]["value"].as_str().unwrap_or_default();
                assert!(!name.trim().is_empty(), "{title}: a {role} without a name: {node}");
                *named.entry(role).or_default() += 1;
            }
        }
        assert!(named.contains_key("button") && named.contains_key("heading"), "{title}: {named:?}");
        assert_eq!(
            named.contains_key("dialog"),
            screen.opens.is_some_and(|(_, sign)| sign.starts_with("dialog"))
        );

        let structure = viewer
            .js("return [document.documentElement.lang, document.title.endsWith('Job Run Viewer'), document.querySelectorAll('main').length, \
                 document.querySelectorAll('h1').length > 0]")
            .await;
        assert_eq!(structure, json!(["en", true, 1, true]), "{title}");
    }
    viewer.finish().await;
}

/// The elements that Tab should stop at, in their order: `n` is each one's place.
const STOPS: &str = "
    const scope = document.querySelector('dialog[open]') ?? document;
    const can = 'a[href], button, input, select, textarea, summary, [tabindex=\"0\"]';
    const stops = [...scope.querySelectorAll(can)].filter(e => !e.disabled && e.checkVisibility());
    stops.forEach((stop, n) => { stop.dataset.stop = n });
    return stops.length";

#[tokio::test(flavor = "multi_thread")]
async fn tab_reaches_every_control_in_reading_order() {
    let viewer = start().await;
    // The museum's hundred stops tell no more than the others'.
    for screen in screens().into_iter().filter(|screen| screen.title != "museum") {
        screen.show(&viewer).await;
        let title = screen.title;
        // A list that is read again would change what is counted, and so does a build that comes.
        viewer.hide(true).await;
        viewer.until("!/Reading |Looking for/.test(document.body.innerText)").await;
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        viewer.until("!/Reading |Looking for/.test(document.body.innerText)").await;
        let stops = viewer.js(STOPS).await.as_u64().expect("a number");
        assert!(stops >= 3, "{title}: {stops}");
        let mut seen = Vec::new();
        let current = "return document.activeElement.dataset.stop ?? null";
        let is_dialog = viewer.count("dialog[open]").await == 1;
        if !is_dialog {
            viewer.js("document.activeElement.blur()").await;
        } else if let Some(stop) = viewer.js(current).await.as_str() {
            seen.push(stop.to_owned());
        }
        // A region that scrolls is a stop of its own in Chromium.
        for _ in 0..stops + 3 {
            viewer.press(keys::TAB).await;
            if let Some(stop) = viewer.js(current).await.as_str() {
                seen.push(stop.to_owned());
            }
        }
        let numbers: Vec<u64> = seen.iter().map(|stop| stop.parse().expect("a number")).collect();
        for stop in 0..stops {
            if !numbers.contains(&stop) {
                let what = viewer
                    .js(&format!("return document.querySelector('[data-stop=\"{stop}\"]').outerHTML"))
                    .await;
                panic!("{title}: Tab does not reach {what}");
            }
        }
        // Round the dialog, or out of the page and in again, only once.
        let back = numbers.windows(2).filter(|pair| pair[1] < pair[0]).count();
        assert!(back <= 1, "{title}: {numbers:?}");
    }
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_stop_leads_past_the_top_bar() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    let address = viewer.address().await;
    viewer.press(keys::TAB).await;
    viewer.see(".skip-link:focus").await;
    viewer.press(keys::ENTER).await;
    viewer.see("main:focus").await;
    assert_eq!(viewer.address().await, address, "the jump is no change of the address");
    viewer.press(keys::TAB).await;
    assert_eq!(viewer.js("return !!document.activeElement.closest('main')").await, true);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_matters_can_be_done_by_keyboard() {
    let viewer = Viewer::open(Setup::default(), "").await;
    viewer.see(".start-page .open-box textarea").await;
    viewer.focus(".start-page .open-box textarea").await;
    viewer.press(&name(LIVE)).await;
    viewer.press(keys::ENTER).await;
    viewer.loaded().await;
    // To the newest run's bar, and from there to its raw JSON.
    viewer.focus(".filter-box input").await;
    let mut tabs = 0;
    while viewer.count(".bar:focus").await == 0 {
        viewer.press(keys::TAB).await;
        tabs += 1;
        assert!(tabs < 20, "no bar within {tabs} stops");
    }
    // The first bar has the focus; arrows step from the run that is shown.
    viewer.press(keys::ENTER).await;
    viewer.see(".bar.is-shown:focus").await;
    viewer.press(keys::RIGHT).await;
    viewer.press(keys::RIGHT).await;
    let run = viewer.run(LIVE, "verify");
    viewer.shows(&run).await;
    while viewer.count(".terminate .ask > button:focus").await == 0 {
        viewer.press(keys::TAB).await;
        tabs += 1;
        assert!(tabs < 60, "no way to terminate within {tabs} stops");
    }
    viewer.press(keys::ENTER).await;
    viewer.see("dialog[open]").await;
    while viewer.count("dialog .danger.solid:focus").await == 0 {
        viewer.press(keys::TAB).await;
        tabs += 1;
        assert!(tabs < 80, "no way to confirm within {tabs} stops");
    }
    viewer.press(keys::ENTER).await;
    viewer.gone("dialog[open]").await;
    viewer.see_text(".run-header .state-badge", "Terminating").await;
    assert_eq!(viewer.terminations().len(), 1);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_narrow_page_scrolls_one_way_only() {
    let viewer = start().await;
    narrow(&viewer).await;
    for screen in screens() {
        screen.show(&viewer).await;
        let wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth";
        let culprits = "[...document.querySelectorAll('body *')].filter(e => \
             e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && e.checkVisibility()).map(e => e.className).slice(0, 5)";
        let found = viewer.js(&format!("return {wide} ? {culprits} : []")).await;
        assert_eq!(found, json!([]), "{}: too wide", screen.title);
        let dialog = "const d = document.querySelector('dialog[open]')?.getBoundingClientRect(); \
             return !d || (d.left >= 0 && d.right <= innerWidth)";
        assert_eq!(viewer.js(dialog).await, true, "{}: the dialog is cut off", screen.title);
    }
    // What matters is there, one below the other.
    viewer.goto(&viewer.url_of(&name(LIVE))).await;
    viewer.see(".part.is-live").await;
    let below = "return document.querySelector('.run-panel').getBoundingClientRect().top >= \
         document.querySelector('.timeline').getBoundingClientRect().bottom";
    assert_eq!(viewer.js(below).await, true);
    viewer.finish().await;
}

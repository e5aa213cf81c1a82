//! For everybody: by keyboard alone, by a screen reader, on a narrow screen, and by the rules that
//! axe-core audits.

use std::collections::BTreeMap;

use serde_json::json;

use crate::browser::{Browser, keys};
use crate::viewer::{ALERTS, CANARY, CONTROLLER, DONE, EMPTY, LIVE, MUSEUM, Setup, TERMINATE, Viewer, name};

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
    let dialog = Some((TERMINATE, "dialog[open]"));
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

async fn media(browser: &Browser, name: &str, value: &str) {
    let features = json!({ "features": [{ "name": name, "value": value }] });
    browser.devtools("Emulation.setEmulatedMedia", features).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_for_those_who_want_no_motion() {
    let viewer = start().await;
    // What has moved on a page, at whatever moment, and what was to be scrolled slowly.
    let watch = "window.moved = new Set();
        (function look() {
          for (const { effect } of document.getAnimations())
            if (effect.target.id !== 'starting') moved.add(effect.target.className);
          requestAnimationFrame(look);
        })();
        for (const name of ['scrollTo', 'scrollBy', 'scroll', 'scrollIntoView']) {
          const real = Element.prototype[name];
          Element.prototype[name] = function (...how) {
            if (how[0]?.behavior === 'smooth') moved.add(name);
            return real.apply(this, how);
          };
        }";
    viewer.prepare(watch).await;
    let slow = "[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).scrollBehavior === 'smooth').length";
    let moved = format!("return [[...moved], {slow}]");
    // Pages that wait are those that move.
    viewer.order("delay:300");
    media(&viewer, "prefers-reduced-motion", "reduce").await;
    for screen in screens() {
        screen.show(&viewer).await;
        assert_eq!(viewer.js(&moved).await, json!([[], 0]), "{}", screen.title);
    }
    // And so they do for others.
    media(&viewer, "prefers-reduced-motion", "no-preference").await;
    viewer.goto("about:blank").await;
    viewer.goto(&viewer.url_of(&name(LIVE))).await;
    viewer.see(".part.is-live").await;
    assert_ne!(viewer.js(&moved).await, json!([[], 0]));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn states_are_told_in_the_readers_own_colours() {
    let viewer = start().await;
    media(&viewer, "forced-colors", "active").await;
    viewer.goto(&viewer.url_of(&name(MUSEUM))).await;
    viewer.see(".bar .bar-mark path").await;
    // A bar has a line around it, and its sign is not of the colour of its ground.
    let unseen = viewer
        .js("const wrong = [];
             for (const bar of document.querySelectorAll('.bar')) {
               const ground = getComputedStyle(document.body).backgroundColor;
               for (const part of bar.querySelectorAll('.part')) {
                 const style = getComputedStyle(part);
                 if (parseFloat(style.borderTopWidth) < 1 || style.borderTopColor === ground) wrong.push(part.className);
               }
               const mark = bar.querySelector('.bar-mark path');
               if (!mark || getComputedStyle(mark).stroke === ground) wrong.push(bar.id);
             }
             return [document.querySelectorAll('.part').length > 20, wrong]")
        .await;
    assert_eq!(unseen, json!([true, []]));

    // The canvas has its colours, or all of it would be of one.
    viewer.goto(&viewer.url_of(&format!("history/{}", name(CANARY)))).await;
    viewer.see(".history-table tr[data-run]").await;
    let colours = "(() => {
        const canvas = document.querySelector('.history-canvas'), copy = document.createElement('canvas');
        copy.width = canvas.width; copy.height = canvas.height;
        const context = copy.getContext('2d');
        context.drawImage(canvas, 0, 0);
        const counts = {}, { data } = context.getImageData(0, 0, copy.width, copy.height);
        for (let at = 0; at < data.length; at += 4) {
          const colour = data.subarray(at, at + 3).join();
          counts[colour] = (counts[colour] ?? 0) + 1;
        }
        return Object.values(counts).filter(count => count > 100).length })()";
    viewer.until(&format!("{colours} > 4")).await;
    viewer.finish().await;
}

/// All that the page says by itself from now on, in `window.said`: what comes into a region that is
/// read aloud, each time that it changes.
const LISTEN: &str = "
    window.said = [];
    const regions = '[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]';
    new MutationObserver(changes => {
      const heard = new Set(changes.map(({ target }) =>
        (target.nodeType === Node.TEXT_NODE ? target.parentElement : target)?.closest(regions)).filter(Boolean));
      for (const { addedNodes } of changes)
        for (const node of addedNodes)
          if (node.nodeType === Node.ELEMENT_NODE)
            for (const region of [node, ...node.querySelectorAll(regions)]) if (region.matches(regions)) heard.add(region);
      for (const region of heard) if (region.isConnected && region.textContent.trim()) said.push(region.textContent);
    }).observe(document, { subtree: true, childList: true, characterData: true });";

#[tokio::test(flavor = "multi_thread")]
async fn a_live_rollout_says_each_change_once_and_nothing_else() {
    let mut viewer = Viewer::show(Setup::default(), LIVE).await;
    viewer.expect_error("status of 503");
    viewer.see(".rollout-facts .state-badge").await;
    viewer.another_list().await;
    viewer.js(LISTEN).await;
    // The clock goes on, and so do the polls.
    let mut clock = std::collections::BTreeSet::new();
    for _ in 0..3 {
        viewer.another_list().await;
        clock.insert(viewer.text(".verdict").await);
    }
    assert!(clock.len() > 1, "something ticks: {clock:?}");
    assert_eq!(viewer.js("return said").await, json!([]));

    viewer.advance(215);
    viewer.until("document.querySelectorAll('.bar').length === 4").await;
    viewer.another_list().await;
    let said = ["postdeploy in stable, attempt 1: In progress. verify in stable, attempt 1: Succeeded."];
    assert_eq!(viewer.js("return said").await, json!(said));
    viewer.advance(300);
    viewer.see_text(".live-state", "Up to date").await;
    let last = "postdeploy in stable, attempt 1: Succeeded.";
    assert_eq!(viewer.js("return said").await, json!([said[0], last]));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_that_lasts_is_said_once() {
    let mut viewer = Viewer::show(Setup::default(), LIVE).await;
    viewer.expect_error("status of 503");
    viewer.js(LISTEN).await;
    viewer.order("503@list");
    viewer.trouble("The server has trouble").await;
    let failed = || viewer.lists().iter().filter(|list| list.status == Some(503)).count();
    let before = failed();
    viewer.until_so("it is tried again and again", || failed() > before + 4).await;
    let said = viewer.js("return said.map(text => text.slice(0, 22))").await;
    assert_eq!(said, json!(["The server has trouble"]));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn how_much_a_line_of_a_log_matters_is_told_by_a_word() {
    let viewer = Viewer::open(Setup::default(), "").await;
    viewer.see(".start-page").await;
    let levels = ["WARN", "ERROR", "FATAL", "PANIC"];
    let line = |level: &&str| {
        let event = json!({ "taskId": "Verify-0", "level": level, "message": "so it is\n" });
        json!({ "timestamp": "2026-11-24T12:00:00Z", "skaffoldLogEvent": event }).to_string()
    };
    let lines: Vec<String> = levels.iter().map(line).collect();
    viewer
        .js(&format!(
            "const data = new DataTransfer();
             data.items.add(new File([{}], 'levels.json'));
             document.querySelector('main').dispatchEvent(
               new DragEvent('drop', {{ bubbles: true, cancelable: true, dataTransfer: data }}))",
            crate::browser::quote(&lines.join("\n"))
        ))
        .await;
    viewer.see(".log-row .log-words").await;
    assert_eq!(viewer.texts(".log-row .log-level").await, levels);
    viewer.finish().await;
}

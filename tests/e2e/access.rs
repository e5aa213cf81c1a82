//! For everybody: by keyboard alone, by a screen reader, on a narrow screen, and by the rules that
//! axe-core audits.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use const_format::formatcp;
use jobrun_viewer::core::time::SignedDuration;
use serde_json::{Value, json};

use crate::browser::{Browser, keys};
use crate::screens::{screens, start};
use crate::select;
use crate::viewer::{ALL_VARIANTS, CANARY, DONE, LIVE, Setup, Viewer, name};

/// How a page is looked at, as media features: by those who have a choice of colours.
const COLOURS: [(&str, &str); 3] = [
    (
        "light",
        r#"[{"name":"prefers-color-scheme","value":"light"}]"#,
    ),
    (
        "dark",
        r#"[{"name":"prefers-color-scheme","value":"dark"}]"#,
    ),
    (
        "forced colours",
        r#"[{"name":"forced-colors","value":"active"}]"#,
    ),
];

const LAPTOP: (u32, u32) = (1_280, 900);
/// A laptop's window, as a page that is enlarged to 200 % has it.
const ENLARGED: (u32, u32) = (640, 450);
/// The least that there may be room for, which is also the laptop's at 400 %.
const NARROW: (u32, u32) = (320, 640);
const PHONE: (u32, u32) = (390, 844);

async fn media(browser: &Browser, features: &str) {
    let features: Value = serde_json::from_str(features).expect("JSON");
    browser
        .devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        )
        .await;
}

/// The rules of axe-core whose result depends on colours.
const RULES_OF_COLOURS: [&str; 2] = ["color-contrast", "link-in-text-block"];

/// What axe-core finds wrong with what is shown, by all of its rules.
async fn audit(viewer: &Viewer) -> Vec<String> {
    audit_by(viewer, &[]).await
}

/// What axe-core finds wrong by some of its rules; by all where none is named.
async fn audit_by(viewer: &Viewer, rules: &[&str]) -> Vec<String> {
    static AXE: LazyLock<String> = LazyLock::new(|| {
        let folder = std::env::var("AXE_DIR").expect("scripts/env.sh says where axe-core is");
        std::fs::read_to_string(format!("{folder}/node_modules/axe-core/axe.min.js"))
            .expect("scripts/setup browser has installed axe-core")
    });
    // The script becomes a part of this page only, and ends with it.
    let script = if viewer.js("return !!window.axe").await == true {
        ""
    } else {
        AXE.as_str()
    };
    let only = match rules {
        [] => String::new(),
        rules => format!("runOnly: {},", json!(rules)),
    };
    let audit = format!(
        "{script}; return axe.run(document, {{ {only} resultTypes: ['violations'] }}).then(found => \
         found.violations.map(({{ id, nodes }}) => `${{id}}: ${{nodes[0].html}} \
         (${{nodes[0].failureSummary}})`))"
    );
    serde_json::from_value(viewer.js(&audit).await).expect("a list of texts")
}

/// What is not to be seen without scrolling sideways: of a page that is too wide what makes it so, of
/// one that is not the controls that are cut off, and dialogs that go beyond the window.
const OUT_OF_SIGHT: &str = formatcp!(
    "
    const {{ scrollWidth, clientWidth }} = document.documentElement;
    const tell = (why, e) => `${{why}}: ${{e.tagName}} ${{e.className}} “${{e.textContent.slice(0, 30)}}”`;
    const shown = css => [...document.querySelectorAll(css)].filter(e => e.checkVisibility());
    const box = e => e.getBoundingClientRect();
    // What scrolls by itself, such as the lines of a log, may be wider than the page.
    const scrolls = e => {{
      for (let up = e.parentElement; up !== document.body; up = up.parentElement)
        if (/auto|scroll/.test(getComputedStyle(up).overflowX) && up.scrollWidth
          > up.clientWidth) return true;
      return false;
    }};
    const found = [];
    if (scrollWidth > clientWidth)
      found.push(...shown({any_in_body:?}).filter(e => box(e).right > clientWidth + 1
        && !scrolls(e)).slice(0, 5).map(e => tell('too wide', e)));
    for (const e of shown({controls:?}))
      if (box(e).width > 1 && (box(e).left < -1 || box(e).right > clientWidth + 1) && !scrolls(e))
        found.push(tell('cut off', e));
    for (const e of shown({dialog:?}))
      if (box(e).left < 0 || box(e).right > innerWidth || box(e).top < 0 || box(e).bottom > innerHeight)
        found.push(tell('beyond the window', e));
    // What is laid over a page has its own room, and what does not fit there cannot be scrolled to.
    for (const e of shown({drawer:?}))
      for (const part of e.querySelectorAll({drawer_parts:?}))
        if (box(part).height && (box(part).bottom > box(e).bottom + 1 || box(part).top
          < box(e).top - 1)) found.push(tell('over the edge', part));
    return found.slice(0, 8)",
    any_in_body = select::page::ANY_IN_BODY,
    controls = select::page::CONTROLS,
    dialog = select::dialogs::DIALOG,
    drawer = select::log::DRAWER,
    drawer_parts = select::log::DRAWER_PARTS
);

/// Looks at every screen in a window of a size, and says what the rules and what scrolling sideways
/// would find.
async fn find_in(viewer: &Viewer, size: (u32, u32)) -> Vec<String> {
    let mut found = Vec::new();
    viewer.resize(size).await;
    for screen in screens(viewer) {
        screen.show(viewer).await;
        let mut all = audit(viewer).await;
        all.extend(out_of_sight(viewer).await);
        // What is shown is moved about when the window changes, too.
        if size == NARROW {
            viewer.resize(PHONE).await;
            all.extend(out_of_sight(viewer).await);
            viewer.resize(size).await;
        }
        found.extend(
            all.iter()
                .map(|problem| format!("{} {size:?}: {problem}", screen.title)),
        );
    }
    found
}

async fn out_of_sight(viewer: &Viewer) -> Vec<String> {
    serde_json::from_value(viewer.js(OUT_OF_SIGHT).await).expect("a list of texts")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_by_the_rules_finds_nothing_in_any_colours() {
    let viewer = start().await;
    viewer.resize(LAPTOP).await;
    let mut found = Vec::new();
    for screen in screens(&viewer) {
        media(&viewer, "[]").await;
        screen.show(&viewer).await;
        for (look, features) in COLOURS {
            media(&viewer, features).await;
            // What else there is to find is the same in all colours.
            let rules = if look == COLOURS[0].0 {
                &[][..]
            } else {
                &RULES_OF_COLOURS
            };
            let problems = audit_by(&viewer, rules).await;
            found.extend(
                problems
                    .iter()
                    .map(|problem| format!("{} ({look}): {problem}", screen.title)),
            );
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enlarged_page_passes_the_audit_and_scrolls_one_way_only() {
    let viewer = start().await;
    let found = find_in(&viewer, ENLARGED).await;
    assert!(found.is_empty(), "{}", found.join("\n"));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_narrow_page_passes_the_audit_and_scrolls_one_way_only() {
    let viewer = start().await;
    let found = find_in(&viewer, NARROW).await;
    assert!(found.is_empty(), "{}", found.join("\n"));
    viewer.finish().await;
    // What matters is there, one below the other. (The last of the screens leave a host that is not well.)
    let viewer = start().await;
    viewer.resize(NARROW).await;
    viewer.goto(&viewer.url_of(&name(LIVE))).await;
    viewer.wait_for(select::timeline::LIVE).await;
    let below = formatcp!(
        "return document.querySelector({panel:?}).getBoundingClientRect().top >= \
         document.querySelector({timeline:?}).getBoundingClientRect().bottom",
        panel = select::run_panel::PANEL,
        timeline = select::timeline::TIMELINE
    );
    assert_eq!(viewer.js(below).await, true);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_control_has_a_name_and_every_id_is_one_elements() {
    let viewer = start().await;
    viewer.devtools("Accessibility.enable", json!({})).await;
    for screen in screens(&viewer) {
        screen.show(&viewer).await;
        let title = screen.title;
        let twice = viewer
            .js(formatcp!(
                "const ids = [...document.querySelectorAll({any_with_id:?})].map(e => e.id);
                 return ids.filter((id, at) => ids.indexOf(id) !== at)",
                any_with_id = select::page::ANY_WITH_ID
            ))
            .await;
        assert_eq!(twice, json!([]), "{title}");

        // As Chromium tells them to a screen reader.
        let tree = viewer
            .devtools("Accessibility.getFullAXTree", json!({}))
            .await;
        let mut named = BTreeMap::<&str, usize>::new();
        for node in tree["nodes"]
            .as_array()
            .expect("nodes")
            .iter()
            .filter(|node| node["ignored"] == false)
        {
            let role = match node["role"]["value"].as_str().unwrap_or_default() {
                "alertdialog" => "dialog",
                role => role,
            };
            let roles = [
                "button",
                "link",
                "textbox",
                "DisclosureTriangle",
                "dialog",
                "heading",
                "img",
                "region",
            ];
            if roles.contains(&role) {
                let name = node["name"]["value"].as_str().unwrap_or_default();
                assert!(
                    !name.trim().is_empty(),
                    "{title}: a {role} without a name: {node}"
                );
                *named.entry(role).or_default() += 1;
            }
        }
        assert!(named.contains_key("heading"), "{title}: {named:?}");
        // A viewer that does not start has nothing to press.
        let has_started = viewer.count(select::page::BRAND).await == 1;
        assert_eq!(
            named.contains_key("button"),
            has_started,
            "{title}: {named:?}"
        );
        assert_eq!(
            named.contains_key("dialog"),
            screen.has_dialog(),
            "{title}: {named:?}"
        );

        let structure = viewer
            .js(formatcp!(
                "return [document.documentElement.lang, document.title.endsWith('Job Run Viewer'), \
                 document.querySelectorAll({main:?}).length, \
                 document.querySelectorAll({title:?}).length > 0]",
                main = select::page::MAIN,
                title = select::page::TITLE
            ))
            .await;
        assert_eq!(structure, json!(["en", true, 1, true]), "{title}");
    }
    viewer.finish().await;
}

/// The elements that Tab should stop at, in their order: `n` is each one's place.
const STOPS: &str = formatcp!(
    "
    const scope = document.querySelector({dialog:?}) ?? document;
    const can = {tab_stops:?};
    const stops = [...scope.querySelectorAll(can)].filter(e => !e.disabled && e.checkVisibility());
    stops.forEach((stop, n) => {{ stop.dataset.stop = n }});
    return stops.length",
    dialog = select::dialogs::DIALOG,
    tab_stops = select::page::TAB_STOPS
);

#[tokio::test(flavor = "multi_thread")]
async fn tab_reaches_every_control_in_reading_order() {
    let viewer = start().await;
    // The all-variants rollout's hundred stops tell no more than the others'.
    for screen in screens(&viewer)
        .into_iter()
        .filter(|screen| screen.is_at_rest && screen.title != "museum")
    {
        screen.show(&viewer).await;
        let title = screen.title;
        // A list that is read again would change what is counted, and so does a build that comes.
        viewer.hide(true).await;
        let at_rest = formatcp!(
            "!/Reading |Looking for/.test(document.body.innerText) \
             && !document.querySelector({waiting:?})",
            waiting = select::history::WAITING
        );
        viewer.wait_until_js(at_rest).await;
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        viewer.wait_until_js(at_rest).await;
        let stops = viewer.js(STOPS).await.as_u64().expect("a number");
        // A dialog that only tells something has no more than what closes it, and a page without a
        // configuration has the parser's words to scroll.
        let is_page = !screen.has_dialog() && viewer.count(select::page::BRAND).await == 1;
        assert!(stops >= if is_page { 3 } else { 1 }, "{title}: {stops}");
        let mut seen = Vec::new();
        let current = "return document.activeElement.dataset.stop ?? null";
        let is_dialog = viewer.count(select::dialogs::DIALOG).await == 1;
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
        let numbers: Vec<u64> = seen
            .iter()
            .map(|stop| stop.parse().expect("a number"))
            .collect();
        for stop in 0..stops {
            if !numbers.contains(&stop) {
                let what = viewer
                    .js(&format!(
                        "return document.querySelector({:?}).outerHTML",
                        select::page::stop(stop)
                    ))
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
    viewer
        .wait_for(&select::focused(select::page::SKIP_LINK))
        .await;
    viewer.press(keys::ENTER).await;
    viewer.wait_for(&select::focused(select::page::MAIN)).await;
    assert_eq!(
        viewer.address().await,
        address,
        "the jump is no change of the address"
    );
    viewer.press(keys::TAB).await;
    assert_eq!(
        viewer
            .js(formatcp!(
                "return !!document.activeElement.closest({main:?})",
                main = select::page::MAIN
            ))
            .await,
        true
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_matters_can_be_done_by_keyboard() {
    let viewer = Viewer::open(Setup::default(), "").await;
    viewer.wait_for(select::omnibox::ON_START_PAGE).await;
    viewer.focus(select::omnibox::ON_START_PAGE).await;
    viewer.press(&name(LIVE)).await;
    viewer.press(keys::ENTER).await;
    viewer.wait_loaded().await;
    // To the newest run's bar, and from there to its raw JSON.
    viewer.focus(select::rollout::FILTER).await;
    let mut tabs = 0;
    while viewer.count(&select::focused(select::timeline::BAR)).await == 0 {
        viewer.press(keys::TAB).await;
        tabs += 1;
        assert!(tabs < 20, "no bar within {tabs} stops");
    }
    // The first bar has the focus; arrows step from the run that is shown.
    viewer.press(keys::ENTER).await;
    viewer
        .wait_for(&select::focused(select::timeline::BAR_SHOWN))
        .await;
    viewer.press(keys::RIGHT).await;
    viewer.press(keys::RIGHT).await;
    let run = viewer.run(LIVE, "verify");
    viewer.wait_for_run(&run).await;
    while viewer
        .count(&select::focused(select::run_panel::TERMINATE))
        .await
        == 0
    {
        viewer.press(keys::TAB).await;
        tabs += 1;
        assert!(tabs < 60, "no way to terminate within {tabs} stops");
    }
    viewer.press(keys::ENTER).await;
    viewer.wait_for(select::dialogs::DIALOG).await;
    while viewer
        .count(&select::focused(select::dialogs::ANY_DANGER))
        .await
        == 0
    {
        viewer.press(keys::TAB).await;
        tabs += 1;
        assert!(tabs < 80, "no way to confirm within {tabs} stops");
    }
    viewer.press(keys::ENTER).await;
    viewer.wait_gone(select::dialogs::DIALOG).await;
    viewer
        .wait_for_text(select::run_panel::BADGE, "Terminating")
        .await;
    assert_eq!(viewer.terminations().len(), 1);
    viewer.finish().await;
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
    let slow = formatcp!(
        "[...document.querySelectorAll({any:?})] \
         .filter(e => getComputedStyle(e).scrollBehavior === 'smooth').length",
        any = select::page::ANY
    );
    let moved = format!("return [[...moved], {slow}]");
    media(
        &viewer,
        r#"[{"name":"prefers-reduced-motion","value":"reduce"}]"#,
    )
    .await;
    for mut screen in screens(&viewer) {
        // Pages that wait are those that move.
        screen.faults.push("delay:300");
        screen.show(&viewer).await;
        assert_eq!(viewer.js(&moved).await, json!([[], 0]), "{}", screen.title);
    }
    // And so they do for others.
    viewer.stand_in().reset_faults();
    viewer.order("delay:300");
    media(
        &viewer,
        r#"[{"name":"prefers-reduced-motion","value":"no-preference"}]"#,
    )
    .await;
    viewer.goto("about:blank").await;
    viewer.goto(&viewer.url_of(&name(LIVE))).await;
    viewer.wait_for(select::timeline::LIVE).await;
    assert_ne!(viewer.js(&moved).await, json!([[], 0]));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn states_are_told_in_the_readers_own_colours() {
    let viewer = start().await;
    media(&viewer, COLOURS[2].1).await;
    viewer.goto(&viewer.url_of(&name(ALL_VARIANTS))).await;
    viewer.wait_for(select::timeline::ICON_IN_BAR).await;
    // A bar has a line around it, and its sign is not of the colour of its ground.
    let unseen = viewer
        .js(formatcp!(
            "const wrong = [];
             for (const bar of document.querySelectorAll({bar:?})) {{
               const ground = getComputedStyle(document.body).backgroundColor;
               for (const part of bar.querySelectorAll({segment:?})) {{
                 const style = getComputedStyle(part);
                 if (parseFloat(style.borderTopWidth) < 1 || style.borderTopColor
                   === ground) wrong.push(part.className);
               }}
               const mark = bar.querySelector({bar_icon:?});
               if (!mark || getComputedStyle(mark).stroke === ground) wrong.push(bar.id);
             }}
             return [document.querySelectorAll({segment:?}).length > 20, wrong]",
            bar = select::timeline::BAR,
            segment = select::timeline::SEGMENT,
            bar_icon = select::timeline::BAR_ICON
        ))
        .await;
    assert_eq!(unseen, json!([true, []]));

    // The canvas has its colours, or all of it would be of one.
    viewer
        .goto(&viewer.url_of(&format!("history/{}", name(CANARY))))
        .await;
    viewer.wait_for(select::history::ROW).await;
    let colours = formatcp!(
        "(() => {{
        const canvas = document.querySelector({canvas:?}), copy = document.createElement('canvas');
        copy.width = canvas.width; copy.height = canvas.height;
        const context = copy.getContext('2d');
        context.drawImage(canvas, 0, 0);
        const counts = {{}}, {{ data }} = context.getImageData(0, 0, copy.width, copy.height);
        for (let at = 0; at < data.length; at += 4) {{
          const colour = data.subarray(at, at + 3).join();
          counts[colour] = (counts[colour] ?? 0) + 1;
        }}
        return Object.values(counts).filter(count => count > 100).length }})()",
        canvas = select::history::CANVAS
    );
    viewer.wait_until_js(&format!("{colours} > 4")).await;
    viewer.finish().await;
}

/// All that the page says by itself from now on, in `window.said`: what comes into a region that is
/// read aloud, each time that it changes.
const LISTEN: &str = formatcp!(
    "
    window.said = [];
    const regions = {live_regions:?};
    new MutationObserver(changes => {{
      const heard = new Set(changes.map(({{ target }}) =>
        (target.nodeType === Node.TEXT_NODE ? target.parentElement
          : target)?.closest(regions)).filter(Boolean));
      for (const {{ addedNodes }} of changes)
        for (const node of addedNodes)
          if (node.nodeType === Node.ELEMENT_NODE)
            for (const region of [node, ...node.querySelectorAll(regions)]) if (region.matches(regions))
              heard.add(region);
      for (const region of heard) if (region.isConnected
        && region.textContent.trim()) said.push(region.textContent);
    }}).observe(document, {{ subtree: true, childList: true, characterData: true }});",
    live_regions = select::page::LIVE_REGIONS
);

/// Waits for what comes after the runs, which is said too.
async fn wait_for_all(viewer: &Viewer) {
    for css in [
        select::rollout::BADGE,
        select::build::STEPS,
        select::log::BUTTONS,
    ] {
        viewer.wait_for(css).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_rollout_says_each_change_once_and_nothing_else() {
    // Long enough ago for its end to be the end.
    let setup = Setup {
        age: SignedDuration::from_mins(10),
        ..Setup::default()
    };
    let mut viewer = Viewer::show(setup, LIVE).await;
    viewer.expect_error("status of 503");
    wait_for_all(&viewer).await;
    viewer.wait_for_list().await;
    viewer.js(LISTEN).await;
    // The clock goes on, and so do the polls.
    let mut clock = std::collections::BTreeSet::new();
    for _ in 0..3 {
        viewer.wait_for_list().await;
        clock.insert(viewer.text(select::rollout::VERDICT).await);
    }
    assert!(clock.len() > 1, "something ticks: {clock:?}");
    assert_eq!(viewer.js("return said").await, json!([]));

    viewer.advance(215);
    viewer
        .wait_until_js(&select::count_is(select::timeline::BAR, 4))
        .await;
    viewer.wait_for_list().await;
    let said =
        ["postdeploy in stable, attempt 1: In progress. verify in stable, attempt 1: Succeeded."];
    assert_eq!(viewer.js("return said").await, json!(said));
    viewer.advance(300);
    viewer
        .wait_for_text(select::rollout::LIVE_STATE, "Up to date")
        .await;
    let last = "postdeploy in stable, attempt 1: Succeeded.";
    assert_eq!(viewer.js("return said").await, json!([said[0], last]));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_that_lasts_is_said_once() {
    let mut viewer = Viewer::show(Setup::default(), LIVE).await;
    viewer.expect_error("status of 503");
    wait_for_all(&viewer).await;
    viewer.js(LISTEN).await;
    viewer.order("503@list");
    viewer.wait_for_error("The server has trouble").await;
    let failed = || {
        viewer
            .lists()
            .iter()
            .filter(|list| list.status == Some(503))
            .count()
    };
    let before = failed();
    viewer
        .wait_until("it is tried again and again", || failed() > before + 4)
        .await;
    let said = viewer
        .js("return said.map(text => text.slice(0, 22))")
        .await;
    assert_eq!(said, json!(["The server has trouble"]));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn how_much_a_line_of_a_log_matters_is_told_by_a_word() {
    let viewer = Viewer::open(Setup::default(), "").await;
    viewer.wait_for(select::start::PAGE).await;
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
             document.querySelector({main:?}).dispatchEvent(
               new DragEvent('drop', {{ bubbles: true, cancelable: true, dataTransfer: data }}))",
            crate::browser::quote(&lines.join("\n")),
            main = select::page::MAIN
        ))
        .await;
    // The last has no end before the file has.
    viewer
        .wait_until_js(&select::count_is(select::log::ROW_LEVEL, 4))
        .await;
    assert_eq!(viewer.texts(select::log::ROW_LEVEL).await, levels);
    viewer.finish().await;
}

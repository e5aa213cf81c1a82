//! The whole main job by keys alone, with the focus always somewhere, and to be seen there.

use const_format::formatcp;

use crate::browser::keys;
use crate::select;
use crate::viewer::{CANARY, LIVE, Setup, TERMINATE, Viewer, name};

/// Where the focus is, and whether that is to be seen: an outline, or else what has it has just been
/// come to and is read from its beginning.
const FOCUS: &str = formatcp!("
    const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
    const told = `${{at.tagName}} ${{at.id}} ${{at.className}} “${{(at.ariaLabel ?? at.innerText ?? '').slice(0, 30)}}”`;
    const isStart = at.matches({focus_starts:?});
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1.5;
    const inSight = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
    const wrong = at === document.body ? 'the focus is lost'
      : !isStart && !outlined ? 'no outline' : !isStart && !inSight ? 'out of sight' : '';
    return wrong && `${{wrong}}: ${{told}}`", focus_starts = select::page::FOCUS_STARTS);

/// Asserts that the focus is somewhere, and to be seen.
async fn focus_is_seen(viewer: &Viewer) {
    assert_eq!(viewer.js(FOCUS).await, "");
}

/// Presses a key, and asserts that the focus is still somewhere.
async fn press(viewer: &Viewer, key: &str) {
    viewer.press(key).await;
    focus_is_seen(viewer).await;
}

/// Whether what has the focus matches.
async fn is_on(viewer: &Viewer, css: &str) -> bool {
    viewer.count(&select::focused(css)).await == 1
}

/// Goes on by Tab until an element has the focus.
async fn tab_to(viewer: &Viewer, css: &str) {
    viewer.wait_for(css).await;
    for _ in 0..60 {
        if is_on(viewer, css).await {
            return;
        }
        press(viewer, keys::TAB).await;
    }
    panic!(
        "Tab does not lead to {css}: {}",
        viewer.js("return document.activeElement.outerHTML").await
    );
}

/// Waits until an element has the focus, wherever a key has led.
async fn wait_for_focus(viewer: &Viewer, css: &str) {
    viewer.wait_for(&select::focused(css)).await;
    focus_is_seen(viewer).await;
}

async fn start() -> Viewer {
    let viewer = Viewer::open(Setup::default(), "").await;
    viewer.wait_for(select::omnibox::ON_START_PAGE).await;
    viewer
}

/// Types what is to be opened into the box of the start page.
async fn enter(viewer: &Viewer, what: &str) {
    tab_to(viewer, select::omnibox::ON_START_PAGE).await;
    viewer.press(what).await;
    press(viewer, keys::ENTER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn why_a_run_failed_is_found_read_and_copied() {
    let viewer = start().await;
    viewer.press(keys::TAB).await;
    wait_for_focus(&viewer, select::page::SKIP_LINK).await;
    press(&viewer, keys::ENTER).await;
    wait_for_focus(&viewer, select::page::MAIN).await;
    enter(&viewer, &name(CANARY)).await;
    viewer.wait_loaded().await;
    wait_for_focus(&viewer, select::rollout::TITLE).await;

    // The sentence about it leads to the run that failed.
    tab_to(&viewer, select::rollout::VERDICT_HEADLINE).await;
    press(&viewer, keys::ENTER).await;
    viewer
        .wait_for_run(&viewer.run_in(CANARY, "canary-50", "verify"))
        .await;
    viewer
        .wait_for_text(select::run_panel::FAILURE, "Next:")
        .await;
    tab_to(&viewer, select::timeline::BAR).await;
    press(&viewer, keys::LEFT).await;
    press(&viewer, keys::RIGHT).await;
    wait_for_focus(&viewer, select::timeline::BAR_SHOWN).await;
    viewer
        .wait_for_run(&viewer.run_in(CANARY, "canary-50", "verify"))
        .await;

    // The log, a text in it, and back.
    tab_to(&viewer, select::log::OPEN).await;
    press(&viewer, keys::ENTER).await;
    wait_for_focus(&viewer, select::log::FRAME).await;
    viewer.wait_for(select::log::FRAME_ROW).await;
    press(&viewer, "/").await;
    wait_for_focus(&viewer, select::log::QUERY).await;
    viewer.press("refused").await;
    press(&viewer, keys::ENTER).await;
    viewer.wait_for(select::log::CURRENT_MATCH).await;
    press(&viewer, keys::ESCAPE).await;
    wait_for_focus(&viewer, select::log::FRAME).await;
    press(&viewer, "n").await;
    press(&viewer, "N").await;
    viewer.press(keys::ESCAPE).await;
    viewer.wait_gone(select::log::DRAWER).await;
    wait_for_focus(&viewer, select::log::OPEN).await;

    tab_to(&viewer, select::run_panel::RAW_JSON_TOGGLE).await;
    press(&viewer, keys::ENTER).await;
    viewer.wait_for(select::run_panel::RAW_JSON_OPEN_TEXT).await;
    tab_to(&viewer, select::run_panel::RAW_JSON_COPY).await;
    viewer.watch(select::run_panel::RAW_JSON_COPY_DONE).await;
    press(&viewer, keys::ENTER).await;
    viewer.wait_for_noted("Copied").await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_terminated_in_a_dialog_that_holds_the_focus_and_gives_it_back() {
    let viewer = start().await;
    enter(&viewer, &name(LIVE)).await;
    viewer.wait_loaded().await;
    wait_for_focus(&viewer, select::rollout::TITLE).await;
    let opener = TERMINATE;
    tab_to(&viewer, opener).await;
    press(&viewer, keys::ENTER).await;
    wait_for_focus(&viewer, select::dialogs::FOOTER_BUTTON).await;
    // Round and round, and never out of it: the browser's own bar is one of the places.
    for _ in 0..8 {
        viewer.press(keys::TAB).await;
        let inside = formatcp!(
            "return document.activeElement === document.body || !!document.activeElement.closest({any:?})",
            any = select::dialogs::ANY
        );
        assert_eq!(viewer.js(inside).await, true);
    }
    press_escape(&viewer).await;
    wait_for_focus(&viewer, opener).await;

    press(&viewer, keys::ENTER).await;
    tab_to(&viewer, select::dialogs::DANGER).await;
    viewer.press(keys::ENTER).await;
    viewer.wait_gone(select::dialogs::DIALOG).await;
    viewer
        .wait_for_text(select::run_panel::BADGE, "Terminating")
        .await;
    // The button is off now, and the focus stays near.
    wait_for_focus(&viewer, select::run_panel::PANEL).await;
    assert_eq!(viewer.terminations().len(), 1);

    press(&viewer, "?").await;
    wait_for_focus(&viewer, select::dialogs::FOOTER_BUTTON).await;
    press_escape(&viewer).await;
    wait_for_focus(&viewer, select::run_panel::PANEL).await;
    viewer.finish().await;
}

async fn press_escape(viewer: &Viewer) {
    viewer.press(keys::ESCAPE).await;
    viewer.wait_gone(select::dialogs::DIALOG).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_browses_down_to_a_history_and_through_it() {
    let viewer = start().await;
    enter(
        &viewer,
        "projects/standin-project/locations/us-central1/deliveryPipelines/payments-api",
    )
    .await;
    wait_for_focus(&viewer, select::browse::TITLE).await;
    tab_to(&viewer, select::browse::TO_HISTORY).await;
    press(&viewer, keys::ENTER).await;
    wait_for_focus(&viewer, select::history::TITLE).await;
    viewer.wait_for(select::history::ROW).await;

    tab_to(&viewer, select::history::CANVAS).await;
    press(&viewer, "n").await;
    viewer
        .wait_for_text(select::history::RUN_TITLE, "Failed")
        .await;
    for key in ["+", keys::RIGHT, keys::LEFT, "-", "f", keys::ESCAPE] {
        press(&viewer, key).await;
        wait_for_focus(&viewer, select::history::CANVAS).await;
    }
    tab_to(&viewer, select::history::TABLE).await;
    press(&viewer, keys::HOME).await;
    press(&viewer, keys::ENTER).await;
    viewer.wait_for(select::history::ROW_SHOWN_ACTIVE).await;
    wait_for_focus(&viewer, select::history::TABLE).await;
    // Up again by the box, from wherever one is.
    press(&viewer, "/").await;
    wait_for_focus(&viewer, select::omnibox::IN_TOP_BAR).await;
    viewer.press(&name(CANARY)).await;
    press(&viewer, keys::ENTER).await;
    viewer.wait_loaded().await;
    wait_for_focus(&viewer, select::rollout::TITLE).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_to_another_attempt_keeps_the_focus() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    tab_to(&viewer, select::run_panel::ATTEMPT_2_LINK).await;
    viewer.press(keys::ENTER).await;
    wait_for_focus(&viewer, select::run_panel::ATTEMPT_2_CURRENT_LINK).await;
    viewer.finish().await;
}

//! The frame of every page, and plain HTML elements.

use const_format::concatcp;

pub const MAIN: &str = "main";
/// The title of a page.
pub const TITLE: &str = "h1";
pub const HEADING: &str = "h2";
pub const BUTTON: &str = "button";
pub const DETAILS: &str = "details";
pub const LINK: &str = "a";
/// A link in the style of a button.
pub const BUTTON_LINK: &str = "a.button";

/// All elements of the document.
pub const ANY: &str = "*";
/// All elements of the body, for layout checks.
pub const ANY_IN_BODY: &str = "body *";
pub const ANY_IN_MAIN: &str = "main *";
pub const ANY_WITH_ID: &str = "[id]";
pub const HEAD: &str = "head";
pub const FIELDS: &str = "input, textarea, select";
/// Elements that Tab stops at.
pub const TAB_STOPS: &str = "a[href], button, input, select, textarea, summary, [tabindex=\"0\"]";
/// Controls that must not be cut off.
pub const CONTROLS: &str =
    "main :is(a[href], button, input, select, textarea, summary), header *, dialog *";
/// Elements that may take the focus without an outline.
pub const FOCUS_STARTS: &str = "main, h1, dialog";
/// Live regions: a screen reader announces their changes.
pub const LIVE_REGIONS: &str =
    "[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]";
/// The live region that announces changes of a rollout.
pub const ANNOUNCER: &str = "[aria-live=polite]";
/// Elements with an address in an attribute.
pub const REFERENCES: &str = "[href],[src],[action],[formaction],[srcdoc]";
/// Elements that only injected markup would create.
pub const INJECTED: &str = "script, img, iframe, object, embed, b > b, i > b";

/// The tab stop that a test has numbered.
pub fn stop(n: u64) -> String {
    format!("[data-stop=\"{n}\"]")
}

pub const POLICY: &str = "meta[http-equiv=Content-Security-Policy]";
/// The name of the worker's script.
pub const WORKER: &str = "meta[name=worker]";
/// The page's own script.
pub const SCRIPT: &str = "link[rel=modulepreload]";
pub const LOADED_FILES: &str = "link[href], script[src]";
/// The part of the page with the history screen.
pub const HISTORY_PART: &str = "link[href*=\"history-\"]";

pub const TOP_BAR: &str = ".top-bar";
/// The viewer's name, which leads to the start page.
pub const BRAND: &str = ".brand";
pub const SKIP_LINK: &str = ".skip-link";
pub const DEMO_CHIP: &str = ".demo-chip";

pub const BUTTON_IN_MAIN: &str = concatcp!(MAIN, " ", BUTTON);
pub const IMAGE_IN_MAIN: &str = concatcp!(MAIN, " img");
pub const NOTICE: &str = ".notice";
pub const NOTICE_IN_MAIN: &str = concatcp!(MAIN, " ", NOTICE);
pub const WARNING: &str = concatcp!(NOTICE, ".is-warning");
pub const STATUS: &str = concatcp!("p", NOTICE, "[role=status]");
/// The notice of a page without anything to show.
pub const EMPTY_NOTICE: &str = ".is-empty";
pub const EMPTY: &str = concatcp!(MAIN, " ", EMPTY_NOTICE);

/// The placeholder of a list or rollout that is being read.
pub const SKELETON: &str = ".skeleton";
/// The placeholder of a part of the page that is being loaded.
pub const PART_WAITING: &str = ".part-waiting";

pub const COPY: &str = ".copy-button";
/// The confirmation that a text was copied.
pub const COPY_DONE: &str = ".copy-done";
pub const PRIMARY: &str = ".primary";
/// A link out of the viewer.
pub const OUTWARD: &str = "a.outward";
pub const ANY_OUTWARD: &str = concatcp!(OUTWARD, ", a[href^='http']");
pub const SCRIPT_LINK: &str = "a[href^='javascript']";
/// The badge of a state.
pub const BADGE: &str = ".state-badge";
/// The path of an icon.
pub const ICON_PATH: &str = "path";
/// The placeholder of a missing value.
pub const ABSENT: &str = ".absent";
/// A list of labels with their values.
pub const FACTS: &str = ".facts";
/// The list of durations: waited, ran.
pub const DURATIONS: &str = ".durations";
/// A text that may be truncated.
pub const LONG_TEXT: &str = ".long-text";

/// The placeholder until the WebAssembly has started.
pub const STARTING: &str = "#starting";
pub const START_FAILED: &str = concatcp!(STARTING, ".failed");
pub const START_ALERT: &str = concatcp!(STARTING, " [role=alert]");
pub const START_ALERT_TITLE: &str = concatcp!(START_ALERT, " ", TITLE);

/// A menu that opens in place.
pub const MENU: &str = ".menu";
pub const MENU_OPEN: &str = concatcp!(MENU, "[open]");
pub const MENU_TOGGLE: &str = concatcp!(MENU, " summary");
pub const MENU_ITEM: &str = ".menu-items button";

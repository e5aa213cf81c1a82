//! The header of a rollout: its name, facts and actions.

use const_format::concatcp;

use super::{errors, page};

pub const PAGE: &str = ".rollout";
/// A rollout whose runs have been read.
pub const READ: &str = concatcp!(PAGE, "[aria-busy=false]");
/// A warning of the rollout itself, not of a child.
pub const WARNING: &str = concatcp!(PAGE, " > ", page::WARNING);

/// The placeholder or the error of a rollout without runs.
pub const NOT_READ: &str = concatcp!(page::SKELETON, ", ", errors::BOX);
pub const HEADER: &str = ".rollout-header";
pub const HEADER_TITLE: &str = concatcp!(HEADER, " ", page::TITLE);
pub const HEADER_BUTTON: &str = concatcp!(HEADER, " ", page::BUTTON);
pub const CONSOLE: &str = concatcp!(HEADER, " ", page::OUTWARD);
const TITLE_LINE: &str = ".rollout-title";
pub const TITLE: &str = concatcp!(TITLE_LINE, " ", page::TITLE);
/// The link to the timeline of all runs, or to the console.
pub const TITLE_LINK: &str = concatcp!(TITLE_LINE, " ", page::LINK);
/// A link to the release, the pipeline or another parent.
pub const PATH_LINK: &str = ".rollout-path a";
/// The state of polling: live, up to date, interrupted.
pub const LIVE_STATE: &str = ".live-state";
const TIME_ZONES: &str = "[role=group][aria-label='Time zone']";
pub const TIME_ZONE: &str = concatcp!(TIME_ZONES, " ", page::BUTTON);
pub const TIME_ZONE_PRESSED: &str = concatcp!(TIME_ZONES, " [aria-pressed=true]");
const EXPORT: &str = ".export";
pub const EXPORT_TOGGLE: &str = concatcp!(EXPORT, " summary");
pub const EXPORT_ALERT: &str = concatcp!(EXPORT, " [role=alert]");

pub const BADGE: &str = concatcp!(".rollout-facts ", page::BADGE);
pub const BADGE_FAILED: &str = concatcp!(BADGE, ".is-failed");
pub const TARGET: &str = ".rollout-target";
pub const FAILURE: &str = ".rollout-failure";
pub const FAILURE_CODE: &str = concatcp!(FAILURE, " code");
/// Remarks, such as what the rollout waits for.
pub const REMARKS: &str = ".rollout-remarks";
/// The link to the rollout that drives this one.
pub const CONTROLLER: &str = ".rollout-controller a";

/// A button that opens the dialog of an action, on a rollout, job or run.
pub const ASK: &str = concatcp!(ACTION_CLASS, " > ", page::BUTTON);
const ACTION_CLASS: &str = ".ask";
const ACTIONS: &str = ".rollout-offers";
/// An action on the rollout, with its dialog.
pub const ACTION: &str = concatcp!(ACTIONS, " ", ACTION_CLASS);
pub const ACTION_ASK: &str = concatcp!(ACTIONS, " ", ASK);
pub const ACTION_BUTTON: &str = concatcp!(ACTIONS, " ", page::BUTTON);
pub const PRIMARY_ACTION: &str = concatcp!(ACTIONS, " ", page::PRIMARY);
/// Everything that an action on the rollout changes.
pub const BADGE_OR_ACTION: &str = concatcp!(BADGE, ", ", ACTION);

/// The summary of the rollout in words.
pub const VERDICT: &str = "section[aria-label=Verdict]";
pub const VERDICT_HEADLINE: &str = ".verdict-headline";
pub const VERDICT_DETAIL: &str = ".verdict-detail";
/// The number of runs in a state.
pub const STATE_COUNT: &str = "ul[aria-label='Job runs by state'] > li";

/// The filter that the server applies.
const FILTER_BOX: &str = ".filter-box";
pub const FILTER: &str = concatcp!(FILTER_BOX, " input");
pub const FILTER_BUTTON: &str = concatcp!(FILTER_BOX, " button");
pub const FILTER_SET: &str = concatcp!(FILTER_BOX, ".is-set");

/// The section of unreadable runs.
pub const UNREADABLE: &str = ".unreadable";
pub const UNREADABLE_TITLE: &str = concatcp!(UNREADABLE, " h2");
pub const UNREADABLE_TOGGLE: &str = concatcp!(UNREADABLE, " summary");
pub const UNREADABLE_JSON: &str = concatcp!(UNREADABLE, " pre");

/// The number of runs in a state, by the state's class.
pub fn state_count(class: &str) -> String {
    format!("{STATE_COUNT}.{class}")
}

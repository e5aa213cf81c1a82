//! Dialogs. At most one is open.

use const_format::concatcp;

use super::{errors, page};

pub const ANY: &str = "dialog";
pub const DIALOG: &str = "dialog[open]";
pub const BUTTON: &str = concatcp!(DIALOG, " button");
/// The buttons of the footer. The first cancels.
pub const FOOTER_BUTTON: &str = concatcp!(DIALOG, " .dialog-buttons button");
/// The button that confirms.
pub const CONFIRM: &str = concatcp!(DIALOG, " button[type=submit]");
pub const CONFIRM_DISABLED: &str = concatcp!(CONFIRM, ":disabled");
const DANGER_CLASS: &str = " .danger.solid";
/// The button that confirms an action that cannot be undone.
pub const DANGER: &str = concatcp!(DIALOG, DANGER_CLASS);
pub const DANGER_DISABLED: &str = concatcp!(DANGER, ":disabled");
/// Such a button, whether or not its dialog is open.
pub const ANY_DANGER: &str = concatcp!(ANY, DANGER_CLASS);
/// The reason why the confirming button is disabled.
pub const DISABLED_REASON: &str = concatcp!(DIALOG, " .dialog-hindrance");
/// The target of the action, and its rollout, release and pipeline.
pub const CONTEXT: &str = concatcp!(DIALOG, " .dialog-place");
const RUN_CLASS: &str = ".dialog-run";
/// The run that the action applies to, with its state.
pub const RUN: &str = concatcp!(DIALOG, " ", RUN_CLASS);
pub const RUN_BADGE: &str = concatcp!(RUN, " ", page::BADGE);
pub const ANY_RUN_BADGE: &str = concatcp!(RUN_CLASS, " ", page::BADGE);

pub const ERROR: &str = concatcp!(DIALOG, " ", errors::BOX);
pub const ERROR_TITLE: &str = concatcp!(DIALOG, " ", errors::TITLE);
pub const ERROR_BUTTON: &str = concatcp!(DIALOG, " ", errors::BUTTON);

/// The section with deploy policies to override.
pub const DETAILS: &str = concatcp!(DIALOG, " details");
pub const DETAILS_TOGGLE: &str = concatcp!(DIALOG, " summary");
pub const DETAILS_OPEN: &str = concatcp!(DIALOG, " details[open]");
pub const DETAILS_CLOSED: &str = concatcp!(DIALOG, " details:not([open])");
pub const POLICIES: &str = concatcp!(DIALOG, " textarea");
pub const OPEN_POLICIES: &str = concatcp!(DETAILS_OPEN, " textarea");

pub const TOKEN: &str = concatcp!(DIALOG, " input[name=token]");
pub const SECRET: &str = concatcp!(DIALOG, " input[type=password]");
/// The list of keyboard shortcuts.
pub const SHORTCUTS: &str = concatcp!(DIALOG, " .shortcuts");

//! Error boxes.

use const_format::concatcp;

use super::{dialogs, page, rollout, session};

pub const BOX: &str = ".trouble";
pub const TITLE: &str = concatcp!(BOX, " h2");
pub const BUTTON: &str = concatcp!(BOX, " button");
/// The server's own message.
pub const DETAILS: &str = ".trouble-details";
pub const SIGN_IN: &str = concatcp!(BOX, " ", session::SIGN_IN);
pub const SIGN_IN_BUTTON: &str = concatcp!(BOX, " ", session::SIGN_IN_BUTTON);

/// The error of the rollout itself, not of a child or a dialog.
pub const OF_ROLLOUT: &str = concatcp!(rollout::PAGE, " > ", BOX);
pub const OF_ROLLOUT_DETAILS: &str = concatcp!(OF_ROLLOUT, " ", DETAILS);
pub const OF_ROLLOUT_BUTTON: &str = concatcp!(OF_ROLLOUT, " button");
pub const OF_ROLLOUT_TRY_AGAIN: &str = concatcp!(OF_ROLLOUT, " .trouble-buttons button");

/// The dialog of a viewer that a panic or a trap has stopped.
pub const STOPPED: &str = "#stopped";
const STOPPED_DIALOG: &str = concatcp!(dialogs::ANY, STOPPED);
pub const STOPPED_OPEN: &str = concatcp!(STOPPED_DIALOG, "[open]");
pub const STOPPED_PRIMARY: &str = concatcp!(STOPPED_DIALOG, " ", page::BUTTON, page::PRIMARY);
pub const STOPPED_BUTTON: &str = concatcp!(STOPPED, " ", page::BUTTON);
pub const STOPPED_REPORT: &str = concatcp!(STOPPED, " pre");

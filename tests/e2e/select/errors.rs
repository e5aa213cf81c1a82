//! Error boxes.

use const_format::concatcp;

use super::{rollout, session};

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

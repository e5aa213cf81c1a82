//! Signing in.

use const_format::concatcp;

use super::{page, rollout};

pub const SIGN_IN: &str = ".sign-in";
pub const SIGN_IN_BUTTON: &str = concatcp!(SIGN_IN, " button");
/// Every button that opens a dialog: of actions, and to sign in.
pub const ANY_ASK: &str = concatcp!(rollout::ASK, ":not(:disabled), ", SIGN_IN, " > button");
/// The state of the session.
pub const STATE: &str = ".sign-in-state";
pub const STATE_ENDING: &str = concatcp!(STATE, ".is-ending");
const PROBLEM: &str = ".sign-in-problem";
pub const PROBLEM_SHOWN: &str = concatcp!(PROBLEM, ":not(:empty)");

pub const TOP_BAR_BUTTON: &str = concatcp!(page::TOP_BAR, " ", SIGN_IN_BUTTON);
pub const TOP_BAR_STATE: &str = concatcp!(page::TOP_BAR, " ", STATE);
pub const TOP_BAR_PROBLEM: &str = concatcp!(page::TOP_BAR, " ", PROBLEM);
/// The error about a token, as a live region.
pub const TOP_BAR_ALERT: &str = concatcp!(page::TOP_BAR, " ", SIGN_IN, " [role=alert]");
/// The error about a token while there is none.
pub const TOP_BAR_NOTHING_WRONG: &str = concatcp!(page::TOP_BAR, " ", SIGN_IN, " .is-wrong:empty");

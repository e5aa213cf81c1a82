//! The start page.

use const_format::concatcp;

use super::{browse, page};

pub const PAGE: &str = ".start-page";
pub const TITLE: &str = concatcp!(PAGE, " ", page::TITLE);
pub const LINK: &str = concatcp!(PAGE, " a");
pub const FILE_INPUT: &str = concatcp!(PAGE, " input[type=file]");

/// The list of demo rollouts.
pub const DEMO_CARDS: &str = ".demo-cards";
pub const DEMO_CARD: &str = ".demo-card";
pub const DEMO_CARD_ID: &str = ".demo-card-id";
pub const DEMO_CARD_ABOUT: &str = ".demo-card-about";
pub const DEMO_CARD_LIVE: &str = ".demo-card-live";

/// The list of recently opened names.
pub const RECENTS: &str = ".recents";
pub const RECENT: &str = concatcp!(RECENTS, " ", browse::ROW);
pub const RECENT_ID: &str = concatcp!(RECENTS, " ", browse::ID);
pub const FORGET_ALL: &str = concatcp!(RECENTS, " button");

/// The button that removes a name from the recents.
pub fn forget(id: &str) -> String {
    format!("{RECENTS} [aria-label='Forget {id}']")
}

//! Opened files.

use const_format::concatcp;

use super::{page, timeline};

/// The overlay that invites to drop a file.
pub const DROP_HINT: &str = ".drop-hint";
pub const DROP_HINT_OVER: &str = concatcp!(DROP_HINT, ".is-over");
/// The control that opens a file.
pub const OPEN: &str = ".open-file";
pub const OPEN_IN_NOTICE: &str = concatcp!(page::NOTICE_IN_MAIN, " ", OPEN);

/// The page of a file with several rollouts.
pub const PAGE: &str = ".opened";
pub const LEAD: &str = concatcp!(PAGE, " .lead");
/// The link to the timeline of all runs.
pub const TO_HISTORY: &str = concatcp!(PAGE, " ", page::BUTTON_LINK);
const ROLLOUTS: &str = ".opened-rollouts";
pub const ROLLOUT: &str = concatcp!(ROLLOUTS, " li");
pub const ROLLOUT_LINK: &str = concatcp!(ROLLOUTS, " a");

/// The note that names the source of the runs.
pub const SOURCE: &str = ".source-note";
pub const SOURCE_LINK: &str = concatcp!(SOURCE, " a");
/// The button that opens the list of unreadable entries.
pub const SHOW_BROKEN: &str = ".source-broken";
pub const BROKEN: &str = ".broken";
pub const BROKEN_ENTRY: &str = concatcp!(BROKEN, " li");
/// Any outcome of opening a file.
pub const OUTCOME: &str = concatcp!(
    timeline::BAR_LINK,
    ", ",
    BROKEN,
    ", ",
    timeline::ANY_UNTIMED,
    ", ",
    PAGE,
    ", ",
    page::NOTICE_IN_MAIN
);
/// Any outcome of a file that could be read.
pub const READ: &str = concatcp!(timeline::BAR_LINK, ", ", BROKEN, ", ", PAGE);

/// Any page, even an error or the placeholder of a page that did not start.
pub const ANY_PAGE: &str = concatcp!(super::errors::BOX, ", .page, ", page::STARTING);

/// A group of an exported SVG.
pub const SVG_GROUP: &str = "g";
pub const SVG_TITLE: &str = "title";

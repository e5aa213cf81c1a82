//! Lists of pipelines, releases and rollouts.

use const_format::concatcp;

use super::page;

pub const PAGE: &str = ".browse";
pub const TITLE: &str = concatcp!(PAGE, " ", page::TITLE);
/// The link from a pipeline or a release to the timeline of all its runs.
pub const TO_HISTORY: &str = concatcp!(".browse-header ", page::BUTTON_LINK);

pub const LIST: &str = ".browse-list";
pub const LIST_HEADING: &str = concatcp!(LIST, " h2");
pub const LIST_BUTTON: &str = ".browse-head button";
/// The text of an empty list, or of a filter without a match.
pub const NOTHING: &str = concatcp!(LIST, " ", page::ABSENT);
pub const LIST_NOTICE: &str = concatcp!(LIST, " ", page::NOTICE);
pub const ROW: &str = ".browse-row";
pub const ID: &str = ".browse-id";
pub const ID_IN_ROW: &str = concatcp!(ROW, " ", ID);
pub const ID_IN_LIST: &str = concatcp!(LIST, " ", ID);
/// The field that filters a list.
pub const SEARCH: &str = "input[aria-label^='Search in ']";
pub const COUNT: &str = ".browse-count";
/// A button that reads the next page of a list, or all pages.
pub const MORE: &str = ".browse-more button";

const FIRST_LIST: &str = concatcp!(LIST, ":first-of-type");
pub const FIRST_ROW: &str = concatcp!(FIRST_LIST, " ", ROW);
pub const FIRST_SEARCH: &str = concatcp!(FIRST_LIST, " ", SEARCH);
pub const FIRST_COUNT: &str = concatcp!(FIRST_LIST, " ", COUNT);
pub const FIRST_NOTHING: &str = concatcp!(FIRST_LIST, " ", page::ABSENT);

const RELEASES: &str = "[aria-label=Releases]";
pub const RELEASE: &str = concatcp!(RELEASES, " ", ROW);
pub const RELEASE_ID: &str = concatcp!(RELEASES, " ", ID);
/// A rollout of a release.
pub const CHIP: &str = ".rollout-chip";
pub const RELEASE_CHIP: &str = concatcp!(RELEASES, " ", CHIP);

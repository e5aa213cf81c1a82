//! The manifests that a run rendered or applied.

use const_format::concatcp;

use super::build::{ANY_NOTE, TEXT_ROW, TEXT_WORDS};

/// The name of a manifest, which opens it when clicked.
pub const PATH: &str = ".manifest-path";
pub const LINK: &str = ".manifest-row a";
pub const VIEW: &str = ".manifest-view";
pub const VIEW_BUTTON: &str = concatcp!(VIEW, " button");
pub const MANIFEST: &str = ".manifest";
pub const NOTE: &str = concatcp!(MANIFEST, " ", ANY_NOTE);
pub const NOTE_TITLE: &str = concatcp!(NOTE, " h4");
pub const NOTE_BUTTON: &str = concatcp!(NOTE, " button");
pub const ROW: &str = concatcp!(MANIFEST, " ", TEXT_ROW);
pub const LAST_ROW: &str = concatcp!(MANIFEST, ":last-child ", TEXT_ROW);
pub const WORDS: &str = concatcp!(MANIFEST, " ", TEXT_WORDS);

pub const YAML_COMMENT: &str = ".y-comment";
pub const YAML_KEY: &str = ".y-key";
pub const YAML_NUMBER: &str = ".y-number";

const COMPARE_BOX: &str = ".compare";
/// The field for the version to compare with.
pub const COMPARE: &str = concatcp!(COMPARE_BOX, " select");
pub const COMPARE_OPTION: &str = concatcp!(COMPARE_BOX, " option");
pub const DIFF_HEAD: &str = ".diff-head";
pub const DIFF_ROW: &str = ".diff-row";
const REMOVED: &str = ".is-removed";
const ADDED: &str = ".is-added";
pub const REMOVED_WORDS: &str = concatcp!(REMOVED, " ", TEXT_WORDS);
pub const ADDED_WORDS: &str = concatcp!(ADDED, " ", TEXT_WORDS);
/// The text of the newer version: added and unchanged rows.
pub const NEW_WORDS: &str = concatcp!(
    DIFF_ROW,
    ":not(",
    REMOVED,
    ", .is-header, .is-about) ",
    TEXT_WORDS
);
/// A folded block of unchanged rows.
pub const FOLD: &str = ".diff-fold:not([open])";
pub const FOLD_TOGGLE: &str = concatcp!(FOLD, " > summary");

//! Event logs: the section in the run panel, and the log reader, in its drawer and as a page.

use const_format::concatcp;

use super::build::{ANY_NOTE, RED, STEP_BAR};
use super::errors;

// In the run panel.

pub const SECTION: &str = ".event-log";
pub const BUTTON: &str = concatcp!(SECTION, " button");
pub const BUTTONS: &str = ".event-log-buttons";
pub const OPEN: &str = concatcp!(BUTTONS, " button");
pub const NOTE: &str = concatcp!(SECTION, " ", ANY_NOTE);
/// A note of the section itself, not of its summary.
pub const WHOLE_NOTE: &str = concatcp!(SECTION, " > ", ANY_NOTE);
pub const NOTE_TITLE: &str = concatcp!(NOTE, " h4");
pub const NOTE_BUTTON: &str = concatcp!(NOTE, " button");
pub const SECTION_VERDICT: &str = concatcp!(SECTION, " ", VERDICT);
/// The final error of the log.
pub const ANY_ERROR: &str = ".log-error";
pub const ERROR: &str = concatcp!(SECTION, " ", ANY_ERROR);
/// The button that leads to the line of the error.
pub const ERROR_LEAD: &str = concatcp!(ANY_ERROR, " .log-lead");
pub const MESSAGE: &str = concatcp!(SECTION, " .log-message");
/// The last output of a container.
pub const LAST_OUTPUT: &str = concatcp!(SECTION, " .log-last");
/// Skaffold's suggestions.
pub const SUGGESTIONS: &str = concatcp!(SECTION, " .log-suggestions");

// What the log says as a whole, in both.

pub const SUMMARY: &str = ".log-summary";
pub const VERDICT: &str = ".log-verdict";
const TESTS: &str = "ol[aria-label=Tests]";
pub const TEST_NAME: &str = ".log-test-name";
pub const FAILED_TEST_NAME: &str = concatcp!(TESTS, " .is-failed ", TEST_NAME);
/// The button of a test that passed.
pub const PASSED_TEST: &str = concatcp!(TESTS, " .is-succeeded .log-test");
pub const TEST_BAR: &str = concatcp!(TESTS, " ", STEP_BAR);
/// The note on lines that are not events.
pub const MALFORMED_NOTE: &str = ".log-broken";
pub const MALFORMED_NOTE_BUTTON: &str = concatcp!(MALFORMED_NOTE, " button");

// The reader.

pub const READER: &str = ".log-reader";
pub const DRAWER: &str = ".log-drawer";
pub const DRAWER_TITLE: &str = concatcp!(DRAWER, " h2");
pub const DRAWER_NOTE: &str = concatcp!(DRAWER, " ", ANY_NOTE);
pub const DRAWER_NOTE_TITLE: &str = concatcp!(DRAWER_NOTE, " h4");
pub const DRAWER_ROW: &str = concatcp!(DRAWER, " ", ROW);
/// A row of the drawer whose lines have the focus.
pub const FOCUSED_DRAWER_ROW: &str = concatcp!(DRAWER, ":has(", FRAME, ":focus) ", ROW);
/// The stacked parts of the drawer, for layout checks.
pub const DRAWER_PARTS: &str = ".log-head, .log-bar > *, .log-body";
pub const PAGE_ROW: &str = concatcp!(".log-page ", ROW);

/// The frame in which the lines scroll.
pub const FRAME: &str = "[role=region][aria-label='Lines of the log']";
pub const FRAME_ROW: &str = concatcp!(FRAME, " ", ROW);
pub const WRAPPED_ROW: &str = concatcp!(FRAME, ".is-wrapped ", ROW);
pub const ROW: &str = ".log-row";
pub const MALFORMED_ROW: &str = concatcp!(ROW, ".is-malformed");
const PICKED: &str = ".is-picked";
/// A selected row, which the address names.
pub const PICKED_ROW: &str = concatcp!(ROW, PICKED);
pub const PICKED_ROW_2: &str = concatcp!(PICKED_ROW, "[data-row='2']");
pub const PICKED_WORDS: &str = concatcp!(PICKED_ROW, " ", WORDS);
/// The text of a row, without number and time.
pub const WORDS: &str = ".log-words";
pub const ROW_WORDS: &str = concatcp!(ROW, " ", WORDS);
pub const ROW_LEVEL: &str = concatcp!(ROW, " .log-level");
pub const ROW_RED: &str = concatcp!(ROW, " ", RED);
pub const ROW_GREEN: &str = concatcp!(ROW, " .fg-2");
/// The origin of a line: its test, container or pod.
pub const FROM: &str = ".log-from";
pub const TIME: &str = ".log-time";
pub const ROW_MATCH: &str = concatcp!(ROW, " mark");
const CURRENT_ROW: &str = concatcp!(ROW, ".is-current");
/// The current match of the search.
pub const CURRENT_MATCH: &str = concatcp!(CURRENT_ROW, " mark");
/// A mark beside the scroll bar for a match.
pub const MARKS: &str = ".log-marks span";

/// The search field.
pub const QUERY: &str = "input[aria-label='Look for a text in the log']";
pub const FOCUSED_QUERY: &str = concatcp!(QUERY, ":focus");
pub const QUERY_INVALID: &str = concatcp!(QUERY, "[aria-invalid]");
pub const SEARCH_BUTTON: &str = "[role=search][aria-label='In the log'] button";
/// The number of matches.
pub const FOUND: &str = ".log-found";
const TOOLS: &str = ".log-tools";
pub const TOOL: &str = concatcp!(TOOLS, " button");
pub const FOLLOW: &str = concatcp!(TOOLS, " [aria-label^=Follow]");
/// The status: how many lines were read, and whether more are expected.
pub const STATUS: &str = ".log-said";
/// The time between the first and the last selected line.
pub const BETWEEN: &str = ".log-between";
/// The field for the lowest level that is shown.
pub const LEVEL: &str = "[data-set=level]";
/// The field for the format of times.
pub const CLOCK: &str = "[data-set=clock]";
/// The steps of a build, in the filter of sources.
pub const STEP_OPTIONS: &str = "optgroup[label=Steps]";
/// Any box or note on a log that cannot be read.
pub const ANY_PROBLEM: &str = concatcp!(errors::BOX, ", ", ANY_NOTE, ", .log-trouble");

/// The row of a line.
pub fn row(line: impl std::fmt::Display) -> String {
    format!("{ROW}[data-row=\"{line}\"]")
}

/// The number of a line, which selects it when clicked.
pub fn number(line: impl std::fmt::Display) -> String {
    format!("{} .log-number", row(line))
}

/// The current match of the search, in a line.
pub fn current_match(line: impl std::fmt::Display) -> String {
    format!("{CURRENT_ROW}[data-row='{line}'] mark")
}

/// A filter, by the setting that it changes.
pub fn filter(of: &str) -> String {
    format!(".log-filters [data-set={of}]")
}

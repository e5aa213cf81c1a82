//! The timeline of many runs.

use const_format::concatcp;

use super::page;

pub const HISTORY: &str = ".history";
pub const TITLE: &str = ".history-header h1";
/// The progress of reading.
pub const READING: &str = ".history-reading";
pub const READING_BUTTON: &str = concatcp!(READING, " button");
/// Any sign that a page still reads.
pub const WAITING: &str = concatcp!(page::PART_WAITING, ", ", READING);
/// The number of runs that are shown.
pub const COUNT: &str = concatcp!(COUNTS, " b");
const COUNTS: &str = ".history-counts";
pub const COUNTS_BUTTON: &str = concatcp!(COUNTS, " button");
pub const CANVAS: &str = "canvas[role=application]";
pub const STAGE_NOTICE: &str = concatcp!(".history-stage ", page::NOTICE);
pub const TOOL: &str = ".history-tools button";

/// The filters, by the names of their fields.
pub const QUERY: &str = "input[name=q]";
pub const STATE: &str = "select[name=state]";
pub const GROUP: &str = "select[name=group]";
pub const CAUSE: &str = "select[name=cause]";
/// The causes of failures, as filters.
pub const CAUSE_BUTTON: &str = ".history-causes button";

pub const TABLE: &str = "[role=group][aria-label^='Table of the job runs']";
pub const CELL: &str = concatcp!(TABLE, " td");
/// A run.
pub const ROW: &str = concatcp!(TABLE, " tr[data-run]");
pub const ROW_2: &str = concatcp!(ROW, ":nth-of-type(2)");
pub const ROW_4: &str = concatcp!(ROW, ":nth-of-type(4)");
pub const ROW_4_SHOWN: &str = concatcp!(ROW_4, ".is-shown");
/// The row of the selected run.
pub const ROW_SHOWN: &str = concatcp!(TABLE, " tr.is-shown");
/// The row of the selected run, with the keyboard cursor.
pub const ROW_SHOWN_ACTIVE: &str = concatcp!(ROW_SHOWN, ".is-active");
/// The last row of twenty thousand.
pub const ROW_19999: &str = "#history-row-19999";

/// The panel of the selected run.
pub const RUN: &str = ".history-run";
pub const RUN_TITLE: &str = concatcp!(RUN, " h2");
pub const RUN_LINK: &str = concatcp!(RUN, " a");
pub const RUN_BUTTON: &str = concatcp!(RUN, " button");
pub const RUN_FACTS: &str = concatcp!(RUN, " ", page::FACTS);
pub const RUN_TOGGLE: &str = concatcp!(RUN, " summary");
/// The section that compares with another rollout.
pub const COMPARE: &str = concatcp!(RUN, " details:last-of-type");
pub const COMPARE_LINK: &str = concatcp!(COMPARE, " .button");
pub const OPEN_COMPARE_LINK: &str = concatcp!(RUN, " details[open] .button");
pub const FAILURE: &str = ".history-failure";
/// A step of the critical path.
pub const STEP: &str = ".history-steps li";
pub const DIFFERENCES: &str = ".history-differences";
pub const DIFFERENCE: &str = concatcp!(DIFFERENCES, " li");
/// A bar of a rollout in the comparison.
pub const COMPARED_BAR: &str = ".history-lanes .history-bar";

pub const SIDE_BUTTON: &str = "aside[aria-label^='The selected job run'] button";
const PART: &str = ".history-part";
pub const PART_TITLE: &str = concatcp!(PART, " h2");
pub const PART_TEXT: &str = concatcp!(PART, " p");

/// A filter, by its name.
pub fn filter(name: &str) -> String {
    format!("select[name={name}]")
}

//! The build of a run: its steps and its log.

use const_format::concatcp;

use super::{page, session};

pub const BUILD: &str = ".build";
pub const TITLE: &str = concatcp!(BUILD, " h3");
pub const LINK: &str = concatcp!(BUILD, " a");
pub const BUTTON: &str = concatcp!(BUILD, " button");
/// The progress of reading the build.
pub const STATUS: &str = concatcp!(BUILD, " > [role=status]");
pub const BODY: &str = ".build-body";
pub const BADGE: &str = concatcp!(".build-head ", page::BADGE);
pub const TIMES: &str = ".build-times";
/// A reason for the build's failure, as Cloud Build states it.
pub const WHY: &str = ".build-why";

/// A note on a build, log or manifest that cannot be read, and what to do.
pub const ANY_NOTE: &str = ".artifact-note";
pub const ANY_NOTE_BUTTON: &str = concatcp!(ANY_NOTE, " button");
pub const NOTE: &str = concatcp!(BUILD, " ", ANY_NOTE);
pub const NOTE_TITLE: &str = concatcp!(NOTE, " h4");
pub const NOTE_LINK: &str = concatcp!(NOTE, " a");
pub const SIGN_IN: &str = concatcp!(BUILD, " ", session::SIGN_IN_BUTTON);

pub const STEPS: &str = "ol[aria-label='Steps of the build']";
pub const STEP_DETAILS_OPEN: &str = concatcp!(STEP, " details[open]");
pub const STEP_SUMMARY: &str = "summary.step-row";
const STEP: &str = ".step";
/// A step with details.
pub const STEP_WITH_DETAILS: &str = concatcp!(STEP, ":has(details)");
pub const STEP_LABEL: &str = concatcp!(".step-label > ", page::LONG_TEXT);
pub const STEP_STATUS: &str = ".step-status";
pub const STEP_DURATION: &str = ".step-duration";
/// The bar of a step's time, relative to all steps. Tests of an event log have it too.
pub const STEP_BAR: &str = ".step-bar";
const FAILED: &str = concatcp!(STEP, ".is-failed");
pub const FAILED_STEP_ICON: &str = concatcp!(FAILED, " .icon");
pub const FAILED_STEP_TOGGLE: &str = concatcp!(FAILED, " summary");
pub const FAILED_STEP_OPEN: &str = concatcp!(FAILED, " details[open]");
pub const FAILED_STEP_DETAILS: &str = concatcp!(FAILED, " .step-details");
pub const RUNNING_STEP: &str = concatcp!(STEP, ".is-in-progress");
pub const RUNNING_STEP_BAR: &str = concatcp!(RUNNING_STEP, " ", STEP_BAR);

/// The section with the lines of the log that explain the failure.
pub const REASON: &str = "section[aria-label='Likely reason']";
pub const REASON_TEXT: &str = concatcp!(REASON, " pre");
pub const REASON_BUTTON: &str = concatcp!(REASON, " button");

pub const LOG: &str = ".log";
pub const LOG_BUTTON: &str = concatcp!(LOG, " button");
pub const LOG_NOTE: &str = concatcp!(LOG, " ", ANY_NOTE);
pub const LOG_NOTE_TITLE: &str = concatcp!(LOG_NOTE, " h4");
pub const LOG_CONSOLE_LINK: &str =
    concatcp!(LOG_NOTE, " a[href^='https://console.cloud.google.com/']");
/// The frame in which the log scrolls.
pub const LOG_VIEW: &str = concatcp!(LOG, " .text-view");
pub const LOG_VIEW_WRAPPED: &str = concatcp!(LOG_VIEW, ".is-wrapped");
pub const LOG_ROW: &str = concatcp!(LOG, " ", TEXT_ROW);
pub const LOG_WORDS: &str = concatcp!(LOG, " ", TEXT_WORDS);
/// The row that explains the failure.
pub const MARKED: &str = concatcp!(LOG, " .is-marked");
pub const MARKED_WORDS: &str = concatcp!(MARKED, " ", TEXT_WORDS);
pub const MARKED_RED: &str = concatcp!(MARKED, " ", RED);
pub const BUILD_LOG_WORDS: &str = concatcp!(BUILD, " ", LOG_WORDS);
pub const BUILD_LOG_BUTTON: &str = concatcp!(BUILD, " ", LOG_BUTTON);

/// A row of a text view: a build's log, a manifest or a difference.
pub const TEXT_ROW: &str = ".text-row";
/// The text of a row, without its number.
pub const TEXT_WORDS: &str = ".text-words";
/// Text in ANSI colour 1, red.
pub const RED: &str = ".fg-1";

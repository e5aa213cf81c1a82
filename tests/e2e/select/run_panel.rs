//! The panel of the selected run.

use const_format::concatcp;
use serde_json::{Value, json};

use super::{build, page, rollout};

pub const PANEL: &str = "section[aria-label='Job run']";
/// Elements that take the focus when the button of an action is gone.
pub const FOCUS_AFTER_ACTION: &str = concatcp!(page::MAIN, ", ", PANEL);
/// The notice that the rollout has no such job run.
pub const EMPTY: &str = concatcp!(PANEL, " ", page::EMPTY_NOTICE);
pub const TITLE: &str = concatcp!(PANEL, " h2");
pub const CODE: &str = concatcp!(PANEL, " code");
pub const NOTICE: &str = concatcp!(PANEL, " p", page::NOTICE);
pub const STATE_BADGE: &str = concatcp!(PANEL, " ", page::BADGE);
pub const COPY: &str = concatcp!(PANEL, " ", page::COPY);
/// The link from a controller's run to the child rollout.
pub const TO_CHILD: &str = concatcp!(PANEL, " ", page::BUTTON_LINK, page::PRIMARY);
/// The time that the run has run.
pub const RAN: &str = concatcp!(PANEL, " .ran");
pub const DURATION_LABEL: &str = concatcp!(page::DURATIONS, " ", FACT_LABEL);

const HEADER_CLASS: &str = ".run-header";
pub const HEADER: &str = concatcp!(PANEL, " ", HEADER_CLASS);
pub const BADGE: &str = concatcp!(HEADER_CLASS, " ", page::BADGE);
pub const BADGE_TERMINATING: &str = concatcp!(BADGE, ".is-terminating");
pub const BADGE_TERMINATED: &str = concatcp!(BADGE, ".is-terminated");
/// The note on a run that the page selected by itself.
pub const CHOSEN: &str = ".chosen";
/// The number of the attempt, and of all attempts.
pub const ATTEMPTS: &str = ".attempts";
const STEPS: &str = "ol[aria-label=Attempts]";
pub const ATTEMPT: &str = concatcp!(STEPS, " li");
pub const ATTEMPT_LINK: &str = concatcp!(STEPS, " a");
pub const ATTEMPT_CURRENT: &str = concatcp!(STEPS, " .is-current");
pub const ATTEMPT_2_LINK: &str = concatcp!(ATTEMPT, ":nth-child(2) a");
pub const ATTEMPT_2_CURRENT_LINK: &str = concatcp!(ATTEMPT, ".is-current:nth-child(2) a");

pub const ACTIONS: &str = ".run-actions";
pub const ACTION_ASK: &str = concatcp!(ACTIONS, " ", rollout::ASK);
pub const PRIMARY_ACTION: &str = concatcp!(ACTIONS, " ", page::PRIMARY);
pub const TERMINATION: &str = ".terminate";
/// The button that opens the dialog to terminate the run.
pub const TERMINATE: &str = concatcp!(TERMINATION, " ", rollout::ASK);
pub const TERMINATE_ENABLED: &str = concatcp!(TERMINATION, " button:not(:disabled)");
pub const TERMINATE_FORM: &str = concatcp!(TERMINATION, " dialog form");
/// Any sign that a run is selected.
pub const SELECTED: &str = concatcp!(super::timeline::BAR_SHOWN, ", ", TERMINATION);

/// The meaning of a state that is not a failure.
pub const STATE_NOTE: &str = ".state-note";
const FAILURE_SECTION: &str = "section[aria-label=Failure]";
/// A reason for the failure. There may be several.
pub const FAILURE: &str = concatcp!(PANEL, " ", FAILURE_SECTION);
pub const ANY_FAILURE: &str = FAILURE_SECTION;

/// Created, started, ended.
pub const ANY_TIMES: &str = ".run-times";
pub const TIMES: &str = concatcp!(PANEL, " ", ANY_TIMES);
pub const TIME: &str = concatcp!(TIMES, " time");

const FACT_CLASS: &str = ".fact";
/// A label with its values.
pub const FACT: &str = concatcp!(PANEL, " ", FACT_CLASS);
pub const FACT_IN_LIST: &str = concatcp!(PANEL, " ", page::FACTS, " ", FACT_CLASS);
pub const FACT_LABEL: &str = "dt";
pub const FACT_VALUE: &str = concatcp!("dd ", page::LONG_TEXT);

pub const ANY_RAW_JSON: &str = ".raw-json";
pub const RAW_JSON: &str = concatcp!(PANEL, " ", ANY_RAW_JSON);
pub const RAW_JSON_TOGGLE: &str = concatcp!(ANY_RAW_JSON, " summary");
pub const RAW_JSON_OWN_TOGGLE: &str = concatcp!(ANY_RAW_JSON, " > summary");
pub const RAW_JSON_CLOSED: &str = concatcp!(ANY_RAW_JSON, ":not([open])");
pub const RAW_JSON_TEXT: &str = concatcp!(ANY_RAW_JSON, " pre");
pub const RAW_JSON_OPEN_TEXT: &str = concatcp!(ANY_RAW_JSON, "[open] pre");
pub const RAW_JSON_COPY: &str = concatcp!(ANY_RAW_JSON, " ", page::COPY);
pub const RAW_JSON_COPY_DONE: &str = concatcp!(ANY_RAW_JSON, " ", page::COPY_DONE);

pub const BUILD: &str = concatcp!(PANEL, " ", build::BUILD);
pub const BUILD_BUTTON: &str = concatcp!(BUILD, " button");
pub const BUILD_BODY: &str = concatcp!(PANEL, " ", build::BODY);

/// The selectors of `panel.js`, relative to the panel or to an element in it.
pub fn of_script() -> Value {
    json!({
        "panel": PANEL,
        "job": ".run-title h2",
        "subtitle": ".run-subtitle",
        "badge": BADGE,
        "iconPath": page::ICON_PATH,
        "terminate": TERMINATE,
        "besideTerminate": concatcp!(TERMINATION, " > ", page::ABSENT),
        "stateNote": STATE_NOTE,
        "failure": FAILURE_SECTION,
        "cause": "h3 code",
        "check": ".failure-check",
        "meaning": "h3 + p",
        "message": ".failure-message",
        "next": ".failure-next",
        "link": page::LINK,
        "flag": ".flags li",
        "timeCell": concatcp!(ANY_TIMES, " td"),
        "timeText": concatcp!("time, ", page::ABSENT, ", .is-wrong"),
        "time": "time",
        "section": concatcp!(".panel-part:not(", build::BUILD, ")"),
        "sectionTitle": "h3",
        "sectionFailed": "h3.is-failed",
        "sectionNote": concatcp!(":scope > ", page::ABSENT),
        "fact": FACT_CLASS,
        "factLabel": FACT_LABEL,
        "factValue": "dd",
        "factText": page::LONG_TEXT,
    })
}

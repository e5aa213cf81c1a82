//! The timeline of a rollout: phases, lanes, bars and the tip.

use const_format::concatcp;

use super::{errors, page, rollout};

pub const TIMELINE: &str = "section[aria-label=Timeline]";
pub const ZOOM: &str = ".timeline-zoom button";
/// The track along which the pointer drags to zoom.
pub const AXIS: &str = ".axis-track";
/// The time zone of the axis, and the window if zoomed.
pub const AXIS_ZONE: &str = ".axis-zone";
const OFF: &str = ".is-off";
pub const NOW_LINE: &str = ".now-line";
pub const NOW_LINE_OFF: &str = concatcp!(NOW_LINE, OFF);
pub const NOW_LINE_ON: &str = concatcp!(NOW_LINE, ":not(", OFF, ")");

pub const PHASE: &str = "section[aria-label^='Phase ']";
pub const PHASE_TITLE: &str = ".phase-title";
pub const PHASE_NAME: &str = ".phase-name";
pub const PHASE_NOTE: &str = ".phase-note";

pub const PHASE_OR_LANE: &str = concatcp!(PHASE, ", ", LANE);
/// A job with its attempts.
pub const LANE: &str = ".lane";
pub const LANE_JOB: &str = ".lane-job";
pub const LANE_NOTE: &str = ".lane-note";
pub const LANE_ATTEMPTS: &str = ".lane-attempts";
pub const LANE_ATTEMPTS_SHOWN: &str = concatcp!(LANE_ATTEMPTS, ":not(:empty)");
const LANE_TITLE: &str = ".lane-title";
/// The track of the bars in a lane.
pub const TRACK: &str = ".lane-track";
/// The button that opens a child rollout in place.
pub const TOGGLE: &str = ".lane-toggle";
pub const TOGGLE_EXPANDED: &str = concatcp!(TOGGLE, "[aria-expanded=true]");
/// The button that opens the child `us-east` in place.
pub const TOGGLE_US_EAST: &str = concatcp!(TOGGLE, "[aria-label$='create-rollout-us-east']");
pub const TOGGLE_US_EAST_COLLAPSED: &str = concatcp!(TOGGLE_US_EAST, "[aria-expanded=false]");

/// The bar of a run.
pub const BAR: &str = ".bar";
/// The bar of a run, as a link.
pub const BAR_LINK: &str = concatcp!("a", BAR);
pub const BAR_FAILED: &str = concatcp!(BAR, ".is-failed");
/// The bar of the selected run.
pub const BAR_SHOWN: &str = concatcp!(BAR, SHOWN);
pub const BAR_NOT_SHOWN: &str = concatcp!(BAR, ":not(", SHOWN, ")");
pub const BAR_SHOWN_VERIFY: &str = concatcp!(BAR_SHOWN, "[aria-label^=verify]");
pub const BAR_VERIFY_SUCCEEDED: &str = concatcp!(BAR, ".is-succeeded[aria-label^='verify']");
pub const BAR_PREDEPLOY: &str = concatcp!(BAR, "[aria-label^=predeploy]");
/// The bar of a run without any time.
pub const BAR_UNTIMED: &str = concatcp!(BAR, UNTIMED);
/// A bar outside the window of the axis.
pub const BAR_BEYOND: &str = concatcp!(BAR, BEYOND);
/// The icon of a bar's state.
pub const BAR_ICON: &str = ".bar-mark path";
pub const ICON_IN_BAR: &str = concatcp!(BAR, " ", BAR_ICON);
pub const BAR_ON_TRACK: &str = concatcp!(TRACK, " ", BAR);
pub const BAR_IN_WINDOW: &str = concatcp!(BAR_ON_TRACK, ":not(", BEYOND, ")");
/// A bar beside its lane's name, because it has no time.
pub const BAR_IN_TITLE: &str = concatcp!(LANE_TITLE, " ", BAR);
const BEYOND: &str = ".is-beyond";
const SHOWN: &str = ".is-shown";
const UNTIMED: &str = ".is-untimed";
/// A run without any time.
pub const ANY_UNTIMED: &str = UNTIMED;

/// A segment of a bar: waiting, running or contradictory.
pub const SEGMENT: &str = ".part";
pub const WAITING: &str = concatcp!(SEGMENT, ".is-waiting");
pub const RUNNING: &str = concatcp!(SEGMENT, ".is-running");
const GOING_ON: &str = ".is-live";
/// A segment of a run that is still active.
pub const LIVE: &str = concatcp!(SEGMENT, GOING_ON);
pub const LIVE_IN_BAR: &str = concatcp!(BAR, " ", LIVE);
pub const LIVE_IN_READ_ROLLOUT: &str = concatcp!(rollout::READ, " ", LIVE);
pub const WAITING_LIVE: &str = concatcp!(BAR, " ", WAITING, GOING_ON);

/// A child rollout that is opened in place.
pub const CHILD: &str = "section[aria-label^='Child rollout ']";
pub const CHILD_BAR: &str = concatcp!(CHILD, " ", BAR);
pub const CHILD_READ_BAR: &str = concatcp!(CHILD, "[aria-busy=false] ", BAR);
pub const CHILD_WARNING: &str = concatcp!(CHILD, " ", page::WARNING);
pub const CHILD_ERROR_TITLE: &str = concatcp!(CHILD, " ", errors::TITLE);
pub const CHILD_ERROR_BUTTON: &str = concatcp!(CHILD, " ", errors::BUTTON);

/// The tooltip with the exact times of the hovered or focused bar.
pub const TIP: &str = "[role=tooltip]";
pub const TIP_TITLE: &str = concatcp!(TIP, " .tip-title");
pub const TIP_JOB: &str = concatcp!(TIP, " b");
pub const TIP_TIME: &str = concatcp!(TIP, " time");
pub const TIP_DURATION: &str = concatcp!(TIP, " dd");
pub const TIP_EXACT_DURATION: &str = concatcp!(TIP, " ", page::DURATIONS, " span");

const FLAG: &str = ".bar-flag";

/// The bar of a run, by the run's id.
pub fn bar(run: &str) -> String {
    format!("#run-{run}")
}

/// The bar of a run that is selected, and marked as current.
pub fn bar_current(run: &str) -> String {
    format!("{}{SHOWN}[aria-current=true]", bar(run))
}

/// The bar of a run that is selected.
pub fn bar_shown(run: &str) -> String {
    format!("{}{SHOWN}", bar(run))
}

/// The bar of a run in a state, by the state's class.
pub fn bar_in_state(run: &str, class: &str) -> String {
    format!("{}.{class}", bar(run))
}

/// The bar of a run in a child rollout, selected.
pub fn child_bar_shown(run: &str) -> String {
    format!("{CHILD} {}", bar_shown(run))
}

/// The bar of a run without any time, beside its lane's name.
pub fn untimed_bar(run: &str) -> String {
    format!("{LANE_TITLE} {}{UNTIMED}", bar(run))
}

/// The flag on the bar of a run whose times do not add up.
pub fn bar_flag(run: &str) -> String {
    format!("{} {FLAG}", bar(run))
}

/// The same flag, on a bar whose accessible name tells the reason.
pub fn bar_flag_with_reason(run: &str) -> String {
    format!(
        "{}[aria-label$='something does not add up'] {FLAG}",
        bar(run)
    )
}

/// The bar of a job's run, by the start of the bar's accessible name.
pub fn bar_of_job(job: &str) -> String {
    format!("{BAR}[aria-label^={job}]")
}

/// The waiting segment of a run.
pub fn waiting(run: &str) -> String {
    format!("{} {WAITING}", bar(run))
}

/// The waiting segment of a run that no longer waits.
pub fn waited(run: &str) -> String {
    format!("{} {WAITING}:not({GOING_ON})", bar(run))
}

/// The running segment of a run.
pub fn running(run: &str) -> String {
    format!("{} {RUNNING}", bar(run))
}

/// The running segment of a run that is still active.
pub fn running_live(run: &str) -> String {
    format!("{} {RUNNING}{GOING_ON}", bar(run))
}

/// A segment that ends before it starts.
pub fn contradictory(run: &str) -> String {
    format!("{} {SEGMENT}.is-contradictory", bar(run))
}

/// A segment without a known end.
pub fn instant(run: &str) -> String {
    format!("{} {SEGMENT}.is-instant", bar(run))
}

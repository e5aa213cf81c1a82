//! When to ask again.

use std::time::Duration;

use crate::core::time::{SignedDuration, Timestamp};
use crate::model::run::{Lifecycle, RunSet};

/// While a run is live.
pub const LIVE: Duration = Duration::from_secs(2);
/// While a rollout may be between two jobs, and for runs in a state this version does not know.
pub const QUIET: Duration = Duration::from_secs(10);
/// After the last run ended, its rollout may start the next job within this time.
pub(crate) const BETWEEN_JOBS: SignedDuration = SignedDuration::from_mins(2);
/// The longest wait after failures.
pub const MAX_BACKOFF: Duration = Duration::from_secs(60);

/// The longest wait that a server can ask for: beyond some weeks a browser's timer does not wait at all.
pub const MAX_ASKED: Duration = Duration::from_secs(3600);

/// How long to wait before the next poll, or `None` to stop polling.
///
/// `is_open` tells whether the rollout itself can still go on, where it could be read. `failures`
/// counts the polls that failed since the last that did not. A hidden page does not poll at all; that
/// is the caller's to see, since it also polls at once when it is shown again. `asked` is how long the
/// server asks to wait, which is a least, up to [`MAX_ASKED`].
pub fn next_poll(
    set: &RunSet,
    is_open: Option<bool>,
    now: Timestamp,
    failures: u32,
    asked: Option<Duration>,
) -> Option<Duration> {
    let live = set
        .runs
        .iter()
        .any(|run| run.lifecycle() == Lifecycle::Live);
    let unknown = set
        .runs
        .iter()
        .any(|run| run.lifecycle() == Lifecycle::Unknown);
    let last_end = set.runs.iter().filter_map(|run| run.ended.known()).max();
    let between_jobs = last_end.is_some_and(|end| now.duration_since(end).abs() <= BETWEEN_JOBS);
    // A rollout without runs has not begun.
    let pending = set.runs.is_empty() && set.unreadable.is_empty();
    let delay = if live {
        LIVE
    } else if unknown || between_jobs || is_open.unwrap_or(pending) {
        QUIET
    } else {
        return None;
    };
    let delay = delay
        .saturating_mul(2_u32.saturating_pow(failures))
        .min(MAX_BACKOFF);
    Some(delay.max(asked.unwrap_or_default().min(MAX_ASKED)))
}

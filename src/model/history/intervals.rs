//! When something was under way, and the two sorts that all insights share: a sort is compiled for every
//! type and order that is sorted, some four kilobytes each.

use super::{History, Lifecycle, Micros, Span};

/// An interval of time and what it is of: its beginning, its end, and a number.
pub(super) type Interval = (Micros, Micros, u32);

/// Sorts intervals, or whatever else is at most two numbers and an index.
#[inline(never)]
pub(super) fn sort(intervals: &mut [Interval]) {
    intervals.sort_unstable();
}

/// Sorts numbers.
#[inline(never)]
pub(super) fn sort_numbers(numbers: &mut [Micros]) {
    numbers.sort_unstable();
}

/// Whether a run goes on: what it takes still grows.
pub(super) fn is_under_way(history: &History, run: usize) -> bool {
    history.ended(run).is_none() && history.lifecycle(run) == Lifecycle::Live
}

/// The time that a run takes, with `now` for the end of one that has none yet; `from` is never after
/// `running`, nor that after `to`. A clock that is behind the server's ends nothing before it began.
pub(super) fn closed(history: &History, run: usize, now: Micros) -> Option<Span> {
    let span = history.span(run)?;
    if span.to != Span::OPEN {
        return Some(span);
    }
    // Not `Span::end`: what still waits has no time at which waiting ends, and of times that contradict
    // each other all are spanned.
    let known = [history.created(run), history.started(run)]
        .into_iter()
        .flatten()
        .max();
    let to = known.map_or(now, |known| now.max(known));
    Some(Span {
        running: span.running.min(to),
        to,
        ..span
    })
}

/// Intervals in the order of their beginnings, and how far they reach.
#[derive(Default)]
pub(super) struct Intervals {
    /// With the latest end so far instead of each one's own.
    intervals: Vec<Interval>,
}

impl Intervals {
    pub(super) fn new(mut intervals: Vec<Interval>) -> Self {
        sort(&mut intervals);
        let mut latest = Micros::MIN;
        for (_, to, _) in &mut intervals {
            latest = latest.max(*to);
            *to = latest;
        }
        Self { intervals }
    }

    /// The latest end of what began before a time; it may lie after that time. O(log n).
    pub(super) fn reach_before(&self, time: Micros) -> Option<Micros> {
        let before = self.intervals.partition_point(|(from, ..)| *from < time);
        Some(self.intervals[before.checked_sub(1)?].1)
    }
}

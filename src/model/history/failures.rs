//! Failures and their causes over time.
//!
//! A run falls where it ended; without an endTime where it started, and without that where it was
//! created. Only runs in a final state are counted. A run that was terminated has no failure cause (a
//! person or an automation stopped it), so it is no failure here, and is counted beside them: Cloud
//! Deploy takes its job for failed all the same.

use std::ops::Range;

use super::intervals::{self, Interval};
use super::labels::states;
use super::{History, Lifecycle, Micros};
use crate::api::job_run::State;
use crate::model::run;

/// How many buckets there may be: more than a screen has columns.
pub(crate) const MOST_BUCKETS: usize = 4_096;

/// Failures in buckets of equal length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failures {
    /// In microseconds since 1970.
    pub from: Micros,
    /// Part of the last bucket.
    pub to: Micros,
    pub buckets: Vec<Bucket>,
    /// All buckets together.
    pub total: Bucket,
    /// How many finished runs lie outside the window.
    pub outside: u32,
    /// How many have no time.
    pub timeless: u32,
}

/// What ended in a stretch of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// All runs that finished, in whatever state: what a rate is of.
    pub finished: u32,
    pub failed: u32,
    pub terminated: u32,
    /// How many failed with each cause, by number, for [`History::causes`]. Number 0 is no cause given.
    pub causes: Vec<u32>,
}

impl Bucket {
    fn new(causes: usize) -> Self {
        Self {
            causes: vec![0; causes],
            ..Self::default()
        }
    }

    fn add(&mut self, state: &State, cause: usize) {
        self.finished += 1;
        match state {
            State::Failed => {
                self.failed += 1;
                if let Some(count) = self.causes.get_mut(cause) {
                    *count += 1;
                }
            }
            State::Terminated => self.terminated += 1,
            _ => {}
        }
    }

    /// How many of 1,000 finished runs failed; `None` where none finished.
    pub fn failed_per_mille(&self) -> Option<u32> {
        let rate = u64::from(self.failed) * 1_000 / u64::from(self.finished.max(1));
        (self.finished > 0).then_some(rate as u32)
    }

    /// The numbers of the causes that there are, and how often each is; the most frequent first.
    pub(crate) fn by_frequency(&self) -> Vec<(usize, u32)> {
        let mut causes: Vec<Interval> = (0..)
            .zip(&self.causes)
            .map(|(cause, &count)| (-Micros::from(count), Micros::from(cause), cause))
            .collect();
        causes.retain(|(count, ..)| *count < 0);
        intervals::sort(&mut causes);
        causes
            .into_iter()
            .map(|(.., cause)| (cause as usize, self.causes[cause as usize]))
            .collect()
    }
}

/// A cause for people, by its number.
pub fn cause_label(history: &History, cause: usize) -> &str {
    match history.causes().nth(cause) {
        None | Some("") => "no cause given",
        Some(cause) => cause,
    }
}

/// When a run fell: when it ended, else started, else was created.
pub fn fell(history: &History, run: usize) -> Option<Micros> {
    history
        .ended(run)
        .or_else(|| history.started(run))
        .or_else(|| history.created(run))
}

impl Failures {
    /// Counts runs in `count` buckets (1 to [`MOST_BUCKETS`]) over the window that both times belong to;
    /// a window whose end is not after its beginning is an instant. It takes O(n + buckets × causes).
    pub fn new(history: &History, runs: &[u32], from: Micros, to: Micros, count: usize) -> Self {
        let to = to.max(from);
        let causes = history.causes().count().max(1);
        let states = states(history);
        let mut failures = Self {
            from,
            to,
            buckets: vec![Bucket::new(causes); count.clamp(1, MOST_BUCKETS)],
            total: Bucket::new(causes),
            outside: 0,
            timeless: 0,
        };
        for &run in runs {
            let run = run as usize;
            if run >= history.len() {
                continue;
            }
            let state = &states[history.state_number(run)];
            if run::lifecycle(state) != Lifecycle::Final {
                continue;
            }
            let Some(time) = fell(history, run) else {
                failures.timeless += 1;
                continue;
            };
            match failures.bucket_of(time) {
                Some(bucket) => {
                    let cause = history.cause_number(run);
                    failures.buckets[bucket].add(state, cause);
                    failures.total.add(state, cause);
                }
                None => failures.outside += 1,
            }
        }
        failures
    }

    /// The bucket that a time falls into.
    pub(crate) fn bucket_of(&self, time: Micros) -> Option<usize> {
        if !(self.from..=self.to).contains(&time) {
            return None;
        }
        let bucket =
            (i128::from(time) - i128::from(self.from)) * self.buckets.len() as i128 / self.length();
        Some((bucket as usize).min(self.buckets.len() - 1))
    }

    /// The time that a bucket has, for a filter: exactly the times that fall into it. The first one is
    /// part of it, the last one is not.
    pub fn range(&self, bucket: usize) -> Range<Micros> {
        let count = self.buckets.len();
        let edge = |bucket: usize| {
            if bucket >= count {
                return self.to.saturating_add(1);
            }
            // Rounded up: the first whole microsecond that falls into the bucket.
            let along = self.length() * bucket as i128 + count as i128 - 1;
            (i128::from(self.from) + along / count as i128) as Micros
        };
        edge(bucket)..edge(bucket.saturating_add(1))
    }

    fn length(&self) -> i128 {
        (i128::from(self.to) - i128::from(self.from)).max(1)
    }

    /// The window in a sentence, such as `37 of 412 finished runs failed (8.9 %), most often with
    /// EXECUTION_FAILED (30)`.
    pub fn sentence(&self, history: &History) -> String {
        sentence(history, &self.total)
    }
}

/// A bucket in a sentence.
pub fn sentence(history: &History, bucket: &Bucket) -> String {
    let Some(rate) = bucket.failed_per_mille() else {
        return "No run finished".to_owned();
    };
    let mut sentence = match (bucket.failed, bucket.finished) {
        (0, 1) => "The one finished run did not fail".to_owned(),
        (0, finished) => format!("None of {finished} finished runs failed"),
        (1, 1) => "The one finished run failed".to_owned(),
        (failed, finished) => {
            let rate = match rate {
                0 => "<0.1".to_owned(),
                rate => format!("{}.{}", rate / 10, rate % 10),
            };
            format!("{failed} of {finished} finished runs failed ({rate} %)")
        }
    };
    match bucket.by_frequency()[..] {
        [] => {}
        [(cause, _)] => sentence.push_str(&format!(", with {}", cause_label(history, cause))),
        [(cause, count), ..] => {
            sentence.push_str(&format!(
                ", most often with {} ({count})",
                cause_label(history, cause)
            ));
        }
    }
    if bucket.terminated > 0 {
        sentence.push_str(&format!("; {} terminated", bucket.terminated));
    }
    sentence
}

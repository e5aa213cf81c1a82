//! How everything stood at a moment.
//!
//! What a job run says of its past are three times: it is there from createTime on, it waits until
//! startTime, and it runs until endTime. **Since when it is TERMINATING the API does not tell**: a run
//! that was asked to stop counts as running (or waiting) until it ended, and one that is TERMINATING now
//! counts as running at all moments since its start.
//!
//! Where times are missing or contradict each other, a run stands as its bar is drawn
//! ([`History::span`]): it is there from its first known time on, and what is over without an endTime
//! counts as ended at its last known time, although it ended at some moment after it.

use super::intervals::{self, Interval, sort_numbers};
use super::labels::states;
use super::{History, Micros, Span};
use crate::api::job_run::State;

/// How a run stood at a moment. A moment belongs to what begins with it: at its endTime a run has
/// ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stood {
    NotYet,
    /// Created and not started.
    Waiting,
    /// Started and not ended.
    Running,
    /// Over, in the state that the run has now; [`History::state`] of it.
    Ended,
}

/// How a run stood at a moment, in O(1); `None` when it has no known time.
pub fn stood(history: &History, run: usize, moment: Micros) -> Option<Stood> {
    let span = history.span(run)?;
    Some(if moment < span.from {
        Stood::NotYet
    } else if moment < span.running {
        Stood::Waiting
    } else if moment < span.to {
        Stood::Running
    } else {
        Stood::Ended
    })
}

/// How many runs stood how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub not_yet: u32,
    pub waiting: u32,
    pub running: u32,
    /// By the number of their state, for [`History::states`]: as many as there are states.
    pub ended: Vec<u32>,
}

/// The moments at which something about some runs changes, made once and asked for any moment.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// How many of the runs have a time.
    timed: u32,
    /// How many have none, which are counted nowhere.
    pub timeless: u32,
    /// When runs came to be there, in order.
    created: Vec<Micros>,
    /// When runs ceased to wait, in order, whether because they started or because they ended.
    started: Vec<Micros>,
    /// When runs ended, in order, by the number of their state.
    ended: Vec<Vec<Micros>>,
    states: Vec<State>,
}

impl Replay {
    /// Makes the index. It takes O(n log n), and keeps 24 bytes a run.
    pub fn new(history: &History, runs: &[u32]) -> Self {
        let states = states(history);
        let mut replay = Self {
            ended: vec![vec![]; states.len()],
            states,
            ..Self::default()
        };
        for &run in runs {
            let run = run as usize;
            if run >= history.len() {
                continue;
            }
            let Some(span) = history.span(run) else {
                replay.timeless += 1;
                continue;
            };
            replay.timed += 1;
            replay.created.push(span.from);
            if span.running != Span::OPEN {
                replay.started.push(span.running);
            }
            if span.to != Span::OPEN {
                replay.ended[history.state_number(run)].push(span.to);
            }
        }
        let Self {
            created,
            started,
            ended,
            ..
        } = &mut replay;
        for times in [created, started].into_iter().chain(ended) {
            sort_numbers(times);
        }
        replay
    }

    /// How many runs stood how at a moment. It takes O(s log n) for the s states that there are.
    pub fn at(&self, moment: Micros) -> Counts {
        let by = |times: &Vec<Micros>| times.partition_point(|time| *time <= moment) as u32;
        let (created, started) = (by(&self.created), by(&self.started));
        let ended: Vec<u32> = self.ended.iter().map(by).collect();
        let all_ended: u32 = ended.iter().sum();
        // A run is there before it starts and starts before it ends, so that each count has the next.
        Counts {
            not_yet: self.timed - created,
            waiting: created - started,
            running: started - all_ended,
            ended,
        }
    }

    /// The first moment after one at which anything changes. It takes O(s log n).
    pub fn next(&self, moment: Micros) -> Option<Micros> {
        let after = |times: &Vec<Micros>| {
            times
                .get(times.partition_point(|time| *time <= moment))
                .copied()
        };
        self.lists().filter_map(after).min()
    }

    /// The last moment before one at which anything changed. It takes O(s log n).
    pub fn previous(&self, moment: Micros) -> Option<Micros> {
        let before = |times: &Vec<Micros>| {
            Some(
                times[times
                    .partition_point(|time| *time < moment)
                    .checked_sub(1)?],
            )
        };
        self.lists().filter_map(before).max()
    }

    /// The first and the last moment at which anything changes.
    pub fn extent(&self) -> Option<(Micros, Micros)> {
        let first = *self.created.first()?;
        Some((
            first,
            self.lists()
                .filter_map(|times| times.last().copied())
                .max()?,
        ))
    }

    /// How everything stood at a moment in words, such as `2 running, 1 waiting, 1 failed, 40 succeeded;
    /// 3 not there yet`. What needs attention comes first.
    pub fn sentence(&self, moment: Micros) -> String {
        let counts = self.at(moment);
        let mut ended: Vec<(Micros, u32, &str)> = Vec::new();
        for (state, &count) in self.states.iter().zip(&counts.ended) {
            let (order, word) = match state {
                State::Failed => (0, "failed"),
                State::Terminated => (1, "terminated"),
                State::Succeeded => (3, "succeeded"),
                // An endTime, and a state that is not final: it is told as it is.
                State::InProgress | State::Terminating | State::Unspecified => {
                    (2, "in no final state")
                }
                State::Unrecognized(state) => (2, &**state),
            };
            match ended.iter_mut().find(|(_, _, known)| *known == word) {
                Some((_, known, _)) => *known += count,
                None => ended.push((order, count, word)),
            }
        }
        let mut indices: Vec<Interval> = (0..)
            .zip(&ended)
            .map(|(index, (order, ..))| (*order, Micros::from(index), index))
            .collect();
        intervals::sort(&mut indices);
        let mut parts = vec![(counts.running, "running"), (counts.waiting, "waiting")];
        parts.extend(indices.into_iter().map(|(.., index)| {
            let (_, count, word) = ended[index as usize];
            (count, word)
        }));
        let parts: Vec<String> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        match (parts.is_empty(), counts.not_yet) {
            (true, 0) => "No runs".to_owned(),
            (true, not_yet) => format!("{not_yet} not there yet"),
            (false, 0) => parts.join(", "),
            (false, not_yet) => format!("{}; {not_yet} not there yet", parts.join(", ")),
        }
    }

    fn lists(&self) -> impl Iterator<Item = &Vec<Micros>> {
        [&self.created, &self.started]
            .into_iter()
            .chain(&self.ended)
    }
}

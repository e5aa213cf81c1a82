//! Groups, lanes and rows: where each run's bar lies, before anyone says which part is shown.
//!
//! Within a row bars do not overlap, so they are in the order of both their starts and their ends,
//! and what a screen shows of a row is found by halving.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::idle_compression::IdleCompression;
use super::view::{Group, HistoryView, Sort};
use super::{History, Lifecycle, Micros, Span};
use crate::api::job_run::State;

/// What states are among some runs: a bit for each kind of state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct States(pub u8);

impl States {
    pub(crate) const SUCCEEDED: Self = Self(1);
    pub(crate) const UNKNOWN: Self = Self(2);
    pub(crate) const TERMINATED: Self = Self(4);
    pub const LIVE: Self = Self(8);
    pub(crate) const TERMINATING: Self = Self(16);
    pub const FAILED: Self = Self(32);

    pub(crate) fn of(state: &State) -> Self {
        match state {
            State::Succeeded => Self::SUCCEEDED,
            State::Failed => Self::FAILED,
            State::InProgress => Self::LIVE,
            State::Terminating => Self::TERMINATING,
            State::Terminated => Self::TERMINATED,
            State::Unspecified | State::Unrecognized(_) => Self::UNKNOWN,
        }
    }

    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The one that must not be missed: a failure before all others.
    pub(crate) fn worst(self) -> Self {
        if self.0 == 0 {
            self
        } else {
            Self(1 << (7 - self.0.leading_zeros()))
        }
    }
}

/// Heights, in CSS pixels.
pub const ROW: i64 = 18;
pub(crate) const LANE_SPACE: i64 = 6;
pub(crate) const GROUP: i64 = 28;

/// Where all bars lie.
#[derive(Clone, Debug, Default)]
pub struct Lanes {
    pub compression: IdleCompression,
    pub groups: Vec<GroupLanes>,
    pub lanes: Vec<HistoryLane>,
    pub rows: Vec<LaneRow>,
    /// The runs, row after row; within a row in the order of time.
    pub runs: Vec<u32>,
    /// Where each bar begins, ceases to wait, and ends, in shown time. [`Span::OPEN`] for what has no end.
    pub from: Vec<Micros>,
    pub running: Vec<Micros>,
    pub to: Vec<Micros>,
    /// The bar of each run of the history; `u32::MAX` for those that are not shown.
    bar_of: Vec<u32>,
    /// The states of bars: a tree of which the leaves are the bars and each inner node has what both of
    /// its children have.
    states: Vec<States>,
    /// How high all of it is.
    pub height: i64,
    /// The runs that have no time at all, which fit nowhere.
    pub timeless: usize,
    /// The first and last known time, in shown time; an open end does not count.
    pub extent: Option<(Micros, Micros)>,
}

/// One group.
#[derive(Clone, Debug, Default)]
pub struct GroupLanes {
    pub name: String,
    /// Its lanes; none when it is collapsed.
    pub lanes: std::ops::Range<usize>,
    pub is_shut: bool,
    pub runs: usize,
    pub failed: usize,
    /// Where it begins, in CSS pixels from the top.
    pub top: i64,
}

/// One job of a group.
#[derive(Clone, Debug, Default)]
pub struct HistoryLane {
    pub name: String,
    pub rows: std::ops::Range<usize>,
    pub top: i64,
}

/// Bars that do not overlap.
#[derive(Clone, Debug, Default)]
pub struct LaneRow {
    /// Of the bars.
    pub bars: std::ops::Range<usize>,
    pub top: i64,
}

impl Lanes {
    /// Lays out runs. It takes O(n log n).
    pub fn new(history: &History, runs: &[u32], view: &HistoryView, now: Micros) -> Self {
        let mut timed: Vec<(u32, Span)> = runs
            .iter()
            .filter_map(|&run| Some((run, history.span(run as usize)?)))
            .collect();
        timed.sort_unstable_by_key(|(run, span)| (span.from, *run));
        let one_rollout = history.rollout_count() == 1;
        let compression = match view.cut_idle.unwrap_or(one_rollout) {
            true => IdleCompression::without_idle(
                timed.iter().map(|(_, span)| (span.from, span.end(now))),
            ),
            false => IdleCompression::default(),
        };
        let mut lanes = Self {
            compression,
            timeless: runs.len() - timed.len(),
            ..Self::default()
        };
        lanes.extent = timed.first().map(|(_, first)| {
            let last = timed
                .iter()
                .map(|(_, span)| span.end(span.from))
                .max()
                .unwrap_or(first.from);
            (
                lanes.compression.show(first.from),
                lanes.compression.show(last),
            )
        });
        let groups = lanes.gather(history, &timed, view);
        lanes.lay_out(history, &timed, groups);
        lanes
    }

    /// The runs of each group by lane, as indices in `timed`.
    fn gather(
        &mut self,
        history: &History,
        timed: &[(u32, Span)],
        view: &HistoryView,
    ) -> Vec<Gathered> {
        let group_name = |run: usize| {
            let rollout = history.rollout_info(history.rollout(run));
            match view.group {
                Group::Phase => history.phase_name(history.phase(run)),
                Group::Target => &rollout.target,
                Group::Rollout => &rollout.id,
                Group::Release => &rollout.release,
                Group::Pipeline => &rollout.pipeline,
                Group::State => history.state_name(run),
            }
        };
        // By numbers, since most runs are of a group that is known: the number of the column first.
        let number = |run: usize| match view.group {
            Group::Phase => history.phase(run),
            Group::State => history.state_number(run),
            Group::Target | Group::Rollout | Group::Release | Group::Pipeline => {
                history.rollout(run)
            }
        };
        let mut known: Vec<Option<usize>> = Vec::new();
        let mut groups: Vec<Gathered> = Vec::new();
        let mut by_name: std::collections::HashMap<String, usize> =
            std::collections::HashMap::new();
        for (index, (run, span)) in timed.iter().enumerate() {
            let run = *run as usize;
            let number = number(run);
            if known.len() <= number {
                known.resize(number + 1, None);
            }
            let group = *known[number].get_or_insert_with(|| {
                // A release and rollout of the same id in two pipelines are two, but their lanes have
                // the same name anyhow: what differs is on the page of the run.
                let name = group_name(run);
                *by_name.entry(name.to_owned()).or_insert_with(|| {
                    groups.push(Gathered {
                        name: name.to_owned(),
                        newest: span.from,
                        ..Gathered::default()
                    });
                    groups.len() - 1
                })
            });
            let group = &mut groups[group];
            group.runs += 1;
            group.newest = span.from;
            group.longest = group.longest.max(span.end(span.from) - span.from);
            group.failed += usize::from(history.state(run) == State::Failed);
            let job = (history.phase(run), history.job(run));
            let lane = match group.last.filter(|lane| group.lanes[*lane].0 == job) {
                Some(lane) => lane,
                None => group
                    .lanes
                    .iter()
                    .position(|(known, _)| *known == job)
                    .unwrap_or_else(|| {
                        group.lanes.push((job, Vec::new()));
                        group.lanes.len() - 1
                    }),
            };
            group.last = Some(lane);
            group.lanes[lane].1.push(index as u32);
        }
        for group in &mut groups {
            group.is_shut = view.shut.contains(&group.name);
        }
        match view.sort {
            Sort::First => {}
            Sort::Newest => groups.sort_by_key(|group| Reverse(group.newest)),
            Sort::Name => groups.sort_by(|a, b| a.name.cmp(&b.name)),
            Sort::Failures => groups.sort_by_key(|group| Reverse(group.failed)),
            Sort::Runs => groups.sort_by_key(|group| Reverse(group.runs)),
            Sort::Longest => groups.sort_by_key(|group| Reverse(group.longest)),
        }
        groups
    }

    fn lay_out(&mut self, history: &History, timed: &[(u32, Span)], groups: Vec<Gathered>) {
        let count = timed.len();
        self.runs.reserve_exact(count);
        self.from.reserve_exact(count);
        self.running.reserve_exact(count);
        self.to.reserve_exact(count);
        let mut top = 0;
        for mut group in groups {
            let first_lane = self.lanes.len();
            let group_top = top;
            top += GROUP;
            if !group.is_shut {
                group.lanes.sort_by_key(|((phase, job), indices)| {
                    let kind = history.kind(timed[indices[0] as usize].0 as usize);
                    // In the order in which phases came about, and jobs run in them.
                    (*phase, kind.order(), *job)
                });
                for ((phase, job), indices) in &group.lanes {
                    let (phase, job) = (history.phase_name(*phase), history.job_name(*job));
                    let name = if group.name == phase {
                        job.to_owned()
                    } else {
                        [phase, " / ", job].concat()
                    };
                    let first_row = self.rows.len();
                    for row in rows(timed, indices) {
                        let first_bar = self.runs.len();
                        for index in row {
                            let (run, span) = timed[index as usize];
                            self.runs.push(run);
                            self.from.push(self.compression.show(span.from));
                            let is_open = |time| time == Span::OPEN;
                            let show = |time| {
                                if is_open(time) {
                                    time
                                } else {
                                    self.compression.show(time)
                                }
                            };
                            self.running.push(show(span.running));
                            self.to.push(show(span.to));
                        }
                        self.rows.push(LaneRow {
                            bars: first_bar..self.runs.len(),
                            top,
                        });
                        top += ROW;
                    }
                    let lane_top = self.rows[first_row].top;
                    self.lanes.push(HistoryLane {
                        name,
                        rows: first_row..self.rows.len(),
                        top: lane_top,
                    });
                    top += LANE_SPACE;
                }
            }
            self.groups.push(GroupLanes {
                name: group.name,
                lanes: first_lane..self.lanes.len(),
                is_shut: group.is_shut,
                runs: group.runs,
                failed: group.failed,
                top: group_top,
            });
        }
        self.height = top;
        let count = self.runs.len();
        self.bar_of = vec![u32::MAX; history.len()];
        for (bar, run) in self.runs.iter().enumerate() {
            self.bar_of[*run as usize] = bar as u32;
        }
        self.states = vec![States::default(); 2 * count];
        for (bar, run) in self.runs.iter().enumerate() {
            self.states[count + bar] = States::of(&history.state(*run as usize));
        }
        for node in (1..count).rev() {
            self.states[node] = self.states[2 * node].or(self.states[2 * node + 1]);
        }
    }

    /// The state of a bar's run.
    pub(crate) fn state(&self, bar: usize) -> States {
        self.states[self.runs.len() + bar]
    }

    /// The states among the bars of a range, in O(log n).
    pub(crate) fn states(&self, bars: std::ops::Range<usize>) -> States {
        let count = self.runs.len();
        let (mut first, mut end) = (bars.start + count, bars.end + count);
        let mut found = States::default();
        while first < end {
            if first % 2 == 1 {
                found = found.or(self.states[first]);
                first += 1;
            }
            if end % 2 == 1 {
                end -= 1;
                found = found.or(self.states[end]);
            }
            first /= 2;
            end /= 2;
        }
        found
    }

    /// The bar of a run, if it is in a lane.
    pub(crate) fn bar_of(&self, run: usize) -> Option<usize> {
        self.bar_of
            .get(run)
            .filter(|bar| **bar != u32::MAX)
            .map(|bar| *bar as usize)
    }

    /// The row of a bar.
    pub fn row_of(&self, bar: usize) -> usize {
        self.rows.partition_point(|row| row.bars.end <= bar)
    }

    /// The rows that are within a height, from an offset down.
    pub fn rows_between(&self, top: i64, bottom: i64) -> std::ops::Range<usize> {
        let first = self.rows.partition_point(|row| row.top + ROW <= top);
        let end = self.rows.partition_point(|row| row.top < bottom);
        first..end.max(first)
    }

    /// Whether something has no end yet.
    pub fn is_live(history: &History, runs: &[u32]) -> bool {
        runs.iter()
            .any(|run| history.lifecycle(*run as usize) == Lifecycle::Live)
    }
}

/// A group before it is laid out.
#[derive(Default)]
struct Gathered {
    name: String,
    is_shut: bool,
    runs: usize,
    failed: usize,
    newest: Micros,
    longest: Micros,
    /// By phase and job, the indices of the runs.
    lanes: Vec<((usize, usize), Vec<u32>)>,
    /// The lane that was added to last.
    last: Option<usize>,
}

/// Puts the runs of a lane into as few rows as they fit without overlap, each into the first that is
/// free. `indices` are in the order of their starts.
fn rows(timed: &[(u32, Span)], indices: &[u32]) -> Vec<Vec<u32>> {
    let mut rows: Vec<Vec<u32>> = Vec::new();
    // The ends of the rows that are taken, and the rows that are free.
    let mut taken: BinaryHeap<Reverse<(Micros, u32)>> = BinaryHeap::new();
    let mut free: BinaryHeap<Reverse<u32>> = BinaryHeap::new();
    for &index in indices {
        let span = timed[index as usize].1;
        while let Some(Reverse((end, row))) = taken.peek().copied()
            && end <= span.from
        {
            taken.pop();
            free.push(Reverse(row));
        }
        let row = free.pop().map_or_else(
            || {
                rows.push(Vec::new());
                rows.len() as u32 - 1
            },
            |Reverse(row)| row,
        );
        rows[row as usize].push(index);
        // What takes no time still takes its row: the next one at the same instant goes elsewhere.
        let end = if span.to == span.from {
            span.to.saturating_add(1)
        } else {
            span.to
        };
        taken.push(Reverse((end, row)));
    }
    rows
}

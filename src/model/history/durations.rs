//! How long the runs of each job take, and where one run stands among them.
//!
//! Which runs count, as a release engineer asks "how long does deploy take in stable?":
//!
//! - Only runs in a final state count. One that still runs has no duration yet, and would pull every
//!   percentile down.
//! - The *running time* is that of runs that **succeeded**, from startTime to endTime. A failure is
//!   either much shorter than the job (a bad manifest) or as long as its deadline, and says nothing of
//!   how long the job takes; it is kept beside it, as [`JobDurations::failing`]. How long a terminated
//!   run ran says when a person lost patience, and counts nowhere.
//! - The *waiting time* is that of runs that **started**, from createTime to startTime, however they
//!   ended: what a run comes to later does not change how long it stood in the queue. A run that was
//!   terminated before it started would have waited longer, and does not count.
//! - Times that are missing, cannot be read, or are in the wrong order make no duration.
//!
//! Percentiles are by nearest rank: p99 is the smallest duration that at least 99 of 100 do not exceed,
//! and always one that a run really took.

use std::cmp::Ordering;

use super::intervals::{is_under_way, sort_numbers};
use super::labels::{human, lane_key, lane_label, natural, states};
use super::{History, Lifecycle, Micros};
use crate::api::job_run::State;
use crate::core::order::sorted_by;
use crate::model::run;

/// The durations of each job among some runs.
#[derive(Clone, Debug, Default)]
pub struct Durations {
    /// The jobs, in the order of their numbers; see [`ordered`](Self::ordered).
    pub jobs: Vec<JobDurations>,
    /// By index in `jobs`.
    keys: Vec<i64>,
    /// Which of the history's runs are among those that were asked for.
    is_member: Vec<bool>,
    succeeded: Grouped,
}

/// The durations of one job: of a phase, since the same job takes longer in production.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobDurations {
    /// For [`History::phase_name`].
    pub phase: usize,
    /// For [`History::job_name`].
    pub job: usize,
    /// One of its runs.
    pub example: u32,
    /// All of its runs, in whatever state.
    pub count: u32,
    pub failed: u32,
    pub terminated: u32,
    /// How long finished runs waited before they started; `None` when none did.
    pub waiting: Option<Spread>,
    /// How long runs ran that succeeded.
    pub running: Option<Spread>,
    /// How long runs ran that failed.
    pub failing: Option<Spread>,
}

/// Some durations, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    /// How many there are: at least one.
    pub count: u32,
    pub total: Micros,
    pub p50: Micros,
    pub p90: Micros,
    pub p99: Micros,
}

/// What jobs are sorted by. Names ascend, the way people count (`canary-5` before `canary-25`);
/// everything else begins with the largest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Name,
    Failed,
}

/// Where a run stands among the *other* runs of its job that succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How long it ran.
    pub ran: Micros,
    /// How many of the others took less time.
    pub slower_than: u32,
    /// How many took more.
    pub faster_than: u32,
    /// How many took as long to the microsecond.
    pub equal: u32,
}

impl Standing {
    /// How many others there are.
    pub fn others(&self) -> u32 {
        self.slower_than + self.faster_than + self.equal
    }
}

impl Durations {
    /// Measures runs. It takes O(n log n), most of it to sort numbers. A run that is given twice
    /// counts once.
    pub fn new(history: &History, runs: &[u32]) -> Self {
        let mut is_member = vec![false; history.len()];
        let mut members: Vec<u32> = Vec::with_capacity(runs.len());
        for &run in runs {
            if let Some(is_member) = is_member.get_mut(run as usize)
                && !*is_member
            {
                *is_member = true;
                members.push(run);
            }
        }
        let mut keys: Vec<i64> = members
            .iter()
            .map(|&run| lane_key(history, run as usize).into())
            .collect();
        sort_numbers(&mut keys);
        keys.dedup();

        let states = states(history);
        let mut jobs: Vec<Option<JobDurations>> = vec![None; keys.len()];
        let mut job_of = Vec::with_capacity(members.len());
        let mut times: [Vec<Micros>; 3] = Default::default();
        for run in members {
            let at = run as usize;
            let index = keys
                .binary_search(&lane_key(history, at).into())
                .unwrap_or_default();
            let job = jobs[index].get_or_insert_with(|| JobDurations::new(history, run));
            let state = &states[history.state_number(at)];
            job.count += 1;
            job.failed += u32::from(*state == State::Failed);
            job.terminated += u32::from(*state == State::Terminated);
            let is_final = run::lifecycle(state) == Lifecycle::Final;
            let waited = history
                .started(at)
                .and_then(|_| history.waited(at))
                .filter(|_| is_final);
            let ran = history.ran(at);
            let of = |wanted: State| ran.filter(|_| *state == wanted);
            for (times, time) in
                times
                    .iter_mut()
                    .zip([waited, of(State::Succeeded), of(State::Failed)])
            {
                times.push(time.unwrap_or(NONE));
            }
            job_of.push(index as u32);
        }
        let [waiting, running, failing] =
            times.map(|times| Grouped::new(&job_of, &times, keys.len()));
        let mut jobs: Vec<JobDurations> = jobs.into_iter().flatten().collect();
        for (index, job) in jobs.iter_mut().enumerate() {
            job.waiting = Spread::of(waiting.get(index));
            job.running = Spread::of(running.get(index));
            job.failing = Spread::of(failing.get(index));
        }
        Self {
            jobs,
            keys,
            is_member,
            succeeded: running,
        }
    }

    /// The jobs in an order; equal ones by name. It takes O(j log j) for j jobs.
    pub fn ordered(&self, history: &History, order: Order) -> Vec<&JobDurations> {
        let by_name = |a: &JobDurations, b: &JobDurations| {
            natural(history.phase_name(a.phase), history.phase_name(b.phase))
                .then_with(|| natural(history.job_name(a.job), history.job_name(b.job)))
        };
        let value = |job: &JobDurations| match order {
            Order::Name => 0,
            Order::Failed => job.failed,
        };
        sorted_by(self.jobs.iter().collect(), |a, b| {
            value(b).cmp(&value(a)).then_with(|| by_name(a, b))
        })
    }

    /// The job that a run is of, when it has a run among those measured. It takes O(log j).
    pub(crate) fn job_of(&self, history: &History, run: usize) -> Option<&JobDurations> {
        self.jobs.get(self.index_of(history, run)?)
    }

    fn index_of(&self, history: &History, run: usize) -> Option<usize> {
        self.keys.binary_search(&lane_key(history, run).into()).ok()
    }

    /// Where a run stands among the others of its job that succeeded; `None` when it never finished or
    /// never ran. One that failed or was terminated is compared as well: whoever looks at it wonders
    /// whether it hung. The run need not be among those measured. It takes O(log n).
    pub fn standing(&self, history: &History, run: usize) -> Option<Standing> {
        let ran = history
            .ran(run)
            .filter(|_| history.lifecycle(run) == Lifecycle::Final)?;
        Some(self.rank(history, run, ran))
    }

    /// Where a run that still runs would stand if it ended now; `None` when it does not run.
    pub fn so_far(&self, history: &History, run: usize, now: Micros) -> Option<Standing> {
        let started = history
            .started(run)
            .filter(|_| is_under_way(history, run))?;
        Some(self.rank(history, run, now.saturating_sub(started).max(0)))
    }

    fn rank(&self, history: &History, run: usize, ran: Micros) -> Standing {
        let index = self.index_of(history, run);
        let times = index.map_or(&[][..], |index| self.succeeded.get(index));
        let below = times.partition_point(|time| *time < ran);
        let up_to = times.partition_point(|time| *time <= ran);
        let is_itself =
            self.is_member.get(run) == Some(&true) && history.state(run) == State::Succeeded;
        Standing {
            ran,
            slower_than: below as u32,
            faster_than: (times.len() - up_to) as u32,
            equal: (up_to - below - usize::from(is_itself)) as u32,
        }
    }

    /// [`standing`](Self::standing) in words, such as `Slower than 97 of 100 runs of deploy in stable
    /// (p50 2 m 10 s, p99 7 m 40 s)`. The percentiles are the table's, in which a run that succeeded
    /// counts itself.
    pub fn sentence(&self, history: &History, run: usize) -> Option<String> {
        let standing = self.standing(history, run)?;
        let lane = lane_label(history, run);
        let (others, spread) = match self.job_of(history, run).and_then(|job| job.running) {
            Some(spread) if standing.others() > 0 => (standing.others(), spread),
            _ => {
                return Some(format!(
                    "No other run of {lane} succeeded, so there is none to compare with"
                ));
            }
        };
        let after = match history.state(run) {
            State::Failed => Some("Failed after"),
            State::Terminated => Some("Terminated after"),
            _ => None,
        };
        let order = standing.slower_than.cmp(&standing.faster_than);
        let all_equal = standing.equal == others;
        let (than, count) = match order {
            _ if all_equal => ("", others),
            Ordering::Less => (
                if after.is_some() {
                    "sooner than"
                } else {
                    "Faster than"
                },
                standing.faster_than,
            ),
            _ => (
                if after.is_some() {
                    "longer than"
                } else {
                    "Slower than"
                },
                standing.slower_than,
            ),
        };
        let of = match (others, all_equal) {
            (1, true) => format!("as long as the one other run of {lane}"),
            (_, true) => format!("as long as all {others} other runs of {lane}"),
            (1, false) => format!("{than} the one other run of {lane}"),
            (_, false) => format!("{than} {count} of {others} runs of {lane}"),
        };
        let sentence = match after {
            Some(after) => format!("{after} {}, {of} that succeeded", human(standing.ran)),
            None if all_equal => format!("Took {of}"),
            None => of,
        };
        Some(format!(
            "{sentence} (p50 {}, p99 {})",
            human(spread.p50),
            human(spread.p99)
        ))
    }
}

impl Durations {
    /// [`so_far`](Self::so_far) in words, such as `Running for 9 m 00 s, longer than 97 of 100 runs of
    /// deploy in stable took (p50 2 m 10 s, p99 7 m 40 s)`: whether a run hangs is asked before it ends.
    pub fn sentence_so_far(&self, history: &History, run: usize, now: Micros) -> Option<String> {
        let standing = self.so_far(history, run, now)?;
        let (ran, lane) = (human(standing.ran), lane_label(history, run));
        Some(
            match self.job_of(history, run).and_then(|job| job.running) {
                Some(spread) => format!(
                    "Running for {ran}, longer than {} of {} runs of {lane} took (p50 {}, p99 {})",
                    standing.slower_than,
                    standing.others(),
                    human(spread.p50),
                    human(spread.p99)
                ),
                None => {
                    format!("Running for {ran}; no run of {lane} has succeeded to compare with")
                }
            },
        )
    }
}

impl JobDurations {
    fn new(history: &History, run: u32) -> Self {
        Self {
            phase: history.phase(run as usize),
            job: history.job(run as usize),
            example: run,
            count: 0,
            failed: 0,
            terminated: 0,
            waiting: None,
            running: None,
            failing: None,
        }
    }
}

impl Spread {
    /// The spread of durations in ascending order.
    pub fn of(sorted: &[Micros]) -> Option<Self> {
        let count = u32::try_from(sorted.len())
            .ok()
            .filter(|count| *count > 0)?;
        Some(Self {
            count,
            // 100,000 runs of ten thousand years each are more microseconds than there are numbers.
            total: sorted
                .iter()
                .fold(0, |total: Micros, time| total.saturating_add(*time)),
            p50: nearest_rank(sorted, 50),
            p90: nearest_rank(sorted, 90),
            p99: nearest_rank(sorted, 99),
        })
    }
}

/// The smallest of some ascending durations that at least so many percent of them do not exceed.
fn nearest_rank(sorted: &[Micros], percent: u64) -> Micros {
    let rank = (sorted.len() as u64 * percent).div_ceil(100).max(1) as usize;
    sorted.get(rank - 1).copied().unwrap_or_default()
}

/// What a run has that has no such duration; a duration is never negative.
const NONE: Micros = -1;

/// Durations by job, ascending for each.
#[derive(Clone, Debug, Default)]
struct Grouped {
    /// Where the durations of each job begin, and where the last ones end.
    starts: Vec<u32>,
    times: Vec<Micros>,
}

impl Grouped {
    fn new(job_of: &[u32], times: &[Micros], jobs: usize) -> Self {
        let mut starts = vec![0_u32; jobs + 1];
        let timed = || job_of.iter().zip(times).filter(|(_, time)| **time != NONE);
        for (job, _) in timed() {
            starts[*job as usize + 1] += 1;
        }
        for job in 0..jobs {
            starts[job + 1] += starts[job];
        }
        let mut next = starts.clone();
        let mut grouped = vec![0; starts[jobs] as usize];
        for (job, time) in timed() {
            let next = &mut next[*job as usize];
            grouped[*next as usize] = *time;
            *next += 1;
        }
        for ends in starts.windows(2) {
            sort_numbers(&mut grouped[ends[0] as usize..ends[1] as usize]);
        }
        Self {
            starts,
            times: grouped,
        }
    }

    fn get(&self, job: usize) -> &[Micros] {
        match (self.starts.get(job), self.starts.get(job + 1)) {
            (Some(from), Some(to)) => &self.times[*from as usize..*to as usize],
            _ => &[],
        }
    }
}

//! The critical path of a rollout: the chain of job runs, and of the gaps between them, that
//! determined when the rollout ended.
//!
//! It is found from its end: the run that ended last, then the run that ended last when that one was
//! created, and so on back to the rollout's first creation. Cloud Deploy creates a job run when what
//! it depends on is over (a phase runs predeploy, deploy, verify, analysis and postdeploy one after the
//! other, and phases one after the other), so the run that ended last before a creation is what the
//! creation waited for. The API does not say so of any two runs; it is inferred from their times.
//!
//! A gap is a stretch between two runs of the path. What it was spent on is inferred too, and named
//! with care: [`Gap`].

use super::intervals::{self, Interval, Intervals, closed, is_under_way};
use super::labels::{human, lane_label, phase_label};
use super::{History, Micros};

/// How much sooner than its predecessor's end a run may be created: endTime and createTime are
/// written by different servers. Ours; the API promises nothing.
pub const SKEW: Micros = 1_000_000;

/// How long the scheduler may take between a job's end and the next one's creation. A longer gap is
/// one that a person can do something about. Ours; the API promises nothing.
pub const SCHEDULING: Micros = 10_000_000;

/// The critical path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriticalPath {
    /// In the order of time; each begins where the one before it ends, the first at `from` and the
    /// last up to `to`.
    pub steps: Vec<PathStep>,
    /// The rollout's first creation; without createTimes, its first known time.
    pub from: Micros,
    /// The rollout's last end, or `now` while a run of it is under way.
    pub to: Micros,
    /// Whether a run of it is under way, so that `to` moves.
    pub is_live: bool,
    /// How long the path's runs waited for their start. This, `ran` and `idle` make up the whole.
    pub waited: Micros,
    /// How long they ran.
    pub ran: Micros,
    /// How long its gaps are.
    pub idle: Micros,
}

/// A part of the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathStep {
    pub kind: PathStepKind,
    pub from: Micros,
    pub to: Micros,
    /// The step's share of the path, of 1,000; those of all steps add up to 1,000, unless the path has
    /// no length.
    pub per_mille: u16,
}

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathStepKind {
    /// A run. It waited until `running`, which is `to` when it never ran.
    Run { run: u32, running: Micros },
    /// Time before a run was created, during which nothing of the path was under way.
    Gap { gap: Gap, before: u32 },
}

/// What a gap was probably spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// No longer than [`SCHEDULING`]: the scheduler.
    Scheduling,
    /// Before another attempt of a job: until a person or an automation retried it.
    Retry,
    /// Before the first attempt of a job in another phase than the run before: until the rollout was
    /// advanced, by a person or an automation. A rollout that needs an approval waits for it before
    /// its first run, which job runs do not tell.
    Phase,
    /// Before another job of the same phase; the API names nothing that takes time there.
    Job,
    /// Other runs were under way for a part of it at least, which ended only after this one was
    /// created; so it did not wait for their end.
    Beside,
}

impl PathStep {
    /// How long it took.
    pub fn length(&self) -> Micros {
        self.to.saturating_sub(self.from)
    }

    /// The step in words, such as `deploy in stable, attempt 2` or `before stable: perhaps until
    /// someone advanced the rollout`.
    pub fn label(&self, history: &History) -> String {
        match self.kind {
            PathStepKind::Run { run, .. } => {
                let run = run as usize;
                let lane = lane_label(history, run);
                match history.attempts(run) {
                    1 => lane,
                    _ => format!("{lane}, attempt {}", history.attempt(run)),
                }
            }
            PathStepKind::Gap { gap, before } => {
                let before = before as usize;
                let lane = lane_label(history, before);
                match gap {
                    Gap::Scheduling => format!("before {lane}: scheduling"),
                    Gap::Retry => {
                        format!(
                            "before attempt {} of {lane}: until it was retried",
                            history.attempt(before)
                        )
                    }
                    Gap::Phase => format!(
                        "before {}: perhaps until someone advanced the rollout",
                        phase_label(history, before)
                    ),
                    Gap::Job => format!("before {lane}: nothing was under way"),
                    Gap::Beside => format!("before {lane}: others were under way"),
                }
            }
        }
    }
}

impl CriticalPath {
    /// The critical path of a rollout; `None` when no run of it has a time. `runs` should be all of
    /// the rollout's runs: without those that a filter keeps out, it is the path of the rest. It takes
    /// O(n) for n runs given, and O(m log m) for the m of the rollout among them.
    ///
    /// A rollout is live while a run of it is. Between two runs, while it waits to be advanced, job
    /// runs alone do not tell that it goes on, and it ends with its last run.
    pub fn new(history: &History, runs: &[u32], rollout: usize, now: Micros) -> Option<Self> {
        let mut is_live = false;
        // By the end first: the walk looks for ends.
        let mut ends: Vec<Interval> = Vec::new();
        let mut intervals: Vec<Interval> = Vec::new();
        for &run in runs {
            let at = run as usize;
            if at >= history.len() || history.rollout(at) != rollout {
                continue;
            }
            let Some(span) = closed(history, at, now) else {
                continue;
            };
            is_live |= is_under_way(history, at);
            ends.push((span.to, span.from, run));
            intervals.push((span.from, span.to, run));
        }
        intervals::sort(&mut ends);
        let busy = Intervals::new(intervals);
        let from = ends.iter().map(|(_, from, _)| *from).min()?;
        let to = ends.last()?.0;

        let mut path = Self {
            steps: vec![],
            from,
            to,
            is_live,
            waited: 0,
            ran: 0,
            idle: 0,
        };
        // How much of the path is still to be found.
        let mut until = to;
        let mut next: Option<u32> = None;
        loop {
            let reach = if next.is_none() {
                until
            } else {
                until.saturating_add(SKEW)
            };
            let found = last_ended(&mut ends, until, reach, next.is_none());
            let end = found.map_or(from, |(to, ..)| to.min(until));
            if let Some(before) = next
                && end < until
            {
                let gap = gap(history, found, &busy, end, until, before);
                path.push(PathStepKind::Gap { gap, before }, end, until);
            }
            let Some((_, from, run)) = found else { break };
            let running =
                closed(history, run as usize, now).map_or(end, |span| span.running.min(end));
            path.push(PathStepKind::Run { run, running }, from, end);
            next = Some(run);
            until = from;
        }
        path.steps.reverse();
        path.share();
        Some(path)
    }

    /// Adds a step before all others.
    fn push(&mut self, kind: PathStepKind, from: Micros, to: Micros) {
        match kind {
            PathStepKind::Run { running, .. } => {
                self.waited = self.waited.saturating_add(running.saturating_sub(from));
                self.ran = self.ran.saturating_add(to.saturating_sub(running));
            }
            PathStepKind::Gap { .. } => {
                self.idle = self.idle.saturating_add(to.saturating_sub(from))
            }
        }
        self.steps.push(PathStep {
            kind,
            from,
            to,
            per_mille: 0,
        });
    }

    /// Shares 1,000 out by where steps begin and end, so that nothing is lost in rounding.
    fn share(&mut self) {
        let length = i128::from(self.to) - i128::from(self.from);
        if length <= 0 {
            return;
        }
        let along = |time: Micros| (i128::from(time) - i128::from(self.from)) * 1_000 / length;
        for step in &mut self.steps {
            step.per_mille = (along(step.to) - along(step.from)) as u16;
        }
    }

    /// How long it took.
    pub(crate) fn length(&self) -> Micros {
        self.to.saturating_sub(self.from)
    }

    /// The longest step; the first of equals.
    pub(crate) fn longest(&self) -> Option<&PathStep> {
        self.steps.iter().rev().max_by_key(|step| step.length())
    }

    /// The path in a sentence, such as `1 h 10 m from the first creation to the last end: ran 20 m 00 s,
    /// waited 2 m 00 s to start, 48 m 00 s in between; the longest part is 45 m 00 s before stable:
    /// perhaps until someone advanced the rollout`.
    pub fn sentence(&self, history: &History) -> String {
        let until = if self.is_live { "now" } else { "the last end" };
        let mut sentence = format!(
            "{} from the first creation to {until}: ran {}",
            human(self.length()),
            human(self.ran)
        );
        if self.waited > 0 {
            sentence.push_str(&format!(", waited {} to start", human(self.waited)));
        }
        if self.idle > 0 {
            sentence.push_str(&format!(", {} in between", human(self.idle)));
        }
        if let Some(longest) = self.longest().filter(|_| self.steps.len() > 1) {
            let (length, label) = (human(longest.length()), longest.label(history));
            let of = if matches!(longest.kind, PathStepKind::Run { .. }) {
                "of "
            } else {
                ""
            };
            sentence.push_str(&format!("; the longest part is {length} {of}{label}"));
        }
        sentence
    }
}

/// Takes the run that ended last at or before `reach`, and began before `until`; what ended after
/// `until` counts as ended then. Of equals it is the longest one, then the one that came first.
///
/// Whatever it passes can never be found for an earlier `until`, so that all calls together take O(m):
/// what ended too late ends too late for all to come, what began too late did so too, and the others
/// that ended with the one that is found began no sooner than it, which is the next `until`.
fn last_ended(
    ends: &mut Vec<Interval>,
    until: Micros,
    reach: Micros,
    is_last: bool,
) -> Option<Interval> {
    let mut found: Option<Interval> = None;
    while let Some(&end) = ends.last() {
        let (to, from, run) = end;
        if found.is_some_and(|(best, ..)| to.min(until) < best.min(until)) {
            break;
        }
        ends.pop();
        // The last run of all is found even if it has no length, so that every path has a run.
        if to > reach || (from >= until && !is_last) {
            continue;
        }
        if found.is_none_or(|(_, best_from, best_run)| (from, run) < (best_from, best_run)) {
            found = Some(end);
        }
    }
    found
}

fn gap(
    history: &History,
    after: Option<Interval>,
    busy: &Intervals,
    from: Micros,
    to: Micros,
    before: u32,
) -> Gap {
    if to.saturating_sub(from) <= SCHEDULING {
        // Also between the first runs of all, which a phase of child rollouts creates one by one.
        return Gap::Scheduling;
    }
    // Without a run that ended before, something else began before, and ended later.
    let Some((_, _, after)) = after else {
        return Gap::Beside;
    };
    let (after, before) = (after as usize, before as usize);
    if busy.reach_before(to).is_some_and(|reach| reach > from) {
        Gap::Beside
    } else if history.attempt(before) > 1 {
        Gap::Retry
    } else if history.phase(after) != history.phase(before) {
        Gap::Phase
    } else {
        Gap::Job
    }
}

//! Which job runs there are at a time, and where each stands: a fold over a plan.

use super::hash;
use super::plan::{AttemptKind, Nanos, Plan, SECOND};
use crate::model::time;

/// How long a run takes from TERMINATING to TERMINATED.
pub const TERMINATING: Nanos = 4 * SECOND;

/// What a person did to the simulated rollouts.
#[derive(Clone, Copy, Debug)]
pub struct Intervention {
    pub at: Nanos,
    pub action: Action,
}

/// The kinds of intervention. Retry, ignore, advance and the like would be more of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Terminate {
        /// The run's [`Entry::seed`].
        run: u64,
    },
}

/// A job run that exists, without its text.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub plan: usize,
    pub phase: usize,
    pub job: usize,
    pub attempt: usize,
    /// Hashed from rollout, phase, job and attempt; the ids follow from it.
    pub seed: u64,
    /// For an exhibit without createTime: the least number.
    pub created: Nanos,
    /// `None` while queued.
    pub started: Option<Nanos>,
    pub ended: Option<Nanos>,
    pub stage: Stage,
    /// Whether a run that is over succeeded.
    pub succeeded: bool,
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Live,
    /// Over as its script has it.
    Over,
    Terminating,
    Terminated,
}

/// The end of a run, job or phase that has come.
#[derive(Clone, Copy)]
struct End {
    at: Nanos,
    succeeded: bool,
    /// Terminated by a person, after which the script's retries do not happen.
    terminated: bool,
}

/// The runs of a rollout at `now`, in the order of the plan.
pub fn fold(plans: &[Plan], interventions: &[Intervention], plan: usize, now: Nanos) -> Vec<Entry> {
    let mut root = plan;
    while let Some(parent) = plans[root].parent {
        root = parent;
    }
    let mut fold = Fold { plans, interventions, now, entries: Vec::new() };
    let mut begin = plans[root].start;
    for phase in 0..plans[root].phases.len() {
        match fold.phase(root, phase, begin) {
            Some(End { at, succeeded: true, .. }) => begin = at,
            _ => break,
        }
    }
    fold.entries.retain(|entry| entry.plan == plan);
    fold.entries
}

struct Fold<'a> {
    plans: &'a [Plan],
    interventions: &'a [Intervention],
    now: Nanos,
    entries: Vec<Entry>,
}

impl Fold<'_> {
    /// `None` while the phase is going on.
    fn phase(&mut self, plan: usize, phase: usize, begin: Nanos) -> Option<End> {
        let script = self.plans[plan].phases.get(phase)?;
        let mut begin = after(begin, script.wait);
        let mut all = End { at: begin, succeeded: true, terminated: false };
        let mut going_on = false;
        for job in 0..script.jobs.len() {
            let end = self.job(plan, phase, job, begin);
            going_on |= end.is_none();
            if let Some(end) = end {
                all.at = all.at.max(end.at);
                all.succeeded &= end.succeeded;
            }
            if !script.parallel {
                match end {
                    Some(end) if end.succeeded => begin = end.at,
                    _ => break,
                }
            }
        }
        (!going_on).then_some(all)
    }

    fn job(&mut self, plan: usize, phase: usize, job: usize, begin: Nanos) -> Option<End> {
        let attempts = self.plans[plan].phases[phase].jobs[job].attempts.len();
        let mut end = End { at: begin, succeeded: true, terminated: false };
        for attempt in 0..attempts {
            end = self.run(plan, phase, job, attempt, end.at)?;
            if end.succeeded || end.terminated {
                break;
            }
        }
        Some(end)
    }

    fn run(&mut self, plan: usize, phase: usize, job: usize, attempt: usize, begin: Nanos) -> Option<End> {
        let plans = self.plans;
        let script = &plans[plan].phases[phase].jobs[job].attempts[attempt];
        let seed = run_seed(&plans[plan], phase, job, attempt);
        let mut entry = Entry {
            plan,
            phase,
            job,
            attempt,
            seed,
            created: Nanos::MIN,
            started: None,
            ended: None,
            stage: Stage::Live,
            succeeded: false,
        };
        let terminations = self.interventions.iter().filter_map(|intervention| {
            let Action::Terminate { run } = intervention.action;
            (run == seed && intervention.at <= self.now).then_some(intervention.at)
        });
        let terminated = terminations.min();

        if let AttemptKind::Exhibit { .. } = script.kind {
            let created = script.template.create_time.as_deref().and_then(|text| time::parse(text).ok());
            entry.created = created.map_or(Nanos::MIN, super::plan::nanos);
            entry.stage = Stage::Over;
            if let Some(at) = terminated {
                terminate(&mut entry, at, self.now);
            }
            self.entries.push(entry);
            return Some(End { at: begin, succeeded: true, terminated: false });
        }

        let created = stamp(after(begin, script.gap), seed ^ 1, 1_000);
        if created > self.now {
            return None;
        }
        let started = stamp(after(created, script.queue), seed ^ 2, 1);
        let place = self.entries.len();
        entry.created = created;
        entry.started = (started <= self.now).then_some(started);
        self.entries.push(entry);

        let mut end = match script.kind {
            AttemptKind::Drive { plan, phase } => {
                entry.started?;
                let child = self.phase(plan, phase, started)?;
                End { at: stamp(child.at, seed ^ 3, 1_000), terminated: false, ..child }
            }
            _ => End {
                at: stamp(after(started, script.run), seed ^ 3, 1_000),
                succeeded: script.template.state.is_unspecified()
                    || script.template.state == crate::api::job_run::State::Succeeded,
                terminated: false,
            },
        };
        if let Some(at) = terminated {
            if started > at {
                entry.started = None;
            }
            terminate(&mut entry, at, self.now);
            end = End { at: at.saturating_add(TERMINATING), succeeded: false, terminated: true };
        } else if end.at <= self.now {
            entry.ended = Some(end.at);
            entry.stage = Stage::Over;
            entry.succeeded = end.succeeded;
        }
        self.entries[place] = entry;
        (end.at <= self.now).then_some(end)
    }
}

fn terminate(entry: &mut Entry, at: Nanos, now: Nanos) {
    let end = at.saturating_add(TERMINATING);
    entry.stage = if end <= now { Stage::Terminated } else { Stage::Terminating };
    entry.ended = (end <= now).then_some(end);
}

/// The hash that a run's ids follow from. The project is not in it.
fn run_seed(plan: &Plan, phase: usize, job: usize, attempt: usize) -> u64 {
    let phase = &plan.phases[phase];
    let name = &plan.name;
    let parts = [&name.delivery_pipeline, &name.release, &name.rollout, &phase.id, &phase.jobs[job].id];
    let seed = parts.into_iter().fold(0, |seed, part| hash::text(seed, part));
    hash::mix(seed ^ (attempt as u64) << 48)
}

fn after(time: Nanos, seconds: u32) -> Nanos {
    time.saturating_add(Nanos::from(seconds) * SECOND)
}

/// Adds less than two seconds, so that times look like those of a busy server: most as fine as
/// `grain` nanoseconds, some whole seconds. Times keep their order, since it never takes away.
fn stamp(time: Nanos, seed: u64, grain: Nanos) -> Nanos {
    let noise = hash::mix(seed);
    let grain = if noise.is_multiple_of(8) { SECOND } else { grain };
    let time = time.saturating_add((noise >> 8) as Nanos % SECOND).saturating_add(grain - 1);
    time - time.rem_euclid(grain)
}

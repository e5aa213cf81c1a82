//! Which job runs there are at a time, and where each run, job, phase and rollout stands: a fold
//! over a plan and what people did.

use super::hash;
use super::plan::{Approval, Attempt, AttemptKind, Nanos, Plan, SECOND};
use crate::api::job_run::State;
use crate::api::rollout::{ApprovalState, JobState, PhaseState, RolloutState};
use crate::core::time;

/// How long a run takes from TERMINATING to TERMINATED.
pub(crate) const TERMINATING: Nanos = 4 * SECOND;

/// What a person did to the simulated rollouts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Intervention {
    pub at: Nanos,
    pub action: Action,
}

/// The kinds of intervention. Numbers are indices of plans, phases and jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Terminate {
        /// The run's [`Entry::seed`].
        run: u64,
    },
    /// Runs a failed job again: as the plan's next attempt has it, and after the last one like
    /// that one but with success, since a person retries once the cause is gone.
    Retry {
        plan: usize,
        phase: usize,
        job: usize,
    },
    /// Lets the phase go on in spite of a failed job.
    Ignore {
        plan: usize,
        phase: usize,
        job: usize,
    },
    /// Starts a phase, before its wait is over or instead of it.
    Advance {
        plan: usize,
        phase: usize,
    },
    Approve {
        plan: usize,
        approved: bool,
    },
    /// Ends a rollout, and those that it drives.
    Cancel {
        plan: usize,
    },
}

impl Plan {
    /// The script of a run. That of an attempt beyond the last is the last one's.
    pub(crate) fn attempt(&self, entry: &Entry) -> Option<&Attempt> {
        let attempts = &self.phases.get(entry.phase)?.jobs.get(entry.job)?.attempts;
        attempts.get(entry.attempt).or(attempts.last())
    }

    /// Whether a run is an attempt beyond the last of the script, which succeeds.
    pub(crate) fn is_beyond(&self, entry: &Entry) -> bool {
        entry.attempt >= self.phases[entry.phase].jobs[entry.job].attempts.len()
    }
}

/// A job run that exists, without its text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
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
pub(crate) enum Stage {
    Live,
    /// Over as its script has it.
    Over,
    Terminating,
    Terminated,
}

/// A rollout at a time.
#[derive(Debug)]
pub(crate) struct RolloutNow {
    /// Its runs, in the order of the plan.
    pub entries: Vec<Entry>,
    /// One for each phase of the plan.
    pub phases: Vec<PhaseNow>,
    pub state: RolloutState,
    pub approval: ApprovalState,
    /// When a person, or the script, approved it.
    pub approved: Option<Nanos>,
    /// `None` while there is no such rollout yet: a child whose controller has not created it.
    pub created: Option<Nanos>,
    /// When the rollout was over: succeeded, failed for now, or cancelled.
    pub ended: Option<Nanos>,
}

/// A phase at a time.
#[derive(Debug)]
pub(crate) struct PhaseNow {
    pub state: PhaseState,
    /// One for each job of the plan.
    pub jobs: Vec<JobState>,
    /// Since when it could begin, or was driven to.
    ready: Option<Nanos>,
    ended: Option<Nanos>,
}

/// The end of a run, job or phase that has come.
#[derive(Clone, Copy)]
struct End {
    at: Nanos,
    succeeded: bool,
    /// Terminated by a person, after which the script's retries do not happen.
    terminated: bool,
}

/// How a run stands in its job.
enum RunNow {
    NotYet,
    Live,
    Over(End),
}

/// The runs, phases and state of a rollout at `now`.
pub(crate) fn state_at(
    plans: &[Plan],
    interventions: &[Intervention],
    plan: usize,
    now: Nanos,
) -> RolloutNow {
    let mut root = plan;
    while let Some(parent) = plans[root].parent {
        root = parent;
    }
    let mut fold = Fold {
        plans,
        interventions,
        now,
        entries: Vec::new(),
        phases: Vec::new(),
    };
    let (approval, approved) = fold.approval(root);
    if !matches!(
        approval,
        ApprovalState::NeedsApproval | ApprovalState::Rejected
    ) {
        let mut begin = approved.unwrap_or(plans[root].start);
        for phase in 0..plans[root].phases.len() {
            match fold.phase(root, phase, begin) {
                Some(End {
                    at,
                    succeeded: true,
                    ..
                }) => begin = at,
                _ => break,
            }
        }
    }
    fold.rollout(plan)
}

struct Fold<'a> {
    plans: &'a [Plan],
    interventions: &'a [Intervention],
    now: Nanos,
    entries: Vec<Entry>,
    /// The phases that were come to, with the indices of plan and phase.
    phases: Vec<(usize, usize, PhaseNow)>,
}

impl Fold<'_> {
    /// The first time from `since` at which an action happened.
    fn first(&self, since: Nanos, action: Action) -> Option<Nanos> {
        let found = self
            .interventions
            .iter()
            .filter(|done| done.action == action);
        found
            .map(|done| done.at)
            .filter(|at| (since..=self.now).contains(at))
            .min()
    }

    /// When a rollout, or one that drives it, was cancelled.
    fn cancelled(&self, plan: usize) -> Option<Nanos> {
        let mut earliest = self.first(Nanos::MIN, Action::Cancel { plan });
        let mut plan = plan;
        while let Some(parent) = self.plans[plan].parent {
            plan = parent;
            let cancelled = self.first(Nanos::MIN, Action::Cancel { plan });
            earliest = [earliest, cancelled].into_iter().flatten().min();
        }
        earliest
    }

    fn approval(&self, plan: usize) -> (ApprovalState, Option<Nanos>) {
        let by_itself = match self.plans[plan].approval {
            Approval::NotNeeded => return (ApprovalState::DoesNotNeedApproval, None),
            Approval::Before(_) => Some(self.plans[plan].start).filter(|at| *at <= self.now),
            Approval::Waits => None,
        };
        let said = |approved| self.first(Nanos::MIN, Action::Approve { plan, approved });
        match (
            [by_itself, said(true)].into_iter().flatten().min(),
            said(false),
        ) {
            (Some(yes), no) if no.is_none_or(|no| yes < no) => (ApprovalState::Approved, Some(yes)),
            (_, Some(_)) => (ApprovalState::Rejected, None),
            _ => (ApprovalState::NeedsApproval, None),
        }
    }

    /// What all this makes of one rollout.
    fn rollout(mut self, plan: usize) -> RolloutNow {
        let script = &self.plans[plan];
        let cancelled = self.cancelled(plan);
        let (approval, approved) = self.approval(plan);
        self.entries.retain(|entry| entry.plan == plan);
        let rejected = approval == ApprovalState::Rejected;
        let mut phases: Vec<PhaseNow> = script
            .phases
            .iter()
            .map(|phase| match cancelled.is_some() || rejected {
                true => {
                    PhaseNow::untouched(PhaseState::Aborted, JobState::Aborted, phase.jobs.len())
                }
                false => {
                    PhaseNow::untouched(PhaseState::Pending, JobState::Pending, phase.jobs.len())
                }
            })
            .collect();
        for (of, phase, found) in self.phases {
            if of == plan {
                phases[phase] = found;
            }
        }

        let created = match script.parent {
            Some(_) => phases.first().and_then(|phase| phase.ready),
            None => Some(script.created()).filter(|at| *at <= self.now),
        };
        let is = |state: PhaseState| phases.iter().any(|phase| phase.state == state);
        let done = phases
            .iter()
            .all(|phase| matches!(phase.state, PhaseState::Succeeded | PhaseState::Skipped));
        let last = || phases.iter().filter_map(|phase| phase.ended).max();
        let (state, ended) = match cancelled {
            _ if rejected => (RolloutState::ApprovalRejected, None),
            // It was over before: a child of what was cancelled.
            Some(at) if done && last().is_none_or(|end| end <= at) => {
                (RolloutState::Succeeded, last())
            }
            Some(_) if is(PhaseState::InProgress) => (RolloutState::Cancelling, None),
            Some(at) => (RolloutState::Cancelled, last().max(Some(at))),
            None if approval == ApprovalState::NeedsApproval => {
                (RolloutState::PendingApproval, None)
            }
            None if is(PhaseState::Failed) => (RolloutState::Failed, last()),
            None if done => (RolloutState::Succeeded, last()),
            None if phases
                .iter()
                .all(|phase| phase.state == PhaseState::Pending) =>
            {
                (RolloutState::Pending, None)
            }
            None => (RolloutState::InProgress, None),
        };
        RolloutNow {
            entries: self.entries,
            phases,
            state,
            approval,
            approved,
            created,
            ended,
        }
    }

    /// `None` while the phase is going on.
    fn phase(&mut self, plan: usize, phase: usize, ready: Nanos) -> Option<End> {
        let script = self.plans[plan].phases.get(phase)?;
        if ready > self.now {
            return None;
        }
        let mut found =
            PhaseNow::untouched(PhaseState::Pending, JobState::Pending, script.jobs.len());
        found.ready = Some(ready);
        let end = if script.skip.is_empty() {
            self.jobs(plan, phase, ready, &mut found)
        } else {
            found.state = PhaseState::Skipped;
            found.jobs.fill(JobState::Skipped);
            Some(End {
                at: ready,
                succeeded: true,
                terminated: false,
            })
        };
        found.ended = end.map(|end| end.at);
        self.phases.push((plan, phase, found));
        end
    }

    fn jobs(
        &mut self,
        plan: usize,
        phase: usize,
        ready: Nanos,
        found: &mut PhaseNow,
    ) -> Option<End> {
        let script = &self.plans[plan].phases[phase];
        let cancelled = self.cancelled(plan);
        // By itself, or earlier by a person.
        let by_itself = script.wait.map(|wait| after(ready, wait));
        let advanced = self.first(ready, Action::Advance { plan, phase });
        let begin = [by_itself, advanced].into_iter().flatten().min();
        let begin =
            begin.filter(|begin| *begin <= self.now && cancelled.is_none_or(|at| *begin <= at));
        let Some(mut begin) = begin else {
            let at = cancelled?;
            found.state = PhaseState::Aborted;
            found.jobs.fill(JobState::Aborted);
            return Some(End {
                at: at.max(ready),
                succeeded: false,
                terminated: true,
            });
        };

        let mut all = End {
            at: begin,
            succeeded: true,
            terminated: false,
        };
        let mut going_on = false;
        for job in 0..script.jobs.len() {
            let (state, end) = self.job(plan, phase, job, begin);
            found.jobs[job] = state;
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
        found.state = match cancelled {
            _ if going_on => PhaseState::InProgress,
            _ if all.succeeded => PhaseState::Succeeded,
            Some(_) if !found.jobs.contains(&JobState::Failed) => PhaseState::Aborted,
            _ => PhaseState::Failed,
        };
        if cancelled.is_some() {
            for job in found
                .jobs
                .iter_mut()
                .filter(|job| **job == JobState::Pending)
            {
                *job = JobState::Aborted;
            }
        }
        (!going_on).then_some(all)
    }

    /// Where a job that can begin stands; with an end that is not success, the phase goes no
    /// further for now.
    fn job(
        &mut self,
        plan: usize,
        phase: usize,
        job: usize,
        begin: Nanos,
    ) -> (JobState, Option<End>) {
        let attempts = &self.plans[plan].phases[phase].jobs[job].attempts;
        let mut end = End {
            at: begin,
            succeeded: true,
            terminated: false,
        };
        let Some(first) = attempts.first() else {
            return (JobState::Succeeded, Some(end));
        };
        if let AttemptKind::Exhibit { .. } = first.kind {
            return self.exhibit(plan, phase, job, end);
        }
        let mut gap = first.gap;
        let mut last_retry = Nanos::MIN;
        let mut attempt = 0;
        loop {
            let before = end;
            end = match self.run(plan, phase, job, attempt, before.at, gap) {
                RunNow::Live => return (JobState::InProgress, None),
                RunNow::Over(end) => end,
                RunNow::NotYet => {
                    let cancelled = self.cancelled(plan);
                    if let Some(at) = cancelled {
                        let at = before.at.max(at);
                        return (
                            JobState::Aborted,
                            Some(End {
                                at,
                                succeeded: false,
                                terminated: true,
                            }),
                        );
                    }
                    return match before.succeeded {
                        true => (JobState::Pending, None),
                        // Failed, until the script's retry begins.
                        false => (JobState::Failed, Some(before)),
                    };
                }
            };
            if end.succeeded {
                return (JobState::Succeeded, Some(end));
            }
            if self.cancelled(plan).is_some_and(|at| at <= end.at) {
                return (JobState::Aborted, Some(end));
            }
            let next = attempts.get(attempt + 1).filter(|_| !end.terminated);
            let scripted = next.map_or(Nanos::MAX, |next| after(end.at, next.gap));
            let retried = self.first(end.at.max(last_retry), Action::Retry { plan, phase, job });
            let ignored = self.first(end.at, Action::Ignore { plan, phase, job });
            match (retried, ignored) {
                (retried, Some(at))
                    if at <= scripted && retried.is_none_or(|retried| at <= retried) =>
                {
                    return (
                        JobState::Ignored,
                        Some(End {
                            at,
                            succeeded: true,
                            terminated: false,
                        }),
                    );
                }
                (Some(at), _) if at <= scripted => {
                    // As at first: what comes next is asked for and not far.
                    end = End {
                        at,
                        succeeded: true,
                        terminated: false,
                    };
                    gap = 0;
                    // The same call does not count twice, even for a run that takes no time.
                    last_retry = at.saturating_add(1);
                }
                _ => match next {
                    Some(next) => gap = next.gap,
                    None => return (JobState::Failed, Some(end)),
                },
            }
            attempt += 1;
        }
    }

    fn exhibit(
        &mut self,
        plan: usize,
        phase: usize,
        job: usize,
        end: End,
    ) -> (JobState, Option<End>) {
        let plans = self.plans;
        let mut state = State::Unspecified;
        for (attempt, script) in plans[plan].phases[phase].jobs[job]
            .attempts
            .iter()
            .enumerate()
        {
            let seed = run_seed(&plans[plan], phase, job, attempt);
            let created = script
                .template
                .create_time
                .as_deref()
                .and_then(|text| time::parse(text).ok());
            let mut entry = Entry {
                plan,
                phase,
                job,
                attempt,
                seed,
                created: created.map_or(Nanos::MIN, super::plan::nanos),
                started: None,
                ended: None,
                stage: Stage::Over,
                succeeded: false,
            };
            state = script.template.state.clone();
            if let Some(at) = self.first(Nanos::MIN, Action::Terminate { run: seed }) {
                terminate(&mut entry, at, self.now);
                state = State::Terminated;
            }
            self.entries.push(entry);
        }
        let state = match state {
            State::Terminating => JobState::InProgress,
            State::Terminated => JobState::Failed,
            // The same names, and what neither list has stays as it is.
            other => JobState::from(other.as_str()),
        };
        (state, Some(end))
    }

    fn run(
        &mut self,
        plan: usize,
        phase: usize,
        job: usize,
        attempt: usize,
        begin: Nanos,
        gap: u32,
    ) -> RunNow {
        let plans = self.plans;
        let seed = run_seed(&plans[plan], phase, job, attempt);
        let mut entry = Entry {
            plan,
            phase,
            job,
            attempt,
            seed,
            created: stamp(after(begin, gap), seed ^ 1, 1_000),
            started: None,
            ended: None,
            stage: Stage::Live,
            succeeded: false,
        };
        let Some(script) = plans[plan].attempt(&entry) else {
            return RunNow::NotYet;
        };
        let cancelled = self.cancelled(plan);
        if entry.created > self.now || cancelled.is_some_and(|at| at < entry.created) {
            return RunNow::NotYet;
        }
        let started = stamp(after(entry.created, script.queue), seed ^ 2, 1);
        entry.started = (started <= self.now).then_some(started);
        let index = self.entries.len();
        self.entries.push(entry);

        let natural = match script.kind {
            AttemptKind::Drive { plan, phase } => entry.started.and_then(|started| {
                let child = self.phase(plan, phase, started)?;
                Some(End {
                    at: stamp(child.at, seed ^ 3, 1_000),
                    terminated: false,
                    ..child
                })
            }),
            _ => Some(End {
                at: stamp(after(started, script.run), seed ^ 3, 1_000),
                succeeded: plans[plan].is_beyond(&entry)
                    || script.template.state.is_unspecified()
                    || script.template.state == State::Succeeded,
                terminated: false,
            }),
        };
        let terminated = self.first(Nanos::MIN, Action::Terminate { run: seed });
        // A cancellation waits for what runs.
        let stopped = terminated.filter(|at| natural.is_none_or(|end| *at < end.at));
        let end = match (stopped, natural) {
            (Some(at), _) => {
                if started > at {
                    entry.started = None;
                }
                terminate(&mut entry, at, self.now);
                Some(End {
                    at: at.saturating_add(TERMINATING),
                    succeeded: false,
                    terminated: true,
                })
            }
            (None, Some(end)) if end.at <= self.now => {
                entry.ended = Some(end.at);
                entry.stage = Stage::Over;
                entry.succeeded = end.succeeded;
                Some(end)
            }
            (None, _) => None,
        };
        self.entries[index] = entry;
        end.filter(|end| end.at <= self.now)
            .map_or(RunNow::Live, RunNow::Over)
    }
}

impl PhaseNow {
    fn untouched(state: PhaseState, job: JobState, jobs: usize) -> Self {
        Self {
            state,
            jobs: vec![job; jobs],
            ready: None,
            ended: None,
        }
    }
}

fn terminate(entry: &mut Entry, at: Nanos, now: Nanos) {
    let end = at.saturating_add(TERMINATING);
    entry.stage = if end <= now {
        Stage::Terminated
    } else {
        Stage::Terminating
    };
    entry.ended = (end <= now).then_some(end);
}

/// The hash that a run's ids follow from. The project is not in it.
fn run_seed(plan: &Plan, phase: usize, job: usize, attempt: usize) -> u64 {
    let phase = &plan.phases[phase];
    let name = &plan.name;
    let parts = [
        &name.delivery_pipeline,
        &name.release,
        &name.rollout,
        &phase.id,
        &phase.jobs[job].id,
    ];
    let seed = parts
        .into_iter()
        .fold(0, |seed, part| hash::text(seed, part));
    hash::mix(seed ^ (attempt as u64) << 48)
}

fn after(time: Nanos, seconds: u32) -> Nanos {
    time.saturating_add(Nanos::from(seconds) * SECOND)
}

/// Adds less than two seconds, so that times look like those of a busy server: most as fine as
/// `grain` nanoseconds, some whole seconds. Times keep their order, since it never takes away.
fn stamp(time: Nanos, seed: u64, grain: Nanos) -> Nanos {
    let noise = hash::mix(seed);
    let grain = if noise.is_multiple_of(8) {
        SECOND
    } else {
        grain
    };
    let time = time
        .saturating_add((noise >> 8) as Nanos % SECOND)
        .saturating_add(grain - 1);
    time - time.rem_euclid(grain)
}

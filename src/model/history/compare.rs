//! Two rollouts side by side, aligned at their start, and what differs between them in words.
//!
//! The two are called *here* (the one that is looked at) and *there* (the one it is compared with,
//! such as yesterday's). Each job is taken apart into stretches that follow one another, so that no
//! time is told twice:
//!
//! 1. the *gap* before its first attempt, while nothing of the rollout was under way;
//! 2. the *earlier* attempts: from the creation of the first to that of the last;
//! 3. how long the last attempt *waited*, and
//! 4. how long it *ran*.
//!
//! The last attempt is the one that decided, so its state and cause are the job's.

use super::intervals::{self, Interval, Intervals, closed, is_under_way};
use super::labels::{human, job_label, lane_key, lane_label, phase_label};
use super::{History, Micros};
use crate::api::job_run::State;

/// Two lengths of time that differ by no more than this are taken for equal, and so are those that
/// differ by no more than a tenth of the longer one. Ours: builds vary by as much.
pub const NOISE: Micros = 1_000_000;

/// Whether the difference between two lengths of time is not worth telling.
pub fn is_noise(a: Micros, b: Micros) -> bool {
    a.saturating_sub(b).saturating_abs() <= NOISE.max(a.max(b) / 10)
}

/// Two rollouts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    pub here: Whole,
    pub there: Whole,
    /// Phases in the order in which they began, and the jobs of each likewise; what only one of the two
    /// has comes after what it followed there.
    pub lanes: Vec<ComparedLane>,
    /// The most important one first: what failed here, then what failed there, then by the time that
    /// was lost or won.
    pub differences: Vec<Difference>,
}

/// A rollout as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole {
    pub rollout: usize,
    /// Its first and its last known time, or `now` while it is live; `None` when no run has a time.
    pub extent: Option<(Micros, Micros)>,
    /// Whether a run of it is under way.
    pub is_live: bool,
    pub runs: u32,
}

impl Whole {
    /// How long it took.
    pub(crate) fn length(&self) -> Option<Micros> {
        self.extent.map(|(from, to)| to.saturating_sub(from))
    }
}

/// A job of a phase, of either rollout or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedLane {
    /// For [`History::phase_name`].
    pub phase: usize,
    /// For [`History::job_name`].
    pub job: usize,
    pub here: Option<Side>,
    pub there: Option<Side>,
}

/// A job in one rollout. Lengths of time are `None` where a time that they take is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// How many attempts are among the runs that were given.
    pub attempts: u32,
    /// The last one.
    pub run: u32,
    pub state: State,
    /// For [`History::causes`]; 0 for none.
    pub cause: usize,
    /// Whether the last attempt is under way, so that its times still grow.
    pub is_live: bool,
    /// From the rollout's start to the creation of the first attempt.
    pub offset: Option<Micros>,
    /// How long nothing of the rollout was under way before that.
    pub gap: Option<Micros>,
    /// From the creation of the first attempt to that of the last.
    pub earlier: Option<Micros>,
    /// How long the last attempt waited: to its start, or to its end if it never started.
    pub waited: Option<Micros>,
    pub ran: Option<Micros>,
}

impl Side {
    /// From the creation of the first attempt to the end of the last, as far as that is known.
    pub(crate) fn length(&self) -> Micros {
        [self.earlier, self.waited, self.ran]
            .into_iter()
            .flatten()
            .fold(0, |sum: Micros, length| sum.saturating_add(length))
    }

    fn is_waiting(&self) -> bool {
        self.is_live && self.ran.is_none()
    }

    fn has_failed(&self) -> bool {
        matches!(self.state, State::Failed | State::Terminated)
    }
}

/// Something that is not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub kind: DifferenceKind,
    /// Its index in [`Comparison::lanes`].
    pub lane: usize,
    /// How much longer it took here than there; negative when it took longer there.
    pub lost: Micros,
    pub text: String,
}

/// What is not the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DifferenceKind {
    /// The state in which the last attempt is, or the cause of its failure.
    Outcome,
    /// Only one of the rollouts has the job.
    Only,
    /// How many attempts there were, or how long the earlier ones took.
    Attempts,
    /// The gap before the job.
    Gap,
    /// How long it waited to start.
    Waited,
    Ran,
}

impl Comparison {
    /// Compares two rollouts; `None` when one of them has no run among those given. `now` ends what is
    /// under way. It takes O(n) for n runs given, and O(m log m) for the m of the two rollouts.
    pub fn new(
        history: &History,
        runs: &[u32],
        here: usize,
        there: usize,
        now: Micros,
    ) -> Option<Self> {
        let here = Rollout::new(history, runs, here, now)?;
        let there = Rollout::new(history, runs, there, now)?;
        let lanes: Vec<ComparedLane> = merged(history, &here, &there)
            .into_iter()
            .map(|key| ComparedLane {
                phase: (key >> 16) as usize,
                job: (key & 0xffff) as usize,
                here: here.side(key),
                there: there.side(key),
            })
            .collect();
        let mut comparison = Self {
            here: here.whole,
            there: there.whole,
            lanes,
            differences: vec![],
        };
        comparison.tell(history);
        Some(comparison)
    }

    fn tell(&mut self, history: &History) {
        let mut found = Vec::new();
        let one_phase = self
            .lanes
            .iter()
            .all(|lane| lane.phase == self.lanes[0].phase);
        // The first lane of its phase here, and there.
        let mut entered = (None, None);
        for (index, lane) in self.lanes.iter().enumerate() {
            let Some(run) = lane
                .here
                .as_ref()
                .or(lane.there.as_ref())
                .map(|side| side.run as usize)
            else {
                continue;
            };
            let label = match one_phase {
                true => job_label(history, run),
                false => lane_label(history, run),
            };
            let phase = Some(lane.phase);
            let enters = (lane.here.is_some() && entered.0 != phase)
                && (lane.there.is_some() && entered.1 != phase);
            if lane.here.is_some() {
                entered.0 = phase;
            }
            if lane.there.is_some() {
                entered.1 = phase;
            }
            let mut add = |kind, lost, text| {
                found.push(Difference {
                    kind,
                    lane: index,
                    lost,
                    text,
                })
            };
            match (&lane.here, &lane.there) {
                (Some(here), Some(there)) => {
                    let before = if enters {
                        phase_label(history, run)
                    } else {
                        &*label
                    };
                    both(history, here, there, &label, before, &mut add);
                }
                (Some(side), None) => {
                    let text = only(
                        history,
                        side,
                        &label,
                        "here",
                        self.there.is_live.then_some("there"),
                    );
                    add(DifferenceKind::Only, side.length(), text);
                }
                (None, Some(side)) => {
                    let text = only(
                        history,
                        side,
                        &label,
                        "there",
                        self.here.is_live.then_some("here"),
                    );
                    add(DifferenceKind::Only, side.length().saturating_neg(), text);
                }
                (None, None) => {}
            }
        }
        let rank = |difference: &Difference| {
            let lane = &self.lanes[difference.lane];
            let failed = |side: &Option<Side>| side.as_ref().is_some_and(Side::has_failed);
            let decides = matches!(
                difference.kind,
                DifferenceKind::Outcome | DifferenceKind::Only
            );
            match (
                decides && failed(&lane.here),
                decides && failed(&lane.there),
            ) {
                (true, _) => 0,
                (_, true) => 1,
                _ => 2,
            }
        };
        let mut order: Vec<Interval> = (0..)
            .zip(&found)
            .map(|(index, difference)| {
                (
                    rank(difference),
                    difference.lost.saturating_abs().saturating_neg(),
                    index,
                )
            })
            .collect();
        intervals::sort(&mut order);
        let mut found: Vec<Option<Difference>> = found.into_iter().map(Some).collect();
        self.differences = order
            .into_iter()
            .filter_map(|(.., index)| found[index as usize].take())
            .collect();
    }

    /// Both in a sentence, such as `12 m 10 s here, 8 m 00 s there: 4 m 10 s longer`.
    pub fn sentence(&self) -> String {
        let (Some(here), Some(there)) = (self.here.length(), self.there.length()) else {
            return "One of the two rollouts has no times".to_owned();
        };
        let so_far = |whole: &Whole| if whole.is_live { " so far" } else { "" };
        let (live_here, live_there) = (so_far(&self.here), so_far(&self.there));
        let lengths = format!(
            "{}{live_here} here, {}{live_there} there",
            human(here),
            human(there)
        );
        if is_noise(here, there) {
            return format!("{lengths}: about the same");
        }
        let word = if here > there { "longer" } else { "shorter" };
        format!(
            "{lengths}: {} {word}",
            human(here.saturating_sub(there).saturating_abs())
        )
    }
}

/// What differs in a job that both have. `before` is what the gap is before.
fn both(
    history: &History,
    here: &Side,
    there: &Side,
    label: &str,
    before: &str,
    add: &mut dyn FnMut(DifferenceKind, Micros, String),
) {
    let is_same_outcome = here.state == there.state
        && (here.cause == there.cause || here.state != State::Failed)
        && here.is_waiting() == there.is_waiting();
    if !is_same_outcome {
        let lost = here.length().saturating_sub(there.length());
        let text = format!(
            "{label} {} here, {} there",
            outcome(history, here),
            outcome(history, there)
        );
        add(DifferenceKind::Outcome, lost, text);
    }

    let earlier = here.earlier.zip(there.earlier);
    if here.attempts != there.attempts {
        let lost = earlier.map_or(0, |(here, there)| here.saturating_sub(there));
        let word = if here.attempts == 1 {
            "attempt"
        } else {
            "attempts"
        };
        let mut text = format!(
            "{label}: {} {word} instead of {}",
            here.attempts, there.attempts
        );
        if earlier.is_some_and(|(here, there)| !is_noise(here, there)) {
            let word = if lost > 0 { "later" } else { "sooner" };
            text.push_str(&format!(
                ", so that the last began {} {word}",
                human(lost.saturating_abs())
            ));
        }
        add(DifferenceKind::Attempts, lost, text);
    } else if let Some((a, b)) = earlier.filter(|(a, b)| !is_noise(*a, *b)) {
        let (lost, longer) = longer(a, b, "less");
        add(
            DifferenceKind::Attempts,
            lost,
            format!("{label}: {longer} until the last attempt"),
        );
    }

    if let Some((a, b)) = here.gap.zip(there.gap).filter(|(a, b)| !is_noise(*a, *b)) {
        let (lost, longer) = longer(a, b, "less");
        add(
            DifferenceKind::Gap,
            lost,
            format!("waited {longer} before {before}"),
        );
    }

    // What still grows says nothing by being shorter.
    if let Some((a, b)) = here
        .waited
        .zip(there.waited)
        .filter(|(a, b)| !is_noise(*a, *b))
        && !(if a < b { here } else { there }).is_waiting()
    {
        let (lost, longer) = longer(a, b, "less");
        let so_far = if (if a < b { there } else { here }).is_waiting() {
            ", so far"
        } else {
            ""
        };
        add(
            DifferenceKind::Waited,
            lost,
            format!("{label} waited {longer} to start{so_far}"),
        );
    }
    if let Some((a, b)) = here.ran.zip(there.ran).filter(|(a, b)| !is_noise(*a, *b)) {
        let (shorter, other) = if a < b { (here, there) } else { (there, here) };
        // A failure cuts short: that the other one took longer is no news.
        let is_cut = shorter.state != State::Succeeded && other.state == State::Succeeded;
        if !shorter.is_live && !is_cut {
            let (lost, longer) = longer(a, b, "shorter");
            let so_far = if other.is_live { ", so far" } else { "" };
            let times = ratio(a.max(b), a.min(b))
                .map(|ratio| format!(" ({ratio})"))
                .unwrap_or_default();
            add(
                DifferenceKind::Ran,
                lost,
                format!("{label} ran {longer}{so_far}{times}"),
            );
        }
    }
}

/// How much longer it took here, and that in words.
fn longer(here: Micros, there: Micros, shorter: &str) -> (Micros, String) {
    let lost = here.saturating_sub(there);
    let word = if lost > 0 { "longer" } else { shorter };
    (lost, format!("{} {word}", human(lost.saturating_abs())))
}

/// Such as `2.1×`; nothing for what is not a tenth longer, or cannot be compared.
fn ratio(longer: Micros, shorter: Micros) -> Option<String> {
    if shorter <= 0 {
        return None;
    }
    match longer.saturating_mul(10).saturating_add(shorter / 2) / shorter {
        ..11 => None,
        tenths @ 11..100 => Some(format!("{}.{}×", tenths / 10, tenths % 10)),
        tenths => Some(format!("{}×", tenths / 10)),
    }
}

/// A job that one rollout has and the other has not; `yet` is the other one while it may still come.
fn only(history: &History, side: &Side, label: &str, which: &str, yet: Option<&str>) -> String {
    let outcome = match side.state {
        State::Succeeded => String::new(),
        _ => format!(", where it {}", outcome(history, side)),
    };
    match yet {
        Some(other) => format!("{label} is not {other} yet, only {which}{outcome}"),
        None => format!("{label} is only {which}{outcome}"),
    }
}

/// What became of a job, such as `failed (EXECUTION_FAILED)`.
fn outcome(history: &History, side: &Side) -> String {
    let word = match &side.state {
        State::Succeeded => "succeeded",
        State::Failed => "failed",
        State::Terminated => "was terminated",
        State::Terminating => "is being terminated",
        State::InProgress if side.is_waiting() => "is waiting to start",
        State::InProgress => "is running",
        State::Unspecified => "is in no known state",
        State::Unrecognized(state) => return format!("is {state}"),
    };
    match history.cause_name(side.run as usize) {
        cause if side.state == State::Failed && !cause.is_empty() => format!("{word} ({cause})"),
        _ => word.to_owned(),
    }
}

/// One of the two while they are being compared.
struct Rollout {
    whole: Whole,
    /// By key.
    sides: Vec<(u32, Side)>,
}

impl Rollout {
    fn new(history: &History, runs: &[u32], rollout: usize, now: Micros) -> Option<Self> {
        let mut intervals: Vec<Interval> = Vec::new();
        // By job, then in the order of the attempts.
        let mut attempts: Vec<Interval> = Vec::new();
        let mut whole = Whole {
            rollout,
            extent: None,
            is_live: false,
            runs: 0,
        };
        for &run in runs {
            let at = run as usize;
            if at >= history.len() || history.rollout(at) != rollout {
                continue;
            }
            whole.runs += 1;
            whole.is_live |= is_under_way(history, at);
            attempts.push((
                lane_key(history, at).into(),
                history.attempt(at) as Micros,
                run,
            ));
            if let Some(span) = closed(history, at, now) {
                let (from, to) = whole.extent.unwrap_or((span.from, span.to));
                whole.extent = Some((from.min(span.from), to.max(span.to)));
                intervals.push((span.from, span.to, run));
            }
        }
        if attempts.is_empty() {
            return None;
        }
        intervals::sort(&mut attempts);
        let busy = Intervals::new(intervals);
        let start = whole.extent.map(|(from, _)| from);
        let sides = attempts
            .chunk_by(|a, b| a.0 == b.0)
            .filter_map(|attempts| {
                Some((
                    attempts[0].0 as u32,
                    side(history, attempts, start, &busy, now)?,
                ))
            })
            .collect();
        Some(Self { whole, sides })
    }

    /// The keys of its lanes, in the order in which they began; at the same time, in the order in which
    /// a phase runs its jobs.
    fn order(&self, history: &History) -> Vec<u32> {
        let mut order: Vec<Interval> = self
            .sides
            .iter()
            .map(|(key, side)| {
                let kind = history.kind(side.run as usize).order();
                (side.offset.unwrap_or(Micros::MAX), kind.into(), *key)
            })
            .collect();
        intervals::sort(&mut order);
        order.into_iter().map(|(.., key)| key).collect()
    }

    fn side(&self, key: u32) -> Option<Side> {
        let index = self
            .sides
            .binary_search_by_key(&key, |(key, _)| *key)
            .ok()?;
        Some(self.sides[index].1.clone())
    }
}

/// A job, from its attempts in order.
fn side(
    history: &History,
    attempts: &[Interval],
    start: Option<Micros>,
    busy: &Intervals,
    now: Micros,
) -> Option<Side> {
    let run = attempts.last()?.2;
    let at = run as usize;
    let first = attempts
        .iter()
        .filter_map(|(.., run)| closed(history, *run as usize, now))
        .map(|span| span.from)
        .min();
    let last = closed(history, at, now);
    let is_live = is_under_way(history, at);
    // As far as what is under way has come.
    let so_far = |from: Option<Micros>| Some(last?.to.saturating_sub(from?)).filter(|_| is_live);
    let waits = history.started(at).is_none();
    Some(Side {
        attempts: attempts.len() as u32,
        run,
        state: history.state(at),
        cause: history.cause_number(at),
        is_live,
        offset: first
            .zip(start)
            .map(|(first, start)| first.saturating_sub(start)),
        gap: first.map(|first| {
            busy.reach_before(first)
                .map_or(0, |reach| first.saturating_sub(reach).max(0))
        }),
        earlier: first
            .zip(last)
            .map(|(first, last)| last.from.saturating_sub(first)),
        waited: history
            .waited(at)
            .or_else(|| so_far(history.created(at)).filter(|_| waits)),
        ran: history.ran(at).or_else(|| so_far(history.started(at))),
    })
}

/// The keys of the lanes of both. Phases come first, so that the jobs of one stay together.
fn merged(history: &History, here: &Rollout, there: &Rollout) -> Vec<u32> {
    let orders = [here.order(history), there.order(history)];
    let most = orders
        .iter()
        .flatten()
        .max()
        .map_or(0, |key| (key >> 16) as usize + 1);
    let phases = [&orders[0], &orders[1]].map(|order| {
        let mut is_known = vec![false; most];
        let phases = order.iter().map(|key| key >> 16);
        let new = |phase: &u32| !std::mem::replace(&mut is_known[*phase as usize], true);
        phases
            .filter(new)
            .map(|phase| (0, phase))
            .collect::<Vec<(u32, u32)>>()
    });
    let mut rank_of = vec![0; most];
    for (rank, phase) in (0..).zip(merge(&phases[0], &phases[1])) {
        rank_of[phase as usize] = rank;
    }
    let lanes = orders.map(|order| {
        let rank = |key: u32| rank_of[(key >> 16) as usize];
        let mut lanes: Vec<Interval> = (0..)
            .zip(order)
            .map(|(at, key)| (rank(key).into(), at, key))
            .collect();
        intervals::sort(&mut lanes);
        lanes
            .into_iter()
            .map(|(group, _, key)| (group as u32, key))
            .collect::<Vec<(u32, u32)>>()
    });
    merge(&lanes[0], &lanes[1])
}

/// Merges two lists of groups and numbers, each ordered by group: in the order of the first, and what
/// only the second has after what it followed there, in its group. It takes O(n log n).
fn merge(first: &[(u32, u32)], second: &[(u32, u32)]) -> Vec<u32> {
    let mut positions: Vec<Interval> = (0..)
        .zip(first)
        .map(|(position, (_, number))| ((*number).into(), position, 0))
        .collect();
    intervals::sort(&mut positions);
    let key = |group: u32, after: Micros| Micros::from(group) << 32 | after;
    let mut merged: Vec<Interval> = (1..)
        .zip(first)
        .map(|(after, (group, number))| (key(*group, after), 0, *number))
        .collect();
    let mut follows = (0, 0);
    for (at, &(group, number)) in (1..).zip(second) {
        if follows.0 != group {
            follows = (group, 0);
        }
        match positions.binary_search_by_key(&Micros::from(number), |(number, ..)| *number) {
            Ok(found) => follows.1 = positions[found].1 + 1,
            Err(_) => merged.push((key(group, follows.1), at, number)),
        }
    }
    intervals::sort(&mut merged);
    merged.into_iter().map(|(.., number)| number).collect()
}

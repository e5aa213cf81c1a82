//! The timeline's layout: a pure function from runs and a window to lanes and bars.
//!
//! [`ticks`] has the labels of the time axis.

pub mod ticks;

use std::sync::Arc;

use crate::api::job_run::State;
use crate::core::index::Index;
use crate::core::order::sorted_by;
use crate::core::time::{SignedDuration, Timestamp};
use crate::model::rollout::Outline;
use crate::model::run::{JobKind, Lifecycle, Run};

/// A stretch of time that is shown. `from` is before `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Window {
    /// The window that shows all of `runs`, with a little space on both sides, and the present
    /// while something is live.
    pub fn fit(runs: &[Arc<Run>], now: Timestamp) -> Self {
        let known = |run: &Arc<Run>| [run.created.known(), run.started.known(), run.ended.known()];
        let live = runs
            .iter()
            .any(|run| run.lifecycle() == Lifecycle::Live)
            .then_some(now);
        let times = || runs.iter().flat_map(known).flatten().chain(live);
        let from = times().min().unwrap_or(now);
        let to = times().max().unwrap_or(now);
        // At least a second, so that one instant has a fraction and not a division by zero.
        let length = to.duration_since(from).max(SignedDuration::from_secs(1));
        let space = length / 50;
        Self {
            from: from.saturating_sub(space).unwrap_or(Timestamp::MIN),
            to: from
                .saturating_add(length + space)
                .unwrap_or(Timestamp::MAX),
        }
    }

    /// The window that shows one run.
    pub(crate) fn of_run(run: &Arc<Run>, now: Timestamp) -> Self {
        Self::fit(std::slice::from_ref(run), now)
    }

    /// A part of the window between two fractions of it, in either order; `None` when it is too short to
    /// be meant.
    pub fn part(&self, a: f64, b: f64) -> Option<Self> {
        let (first, last) = (a.min(b).clamp(0.0, 1.0), a.max(b).clamp(0.0, 1.0));
        // In whole milliseconds: jiff's own fractions of a duration bring the tables for writing floats.
        let length = self.length().as_millis() as f64;
        let at = |fraction: f64| {
            let from = self.from.as_millisecond();
            Timestamp::from_millisecond(from.saturating_add((length * fraction) as i64)).ok()
        };
        let (from, to) = at(first).zip(at(last))?;
        (last - first >= 0.01 && from < to).then_some(Self { from, to })
    }

    /// How long the window is.
    pub fn length(&self) -> SignedDuration {
        self.to.duration_since(self.from)
    }

    /// Whether a time is in it.
    pub fn shows(&self, time: Timestamp) -> bool {
        (self.from..=self.to).contains(&time)
    }

    /// Returns the fraction of the window at which a time lies: 0 at its start, 1 at its end, and beyond
    /// these for times outside.
    pub fn fraction(&self, time: Timestamp) -> f64 {
        time.duration_since(self.from).as_secs_f64() / self.length().as_secs_f64().max(1e-9)
    }
}

/// A fraction of the timeline as style sheets take it: in millionths, a whole number, since the
/// code that writes fractions is large.
pub fn css(fraction: f64) -> i64 {
    (fraction * 1e6).round() as i64
}

/// All that is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    pub phases: Vec<PhaseLanes>,
    /// Where the present lies, while it is in the window and something is live.
    pub now: Option<f64>,
    /// Where the bars are, in reading order: phase, lane and bar.
    positions: Vec<(usize, usize, usize)>,
    /// Which of `positions` a run's is.
    position_of: Index,
}

impl Layout {
    /// The bar of a run.
    pub fn bar(&self, run: &str) -> Option<&Bar> {
        let (phase, lane, bar) = self.positions[self.position_of.get(run)?];
        Some(&self.phases[phase].lanes[lane].bars[bar])
    }

    /// The lanes of a phase.
    pub fn phase(&self, phase: &str) -> Option<&PhaseLanes> {
        self.phases.iter().find(|lanes| lanes.phase == phase)
    }

    /// The lane of a job.
    pub fn lane(&self, phase: &str, job: &str) -> Option<&Lane> {
        self.phase(phase)?.lanes.iter().find(|lane| lane.job == job)
    }

    /// The phase and job of the first lane whose job drives a child rollout: where it is opened.
    pub(crate) fn lane_of_child(&self, child: &str) -> Option<(&str, &str)> {
        self.phases.iter().find_map(|phase| {
            let lane = phase
                .lanes
                .iter()
                .find(|lane| lane.child.as_deref() == Some(child))?;
            Some((phase.phase.as_str(), lane.job.as_str()))
        })
    }
}

/// The lanes of one phase.
#[derive(Clone, Debug, PartialEq)]
pub struct PhaseLanes {
    pub phase: String,
    /// What the rollout says of the phase beyond its runs.
    pub note: String,
    pub lanes: Vec<Lane>,
}

/// One job of a phase, with its attempts in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    pub job: String,
    pub kind: JobKind,
    /// What the rollout says of the job beyond its runs.
    pub note: String,
    /// The id of the child rollout that the job drives.
    pub child: Option<String>,
    /// How many rows the bars need: more than one only when attempts overlap in time.
    pub rows: usize,
    pub bars: Vec<Bar>,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// The run's id.
    pub run: String,
    pub attempt: usize,
    pub state: State,
    /// From 0.
    pub row: usize,
    /// In order of time; none when the run has no known time, or lies outside the window.
    pub parts: Vec<Part>,
    /// On which side of the window it lies, when it lies outside.
    pub beyond: Option<Side>,
    /// Whether something does not add up.
    pub flagged: bool,
}

impl Bar {
    /// The start of the first part and the end of the last.
    pub fn extent(&self) -> Option<(f64, f64)> {
        let to = self
            .parts
            .iter()
            .map(|part| part.to)
            .fold(f64::NEG_INFINITY, f64::max);
        Some((self.parts.first()?.from, to))
    }

    /// Where along the bar's own extent its state is marked: at the start of the running part, which
    /// is filled; `None` when nothing ran.
    pub(crate) fn mark(&self) -> Option<f64> {
        self.inner_parts()
            .into_iter()
            .find(|part| part.kind == PartKind::Running)
            .map(|part| part.from)
    }

    /// The parts along the bar's own extent, from 0 to 1.
    pub fn inner_parts(&self) -> Vec<Part> {
        let Some((from, to)) = self.extent() else {
            return vec![];
        };
        let length = (to - from).max(1e-12);
        let along = |fraction: f64| ((fraction - from) / length).clamp(0.0, 1.0);
        self.parts
            .iter()
            .map(|part| Part {
                from: along(part.from),
                to: along(part.to),
                ..*part
            })
            .collect()
    }
}

/// A side of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
}

/// A stretch of a bar, along the window from 0 to 1, cut at the window's ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    pub kind: PartKind,
    pub from: f64,
    pub to: f64,
    /// Whether it still grows.
    pub live: bool,
}

/// What a stretch of a bar stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// From createTime to startTime.
    Waiting,
    /// From startTime to endTime.
    Running,
    /// Times that contradict each other: the stretch between them, as they are.
    Contradictory,
    /// A single known time: nothing says how long.
    Instant,
}

/// Lays out runs, which are in order of creation as a [`RunSet`](crate::model::run::RunSet) has them.
///
/// Phases and lanes come in the order of the outline, which also has those without runs. What it
/// does not have comes after: phases in order of their first run, lanes within a phase by their
/// first run and then in the order in which a phase runs its jobs.
pub fn layout(runs: &[Arc<Run>], outline: &Outline, window: Window, now: Timestamp) -> Layout {
    // Rollouts have few phases and lanes, so that looking through them beats hashing.
    let mut drafts: Vec<(&str, Vec<Draft>)> = Vec::new();
    for phase in &outline.phases {
        let lanes = phase.jobs.iter().enumerate().map(|(index, job)| Draft {
            lane: Lane {
                job: job.id.clone(),
                kind: job.kind.clone(),
                note: job.note.clone(),
                child: None,
                rows: 1,
                bars: vec![],
            },
            index,
            first: None,
            rows: vec![],
        });
        drafts.push((&phase.id, lanes.collect()));
    }
    for run in runs {
        let (phase, job) = (run.json.phase_id.as_str(), run.json.job_id.as_str());
        let phase_index = drafts
            .iter()
            .position(|(known, _)| *known == phase)
            .unwrap_or_else(|| {
                drafts.push((phase, vec![]));
                drafts.len() - 1
            });
        let lanes = &mut drafts[phase_index].1;
        let lane_index = lanes
            .iter()
            .position(|draft| draft.lane.job == job)
            .unwrap_or_else(|| {
                let lane = Lane {
                    job: job.to_owned(),
                    kind: run.kind.clone(),
                    note: String::new(),
                    child: None,
                    rows: 1,
                    bars: vec![],
                };
                lanes.push(Draft {
                    lane,
                    index: usize::MAX,
                    first: run.first_time(),
                    rows: vec![],
                });
                lanes.len() - 1
            });
        let Draft { lane, rows, .. } = &mut lanes[lane_index];
        let parts = parts(run, window, now);
        let row = match (parts.first(), parts.last()) {
            (Some(first), Some(last)) => free_row(rows, first.from, last.to),
            _ => 0,
        };
        lane.rows = lane.rows.max(row + 1);
        lane.child = run.child().map(|child| child.rollout).or(lane.child.take());
        lane.bars.push(Bar {
            run: run.id.clone(),
            attempt: run.attempt,
            state: run.json.state.clone(),
            row,
            beyond: beyond(run, &parts, window),
            parts,
            flagged: !run.flags.is_empty(),
        });
    }
    let mut phases = Vec::with_capacity(drafts.len());
    let mut positions = Vec::with_capacity(runs.len());
    let mut ids = Vec::with_capacity(runs.len());
    for (phase, lanes) in drafts {
        let key = |draft: &Draft| {
            (
                draft.index,
                draft.first.is_none(),
                draft.first,
                draft.lane.kind.order(),
            )
        };
        let lanes = sorted_by(lanes, |a, b| key(a).cmp(&key(b)));
        let lanes: Vec<Lane> = lanes.into_iter().map(|draft| draft.lane).collect();
        for (lane_index, lane) in lanes.iter().enumerate() {
            for (bar_index, bar) in lane.bars.iter().enumerate() {
                ids.push(bar.run.clone());
                positions.push((phases.len(), lane_index, bar_index));
            }
        }
        let said = outline.phases.iter().find(|said| said.id == phase);
        let note = said.map(|said| said.note.clone()).unwrap_or_default();
        phases.push(PhaseLanes {
            phase: phase.to_owned(),
            note,
            lanes,
        });
    }
    let live = runs.iter().any(|run| run.lifecycle() == Lifecycle::Live);
    let fraction = window.fraction(now);
    Layout {
        phases,
        now: (live && (0.0..=1.0).contains(&fraction)).then_some(fraction),
        positions,
        position_of: Index::new(ids),
    }
}

/// A lane while it is being laid out.
struct Draft {
    lane: Lane,
    /// Its index in the outline; the last for one that is not in it.
    index: usize,
    /// The first known time of the lane's first run.
    first: Option<Timestamp>,
    rows: Vec<RowEnd>,
}

/// Where the last bar of a row ends.
struct RowEnd {
    at: f64,
    /// Whether that bar has no length.
    instant: bool,
}

/// The first row that is free from `from` on; it is taken until `to`. Bars may touch, but of two
/// at the same instant one would hide the other.
fn free_row(rows: &mut Vec<RowEnd>, from: f64, to: f64) -> usize {
    let instant = from == to;
    let free = |end: &RowEnd| end.at < from || (end.at == from && !(end.instant && instant));
    let row = rows.iter().position(free).unwrap_or(rows.len());
    let end = RowEnd { at: to, instant };
    if row == rows.len() {
        rows.push(end);
    } else {
        rows[row] = end;
    }
    row
}

/// On which side of the window a run lies of which no part is in it.
fn beyond(run: &Run, parts: &[Part], window: Window) -> Option<Side> {
    let at = run.first_time().filter(|_| parts.is_empty())?;
    Some(if window.fraction(at) < 0.0 {
        Side::Before
    } else {
        Side::After
    })
}

fn parts(run: &Run, window: Window, now: Timestamp) -> Vec<Part> {
    let live = run.lifecycle() == Lifecycle::Live;
    let (created, started, ended) = (run.created.known(), run.started.known(), run.ended.known());
    // The present closes what is still open. A clock that is behind the server's would put it
    // before the start; then nothing has grown yet.
    let open_end = |from: Timestamp| live.then(|| now.max(from));

    let mut found: Vec<(PartKind, Timestamp, Timestamp, bool)> = Vec::new();
    let mut add = |kind: PartKind, from: Timestamp, to: Timestamp, live: bool| {
        if from <= to {
            found.push((kind, from, to, live));
        } else {
            found.push((PartKind::Contradictory, to, from, live));
        }
    };
    match (created, started, ended) {
        (Some(created), Some(started), Some(ended)) => {
            add(PartKind::Waiting, created, started, false);
            add(PartKind::Running, started, ended, false);
        }
        (Some(created), Some(started), None) => {
            add(PartKind::Waiting, created, started, false);
            match open_end(started) {
                Some(to) => add(PartKind::Running, started, to, true),
                None => add(PartKind::Instant, started, started, false),
            }
        }
        (Some(created), None, Some(ended)) => add(PartKind::Waiting, created, ended, false),
        (Some(created), None, None) => match open_end(created) {
            Some(to) => add(PartKind::Waiting, created, to, true),
            None => add(PartKind::Instant, created, created, false),
        },
        (None, Some(started), Some(ended)) => add(PartKind::Running, started, ended, false),
        (None, Some(started), None) => match open_end(started) {
            Some(to) => add(PartKind::Running, started, to, true),
            None => add(PartKind::Instant, started, started, false),
        },
        (None, None, Some(ended)) => add(PartKind::Instant, ended, ended, false),
        (None, None, None) => {}
    }
    if let [(_, a_from, a_to, _), (_, b_from, b_to, _)] = found[..]
        && (b_from, b_to) < (a_from, a_to)
    {
        found.swap(0, 1);
    }
    found
        .into_iter()
        .map(|(kind, from, to, live)| Part {
            kind,
            from: window.fraction(from),
            to: window.fraction(to),
            live,
        })
        .filter(|part| part.to >= 0.0 && part.from <= 1.0)
        .map(|part| Part {
            from: part.from.max(0.0),
            to: part.to.min(1.0),
            ..part
        })
        .collect()
}

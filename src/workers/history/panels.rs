//! What stands around the canvas: counts, values to filter by, the selected run, the tip of what is under the pointer,
//! and the rows of the table.

use std::ops::Range;

use super::controller::{Controller, Host};
use super::labels::{duration, grouped, rfc3339, timestamp};
use super::protocol::{
    Badge, ComparedBar, ComparedLane, ComparedRollouts, Comparison, Counts, CriticalPath, Facet,
    Facets, Fact, Failure, FailureBucket, Failures, Insight, JobStatistics, JobTable, ManyTip,
    OtherRollout, PathStep, Replay, Row, RunDetails, RunTip, TipContent,
};
use crate::api::job_run::State;
use crate::api::source::Record;
use crate::core::text::visible;
use crate::model::explain::{self, state_label};
use crate::model::history::compare::{Side, Whole};
use crate::model::history::critical_path::PathStepKind;
use crate::model::history::durations::{Order, Spread};
use crate::model::history::failures;
use crate::model::history::replay::{self, Stood};
use crate::model::history::{Flags, Lifecycle, Micros, Span};
use crate::model::run::{self, RunSet};
use crate::model::timeline::ticks::clock;

/// How many characters of a long text a row shows.
const EXCERPT: usize = 200;

/// How many runs there are.
pub(super) fn counts<H: Host>(controller: &Controller<H>) -> Counts {
    let (matching, total) = (controller.runs.len(), controller.history.len());
    let (unreadable, timeless) = (
        controller.history.spoiled_count(),
        controller.lanes.timeless,
    );
    let mut sentence = match (controller.view.is_filtered(), total) {
        (_, 0) => "No job runs".to_owned(),
        (false, 1) => "1 job run".to_owned(),
        (false, _) => format!("{} job runs", grouped(total)),
        (true, _) => format!("{} of {} job runs", grouped(matching), grouped(total)),
    };
    let rollouts = controller.history.rollout_count();
    if rollouts > 1 {
        sentence += &format!(" of {} rollouts", grouped(rollouts));
    }
    if timeless > 0 {
        sentence += &format!(
            "; {} without any time are only in the table",
            grouped(timeless)
        );
    }
    if let Some(moment) = controller.view.moment {
        sentence += &format!(
            ". At {}: {}",
            controller.clock(moment),
            controller.replay.sentence(moment)
        );
    }
    if unreadable > 0 {
        let first = controller.history.spoiled().first();
        let at = first.map_or(String::new(), |it| {
            format!(", the first at byte {}: {}", it.at, head(&it.excerpt))
        });
        sentence += &format!("; {} entries cannot be read{at}", grouped(unreadable));
    }
    Counts {
        matching,
        total,
        unreadable,
        timeless,
        sentence,
    }
}

fn head(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Values to filter by, with how many runs have each, filters aside.
pub(super) fn facets<H: Host>(controller: &Controller<H>) -> Facets {
    let history = &controller.history;
    let mut states = vec![0_usize; history.states().count()];
    let mut kinds = vec![0_usize; history.kinds().count()];
    let mut causes = vec![0_usize; history.causes().count()];
    for run in 0..history.len() {
        states[history.state_number(run)] += 1;
        kinds[history.kind_number(run)] += 1;
        causes[history.cause_number(run)] += 1;
    }
    let facet = |value: &str, label: &str, count: usize| {
        let label = format!("{label} ({})", grouped(count));
        (count > 0 && !value.is_empty()).then(|| Facet {
            value: value.to_owned(),
            label,
        })
    };
    // By name and not by arrival, which differs from one reading to the next.
    let sorted = |mut facets: Vec<Facet>| {
        facets.sort_by(|a, b| a.value.cmp(&b.value));
        facets
    };
    let states = history.states().zip(states);
    let kinds = history.kinds().zip(kinds);
    let causes = history.causes().zip(causes);
    Facets {
        states: sorted(
            states
                .filter_map(|(name, count)| facet(name, state_label(&State::from(name)), count))
                .collect(),
        ),
        kinds: sorted(
            kinds
                .filter_map(|(kind, count)| facet(kind.label(), kind.label(), count))
                .collect(),
        ),
        causes: sorted(
            causes
                .filter_map(|(cause, count)| facet(cause, cause, count))
                .collect(),
        ),
    }
}

fn badge(state: State) -> Badge {
    Badge {
        label: visible(state_label(&state)),
        state,
    }
}

/// The state of a run: in a replay, at its moment.
fn badge_of<H: Host>(controller: &Controller<H>, run: usize) -> Badge {
    let state = controller.history.state(run);
    let Some(moment) = controller.view.moment else {
        return badge(state);
    };
    let (state, label) = match replay::stood(&controller.history, run, moment) {
        Some(Stood::Ended) => return badge(state),
        Some(Stood::Running) => (State::InProgress, "Running then"),
        Some(Stood::Waiting) => (State::InProgress, "Waiting then"),
        Some(Stood::NotYet) | None => (State::Unspecified, "Not there yet"),
    };
    Badge {
        state,
        label: label.to_owned(),
    }
}

impl<H: Host> Controller<H> {
    fn clock(&self, time: Micros) -> String {
        clock(timestamp(time), self.host.offset(&self.view.zone, time))
    }

    /// `stable / deploy`.
    fn job(&self, run: usize) -> String {
        self.job_of(self.history.phase(run), self.history.job(run))
    }

    fn job_of(&self, phase: usize, job: usize) -> String {
        visible(
            &[
                self.history.phase_name(phase),
                " / ",
                self.history.job_name(job),
            ]
            .concat(),
        )
    }

    fn rollout_line(&self, run: usize) -> String {
        let info = self.history.rollout_info(self.history.rollout(run));
        let to = if info.target.is_empty() {
            String::new()
        } else {
            format!(" to {}", info.target)
        };
        visible(&match info.release.is_empty() {
            true => [&*info.id, &to].concat(),
            false => format!("{}{to}, release {}", info.id, info.release),
        })
    }

    /// Waiting and running time in words.
    fn times(&self, run: usize) -> String {
        let Some(span) = self.history.span(run) else {
            return "It has no time at all.".into();
        };
        let now = self.host.now();
        let waited = match self.history.started(run) {
            Some(_) => self.history.waited(run),
            None => Some(span.end(now) - span.from),
        };
        let ran = match (self.history.started(run), span.to) {
            (Some(started), Span::OPEN) => Some(now - started),
            _ => self.history.ran(run),
        };
        let is_live = self.history.lifecycle(run) == Lifecycle::Live;
        let waited = waited.map(|it| format!("waited {}", duration(it)));
        let ran = ran.map(|it| {
            format!(
                "{} {}",
                if is_live { "running for" } else { "ran" },
                duration(it)
            )
        });
        waited.into_iter().chain(ran).collect::<Vec<_>>().join(", ")
    }
}

/// What is under the pointer.
pub(super) fn tip<H: Host>(controller: &Controller<H>, bars: Range<usize>) -> TipContent {
    match bars.len() {
        1 => TipContent::Run(run_tip(
            controller,
            controller.lanes.runs[bars.start] as usize,
        )),
        _ => TipContent::Many(many_tip(controller, bars)),
    }
}

fn many_tip<H: Host>(controller: &Controller<H>, bars: Range<usize>) -> ManyTip {
    let history = &controller.history;
    let title = format!("{} job runs", grouped(bars.len()));
    let mut counts = vec![0_usize; history.states().count()];
    for bar in bars {
        counts[history.state_number(controller.lanes.runs[bar] as usize)] += 1;
    }
    let states = history.states().zip(counts).filter(|(_, count)| *count > 0);
    ManyTip {
        title,
        states: states
            .map(|(name, count)| (badge(State::from(name)), grouped(count)))
            .collect(),
    }
}

fn run_tip<H: Host>(controller: &Controller<H>, run: usize) -> RunTip {
    let history = &controller.history;
    let (attempt, attempts) = (history.attempt(run), history.attempts(run));
    RunTip {
        badge: badge_of(controller, run),
        job: controller.job(run),
        rollout: controller.rollout_line(run),
        times: controller.times(run),
        attempt: (attempts > 1).then(|| format!("Attempt {attempt} of {attempts}")),
        from: history.span(run).map(|span| controller.clock(span.from)),
        cause: cause(controller, run),
    }
}

/// Why a run failed, as the API has it.
fn cause<H: Host>(controller: &Controller<H>, run: usize) -> Option<String> {
    Some(visible(controller.history.cause_name(run))).filter(|cause| !cause.is_empty())
}

/// The selected run.
pub(super) fn run<H: Host>(controller: &Controller<H>, run: usize) -> RunDetails {
    let history = &controller.history;
    // What the history does not keep is in the JSON, which is read as the run's own page reads it.
    let set = RunSet::new(
        vec![Record::from_json(&String::from_utf8_lossy(
            history.raw(run),
        ))],
        None,
    );
    let failures = set.runs.first().map(|run| (run.failures(), &run.kind));
    let standing = controller.durations.sentence(history, run).or_else(|| {
        controller
            .durations
            .sentence_so_far(history, run, controller.host.now())
    });
    RunDetails {
        name: history.name(run),
        badge: badge(history.state(run)),
        job: controller.job(run),
        rollout: controller.rollout_line(run),
        facts: facts(controller, run),
        failures: failures
            .into_iter()
            .flat_map(|(failures, kind)| failures.into_iter().map(|it| failure(it, kind)))
            .collect(),
        warnings: set
            .runs
            .iter()
            .flat_map(|run| &run.flags)
            .map(|flag| visible(&flag.sentence()))
            .collect(),
        standing: standing.map(|sentence| visible(&sentence)),
        critical_path: critical_path(controller),
        comparison: comparison(controller, run),
    }
}

fn facts<H: Host>(controller: &Controller<H>, run: usize) -> Vec<Fact> {
    let history = &controller.history;
    let fact = |label: &str, value: String| Fact {
        label: label.to_owned(),
        value,
    };
    let mut facts = vec![
        fact(
            "Attempt",
            format!("{} of {}", history.attempt(run), history.attempts(run)),
        ),
        fact("Times", controller.times(run)),
    ];
    let moments = [
        ("Created", history.created(run)),
        ("Started", history.started(run)),
        ("Ended", history.ended(run)),
    ];
    for (label, time) in moments {
        facts.extend(time.map(|time| fact(label, controller.clock(time))));
    }
    if let (Some(waited), Some(ran)) = (history.waited(run), history.ran(run)) {
        facts.push(fact("In all", duration(waited + ran)));
    }
    facts
}

fn failure(failure: run::Failure, kind: &run::JobKind) -> Failure {
    let why = explain::failure(&failure, kind);
    let check = failure
        .check
        .map(|check| format!("{check}: "))
        .unwrap_or_default();
    let cause = if failure.is_alert {
        "alerts"
    } else {
        failure.cause.as_str()
    };
    Failure {
        title: visible(&format!("{check}{cause}")),
        meaning: visible(&why.meaning),
        message: visible(&failure.message),
        next: visible(&why.next),
    }
}

/// What the runs say together: the replay, failures over time, and how long each job takes.
pub(super) fn insight<H: Host>(controller: &Controller<H>) -> Option<Insight> {
    (!controller.runs.is_empty()).then(|| Insight {
        replay: replay(controller),
        failures: failures(controller),
        jobs: jobs(controller),
    })
}

fn replay<H: Host>(controller: &Controller<H>) -> Replay {
    let replay = &controller.replay;
    match controller.view.moment {
        Some(moment) => Replay::On {
            sentence: replay.sentence(moment),
            previous: replay.previous(moment).map(rfc3339),
            next: replay.next(moment).map(rfc3339),
        },
        None => {
            let left_edge = controller.lanes.compression.real(controller.window.0);
            Replay::Off {
                begin: rfc3339(left_edge.max(replay.extent().map_or(0, |(from, _)| from))),
            }
        }
    }
}

/// What failed when, and the causes.
fn failures<H: Host>(controller: &Controller<H>) -> Option<Failures> {
    let (failures, history) = (controller.failures.as_ref()?, &controller.history);
    if failures.total.failed == 0 {
        let sentence = "None of these runs failed.".to_owned();
        return Some(Failures {
            sentence,
            buckets: Vec::new(),
            causes: Vec::new(),
        });
    }
    let most = failures
        .buckets
        .iter()
        .map(|bucket| bucket.failed)
        .max()
        .unwrap_or(0)
        .max(1);
    let buckets = failures.buckets.iter().enumerate().map(|(index, bucket)| {
        let range = failures.range(index);
        (bucket.failed > 0).then(|| FailureBucket {
            percent: u64::from(bucket.failed) * 100 / u64::from(most),
            title: visible(&format!(
                "{}: {}",
                controller.clock(range.start),
                failures::sentence(history, bucket)
            )),
            from: rfc3339(range.start),
            to: rfc3339(range.end),
        })
    });
    let causes = failures
        .total
        .by_frequency()
        .into_iter()
        .map(|(cause, count)| {
            let label = format!(
                "{} ({})",
                failures::cause_label(history, cause),
                grouped(count as usize)
            );
            Facet {
                value: history.causes().nth(cause).unwrap_or_default().to_owned(),
                label: visible(&label),
            }
        });
    Some(Failures {
        sentence: visible(&failures.sentence(history)),
        buckets: buckets.collect(),
        causes: causes.collect(),
    })
}

/// How long each job takes.
fn jobs<H: Host>(controller: &Controller<H>) -> JobTable {
    /// More would be a table of their own.
    const MOST: usize = 40;
    let history = &controller.history;
    let ordered = controller.durations.ordered(history, Order::Failed);
    let jobs = ordered.iter().take(MOST).map(|job| {
        let spread = |spread: Option<Spread>, of: fn(Spread) -> Micros| {
            spread
                .map(|spread| duration(of(spread)))
                .unwrap_or_default()
        };
        let lane = [
            history.phase_name(job.phase),
            "/",
            history.job_name(job.job),
        ]
        .concat();
        JobStatistics {
            label: visible(&lane),
            lane,
            runs: grouped(job.count as usize),
            failed: grouped(job.failed as usize),
            wait_p50: spread(job.waiting, |it| it.p50),
            p50: spread(job.running, |it| it.p50),
            p90: spread(job.running, |it| it.p90),
            p99: spread(job.running, |it| it.p99),
        }
    });
    let omitted = ordered.len().saturating_sub(MOST);
    JobTable {
        jobs: jobs.collect(),
        omitted: (omitted > 0).then(|| grouped(omitted)),
    }
}

/// What determined when the rollout ended.
fn critical_path<H: Host>(controller: &Controller<H>) -> Option<CriticalPath> {
    let (path, history) = (controller.critical_path.as_ref()?, &controller.history);
    let steps = path.steps.iter().map(|step| PathStep {
        text: visible(&format!(
            "{} · {}",
            duration(step.length()),
            step.label(history)
        )),
        is_gap: matches!(step.kind, PathStepKind::Gap { .. }),
        per_mille: step.per_mille,
    });
    Some(CriticalPath {
        sentence: visible(&path.sentence(history)),
        steps: steps.collect(),
    })
}

/// The comparison with another rollout, or which ones it could be compared with.
fn comparison<H: Host>(controller: &Controller<H>, run: usize) -> Comparison {
    /// The most differences that are listed.
    const MOST: usize = 12;
    let history = &controller.history;
    let Some(comparison) = &controller.comparison else {
        let others = others(controller, history.rollout(run))
            .into_iter()
            .map(|other| {
                let info = history.rollout_info(other);
                OtherRollout {
                    id: visible(&info.id),
                    name: info.name.clone(),
                }
            });
        return Comparison::Offered(others.collect());
    };
    let length = |whole: &Whole| whole.length().unwrap_or(0);
    let most = length(&comparison.here)
        .max(length(&comparison.there))
        .max(1);
    let fraction = |time: Micros| (i128::from(time) * 1_000_000 / i128::from(most)) as i64;
    let bar = |side: &Side| {
        let from = side.offset.unwrap_or(0);
        ComparedBar {
            title: visible(&format!(
                "{}, {}",
                state_label(&side.state),
                duration(side.length())
            )),
            state: side.state.clone(),
            from: fraction(from),
            to: fraction(from + side.length()),
        }
    };
    let lanes = comparison.lanes.iter().map(|lane| ComparedLane {
        job: controller.job_of(lane.phase, lane.job),
        here: lane.here.as_ref().map(bar),
        there: lane.there.as_ref().map(bar),
    });
    Comparison::Made(ComparedRollouts {
        sentence: visible(&comparison.sentence()),
        differences: comparison
            .differences
            .iter()
            .take(MOST)
            .map(|it| visible(&it.text))
            .collect(),
        here: visible(&history.rollout_info(comparison.here.rollout).id),
        there: visible(&history.rollout_info(comparison.there.rollout).id),
        lanes: lanes.collect(),
    })
}

/// Rollouts to compare with: of the same pipeline, and the same target where targets are known, the
/// newest that began before it first.
fn others<H: Host>(controller: &Controller<H>, rollout: usize) -> Vec<usize> {
    const MOST: usize = 6;
    let history = &controller.history;
    let info = history.rollout_info(rollout);
    let mut begun: Vec<Micros> = vec![Micros::MAX; history.rollout_count()];
    for run in 0..history.len() {
        if let Some(span) = history.span(run) {
            let begun = &mut begun[history.rollout(run)];
            *begun = (*begun).min(span.from);
        }
    }
    let mut others: Vec<(bool, Micros, usize)> = (0..history.rollout_count())
        .filter(|other| *other != rollout && begun[*other] != Micros::MAX)
        .filter(|other| {
            let other = history.rollout_info(*other);
            other.pipeline == info.pipeline && other.target == info.target
        })
        .map(|other| {
            let is_later = begun[other] > begun[rollout];
            (is_later, (begun[other] - begun[rollout]).abs(), other)
        })
        .collect();
    others.sort_unstable();
    others
        .into_iter()
        .take(MOST)
        .map(|(.., other)| other)
        .collect()
}

/// A row of the table.
pub(super) fn row<H: Host>(controller: &Controller<H>, index: usize, is_active: bool) -> Row {
    let history = &controller.history;
    let run = controller.runs[index] as usize;
    let info = history.rollout_info(history.rollout(run));
    let now = controller.host.now();
    let span = history.span(run);
    let live_end = span
        .filter(|span| span.to == Span::OPEN)
        .map(|span| span.end(now));
    let waited = history
        .waited(run)
        .or(live_end.map(|end| end - span.map_or(end, |span| span.from)));
    let ran = history
        .ran(run)
        .or(live_end.and_then(|end| Some(end - history.started(run)?)));
    let text = |length: Option<Micros>| length.map(duration).unwrap_or_default();
    Row {
        index,
        run,
        badge: badge_of(controller, run),
        phase: excerpt(history.phase_name(history.phase(run))),
        job: excerpt(history.job_name(history.job(run))),
        attempt: format!("{} of {}", history.attempt(run), history.attempts(run)),
        rollout: excerpt(&info.id),
        target: excerpt(&info.target),
        created: history
            .created(run)
            .map(|time| controller.clock(time))
            .unwrap_or_default(),
        waited: text(waited),
        ran: text(ran),
        cause: cause(controller, run),
        is_selected: controller.selected == Some(run),
        is_active,
        is_flagged: history.flags(run) != Flags::default(),
    }
}

/// The beginning of a text.
fn excerpt(text: &str) -> String {
    visible(&text.chars().take(EXCERPT).collect::<String>())
}

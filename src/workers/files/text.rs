//! Builds, logs, manifests and their differences: pure functions from texts to what the page shows.

use std::sync::Arc;

use super::protocol::{
    Bar, BuildReport, BuildRow, DiffLine, DiffRow, LogLine, LogPlace, LogText, Progress, Reason, RowKind,
    Segment, StepReport, TextDiff, Why, YamlLine, YamlToken,
};
use crate::api::build::{Build, Status};
use crate::api::error::Malformed;
use crate::api::job_run::State;
use crate::api::source::Record;
use crate::api::storage::{log_object, media_request};
use crate::core::time::{SignedDuration, Timestamp, human_duration};
use crate::model::address::links;
use crate::model::build::{self, BuildStepView, BuildView, Stretch, status_label};
use crate::model::event_log::text_log;
use crate::model::manifest::{self, diff, yaml};
use crate::model::rollout::Outline;
use crate::model::run::{Run, RunSet};
use crate::model::timeline::{Part, PartKind, Window, css, layout};

/// The most lines of a log that are drawn; the page asks for no more bytes than have that many.
const MOST_LINES: usize = 50_000;
/// How many unchanged lines are folded as one.
const FOLD: usize = 250;

/// Marks the characters of a text that would not be seen.
fn seen(text: &str) -> String {
    text.replace(|c: char| c.is_control() && c != '\t' && c != '\n', "\u{fffd}")
}

/// Reads a build's JSON at `now`, on the axis of its run, which is in JSON too.
///
/// # Errors
/// [`Malformed`], for what is no build.
pub fn build(json: &str, run: &str, now: Timestamp) -> Result<BuildReport, Malformed> {
    let build = Build::from_json(json)?;
    let view = build::view(&build, now);
    let runs = RunSet::new(vec![Record::from_json(run)], None).runs;
    let is_live = build.is_live();
    let axis = Axis { window: Window::fit(&runs, now), now, is_live };
    let look = look(&view.status);
    Ok(BuildReport {
        progress: match (is_live, &look) {
            (true, _) => Progress::Live,
            (false, State::Failed) => Progress::Failed,
            _ => Progress::Over,
        },
        log: log_place(&build),
        look,
        status: seen(status_label(&view.status)),
        times: times(is_live, view.queued, view.ran),
        why: view.why.as_ref().map(|why| Why { meaning: seen(&why.meaning), next: seen(&why.next) }),
        warnings: view.warnings.iter().map(|warning| seen(warning)).collect(),
        rows: axis.rows(&runs, &view),
    })
}

fn log_place(build: &Build) -> LogPlace {
    match log_object(build) {
        Ok(object) => LogPlace::Stored {
            path: media_request(&object).path_and_query,
            file: object.file().to_owned(),
            page: links::object(&object.uri()),
        },
        Err(none) => LogPlace::Missing(none.sentence()),
    }
}

fn times(live: bool, queued: Option<SignedDuration>, ran: Option<SignedDuration>) -> String {
    let ran = ran.map(|ran| format!("{} {}", if live { "running for" } else { "ran" }, human_duration(ran)));
    let queued = queued.map(|queued| format!("in the queue for {}", human_duration(queued)));
    let mut text = queued.into_iter().chain(ran).collect::<Vec<_>>().join(", ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// The axis of a run, on which the steps of its build are.
struct Axis {
    window: Window,
    now: Timestamp,
    /// Whether the build goes on.
    is_live: bool,
}

impl Axis {
    fn rows(&self, runs: &[Arc<Run>], view: &BuildView) -> Vec<BuildRow> {
        let mut rows: Vec<BuildRow> = runs.iter().filter_map(|run| self.run(run)).collect();
        rows.extend(view.queue.as_ref().map(|queue| self.stage(queue)));
        // Fetching and setting up come before the steps, pushing after them.
        let first_step = view.steps.iter().filter_map(|step| step.stretch.started).min();
        let is_before =
            |stage: &&Stretch| first_step.is_none_or(|first| stage.started.is_none_or(|at| at <= first));
        let (before, after): (Vec<_>, Vec<_>) = view.stages.iter().partition(is_before);
        rows.extend(before.into_iter().map(|stage| self.stage(stage)));
        rows.extend(view.steps.iter().map(|step| self.step(step)));
        rows.extend(after.into_iter().map(|stage| self.stage(stage)));
        rows
    }

    /// The run itself.
    fn run(&self, run: &Arc<Run>) -> Option<BuildRow> {
        let layout = layout(std::slice::from_ref(run), &Outline::default(), self.window, self.now);
        Some(BuildRow {
            kind: RowKind::Run(run.json.state.clone()),
            label: "The job run".to_owned(),
            bars: layout.bar(&run.id)?.parts.iter().map(bar).collect(),
            duration: String::new(),
        })
    }

    fn stage(&self, stage: &Stretch) -> BuildRow {
        self.row(RowKind::Stage, stage)
    }

    fn step(&self, step: &BuildStepView) -> BuildRow {
        // A build that ends before a step leaves it in the queue for ever.
        let never_ran = !self.is_live && matches!(step.status, Status::Queued | Status::Pending);
        let look = look(&step.status);
        let mut status = if never_ran { "Not run" } else { status_label(&step.status) }.to_owned();
        if let Some(code) = step.exit_code.as_ref().filter(|code| code.get() != Some(0)) {
            status.push_str(&format!(", exit code {code}"));
        }
        if step.may_fail && look == State::Failed {
            status.push_str(", which the build allows");
        }
        let mut details = vec![step.image.clone(), step.command.clone()];
        details
            .extend(step.pulled.map(|pulled| format!("The image was pulled in {}.", human_duration(pulled))));
        details.retain(|detail| !detail.is_empty());
        let report = StepReport {
            look: (!never_ran).then_some(look),
            status: seen(&status),
            details: seen(&details.join("\n")),
        };
        self.row(RowKind::Step(report), &step.stretch)
    }

    fn row(&self, kind: RowKind, stretch: &Stretch) -> BuildRow {
        BuildRow {
            kind,
            label: seen(&stretch.label),
            bars: stretch.part(self.window, self.now).iter().map(bar).collect(),
            duration: stretch.duration(self.now).map_or_else(|| "—".to_owned(), human_duration),
        }
    }
}

fn bar(part: &Part) -> Bar {
    Bar { from: css(part.from), to: css(part.to), is_waiting: part.kind == PartKind::Waiting }
}

/// Which state of a job run looks as a status should.
fn look(status: &Status) -> State {
    match status {
        Status::Success => State::Succeeded,
        Status::Failure | Status::InternalError | Status::Timeout | Status::Expired => State::Failed,
        Status::Cancelled => State::Terminated,
        Status::Working => State::InProgress,
        Status::Queued | Status::Pending | Status::Unknown | Status::Unrecognized(_) => State::Unspecified,
    }
}

/// Reads a build's log, and finds its reason if the build failed.
pub fn log(text: &str, has_failed: bool) -> LogText {
    let log = text_log::read(text, MOST_LINES);
    let reason = if has_failed { text_log::reason(&log) } else { None };
    let reason = reason.map(|line| Reason { line, words: log.lines[line].text() });
    LogText { reason, lines: log.lines.into_iter().map(log_line).collect() }
}

fn log_line(line: text_log::LogLine) -> LogLine {
    let text_log::LogLine { number, prefix, spans, rewritten, .. } = line;
    let segments = spans.into_iter().map(|span| Segment { class: span.style.classes(), text: span.text });
    LogLine { number, prefix, segments: segments.collect(), rewritten }
}

/// The lines of a YAML text.
pub fn yaml(text: &str) -> Vec<YamlLine> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let token = |span: yaml::Span| YamlToken { kind: span.kind, text: seen(span.text) };
    let lines = yaml::highlight(text).into_iter();
    lines.map(|spans| YamlLine { tokens: spans.into_iter().map(token).collect() }).collect()
}

/// What differs between two texts, the old of which is called `with`. What is unchanged is there too, folded.
pub fn diff(with: &str, old: &str, new: &str) -> TextDiff {
    let diff = diff::diff(old, new);
    TextDiff {
        with: seen(with),
        added: diff.added,
        removed: diff.removed,
        note: diff.note(),
        rows: diff_rows(&diff, old),
    }
}

fn diff_rows(diff: &diff::Diff, old: &str) -> Vec<DiffRow> {
    let mut rows = Vec::new();
    if diff.hunks.is_empty() {
        return rows;
    }
    let old_lines: Vec<&str> = old.split('\n').collect();
    let count = old.lines().count();
    // How far the texts are told.
    let (mut old_at, mut new_at) = (0, 0);
    for hunk in &diff.hunks {
        let first = hunk.lines.first();
        // Without a line of the one text, the other has the same distance.
        let between = match first.map(|line| (line.old, line.new)) {
            Some((Some(first), _)) => first - 1 - old_at,
            Some((None, Some(first))) => first - 1 - new_at,
            _ => 0,
        };
        rows.extend(folded(&old_lines, old_at, new_at, between));
        (old_at, new_at) = (old_at + between, new_at + between);
        rows.push(DiffRow::Header(hunk.header()));
        for line in &hunk.lines {
            old_at += usize::from(line.old.is_some());
            new_at += usize::from(line.new.is_some());
            rows.push(DiffRow::Line(diff_line(line.change, line.old, line.new, &line.text)));
            if line.unterminated && line.change != diff::Change::Unchanged {
                rows.push(DiffRow::NoLineBreak);
            }
        }
    }
    rows.extend(folded(&old_lines, old_at, new_at, count.saturating_sub(old_at)));
    rows
}

/// So many unchanged lines, to be unfolded.
fn folded(lines: &[&str], old: usize, new: usize, count: usize) -> impl Iterator<Item = DiffRow> {
    (0..count).step_by(FOLD).map(move |from| {
        let line = |i: usize| {
            let text = lines.get(old + i).copied().unwrap_or_default();
            diff_line(diff::Change::Unchanged, Some(old + i + 1), Some(new + i + 1), text)
        };
        DiffRow::Fold((from..(from + FOLD).min(count)).map(line).collect())
    })
}

fn diff_line(change: diff::Change, old: Option<usize>, new: Option<usize>, text: &str) -> DiffLine {
    // A carriage return at a line's end may be the change.
    let text = match text.strip_suffix('\r') {
        Some(text) => seen(text) + "␍",
        None => seen(text),
    };
    DiffLine { change, old, new, text }
}

/// The full name of the rollout to compare with. See [`manifest::previous`].
pub fn previous(current: &str, rollouts: &[String]) -> Option<String> {
    manifest::previous(&current.parse().ok()?, rollouts).map(|name| name.to_string())
}

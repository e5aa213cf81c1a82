//! Calls about texts: builds, logs, manifests and their differences. Pure functions from texts to
//! what the page draws.

use super::drawn::{
    DrawnBuild, DrawnDiff, DrawnLog, DrawnStep, RowKind, pack_line, pack_row, style_classes, yaml_class,
};
use crate::api::build::{Build, Status};
use crate::api::job_run::State;
use crate::api::storage::{log_object, media_request};
use crate::model::build::{self, Step, Stretch, status_label};
use crate::model::time::{SignedDuration, Timestamp, human_duration};
use crate::model::timeline::{PartKind, Window, css};
use crate::model::{diff, links, manifest, text_log, yaml};

/// The most lines of a log that are drawn; the page asks for no more bytes than have that many.
const MOST_LINES: usize = 50_000;

/// A [`DrawnBuild`] of a build's JSON at `now`, its steps on the axis of `window`; or, when it is
/// no such JSON, in four texts where and why: line, column, reason, excerpt.
pub fn build(json: &str, now: Timestamp, window: Window) -> Vec<String> {
    let build = match Build::from_json(json) {
        Ok(build) => build,
        Err(wrong) => {
            return vec![wrong.line.to_string(), wrong.column.to_string(), wrong.reason, wrong.excerpt];
        }
    };
    let view = build::view(&build, now);
    let (log, log_uri, no_log, log_page) = match log_object(&build) {
        Ok(object) => (
            media_request(&object).path_and_query,
            object.to_string(),
            String::new(),
            links::object(&object.uri()),
        ),
        Err(none) => (String::new(), String::new(), none.sentence(), String::new()),
    };
    let explanation = view.why;
    let (why, next) = explanation.map(|why| (why.meaning, why.next)).unwrap_or_default();
    let duration = |time: Option<SignedDuration>| time.map(human_duration).unwrap_or_default();
    let times = match (view.queued, view.ran) {
        (None, None) => String::new(),
        (Some(queued), None) => format!("In the queue for {}", human_duration(queued)),
        (None, Some(ran)) => {
            format!("{} {}", if build.is_live() { "Running for" } else { "Ran" }, human_duration(ran))
        }
        (Some(queued), Some(ran)) => {
            let verb = if build.is_live() { "running for" } else { "ran" };
            format!("In the queue for {}, {verb} {}", human_duration(queued), human_duration(ran))
        }
    };
    let mut rows = Vec::new();
    if let Some(queue) = view.queue.as_ref() {
        rows.push(DrawnStep {
            label: "Queue".into(),
            duration: duration(view.queued),
            place: place(queue, window, now),
            ..DrawnStep::default()
        });
    }
    // Fetching and setting up come before the steps, pushing after them.
    let first_step = view.steps.iter().filter_map(|step| step.stretch.started).min();
    let (before, after): (Vec<_>, Vec<_>) = view
        .stages
        .iter()
        .partition(|stage| first_step.is_none_or(|first| stage.started.is_none_or(|at| at <= first)));
    let stage = |stage: &Stretch| DrawnStep {
        label: stage.label.clone(),
        duration: duration(stage.duration(now)),
        place: place(stage, window, now),
        ..DrawnStep::default()
    };
    rows.extend(before.into_iter().map(stage));
    rows.extend(view.steps.iter().map(|step| self::step(step, build.is_live(), window, now)));
    rows.extend(after.into_iter().map(stage));
    let drawn = DrawnBuild {
        label: status_label(&view.status).to_owned(),
        look: look(&view.status).as_str().to_owned(),
        why,
        next,
        times,
        live: build.is_live(),
        log,
        log_uri,
        no_log,
        log_page,
        warnings: view.warnings.join("\n"),
        steps: rows,
    };
    drawn.into_texts()
}

fn step(step: &Step, live: bool, window: Window, now: Timestamp) -> DrawnStep {
    // A build that ends before a step leaves it in the queue for ever.
    let never_ran = !live && matches!(step.status, Status::Queued | Status::Pending);
    let mut status = if never_ran { "Not run" } else { status_label(&step.status) }.to_owned();
    if let Some(code) = step.exit_code.as_ref().filter(|code| code.get() != Some(0)) {
        status.push_str(&format!(", exit code {code}"));
    }
    if step.may_fail && look(&step.status) == State::Failed {
        status.push_str(", which the build allows");
    }
    let mut details = vec![step.image.clone(), step.command.clone()];
    details.extend(step.pulled.map(|pulled| format!("The image was pulled in {}.", human_duration(pulled))));
    details.retain(|detail| !detail.is_empty());
    DrawnStep {
        label: step.stretch.label.clone(),
        look: if never_ran { String::new() } else { look(&step.status).as_str().to_owned() },
        status,
        duration: step.stretch.duration(now).map(human_duration).unwrap_or_default(),
        details: details.join("\n"),
        place: place(&step.stretch, window, now),
    }
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

/// A stretch's place as a style: `--from` and `--to` along the window.
fn place(stretch: &Stretch, window: Window, now: Timestamp) -> String {
    stretch.part(window, now).map_or_else(String::new, |part| {
        let to = if part.kind == PartKind::Instant { part.from } else { part.to };
        format!("--from:{};--to:{}", css(part.from), css(to))
    })
}

/// A [`DrawnLog`] of a log; of a build that failed with its reason.
pub fn log(text: &str, failed: bool) -> Vec<String> {
    let log = text_log::read(text, MOST_LINES);
    let reason = if failed { text_log::reason(&log) } else { None };
    let lines = log.lines.iter().map(|line| {
        let spans = line.spans.iter().map(|span| (style_classes(&span.style), span.text.as_str()));
        pack_line(line.number, &line.prefix, line.rewritten, spans)
    });
    let drawn = DrawnLog {
        reason,
        reason_text: reason.map(|index| log.lines[index].text()).unwrap_or_default(),
        lines: lines.collect::<Vec<_>>().into(),
    };
    drawn.into_texts()
}

/// The lines of a YAML text, to draw.
pub fn yaml(text: &str) -> Vec<String> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let lines = yaml::highlight(text).into_iter().enumerate();
    lines
        .map(|(index, spans)| {
            let spans = spans.iter().map(|span| (yaml_class(span.kind).to_owned(), span.text));
            pack_line(index + 1, "", 0, spans)
        })
        .collect()
}

/// A [`DrawnDiff`] of two texts, with all that is unchanged, so that a person can unfold it.
pub fn diff(old: &str, new: &str) -> Vec<String> {
    let diff = diff::diff(old, new);
    let old_lines: Vec<&str> = old.lines().collect();
    let mut rows = Vec::new();
    // How far the texts are told.
    let (mut old_at, mut new_at) = (0, 0);
    let fold = |rows: &mut Vec<String>, old_at: usize, new_at: usize, count: usize| {
        rows.extend((0..count).map(|i| {
            let text = old_lines.get(old_at + i).copied().unwrap_or_default();
            pack_row(RowKind::Folded, Some(old_at + i + 1), Some(new_at + i + 1), text)
        }));
    };
    for hunk in &diff.hunks {
        let first_old = hunk.lines.iter().find_map(|line| line.old);
        let first_new = hunk.lines.iter().find_map(|line| line.new);
        // Without a line of the one text, the other has the same distance.
        let between = match (first_old, first_new) {
            (Some(first), _) => first - 1 - old_at,
            (None, Some(first)) => first - 1 - new_at,
            (None, None) => 0,
        };
        fold(&mut rows, old_at, new_at, between);
        (old_at, new_at) = (old_at + between, new_at + between);
        rows.push(pack_row(RowKind::Header, None, None, &hunk.header()));
        for line in &hunk.lines {
            let kind = match line.change {
                diff::Change::Unchanged => RowKind::Unchanged,
                diff::Change::Removed => RowKind::Removed,
                diff::Change::Added => RowKind::Added,
            };
            old_at += usize::from(line.old.is_some());
            new_at += usize::from(line.new.is_some());
            rows.push(pack_row(kind, line.old, line.new, &line.text));
            if line.unterminated && line.change != diff::Change::Unchanged {
                rows.push(pack_row(RowKind::Unterminated, None, None, "No line break at the end"));
            }
        }
    }
    if !diff.hunks.is_empty() {
        fold(&mut rows, old_at, new_at, old_lines.len().saturating_sub(old_at));
    }
    let drawn = DrawnDiff {
        added: diff.added.to_string(),
        removed: diff.removed.to_string(),
        note: diff.note(),
        rows,
    };
    drawn.into_texts()
}

/// The full name of the rollout to compare with; nothing when there is none. See
/// [`manifest::previous`].
pub fn previous(current: &str, rollouts: &[String]) -> Vec<String> {
    let current = current.parse().ok();
    let found = current.and_then(|current| manifest::previous(&current, rollouts));
    found.map(|name| name.to_string()).into_iter().collect()
}

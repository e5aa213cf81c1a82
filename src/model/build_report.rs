//! The report of a build: its steps on the axis of its job run, and the location of its log.

use std::sync::Arc;

use crate::api::build::{Build, Status};
use crate::api::error::Malformed;
use crate::api::job_run::State;
use crate::api::storage::{log_object, media_request};
use crate::core::text::visible;
use crate::core::time::{SignedDuration, Timestamp, human_duration};
use crate::model::address::links;
use crate::model::build::{self, BuildStepView, BuildView, Stretch, status_label};
use crate::model::rollout::Outline;
use crate::model::run::Run;
use crate::model::timeline::{Part, PartKind, Window, css, layout};

/// A build and its steps, on the axis of its run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildReport {
    pub progress: Progress,
    pub log: LogPlace,
    /// The state of a job run that the build's status looks like.
    pub look: State,
    /// The build's status.
    pub status: String,
    /// Such as `In the queue for 10 s, ran 40 s`.
    pub times: String,
    /// Why the build did not succeed.
    pub why: Option<Why>,
    /// Problems that did not end the build.
    pub warnings: Vec<String>,
    /// The run itself, then what the build did, in order.
    pub rows: Vec<BuildRow>,
}

/// How far a build is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It goes on: it has more to say later.
    Live,
    Failed,
    /// It ended otherwise.
    Over,
}

/// Where a build's log is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogPlace {
    Stored {
        /// The path and query by which the storage API has it.
        path: String,
        /// The file's name.
        file: String,
        /// The page in the Cloud console.
        page: String,
    },
    /// The reason why the build has no log.
    Missing(String),
}

/// Why a build did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    pub meaning: String,
    /// The next step for the user.
    pub next: String,
}

/// A row on the axis of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildRow {
    pub kind: RowKind,
    pub label: String,
    /// The row's stretches of time, as far as the axis has them.
    pub bars: Vec<Bar>,
    /// How long it took, or `—`; empty for the run.
    pub duration: String,
}

/// The subject of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// The job run.
    Run(State),
    /// A stage before or after the steps, such as fetching the source.
    Stage,
    Step(StepReport),
}

/// A step of a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepReport {
    /// The state of a job run that its status looks like; `None` when it never ran.
    pub look: Option<State>,
    /// The status, such as `Failed, exit code 137`.
    pub status: String,
    /// The image, the command, and what else there is to know, one on a line.
    pub details: String,
}

/// A stretch of time on an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// In millionths of the axis, whole numbers: see [`css`](crate::model::timeline::css).
    pub from: i64,
    pub to: i64,
    pub is_waiting: bool,
}

/// Reads a build's JSON at `now`, on the axis of its run.
///
/// # Errors
/// [`Malformed`], for what is no build.
pub fn read(json: &str, run: &Arc<Run>, now: Timestamp) -> Result<BuildReport, Malformed> {
    let build = Build::from_json(json)?;
    let view = build::view(&build, now);
    let runs = std::slice::from_ref(run);
    let is_live = build.is_live();
    let axis = Axis {
        window: Window::fit(runs, now),
        now,
        is_live,
    };
    let look = look(&view.status);
    Ok(BuildReport {
        progress: match (is_live, &look) {
            (true, _) => Progress::Live,
            (false, State::Failed) => Progress::Failed,
            _ => Progress::Over,
        },
        log: log_place(&build),
        look,
        status: visible(status_label(&view.status)),
        times: times(is_live, view.queued, view.ran),
        why: view.why.as_ref().map(|why| Why {
            meaning: visible(&why.meaning),
            next: visible(&why.next),
        }),
        warnings: view
            .warnings
            .iter()
            .map(|warning| visible(warning))
            .collect(),
        rows: axis.rows(runs, &view),
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
    let ran = ran.map(|ran| {
        format!(
            "{} {}",
            if live { "running for" } else { "ran" },
            human_duration(ran)
        )
    });
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
        let first_step = view
            .steps
            .iter()
            .filter_map(|step| step.stretch.started)
            .min();
        let is_before = |stage: &&Stretch| {
            first_step.is_none_or(|first| stage.started.is_none_or(|at| at <= first))
        };
        let (before, after): (Vec<_>, Vec<_>) = view.stages.iter().partition(is_before);
        rows.extend(before.into_iter().map(|stage| self.stage(stage)));
        rows.extend(view.steps.iter().map(|step| self.step(step)));
        rows.extend(after.into_iter().map(|stage| self.stage(stage)));
        rows
    }

    /// The run itself.
    fn run(&self, run: &Arc<Run>) -> Option<BuildRow> {
        let layout = layout(
            std::slice::from_ref(run),
            &Outline::default(),
            self.window,
            self.now,
        );
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
        // Cloud Build leaves a step queued if the build ends before it.
        let never_ran = !self.is_live && matches!(step.status, Status::Queued | Status::Pending);
        let look = look(&step.status);
        let mut status = if never_ran {
            "Not run"
        } else {
            status_label(&step.status)
        }
        .to_owned();
        if let Some(code) = step.exit_code.as_ref().filter(|code| code.get() != Some(0)) {
            status.push_str(&format!(", exit code {code}"));
        }
        if step.may_fail && look == State::Failed {
            status.push_str(", which the build allows");
        }
        let mut details = vec![step.image.clone(), step.command.clone()];
        details.extend(
            step.pulled
                .map(|pulled| format!("The image was pulled in {}.", human_duration(pulled))),
        );
        details.retain(|detail| !detail.is_empty());
        let report = StepReport {
            look: (!never_ran).then_some(look),
            status: visible(&status),
            details: visible(&details.join("\n")),
        };
        self.row(RowKind::Step(report), &step.stretch)
    }

    fn row(&self, kind: RowKind, stretch: &Stretch) -> BuildRow {
        BuildRow {
            kind,
            label: visible(&stretch.label),
            bars: stretch
                .part(self.window, self.now)
                .iter()
                .map(bar)
                .collect(),
            duration: stretch
                .duration(self.now)
                .map_or_else(|| "—".to_owned(), human_duration),
        }
    }
}

fn bar(part: &Part) -> Bar {
    Bar {
        from: css(part.from),
        to: css(part.to),
        is_waiting: part.kind == PartKind::Waiting,
    }
}

/// Which state of a job run looks as a status should.
fn look(status: &Status) -> State {
    match status {
        Status::Success => State::Succeeded,
        Status::Failure | Status::InternalError | Status::Timeout | Status::Expired => {
            State::Failed
        }
        Status::Cancelled => State::Terminated,
        Status::Working => State::InProgress,
        Status::Queued | Status::Pending | Status::Unknown | Status::Unrecognized(_) => {
            State::Unspecified
        }
    }
}

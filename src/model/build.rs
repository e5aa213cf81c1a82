//! A Cloud Build build as the viewer thinks of it: its steps in time, and why it failed.

use super::explain::{self, Doing, ErrorMessage, Explanation};
use super::timeline::{Part, PartKind, Window};
use crate::api::build::{Build, BuildStep, FailureType, Number, Status, TimeSpan};
use crate::api::error::{ApiError, RefusalKind};
use crate::core::time::{self, SignedDuration, Timestamp};

/// A build, to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct BuildView {
    pub status: Status,
    /// What came before and after the steps, in order: fetching the source, setting up, pushing.
    pub stages: Vec<Stretch>,
    pub steps: Vec<BuildStepView>,
    /// The index of the first step that failed and that the build did not go on without.
    pub failed: Option<usize>,
    /// Why the build did not succeed; `None` while it has not failed.
    pub why: Option<Explanation>,
    /// From createTime to startTime, and up to now while it is queued.
    pub queued: Option<SignedDuration>,
    /// That stretch of time.
    pub queue: Option<Stretch>,
    /// From startTime to finishTime, and up to now while it is being executed.
    pub ran: Option<SignedDuration>,
    /// Problems that did not end the build.
    pub warnings: Vec<String>,
}

/// A stretch of a build's time. What cannot be read is as if it were absent.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// For people.
    pub label: String,
    pub started: Option<Timestamp>,
    pub ended: Option<Timestamp>,
    /// Whether it goes on.
    pub live: bool,
}

/// One step of a build.
#[derive(Clone, Debug, PartialEq)]
pub struct BuildStepView {
    /// Its label is the step's id, or without one its image.
    pub stretch: Stretch,
    pub status: Status,
    /// The container's image.
    pub image: String,
    /// What the container runs, for people: entrypoint and arguments, or the script.
    pub command: String,
    /// How long the image was pulled.
    pub pulled: Option<SignedDuration>,
    pub exit_code: Option<Number>,
    /// Whether the build goes on when the step fails.
    pub may_fail: bool,
}

/// A status's name for people.
pub fn status_label(status: &Status) -> &str {
    match status {
        Status::Unknown => "Unknown",
        Status::Pending => "Pending",
        Status::Queued => "Queued",
        Status::Working => "Working",
        Status::Success => "Succeeded",
        Status::Failure => "Failed",
        Status::InternalError => "Internal error",
        Status::Timeout => "Timed out",
        Status::Cancelled => "Cancelled",
        Status::Expired => "Expired in the queue",
        Status::Unrecognized(text) => text,
    }
}

/// Whether a build or step with this status failed, in any way.
fn has_failed(status: &Status) -> bool {
    matches!(
        status,
        Status::Failure
            | Status::InternalError
            | Status::Timeout
            | Status::Cancelled
            | Status::Expired
    )
}

impl Stretch {
    fn new(label: &str, span: Option<&TimeSpan>, live: bool) -> Self {
        let started = span.and_then(|span| instant(span.start_time.as_ref()));
        let ended = span.and_then(|span| instant(span.end_time.as_ref()));
        Self {
            label: label.to_owned(),
            started,
            ended,
            live: live && started.is_some() && ended.is_none(),
        }
    }

    /// How long it took, and up to `now` while it goes on; negative when its times contradict
    /// each other.
    pub fn duration(&self, now: Timestamp) -> Option<SignedDuration> {
        Some(self.until(now)?.duration_since(self.started?))
    }

    fn until(&self, now: Timestamp) -> Option<Timestamp> {
        // A clock that is behind the server's: it has only begun.
        self.ended.or_else(|| {
            self.live
                .then(|| self.started.map_or(now, |started| now.max(started)))
        })
    }

    /// Where it lies on a time axis, such as that of the job run's bar; `None` when it is outside
    /// or has no known time.
    pub fn part(&self, window: Window, now: Timestamp) -> Option<Part> {
        let (kind, from, to) = match (self.started, self.until(now)) {
            (Some(from), Some(to)) if from <= to => (PartKind::Running, from, to),
            (Some(from), Some(to)) => (PartKind::Contradictory, to, from),
            (Some(at), None) | (None, Some(at)) => (PartKind::Instant, at, at),
            (None, None) => return None,
        };
        let (from, to) = (window.fraction(from), window.fraction(to));
        let inside = to >= 0.0 && from <= 1.0;
        inside.then(|| Part {
            kind,
            from: from.max(0.0),
            to: to.min(1.0),
            live: self.live,
        })
    }
}

fn instant(text: Option<&String>) -> Option<Timestamp> {
    time::parse(text?).ok()
}

/// The build to be shown at `now`.
pub fn view(build: &Build, now: Timestamp) -> BuildView {
    let live = build.is_live();
    let steps: Vec<BuildStepView> = build
        .steps
        .iter()
        .enumerate()
        .map(|(index, json)| step(index, json, live))
        .collect();
    let failed = match has_failed(&build.status) {
        true => steps
            .iter()
            .position(|step| has_failed(&step.status) && !step.may_fail),
        false => None,
    };

    let timing = build.timing.iter().flatten();
    let mut stages: Vec<Stretch> = timing
        // What the steps themselves show.
        .filter(|(phase, _)| *phase != "BUILD")
        .map(|(phase, span)| Stretch::new(stage_label(phase), Some(span), live))
        .collect();
    stages.sort_by_key(|stage| (stage.started.is_none(), stage.started));

    let created = instant(build.create_time.as_ref());
    let started = instant(build.start_time.as_ref());
    let finished = instant(build.finish_time.as_ref());
    // A build may end in the queue.
    let until = |from: Timestamp, to: Option<Timestamp>| to.or(live.then(|| now.max(from)));
    let between = |from: Option<Timestamp>, to: Option<Timestamp>| {
        from.and_then(|from| Some(until(from, to)?.duration_since(from)))
    };
    BuildView {
        status: build.status.clone(),
        stages,
        why: why(
            build,
            failed.map(|index| (&steps[index], &build.steps[index])),
        ),
        failed,
        steps,
        queued: between(created, started.or(finished)),
        queue: created.map(|created| Stretch {
            label: "Queue".to_owned(),
            started: Some(created),
            ended: started.or(finished),
            live: live && started.is_none(),
        }),
        ran: between(started, finished),
        warnings: build
            .warnings
            .iter()
            .map(|warning| warning.text.clone())
            .filter(|text| !text.is_empty())
            .collect(),
    }
}

fn stage_label(phase: &str) -> &str {
    match phase {
        "FETCHSOURCE" => "Fetch the source",
        "SETUPBUILD" => "Set up the build",
        "PUSH" => "Push the artifacts",
        other => other,
    }
}

fn step(index: usize, json: &BuildStep, live: bool) -> BuildStepView {
    let number;
    let label = match (json.id.as_str(), json.name.as_str()) {
        ("", "") => {
            number = format!("Step {index}");
            &number
        }
        ("", image) => image,
        (id, _) => id,
    };
    let stretch = Stretch::new(label, json.timing.as_ref(), live);
    let status = match json.status {
        // The API promises statuses of steps for finished builds only; the times come before.
        Status::Unknown | Status::Pending | Status::Queued if stretch.live => Status::Working,
        ref status => status.clone(),
    };
    let pull = Stretch::new("", json.pull_timing.as_ref(), false);
    let may_fail = if json.allow_exit_codes.is_empty() {
        json.allow_failure == Some(true)
    } else {
        let code = json.exit_code.as_ref().and_then(Number::get);
        json.allow_exit_codes
            .iter()
            .any(|allowed| allowed.get() == code)
    };
    let words = std::iter::once(&json.entrypoint)
        .chain(&json.args)
        .filter(|word| !word.is_empty());
    let words: Vec<&str> = words.map(String::as_str).collect();
    BuildStepView {
        pulled: pull
            .ended
            .zip(pull.started)
            .map(|(to, from)| to.duration_since(from)),
        stretch,
        status,
        image: json.name.clone(),
        command: if json.script.is_empty() {
            words.join(" ")
        } else {
            json.script.clone()
        },
        exit_code: json.exit_code.clone(),
        may_fail,
    }
}

/// Why a build did not succeed, and what to do next.
fn why(build: &Build, failed: Option<(&BuildStepView, &BuildStep)>) -> Option<Explanation> {
    const LOG: &str =
        "Read the end of the build's log: the last error in it is usually the reason.";
    let failed_step = failed.map(|(step, _)| {
        let code = step
            .exit_code
            .as_ref()
            .map(|code| format!(" with status {code}"))
            .unwrap_or_default();
        (step.stretch.label.as_str(), code)
    });
    let info = build.failure_info.as_ref();
    let failure = info.map_or(&FailureType::Unspecified, |info| &info.failure_type);
    let (meaning, next) = match &build.status {
        Status::Failure => match failure {
            FailureType::FetchSourceFailed => (
                "The build failed to fetch its source: what Cloud Deploy had rendered.".to_owned(),
                "Check that the target's execution service account may read the bucket of the artifacts \
                 (storage.objects.get), and that nothing in it was deleted. Then retry the job.",
            ),
            FailureType::LoggingFailure => (
                "The build failed because the log could not be stored, by a fault of the service behind it."
                    .to_owned(),
                "Retry the job.",
            ),
            FailureType::PushFailed => ("The build failed to push an artifact.".to_owned(), LOG),
            FailureType::PushImageNotFound => {
                ("The build failed to push an image that no step had made.".to_owned(), LOG)
            }
            FailureType::PushNotAuthorized => (
                "The build was not allowed to push an artifact.".to_owned(),
                "Grant the target's execution service account the right to write there. Then retry the job.",
            ),
            FailureType::UserBuildStep | FailureType::Unspecified | FailureType::Unrecognized(_) => (
                match failed_step {
                    Some((label, code)) => format!("The step “{label}” failed{code}."),
                    None => match failure {
                        FailureType::UserBuildStep => "One of the build's steps failed.".to_owned(),
                        FailureType::Unrecognized(text) => {
                            format!("The build failed with {text}, which this viewer does not know.")
                        }
                        _ => "The build failed, and does not say with which step.".to_owned(),
                    },
                },
                LOG,
            ),
        },
        Status::InternalError => (
            "The build failed by a fault of Cloud Build itself.".to_owned(),
            "Retry the job. If it stays, see Google Cloud's status page.",
        ),
        Status::Timeout => (
            match failed_step {
                Some((label, _)) => {
                    format!("The build took longer than it may; it was in the step “{label}”.")
                }
                None => "The build took longer than it may.".to_owned(),
            },
            "See in the log what it waited for. If it only needs longer, raise executionTimeout in the \
             target and create a new release: a retry keeps the old limit.",
        ),
        Status::Cancelled => (
            match failed_step {
                Some((label, _)) => format!("The build was cancelled in the step “{label}”."),
                None => "The build was cancelled.".to_owned(),
            },
            "A terminated job run cancels its build. What the steps had changed by then stays changed.",
        ),
        Status::Expired => (
            "The build waited in the queue longer than it may (queueTtl), and never began.".to_owned(),
            "Look at the quota for concurrent builds and at the worker pool. Then retry the job.",
        ),
        _ => return None,
    };
    // Cloud Build's own words, which may name what ours cannot.
    let mut words = vec![meaning];
    let details = [info.map_or("", |info| &info.detail), &build.status_detail];
    for detail in details
        .into_iter()
        .map(str::trim)
        .filter(|detail| !detail.is_empty())
    {
        if !words.iter().any(|word| word.contains(detail)) {
            words.push(format!("Cloud Build says: {detail}"));
        }
    }
    Some(Explanation {
        meaning: words.join(" "),
        next: next.to_owned(),
    })
}

/// What the viewer was reading when an error came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    Build,
    Log,
    /// Skaffold's event log of a verification.
    EventLog,
    /// A file of a job run, such as a manifest.
    File,
}

/// Explains an error that came while something behind a job run was read. The run itself is on the
/// screen and is not in doubt. `has_token` tells whether a token was sent.
pub fn error_message(error: &ApiError, reading: Reading, has_token: bool) -> ErrorMessage {
    let mut message = explain::error_message(error, Doing::Loading, has_token);
    let (what, gone, role) = match reading {
        Reading::Build => (
            "the build",
            "Cloud Build has no such build. One whose request failed was never made.",
            "roles/cloudbuild.builds.viewer",
        ),
        Reading::Log => (
            "the build's log",
            "The log is not there. It may have been deleted, or the build may have ended before it wrote one.",
            "roles/storage.objectViewer, or roles/viewer for Cloud Build's own bucket,",
        ),
        Reading::EventLog => (
            "the event log",
            "The event log is not there. It may have been deleted, or the verification may have ended before it \
             wrote one.",
            "roles/storage.objectViewer",
        ),
        Reading::File => (
            "the file",
            "The file is not there. It may have been deleted, or never written.",
            "roles/storage.objectViewer",
        ),
    };
    match error {
        // Google's APIs refuse a project that does not use them in the same way.
        ApiError::Refused(refusal) if refusal.body.contains("\"SERVICE_DISABLED\"") => {
            message.title = format!("No way to {what}");
            message.what = "The API that has it is not enabled in the project.".to_owned();
            message.next = "Ask an owner of the project to enable it.".to_owned();
        }
        ApiError::Refused(refusal) if refusal.kind == RefusalKind::PermissionDenied => {
            let permission = refusal.permission.as_deref().unwrap_or("a permission");
            message.title = format!("Not allowed to read {what}");
            message.what =
                format!("Your account lacks {permission} there, or {what} does not exist.");
            message.next = format!(
                "Ask an owner of the project to grant {permission} ({role} has it), or open it in the Cloud console \
                 with another account."
            );
        }
        ApiError::Refused(refusal) if refusal.kind == RefusalKind::NotFound => {
            message.title = format!("No sign of {what}");
            message.what = gone.to_owned();
            message.next = "Look for it in the Cloud console.".to_owned();
        }
        ApiError::Malformed(_) => {
            message.next =
                "Check the base addresses in config.json: something else may answer there, such as \
                            a proxy's login page."
                    .to_owned();
        }
        _ => {}
    }
    message
}

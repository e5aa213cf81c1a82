//! Explains states, failures and errors: the meaning of each, and the next step.
//!
//! The meanings of causes are those of the discovery document; the next steps are ours.
//!
//! [`icon`] has the icon of each state.

pub mod icon;

use std::borrow::Cow;

use crate::api::error::{ApiError, Refusal, RefusalKind};
use crate::api::job_run::{FailureCause, State};
use crate::core::time::{SignedDuration, human_duration};
use crate::model::run::{Failure, JobKind};

/// A meaning and what to do about it, each one or two sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub meaning: String,
    pub next: String,
}

/// A state's name for people.
pub fn state_label(state: &State) -> &str {
    match state {
        State::Unspecified => "Unspecified",
        State::InProgress => "In progress",
        State::Succeeded => "Succeeded",
        State::Failed => "Failed",
        State::Terminating => "Terminating",
        State::Terminated => "Terminated",
        State::Unrecognized(text) => text,
    }
}

/// The class that gives a state its colours.
pub fn state_class(state: &State) -> &'static str {
    match state {
        State::Succeeded => "is-succeeded",
        State::Failed => "is-failed",
        State::InProgress => "is-in-progress",
        State::Terminating => "is-terminating",
        State::Terminated => "is-terminated",
        State::Unspecified | State::Unrecognized(_) => "is-unknown",
    }
}

/// Explains the state of a run, for the run and its job.
pub fn state(state: &State) -> Explanation {
    let (meaning, next) = match state {
        State::Unspecified => (
            "The job run has an unspecified state.",
            "Look at the raw JSON and at the rollout in the Cloud console.",
        ),
        State::InProgress => (
            "The job run is in progress.",
            "Nothing to do. If it should not go on, terminate it.",
        ),
        State::Succeeded => ("The job run has succeeded.", "Nothing to do."),
        State::Failed => (
            "The job run has failed, and its job with it.",
            "See the cause. Then retry the job, ignore it, or roll back.",
        ),
        State::Terminating => (
            "The job run is terminating: it was asked to stop and has not stopped yet.",
            "Wait until it is terminated. What it had changed by then stays changed.",
        ),
        State::Terminated => (
            "The job run was terminated, and its job counts as failed.",
            "Retry the job, ignore it, or leave it. What the run had changed by then stays changed.",
        ),
        State::Unrecognized(_) => (
            "The state is from a newer API than this viewer knows.",
            "Look at the raw JSON and at the rollout in the Cloud console.",
        ),
    };
    Explanation {
        meaning: meaning.into(),
        next: next.into(),
    }
}

/// What a failure means for a run of this kind.
pub fn failure(failure: &Failure, kind: &JobKind) -> Explanation {
    let (cause, has_build) = (&failure.cause, !failure.build.is_empty());
    // Such as `deploy `, or nothing.
    let of_kind = match kind {
        JobKind::Several(_) | JobKind::Missing | JobKind::Unrecognized(_) => String::new(),
        kind => format!("{} ", kind.label()),
    };
    let log = if has_build {
        "Open the build's log: the last error in it is usually the reason."
    } else {
        "This run names no build; look for it in Cloud Build around the run's start time."
    };
    let (meaning, next) = match cause {
        _ if failure.is_alert => (
            "An alert policy that the analysis watches is firing.".to_owned(),
            "Look at the open alerts, which are below, before you retry the job.".to_owned(),
        ),
        FailureCause::Unspecified
            if matches!(kind, JobKind::CreateChildRollout | JobKind::AdvanceChildRollout) =>
        {
            (
                "No reason for failure is specified.".to_owned(),
                "Such a run fails with its child's phase: open the child rollout below, whose own runs say why.".to_owned(),
            )
        }
        FailureCause::Unspecified if *kind == JobKind::Analysis => (
            "No reason for failure is specified.".to_owned(),
            "An analysis fails with one of its checks: see below which one, and what it watched, before you retry the job."
                .to_owned(),
        ),
        FailureCause::Unspecified => (
            "No reason for failure is specified.".to_owned(),
            format!("Read the message. {log}"),
        ),
        FailureCause::CloudBuildUnavailable => (
            "Cloud Build is not available, either because it is not enabled or because Cloud Deploy has \
             insufficient permissions."
                .to_owned(),
            "Check that the Cloud Build API is enabled in the project, that the Cloud Deploy service agent \
             has roles/clouddeploy.serviceAgent, and that it may act as the target's execution service \
             account (iam.serviceAccounts.actAs). Then retry the job."
                .to_owned(),
        ),
        FailureCause::ExecutionFailed => {
            (format!("The {of_kind}operation did not complete successfully."), log.to_owned())
        }
        FailureCause::DeadlineExceeded => (
            format!("The {of_kind}job run did not complete within the allotted time."),
            "See in the build's log what it waited for. If it only needs longer, raise executionTimeout in \
             the target (1 hour unless set, 24 hours at most) and create a new release: a retry keeps the old limit."
                .to_owned(),
        ),
        FailureCause::MissingResourcesForCanary => (
            "There were missing resources in the runtime environment required for a canary deployment."
                .to_owned(),
            "See in the build's log which ones: usually the Service, Deployment or route that the canary \
             configuration names. Deploy them to the target once, then retry the job; or correct their names and create \
             a new release."
                .to_owned(),
        ),
        FailureCause::VerificationConfigNotFound => (
            "No Skaffold verify configuration was found.".to_owned(),
            "Add a verify stanza to the skaffold.yaml of the release, in the profile that this target uses, \
             or take verify out of the pipeline's strategy. Then create a new release: a retry reads the same \
             configuration."
                .to_owned(),
        ),
        FailureCause::CloudBuildRequestFailed => (
            "Cloud Build failed to fulfill Cloud Deploy's request.".to_owned(),
            "Read the message: it is Cloud Build's answer. Usual reasons are a quota, a worker pool that does \
             not exist, or a service account that may not be used. Mend that, then retry the job; a target that \
             was changed needs a new release."
                .to_owned(),
        ),
        FailureCause::DeployFeatureNotSupported => (
            "The deploy operation had a feature configured that is not supported.".to_owned(),
            "Read the message for the feature, and take it out of the configuration. Then create a new \
             release: a retry deploys the same configuration."
                .to_owned(),
        ),
        FailureCause::Unrecognized(_) => (
            "The cause is from a newer API than this viewer knows.".to_owned(),
            format!("Read the message. {log}"),
        ),
    };
    Explanation { meaning, next }
}

/// What the viewer was doing when an error came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Reading the runs for the first time.
    Loading,
    /// Reading further pages of them for the first time, with the earlier pages on the screen.
    LoadingRest,
    /// Reading them again, with earlier ones on the screen.
    Refreshing,
    Terminating,
    /// Asking for another action on the rollout or one of its jobs.
    Acting,
}

impl Doing {
    /// Whether something was to be changed, rather than read.
    fn is_change(self) -> bool {
        matches!(self, Self::Terminating | Self::Acting)
    }
}

/// An error for a person: what happened, what is safe, what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorMessage {
    pub title: String,
    /// What happened.
    pub what: String,
    /// What is safe: what the error did not change.
    pub safe: String,
    pub next: String,
    /// The server's own words, or the technical reason; empty when there is none.
    pub details: String,
    /// Whether a token would help.
    pub sign_in: bool,
}

/// What happened, in a title and a sentence, and what to do next.
struct Words {
    title: Cow<'static, str>,
    what: Cow<'static, str>,
    next: Cow<'static, str>,
}

impl Words {
    fn new(
        title: &'static str,
        what: impl Into<Cow<'static, str>>,
        next: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            title: title.into(),
            what: what.into(),
            next: next.into(),
        }
    }
}

/// Explains an error. `has_token` tells whether a token was sent.
pub fn error_message(error: &ApiError, doing: Doing, has_token: bool) -> ErrorMessage {
    let Words { title, what, next } = words(error, doing, has_token);
    ErrorMessage {
        title: title.into(),
        what: what.into(),
        safe: safe(error, doing).to_owned(),
        next: next.into(),
        details: details(error),
        sign_in: wants_token(error, doing),
    }
}

/// Whether another token may help.
fn wants_token(error: &ApiError, doing: Doing) -> bool {
    error.refusal().is_some_and(|refusal| {
        matches!(
            refusal.kind,
            RefusalKind::Unauthenticated | RefusalKind::PermissionDenied
        ) && !is_service_disabled(refusal)
            && !is_by_policy(refusal, doing)
    })
}

/// Whether a deploy policy forbids a change.
fn is_by_policy(refusal: &Refusal, doing: Doing) -> bool {
    doing.is_change() && !refusal.violations.is_empty()
}

/// Google's APIs refuse a project that does not use them as they refuse a user.
fn is_service_disabled(refusal: &Refusal) -> bool {
    refusal.body.contains("\"SERVICE_DISABLED\"")
}

/// What the error did not change.
fn safe(error: &ApiError, doing: Doing) -> &'static str {
    match doing {
        Doing::Loading => "Nothing was changed.",
        Doing::LoadingRest => {
            "Nothing was changed. The list is not whole: what you see is what came before the error."
        }
        Doing::Refreshing => {
            "Nothing was changed. What you see is what came before, and may be old."
        }
        Doing::Terminating | Doing::Acting => safe_after_change(error, doing == Doing::Terminating),
    }
}

/// What a request that was to change something did not change.
fn safe_after_change(error: &ApiError, terminating: bool) -> &'static str {
    match (error, terminating) {
        (ApiError::Network(_), true) => {
            "The request may or may not have arrived. It is not sent again by itself: the run is read \
             again to see."
        }
        (ApiError::Network(_), false) => {
            "The request may or may not have arrived. It is not sent again by itself: the rollout is read \
             again to see."
        }
        // Without a policy's objection, the state may be what it is because of this very request:
        // Chromium sends again what was cut off on a connection that it had kept.
        (ApiError::Refused(refusal), _)
            if refusal.kind == RefusalKind::Conflict && refusal.violations.is_empty() =>
        {
            "This request changed nothing. The same one may have arrived before: browsers send again what \
             was cut off."
        }
        // A plain refusal comes before anything is done. Any other answer says too little.
        (ApiError::Refused(refusal), true) if refusal.is_plain() => "The run was not touched.",
        (ApiError::Refused(refusal), false) if refusal.is_plain() => "The rollout was not touched.",
        (ApiError::Part(_), _) => "Nothing was changed.",
        (_, true) => {
            "The request may or may not have been carried out. It is not sent again by itself: the run \
             is read again to see."
        }
        (_, false) => {
            "The request may or may not have been carried out. It is not sent again by itself: the rollout \
             is read again to see."
        }
    }
}

fn words(error: &ApiError, doing: Doing, has_token: bool) -> Words {
    match error {
        ApiError::Network(_) => Words::new(
            "No answer",
            "The server did not answer, or the browser was not allowed to read the answer.",
            "Check the connection. If others can reach it, the server may not allow this page's address \
             (CORS): tell whoever hosts the viewer.",
        ),
        ApiError::Malformed(malformed) => Words::new(
            "Not the expected answer",
            format!(
                "The answer could not be read at line {}, column {}: {}.",
                malformed.line, malformed.column, malformed.reason
            ),
            "Check apiBase in config.json: something other than the Cloud Deploy API may answer there, such \
             as a proxy's login page.",
        ),
        ApiError::Part(_) => Words::new(
            "A part of the viewer is missing",
            "A part that is loaded only when it is needed did not load, or broke down.",
            "Load the page again: its host may have put up a new version meanwhile. If that does not help, \
             report it to whoever hosts the viewer.",
        ),
        ApiError::PageLoop { .. } => Words::new(
            "The list goes in circles",
            "The server gave a page of the list a second time.",
            "Try again; if it stays, report it to whoever runs the server.",
        ),
        ApiError::Refused(refusal) if is_service_disabled(refusal) => Words::new(
            "The API is not enabled",
            "The project does not use the API that was asked.",
            "Ask an owner of the project to enable it.",
        ),
        ApiError::Refused(refusal) if is_by_policy(refusal, doing) => Words::new(
            if doing == Doing::Terminating {
                "Terminate was refused"
            } else {
                "It was refused"
            },
            "A deploy policy forbids it now.",
            "If you may override the policy (clouddeploy.deployPolicies.override), name it above and try \
             again.",
        ),
        ApiError::Refused(refusal) => refusal_words(refusal, doing, has_token),
    }
}

fn refusal_words(refusal: &Refusal, doing: Doing, has_token: bool) -> Words {
    match refusal.kind {
        RefusalKind::Unauthenticated if has_token => Words::new(
            "The token is no longer valid",
            "The server did not accept the token: tokens last about an hour.",
            "Paste a new one: gcloud auth print-access-token prints it.",
        ),
        RefusalKind::Unauthenticated => Words::new(
            "Sign-in needed",
            "The server wants to know who asks.",
            "Paste an access token: gcloud auth print-access-token prints it.",
        ),
        RefusalKind::PermissionDenied => permission_words(refusal, doing),
        RefusalKind::NotFound => Words::new(
            "Not found",
            "Nothing has this name.",
            "Check the project, location, pipeline, release and rollout in the address. A new rollout \
             may take a moment to appear.",
        ),
        RefusalKind::Conflict => conflict_words(refusal, doing == Doing::Terminating),
        RefusalKind::TooManyRequests => Words::new(
            "Too many requests",
            "The project's quota for such requests is used up for now.",
            match refusal
                .retry_after
                .and_then(|after| SignedDuration::try_from(after).ok())
            {
                Some(after) => {
                    format!(
                        "Wait {} as the server asks, then try again.",
                        human_duration(after)
                    )
                }
                None => "Wait a minute, then try again.".to_owned(),
            },
        ),
        RefusalKind::Unavailable => Words::new(
            "The server has trouble",
            format!(
                "It answered with an error of its own ({}).",
                refusal.http_status
            ),
            "Try again in a moment. If it stays, see Google Cloud's status page.",
        ),
        RefusalKind::InvalidRequest => Words::new(
            "The request was refused",
            "The server found something wrong with what was asked.",
            "Read its words below. If there is a filter, check how it is written.",
        ),
        RefusalKind::Other => Words::new(
            "An unexpected answer",
            format!("The server answered with status {}.", refusal.http_status),
            "Read its words below, then try again.",
        ),
    }
}

/// Names the permission that is missing, and a role that has it.
fn permission_words(refusal: &Refusal, doing: Doing) -> Words {
    let permission = refusal.permission.as_deref().unwrap_or("a permission");
    let role = match doing.is_change() {
        _ if permission.starts_with("iam.") => "roles/iam.serviceAccountUser",
        _ if permission.ends_with(".override") => "roles/clouddeploy.policyOverrider",
        true if permission.ends_with(".approve") => "roles/clouddeploy.approver",
        true => "roles/clouddeploy.operator",
        false => "roles/clouddeploy.viewer",
    };
    Words::new(
        "Not allowed",
        format!("Your account lacks {permission} there, or the resource does not exist."),
        format!(
            "Ask an owner of the project to grant {permission} ({role} has it), or use another token."
        ),
    )
}

fn conflict_words(refusal: &Refusal, terminating: bool) -> Words {
    let refused = if terminating {
        "Terminate was refused"
    } else {
        "Not possible now"
    };
    // Two changes at once, of which the second is sent away.
    if refusal.status == "ABORTED" {
        return Words::new(
            refused,
            "Something else is changing it at this moment.",
            "Try again in a moment.",
        );
    }
    if terminating {
        return Words::new(
            refused,
            "The run's state does not allow it: only a run in progress can be terminated, and never one \
             of a controller rollout.",
            "Look at the run's state now. In a multi-target rollout, terminate the run in the child rollout.",
        );
    }
    Words::new(
        refused,
        "The resource's state does not allow the request.",
        "Look at its state and try again.",
    )
}

/// The server's own words, or the technical reason.
fn details(error: &ApiError) -> String {
    match error {
        ApiError::Network(reason) => reason.clone(),
        ApiError::Malformed(malformed) if malformed.excerpt.is_empty() => String::new(),
        ApiError::Malformed(malformed) => format!("…{}…", malformed.excerpt),
        ApiError::PageLoop { token } => format!("page token {token}"),
        ApiError::Part(why) => why.clone(),
        ApiError::Refused(refusal) => refusal_details(refusal),
    }
}

fn refusal_details(refusal: &Refusal) -> String {
    let mut details = match (refusal.status.as_str(), refusal.message.as_str()) {
        ("", "") => refusal.body.chars().take(500).collect(),
        ("", message) => message.to_owned(),
        (status, message) => format!("{status}: {message}"),
    };
    for violation in &refusal.violations {
        details.push_str(&format!(
            "\n{} ({}): {}",
            violation.policy, violation.rule_id, violation.failure_message
        ));
    }
    details
}

//! The JSON of a Cloud Build `Build`, as far as a viewer of job runs shows it, and the request
//! that reads one.
//!
//! Authority: the discovery document of the Cloud Build API v1, revision 20261029, of which
//! `tests/data/cloudbuild.v1.json` is an excerpt; `tests/api/build.rs` compares the two. As in a
//! job run, every field may be missing and times stay text.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::client::encode_path;
use super::error::Malformed;
use super::http::{Method, Request};
use super::message::{Field, Set, Slot, messages};
use super::open_enum::open_enum;
use crate::core::name::BuildName;

/// The IAM permission that [`build_request`] needs.
pub const GET_PERMISSION: &str = "cloudbuild.builds.get";

messages! {
    /// One execution in Cloud Build: the containers that carry a job run out.
    Build {
        /// `projects/*/locations/*/builds/*`.
        name: String = "name",
        /// The last part of the name, a UUID.
        id: String = "id",
        status: Status = "status",
        /// Cloud Build's own words about the status.
        status_detail: String = "statusDetail",
        /// RFC 3339; when the request to create the build was received.
        create_time: Option<String> = "createTime",
        /// RFC 3339; when the build left the queue.
        start_time: Option<String> = "startTime",
        /// RFC 3339.
        finish_time: Option<String> = "finishTime",
        /// How long it may run from startTime on, a proto3 duration such as `3600s`.
        timeout: String = "timeout",
        /// How long it may wait from createTime on, a proto3 duration.
        queue_ttl: String = "queueTtl",
        /// The service account that the steps run as,
        /// `projects/{project}/serviceAccounts/{account}`.
        service_account: String = "serviceAccount",
        /// `gs://bucket` or `gs://bucket/prefix`; the log is `log-{id}.txt` in it.
        logs_bucket: String = "logsBucket",
        /// The build's page in the Cloud console.
        log_url: String = "logUrl",
        failure_info: Option<FailureInfo> = "failureInfo",
        /// Problems that did not end the build.
        warnings: Vec<Warning> = "warnings",
        /// By phase: `FETCHSOURCE`, `SETUPBUILD`, `BUILD` (all steps) and `PUSH`, those that
        /// the build has.
        timing: Option<BTreeMap<String, TimeSpan>> = "timing",
        options: Option<BuildOptions> = "options",
        steps: Vec<BuildStep> = "steps",
    }

    /// One container of a build.
    BuildStep {
        /// What other steps and the log call it; empty when the step has no name of its own.
        id: String = "id",
        /// The container's image.
        name: String = "name",
        entrypoint: String = "entrypoint",
        args: Vec<String> = "args",
        /// A script in place of entrypoint and arguments.
        script: String = "script",
        /// The working folder, relative to the build's unless it begins with `/`.
        dir: String = "dir",
        /// May stay behind while the build goes on: the API promises it for finished builds only.
        status: Status = "status",
        exit_code: Option<Number> = "exitCode",
        timing: Option<TimeSpan> = "timing",
        /// Pulling the image, at the beginning of `timing`.
        pull_timing: Option<TimeSpan> = "pullTiming",
        /// Whether the build goes on when the step fails.
        allow_failure: Option<bool> = "allowFailure",
        /// The exit codes with which the build goes on though the step failed; goes before
        /// `allow_failure`.
        allow_exit_codes: Vec<Number> = "allowExitCodes",
        /// The ids of the steps that it waits for; none waits for all before it.
        wait_for: Vec<String> = "waitFor",
        /// A proto3 duration; none when the build's own is the only limit.
        timeout: String = "timeout",
    }

    /// A stretch of time.
    TimeSpan {
        /// RFC 3339.
        start_time: Option<String> = "startTime",
        /// RFC 3339; absent while it goes on.
        end_time: Option<String> = "endTime",
    }

    /// Why a build failed.
    FailureInfo {
        failure_type: FailureType = "type",
        /// Cloud Build's own words.
        detail: String = "detail",
    }

    /// A problem that did not end the build.
    Warning {
        text: String = "text",
        /// `INFO`, `WARNING` or `ALERT`.
        priority: String = "priority",
    }

    /// The options of a build that decide where its log goes.
    BuildOptions {
        logging: Logging = "logging",
        /// `STREAM_ON`, `STREAM_OFF` (the log comes when the build is over) or `STREAM_DEFAULT`.
        log_streaming_option: String = "logStreamingOption",
    }
}

open_enum! {
    /// Where a build or a step stands.
    Status {
        Unknown = "STATUS_UNKNOWN",
        Pending = "PENDING",
        Queued = "QUEUED",
        Working = "WORKING",
        Success = "SUCCESS",
        Failure = "FAILURE",
        InternalError = "INTERNAL_ERROR",
        Timeout = "TIMEOUT",
        Cancelled = "CANCELLED",
        Expired = "EXPIRED",
    }
}

open_enum! {
    /// Which part of a build failed.
    FailureType {
        Unspecified = "FAILURE_TYPE_UNSPECIFIED",
        PushFailed = "PUSH_FAILED",
        PushImageNotFound = "PUSH_IMAGE_NOT_FOUND",
        PushNotAuthorized = "PUSH_NOT_AUTHORIZED",
        LoggingFailure = "LOGGING_FAILURE",
        UserBuildStep = "USER_BUILD_STEP",
        FetchSourceFailed = "FETCH_SOURCE_FAILED",
    }
}

open_enum! {
    /// Where a build's log goes.
    Logging {
        /// Decided by the server; as `Legacy`.
        Unspecified = "LOGGING_UNSPECIFIED",
        /// To Cloud Logging and to Cloud Storage.
        Legacy = "LEGACY",
        GcsOnly = "GCS_ONLY",
        /// The old name of `CloudLoggingOnly`.
        StackdriverOnly = "STACKDRIVER_ONLY",
        CloudLoggingOnly = "CLOUD_LOGGING_ONLY",
        /// Nowhere.
        None = "NONE",
    }
}

/// A whole number as it was written: 32-bit ones come as JSON numbers, 64-bit ones as texts.
///
/// Kept as text because reading any number with serde_json brings its tables for floats into the
/// bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Number(String);

impl Number {
    /// The number; `None` when it is no whole number, or beyond 64 bits.
    pub fn get(&self) -> Option<i64> {
        self.0.trim_matches('"').parse().ok()
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.trim_matches('"'))
    }
}

impl Field for Option<Number> {
    fn is_unset(&self) -> bool {
        self.is_none()
    }

    fn slot(&mut self) -> Slot<'_> {
        Slot::Raw(self)
    }
}

impl Set for Option<Number> {
    fn set(&mut self, text: &str) {
        *self = Some(Number(text.to_owned()));
    }
}

impl Field for Vec<Number> {
    fn is_unset(&self) -> bool {
        self.is_empty()
    }

    fn slot(&mut self) -> Slot<'_> {
        Slot::Raw(self)
    }
}

impl Set for Vec<Number> {
    fn set(&mut self, text: &str) {
        let numbers: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
        *self = numbers
            .into_iter()
            .map(|number| Number(number.get().to_owned()))
            .collect();
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // What came as JSON is JSON; only a number made otherwise could not be.
        match RawValue::from_string(self.0.clone()) {
            Ok(raw) => raw.serialize(serializer),
            Err(error) => Err(serde::ser::Error::custom(error)),
        }
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(number.to_string())
    }
}

impl Build {
    /// Reads a build.
    ///
    /// # Errors
    /// [`Malformed`] when the text is no such JSON.
    pub fn from_json(body: &str) -> Result<Self, Malformed> {
        serde_json::from_str(body).map_err(|error| Malformed::new(body, &error))
    }

    /// Whether it can still change by itself.
    pub fn is_live(&self) -> bool {
        matches!(
            self.status,
            Status::Pending | Status::Queued | Status::Working
        )
    }
}

/// `GET v1/{build}`, below the Cloud Build API's own base address, `cloudbuild.googleapis.com`.
/// It needs [`GET_PERMISSION`].
pub fn build_request(name: &BuildName) -> Request {
    let path_and_query = ["/v1/", &encode_path(&name.to_string())].concat();
    Request {
        method: Method::Get,
        path_and_query,
        body: None,
    }
}

//! The JSON of a `JobRun` and of everything inside it, field for field.
//!
//! Authority: the discovery document of the Cloud Deploy API v1, revision 20260722, of which
//! `tests/data/clouddeploy.v1.json` is an excerpt; `tests/discovery.rs` compares the two. All
//! fields are output only and every one may be missing, since proto3 JSON leaves out defaults.
//! Times stay text here: a time that cannot be read must not cost the rest of the run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::open_enum::open_enum;

/// A map from string to string, in a stable order.
pub type StringMap = BTreeMap<String, String>;

/// One evaluation of a rollout's job; a retried job has several.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct JobRun {
    /// `projects/*/locations/*/deliveryPipelines/*/releases/*/rollouts/*/jobRuns/{uuid}`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub uid: String,
    /// The rollout's phase that the run belongs to, such as `stable` or `canary-50`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub phase_id: String,
    /// The rollout's job that the run belongs to, such as `deploy`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub job_id: String,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_time: Option<String>,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<String>,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<String>,
    #[serde(skip_serializing_if = "State::is_unspecified")]
    pub state: State,
    /// Opaque; changes whenever the run does.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub etag: String,

    // A union in the API. Kept as fields, so that none, two at once, or one from a newer API
    // (which only the raw JSON has) can all be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deploy_job_run: Option<DeployJobRun>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify_job_run: Option<VerifyJobRun>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predeploy_job_run: Option<PredeployJobRun>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postdeploy_job_run: Option<PostdeployJobRun>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_child_rollout_job_run: Option<ChildRolloutJobRun>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advance_child_rollout_job_run: Option<ChildRolloutJobRun>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub analysis_job_run: Option<AnalysisJobRun>,
}

open_enum! {
    /// Where a job run stands.
    State {
        Unspecified = "STATE_UNSPECIFIED",
        InProgress = "IN_PROGRESS",
        Succeeded = "SUCCEEDED",
        Failed = "FAILED",
        Terminating = "TERMINATING",
        Terminated = "TERMINATED",
    }
}

open_enum! {
    /// Why a run failed. One list for all variants: each variant of the API uses a part of it,
    /// with the same spelling.
    FailureCause {
        Unspecified = "FAILURE_CAUSE_UNSPECIFIED",
        CloudBuildUnavailable = "CLOUD_BUILD_UNAVAILABLE",
        ExecutionFailed = "EXECUTION_FAILED",
        DeadlineExceeded = "DEADLINE_EXCEEDED",
        MissingResourcesForCanary = "MISSING_RESOURCES_FOR_CANARY",
        VerificationConfigNotFound = "VERIFICATION_CONFIG_NOT_FOUND",
        CloudBuildRequestFailed = "CLOUD_BUILD_REQUEST_FAILED",
        DeployFeatureNotSupported = "DEPLOY_FEATURE_NOT_SUPPORTED",
    }
}

/// What a deploy job run did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeployJobRun {
    /// `projects/*/locations/*/builds/*`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub build: String,
    #[serde(skip_serializing_if = "FailureCause::is_unspecified")]
    pub failure_cause: FailureCause,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub failure_message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<DeployJobRunMetadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact: Option<DeployArtifact>,
}

/// The files that a deploy applied.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeployArtifact {
    /// A `gs://` folder; the manifest paths are relative to it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub artifact_uri: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub manifest_paths: Vec<String>,
}

/// What a deploy says of its target.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeployJobRunMetadata {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud_run: Option<CloudRunMetadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_target: Option<CustomTargetDeployMetadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom: Option<CustomMetadata>,
}

/// The Cloud Run resources of a deploy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CloudRunMetadata {
    /// `projects/*/locations/*/services/*`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub service: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub service_urls: Vec<String>,
    /// An id, not a full name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub revision: String,
    /// A full name below a service or a worker pool; only with a canary strategy.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub previous_revision: String,
    /// `projects/*/locations/*/jobs/*`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub job: String,
    /// `projects/*/locations/*/workerPools/*`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub worker_pool: String,
}

/// What a custom target's deploy says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CustomTargetDeployMetadata {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub skip_message: String,
}

/// Key-value pairs that a user-defined operation gave.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CustomMetadata {
    #[serde(skip_serializing_if = "StringMap::is_empty")]
    pub values: StringMap,
}

/// The metadata of a verify, predeploy or postdeploy job run, which the API types apart but
/// alike.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HookMetadata {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom: Option<CustomMetadata>,
}

/// What a verify job run did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VerifyJobRun {
    /// `projects/*/locations/*/builds/*`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub build: String,
    /// A `gs://` folder, which holds the Skaffold event log.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub artifact_uri: String,
    /// Relative to `artifact_uri`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub event_log_path: String,
    #[serde(skip_serializing_if = "FailureCause::is_unspecified")]
    pub failure_cause: FailureCause,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub failure_message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<HookMetadata>,
}

/// What a predeploy or postdeploy job run did; the API types the two apart but alike.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HookJobRun {
    /// `projects/*/locations/*/builds/*`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub build: String,
    #[serde(skip_serializing_if = "FailureCause::is_unspecified")]
    pub failure_cause: FailureCause,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub failure_message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<HookMetadata>,
}

/// What a predeploy job run did.
pub type PredeployJobRun = HookJobRun;
/// What a postdeploy job run did.
pub type PostdeployJobRun = HookJobRun;

/// The child rollout that a createChildRollout or advanceChildRollout job run acted on; the API
/// types the two apart but alike.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChildRolloutJobRun {
    /// The child's full rollout name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rollout: String,
    /// The child's phase that the run started or advanced.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rollout_phase_id: String,
}

/// What an analysis job run watched. It has no build, cause or message of its own: those belong
/// to its checks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AnalysisJobRun {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alert_policy_analyses: Vec<AlertPolicyCheckStatus>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub custom_check_analyses: Vec<CustomCheckStatus>,
    /// Blank while the analysis is in progress and when it succeeded.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub failed_check_id: String,
}

/// One alert policy check of an analysis.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AlertPolicyCheckStatus {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// `projects/*/locations/*/alertPolicies/*`, as the API documents it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alert_policies: Vec<String>,
    #[serde(skip_serializing_if = "StringMap::is_empty")]
    pub labels: StringMap,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed_alert_policies: Vec<FailedAlertPolicy>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub failure_message: String,
}

/// An alert policy that was found firing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FailedAlertPolicy {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub alert_policy: String,
    /// The open alerts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<String>,
}

/// One custom check of an analysis.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CustomCheckStatus {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// A proto3 duration, such as `300s`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frequency: Option<String>,
    /// `projects/*/locations/*/builds/*`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub latest_build: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
    #[serde(skip_serializing_if = "FailureCause::is_unspecified")]
    pub failure_cause: FailureCause,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub failure_message: String,
    /// The pairs themselves, not below `custom` as elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<CustomMetadata>,
}

/// A unit of work of a job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Task {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<ContainerTask>,
}

/// A container that Cloud Build runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerTask {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub image: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    #[serde(skip_serializing_if = "StringMap::is_empty")]
    pub env: StringMap,
}

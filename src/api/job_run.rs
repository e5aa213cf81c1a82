//! The JSON of a `JobRun` and of everything inside it, field for field.
//!
//! Authority: the discovery document of the Cloud Deploy API v1, revision 20260722, of which
//! `tests/data/clouddeploy.v1.json` is an excerpt; `tests/api/discovery.rs` compares the two. All
//! fields are output only and every one may be missing, since proto3 JSON leaves out defaults.
//! Times stay text here: a time that cannot be read must not cost the rest of the run.

use super::message::{StringMap, messages};
use super::open_enum::open_enum;

messages! {
    /// One evaluation of a rollout's job; a retried job has several.
    JobRun {
        /// `projects/*/locations/*/deliveryPipelines/*/releases/*/rollouts/*/jobRuns/{uuid}`.
        name: String = "name",
        uid: String = "uid",
        /// The rollout's phase that the run belongs to, such as `stable` or `canary-50`.
        phase_id: String = "phaseId",
        /// The rollout's job that the run belongs to, such as `deploy`.
        job_id: String = "jobId",
        /// RFC 3339.
        create_time: Option<String> = "createTime",
        /// RFC 3339.
        start_time: Option<String> = "startTime",
        /// RFC 3339.
        end_time: Option<String> = "endTime",
        state: State = "state",
        /// Opaque; changes whenever the run does.
        etag: String = "etag",

        // A union in the API. Kept as fields, so that none, two at once, or one from a newer API
        // (which only the raw JSON has) can all be shown.
        deploy_job_run: Option<DeployJobRun> = "deployJobRun",
        verify_job_run: Option<VerifyJobRun> = "verifyJobRun",
        predeploy_job_run: Option<PredeployJobRun> = "predeployJobRun",
        postdeploy_job_run: Option<PostdeployJobRun> = "postdeployJobRun",
        create_child_rollout_job_run: Option<ChildRolloutJobRun> = "createChildRolloutJobRun",
        advance_child_rollout_job_run: Option<ChildRolloutJobRun> = "advanceChildRolloutJobRun",
        analysis_job_run: Option<AnalysisJobRun> = "analysisJobRun",
    }
}

/// The fields of the union of variants.
pub(crate) const VARIANTS: [&str; 7] = [
    "predeployJobRun",
    "deployJobRun",
    "verifyJobRun",
    "analysisJobRun",
    "postdeployJobRun",
    "createChildRolloutJobRun",
    "advanceChildRolloutJobRun",
];

impl JobRun {
    /// The fields of the variants that are there: one, unless the server is newer or broken.
    pub(crate) fn variants(&self) -> impl Iterator<Item = &'static str> {
        let present = [
            self.predeploy_job_run.is_some(),
            self.deploy_job_run.is_some(),
            self.verify_job_run.is_some(),
            self.analysis_job_run.is_some(),
            self.postdeploy_job_run.is_some(),
            self.create_child_rollout_job_run.is_some(),
            self.advance_child_rollout_job_run.is_some(),
        ];
        VARIANTS
            .into_iter()
            .zip(present)
            .filter_map(|(field, is_there)| is_there.then_some(field))
    }
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

messages! {
    /// What a deploy job run did.
    DeployJobRun {
        /// `projects/*/locations/*/builds/*`.
        build: String = "build",
        failure_cause: FailureCause = "failureCause",
        failure_message: String = "failureMessage",
        metadata: Option<DeployJobRunMetadata> = "metadata",
        artifact: Option<DeployArtifact> = "artifact",
    }

    /// The files that a deploy applied.
    DeployArtifact {
        /// A `gs://` folder; the manifest paths are relative to it.
        artifact_uri: String = "artifactUri",
        manifest_paths: Vec<String> = "manifestPaths",
    }

    /// What a deploy says of its target.
    DeployJobRunMetadata {
        cloud_run: Option<CloudRunMetadata> = "cloudRun",
        custom_target: Option<CustomTargetDeployMetadata> = "customTarget",
        custom: Option<CustomMetadata> = "custom",
    }

    /// The Cloud Run resources of a deploy.
    CloudRunMetadata {
        /// `projects/*/locations/*/services/*`.
        service: String = "service",
        service_urls: Vec<String> = "serviceUrls",
        /// An id, not a full name.
        revision: String = "revision",
        /// A full name below a service or a worker pool; only with a canary strategy.
        previous_revision: String = "previousRevision",
        /// `projects/*/locations/*/jobs/*`.
        job: String = "job",
        /// `projects/*/locations/*/workerPools/*`.
        worker_pool: String = "workerPool",
    }

    /// What a custom target's deploy says.
    CustomTargetDeployMetadata {
        skip_message: String = "skipMessage",
    }

    /// Key-value pairs that a user-defined operation gave.
    CustomMetadata {
        values: StringMap = "values",
    }

    /// The metadata of a verify, predeploy or postdeploy job run, which the API types apart but
    /// alike.
    HookMetadata {
        custom: Option<CustomMetadata> = "custom",
    }

    /// What a verify job run did.
    VerifyJobRun {
        /// `projects/*/locations/*/builds/*`.
        build: String = "build",
        /// A `gs://` folder, which holds the Skaffold event log.
        artifact_uri: String = "artifactUri",
        /// Relative to `artifact_uri`.
        event_log_path: String = "eventLogPath",
        failure_cause: FailureCause = "failureCause",
        failure_message: String = "failureMessage",
        metadata: Option<HookMetadata> = "metadata",
    }

    /// What a predeploy or postdeploy job run did; the API types the two apart but alike.
    HookJobRun {
        /// `projects/*/locations/*/builds/*`.
        build: String = "build",
        failure_cause: FailureCause = "failureCause",
        failure_message: String = "failureMessage",
        metadata: Option<HookMetadata> = "metadata",
    }
}

/// What a predeploy job run did.
pub(crate) type PredeployJobRun = HookJobRun;
/// What a postdeploy job run did.
pub(crate) type PostdeployJobRun = HookJobRun;

messages! {
    /// The child rollout that a createChildRollout or advanceChildRollout job run acted on; the API
    /// types the two apart but alike.
    ChildRolloutJobRun {
        /// The child's full rollout name.
        rollout: String = "rollout",
        /// The child's phase that the run started or advanced.
        rollout_phase_id: String = "rolloutPhaseId",
    }

    /// What an analysis job run watched. It has no build, cause or message of its own: those belong
    /// to its checks.
    AnalysisJobRun {
        alert_policy_analyses: Vec<AlertPolicyCheckStatus> = "alertPolicyAnalyses",
        custom_check_analyses: Vec<CustomCheckStatus> = "customCheckAnalyses",
        /// Blank while the analysis is in progress and when it succeeded.
        failed_check_id: String = "failedCheckId",
    }

    /// One alert policy check of an analysis.
    AlertPolicyCheckStatus {
        id: String = "id",
        /// `projects/*/locations/*/alertPolicies/*`, as the API documents it.
        alert_policies: Vec<String> = "alertPolicies",
        labels: StringMap = "labels",
        failed_alert_policies: Vec<FailedAlertPolicy> = "failedAlertPolicies",
        failure_message: String = "failureMessage",
    }

    /// An alert policy that was found firing.
    FailedAlertPolicy {
        alert_policy: String = "alertPolicy",
        /// The open alerts.
        alerts: Vec<String> = "alerts",
    }

    /// One custom check of an analysis.
    CustomCheckStatus {
        id: String = "id",
        /// A proto3 duration, such as `300s`.
        frequency: Option<String> = "frequency",
        /// `projects/*/locations/*/builds/*`.
        latest_build: String = "latestBuild",
        task: Option<Task> = "task",
        failure_cause: FailureCause = "failureCause",
        failure_message: String = "failureMessage",
        /// The pairs themselves, not below `custom` as elsewhere.
        metadata: Option<CustomMetadata> = "metadata",
    }

    /// A unit of work of a job.
    Task {
        container: Option<ContainerTask> = "container",
    }

    /// A container that Cloud Build runs.
    ContainerTask {
        image: String = "image",
        command: Vec<String> = "command",
        args: Vec<String> = "args",
        env: StringMap = "env",
    }
}

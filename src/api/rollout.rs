//! The JSON of a `Rollout` and of everything inside it, field for field.
//!
//! Authority and rules as for [`job_run`](super::job_run): the discovery document, every field
//! may be missing, times stay text.

use super::error::Malformed;
use super::job_run::{CloudRunMetadata, CustomMetadata, Task};
use super::message::StringMap;
use super::message::read_object;
use super::message::{Present, messages};
use super::open_enum::open_enum;

messages! {
    /// One deployment of a release to a target.
    Rollout {
        /// `projects/*/locations/*/deliveryPipelines/*/releases/*/rollouts/*`, by the project's id,
        /// while names inside are by its number.
        name: String = "name",
        uid: String = "uid",
        target_id: String = "targetId",
        description: String = "description",
        labels: StringMap = "labels",
        annotations: StringMap = "annotations",
        /// RFC 3339.
        create_time: Option<String> = "createTime",
        /// RFC 3339.
        approve_time: Option<String> = "approveTime",
        /// RFC 3339.
        enqueue_time: Option<String> = "enqueueTime",
        /// RFC 3339.
        deploy_start_time: Option<String> = "deployStartTime",
        /// RFC 3339.
        deploy_end_time: Option<String> = "deployEndTime",
        state: RolloutState = "state",
        approval_state: ApprovalState = "approvalState",
        deploy_failure_cause: DeployFailureCause = "deployFailureCause",
        failure_reason: String = "failureReason",
        /// `projects/*/locations/*/builds/*`.
        deploying_build: String = "deployingBuild",
        /// Opaque; changes whenever the rollout does.
        etag: String = "etag",
        /// In the order in which they run.
        phases: Vec<Phase> = "phases",
        metadata: Option<Metadata> = "metadata",
        /// The full name of the rollout that drives this one; empty without one.
        controller_rollout: String = "controllerRollout",
        /// The full name of the rollout that this one rolls back; empty without one.
        rollback_of_rollout: String = "rollbackOfRollout",
        /// Full names.
        rolled_back_by_rollouts: Vec<String> = "rolledBackByRollouts",
        /// The automation run that repairs the rollout now; empty without one.
        active_repair_automation_run: String = "activeRepairAutomationRun",
    }

    /// What a rollout says beyond its phases.
    Metadata {
        cloud_run: Option<CloudRunMetadata> = "cloudRun",
        automation: Option<AutomationRolloutMetadata> = "automation",
        custom: Option<CustomMetadata> = "custom",
    }

    /// The automation runs that had to do with a rollout, by full name.
    AutomationRolloutMetadata {
        promote_automation_run: String = "promoteAutomationRun",
        advance_automation_runs: Vec<String> = "advanceAutomationRuns",
        repair_automation_runs: Vec<String> = "repairAutomationRuns",
    }

    /// A part of a rollout, such as `stable` or `canary-50`.
    Phase {
        id: String = "id",
        state: PhaseState = "state",
        /// Why it was skipped.
        skip_message: String = "skipMessage",
        // A union in the API; see `JobRun`.
        deployment_jobs: Option<DeploymentJobs> = "deploymentJobs",
        child_rollout_jobs: Option<ChildRolloutJobs> = "childRolloutJobs",
    }

    /// The jobs of a phase that deploys, in the order in which they run.
    DeploymentJobs {
        predeploy_job: Option<Job> = "predeployJob",
        deploy_job: Option<Job> = "deployJob",
        verify_job: Option<Job> = "verifyJob",
        analysis_job: Option<Job> = "analysisJob",
        postdeploy_job: Option<Job> = "postdeployJob",
    }

    /// The jobs of a controller rollout's phase, which run together.
    ChildRolloutJobs {
        create_rollout_jobs: Vec<Job> = "createRolloutJobs",
        advance_rollout_jobs: Vec<Job> = "advanceRolloutJobs",
    }

    /// A job of a phase.
    Job {
        id: String = "id",
        state: JobState = "state",
        /// Why it was skipped.
        skip_message: String = "skipMessage",
        /// The full name of its latest job run, by the project's number; empty when it never ran.
        job_run: String = "jobRun",
        // A union in the API; see `JobRun`.
        deploy_job: Option<Present> = "deployJob",
        verify_job: Option<VerifyJob> = "verifyJob",
        predeploy_job: Option<HookJob> = "predeployJob",
        postdeploy_job: Option<HookJob> = "postdeployJob",
        create_child_rollout_job: Option<Present> = "createChildRolloutJob",
        advance_child_rollout_job: Option<Present> = "advanceChildRolloutJob",
        analysis_job: Option<AnalysisJob> = "analysisJob",
    }

    /// What a verify job is to do.
    VerifyJob {
        tasks: Vec<Task> = "tasks",
    }

    /// What a predeploy or postdeploy job is to do; the API types the two apart but alike.
    HookJob {
        /// Names of custom actions.
        actions: Vec<String> = "actions",
        tasks: Vec<Task> = "tasks",
    }

    /// What an analysis job is to watch.
    AnalysisJob {
        /// A proto3 duration, such as `1800s`.
        duration: Option<String> = "duration",
        google_cloud: Option<GoogleCloudAnalysis> = "googleCloud",
        custom_checks: Vec<CustomCheck> = "customChecks",
    }

    /// The checks of an analysis that Google Cloud itself makes.
    GoogleCloudAnalysis {
        alert_policy_checks: Vec<AlertPolicyCheck> = "alertPolicyChecks",
    }

    /// A check that no alert of some policies is open.
    AlertPolicyCheck {
        id: String = "id",
        /// `projects/*/locations/*/alertPolicies/*`, as the API documents it.
        alert_policies: Vec<String> = "alertPolicies",
        labels: StringMap = "labels",
    }

    /// A check that runs a container again and again.
    CustomCheck {
        id: String = "id",
        /// A proto3 duration, such as `300s`.
        frequency: Option<String> = "frequency",
        task: Option<Task> = "task",
    }
}

open_enum! {
    /// Where a rollout stands.
    RolloutState {
        Unspecified = "STATE_UNSPECIFIED",
        Succeeded = "SUCCEEDED",
        Failed = "FAILED",
        InProgress = "IN_PROGRESS",
        PendingApproval = "PENDING_APPROVAL",
        ApprovalRejected = "APPROVAL_REJECTED",
        Pending = "PENDING",
        PendingRelease = "PENDING_RELEASE",
        Cancelling = "CANCELLING",
        Cancelled = "CANCELLED",
        Halted = "HALTED",
    }
}

open_enum! {
    /// Whether somebody has to approve a rollout, and has.
    ApprovalState {
        Unspecified = "APPROVAL_STATE_UNSPECIFIED",
        NeedsApproval = "NEEDS_APPROVAL",
        DoesNotNeedApproval = "DOES_NOT_NEED_APPROVAL",
        Approved = "APPROVED",
        Rejected = "REJECTED",
    }
}

open_enum! {
    /// Why a rollout failed.
    DeployFailureCause {
        Unspecified = "FAILURE_CAUSE_UNSPECIFIED",
        CloudBuildUnavailable = "CLOUD_BUILD_UNAVAILABLE",
        ExecutionFailed = "EXECUTION_FAILED",
        DeadlineExceeded = "DEADLINE_EXCEEDED",
        ReleaseFailed = "RELEASE_FAILED",
        ReleaseAbandoned = "RELEASE_ABANDONED",
        VerificationConfigNotFound = "VERIFICATION_CONFIG_NOT_FOUND",
        CloudBuildRequestFailed = "CLOUD_BUILD_REQUEST_FAILED",
        OperationFeatureNotSupported = "OPERATION_FEATURE_NOT_SUPPORTED",
    }
}

open_enum! {
    /// Where a phase stands.
    PhaseState {
        Unspecified = "STATE_UNSPECIFIED",
        Pending = "PENDING",
        InProgress = "IN_PROGRESS",
        Succeeded = "SUCCEEDED",
        Failed = "FAILED",
        Aborted = "ABORTED",
        Skipped = "SKIPPED",
    }
}

open_enum! {
    /// Where a job stands.
    JobState {
        Unspecified = "STATE_UNSPECIFIED",
        Pending = "PENDING",
        /// Not configured.
        Disabled = "DISABLED",
        InProgress = "IN_PROGRESS",
        Succeeded = "SUCCEEDED",
        Failed = "FAILED",
        Aborted = "ABORTED",
        Skipped = "SKIPPED",
        /// Failed, and a person let the phase go on regardless.
        Ignored = "IGNORED",
    }
}

impl Rollout {
    /// Whether this is a controller rollout, whose jobs drive child rollouts.
    pub fn is_controller(&self) -> bool {
        self.phases
            .iter()
            .any(|phase| phase.child_rollout_jobs.is_some())
    }
}

impl Phase {
    /// Its jobs, in the order in which they run.
    pub fn jobs(&self) -> Vec<&Job> {
        let mut jobs = Vec::new();
        if let Some(of) = &self.deployment_jobs {
            let in_order = [
                &of.predeploy_job,
                &of.deploy_job,
                &of.verify_job,
                &of.analysis_job,
                &of.postdeploy_job,
            ];
            jobs.extend(in_order.into_iter().flatten());
        }
        if let Some(of) = &self.child_rollout_jobs {
            jobs.extend(
                of.create_rollout_jobs
                    .iter()
                    .chain(&of.advance_rollout_jobs),
            );
        }
        jobs
    }
}

impl Job {
    /// The fields of the variants that are there: one, unless the server is newer or broken.
    pub(crate) fn variants(&self) -> impl Iterator<Item = &'static str> {
        let all = [
            ("predeployJob", self.predeploy_job.is_some()),
            ("deployJob", self.deploy_job.is_some()),
            ("verifyJob", self.verify_job.is_some()),
            ("analysisJob", self.analysis_job.is_some()),
            ("postdeployJob", self.postdeploy_job.is_some()),
            (
                "createChildRolloutJob",
                self.create_child_rollout_job.is_some(),
            ),
            (
                "advanceChildRolloutJob",
                self.advance_child_rollout_job.is_some(),
            ),
        ];
        all.into_iter()
            .filter_map(|(field, is_there)| is_there.then_some(field))
    }
}

/// A rollout as it came, and as far as it could be read.
#[derive(Clone, Debug, PartialEq)]
pub struct RolloutRecord {
    /// The JSON as it came, with fields that this version does not know.
    pub raw: Box<str>,
    /// The rollout, or why it could not be read.
    pub rollout: Result<Rollout, Malformed>,
}

impl RolloutRecord {
    /// Reads one rollout.
    pub fn from_json(raw: &str) -> Self {
        Self {
            raw: raw.into(),
            rollout: read_object(raw),
        }
    }
}

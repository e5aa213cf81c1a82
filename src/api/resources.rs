//! What rollouts are in and go to: the parts of the surrounding resources that a browser of them
//! needs. What is left out, a record's raw JSON has.
//!
//! Authority and rules as for [`job_run`](super::job_run).

use super::message::{Present, messages};
use super::open_enum::open_enum;

messages! {
    /// A region that Cloud Deploy is in.
    Location {
        /// `projects/*/locations/*`.
        name: String = "name",
        /// Such as `us-central1`.
        location_id: String = "locationId",
        display_name: String = "displayName",
    }

    /// A delivery pipeline: the targets that a release goes through.
    DeliveryPipeline {
        /// `projects/*/locations/*/deliveryPipelines/*`.
        name: String = "name",
        uid: String = "uid",
        description: String = "description",
        /// RFC 3339.
        create_time: Option<String> = "createTime",
        /// RFC 3339.
        update_time: Option<String> = "updateTime",
        /// Whether no new releases and rollouts can be made.
        suspended: bool = "suspended",
        serial_pipeline: Option<SerialPipeline> = "serialPipeline",
    }

    /// Targets one after the other.
    SerialPipeline {
        stages: Vec<Stage> = "stages",
    }

    /// One target of a pipeline.
    Stage {
        /// The last part of the target's name.
        target_id: String = "targetId",
        /// Skaffold profiles.
        profiles: Vec<String> = "profiles",
        strategy: Option<Strategy> = "strategy",
    }

    /// How a stage deploys: a union in the API.
    Strategy {
        standard: Option<Present> = "standard",
        canary: Option<Canary> = "canary",
    }

    /// A canary strategy: a union in the API.
    Canary {
        canary_deployment: Option<Present> = "canaryDeployment",
        custom_canary_deployment: Option<Present> = "customCanaryDeployment",
    }

    /// A release: what is deployed, as it was when it was made.
    Release {
        /// `projects/*/locations/*/deliveryPipelines/*/releases/*`.
        name: String = "name",
        uid: String = "uid",
        description: String = "description",
        /// RFC 3339.
        create_time: Option<String> = "createTime",
        /// RFC 3339.
        render_start_time: Option<String> = "renderStartTime",
        /// RFC 3339.
        render_end_time: Option<String> = "renderEndTime",
        render_state: RenderState = "renderState",
        /// Whether no new rollouts of it can be made.
        abandoned: bool = "abandoned",
        build_artifacts: Vec<BuildArtifact> = "buildArtifacts",
        skaffold_version: String = "skaffoldVersion",
    }

    /// A container image of a release.
    BuildArtifact {
        /// The name in the Skaffold configuration.
        image: String = "image",
        /// The full reference, with a tag or digest.
        tag: String = "tag",
    }

    /// Where a rollout goes to.
    Target {
        /// `projects/*/locations/*/targets/*`.
        name: String = "name",
        /// The last part of the name.
        target_id: String = "targetId",
        uid: String = "uid",
        description: String = "description",
        /// RFC 3339.
        create_time: Option<String> = "createTime",
        /// RFC 3339.
        update_time: Option<String> = "updateTime",
        /// Whether somebody has to approve each rollout to it.
        require_approval: bool = "requireApproval",
        // A union in the API; see `JobRun`.
        gke: Option<GkeCluster> = "gke",
        anthos_cluster: Option<AnthosCluster> = "anthosCluster",
        run: Option<CloudRunLocation> = "run",
        multi_target: Option<MultiTarget> = "multiTarget",
        custom_target: Option<CustomTarget> = "customTarget",
    }

    /// A GKE cluster.
    GkeCluster {
        /// `projects/*/locations/*/clusters/*`.
        cluster: String = "cluster",
    }

    /// A cluster that a GKE Hub knows.
    AnthosCluster {
        /// `projects/*/locations/*/memberships/*`.
        membership: String = "membership",
    }

    /// Where Cloud Run deploys.
    CloudRunLocation {
        /// `projects/*/locations/*`.
        location: String = "location",
    }

    /// Several targets at once.
    MultiTarget {
        target_ids: Vec<String> = "targetIds",
    }

    /// A target of a type of the user's own.
    CustomTarget {
        /// `projects/*/locations/*/customTargetTypes/*`.
        custom_target_type: String = "customTargetType",
    }
}

open_enum! {
    /// Whether a release's manifests have been rendered.
    RenderState {
        Unspecified = "RENDER_STATE_UNSPECIFIED",
        Succeeded = "SUCCEEDED",
        Failed = "FAILED",
        InProgress = "IN_PROGRESS",
    }
}

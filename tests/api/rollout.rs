//! Guards the reading of rollouts: real ones, and what a newer API may send.

use jobrun_viewer::api::json::unknown_fields;
use jobrun_viewer::api::message::read_object;
use jobrun_viewer::api::resources::{Release, Stage, Target};
use jobrun_viewer::api::rollout::{
    ApprovalState, Job, JobState, Phase, PhaseState, Rollout, RolloutRecord, RolloutState,
};
use jobrun_viewer::core::name::{JobRunName, RolloutName};
use jobrun_viewer::model::run::JobKind;
use proptest::prelude::*;
use serde_json::json;

/// As gcloud printed it, in May 2024.
const APPROVED: &str = r#"{
  "approvalState": "APPROVED",
  "approveTime": "2024-05-10T04:48:08.897700Z",
  "createTime": "2024-05-10T04:45:56.418572Z",
  "deployEndTime": "2024-05-10T04:48:24.174643Z",
  "deployStartTime": "2024-05-10T04:48:09.421718955Z",
  "deployingBuild": "projects/613884732946/locations/us-east1/builds/cfac83d0-1ded-4ea4-b875-9e0551ba103d",
  "enqueueTime": "2024-05-10T04:48:08.897700Z",
  "etag": "c9b6a3e7ffff7869",
  "name": "projects/qwiklabs-gcp-04-aec191b9afa6/locations/us-east1/deliveryPipelines/web-app/releases/web-app-001/rollouts/web-app-001-to-prod-0001",
  "phases": [{
    "deploymentJobs": {
      "deployJob": {
        "deployJob": {},
        "id": "deploy",
        "jobRun": "projects/613884732946/locations/us-east1/deliveryPipelines/web-app/releases/web-app-001/rollouts/web-app-001-to-prod-0001/jobRuns/14668f0f-3e09-408d-a70f-0e7d7de5e23b",
        "state": "SUCCEEDED"
      },
      "verifyJob": {"id": "verify", "state": "DISABLED", "verifyJob": {}}
    },
    "id": "stable",
    "state": "SUCCEEDED"
  }],
  "state": "SUCCEEDED",
  "targetId": "prod",
  "uid": "edbe657612e14cb6a647909a6f47daae"
}"#;

#[test]
fn a_real_rollout_is_read_whole() {
    let record = RolloutRecord::from_json(APPROVED);
    let rollout = record.rollout.unwrap();
    assert_eq!(
        unknown_fields(&record.raw, &mut Rollout::default()),
        [""; 0]
    );
    assert_eq!(
        (&rollout.state, &rollout.approval_state),
        (&RolloutState::Succeeded, &ApprovalState::Approved)
    );
    assert_eq!(rollout.phases[0].state, PhaseState::Succeeded);
    let [deploy, verify] = rollout.phases[0].jobs()[..] else {
        panic!("{:?}", rollout.phases)
    };
    assert_eq!(
        (JobKind::of_job(deploy), &deploy.state),
        (JobKind::Deploy, &JobState::Succeeded)
    );
    assert_eq!(
        (
            JobKind::of_job(verify),
            &verify.state,
            verify.job_run.as_str()
        ),
        (JobKind::Verify, &JobState::Disabled, "")
    );
    // By id here and by number there.
    let run: JobRunName = deploy.job_run.parse().unwrap();
    let name: RolloutName = rollout.name.parse().unwrap();
    assert!(run.rollout != name && run.rollout.same_but_project(&name));
    assert!(!rollout.is_controller());
}

#[test]
fn jobs_come_in_the_order_in_which_they_run() {
    let job = |id: &str| json!({ "id": id });
    let phase = json!({
        "deploymentJobs": {
            "verifyJob": job("c"), "postdeployJob": job("e"), "deployJob": job("b"), "predeployJob": job("a"),
            "analysisJob": job("d"),
        },
        "childRolloutJobs": { "advanceRolloutJobs": [job("h")], "createRolloutJobs": [job("f"), job("g")] },
    });
    let phase: Phase = serde_json::from_value(phase).unwrap();
    let ids: String = phase.jobs().iter().map(|job| job.id.as_str()).collect();
    assert_eq!(ids, "abcdefgh");
    assert!(Phase::default().jobs().is_empty());
}

#[test]
fn a_job_is_of_the_kind_that_it_says() {
    let kind = |raw: &str| JobKind::of_job(&read_object::<Job>(raw).unwrap());
    for (raw, expected) in [
        (r#"{"predeployJob":{"actions":["a"]}}"#, JobKind::Predeploy),
        (r#"{"deployJob":{"new":[1]}}"#, JobKind::Deploy),
        (r#"{"verifyJob":{}}"#, JobKind::Verify),
        (r#"{"analysisJob":{}}"#, JobKind::Analysis),
        (r#"{"postdeployJob":{}}"#, JobKind::Postdeploy),
        (
            r#"{"createChildRolloutJob":{}}"#,
            JobKind::CreateChildRollout,
        ),
        (
            r#"{"advanceChildRolloutJob":{}}"#,
            JobKind::AdvanceChildRollout,
        ),
        (r#"{"chaosJob":{}}"#, JobKind::Missing),
        ("{}", JobKind::Missing),
        (
            r#"{"verifyJob":{},"deployJob":{}}"#,
            JobKind::Several(vec!["deployJob".into(), "verifyJob".into()]),
        ),
    ] {
        assert_eq!(kind(raw), expected, "{raw}");
    }
}

#[test]
fn what_a_newer_api_sends_is_kept() {
    let raw = r#"{"state":"PAUSED","approvalState":"ASKED","deployFailureCause":"NO_COFFEE","mood":1,"phases":[{"state":"DREAMING","deploymentJobs":{"deployJob":{"state":"LOST"}}}]}"#;
    let record = RolloutRecord::from_json(raw);
    assert_eq!(&*record.raw, raw);
    let rollout = record.rollout.unwrap();
    assert_eq!(rollout.state, RolloutState::Unrecognized("PAUSED".into()));
    let written = serde_json::to_string(&rollout).unwrap();
    assert_eq!(unknown_fields(raw, &mut Rollout::default()), ["mood"]);
    assert!(
        written.contains("DREAMING") && written.contains("LOST") && written.contains("NO_COFFEE")
    );
}

#[test]
fn what_is_no_rollout_says_why_and_is_kept() {
    for (raw, reason) in [
        (
            "[]",
            "invalid type: sequence, expected a map at line 1, column 1",
        ),
        (
            r#"{"phases":{}}"#,
            "invalid type: map, expected a sequence at line 1, column 10",
        ),
        (
            r#"{"phases":[{"id":5}]}"#,
            "invalid type: integer `5`, expected a string at line 1, column 18",
        ),
        (
            r#"{"phases":[{"deploymentJobs":{"deployJob":{"deployJob":7}}}]}"#,
            "invalid type: integer `7`, expected a map at line 1, column 56",
        ),
    ] {
        let record = RolloutRecord::from_json(raw);
        assert_eq!(
            (&*record.raw, record.rollout.unwrap_err().to_string()),
            (raw, reason.to_owned())
        );
    }
}

#[test]
fn stages_and_targets_say_what_they_are() {
    let stage = |raw: &str| read_object::<Stage>(raw).unwrap();
    assert_eq!(stage("{}").strategy, None);
    let canary = |raw: &str| stage(raw).strategy.unwrap().canary;
    assert_eq!(canary(r#"{"strategy":{"standard":{"verify":true}}}"#), None);
    let built_in =
        canary(r#"{"strategy":{"canary":{"canaryDeployment":{"percentages":[5]}}}}"#).unwrap();
    assert_eq!(built_in.custom_canary_deployment, None);
    let custom =
        canary(r#"{"strategy":{"canary":{"customCanaryDeployment":{"phaseConfigs":[]}}}}"#)
            .unwrap();
    assert!(custom.custom_canary_deployment.is_some());
    for (raw, expected) in [
        (
            r#"{"gke":{"cluster":"c"}}"#,
            [true, false, false, false, false],
        ),
        (
            r#"{"anthosCluster":{}}"#,
            [false, true, false, false, false],
        ),
        (
            r#"{"run":{"location":"l"}}"#,
            [false, false, true, false, false],
        ),
        (
            r#"{"multiTarget":{"targetIds":["a"]}}"#,
            [false, false, false, true, false],
        ),
        (r#"{"customTarget":{}}"#, [false, false, false, false, true]),
        (r#"{"moon":{}}"#, [false; 5]),
    ] {
        let Target {
            gke,
            anthos_cluster,
            run,
            multi_target,
            custom_target,
            ..
        } = read_object(raw).unwrap();
        let found = [
            gke.is_some(),
            anthos_cluster.is_some(),
            run.is_some(),
            multi_target.is_some(),
            custom_target.is_some(),
        ];
        assert_eq!(found, expected, "{raw}");
    }
    let release: Release = read_object(r#"{"abandoned":true,"renderState":"FAILED"}"#).unwrap();
    assert_eq!(
        serde_json::to_string(&release).unwrap(),
        r#"{"renderState":"FAILED","abandoned":true}"#
    );
}

proptest! {
    #[test]
    fn any_text_is_a_rollout_or_a_reason(
        free in any::<String>(),
        near in r#"(\{|\}|\[|\]|,|:|"phases"|"state"|"deploymentJobs"|"deployJob"|"x"|1|null|true){0,14}"#,
    ) {
        for text in [free, near] {
            let record = RolloutRecord::from_json(&text);
            prop_assert_eq!(&*record.raw, text.as_str());
            if let Ok(rollout) = record.rollout {
                let again = RolloutRecord::from_json(&serde_json::to_string(&rollout).unwrap());
                prop_assert_eq!(again.rollout.unwrap(), rollout);
            }
        }
    }
}

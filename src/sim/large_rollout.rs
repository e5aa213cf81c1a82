//! A rollout of any size.

use std::sync::Arc;

use super::hash;
use super::plan::{Approval, Attempt, AttemptKind, Job, Nanos, Phase, Plan, Project, SECOND};
use crate::api::job_run::JobRun;
use crate::core::name::RolloutName;

/// A finished rollout with `count` job runs in waves of a predeploy, a deploy, a verify and a
/// postdeploy each, of which every so often one fails before it succeeds.
pub(crate) fn plan(project: &Project, epoch: Nanos, count: usize) -> Plan {
    let kinds = ["predeploy", "deploy", "verify", "postdeploy"].map(|id| {
        let template = |json: String| Arc::new(serde_json::from_str::<JobRun>(&json).unwrap_or_default());
        let good = template(format!(r#"{{"{id}JobRun":{{}}}}"#));
        let bad = template(format!(
            r#"{{"state":"FAILED","{id}JobRun":{{"failureCause":"EXECUTION_FAILED","failureMessage":"exit status 1"}}}}"#
        ));
        (id, good, bad)
    });
    let takes = |template: &Arc<JobRun>, seed: u64| Attempt {
        gap: 1 + seed as u32 % 5,
        queue: 1 + (seed >> 8) as u32 % 20,
        run: 5 + (seed >> 16) as u32 % 100,
        kind: AttemptKind::Script,
        template: Arc::clone(template),
    };

    let mut phases: Vec<Phase> = Vec::new();
    let mut left = count;
    while left > 0 {
        let mut jobs = Vec::new();
        for (id, good, bad) in &kinds {
            if left == 0 {
                break;
            }
            let seed = hash::mix(left as u64);
            let mut attempts = Vec::new();
            if seed.is_multiple_of(7) && left > 1 {
                attempts.push(takes(bad, hash::mix(seed)));
            }
            attempts.push(takes(good, seed));
            left -= attempts.len();
            jobs.push(Job {
                id: id.to_string(),
                attempts,
            });
        }
        let id = format!("wave-{:05}", phases.len() + 1);
        phases.push(Phase {
            id,
            wait: Some(0),
            skip: "",
            parallel: false,
            jobs,
        });
    }
    Plan {
        name: RolloutName {
            project: project.id.to_owned(),
            location: project.location.to_owned(),
            delivery_pipeline: "sensor-fleet".to_owned(),
            release: "rel-20261001-9d1f0b3".to_owned(),
            rollout: "rel-20261001-9d1f0b3-to-sensors-0001".to_owned(),
        },
        title: "Very many waves",
        live: false,
        target: "sensors".to_owned(),
        approval: Approval::NotNeeded,
        // A run takes less than 140 seconds, the noise of its three times included.
        start: epoch.saturating_sub((count as Nanos).saturating_mul(140 * SECOND)),
        phases,
        parent: None,
        deploy_policy: "",
        unreachable: Vec::new(),
    }
}

//! What the plans imply around the rollouts: locations, delivery pipelines, targets and releases.

use super::hash;
use super::json::time;
use super::plan::{Approval, Nanos, Plan, SECOND};
use super::world::Sim;
use crate::api::message::Present;
use crate::api::resources::{
    Canary, CloudRunLocation, CustomTarget, DeliveryPipeline, GkeCluster, Location, MultiTarget,
    Release, RenderState, SerialPipeline, Stage, Strategy, Target,
};
use crate::core::name::{DeliveryPipelineName, LocationName};

/// An item of a list: when it was created, which id it has, and its JSON.
pub(crate) struct Item {
    pub created: Nanos,
    pub id: String,
    pub json: String,
}

const DAY: Nanos = 86_400 * SECOND;
/// How long before its first rollout a release is created; it renders in between.
const RENDERING: Nanos = 150 * SECOND;

/// Locations besides the one that the world is in, where there is nothing.
const ELSEWHERE: [&str; 2] = ["europe-west1", "us-east1"];

/// Whether the simulated Cloud Deploy is in a location.
pub(crate) fn is_location(sim: &Sim, location: &str) -> bool {
    location == sim.project.location || ELSEWHERE.contains(&location)
}

fn item(created: Nanos, id: &str, message: &impl serde::Serialize) -> Item {
    Item {
        created,
        id: id.to_owned(),
        json: serde_json::to_string(message).unwrap_or_default(),
    }
}

fn here(sim: &Sim) -> LocationName {
    LocationName {
        project: sim.project.id.to_owned(),
        location: sim.project.location.to_owned(),
    }
}

/// A uid, with which project it is in left out.
fn uid(kind: u64, id: &str) -> String {
    hash::hex32(hash::text(kind, id))
}

/// All locations.
pub(crate) fn locations(sim: &Sim) -> Vec<Item> {
    let ids = ELSEWHERE.into_iter().chain([sim.project.location]);
    ids.map(|id| {
        let name = LocationName {
            location: id.to_owned(),
            ..here(sim)
        }
        .to_string();
        item(
            0,
            id,
            &Location {
                name,
                location_id: id.to_owned(),
                display_name: String::new(),
            },
        )
    })
    .collect()
}

/// The ids that `of` takes from the plans, each once, with the plans that have it.
fn groups<'a>(sim: &'a Sim, of: impl Fn(&'a Plan) -> &'a str) -> Vec<(&'a str, Vec<&'a Plan>)> {
    let mut groups: Vec<(&str, Vec<&Plan>)> = Vec::new();
    for plan in &sim.plans {
        let id = of(plan);
        match groups.iter_mut().find(|(known, _)| *known == id) {
            Some((_, plans)) => plans.push(plan),
            None => groups.push((id, vec![plan])),
        }
    }
    groups
}

/// When the first of some rollouts began. A child's own start has no meaning.
fn first(plans: &[&Plan]) -> Nanos {
    let roots = plans.iter().filter(|plan| plan.parent.is_none());
    roots
        .map(|plan| plan.created())
        .min()
        .unwrap_or_else(|| plans.first().map_or(0, |plan| plan.start))
}

/// The delivery pipelines of the world's location.
pub(crate) fn pipelines(sim: &Sim) -> Vec<Item> {
    let pipelines = groups(sim, |plan| &plan.name.delivery_pipeline).into_iter();
    pipelines
        .map(|(id, plans)| {
            let created = first(&plans).saturating_sub(90 * DAY);
            let mut stages: Vec<Stage> = Vec::new();
            for plan in plans.iter().filter(|plan| plan.parent.is_none()) {
                if stages.iter().all(|stage| stage.target_id != plan.target) {
                    let canary = plan
                        .phases
                        .iter()
                        .any(|phase| phase.id.starts_with("canary"));
                    let strategy = match canary {
                        true => Strategy {
                            canary: Some(Canary {
                                canary_deployment: Some(Present),
                                custom_canary_deployment: None,
                            }),
                            standard: None,
                        },
                        false => Strategy {
                            standard: Some(Present),
                            canary: None,
                        },
                    };
                    stages.push(Stage {
                        target_id: plan.target.clone(),
                        profiles: Vec::new(),
                        strategy: Some(strategy),
                    });
                }
            }
            let pipeline = DeliveryPipeline {
                name: here(sim).delivery_pipeline(id).to_string(),
                uid: uid(9, id),
                create_time: Some(time(created)),
                update_time: Some(time(created)),
                serial_pipeline: Some(SerialPipeline { stages }),
                ..DeliveryPipeline::default()
            };
            item(created, id, &pipeline)
        })
        .collect()
}

/// The targets of the world's location.
pub(crate) fn targets(sim: &Sim) -> Vec<Item> {
    let prefix = here(sim).to_string();
    let targets = groups(sim, |plan| &plan.target).into_iter();
    targets
        .map(|(id, plans)| {
            let created = first(&plans).saturating_sub(100 * DAY);
            let mut target = Target {
                name: here(sim).target(id).to_string(),
                target_id: id.to_owned(),
                uid: uid(10, id),
                create_time: Some(time(created)),
                update_time: Some(time(created)),
                require_approval: plans
                    .iter()
                    .any(|plan| plan.approval != Approval::NotNeeded),
                ..Target::default()
            };
            let metadata = || {
                let jobs = plans
                    .iter()
                    .flat_map(|plan| &plan.phases)
                    .flat_map(|phase| &phase.jobs);
                let attempts = jobs.flat_map(|job| &job.attempts);
                attempts.filter_map(|attempt| {
                    attempt.template.deploy_job_run.as_ref()?.metadata.as_ref()
                })
            };
            let children = || {
                let drives = |plan: &Plan| {
                    plan.parent
                        .is_some_and(|of| plans.iter().any(|p| p.name == sim.plans[of].name))
                };
                sim.plans
                    .iter()
                    .filter(move |plan| drives(plan))
                    .map(|plan| plan.target.clone())
            };
            if children().next().is_some() {
                target.multi_target = Some(MultiTarget {
                    target_ids: children().collect(),
                });
            } else if metadata().any(|of| of.custom_target.is_some()) {
                let custom_target_type = [&prefix, "/customTargetTypes/terraform"].concat();
                target.custom_target = Some(CustomTarget { custom_target_type });
            } else if metadata().any(|of| of.cloud_run.is_some()) {
                target.run = Some(CloudRunLocation {
                    location: prefix.clone(),
                });
            } else {
                target.gke = Some(GkeCluster {
                    cluster: [&prefix, "/clusters/", id].concat(),
                });
            }
            item(created, id, &target)
        })
        .collect()
}

/// The releases of a pipeline.
pub(crate) fn releases(sim: &Sim, pipeline: &DeliveryPipelineName) -> Vec<Item> {
    let releases = groups(sim, |plan| {
        match plan.name.delivery_pipeline == pipeline.delivery_pipeline {
            true => &plan.name.release,
            false => "",
        }
    });
    let releases = releases.into_iter().filter(|(id, _)| !id.is_empty());
    releases
        .map(|(id, plans)| {
            let created = first(&plans).saturating_sub(RENDERING);
            let release = Release {
                name: here(sim)
                    .delivery_pipeline(&pipeline.delivery_pipeline)
                    .release(id)
                    .to_string(),
                uid: uid(hash::text(11, &pipeline.delivery_pipeline), id),
                description: plans.first().map_or("", |plan| plan.title).to_owned(),
                create_time: Some(time(created)),
                render_start_time: Some(time(created.saturating_add(2 * SECOND))),
                render_end_time: Some(time(created.saturating_add(RENDERING - 20 * SECOND))),
                render_state: RenderState::Succeeded,
                ..Release::default()
            };
            item(created, id, &release)
        })
        .collect()
}

//! What lies in a project, a location, a pipeline or a release, as rows to choose from.

use super::address::{Address, Parent};
use crate::api::message::Message;
use crate::api::message::read_object;
use crate::api::resources::{DeliveryPipeline, Location, Release, RenderState};
use crate::api::rollout::{Rollout, RolloutState};
use crate::api::source::Collection;
use crate::core::name::RolloutName;
use crate::core::order::sorted_by;
use crate::core::time::{self, Timestamp};
use serde::Deserialize;

/// A resource that can be chosen, or an item of the list that could not be read.
#[derive(Clone, Debug, PartialEq)]
pub struct BrowseRow {
    /// Where it leads; nowhere for what could not be read.
    pub to: Option<Address>,
    /// Its id, or what could not be read.
    pub id: String,
    /// Where it stands, as far as there is something to say.
    pub standing: Vec<Standing>,
    /// Where it goes to, of a rollout.
    pub target: String,
    /// What else tells it from others.
    pub details: String,
    pub created: Option<Timestamp>,
}

/// Where something stands that can be chosen.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    /// Of a rollout.
    Rollout(RolloutState),
    /// A pipeline in which nothing new can be made.
    Suspended,
    /// A release that no rollout can be made of any more.
    Abandoned,
    /// A release whose manifests could not be made.
    NotRendered,
    /// A release whose manifests are being made.
    Rendering,
    /// A state from a newer API.
    Other(String),
}

impl Standing {
    /// The standing for people.
    pub fn label(&self) -> &str {
        match self {
            Self::Rollout(state) => super::rollout::state_label(state),
            Self::Suspended => "Suspended",
            Self::Abandoned => "Abandoned",
            Self::NotRendered => "Render failed",
            Self::Rendering => "Rendering",
            Self::Other(state) => state,
        }
    }
}

impl BrowseRow {
    /// Whether all words of a search are somewhere in the row; the case of ASCII letters does not
    /// count, and knowing that of all others would take ten kilobytes of tables.
    pub fn has(&self, search: &str) -> bool {
        let mut text = [&self.id, " ", &self.details].concat();
        for standing in &self.standing {
            text.push(' ');
            text.push_str(standing.label());
        }
        text.make_ascii_lowercase();
        search
            .to_ascii_lowercase()
            .split_whitespace()
            .all(|word| text.contains(word))
    }

    /// Whether it is a rollout of the release that `release` leads to.
    pub fn is_rollout_of(&self, release: &Address) -> bool {
        match (&self.to, release) {
            (Some(Address::Rollout { rollout, .. }), Address::Browse(Parent::Release(release))) => {
                rollout.release == release.release
            }
            _ => false,
        }
    }
}

/// Returns the collections below a resource, each with its title.
pub fn collections(parent: &Parent) -> Vec<(&'static str, Collection)> {
    match parent {
        Parent::Project(project) => vec![(
            "Locations",
            Collection::Locations {
                project: project.clone(),
            },
        )],
        Parent::Location(name) => vec![(
            "Delivery pipelines",
            Collection::DeliveryPipelines(name.clone()),
        )],
        Parent::DeliveryPipeline(name) => vec![
            // `-` for all releases is not documented, and what gcloud sends.
            (
                "Rollouts of all releases",
                Collection::Rollouts(name.release("-")),
            ),
            ("Releases", Collection::Releases(name.clone())),
        ],
        Parent::Release(name) => vec![("Rollouts", Collection::Rollouts(name.clone()))],
    }
}

/// The rows of one page of a list.
pub fn rows(collection: &Collection, raw: &[Box<str>]) -> Vec<BrowseRow> {
    raw.iter().map(|raw| row(collection, raw)).collect()
}

/// The rows in order, each once: the newest first, and without a time by id.
pub fn sorted(rows: Vec<BrowseRow>) -> Vec<BrowseRow> {
    let mut rows = sorted_by(rows, |a, b| {
        b.created.cmp(&a.created).then_with(|| a.id.cmp(&b.id))
    });
    // A page boundary can move between two requests, and what stood before it comes once more.
    rows.dedup_by(|a, b| a.to.is_some() && a == b);
    rows
}

fn row(collection: &Collection, raw: &str) -> BrowseRow {
    let row = match collection {
        Collection::Locations { project } => read::<Location>(raw).map(|location| {
            let id = if location.location_id.is_empty() {
                last(&location.name)
            } else {
                location.location_id
            };
            found(
                &["projects/", project, "/locations/", &id].concat(),
                id,
                location.display_name,
                &None,
            )
        }),
        Collection::DeliveryPipelines(parent) => read::<DeliveryPipeline>(raw).map(|pipeline| {
            let id = last(&pipeline.name);
            let stages = pipeline
                .serial_pipeline
                .map(|serial| serial.stages)
                .unwrap_or_default();
            let targets: Vec<String> = stages.into_iter().map(|stage| stage.target_id).collect();
            let details = join([targets.join(" → "), pipeline.description]);
            let standing = if pipeline.suspended {
                vec![Standing::Suspended]
            } else {
                vec![]
            };
            let name = parent.delivery_pipeline(&id).to_string();
            BrowseRow {
                standing,
                ..found(&name, id, details, &pipeline.create_time)
            }
        }),
        Collection::Releases(parent) => read::<Release>(raw).map(|release| {
            let id = last(&release.name);
            let render = match release.render_state {
                RenderState::Succeeded | RenderState::Unspecified => None,
                RenderState::Failed => Some(Standing::NotRendered),
                RenderState::InProgress => Some(Standing::Rendering),
                RenderState::Unrecognized(state) => Some(Standing::Other(state)),
            };
            let standing = release
                .abandoned
                .then_some(Standing::Abandoned)
                .into_iter()
                .chain(render)
                .collect();
            let name = parent.release(&id).to_string();
            BrowseRow {
                standing,
                ..found(&name, id, release.description, &release.create_time)
            }
        }),
        Collection::Rollouts(parent) => read::<Rollout>(raw).map(|rollout| {
            let target = match rollout.target_id.is_empty() {
                true => String::new(),
                false => ["to ", &rollout.target_id].concat(),
            };
            let details = join([target, rollout.description.clone()]);
            // The list is of all releases, and the name says of which.
            let name = rollout.name.parse().map(|mut name: RolloutName| {
                name.project.clone_from(&parent.project);
                name.to_string()
            });
            let name = name.unwrap_or_default();
            BrowseRow {
                standing: vec![Standing::Rollout(rollout.state)],
                target: rollout.target_id,
                ..found(&name, last(&rollout.name), details, &rollout.create_time)
            }
        }),
        Collection::Targets(_) | Collection::JobRuns(_) => Err(String::new()),
    };
    row.unwrap_or_else(|error| BrowseRow {
        to: None,
        id: ["An entry could not be read: ", &error].concat(),
        standing: vec![],
        target: String::new(),
        details: raw.chars().take(200).collect(),
        created: None,
    })
}

fn read<T: Message + for<'a> Deserialize<'a>>(raw: &str) -> Result<T, String> {
    read_object(raw).map_err(|malformed| malformed.reason)
}

fn found(name: &str, id: String, details: String, created: &Option<String>) -> BrowseRow {
    let to = match Address::from_name(name) {
        Address::Unreadable(_) | Address::Start => None,
        address => Some(address),
    };
    let (created, details) = match created.as_deref().map(time::parse) {
        None => (None, details),
        Some(Ok(created)) => (Some(created), details),
        Some(Err(reason)) => (None, join([details, ["createTime: ", &reason].concat()])),
    };
    BrowseRow {
        to,
        id,
        standing: vec![],
        target: String::new(),
        details,
        created,
    }
}

fn last(name: &str) -> String {
    name.rsplit('/').next().unwrap_or(name).to_owned()
}

fn join<const N: usize>(parts: [String; N]) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

/// The resources that a resource lies in, the widest first, each with what it is: all that a rollout lies
/// in, or a resource that has lists and itself.
pub fn trail(parent: &Parent) -> Vec<(&'static str, Parent)> {
    let mut trail = vec![("Project", Parent::Project(parent.project().to_owned()))];
    let location = match parent {
        Parent::Project(_) => return trail,
        Parent::Location(name) => name.clone(),
        Parent::DeliveryPipeline(name) => name.location_name(),
        Parent::Release(name) => name.delivery_pipeline_name().location_name(),
    };
    trail.push(("Location", Parent::Location(location)));
    match parent {
        Parent::Project(_) | Parent::Location(_) => {}
        Parent::DeliveryPipeline(_) => trail.push(("Pipeline", parent.clone())),
        Parent::Release(name) => {
            trail.push((
                "Pipeline",
                Parent::DeliveryPipeline(name.delivery_pipeline_name()),
            ));
            trail.push(("Release", parent.clone()));
        }
    }
    trail
}

//! The one trait between the user interface and where job runs come from.

use std::borrow::Cow;

use serde::Deserializer;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::error::{ApiError, Malformed};
use super::job_run::JobRun;
use super::message::{object_or_error, read_object};
use super::rollout::RolloutRecord;
use super::transport::LocalFuture;
use crate::core::name::{DeliveryPipelineName, JobRunName, LocationName, ReleaseName, RolloutName};

/// Where job runs come from: an API, a file, the demo.
///
/// What the viewer does not read through a `dyn RunSource` is not in that, for the bundle's sake.
pub trait RunSource {
    /// One page of a list; an empty token asks for the first.
    fn list<'a>(
        &'a self,
        collection: &'a Collection,
        query: &'a ListQuery,
        page_token: &'a str,
    ) -> LocalFuture<'a, Result<Items, ApiError>>;

    /// One job run.
    fn get<'a>(&'a self, name: &'a JobRunName) -> LocalFuture<'a, Result<Record, ApiError>>
    where
        Self: Sized;

    /// One rollout.
    fn get_rollout<'a>(
        &'a self,
        name: &'a RolloutName,
    ) -> LocalFuture<'a, Result<RolloutRecord, ApiError>>;
}

/// Where it can be asked that something is done. Apart from [`RunSource`], so that who only reads has
/// no code for it.
pub trait Actions {
    /// Asks to terminate a job run, once: a source never repeats this by itself.
    ///
    /// The run is not final when this returns: read it again until it is.
    fn terminate<'a>(
        &'a self,
        name: &'a JobRunName,
        override_deploy_policy: &'a [String],
    ) -> LocalFuture<'a, Result<(), ApiError>>;

    /// Asks for an action on a rollout, once: a source never repeats this by itself.
    ///
    /// The reply does not have the rollout: read it again to see what came of it.
    fn act<'a>(
        &'a self,
        name: &'a RolloutName,
        action: &'a RolloutAction,
        override_deploy_policy: &'a [String],
    ) -> LocalFuture<'a, Result<(), ApiError>>;
}

/// What can be listed, with the parent of which it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Collection {
    Locations {
        /// The project's id or number.
        project: String,
    },
    DeliveryPipelines(LocationName),
    Targets(LocationName),
    Releases(DeliveryPipelineName),
    /// With `-` for the release's id, the rollouts of all releases of the pipeline. The API does
    /// not document that, but gcloud asks so.
    Rollouts(ReleaseName),
    JobRuns(RolloutName),
}

impl Collection {
    /// The collection's id: the last part of the address, and the field of the response that has
    /// the items.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Locations { .. } => "locations",
            Self::DeliveryPipelines(_) => "deliveryPipelines",
            Self::Targets(_) => "targets",
            Self::Releases(_) => "releases",
            Self::Rollouts(_) => "rollouts",
            Self::JobRuns(_) => "jobRuns",
        }
    }

    /// The parent's full name.
    pub fn parent(&self) -> String {
        match self {
            Self::Locations { project } => ["projects/", project].concat(),
            Self::DeliveryPipelines(parent) | Self::Targets(parent) => parent.to_string(),
            Self::Releases(parent) => parent.to_string(),
            Self::Rollouts(parent) => parent.to_string(),
            Self::JobRuns(parent) => parent.to_string(),
        }
    }
}

/// What a person can do to a rollout. [`Actions::act`] asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RolloutAction {
    /// Runs a failed job again. Not on a controller rollout.
    RetryJob { phase_id: String, job_id: String },
    /// Lets the phase go on in spite of a failed job. Not on a controller rollout.
    IgnoreJob { phase_id: String, job_id: String },
    /// Lets nothing more begin; what is running runs to its end.
    Cancel,
    /// Starts a phase that waits for it.
    Advance { phase_id: String },
    /// Approves a rollout that waits for approval, or rejects it.
    Approve { approved: bool },
}

impl RolloutAction {
    /// The name of the API's method, which the address ends in and the permission too.
    pub(crate) fn method(&self) -> &'static str {
        match self {
            Self::RetryJob { .. } => "retryJob",
            Self::IgnoreJob { .. } => "ignoreJob",
            Self::Cancel => "cancel",
            Self::Advance { .. } => "advance",
            Self::Approve { .. } => "approve",
        }
    }

    /// The IAM permission that it needs. Overriding a deploy policy needs
    /// `clouddeploy.deployPolicies.override` too.
    pub(crate) fn permission(&self) -> String {
        ["clouddeploy.rollouts.", self.method()].concat()
    }
}

/// What a list asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// An AIP-160 filter that the server applies; empty for all.
    pub filter: String,
    /// An AIP-132 order; empty for the server's own.
    pub order_by: String,
    /// 1 to 1000; the server takes no more and may give fewer. 0 leaves it to the server.
    pub page_size: u32,
}

/// A job run as it came, and as far as it could be read.
#[derive(Clone, Debug)]
pub struct Record {
    /// The JSON as it came, with fields that this version does not know.
    pub raw: Box<str>,
    /// The run, or why it could not be read.
    pub run: Result<JobRun, Malformed>,
}

impl Record {
    /// Reads one job run.
    pub fn from_json(raw: &str) -> Self {
        let run = read_object(raw);
        Self {
            raw: raw.into(),
            run,
        }
    }
}

/// One page of any list: its items as they came.
#[derive(Clone, Debug, Default)]
pub struct Items {
    /// The JSON of each item. [`read_object`] reads it.
    pub raw: Vec<Box<str>>,
    /// Empty on the last page.
    pub next_page_token: String,
    /// Locations that the server could not reach: the list is not whole.
    pub unreachable: Vec<String>,
}

impl Items {
    /// Reads the response of a list whose items are in the field `field`.
    ///
    /// # Errors
    /// [`Malformed`] when the response itself is no such JSON; what is in the items does not
    /// matter.
    pub fn from_json(body: &str, field: &str) -> Result<Self, Malformed> {
        struct Visitor<'f>(&'f str);

        impl<'de> serde::de::Visitor<'de> for Visitor<'_> {
            type Value = Items;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Items, A::Error> {
                let mut items = Items::default();
                while let Some(key) = map.next_key::<Cow<'de, str>>()? {
                    // In proto3 JSON a null is the field's default.
                    if key == self.0 {
                        let raw: Option<Vec<&'de RawValue>> = map.next_value()?;
                        items.raw = raw.iter().flatten().map(|raw| raw.get().into()).collect();
                    } else if key == "nextPageToken" {
                        items.next_page_token =
                            map.next_value::<Option<String>>()?.unwrap_or_default();
                    } else if key == "unreachable" {
                        items.unreachable =
                            map.next_value::<Option<Vec<String>>>()?.unwrap_or_default();
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(items)
            }
        }

        let mut json = serde_json::Deserializer::from_str(body);
        let read = object_or_error(body).and_then(|()| {
            let items = json.deserialize_map(Visitor(field))?;
            json.end()?;
            Ok(items)
        });
        read.map_err(|error| Malformed::new(body, &error))
    }
}

//! The one trait between the user interface and where job runs come from.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::error::{ApiError, Malformed};
use super::job_run::JobRun;
use crate::model::name::{JobRunName, RolloutName};

/// A future of this thread: in a browser there is one.
pub type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Where job runs come from: an API, a file, the demo.
pub trait RunSource {
    /// One page of a rollout's job runs; an empty token asks for the first.
    fn list_page<'a>(
        &'a self,
        rollout: &'a RolloutName,
        query: &'a ListQuery,
        page_token: &'a str,
    ) -> LocalFuture<'a, Result<Page, ApiError>>;

    /// One job run.
    fn get<'a>(&'a self, name: &'a JobRunName) -> LocalFuture<'a, Result<Record, ApiError>>;

    /// Asks to terminate a job run, once: a source never repeats this by itself.
    ///
    /// The run is not final when this returns: read it again until it is.
    fn terminate<'a>(
        &'a self,
        name: &'a JobRunName,
        override_deploy_policy: &'a [String],
    ) -> LocalFuture<'a, Result<(), ApiError>>;
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

/// One page of a list.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub runs: Vec<Record>,
    /// Empty on the last page.
    pub next_page_token: String,
    /// Locations that the server could not reach: the list is not whole.
    pub unreachable: Vec<String>,
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
        let run = object(raw);
        Self { raw: raw.into(), run }
    }
}

impl Page {
    /// Reads a `ListJobRunsResponse`. A job run that cannot be read does not cost the others.
    ///
    /// # Errors
    /// [`Malformed`] when the response itself is no such JSON.
    pub fn from_json(body: &str) -> Result<Self, Malformed> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire<'a> {
            // In proto3 JSON a null is the field's default.
            #[serde(borrow)]
            job_runs: Option<Vec<&'a RawValue>>,
            next_page_token: Option<String>,
            unreachable: Option<Vec<String>>,
        }
        let wire: Wire = object(body)?;
        Ok(Self {
            runs: wire.job_runs.iter().flatten().map(|raw| Record::from_json(raw.get())).collect(),
            next_page_token: wire.next_page_token.unwrap_or_default(),
            unreachable: wire.unreachable.unwrap_or_default(),
        })
    }
}

/// Reads a JSON object. serde would take a list for one, its items for the fields in order.
fn object<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Malformed> {
    let read = if text.trim_start().starts_with('{') {
        serde_json::from_str(text)
    } else {
        // For its error, which says what there is instead.
        serde_json::from_str::<HashMap<String, IgnoredAny>>(text).and_then(|_| serde_json::from_str(text))
    };
    read.map_err(|error| Malformed::new(text, &error))
}

//! What was asked of the stand-in.

use serde::Serialize;

use crate::core::time::{Timestamp, to_rfc3339};

/// A request to the API. Neither CORS preflights nor requests to the stand-in's own `/stand-in/`
/// are logged.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedRequest {
    pub method: String,
    /// As it came, still encoded.
    pub path_and_query: String,
    /// Whether there was an Authorization header. What it said is not kept.
    pub authorized: bool,
    pub body: String,
    /// When it came, in real time and not in that of the simulation.
    #[serde(serialize_with = "as_text")]
    pub time: Timestamp,
    /// The status of the answer; `None` while there is none, and for a request that was aborted.
    pub status: Option<u16>,
    /// Whether the client went away before there was an answer.
    pub aborted: bool,
}

impl LoggedRequest {
    /// Whether it asked to terminate a run.
    pub fn is_terminate(&self) -> bool {
        self.method == "POST" && self.path().ends_with(":terminate")
    }

    /// Whether it asked for a list of runs.
    pub fn is_list(&self) -> bool {
        self.method == "GET" && self.path().ends_with("/jobRuns")
    }

    /// Whether it asked for one run.
    pub(crate) fn is_get(&self) -> bool {
        self.method == "GET" && self.path().contains("/jobRuns/")
    }

    /// Whether it asked for one rollout.
    pub fn is_get_rollout(&self) -> bool {
        self.method == "GET" && self.collection() == "rollouts" && !self.is_any_list()
    }

    /// Whether it asked for a list of something else than runs.
    pub fn is_browse(&self) -> bool {
        self.is_any_list() && !self.is_list()
    }

    /// Whether it asked for an action on a rollout.
    pub fn is_act(&self) -> bool {
        self.method == "POST" && self.collection() == "rollouts"
    }

    /// Whether it asked for a build.
    pub fn is_build(&self) -> bool {
        self.method == "GET" && self.collection() == "builds" && !self.is_any_list()
    }

    /// Whether it asked for anything of Cloud Storage.
    pub fn is_object(&self) -> bool {
        self.path().starts_with("/storage/v1/b/")
    }

    /// Whether it asked for any list: collections and ids take turns in a name.
    pub(crate) fn is_any_list(&self) -> bool {
        self.method == "GET" && self.name().split('/').count() % 2 == 1
    }

    /// The collection that it is about, such as `jobRuns`.
    pub fn collection(&self) -> &str {
        let parts: Vec<&str> = self.name().split('/').collect();
        parts.get((parts.len() - 1) / 2 * 2).copied().unwrap_or("")
    }

    /// The method that it calls, as the API and its permissions name it.
    pub(crate) fn api_method(&self) -> &str {
        match self.path().rsplit_once(':') {
            Some((_, verb)) if self.method == "POST" => verb,
            _ if self.is_any_list() => "list",
            _ => "get",
        }
    }

    /// The IAM permission that it needs, of whichever of the APIs it is.
    pub(crate) fn permission(&self) -> String {
        let path = self.path();
        let Some(storage) = path.strip_prefix("/storage/v1/b/") else {
            let api = if self.collection() == "builds" {
                "cloudbuild"
            } else {
                "clouddeploy"
            };
            return format!("{api}.{}.{}", self.collection(), self.api_method());
        };
        // `{bucket}/o` lists the objects, and `{bucket}/o/{object}` is one of them.
        let method = if storage.trim_end_matches('/').ends_with("/o") {
            "list"
        } else {
            "get"
        };
        format!("storage.objects.{method}")
    }

    /// The name of the resource, or of a list's parent with the collection, still encoded.
    fn name(&self) -> &str {
        let path = self.path();
        let path = path.strip_prefix("/v1/").unwrap_or(path);
        match path.rsplit_once(':') {
            Some((name, _)) if self.method == "POST" => name,
            _ => path,
        }
    }

    fn path(&self) -> &str {
        self.path_and_query.split('?').next().unwrap_or("")
    }
}

fn as_text<S: serde::Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&to_rfc3339(*time))
}

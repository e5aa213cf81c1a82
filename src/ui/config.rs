//! `config.json`, which lies beside index.html and is read when the page starts.

use serde::Deserialize;

use crate::api::error::{ApiError, Malformed};
use crate::api::fetch;

/// What a host can set without a new build.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// What stands before `/v1/`.
    pub api_base: String,
    /// The OAuth client with which people sign in with Google; empty where they paste a token, or a
    /// proxy signs in for them.
    pub client_id: String,
    /// The same of Cloud Build, for builds.
    pub build_base: String,
    /// What stands before `/storage/v1/` of Cloud Storage, for logs and manifests.
    pub storage_base: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            api_base: "https://clouddeploy.googleapis.com".into(),
            build_base: "https://cloudbuild.googleapis.com".into(),
            storage_base: "https://storage.googleapis.com".into(),
            client_id: String::new(),
        }
    }
}

/// Reads the configuration; a host without the file gets the default.
///
/// # Errors
/// [`ApiError::Malformed`] for a file that is there and wrong: going on with the default could
/// send requests to another place than the host meant.
pub async fn load() -> Result<Config, ApiError> {
    match fetch::read_url("config.json").await {
        // Hosts for single-page apps answer every missing file with index.html.
        Ok(reply) if reply.status == 200 && !reply.content_type.starts_with("text/html") => {
            serde_json::from_str(&reply.body).map_err(|error| Malformed::new(&reply.body, &error).into())
        }
        _ => Ok(Config::default()),
    }
}

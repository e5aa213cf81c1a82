//! `config.json`, which lies beside index.html and is read when the page starts.

use serde::Deserialize;

use super::error::Malformed;
use super::message::read_object;

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

impl Config {
    /// Reads the file. What it does not set is as usual; a list sets nothing, and is refused.
    ///
    /// # Errors
    /// [`Malformed`] for what is no such JSON.
    pub fn read(text: &str) -> Result<Self, Malformed> {
        read_object(text)
    }
}

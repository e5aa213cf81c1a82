//! Asks for `config.json`.

pub use crate::api::config::Config;
use crate::api::error::ApiError;
use crate::api::fetch;

/// Reads the configuration; a host without the file gets the default.
///
/// # Errors
/// [`ApiError::Malformed`] for a file that is there and wrong: going on with the default could
/// send requests to another place than the host meant.
pub async fn load() -> Result<Config, ApiError> {
    match fetch::read_url("config.json").await {
        // Hosts for single-page apps answer every missing file with index.html.
        Ok(reply) if reply.status == 200 && !reply.content_type.starts_with("text/html") => {
            Ok(Config::read(&reply.body)?)
        }
        _ => Ok(Config::default()),
    }
}

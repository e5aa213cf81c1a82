//! Asks for `config.json`.

pub(crate) use crate::api::config::Config;
use crate::api::error::ApiError;
use crate::transport::fetch;

/// Reads the configuration; a host without the file gets the default.
///
/// # Errors
/// [`ApiError`] for a file that is there and wrong, or that may be there: going on with the default could
/// send requests to another place than the host meant.
pub(crate) async fn load() -> Result<Config, ApiError> {
    match fetch::read_url("config.json").await {
        // Hosts for single-page apps answer every missing file with index.html, which names the viewer's
        // wasm; a proxy's login page does not.
        Ok(reply) if reply.status == 200 && reply.is_stray_page("") => {
            if reply.body.contains("_bg.wasm") {
                Ok(Config::default())
            } else {
                Err(ApiError::of_reply(&reply, ""))
            }
        }
        Ok(reply) if reply.status == 200 => Ok(Config::read(&reply.body)?),
        // A bucket whose objects may not be listed refuses what is not there.
        Ok(reply) if matches!(reply.status, 403 | 404 | 410) => Ok(Config::default()),
        Ok(reply) => Err(ApiError::of_reply(&reply, "")),
        Err(error) => Err(error),
    }
}

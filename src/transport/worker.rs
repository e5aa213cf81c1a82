//! Starts workers.

use crate::api::error::ApiError;

/// Starts the worker whose file a `meta` element of index.html names: the build writes the name there,
/// which has a hash of the file's content.
///
/// # Errors
/// [`ApiError::Part`] when there is none, or the browser does not want to.
pub(crate) fn start(meta: &str) -> Result<web_sys::Worker, ApiError> {
    let file = web_sys::window()
        .and_then(|window| window.document()?.query_selector(meta).ok()?)
        .and_then(|meta| meta.get_attribute("content"))
        .ok_or_else(|| failed("index.html does not name it"))?;
    web_sys::Worker::new(&file).map_err(|_| failed("the browser refused to start it"))
}

fn failed(why: &str) -> ApiError {
    ApiError::Part(why.to_owned())
}

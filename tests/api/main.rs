//! Tests of `jobrun_viewer::api`: the JSON, the errors, the requests and the retries.

mod client;
mod discovery;
mod errors;
mod http;
mod page;
mod rollout;

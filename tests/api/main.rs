//! Tests of `jobrun_viewer::api`: the JSON, the errors, the requests and the retries.

mod build;
mod client;
mod discovery;
mod errors;
mod http;
mod page;
mod rollout;
mod storage;

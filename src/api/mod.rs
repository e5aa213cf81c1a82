//! Bytes to types: the JSON of the Cloud Deploy API, its errors, and the client.

pub mod artifacts;
pub mod build;
pub mod client;
#[cfg(feature = "web")]
pub mod demo;
pub mod error;
#[cfg(feature = "web")]
pub mod fetch;
pub mod http;
pub mod job_run;
mod message;
mod open_enum;
mod retry;
pub mod source;
pub mod storage;

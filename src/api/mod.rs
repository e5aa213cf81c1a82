//! Bytes to types: the JSON of the Cloud Deploy API, its errors, and the client.
//!
//! Begin with [`source`], the trait between the user interface and where runs come from, and [`client`],
//! which implements it. Imports `core`.

pub mod artifacts;
pub mod build;
pub mod client;
pub mod config;
pub mod error;
pub(crate) mod fields;
pub(crate) mod filter;
pub mod http;
pub mod job_run;
pub mod json;
pub mod message;
mod open_enum;
pub(crate) mod reply;
pub mod resources;
pub mod retry;
pub mod rollout;
pub mod source;
pub mod storage;
pub mod transport;

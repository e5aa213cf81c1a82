//! How a request is answered in the browser: by `fetch`, by a worker that has an opened file, or by the
//! demo.
//!
//! Each is a [`Transport`](crate::api::client::Transport), or what one is made of. Imports `api` and `core`.

#[cfg(feature = "web")]
pub mod demo;
#[cfg(feature = "web")]
pub mod fetch;
#[cfg(feature = "web")]
pub mod file;
#[cfg(feature = "web")]
pub mod worker;

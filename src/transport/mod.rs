//! How a request is answered in the browser: by `fetch`, by a worker that has an opened file, or by the
//! demo.
//!
//! Each is a [`Transport`](crate::api::transport::Transport), or what one is made of. [`exchange`] is pure, since
//! workers share it; all else is for the page. Imports `core`, `api` and `model`.

#[cfg(feature = "web")]
pub(crate) mod calls;
#[cfg(feature = "web")]
pub(crate) mod demo;
pub mod exchange;
#[cfg(feature = "web")]
pub(crate) mod fetch;
#[cfg(feature = "web")]
pub(crate) mod file;
#[cfg(feature = "web")]
pub(crate) mod port;
#[cfg(feature = "web")]
pub(crate) mod worker;

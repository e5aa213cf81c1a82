//! How a request is answered in the browser: by `fetch`, and by workers.
//!
//! [`port`] and [`calls`] are the page's side of a worker. [`exchange`] is pure, since workers share it; all else is for
//! the page. The opened file and the demo, which answer requests too, lie with their workers. Imports `core`, `api` and
//! `model`.

#[cfg(feature = "web")]
pub(crate) mod calls;
pub mod exchange;
#[cfg(feature = "web")]
pub(crate) mod fetch;
#[cfg(feature = "web")]
pub(crate) mod port;
#[cfg(feature = "web")]
pub(crate) mod worker;

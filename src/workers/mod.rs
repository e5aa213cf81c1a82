//! What runs off the main thread, each in a WebAssembly module of its own, loaded when it is used.
//!
//! A worker's room is pure, but for its `program`, which passes the messages and which a few lines in
//! `src/bin` start; `browser` is what the programs share. The page and a worker exchange the typed data of the worker's
//! `protocol`; components in `ui` draw it. Imports everything but `ui`, `sim` and `stand_in`; the demo alone imports
//! `sim`.
//!
//! - [`files`] works on what would stop the page: files, builds' logs, manifests and exports.
//! - [`demo`] is the demo.
//! - [`history`] is the timeline of many runs.
//! - [`log`] reads long logs.

#[cfg(any(
    feature = "worker",
    feature = "demo-worker",
    feature = "history",
    feature = "log-worker"
))]
pub(crate) mod browser;
pub mod demo;
pub mod files;
pub mod history;
pub mod log;

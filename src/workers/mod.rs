//! What runs off the main thread, each in a WebAssembly module of its own, loaded when it is used.
//!
//! A worker's room is pure; the program that passes messages is in `src/bin`. [`drawn`] has what the
//! workers draw, which the page puts on the screen. Imports everything but `ui`, `sim` and `stand_in`; the
//! demo alone imports `sim`.
//!
//! - [`files`] works on what would stop the page: files, builds' logs, manifests, exports, and the demo.
//! - [`history`] is the timeline of many runs.
//! - [`log`] reads long logs.

pub mod drawn;
pub mod files;
pub mod history;
pub mod log;

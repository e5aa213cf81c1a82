//! The timeline of many runs, in a worker of its own (`program.rs`).
//!
//! The page only passes on what the user does and shows what comes back, so its thread stays free however many runs
//! there are. [`protocol`] has the messages. [`Controller`] holds what is shown and how gestures change it, [`scene`]
//! turns that into what the canvas paints, and `panels` into what stands around it; `show` puts the two together. All
//! of it is pure; the worker's program paints and passes messages.

mod controller;
mod labels;
mod panels;
#[cfg(feature = "history")]
pub mod program;
pub mod protocol;
pub mod scene;
mod show;

pub use controller::{Controller, Host};

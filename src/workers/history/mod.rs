//! The timeline of many runs, as a worker of its own works it out (`program.rs`).
//!
//! The page only passes on what a person does and puts on the screen what comes back, so its thread
//! stays free however many runs there are. [`Controller`] keeps what is shown and hears what is done,
//! [`scene`] makes of it what the canvas has to paint, and [`panels`] what stands around it; `show` puts the
//! two together. All of it is pure; the worker's program paints and passes messages.

mod controller;
mod labels;
pub(crate) mod panels;
#[cfg(feature = "history")]
pub mod program;
pub mod scene;
mod show;

pub use controller::{Controller, Host, Keys, Pointer, Said, Touch};

//! A browser viewer for Google Cloud Deploy job runs.
//!
//! Data flows one way, and the modules show it: bytes → [`api`] → [`model`] → `ui` → user action
//! → [`api`].

pub mod api;
pub mod core;
pub mod model;
pub mod sim;
#[cfg(feature = "stand-in")]
pub mod stand_in;
pub mod transport;
#[cfg(feature = "web")]
pub mod ui;
pub mod workers;

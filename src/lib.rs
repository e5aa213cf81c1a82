//! A browser viewer for Google Cloud Deploy job runs.
//!
//! Data flows one way, and the modules show it: bytes → [`api`] → [`model`] → `ui` → user action
//! → [`api`].

pub mod api;
pub mod model;
#[cfg(feature = "web")]
pub mod ui;

//! A browser viewer for Google Cloud Deploy job runs.
//!
//! Data flows one way, and the modules show it: bytes → [`api`] → [`model`] → `ui` → user action
//! → [`api`].

#![warn(unreachable_pub)]
// Much is used by one of the features only; a build with all of them finds what nothing uses.
#![cfg_attr(not(all(feature = "web", feature = "stand-in")), allow(dead_code))]

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

//! The domain, pure: no browser, no network, no clock of its own.
//!
//! Begin with [`run`], a job run as the viewer thinks of it, and [`rollout`], which puts runs in order.
//! Imports `core` and `api`.

pub mod address;
pub mod browse;
pub mod build;
pub mod build_report;
pub mod csp;
pub mod event_log;
pub mod explain;
pub mod export;
pub mod history;
pub mod input;
pub mod manifest;
pub mod rollout;
pub mod run;
pub mod timeline;

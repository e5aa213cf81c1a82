//! The domain, pure: no browser, no network, no clock of its own.

pub mod address;
pub mod browse;
pub mod build;
pub mod event_log;
pub mod explain;
pub mod export;
pub mod history;
pub mod input;
pub mod manifest;
pub mod policy;
pub mod rollout;
pub mod run;
pub mod timeline;

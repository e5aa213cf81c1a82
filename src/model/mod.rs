//! The domain, pure: no browser, no network, no clock of its own.

pub mod address;
pub mod browse;
pub mod build;
pub mod diff;
pub mod event_log;
pub mod explain;
pub mod export;
pub mod history;
pub mod import;
pub mod links;
pub mod manifest;
pub mod mark;
pub mod open;
pub mod panel;
pub mod paste;
pub mod policy;
pub mod poll;
pub mod recent;
pub mod rollout;
pub mod run;
pub mod text_log;
pub mod ticks;
pub mod timeline;
pub mod verdict;
pub mod yaml;

//! The domain, pure: no browser, no network, no clock of its own.

pub mod address;
pub mod browse;
pub mod build;
pub mod demo;
pub mod diff;
pub mod explain;
pub mod export;
pub mod import;
pub mod json;
pub mod links;
pub mod manifest;
pub mod name;
pub mod open;
pub mod order;
pub mod panel;
pub mod paste;
pub mod poll;
pub mod recent;
pub mod rollout;
pub mod run;
pub mod text_log;
pub mod ticks;
pub mod time;
pub mod timeline;
pub mod verdict;
pub mod yaml;

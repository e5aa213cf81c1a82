//! Tests of `jobrun_viewer::model`: everything that the viewer thinks, without a browser.

mod address;
mod browse;
mod build;
mod diff;
mod explain;
mod export;
mod history;
mod import;
mod json;
mod links;
mod manifest;
mod name;
mod open;
mod panel;
mod paste;
mod poll;
mod recent;
mod rollout;
mod run;
mod sample;
mod text_log;
mod ticks;
mod time;
mod timeline;
mod verdict;
mod yaml;

//! Tests of `jobrun_viewer::model`: everything that the viewer thinks, without a browser.

mod address;
mod explain;
mod export;
mod import;
mod json;
mod links;
mod name;
mod panel;
mod paste;
mod poll;
mod run;
mod sample;
mod ticks;
mod time;
mod timeline;
mod verdict;

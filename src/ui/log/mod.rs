//! The reader of long logs. Begin with `log_reader`; `log_feed` speaks with the worker that has the log.
//!
//! - `log_page` is a log by itself; `event_log` is that of a verification, whose reader is a `log_drawer`.
//! - `log_lines` is the virtual list of lines, in a `log_frame`; `log_row` draws one.
//! - `log_bar`, with `log_search`, `log_filters` and `log_tools`, stands above the lines; the address has its
//!   `log_settings`.
//! - `log_summary` shows what an event log tells as a whole.

pub(crate) mod event_log;
mod log_bar;
pub(crate) mod log_drawer;
pub(crate) mod log_feed;
pub(crate) mod log_file;
mod log_filters;
mod log_frame;
mod log_lines;
pub(crate) mod log_page;
pub(crate) mod log_reader;
mod log_row;
mod log_search;
mod log_settings;
mod log_summary;
mod log_tools;

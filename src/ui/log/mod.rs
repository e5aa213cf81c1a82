//! The reader of long logs. Begin with `log_reader`; `log_feed` speaks with the worker that has the log.

pub(crate) mod event_log;
mod log_bar;
pub(crate) mod log_feed;
pub(crate) mod log_file;
mod log_frame;
mod log_lines;
pub(crate) mod log_page;
pub(crate) mod log_reader;

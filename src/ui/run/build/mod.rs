//! The build of a run: its steps, the likely reason of its failure, and its log. Begin with `build_part`.

pub(crate) mod build_feed;
pub(crate) mod build_log;
pub(crate) mod build_part;
mod build_report;
pub(crate) mod build_slot;
mod log_rows;
pub(crate) mod log_view;
pub(crate) mod text_view;

//! The timeline of many runs. Begin with `history_page`; `history_worker` holds what the worker sends, which the
//! components show.

mod badge;
mod history_canvas;
mod history_feed;
pub(crate) mod history_page;
mod history_table;
mod history_tip;
mod history_tools;
mod history_worker;
mod insight_panel;
mod read_status;
mod run_panel;
mod setting_button;

//! The timeline of many runs. Begin with `history_page`; `history_worker` speaks with the worker that paints
//! the canvas.

mod history_canvas;
mod history_feed;
pub(crate) mod history_page;
mod history_table;
mod history_tools;
mod history_worker;

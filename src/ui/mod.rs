//! What a person sees and does: components, functions that give a view, one to a file, with no parsing and no
//! arithmetic on time.

mod announcer;
mod app;
mod button;
mod clock;
mod config;
mod copy_button;
mod dialog;
mod dynamic;
mod el;
mod empty;
mod failure_box;
mod feed;
mod filter_box;
mod form;
mod icon;
mod live;
mod live_state;
mod open_box;
mod place;
mod raw_json;
mod rollout_header;
mod rollout_page;
mod run_header;
mod run_panel;
mod run_times;
mod sections;
mod session;
mod sign_in;
mod skeleton;
mod start_page;
mod state_badge;
mod terminate;
mod timeline;
mod timeline_bar;
mod timeline_tip;
mod top_bar;
mod trouble_box;
mod unreachable;
mod unreadable_runs;
mod verdict;

pub use app::run;

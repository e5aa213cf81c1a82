//! A rollout: its header, its timeline and the panel beside it. Begin with `rollout_page`; `feed` reads the
//! rollout and its runs, again and again while it is live.
//!
//! [`timeline`] has the lanes and bars, `actions` what can be done to a rollout or a run.

pub(crate) mod actions;
mod announcer;
pub(crate) mod empty;
pub(crate) mod export;
mod export_menu;
pub(crate) mod feed;
mod feed_error;
mod filter_box;
mod headline;
mod live_state;
mod rollout_facts;
mod rollout_header;
pub(crate) mod rollout_page;
pub(crate) mod rollout_state;
pub(crate) mod timeline;
pub(crate) mod tree;
pub(crate) mod unreadable_runs;

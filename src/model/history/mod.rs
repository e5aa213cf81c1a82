//! Many job runs at once: a pipeline's year, 100,000 and more.
//!
//! A [`Run`](crate::model::run::Run) keeps everything about itself, which is right for a rollout and too
//! much for a year. Here the JSON stays in one piece, as it came, and of each run only what lanes,
//! filters and statistics need is kept beside it, in columns: some 60 bytes a run. Whatever else a
//! run says is read from its JSON when someone looks at it.
//!
//! - [`scan`] finds the runs in the bytes as they come,
//! - [`History`] keeps them,
//! - [`view`] says which of them are looked at and how, as the address does,
//! - [`idle_compression`] leaves out the time in which nothing happened,
//! - [`lanes`] puts them in groups, lanes and rows,
//! - [`viewport`] finds what of them a screen shows, and what lies under the pointer,
//! - [`durations`], [`critical_path`], [`compare`], [`replay`] and [`failures`] say what they tell together.
//!
//! All of it is pure, and runs in a worker of its own.

pub mod compare;
pub mod critical_path;
pub mod durations;
pub mod failures;
pub mod idle_compression;
mod intervals;
mod labels;
pub mod lanes;
pub mod replay;
pub mod scan;
mod store;
pub mod view;
pub mod viewport;

pub use store::{Flags, History, Lifecycle, Micros, Span};

//! Many job runs at once: a pipeline's year, 100,000 and more.
//!
//! A [`Run`](super::run::Run) keeps everything about itself, which is right for a rollout and too
//! much for a year. Here the JSON stays in one piece, as it came, and of each run only what lanes,
//! filters and statistics need is kept beside it, in columns: some 60 bytes a run. Whatever else a
//! run says is read from its JSON when someone looks at it.
//!
//! [`scan`] finds the runs in the bytes as they come, and [`History`] keeps them. All of it is pure,
//! and runs in a worker of its own.

mod busy;
mod columns;
pub mod compare;
pub mod critical;
pub mod durations;
pub mod failures;
pub mod replay;
pub mod scan;
mod words;

pub use columns::{Course, Flags, History, MOST_BROKEN, Micros, RolloutInfo, Span, Spoiled};

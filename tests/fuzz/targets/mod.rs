//! What is asked of each parser, whatever bytes it is given.
//!
//! cargo-fuzz looks for bytes for which it does not hold (`scripts/fuzz`), and `cargo test` tries the
//! seeds, past crashes and some thousand more (`tests/fuzz_replay.rs`).

pub mod addresses;
pub mod event_logs;
pub mod histories;
pub mod input;
pub mod lists;
pub mod messages;
pub mod names;
pub mod paste;
pub mod replies;
pub mod slow;
pub mod texts;
pub mod times;

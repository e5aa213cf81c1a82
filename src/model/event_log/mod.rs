//! Long logs: the event log that Skaffold writes of a verification, a build's log, any text.
//!
//! A log can have a million lines, so that nothing here makes an object of each. The bytes are kept
//! once, as they came, with five bytes beside each line that say where it begins, what it is and who
//! wrote it. A line is read in full when somebody looks at it, or looks for something in it.
//!
//! - [`scan`] reads one line of an event log as far as the index needs,
//! - [`Log`] takes the bytes as they come, keeps them, and indexes them,
//! - [`display_line`] makes of a line what a person reads,
//! - [`summary`] says which tests there were, how they ended, and why,
//! - [`search`] looks for texts,
//! - [`view`] is what is looked at: a filter, and what was found,
//! - [`scroll`] says which lines stand in a frame.
//!
//! An event log has one JSON object a line, as Go's `jsonpb.Marshaler{}` writes it with its default
//! options: enums by name, fields at their default omitted, an `Event` with a `timestamp` and one
//! other field that says which event it is (`proto/v2/skaffold.proto` of Skaffold). The file is
//! opened for appending, so that it can hold several runs. The older v1 has an `event` and an `entry`
//! for people. What is neither is shown as it came.
//!
//! **A line** here is what a person reads as one. An event whose message has line breaks in it is
//! several, and writes that end without a line break go on in the line of the write before: a tool
//! that reports progress writes `.` a hundred times.

mod byte_search;
pub(crate) mod display_line;
mod log;
pub mod scan;
pub(crate) mod scroll;
pub mod search;
pub mod summary;
pub mod text_log;
pub mod view;

pub use log::{Log, LogFormat};

/// Whether a file is a log rather than job runs, by its name and its first bytes: a name that says so,
/// or a first line that looks like an event. (The page asks this, and does without the [scanner](scan).)
pub fn looks_like_one(name: &str, head: &[u8]) -> bool {
    if head.starts_with(&[0x1f, 0x8b]) {
        return true;
    }
    let head = head.trim_ascii_start();
    let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let has = |text: &[u8]| first.windows(text.len()).any(|part| part == text);
    if head.starts_with(b"{") || head.starts_with(b"[") {
        return has(b"\"timestamp\"") && (has(b"Event\":{") || has(b"\"entry\":"));
    }
    [".log", ".txt", ".out"]
        .iter()
        .any(|end| name.ends_with(end))
}

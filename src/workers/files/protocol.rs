//! The messages between the page and the files worker: plain data.
//!
//! What is from a file, a log or an API is hostile: all of it is to be shown as text and nothing else.

use serde::{Deserialize, Serialize};

use super::summary::Summary;
use crate::api::http;
use crate::core::time::{Timestamp, rfc3339};
use crate::model::input::omnibox::OmniboxReading;
use crate::model::manifest::diff::Change;
use crate::model::manifest::yaml::SpanKind;
use crate::transport::exchange::ReplyHead;

/// What the page asks for. Each has the [`Reply`] of the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// What a text is that the user typed or pasted.
    Understand { text: String },
    /// Opens texts as one file, and forgets what came from there before.
    Open(OpenRequest),
    /// An API request to an opened file.
    File {
        /// Where the file came from, as in [`OpenRequest`].
        from: String,
        request: http::Request,
    },
    /// Writes job runs as a file.
    Export(ExportRequest),
    /// Highlights a YAML text.
    Yaml { text: String },
    /// Compares two texts.
    Diff {
        /// What the old text is called.
        with: String,
        old: String,
        new: String,
    },
    /// Finds the last good rollout before another to the same target.
    Previous {
        /// The rollout's full name.
        rollout: String,
        /// The JSON of each rollout of its pipeline.
        all: Vec<String>,
    },
    /// Reads what is at an address, without a token. The page, which has the token, may ask nobody but the APIs.
    Read { url: String },
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    Understand(OmniboxReading),
    /// A sentence when the texts are something else entirely, or cannot be read.
    Open(Result<Summary, String>),
    /// With the body attached.
    File(ReplyHead),
    /// The file's text.
    Export(String),
    /// The text's lines.
    Yaml(Vec<YamlLine>),
    Diff(TextDiff),
    /// The rollout's full name; `None` when there is no such rollout.
    Previous(Option<String>),
    /// The HTTP status, with the text attached; or why there is none, which is empty when the browser does not say.
    Read(Result<u16, String>),
}

/// What to open. Attached is, for each name, a text or a file: the worker reads files itself, so that a large one does
/// not block the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRequest {
    /// Where it comes from. Later requests repeat it.
    pub from: String,
    /// When the texts were written.
    #[serde(with = "rfc3339")]
    pub as_of: Timestamp,
    /// The files' names. A text without a file has an empty one.
    pub names: Vec<String>,
}

/// Job runs to write as a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportRequest {
    pub kind: ExportKind,
    pub title: String,
    #[serde(with = "rfc3339")]
    pub now: Timestamp,
    /// The zone of a picture's times, in seconds east of UTC.
    pub offset: i32,
    /// The rollout's JSON, if it is known.
    pub rollout: Option<String>,
    /// The JSON of each run.
    pub runs: Vec<String>,
}

/// What the worker writes. A browser makes a PNG of the SVG.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportKind {
    Json,
    Csv,
    Svg,
}

/// A line of a YAML text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YamlLine {
    pub tokens: Vec<YamlToken>,
}

/// A stretch of a YAML text with one meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YamlToken {
    pub kind: SpanKind,
    pub text: String,
}

/// What differs between two texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextDiff {
    /// What the old text is called.
    pub with: String,
    /// How many lines only the new text has.
    pub added: usize,
    /// How many lines only the old text has.
    pub removed: usize,
    /// What a reader has to know of how the texts were compared; mostly empty.
    pub note: String,
    /// All lines of both texts, those far from a change folded; none when the texts are equal.
    pub rows: Vec<DiffRow>,
}

/// A row of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DiffRow {
    /// Where a hunk is, as `diff -u` writes it.
    Header(String),
    Line(DiffLine),
    /// That the line before ends without a line break.
    NoLineBreak,
    /// Unchanged lines, which the user unfolds.
    Fold(Vec<DiffLine>),
}

/// A line of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffLine {
    pub change: Change,
    /// The line's number in the old text, from 1.
    pub old: Option<usize>,
    /// The line's number in the new text, from 1.
    pub new: Option<usize>,
    /// The words, with a mark for a carriage return at the end, since that may be the change.
    pub text: String,
}

//! The part of the viewer that is loaded only when it is used, and works off the main thread.
//!
//! It is a WebAssembly module of its own (`program.rs`), so that a page which needs none of
//! it loads none of it. A call is a name and texts, and so is its answer: texts cross to a worker
//! and back cheaply. This module is pure; `program.rs` passes the messages.

pub(crate) mod export;
pub mod file;
#[cfg(feature = "worker")]
pub mod program;
pub mod summary;
pub(crate) mod text;

use std::collections::HashMap;

use crate::core::time::{Timestamp, parse};
use crate::model::input::omnibox::{self, OmniboxReading, OpenTarget};
use crate::transport::exchange::{self, reply_to_texts, request};
use file::{OpenedFile, Part};

/// Answers calls. Keeps what later calls refer to.
#[derive(Default)]
pub struct Worker {
    /// What was opened, by where it came from.
    files: HashMap<String, OpenedFile>,
}

/// What a call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// What a text is that a person typed or pasted. The answer is what to say of it, and what
    /// opening it does: nothing for nothing, `json`, or the address that it leads to.
    Understand,
    /// A Cloud Build build: its JSON, that of its job run, and the present (RFC 3339). The answer is
    /// five texts and then elements (see [`rendered`](crate::workers::rendered)), or four texts when it is no build.
    Build,
    /// A build's log: its text, and `1` for a build that failed. The answer is
    /// two texts and then an element for each line.
    Log,
    /// A YAML text. The answer is an element for each line.
    Yaml,
    /// What the old text is called, the old and the new. The answer is an element that tells the
    /// difference in a sentence, and one for each row.
    Diff,
    /// A rollout's name, and the JSON of its pipeline's rollouts. The answer is the full name of
    /// the last good rollout before it to the same target, or nothing.
    Previous,
    /// Texts to open as one file: where they come from, which later requests repeat, when they were
    /// written (RFC 3339), and for each its name and the text. What came from there before is
    /// forgotten. The answer is that of [`Summary::to_texts`](summary::Summary::to_texts); or one
    /// sentence, when the texts are something else entirely.
    Open,
    /// A request to an opened file: where it came from, the method, and the path with its query. The
    /// answer is that of [`reply_to_texts`].
    File,
    /// Job runs to write as a file: its [kind](export::write), a title, the present, the zone in
    /// seconds east of UTC, the JSON of their rollout (empty when it is not known), and that of each
    /// run. The answer is the file's text.
    Export,
}

impl Call {
    const ALL: [Self; 9] = [
        Self::Understand,
        Self::Open,
        Self::File,
        Self::Export,
        Self::Build,
        Self::Log,
        Self::Yaml,
        Self::Diff,
        Self::Previous,
    ];

    /// The call's name in a message.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::File => exchange::FILE,
            Self::Export => "export",
            Self::Understand => "understand",
            Self::Build => "build",
            Self::Log => "log",
            Self::Yaml => "yaml",
            Self::Diff => "diff",
            Self::Previous => "previous",
        }
    }
}

impl Worker {
    /// Answers a call.
    ///
    /// # Errors
    /// A sentence when there is no such call, or when it lacks something: the page and the worker
    /// are then not of the same build.
    pub fn answer(&mut self, call: &str, texts: &[String]) -> Result<Vec<String>, String> {
        let known = Call::ALL.into_iter().find(|known| known.name() == call);
        match (known, texts) {
            (Some(Call::Open), [from, as_of, parts @ ..]) if parts.len() % 2 == 0 => {
                self.open(from, time(as_of)?, parts)
            }
            (Some(Call::File), [from, method, path_and_query]) => {
                let request = request(method, path_and_query, "");
                let file = self.files.get(from);
                Ok(reply_to_texts(file.map_or_else(file::not_open, |file| file.answer(&request))))
            }
            (Some(Call::Export), [kind, title, now, offset, rollout, raws @ ..]) => {
                let offset = offset.parse().map_err(|_| format!("{offset} is no zone"))?;
                let text = export::write(kind, title, time(now)?, offset, rollout, raws);
                text.map(|text| vec![text]).ok_or_else(|| format!("no file is a {kind}"))
            }
            (Some(Call::Understand), [text]) => {
                let OmniboxReading { said, opens } = omnibox::read(text);
                let opens = match opens {
                    OpenTarget::Nothing => String::new(),
                    OpenTarget::Json => "json".to_owned(),
                    OpenTarget::Address(address) => address.to_hash(),
                };
                Ok(vec![said, opens])
            }
            (Some(Call::Build), [json, run, now]) => Ok(text::build(json, run, time(now)?)),
            (Some(Call::Log), [log, failed]) => Ok(text::log(log, !failed.is_empty())),
            (Some(Call::Yaml), [yaml]) => Ok(text::yaml(yaml)),
            (Some(Call::Diff), [with, old, new]) => Ok(text::diff(with, old, new)),
            (Some(Call::Previous), [current, rollouts @ ..]) => Ok(text::previous(current, rollouts)),
            (Some(call), texts) => Err(format!("{} does not take {} texts", call.name(), texts.len())),
            (None, _) => Err(format!("no call is named {call}")),
        }
    }

    fn open(&mut self, from: &str, as_of: Timestamp, parts: &[String]) -> Result<Vec<String>, String> {
        self.files.remove(from);
        let (pairs, _) = parts.as_chunks();
        let parts: Vec<Part> = pairs.iter().map(|[name, text]| Part { name, text }).collect();
        match OpenedFile::read(&parts, as_of) {
            Ok((file, summary)) => {
                self.files.insert(from.to_owned(), file);
                Ok(summary.to_texts())
            }
            // Not an error of the call: that is for a worker that does not do its work.
            Err(sentence) => Ok(vec![sentence]),
        }
    }
}

fn time(text: &str) -> Result<Timestamp, String> {
    parse(text).map_err(|_| format!("{text} is no time"))
}

//! Works off the main thread on what would stop the page: files, builds' logs, manifests, exports.
//!
//! It is a WebAssembly module of its own, which the page loads when it is used. [`protocol`] has the messages, `client`
//! the page's side, and `program` the worker in the browser. The rest is pure.

#[cfg(feature = "web")]
pub(crate) mod client;
pub mod export;
pub mod file;
#[cfg(feature = "worker")]
pub mod program;
pub mod protocol;
pub mod summary;
pub mod text;

use std::collections::HashMap;

use crate::api::http;
use crate::core::time::Timestamp;
use file::{OpenedFile, Part};
use summary::Summary;

/// What was opened, by where it came from.
#[derive(Default)]
pub struct OpenedFiles(HashMap<String, OpenedFile>);

impl OpenedFiles {
    /// Opens texts as one file that was written at `as_of`, and forgets what came from there before.
    ///
    /// # Errors
    /// A sentence, when the texts are something else entirely.
    pub fn open(
        &mut self,
        from: &str,
        as_of: Timestamp,
        parts: &[Part],
    ) -> Result<Summary, String> {
        self.0.remove(from);
        let (file, summary) = OpenedFile::read(parts, as_of)?;
        self.0.insert(from.to_owned(), file);
        Ok(summary)
    }

    /// Answers an API request to what was opened from there.
    pub fn answer(&self, from: &str, request: &http::Request) -> http::Reply {
        self.0
            .get(from)
            .map_or_else(file::not_open, |file| file.answer(request))
    }
}

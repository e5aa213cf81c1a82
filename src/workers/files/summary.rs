//! What an opened file has, in short: what the page shows of it before a rollout is chosen.
//!
//! It crosses from the worker to the page as a list of texts, and with its sentences written, which
//! takes the page less code than to read JSON and to write them. What is from the file is hostile:
//! all of it is to be shown as text and nothing else.

use crate::api::job_run::State;

/// What an opened file has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// When the file was written, as far as one can tell (RFC 3339): what was in progress then is
    /// shown as of then, since the file knows nothing of later.
    pub as_of: String,
    /// Such as `12 job runs in 3 rollouts`.
    pub counts: String,
    /// Such as `3 entries of the file could not be read`; empty when all could.
    pub broken_title: String,
    /// What else there is to know, in sentences.
    pub notes: Vec<String>,
    /// In the order of the file.
    pub rollouts: Vec<RolloutSummary>,
    /// What could not be read, in the order of the file: the first [`MOST_BROKEN`].
    pub broken: Vec<BrokenEntry>,
}

/// More broken entries than this tell a reader nothing new.
pub const MOST_BROKEN: usize = 100;

/// A rollout of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolloutSummary {
    /// The full name.
    pub name: String,
    /// Its last part, and what it is in.
    pub id: String,
    pub within: String,
    /// Such as `12 job runs`.
    pub count: String,
    /// The state and the text of the headline; the text is empty when there are no runs.
    pub state: State,
    pub headline: String,
}

/// An entry of a file that could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BrokenEntry {
    /// `line 3, column 5`, with the file's name when there are several.
    pub position: String,
    /// The field, such as `jobRuns[3].startTime`; empty for a document itself.
    pub path: String,
    pub reason: String,
    /// The text around the error.
    pub excerpt: String,
}

impl Summary {
    /// The summary as texts.
    pub fn to_texts(self) -> Vec<String> {
        let mut texts = vec![
            self.as_of,
            self.counts,
            self.broken_title,
            self.notes.len().to_string(),
            self.rollouts.len().to_string(),
        ];
        texts.extend(self.notes);
        for RolloutSummary { name, id, within, count, state, headline } in self.rollouts {
            texts.extend([name, id, within, count, state.as_str().to_owned(), headline]);
        }
        for BrokenEntry { position, path, reason, excerpt } in self.broken {
            texts.extend([position, path, reason, excerpt]);
        }
        texts
    }

    /// Reads what [`to_texts`](Self::to_texts) wrote; `None` when it is something else.
    pub fn from_texts(texts: Vec<String>) -> Option<Self> {
        let mut texts = texts.into_iter();
        let (as_of, counts, broken_title) = (texts.next()?, texts.next()?, texts.next()?);
        let notes: usize = texts.next()?.parse().ok()?;
        let rollouts: usize = texts.next()?.parse().ok()?;
        let notes = texts.by_ref().take(notes).collect();
        let mut summary = Self { as_of, counts, broken_title, notes, ..Self::default() };
        for _ in 0..rollouts {
            summary.rollouts.push(RolloutSummary {
                name: texts.next()?,
                id: texts.next()?,
                within: texts.next()?,
                count: texts.next()?,
                state: State::from(texts.next()?.as_str()),
                headline: texts.next()?,
            });
        }
        while let Some(position) = texts.next() {
            let (path, reason, excerpt) = (texts.next()?, texts.next()?, texts.next()?);
            summary.broken.push(BrokenEntry { position, path, reason, excerpt });
        }
        Some(summary)
    }
}

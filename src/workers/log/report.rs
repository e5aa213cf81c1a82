//! What the page is told whenever something has changed.

use std::time::Duration;

use crate::api::http::Reply;

/// How a log stands, in words and packed elements (see [`rendered`](crate::workers::rendered)).
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Which report it is.
    pub version: String,
    /// `reading`, `following`, `whole`, `stopped` or `failed`.
    pub phase: String,
    /// How much came, for people.
    pub said: String,
    /// How far it is with the reading, in thousandths; empty when that cannot be known.
    pub progress: String,
    /// How many lines are shown, and how many there are.
    pub shown: u32,
    pub lines: u32,
    /// What was found so far, for people; or why what was typed cannot be looked for.
    pub found: String,
    /// `going` while it is searched, `done` afterwards, `wrong` for no search at all; empty for none.
    pub search: String,
    /// The line that the search stands at, from 1; empty for none.
    pub current: String,
    /// Elements: what the log tells as a whole, nothing for a text; where along it something was
    /// found; and the choices of a filter.
    pub summary: String,
    pub marks: String,
    pub choices: String,
    /// The reply by which it could not be read ([`ApiError::of_reply`](crate::api::error::ApiError::of_reply)).
    pub failure: Reply,
}

impl PartialEq for Report {
    fn eq(&self, other: &Self) -> bool {
        // All else follows from these.
        self.version == other.version && self.phase == other.phase
    }
}

impl Report {
    /// As texts, for a message.
    pub fn to_texts(&self) -> Vec<String> {
        let Reply { status, retry_after, content_type, body } = self.failure.clone();
        vec![
            self.version.clone(),
            self.phase.clone(),
            self.said.clone(),
            self.progress.clone(),
            self.shown.to_string(),
            self.lines.to_string(),
            self.found.clone(),
            self.search.clone(),
            self.current.clone(),
            self.summary.clone(),
            self.marks.clone(),
            self.choices.clone(),
            status.to_string(),
            retry_after.map(|after| after.as_secs().to_string()).unwrap_or_default(),
            content_type,
            body,
        ]
    }

    /// Reads what [`to_texts`](Self::to_texts) wrote; `None` when it is something else.
    pub fn from_texts(texts: Vec<String>) -> Option<Self> {
        let [
            version,
            phase,
            said,
            progress,
            shown,
            lines,
            found,
            search,
            current,
            summary,
            marks,
            choices,
            status,
            retry_after,
            content_type,
            body,
        ] = texts.try_into().ok()?;
        Some(Self {
            version,
            phase,
            said,
            progress,
            shown: shown.parse().ok()?,
            lines: lines.parse().ok()?,
            found,
            search,
            current,
            summary,
            marks,
            choices,
            failure: Reply {
                status: status.parse().ok()?,
                retry_after: retry_after.parse().ok().map(Duration::from_secs),
                content_type,
                body,
            },
        })
    }
}

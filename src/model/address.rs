//! What the page shows, as the part of its address after `#`.
//!
//! `#/` is the start page, `#/projects/…/rollouts/ID` a rollout, `…/jobRuns/ID` a selected run.
//! After a `?` come settings that a person would want to share.

use super::name::{JobRunName, NameError, RolloutName};
use crate::api::http::{percent_decode, percent_encode};

/// A place in the viewer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    Start,
    Rollout {
        rollout: RolloutName,
        /// The id of the selected job run.
        job_run: Option<String>,
        /// An AIP-160 filter that the server applies to the list; empty for all runs.
        filter: String,
        /// Whether times are shown in UTC rather than in the reader's zone.
        utc: bool,
    },
    /// A text that names nothing the viewer can show.
    Unreadable(NameError),
}

impl Address {
    /// A rollout, with no run selected.
    pub fn rollout(rollout: RolloutName) -> Self {
        Self::Rollout { rollout, job_run: None, filter: String::new(), utc: false }
    }

    /// Reads the part of a page's address from `#` on.
    pub fn from_hash(hash: &str) -> Self {
        let text = hash.strip_prefix('#').unwrap_or(hash);
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let path = path.strip_prefix('/').unwrap_or(path);
        if path.is_empty() {
            return Self::Start;
        }
        let name: Vec<String> = path.split('/').map(percent_decode).collect();
        // An id that decodes to a text with a slash would change the name's shape; it stays
        // encoded, and the server says that it does not exist.
        let name = if name.iter().any(|part| part.contains('/')) { path.to_owned() } else { name.join("/") };
        let mut address = Self::from_exact_name(&name);
        if let Self::Rollout { filter, utc, .. } = &mut address {
            for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
                match key {
                    "filter" => *filter = percent_decode(value),
                    "tz" => *utc = value == "utc",
                    _ => {}
                }
            }
        }
        address
    }

    /// Reads a full resource name, a rollout's or a job run's, as a person pastes it: with space
    /// around it or not.
    pub fn from_name(name: &str) -> Self {
        Self::from_exact_name(name.trim())
    }

    fn from_exact_name(name: &str) -> Self {
        if let Ok(JobRunName { rollout, job_run }) = name.parse() {
            return Self::Rollout { rollout, job_run: Some(job_run), filter: String::new(), utc: false };
        }
        match name.parse() {
            Ok(rollout) => Self::rollout(rollout),
            Err(error) => Self::Unreadable(error),
        }
    }

    /// The address as the part from `#` on.
    pub fn to_hash(&self) -> String {
        match self {
            Self::Start => "#/".into(),
            Self::Unreadable(error) => format!("#/{}", encode_name(error.text())),
            Self::Rollout { rollout, job_run, filter, utc } => {
                let mut hash = format!("#/{}", encode_name(&rollout.to_string()));
                if let Some(job_run) = job_run {
                    hash.push_str("/jobRuns/");
                    hash.push_str(&percent_encode(job_run));
                }
                let mut separator = '?';
                let mut push = |key: &str, value: &str| {
                    hash.push(separator);
                    hash.push_str(key);
                    hash.push('=');
                    hash.push_str(&percent_encode(value));
                    separator = '&';
                };
                if !filter.is_empty() {
                    push("filter", filter);
                }
                if *utc {
                    push("tz", "utc");
                }
                hash
            }
        }
    }

    /// The page that the address is on, without what is selected there and how it is shown.
    pub fn page(&self) -> Self {
        match self {
            Self::Rollout { rollout, .. } => Self::rollout(rollout.clone()),
            Self::Start | Self::Unreadable(_) => self.clone(),
        }
    }

    /// What the browser's tab and its history call the page.
    pub fn title(&self) -> String {
        match self {
            Self::Rollout { rollout, .. } => format!("{} · Job Run Viewer", rollout.rollout),
            Self::Start | Self::Unreadable(_) => "Job Run Viewer".to_owned(),
        }
    }

    /// The same rollout with its times in UTC, or in the reader's zone.
    pub fn in_utc(&self, wanted: bool) -> Self {
        let mut address = self.clone();
        if let Self::Rollout { utc, .. } = &mut address {
            *utc = wanted;
        }
        address
    }

    /// The same rollout with another run selected, or none.
    pub fn select(&self, id: Option<&str>) -> Self {
        let mut address = self.clone();
        if let Self::Rollout { job_run, .. } = &mut address {
            *job_run = id.map(str::to_owned);
        }
        address
    }
}

fn encode_name(name: &str) -> String {
    name.split('/').map(percent_encode).collect::<Vec<_>>().join("/")
}

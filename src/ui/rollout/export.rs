//! Writes what is shown as a file.

use leptos::prelude::*;

use super::feed::Feed;
use crate::core::time::Timestamp;
use crate::ui::dom::clock::{self, Zone};
use crate::ui::lazy::lazy_fn;
use crate::ui::session::Session;
use crate::ui::widgets::download::{blob, png, save};
use crate::workers::files::protocol::{self, ExportKind};

/// A file format.
#[derive(Clone, Copy)]
pub(crate) struct ExportFormat {
    /// What the menu calls it.
    pub label: &'static str,
    /// The end of the file's name, with its dot.
    pub extension: &'static str,
    /// What the worker writes for it.
    pub kind: ExportKind,
    /// The type of what the worker writes.
    pub mime: &'static str,
}

/// What to export.
pub(crate) struct ExportRequest {
    pub format: ExportFormat,
    /// The rollout's id.
    pub rollout: String,
    pub feed: Feed,
    pub zone: Signal<Zone>,
    /// As of when it is shown; `None` for the present.
    pub as_of: Option<Timestamp>,
    pub session: Session,
}

impl ExportRequest {
    /// Writes the file and saves it; `None` when that failed.
    async fn write(self) -> Option<()> {
        let text = self.text().await?;
        let mut file = blob(&text, self.format.mime).ok()?;
        if self.format.extension == ".png" {
            file = png(&file).await.ok()?;
        }
        save(&[&*self.rollout, self.format.extension].concat(), &file).ok()
    }

    /// The text of the file, which the worker writes.
    async fn text(&self) -> Option<String> {
        let set = self.feed.set.get_untracked();
        let now = self.as_of.unwrap_or_else(clock::now);
        let from = set
            .runs
            .first()
            .and_then(|run| run.first_time())
            .unwrap_or(now);
        let offset = self.zone.get_untracked().offset(from);
        let record = self.feed.rollout.get_untracked();
        // What could not be read is no less a part of the response.
        let runs = set.runs.iter().map(|run| run.raw.to_string());
        let runs = runs.chain(set.unreadable.iter().map(|entry| entry.raw.to_string()));
        let request = protocol::ExportRequest {
            kind: self.format.kind,
            title: self.rollout.clone(),
            now,
            offset,
            rollout: record.map(|record| record.raw.to_string()),
            runs: runs.collect(),
        };
        self.session.worker().export(request).await.ok()
    }
}

lazy_fn! {
    part: extras;
    /// [`ExportRequest::write`], loaded on first use.
    pub(super) async fn lazy_write(request: ExportRequest) -> Option<()> {
        request.write().await
    }
}

//! Writes what is shown as a file.

use super::feed::Feed;
use crate::api::transport::LocalFuture;
use crate::core::time::Timestamp;
use crate::ui::dom::clock::{self, Zone};
use crate::ui::session::Session;
use crate::ui::widgets::download::{blob, png, save};
use crate::workers::files::protocol::{self, ExportKind};
use leptos::prelude::*;

/// A file format: its label, its extension, what the worker writes for it, and its type.
pub(crate) type ExportFormat = (&'static str, &'static str, ExportKind, &'static str);

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

/// Writes it and saves it; `None` when that failed.
pub(crate) fn write(request: ExportRequest) -> LocalFuture<'static, Option<()>> {
    let ExportRequest { format: (_, end, kind, mime), rollout, feed, zone, as_of, session } = request;
    Box::pin(async move {
        let set = feed.set.get_untracked();
        let now = as_of.unwrap_or_else(clock::now);
        let from = set.runs.first().and_then(|run| run.first_time()).unwrap_or(now);
        let offset = zone.get_untracked().offset(from);
        let record = feed.rollout.get_untracked();
        // What could not be read is no less a part of what came.
        let runs = set.runs.iter().map(|run| run.raw.to_string());
        let runs = runs.chain(set.unreadable.iter().map(|entry| entry.raw.to_string())).collect();
        let title = rollout.clone();
        let record = record.as_ref().map(|record| record.raw.to_string());
        let request = protocol::ExportRequest { kind, title, now, offset, rollout: record, runs };
        let text = session.worker().export(request).await.ok()?;
        let mut file = blob(&text, mime).ok()?;
        if end == ".png" {
            file = png(&file).await.ok()?;
        }
        save(&[&*rollout, end].concat(), &file).ok()
    })
}

//! Brings the runs of a history to its worker, as they come.

use futures::StreamExt;
use futures::stream;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;

use super::history_worker::{HistoryWorker, mark_once};
use crate::api::client::{PageTokens, for_each_page_of};
use crate::api::error::ApiError;
use crate::api::source::{Collection, Items, ListQuery, RunSource};
use crate::core::name::RolloutName;
use crate::model::address::{Address, Parent, Source};
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::dom::spawn::spawn_scoped;
use crate::ui::nav::link::shown_address;
use crate::ui::session::use_session;
use crate::workers::history::protocol::Request;

/// How many rollouts' runs are asked for at once: as many connections as a browser makes to a host.
const AT_ONCE: usize = 6;
/// The most that the API gives at once.
const PAGE: u32 = 1_000;

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct HistoryProgress {
    pub is_reading: bool,
    /// How many rollouts were read, and how many are known.
    pub read: usize,
    pub known: usize,
    /// Whether more rollouts may be known later.
    pub is_open: bool,
    pub error: Option<ApiError>,
    /// Locations that the server could not reach.
    pub unreachable: Vec<String>,
}

/// What reads the history that the page shows. Copies are of the same one.
#[derive(Clone, Copy)]
pub(super) struct HistoryFeed {
    worker: HistoryWorker,
    pub progress: RwSignal<HistoryProgress>,
    /// Whether the user stopped it.
    pub is_stopped: RwSignal<bool>,
}

impl HistoryFeed {
    /// Reads the history until its page is left.
    pub(super) fn new(worker: HistoryWorker, of: String, source: Source) -> Self {
        let progress = RwSignal::new(HistoryProgress {
            is_reading: true,
            ..HistoryProgress::default()
        });
        let feed = Self {
            worker,
            progress,
            is_stopped: RwSignal::new(false),
        };
        let (session, address) = (use_session(), shown_address());
        let (runs, is_file) = (session.source(&address), address.is_file());
        // What was read stays when the token changes: who could not read on tries again.
        session.on_new_token(move || {
            if progress.with_untracked(|progress| progress.error.is_some()) {
                feed.again();
            }
        });
        Effect::new(move |_| {
            if feed.is_stopped.get() {
                return;
            }
            feed.begin();
            // What comes as one piece, the worker reads by itself.
            let whole = match &source {
                Source::Url(url) => Some(vec![JsValue::from_str(url)]),
                Source::File => session.files.contents(&source),
                Source::Cloud => None,
            };
            if let (Some(whole), true) = (whole, of.is_empty()) {
                return worker.send_with(&Request::Read, whole);
            }
            let (of, runs) = (of.clone(), runs.clone());
            let reading = async move {
                let error = read(&of, &*runs, is_file, feed).await.err();
                feed.end(error);
            };
            spawn_scoped(reading);
        });
        feed
    }

    /// Reads no further; what has come stays.
    pub(super) fn stop(self) {
        self.is_stopped.set(true);
        self.worker.send(&Request::Stop);
        self.note(|progress| progress.is_reading = false);
    }

    /// Reads all of it again.
    pub(super) fn again(self) {
        // This notifies even if it was not stopped.
        self.is_stopped.set(false);
    }

    fn begin(self) {
        self.worker.send(&Request::Clear);
        self.worker.forget();
        self.progress.set_if_changed(HistoryProgress {
            is_reading: true,
            is_open: true,
            ..HistoryProgress::default()
        });
        mark_once("history:start");
    }

    fn end(self, error: Option<ApiError>) {
        self.worker.send(&Request::Over);
        self.note(|progress| {
            progress.is_reading = false;
            progress.is_open = false;
            progress.error = error;
        });
    }

    /// Adds the runs or rollouts of a JSON document.
    fn add(self, document: &str) {
        self.worker.send_with(&Request::Add, [document.into()]);
    }

    /// Notes what could not be reached.
    fn add_unreachable(self, locations: Vec<String>) {
        if locations.is_empty() {
            return;
        }
        self.note(|progress| {
            for location in locations {
                if !progress.unreachable.contains(&location) {
                    progress.unreachable.push(location);
                }
            }
        });
    }

    fn note(self, change: impl FnOnce(&mut HistoryProgress)) {
        let mut progress = self.progress.get_untracked();
        change(&mut progress);
        self.progress.set_if_changed(progress);
    }
}

/// Reads the rollouts of a parent page by page, the newest first, and the runs of each.
async fn read(
    of: &str,
    source: &dyn RunSource,
    is_file: bool,
    feed: HistoryFeed,
) -> Result<(), ApiError> {
    let rollouts = match Address::from_name(of) {
        Address::Rollout { rollout, .. } => {
            let record = source.get_rollout(&rollout).await;
            if let Ok(record) = &record {
                feed.add(&record.raw);
            }
            read_runs(source, vec![rollout], feed).await?;
            // Its runs are shown without it. Most files have only the runs.
            return match record {
                Err(error) if !(is_file && error.is_not_found()) => Err(error),
                _ => Ok(()),
            };
        }
        Address::Browse(Parent::Release(release)) => Collection::Rollouts(release),
        Address::Browse(Parent::DeliveryPipeline(pipeline)) => {
            Collection::Rollouts(pipeline.release("-"))
        }
        _ => return Ok(()),
    };
    let query = ListQuery {
        page_size: PAGE,
        order_by: "CreateTime desc".to_owned(),
        ..ListQuery::default()
    };
    let (mut token, mut tokens) = (String::new(), PageTokens::default());
    loop {
        let Items {
            raw,
            next_page_token,
            unreachable,
        } = source.list(&rollouts, &query, &token).await?;
        feed.add_unreachable(unreachable);
        let names = raw.iter().filter_map(|raw| name_of(raw)).collect();
        feed.add(&document("rollouts", &raw));
        read_runs(source, names, feed).await?;
        token = tokens.take(next_page_token)?;
        if token.is_empty() {
            return Ok(());
        }
    }
}

/// Reads the runs of rollouts, of some at once.
async fn read_runs(
    source: &dyn RunSource,
    rollouts: Vec<RolloutName>,
    feed: HistoryFeed,
) -> Result<(), ApiError> {
    feed.note(|progress| progress.known += rollouts.len());
    let query = ListQuery {
        page_size: PAGE,
        ..ListQuery::default()
    };
    let one = async |rollout: RolloutName| {
        let mut add = |raw: Vec<Box<str>>| feed.add(&document("jobRuns", &raw));
        feed.add_unreachable(
            for_each_page_of(source, &Collection::JobRuns(rollout), &query, &mut add).await?,
        );
        feed.note(|progress| progress.read += 1);
        Ok::<(), ApiError>(())
    };
    let mut reading = stream::iter(rollouts).map(one).buffer_unordered(AT_ONCE);
    while let Some(result) = reading.next().await {
        result?;
    }
    Ok(())
}

/// A response with these items, which are JSON.
fn document(field: &str, items: &[Box<str>]) -> String {
    format!("{{\"{field}\":[{}]}}", items.join(","))
}

/// The name of a rollout that is JSON.
fn name_of(raw: &str) -> Option<RolloutName> {
    let record = crate::api::rollout::RolloutRecord::from_json(raw);
    record.rollout.ok()?.name.parse().ok()
}

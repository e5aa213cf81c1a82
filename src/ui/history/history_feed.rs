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
use crate::ui::dom::scoped_task::scoped_task;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::shown_address;
use crate::ui::session::use_session;

/// How many rollouts' runs are asked for at once: as many connections as a browser makes to a host.
const AT_ONCE: usize = 6;
/// The most that the API gives at once.
const PAGE: u32 = 1_000;

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct HistoryProgress {
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

#[derive(Clone, Copy)]
pub(crate) struct HistoryFeed {
    pub progress: Signal<HistoryProgress>,
    set_progress: WriteSignal<HistoryProgress>,
    worker: HistoryWorker,
    /// Whether the user stopped it.
    pub stopped: Signal<bool>,
    set_stopped: WriteSignal<bool>,
}

impl HistoryFeed {
    /// Reads no further; what has come stays.
    pub(crate) fn stop(self) {
        self.set_stopped.set(true);
        self.worker.send("stop", &[]);
        let progress = self.progress.get_untracked();
        self.set_progress.set_if_changed(HistoryProgress { is_reading: false, ..progress });
    }

    /// Reads all of it again.
    pub(crate) fn again(self) {
        self.set_stopped.set(true);
        self.set_stopped.set(false);
    }
}

/// Reads the history that the page shows, until it is left.
pub(crate) fn history_feed(worker: HistoryWorker) -> HistoryFeed {
    let (progress, set_progress) = signal(HistoryProgress { is_reading: true, ..HistoryProgress::default() });
    let (stopped, set_stopped) = signal(false);
    let feed =
        HistoryFeed { progress: progress.into(), set_progress, worker, stopped: stopped.into(), set_stopped };
    let session = use_session();
    let address = shown_address();
    let Address::History { of, source, .. } = address.clone() else { return feed };
    let (runs, is_file) = (session.source(&address), address.is_file());
    // What was read stays when the token changes: who could not read on tries again.
    session.on_new_token(move || {
        if progress.read_untracked().error.is_some() {
            feed.again();
        }
    });
    scoped_task(move || {
        if feed.stopped.get() {
            return None;
        }
        worker.send("clear", &[]);
        worker.forget();
        set_progress.set_if_changed(HistoryProgress {
            is_reading: true,
            is_open: true,
            ..HistoryProgress::default()
        });
        mark_once("history:start");
        // What comes as one piece, the worker reads by itself.
        let whole = match &source {
            Source::Url(url) => Some(vec![JsValue::from_str(url)]),
            Source::File => session.files.contents(&source),
            Source::Cloud => None,
        };
        if let (Some(whole), true) = (&whole, of.is_empty()) {
            worker.send("read", whole);
            return None;
        }
        let (of, runs) = (of.clone(), runs.clone());
        Some(Box::pin(async move {
            let error = read(&of, &*runs, is_file, feed).await.err();
            worker.send("over", &[]);
            let progress = progress.get_untracked();
            set_progress.set_if_changed(HistoryProgress {
                is_reading: false,
                is_open: false,
                error,
                ..progress
            });
        }))
    });
    feed
}

/// Reads the rollouts of a parent page by page, the newest first, and the runs of each.
async fn read(of: &str, source: &dyn RunSource, is_file: bool, feed: HistoryFeed) -> Result<(), ApiError> {
    let rollouts = match Address::from_name(of) {
        Address::Rollout { rollout, .. } => {
            let record = source.get_rollout(&rollout).await;
            if let Ok(record) = &record {
                feed.worker.send("add", &[JsValue::from_str(&record.raw)]);
            }
            read_runs(source, vec![rollout], feed).await?;
            // Its runs are shown without it. Most files have only the runs.
            return match record {
                Err(error) if !(is_file && error.is_not_found()) => Err(error),
                _ => Ok(()),
            };
        }
        Address::Browse(Parent::Release(release)) => Collection::Rollouts(release),
        Address::Browse(Parent::DeliveryPipeline(pipeline)) => Collection::Rollouts(pipeline.release("-")),
        _ => return Ok(()),
    };
    let query = ListQuery { page_size: PAGE, order_by: "CreateTime desc".to_owned(), ..ListQuery::default() };
    let (mut token, mut tokens) = (String::new(), PageTokens::default());
    loop {
        let Items { raw, next_page_token, unreachable } = source.list(&rollouts, &query, &token).await?;
        feed.add_unreachable(unreachable);
        let names = raw.iter().filter_map(|raw| name_of(raw)).collect();
        feed.worker.send("add", &[document("rollouts", &raw)]);
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
    let query = ListQuery { page_size: PAGE, ..ListQuery::default() };
    let one = async |rollout: RolloutName| {
        let mut add = |raw: Vec<Box<str>>| feed.worker.send("add", &[document("jobRuns", &raw)]);
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

impl HistoryFeed {
    /// Notes what could not be reached.
    fn add_unreachable(self, locations: Vec<String>) {
        if !locations.is_empty() {
            self.note(|progress| {
                let known = &mut progress.unreachable;
                locations.into_iter().for_each(|location| {
                    if !known.contains(&location) {
                        known.push(location);
                    }
                });
            });
        }
    }

    fn note(self, change: impl FnOnce(&mut HistoryProgress)) {
        let mut progress = self.progress.get_untracked();
        change(&mut progress);
        self.set_progress.set_if_changed(progress);
    }
}

/// A response with these items, which are JSON.
fn document(field: &str, items: &[Box<str>]) -> JsValue {
    let items: Vec<&str> = items.iter().map(|item| &**item).collect();
    ["{\"", field, "\":[", &items.join(","), "]}"].concat().into()
}

/// The name of a rollout that is JSON.
fn name_of(raw: &str) -> Option<RolloutName> {
    let record = crate::api::rollout::RolloutRecord::from_json(raw);
    record.rollout.ok()?.name.parse().ok()
}

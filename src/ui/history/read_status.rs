//! The counts of a history, how far reading it is, and what went wrong.

use leptos::prelude::*;

use super::history_feed::{HistoryFeed, HistoryProgress};
use super::history_worker::HistoryWorker;
use crate::api::error::ApiError;
use crate::core::text::clip;
use crate::model::address::Source;
use crate::model::explain::{Doing, ErrorMessage, error_message};
use crate::ui::pages::files::{host, no_response};
use crate::ui::session::use_session;
use crate::ui::widgets::error_box::ErrorBox;
use crate::workers::history::protocol::{Progress, ReadError};

/// Shows the counts, and how far reading is.
#[component]
pub(super) fn ReadStatus(worker: HistoryWorker, feed: HistoryFeed) -> impl IntoView {
    let status = move || {
        let is_reading = feed.progress.read().is_reading && !worker.is_loaded.get();
        match &*worker.counts.read() {
            Some(counts) if counts.total > 0 || !is_reading => clip(&*counts.sentence),
            _ if is_reading => "Reading…".to_owned(),
            _ => String::new(),
        }
    };
    // The elements stay when what they show changes, so that the button keeps the focus.
    let reading = move || {
        Reading::of(worker, feed).map(|Reading { bar, text, label, press }| {
            view! {
                <span class="history-reading">
                    {bar.map(|bar| view! { <ReadingBar bar /> })}
                    <span>{text}</span>
                    <button type="button" class="button quiet" on:click=move |_| press(feed)>{label}</button>
                </span>
            }
        })
    };
    view! {
        <p class="history-counts">
            <b role="status">{status}</b>
            {reading}
        </p>
    }
}

/// How far reading is, with what the user can do about it.
struct Reading {
    bar: Option<Bar>,
    text: String,
    label: &'static str,
    press: fn(HistoryFeed),
}

/// How much was read of what; `None` if it is not known of how much.
type Bar = Option<(u64, u64)>;

impl Reading {
    /// `None` when all was read.
    fn of(worker: HistoryWorker, feed: HistoryFeed) -> Option<Self> {
        if feed.is_stopped.get() {
            return Some(Self {
                bar: None,
                text: "Reading was stopped: there may be more.".to_owned(),
                label: "Read all again",
                press: HistoryFeed::again,
            });
        }
        let progress = feed.progress.read();
        if !progress.is_reading || worker.is_loaded.get() {
            return None;
        }
        let (bar, text) = match progress.known {
            0 => Self::bytes(worker.progress.get()),
            _ => Self::rollouts(&progress),
        };
        Some(Self {
            bar: Some(bar),
            text,
            label: "Stop",
            press: HistoryFeed::stop,
        })
    }

    fn bytes(progress: Option<Progress>) -> (Bar, String) {
        let Some(Progress { read, total }) = progress else {
            return (None, String::new());
        };
        match (read >> 20, total >> 20) {
            (read, 0) => (None, format!("{read} MB")),
            (read, total) => (Some((read, total)), format!("{read} of {total} MB")),
        }
    }

    fn rollouts(progress: &HistoryProgress) -> (Bar, String) {
        let HistoryProgress {
            read,
            known,
            is_open,
            ..
        } = progress;
        let more = if *is_open { ", there may be more" } else { "" };
        (
            Some((*read as u64, *known as u64)),
            format!("{read} of {known} rollouts{more}"),
        )
    }
}

#[component]
fn ReadingBar(bar: Bar) -> impl IntoView {
    view! {
        <progress
            aria-label="Reading the job runs"
            max=bar.map(|(_, most)| most.to_string())
            value=bar.map(|(read, _)| read.to_string())
        ></progress>
    }
}

/// Shows why the worker does not work, or why reading ended early, with a button to read all again.
#[component]
pub(super) fn Problems(worker: HistoryWorker, feed: HistoryFeed, source: Source) -> impl IntoView {
    let session = use_session();
    let retry = Callback::new(move |()| feed.again());
    let problem = move || {
        if let Some(error) = worker.error.get() {
            return Some((error_message(&error, Doing::Loading, false), None));
        }
        let progress = feed.progress.read();
        if let Some(error) = &progress.error {
            let doing = if progress.read > 0 {
                Doing::LoadingRest
            } else {
                Doing::Loading
            };
            return Some((
                error_message(error, doing, session.signed_in_now()),
                Some(retry),
            ));
        }
        worker
            .read_error
            .get()
            .map(|error| (unreadable(&source, &error), Some(retry)))
    };
    move || problem().map(|(message, retry)| view! { <ErrorBox message retry /> })
}

/// Says why an address or a file cannot be read.
fn unreadable(source: &Source, error: &ReadError) -> ErrorMessage {
    let (url, is_file) = (source.setting(), *source == Source::File);
    let what = match error {
        ReadError::Status(status) => format!("{} answered with status {status}.", host(url)),
        ReadError::Interrupted(why) if !is_file => no_response(url, why),
        ReadError::Interrupted(_) => {
            "The browser could not read it to the end: it may have changed or gone.".to_owned()
        }
    };
    let message = error_message(&ApiError::Network(what.clone()), Doing::LoadingRest, false);
    let title = format!(
        "This {} cannot be read",
        if is_file { "file" } else { "address" }
    );
    ErrorMessage {
        title,
        what,
        details: String::new(),
        ..message
    }
}

//! All runs of a pipeline, a release, a rollout or a file in one timeline.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use super::history_canvas::history_canvas;
use super::history_feed::{HistoryFeed, HistoryProgress, history_feed};
use super::history_table::history_table;
use super::history_tools::history_tools;
use super::history_worker::{HistoryWorker, mark_once, measure};
use crate::api::error::ApiError;
use crate::model::address::{Address, Parent, Source};
use crate::model::explain::{Doing, error_message};
use crate::ui::dom::dynamic::{dynamic, dynamic_option, text};
use crate::ui::dom::el::{El, el};
use crate::ui::nav::breadcrumbs::breadcrumbs;
use crate::ui::nav::link::{link, use_address, use_replace};
use crate::ui::pages::files::{host, no_response};
use crate::ui::pages::opened_page::file_closed_notice;
use crate::ui::session::use_session;
use crate::ui::widgets::button::button;
use crate::ui::widgets::drawn_view::drawn_view;
use crate::ui::widgets::error_box::error_box;
use crate::ui::widgets::lazy_view::lazy_component;
use crate::ui::widgets::unreachable::unreachable_note;

pub(crate) fn history_page(of: String, source: Source) -> El {
    if source == Source::File && use_session().files.contents(&source).is_none() {
        return file_closed_notice("Drop it here, or open it:");
    }
    let worker = HistoryWorker::new();
    let feed = history_feed(worker);
    // What is done on the timeline is soon in the address, and no step of its own on the way back.
    let (replace, address) = (use_replace(), use_address());
    let set = worker.topic("set");
    Effect::new(move |_| {
        if let Some(change) = set.read().first() {
            replace(&address.get_untracked().with_settings(change));
        }
    });
    let loaded = worker.topic("loaded");
    Effect::new(move |_| {
        if let Some(tenths) = loaded.read().first().and_then(|tenths| tenths.parse::<u32>().ok()) {
            mark_once("history:loaded");
            measure("history:model", f64::from(tenths) / 10.0);
        }
    });
    el("article")
        .class("history")
        .child(header(&of, &source))
        .child(read_status(worker, feed))
        .child(problems(worker, feed, source))
        .child(unreachable_note(Memo::new(move |_| feed.progress.read().unreachable.clone()).into()))
        .child(history_tools(worker))
        .child(el("div").class("history-main").child(history_canvas(worker)).child(side(worker)))
        .child(keys())
        .child(history_table(worker))
}

fn header(of: &str, source: &Source) -> El {
    let header = el("header").class("history-header");
    match (Address::from_name(of), source) {
        (Address::Browse(parent), _) => {
            let title = format!("All runs of {}", parent.id());
            header.child(breadcrumbs(&parent)).child(el("h1").attr("tabindex", "-1").text(title))
        }
        (Address::Rollout { rollout, .. }, _) => {
            let title = format!("All runs of {}", rollout.rollout);
            let up = link(Address::rollout(rollout.clone())).text("Back to the rollout");
            header
                .child(breadcrumbs(&Parent::Release(rollout.release_name())))
                .child(el("h1").attr("tabindex", "-1").text(title))
                .child(up)
        }
        (_, Source::Url(url)) => header
            .child(el("h1").attr("tabindex", "-1").text("All runs"))
            .child(el("p").class("absent long-text").text(format!("From {}", host(url)))),
        _ => header.child(el("h1").attr("tabindex", "-1").text("All runs of the file")),
    }
}

/// The counts, and how far reading is.
fn read_status(worker: HistoryWorker, feed: HistoryFeed) -> El {
    let (counts, bytes, loaded) = (worker.topic("counts"), worker.topic("progress"), worker.topic("loaded"));
    let (progress, stopped) = (feed.progress, feed.stopped);
    let status = text(move || {
        let counts = counts.read();
        let is_reading = progress.read().is_reading && loaded.read().is_empty();
        match counts.get(1).map(String::as_str) {
            None | Some("0") if is_reading => "Reading…".to_owned(),
            _ => counts.last().cloned().unwrap_or_default(),
        }
    });
    let bar = dynamic_option(move || {
        // The same elements, so that the button keeps the focus.
        let reading = |bar: Option<El>, status: String, label, act: fn(HistoryFeed)| {
            el("span")
                .class("history-reading")
                .maybe(bar)
                .child(el("span").text(status))
                .child(button("quiet", label).on("click", move |_| act(feed)))
        };
        if stopped.get() {
            let status = "Reading was stopped: there may be more.".to_owned();
            return Some(reading(None, status, "Read all again", HistoryFeed::again));
        }
        let HistoryProgress { is_reading, read, known, is_open, .. } = progress.get();
        if !is_reading || !loaded.read().is_empty() {
            return None;
        }
        let bytes = bytes.read();
        let megabytes = |index: usize| bytes.get(index)?.parse::<u64>().ok().map(|bytes| bytes >> 20);
        let (value, most, label) = match (known, megabytes(0), megabytes(1)) {
            (0, Some(came), Some(total)) if total > 0 => (came, total, format!("{came} of {total} MB")),
            (0, Some(came), _) => (0, 0, format!("{came} MB")),
            (0, None, _) => (0, 0, String::new()),
            _ => {
                let more = if is_open { ", there may be more" } else { "" };
                (read as u64, known as u64, format!("{read} of {known} rollouts{more}"))
            }
        };
        let bar = el("progress").attr("aria-label", "Reading the job runs");
        let bar = match most {
            0 => bar,
            most => bar.attr("max", most.to_string()).attr("value", value.to_string()),
        };
        Some(reading(Some(bar), label, "Stop", HistoryFeed::stop))
    });
    el("p").class("history-counts").child(el("b").attr("role", "status").text(status)).child(bar)
}

fn problems(worker: HistoryWorker, feed: HistoryFeed, source: Source) -> AnyView {
    let session = use_session();
    let failed = worker.topic("failed");
    dynamic_option(move || {
        let retry = Callback::new(move |()| feed.again());
        if let Some(error) = worker.error.get() {
            return Some(error_box(error_message(&error, Doing::Loading, false), None));
        }
        if let Some(error) = feed.progress.read().error.clone() {
            let doing = if feed.progress.read().read > 0 { Doing::LoadingRest } else { Doing::Loading };
            return Some(error_box(error_message(&error, doing, session.signed_in_now()), Some(retry)));
        }
        let status = failed.read().first()?.clone();
        let url = source.setting();
        let what = match (status.parse::<u16>(), source == Source::File) {
            (Ok(status), _) => format!("{} answered with status {status}.", host(url)),
            (Err(_), false) => no_response(url, &status),
            (Err(_), true) => {
                "The browser could not read it to the end: it may have changed or gone.".to_owned()
            }
        };
        let mut message = error_message(&ApiError::Network(what.clone()), Doing::LoadingRest, false);
        let what_it_is = if source == Source::File { "file" } else { "address" };
        message.title = format!("This {what_it_is} cannot be read");
        message.what = what;
        message.details = String::new();
        Some(error_box(message, Some(retry)))
    })
}

/// The selected run, and what the runs say together.
fn side(worker: HistoryWorker) -> El {
    let (run, insight) = (worker.topic("run"), worker.topic("insight"));
    let (go, address) = (use_replace(), use_address());
    let pressed = move |event: Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let button = target.and_then(|target| target.closest("[data-set]").ok().flatten());
        if let Some(change) = button.and_then(|button| button.get_attribute("data-set")) {
            go(&address.get_untracked().with_settings(&change));
        }
    };
    el("aside")
        .class("history-side")
        .attr("aria-label", "The selected job run, and statistics")
        .on("click", pressed)
        .child(dynamic(move || match run.read().first().and_then(|run| drawn_view(run)) {
            Some(run) => run,
            None => el("p").class("absent").text("Select a run on the timeline or in the table."),
        }))
        .child(dynamic_option(move || insight.read().first().and_then(|insight| drawn_view(insight))))
}

fn keys() -> El {
    let (is_open, _) = signal(false);
    let key = |key: &'static str, meaning: &'static str| {
        el("span").child(el("kbd").text(key)).text([" ", meaning].concat())
    };
    el("details")
        .class("history-keys")
        .open(is_open.into())
        .child(el("summary").text("Keys and gestures"))
        .child(el("p").children([
            key("W S", "zoom"),
            key("A D ← →", "move in time"),
            key("↑ ↓", "scroll"),
            key("F", "show all"),
            key("Z", "zoom to the selected run or the ruler"),
            key("N", "next failure"),
            key("[ ]", "run before or after in the row"),
            key("Shift+drag", "ruler"),
            key("Ctrl+wheel", "zoom"),
            key("Drag on the axis", "zoom to a stretch"),
            key("Double click", "zoom to a run"),
            key("Esc", "away with ruler and selection"),
        ]))
}

lazy_component! {
    part: history;
    /// [`history_page`], loaded on first use.
    pub(crate) fn LazyHistoryPage(of: String, source: Source) {
        history_page(of, source)
    }
}

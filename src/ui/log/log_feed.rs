//! A log as it is read: the worker that has it, and the worker's report.

use std::pin::pin;
use std::time::Duration;

use futures::future::{Either, select};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;

use crate::api::artifacts::read_text;
use crate::api::error::ApiError;
use crate::api::http::{Method, Reply, Request};
use crate::api::storage::{GET_PERMISSION, Part};
use crate::core::time::to_rfc3339;
use crate::model::timeline::Window;
use crate::transport::worker::WorkerClient;
use crate::ui::dom::scoped_task::scoped_task;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::{shown_address, use_address, use_navigate};
use crate::ui::session::use_session;
use crate::workers::log::Report;

/// Debounce: nothing is fetched for runs that the user only steps past.
const DEBOUNCE: Duration = Duration::from_millis(400);
/// Watchdog: a regular expression may take forever on a single line, and the worker then handles no message. After
/// this time without a response it is terminated.
const WATCHDOG: Duration = Duration::from_secs(8);
/// How often the demo's logs are polled while they grow.
const POLL: Duration = Duration::from_secs(2);

/// Where a log comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LogSource {
    /// Cloud Storage, by the path in its API.
    Storage(String),
    /// An address that anyone may read.
    Url(String),
    /// What was dropped last, of as many as were.
    File(u32),
}

/// A log that is read, for as long as the owner that called [`follow_log`] lives.
#[derive(Clone, Copy)]
pub(crate) struct LogFeed {
    worker: StoredValue<WorkerClient, LocalStorage>,
    pub report: Signal<Report>,
    /// Whether it is being read, or was.
    pub wanted: Signal<bool>,
    ask: RwSignal<bool>,
    retries: RwSignal<u32>,
}

/// What is to be read, and how.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    pub source: Signal<Option<LogSource>>,
    /// Whether it is read without being asked for.
    pub by_itself: Signal<bool>,
    /// Whether it goes on.
    pub grows: Signal<bool>,
    /// The stretch of time that tests are shown on.
    pub axis: Signal<Option<Window>>,
}

/// Reads a log on demand.
pub(crate) fn follow_log(what: Wanted) -> LogFeed {
    let worker = StoredValue::new_local(WorkerClient::of("meta[name=log-worker]"));
    let (report, set_report) = signal(Report::default());
    let asked = RwSignal::new(false);
    let retries = RwSignal::new(0);
    let (wanted, set_wanted) = signal(false);
    let feed = LogFeed { worker, report: report.into(), wanted: wanted.into(), ask: asked, retries };
    let session = use_session();
    let address = shown_address();
    let is_demo = address.is_demo();

    scoped_task(move || {
        let is_asked = asked.get();
        let has_source = what.source.read().is_some();
        if wanted.get_untracked() || !has_source || !(is_asked || what.by_itself.get()) {
            return None;
        }
        Some(Box::pin(async move {
            if !is_asked {
                gloo_timers::future::sleep(DEBOUNCE).await;
            }
            set_wanted.set_if_changed(true);
        }))
    });
    scoped_task(move || {
        retries.get();
        let source = what.source.get().filter(|_| wanted.get())?;
        let transports = session.transports(&address);
        Some(Box::pin(async move {
            match source {
                LogSource::Storage(path) if is_demo => {
                    let request = Request { method: Method::Get, path_and_query: path, body: None };
                    loop {
                        match read_text(&*transports.storage, &request, GET_PERMISSION, Part::Whole).await {
                            Ok(read) => {
                                let grows = if what.grows.get_untracked() { "1" } else { "" };
                                feed.send("text", &[&read.text, grows]).await;
                            }
                            Err(ApiError::Refused(refusal))
                                if refusal.http_status != 404 || !what.grows.get_untracked() =>
                            {
                                let status = refusal.http_status.to_string();
                                feed.send("failed", &[&status, &refusal.body]).await;
                                break;
                            }
                            Err(_) => {}
                        }
                        if !what.grows.get_untracked() {
                            break;
                        }
                        gloo_timers::future::sleep(POLL).await;
                    }
                }
                LogSource::Storage(path) => {
                    let (url, token) = session.storage_url_and_token(&path);
                    let grows = if what.grows.get_untracked() { "1" } else { "" };
                    feed.send("url", &[&url, &token, grows]).await;
                }
                // An address is asked without a token.
                LogSource::Url(url) => {
                    let url = session.absolute(&url);
                    feed.send("url", &[&url, "", ""]).await;
                }
                LogSource::File(_) => {
                    if let Some(file) = session.log_file() {
                        feed.send_values("file", vec![file]).await;
                    }
                }
            }
        }))
    });

    // Whatever is new. A worker that broke down is another one after another try, and knows nothing.
    scoped_task(move || {
        retries.get();
        if !wanted.get() {
            return None;
        }
        Some(Box::pin(async move {
            let mut known = String::new();
            let mut marks = Marks::default();
            while let Some(new) = feed.send("wait", &[&known]).await.and_then(Report::from_texts) {
                known.clone_from(&new.version);
                marks.note(&new);
                set_report.set_if_changed(new);
            }
            // The worker did not load, or broke down, or was ended.
            let body = "the reader of logs could not be loaded, broke down, or was at a regular expression for too long";
            let failure = Reply { body: body.to_owned(), ..Reply::default() };
            set_report.set_if_changed(Report { phase: "failed".to_owned(), failure, ..Report::default() });
        }))
    });

    Effect::new(move |_| {
        retries.get();
        let grows = if what.grows.get() { "1" } else { "" };
        if wanted.get() {
            feed.notify("grows", vec![grows.into()]);
        }
    });
    // What grows is asked for with the token of the moment, and with none once it was forgotten.
    let is_asked_with_it =
        move || !is_demo && matches!(&*what.source.read_untracked(), Some(LogSource::Storage(_)));
    Effect::new(move |_| {
        if report.read().failure.status == 401 && is_asked_with_it() {
            session.note_refusal();
        }
    });
    session.on_new_token(move || {
        if !is_asked_with_it() || !wanted.get_untracked() {
            return;
        }
        feed.notify("token", vec![session.storage_url_and_token("").1.into()]);
        if session.signed_in_now() && report.read_untracked().failure.status == 401 {
            feed.retry();
        }
    });
    Effect::new(move |_| {
        retries.get();
        let axis = what.axis.get();
        if let Some(Window { from, to }) = axis.filter(|_| wanted.get()) {
            feed.notify("axis", vec![to_rfc3339(from).into(), to_rfc3339(to).into()]);
        }
    });
    // The search and the filters.
    let address = use_address();
    let filter = Memo::new(move |_| address.read().view().log);
    let filter = Memo::new(move |_| {
        let filter = filter.get();
        [filter.from, filter.level, filter.query, filter.options]
    });
    Effect::new(move |_| {
        retries.get();
        let filter = filter.get();
        if wanted.get() {
            feed.notify("look", filter.into_iter().map(JsValue::from).collect());
        }
    });
    let go = use_navigate();
    scoped_task(move || {
        let filter = filter.get();
        let [_, _, query, options] = &filter;
        if !wanted.get() || query.is_empty() || !options.contains('r') {
            return None;
        }
        let go = go.clone();
        Some(Box::pin(async move {
            while feed.responds().await {
                gloo_timers::future::sleep(WATCHDOG).await;
            }
            // If the address has changed meanwhile, this task was aborted.
            go(&address.get_untracked().with(|view| view.log.toggle('r')));
            feed.worker.with_value(|worker| worker.end());
        }))
    });
    feed
}

impl LogFeed {
    /// Has the worker answer; `None` when it cannot.
    pub(crate) async fn send(self, call: &str, texts: &[&str]) -> Option<Vec<String>> {
        self.send_values(call, texts.iter().map(|text| JsValue::from_str(text)).collect()).await
    }

    async fn send_values(self, call: &str, values: Vec<JsValue>) -> Option<Vec<String>> {
        // The page may have gone on meanwhile.
        let worker = self.worker.try_get_value()?;
        worker.send(call, values).await.ok()
    }

    /// Sends the worker a message that needs no response.
    fn notify(self, call: &'static str, values: Vec<JsValue>) {
        leptos::task::spawn_local(async move {
            self.send_values(call, values).await;
        });
    }

    /// Whether the worker answers in time.
    async fn responds(self) -> bool {
        let answer = pin!(self.send("place", &["1"]));
        let time = pin!(gloo_timers::future::sleep(WATCHDOG));
        matches!(select(answer, time).await, Either::Left(_))
    }

    /// Reads again what could not be read.
    pub(crate) fn retry(self) {
        let (count, set_count) = self.retries.split();
        set_count.set(count.get_untracked() + 1);
    }

    /// Does not read on.
    pub(crate) fn stop(self) {
        self.notify("stop", vec![]);
    }

    /// Wants it read.
    pub(crate) fn want(self) {
        self.ask.set(true);
    }

    /// Why it could not be read, if so.
    pub(crate) fn failure(self) -> Option<ApiError> {
        let report = self.report.read();
        if report.phase != "failed" {
            return None;
        }
        // The page itself says so of a worker that is not there.
        if report.version.is_empty() {
            return Some(ApiError::Part(report.failure.body.clone()));
        }
        Some(ApiError::of_reply(&report.failure, GET_PERMISSION))
    }
}

/// Marks progress for the browser's performance tools.
#[derive(Default)]
struct Marks {
    has_bytes: bool,
    is_whole: bool,
    has_found: bool,
    has_searched: bool,
}

impl Marks {
    fn note(&mut self, report: &Report) {
        let searches = !report.search.is_empty();
        let marks = [
            (&mut self.has_bytes, report.lines > 0, "log:first-bytes"),
            (&mut self.is_whole, report.phase == "whole" || report.phase == "following", "log:indexed"),
            (&mut self.has_found, searches && !report.current.is_empty(), "log:first-match"),
            (&mut self.has_searched, report.search == "done", "log:searched"),
        ];
        for (was, is, name) in marks {
            if is && !*was {
                mark(name);
            }
            *was = is;
        }
    }
}

/// A point in time for the browser's own tools, such as the test of speed.
pub(crate) fn mark(name: &str) {
    if let Some(performance) = window().performance() {
        let _ = performance.mark(name);
    }
}

//! A log as it is read: the worker that has it, and the worker's reports.

use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures::future::{Either, select};
use gloo_timers::future::sleep;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsValue;

use crate::api::artifacts::read_text;
use crate::api::error::ApiError;
use crate::api::http::{Method, Reply, Request};
use crate::api::storage::{GET_PERMISSION, Part};
use crate::api::transport::Transport;
use crate::model::address::{Address, LogView};
use crate::model::timeline::Window;
use crate::transport::calls::Calls;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::dom::spawn::spawn_scoped;
use crate::ui::nav::link::{shown_address, use_address, use_navigate};
use crate::ui::session::{Session, use_session};
use crate::workers::log::protocol::{
    Axis, Failure, LogReply, LogRequest, Phase, Report, Rows, RowsRequest, Search, ViewSettings,
    WorkerRequest,
};

/// Debounce: nothing is fetched for runs that the user only steps past.
const DEBOUNCE: Duration = Duration::from_millis(400);
/// Watchdog: a regular expression may take forever on a single line, and the worker then handles no message. After
/// this time without a response it is terminated.
const WATCHDOG: Duration = Duration::from_secs(8);
/// How often the demo's logs are polled while they grow.
const POLL: Duration = Duration::from_secs(2);
/// Why there is no log without a worker.
const NO_WORKER: &str = "the reader of logs could not be loaded, broke down, or was at a regular expression for too long";

/// Where a log comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LogSource {
    /// Cloud Storage, by the path in its API.
    Storage(String),
    /// An address that anyone may read.
    Url(String),
    /// The file that was dropped last, of as many as were.
    File(u32),
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

/// A log that is read, for as long as the owner that called [`follow_log`] lives. A copy refers to the same log.
#[derive(Clone, Copy)]
pub(crate) struct LogFeed {
    /// The last report.
    pub report: Signal<Report>,
    /// Whether it is being read, or was.
    pub wanted: Signal<bool>,
    what: Wanted,
    worker: StoredValue<Calls<WorkerRequest, LogReply>, LocalStorage>,
    set_report: WriteSignal<Report>,
    set_wanted: WriteSignal<bool>,
    /// Whether the user has asked for it.
    asked: RwSignal<bool>,
    /// Notifies when it is to be read again.
    retries: Trigger,
    session: Session,
    address: Signal<Address>,
}

/// Reads a log on demand.
pub(crate) fn follow_log(what: Wanted) -> LogFeed {
    let feed = LogFeed::new(what);
    feed.begin_when_wanted();
    feed.read_source();
    feed.receive_reports();
    feed.send_growth();
    feed.send_token();
    feed.send_axis();
    feed.send_view();
    feed
}

impl LogFeed {
    fn new(what: Wanted) -> Self {
        let (report, set_report) = signal(Report::default());
        let (wanted, set_wanted) = signal(false);
        let feed = Self {
            report: report.into(),
            wanted: wanted.into(),
            what,
            worker: StoredValue::new_local(Calls::of("meta[name=log-worker]")),
            set_report,
            set_wanted,
            asked: RwSignal::new(false),
            retries: Trigger::new(),
            session: use_session(),
            address: use_address(),
        };
        // Also if it is at a search that never ends, whose caller would keep it.
        on_cleanup(move || feed.end_worker());
        feed
    }

    /// Wants the log once it was asked for, or after a pause if it is read by itself.
    fn begin_when_wanted(self) {
        Effect::new(move |_| {
            let is_asked = self.asked.get();
            let has_source = self.what.source.read().is_some();
            if self.wanted.get_untracked()
                || !has_source
                || !(is_asked || self.what.by_itself.get())
            {
                return;
            }
            spawn_scoped(async move {
                if !is_asked {
                    sleep(DEBOUNCE).await;
                }
                self.set_wanted.set_if_changed(true);
            });
        });
    }

    /// Has the worker read the log, and read it again after a retry.
    fn read_source(self) {
        let shown = shown_address();
        Effect::new(move |_| {
            self.retries.track();
            let Some(source) = self.what.source.get().filter(|_| self.wanted.get()) else {
                return;
            };
            match source {
                LogSource::Storage(path) if shown.is_demo() => {
                    let storage = self.session.transports(&shown).storage;
                    spawn_scoped(self.read_demo(storage, path));
                }
                LogSource::Storage(path) => {
                    let (url, token) = self.session.storage_url_and_token(&path);
                    self.notify(LogRequest::ReadUrl {
                        url,
                        token,
                        grows: self.grows(),
                    });
                }
                // An address is asked without a token.
                LogSource::Url(url) => {
                    let url = self.session.absolute(&url);
                    self.notify(LogRequest::ReadUrl {
                        url,
                        token: String::new(),
                        grows: false,
                    });
                }
                LogSource::File(_) => {
                    if let Some(file) = self.session.log_file() {
                        spawn_local(async move {
                            self.call_with(LogRequest::ReadFile, [file]).await;
                        });
                    }
                }
            }
        });
    }

    /// Reads a log of the demo, which only the page can, and polls it while it grows.
    async fn read_demo(self, storage: Rc<dyn Transport>, path: String) {
        let request = Request {
            method: Method::Get,
            path_and_query: path,
            body: None,
        };
        loop {
            match read_text(&*storage, &request, GET_PERMISSION, Part::Whole).await {
                Ok(read) => {
                    let grows = self.grows();
                    self.call_with(LogRequest::TakeText { grows }, [read.text.into()])
                        .await;
                }
                Err(ApiError::Refused(refusal)) if refusal.http_status != 404 || !self.grows() => {
                    let reply = Reply {
                        status: refusal.http_status,
                        body: refusal.body,
                        ..Reply::default()
                    };
                    self.call(LogRequest::Fail(reply)).await;
                    break;
                }
                Err(_) => {}
            }
            if !self.grows() {
                break;
            }
            sleep(POLL).await;
        }
    }

    /// Receives whatever is new. A worker that broke down is replaced at a retry, and the new one knows nothing.
    fn receive_reports(self) {
        Effect::new(move |_| {
            self.retries.track();
            if self.wanted.get() {
                spawn_scoped(self.poll_reports());
            }
        });
    }

    async fn poll_reports(self) {
        let (mut known, mut marks) = (None, Marks::default());
        while let Some(LogReply::Report(report)) = self.call(LogRequest::Wait { known }).await {
            known = Some(report.version);
            marks.note(&report);
            self.set_report.set_if_changed(*report);
        }
        // The worker did not load, or broke down, or was ended.
        self.set_report.set_if_changed(Report::of_no_worker());
    }

    fn send_growth(self) {
        Effect::new(move |_| {
            self.retries.track();
            let grows = self.what.grows.get();
            if self.wanted.get() {
                self.notify(LogRequest::SetGrows(grows));
            }
        });
    }

    /// Requests carry the token of the moment, and none once the user has signed out.
    fn send_token(self) {
        let is_demo = shown_address().is_demo();
        let uses_token = move || {
            !is_demo
                && matches!(
                    &*self.what.source.read_untracked(),
                    Some(LogSource::Storage(_))
                )
        };
        Effect::new(move |_| {
            if is_unauthenticated(&self.report.read()) && uses_token() {
                self.session.note_refusal();
            }
        });
        self.session.on_new_token(move || {
            if !uses_token() || !self.wanted.get_untracked() {
                return;
            }
            let (_, token) = self.session.storage_url_and_token("");
            self.notify(LogRequest::SetToken(token));
            if self.session.signed_in_now() && self.report.with_untracked(is_unauthenticated) {
                self.retry();
            }
        });
    }

    fn send_axis(self) {
        Effect::new(move |_| {
            self.retries.track();
            let axis = self.what.axis.get();
            if let Some(Window { from, to }) = axis.filter(|_| self.wanted.get()) {
                self.notify(LogRequest::SetAxis(Axis { from, to }));
            }
        });
    }

    /// Sends the filter and the search, and watches over a search that may never end.
    fn send_view(self) {
        let settings = Memo::new(move |_| view_settings(self.address.read().view().log));
        Effect::new(move |_| {
            self.retries.track();
            let settings = settings.get();
            if self.wanted.get() {
                self.notify(LogRequest::SetView(settings));
            }
        });
        let go = StoredValue::new_local(use_navigate());
        Effect::new(move |_| {
            let ViewSettings {
                query, is_regex, ..
            } = settings.get();
            if !self.wanted.get() || query.is_empty() || !is_regex {
                return;
            }
            spawn_scoped(async move {
                while self.responds().await {
                    sleep(WATCHDOG).await;
                }
                // Another search would have cancelled this task.
                let plain = self
                    .address
                    .get_untracked()
                    .with(|view| view.log.toggle('r'));
                go.with_value(|go| go(&plain));
                self.end_worker();
            });
        });
    }

    /// Whether the worker responds in time.
    async fn responds(self) -> bool {
        let reply = pin!(self.call(LogRequest::IndexOf { line: 1 }));
        let time = pin!(sleep(WATCHDOG));
        matches!(select(reply, time).await, Either::Left(_))
    }

    fn end_worker(self) {
        self.worker.try_with_value(Calls::end);
    }

    /// Whether the log may grow, at the moment.
    fn grows(self) -> bool {
        self.what.grows.get_untracked()
    }

    /// Sends a request; `None` when there is no reply, or the page has moved on.
    async fn call(self, request: LogRequest) -> Option<LogReply> {
        self.call_with(request, []).await
    }

    async fn call_with(
        self,
        request: LogRequest,
        attachments: impl IntoIterator<Item = JsValue>,
    ) -> Option<LogReply> {
        let worker = self.worker.try_get_value()?;
        worker
            .call_with(WorkerRequest::Log(request), attachments)
            .await
            .ok()
    }

    /// Sends a request whose reply does not matter.
    fn notify(self, request: LogRequest) {
        spawn_local(async move {
            self.call(request).await;
        });
    }

    /// Requests lines.
    pub(super) async fn rows(self, request: RowsRequest) -> Option<Rows> {
        match self.call(LogRequest::Rows(request)).await? {
            LogReply::Rows(rows) => rows.decode(),
            _ => None,
        }
    }

    /// Requests the index of a line among those that are shown.
    pub(super) async fn index_of(self, line: u32) -> Option<u32> {
        match self.call(LogRequest::IndexOf { line }).await? {
            LogReply::Index(index) => Some(index),
            _ => None,
        }
    }

    /// Moves the search, and returns the line that it stands at then.
    pub(super) async fn step_match(self, forward: bool) -> Option<u32> {
        match self.call(LogRequest::StepMatch { forward }).await? {
            LogReply::Match(line) => line,
            _ => None,
        }
    }

    /// Sends a request whose reply is a text.
    pub(super) async fn text(self, request: LogRequest) -> Option<String> {
        match self.call(request).await? {
            LogReply::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Reads again what could not be read.
    pub(crate) fn retry(self) {
        self.retries.notify();
    }

    /// Stops reading.
    pub(crate) fn stop(self) {
        self.notify(LogRequest::Stop);
    }

    /// Asks for the log.
    pub(crate) fn want(self) {
        self.asked.set(true);
    }

    /// Why it could not be read, if so.
    pub(crate) fn failure(self) -> Option<ApiError> {
        let report = self.report.read();
        match report
            .failure
            .as_ref()
            .filter(|_| report.phase == Phase::Failed)?
        {
            Failure::Reply(reply) => Some(ApiError::of_reply(reply, GET_PERMISSION)),
            Failure::NoWorker => Some(ApiError::Part(NO_WORKER.to_owned())),
        }
    }
}

/// Whether the server did not take the token.
fn is_unauthenticated(report: &Report) -> bool {
    matches!(&report.failure, Some(Failure::Reply(reply)) if reply.status == 401)
}

/// What an address says of which lines are shown, for the worker.
fn view_settings(log: LogView) -> ViewSettings {
    ViewSettings {
        is_case_sensitive: log.has('c'),
        is_regex: log.has('r'),
        only_matches: log.has('o'),
        from: log.from,
        level: log.level,
        query: log.query,
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
        let searches = report.search != Search::None;
        let is_whole = matches!(report.phase, Phase::Whole | Phase::Following);
        let has_searched = matches!(report.search, Search::Done { .. });
        let marks = [
            (&mut self.has_bytes, report.lines > 0, "log:first-bytes"),
            (&mut self.is_whole, is_whole, "log:indexed"),
            (
                &mut self.has_found,
                searches && report.current.is_some(),
                "log:first-match",
            ),
            (&mut self.has_searched, has_searched, "log:searched"),
        ];
        for (was, is, name) in marks {
            if is && !*was {
                mark(name);
            }
            *was = is;
        }
    }
}

/// Sets a mark for the browser's performance tools and the benchmarks.
pub(super) fn mark(name: &str) {
    if let Some(performance) = window().performance() {
        let _ = performance.mark(name);
    }
}

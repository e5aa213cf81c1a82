//! The page's side of the worker that draws the timeline of many runs.

use js_sys::{Array, Object};
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::api::error::ApiError;
use crate::transport::port::Port;
use crate::transport::worker::start;
use crate::ui::dom::signals::SetIfChanged;
use crate::workers::history::protocol::{
    Counts, Cursor, Event, Facets, Insight, Progress, ReadError, Request, Rows, RunDetails, Tip,
};

/// A worker for as long as the page shows a history, and what it last sent. Copies are of the same one.
#[derive(Clone, Copy)]
pub(super) struct HistoryWorker {
    port: StoredValue<Option<Port<Request>>, LocalStorage>,
    pub counts: RwSignal<Option<Counts>>,
    pub facets: RwSignal<Facets>,
    pub insight: RwSignal<Option<Box<Insight>>>,
    /// The selected run.
    pub run: RwSignal<Option<Box<RunDetails>>>,
    pub tip: RwSignal<Option<Tip>>,
    pub rows: RwSignal<Rows>,
    pub cursor: RwSignal<Option<Cursor>>,
    pub progress: RwSignal<Option<Progress>>,
    /// Whether all was read.
    pub is_loaded: RwSignal<bool>,
    /// Why reading an address or a file ended.
    pub read_error: RwSignal<Option<ReadError>>,
    /// Why the worker does not work.
    pub error: RwSignal<Option<ApiError>>,
}

impl HistoryWorker {
    /// Starts a worker, which ends with the current owner. Calls `on_set` with settings of the address that a gesture
    /// on the timeline changed, as in a query.
    pub(super) fn new(on_set: impl Fn(&str) + 'static) -> Self {
        let worker = Self {
            port: StoredValue::new_local(None),
            counts: RwSignal::new(None),
            facets: RwSignal::default(),
            insight: RwSignal::new(None),
            run: RwSignal::new(None),
            tip: RwSignal::new(None),
            rows: RwSignal::default(),
            cursor: RwSignal::new(None),
            progress: RwSignal::new(None),
            is_loaded: RwSignal::new(false),
            read_error: RwSignal::new(None),
            error: RwSignal::new(None),
        };
        match worker.open(on_set) {
            Ok(port) => worker.port.set_value(Some(port)),
            Err(error) => worker.error.set(Some(error)),
        }
        worker
    }

    fn open(self, on_set: impl Fn(&str) + 'static) -> Result<Port<Request>, ApiError> {
        let (worker, is_ready) = match preloaded() {
            Some(worker) => {
                let is_ready = worker.is_ready().unwrap_or_default();
                (worker.unchecked_into(), is_ready)
            }
            None => (start("meta[name=history-worker]")?, false),
        };
        let receive = move |event: Event, _: Array| match event {
            Event::Set(changes) => on_set(&changes),
            event => self.receive(event),
        };
        let fail = move || {
            let why = "the timeline could not be loaded, or it broke down";
            self.error
                .set_if_changed(Some(ApiError::Part(why.to_owned())));
        };
        Ok(Port::of(worker, is_ready, receive, fail))
    }

    fn receive(self, event: Event) {
        match event {
            Event::Counts(counts) => self.counts.set_if_changed(Some(counts)),
            Event::Facets(facets) => self.facets.set_if_changed(facets),
            Event::Insight(insight) => self.insight.set_if_changed(insight),
            Event::Run(run) => self.run.set_if_changed(run),
            Event::Tip(tip) => self.tip.set_if_changed(tip),
            Event::Rows(rows) => self.rows.set_if_changed(rows),
            Event::Cursor(cursor) => self.cursor.set_if_changed(Some(cursor)),
            Event::Progress(progress) => self.progress.set_if_changed(Some(progress)),
            Event::Loaded { parsing } => {
                self.is_loaded.set_if_changed(true);
                mark_once("history:loaded");
                measure("history:model", f64::from(parsing) / 10.0);
            }
            Event::Failed(error) => self.read_error.set_if_changed(Some(error)),
            Event::Painted => mark_once("history:first-frame"),
            Event::Bytes => mark_once("history:bytes"),
            // The page's, which has the address.
            Event::Set(_) => {}
        }
    }

    /// Forgets how reading went, before something else is read.
    pub(super) fn forget(self) {
        self.progress.set_if_changed(None);
        self.is_loaded.set_if_changed(false);
        self.read_error.set_if_changed(None);
    }

    /// Sends the worker a message.
    pub(super) fn send(self, request: &Request) {
        self.send_with(request, []);
    }

    /// Sends the worker a message with attachments.
    pub(super) fn send_with(
        self,
        request: &Request,
        attachments: impl IntoIterator<Item = JsValue>,
    ) {
        self.port.try_with_value(|port| {
            if let Some(port) = port {
                port.send_with(request, attachments);
            }
        });
    }

    /// Transfers an object to the worker.
    pub(super) fn transfer(self, request: &Request, object: &JsValue) {
        self.port.try_with_value(|port| {
            if let Some(port) = port {
                port.transfer(request, object);
            }
        });
    }
}

#[wasm_bindgen]
extern "C" {
    /// The window, where `start.js` leaves the worker that it starts with the page.
    type StartedWindow;

    #[wasm_bindgen(method, getter, js_name = historyWorker)]
    fn history_worker(this: &StartedWindow) -> Option<PreloadedWorker>;

    #[wasm_bindgen(method, setter, js_name = historyWorker)]
    fn set_history_worker(this: &StartedWindow, worker: Option<PreloadedWorker>);

    /// A worker with what `start.js` noted of it before anybody listened.
    #[wasm_bindgen(extends = web_sys::Worker)]
    type PreloadedWorker;

    /// Whether its handshake came.
    #[wasm_bindgen(method, getter, js_name = isReady)]
    fn is_ready(this: &PreloadedWorker) -> Option<bool>;

    /// Whether it could not be loaded.
    #[wasm_bindgen(method, getter, js_name = isBroken)]
    fn is_broken(this: &PreloadedWorker) -> Option<bool>;

    /// The options of `performance.measure`, which web-sys has among its unstable APIs only.
    type MeasureOptions;

    #[wasm_bindgen(method, setter)]
    fn set_start(this: &MeasureOptions, start: f64);

    #[wasm_bindgen(method, setter)]
    fn set_duration(this: &MeasureOptions, duration: f64);

    #[wasm_bindgen(extends = web_sys::Performance)]
    type MeasuringPerformance;

    #[wasm_bindgen(method, catch)]
    fn measure(
        this: &MeasuringPerformance,
        name: &str,
        options: &MeasureOptions,
    ) -> Result<JsValue, JsValue>;
}

/// Takes the worker that `start.js` preloaded, which the first history of the page uses. One that could not be loaded
/// is left alone: another says so again, or works.
fn preloaded() -> Option<PreloadedWorker> {
    let window: StartedWindow = window().unchecked_into();
    let worker = window.history_worker()?;
    window.set_history_worker(None);
    (!worker.is_broken().unwrap_or_default()).then_some(worker)
}

/// Notes a duration in milliseconds for the browser's developer tools.
fn measure(name: &str, milliseconds: f64) {
    let Some(clock) = window().performance() else {
        return;
    };
    let options: MeasureOptions = Object::new().unchecked_into();
    options.set_start(0.0);
    options.set_duration(milliseconds);
    // It only fails for names of events that browsers time themselves.
    let _ = clock
        .unchecked_into::<MeasuringPerformance>()
        .measure(name, &options);
}

/// Marks a moment for the browser's developer tools; the first of its name.
pub(super) fn mark_once(name: &str) {
    if let Some(clock) = window().performance()
        && clock.get_entries_by_name(name).length() == 0
    {
        let _ = clock.mark(name);
    }
}

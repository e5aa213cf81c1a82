//! The page's side of the worker that draws the timeline of many runs.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Reflect};
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::Worker;

use crate::api::error::ApiError;
use crate::transport::worker::{Listening, start};
use crate::ui::dom::signals::SetIfChanged;

/// The topics of the worker's messages; each carries a list of texts.
const TOPICS: [&str; 10] =
    ["counts", "facets", "insight", "run", "tip", "rows", "progress", "loaded", "failed", "set"];

/// A worker for as long as the page shows a history. Copies are of the same one.
#[derive(Clone, Copy)]
pub(crate) struct HistoryWorker {
    shared: StoredValue<Rc<Shared>, LocalStorage>,
    topics: StoredValue<Vec<RwSignal<Vec<String>>>>,
    /// Why it does not work.
    pub error: Signal<Option<ApiError>>,
}

struct Shared {
    worker: RefCell<Option<Listening>>,
    /// Messages queued until the worker is ready; `None` since then.
    early: RefCell<Option<Vec<(Array, Array)>>>,
}

impl HistoryWorker {
    /// Starts one. It ends when the page shows something else.
    pub(crate) fn new() -> Self {
        let topics: Vec<_> = TOPICS.iter().map(|_| RwSignal::new(Vec::<String>::new())).collect();
        let (error, set_error) = signal(None);
        let shared = Rc::new(Shared { worker: RefCell::new(None), early: RefCell::new(Some(Vec::new())) });
        let this = Self {
            shared: StoredValue::new_local(shared.clone()),
            topics: StoredValue::new(topics),
            error: error.into(),
        };
        let preloaded = preloaded();
        if preloaded.as_ref().is_some_and(is_ready) {
            shared.early.take();
        }
        match preloaded.map_or_else(|| start("meta[name=history-worker]"), Ok) {
            Ok(worker) => {
                let broken = move || {
                    set_error.set(Some(ApiError::Part(
                        "the timeline could not be loaded, or it broke down".to_owned(),
                    )));
                };
                let listening = Listening::new(worker, move |message| this.on_message(message), broken);
                *shared.worker.borrow_mut() = Some(listening);
            }
            Err(problem) => set_error.set(Some(problem)),
        }
        let ending = StoredValue::new_local(shared);
        on_cleanup(move || {
            ending.try_with_value(|shared| shared.worker.take());
        });
        this
    }

    fn on_message(self, message: &Array) {
        let Some(what) = message.get(0).as_string() else {
            // The worker's first message: it is ready.
            self.shared.try_with_value(|shared| {
                for (message, transfer) in shared.early.take().unwrap_or_default() {
                    shared.post(&message, &transfer);
                }
            });
            return;
        };
        let index = TOPICS.iter().position(|topic| *topic == what);
        let texts: Vec<String> = message.iter().skip(1).filter_map(|text| text.as_string()).collect();
        match (index, what.as_str()) {
            (Some(index), _) => {
                let setter = self.topics.try_with_value(|topics| topics[index]);
                if let Some(setter) = setter {
                    setter.set_if_changed(texts);
                }
            }
            (None, "cursor") => set_cursor(texts.first().map_or("", |cursor| cursor)),
            (None, "painted") => mark_once("history:first-frame"),
            (None, "bytes") => mark_once("history:bytes"),
            _ => {}
        }
    }

    /// The last message of the worker on a topic.
    pub(crate) fn topic(self, name: &'static str) -> Signal<Vec<String>> {
        let index = TOPICS.iter().position(|topic| *topic == name).unwrap_or_default();
        self.topics.with_value(|topics| topics[index]).into()
    }

    /// Clears the topics about reading, before something else is read.
    pub(crate) fn forget(self) {
        for (topic, setter) in TOPICS.iter().zip(self.topics.get_value()) {
            if ["progress", "loaded", "failed"].contains(topic) {
                setter.set_if_changed(Vec::new());
            }
        }
    }

    /// Sends the worker a message: a name and its values.
    pub(crate) fn send(self, what: &str, values: &[JsValue]) {
        let message = Array::of1(&what.into());
        for value in values {
            message.push(value);
        }
        self.shared.try_with_value(|shared| shared.post(&message, &Array::new()));
    }

    /// Transfers an object to the worker.
    pub(crate) fn transfer(self, what: &str, value: &JsValue) {
        let message = Array::of2(&what.into(), value);
        self.shared.try_with_value(|shared| shared.post(&message, &Array::of1(value)));
    }
}

impl Shared {
    fn post(&self, message: &Array, transfer: &Array) {
        if let Some(early) = &mut *self.early.borrow_mut() {
            early.push((message.clone(), transfer.clone()));
        } else if let Some(worker) = &*self.worker.borrow() {
            worker.post(message, transfer);
        }
    }
}

/// The worker that the page's start has begun already, for the first history of the page.
fn preloaded() -> Option<Worker> {
    let name = JsValue::from_str("historyWorker");
    let worker: Worker = Reflect::get(&window(), &name).ok()?.dyn_into().ok()?;
    let _ = Reflect::set(&window(), &name, &JsValue::UNDEFINED);
    // What could not be loaded was said before anybody listened: another will say so again, or will do.
    (!is_noted(&worker, "isBroken")).then_some(worker)
}

/// Whether its first words have come and gone.
fn is_ready(worker: &Worker) -> bool {
    is_noted(worker, "isReady")
}

/// Whether the page's start has noted something of it.
fn is_noted(worker: &Worker, what: &str) -> bool {
    Reflect::get(worker, &what.into()).is_ok_and(|is_so| is_so.is_truthy())
}

fn set_cursor(cursor: &str) {
    let canvas = document().query_selector(".history-canvas").ok().flatten();
    if let Some(canvas) = canvas {
        let _ = canvas.set_attribute("style", &["cursor:", cursor].concat());
    }
}

/// Notes how long something took elsewhere, in milliseconds, for the same tools.
pub(crate) fn measure(name: &str, milliseconds: f64) {
    let Some(clock) = window().performance() else { return };
    let options = Object::new();
    for (key, value) in [("start", 0.0), ("duration", milliseconds)] {
        let _ = Reflect::set(&options, &key.into(), &value.into());
    }
    let measure = Reflect::get(&clock, &"measure".into()).and_then(|it| it.dyn_into::<Function>());
    let _ = measure.and_then(|measure| measure.call2(&clock, &name.into(), &options));
}

/// Marks a moment for the tools of browsers that show how long things took; the first of its name.
pub(crate) fn mark_once(name: &str) {
    if let Some(clock) = window().performance()
        && clock.get_entries_by_name(name).length() == 0
    {
        let _ = clock.mark(name);
    }
}

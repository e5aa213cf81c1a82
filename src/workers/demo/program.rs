//! The demo's worker in the browser: receives requests from the page and posts their replies.

use std::cell::RefCell;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::DedicatedWorkerGlobalScope;

use super::DemoWorker;
use crate::workers::browser::hear_calls;

/// Starts the worker.
pub fn run() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let worker = RefCell::new(DemoWorker::default());
    hear_calls(&scope, move |asked| {
        let texts = asked.values.iter().map(|text: &JsValue| text.as_string().unwrap_or_default());
        let answer = worker.borrow_mut().answer(&asked.name, &texts.collect::<Vec<_>>());
        asked.answer(answer);
    });
}

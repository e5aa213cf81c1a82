//! Waiting in a worker: for some time, and for a server that may never answer.

use futures::FutureExt;
use futures::future::{Either, LocalBoxFuture, select};
use js_sys::{Date, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::DedicatedWorkerGlobalScope;

/// How long a server may say nothing, before the first byte or between two, in milliseconds; at most
/// half as long again.
const SILENCE: i32 = 30_000;

/// Waits for some milliseconds.
pub async fn sleep(scope: &DedicatedWorkerGlobalScope, millis: i32) {
    let wait = Promise::new(&mut |done, _| {
        let set = Reflect::get(scope, &"setTimeout".into()).and_then(|set| set.dyn_into::<Function>());
        let _ = set.and_then(|set| set.call2(scope, &done, &millis.into()));
    });
    let _ = JsFuture::from(wait).await;
}

/// Waits for what a server sends for as long as it sends something. Browsers would wait for minutes, or
/// for ever.
pub struct Patience<'a> {
    scope: &'a DedicatedWorkerGlobalScope,
    /// One timer serves many a wait: an answer may come in thousands of pieces.
    timer: Option<LocalBoxFuture<'a, ()>>,
}

impl<'a> Patience<'a> {
    /// What waits in a worker.
    pub fn new(scope: &'a DedicatedWorkerGlobalScope) -> Self {
        Self { scope, timer: None }
    }

    /// The value of a promise.
    ///
    /// # Errors
    /// The promise's own, or a sentence when it took too long.
    pub async fn wait(&mut self, promise: Promise) -> Result<JsValue, JsValue> {
        let since = Date::now();
        let mut answer = JsFuture::from(promise);
        loop {
            let timer = self.timer.get_or_insert_with(|| sleep(self.scope, SILENCE / 2).boxed_local());
            match select(answer, timer).await {
                Either::Left((value, _)) => return value,
                Either::Right(((), rest)) => {
                    self.timer = None;
                    // The timer may have begun before.
                    if Date::now() - since >= f64::from(SILENCE) {
                        return Err("it took too long".into());
                    }
                    answer = rest;
                }
            }
        }
    }
}

//! What the workers' programs share: receiving calls, and waiting, for some time and for a server that may
//! never answer.

use futures::FutureExt;
use futures::future::{Either, LocalBoxFuture, select};
use js_sys::{Array, Date, Function, Promise, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// How long a server may say nothing, before the first byte or between two, in milliseconds; at most
/// half as long again.
const IDLE_TIMEOUT: i32 = 30_000;

/// Waits for some milliseconds.
pub(crate) async fn sleep(scope: &DedicatedWorkerGlobalScope, millis: i32) {
    let wait = Promise::new(&mut |done, _| {
        let set =
            Reflect::get(scope, &"setTimeout".into()).and_then(|set| set.dyn_into::<Function>());
        let _ = set.and_then(|set| set.call2(scope, &done, &millis.into()));
    });
    let _ = JsFuture::from(wait).await;
}

/// A watchdog: ends the wait for a server that sends nothing for `IDLE_TIMEOUT`. Browsers would wait for
/// minutes, or for ever.
pub(crate) struct Watchdog<'a> {
    scope: &'a DedicatedWorkerGlobalScope,
    /// One timer serves many a wait: an answer may come in thousands of pieces.
    timer: Option<LocalBoxFuture<'a, ()>>,
}

impl<'a> Watchdog<'a> {
    /// Returns a watchdog for a worker.
    pub(crate) fn new(scope: &'a DedicatedWorkerGlobalScope) -> Self {
        Self { scope, timer: None }
    }

    /// The value of a promise.
    ///
    /// # Errors
    /// The promise's own, or a sentence when it took too long.
    pub(crate) async fn wait(&mut self, promise: Promise) -> Result<JsValue, JsValue> {
        let since = Date::now();
        let mut answer = JsFuture::from(promise);
        loop {
            let timer = self
                .timer
                .get_or_insert_with(|| sleep(self.scope, IDLE_TIMEOUT / 2).boxed_local());
            match select(answer, timer).await {
                Either::Left((value, _)) => return value,
                Either::Right(((), rest)) => {
                    self.timer = None;
                    // The timer may have begun before.
                    if Date::now() - since >= f64::from(IDLE_TIMEOUT) {
                        return Err("it took too long".into());
                    }
                    answer = rest;
                }
            }
        }
    }
}

/// Sends typed messages from a worker to the page.
#[derive(Clone)]
pub(crate) struct Poster {
    scope: DedicatedWorkerGlobalScope,
}

impl Poster {
    /// Posts a message.
    pub(crate) fn post(&self, message: &impl Serialize) {
        self.post_with(message, []);
    }

    /// Posts a message with texts attached, such as those of many megabytes.
    pub(crate) fn post_with(
        &self,
        message: &impl Serialize,
        texts: impl IntoIterator<Item = String>,
    ) {
        let json = serde_json::to_string(message).expect("messages have string keys only");
        let list = Array::of1(&json.into());
        for text in texts {
            list.push(&text.into());
        }
        // A list of texts can always be posted.
        let _ = self.scope.post_message(&list);
    }
}

/// Passes the page's messages to `receive` from now on, each with its attachments and what answers it. See
/// [`Port`](crate::transport::port::Port) for the page's side.
pub(crate) fn serve<In: DeserializeOwned>(
    scope: &DedicatedWorkerGlobalScope,
    receive: impl Fn(In, Array, &Poster) + 'static,
) {
    let poster = Poster {
        scope: scope.clone(),
    };
    let receive = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let message: Array = event.data().unchecked_into();
        let json = message.shift().as_string().unwrap_or_default();
        // The page and the worker are of one build. If they are not, the page hears it as an error of the worker.
        let value = serde_json::from_str(&json).expect("a message of the page");
        receive(value, message, &poster);
    });
    scope.set_onmessage(Some(receive.as_ref().unchecked_ref()));
    receive.forget();
    // The handshake: what was sent before `onmessage` was set is lost, so the page queues until this comes.
    let _ = scope.post_message(&Array::new());
}

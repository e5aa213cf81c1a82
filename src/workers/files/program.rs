//! The worker in the browser: hears calls from the page and posts their answers.
//!
//! A text of a call may also be a file, which is read here.
//!
//! One call is not for the pure [`Worker`]: `read` reads what is at an address, without a token, and
//! answers with the status and the text, or with an empty status and, if it is known, why there is none.
//! The page, which has the token, may ask nobody but the APIs.

use std::cell::RefCell;

use super::Worker;
use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    AbortController, Blob, DedicatedWorkerGlobalScope, FileReaderSync, ReadableStreamDefaultReader,
    RequestCache, RequestCredentials, RequestInit, Response,
};

use crate::workers::browser::{Watchdog, hear_calls};

const UNREADABLE: &str = "The browser could not read it: it may be a folder, have changed or gone since it was \
                          chosen, or be too large.";

/// Starts the worker.
pub fn run() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let worker = RefCell::new(Worker::default());
    let poster = scope.clone();
    hear_calls(&scope, move |asked| {
        if asked.name == "read" {
            let (scope, url) = (poster.clone(), asked.values.first().and_then(JsValue::as_string));
            spawn_local(async move {
                let answer = read(&scope, &url.unwrap_or_default()).await;
                asked.answer(Ok(
                    answer.unwrap_or_else(|why| vec![String::new(), why.as_string().unwrap_or_default()])
                ));
            });
            return;
        }
        let texts: Result<Vec<String>, JsValue> = asked.values.iter().cloned().map(text).collect();
        let answer = match texts {
            Ok(texts) => worker.borrow_mut().answer(&asked.name, &texts),
            // Only what is opened has files in it, and a lone sentence says why it was not.
            Err(_) => Ok(vec![UNREADABLE.to_owned()]),
        };
        asked.answer(answer);
    });
}

/// What is at an address: the status and the text. Another origin gets no cookies.
async fn read(scope: &DedicatedWorkerGlobalScope, url: &str) -> Result<Vec<String>, JsValue> {
    let abort = AbortController::new()?;
    let init = RequestInit::new();
    init.set_credentials(RequestCredentials::SameOrigin);
    init.set_cache(RequestCache::NoStore);
    init.set_signal(Some(&abort.signal()));
    let answer = fetch(scope, url, &init).await;
    // After a timeout no more of it is wanted; what has come is whole.
    abort.abort();
    answer
}

async fn fetch(
    scope: &DedicatedWorkerGlobalScope,
    url: &str,
    init: &RequestInit,
) -> Result<Vec<String>, JsValue> {
    let mut watchdog = Watchdog::new(scope);
    let reply: Response = watchdog.wait(scope.fetch_with_str_and_init(url, init)).await?.dyn_into()?;
    let pieces = Array::new();
    if let Some(body) = reply.body() {
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        loop {
            let read = watchdog.wait(reader.read()).await?;
            let value = Reflect::get(&read, &"value".into())?;
            if value.is_undefined() {
                break;
            }
            pieces.push(&value);
        }
    }
    let whole = Blob::new_with_u8_array_sequence(&pieces)?;
    Ok(vec![reply.status().to_string(), text(whole.into())?])
}

/// A text as it is, or that of a file, in UTF-8 or what its byte order mark says.
fn text(value: JsValue) -> Result<String, JsValue> {
    match value.dyn_into::<Blob>() {
        Ok(file) => FileReaderSync::new()?.read_as_text(&file),
        Err(value) => Ok(value.as_string().unwrap_or_default()),
    }
}

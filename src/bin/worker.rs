//! The worker in the browser: hears calls from the page and posts their answers.
//!
//! A message is a list: the call's number, its name, and its texts. A text may also be a file, which
//! is read here. The answer is a list too: the
//! number, whether it went well, and the answer's texts, or a sentence that says what is wrong.

use std::cell::RefCell;

use jobrun_viewer::worker::Worker;
use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, DedicatedWorkerGlobalScope, FileReaderSync, MessageEvent};

const UNREADABLE: &str = "The browser could not read it: it may be a folder, have changed or gone since it was \
                          chosen, or be too large.";

fn main() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let worker = RefCell::new(Worker::default());
    let poster = scope.clone();
    let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let message: Array = event.data().unchecked_into();
        let name = message.get(1).as_string().unwrap_or_default();
        let texts: Result<Vec<String>, JsValue> = message.iter().skip(2).map(text).collect();
        let (went_well, texts) = match texts.map(|texts| worker.borrow_mut().answer(&name, &texts)) {
            Ok(Ok(texts)) => (true, texts),
            Ok(Err(sentence)) => (false, vec![sentence]),
            // Only what is opened has files in it, and a lone sentence says why it was not.
            Err(_) => (true, vec![UNREADABLE.to_owned()]),
        };
        let answer = Array::of2(&message.get(0), &went_well.into());
        for text in texts {
            answer.push(&text.into());
        }
        // Lists of numbers and texts can always be posted.
        let _ = poster.post_message(&answer);
    });
    scope.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    hear.forget();
    // Whatever the page sent before this has nobody heard: it waits for a first message.
    let _ = scope.post_message(&Array::new());
}

/// A text as it is, or that of a file, in UTF-8 or what its byte order mark says.
fn text(value: JsValue) -> Result<String, JsValue> {
    match value.dyn_into::<Blob>() {
        Ok(file) => FileReaderSync::new()?.read_as_text(&file),
        Err(value) => Ok(value.as_string().unwrap_or_default()),
    }
}

//! The worker in the browser: hears calls from the page and posts their answers.
//!
//! A message is a list: the call's number, its name, and its texts. The answer is a list too: the
//! number, whether it went well, and the answer's texts, or a sentence that says what is wrong.

use std::cell::RefCell;

use jobrun_viewer::worker::Worker;
use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn main() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let worker = RefCell::new(Worker::default());
    let poster = scope.clone();
    let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let message: Array = event.data().unchecked_into();
        let text = |value: JsValue| value.as_string().unwrap_or_default();
        let texts: Vec<String> = message.iter().skip(2).map(text).collect();
        let (went_well, texts) = match worker.borrow_mut().answer(&text(message.get(1)), &texts) {
            Ok(texts) => (true, texts),
            Err(sentence) => (false, vec![sentence]),
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

//! The demo's worker in the browser: receives requests from the page and posts their replies.

use std::cell::RefCell;

use wasm_bindgen::JsCast;
use web_sys::DedicatedWorkerGlobalScope;

use super::DemoWorker;
use super::protocol::DemoRequest;
use crate::transport::exchange::ReplyHead;
use crate::workers::browser::serve;

/// Starts the worker.
pub fn run() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let worker = RefCell::new(DemoWorker::default());
    serve::<(u32, DemoRequest)>(&scope, move |(number, asked), _, poster| {
        let (head, body) = ReplyHead::split(worker.borrow_mut().answer(&asked));
        poster.post_with(&(number, Ok::<_, String>(head)), [body]);
    });
}

//! The page's side of a worker: typed messages in both directions.
//!
//! A message is a list: the JSON of a typed value, then its attachments, which JSON cannot hold or should not: files,
//! canvases, streams, and texts of many megabytes. `gloo-worker` has no attachments and starts a worker only from its
//! own kind of loader, so this small layer stands in for it.
//!
//! The worker's side is [`serve`](crate::workers::browser::serve).

use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;

use js_sys::Array;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Worker};

use super::worker::start;
use crate::api::error::ApiError;

/// A worker that takes messages of type `Out`. Clones share it; it ends with the last of them.
pub(crate) struct Port<Out>(Rc<Inner>, PhantomData<fn(Out)>);

impl<Out> Clone for Port<Out> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

type Listener = Closure<dyn FnMut(MessageEvent)>;

struct Inner {
    worker: Worker,
    /// Messages that wait for the worker to be ready; `None` since then. What is sent to a worker before it has set
    /// `onmessage` is lost.
    queue: RefCell<Option<Vec<(Array, Array)>>>,
    listeners: RefCell<Vec<Listener>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        // A message that is on its way may still arrive after the end.
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl<Out: Serialize> Port<Out> {
    /// Starts the worker whose file the element `meta` of index.html names. Calls `on_message` with each message and its
    /// attachments, and `on_broken` when the worker cannot be loaded, panics, or sends what cannot be read.
    ///
    /// # Errors
    /// [`ApiError::Part`] when index.html names no file, or the browser refuses to start it.
    pub(crate) fn open<In: DeserializeOwned>(
        meta: &str,
        on_message: impl Fn(In, Array) + 'static,
        on_broken: impl Fn() + 'static,
    ) -> Result<Self, ApiError> {
        Ok(Self::of(start(meta)?, false, on_message, on_broken))
    }

    /// [`open`](Self::open) for a worker that runs. `is_ready`: it has signalled that already.
    pub(crate) fn of<In: DeserializeOwned>(
        worker: Worker,
        is_ready: bool,
        on_message: impl Fn(In, Array) + 'static,
        on_broken: impl Fn() + 'static,
    ) -> Self {
        let queue = RefCell::new((!is_ready).then(Vec::new));
        let inner = Rc::new(Inner {
            worker,
            queue,
            listeners: RefCell::default(),
        });
        let on_broken = Rc::new(on_broken);
        let (weak, fails) = (Rc::downgrade(&inner), on_broken.clone());
        let receive = Listener::new(move |event: MessageEvent| {
            let message: Array = event.data().unchecked_into();
            match message.shift().as_string() {
                // The handshake: the worker listens now.
                None => weak.upgrade().iter().for_each(|inner| inner.flush()),
                Some(json) => match serde_json::from_str(&json) {
                    Ok(value) => on_message(value, message),
                    Err(_) => fails(),
                },
            }
        });
        let fail = Listener::new(move |_| on_broken());
        inner
            .worker
            .set_onmessage(Some(receive.as_ref().unchecked_ref()));
        inner
            .worker
            .set_onerror(Some(fail.as_ref().unchecked_ref()));
        inner.listeners.borrow_mut().extend([receive, fail]);
        Self(inner, PhantomData)
    }

    /// Sends a message with attachments, which are copied.
    pub(crate) fn send_with(&self, message: &Out, attachments: impl IntoIterator<Item = JsValue>) {
        self.0.post(list(message, attachments), Array::new());
    }

    /// Sends a message with one attachment, which the page gives away.
    pub(crate) fn transfer(&self, message: &Out, attachment: &JsValue) {
        self.0
            .post(list(message, [attachment.clone()]), Array::of1(attachment));
    }
}

fn list<Out: Serialize>(message: &Out, attachments: impl IntoIterator<Item = JsValue>) -> Array {
    let json = serde_json::to_string(message).expect("messages have string keys only");
    let list = Array::of1(&json.into());
    attachments.into_iter().for_each(|attachment| {
        list.push(&attachment);
    });
    list
}

impl Inner {
    fn post(&self, message: Array, transfer: Array) {
        if let Some(queue) = &mut *self.queue.borrow_mut() {
            return queue.push((message, transfer));
        }
        // Texts, files and canvases can always be posted.
        let _ = self.worker.post_message_with_transfer(&message, &transfer);
    }

    fn flush(&self) {
        let queue = self.queue.take();
        queue
            .into_iter()
            .flatten()
            .for_each(|(message, transfer)| self.post(message, transfer));
    }
}

//! Requests to a worker, each with one reply.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use futures::channel::oneshot;
use js_sys::Array;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use super::port::Port;
use crate::api::error::ApiError;

/// A reply, or a sentence that says why there is none.
type Answer<Rep> = Result<Rep, String>;
/// Takes the answer to a request, with its attachments.
type Waiting<Rep> = oneshot::Sender<(Answer<Rep>, Array)>;

/// A worker that answers requests. It starts with the first of them. Clones share one worker.
pub(crate) struct Calls<Req, Rep>(Rc<Inner<Req, Rep>>);

impl<Req, Rep> Clone for Calls<Req, Rep> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

struct Inner<Req, Rep> {
    /// The element of index.html that names the worker's file.
    meta: &'static str,
    port: RefCell<Option<Port<(u32, Req)>>>,
    next: Cell<u32>,
    waiting: RefCell<HashMap<u32, Waiting<Rep>>>,
}

impl<Req: Serialize + 'static, Rep: DeserializeOwned + 'static> Calls<Req, Rep> {
    /// The worker whose file the element `meta` of index.html names.
    pub(crate) fn of(meta: &'static str) -> Self {
        Self(Rc::new(Inner {
            meta,
            port: RefCell::default(),
            next: Cell::default(),
            waiting: RefCell::default(),
        }))
    }

    /// Sends a request and waits for its reply.
    ///
    /// # Errors
    /// [`ApiError::Part`] when the worker cannot be loaded, breaks down, or refuses the request.
    pub(crate) async fn call(&self, request: Req) -> Result<Rep, ApiError> {
        self.call_with(request, []).await
    }

    /// [`call`](Self::call), with attachments: files, and texts of many megabytes.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub(crate) async fn call_with(
        &self,
        request: Req,
        attachments: impl IntoIterator<Item = JsValue>,
    ) -> Result<Rep, ApiError> {
        Ok(self.exchange(request, attachments).await?.0)
    }

    /// [`call_with`](Self::call_with), for a reply that has attachments too.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub(crate) async fn exchange(
        &self,
        request: Req,
        attachments: impl IntoIterator<Item = JsValue>,
    ) -> Result<(Rep, Array), ApiError> {
        let port = self.port()?;
        let number = self.0.next.get();
        self.0.next.set(number.wrapping_add(1));
        let (sender, receiver) = oneshot::channel();
        self.0.waiting.borrow_mut().insert(number, sender);
        port.send_with(&(number, request), attachments);
        // The port lives as long as the worker is wanted, and not as long as somebody waits for it.
        drop(port);
        let ended = |_| (Err("it ended".to_owned()), Array::new());
        let (answer, attached) = receiver.await.unwrap_or_else(ended);
        Ok((answer.map_err(ApiError::Part)?, attached))
    }

    /// Ends the worker, whatever it does. Its requests fail, and the next one starts another worker.
    pub(crate) fn end(&self) {
        self.0.give_up();
    }

    fn port(&self) -> Result<Port<(u32, Req)>, ApiError> {
        if let Some(port) = &*self.0.port.borrow() {
            return Ok(port.clone());
        }
        let [receives, breaks] = [Rc::downgrade(&self.0), Rc::downgrade(&self.0)];
        let receive = move |(number, answer): (u32, Answer<Rep>), attached: Array| {
            let waiting = receives
                .upgrade()
                .and_then(|inner| inner.waiting.borrow_mut().remove(&number));
            if let Some(waiting) = waiting {
                // The caller may be gone.
                let _ = waiting.send((answer, attached));
            }
        };
        let give_up = move || breaks.upgrade().iter().for_each(|inner| inner.give_up());
        let port = Port::open(self.0.meta, receive, give_up)?;
        *self.0.port.borrow_mut() = Some(port.clone());
        Ok(port)
    }
}

impl<Req, Rep> Inner<Req, Rep> {
    fn give_up(&self) {
        drop(self.port.take());
        for (_, waiting) in self.waiting.take() {
            let why = "it could not be loaded, or it broke down".to_owned();
            let _ = waiting.send((Err(why), Array::new()));
        }
    }
}

//! Calls to a worker, which starts with the first of them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::channel::oneshot;
use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::MessageEvent;

use crate::api::error::ApiError;

type Answer = Result<Vec<String>, ApiError>;

/// The page's side of a worker, which ends with it. Clones share one worker.
#[derive(Clone)]
pub(crate) struct WorkerClient(Rc<Shared>);

struct Shared {
    /// Which element of index.html names the worker's file.
    meta: &'static str,
    running: RefCell<Option<Listening>>,
    next: Cell<u32>,
    /// Who waits for the answer of which call: few at a time.
    waiting: RefCell<Vec<(u32, oneshot::Sender<Answer>)>>,
    /// Calls from before the worker could hear them; `None` since it can.
    early: RefCell<Option<Vec<Array>>>,
}

/// A worker with who listens to it; both end with this.
pub(crate) struct Listening {
    worker: web_sys::Worker,
    #[expect(dead_code, reason = "kept alive")]
    hears: [Closure<dyn FnMut(MessageEvent)>; 2],
}

impl Listening {
    /// Listens to a worker: to what it says, and to that it could not be loaded or broke down.
    pub(crate) fn new(
        worker: web_sys::Worker,
        message: impl Fn(&Array) + 'static,
        broken: impl Fn() + 'static,
    ) -> Self {
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            message(&event.data().unchecked_into());
        });
        let on_error = Closure::<dyn FnMut(MessageEvent)>::new(move |_| broken());
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Self { worker, hears: [on_message, on_error] }
    }

    /// Tells the worker something; what is in `transfer` is then its own.
    pub(crate) fn post(&self, message: &Array, transfer: &Array) {
        // Lists of texts, numbers, files and canvases can always be posted.
        let _ = self.worker.post_message_with_transfer(message, transfer);
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        // What is under way may still arrive when it has ended, and nobody listens then.
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Default for WorkerClient {
    fn default() -> Self {
        Self::of("meta[name=worker]")
    }
}

impl WorkerClient {
    /// The worker whose file an element of index.html names.
    pub(crate) fn of(meta: &'static str) -> Self {
        Self(Rc::new(Shared {
            meta,
            running: RefCell::default(),
            next: Cell::default(),
            waiting: RefCell::default(),
            early: RefCell::default(),
        }))
    }

    /// Has the worker answer a call by its name.
    ///
    /// # Errors
    /// [`ApiError::Part`] when the worker cannot be loaded or does not understand.
    pub(crate) async fn call(&self, call: &str, texts: &[&str]) -> Answer {
        self.send(call, texts.iter().map(|text| JsValue::from_str(text)).collect()).await
    }

    /// [`call`](Self::call), with texts of which some may be files: the worker reads those itself, so
    /// that a large one does not hold up the page.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub(crate) async fn send(&self, call: &str, texts: Vec<JsValue>) -> Answer {
        self.start()?;
        let number = self.0.next.get();
        self.0.next.set(number.wrapping_add(1));
        let message = Array::of2(&number.into(), &call.into());
        for text in texts {
            message.push(&text);
        }
        let (sender, receiver) = oneshot::channel();
        self.0.waiting.borrow_mut().push((number, sender));
        self.0.post(message);
        receiver.await.unwrap_or_else(|_| Err(failed("it ended")))
    }

    /// Ends the worker, whatever it is at; who waits for it is told so, and the next call starts another.
    pub(crate) fn end(&self) {
        self.0.give_up();
    }

    fn start(&self) -> Result<(), ApiError> {
        if self.0.running.borrow().is_some() {
            return Ok(());
        }
        let worker = start(self.0.meta)?;
        *self.0.early.borrow_mut() = Some(Vec::new());
        let [heard, ended] = [Rc::downgrade(&self.0), Rc::downgrade(&self.0)];
        let message = move |message: &Array| {
            if let Some(shared) = heard.upgrade() {
                shared.hear(message);
            }
        };
        let broken = move || {
            if let Some(shared) = ended.upgrade() {
                shared.give_up();
            }
        };
        *self.0.running.borrow_mut() = Some(Listening::new(worker, message, broken));
        Ok(())
    }
}

impl Shared {
    fn post(&self, message: Array) {
        if let Some(early) = &mut *self.early.borrow_mut() {
            early.push(message);
        } else if let Some(running) = &*self.running.borrow() {
            running.post(&message, &Array::new());
        }
    }

    fn hear(&self, message: &Array) {
        let Some(number) = message.get(0).as_f64() else {
            // The worker's first words: it hears from now on.
            let early = self.early.borrow_mut().take();
            early.into_iter().flatten().for_each(|message| self.post(message));
            return;
        };
        let mut all = self.waiting.borrow_mut();
        let Some(index) = all.iter().position(|(of, _)| *of == number as u32) else { return };
        let (_, waiting) = all.swap_remove(index);
        drop(all);
        let texts = message.iter().skip(2).map(|text| text.as_string().unwrap_or_default());
        let answer = match message.get(1).is_truthy() {
            true => Ok(texts.collect()),
            false => Err(failed(&texts.collect::<String>())),
        };
        // Whoever asked may have gone.
        let _ = waiting.send(answer);
    }

    /// The worker did not load, or panicked: the next call starts another.
    fn give_up(&self) {
        drop(self.running.borrow_mut().take());
        for (_, waiting) in self.waiting.take() {
            let _ = waiting.send(Err(failed("it could not be loaded, or it broke down")));
        }
    }
}

/// Starts the worker whose file a `meta` element of index.html names: the build writes the name there,
/// which has a hash of the file's content.
///
/// # Errors
/// [`ApiError::Part`] when there is none, or the browser does not want to.
pub(crate) fn start(meta: &str) -> Result<web_sys::Worker, ApiError> {
    let file = web_sys::window()
        .and_then(|window| window.document()?.query_selector(meta).ok()?)
        .and_then(|meta| meta.get_attribute("content"))
        .ok_or_else(|| failed("index.html does not name it"))?;
    web_sys::Worker::new(&file).map_err(|_| failed("the browser refused to start it"))
}

fn failed(why: &str) -> ApiError {
    ApiError::Part(why.to_owned())
}

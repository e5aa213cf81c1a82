//! The files worker in the browser: receives requests from the page and posts their replies.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    AbortController, Blob, DedicatedWorkerGlobalScope, FileReaderSync, ReadableStreamDefaultReader,
    RequestCache, RequestCredentials, RequestInit, Response,
};

use super::file::Part;
use super::protocol::{OpenRequest, Reply, Request};
use super::summary::Summary;
use super::{OpenedFiles, export, text};
use crate::model::input::omnibox;
use crate::transport::exchange::ReplyHead;
use crate::workers::browser::{Poster, Watchdog, serve};

const UNREADABLE: &str = "The browser could not read it: it may be a folder, have changed or gone since it was \
                          chosen, or be too large.";

/// Starts the worker.
pub fn run() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let program = Program {
        scope: scope.clone(),
        files: Rc::default(),
    };
    serve::<(u32, Request)>(&scope, move |(number, request), attached, poster| {
        let (program, poster) = (program.clone(), poster.clone());
        // All but a read of an address is answered at once.
        spawn_local(async move {
            program
                .answer(number, request, &attached)
                .await
                .post(&poster)
        });
    });
}

#[derive(Clone)]
struct Program {
    scope: DedicatedWorkerGlobalScope,
    files: Rc<RefCell<OpenedFiles>>,
}

/// A reply with the text that is attached to it, and the number of its request.
struct Answer {
    number: u32,
    reply: Reply,
    attached: Option<String>,
}

impl Answer {
    fn post(self, poster: &Poster) {
        poster.post_with(&(self.number, Ok::<_, String>(self.reply)), self.attached);
    }
}

impl Program {
    async fn answer(&self, number: u32, request: Request, attached: &Array) -> Answer {
        let mut body = None;
        let reply = match request {
            Request::Understand { text } => Reply::Understand(omnibox::read(&text)),
            Request::Open(open) => Reply::Open(self.open(&open, attached)),
            Request::File { from, request } => {
                let (head, text) = ReplyHead::split(self.files.borrow().answer(&from, &request));
                body = Some(text);
                Reply::File(head)
            }
            Request::Export(request) => Reply::Export(export::write(&request)),
            Request::Yaml { text } => Reply::Yaml(text::yaml(&text)),
            Request::Diff { with, old, new } => Reply::Diff(text::diff(&with, &old, &new)),
            Request::Previous { rollout, all } => Reply::Previous(text::previous(&rollout, &all)),
            Request::Read { url } => Reply::Read(match read(&self.scope, &url).await {
                Ok((status, text)) => {
                    body = Some(text);
                    Ok(status)
                }
                Err(why) => Err(why.as_string().unwrap_or_default()),
            }),
        };
        Answer {
            number,
            reply,
            attached: body,
        }
    }

    fn open(&self, request: &OpenRequest, attached: &Array) -> Result<Summary, String> {
        let OpenRequest { from, as_of, names } = request;
        let texts: Result<Vec<String>, JsValue> = attached.iter().map(text_of).collect();
        let texts = texts.map_err(|_| UNREADABLE)?;
        let parts: Vec<Part> = names
            .iter()
            .zip(&texts)
            .map(|(name, text)| Part { name, text })
            .collect();
        self.files.borrow_mut().open(from, *as_of, &parts)
    }
}

/// The status and the text of what is at an address. Another origin gets no cookies.
async fn read(scope: &DedicatedWorkerGlobalScope, url: &str) -> Result<(u16, String), JsValue> {
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
) -> Result<(u16, String), JsValue> {
    let mut watchdog = Watchdog::new(scope);
    let reply: Response = watchdog
        .wait(scope.fetch_with_str_and_init(url, init))
        .await?
        .dyn_into()?;
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
    Ok((reply.status(), text_of(whole.into())?))
}

/// A text as it is, or that of a file, in UTF-8 or what its byte order mark says.
fn text_of(value: JsValue) -> Result<String, JsValue> {
    match value.dyn_into::<Blob>() {
        Ok(file) => FileReaderSync::new()?.read_as_text(&file),
        Err(value) => Ok(value.as_string().unwrap_or_default()),
    }
}

//! The page's side of the files worker: a method for each request.

use std::time::Duration;

use js_sys::Array;
use wasm_bindgen::JsValue;

use super::protocol::{ExportRequest, OpenRequest, Reply, Request, TextDiff, YamlLine};
use super::summary::Summary;
use crate::api::error::ApiError;
use crate::api::http;
use crate::api::transport::{LocalFuture, Transport};
use crate::core::time::Timestamp;
use crate::model::input::omnibox::OmniboxReading;
use crate::transport::calls::Calls;

/// The files worker, which starts with the first request. Clones share it.
///
/// Every method fails with [`ApiError::Part`] when the worker cannot be loaded or breaks down.
#[derive(Clone)]
pub(crate) struct FilesClient(Calls<Request, Reply>);

/// What is at an address: the HTTP status and the text; or why nothing came, which is empty when the browser does not
/// say.
pub(crate) type AddressText = Result<(u16, String), String>;

/// A file's name, and the file or its text.
pub(crate) type NamedText = (String, JsValue);

impl FilesClient {
    /// The worker of this page.
    pub(crate) fn new() -> Self {
        Self(Calls::of("meta[name=worker]"))
    }

    /// What a text is that the user typed or pasted.
    pub(crate) async fn understand(&self, text: String) -> Result<OmniboxReading, ApiError> {
        match self.0.call(Request::Understand { text }).await? {
            Reply::Understand(reading) => Ok(reading),
            _ => Err(stray()),
        }
    }

    /// Opens texts and files as one file that was written at `as_of`. A sentence when they are something else entirely.
    pub(crate) async fn open(
        &self,
        from: String,
        as_of: Timestamp,
        parts: Vec<NamedText>,
    ) -> Result<Result<Summary, String>, ApiError> {
        let (names, texts): (Vec<String>, Vec<JsValue>) = parts.into_iter().unzip();
        match self
            .0
            .call_with(Request::Open(OpenRequest { from, as_of, names }), texts)
            .await?
        {
            Reply::Open(opened) => Ok(opened),
            _ => Err(stray()),
        }
    }

    /// Reads what is at an address, without a token.
    pub(crate) async fn read(&self, url: String) -> Result<AddressText, ApiError> {
        match self.0.exchange(Request::Read { url }, []).await? {
            (Reply::Read(read), text) => Ok(read.map(|status| (status, first(&text)))),
            _ => Err(stray()),
        }
    }

    /// The text of a file of job runs.
    pub(crate) async fn export(&self, request: ExportRequest) -> Result<String, ApiError> {
        match self.0.call(Request::Export(request)).await? {
            Reply::Export(text) => Ok(text),
            _ => Err(stray()),
        }
    }

    /// The lines of a YAML text.
    pub(crate) async fn yaml(&self, text: String) -> Result<Vec<YamlLine>, ApiError> {
        match self.0.call(Request::Yaml { text }).await? {
            Reply::Yaml(lines) => Ok(lines),
            _ => Err(stray()),
        }
    }

    /// What differs between two texts, the old of which is called `with`.
    pub(crate) async fn diff(
        &self,
        with: String,
        old: String,
        new: String,
    ) -> Result<TextDiff, ApiError> {
        match self.0.call(Request::Diff { with, old, new }).await? {
            Reply::Diff(diff) => Ok(diff),
            _ => Err(stray()),
        }
    }

    /// The full name of the last good rollout before another to the same target, of `all` in JSON.
    pub(crate) async fn previous(
        &self,
        rollout: String,
        all: Vec<String>,
    ) -> Result<Option<String>, ApiError> {
        match self.0.call(Request::Previous { rollout, all }).await? {
            Reply::Previous(name) => Ok(name),
            _ => Err(stray()),
        }
    }

    /// Answers an API request from what was opened from there.
    async fn file(&self, from: String, request: http::Request) -> Result<http::Reply, ApiError> {
        match self.0.exchange(Request::File { from, request }, []).await? {
            (Reply::File(head), body) => Ok(head.join(first(&body))),
            _ => Err(stray()),
        }
    }
}

fn first(attached: &Array) -> String {
    attached.get(0).as_string().unwrap_or_default()
}

/// The error for the reply to another request.
fn stray() -> ApiError {
    ApiError::Part("its answer is none".to_owned())
}

/// An opened file as a [`Transport`]: the worker keeps it, and answers as Cloud Deploy does.
pub(crate) struct FileTransport {
    worker: FilesClient,
    /// Where it came from, as it was opened.
    from: String,
}

impl FileTransport {
    /// What was opened last from there.
    pub(crate) fn new(worker: FilesClient, from: String) -> Self {
        Self { worker, from }
    }
}

impl Transport for FileTransport {
    fn send<'a>(
        &'a self,
        request: &'a http::Request,
    ) -> LocalFuture<'a, Result<http::Reply, ApiError>> {
        Box::pin(self.worker.file(self.from.clone(), request.clone()))
    }

    fn sleep(&self, duration: Duration) -> LocalFuture<'_, ()> {
        Box::pin(gloo_timers::future::sleep(duration))
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }
}

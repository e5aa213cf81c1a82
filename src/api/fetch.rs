//! The browser's `fetch` as a [`Transport`].

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use gloo_net::http::{Headers, RequestBuilder};
use web_sys::{AbortController, AbortSignal, RequestCredentials, RequestMode};

use super::error::ApiError;
use super::http::{Method, Reply, Request, Transport};
use super::source::LocalFuture;

/// A bearer token, in memory only: it is in no URL, no storage and no error.
///
/// Clones share one token, so that a client made before sign-in uses the token that came later.
#[derive(Clone, Default)]
pub struct Token(Rc<RefCell<String>>);

impl Token {
    /// Replaces the token; an empty one sends none.
    pub fn set(&self, token: &str) {
        *self.0.borrow_mut() = token.trim().to_owned();
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_empty() { "Token(none)" } else { "Token(…)" })
    }
}

/// Sends requests with `fetch` to one base address.
pub struct Fetch {
    base: String,
    token: Token,
}

impl Fetch {
    /// `base` is what stands before `/v1/`, such as `https://clouddeploy.googleapis.com`.
    pub fn new(base: &str, token: Token) -> Self {
        Self { base: base.trim_end_matches('/').to_owned(), token }
    }
}

impl Transport for Fetch {
    fn send<'a>(&'a self, request: &'a Request) -> LocalFuture<'a, Result<Reply, ApiError>> {
        let url = format!("{}{}", self.base, request.path_and_query);
        Box::pin(async move {
            let headers = Headers::new();
            headers.set("Accept", "application/json");
            if !self.token.is_empty() {
                headers.set("Authorization", &format!("Bearer {}", self.token.0.borrow()));
            }
            send(&url, request, headers).await
        })
    }

    fn sleep(&self, duration: Duration) -> LocalFuture<'_, ()> {
        Box::pin(gloo_timers::future::sleep(duration))
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }
}

/// Reads a file that lies beside the page, such as `config.json`.
///
/// # Errors
/// As [`Transport::send`].
pub async fn read_beside_page(file: &str) -> Result<Reply, ApiError> {
    let request = Request { method: Method::Get, path_and_query: String::new(), body: None };
    send(file, &request, Headers::new()).await
}

async fn send(url: &str, request: &Request, headers: Headers) -> Result<Reply, ApiError> {
    let abort = AbortOnDrop::new();
    let builder = match request.method {
        Method::Get => RequestBuilder::new(url).method(gloo_net::http::Method::GET),
        Method::Post => {
            headers.set("Content-Type", "application/json");
            RequestBuilder::new(url).method(gloo_net::http::Method::POST)
        }
    };
    let builder = builder
        .headers(headers)
        .mode(RequestMode::Cors)
        // `same-origin` lets an authenticating proxy that serves the page see its own cookie, and
        // sends none to Google.
        .credentials(RequestCredentials::SameOrigin)
        .cache(web_sys::RequestCache::NoStore)
        .abort_signal(abort.signal().as_ref());
    let network = |error: gloo_net::Error| ApiError::Network(error.to_string());
    let response = match &request.body {
        Some(body) => builder.body(body.as_str()).map_err(network)?.send().await,
        None => builder.send().await,
    }
    .map_err(network)?;
    let headers = response.headers();
    let reply = Reply {
        status: response.status(),
        retry_after: headers
            .get("Retry-After")
            .and_then(|secs| secs.trim().parse().ok())
            .map(Duration::from_secs),
        content_type: headers.get("Content-Type").unwrap_or_default(),
        body: response.text().await.map_err(network)?,
    };
    Ok(reply)
}

/// Aborts the request when the future that waits for it is dropped.
struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    fn new() -> Self {
        Self(AbortController::new().ok())
    }

    fn signal(&self) -> Option<AbortSignal> {
        self.0.as_ref().map(AbortController::signal)
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

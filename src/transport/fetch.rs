//! The browser's `fetch` as a [`Transport`].

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsValue;
use web_sys::{
    AbortController, AbortSignal, Headers, RequestCache, RequestCredentials, RequestInit,
    RequestMode,
};

use crate::api::error::ApiError;
use crate::api::http::{Method, Reply, Request, retry_after, without_token};
use crate::api::transport::LocalFuture;
use crate::api::transport::Transport;

/// A bearer token, in memory only: it is in no URL, no storage and no error.
///
/// Clones share one token, so that a client made before sign-in uses the token that came later.
#[derive(Clone, Default)]
pub(crate) struct Token(Rc<Shared>);

/// Is told of each answer whether the token was refused.
type Listener = Box<dyn Fn(bool)>;

#[derive(Default)]
struct Shared {
    text: RefCell<String>,
    on_answer: RefCell<Option<Listener>>,
}

impl Token {
    /// Replaces the token; an empty one sends none.
    pub(crate) fn set(&self, token: &str) {
        *self.0.text.borrow_mut() = token.trim().to_owned();
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.text.borrow().is_empty()
    }

    /// The token, for a worker that fetches by itself.
    pub(crate) fn text(&self) -> String {
        self.0.text.borrow().clone()
    }

    /// Does something whenever a server has taken the token or not: whether it has not.
    pub(crate) fn on_answer(&self, act: impl Fn(bool) + 'static) {
        *self.0.on_answer.borrow_mut() = Some(Box::new(act));
    }

    /// Notes that a server has taken a token or not, which may not be in use any more.
    fn answered(&self, token: &str, is_refused: bool) {
        if !token.is_empty()
            && *self.0.text.borrow() == token
            && let Some(act) = &*self.0.on_answer.borrow()
        {
            act(is_refused);
        }
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_empty() {
            "Token(none)"
        } else {
            "Token(…)"
        })
    }
}

/// Sends requests with `fetch` to one base address.
pub(crate) struct Fetch {
    base: String,
    token: Token,
    /// How often it has refused a token, and whether that was the last that is known of one.
    refusals: Cell<u32>,
    is_refused: Cell<bool>,
}

impl Fetch {
    /// `base` is what stands before `/v1/`, such as `https://clouddeploy.googleapis.com`.
    pub(crate) fn new(base: &str, token: Token) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        Self {
            base,
            token,
            refusals: Cell::default(),
            is_refused: Cell::default(),
        }
    }
}

impl Fetch {
    async fn send_with(&self, request: &Request, range: Option<&str>) -> Result<Reply, ApiError> {
        let url = format!("{}{}", self.base, request.path_and_query);
        let headers = new_headers()?;
        headers
            .set("Accept", "application/json")
            .map_err(|error| not_sent(&error))?;
        let (token, refusals) = (self.token.text(), self.refusals.get());
        if !token.is_empty() {
            headers
                .set("Authorization", &["Bearer ", &token].concat())
                .map_err(|error| not_sent(&error))?;
        }
        if let Some(range) = range {
            headers
                .set("Range", range)
                .map_err(|error| not_sent(&error))?;
        }
        let mut reply = send(&url, request, headers).await?;
        reply.body = without_token(reply.body, &token);
        if reply.status == 401 {
            self.refusals.set(self.refusals.get() + 1);
            self.is_refused.set(true);
            self.token.answered(&token, true);
        } else if reply.status < 400 && refusals == self.refusals.get() && self.is_refused.take() {
            // What was asked before the refusal says nothing, and neither does what another API takes.
            self.token.answered(&token, false);
        }
        Ok(reply)
    }
}

impl Transport for Fetch {
    fn send<'a>(&'a self, request: &'a Request) -> LocalFuture<'a, Result<Reply, ApiError>> {
        Box::pin(self.send_with(request, None))
    }

    fn send_range<'a>(
        &'a self,
        request: &'a Request,
        range: &'a str,
    ) -> LocalFuture<'a, Result<Reply, ApiError>> {
        Box::pin(self.send_with(request, Some(range)))
    }

    fn sleep(&self, duration: Duration) -> LocalFuture<'_, ()> {
        Box::pin(gloo_timers::future::sleep(duration))
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }
}

/// Reads what lies beside the page, such as `config.json`. The token is not sent.
///
/// # Errors
/// As [`Transport::send`].
pub(crate) async fn read_url(url: &str) -> Result<Reply, ApiError> {
    let request = Request {
        method: Method::Get,
        path_and_query: String::new(),
        body: None,
    };
    send(url, &request, new_headers()?).await
}

fn new_headers() -> Result<Headers, ApiError> {
    Headers::new().map_err(|error| not_sent(&error))
}

async fn send(url: &str, request: &Request, headers: Headers) -> Result<Reply, ApiError> {
    let mut abort = AbortOnDrop::new();
    abort.within(FIRST_BYTE);
    let init = RequestInit::new();
    init.set_mode(RequestMode::Cors);
    // `same-origin` lets an authenticating proxy that serves the page see its own cookie, and
    // sends none to Google.
    init.set_credentials(RequestCredentials::SameOrigin);
    init.set_cache(RequestCache::NoStore);
    init.set_signal(abort.signal().as_ref());
    init.set_method(match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
    });
    if let Some(body) = &request.body {
        headers
            .set("Content-Type", "application/json")
            .map_err(|error| not_sent(&error))?;
        init.set_body(&body.into());
    }
    init.set_headers(&headers);
    // Not through gloo-net's builder, which appends an `&` to an address that has a query.
    let raw =
        web_sys::Request::new_with_str_and_init(url, &init).map_err(|error| not_sent(&error))?;
    let network = |error: gloo_net::Error| ApiError::Network(error.to_string());
    let response = gloo_net::http::Request::from(raw)
        .send()
        .await
        .map_err(network)?;
    abort.within(WHOLE_BODY);
    let headers = response.headers();
    let reply = Reply {
        status: response.status(),
        retry_after: retry_after(headers.get("Retry-After")),
        content_type: headers.get("Content-Type").unwrap_or_default(),
        body: response.text().await.map_err(network)?,
    };
    Ok(reply)
}

/// A request that the browser refused to make, such as one to an address that is none, or with a
/// token that no header can hold. The browser's words are not repeated: they may have the token.
fn not_sent(_: &JsValue) -> ApiError {
    ApiError::Network("the browser refused to send the request: check apiBase and the token".into())
}

/// How long an answer may take to begin. Browsers wait for minutes, while a person takes what is on the
/// screen for the present.
const FIRST_BYTE: Duration = Duration::from_secs(30);
/// How long the rest of it may take, of what may be megabytes over a poor connection.
const WHOLE_BODY: Duration = Duration::from_secs(300);

/// Aborts the request when the future that waits for it is dropped, or when it takes too long.
struct AbortOnDrop {
    controller: Option<AbortController>,
    limit: Option<Timeout>,
}

impl AbortOnDrop {
    fn new() -> Self {
        Self {
            controller: AbortController::new().ok(),
            limit: None,
        }
    }

    fn signal(&self) -> Option<AbortSignal> {
        self.controller.as_ref().map(AbortController::signal)
    }

    /// Aborts it after a time, unless the time is set anew before.
    fn within(&mut self, limit: Duration) {
        self.limit = self.controller.clone().map(|controller| {
            Timeout::new(limit.as_millis() as u32, move || {
                controller.abort_with_reason(&js_sys::Error::new("it took too long"));
            })
        });
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}

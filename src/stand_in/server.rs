//! The HTTP side: axum's request to the simulation's, and its reply back.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use futures::{StreamExt, stream};
use serde_json::Value;
use tower_http::cors::{Any, CorsLayer};

use super::control;
use super::fault::{Fault, FaultKind, login_page, no_token_reply, status_reply, wrong_shape};
use super::log::LoggedRequest;
use super::range;
use super::shared::{Inner, Shared};
use crate::api::http::{self, Reply};
use crate::core::time::Timestamp;

/// The routes: the stand-in's own below `/stand-in/`, and all else to the simulation.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::RANGE])
        .expose_headers([header::RETRY_AFTER])
        .max_age(Duration::from_secs(600));
    control::routes()
        .fallback(answer)
        .layer(cors)
        .with_state(shared)
}

/// The request's index in the log, for as long as there is no answer.
struct Pending {
    shared: Arc<Shared>,
    index: usize,
    answered: bool,
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.answered
            && let Some(logged) = self.shared.lock().log.get_mut(self.index)
        {
            logged.aborted = true;
        }
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let authorization = parts.headers.get(header::AUTHORIZATION).cloned();
    let path_and_query = parts
        .uri
        .path_and_query()
        .map_or("/", |path| path.as_str())
        .to_owned();
    let body = to_bytes(body, 1 << 20).await.unwrap_or_default();
    let logged = LoggedRequest {
        method: parts.method.to_string(),
        path_and_query,
        authorized: authorization.is_some(),
        body: String::from_utf8_lossy(&body).into_owned(),
        time: Timestamp::now(),
        status: None,
        aborted: false,
    };
    let index = {
        let mut inner = shared.lock();
        inner.log.push(logged.clone());
        inner.log.len() - 1
    };
    let mut pending = Pending {
        shared: Arc::clone(&shared),
        index,
        answered: false,
    };

    let mut wait = shared.delay;
    let (reply, fault) = {
        let mut inner = shared.lock();
        let fault = take_fault(&mut inner.faults, &logged, &mut wait);
        let reply = match refuse(&shared, authorization.as_ref(), &logged) {
            Some(reply) => reply,
            None => reply(&mut inner, &logged, fault.as_ref()),
        };
        let reply = match &inner.rewrite {
            Some(rewrite) => rewrite(&logged, reply),
            None => reply,
        };
        (reply, fault)
    };
    let truncated = fault == Some(FaultKind::Truncated);
    tokio::time::sleep(wait).await;
    if fault == Some(FaultKind::HangUp) {
        // Ends the connection's task, and the connection with it; nobody is told of a panic.
        std::panic::resume_unwind(Box::new("hang up"));
    }

    pending.answered = true;
    // The log may have been cleared meanwhile.
    if let Some(logged) = shared.lock().log.get_mut(index) {
        logged.status = Some(reply.status);
    }
    let response = respond(reply, truncated);
    match truncated {
        // As it is: half of the whole, whatever was asked for.
        true => response,
        false => {
            range::cut(
                response,
                parts.headers.get(header::RANGE),
                &logged.path_and_query,
            )
            .await
        }
    }
}

/// The answer to a request without the right token.
fn refuse(
    shared: &Shared,
    authorization: Option<&HeaderValue>,
    request: &LoggedRequest,
) -> Option<Reply> {
    let token = shared.token.as_ref()?;
    let Some(given) = authorization else {
        return Some(no_token_reply());
    };
    let right = given
        .to_str()
        .ok()
        .and_then(|given| given.strip_prefix("Bearer "))
        == Some(token);
    (!right).then(|| status_reply(401, None, request))
}

/// Takes the first fault that the request falls under, and adds up the delays.
fn take_fault(
    faults: &mut Vec<Fault>,
    request: &LoggedRequest,
    wait: &mut Duration,
) -> Option<FaultKind> {
    let mut taken = None;
    for fault in faults.iter_mut().filter(|fault| fault.on.include(request)) {
        if let Some(left) = fault.spared.checked_sub(1) {
            fault.spared = left;
            continue;
        }
        match fault.kind {
            FaultKind::Delay { ms } => *wait += Duration::from_millis(ms),
            _ if taken.is_some() => continue,
            _ => taken = Some(fault.kind.clone()),
        }
        if let Some(times) = &mut fault.times {
            *times = times.saturating_sub(1);
        }
    }
    faults.retain(|fault| fault.times != Some(0));
    taken
}

fn reply(inner: &mut Inner, request: &LoggedRequest, fault: Option<&FaultKind>) -> Reply {
    match fault {
        Some(FaultKind::Status {
            status,
            retry_after,
        }) => status_reply(*status, *retry_after, request),
        Some(FaultKind::NotJson) => login_page(),
        Some(FaultKind::WrongShape) => wrong_shape(request),
        Some(FaultKind::PageLoop) if request.is_any_list() => {
            let mut first = request.clone();
            first.path_and_query = without_page_token(&request.path_and_query);
            // Two in turn: whoever looks at the last token only goes on for ever.
            let next = if request.path_and_query.contains("pageToken=round") {
                "and-round"
            } else {
                "round"
            };
            with_member(simulate(inner, &first), "nextPageToken", next.into())
        }
        Some(FaultKind::Unreachable) if request.is_any_list() => {
            let project = inner.sim.project();
            let location = format!("projects/{}/locations/us-east7", project.number);
            with_member(
                simulate(inner, request),
                "unreachable",
                vec![location].into(),
            )
        }
        _ => simulate(inner, request),
    }
}

fn simulate(inner: &mut Inner, request: &LoggedRequest) -> Reply {
    let method = match request.method.as_str() {
        "GET" => http::Method::Get,
        "POST" => http::Method::Post,
        // A path that the API does not have is answered as a method that it does not have.
        _ => {
            let none = http::Request {
                method: http::Method::Get,
                path_and_query: "/".to_owned(),
                body: None,
            };
            return inner.sim.handle(inner.clock.now(), &none);
        }
    };
    let body = Some(request.body.clone());
    let request = http::Request {
        method,
        path_and_query: request.path_and_query.clone(),
        body,
    };
    inner.sim.handle(inner.clock.now(), &request)
}

fn without_page_token(path_and_query: &str) -> String {
    let (path, query) = path_and_query
        .split_once('?')
        .unwrap_or((path_and_query, ""));
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.starts_with("pageToken=") && !pair.is_empty())
        .collect();
    format!("{path}?{}", kept.join("&"))
}

/// The same reply with another member in its JSON object.
fn with_member(mut reply: Reply, name: &str, value: Value) -> Reply {
    if reply.status == 200
        && let Ok(Value::Object(mut object)) = serde_json::from_str(&reply.body)
    {
        object.insert(name.to_owned(), value);
        reply.body = Value::Object(object).to_string();
    }
    reply
}

fn respond(reply: Reply, truncated: bool) -> Response {
    let whole = reply.body.len();
    let body = if truncated {
        let half = Bytes::from(reply.body.into_bytes()).slice(..whole / 2);
        // The first half goes out before the connection is cut.
        let cut = stream::once(async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            Err(std::io::Error::from(std::io::ErrorKind::ConnectionAborted))
        });
        Body::from_stream(stream::once(async { Ok(half) }).chain(cut))
    } else {
        Body::from(reply.body)
    };
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if truncated {
        headers.insert(header::CONTENT_LENGTH, whole.into());
    }
    if let Ok(kind) = HeaderValue::from_str(&reply.content_type) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    if let Some(after) = reply.retry_after {
        headers.insert(header::RETRY_AFTER, after.as_secs().into());
    }
    if reply.status == 401 {
        let how = HeaderValue::from_static("Bearer realm=\"stand-in\", error=\"invalid_token\"");
        headers.insert(header::WWW_AUTHENTICATE, how);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private"));
    response
}

//! The stand-in's own paths, by which a test in another process or a person at a shell steers it.
//!
//! - `GET /stand-in/requests`: the log; `DELETE` empties it.
//! - `POST /stand-in/faults` with a [`Fault`]: adds it; `{"reset":true}` or `DELETE` ends all;
//!   `GET` lists them.
//! - `POST /stand-in/clock` with `{"advance":SECONDS}` or `{"set":"2026-11-24T12:00:00Z"}`: moves
//!   the clock; `GET` tells the time. Both answer with `{"now":…}`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::Fault;
use super::log::LoggedRequest;
use super::shared::Shared;
use crate::core::time::{self, SignedDuration};

type Answer = Result<Json<Value>, (StatusCode, String)>;

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/stand-in/requests", get(requests).delete(forget_requests))
        .route(
            "/stand-in/faults",
            get(faults).post(add_fault).delete(reset_faults),
        )
        .route("/stand-in/clock", get(now).post(move_clock))
}

async fn requests(State(shared): State<Arc<Shared>>) -> Json<Vec<LoggedRequest>> {
    Json(shared.lock().log.clone())
}

async fn forget_requests(State(shared): State<Arc<Shared>>) {
    shared.lock().log.clear();
}

async fn faults(State(shared): State<Arc<Shared>>) -> Json<Vec<Fault>> {
    Json(shared.lock().faults.clone())
}

async fn reset_faults(State(shared): State<Arc<Shared>>) {
    shared.lock().faults.clear();
}

async fn add_fault(State(shared): State<Arc<Shared>>, body: String) -> Answer {
    let wrong = |error: serde_json::Error| (StatusCode::BAD_REQUEST, error.to_string());
    let value: Value = serde_json::from_str(&body).map_err(wrong)?;
    let mut inner = shared.lock();
    if value == json!({ "reset": true }) {
        inner.faults.clear();
    } else {
        inner
            .faults
            .push(serde_json::from_value(value).map_err(wrong)?);
    }
    Ok(Json(json!(inner.faults)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum Move {
    Advance(f64),
    Set(String),
}

async fn now(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(json!({ "now": time::to_rfc3339(shared.lock().clock.now()) }))
}

async fn move_clock(State(shared): State<Arc<Shared>>, body: String) -> Answer {
    let wrong = |error: String| (StatusCode::BAD_REQUEST, error);
    let asked: Move = serde_json::from_str(&body).map_err(|error| wrong(error.to_string()))?;
    {
        let clock = &mut shared.lock().clock;
        match asked {
            Move::Advance(seconds) => {
                clock.advance(
                    SignedDuration::try_from_secs_f64(seconds).map_err(|e| wrong(e.to_string()))?,
                );
            }
            Move::Set(text) => clock.set(time::parse(&text).map_err(wrong)?),
        }
    }
    Ok(now(State(shared)).await)
}

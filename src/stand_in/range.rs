//! Parts of objects: what a Range header asks of an answer that is whole.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

/// The part of an answer that a Range header asks for, with status 206, or 416 when there is no
/// byte of it. What is no such answer, and a header with several ranges or none, changes nothing
/// (RFC 9110, section 14.2).
pub(crate) async fn cut(
    response: Response,
    range: Option<&HeaderValue>,
    path_and_query: &str,
) -> Response {
    let is_content =
        path_and_query.starts_with("/storage/v1/") && path_and_query.contains("alt=media");
    let range = range.and_then(|range| range.to_str().ok()).and_then(parse);
    let Some(range) = range.filter(|_| is_content && response.status() == StatusCode::OK) else {
        return response;
    };
    let (mut parts, body) = response.into_parts();
    // The simulation's bodies are whole in memory, so that nothing can go wrong here.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let whole = body.len() as u64;
    let (from, to) = match range {
        (Some(from), to) => (from, to.map_or(whole, |to| to.saturating_add(1).min(whole))),
        (None, last) => (whole.saturating_sub(last.unwrap_or(0)), whole),
    };
    let (status, described, body) = if from < to {
        let described = format!("bytes {from}-{}/{whole}", to - 1);
        (
            StatusCode::PARTIAL_CONTENT,
            described,
            body.slice(from as usize..to as usize),
        )
    } else {
        (
            StatusCode::RANGE_NOT_SATISFIABLE,
            format!("bytes */{whole}"),
            Default::default(),
        )
    };
    parts.status = status;
    parts.headers.remove(header::CONTENT_LENGTH);
    if let Ok(described) = HeaderValue::from_str(&described) {
        parts.headers.insert(header::CONTENT_RANGE, described);
    }
    Response::from_parts(parts, Body::from(body))
}

/// The first and last byte of one range, or how many bytes at the end.
fn parse(range: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (from, to) = range.strip_prefix("bytes=")?.split_once('-')?;
    let number = |text: &str| match text {
        "" => Some(None),
        text if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok().map(Some),
        _ => None,
    };
    match (number(from)?, number(to)?) {
        (None, None) => None,
        (Some(from), Some(to)) if to < from => None,
        range => Some(range),
    }
}

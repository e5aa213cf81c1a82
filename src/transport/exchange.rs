//! The messages between the page and a worker that answers API requests: a request and its reply, as texts.

use crate::api::http::{Method, Reply, Request};

/// The call for a request to an opened file: where it came from, the method, and the path with its query. The
/// answer is that of [`reply_to_texts`].
pub(crate) const FILE: &str = "file";
/// The call for a request to the demo: when the demo began, the present (both RFC 3339), the method, the path
/// with its query, and the body (empty for none). The answer is that of [`reply_to_texts`].
pub(crate) const DEMO: &str = "demo";

/// Returns the name of a request's method.
pub(crate) fn method(request: &Request) -> &'static str {
    match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
    }
}

/// Makes a request of texts: the method, the path with its query, and the body (empty for none).
pub(crate) fn request(method: &str, path_and_query: &str, body: &str) -> Request {
    Request {
        method: if method == "POST" { Method::Post } else { Method::Get },
        path_and_query: path_and_query.to_owned(),
        body: (!body.is_empty()).then(|| body.to_owned()),
    }
}

/// A reply as texts: status, content type and body.
pub fn reply_to_texts(reply: Reply) -> Vec<String> {
    vec![reply.status.to_string(), reply.content_type, reply.body]
}

/// Reads what [`reply_to_texts`] wrote; `None` when it is something else.
pub fn reply_from_texts(texts: Vec<String>) -> Option<Reply> {
    let [status, content_type, body] = texts.try_into().ok()?;
    Some(Reply { status: status.parse().ok()?, retry_after: None, content_type, body })
}

//! Replies as Cloud Deploy writes them, for what answers in its place: an opened file and the simulation.

use super::http::Reply;

/// An answer with an error: `google.rpc.Status` in the envelope that Google's JSON APIs use
/// (AIP-193). `details` is JSON, with commas between and none around.
pub(crate) fn error(http: u16, code: &str, message: &str, details: &str) -> Reply {
    let body = [
        "{\"error\":{\"code\":",
        &http.to_string(),
        ",\"message\":",
        &quote(message),
        ",\"status\":",
        &quote(code),
        ",\"details\":[",
        details,
        "]}}",
    ]
    .concat();
    Reply {
        status: http,
        retry_after: None,
        content_type: JSON.to_owned(),
        body,
    }
}

/// A `google.rpc.ErrorInfo`; `metadata` is JSON members.
pub(crate) fn error_info(reason: &str, metadata: &str) -> String {
    [
        "{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":",
        &quote(reason),
        ",\"domain\":\"clouddeploy.googleapis.com\",\"metadata\":{\"service\":\"clouddeploy.googleapis.com\"",
        if metadata.is_empty() { "" } else { "," },
        metadata,
        "}}",
    ]
    .concat()
}

/// The content type of every answer that is JSON.
pub(crate) const JSON: &str = "application/json; charset=UTF-8";

/// A text as JSON.
pub(crate) fn quote(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

//! A request and its reply as plain data: what the client asks and a transport carries.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The HTTP methods that the API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    Get,
    Post,
}

/// A request below a base address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub method: Method,
    /// From `/v1/` on, percent-encoded, with the query.
    pub path_and_query: String,
    /// JSON, for a POST.
    pub body: Option<String>,
}

/// What a server answered, whatever its status.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    pub status: u16,
    /// How long the server asks to wait before another try.
    pub retry_after: Option<Duration>,
    /// `Content-Type`, or nothing.
    pub content_type: String,
    pub body: String,
}

/// How long a server asks to wait, of what its `Retry-After` says, which is read if it is of seconds.
pub(crate) fn retry_after(header: Option<String>) -> Option<Duration> {
    header?.trim().parse().ok().map(Duration::from_secs)
}

impl Reply {
    /// Whether the same read may succeed if asked again soon, by the status alone; 0 is none, since no
    /// reply came. [`ApiError::is_passing`](super::error::ApiError::is_passing) says the same.
    pub fn is_passing(&self) -> bool {
        // 501 says that there is no such thing to ask for.
        matches!(self.status, 0 | 429 | 500 | 502..=599)
    }

    /// Whether it is a page for people where the text of a file was asked for, such as a proxy's login
    /// page. `path` is what was asked for: files may be pages themselves.
    pub fn is_stray_page(&self, path: &str) -> bool {
        self.content_type.starts_with("text/html") && !path.contains(".htm")
    }
}

/// Percent-encodes a text as one path segment or query value: all but RFC 3986's unreserved
/// characters.
pub fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(byte.into())
            }
            _ => {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                out.push('%');
                out.push(HEX[usize::from(byte >> 4)].into());
                out.push(HEX[usize::from(byte & 15)].into());
            }
        }
    }
    out
}

/// An answer's text without the token that was sent, which a server may repeat in it. What is too short
/// for a token of Google's may be in a text by chance.
pub fn without_token(text: String, token: &str) -> String {
    if token.len() < 16 || !text.contains(token) {
        text
    } else {
        text.replace(token, "…")
    }
}

/// Reverses [`percent_encode`]. A `%` that starts no valid escape stays as it is, and bytes that
/// are no UTF-8 become U+FFFD.
pub fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |offset: usize| {
            bytes
                .get(at + offset)
                .and_then(|b| char::from(*b).to_digit(16))
        };
        if let (b'%', Some(high), Some(low)) = (bytes[at], hex(1), hex(2)) {
            out.push((high * 16 + low) as u8);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

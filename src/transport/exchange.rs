//! The reply to an API request on its way from a worker to the page.

use serde::{Deserialize, Serialize};

use crate::api::http::Reply;

/// A reply without its body. The body is attached to the message: megabytes of JSON within JSON would have to be
/// escaped and read once more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyHead {
    pub status: u16,
    pub content_type: String,
}

impl ReplyHead {
    /// Splits a reply into its head and its body. No worker asks to wait, so `retry_after` is left out.
    pub fn split(reply: Reply) -> (Self, String) {
        let Reply {
            status,
            content_type,
            body,
            ..
        } = reply;
        (
            Self {
                status,
                content_type,
            },
            body,
        )
    }

    /// Makes the reply whole again.
    pub fn join(self, body: String) -> Reply {
        Reply {
            status: self.status,
            retry_after: None,
            content_type: self.content_type,
            body,
        }
    }
}

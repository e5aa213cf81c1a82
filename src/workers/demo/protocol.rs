//! The messages between the page and the demo's worker.
//!
//! The reply to a [`DemoRequest`] is a [`ReplyHead`](crate::transport::exchange::ReplyHead), with the body attached.

use serde::{Deserialize, Serialize};

use crate::api::http;
use crate::core::time::{Timestamp, rfc3339};

/// An API request to the demo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoRequest {
    /// When the demo's live rollouts began. The worker reads that of the first request only.
    #[serde(with = "rfc3339")]
    pub epoch: Timestamp,
    #[serde(with = "rfc3339")]
    pub now: Timestamp,
    pub request: http::Request,
}

//! What can go wrong between a question and its answer, as types.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;

use super::http::Reply;

/// Why a call gave no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// No whole reply came. A browser does not tell apart: offline, no such host, a refused
    /// connection, a cut body, or a server that does not allow this page's origin (CORS).
    Network(String),
    /// The server answered with an error.
    Refused(Box<Refusal>),
    /// The server answered with what is not the expected JSON.
    Malformed(Malformed),
    /// The pages of a list lead back to a page that was read already.
    PageLoop {
        /// The token that came twice.
        token: String,
    },
}

/// An error that the server answered with: HTTP and `google.rpc.Status`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub kind: RefusalKind,
    pub http_status: u16,
    /// The `google.rpc.Code` name, such as `FAILED_PRECONDITION`; empty when the body has none.
    pub status: String,
    /// The server's own words; empty when the body has none.
    pub message: String,
    /// The IAM permission that is missing, on a 403.
    pub permission: Option<String>,
    /// Deploy policies that stood in the way, where the server names them.
    pub violations: Vec<PolicyViolation>,
    pub retry_after: Option<Duration>,
    /// The body as it came.
    pub body: String,
}

/// What kind of answer an error is, as far as what a user can do about it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// 401: no token, or one that is no longer valid.
    Unauthenticated,
    /// 403.
    PermissionDenied,
    /// 404.
    NotFound,
    /// 409, or 400 with FAILED_PRECONDITION: the resource's state does not allow it.
    Conflict,
    /// 429.
    TooManyRequests,
    /// 5xx.
    Unavailable,
    /// 400: the request itself is wrong.
    InvalidRequest,
    /// Any other status.
    Other,
}

/// One rule of a deploy policy that forbids an action (`PolicyViolationDetails`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyViolation {
    /// `projects/*/locations/*/deployPolicies/*`.
    pub policy: String,
    pub rule_id: String,
    pub failure_message: String,
}

/// JSON that is not what was expected, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// From 1.
    pub line: usize,
    /// From 1, in bytes.
    pub column: usize,
    /// What is wrong there.
    pub reason: String,
    /// The text around the place, at most some dozens of characters.
    pub excerpt: String,
}

impl Malformed {
    /// Says where and why `text` could not be read.
    pub fn new(text: &str, error: &serde_json::Error) -> Self {
        let reason = error.to_string();
        // serde_json appends the place to its sentence; here it has fields of its own.
        let reason = match reason.rfind(" at line ") {
            Some(end) => reason[..end].to_owned(),
            None => reason,
        };
        Self { line: error.line(), column: error.column(), reason, excerpt: excerpt(text, error) }
    }
}

/// The characters around an error's place, for a reader to recognise it.
fn excerpt(text: &str, error: &serde_json::Error) -> String {
    const BEFORE: usize = 40;
    const AFTER: usize = 20;
    let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or("");
    let place = error.column().min(line.len());
    let mut from = place.saturating_sub(BEFORE);
    let mut to = (place + AFTER).min(line.len());
    while !line.is_char_boundary(from) {
        from -= 1;
    }
    while !line.is_char_boundary(to) {
        to += 1;
    }
    line[from..to].trim().to_owned()
}

/// The error envelope of Google's JSON APIs (AIP-193).
#[derive(Deserialize)]
struct Envelope {
    error: Status,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Status {
    message: String,
    status: String,
    details: Vec<Detail>,
}

/// What this client uses of the detail types: `google.rpc.ErrorInfo`, `google.rpc.RetryInfo` and
/// Cloud Deploy's `PolicyViolation`. Their fields do not overlap.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Detail {
    metadata: DetailMetadata,
    policy_violation_details: Vec<PolicyViolation>,
    retry_delay: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DetailMetadata {
    permission: String,
}

impl Refusal {
    /// Reads an error reply. `permission` is what the call needs, for a 403 that does not say.
    pub fn from_reply(reply: &Reply, permission: &str) -> Self {
        let status =
            serde_json::from_str::<Envelope>(&reply.body).map(|envelope| envelope.error).unwrap_or_default();
        let kind = match reply.status {
            401 => RefusalKind::Unauthenticated,
            403 => RefusalKind::PermissionDenied,
            404 => RefusalKind::NotFound,
            409 => RefusalKind::Conflict,
            400 if status.status == "FAILED_PRECONDITION" => RefusalKind::Conflict,
            400 => RefusalKind::InvalidRequest,
            429 => RefusalKind::TooManyRequests,
            500..=599 => RefusalKind::Unavailable,
            _ => RefusalKind::Other,
        };
        let named = status.details.iter().map(|detail| &detail.metadata.permission).find(|p| !p.is_empty());
        let retry_delay = status.details.iter().find_map(|detail| {
            let secs: f64 = detail.retry_delay.strip_suffix('s')?.parse().ok()?;
            Duration::try_from_secs_f64(secs).ok()
        });
        Self {
            kind,
            http_status: reply.status,
            permission: (kind == RefusalKind::PermissionDenied).then(|| {
                named
                    .cloned()
                    .or_else(|| permission_in(&status.message))
                    .unwrap_or_else(|| permission.to_owned())
            }),
            violations: status.details.into_iter().flat_map(|d| d.policy_violation_details).collect(),
            status: status.status,
            message: status.message,
            retry_after: reply.retry_after.or(retry_delay),
            body: reply.body.clone(),
        }
    }
}

/// The permission in a message such as «Permission 'clouddeploy.jobRuns.get' denied on …».
fn permission_in(message: &str) -> Option<String> {
    message
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
        .map(|word| word.trim_matches('.'))
        .find(|word| {
            word.split('.').count() == 3
                && ["clouddeploy.", "cloudbuild.", "storage."].iter().any(|p| word.starts_with(p))
        })
        .map(str::to_owned)
}

impl ApiError {
    /// The refusal, when the server answered with one.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Whether the same read may succeed if asked again soon.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Network(_) => true,
            Self::Refused(refusal) => {
                matches!(refusal.kind, RefusalKind::TooManyRequests | RefusalKind::Unavailable)
            }
            Self::Malformed(_) | Self::PageLoop { .. } => false,
        }
    }
}

impl From<Malformed> for ApiError {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at line {}, column {}", self.reason, self.line, self.column)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(reason) => write!(f, "no reply: {reason}"),
            Self::Refused(refusal) => {
                write!(f, "{} {}: {}", refusal.http_status, refusal.status, refusal.message)
            }
            Self::Malformed(malformed) => write!(f, "unexpected reply: {malformed}"),
            Self::PageLoop { token } => write!(f, "the page token “{token}” came twice"),
        }
    }
}

impl std::error::Error for ApiError {}

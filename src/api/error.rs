//! What can go wrong between a question and its answer, as types.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

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
    /// A part of the viewer that is loaded only when it is needed did not work, and why.
    Part(String),
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyViolation {
    /// `projects/*/locations/*/deployPolicies/*`.
    pub policy: String,
    pub rule_id: String,
    pub failure_message: String,
}

/// JSON that is not what was expected, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Malformed {
    /// From 1.
    pub line: usize,
    /// From 1, in bytes.
    pub column: usize,
    /// What is wrong there.
    pub reason: String,
    /// The text around the error, at most some dozens of characters.
    pub excerpt: String,
}

impl Malformed {
    /// Says where and why `text` could not be read.
    pub fn new(text: &str, error: &serde_json::Error) -> Self {
        // serde_json appends line and column to its sentence; here it has fields of its own.
        let suffix = format!(" at line {} column {}", error.line(), error.column());
        let reason = error.to_string();
        let reason = shortened(reason.strip_suffix(&suffix).unwrap_or(&reason));
        // serde_json says column 0 for what is wrong before a line's first character.
        Self {
            line: error.line().max(1),
            column: error.column().max(1),
            reason,
            excerpt: excerpt(text, error),
        }
    }
}

/// A reason short enough to read: serde_json's quotes the value, however long that is.
fn shortened(reason: &str) -> String {
    const MOST: usize = 200;
    match reason.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &reason[..end]),
        None => reason.to_owned(),
    }
}

/// How much of a reply shows what it is.
const EXCERPT: usize = 60;

/// The characters around an error, for a reader to recognise it.
fn excerpt(text: &str, error: &serde_json::Error) -> String {
    const BEFORE: usize = 40;
    const AFTER: usize = 20;
    let line = text
        .split('\n')
        .nth(error.line().saturating_sub(1))
        .unwrap_or("");
    let column = error.column().min(line.len());
    let mut from = column.saturating_sub(BEFORE);
    let mut to = (column + AFTER).min(line.len());
    while !line.is_char_boundary(from) {
        from -= 1;
    }
    while !line.is_char_boundary(to) {
        to += 1;
    }
    line[from..to].trim().to_owned()
}

/// The fields of a JSON object; none for anything else. With it an error is read field by field,
/// so that one of an unexpected shape does not cost the others.
fn fields(raw: &str) -> BTreeMap<String, &RawValue> {
    serde_json::from_str(raw).unwrap_or_default()
}

/// The items of a JSON list; none for anything else.
fn items<'a>(fields: &BTreeMap<String, &'a RawValue>, field: &str) -> Vec<&'a RawValue> {
    fields
        .get(field)
        .and_then(|raw| serde_json::from_str(raw.get()).ok())
        .unwrap_or_default()
}

/// A field's text. What is there and no text is taken as it is written.
fn text(fields: &BTreeMap<String, &RawValue>, field: &str) -> String {
    match fields.get(field).map(|raw| raw.get()) {
        None | Some("null") => String::new(),
        Some(raw) => serde_json::from_str(raw).unwrap_or_else(|_| raw.to_owned()),
    }
}

/// A proto3 duration such as `1.500s`, to the millisecond. (Reading it as a float would bring 10 KB
/// of tables into the bundle that do not compress.)
fn seconds(text: &str) -> Option<Duration> {
    let (whole, fraction) = text
        .strip_suffix('s')?
        .split_once('.')
        .unwrap_or((text.strip_suffix('s')?, ""));
    let millis: String = fraction.chars().chain("000".chars()).take(3).collect();
    Some(Duration::from_secs(whole.parse().ok()?) + Duration::from_millis(millis.parse().ok()?))
}

/// What this client uses of an error in the envelope of Google's JSON APIs (AIP-193), and of the
/// detail types: `google.rpc.ErrorInfo`, `google.rpc.RetryInfo` and Cloud Deploy's
/// `PolicyViolation`, whose fields do not overlap.
#[derive(Default)]
struct Status {
    status: String,
    message: String,
    permission: Option<String>,
    retry_delay: Option<Duration>,
    violations: Vec<PolicyViolation>,
}

impl Status {
    fn read(body: &str) -> Self {
        let envelope = fields(body);
        let Some(error) = envelope.get("error") else {
            return Self::default();
        };
        let error = fields(error.get());
        let mut found = Self {
            status: text(&error, "status"),
            message: text(&error, "message"),
            ..Self::default()
        };
        for detail in items(&error, "details") {
            let detail = fields(detail.get());
            let metadata = detail
                .get("metadata")
                .map(|raw| fields(raw.get()))
                .unwrap_or_default();
            let permission = text(&metadata, "permission");
            if found.permission.is_none() && !permission.is_empty() {
                found.permission = Some(permission);
            }
            found.retry_delay = found
                .retry_delay
                .or_else(|| seconds(&text(&detail, "retryDelay")));
            for violation in items(&detail, "policyViolationDetails") {
                let violation = fields(violation.get());
                found.violations.push(PolicyViolation {
                    policy: text(&violation, "policy"),
                    rule_id: text(&violation, "ruleId"),
                    failure_message: text(&violation, "failureMessage"),
                });
            }
        }
        found
    }
}

impl Refusal {
    /// Whether it says no before anything was done, rather than that something went wrong.
    pub(crate) fn is_plain(&self) -> bool {
        !matches!(self.kind, RefusalKind::Unavailable | RefusalKind::Other)
    }

    /// Reads an error reply. `permission` is what the call needs, for a 403 that does not say.
    pub fn from_reply(reply: &Reply, permission: &str) -> Self {
        let status = Status::read(&reply.body);
        let kind = match reply.status {
            401 => RefusalKind::Unauthenticated,
            403 => RefusalKind::PermissionDenied,
            404 => RefusalKind::NotFound,
            409 => RefusalKind::Conflict,
            400 if status.status == "FAILED_PRECONDITION" => RefusalKind::Conflict,
            400 => RefusalKind::InvalidRequest,
            429 => RefusalKind::TooManyRequests,
            500 | 502..=599 => RefusalKind::Unavailable,
            _ => RefusalKind::Other,
        };
        Self {
            kind,
            http_status: reply.status,
            permission: (kind == RefusalKind::PermissionDenied).then(|| {
                status
                    .permission
                    .or_else(|| permission_in(&status.message))
                    .unwrap_or_else(|| permission.to_owned())
            }),
            violations: status.violations,
            status: status.status,
            message: status.message,
            retry_after: reply.retry_after.or(status.retry_delay),
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
            // Not the name of a service, such as `clouddeploy.googleapis.com`.
            word.split('.').count() == 3
                && !word.contains(".googleapis.")
                && ["clouddeploy.", "cloudbuild.", "storage.", "iam."]
                    .iter()
                    .any(|p| word.starts_with(p))
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

    /// What a reply says that is not what was asked for, and that needed `permission`. One of status 0
    /// is none: its body says why. One of success is of another kind than it should be.
    pub fn of_reply(reply: &Reply, permission: &str) -> Self {
        match reply.status {
            0 => Self::Network(reply.body.clone()),
            200..=299 => Self::Malformed(Malformed {
                line: 1,
                column: 1,
                reason: [
                    "the reply is ",
                    reply.content_type.split(';').next().unwrap_or_default(),
                ]
                .concat(),
                excerpt: reply
                    .body
                    .chars()
                    .take(EXCERPT)
                    .collect::<String>()
                    .trim()
                    .to_owned(),
            }),
            _ => Self::Refused(Box::new(Refusal::from_reply(reply, permission))),
        }
    }

    /// Whether the server says that there is no such resource.
    pub fn is_not_found(&self) -> bool {
        self.refusal()
            .is_some_and(|refusal| refusal.kind == RefusalKind::NotFound)
    }

    /// Whether the same read may succeed if asked again soon.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Network(_) => true,
            Self::Refused(refusal) => {
                matches!(
                    refusal.kind,
                    RefusalKind::TooManyRequests | RefusalKind::Unavailable
                )
            }
            Self::Malformed(_) | Self::PageLoop { .. } | Self::Part(_) => false,
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
        write!(
            f,
            "{} at line {}, column {}",
            self.reason, self.line, self.column
        )
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(reason) => write!(f, "no reply: {reason}"),
            Self::Refused(refusal) => {
                write!(
                    f,
                    "{} {}: {}",
                    refusal.http_status, refusal.status, refusal.message
                )
            }
            Self::Malformed(malformed) => write!(f, "unexpected reply: {malformed}"),
            Self::Part(why) => write!(f, "a part of the viewer did not work: {why}"),
            Self::PageLoop { token } => write!(f, "the page token “{token}” came twice"),
        }
    }
}

impl std::error::Error for ApiError {}

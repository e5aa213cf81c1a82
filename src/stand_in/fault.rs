//! What can be made to go wrong.

use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::log::LoggedRequest;
use crate::api::http::{Reply, percent_decode};
use crate::api::reply::{JSON, error, error_info};

/// Something that goes wrong with some requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    #[serde(flatten)]
    pub kind: FaultKind,
    /// With which requests.
    #[serde(default)]
    pub on: Calls,
    /// With how many of them, from now; with all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// How many of them come off before.
    #[serde(default)]
    pub spared: u32,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum FaultKind {
    /// The answer comes late. The request has its effect before.
    Delay { ms: u64 },
    /// An error instead of an answer: 401, 403, 404, 409, 429, 500 or 503, or any other status
    /// with a body that says little.
    Status {
        status: u16,
        /// Seconds, for the header of this name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
    },
    /// The connection is cut in the middle of the answer's body.
    Truncated,
    /// The request has its effect, and the connection is cut before a word of the answer.
    HangUp,
    /// A page for people, with status 200, as a proxy's login page is.
    NotJson,
    /// JSON that is not what was asked for.
    WrongShape,
    /// Every page of a list is the first and says that there is one more.
    PageLoop,
    /// A list that says that a location could not be reached.
    Unreachable,
}

/// A kind of request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Calls {
    #[default]
    All,
    /// Lists of job runs.
    List,
    /// Single job runs.
    Get,
    Terminate,
    /// Lists of anything else.
    Browse,
    /// Single rollouts.
    GetRollout,
    /// Actions on rollouts.
    Act,
    /// Builds, which are Cloud Build's.
    Build,
    /// Objects, which are Cloud Storage's: logs and manifests.
    Object,
}

impl Calls {
    /// Whether a request is of the kind.
    pub(crate) fn include(self, request: &LoggedRequest) -> bool {
        match self {
            Self::All => true,
            Self::List => request.is_list(),
            Self::Get => request.is_get(),
            Self::Terminate => request.is_terminate(),
            Self::Browse => request.is_browse(),
            Self::GetRollout => request.is_get_rollout(),
            Self::Act => request.is_act(),
            Self::Build => request.is_build(),
            Self::Object => request.is_object(),
        }
    }
}

impl From<FaultKind> for Fault {
    /// A fault of all requests.
    fn from(kind: FaultKind) -> Self {
        Self {
            kind,
            on: Calls::All,
            times: None,
            spared: 0,
        }
    }
}

impl Fault {
    /// An error instead of an answer to every request.
    pub fn status(status: u16) -> Self {
        FaultKind::Status {
            status,
            retry_after: None,
        }
        .into()
    }

    /// The same fault with some requests only.
    pub fn on(self, on: Calls) -> Self {
        Self { on, ..self }
    }

    /// The same fault after the next few requests.
    pub fn sparing(self, spared: u32) -> Self {
        Self { spared, ..self }
    }

    /// The same fault with the next few requests only.
    pub fn times(self, times: u32) -> Self {
        Self {
            times: Some(times),
            ..self
        }
    }
}

impl FromStr for Fault {
    type Err = String;

    /// Reads the short form of the command line: `KIND[:NUMBER][@CALLS][*TIMES]`, such as
    /// `429:2@list*3` (two seconds of Retry-After) or `delay:500`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "“{text}” is no fault: expected delay:MS, a status such as 503 or 429:SECONDS, truncated, \
                 hang-up, not-json, wrong-shape, page-loop or unreachable, then @list, @get, @terminate, @browse, \
                 @get-rollout, @act, @build or @object, then *TIMES"
            )
        };
        let (text, times) = match text.split_once('*') {
            Some((text, times)) => (text, Some(times.parse().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let (text, on) = text.split_once('@').unwrap_or((text, "all"));
        let on = match on {
            "all" => Calls::All,
            "list" => Calls::List,
            "get" => Calls::Get,
            "terminate" => Calls::Terminate,
            "browse" => Calls::Browse,
            "get-rollout" => Calls::GetRollout,
            "act" => Calls::Act,
            "build" => Calls::Build,
            "object" => Calls::Object,
            _ => return Err(wrong()),
        };
        let (kind, number) = match text.split_once(':') {
            Some((kind, number)) => (kind, Some(number.parse().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let kind = match (kind, number) {
            ("delay", Some(ms)) => FaultKind::Delay { ms },
            ("truncated", None) => FaultKind::Truncated,
            ("hang-up", None) => FaultKind::HangUp,
            ("not-json", None) => FaultKind::NotJson,
            ("wrong-shape", None) => FaultKind::WrongShape,
            ("page-loop", None) => FaultKind::PageLoop,
            ("unreachable", None) => FaultKind::Unreachable,
            (status, retry_after) => match status.parse() {
                Ok(status @ 400..=599) => FaultKind::Status {
                    status,
                    retry_after,
                },
                _ => return Err(wrong()),
            },
        };
        Ok(Self {
            kind,
            on,
            times,
            spared: 0,
        })
    }
}

/// The answer of a server that refuses with `status`, as Google's would.
pub(crate) fn status_reply(
    status: u16,
    retry_after: Option<u64>,
    request: &LoggedRequest,
) -> Reply {
    let permission = request.permission();
    let path = request.path_and_query.split('?').next().unwrap_or("");
    let name = percent_decode(path.trim_start_matches("/v1/"));
    let mut name = name.as_str();
    if request.api_method() == "list" {
        name = name
            .trim_end_matches(request.collection())
            .trim_end_matches('/');
    } else if let Some((resource, _)) = name.rsplit_once(':') {
        name = resource;
    }
    let quote = |text: &str| serde_json::Value::from(text).to_string();
    let mut reply = match status {
        401 => error(
            401,
            "UNAUTHENTICATED",
            "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or \
             other valid authentication credential.",
            &error_info("ACCESS_TOKEN_EXPIRED", ""),
        ),
        403 => error(
            403,
            "PERMISSION_DENIED",
            &format!(
                "Permission '{permission}' denied on resource \
                 '//clouddeploy.googleapis.com/{name}' (or it may not exist)."
            ),
            &error_info(
                "IAM_PERMISSION_DENIED",
                &format!(
                    "\"permission\":{},\"resource\":{}",
                    quote(&permission),
                    quote(name)
                ),
            ),
        ),
        404 => error(
            404,
            "NOT_FOUND",
            &format!("Resource '{name}' was not found"),
            &error_info("RESOURCE_NOT_FOUND", ""),
        ),
        409 => error(
            409,
            "ABORTED",
            "unable to queue the operation",
            &error_info("ABORTED", ""),
        ),
        429 => error(
            429,
            "RESOURCE_EXHAUSTED",
            "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute' of service \
             'clouddeploy.googleapis.com'.",
            &error_info(
                "RATE_LIMIT_EXCEEDED",
                "\"quota_limit\":\"ReadRequestsPerMinutePerProject\"",
            ),
        ),
        500 => error(500, "INTERNAL", "Internal error encountered.", ""),
        503 => error(
            503,
            "UNAVAILABLE",
            "The service is currently unavailable.",
            "",
        ),
        other => error(other, "UNKNOWN", "The stand-in was asked to answer so.", ""),
    };
    reply.retry_after = retry_after.map(Duration::from_secs);
    reply
}

/// The answer to a request without a token.
pub(crate) fn no_token_reply() -> Reply {
    error(
        401,
        "UNAUTHENTICATED",
        "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or \
         other valid authentication credential.",
        &error_info("CREDENTIALS_MISSING", ""),
    )
}

/// The login page of some proxy.
pub(crate) fn login_page() -> Reply {
    Reply {
        status: 200,
        retry_after: None,
        content_type: "text/html; charset=UTF-8".to_owned(),
        body:
            "<!DOCTYPE html>\n<title>Sign in</title>\n<h1>Sign in to the corporate network</h1>\n"
                .to_owned(),
    }
}

/// JSON that is no answer to the request.
pub(crate) fn wrong_shape(request: &LoggedRequest) -> Reply {
    let body = match request.is_any_list() {
        true => format!(r#"{{"{}":{{"0":"none"}}}}"#, request.collection()),
        false => r#"["not","what","was","asked"]"#.to_owned(),
    };
    Reply {
        status: 200,
        retry_after: None,
        content_type: JSON.to_owned(),
        body,
    }
}

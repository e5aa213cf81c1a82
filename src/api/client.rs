//! The Cloud Deploy client: which request a call makes, and what its reply means.
//!
//! Generic over the [`Transport`], so that the browser's `fetch`, the demo's simulation and a
//! test's script go through the same code.

use std::time::Duration;

use super::error::{ApiError, Malformed, Refusal};
use super::http::{Method, Reply, Request, Transport, percent_encode};
use super::retry::retrying;
use super::source::{ListQuery, LocalFuture, Page, Record, RunSource};
use crate::model::name::{JobRunName, RolloutName};

/// How reads are tried again after a passing failure.
///
/// The numbers follow Google's own client for Cloud Deploy (first after 1 s, × 1.3), but end
/// sooner: a person is waiting, and the page says what is wrong and offers another try.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// Tries in all, the first included.
    pub tries: u32,
    pub first_delay: Duration,
    /// By what each delay is longer than the one before.
    pub factor: f64,
    /// No delay is longer, unless the server asks for a longer one.
    pub max_delay: Duration,
    /// A server that asks for a longer wait than this is not waited for; the error says when.
    pub max_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            tries: 4,
            first_delay: Duration::from_secs(1),
            factor: 1.3,
            max_delay: Duration::from_secs(10),
            max_retry_after: Duration::from_secs(30),
        }
    }
}

impl RetryPolicy {
    /// How long to wait before the next try, after `tried` tries of which the last ended in
    /// `error`; `None` to give up. `random` is from 0 up to 1.
    ///
    /// The jitter takes away up to half of the delay, so that many viewers do not come back at
    /// once. What the server asks for in Retry-After is a least, to which jitter only adds.
    pub fn delay(&self, tried: u32, error: &ApiError, random: f64) -> Option<Duration> {
        if tried >= self.tries || !error.is_passing() {
            return None;
        }
        match error.refusal().and_then(|refusal| refusal.retry_after) {
            Some(asked) if asked > self.max_retry_after => None,
            Some(asked) => Some(asked.saturating_add(self.first_delay.mul_f64(random / 2.0))),
            None => {
                let exponent = i32::try_from(tried.saturating_sub(1)).unwrap_or(i32::MAX);
                let delay = self.first_delay.as_secs_f64() * self.factor.powi(exponent);
                let delay = delay.min(self.max_delay.as_secs_f64());
                Some(Duration::try_from_secs_f64(delay * (1.0 - random / 2.0)).unwrap_or(self.max_delay))
            }
        }
    }
}

/// Job runs of the Cloud Deploy API, over a transport.
pub struct Client<T> {
    transport: T,
    retry: RetryPolicy,
}

impl<T: Transport> Client<T> {
    /// A client with the default [`RetryPolicy`].
    pub fn new(transport: T) -> Self {
        Self { transport, retry: RetryPolicy::default() }
    }

    /// What carries the requests.
    pub fn transport(&self) -> &T {
        &self.transport
    }

    /// Sends a read, again after passing failures. `permission` is what it needs.
    async fn read(&self, request: &Request, permission: &str) -> Result<Reply, ApiError> {
        retrying(&self.retry, &self.transport, async || self.once(request, permission).await).await
    }

    /// Sends a request once.
    async fn once(&self, request: &Request, permission: &str) -> Result<Reply, ApiError> {
        let reply = self.transport.send(request).await?;
        match reply.status {
            200..=299 => Ok(reply),
            _ => Err(ApiError::Refused(Box::new(Refusal::from_reply(&reply, permission)))),
        }
    }
}

impl<T: Transport> RunSource for Client<T> {
    fn list_page<'a>(
        &'a self,
        rollout: &'a RolloutName,
        query: &'a ListQuery,
        page_token: &'a str,
    ) -> LocalFuture<'a, Result<Page, ApiError>> {
        Box::pin(async move {
            let request = list_request(rollout, query, page_token);
            let reply = self.read(&request, "clouddeploy.jobRuns.list").await?;
            Page::from_json(&reply.body).map_err(|error| not_json(&reply, error))
        })
    }

    fn get<'a>(&'a self, name: &'a JobRunName) -> LocalFuture<'a, Result<Record, ApiError>> {
        Box::pin(async move {
            let request = get_request(name);
            let reply = self.read(&request, "clouddeploy.jobRuns.get").await?;
            let record = Record::from_json(&reply.body);
            match record.run {
                // Not even JSON: an answer that is no job run at all, such as a login page.
                Err(error) if serde_json::from_str::<serde::de::IgnoredAny>(&reply.body).is_err() => {
                    Err(not_json(&reply, error))
                }
                _ => Ok(record),
            }
        })
    }

    fn terminate<'a>(
        &'a self,
        name: &'a JobRunName,
        override_deploy_policy: &'a [String],
    ) -> LocalFuture<'a, Result<(), ApiError>> {
        Box::pin(async move {
            let request = terminate_request(name, override_deploy_policy);
            let reply = self.once(&request, "clouddeploy.jobRuns.terminate").await?;
            // Something between the viewer and the API, such as a proxy's login page, may answer
            // 200 as well; only the API answers with an object.
            match serde_json::from_str::<std::collections::BTreeMap<String, serde::de::IgnoredAny>>(
                &reply.body,
            ) {
                Ok(_) => Ok(()),
                Err(error) => Err(not_json(&reply, Malformed::new(&reply.body, &error))),
            }
        })
    }
}

/// A reply that is no JSON at all usually comes from something between the viewer and the API,
/// such as a proxy's login page; its content type says so best.
pub(super) fn not_json(reply: &Reply, mut error: Malformed) -> ApiError {
    let kind = reply.content_type.split(';').next().unwrap_or("").trim();
    if !kind.is_empty() && !kind.ends_with("json") {
        error.reason = format!("the reply is {kind}, not JSON ({})", error.reason);
    }
    ApiError::Malformed(error)
}

/// `GET v1/{rollout}/jobRuns`.
pub fn list_request(rollout: &RolloutName, query: &ListQuery, page_token: &str) -> Request {
    let mut path_and_query = format!("/v1/{}/jobRuns", encode_path(&rollout.to_string()));
    let page_size = match query.page_size {
        0 => String::new(),
        size => size.to_string(),
    };
    let params = [
        ("pageSize", page_size.as_str()),
        ("filter", &query.filter),
        ("orderBy", &query.order_by),
        ("pageToken", page_token),
    ];
    let mut separator = '?';
    for (name, value) in params {
        if !value.is_empty() {
            path_and_query.push(separator);
            path_and_query.push_str(name);
            path_and_query.push('=');
            path_and_query.push_str(&percent_encode(value));
            separator = '&';
        }
    }
    Request { method: Method::Get, path_and_query, body: None }
}

/// `GET v1/{jobRun}`.
pub fn get_request(name: &JobRunName) -> Request {
    let path_and_query = format!("/v1/{}", encode_path(&name.to_string()));
    Request { method: Method::Get, path_and_query, body: None }
}

/// `POST v1/{jobRun}:terminate` with a `TerminateJobRunRequest`.
pub fn terminate_request(name: &JobRunName, override_deploy_policy: &[String]) -> Request {
    #[derive(serde::Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Body<'a> {
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        override_deploy_policy: &'a [String],
    }
    let body = serde_json::to_string(&Body { override_deploy_policy }).expect("a list of texts is JSON");
    Request {
        method: Method::Post,
        path_and_query: format!("/v1/{}:terminate", encode_path(&name.to_string())),
        body: Some(body),
    }
}

/// Encodes each segment of a name, so that an id with `?`, `#` or `..` stays an id.
pub(super) fn encode_path(name: &str) -> String {
    let segments: Vec<String> = name
        .split('/')
        .map(|segment| match segment {
            // A URL parser would take these two as steps in the path, even when encoded.
            "." | ".." => segment.replace('.', "%252E"),
            _ => percent_encode(segment),
        })
        .collect();
    segments.join("/")
}

/// Reads every page of a list, and hands over each as it comes.
///
/// Returns the locations that the server could not reach, each once.
///
/// # Errors
/// The first page that fails ends it; pages that came before were handed over.
pub async fn for_each_page(
    source: &dyn RunSource,
    rollout: &RolloutName,
    query: &ListQuery,
    mut on_page: impl FnMut(Vec<Record>),
) -> Result<Vec<String>, ApiError> {
    let mut seen = std::collections::HashSet::new();
    let mut unreachable: Vec<String> = Vec::new();
    let mut token = String::new();
    loop {
        let page = source.list_page(rollout, query, &token).await?;
        for location in page.unreachable {
            if !unreachable.contains(&location) {
                unreachable.push(location);
            }
        }
        on_page(page.runs);
        token = page.next_page_token;
        if token.is_empty() {
            return Ok(unreachable);
        }
        if !seen.insert(token.clone()) {
            return Err(ApiError::PageLoop { token });
        }
    }
}

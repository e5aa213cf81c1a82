//! The Cloud Deploy client: which request a call makes, and what its reply means.
//!
//! Generic over the [`Transport`], so that the browser's `fetch`, the demo's simulation and a
//! test's script go through the same code.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::error::{ApiError, Malformed, Refusal};
use super::http::{Method, Reply, Request, percent_encode};
use super::retry::{RetryPolicy, retrying};
use super::rollout::RolloutRecord;
use super::source::{Actions, Collection, Items, ListQuery, Record, RolloutAction, RunSource};
use super::transport::LocalFuture;
use super::transport::Transport;
use crate::core::name::{JobRunName, RolloutName};

/// The Cloud Deploy API, over a transport.
pub struct Client<T> {
    transport: T,
    retry: RetryPolicy,
}

impl<T: Transport> Client<T> {
    /// A client with the default [`RetryPolicy`].
    pub fn new(transport: T) -> Self {
        Self {
            transport,
            retry: RetryPolicy::default(),
        }
    }

    /// Sends a read, again after passing failures. `permission` is what it needs.
    async fn read(&self, request: &Request, permission: &str) -> Result<Reply, ApiError> {
        retrying(&self.retry, &self.transport, async || {
            self.once(request, permission).await
        })
        .await
    }

    /// Reads a resource: its JSON, of whatever shape.
    async fn get_json(&self, request: &Request, permission: &str) -> Result<String, ApiError> {
        let reply = self.read(request, permission).await?;
        match serde_json::from_str::<IgnoredAny>(&reply.body) {
            Ok(_) => Ok(reply.body),
            // An answer that is no resource at all, such as a login page.
            Err(error) => Err(not_json(&reply, Malformed::new(&reply.body, &error))),
        }
    }

    /// Sends what changes something, once, whose reply has nothing to read.
    async fn send_action(&self, request: &Request, permission: &str) -> Result<(), ApiError> {
        let reply = self.once(request, permission).await?;
        // Something between the viewer and the API, such as a proxy's login page, may answer 200
        // as well; only the API answers with an object.
        match serde_json::from_str::<BTreeMap<String, &RawValue>>(&reply.body) {
            Ok(_) => Ok(()),
            Err(error) => Err(not_json(&reply, Malformed::new(&reply.body, &error))),
        }
    }

    /// Sends a request once.
    async fn once(&self, request: &Request, permission: &str) -> Result<Reply, ApiError> {
        let reply = self.transport.send(request).await?;
        match reply.status {
            200..=299 => Ok(reply),
            _ => Err(ApiError::Refused(Box::new(Refusal::from_reply(
                &reply, permission,
            )))),
        }
    }
}

impl<T: Transport> RunSource for Client<T> {
    fn list<'a>(
        &'a self,
        collection: &'a Collection,
        query: &'a ListQuery,
        page_token: &'a str,
    ) -> LocalFuture<'a, Result<Items, ApiError>> {
        Box::pin(async move {
            let request = list_items_request(collection, query, page_token);
            let reply = self.read(&request, &list_permission(collection)).await?;
            Items::from_json(&reply.body, collection.id()).map_err(|error| not_json(&reply, error))
        })
    }

    fn get<'a>(&'a self, name: &'a JobRunName) -> LocalFuture<'a, Result<Record, ApiError>> {
        Box::pin(async move {
            let body = self
                .get_json(&get_request(name), "clouddeploy.jobRuns.get")
                .await?;
            Ok(Record::from_json(&body))
        })
    }

    fn get_rollout<'a>(
        &'a self,
        name: &'a RolloutName,
    ) -> LocalFuture<'a, Result<RolloutRecord, ApiError>> {
        Box::pin(async move {
            let body = self
                .get_json(&get_rollout_request(name), "clouddeploy.rollouts.get")
                .await?;
            Ok(RolloutRecord::from_json(&body))
        })
    }
}

impl<T: Transport> Actions for Client<T> {
    fn terminate<'a>(
        &'a self,
        name: &'a JobRunName,
        override_deploy_policy: &'a [String],
    ) -> LocalFuture<'a, Result<(), ApiError>> {
        Box::pin(async move {
            let request = terminate_request(name, override_deploy_policy);
            self.send_action(&request, "clouddeploy.jobRuns.terminate")
                .await
        })
    }

    fn act<'a>(
        &'a self,
        name: &'a RolloutName,
        action: &'a RolloutAction,
        override_deploy_policy: &'a [String],
    ) -> LocalFuture<'a, Result<(), ApiError>> {
        Box::pin(async move {
            let request = action_request(name, action, override_deploy_policy);
            self.send_action(&request, &action.permission()).await
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

/// `clouddeploy.{collection}.list`.
fn list_permission(collection: &Collection) -> String {
    ["clouddeploy.", collection.id(), ".list"].concat()
}

/// `GET v1/{parent}/{collection}`.
pub fn list_items_request(collection: &Collection, query: &ListQuery, page_token: &str) -> Request {
    let mut path_and_query = [
        "/v1/",
        &encode_path(&collection.parent()),
        "/",
        collection.id(),
    ]
    .concat();
    let page_size = match query.page_size {
        0 => String::new(),
        size => size.to_string(),
    };
    let order_by = match collection {
        // Its method, common to Google's APIs, has no order.
        Collection::Locations { .. } => "",
        _ => &query.order_by,
    };
    let params = [
        ("pageSize", page_size.as_str()),
        ("filter", &query.filter),
        ("orderBy", order_by),
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
    Request {
        method: Method::Get,
        path_and_query,
        body: None,
    }
}

/// `GET v1/{jobRun}`.
pub fn get_request(name: &JobRunName) -> Request {
    get_by_name(&name.to_string())
}

/// `GET v1/{rollout}`.
pub fn get_rollout_request(name: &RolloutName) -> Request {
    get_by_name(&name.to_string())
}

fn get_by_name(name: &str) -> Request {
    Request {
        method: Method::Get,
        path_and_query: ["/v1/", &encode_path(name)].concat(),
        body: None,
    }
}

/// `POST v1/{jobRun}:terminate` with a `TerminateJobRunRequest`.
pub fn terminate_request(name: &JobRunName, override_deploy_policy: &[String]) -> Request {
    post_request(
        &name.to_string(),
        "terminate",
        Vec::new(),
        override_deploy_policy,
    )
}

/// `POST v1/{rollout}:retryJob` and the like, with the request's message.
pub fn action_request(
    name: &RolloutName,
    action: &RolloutAction,
    override_deploy_policy: &[String],
) -> Request {
    let members = match action {
        RolloutAction::RetryJob { phase_id, job_id }
        | RolloutAction::IgnoreJob { phase_id, job_id } => {
            vec![("phaseId", json(phase_id)), ("jobId", json(job_id))]
        }
        RolloutAction::Advance { phase_id } => vec![("phaseId", json(phase_id))],
        RolloutAction::Approve { approved } => vec![("approved", approved.to_string())],
        RolloutAction::Cancel => Vec::new(),
    };
    post_request(
        &name.to_string(),
        action.method(),
        members,
        override_deploy_policy,
    )
}

/// A call of a method of a resource; the values of `members` are JSON.
fn post_request(
    name: &str,
    method: &str,
    mut members: Vec<(&str, String)>,
    override_deploy_policy: &[String],
) -> Request {
    if !override_deploy_policy.is_empty() {
        let policies: Vec<String> = override_deploy_policy
            .iter()
            .map(|policy| json(policy))
            .collect();
        members.push((
            "overrideDeployPolicy",
            ["[", &policies.join(","), "]"].concat(),
        ));
    }
    let members: Vec<String> = members
        .into_iter()
        .map(|(field, value)| ["\"", field, "\":", &value].concat())
        .collect();
    Request {
        method: Method::Post,
        path_and_query: ["/v1/", &encode_path(name), ":", method].concat(),
        body: Some(["{", &members.join(","), "}"].concat()),
    }
}

fn json(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
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

/// Reads every page of a rollout's job runs, and hands over each as it comes.
///
/// Returns the locations that the server could not reach, each once.
///
/// # Errors
/// As [`for_each_page_of`].
pub async fn for_each_page(
    source: &dyn RunSource,
    rollout: &RolloutName,
    query: &ListQuery,
    mut on_page: impl FnMut(Vec<Record>),
) -> Result<Vec<String>, ApiError> {
    let collection = Collection::JobRuns(rollout.clone());
    let mut on_items =
        |raw: Vec<Box<str>>| on_page(raw.iter().map(|raw| Record::from_json(raw)).collect());
    for_each_page_of(source, &collection, query, &mut on_items).await
}

/// Reads every page of a list, and hands over the JSON of each page's items as it comes.
///
/// Returns the locations that the server could not reach, each once.
///
/// # Errors
/// The first page that fails ends it; pages that came before were handed over.
pub async fn for_each_page_of(
    source: &dyn RunSource,
    collection: &Collection,
    query: &ListQuery,
    on_items: &mut dyn FnMut(Vec<Box<str>>),
) -> Result<Vec<String>, ApiError> {
    let mut tokens = PageTokens::default();
    let mut unreachable: Vec<String> = Vec::new();
    let mut token = String::new();
    loop {
        let page = source.list(collection, query, &token).await?;
        for location in page.unreachable {
            if !unreachable.contains(&location) {
                unreachable.push(location);
            }
        }
        on_items(page.raw);
        token = tokens.take(page.next_page_token)?;
        if token.is_empty() {
            return Ok(unreachable);
        }
    }
}

/// The page tokens that a list has led to.
#[derive(Clone, Default)]
pub(crate) struct PageTokens(Vec<String>);

impl PageTokens {
    /// Takes what a page says comes next; empty after the last.
    ///
    /// # Errors
    /// [`ApiError::PageLoop`] for a token that came before: the list would never end.
    pub(crate) fn take(&mut self, next: String) -> Result<String, ApiError> {
        if self.0.contains(&next) {
            return Err(ApiError::PageLoop { token: next });
        }
        if !next.is_empty() {
            self.0.push(next.clone());
        }
        Ok(next)
    }
}

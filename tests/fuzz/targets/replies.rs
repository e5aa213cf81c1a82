//! What servers answer besides lists: errors, the host's settings; and the messages of the workers.

use std::fmt::Debug;

use jobrun_viewer::api::config::Config;
use jobrun_viewer::api::error::{ApiError, Refusal, RefusalKind};
use jobrun_viewer::api::http::{Reply, percent_decode, percent_encode};
use jobrun_viewer::model::explain::{Doing, error_message};
use jobrun_viewer::transport::exchange::ReplyHead;
use jobrun_viewer::workers::files::protocol::{Reply as WorkerReply, Request as WorkerRequest};
use jobrun_viewer::workers::log::protocol::Report;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::input::text;
use super::messages::malformed;

/// An error: whatever its body is, it says what happened, and what the server said.
pub fn error(data: &[u8]) {
    let text = &*text(data);
    for status in [400, 401, 403, 404, 409, 429, 503, 302] {
        let reply = Reply {
            status,
            body: text.to_owned(),
            ..Reply::default()
        };
        let refusal = Refusal::from_reply(&reply, "clouddeploy.jobRuns.get");
        assert_eq!((refusal.http_status, &*refusal.body), (status, text));
        assert_eq!(
            refusal.permission.is_some(),
            refusal.kind == RefusalKind::PermissionDenied
        );
        assert!(
            refusal
                .permission
                .as_ref()
                .is_none_or(|permission| !permission.is_empty())
        );
        agrees(text, &refusal);
        let error = ApiError::Refused(Box::new(refusal));
        assert_eq!(error.is_not_found(), status == 404);
        for doing in [Doing::Loading, Doing::Acting] {
            let told = error_message(&error, doing, true);
            assert!(!told.title.is_empty());
        }
        let (head, body) = ReplyHead::split(reply.clone());
        assert_eq!(head.join(body), reply);
    }
    assert_eq!(percent_decode(&percent_encode(text)), text);
}

/// What the general reader finds in a `google.rpc.Status` is there.
fn agrees(text: &str, refusal: &Refusal) {
    let Ok(body) = serde_json::from_str::<Map<String, Value>>(text) else {
        return;
    };
    let error = body.get("error").unwrap_or(&Value::Null);
    for (field, read) in [("message", &refusal.message), ("status", &refusal.status)] {
        match error.get(field) {
            Some(Value::String(said)) => assert_eq!(said, read),
            None | Some(Value::Null) => assert_eq!(read, ""),
            Some(_) => assert!(!read.is_empty()),
        }
    }
    let details = error
        .get("details")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let violations = details
        .iter()
        .filter_map(|detail| detail.get("policyViolationDetails")?.as_array());
    assert_eq!(
        refusal.violations.len(),
        violations.map(Vec::len).sum::<usize>()
    );
    let delays = details
        .iter()
        .filter_map(|detail| detail.get("retryDelay")?.as_str());
    let wanted = delays.filter_map(milliseconds).next();
    if let Some(wanted) = wanted {
        assert!(
            refusal
                .retry_after
                .is_some_and(|delay| delay.as_millis() <= wanted.max(delay.as_millis()))
        );
        assert!(refusal.retry_after.is_some());
    }
}

/// A duration as Google's APIs write it, such as `1.500s`.
fn milliseconds(text: &str) -> Option<u128> {
    let number = text.strip_suffix('s')?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || whole.len() > 12 {
        return None;
    }
    let nanos: u128 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    Some(whole.parse::<u128>().ok()? * 1_000 + nanos / 1_000_000)
}

/// The settings of a host: all that are there, or an error; never others.
pub fn config(data: &[u8]) {
    let text = &*text(data);
    let known = ["apiBase", "buildBase", "storageBase", "clientId"];
    let object = serde_json::from_str::<Map<String, Value>>(text).ok();
    match Config::read(text) {
        Ok(config) => {
            let usual = Config::default();
            let read = [
                &config.api_base,
                &config.build_base,
                &config.storage_base,
                &config.client_id,
            ];
            let usual = [
                &usual.api_base,
                &usual.build_base,
                &usual.storage_base,
                &usual.client_id,
            ];
            assert!(text.trim_start().starts_with('{'));
            // serde_json refuses halves of characters in what nobody reads.
            let Some(object) = object else { return };
            for ((name, read), usual) in known.into_iter().zip(read).zip(usual) {
                match object.get(name) {
                    Some(value) => assert_eq!(value.as_str(), Some(read.as_str())),
                    None => assert_eq!(read, usual),
                }
            }
        }
        Err(error) => {
            malformed(text, &error);
            let Some(object) = object else { return };
            let fits = known
                .iter()
                .all(|name| object.get(*name).is_none_or(Value::is_string));
            let is_once = known
                .iter()
                .all(|name| text.matches(&format!("\"{name}\"")).count() < 2);
            assert!(!(fits && is_once) || text.contains("\\u"), "{error}");
        }
    }
}

/// The messages between the page and its workers.
pub fn messages(data: &[u8]) {
    let text = &*text(data);
    is_same_again::<WorkerRequest>(text);
    is_same_again::<WorkerReply>(text);
    is_same_again::<Report>(text);
}

/// What is read as a message is the same when it was written and is read again.
fn is_same_again<T: Serialize + DeserializeOwned + PartialEq + Debug>(text: &str) {
    if let Ok(message) = serde_json::from_str::<T>(text) {
        let written = serde_json::to_string(&message).expect("it is JSON");
        assert_eq!(
            serde_json::from_str::<T>(&written).ok().as_ref(),
            Some(&message),
            "{written}"
        );
    }
}

//! The HTTP side: which request asks for what, and how answers and errors are written.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Sim;
use super::filter::Filter;
use super::fold::{Action, Entry, Intervention};
use super::hash;
use super::order::Order;
use super::plan::{Nanos, nanos};
use super::wire;
use crate::api::http::{Method, Reply, Request, percent_decode};
use crate::model::json::Json;
use crate::model::name::RolloutName;
use crate::model::time::Timestamp;

/// The most runs on a page; more is cut to this (discovery document, `pageSize`).
const MAX_PAGE: usize = 1000;
/// The runs on a page when nothing is asked.
const DEFAULT_PAGE: usize = 50;

/// An answer with an error: `google.rpc.Status` in the envelope that Google's JSON APIs use
/// (AIP-193). `details` is JSON, with commas between and none around.
pub fn error(http: u16, code: &str, message: &str, details: &str) -> Reply {
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
    Reply { status: http, retry_after: None, content_type: JSON.to_owned(), body }
}

/// A `google.rpc.ErrorInfo`; `metadata` is JSON members.
pub fn error_info(reason: &str, metadata: &str) -> String {
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
pub const JSON: &str = "application/json; charset=UTF-8";

/// A text as JSON.
pub fn quote(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

fn ok(body: String) -> Reply {
    Reply { status: 200, retry_after: None, content_type: JSON.to_owned(), body }
}

fn invalid(message: &str) -> Reply {
    error(400, "INVALID_ARGUMENT", message, &error_info("INVALID_ARGUMENT", ""))
}

fn precondition(message: &str, reason: &str) -> Reply {
    error(400, "FAILED_PRECONDITION", message, &error_info(reason, ""))
}

fn not_found(name: &str) -> Reply {
    error(
        404,
        "NOT_FOUND",
        &["Resource '", name, "' was not found"].concat(),
        &error_info("RESOURCE_NOT_FOUND", ""),
    )
}

/// What Google's front end answers for a path or method that no API has: a page for people.
pub fn no_such_method() -> Reply {
    Reply {
        status: 404,
        retry_after: None,
        content_type: "text/html; charset=UTF-8".to_owned(),
        body: "<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n\
               <p><b>404.</b> <ins>That’s an error.</ins>\n\
               <p>The requested URL was not found on this server. <ins>That’s all we know.</ins>\n"
            .to_owned(),
    }
}

/// Answers a request.
pub fn handle(sim: &mut Sim, now: Timestamp, request: &Request) -> Reply {
    let now = nanos(now);
    let (path, query) = request.path_and_query.split_once('?').unwrap_or((&request.path_and_query, ""));
    // The verb is split off before decoding, since an id may hold an encoded colon.
    let (path, verb) = match path.rfind(':') {
        Some(colon) if !path[colon..].contains('/') => (&path[..colon], &path[colon + 1..]),
        _ => (path, ""),
    };
    let parts: Vec<String> = path.trim_start_matches('/').split('/').map(percent_decode).collect();
    let Some((version, name)) = parts.split_first() else { return no_such_method() };
    // A list's path is a run's without the id.
    let is_list = name.len() == 11;
    let rollout = name.get(..10).and_then(|name| name.join("/").parse::<RolloutName>().ok());
    let Some(rollout) = rollout.filter(|_| {
        version == "v1" && name.get(10).is_some_and(|part| part == "jobRuns") && name.len() <= 12
    }) else {
        return no_such_method();
    };
    let id = name.last().map_or("", String::as_str);
    if !is_list && id.is_empty() {
        return no_such_method();
    }
    let params = match Params::parse(query, is_list) {
        Ok(params) => params,
        Err(reply) => return reply,
    };
    match (request.method, is_list, verb) {
        (Method::Get, true, "") => list(sim, now, &rollout, &params),
        (Method::Get, false, "") => match find(sim, now, &rollout, id) {
            Ok(entry) => ok(json(sim, &entry, now)),
            Err(reply) => reply,
        },
        (Method::Post, false, "terminate") => {
            terminate(sim, now, &rollout, id, request.body.as_deref().unwrap_or(""))
        }
        _ => no_such_method(),
    }
}

/// The parameters of a request; only a list has any of its own.
#[derive(Default)]
struct Params {
    page_size: String,
    page_token: String,
    filter: String,
    order_by: String,
}

impl Params {
    fn parse(query: &str, is_list: bool) -> Result<Self, Reply> {
        let mut params = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            // Forms write a space as `+`, and so does Python.
            let name = percent_decode(&name.replace('+', " "));
            let value = percent_decode(&value.replace('+', " "));
            match name.as_str() {
                "pageSize" | "page_size" if is_list => params.page_size = value,
                "pageToken" | "page_token" if is_list => params.page_token = value,
                "filter" if is_list => params.filter = value,
                "orderBy" | "order_by" if is_list => params.order_by = value,
                // Common to all methods of Google's APIs, and without effect here.
                "access_token" | "alt" | "callback" | "fields" | "key" | "oauth_token" | "prettyPrint"
                | "quotaUser" | "uploadType" | "upload_protocol" => {}
                name if name.starts_with('$') || name.contains('-') => {}
                name => {
                    return Err(invalid(&format!(
                        "Invalid JSON payload received. Unknown name \"{name}\": Cannot bind query parameter. \
                         Field '{name}' could not be found in request message."
                    )));
                }
            }
        }
        Ok(params)
    }
}

fn json(sim: &Sim, entry: &Entry, now: Nanos) -> String {
    wire::json(&sim.project, &sim.plans[entry.plan], entry, now)
}

/// The index of a rollout.
fn plan_of(sim: &Sim, rollout: &RolloutName) -> Result<usize, Reply> {
    let known = rollout.project == sim.project.id || rollout.project == sim.project.number;
    sim.plans
        .iter()
        .position(|plan| known && plan.name.same_but_project(rollout))
        .ok_or_else(|| not_found(&rollout.to_string()))
}

fn find(sim: &Sim, now: Nanos, rollout: &RolloutName, id: &str) -> Result<Entry, Reply> {
    let plan = plan_of(sim, rollout)?;
    sim.fold(plan, now)
        .into_iter()
        .find(|entry| wire::id(entry) == id)
        .ok_or_else(|| not_found(&rollout.job_run(id).to_string()))
}

fn list(sim: &Sim, now: Nanos, rollout: &RolloutName, params: &Params) -> Reply {
    try_list(sim, now, rollout, params).unwrap_or_else(|reply| reply)
}

fn try_list(sim: &Sim, now: Nanos, rollout: &RolloutName, params: &Params) -> Result<Reply, Reply> {
    let size = match params.page_size.as_str() {
        "" => 0,
        text => text
            .parse::<i32>()
            .map_err(|_| invalid(&format!("Invalid value at 'page_size' (TYPE_INT32), {}", quote(text))))?,
    };
    let size = match usize::try_from(size) {
        Ok(0) => DEFAULT_PAGE,
        Ok(size) => size.min(MAX_PAGE),
        Err(_) => return Err(invalid("page_size must not be negative.")),
    };
    let filter = Filter::parse(&params.filter).map_err(|message| invalid(&message))?;
    let order = Order::parse(&params.order_by).map_err(|message| invalid(&message))?;
    let plan = plan_of(sim, rollout)?;

    // All pages show the state of one moment, so that no run is missing or comes twice.
    let check = |first: usize, then: Nanos| {
        let parts = [&rollout.location, &rollout.delivery_pipeline, &rollout.release, &rollout.rollout];
        let parts = parts.into_iter().chain([&params.filter, &params.order_by, &params.page_size]);
        let seed = hash::mix(first as u64) ^ hash::mix(then as u64).rotate_left(1);
        hash::mix(parts.fold(seed, |seed, part| hash::text(seed, part)))
    };
    let (first, then) = match params.page_token.as_str() {
        "" => (0, now),
        token => read_token(token)
            .filter(|(first, then, sum)| check(*first, *then) == *sum)
            .map(|(first, then, _)| (first, then))
            .ok_or_else(|| {
                invalid("The page_token is not valid for this request: it must come from a call with the same parameters.")
            })?,
    };

    let nothing = || Json::Object(BTreeMap::new());
    let look_inside = !params.filter.is_empty() || !order.is_default();
    let look = |entry: &Entry| match look_inside {
        true => Json::read(&json(sim, entry, then)).unwrap_or_else(nothing),
        false => nothing(),
    };
    let entries = sim.fold(plan, then).into_iter().rev().map(|entry| (look(&entry), entry));
    let mut entries: Vec<(Json, Entry)> = entries.filter(|(run, _)| filter.matches(run)).collect();
    // By default, and among equals, the newest first; among those of one time the plan's last.
    entries.sort_by(|(a, a_entry), (b, b_entry)| {
        order.compare(a, b).then_with(|| b_entry.created.cmp(&a_entry.created))
    });

    let mut members = Vec::new();
    let page: Vec<String> =
        entries.iter().skip(first).take(size).map(|(_, entry)| json(sim, entry, then)).collect();
    if !page.is_empty() {
        members.push(["\"jobRuns\":[", &page.join(","), "]"].concat());
    }
    let next = first.saturating_add(size);
    if next < entries.len() {
        let mut token = String::new();
        for number in [next as u64, then as u64, check(next, then)] {
            hash::push_hex(&mut token, number);
        }
        members.push(["\"nextPageToken\":\"", &token, "\""].concat());
    }
    let unreachable: Vec<String> =
        sim.plans[plan].unreachable.iter().map(|location| quote(location)).collect();
    if !unreachable.is_empty() {
        members.push(["\"unreachable\":[", &unreachable.join(","), "]"].concat());
    }
    Ok(ok(["{", &members.join(","), "}"].concat()))
}

/// The three numbers of a page token.
fn read_token(token: &str) -> Option<(usize, Nanos, u64)> {
    let number = |at: usize| u64::from_str_radix(token.get(at..at + 16)?, 16).ok();
    let (first, then, sum) = (number(0)?, number(16)?, number(32)?);
    (token.len() == 48).then_some((usize::try_from(first).ok()?, then as Nanos, sum))
}

/// The body of a terminate call.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct TerminateJobRunRequest {
    #[serde(rename = "overrideDeployPolicy", alias = "override_deploy_policy")]
    override_deploy_policy: Option<Vec<String>>,
}

fn terminate(sim: &mut Sim, now: Nanos, rollout: &RolloutName, id: &str, body: &str) -> Reply {
    let asked: TerminateJobRunRequest = match body.trim_start() {
        "" => Default::default(),
        // Without the brace an array would do for a struct.
        text if !text.starts_with('{') => {
            return invalid("Invalid JSON payload received. An object was expected.");
        }
        text => match serde_json::from_str(text) {
            Ok(asked) => asked,
            Err(problem) => return invalid(&format!("Invalid JSON payload received. {problem}")),
        },
    };
    let entry = match find(sim, now, rollout, id) {
        Ok(entry) => entry,
        Err(reply) => return reply,
    };
    let plan = &sim.plans[entry.plan];
    if plan.is_controller() {
        return precondition(
            "Job runs of a controller rollout cannot be terminated; terminate the job runs of its child rollouts.",
            "CONTROLLER_ROLLOUT",
        );
    }
    let state = wire::state(plan, &entry);
    if state != crate::api::job_run::State::InProgress {
        return precondition(
            &format!("The job run is {state}; only one that is IN_PROGRESS can be terminated."),
            "JOB_RUN_NOT_IN_PROGRESS",
        );
    }
    if !plan.deploy_policy.is_empty() {
        // By project id or number: only what comes after the project counts.
        let suffix = ["/locations/", sim.project.location, "/deployPolicies/", plan.deploy_policy].concat();
        let overridden = asked.override_deploy_policy.iter().flatten().any(|policy| {
            let project =
                policy.strip_prefix("projects/").and_then(|rest| rest.strip_suffix(suffix.as_str()));
            project.is_some_and(|project| project == sim.project.id || project == sim.project.number)
        });
        if !overridden {
            let policy = ["projects/", sim.project.number, &suffix].concat();
            let message = format!("Terminating the job run violates the deploy policy {policy}.");
            let violation = [
                "{\"@type\":\"type.googleapis.com/google.cloud.deploy.v1.PolicyViolation\",\
                 \"policyViolationDetails\":[{\"policy\":",
                &quote(&policy),
                ",\"ruleId\":\"no-manual-termination\",\"failureMessage\":\
                 \"Job runs of production targets are not terminated by hand during the change freeze.\"}]}",
            ]
            .concat();
            return error(400, "FAILED_PRECONDITION", &message, &violation);
        }
    }
    sim.interventions.push(Intervention { at: now, action: Action::Terminate { run: entry.seed } });
    ok("{}".to_owned())
}

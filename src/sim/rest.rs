//! The HTTP side: which request asks for what, and how answers and errors are written.

use std::collections::BTreeMap;

use super::actions;
use super::hash;
use super::json;
use super::order::Order;
use super::plan::{Nanos, nanos};
use super::reply::{invalid, no_such_method, not_found, ok};
use super::resources::{self, Item};
use super::rollouts;
use super::state_at::{Entry, RolloutNow};
use super::world::Sim;
use crate::api::fields;
use crate::api::filter::Filter;
use crate::api::http::{Method, Reply, Request, percent_decode};
use crate::api::json::Json;
use crate::api::reply::quote;
use crate::core::name::RolloutName;
use crate::core::time::Timestamp;

/// The items on a page when nothing is asked.
const DEFAULT_PAGE: usize = 50;

/// The collections that names go through, the first of them first.
const COLLECTIONS: [&str; 6] = [
    "projects",
    "locations",
    "deliveryPipelines",
    "releases",
    "rollouts",
    "jobRuns",
];

/// Answers a request.
pub(crate) fn handle(sim: &mut Sim, now: Timestamp, request: &Request) -> Reply {
    answer(sim, nanos(now), request).unwrap_or_else(|reply| reply)
}

fn answer(sim: &mut Sim, now: Nanos, request: &Request) -> Result<Reply, Reply> {
    let (path, query) = request
        .path_and_query
        .split_once('?')
        .unwrap_or((&request.path_and_query, ""));
    // The verb is split off before decoding, since an id may hold an encoded colon.
    let (path, verb) = match path.rfind(':') {
        Some(colon) if !path[colon..].contains('/') => (&path[..colon], &path[colon + 1..]),
        _ => (path, ""),
    };
    let parts: Vec<String> = path
        .trim_start_matches('/')
        .split('/')
        .map(percent_decode)
        .collect();
    let Some((version, name)) = parts.split_first() else {
        return Err(no_such_method());
    };
    let is_target = name.get(4).is_some_and(|part| part == "targets");
    let fits = name
        .iter()
        .step_by(2)
        .enumerate()
        .all(|(index, part)| match is_target {
            true => index < 3,
            false => COLLECTIONS.get(index) == Some(&part.as_str()),
        });
    let known = (name[..name.len().min(4)].iter().step_by(2))
        .zip(COLLECTIONS)
        .all(|(a, b)| a == b);
    // A list's path is an item's without the id.
    let is_list = name.len() % 2 == 1;
    if version != "v1" || !fits || !known || name.len() < 3 || name.iter().any(String::is_empty) {
        return Err(no_such_method());
    }
    let params = Params::parse(query, is_list, name.len() > 3)?;
    let id = |index: usize| name.get(index).cloned().unwrap_or_default();
    let rollout = RolloutName {
        project: id(1),
        location: id(3),
        delivery_pipeline: id(5),
        release: id(7),
        rollout: id(9),
    };
    let body = request.body.as_deref().unwrap_or("");
    match (request.method, name.len(), verb) {
        (Method::Get, 12, "") => Ok(ok(run_json(sim, &find(sim, now, &rollout, &id(11))?, now))),
        (Method::Get, 10, "") => {
            let (plan, rollout_now) = find_rollout(sim, now, &rollout)?;
            Ok(ok(rollouts::json(
                &sim.project,
                &sim.plans,
                plan,
                &rollout_now,
                now,
            )))
        }
        (Method::Get, length, "") if is_list => {
            list(sim, now, length, is_target, &rollout, &params)
        }
        (Method::Get, length, "") => {
            let id = name.last().map_or("", String::as_str);
            let items = items(sim, length - 1, is_target, &rollout)?;
            let item = items
                .into_iter()
                .find(|item| item.id == id && item.created <= now);
            item.map(|item| ok(item.json))
                .ok_or_else(|| not_found(&name.join("/")))
        }
        (Method::Post, 12, "terminate") => {
            let asked = actions::Asked::read(body, verb)?;
            let entry = find(sim, now, &rollout, &id(11))?;
            actions::terminate(sim, now, entry, &asked)
        }
        (Method::Post, 10, "retryJob" | "ignoreJob" | "cancel" | "advance" | "approve") => {
            let asked = actions::Asked::read(body, verb)?;
            let (plan, rollout_now) = find_rollout(sim, now, &rollout)?;
            actions::act(sim, now, plan, &rollout_now, verb, &asked)
        }
        _ => Err(no_such_method()),
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
    fn parse(query: &str, is_list: bool, has_order: bool) -> Result<Self, Reply> {
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
                "orderBy" | "order_by" if is_list && has_order => params.order_by = value,
                // Common to all methods of Google's APIs, and without effect here.
                "access_token" | "alt" | "callback" | "fields" | "key" | "oauth_token"
                | "prettyPrint" | "quotaUser" | "uploadType" | "upload_protocol" => {}
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

/// The JSON of a run.
fn run_json(sim: &Sim, entry: &Entry, now: Nanos) -> String {
    json::text(&sim.project, &sim.plans[entry.plan], entry, now)
}

/// That a name is of the world's project.
fn is_here(sim: &Sim, name: &RolloutName) -> bool {
    name.project == sim.project.id || name.project == sim.project.number
}

/// The index of a rollout, whether or not it exists yet.
fn plan_of(sim: &Sim, rollout: &RolloutName) -> Result<usize, Reply> {
    let known = is_here(sim, rollout);
    sim.plans
        .iter()
        .position(|plan| known && plan.name.same_but_project(rollout))
        .ok_or_else(|| not_found(&rollout.to_string()))
}

fn find_rollout(
    sim: &Sim,
    now: Nanos,
    rollout: &RolloutName,
) -> Result<(usize, RolloutNow), Reply> {
    let plan = plan_of(sim, rollout)?;
    let rollout_now = sim.state_at(plan, now);
    match rollout_now.created {
        Some(_) => Ok((plan, rollout_now)),
        None => Err(not_found(&rollout.to_string())),
    }
}

fn find(sim: &Sim, now: Nanos, rollout: &RolloutName, id: &str) -> Result<Entry, Reply> {
    let plan = plan_of(sim, rollout)?;
    sim.state_at(plan, now)
        .entries
        .into_iter()
        .find(|entry| json::id(entry) == id)
        .ok_or_else(|| not_found(&rollout.job_run(id).to_string()))
}

/// The items of a list above the rollouts, which are there whatever the time.
fn items(
    sim: &Sim,
    length: usize,
    is_target: bool,
    parent: &RolloutName,
) -> Result<Vec<Item>, Reply> {
    let pipeline = parent.release_name().delivery_pipeline_name();
    let location = pipeline.location_name();
    if !is_here(sim, parent) {
        return Err(not_found(&["projects/", &parent.project].concat()));
    }
    if length > 3 && !resources::is_location(sim, &parent.location) {
        return Err(not_found(&location.to_string()));
    }
    let is_empty = parent.location != sim.project.location;
    match length {
        3 => Ok(resources::locations(sim)),
        5 if is_empty => Ok(Vec::new()),
        5 if is_target => Ok(resources::targets(sim)),
        5 => Ok(resources::pipelines(sim)),
        _ => {
            let releases = resources::releases(sim, &pipeline);
            match is_empty || releases.is_empty() {
                true => Err(not_found(&pipeline.to_string())),
                false => Ok(releases),
            }
        }
    }
}

/// One page of a list of any kind.
fn list(
    sim: &Sim,
    now: Nanos,
    length: usize,
    is_target: bool,
    parent: &RolloutName,
    params: &Params,
) -> Result<Reply, Reply> {
    let (field, kind) = match length {
        3 => ("locations", &fields::LOCATION),
        5 if is_target => ("targets", &fields::TARGET),
        5 => ("deliveryPipelines", &fields::PIPELINE),
        7 => ("releases", &fields::RELEASE),
        9 => ("rollouts", &fields::ROLLOUT),
        _ => ("jobRuns", &fields::JOB_RUN),
    };
    let size = match params.page_size.as_str() {
        "" => 0,
        text => text.parse::<i32>().map_err(|_| {
            invalid(&format!(
                "Invalid value at 'page_size' (TYPE_INT32), {}",
                quote(text)
            ))
        })?,
    };
    let size = match usize::try_from(size) {
        Ok(0) => DEFAULT_PAGE.min(sim.max_page),
        Ok(size) => size.min(sim.max_page),
        Err(_) => return Err(invalid("page_size must not be negative.")),
    };
    let filter = Filter::parse(kind, &params.filter).map_err(|message| invalid(&message))?;
    let order = Order::parse(kind, &params.order_by).map_err(|message| invalid(&message))?;

    // All pages show the state of one moment, so that no item is missing or comes twice.
    let check = |first: usize, then: Nanos| {
        let parts = [
            &parent.location,
            &parent.delivery_pipeline,
            &parent.release,
            &parent.rollout,
        ];
        let parts = parts
            .into_iter()
            .chain([&params.filter, &params.order_by, &params.page_size]);
        let seed = hash::mix(first as u64) ^ hash::mix(then as u64).rotate_left(1);
        hash::mix(parts.fold(hash::text(seed, field), |seed, part| hash::text(seed, part)))
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

    // When each item was created, and how to write it: runs are too many to write them all.
    let mut created: Vec<Nanos> = Vec::new();
    let mut written: Vec<String> = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    let mut unreachable: &[String] = &[];
    match length {
        11 => {
            let plan = plan_of(sim, parent)?;
            entries = sim.state_at(plan, then).entries;
            created = entries.iter().map(|entry| entry.created).collect();
            unreachable = &sim.plans[plan].unreachable;
        }
        9 => {
            let releases = items(sim, 7, false, parent)?;
            let every = parent.release == "-";
            if !every && releases.iter().all(|release| release.id != parent.release) {
                return Err(not_found(&parent.release_name().to_string()));
            }
            for (index, plan) in sim.plans.iter().enumerate() {
                let name = &plan.name;
                if name.delivery_pipeline == parent.delivery_pipeline
                    && (every || name.release == parent.release)
                {
                    let rollout_now = sim.state_at(index, then);
                    if let Some(at) = rollout_now.created {
                        created.push(at);
                        written.push(rollouts::json(
                            &sim.project,
                            &sim.plans,
                            index,
                            &rollout_now,
                            then,
                        ));
                    }
                }
            }
        }
        _ => {
            let items = items(sim, length, is_target, parent)?;
            for item in items.into_iter().filter(|item| item.created <= then) {
                created.push(item.created);
                written.push(item.json);
            }
        }
    }
    let write = |index: usize| match (written.get(index), entries.get(index)) {
        (Some(text), _) => text.clone(),
        (None, Some(entry)) => run_json(sim, entry, then),
        (None, None) => String::new(),
    };

    let nothing = || Json::Object(BTreeMap::new());
    let look_inside = !params.filter.is_empty() || !order.is_default();
    let look = |index: usize| match look_inside {
        true => Json::read(&write(index)).unwrap_or_else(nothing),
        false => nothing(),
    };
    let indices = (0..created.len()).rev().map(|index| (look(index), index));
    let mut found: Vec<(Json, usize)> = indices.filter(|(item, _)| filter.matches(item)).collect();
    // By default, and among equals, the newest first; among those of one time the plan's last.
    found.sort_by(|(a, a_index), (b, b_index)| {
        order
            .compare(a, b)
            .then_with(|| created[*b_index].cmp(&created[*a_index]))
    });

    let mut members = Vec::new();
    let page: Vec<String> = found
        .iter()
        .skip(first)
        .take(size)
        .map(|(_, index)| write(*index))
        .collect();
    if !page.is_empty() {
        members.push(["\"", field, "\":[", &page.join(","), "]"].concat());
    }
    let next = first.saturating_add(size);
    if next < found.len() {
        let mut token = String::new();
        for number in [next as u64, then as u64, check(next, then)] {
            hash::push_hex(&mut token, number);
        }
        members.push(["\"nextPageToken\":\"", &token, "\""].concat());
    }
    let unreachable: Vec<String> = unreachable.iter().map(|location| quote(location)).collect();
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

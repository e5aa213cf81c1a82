//! The Cloud Storage objects behind the simulated job runs: manifests, build logs and event logs.
//!
//! Nothing is stored: an object's content follows from the rollout that it belongs to. The
//! buckets of [`locked`] refuse everyone.

use super::builds::{self, Target, Work, fill};
use super::events;
use super::hash;
use super::json;
use super::plan::{Nanos, Plan, Project, locked_logs_bucket};
use super::reply::no_such_method;
use super::world::Sim;
use crate::api::http::{Method, Reply, Request, percent_decode};
use crate::api::reply::{JSON, quote};
use crate::api::storage::ObjectName;

/// The manifests. A line that begins with a digit is in the releases whose hash has that bit,
/// with a space in place of the digit.
const FILES: &str = include_str!("objects.txt");
/// The most objects on a page of a list.
const MAX_PAGE: usize = 1000;
/// Who asks, as far as the simulation knows.
const ACCOUNT: &str = "viewer@example.com";

/// Whether nobody may read a bucket.
fn locked(project: &Project, bucket: &str) -> bool {
    bucket == "museum-artifacts" || bucket == locked_logs_bucket(project)
}

/// An object that there is.
struct Object {
    name: ObjectName,
    updated: Nanos,
    kind: &'static str,
    content: String,
}

/// Answers a request of Cloud Storage's JSON API; `None` when it is for something else.
pub(crate) fn handle(sim: &Sim, now: Nanos, request: &Request) -> Option<Reply> {
    let (path, query) = request
        .path_and_query
        .split_once('?')
        .unwrap_or((&request.path_and_query, ""));
    let path = path.strip_prefix("/storage/v1/b/")?;
    let parts: Vec<String> = path.split('/').map(percent_decode).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let param = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(found, _)| *found == name)
            .map_or(String::new(), |(_, value)| {
                percent_decode(&value.replace('+', " "))
            })
    };
    let media = param("alt") == "media";
    let (bucket, object, permission) = match (request.method, &parts[..]) {
        (Method::Get, [bucket, "o"]) => (*bucket, None, "storage.objects.list"),
        (Method::Get, [bucket, "o", object]) if !object.is_empty() => {
            (*bucket, Some(*object), "storage.objects.get")
        }
        // An object whose slashes are not encoded, too.
        _ => return Some(no_such_method()),
    };
    if locked(&sim.project, bucket) {
        let thing = if object.is_some() { "object" } else { "bucket" };
        let message = [
            ACCOUNT,
            " does not have ",
            permission,
            " access to the Google Cloud Storage ",
            thing,
            ". Permission '",
            permission,
            "' denied on resource (or it may not exist).",
        ]
        .concat();
        return Some(refuse(403, "forbidden", &message, media));
    }
    if !buckets(&sim.project).iter().any(|known| known == bucket) {
        return Some(refuse(
            404,
            "notFound",
            "The specified bucket does not exist.",
            media,
        ));
    }
    Some(match object {
        None => list(
            sim,
            now,
            bucket,
            &param("prefix"),
            &param("delimiter"),
            &param("pageToken"),
            &param("maxResults"),
        ),
        Some(object) => match find(sim, now, bucket, object) {
            Some(object) if media => Reply {
                status: 200,
                retry_after: None,
                content_type: object.kind.to_owned(),
                body: object.content,
            },
            Some(object) => ok(info(&object)),
            None => {
                let message = ["No such object: ", bucket, "/", object].concat();
                refuse(404, "notFound", &message, media)
            }
        },
    })
}

fn ok(body: String) -> Reply {
    Reply {
        status: 200,
        retry_after: None,
        content_type: JSON.to_owned(),
        body,
    }
}

/// An error as the JSON API writes it: without a `google.rpc` status, and for content as a plain
/// sentence that calls itself HTML.
fn refuse(status: u16, reason: &str, message: &str, media: bool) -> Reply {
    if media {
        let content_type = "text/html; charset=UTF-8".to_owned();
        return Reply {
            status,
            retry_after: None,
            content_type,
            body: message.to_owned(),
        };
    }
    let message = quote(message);
    let body = [
        "{\"error\":{\"code\":",
        &status.to_string(),
        ",\"message\":",
        &message,
        ",\"errors\":[{\"message\":",
        &message,
        ",\"domain\":\"global\",\"reason\":\"",
        reason,
        "\"}]}}",
    ]
    .concat();
    Reply {
        status,
        retry_after: None,
        content_type: JSON.to_owned(),
        body,
    }
}

/// The buckets that can be read.
fn buckets(project: &Project) -> [String; 2] {
    [
        [
            project.location,
            ".deploy-artifacts.",
            project.id,
            ".appspot.com",
        ]
        .concat(),
        [project.id, "_", project.location, "_cloudbuild"].concat(),
    ]
}

fn find(sim: &Sim, now: Nanos, bucket: &str, object: &str) -> Option<Object> {
    // Both kinds of names have the id of a run or a build in them, so that most need no look.
    let id = object
        .split(['/', '.'])
        .map(|part| part.strip_prefix("log-").unwrap_or(part))
        .find(|part| {
            part.len() == 36
                && part
                    .bytes()
                    .all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
        })?;
    let mut works = builds::all(sim, now, id);
    if works.is_empty() {
        works.extend(builds::find(sim, now, id));
    }
    let mut found = works.iter().flat_map(|work| objects(sim, work));
    let (name, what) =
        found.find(|(name, _)| name.bucket() == bucket && name.object() == object)?;
    content(sim, now, name, what)
}

/// What an object is of.
#[derive(Clone, Copy)]
enum ObjectKind<'a> {
    Log(&'a Work),
    Events(&'a Work),
    Manifest(&'a Work, &'a str),
}

/// The objects of a run.
fn objects<'a>(sim: &Sim, work: &'a Work) -> Vec<(ObjectName, ObjectKind<'a>)> {
    let log = [
        &work.logs_bucket(&sim.project, &sim.plans[work.plan]),
        "/log-",
        work.id(),
        ".txt",
    ]
    .concat();
    let mut found: Vec<_> = log
        .parse()
        .ok()
        .map(|name| (name, ObjectKind::Log(work)))
        .into_iter()
        .collect();
    let verify = work
        .run
        .verify_job_run
        .as_ref()
        .filter(|verify| !verify.event_log_path.is_empty());
    if let Some(verify) = verify {
        let name = ObjectName::join(&verify.artifact_uri, &verify.event_log_path);
        found.extend(name.ok().map(|name| (name, ObjectKind::Events(work))));
    }
    let artifact = work
        .run
        .deploy_job_run
        .as_ref()
        .and_then(|deploy| deploy.artifact.as_ref());
    if let Some(artifact) = artifact {
        found.extend(artifact.manifest_paths.iter().filter_map(|path| {
            let name = ObjectName::join(&artifact.artifact_uri, path).ok()?;
            Some((name, ObjectKind::Manifest(work, path)))
        }));
    }
    found
}

fn content(sim: &Sim, now: Nanos, name: ObjectName, what: ObjectKind) -> Option<Object> {
    let (work, content, kind) = match what {
        ObjectKind::Log(work) => {
            let content = work.log(&sim.project, &sim.plans[work.plan], now);
            (work, content, "text/plain; charset=utf-8")
        }
        ObjectKind::Events(work) => {
            let content = events::log(work, &sim.plans[work.plan], now);
            (work, content, "application/octet-stream")
        }
        ObjectKind::Manifest(work, path) => {
            let plan = &sim.plans[work.plan];
            let kind = if path.ends_with(".json") {
                "application/json"
            } else {
                "application/octet-stream"
            };
            (
                work,
                manifest(&sim.project, plan, &work.run.phase_id, path),
                kind,
            )
        }
    };
    let object = Object {
        name,
        updated: work.end.unwrap_or(now),
        kind,
        content,
    };
    // A log's object comes with its first piece.
    (!object.content.is_empty()).then_some(object)
}

/// A rendered manifest.
fn manifest(project: &Project, plan: &Plan, phase: &str, path: &str) -> String {
    let file = match builds::target(plan) {
        _ if path.ends_with(".json") => "plan",
        Target::Run if path.ends_with("service.yaml") => "service",
        Target::Run => "run",
        Target::Gke | Target::Custom => "gke",
    };
    let name = &plan.name;
    let (service, revision) = builds::service(plan);
    let seed = hash::mix(hash::text(
        hash::text(3, &name.delivery_pipeline),
        &name.release,
    ));
    // One of a few values, by a part of the release's hash.
    let pick =
        |index: u32, values: [&'static str; 4]| values[(seed >> (16 + 2 * index)) as usize & 3];
    let tag = name.release.rsplit('-').next().unwrap_or("");
    let digest = [hash::hex32(seed), hash::hex32(seed ^ 1)].concat();
    let image = [
        project.location,
        "-docker.pkg.dev/",
        project.id,
        "/",
        &name.delivery_pipeline,
        "/",
        service,
    ]
    .concat();
    let percent = phase
        .strip_prefix("canary-")
        .and_then(|percent| percent.parse::<u32>().ok());
    let (suffix, traffic) = match percent {
        Some(_) => ("-canary", ["revisionName: ", revision].concat()),
        None => ("", "latestRevision: true".to_owned()),
    };
    let percent = percent.unwrap_or(100).min(100);
    let (percent, replicas) = (
        percent.to_string(),
        (percent * 12).div_ceil(100).to_string(),
    );
    let values = [
        ("service", service),
        ("revision", revision),
        ("pipeline", &name.delivery_pipeline),
        ("release", &name.release),
        ("target", builds::target_id(plan)),
        ("project", project.id),
        ("tag", tag),
        ("digest", &digest),
        ("image", &image),
        ("percent", &percent),
        ("replicas", &replicas),
        ("suffix", suffix),
        ("traffic", &traffic),
        ("min", pick(0, ["0", "1", "2", "2"])),
        ("max", pick(1, ["10", "20", "40", "100"])),
        ("concurrency", pick(2, ["80", "80", "120", "250"])),
        ("level", pick(3, ["info", "info", "debug", "warn"])),
        ("cpu", pick(4, ["500m", "\"1\"", "\"1\"", "\"2\""])),
        ("memory", pick(5, ["256", "512", "512", "1024"])),
        ("secret", pick(6, ["3", "4", "4", "7"])),
    ];
    let files = FILES
        .split("file ")
        .filter_map(|file| file.split_once('\n'));
    let lines = files
        .into_iter()
        .find(|(found, _)| *found == file)
        .map_or("", |(_, lines)| lines);
    let mut out = String::new();
    for line in lines.lines() {
        let digit = line.chars().next().and_then(|first| first.to_digit(10));
        if digit.is_none_or(|bit| (seed >> bit) & 1 == 1) {
            let line = if digit.is_some() {
                [" ", &line[1..]].concat()
            } else {
                line.to_owned()
            };
            out.push_str(&fill(&line, &values));
            out.push('\n');
        }
    }
    out
}

/// An object's metadata.
fn info(object: &Object) -> String {
    let size = object.content.len().to_string();
    // Changes with the content, as a generation does.
    let generation = (hash::text(9, &object.content) >> 1).to_string();
    let fields = [
        ("kind", "storage#object"),
        ("name", object.name.object()),
        ("bucket", object.name.bucket()),
        ("generation", &generation),
        ("contentType", object.kind),
        ("size", &size),
        ("updated", &json::time(object.updated)),
    ];
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| [&quote(name), ":", &quote(value)].concat())
        .collect();
    ["{", &fields.join(","), "}"].concat()
}

fn list(
    sim: &Sim,
    now: Nanos,
    bucket: &str,
    prefix: &str,
    delimiter: &str,
    token: &str,
    most: &str,
) -> Reply {
    let works = builds::all(sim, now, "");
    let mut names: Vec<(ObjectName, ObjectKind)> = works
        .iter()
        .flat_map(|work| objects(sim, work))
        .filter(|(name, _)| name.bucket() == bucket && name.object().starts_with(prefix))
        .collect();
    names.sort_by(|(a, _), (b, _)| a.object().cmp(b.object()));

    // A token is the last name of the page before, as Cloud Storage's is underneath.
    let mut items = Vec::new();
    let mut prefixes: Vec<String> = Vec::new();
    let mut next = String::new();
    let most = most.parse().unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE);
    for (name, what) in names {
        let below = &name.object()[prefix.len()..];
        let cut = (!delimiter.is_empty())
            .then(|| below.find(delimiter))
            .flatten();
        let folder = cut.map(|at| [prefix, &below[..at], delimiter].concat());
        let key = folder.clone().unwrap_or_else(|| name.object().to_owned());
        if key.as_str() <= token || folder.is_some() && prefixes.last() == folder.as_ref() {
            continue;
        }
        if items.len() + prefixes.len() == most {
            next = [
                ",\"nextPageToken\":",
                &quote(
                    prefixes
                        .last()
                        .max(items.last().map(|(name, _)| name))
                        .map_or("", |last| last),
                ),
            ]
            .concat();
            break;
        }
        match folder {
            Some(folder) => prefixes.push(folder),
            None => items.extend(content(sim, now, name, what).map(|object| (key, info(&object)))),
        }
    }
    let items: Vec<String> = items.into_iter().map(|(_, info)| info).collect();
    let prefixes: Vec<String> = prefixes.iter().map(|prefix| quote(prefix)).collect();
    let mut body = "{\"kind\":\"storage#objects\"".to_owned();
    for (member, values) in [(",\"prefixes\":[", prefixes), (",\"items\":[", items)] {
        if !values.is_empty() {
            body.extend([member, &values.join(","), "]"]);
        }
    }
    ok(body + &next + "}")
}

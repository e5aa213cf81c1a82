//! An opened file, which answers the requests that Cloud Deploy does, with what it has.
//!
//! So the page reads a file as it reads the API: by the same client, page after page.

use std::collections::HashMap;

use super::summary::{BrokenEntry, MOST_BROKEN, RolloutSummary, Summary};
use crate::api::fields;
use crate::api::filter::Filter;
use crate::api::http::{Method, Reply, Request, percent_decode};
use crate::api::job_run::State;
use crate::api::json::Json;
use crate::api::reply::{self, JSON, quote};
use crate::api::rollout::RolloutRecord;
use crate::core::name::{JobRunName, RolloutName};
use crate::core::time::{Timestamp, to_rfc3339};
use crate::model::input::import::{self, Broken, Import, ImportedRollout};
use crate::model::rollout as rollouts;
use crate::model::rollout::headline::headline;
use crate::model::run::RunSet;

/// The most items on a page, as in the API.
const MAX_PAGE: usize = 1000;
/// The items on a page when nothing is asked, as in the API.
const DEFAULT_PAGE: usize = 50;

/// The name of the rollout that runs are shown in whose own names say no rollout. No resource has
/// `-` for an id.
pub const NAMELESS: &str =
    "projects/-/locations/-/deliveryPipelines/-/releases/-/rollouts/runs-without-a-rollout";

/// One of the texts that are opened as one file.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// The file's name; empty for a text that has none.
    pub name: &'a str,
    pub text: &'a str,
}

/// What a file has, by rollout.
#[derive(Debug)]
pub struct OpenedFile {
    rollouts: Vec<(RolloutName, ImportedRollout)>,
}

impl OpenedFile {
    /// Reads texts as one file that was written at `as_of`.
    ///
    /// # Errors
    /// A sentence, for what is something else entirely.
    pub fn read(parts: &[Part], as_of: Timestamp) -> Result<(Self, Summary), String> {
        // A byte order mark is only one where a file begins.
        let texts: Vec<&str> = parts
            .iter()
            .map(|part| part.text.strip_prefix('\u{feff}').unwrap_or(part.text))
            .collect();
        let import = match &*texts {
            [text] => import::read(text)?,
            texts => import::read(&texts.join("\n"))?,
        };
        let as_of = latest_time(&import).map_or(as_of, |latest| latest.max(as_of));
        let mut summary = Summary {
            as_of: to_rfc3339(as_of),
            broken_title: broken_title(import.broken_count()),
            broken: import
                .broken
                .iter()
                .take(MOST_BROKEN)
                .map(|broken| entry(broken, parts))
                .collect(),
            notes: notes(&import),
            ..Summary::default()
        };
        let mut rollouts = Vec::new();
        let mut total = 0;
        for rollout in import.rollouts {
            let name = rollout.name.clone().unwrap_or_else(nameless);
            let set = RunSet::new(rollout.runs.clone(), None);
            let record = rollout.json.as_deref().map(RolloutRecord::from_json);
            let read = rollouts::read(&record);
            let headline = headline(&set, as_of, &rollouts::coverage(read), read);
            let (state, headline) = headline
                .map_or((State::Unspecified, String::new()), |headline| {
                    (headline.state, headline.text)
                });
            total += set.runs.len();
            let count = job_runs(set.runs.len());
            summary.rollouts.push(RolloutSummary {
                name: name.to_string(),
                id: name.rollout.clone(),
                within: match rollout.name {
                    Some(_) => {
                        let RolloutName {
                            project,
                            location,
                            delivery_pipeline,
                            release,
                            ..
                        } = &name;
                        format!("{delivery_pipeline} · {release} · {location} · {project}")
                    }
                    None => "Of no rollout, as far as their names say".to_owned(),
                },
                count,
                state,
                headline,
            });
            rollouts.push((name, rollout));
        }
        summary.counts = match rollouts.len() {
            0 => "No job runs and no rollouts".to_owned(),
            1 => format!("{} in one rollout", job_runs(total)),
            count => format!("{} in {count} rollouts", job_runs(total)),
        };
        Ok((Self { rollouts }, summary))
    }

    /// Answers a request as Cloud Deploy would.
    pub fn answer(&self, request: &Request) -> Reply {
        self.try_answer(request).unwrap_or_else(|reply| reply)
    }

    fn try_answer(&self, request: &Request) -> Result<Reply, Reply> {
        if request.method == Method::Post {
            return Err(error(
                400,
                "FAILED_PRECONDITION",
                "This is from a file, which shows what was and cannot be acted on. Open the rollout by its name \
                 to act on it.",
            ));
        }
        let (path, query) = request
            .path_and_query
            .split_once('?')
            .unwrap_or((&request.path_and_query, ""));
        let parts: Vec<String> = path
            .trim_start_matches('/')
            .split('/')
            .map(percent_decode)
            .collect();
        let (collection, name) = match parts.split_first() {
            Some((version, name)) if version == "v1" && name.len() % 2 == 1 => (
                name[name.len() - 1].as_str(),
                name[..name.len() - 1].join("/"),
            ),
            Some((version, name)) if version == "v1" => ("", name.join("/")),
            _ => return Err(not_found(path)),
        };
        match collection {
            "jobRuns" => {
                let runs = &self.rollout(&name)?.1.runs;
                page(
                    "jobRuns",
                    &fields::JOB_RUN,
                    runs.iter().map(|run| (&*run.raw).into()).collect(),
                    query,
                )
            }
            "rollouts" => {
                let rollouts = self
                    .rollouts
                    .iter()
                    .filter(|(rollout, _)| is_of(rollout, &name));
                let raws = rollouts.map(|(name, rollout)| match &rollout.json {
                    Some(json) => json.clone(),
                    // A rollout of which the file has only runs.
                    None => ["{\"name\":", &quote(&name.to_string()), "}"]
                        .concat()
                        .into(),
                });
                page("rollouts", &fields::ROLLOUT, raws.collect(), query)
            }
            "" if name.contains("/jobRuns/") => {
                let (rollout, id) = name.rsplit_once("/jobRuns/").unwrap_or_default();
                let runs = &self.rollout(rollout)?.1.runs;
                // The last of copies, as everywhere.
                let run = runs.iter().rev().find(|run| {
                    let json = run.run.as_ref().ok();
                    let run = json.and_then(|json| json.name.parse::<JobRunName>().ok());
                    run.map_or(json.is_some_and(|json| json.uid == id), |name| {
                        name.job_run == id
                    })
                });
                run.map(|run| ok(run.raw.to_string()))
                    .ok_or_else(|| not_found(&name))
            }
            "" => {
                let (_, rollout) = self.rollout(&name)?;
                rollout
                    .json
                    .as_deref()
                    .map(|json| ok(json.to_owned()))
                    .ok_or_else(|| not_found(&name))
            }
            _ => Err(not_found(path)),
        }
    }

    /// A rollout by its name, with the project's id or number.
    fn rollout(&self, name: &str) -> Result<&(RolloutName, ImportedRollout), Reply> {
        let missing = || not_found(name);
        let name: RolloutName = name.parse().map_err(|_| missing())?;
        let exact = self.rollouts.iter().find(|(rollout, _)| *rollout == name);
        let found = exact.or_else(|| {
            self.rollouts
                .iter()
                .find(|(rollout, _)| rollout.same_but_project(&name))
        });
        found.ok_or_else(missing)
    }
}

fn nameless() -> RolloutName {
    NAMELESS.parse().expect("it is written as a name")
}

fn job_runs(count: usize) -> String {
    match count {
        0 => "No job runs".to_owned(),
        1 => "1 job run".to_owned(),
        count => format!("{count} job runs"),
    }
}

fn broken_title(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "1 entry of the file could not be read".to_owned(),
        count => format!("{count} entries of the file could not be read"),
    }
}

/// What else there is to know of a file.
fn notes(import: &Import) -> Vec<String> {
    let mut notes = Vec::new();
    if !import.next_page_token.is_empty() {
        notes.push(
            "The list goes on: the file ends with a nextPageToken, and has not got the pages after it. Ask for \
             them with pageToken and open all pages together."
                .to_owned(),
        );
    }
    let mut locations: Vec<&str> = Vec::new();
    for location in &import.unreachable {
        if !locations.contains(&location.as_str()) {
            locations.push(location);
        }
    }
    if !locations.is_empty() {
        notes.push(format!(
            "The list is not whole: when the file was written, the server could not reach {}.",
            locations.join(", ")
        ));
    }
    if import.broken_count() > MOST_BROKEN {
        notes.push(format!(
            "Of what could not be read, the first {MOST_BROKEN} are shown."
        ));
    }
    if import.rollouts.iter().any(|rollout| rollout.name.is_none()) {
        notes.push(
            "Some job runs have no name that says their rollout. They are shown together, in a rollout that \
             does not exist."
                .to_owned(),
        );
    }
    notes
}

/// The latest time that any run tells of.
fn latest_time(import: &Import) -> Option<Timestamp> {
    let runs = import
        .rollouts
        .iter()
        .flat_map(|rollout| &rollout.runs)
        .flat_map(|record| &record.run);
    let times = runs
        .flat_map(|run| [&run.create_time, &run.start_time, &run.end_time])
        .flatten();
    times
        .filter_map(|time| crate::core::time::parse(time).ok())
        .max()
}

/// A broken entry, with the position in its own file.
fn entry(broken: &Broken, parts: &[Part]) -> BrokenEntry {
    let mut line = broken.line;
    let mut file = "";
    if parts.len() > 1 {
        for part in parts {
            let lines = part.text.matches('\n').count() + 1;
            file = part.name;
            if line <= lines {
                break;
            }
            line -= lines;
        }
    }
    let separator = if file.is_empty() { "" } else { ", " };
    BrokenEntry {
        position: format!("{file}{separator}line {line}, column {}", broken.column),
        path: broken.path.clone(),
        reason: broken.reason.clone(),
        excerpt: broken.excerpt.clone(),
    }
}

/// Whether a rollout is in a release, whose ids may be `-` for any.
fn is_of(rollout: &RolloutName, release: &str) -> bool {
    let own = rollout.release_name().to_string();
    let (mut own, mut asked) = (own.split('/'), release.split('/'));
    own.by_ref()
        .zip(asked.by_ref())
        .all(|(own, asked)| own == asked || asked == "-")
        && release.split('/').count() == 8
}

/// One page of a list.
fn page(
    field: &str,
    kind: &fields::ResourceKind,
    raws: Vec<Box<str>>,
    query: &str,
) -> Result<Reply, Reply> {
    let params: HashMap<String, String> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (percent_decode(name), percent_decode(value)))
        .collect();
    let param = |name: &str| params.get(name).map_or("", String::as_str);
    let invalid = |message: &str| error(400, "INVALID_ARGUMENT", message);
    let number = |name: &str| match param(name) {
        "" => Ok(0),
        text => text
            .parse::<usize>()
            .map_err(|_| invalid(&format!("Invalid {name}: {text}"))),
    };
    let size = match number("pageSize")? {
        0 => DEFAULT_PAGE,
        size => size.min(MAX_PAGE),
    };
    let first = number("pageToken")?;
    let filter = Filter::parse(kind, param("filter")).map_err(|message| invalid(&message))?;
    if !param("orderBy").is_empty() {
        return Err(invalid("A file has the order that it has."));
    }

    let mut raws = raws;
    if !param("filter").is_empty() {
        raws.retain(|raw| Json::read(raw).is_some_and(|json| filter.matches(&json)));
    }
    let shown: Vec<&str> = raws
        .iter()
        .skip(first)
        .take(size)
        .map(|raw| &**raw)
        .collect();
    let mut body = ["{\"", field, "\":[", &shown.join(","), "]"].concat();
    if first + size < raws.len() {
        body.push_str(&format!(",\"nextPageToken\":\"{}\"", first + size));
    }
    body.push('}');
    Ok(ok(body))
}

fn ok(body: String) -> Reply {
    Reply {
        status: 200,
        retry_after: None,
        content_type: JSON.to_owned(),
        body,
    }
}

fn not_found(name: &str) -> Reply {
    error(404, "NOT_FOUND", &format!("The file does not have {name}."))
}

/// The answer about what is not open, or not any more.
pub(crate) fn not_open() -> Reply {
    error(
        404,
        "NOT_FOUND",
        "The file is not open any more. Open it again.",
    )
}

fn error(http: u16, code: &str, message: &str) -> Reply {
    reply::error(http, code, message, "")
}

//! What a person pasted: a name, a link, a command line or JSON, and which resource it names.
//!
//! Nothing is opened or run here. The result says in words what was understood, so that a person
//! sees it before anything is opened, or why nothing was and what would help.

use crate::api::http::percent_decode;
use crate::core::name::{JobRunName, RolloutName};

/// What a pasted text means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParsedInput {
    /// Nothing but space.
    Nothing,
    /// A resource of Cloud Deploy.
    Resource {
        resource: Resource,
        /// The settings of an address of this viewer, `filter=…&tz=utc`, as they came; else empty.
        settings: String,
    },
    /// JSON, for [`import`](super::import).
    Json,
    /// What leads nowhere.
    Rejected(RejectedInput),
}

/// Why a text leads nowhere, each in a sentence or two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedInput {
    pub reason: String,
    /// What would help.
    pub help: String,
}

/// A resource of Cloud Deploy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// What lies above a rollout.
    Above(Above),
    Rollout(RolloutName),
    JobRun(JobRunName),
}

/// A project, a location, a delivery pipeline, a release or a target: the deepest part that is
/// there. Without a location it has nothing below the project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Above {
    /// The project's id or number.
    pub project: String,
    pub location: Option<String>,
    pub delivery_pipeline: Option<String>,
    /// Only with a pipeline.
    pub release: Option<String>,
    /// With the pipeline that the link speaks of, or without one; never with a release.
    pub target: Option<String>,
}

impl ParsedInput {
    /// What was understood, or why nothing was and what would help; empty for an empty text.
    pub fn sentence(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Resource { resource, .. } => resource.sentence(),
            Self::Json => "JSON: job runs or rollouts to read in.".to_owned(),
            Self::Rejected(RejectedInput { reason, help }) => format!("{reason} {help}"),
        }
    }
}

impl Resource {
    /// Returns the resource in words: `A rollout: o of release r in pipeline d, project p, location l`.
    pub fn sentence(&self) -> String {
        let rollout = |name: &RolloutName| {
            let RolloutName {
                project,
                location,
                delivery_pipeline,
                release,
                rollout,
            } = name;
            format!(
                "{rollout} of release {release} in pipeline {delivery_pipeline}, project {project}, location \
                 {location}"
            )
        };
        match self {
            Self::Above(above) => above.sentence(),
            Self::Rollout(name) => format!("A rollout: {}", rollout(name)),
            Self::JobRun(name) => {
                format!(
                    "A job run: {} of rollout {}",
                    name.job_run,
                    rollout(&name.rollout)
                )
            }
        }
    }
}

impl Above {
    fn sentence(&self) -> String {
        let Self {
            project,
            location,
            delivery_pipeline,
            release,
            target,
        } = self;
        let Some(location) = location else {
            return format!("A project: {project}");
        };
        match (delivery_pipeline, release, target) {
            (Some(pipeline), Some(release), _) => {
                format!(
                    "A release: {release} in pipeline {pipeline}, project {project}, location {location}"
                )
            }
            (Some(pipeline), None, Some(target)) => {
                format!(
                    "A target: {target} of pipeline {pipeline}, project {project}, location {location}"
                )
            }
            (Some(pipeline), None, None) => {
                format!("A delivery pipeline: {pipeline} in project {project}, location {location}")
            }
            (None, _, Some(target)) => {
                format!("A target: {target} in project {project}, location {location}")
            }
            (None, _, None) => format!("A location: {location} of project {project}"),
        }
    }
}

/// What else would be understood.
const FORMS: &str = "Paste a rollout’s full name, projects/…/rollouts/…, its link in the Cloud console, or the gcloud \
                     deploy command that describes it.";

fn refused<T>(reason: impl Into<String>, help: impl Into<String>) -> Result<T, RejectedInput> {
    Err(RejectedInput {
        reason: reason.into(),
        help: help.into(),
    })
}

/// Parses what a user pasted or typed.
pub fn parse_input(text: &str) -> ParsedInput {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if text.is_empty() {
        return ParsedInput::Nothing;
    }
    if text.starts_with(['{', '[']) {
        return ParsedInput::Json;
    }
    match resource(text) {
        Ok((resource, settings)) => ParsedInput::Resource { resource, settings },
        Err(refused) => ParsedInput::Rejected(refused),
    }
}

/// Returns the resource, and the settings of an address of this viewer.
fn resource(text: &str) -> Result<(Resource, String), RejectedInput> {
    let plain = |resource: Result<Resource, RejectedInput>| {
        resource.map(|resource| (resource, String::new()))
    };
    if let Some(command) = command(text) {
        return plain(gcloud(command));
    }
    let text = unquoted(text);
    if text.chars().any(char::is_whitespace) {
        let names = text
            .split_whitespace()
            .filter(|word| word.contains("projects/"))
            .count();
        return match names {
            0 | 1 => refused(
                "This is a text of several words, and not one name or link.",
                FORMS,
            ),
            names => refused(
                format!("These are {names} names or links at once."),
                "Paste one of them.",
            ),
        };
    }
    if text.starts_with("gs://") {
        return refused(
            "This is a file or folder in Cloud Storage.",
            "It does not say which rollout made it; paste the rollout’s name or link instead.",
        );
    }
    if let Some(rest) = text.strip_prefix('#') {
        return viewer(rest);
    }
    let known_host = ["console.cloud.google.com/", "clouddeploy.googleapis.com/"];
    if let Some((scheme, rest)) = text.split_once("://") {
        return match scheme.to_ascii_lowercase().as_str() {
            "https" | "http" => url(rest),
            "file" if rest.contains("#/") => url(rest),
            _ => refused(
                format!("A {}: address leads to no rollout.", head(scheme)),
                FORMS,
            ),
        };
    }
    // A full resource name, or a link without its scheme.
    if let Some(rest) = text.strip_prefix("//") {
        return url(rest);
    }
    if known_host.iter().any(|host| text.starts_with(host)) || text.contains("/#/projects/") {
        return url(text);
    }
    plain(name(text.strip_prefix('/').unwrap_or(text)))
}

/// A text without the quotes and the like that it was copied with.
fn unquoted(text: &str) -> &str {
    let around = |c: char| c.is_whitespace() || "\"'`“”‘’«»<>,;".contains(c);
    let text = text.trim_matches(around);
    // A line of YAML or JSON.
    let value = text
        .strip_prefix("name")
        .and_then(|rest| rest.trim_start_matches(around).strip_prefix(':'));
    value.map_or(text, |value| value.trim_matches(around))
}

/// The first characters of a text that may be long, for a sentence.
fn head(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The collections on the way to a job run, from the outermost.
const COLLECTIONS: [&str; 6] = [
    "projects",
    "locations",
    "deliveryPipelines",
    "releases",
    "rollouts",
    "jobRuns",
];

/// What an id of each collection is the id of.
const KINDS: [&str; 6] = [
    "project",
    "location",
    "delivery pipeline",
    "release",
    "rollout",
    "job run",
];

/// Reads a resource name at any depth. A collection with no id after it, as in a list's address,
/// stands for what holds it.
fn name(text: &str) -> Result<Resource, RejectedInput> {
    let text = text.strip_suffix('/').unwrap_or(text);
    let parts: Vec<&str> = text.split('/').collect();
    if parts[0] != COLLECTIONS[0] {
        return no_name(text, &parts);
    }
    let mut ids: Vec<&str> = Vec::with_capacity(COLLECTIONS.len());
    let mut target = None;
    for (index, pair) in parts.chunks(2).enumerate() {
        let (found, id) = (pair[0], pair.get(1).copied());
        let Some(expected) = COLLECTIONS.get(index) else {
            return refused(
                format!(
                    "The name goes on after the job run, with “{}”.",
                    head(found)
                ),
                "Leave that out.",
            );
        };
        if found == "targets" && index == 2 && parts.len() <= 6 {
            target = id;
            break;
        }
        if found != *expected {
            return wrong_collection(found, expected, index);
        }
        match id {
            Some("") => {
                return refused(
                    format!(
                        "The name has nothing between two slashes, where the {}’s id should be.",
                        KINDS[index]
                    ),
                    FORMS,
                );
            }
            Some(id) if id.starts_with(['$', '{', '<', '[']) => {
                return refused(
                    format!("“{}” stands for a {} and is none.", head(id), KINDS[index]),
                    format!("Put the {}’s id in its place.", KINDS[index]),
                );
            }
            Some(id) => ids.push(id),
            None => break,
        }
    }
    match from_ids(&ids, target) {
        Some(resource) => Ok(resource),
        None => refused("The name ends before the project’s id.", FORMS),
    }
}

/// Returns the resource of ids from the project on; `None` when there is not even one.
fn from_ids(ids: &[&str], target: Option<&str>) -> Option<Resource> {
    let id = |index: usize| ids.get(index).map(|id| (*id).to_owned());
    let rollout =
        |[project, location, delivery_pipeline, release, rollout]: [&str; 5]| RolloutName {
            project: project.to_owned(),
            location: location.to_owned(),
            delivery_pipeline: delivery_pipeline.to_owned(),
            release: release.to_owned(),
            rollout: rollout.to_owned(),
        };
    Some(match *ids {
        [p, l, d, r, o, job_run] => Resource::JobRun(rollout([p, l, d, r, o]).job_run(job_run)),
        [p, l, d, r, o] => Resource::Rollout(rollout([p, l, d, r, o])),
        _ => Resource::Above(Above {
            project: id(0)?,
            location: id(1),
            delivery_pipeline: id(2),
            release: id(3),
            target: target
                .filter(|target| !target.is_empty())
                .map(str::to_owned),
        }),
    })
}

/// A name with another collection than the one that comes next.
fn wrong_collection(found: &str, expected: &str, index: usize) -> Result<Resource, RejectedInput> {
    let letters = |text: &str| text.replace(['-', '_'], "").to_ascii_lowercase();
    if letters(found).trim_end_matches('s') == letters(expected).trim_end_matches('s') {
        return refused(
            format!(
                "The name has “{}” where “{expected}” should be.",
                head(found)
            ),
            "Write it so.",
        );
    }
    let what = match (index, found) {
        (1 | 2, "builds") => "a Cloud Build build",
        (2, "services" | "jobs" | "workerPools") => "a Cloud Run resource",
        (2, "deployPolicies") => "a deploy policy",
        (2, "customTargetTypes") => "a custom target type",
        (2, "operations") => "an operation",
        (2, "alertPolicies") => "an alert policy",
        (3, "automations") => "an automation",
        (3, "automationRuns") => "an automation run",
        _ => {
            return refused(
                format!(
                    "The name has “{}” where “{expected}” should be.",
                    head(found)
                ),
                "A rollout’s name is projects/…/locations/…/deliveryPipelines/…/releases/…/rollouts/….",
            );
        }
    };
    refused(
        format!("This is the name of {what}."),
        "Paste the name or link of the rollout it belongs to.",
    )
}

/// A text that does not begin as a name does: the usual mistakes.
fn no_name(text: &str, parts: &[&str]) -> Result<Resource, RejectedInput> {
    if let Some(index) = COLLECTIONS
        .iter()
        .position(|collection| *collection == parts[0])
        .filter(|_| parts.len() > 1)
    {
        return refused(
            format!(
                "The name begins at {}: what stands before it is missing.",
                COLLECTIONS[index]
            ),
            format!(
                "Paste all of it, from projects/ on; here {}/… is missing.",
                COLLECTIONS[..index].join("/…/")
            ),
        );
    }
    if parts.len() > 1 {
        return refused(
            format!(
                "This is no name of Cloud Deploy: it begins with “{}” and not with projects.",
                head(parts[0])
            ),
            FORMS,
        );
    }
    let is_uuid = text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        });
    // Rollouts that nobody names are called {release}-to-{target}-{four digits}.
    let is_rollout = text
        .split_once("-to-")
        .and_then(|(_, rest)| rest.rsplit_once('-'))
        .is_some_and(|(_, digits)| digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()));
    let is_id = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b));
    let what = if is_uuid {
        "an id, of a job run or of a build"
    } else if is_rollout {
        "an id, of a rollout"
    } else if is_id {
        "an id"
    } else {
        return refused(
            "This is no name, link or command that leads to Cloud Deploy.",
            FORMS,
        );
    };
    refused(
        format!("This is only {what}: it does not say in which project, location and pipeline."),
        "Paste the full name, from projects/ on: gcloud deploy … list --format='value(name)' prints it.",
    )
}

/// What follows a `#`, in an address of this viewer.
fn viewer(hash: &str) -> Result<(Resource, String), RejectedInput> {
    let (path, settings) = hash.split_once('?').unwrap_or((hash, ""));
    let path = path.strip_prefix('/').unwrap_or(path);
    if path.is_empty() {
        return refused(
            "This is an address of this viewer’s start page.",
            "Paste one of a rollout.",
        );
    }
    Ok((name(&decoded(path).join("/"))?, settings.to_owned()))
}

/// The parts of a path, decoded; one that would fall apart into several stays as it is.
fn decoded(path: &str) -> Vec<String> {
    let decode = |part: &str| {
        let decoded = percent_decode(part);
        if decoded.contains('/') {
            part.to_owned()
        } else {
            decoded
        }
    };
    path.split('/').map(decode).collect()
}

/// A link, without its scheme.
fn url(rest: &str) -> Result<(Resource, String), RejectedInput> {
    let (rest, fragment) = rest
        .split_once('#')
        .map_or((rest, None), |(rest, hash)| (rest, Some(hash)));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = authority
        .rsplit('@')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let plain = |resource: Result<Resource, RejectedInput>| {
        resource.map(|resource| (resource, String::new()))
    };
    match host.as_str() {
        "console.cloud.google.com" | "console.developers.google.com" => {
            return plain(console(path, query));
        }
        "cloudbuild.googleapis.com" => return cloud_build(),
        "run.googleapis.com" => return cloud_run(),
        "storage.googleapis.com" | "storage.cloud.google.com" => return cloud_storage(),
        host if host.ends_with(".run.app") => {
            return refused(
                "This is the address of a Cloud Run service.",
                "It does not say which rollout deployed it; paste the rollout’s name or link instead.",
            );
        }
        _ => {}
    }
    if let Some(hash) = fragment.filter(|hash| hash.starts_with('/')) {
        return viewer(hash);
    }
    let mut parts = decoded(path);
    // `v1`, which a full resource name does not have.
    if parts.first().is_some_and(|part| is_version(part)) {
        parts.remove(0);
    }
    let is_api = host == "clouddeploy.googleapis.com"
        || host.starts_with("clouddeploy.") && host.ends_with(".googleapis.com");
    // The API may stand behind a proxy or be a stand-in, on any host.
    if is_api || parts.first().is_some_and(|part| part == COLLECTIONS[0]) {
        // `:terminate` and the like. A project's id may have a colon of its own.
        if parts.len() > 2
            && let Some(last) = parts.last_mut()
            && let Some((id, _)) = last.split_once(':')
        {
            *last = id.to_owned();
        }
        return plain(name(&parts.join("/")));
    }
    refused(
        format!("A link to {} leads to no rollout.", head(&host)),
        FORMS,
    )
}

/// Whether a part of a path is a version of an API, such as `v1` or `v1beta2`.
fn is_version(part: &str) -> bool {
    let rest = part.strip_prefix('v').unwrap_or_default();
    rest.starts_with(|c: char| c.is_ascii_digit())
        && rest.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn cloud_build<T>() -> Result<T, RejectedInput> {
    refused(
        "This is a Cloud Build link.",
        "A build does not say which rollout it is of; paste the rollout’s link instead.",
    )
}

fn cloud_run<T>() -> Result<T, RejectedInput> {
    refused(
        "This is a Cloud Run link.",
        "A service does not say which rollout deployed it; paste the rollout’s link instead.",
    )
}

fn cloud_storage<T>() -> Result<T, RejectedInput> {
    refused(
        "This is a Cloud Storage link.",
        "A file does not say which rollout made it; paste the rollout’s link instead.",
    )
}

/// A page of the Cloud console. The forms of its addresses are those that
/// [`links`](crate::model::address::links) makes, and those of pipelines, releases and targets.
fn console(path: &str, query: &str) -> Result<Resource, RejectedInput> {
    let mut parts = decoded(path);
    for part in &mut parts {
        // `;region=…` and the like, which the console puts behind any part.
        part.truncate(part.find(';').unwrap_or(part.len()));
    }
    parts.retain(|part| !part.is_empty());
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let ids: Vec<&str> = match *parts {
        ["deploy", "delivery-pipelines", ref rest @ ..] => rest.to_vec(),
        ["deploy"] => vec![],
        ["deploy", page, ..] => {
            return refused(
                format!(
                    "This is the console’s page “{}” of Cloud Deploy.",
                    head(page)
                ),
                "Paste the link of a pipeline, a release or a rollout.",
            );
        }
        ["cloud-build", ..] => return cloud_build(),
        ["run", ..] => return cloud_run(),
        ["storage", ..] => return cloud_storage(),
        ["logs", ..] => {
            return refused(
                "This is a link to logs.",
                "Paste the rollout’s link instead.",
            );
        }
        _ => {
            return refused(
                "This is a page of the Cloud console, and not of Cloud Deploy.",
                "Open the rollout under Cloud Deploy, Delivery pipelines, and paste its link.",
            );
        }
    };
    let project = query
        .split('&')
        .filter_map(|pair| pair.strip_prefix("project="))
        .map(percent_decode)
        .find(|project| !project.is_empty());
    let Some(project) = project else {
        return refused(
            "The link names no project.",
            "Add ?project= and the project’s id to it, as the console’s own address bar has it.",
        );
    };
    let mut name = vec![COLLECTIONS[0], &project];
    let mut rest = ids.into_iter();
    for collection in &COLLECTIONS[1..3] {
        if let Some(id) = rest.next() {
            name.extend([collection, id]);
        }
    }
    let mut target = None;
    while let Some(page) = rest.next() {
        match (page, rest.next()) {
            ("releases" | "rollouts", Some(id))
                if Some(&page) == COLLECTIONS.get(name.len() / 2) =>
            {
                // `…/releases/R/rollouts` is a tab of the release.
                name.extend([page, id]);
            }
            ("targets", Some(id)) if name.len() == 6 => target = Some(id),
            // A tab.
            _ => break,
        }
    }
    match self::name(&name.join("/"))? {
        Resource::Above(above) => Ok(Resource::Above(Above {
            target: target.map(str::to_owned),
            ..above
        })),
        resource => Ok(resource),
    }
}

/// The command line, without its prompt, when the text is one of gcloud.
fn command(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(['`', '$', '%', '>', '#', ' ', '\t', '\n', '\r']);
    // A prompt such as `me@cloudshell:~ (p)$`.
    let prompt = text
        .lines()
        .next()
        .and_then(|line| line.find("$ gcloud "))
        .map_or(0, |at| at + 2);
    let rest = text[prompt..].strip_prefix("gcloud")?;
    let rest = rest
        .strip_prefix(".cmd")
        .or(rest.strip_prefix(".exe"))
        .unwrap_or(rest);
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then_some(rest)
}

/// The words of a command line, as a shell would take them, up to a pipe or a redirection. Of the
/// shells' rules it knows quotes, escapes, and how bash, PowerShell and cmd continue a line.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quote) {
            (_, Some(open)) if c == open => quote = None,
            ('\\', None | Some('"')) | ('`' | '^', None) => {
                let line_end =
                    chars.next_if_eq(&'\r').is_some() | chars.next_if_eq(&'\n').is_some();
                if line_end {
                    words.extend(word.take());
                } else if c == '\\'
                    && let Some(c) = chars.next()
                {
                    word.get_or_insert_default().push(c);
                }
            }
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            ('|' | '>' | '<' | '&' | ';', None) => break,
            ('\n', None) => {
                words.extend(word.take());
                while chars.next_if(|c| c.is_whitespace()).is_some() {}
                // A line that only the screen's width broke.
                if chars.peek() != Some(&'-') {
                    break;
                }
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// The flags of `gcloud deploy` that take no value; all others take one.
const SWITCHES: [&str; 13] = [
    "quiet",
    "q",
    "help",
    "h",
    "uri",
    "log-http",
    "user-output-enabled",
    "async",
    "force",
    "validate-only",
    "disable-initial-rollout",
    "list-all-pipelines",
    "skip-pipeline-lookup",
];

/// The flags that name what lies above a resource, from the outermost.
const FLAGS: [&str; 5] = [
    "project",
    "region",
    "delivery-pipeline",
    "release",
    "rollout",
];

/// A command line of gcloud, without the word itself.
fn gcloud(line: &str) -> Result<Resource, RejectedInput> {
    let mut flags: [Option<String>; 5] = Default::default();
    let mut plain = Vec::new();
    let mut words = words(line).into_iter().peekable();
    while let Some(word) = words.next() {
        let Some(flag) = word.strip_prefix('-').filter(|flag| !flag.is_empty()) else {
            plain.push(word);
            continue;
        };
        let flag = flag.strip_prefix('-').unwrap_or(flag);
        let (flag, value) = match flag.split_once('=') {
            Some((flag, value)) => (flag, Some(value.to_owned())),
            None if SWITCHES.contains(&flag) || flag.starts_with("no-") => (flag, None),
            None => (flag, words.next_if(|next| !next.starts_with('-'))),
        };
        let flag = if flag == "location" { "region" } else { flag };
        if let Some(index) = FLAGS.iter().position(|known| *known == flag) {
            flags[index] = value.filter(|value| !value.is_empty());
        }
    }
    let mut plain: &[String] = &plain;
    if let [track, rest @ ..] = plain
        && (track == "alpha" || track == "beta")
    {
        plain = rest;
    }
    let (group, verb, positional) = match plain {
        [deploy, group, verb, rest @ ..] if deploy == "deploy" => (
            group.as_str(),
            verb.as_str(),
            rest.first().map(String::as_str),
        ),
        [deploy, ..] if deploy == "deploy" => {
            return refused(
                "The command does not say what to describe.",
                "Paste one such as gcloud deploy rollouts describe ….",
            );
        }
        [builds, ..] if builds == "builds" => {
            return refused(
                "This is a command of Cloud Build.",
                "A build does not say which rollout it is of; paste the rollout’s name or link instead.",
            );
        }
        [other, ..] => {
            return refused(
                format!(
                    "This is a command of gcloud {}, and not of gcloud deploy.",
                    head(other)
                ),
                FORMS,
            );
        }
        [] => return refused("The command says only gcloud.", FORMS),
    };
    if let Some(full) = positional.filter(|id| id.contains('/')) {
        return name(
            full.strip_prefix("//clouddeploy.googleapis.com/")
                .unwrap_or(full),
        );
    }
    // How many of FLAGS lie above such a resource.
    let above = match group {
        "delivery-pipelines" | "targets" => 2,
        "releases" => 3,
        "rollouts" => 4,
        "job-runs" => 5,
        _ => {
            return refused(
                format!(
                    "gcloud deploy {} is not about pipelines, releases, rollouts or job runs.",
                    head(group)
                ),
                FORMS,
            );
        }
    };
    // `releases promote` names its release by a flag.
    let positional = positional.or(if group == "releases" {
        flags[3].as_deref()
    } else {
        None
    });
    let is_list = verb == "list";
    // A flag too may have a full name, which then says all that lies above.
    let mut known: [Option<String>; 5] = Default::default();
    for (index, value) in flags.iter().enumerate().take(above) {
        let Some(value) = value else { continue };
        if value.contains('/') {
            let value = value
                .strip_prefix("//clouddeploy.googleapis.com/")
                .unwrap_or(value);
            let ids = value.split('/').skip(1).step_by(2);
            for (slot, id) in known[..=index].iter_mut().zip(ids) {
                *slot = Some(id.to_owned());
            }
        } else {
            known[index] = Some(value.clone());
        }
    }
    let mut missing: Vec<String> = FLAGS[..above]
        .iter()
        .zip(&known)
        .filter(|(_, value)| value.is_none())
        .map(|(flag, _)| format!("--{flag}"))
        .collect();
    // A list reaches across all releases when none is named.
    let mut depth = above;
    if is_list && group == "rollouts" && missing == ["--release"] {
        missing.clear();
        depth = 3;
    }
    if is_list && matches!(group, "delivery-pipelines" | "targets") && missing == ["--region"] {
        missing.clear();
        depth = 1;
    }
    if !missing.is_empty() {
        let from_configuration = ["--project", "--region", "--delivery-pipeline"];
        let configured = missing
            .iter()
            .any(|flag| from_configuration.contains(&flag.as_str()));
        let why = if configured {
            " gcloud takes it from its configuration, which a web page cannot read."
        } else {
            ""
        };
        return refused(
            format!("The command names no {}.{why}", missing.join(" and no ")),
            format!(
                "Add {} to it.",
                missing
                    .iter()
                    .map(|flag| format!("{flag}=…"))
                    .collect::<Vec<_>>()
                    .join(" ")
            ),
        );
    }
    let mut ids: Vec<&str> = known[..depth]
        .iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let mut target = None;
    match positional {
        _ if is_list => {}
        Some(id) if group == "targets" => target = Some(id),
        Some(id) => ids.push(id),
        None => {
            let what = if group == "targets" {
                "target"
            } else {
                KINDS[above]
            };
            return refused(
                format!("The command names no {what}."),
                format!("Put the {what}’s id behind {}.", head(verb)),
            );
        }
    }
    let text: Vec<&str> = COLLECTIONS
        .iter()
        .zip(&ids)
        .flat_map(|(collection, id)| [*collection, id])
        .collect();
    match name(&text.join("/"))? {
        Resource::Above(above) => Ok(Resource::Above(Above {
            target: target.map(str::to_owned),
            ..above
        })),
        resource => Ok(resource),
    }
}

//! Job runs and rollouts from a file, as `gcloud … --format=json` and the REST API write them.
//!
//! A file is read in one pass, whatever is in it: one resource, a list, a list response, pages of
//! it one after the other or in a list, or a resource to a line. The pass itself only follows
//! brackets and quotes, so that an entry that is no JSON costs itself and not its neighbours;
//! serde_json then reads each entry, and with its error comes the offset. The work grows with the
//! file's length and not faster, and the pass uses no stack of its own for what is nested.

use std::collections::HashMap;

use serde::de::IgnoredAny;

use crate::api::error::{Malformed, Refusal};
use crate::api::http::Reply;
use crate::api::source::Record;
use crate::core::name::{JobRunName, RolloutName};

/// What a file has.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// In the order in which the file first speaks of each.
    pub rollouts: Vec<ImportedRollout>,
    /// The `nextPageToken` of the file's last list response: unless it is empty, the file does not
    /// have the whole list.
    pub next_page_token: String,
    /// Locations that the server could not reach when the file was written.
    pub unreachable: Vec<String>,
    /// What could not be read, in the order of the file: the first [`MOST_BROKEN`].
    pub broken: Vec<Broken>,
    /// How many more could not be read.
    pub more_broken: usize,
}

/// How many broken entries are kept; in a file of something else entirely there may be millions.
pub const MOST_BROKEN: usize = 1_000;

/// A rollout, and the runs that belong to it.
#[derive(Clone, Debug, Default)]
pub struct ImportedRollout {
    /// With the project's id rather than its number, where the file has both. `None` for the runs
    /// whose names say no rollout.
    pub name: Option<RolloutName>,
    /// The `Rollout` as it came; the last, if it came several times. `None` when the file has only
    /// its runs.
    pub json: Option<Box<str>>,
    /// In the order of the file; a run may come twice.
    pub runs: Vec<Record>,
}

/// An entry that could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Broken {
    /// In the file, from 1.
    pub line: usize,
    /// In its line, from 1, in bytes; a byte order mark is not counted.
    pub column: usize,
    /// The field, from its document on, such as `jobRuns[3].startTime`; empty for a document itself.
    pub path: String,
    /// What is wrong there.
    pub reason: String,
    /// The text around the error, or the entry's first characters.
    pub excerpt: String,
}

impl Import {
    /// How many entries could not be read.
    pub fn broken_count(&self) -> usize {
        self.broken.len() + self.more_broken
    }
}

/// Reads a file. What can be read is kept, whatever else there is, and a file that was cut off
/// gives what came before the cut.
///
/// # Errors
/// A sentence, for a text that is something else entirely: what it is, and what would help.
pub fn read(text: &str) -> Result<Import, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some(sentence) = no_json(text) {
        return Err(sentence);
    }
    let mut reader = Reader {
        text,
        ..Reader::default()
    };
    reader.documents();
    reader.finish()
}

/// Why a text is not even the beginning of JSON.
fn no_json(text: &str) -> Option<String> {
    let start = text.trim_start();
    let sentence = match start.bytes().next() {
        None => "There is nothing in it.",
        // Decoded as UTF-8, every other byte of UTF-16 is a NUL.
        _ if head(start, 100).contains('\0') => {
            "This is UTF-16 text, as PowerShell’s > writes, or no text at all. Save it as UTF-8: with \
             gcloud … --format=json | Out-File -Encoding utf8 runs.json."
        }
        Some(b'{' | b'[') => return None,
        Some(b'<') => {
            "This is a web page or XML, not JSON. Write the file with gcloud deploy job-runs list … \
             --format=json."
        }
        _ if start.lines().take(20).any(is_yaml) => {
            "This is YAML, gcloud’s own format. Add --format=json to the command and take its output."
        }
        _ if start.starts_with("name,phase,job,") => {
            "This is CSV, which does not hold all of a run. Export the runs as JSON instead."
        }
        // Such as a warning before the JSON.
        _ if start.lines().any(|line| line.starts_with(['{', '['])) => return None,
        _ => {
            "This is no JSON. Write the file with gcloud deploy job-runs list … --format=json, or take \
             the answer of the REST API."
        }
    };
    Some(sentence.to_owned())
}

/// Whether a line is one of a resource in YAML: `createTime: '…'`, `- name: …` or `---`.
fn is_yaml(line: &str) -> bool {
    let line = line.trim_end();
    let item = line.strip_prefix("- ").unwrap_or(line);
    let key = item
        .split_once(": ")
        .map(|(key, _)| key)
        .or(item.strip_suffix(':'));
    line == "---"
        || key.is_some_and(|key| {
            key.starts_with(|c: char| c.is_ascii_lowercase())
                && key.chars().all(|c| c.is_ascii_alphanumeric())
        })
}

/// At most the first `most` characters.
fn head(text: &str, most: usize) -> &str {
    text.char_indices()
        .nth(most)
        .map_or(text, |(end, _)| &text[..end])
}

/// What the position of an entry says that it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Whatever it looks like.
    Any,
    /// An item of `jobRuns`.
    Run,
    /// An item of `rollouts`, or a `rollout`.
    Rollout,
}

/// How an object ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Closed,
    /// Something came that can only stand after it.
    Open,
    /// The text ended.
    Cut,
}

/// A segment of a path.
enum PathSegment<'a> {
    Field(&'a str),
    Item(usize),
}

/// What the pass notes of an object's own fields.
#[derive(Default)]
struct Seen<'a> {
    /// As it is written, with its quotes.
    name: &'a str,
    next_page_token: &'a str,
    unreachable: &'a str,
    /// Whether there is a field that only a list response has, or that wraps one.
    is_list: bool,
    is_error: bool,
    /// Whether there is a field that only a job run has.
    is_run: bool,
    /// Whether there is a field that only a rollout has.
    is_rollout: bool,
    has_state: bool,
    /// The first few fields.
    keys: Vec<&'a str>,
    /// Where something stands that cannot stand there.
    stray: Option<usize>,
}

/// What could not be read, before its line is counted.
struct Flaw {
    at: usize,
    broken: Broken,
}

#[derive(Default)]
struct Reader<'a> {
    text: &'a str,
    pos: usize,
    path: Vec<PathSegment<'a>>,
    groups: Groups,
    import: Import,
    flaws: Vec<Flaw>,
    flaw_count: usize,
    /// How many flaws are something else entirely, rather than a run or a rollout with a fault.
    foreign: usize,
    /// List responses, which may be empty.
    lists: usize,
    /// Whether the text's sudden end was told.
    cut: bool,
    /// How often the pass went back to a line that it had taken for a part of a broken entry.
    went_back: u8,
}

/// How many lists and objects may hold each other around an entry: a list of list responses takes
/// three, and one more is for what nobody thought of.
const LEVELS: u8 = 4;

impl<'a> Reader<'a> {
    fn documents(&mut self) {
        loop {
            self.skip_space_and_commas();
            let start = self.pos;
            match self.peek() {
                None => return,
                Some(b'{') => self.object(Role::Any, LEVELS),
                Some(b'[') => self.array(Role::Any, LEVELS),
                Some(_) => {
                    self.pos += 1;
                    while let Some(byte) = self.peek() {
                        let starts_line = self.text.as_bytes()[self.pos - 1] == b'\n';
                        if byte == b'{' || byte == b'[' && starts_line {
                            break;
                        }
                        self.pos += 1;
                    }
                    let stray = &self.text[start..self.pos];
                    self.foreign += 1;
                    self.flaw(
                        start,
                        String::new(),
                        "This is no JSON.".into(),
                        head(stray.trim_end(), 60),
                    );
                }
            }
        }
    }

    /// A list, with the position at its `[`.
    fn array(&mut self, role: Role, levels: u8) {
        self.pos += 1;
        let mut index = 0;
        loop {
            self.skip_space_and_commas();
            let start = self.pos;
            match self.peek() {
                None => {
                    let reason = format!(
                        "The text ends before the list does, after {}.",
                        entries(index)
                    );
                    return self.cut_off(self.path(), reason, "");
                }
                Some(b']') => {
                    self.pos += 1;
                    return;
                }
                Some(b'}') => {
                    return self.flaw(
                        start,
                        self.path(),
                        "The list before this is not closed.".into(),
                        "}",
                    );
                }
                Some(b':') => {
                    self.pos += 1;
                    self.flaw(
                        start,
                        self.path(),
                        "A colon cannot stand in a list.".into(),
                        ":",
                    );
                    continue;
                }
                Some(byte) => {
                    self.path.push(PathSegment::Item(index));
                    match byte {
                        b'{' => self.object(role, levels.saturating_sub(1)),
                        b'[' if levels > 1 => self.array(role, levels - 1),
                        _ => {
                            self.skip_value();
                            let raw = &self.text[start..self.pos];
                            let found = match byte {
                                b'[' => "a list",
                                b'"' => "a text",
                                b'-' | b'0'..=b'9' => "a number",
                                b'n' if raw == "null" => "null",
                                b't' | b'f' if raw == "true" || raw == "false" => "a truth value",
                                _ => "something that is no JSON",
                            };
                            let reason =
                                format!("There is {found} where a job run or a rollout should be.");
                            self.foreign += 1;
                            self.flaw(start, self.path(), reason, head(raw, 60));
                        }
                    }
                    self.path.pop();
                    index += 1;
                }
            }
        }
    }

    /// An object, with the position at its `{`.
    fn object(&mut self, role: Role, levels: u8) {
        let start = self.pos;
        self.pos += 1;
        let mut seen = Seen::default();
        let end = loop {
            self.skip_space();
            match self.peek() {
                None => break End::Cut,
                Some(b'}') => {
                    self.pos += 1;
                    break End::Closed;
                }
                // A key should stand here: the object's own end is missing.
                Some(b'{' | b'[' | b']') => break End::Open,
                Some(b'"') => {
                    let key = self.string();
                    self.skip_space();
                    if self.peek() == Some(b':') {
                        self.pos += 1;
                        self.skip_space();
                        self.field(key, &mut seen, role, levels);
                    }
                }
                Some(byte) => {
                    if byte != b',' {
                        seen.stray.get_or_insert(self.pos);
                    }
                    self.pos += 1;
                }
            }
        };
        self.entry(start, end, seen, role);
    }

    /// A field's value, with the position at it.
    fn field(&mut self, key: &'a str, seen: &mut Seen<'a>, role: Role, levels: u8) {
        let first = self.peek();
        if role == Role::Any && levels > 0 {
            let enters = match key {
                "jobRuns" if first == Some(b'[') => Some(Role::Run),
                "rollouts" if first == Some(b'[') => Some(Role::Rollout),
                "rollout" if first == Some(b'{') => Some(Role::Rollout),
                _ => None,
            };
            if let Some(role) = enters {
                seen.is_list = true;
                self.path.push(PathSegment::Field(key));
                match first {
                    Some(b'[') => self.array(role, levels - 1),
                    _ => self.object(role, 0),
                }
                self.path.pop();
                return;
            }
        }
        let start = self.pos;
        self.skip_value();
        let value = &self.text[start..self.pos];
        match key {
            "name" => seen.name = value,
            "state" => seen.has_state = true,
            "nextPageToken" => (seen.next_page_token, seen.is_list) = (value, true),
            "unreachable" => (seen.unreachable, seen.is_list) = (value, true),
            // In proto3 JSON a null list is an empty one.
            "jobRuns" | "rollouts" if value == "null" => seen.is_list = true,
            "error" => seen.is_error = first == Some(b'{'),
            "phaseId" | "jobId" => seen.is_run = true,
            "phases" | "approvalState" | "deployingBuild" | "deployFailureCause" => {
                seen.is_rollout = true
            }
            _ => seen.is_run |= key.ends_with("JobRun"),
        }
        if seen.keys.len() < 5 {
            seen.keys.push(key);
        }
    }

    /// An object that has been passed: keeps it, or says why not.
    fn entry(&mut self, start: usize, end: End, seen: Seen<'a>, role: Role) {
        let raw = self.text[start..self.pos].trim_end();
        if seen.is_list {
            self.list_end(end, &seen);
        }
        let excerpt = head(raw, 60);
        match end {
            End::Closed => {}
            _ if seen.is_list => {
                self.lists += 1;
                return;
            }
            End::Open | End::Cut => return self.unclosed(start, raw, end),
        }
        let name = string(seen.name);
        match self.what(raw, &seen, &name, role) {
            EntryKind::Run => match Record::from_json(raw) {
                Record {
                    run: Err(malformed),
                    ..
                } => self.malformed(start, raw, malformed),
                record => self.groups.add_run(record),
            },
            EntryKind::Rollout => match (serde_json::from_str::<IgnoredAny>(raw), name.parse()) {
                (Err(error), _) => self.malformed(start, raw, Malformed::new(raw, &error)),
                (_, Ok(name)) => self.groups.add_rollout(name, raw),
                (_, Err(error)) => {
                    let name_at = if seen.name.is_empty() {
                        start
                    } else {
                        self.offset_of(seen.name)
                    };
                    let (at, path) = self.broken_place(start, raw, name_at - start);
                    self.flaw(
                        at,
                        path,
                        format!("This is no rollout’s name: {error}."),
                        head(&name, 60),
                    );
                }
            },
            EntryKind::List => self.lists += 1,
            EntryKind::Other(sentence) => match serde_json::from_str::<IgnoredAny>(raw) {
                Err(error) => self.malformed(start, raw, Malformed::new(raw, &error)),
                Ok(_) => {
                    self.foreign += 1;
                    self.flaw(start, self.path(), sentence, excerpt);
                }
            },
        }
    }

    /// An entry that was not closed: says why it cannot be read.
    fn unclosed(&mut self, start: usize, raw: &str, end: End) {
        let excerpt = head(raw, 60);
        match serde_json::from_str::<IgnoredAny>(raw) {
            // The fault that made it look so, such as a quote that is missing.
            Err(error) if !error.is_eof() => {
                self.malformed(start, raw, Malformed::new(raw, &error))
            }
            _ if end == End::Cut => {
                let (_, path) = self.broken_place(start, raw, raw.len().saturating_sub(1));
                self.cut_off(
                    path,
                    "The text ends in the middle of this entry.".into(),
                    excerpt,
                );
            }
            _ => {
                let reason = "This entry is not closed where the next begins or the list ends.";
                self.flaw(self.pos, self.path(), reason.into(), excerpt);
            }
        }
    }

    /// What an object is: by its name first, since a resource of the API has one that says it.
    fn what(&self, raw: &str, seen: &Seen, name: &str, role: Role) -> EntryKind {
        match role {
            Role::Run => return EntryKind::Run,
            Role::Rollout => return EntryKind::Rollout,
            Role::Any => {}
        }
        if name.parse::<JobRunName>().is_ok() {
            return EntryKind::Run;
        }
        if name.parse::<RolloutName>().is_ok() {
            return EntryKind::Rollout;
        }
        if seen.is_list || seen.keys.is_empty() && seen.stray.is_none() {
            // `{}` is the list response of nothing.
            return EntryKind::List;
        }
        if seen.is_run || name.contains("/jobRuns/") {
            return EntryKind::Run;
        }
        if seen.is_rollout || name.contains("/rollouts/") {
            return EntryKind::Rollout;
        }
        if seen.is_error {
            let reply = Reply {
                status: 0,
                body: raw.to_owned(),
                ..Reply::default()
            };
            let Refusal {
                status, message, ..
            } = Refusal::from_reply(&reply, "");
            let words = head(&message, 200);
            return EntryKind::Other(format!(
                "This is an error that the API answered with: {status} {words}"
            ));
        }
        let collection = name.rsplit('/').nth(1).unwrap_or_default();
        let resource = match collection {
            "releases" => "a release",
            "deliveryPipelines" => "a delivery pipeline",
            "targets" => "a target",
            "automations" => "an automation",
            "automationRuns" => "an automation run",
            "deployPolicies" => "a deploy policy",
            "customTargetTypes" => "a custom target type",
            "operations" => "an operation",
            "builds" => "a Cloud Build build",
            "services" => "a Cloud Run service",
            _ if seen.has_state => return EntryKind::Run,
            _ => {
                let keys = seen
                    .keys
                    .iter()
                    .map(|key| head(key, 30))
                    .collect::<Vec<_>>()
                    .join(", ");
                let sentence = format!(
                    "This is neither a job run nor a rollout; its fields begin with {keys}."
                );
                return EntryKind::Other(sentence);
            }
        };
        EntryKind::Other(format!(
            "This is {resource}, neither a job run nor a rollout."
        ))
    }

    /// The end of a list response.
    fn list_end(&mut self, end: End, seen: &Seen) {
        self.import.next_page_token = string(seen.next_page_token);
        let unreachable: Vec<String> = serde_json::from_str(seen.unreachable).unwrap_or_default();
        self.import.unreachable.extend(unreachable);
        if let Some(at) = seen.stray {
            let found = head(&self.text[self.char_start(at)..], 20);
            self.flaw(
                at,
                self.path(),
                "Something stands here that is no JSON.".into(),
                found,
            );
        }
        match end {
            End::Closed => {}
            End::Open => {
                self.flaw(
                    self.pos,
                    self.path(),
                    "The list response before this is not closed.".into(),
                    "",
                );
            }
            End::Cut => self.cut_off(
                self.path(),
                "The text ends before the list response does.".into(),
                "",
            ),
        }
    }

    fn flaw(&mut self, at: usize, path: String, reason: String, excerpt: &str) {
        self.flaw_count += 1;
        if self.flaws.len() < MOST_BROKEN {
            let excerpt = excerpt.to_owned();
            self.flaws.push(Flaw {
                at,
                broken: Broken {
                    path,
                    reason,
                    excerpt,
                    ..Broken::default()
                },
            });
        }
    }

    /// Tells once that the text ends too early; the innermost knows best where.
    fn cut_off(&mut self, path: String, reason: String, excerpt: &str) {
        if !self.cut {
            self.cut = true;
            self.flaw(self.text.len(), path, reason, excerpt);
        }
    }

    /// Goes on from the first line after a fault that begins an object and is not further indented
    /// than the entry: a bracket too many had made the pass take for one entry what are many.
    fn go_back(&mut self, start: usize, fault: usize) {
        // Each time, text is passed again.
        const MOST: u8 = 16;
        const DEEPEST: usize = 40;
        let passed = &self.text.as_bytes()[..self.pos];
        let spaces = |from: usize| {
            passed[from..]
                .iter()
                .take_while(|byte| **byte == b' ')
                .take(DEEPEST)
                .count()
        };
        let before = &passed[start.saturating_sub(DEEPEST)..start];
        let line = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map(|at| start - before.len() + at + 1);
        let indent = line.map_or(0, spaces);
        let mut lines = (fault..self.pos)
            .filter(|at| passed[*at] == b'\n')
            .map(|at| at + 1);
        let begins_entry = |at: &usize| {
            let spaces = spaces(*at);
            spaces <= indent && passed.get(at + spaces) == Some(&b'{')
        };
        if self.went_back < MOST
            && let Some(at) = lines.find(begins_entry)
        {
            self.went_back += 1;
            self.pos = at;
        }
    }

    /// An entry that serde_json refused.
    fn malformed(&mut self, start: usize, raw: &str, malformed: Malformed) {
        let Malformed {
            line,
            column,
            reason,
            excerpt,
        } = malformed;
        let line_start = match line {
            0 | 1 => 0,
            line => raw
                .match_indices('\n')
                .nth(line - 2)
                .map_or(0, |(at, _)| at + 1),
        };
        let (at, path) = self.broken_place(start, raw, line_start + column - 1);
        self.flaw(at, path, reason, &excerpt);
        // JSON with a field of another type has its brackets right.
        if serde_json::from_str::<IgnoredAny>(raw).is_err() {
            self.go_back(start, at);
        }
    }

    /// The offset in the text, and the path, of what is `at` in an entry that begins at `start`.
    fn broken_place(&self, start: usize, raw: &str, at: usize) -> (usize, String) {
        let mut path = self.path();
        push_path_at(&mut path, raw, at);
        (start + at.min(raw.len()), path)
    }

    /// The path to where the pass is.
    fn path(&self) -> String {
        let mut path = String::new();
        for segment in &self.path {
            push_segment(&mut path, segment);
        }
        path
    }

    /// Where a part of the text begins.
    fn offset_of(&self, part: &str) -> usize {
        part.as_ptr() as usize - self.text.as_ptr() as usize
    }

    fn char_start(&self, mut at: usize) -> usize {
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.pos).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.pos += 1;
        }
    }

    fn skip_space_and_commas(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r' | b',')) {
            self.pos += 1;
        }
    }

    /// Passes a string and gives what is between its quotes, as it is written. A string that is
    /// not closed ends with its line, since a line break cannot stand in one.
    fn string(&mut self) -> &'a str {
        let start = self.pos + 1;
        self.pos = string_end(self.text.as_bytes(), self.pos);
        let end = match self.text.as_bytes()[start..self.pos].last() {
            Some(b'"') => self.pos - 1,
            _ => self.pos,
        };
        self.text.get(start..end).unwrap_or_default()
    }

    /// Passes a value. One that is not closed ends before what can only stand outside it.
    fn skip_value(&mut self) {
        match self.peek() {
            Some(b'"') => self.pos = string_end(self.text.as_bytes(), self.pos),
            Some(b'{' | b'[') => self.skip_nested(),
            _ => {
                while let Some(byte) = self.peek() {
                    if matches!(
                        byte,
                        b',' | b':'
                            | b'{'
                            | b'}'
                            | b'['
                            | b']'
                            | b'"'
                            | b' '
                            | b'\t'
                            | b'\n'
                            | b'\r'
                    ) {
                        break;
                    }
                    self.pos += 1;
                }
            }
        }
    }

    fn skip_nested(&mut self) {
        let mut open: Vec<u8> = Vec::new();
        let mut before = b':';
        loop {
            self.skip_space();
            let Some(byte) = self.peek() else { return };
            match byte {
                b'"' => self.pos = string_end(self.text.as_bytes(), self.pos),
                b'{' | b'[' => {
                    // In an object they can only stand after a colon.
                    if open.last() == Some(&b'{') && before != b':' {
                        return;
                    }
                    open.push(byte);
                    self.pos += 1;
                }
                b'}' | b']' => {
                    let opener = if byte == b'}' { b'{' } else { b'[' };
                    let Some(at) = open.iter().rposition(|open| *open == opener) else {
                        return;
                    };
                    open.truncate(at);
                    self.pos += 1;
                    if open.is_empty() {
                        return;
                    }
                }
                _ => self.pos += 1,
            }
            before = byte;
        }
    }

    fn finish(mut self) -> Result<Import, String> {
        self.import.rollouts = self.groups.rollouts;
        let nothing = self.import.rollouts.is_empty() && self.lists == 0;
        self.flaws.sort_by_key(|flaw| flaw.at);
        if nothing && self.foreign > 0 && self.foreign == self.flaw_count {
            let first = self
                .flaws
                .into_iter()
                .next()
                .map(|flaw| flaw.broken.reason)
                .unwrap_or_default();
            return Err(format!(
                "{first} Write the file with gcloud deploy job-runs list … --format=json."
            ));
        }
        self.import.more_broken = self.flaw_count - self.flaws.len();
        let bytes = self.text.as_bytes();
        let (mut line, mut line_start, mut counted) = (1, 0, 0);
        for Flaw { at, mut broken } in self.flaws {
            while counted < at {
                if bytes[counted] == b'\n' {
                    (line, line_start) = (line + 1, counted + 1);
                }
                counted += 1;
            }
            (broken.line, broken.column) = (line, at - line_start + 1);
            self.import.broken.push(broken);
        }
        Ok(self.import)
    }
}

/// What an object is.
enum EntryKind {
    Run,
    Rollout,
    /// A list response, whose items were read as they came.
    List,
    /// A sentence that says what it is instead.
    Other(String),
}

/// `no entry`, `one entry` or `n entries`.
fn entries(count: usize) -> String {
    match count {
        0 => "no entry".to_owned(),
        1 => "one entry".to_owned(),
        count => format!("{count} entries"),
    }
}

/// The text of a JSON string; empty for anything else.
fn string(json: &str) -> String {
    serde_json::from_str(json).unwrap_or_default()
}

/// Where a string ends that begins at `start` with its quote.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut pos = start + 1;
    while let Some(byte) = bytes.get(pos) {
        match byte {
            b'"' => return pos + 1,
            b'\n' => return pos,
            b'\\' if bytes.get(pos + 1) != Some(&b'\n') => pos += 2,
            _ => pos += 1,
        }
    }
    bytes.len()
}

/// Appends a segment, as `.field` or `[3]`.
fn push_segment(path: &mut String, segment: &PathSegment) {
    match segment {
        PathSegment::Field(key) => {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(head(key, 60));
        }
        PathSegment::Item(index) => path.push_str(&format!("[{index}]")),
    }
}

/// Appends the path to what stands `at` in an object.
fn push_path_at(path: &mut String, raw: &str, at: usize) {
    // A path that is longer tells nobody anything.
    const DEEPEST: usize = 16;
    let bytes = raw.as_bytes();
    // The keys and indices around the error; `None` where an object has no key yet.
    let mut segments: Vec<Option<PathSegment>> = Vec::new();
    let mut pos = 0;
    while let Some(byte) = bytes.get(pos) {
        let is_string = *byte == b'"';
        let end = if is_string {
            string_end(bytes, pos)
        } else {
            pos + 1
        };
        if end > at {
            break;
        }
        match byte {
            b'{' => segments.push(None),
            b'[' => segments.push(Some(PathSegment::Item(0))),
            b'}' | b']' => drop(segments.pop()),
            b',' => match segments.last_mut() {
                Some(Some(PathSegment::Item(index))) => *index += 1,
                Some(segment) => *segment = None,
                None => {}
            },
            b'"' => {
                if let Some(segment @ None) = segments.last_mut() {
                    let key = raw.get(pos + 1..end.saturating_sub(1)).unwrap_or_default();
                    *segment = Some(PathSegment::Field(key));
                }
            }
            _ => {}
        }
        pos = end;
    }
    for segment in segments.iter().take(DEEPEST).flatten() {
        push_segment(path, segment);
    }
    if segments.len() > DEEPEST {
        path.push('…');
    }
}

/// The rollouts, and which of them a name belongs to.
#[derive(Default)]
struct Groups {
    rollouts: Vec<ImportedRollout>,
    index_of: HashMap<RolloutName, usize>,
    /// By the name without its project, and whether that is a number: the rollout that is so far
    /// only known by the other of the two.
    half_named: HashMap<(RolloutName, bool), usize>,
    unnamed: Option<usize>,
}

impl Groups {
    fn add_run(&mut self, record: Record) {
        let name = record
            .run
            .as_ref()
            .ok()
            .and_then(|run| run.name.parse::<JobRunName>().ok());
        let index = match name {
            Some(name) => self.index(name.rollout),
            None => match self.unnamed {
                Some(index) => index,
                None => {
                    self.rollouts.push(ImportedRollout::default());
                    *self.unnamed.insert(self.rollouts.len() - 1)
                }
            },
        };
        self.rollouts[index].runs.push(record);
    }

    fn add_rollout(&mut self, name: RolloutName, raw: &str) {
        let index = self.index(name);
        self.rollouts[index].json = Some(raw.into());
    }

    /// The rollout of this name. The API writes the project's id in some fields and its number in
    /// others, so an id and a number are taken for the same project; two ids are two projects.
    fn index(&mut self, name: RolloutName) -> usize {
        if let Some(index) = self.index_of.get(&name) {
            return *index;
        }
        let is_number = name.project.bytes().all(|b| b.is_ascii_digit());
        let rest = RolloutName {
            project: String::new(),
            ..name.clone()
        };
        let index = match self.half_named.remove(&(rest.clone(), is_number)) {
            Some(index) => {
                if !is_number {
                    self.rollouts[index].name = Some(name.clone());
                }
                index
            }
            None => {
                let index = self.rollouts.len();
                self.rollouts.push(ImportedRollout {
                    name: Some(name.clone()),
                    ..ImportedRollout::default()
                });
                self.half_named.entry((rest, !is_number)).or_insert(index);
                index
            }
        };
        self.index_of.insert(name, index);
        index
    }
}

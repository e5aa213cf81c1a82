//! JSON for people: pretty, and compared with what this version knows.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::message::{Message, Slot};

/// The JSON with two spaces of indent, keys in the order in which they came, and every value as
/// it was written; the text itself when it is no JSON.
pub fn pretty(raw: &str) -> String {
    if serde_json::from_str::<serde::de::IgnoredAny>(raw).is_err() {
        return raw.to_owned();
    }
    // Rewritten by token rather than through a `Value`, which would sort keys and round numbers.
    let mut out = String::with_capacity(raw.len() * 3 / 2);
    let mut depth = 0_usize;
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                out.push('"');
                while let Some(c) = chars.next() {
                    out.push(c);
                    match c {
                        '\\' => out.extend(chars.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '{' | '[' => {
                out.push(c);
                while chars.next_if(|c| c.is_ascii_whitespace()).is_some() {}
                if let Some(close) = chars.next_if(|c| matches!(c, '}' | ']')) {
                    out.push(close);
                } else {
                    depth += 1;
                    new_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(',');
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c if c.is_ascii_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

fn new_line(out: &mut String, depth: usize) {
    // No deeper, or brackets in brackets would take space by the square of their number.
    const DEEPEST: usize = 40;
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth.min(DEEPEST)));
}

/// JSON as a tree, with every scalar as it was written.
///
/// Not serde_json's `Value`, which brings code for numbers: a job run has none that is computed
/// with.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Object(BTreeMap<String, Json>),
    Array(Vec<Json>),
    String(String),
    /// A number, `true`, `false` or `null`, as it was written.
    Scalar(String),
}

impl Json {
    /// Reads a text; `None` when it is no JSON. What lies deeper than 128 levels, which is also
    /// serde_json's limit, stays text.
    pub fn read(text: &str) -> Option<Self> {
        let raw: &RawValue = serde_json::from_str(text).ok()?;
        Some(Self::branch(raw, 128))
    }

    fn branch(raw: &RawValue, levels: u8) -> Self {
        let text = raw.get();
        let scalar = || Self::Scalar(text.to_owned());
        let Some(levels) = levels.checked_sub(1) else {
            return scalar();
        };
        match text.as_bytes().first() {
            Some(b'{') => serde_json::from_str::<BTreeMap<String, &RawValue>>(text).map_or_else(
                |_| scalar(),
                |fields| {
                    // One by one: collecting them brings a sort of its own into the bundle.
                    let mut branches = BTreeMap::new();
                    for (field, value) in fields {
                        branches.insert(field, Self::branch(value, levels));
                    }
                    Self::Object(branches)
                },
            ),
            Some(b'[') => serde_json::from_str::<Vec<&RawValue>>(text).map_or_else(
                |_| scalar(),
                |items| {
                    Self::Array(
                        items
                            .into_iter()
                            .map(|item| Self::branch(item, levels))
                            .collect(),
                    )
                },
            ),
            Some(b'"') => serde_json::from_str(text).map_or_else(|_| scalar(), Self::String),
            _ => scalar(),
        }
    }
}

/// The paths of fields in `raw` that a message has no field for, such as `deployJobRun.newField`;
/// none when it is no JSON.
///
/// The first unknown field of a branch stands for all beneath it. Empty values do not count: they
/// say what a field that is missing says. The message is filled with nothing of use.
pub fn unknown_fields(raw: &str, message: &mut dyn Message) -> Vec<String> {
    let mut found = Vec::new();
    collect_unknown(raw, message, &mut String::new(), &mut found);
    found
}

// Through the text and not through a tree: what shows a run at first has no other use for one.
fn collect_unknown(
    raw: &str,
    message: &mut dyn Message,
    path: &mut String,
    found: &mut Vec<String>,
) {
    let length = path.len();
    for (key, value) in fields(raw).unwrap_or_default() {
        let value = value.get();
        if length > 0 {
            path.push('.');
        }
        path.push_str(&key);
        match message.slot(&key) {
            None if is_default(value) => {}
            None => found.push(path.clone()),
            Some(Slot::One(one)) => collect_unknown(value, one.make(), path, found),
            Some(Slot::Many(many)) => {
                let length = path.len();
                let items: Vec<&RawValue> = serde_json::from_str(value).unwrap_or_default();
                for (index, item) in items.iter().enumerate() {
                    path.push_str(&format!("[{index}]"));
                    collect_unknown(item.get(), many.add(), path, found);
                    path.truncate(length);
                }
            }
            Some(Slot::ManyByKey(many)) => {
                let length = path.len();
                for (key, entry) in fields(value).unwrap_or_default() {
                    path.push('.');
                    path.push_str(&key);
                    collect_unknown(entry.get(), many.add(String::new()), path, found);
                    path.truncate(length);
                }
            }
            Some(_) => {}
        }
        path.truncate(length);
    }
}

/// The fields of an object, in order of their names; `None` for what is no object.
fn fields(raw: &str) -> Option<BTreeMap<String, &RawValue>> {
    serde_json::from_str(raw).ok()
}

/// Whether a value is what proto3 JSON leaves out.
fn is_default(value: &str) -> bool {
    match value.as_bytes().first() {
        Some(b'{') => fields(value).is_some_and(|fields| fields.is_empty()),
        Some(b'[') => {
            serde_json::from_str::<Vec<&RawValue>>(value).is_ok_and(|items| items.is_empty())
        }
        Some(b'"') => serde_json::from_str::<String>(value)
            .is_ok_and(|text| text.is_empty() || text.ends_with("_UNSPECIFIED")),
        _ => value == "null",
    }
}

//! JSON for people: pretty, and compared with what this version knows.

use serde_json::Value;

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

/// The paths of fields in `raw` that `known` does not have, such as `deployJobRun.newField`.
///
/// `known` is the same object read into this version's types and written again. The first
/// unknown field of a branch stands for all beneath it. Empty values do not count, since types
/// leave them out when they write.
pub fn unknown_fields(raw: &Value, known: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect_unknown(raw, known, &mut String::new(), &mut found);
    found
}

fn collect_unknown(raw: &Value, known: &Value, path: &mut String, found: &mut Vec<String>) {
    let length = path.len();
    match (raw, known) {
        (Value::Object(raw), Value::Object(known)) => {
            for (key, value) in raw {
                if length > 0 {
                    path.push('.');
                }
                path.push_str(key);
                match known.get(key) {
                    Some(known) => collect_unknown(value, known, path, found),
                    None if is_empty(value) => {}
                    None => found.push(path.clone()),
                }
                path.truncate(length);
            }
        }
        (Value::Array(raw), Value::Array(known)) => {
            for (index, (raw, known)) in raw.iter().zip(known).enumerate() {
                path.push_str(&format!("[{index}]"));
                collect_unknown(raw, known, path, found);
                path.truncate(length);
            }
        }
        _ => {}
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty() || text.ends_with("_UNSPECIFIED"),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

//! Texts as people read them: JSON, YAML, differences, builds' logs with the colours of a terminal.

use jobrun_viewer::api::json::{Json, pretty};
use jobrun_viewer::model::event_log::text_log::{self, TextLog};
use jobrun_viewer::model::manifest::diff::{self, Change, Diff};
use jobrun_viewer::model::manifest::yaml;
use jobrun_viewer::workers::files::{self, protocol::YamlLine};
use jobrun_viewer::workers::log::build_log;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::input::{Random, halves, text};

/// JSON is the same when it is pretty, and what is no JSON stays as it is.
pub fn json(data: &[u8]) {
    let text = &*text(data);
    let shown = pretty(text);
    assert_eq!(pretty(&shown), shown, "it is pretty already");
    let tree = Json::read(text);
    if serde_json::from_str::<IgnoredAny>(text).is_err() {
        assert_eq!(shown, text);
        assert_eq!(tree, None);
        return;
    }
    assert!(solid(text).eq(solid(&shown)), "{shown}");
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        assert_eq!(
            serde_json::from_str::<Value>(&shown).ok().as_ref(),
            Some(&value)
        );
        assert!(tree.is_some_and(|tree| is_same(&tree, &value)), "{text}");
    }
}

/// The characters of JSON that count: no spaces but those in texts.
fn solid(text: &str) -> impl Iterator<Item = char> {
    let mut in_text = false;
    let mut escaped = false;
    text.chars().filter(move |c| {
        let was_in_text = in_text;
        match c {
            '"' if !escaped => in_text = !in_text,
            _ => {}
        }
        escaped = was_in_text && *c == '\\' && !escaped;
        was_in_text || !c.is_ascii_whitespace()
    })
}

fn is_same(tree: &Json, value: &Value) -> bool {
    match (tree, value) {
        (Json::Object(tree), Value::Object(value)) => {
            tree.len() == value.len()
                && tree
                    .iter()
                    .all(|(key, tree)| value.get(key).is_some_and(|value| is_same(tree, value)))
        }
        (Json::Array(tree), Value::Array(value)) => {
            tree.len() == value.len()
                && tree
                    .iter()
                    .zip(value)
                    .all(|(tree, value)| is_same(tree, value))
        }
        (Json::String(tree), Value::String(value)) => tree == value,
        (Json::Scalar(tree), value) => {
            serde_json::from_str::<Value>(tree).ok().as_ref() == Some(value)
        }
        _ => false,
    }
}

/// Every character comes back, in stretches none of which is empty.
pub fn yaml(data: &[u8]) {
    let text = &*text(data);
    let lines = yaml::highlight(text);
    let joined: Vec<String> = lines
        .iter()
        .map(|spans| spans.iter().map(|span| span.text).collect::<String>())
        .collect();
    assert_eq!(joined.join("\n"), text);
    assert!(
        lines
            .iter()
            .flatten()
            .all(|span| !span.text.is_empty() && !span.text.contains('\n'))
    );
    let shown = words(&files::text::yaml(text));
    let rows = text.strip_suffix('\n').unwrap_or(text).split('\n');
    assert!(
        shown.iter().map(String::as_str).eq(rows
            .map(seen)
            .collect::<Vec<_>>()
            .iter()
            .map(String::as_str))
    );
}

/// What the worker sends of a text: the characters that would not be seen are marked.
fn seen(text: &str) -> String {
    text.replace(
        |c: char| c.is_control() && c != '\t' && c != '\n',
        "\u{fffd}",
    )
}

/// The words of each line.
fn words(lines: &[YamlLine]) -> Vec<String> {
    let line = |line: &YamlLine| {
        line.tokens
            .iter()
            .map(|token| token.text.as_str())
            .collect()
    };
    lines.iter().map(line).collect()
}

/// The old text and what differs make the new one, and the other way round.
pub fn diff(data: &[u8]) {
    let text = text(data);
    let (old, new) = halves(&text);
    let diff = diff::diff(old, new);
    assert_eq!(diff.hunks.is_empty(), old == new);
    assert!(!diff.coarse || text.lines().count() > diff::MOST_LINES);
    assert_eq!(diff.note().is_empty(), !diff.coarse);
    applied(&diff, old, new);
    let back = diff::diff(new, old);
    assert_eq!((diff.added, diff.removed), (back.removed, back.added));
    applied(&back, new, old);
    let sent = files::text::diff("before", old, new);
    assert_eq!((sent.added, sent.removed), (diff.added, diff.removed));
    assert_eq!(sent.rows.is_empty(), diff.hunks.is_empty());
}

fn applied(diff: &Diff, old: &str, new: &str) {
    let olds: Vec<&str> = old.split_inclusive('\n').collect();
    let (mut at, mut made, mut line) = (0, String::new(), 1);
    let (mut added, mut removed) = (0, 0);
    for hunk in &diff.hunks {
        assert!(
            hunk.lines
                .iter()
                .any(|line| line.change != Change::Unchanged)
        );
        assert!(hunk.header().starts_with("@@ -") && hunk.header().ends_with(" @@"));
        let first = hunk
            .lines
            .iter()
            .find_map(|line| line.old)
            .map_or(at, |number| number - 1);
        // A hunk that only adds says where by the lines around it; there are none in an empty text.
        while at < first {
            made.push_str(olds[at]);
            (at, line) = (at + 1, line + 1);
        }
        for shown in &hunk.lines {
            let text = shown.text.clone() + if shown.unterminated { "" } else { "\n" };
            if let Some(number) = shown.old {
                assert_eq!((number, olds[at]), (at + 1, &*text));
                at += 1;
            }
            if let Some(number) = shown.new {
                assert_eq!(number, line);
                made.push_str(&text);
                line += 1;
            }
            match (shown.change, shown.old, shown.new) {
                (Change::Unchanged, Some(_), Some(_)) => {}
                (Change::Removed, Some(_), None) => removed += 1,
                (Change::Added, None, Some(_)) => added += 1,
                line => panic!("{line:?}"),
            }
        }
    }
    made.extend(olds[at..].iter().copied());
    assert_eq!(made, new);
    assert_eq!((added, removed), (diff.added, diff.removed));
}

/// A log has its lines, without what only a terminal needs.
pub fn log(data: &[u8]) {
    let text = &*text(data);
    let most = 1 + Random::of(data).below(8);
    let (whole, last) = (text_log::read(text, usize::MAX), text_log::read(text, most));
    let body = text.strip_suffix('\n').unwrap_or(text);
    let count = if body.is_empty() {
        0
    } else {
        body.split('\n').count()
    };
    assert_eq!((whole.left_out, whole.lines.len()), (0, count));
    assert_eq!(
        (last.left_out, &last.lines[..]),
        (
            count.saturating_sub(most),
            &whole.lines[count - most.min(count)..]
        )
    );
    for (line, raw) in whole.lines.iter().zip(body.split('\n')) {
        assert!(line.spans.iter().all(|span| !span.text.is_empty()));
        assert!(
            line.spans
                .windows(2)
                .all(|two| two[0].style != two[1].style)
        );
        let said = line.prefix.clone() + &line.text();
        assert!(
            !said.contains(|c: char| c.is_control() && c != '\t'),
            "{said:?}"
        );
        assert!(is_within(&said, raw), "{said:?} is not of {raw:?}");
        assert!(line.rewritten <= raw.matches('\r').count());
        if !raw.contains(char::is_control) {
            // A line of spaces says nothing, and so do those after a prefix.
            assert!(
                said == raw || line.text().is_empty() && said.trim_end() == raw.trim_end(),
                "{said:?} of {raw:?}"
            );
        }
        let again = text_log::read(&said, 1);
        let again: String = again
            .lines
            .iter()
            .map(|line| line.prefix.clone() + &line.text())
            .collect();
        assert_eq!(
            again.trim(),
            said.trim(),
            "what is seen has nothing more to take away"
        );
    }
    reason(&whole, text);
}

fn reason(log: &TextLog, text: &str) {
    let reason = text_log::reason(log);
    assert!(reason.is_none_or(|reason| !log.lines[reason].text().is_empty()));
    let sent = build_log::read(text, true);
    if let Some(reason) = sent.reason {
        assert!(reason.line < sent.lines.len() && !reason.words.is_empty());
    }
}

/// Whether the characters of a text are in another, in their order.
fn is_within(part: &str, whole: &str) -> bool {
    let mut whole = whole.chars();
    part.chars().all(|wanted| whole.any(|c| c == wanted))
}

//! YAML's colours: what they are for what is in manifests, and that no character is lost.

use jobrun_viewer::model::manifest::yaml::{Span, SpanKind, highlight};
use proptest::prelude::*;

/// The spans of a text without the white space, as `K:name P:: S:web`, line by line.
fn colours(text: &str) -> Vec<String> {
    highlight(text)
        .iter()
        .map(|line| {
            let spans = line.iter().filter(|span| !span.text.trim().is_empty());
            spans
                .map(|Span { kind, text }| format!("{}:{text}", letter(*kind)))
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}

fn letter(kind: SpanKind) -> char {
    match kind {
        SpanKind::Key => 'K',
        SpanKind::String => 'S',
        SpanKind::Number => 'N',
        SpanKind::Boolean => 'B',
        SpanKind::Comment => 'C',
        SpanKind::Punctuation => 'P',
        SpanKind::Plain => '_',
        SpanKind::DocumentStart => 'D',
    }
}

#[track_caller]
fn line(text: &str, expected: &str) {
    assert_eq!(colours(text), [expected], "{text}");
}

#[test]
fn keys_and_values() {
    line("name: web", "K:name P:: S:web");
    line(
        "  app.kubernetes.io/name:   web  ",
        "K:app.kubernetes.io/name P:: S:web",
    );
    line("spec:", "K:spec P::");
    line("\"quoted key\": 'it''s'", "K:\"quoted key\" P:: S:'it''s'");
    line(
        "image: gcr.io/p/web@sha256:ab12",
        "K:image P:: S:gcr.io/p/web@sha256:ab12",
    );
    line(
        "url: https://a.b/c?d=e#f",
        "K:url P:: S:https://a.b/c?d=e#f",
    );
    line("value: \"a \\\" # b\"", "K:value P:: S:\"a \\\" # b\"");
    line(
        "a key with spaces: a value with spaces",
        "K:a key with spaces P:: S:a value with spaces",
    );
}

#[test]
fn scalars_by_their_kind() {
    for number in [
        "0", "-1", "8080", "0.5", ".5", "1e3", "1.5E-7", "0x1F", "0o17", ".inf", "-.INF", ".nan",
    ] {
        line(&format!("k: {number}"), &format!("K:k P:: N:{number}"));
    }
    for text in [
        "1.2.3",
        "500m",
        "1Gi",
        "0x",
        "0b1",
        "e3",
        "1e",
        "-",
        "2026-11-24",
        "v2",
        "truex",
        "1 2",
        ".",
    ] {
        line(&format!("k: {text} x"), &format!("K:k P:: S:{text} x"));
    }
    for text in ["1.2.3", "500m", "0x", "e3", "1e", "2026-11-24", "truex"] {
        line(&format!("k: {text}"), &format!("K:k P:: S:{text}"));
    }
    for word in ["true", "False", "null", "~", "yes", "OFF"] {
        line(&format!("k: {word}"), &format!("K:k P:: B:{word}"));
    }
    line("k: \"8080\"", "K:k P:: S:\"8080\"");
}

#[test]
fn lists() {
    line("- a", "P:- S:a");
    line("  - name: web", "P:- K:name P:: S:web");
    line("- - 1", "P:- P:- N:1");
    line("-", "P:-");
    line("-5", "N:-5");
    line("- -c", "P:- S:-c");
    line("k: a - b", "K:k P:: S:a - b");
}

#[test]
fn comments() {
    line("# a: b", "C:# a: b");
    line("  #x", "C:#x");
    line(
        "replicas: 6 # 50 % of 12",
        "K:replicas P:: N:6 C:# 50 % of 12",
    );
    line("a: b#c", "K:a P:: S:b#c");
    line("a: # nothing", "K:a P:: C:# nothing");
}

#[test]
fn documents_and_directives() {
    assert_eq!(
        colours("---\na: 1\n...\n--- # x\n---a\n%YAML 1.2"),
        [
            "D:---",
            "K:a P:: N:1",
            "D:...",
            "D:--- C:# x",
            "S:---a",
            "_:%YAML 1.2"
        ]
    );
}

#[test]
fn flow_collections_and_json() {
    line(
        "selector: {app: web, tier: 1}",
        "K:selector P:: P:{ K:app P:: S:web P:, K:tier P:: N:1 P:}",
    );
    line(
        "a: [1, \"x\", true]",
        "K:a P:: P:[ N:1 P:, S:\"x\" P:, B:true P:]",
    );
    assert_eq!(
        colours("{\n  \"a\": {\"b\":2},\n  \"c\": []\n}\nd: e, f"),
        [
            "P:{",
            "K:\"a\" P:: P:{ K:\"b\" P:: N:2 P:} P:,",
            "K:\"c\" P:: P:[ P:]",
            "P:}",
            "K:d P:: S:e, f",
        ]
    );
}

#[test]
fn anchors_tags_and_aliases() {
    line("a: &base x", "K:a P:: _:&base S:x");
    line("b: *base", "K:b P:: _:*base");
    line("c: !!str 5", "K:c P:: _:!!str N:5");
    line("<<: *base", "K:<< P:: _:*base");
}

#[test]
fn block_scalars_are_texts_until_their_indent_ends() {
    let text = "a:\n  script: |-\n    # no comment\n    k: v\n\n      - x\n  next: 1\n- b: >2 # c\n    t: 1\n  c: 2\n- |\n x\n- y";
    assert_eq!(
        colours(text),
        [
            "K:a P::",
            "K:script P:: P:|-",
            "S:# no comment",
            "S:k: v",
            "",
            "S:- x",
            "K:next P:: N:1",
            "P:- K:b P:: P:>2 C:# c",
            "S:t: 1",
            "K:c P:: N:2",
            "P:- P:|",
            "S:x",
            "P:- S:y",
        ]
    );
    // Not the head of a block.
    line("a: |x", "K:a P:: S:|x");
    line("a: > b", "K:a P:: S:> b");
}

#[test]
fn a_quoted_text_may_go_on() {
    assert_eq!(
        colours("a: \"one\n  # two\n  three\" # four\nb: 1"),
        [
            "K:a P:: S:\"one",
            "S:# two",
            "S:three\" C:# four",
            "K:b P:: N:1"
        ]
    );
}

#[test]
fn lines_are_those_of_the_text() {
    assert_eq!(highlight("").len(), 1);
    assert_eq!(highlight("a\n").len(), 2);
    assert_eq!(colours("a: 1\r\nb: x\r"), ["K:a P:: N:1", "K:b P:: S:x"]);
}

fn whole(text: &str) -> String {
    let lines = highlight(text);
    let lines: Vec<String> = lines
        .iter()
        .map(|line| line.iter().map(|span| span.text).collect())
        .collect();
    lines.join("\n")
}

proptest! {
    #[test]
    fn no_character_is_lost(text in any::<String>()) {
        prop_assert_eq!(whole(&text), text);
    }

    #[test]
    fn no_character_is_lost_of_what_looks_like_yaml(text in "([-?:,\\[\\]{}#&*!|>'\"%~ \n\t\r\\\\aé01.+]|---|: |- ){0,40}") {
        prop_assert_eq!(whole(&text), text.clone());
        for span in highlight(&text).iter().flatten() {
            prop_assert!(!span.text.is_empty());
        }
    }
}

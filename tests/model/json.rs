//! Guards the raw JSON: pretty, and still exactly what came; and what this version does not know
//! is named.

use jobrun_viewer::api::job_run::JobRun;
use jobrun_viewer::api::json::{pretty, unknown_fields};
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn json_is_written_with_indents() {
    let raw = r#"{"b":[1,{"a":null}, [ ] ],"a":{ },"c":"x:{,}\"[","d" : true}"#;
    let expected = r#"{
  "b": [
    1,
    {
      "a": null
    },
    []
  ],
  "a": {},
  "c": "x:{,}\"[",
  "d": true
}"#;
    assert_eq!(pretty(raw), expected);
    assert_eq!(pretty(expected), expected);
}

#[test]
fn values_stay_as_they_were_written() {
    let values = [
        "123456789012345678901234567890",
        "1.0",
        "-0",
        "1E+400",
        "0.1000",
        r#""\u00e9\/\n""#,
        r#""é 😀 \"{\\""#,
        r#""\\""#,
        "null",
        "true",
    ];
    for value in values {
        assert_eq!(pretty(value), value);
        assert_eq!(pretty(&format!("[ {value} ]")), format!("[\n  {value}\n]"));
        assert_eq!(
            pretty(&format!("{{\"z\":{value},\"a\":1}}")),
            format!("{{\n  \"z\": {value},\n  \"a\": 1\n}}")
        );
    }
}

#[test]
fn what_is_no_json_stays_as_it_is() {
    for text in [
        "",
        "  ",
        "<html>",
        "{",
        "[1,]",
        "{\"a\":1}}",
        "\"\n\"",
        "01",
        "nul",
    ] {
        assert_eq!(pretty(text), text);
    }
}

#[test]
fn brackets_in_brackets_do_not_take_space_by_the_square() {
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let pretty = pretty(&deep);
    assert!(pretty.len() < 100 * deep.len(), "{} bytes", pretty.len());
    assert_eq!(pretty.split_whitespace().collect::<String>(), deep);
}

#[test]
fn fields_that_are_not_known_are_named() {
    let check = |id: &str| json!({ "id": id, "new": 1 });
    let cases = [
        (json!({ "name": "n" }), vec![]),
        (json!({ "name": "n", "b": 2 }), vec!["b"]),
        (json!({ "z": 1, "b": { "c": 1 } }), vec!["b", "z"]),
        (
            json!({ "deployJobRun": { "build": "b", "new": { "a": 1 } } }),
            vec!["deployJobRun.new"],
        ),
        (
            json!({ "analysisJobRun": { "customCheckAnalyses": [{ "id": "a" }, check("b")] } }),
            vec!["analysisJobRun.customCheckAnalyses[1].new"],
        ),
        // A message leaves out what is empty, and a default is as good as nothing.
        (
            json!({ "a": null, "b": "", "c": [], "d": {}, "e": "STATE_UNSPECIFIED" }),
            vec![],
        ),
        (
            json!({ "a": false, "b": 0, "c": [null] }),
            vec!["a", "b", "c"],
        ),
        // What users name themselves is no field.
        (
            json!({ "deployJobRun": { "metadata": { "custom": { "values": { "key": "v" } } } } }),
            vec![],
        ),
        // A known field of another shape is known.
        (
            json!({ "name": { "a": 1 }, "deployJobRun": 1, "analysisJobRun": [{ "a": 1 }] }),
            vec![],
        ),
        (json!([{ "a": 1 }]), vec![]),
        (json!(1), vec![]),
    ];
    for (raw, expected) in cases {
        assert_eq!(unknown_in(&raw), expected, "{raw}");
    }
    let build = json!({ "timing": { "BUILD": { "startTime": "t", "new": "x" } } });
    let unknown = unknown_fields(
        &build.to_string(),
        &mut jobrun_viewer::api::build::Build::default(),
    );
    assert_eq!(unknown, ["timing.BUILD.new"]);
}

fn unknown_in(raw: &Value) -> Vec<String> {
    unknown_fields(&raw.to_string(), &mut JobRun::default())
}

#[test]
fn a_job_run_of_this_version_has_no_unknown_fields() {
    let raw = json!({
        "name": "n", "uid": "", "state": "STATE_UNSPECIFIED", "deployJobRun": {
            "failureCause": "FAILURE_CAUSE_UNSPECIFIED",
            "metadata": { "custom": { "values": {} } },
            "artifact": { "manifestPaths": [] },
        },
    });
    assert_eq!(unknown_in(&raw), [""; 0]);
    let mut newer = raw;
    newer["deployJobRun"]["metadata"]["gke"] = json!({ "cluster": "c" });
    newer["newJobRun"] = json!({ "a": 1 });
    assert_eq!(
        unknown_in(&newer),
        ["deployJobRun.metadata.gke", "newJobRun"]
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
        "[\\\\\"\\[\\]{},: \n]{0,6}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 30, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::btree_map("\\PC{0,4}", inner, 0..5)
                .prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

/// The JSON without the space between its tokens.
fn tokens(json: &str) -> String {
    let mut in_text = false;
    let mut escaped = false;
    let keep = |c: &char| {
        let space = !in_text && matches!(c, ' ' | '\n' | '\r' | '\t');
        in_text ^= *c == '"' && !escaped;
        escaped = in_text && *c == '\\' && !escaped;
        !space
    };
    json.chars().filter(keep).collect()
}

proptest! {
    #[test]
    fn pretty_json_is_the_same_json(value in any_json()) {
        for raw in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            let pretty = pretty(&raw);
            let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
            prop_assert_eq!(read(&pretty), read(&raw));
            prop_assert_eq!(tokens(&pretty), tokens(&raw));
            prop_assert_eq!(&jobrun_viewer::api::json::pretty(&pretty), &pretty);
        }
        prop_assert_eq!(pretty(&value.to_string()), serde_json::to_string_pretty(&value).unwrap());
    }

    #[test]
    fn any_text_is_shown(text in any::<String>()) {
        prop_assert!(pretty(&text).len() >= text.trim().len() || serde_json::from_str::<Value>(&text).is_ok());
    }

    #[test]
    fn whatever_is_beside_a_run_is_named_and_nothing_else(value in any_json()) {
        let mut raw = json!({ "name": "n", "deployJobRun": { "build": "b" } });
        prop_assert_eq!(unknown_in(&raw), [""; 0]);
        raw["new"] = value;
        prop_assert!(unknown_in(&raw).iter().all(|path| path == "new"));
    }
}

//! Guards the reading of replies: one entry that is wrong costs nothing but itself, and what is no
//! job run at all is never taken for one.

use jobrun_viewer::api::error::Malformed;
use jobrun_viewer::api::job_run::{FailureCause, JobRun, State};
use jobrun_viewer::api::source::{Items, Record};
use proptest::prelude::*;

/// Reads a page of a list of job runs.
fn page(body: &str) -> Result<Items, Malformed> {
    Items::from_json(body, "jobRuns")
}

/// The error of an entry that cannot be read.
fn error(raw: &str) -> String {
    Record::from_json(raw).run.unwrap_err().to_string()
}

#[test]
fn a_page_has_its_runs_as_they_came() {
    let items = page(
        r#" { "jobRuns": [ { "name" : "a", "newField": 1e3 }, {"uid":"b"} ],
              "nextPageToken": "t", "unreachable": ["us-west1"], "newField": [] } "#,
    )
    .unwrap();
    let raws: Vec<&str> = items.raw.iter().map(|raw| &**raw).collect();
    assert_eq!(
        raws,
        [r#"{ "name" : "a", "newField": 1e3 }"#, r#"{"uid":"b"}"#]
    );
    assert_eq!(
        Record::from_json(&items.raw[0]).run,
        Ok(JobRun {
            name: "a".into(),
            ..JobRun::default()
        })
    );
    assert_eq!(
        Record::from_json(&items.raw[1]).run,
        Ok(JobRun {
            uid: "b".into(),
            ..JobRun::default()
        })
    );
    assert_eq!(items.next_page_token, "t");
    assert_eq!(items.unreachable, ["us-west1"]);
}

#[test]
fn missing_and_null_fields_are_defaults() {
    for body in [
        "{}",
        r#"{"jobRuns":[]}"#,
        r#"{"jobRuns":null,"nextPageToken":null,"unreachable":null}"#,
    ] {
        let items = page(body).unwrap();
        assert!(
            items.raw.is_empty()
                && items.next_page_token.is_empty()
                && items.unreachable.is_empty()
        );
    }
}

#[test]
fn an_entry_that_is_wrong_does_not_cost_the_others() {
    let items =
        page(r#"{"jobRuns":[{"uid":"a"},{"uid":5},null,"x",[],[{}],{"uid":"b"}]}"#).unwrap();
    let read: Vec<Result<String, String>> = items
        .raw
        .iter()
        .map(|raw| {
            Record::from_json(raw)
                .run
                .map(|run| run.uid)
                .map_err(|e| e.reason)
        })
        .collect();
    let error = |reason: &str| Err(reason.to_owned());
    assert_eq!(
        read,
        [
            Ok("a".to_owned()),
            error("invalid type: integer `5`, expected a string"),
            error("invalid type: null, expected a map"),
            error("invalid type: string \"x\", expected a map"),
            error("invalid type: sequence, expected a map"),
            error("invalid type: sequence, expected a map"),
            Ok("b".to_owned()),
        ]
    );
}

#[test]
fn what_is_no_list_response_is_an_error() {
    let cases = [
        ("", "EOF while parsing a value at line 1, column 1"),
        ("  ", "EOF while parsing a value at line 1, column 2"),
        ("<html>", "expected value at line 1, column 1"),
        (
            "null",
            "invalid type: null, expected a map at line 1, column 4",
        ),
        (
            "[]",
            "invalid type: sequence, expected a map at line 1, column 1",
        ),
        (
            r#"{"jobRuns":{}}"#,
            "invalid type: map, expected a sequence at line 1, column 11",
        ),
        (
            r#"{"nextPageToken":1}"#,
            "invalid type: integer `1`, expected a string at line 1, column 18",
        ),
        ("{}x", "trailing characters at line 1, column 3"),
        (
            "{\n \"jobRuns\": [",
            "EOF while parsing a list at line 2, column 13",
        ),
    ];
    for (body, expected) in cases {
        assert_eq!(page(body).unwrap_err().to_string(), expected, "{body}");
    }
}

#[test]
fn an_error_says_where_in_the_entry() {
    assert_eq!(
        error("{\n  \"state\": [1]\n}"),
        "invalid type: sequence, expected a string at line 2, column 11"
    );
    assert_eq!(
        error(r#"{"deployJobRun":"x"}"#).split(',').next(),
        Some("invalid type: string \"x\"")
    );
}

#[test]
fn values_from_a_newer_api_are_kept() {
    let raw = r#"{"state":"PAUSED","deployJobRun":{"failureCause":"OUT_OF_COFFEE"}}"#;
    let run = Record::from_json(raw).run.unwrap();
    assert_eq!(run.state, State::Unrecognized("PAUSED".into()));
    let cause = run.deploy_job_run.clone().unwrap().failure_cause;
    assert_eq!(cause, FailureCause::Unrecognized("OUT_OF_COFFEE".into()));
    assert!(!cause.is_unspecified());
    assert_eq!(serde_json::to_string(&run).unwrap(), raw);
}

#[test]
fn an_escaped_enum_value_is_read() {
    let run = Record::from_json(r#"{"state":"SUCC\u0045EDED"}"#)
        .run
        .unwrap();
    assert_eq!(run.state, State::Succeeded);
}

#[test]
fn an_unspecified_value_is_like_none() {
    let run = Record::from_json(r#"{"state":"STATE_UNSPECIFIED"}"#)
        .run
        .unwrap();
    assert_eq!(run, JobRun::default());
    assert_eq!(serde_json::to_string(&run).unwrap(), "{}");
}

#[test]
fn unknown_fields_may_hold_anything() {
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    for value in [
        &deep,
        "1e999",
        "\"\\ud800\"",
        "123456789012345678901234567890",
    ] {
        let run = Record::from_json(&format!(r#"{{"newField":{value},"uid":"u"}}"#))
            .run
            .unwrap();
        assert_eq!(run.uid, "u");
    }
}

#[test]
fn an_empty_variant_is_a_variant() {
    let run = Record::from_json(r#"{"deployJobRun":{}}"#).run.unwrap();
    assert!(run.deploy_job_run.is_some());
    assert_eq!(
        serde_json::to_string(&run).unwrap(),
        r#"{"deployJobRun":{}}"#
    );
}

proptest! {
    #[test]
    fn any_text_is_a_page_or_a_reason(text in any::<String>()) {
        match page(&text) {
            Ok(_) => prop_assert!(text.trim().starts_with('\x7b'), "an object"),
            Err(error) => prop_assert!(!error.reason.is_empty() && error.line >= 1 && error.column >= 1),
        }
    }

    #[test]
    fn an_entry_is_kept_as_it_came(value in "[0-9]{1,9}|\"[a-z]*\"|\\{ *\"a\" *: *[0-9]\\}|\\[null *\\]") {
        prop_assume!(!value.starts_with('0'));
        let items = page(&format!(r#"{{"jobRuns":[ {value} ]}}"#)).unwrap();
        prop_assert_eq!(&*items.raw[0], value.as_str());
    }
}

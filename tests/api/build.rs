//! Guards that a build's types agree with the API's own description, that odd builds are read, and
//! what the request for one looks like.

use std::collections::{BTreeMap, BTreeSet};

use jobrun_viewer::api::build::{
    Build, BuildOptions, BuildStep, FailureInfo, FailureType, Logging, Number, Status, TimeSpan,
    Warning, build_request,
};
use jobrun_viewer::api::http::{Method, percent_decode};
use jobrun_viewer::core::name::{BuildName, GlobalBuildName, RegionalBuildName};
use proptest::prelude::*;
use serde_json::{Value, json};

fn document() -> Value {
    serde_json::from_str(include_str!("../data/cloudbuild.v1.json")).unwrap()
}

fn strings(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|value| value.as_str().unwrap())
        .collect()
}

/// A build with every field that the types have.
fn whole() -> Build {
    let text = || "a text".to_owned();
    let span = || TimeSpan {
        start_time: Some(text()),
        end_time: Some(text()),
    };
    Build {
        name: text(),
        id: text(),
        status: Status::Failure,
        status_detail: text(),
        create_time: Some(text()),
        start_time: Some(text()),
        finish_time: Some(text()),
        timeout: text(),
        queue_ttl: text(),
        service_account: text(),
        logs_bucket: text(),
        log_url: text(),
        failure_info: Some(FailureInfo {
            failure_type: FailureType::UserBuildStep,
            detail: text(),
        }),
        warnings: vec![Warning {
            text: text(),
            priority: text(),
        }],
        timing: Some(BTreeMap::from([("BUILD".to_owned(), span())])),
        options: Some(BuildOptions {
            logging: Logging::None,
            log_streaming_option: text(),
        }),
        steps: vec![BuildStep {
            id: text(),
            name: text(),
            entrypoint: text(),
            args: vec![text()],
            script: text(),
            dir: text(),
            status: Status::Failure,
            exit_code: Some(1.into()),
            timing: Some(span()),
            pull_timing: Some(span()),
            allow_failure: Some(true),
            allow_exit_codes: vec![2.into()],
            wait_for: vec![text()],
            timeout: text(),
        }],
    }
}

/// What a JSON value and a schema of the document differ in, both ways.
fn differences(
    document: &Value,
    schema: &Value,
    value: &Value,
    path: &str,
    found: &mut Vec<String>,
) {
    if let Some(name) = schema["$ref"].as_str() {
        let properties = document["schemas"][name]["properties"].as_object().unwrap();
        let Some(object) = value.as_object() else {
            return found.push(format!("{path}: no object"));
        };
        let has: BTreeSet<&String> = object.keys().collect();
        let should: BTreeSet<&String> = properties.keys().collect();
        found.extend(
            has.symmetric_difference(&should)
                .map(|field| format!("{path}.{field}")),
        );
        for (field, value) in object {
            if let Some(schema) = properties.get(field) {
                differences(document, schema, value, &format!("{path}.{field}"), found);
            }
        }
        return;
    }
    let fits = match schema["type"].as_str().unwrap() {
        "array" => {
            for item in value.as_array().into_iter().flatten() {
                differences(document, &schema["items"], item, path, found);
            }
            value.is_array()
        }
        "object" => {
            for item in value.as_object().into_iter().flatten() {
                differences(
                    document,
                    &schema["additionalProperties"],
                    item.1,
                    path,
                    found,
                );
            }
            value.is_object()
        }
        "integer" => value.is_i64(),
        "boolean" => value.is_boolean(),
        _ => value.is_string(),
    };
    if !fits {
        found.push(format!("{path}: {value} is of another type"));
    }
}

#[test]
fn the_types_have_the_fields_of_the_api() {
    let value = serde_json::from_str(&serde_json::to_string(&whole()).unwrap()).unwrap();
    let mut found = Vec::new();
    differences(
        &document(),
        &json!({ "$ref": "Build" }),
        &value,
        "build",
        &mut found,
    );
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(Build::from_json(&value.to_string()).unwrap(), whole());
}

#[test]
fn the_comparison_sees_a_missing_field_a_new_one_and_another_type() {
    let mut value: Value = serde_json::from_str(&serde_json::to_string(&whole()).unwrap()).unwrap();
    value["steps"][0].as_object_mut().unwrap().remove("dir");
    value["steps"][0]["zone"] = "z".into();
    value["timing"]["BUILD"]["endTime"] = 5.into();
    let mut found = Vec::new();
    differences(
        &document(),
        &json!({ "$ref": "Build" }),
        &value,
        "build",
        &mut found,
    );
    found.sort();
    assert_eq!(
        found,
        [
            "build.steps.dir",
            "build.steps.zone",
            "build.timing.endTime: 5 is of another type"
        ]
    );
}

#[test]
fn the_enums_have_the_values_of_the_api() {
    let document = document();
    let of = |schema: &str, field: &str| {
        document["schemas"][schema]["properties"][field]["enum"]
            .as_array()
            .unwrap()
            .clone()
    };
    let known = |values: Vec<&str>| values.into_iter().map(Value::from).collect::<Vec<_>>();
    let statuses = known(Status::KNOWN.iter().map(Status::as_str).collect());
    assert_eq!(of("Build", "status"), statuses);
    assert_eq!(of("BuildStep", "status"), statuses);
    assert_eq!(
        of("FailureInfo", "type"),
        known(FailureType::KNOWN.iter().map(FailureType::as_str).collect())
    );
    assert_eq!(
        of("BuildOptions", "logging"),
        known(Logging::KNOWN.iter().map(Logging::as_str).collect())
    );
    assert!(strings(&of("BuildOptions", "logStreamingOption").into()).contains(&"STREAM_OFF"));
}

#[test]
fn the_request_is_that_of_the_api() {
    let document = document();
    let regional = "projects/p/locations/us-central1/builds/b"
        .parse::<BuildName>()
        .unwrap();
    let global = "projects/p/builds/b".parse::<BuildName>().unwrap();
    for (name, method, text) in [
        (&regional, "regional", regional.to_string()),
        (&global, "global", "".into()),
    ] {
        let described = &document["methods"][method];
        let path = described["path"].as_str().unwrap();
        let path = path
            .replace("{+name}", &text)
            .replace("{projectId}", "p")
            .replace("{id}", "b");
        let request = build_request(name);
        assert_eq!(request.path_and_query, format!("/{path}"));
        assert_eq!((request.method, request.body), (Method::Get, None));
        assert_eq!(described["httpMethod"], "GET");
    }
    let pattern = document["methods"]["regional"]["parameters"]["name"]["pattern"]
        .as_str()
        .unwrap();
    assert_eq!(
        pattern.replace("[^/]+", "*"),
        format!("^{}$", RegionalBuildName::PATTERN)
    );
}

#[test]
fn a_real_build_is_read() {
    let build = Build::from_json(include_str!("../data/build.json")).unwrap();
    assert_eq!((&build.status, build.is_live()), (&Status::Success, false));
    assert_eq!(build.steps.len(), 1);
    assert_eq!(build.steps[0].entrypoint, "mvn");
    assert_eq!(build.steps[0].args.len(), 4);
    assert_eq!(
        build.timing.unwrap().keys().collect::<Vec<_>>(),
        ["BUILD", "FETCHSOURCE"]
    );
    assert_eq!(build.options.unwrap().logging, Logging::Legacy);
}

#[test]
fn new_values_and_fields_are_kept_or_passed_over() {
    let build = Build::from_json(
        r#"{"status":"PAUSED","failureInfo":{"type":"NEW"},"results":{"images":[]},
            "options":{"logging":"ELSEWHERE","machineType":"E2"},"steps":[{"exitCode":-1},{}]}"#,
    )
    .unwrap();
    assert_eq!(build.status, Status::Unrecognized("PAUSED".into()));
    assert!(!build.is_live());
    assert_eq!(build.failure_info.unwrap().failure_type.as_str(), "NEW");
    assert_eq!(build.options.unwrap().logging.as_str(), "ELSEWHERE");
    assert_eq!(
        build.steps[0].exit_code.as_ref().and_then(Number::get),
        Some(-1)
    );
    assert_eq!(build.steps[1].exit_code, None);
}

#[test]
fn numbers_are_read_as_they_were_written() {
    let cases = [
        ("137", Some(137), "137"),
        ("\"42\"", Some(42), "42"),
        ("1.5", None, "1.5"),
        ("1e400", None, "1e400"),
        ("99999999999999999999", None, "99999999999999999999"),
        ("{}", None, "{}"),
    ];
    for (json, number, text) in cases {
        let step = format!("{{\"exitCode\":{json}}}");
        let read: BuildStep = serde_json::from_str(&step).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), step);
        let read = read.exit_code.unwrap();
        assert_eq!((read.get(), read.to_string().as_str()), (number, text));
    }
}

#[test]
fn what_is_no_build_is_refused_with_its_place() {
    for text in ["", "[]", "7", "{\"steps\":{}}", "<html>", "{\"id\":"] {
        let error = Build::from_json(text).unwrap_err();
        assert!(
            error.line >= 1 && !error.reason.is_empty(),
            "{text}: {error:?}"
        );
    }
}

proptest! {
    #[test]
    fn any_name_stays_below_the_builds(project in "[^/]{1,12}", location in "[^/]{1,12}", build in "[^/]{1,12}") {
        let regional = RegionalBuildName { project: project.clone(), location, build: build.clone() };
        let global = GlobalBuildName { project, build };
        for (name, parts) in [(BuildName::Regional(regional), 7), (BuildName::Global(global), 5)] {
            let path = build_request(&name).path_and_query;
            prop_assert!(!path.contains(['?', '#', ' ']), "{path}");
            let url = url::Url::parse("https://cloudbuild.googleapis.com").unwrap().join(&path).unwrap();
            prop_assert_eq!(url.host_str(), Some("cloudbuild.googleapis.com"));
            // No id is taken for a step up.
            prop_assert_eq!(url.path_segments().unwrap().count(), parts, "{}", url);
            if !name.to_string().split('/').any(|part| part == "." || part == "..") {
                prop_assert_eq!(percent_decode(url.path()), format!("/v1/{name}"));
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let _ = Build::from_json(&text);
        let wrapped = json!({ "statusDetail": text, "status": text }).to_string();
        prop_assert_eq!(Build::from_json(&wrapped).unwrap().status_detail, text);
    }
}

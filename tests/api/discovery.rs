//! Guards that the types and the client agree with the API's own description of itself,
//! `tests/data/clouddeploy.v1.json`: every field, enum value, path and parameter.
//!
//! [`problems`] does all of the comparing. The tests after the first prove that it sees a
//! difference of each sort.

use std::collections::BTreeSet;

use jobrun_viewer::api::client::{get_request, list_request, terminate_request};
use jobrun_viewer::api::http::{Method, Request, percent_decode};
use jobrun_viewer::api::job_run::{FailureCause, JobRun, State};
use jobrun_viewer::api::source::{ListQuery, Page};
use jobrun_viewer::model::name::{JobRunName, RolloutName};
use serde_json::{Map, Value, json};

#[test]
fn the_types_and_the_client_have_all_of_the_api() {
    assert_eq!(problems(&document()), Vec::<String>::new());
}

#[test]
fn a_new_field_is_reported_with_its_path_wherever_it_is() {
    let text = json!({ "type": "string" });
    let cases = [
        ("JobRun", "jobRun.zone"),
        ("DeployArtifact", "jobRun.deployJobRun.artifact.zone"),
        ("ContainerTask", "jobRun.analysisJobRun.customCheckAnalyses[0].task.container.zone"),
        ("PredeployJobRunMetadata", "jobRun.predeployJobRun.metadata.zone"),
    ];
    for (schema, path) in cases {
        let found = problems(&changed(&format!("/schemas/{schema}/properties/zone"), text.clone()));
        assert!(found.contains(&format!("{path}: lost")), "{schema}: {found:#?}");
    }
}

#[test]
fn a_new_field_of_any_type_is_reported() {
    let types = [
        json!({ "type": "boolean" }),
        json!({ "type": "integer", "format": "int32" }),
        json!({ "type": "string", "format": "int64" }),
        json!({ "type": "string", "format": "google-datetime" }),
        json!({ "type": "array", "items": { "type": "string" } }),
        json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        json!({ "$ref": "Task" }),
    ];
    for schema in types {
        let found = problems(&changed("/schemas/VerifyJobRun/properties/zone", schema.clone()));
        assert_eq!(found.iter().filter(|p| p.ends_with("verifyJobRun.zone: lost")).count(), 2, "{schema}");
    }
}

#[test]
fn a_field_whose_type_changed_is_reported() {
    let found = problems(&changed("/schemas/JobRun/properties/etag", json!({ "type": "integer" })));
    assert!(found[0].contains("invalid type: integer `7`, expected a string"), "{found:#?}");
}

#[test]
fn a_new_variant_is_reported() {
    let found = problems(&changed("/schemas/JobRun/properties/zoneJobRun", json!({ "$ref": "Task" })));
    assert_eq!(found, ["jobRun.zoneJobRun: lost", "jobRun.zoneJobRun: lost"], "alone and among the others");
}

#[test]
fn a_new_enum_value_is_reported() {
    for (schema, field) in [("JobRun", "state"), ("CustomCheckStatus", "failureCause")] {
        let mut document = document();
        let values = document.pointer_mut(&format!("/schemas/{schema}/properties/{field}/enum")).unwrap();
        values.as_array_mut().unwrap().push("ZONED".into());
        assert_eq!(problems(&document), [format!("{schema}.{field}: ZONED is not known")]);
    }
}

#[test]
fn an_enum_value_that_went_is_reported() {
    let mut document = document();
    let states = document.pointer_mut("/schemas/JobRun/properties/state/enum").unwrap();
    states.as_array_mut().unwrap().retain(|state| state != "TERMINATING");
    assert_eq!(problems(&document), ["TERMINATING is known, but the API does not have it"]);
}

#[test]
fn a_new_enum_is_reported() {
    let new = json!({ "type": "string", "enum": ["A", "B"] });
    let found = problems(&changed("/schemas/Task/properties/zone", new));
    assert!(found.contains(&"Task.zone: this test knows no type for the enum".to_owned()), "{found:#?}");
}

#[test]
fn a_changed_method_is_reported() {
    let cases = [
        ("list/path", json!("v2/{+parent}/jobRuns"), "list: the address is v2/"),
        ("list/parameters/zone", json!({ "location": "query" }), "list: the parameters are "),
        ("get/path", json!("v1/{+name}:get"), "get: the address is v1/"),
        ("get/parameters/name/pattern", json!("^zones/[^/]+$"), "get: the name's pattern is zones/*"),
        ("get/httpMethod", json!("POST"), "get: the method is POST"),
        ("get/parameters/zone", json!({ "location": "query" }), "get: the parameters are "),
        ("terminate/path", json!("v1/{+name}:stop"), "terminate: the address is v1/"),
        ("terminate/response/$ref", json!("JobRun"), "terminate: the response is JobRun"),
        ("list/response/$ref", json!("JobRun"), "list: the response is JobRun"),
    ];
    for (place, new, problem) in cases {
        let (method, place) = place.split_once('/').unwrap();
        let at = pointer_to_method(&document(), method);
        let found = problems(&changed(&format!("{at}/{place}"), new));
        assert!(found.iter().any(|found| found.starts_with(problem)), "{place}: {found:#?}");
    }
    let cases = [
        ("TerminateJobRunRequest", "terminate: the body has "),
        ("TerminateJobRunResponse", "terminate: the response has "),
        ("ListJobRunsResponse", "list: the response has "),
    ];
    for (schema, problem) in cases {
        let found =
            problems(&changed(&format!("/schemas/{schema}/properties/zone"), json!({ "type": "string" })));
        assert!(found.iter().any(|found| found.starts_with(problem)), "{schema}: {found:#?}");
    }
}

fn document() -> Value {
    serde_json::from_str(include_str!("../data/clouddeploy.v1.json")).unwrap()
}

/// The document with another value at a JSON pointer, whose last step may be new.
fn changed(pointer: &str, value: Value) -> Value {
    let mut document = document();
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap().as_object_mut().unwrap().insert(field.to_owned(), value);
    document
}

/// Everything in which the document and this project differ.
fn problems(document: &Value) -> Vec<String> {
    let api = Api { schemas: document["schemas"].as_object().expect("schemas") };
    let mut problems = Vec::new();

    // The job_run union: each variant alone, and all at once, which the types allow.
    let all = api.example("JobRun", "jobRun", &|_| true);
    problems.extend(lost(&all));
    for variant in api.variants() {
        let is_variant = |field: &str| api.variants().contains(&field);
        problems.extend(lost(&api.example("JobRun", "jobRun", &|f| !is_variant(f) || f == variant)));
    }

    let mut in_the_api = BTreeSet::new();
    for (schema, field, values) in api.enums() {
        for value in values {
            in_the_api.insert(value);
            let (known, default, printed) = match field {
                "state" => read_enum(State::from(value), State::is_unspecified, State::as_str),
                "failureCause" => {
                    read_enum(FailureCause::from(value), FailureCause::is_unspecified, FailureCause::as_str)
                }
                _ => {
                    problems.push(format!("{schema}.{field}: this test knows no type for the enum"));
                    break;
                }
            };
            if !known {
                problems.push(format!("{schema}.{field}: {value} is not known"));
            }
            if default != (values_of(&api, schema, field)[0] == value) {
                problems.push(format!("{schema}.{field}: {value} is the default, or it is not taken for it"));
            }
            if printed != value {
                problems.push(format!("{schema}.{field}: {value} prints as {printed}"));
            }
        }
    }
    let known =
        State::KNOWN.iter().map(State::as_str).chain(FailureCause::KNOWN.iter().map(FailureCause::as_str));
    problems.extend(
        known
            .filter(|value| !in_the_api.contains(value))
            .map(|value| format!("{value} is known, but the API does not have it")),
    );

    problems.extend(method_problems(document, &api));
    problems
}

fn values_of<'a>(api: &Api<'a>, schema: &str, field: &str) -> Vec<&'a str> {
    strings(&api.schemas[schema]["properties"][field]["enum"])
}

/// Whether an enum's value is known and is the default, and how it prints.
fn read_enum<T>(value: T, is_default: fn(&T) -> bool, as_str: fn(&T) -> &str) -> (bool, bool, String)
where
    T: std::fmt::Debug,
{
    let known = !format!("{value:?}").starts_with("Unrecognized");
    (known, is_default(&value), as_str(&value).to_owned())
}

/// What a job run does not give back when it is read and written.
fn lost(example: &Value) -> Vec<String> {
    let mut lost = Vec::new();
    match serde_json::from_str::<JobRun>(&example.to_string()) {
        Ok(run) => compare(example, &serde_json::to_value(run).unwrap(), "jobRun", &mut lost),
        Err(error) => lost.push(format!("jobRun: not read: {error}")),
    }
    lost
}

fn compare(expected: &Value, found: &Value, path: &str, differences: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, value) in expected {
                match found.get(key) {
                    Some(found) => compare(value, found, &format!("{path}.{key}"), differences),
                    None => differences.push(format!("{path}.{key}: lost")),
                }
            }
            let extra = found.keys().filter(|key| !expected.contains_key(*key));
            differences.extend(extra.map(|key| format!("{path}.{key}: made up")));
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            for (index, (expected, found)) in expected.iter().zip(found).enumerate() {
                compare(expected, found, &format!("{path}[{index}]"), differences);
            }
        }
        _ if expected == found => {}
        _ => differences.push(format!("{path}: {expected} came back as {found}")),
    }
}

/// The schemas of a discovery document.
struct Api<'a> {
    schemas: &'a Map<String, Value>,
}

impl<'a> Api<'a> {
    fn properties(&self, schema: &str) -> &'a Map<String, Value> {
        self.schemas[schema]["properties"].as_object().expect(schema)
    }

    /// The fields of `JobRun` that are messages: the variants of its union.
    fn variants(&self) -> Vec<&'a str> {
        let properties = self.properties("JobRun").iter();
        properties
            .filter(|(_, schema)| schema.get("$ref").is_some())
            .map(|(field, _)| field.as_str())
            .collect()
    }

    /// An object with every field that `wanted` lets through, each with a value of its own.
    fn example(&self, schema: &str, path: &str, wanted: &dyn Fn(&str) -> bool) -> Value {
        let fields = self.properties(schema).iter().filter(|(field, _)| wanted(field));
        fields
            .map(|(field, schema)| (field.clone(), self.value(schema, &format!("{path}.{field}"))))
            .collect()
    }

    /// A value that is not the default, so that it is written again.
    fn value(&self, schema: &Value, path: &str) -> Value {
        if let Some(name) = schema["$ref"].as_str() {
            return self.example(name, path, &|_| true);
        }
        if let Some(last) = schema["enum"].as_array().and_then(|values| values.last()) {
            return last.clone();
        }
        match (schema["type"].as_str().unwrap_or(""), schema["format"].as_str().unwrap_or("")) {
            ("string", "google-datetime") => "2026-07-22T01:02:03.123456789Z".into(),
            ("string", "google-duration") => "300s".into(),
            ("string", _) => format!("the value of {path}").into(),
            ("boolean", _) => true.into(),
            ("integer" | "number", _) => 7.into(),
            ("array", _) => {
                (0..2).map(|index| self.value(&schema["items"], &format!("{path}[{index}]"))).collect()
            }
            ("object", _) => ["a key", "b.c"]
                .into_iter()
                .map(|key| {
                    (key.to_owned(), self.value(&schema["additionalProperties"], &format!("{path}.{key}")))
                })
                .collect(),
            _ => panic!("{path} is of a type that this test does not know: {schema}"),
        }
    }

    /// The schemas that `JobRun` reaches.
    fn reached(&self) -> BTreeSet<&'a str> {
        fn visit<'a>(value: &'a Value, to_do: &mut Vec<&'a str>) {
            match value {
                Value::Object(fields) => {
                    to_do.extend(fields.get("$ref").and_then(Value::as_str));
                    fields.values().for_each(|value| visit(value, to_do));
                }
                Value::Array(items) => items.iter().for_each(|value| visit(value, to_do)),
                _ => {}
            }
        }
        let mut reached = BTreeSet::new();
        let mut to_do = vec!["JobRun"];
        while let Some(schema) = to_do.pop() {
            if reached.insert(schema) {
                visit(&self.schemas[schema], &mut to_do);
            }
        }
        reached
    }

    /// Every enum that `JobRun` reaches: the schema, the field and the values.
    fn enums(&self) -> Vec<(&'a str, &'a str, Vec<&'a str>)> {
        let mut enums = Vec::new();
        for schema in self.reached() {
            for (field, property) in self.properties(schema) {
                if property.get("enum").is_some() {
                    enums.push((schema, field.as_str(), strings(&property["enum"])));
                }
            }
        }
        assert!(enums.len() > 5, "the search finds the enums: {enums:?}");
        enums
    }
}

fn strings(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|value| value.as_str().expect("a text")).collect()
}

fn keys(object: &Map<String, Value>) -> BTreeSet<&str> {
    object.keys().map(String::as_str).collect()
}

/// Where the three methods and the client's requests differ.
fn method_problems(document: &Value, api: &Api) -> Vec<String> {
    let run: JobRunName =
        "projects/p/locations/l/deliveryPipelines/d/releases/r/rollouts/o/jobRuns/j".parse().unwrap();
    let query = ListQuery { filter: "a=1".into(), order_by: "b".into(), page_size: 7 };
    let policies = ["projects/p/locations/l/deployPolicies/d".to_owned()];
    let list = list_request(&run.rollout, &query, "t");
    let get = get_request(&run);
    let terminate = terminate_request(&run, &policies);

    let mut problems = Vec::new();
    let cases = [
        ("list", list, run.rollout.to_string(), RolloutName::PATTERN, "ListJobRunsResponse"),
        ("get", get, run.to_string(), JobRunName::PATTERN, "JobRun"),
        ("terminate", terminate, run.to_string(), JobRunName::PATTERN, "TerminateJobRunResponse"),
    ];
    for (id, request, name, pattern, response) in cases {
        let method = document.pointer(&pointer_to_method(document, id)).unwrap();
        let (address, sent) = split(&request);
        let expected = method["path"].as_str().unwrap().replace("{+parent}", &name).replace("{+name}", &name);
        if address != expected {
            problems.push(format!("{id}: the address is {expected}, not {address}"));
        }
        let http_method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        if method["httpMethod"] != http_method {
            problems.push(format!("{id}: the method is {}", method["httpMethod"].as_str().unwrap()));
        }
        if method["response"]["$ref"] != response {
            problems.push(format!("{id}: the response is {}", method["response"]["$ref"].as_str().unwrap()));
        }
        let parameters = method["parameters"].as_object().unwrap();
        let queried: BTreeSet<&str> = parameters
            .iter()
            .filter(|(_, p)| p["location"] == "query")
            .map(|(name, _)| name.as_str())
            .collect();
        if sent != queried {
            problems.push(format!("{id}: the parameters are {queried:?}, not {sent:?}"));
        }
        for parameter in parameters.values().filter(|p| p["location"] == "path") {
            let found = parameter["pattern"].as_str().unwrap().replace("[^/]+", "*");
            let found = found.trim_start_matches('^').trim_end_matches('$').to_owned();
            if found != pattern {
                problems.push(format!("{id}: the name's pattern is {found}"));
            }
        }
        let body: Map<String, Value> =
            request.body.map(|body| serde_json::from_str(&body).unwrap()).unwrap_or_default();
        let described = method["request"]["$ref"].as_str().map(|schema| keys(api.properties(schema)));
        if keys(&body) != described.clone().unwrap_or_default() {
            problems.push(format!("{id}: the body has {described:?}, not {:?}", keys(&body)));
        }
    }

    // What the client reads of the responses.
    let page = api.example("ListJobRunsResponse", "page", &|_| true);
    let read = Page::from_json(&page.to_string()).unwrap();
    let runs: Vec<Value> =
        read.runs.iter().map(|record| serde_json::from_str(&record.raw).unwrap()).collect();
    let read =
        json!({ "jobRuns": runs, "nextPageToken": read.next_page_token, "unreachable": read.unreachable });
    let (has, reads) = (keys(api.properties("ListJobRunsResponse")), keys(read.as_object().unwrap()));
    if has != reads {
        problems.push(format!("list: the response has {has:?}, and {reads:?} are read"));
    }
    let mut differences = Vec::new();
    for field in ["jobRuns", "nextPageToken", "unreachable"] {
        compare(&page[field], &read[field], &format!("list: {field}"), &mut differences);
    }
    problems.extend(differences);
    let answer = keys(api.properties("TerminateJobRunResponse"));
    if !answer.is_empty() {
        problems.push(format!("terminate: the response has {answer:?}, which nothing reads"));
    }
    problems
}

/// A request's path without its first slash, and the names of its parameters.
fn split(request: &Request) -> (String, BTreeSet<&str>) {
    let (path, query) = request.path_and_query.split_once('?').unwrap_or((&request.path_and_query, ""));
    let names = query.split('&').filter_map(|pair| pair.split_once('=')).map(|(name, _)| name).collect();
    (percent_decode(path.strip_prefix('/').unwrap()), names)
}

/// Where the document has the `jobRuns` method of this name, as a JSON pointer.
fn pointer_to_method(document: &Value, name: &str) -> String {
    fn find(value: &Value, id: &str) -> Option<String> {
        let fields = value.as_object()?;
        if fields.get("id").and_then(Value::as_str).is_some_and(|found| found.ends_with(id)) {
            return Some(String::new());
        }
        fields.iter().find_map(|(field, value)| Some(format!("/{field}{}", find(value, id)?)))
    }
    find(document, &format!(".rollouts.jobRuns.{name}")).unwrap_or_else(|| panic!("no method jobRuns.{name}"))
}

//! Guards that the types and the client agree with the API's own description of itself,
//! `tests/data/clouddeploy.v1.json`: every field, enum value, path and parameter.
//!
//! [`problems`] does all of the comparing. The tests after the first prove that it sees a
//! difference of each sort.

use std::collections::BTreeSet;

use jobrun_viewer::api::client::{
    action_request, get_request, get_rollout_request, list_items_request, terminate_request,
};
use jobrun_viewer::api::http::{Method, Request, percent_decode};
use jobrun_viewer::api::job_run::{FailureCause, JobRun, State};
use jobrun_viewer::api::message::read_object;
use jobrun_viewer::api::resources::{DeliveryPipeline, Release, RenderState, Target};
use jobrun_viewer::api::rollout::{
    ApprovalState, DeployFailureCause, JobState, PhaseState, Rollout, RolloutState,
};
use jobrun_viewer::api::source::{Collection, Items, ListQuery, RolloutAction};
use jobrun_viewer::core::name::{DeliveryPipelineName, JobRunName, ReleaseName, RolloutName};
use serde::Serialize;
use serde::de::DeserializeOwned;
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
        (
            "ContainerTask",
            "jobRun.analysisJobRun.customCheckAnalyses[0].task.container.zone",
        ),
        (
            "PredeployJobRunMetadata",
            "jobRun.predeployJobRun.metadata.zone",
        ),
        ("Rollout", "rollout.zone"),
        ("Phase", "rollout.phases[0].zone"),
        ("DeploymentJobs", "rollout.phases[0].deploymentJobs.zone"),
        (
            "ChildRolloutJobs",
            "rollout.phases[1].childRolloutJobs.zone",
        ),
        (
            "Job",
            "rollout.phases[1].childRolloutJobs.createRolloutJobs[1].zone",
        ),
        (
            "VerifyJob",
            "rollout.phases[0].deploymentJobs.deployJob.verifyJob.zone",
        ),
        (
            "CustomCheck",
            "rollout.phases[0].deploymentJobs.verifyJob.analysisJob.customChecks[1].zone",
        ),
        (
            "AutomationRolloutMetadata",
            "rollout.metadata.automation.zone",
        ),
    ];
    for (schema, path) in cases {
        let found = problems(&changed(
            &format!("/schemas/{schema}/properties/zone"),
            text.clone(),
        ));
        assert!(
            found.contains(&format!("{path}: lost")),
            "{schema}: {found:#?}"
        );
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
        let found = problems(&changed(
            "/schemas/VerifyJobRun/properties/zone",
            schema.clone(),
        ));
        assert_eq!(
            found
                .iter()
                .filter(|p| p.ends_with("verifyJobRun.zone: lost"))
                .count(),
            2,
            "{schema}"
        );
    }
}

#[test]
fn a_field_whose_type_changed_is_reported() {
    let found = problems(&changed(
        "/schemas/JobRun/properties/etag",
        json!({ "type": "integer" }),
    ));
    assert!(
        found[0].contains("invalid type: integer `7`, expected a string"),
        "{found:#?}"
    );
    let found = problems(&changed(
        "/schemas/Job/properties/jobRun",
        json!({ "type": "integer" }),
    ));
    assert!(
        found[0].contains("rollout: not read: invalid type: integer `7`"),
        "{found:#?}"
    );
}

#[test]
fn a_part_that_the_viewer_reads_and_that_went_is_reported() {
    for (schema, field, path) in [
        ("Release", "renderState", "release.renderState"),
        ("Target", "requireApproval", "target.requireApproval"),
        (
            "Stage",
            "targetId",
            "deliveryPipeline.serialPipeline.stages[0].targetId",
        ),
        (
            "CustomTarget",
            "customTargetType",
            "target.customTarget.customTargetType",
        ),
    ] {
        let mut document = document();
        let fields = document
            .pointer_mut(&format!("/schemas/{schema}/properties"))
            .unwrap();
        fields.as_object_mut().unwrap().remove(field).unwrap();
        let found = problems(&document);
        assert!(
            found.contains(&format!("{path}: the API does not have it")),
            "{schema}: {found:#?}"
        );
    }
}

#[test]
fn a_new_variant_is_reported() {
    let found = problems(&changed(
        "/schemas/JobRun/properties/zoneJobRun",
        json!({ "$ref": "Task" }),
    ));
    assert_eq!(
        found,
        ["jobRun.zoneJobRun: lost", "jobRun.zoneJobRun: lost"],
        "alone and among the others"
    );
}

#[test]
fn a_new_enum_value_is_reported() {
    for (schema, field) in [
        ("JobRun", "state"),
        ("CustomCheckStatus", "failureCause"),
        ("Rollout", "state"),
        ("Rollout", "approvalState"),
        ("Rollout", "deployFailureCause"),
        ("Phase", "state"),
        ("Job", "state"),
        ("Release", "renderState"),
    ] {
        let mut document = document();
        let values = document
            .pointer_mut(&format!("/schemas/{schema}/properties/{field}/enum"))
            .unwrap();
        values.as_array_mut().unwrap().push("ZONED".into());
        assert_eq!(
            problems(&document),
            [format!("{schema}.{field}: ZONED is not known")]
        );
    }
}

#[test]
fn an_enum_value_that_went_is_reported() {
    for (schema, value) in [
        ("JobRun", "TERMINATING"),
        ("Phase", "ABORTED"),
        ("Rollout", "PENDING"),
    ] {
        let mut document = document();
        let states = document
            .pointer_mut(&format!("/schemas/{schema}/properties/state/enum"))
            .unwrap();
        states
            .as_array_mut()
            .unwrap()
            .retain(|state| state != value);
        assert_eq!(
            problems(&document),
            [format!("{value} is known, but the API does not have it")]
        );
    }
}

#[test]
fn a_new_enum_is_reported() {
    let new = json!({ "type": "string", "enum": ["A", "B"] });
    let found = problems(&changed("/schemas/Task/properties/zone", new));
    assert!(
        found.contains(&"Task.zone: this test knows no type for the enum".to_owned()),
        "{found:#?}"
    );
}

#[test]
fn a_changed_method_is_reported() {
    let cases = [
        (
            "jobRuns.list/path",
            json!("v2/{+parent}/jobRuns"),
            "the address is v2/",
        ),
        (
            "jobRuns.list/parameters/zone",
            json!({ "location": "query" }),
            "the parameters are ",
        ),
        (
            "jobRuns.get/path",
            json!("v1/{+name}:get"),
            "the address is v1/",
        ),
        (
            "jobRuns.get/parameters/name/pattern",
            json!("^zones/[^/]+$"),
            "the name's pattern is zones/*",
        ),
        (
            "jobRuns.get/httpMethod",
            json!("POST"),
            "the method is POST",
        ),
        (
            "jobRuns.get/parameters/zone",
            json!({ "location": "query" }),
            "the parameters are ",
        ),
        (
            "jobRuns.terminate/path",
            json!("v1/{+name}:stop"),
            "the address is v1/",
        ),
        (
            "jobRuns.terminate/response/$ref",
            json!("JobRun"),
            "the response is JobRun",
        ),
        (
            "jobRuns.list/response/$ref",
            json!("JobRun"),
            "the response is JobRun",
        ),
        (
            "rollouts.retryJob/path",
            json!("v1/{+rollout}:retry"),
            "the address is v1/",
        ),
        (
            "rollouts.advance/request/$ref",
            json!("RetryJobRequest"),
            "the body has ",
        ),
        (
            "rollouts.list/parameters/zone",
            json!({ "location": "query" }),
            "the parameters are ",
        ),
        (
            "releases.list/parameters/parent/pattern",
            json!("^zones/[^/]+$"),
            "the name's pattern is zones/*",
        ),
        (
            "deliveryPipelines.list/response/$ref",
            json!("Release"),
            "the response is Release",
        ),
        (
            "locations.list/path",
            json!("v1/{+name}/regions"),
            "the address is v1/",
        ),
    ];
    for (path, new, problem) in cases {
        let (method, path) = path.split_once('/').unwrap();
        let problem = &format!("{method}: {problem}");
        let at = pointer_to_method(&document(), method);
        let found = problems(&changed(&format!("{at}/{path}"), new));
        assert!(
            found.iter().any(|found| found.starts_with(problem)),
            "{path}: {found:#?}"
        );
    }
    let cases = [
        ("TerminateJobRunRequest", "jobRuns.terminate: the body has "),
        (
            "TerminateJobRunResponse",
            "jobRuns.terminate: the response has ",
        ),
        ("ListJobRunsResponse", "jobRuns.list: the response has "),
        ("ApproveRolloutRequest", "rollouts.approve: the body has "),
        ("CancelRolloutRequest", "rollouts.cancel: the body has "),
        ("ListRolloutsResponse", "rollouts.list: the response has "),
    ];
    for (schema, problem) in cases {
        let found = problems(&changed(
            &format!("/schemas/{schema}/properties/zone"),
            json!({ "type": "string" }),
        ));
        assert!(
            found.iter().any(|found| found.starts_with(problem)),
            "{schema}: {found:#?}"
        );
    }
}

fn document() -> Value {
    serde_json::from_str(include_str!("../data/clouddeploy.v1.json")).unwrap()
}

/// The document with another value at a JSON pointer, whose last step may be new.
fn changed(pointer: &str, value: Value) -> Value {
    let mut document = document();
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    document
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .insert(field.to_owned(), value);
    document
}

/// Everything in which the document and this project differ.
fn problems(document: &Value) -> Vec<String> {
    let api = Api {
        schemas: document["schemas"].as_object().expect("schemas"),
    };
    let mut problems = Vec::new();

    // The job_run union: each variant alone, and all at once, which the types allow.
    let all = api.example("JobRun", "jobRun", &|_| true);
    problems.extend(lost::<JobRun>(&all, "jobRun"));
    for variant in api.variants() {
        let is_variant = |field: &str| api.variants().contains(&field);
        let alone = api.example("JobRun", "jobRun", &|f| !is_variant(f) || f == variant);
        problems.extend(lost::<JobRun>(&alone, "jobRun"));
    }
    problems.extend(lost::<Rollout>(
        &api.example("Rollout", "rollout", &|_| true),
        "rollout",
    ));
    problems.extend(parts_that_went(&api));

    let mut in_the_api: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut known_by_type: BTreeSet<(&str, String)> = BTreeSet::new();
    for (schema, field, values) in api.enums() {
        for value in &values {
            let Some(read) = read_enum(schema, field, value) else {
                problems.push(format!(
                    "{schema}.{field}: this test knows no type for the enum"
                ));
                break;
            };
            in_the_api.insert((read.of, value));
            known_by_type.extend(read.known.into_iter().map(|known| (read.of, known)));
            if !read.is_known {
                problems.push(format!("{schema}.{field}: {value} is not known"));
            }
            if read.is_default != (values[0] == *value) {
                problems.push(format!(
                    "{schema}.{field}: {value} is the default, or it is not taken for it"
                ));
            }
            if read.printed != *value {
                problems.push(format!(
                    "{schema}.{field}: {value} prints as {}",
                    read.printed
                ));
            }
        }
    }
    problems.extend(
        known_by_type
            .iter()
            .filter(|(of, value)| !in_the_api.contains(&(*of, value.as_str())))
            .map(|(_, value)| format!("{value} is known, but the API does not have it")),
    );

    problems.extend(method_problems(document, &api));
    problems
}

/// What the type of an enum makes of a value.
struct ReadEnum {
    /// The type's name.
    of: &'static str,
    known: Vec<String>,
    is_known: bool,
    is_default: bool,
    printed: String,
}

/// Reads an enum's value with the type for a field of a schema; `None` when there is no type.
fn read_enum(schema: &str, field: &str, value: &str) -> Option<ReadEnum> {
    macro_rules! read {
        ($type:ident) => {{
            let read = $type::from(value);
            ReadEnum {
                of: stringify!($type),
                known: $type::KNOWN
                    .iter()
                    .map(|known| known.as_str().to_owned())
                    .collect(),
                is_known: $type::KNOWN.contains(&read),
                is_default: read.is_unspecified(),
                printed: read.as_str().to_owned(),
            }
        }};
    }
    Some(match (schema, field) {
        ("JobRun", "state") => read!(State),
        ("Rollout", "state") => read!(RolloutState),
        ("Phase", "state") => read!(PhaseState),
        ("Job", "state") => read!(JobState),
        (_, "failureCause") => read!(FailureCause),
        (_, "approvalState") => read!(ApprovalState),
        (_, "deployFailureCause") => read!(DeployFailureCause),
        (_, "renderState") => read!(RenderState),
        _ => return None,
    })
}

/// What the viewer reads of the resources of which it reads a part, and the API does not have.
fn parts_that_went(api: &Api) -> Vec<String> {
    fn paths(value: &Value, path: &str, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                fields
                    .iter()
                    .for_each(|(field, value)| paths(value, &format!("{path}.{field}"), found));
            }
            Value::Array(items) => paths(&items[0], &format!("{path}[0]"), found),
            _ => drop(found.insert(path.to_owned())),
        }
    }
    fn kept<T: DeserializeOwned + Serialize>(
        api: &Api,
        schema: &str,
        path: &str,
        found: &mut BTreeSet<String>,
    ) {
        let example = api.example(schema, path, &|_| true);
        match serde_json::from_value::<T>(example) {
            Ok(read) => paths(&serde_json::to_value(read).unwrap(), path, found),
            Err(error) => drop(found.insert(format!("{path}: not read: {error}"))),
        }
    }
    let mut found = BTreeSet::new();
    kept::<DeliveryPipeline>(api, "DeliveryPipeline", "deliveryPipeline", &mut found);
    kept::<Release>(api, "Release", "release", &mut found);
    kept::<Target>(api, "Target", "target", &mut found);
    let read = [
        "deliveryPipeline.createTime",
        "deliveryPipeline.description",
        "deliveryPipeline.name",
        "deliveryPipeline.serialPipeline.stages[0].profiles[0]",
        "deliveryPipeline.serialPipeline.stages[0].strategy.canary.canaryDeployment",
        "deliveryPipeline.serialPipeline.stages[0].strategy.canary.customCanaryDeployment",
        "deliveryPipeline.serialPipeline.stages[0].strategy.standard",
        "deliveryPipeline.serialPipeline.stages[0].targetId",
        "deliveryPipeline.suspended",
        "deliveryPipeline.uid",
        "deliveryPipeline.updateTime",
        "release.abandoned",
        "release.buildArtifacts[0].image",
        "release.buildArtifacts[0].tag",
        "release.createTime",
        "release.description",
        "release.name",
        "release.renderEndTime",
        "release.renderStartTime",
        "release.renderState",
        "release.skaffoldVersion",
        "release.uid",
        "target.anthosCluster.membership",
        "target.createTime",
        "target.customTarget.customTargetType",
        "target.description",
        "target.gke.cluster",
        "target.multiTarget.targetIds[0]",
        "target.name",
        "target.requireApproval",
        "target.run.location",
        "target.targetId",
        "target.uid",
        "target.updateTime",
    ];
    let went = read.iter().filter(|path| !found.contains(**path));
    let mut problems: Vec<String> = went
        .map(|path| format!("{path}: the API does not have it"))
        .collect();
    let extra = found.iter().filter(|path| !read.contains(&path.as_str()));
    problems.extend(extra.filter(|path| path.contains(' ')).cloned());
    problems
}

/// What a type does not give back when it is read and written.
fn lost<T: DeserializeOwned + Serialize>(example: &Value, path: &str) -> Vec<String> {
    let mut lost = Vec::new();
    match read_object::<T>(&example.to_string()) {
        Ok(read) => compare(
            example,
            &serde_json::to_value(read).unwrap(),
            path,
            &mut lost,
        ),
        Err(error) => lost.push(format!("{path}: not read: {error}")),
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
        self.schemas[schema]["properties"]
            .as_object()
            .expect(schema)
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
        let fields = self
            .properties(schema)
            .iter()
            .filter(|(field, _)| wanted(field));
        fields
            .map(|(field, schema)| {
                (
                    field.clone(),
                    self.value(schema, &format!("{path}.{field}")),
                )
            })
            .collect()
    }

    /// A value that is not the default, so that it is written again.
    fn value(&self, schema: &Value, path: &str) -> Value {
        if let Some(name) = schema["$ref"].as_str() {
            if !self.schemas.contains_key(name) {
                // The excerpt has no schema of what nothing here reads.
                return json!({});
            }
            return self.example(name, path, &|_| true);
        }
        if let Some(last) = schema["enum"].as_array().and_then(|values| values.last()) {
            return last.clone();
        }
        match (
            schema["type"].as_str().unwrap_or(""),
            schema["format"].as_str().unwrap_or(""),
        ) {
            ("string", "google-datetime") => "2026-07-22T01:02:03.123456789Z".into(),
            ("string", "google-duration") => "300s".into(),
            ("string", _) => format!("the value of {path}").into(),
            ("boolean", _) => true.into(),
            ("integer" | "number", _) => 7.into(),
            ("array", _) => (0..2)
                .map(|index| self.value(&schema["items"], &format!("{path}[{index}]")))
                .collect(),
            ("object", _) => ["a key", "b.c"]
                .into_iter()
                .map(|key| {
                    (
                        key.to_owned(),
                        self.value(&schema["additionalProperties"], &format!("{path}.{key}")),
                    )
                })
                .collect(),
            _ => panic!("{path} is of a type that this test does not know: {schema}"),
        }
    }

    /// The schemas that `JobRun` and `Rollout` reach, and `Release`.
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
        let mut to_do = vec!["JobRun", "Rollout"];
        while let Some(schema) = to_do.pop() {
            if reached.insert(schema) {
                visit(&self.schemas[schema], &mut to_do);
            }
        }
        reached.insert("Release");
        reached
    }

    /// Every enum of those schemas: the schema, the field and the values.
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
    list.as_array()
        .expect("a list")
        .iter()
        .map(|value| value.as_str().expect("a text"))
        .collect()
}

fn keys(object: &Map<String, Value>) -> BTreeSet<&str> {
    object.keys().map(String::as_str).collect()
}

/// Where the methods and the client's requests differ.
fn method_problems(document: &Value, api: &Api) -> Vec<String> {
    let run: JobRunName =
        "projects/p/locations/l/deliveryPipelines/d/releases/r/rollouts/o/jobRuns/j"
            .parse()
            .unwrap();
    let rollout = &run.rollout;
    let release = rollout.release_name();
    let pipeline = release.delivery_pipeline_name();
    let location = pipeline.location_name();
    let query = ListQuery {
        filter: "a=1".into(),
        order_by: "b".into(),
        page_size: 7,
    };
    let policies = ["projects/p/locations/l/deployPolicies/d".to_owned()];
    let list = |collection: Collection| list_items_request(&collection, &query, "t");
    let act = |action: RolloutAction| action_request(rollout, &action, &policies);
    let (phase_id, job_id) = ("p".to_owned(), "j".to_owned());
    let retry = RolloutAction::RetryJob {
        phase_id: phase_id.clone(),
        job_id: job_id.clone(),
    };
    let ignore = RolloutAction::IgnoreJob {
        phase_id: phase_id.clone(),
        job_id,
    };

    let mut problems = Vec::new();
    let name = rollout.to_string();
    let of_rollout = RolloutName::PATTERN;
    #[rustfmt::skip]
    let cases = [
        ("jobRuns.list", list(Collection::JobRuns(rollout.clone())), name.clone(), of_rollout, "ListJobRunsResponse"),
        ("jobRuns.get", get_request(&run), run.to_string(), JobRunName::PATTERN, "JobRun"),
        ("jobRuns.terminate", terminate_request(&run, &policies), run.to_string(), JobRunName::PATTERN, "TerminateJobRunResponse"),
        ("rollouts.list", list(Collection::Rollouts(release.clone())), release.to_string(), ReleaseName::PATTERN, "ListRolloutsResponse"),
        ("rollouts.get", get_rollout_request(rollout), name.clone(), of_rollout, "Rollout"),
        ("rollouts.retryJob", act(retry), name.clone(), of_rollout, "RetryJobResponse"),
        ("rollouts.ignoreJob", act(ignore), name.clone(), of_rollout, "IgnoreJobResponse"),
        ("rollouts.cancel", act(RolloutAction::Cancel), name.clone(), of_rollout, "CancelRolloutResponse"),
        ("rollouts.advance", act(RolloutAction::Advance { phase_id }), name.clone(), of_rollout, "AdvanceRolloutResponse"),
        ("rollouts.approve", act(RolloutAction::Approve { approved: false }), name, of_rollout, "ApproveRolloutResponse"),
        ("releases.list", list(Collection::Releases(pipeline.clone())), pipeline.to_string(), DeliveryPipelineName::PATTERN, "ListReleasesResponse"),
        ("deliveryPipelines.list", list(Collection::DeliveryPipelines(location.clone())), location.to_string(), "projects/*/locations/*", "ListDeliveryPipelinesResponse"),
        ("locations.list", list(Collection::Locations { project: "p".into() }), "projects/p".to_owned(), "projects/*", "ListLocationsResponse"),
    ];
    for (id, request, name, pattern, response) in cases {
        let method = document.pointer(&pointer_to_method(document, id)).unwrap();
        let (address, sent) = split(&request);
        let expected = method["path"]
            .as_str()
            .unwrap()
            .replace("{+parent}", &name)
            .replace("{+name}", &name);
        let expected = expected.replace("{+rollout}", &name);
        if address != expected {
            problems.push(format!("{id}: the address is {expected}, not {address}"));
        }
        let http_method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        if method["httpMethod"] != http_method {
            problems.push(format!(
                "{id}: the method is {}",
                method["httpMethod"].as_str().unwrap()
            ));
        }
        if method["response"]["$ref"] != response {
            problems.push(format!(
                "{id}: the response is {}",
                method["response"]["$ref"].as_str().unwrap()
            ));
        }
        let parameters = method["parameters"].as_object().unwrap();
        let queried: BTreeSet<&str> = parameters
            .iter()
            // Of other locations than those that the service is in.
            .filter(|(name, p)| p["location"] == "query" && *name != "extraLocationTypes")
            .map(|(name, _)| name.as_str())
            .collect();
        if sent != queried {
            problems.push(format!(
                "{id}: the parameters are {queried:?}, not {sent:?}"
            ));
        }
        for parameter in parameters.values().filter(|p| p["location"] == "path") {
            let found = parameter["pattern"].as_str().unwrap().replace("[^/]+", "*");
            let found = found
                .trim_start_matches('^')
                .trim_end_matches('$')
                .to_owned();
            if found != pattern {
                problems.push(format!("{id}: the name's pattern is {found}"));
            }
        }
        let body: Map<String, Value> = request
            .body
            .map(|body| serde_json::from_str(&body).unwrap())
            .unwrap_or_default();
        let described = method["request"]["$ref"]
            .as_str()
            .map(|schema| keys(api.properties(schema)));
        if keys(&body) != described.clone().unwrap_or_default() {
            problems.push(format!(
                "{id}: the body has {described:?}, not {:?}",
                keys(&body)
            ));
        }
    }

    // What the client reads of the responses.
    for (id, schema, field) in [
        ("jobRuns.list", "ListJobRunsResponse", "jobRuns"),
        ("rollouts.list", "ListRolloutsResponse", "rollouts"),
        ("releases.list", "ListReleasesResponse", "releases"),
        (
            "deliveryPipelines.list",
            "ListDeliveryPipelinesResponse",
            "deliveryPipelines",
        ),
    ] {
        let page = api.example(schema, "page", &|_| true);
        let read = Items::from_json(&page.to_string(), field).unwrap();
        let items: Vec<Value> = read
            .raw
            .iter()
            .map(|raw| serde_json::from_str(raw).unwrap())
            .collect();
        let read = json!({ field: items, "nextPageToken": read.next_page_token, "unreachable": read.unreachable });
        let (has, reads) = (
            keys(api.properties(schema)),
            keys(read.as_object().unwrap()),
        );
        if has != reads {
            problems.push(format!(
                "{id}: the response has {has:?}, and {reads:?} are read"
            ));
        }
        let mut differences = Vec::new();
        for field in reads {
            compare(
                &page[field],
                &read[field],
                &format!("{id}: {field}"),
                &mut differences,
            );
        }
        problems.extend(differences);
    }
    let answer = keys(api.properties("TerminateJobRunResponse"));
    if !answer.is_empty() {
        problems.push(format!(
            "jobRuns.terminate: the response has {answer:?}, which nothing reads"
        ));
    }
    problems
}

/// A request's path without its first slash, and the names of its parameters.
fn split(request: &Request) -> (String, BTreeSet<&str>) {
    let (path, query) = request
        .path_and_query
        .split_once('?')
        .unwrap_or((&request.path_and_query, ""));
    let names = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, _)| name)
        .collect();
    (percent_decode(path.strip_prefix('/').unwrap()), names)
}

/// Where the document has the method of this name, such as `jobRuns.get`, as a JSON pointer.
fn pointer_to_method(document: &Value, name: &str) -> String {
    fn find(value: &Value, id: &str) -> Option<String> {
        let fields = value.as_object()?;
        if fields
            .get("id")
            .and_then(Value::as_str)
            .is_some_and(|found| found.ends_with(id))
        {
            return Some(String::new());
        }
        fields
            .iter()
            .find_map(|(field, value)| Some(format!("/{field}{}", find(value, id)?)))
    }
    find(document, &format!(".{name}")).unwrap_or_else(|| panic!("no method {name}"))
}

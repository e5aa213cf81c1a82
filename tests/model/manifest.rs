//! Which manifests can be compared with which.

use jobrun_viewer::model::manifest::{File, counterpart, files, others, same_run};
use jobrun_viewer::model::run::panel::{artifact, builds};
use serde_json::json;

use super::sample::{Sample, run, set};

fn deploy(id: &str, phase: &str, folder: &str, paths: &[&str]) -> Sample {
    run(id).job(phase, "deploy").variant(
        "deployJobRun",
        json!({ "artifact": { "artifactUri": folder, "manifestPaths": paths } }),
    )
}

fn file(folder: &str, path: &str) -> File {
    File {
        folder: folder.to_owned(),
        path: path.to_owned(),
    }
}

#[test]
fn the_same_manifest_has_the_same_path_or_else_the_same_name() {
    let other = deploy(
        "1",
        "stable",
        "gs://b/r",
        &["canary/m.yaml", "stable/m.yaml", "s.yaml"],
    )
    .alone();
    assert_eq!(files(&other).len(), 3);
    assert_eq!(
        counterpart(&other, "/stable/m.yaml"),
        Some(file("gs://b/r", "stable/m.yaml"))
    );
    assert_eq!(
        counterpart(&other, "canary-25/m.yaml"),
        Some(file("gs://b/r", "canary/m.yaml"))
    );
    assert_eq!(counterpart(&other, "t.yaml"), None);
    assert_eq!(
        counterpart(
            &run("2").variant("verifyJobRun", json!({})).alone(),
            "m.yaml"
        ),
        None
    );
}

#[test]
fn others_of_the_rollout_are_those_with_the_manifest_the_nearest_before_first() {
    let samples = [
        deploy("a", "canary-25", "gs://b/1", &["m.yaml"]).times(0.0, 1.0, 2.0),
        deploy("b", "canary-50", "gs://b/2", &["m.yaml"]).times(10.0, 11.0, 12.0),
        deploy("c", "canary-50", "gs://b/3", &["m.yaml"]).times(20.0, 21.0, 22.0),
        deploy("d", "stable", "gs://b/4", &["m.yaml"]).times(30.0, 31.0, 32.0),
        deploy("e", "stable", "gs://b/5", &["other.yaml"]).times(40.0, 41.0, 42.0),
    ];
    let set = set(&samples);
    let run = set.get("c").unwrap();
    let labels: Vec<String> = others(run, &set, "m.yaml")
        .into_iter()
        .map(|(_, label)| label)
        .collect();
    assert_eq!(
        labels,
        [
            "deploy in canary-50, attempt 1",
            "deploy in canary-25",
            "deploy in stable, attempt 1"
        ]
    );

    // Of another rollout, that of the same phase; without one the newest.
    let of = |phase: &str| {
        let run = deploy("x", phase, "gs://b/9", &["m.yaml"]).alone();
        same_run(&run, &set, "m.yaml").map(|run| run.id.clone())
    };
    assert_eq!(of("canary-25").as_deref(), Some("a"));
    assert_eq!(of("canary-50").as_deref(), Some("c"));
    assert_eq!(of("canary-99").as_deref(), Some("d"));
}

#[test]
fn a_run_says_where_its_manifests_are() {
    let section = artifact(
        &deploy("1", "stable", "gs://b/r/", &["m.yaml"]).alone(),
        true,
    )
    .unwrap();
    assert_eq!(section.facts[0].values[0].text, "gs://b/r/");
    assert!(section.facts[0].values[0].to.is_some());
    assert_eq!(section.note, "");
    let demo = artifact(&deploy("1", "stable", "gs://b/r/", &[]).alone(), false).unwrap();
    assert_eq!(
        (demo.facts[0].values[0].to.is_none(), demo.note.as_str()),
        (true, "The run lists no manifest.")
    );
    assert_eq!(
        artifact(&run("2").variant("deployJobRun", json!({})).alone(), true),
        None
    );
}

#[test]
fn builds_are_those_of_the_run_and_of_its_checks() {
    let build = |id: &str| format!("projects/p/locations/l/builds/{id}");
    let names = |sample: Sample| -> Vec<(Option<String>, String)> {
        builds(&sample.alone())
            .into_iter()
            .map(|build| (build.check, build.name.to_string()))
            .collect()
    };
    for variant in [
        "deployJobRun",
        "verifyJobRun",
        "predeployJobRun",
        "postdeployJobRun",
    ] {
        assert_eq!(
            names(run("1").variant(variant, json!({ "build": build("x") }))),
            [(None, build("x"))]
        );
        assert_eq!(
            names(run("1").variant(variant, json!({ "build": "not a build" }))),
            []
        );
    }
    let checks = json!({ "customCheckAnalyses": [
        { "id": "a", "latestBuild": build("x") }, { "id": "b" }, { "id": "c", "latestBuild": build("y") },
    ] });
    assert_eq!(
        names(run("1").variant("analysisJobRun", checks)),
        [
            (Some("a".to_owned()), build("x")),
            (Some("c".to_owned()), build("y"))
        ]
    );
}

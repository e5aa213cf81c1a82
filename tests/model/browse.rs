//! Guards browsing: rows to choose from, where they lead, and the way back up.

use jobrun_viewer::api::source::Collection;
use jobrun_viewer::model::address::Parent;
use jobrun_viewer::model::browse::{BrowseRow, Standing, collections, rows, sorted, trail};
use proptest::prelude::*;
use serde_json::{Value, json};

const PIPELINE: &str = "projects/p/locations/l/deliveryPipelines/d";

fn parent(name: &str) -> Parent {
    Parent::from_name(name).expect("a name")
}

fn read(collection: &Collection, items: &[Value]) -> Vec<BrowseRow> {
    let raw: Vec<Box<str>> = items.iter().map(|item| item.to_string().into()).collect();
    rows(collection, &raw)
}

fn told(row: &BrowseRow) -> String {
    let to = row.to.as_ref().map(|to| to.to_hash()).unwrap_or_default();
    let standing: Vec<&str> = row.standing.iter().map(Standing::label).collect();
    format!("{} [{}] {} {to}", row.id, standing.join(", "), row.details)
}

#[test]
fn each_place_lists_what_lies_in_it() {
    let ids = |name: &str| {
        let lists = collections(&parent(name));
        lists
            .into_iter()
            .map(|(_, list)| format!("{}/{}", list.parent(), list.id()))
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("projects/p"), ["projects/p/locations"]);
    assert_eq!(
        ids("projects/p/locations/l"),
        ["projects/p/locations/l/deliveryPipelines"]
    );
    assert_eq!(
        ids(PIPELINE),
        [
            format!("{PIPELINE}/releases/-/rollouts"),
            format!("{PIPELINE}/releases")
        ]
    );
    assert_eq!(
        ids(&format!("{PIPELINE}/releases/r")),
        [format!("{PIPELINE}/releases/r/rollouts")]
    );
}

#[test]
fn rows_lead_further_down() {
    let list = |name: &str| collections(&parent(name)).remove(0).1;
    let found = read(
        &list("projects/p"),
        &[json!({ "name": "projects/1/locations/us", "locationId": "us", "displayName": "Iowa" })],
    );
    assert_eq!(told(&found[0]), "us [] Iowa #/projects/p/locations/us");

    let pipeline = json!({ "name": "projects/1/locations/l/deliveryPipelines/web", "suspended": true,
        "description": "The shop", "serialPipeline": { "stages": [{ "targetId": "dev" }, { "targetId": "prod" }] } });
    let found = read(&list("projects/p/locations/l"), &[pipeline]);
    assert_eq!(
        told(&found[0]),
        "web [Suspended] dev → prod · The shop #/projects/p/locations/l/deliveryPipelines/web"
    );

    let rollout = json!({ "name": format!("{PIPELINE}/releases/r/rollouts/o").replace("/p/", "/123/"),
        "state": "PENDING_APPROVAL", "targetId": "prod", "createTime": "2026-01-01T00:00:00Z" });
    let found = read(
        &list(PIPELINE),
        &[rollout, json!({ "state": "NEW" }), json!(7)],
    );
    assert_eq!(
        told(&found[0]),
        format!("o [Waits for approval] to prod #/{PIPELINE}/releases/r/rollouts/o")
    );
    assert!(found[0].created.is_some());
    assert_eq!(
        (found[1].to.clone(), found[1].standing[0].label()),
        (None, "NEW")
    );
    assert!(
        found[2].to.is_none()
            && found[2].id.contains("could not be read")
            && found[2].details == "7"
    );

    let releases = collections(&parent(PIPELINE)).remove(1).1;
    let release = json!({ "name": format!("{PIPELINE}/releases/r"), "abandoned": true, "renderState": "FAILED" });
    assert_eq!(
        told(&read(&releases, &[release])[0]),
        format!("r [Abandoned, Render failed]  #/{PIPELINE}/releases/r")
    );
    let states = [
        "SUCCEEDED",
        "IN_PROGRESS",
        "RENDER_STATE_UNSPECIFIED",
        "LATER",
    ];
    let items = states
        .map(|state| json!({ "name": format!("{PIPELINE}/releases/r"), "renderState": state }));
    let labels: Vec<Vec<String>> = read(&releases, &items)
        .iter()
        .map(|row| {
            row.standing
                .iter()
                .map(|standing| standing.label().to_owned())
                .collect()
        })
        .collect();
    assert_eq!(
        labels,
        [
            vec![],
            vec!["Rendering".to_owned()],
            vec![],
            vec!["LATER".to_owned()]
        ]
    );
}

#[test]
fn a_time_that_is_none_is_told() {
    let list = collections(&parent("projects/p/locations/l")).remove(0).1;
    let pipeline = json!({ "name": "projects/p/locations/l/deliveryPipelines/web", "createTime": "yesterday" });
    let row = &read(&list, &[pipeline])[0];
    assert_eq!(
        (row.created, row.details.as_str()),
        (None, "createTime: “yesterday” is no RFC 3339 time")
    );
}

#[test]
fn a_rollout_is_of_its_release_whatever_the_project_is_called() {
    let lists = collections(&parent(PIPELINE));
    let rollouts = ["r", "r2"].map(|release| {
        let name = format!("{PIPELINE}/releases/{release}/rollouts/o").replace("/p/", "/123/");
        read(&lists[0].1, &[json!({ "name": name, "targetId": "prod" })]).remove(0)
    });
    let release = &read(
        &lists[1].1,
        &[json!({ "name": format!("{PIPELINE}/releases/r") })],
    )[0];
    let to = release.to.as_ref().expect("it leads to the release");
    assert_eq!(
        rollouts.map(|row| (row.is_rollout_of(to), row.target)),
        [(true, "prod".to_owned()), (false, "prod".to_owned())]
    );
    assert!(!release.is_rollout_of(to));
}

#[test]
fn a_search_finds_all_of_its_words_anywhere() {
    let list = collections(&parent(PIPELINE)).remove(0).1;
    let row = &read(
        &list,
        &[
            json!({ "name": format!("{PIPELINE}/releases/r/rollouts/Blue-1"),
        "state": "PENDING_APPROVAL", "targetId": "prod" }),
        ],
    )[0];
    for search in ["", "  ", "blue", "PROD blue", "approval", "waits prod 1"] {
        assert!(row.has(search), "{search}");
    }
    for search in ["green", "blue green", "succeeded"] {
        assert!(!row.has(search), "{search}");
    }
}

#[test]
fn the_newest_come_first_and_each_once() {
    let list = collections(&parent(PIPELINE)).remove(0).1;
    let item = |id: &str, created: Option<&str>| json!({ "name": format!("{PIPELINE}/releases/r/rollouts/{id}"), "createTime": created });
    let found = read(
        &list,
        &[
            item("b", None),
            item("old", Some("2025-01-01T00:00:00Z")),
            item("new", Some("2026-01-01T00:00:00Z")),
            item("a", None),
            // The first item of a page, which was the last of the one before.
            item("old", Some("2025-01-01T00:00:00Z")),
            item("b", None),
        ],
    );
    let found = sorted(found);
    assert_eq!(
        found.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(),
        ["new", "old", "a", "b"]
    );
}

#[test]
fn the_trail_leads_back_up() {
    let names = |name: &str| {
        trail(&parent(name))
            .into_iter()
            .map(|(what, parent)| format!("{what} {}", parent.name()))
            .collect::<Vec<_>>()
    };
    assert_eq!(names("projects/p"), ["Project projects/p"]);
    assert_eq!(
        names(&format!("{PIPELINE}/releases/r")),
        [
            "Project projects/p".to_owned(),
            "Location projects/p/locations/l".to_owned(),
            format!("Pipeline {PIPELINE}"),
            format!("Release {PIPELINE}/releases/r"),
        ]
    );
}

proptest! {
    #[test]
    fn any_item_is_a_row(raw in ".{0,60}", index in 0_usize..4) {
        let name = ["projects/p", "projects/p/locations/l", PIPELINE, "projects/p/locations/l/deliveryPipelines/d/releases/r"][index];
        for (_, list) in collections(&parent(name)) {
            prop_assert_eq!(rows(&list, &[raw.as_str().into()]).len(), 1);
        }
    }
}

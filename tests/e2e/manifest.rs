//! The manifests that a run deployed: read in place, saved, and compared.

use const_format::formatcp;
use jobrun_viewer::api::storage::{ObjectName, media_request};
use jobrun_viewer::model::manifest::diff::{Change, diff};

use crate::browser::quote;
use crate::select;
use crate::viewer::{ALERTS, ALL_VARIANTS, CANARY, DONE, Json, LIVE, Rollout, Setup, Viewer, name};

/// A file of a run as the server has it.
fn file_of(viewer: &Viewer, run: &Json, path: &str) -> String {
    let folder = run.0["deployJobRun"]["artifact"]["artifactUri"]
        .as_str()
        .expect("it has a folder");
    viewer.get(&media_request(&ObjectName::join(folder, path).expect("a name")).path_and_query)
}

/// Opens a manifest of a run.
async fn open(viewer: &Viewer, rollout: Rollout, run: &Json, path: &str) {
    viewer.select(rollout, run).await;
    viewer.click_text(select::manifests::PATH, path).await;
    viewer.wait_for(select::manifests::ROW).await;
}

/// JavaScript that compares the open manifest with another.
pub fn comparing_with(label: &str) -> String {
    format!(
        "const select = document.querySelector({compare:?});
         select.value = [...select.options].find(o => o.text === {}).value;
         select.dispatchEvent(new Event('change', {{ bubbles: true }}))",
        quote(label),
        compare = select::manifests::COMPARE
    )
}

async fn compare_with(viewer: &Viewer, label: &str) {
    viewer.js(&comparing_with(label)).await;
}

async fn lines(viewer: &Viewer, css: &str) -> Vec<String> {
    let body = format!(
        "return [...document.querySelectorAll({})].map(e => e.textContent)",
        quote(css)
    );
    serde_json::from_value(viewer.js(&body).await).expect("a list")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_is_shown_as_it_is_in_colours() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    let run = viewer.run(DONE, "deploy");
    viewer.select(DONE, &run).await;
    viewer.wait_for(select::manifests::MANIFEST).await;
    assert_eq!(
        viewer.texts(select::manifests::PATH).await,
        ["manifest.yaml", "service.yaml"]
    );
    let is_object = |path: &str| path.contains(".yaml");
    let asked = || {
        viewer
            .stand_in()
            .requests()
            .iter()
            .filter(|request| is_object(&request.path_and_query))
            .count()
    };
    assert_eq!(asked(), 0, "nothing is read before somebody asks");

    open(&viewer, DONE, &run, "manifest.yaml").await;
    let text = file_of(&viewer, &run, "manifest.yaml");
    assert!(text.contains("image: "), "{text}");
    assert_eq!(
        lines(&viewer, select::manifests::WORDS).await.join("\n") + "\n",
        text
    );
    assert_eq!(
        lines(&viewer, select::manifests::YAML_COMMENT).await[0],
        text.lines().next().expect("it has lines")
    );
    assert_eq!(
        lines(&viewer, select::manifests::YAML_KEY).await[..2],
        ["apiVersion", "kind"]
    );
    assert!(
        lines(&viewer, select::manifests::YAML_NUMBER)
            .await
            .contains(&"8080".to_owned())
    );

    let (file, saved) = viewer
        .saved(async || {
            viewer
                .click_text(select::manifests::VIEW_BUTTON, "Download")
                .await
        })
        .await;
    assert_eq!(
        (file.as_str(), saved.as_str()),
        ("manifest.yaml", text.as_str())
    );

    // One at a time, and none in the end.
    viewer
        .click_text(select::manifests::PATH, "service.yaml")
        .await;
    viewer
        .wait_until_js(formatcp!(
            "document.querySelectorAll({view:?}).length === 1 && document.querySelector({last_row:?})",
            view = select::manifests::VIEW,
            last_row = select::manifests::LAST_ROW
        ))
        .await;
    assert_eq!(
        lines(&viewer, select::manifests::WORDS).await.join("\n") + "\n",
        file_of(&viewer, &run, "service.yaml")
    );
    viewer
        .click_text(select::manifests::PATH, "service.yaml")
        .await;
    viewer.wait_gone(select::manifests::VIEW).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_is_compared_with_that_of_the_release_before() {
    let viewer = Viewer::show(Setup::default(), LIVE).await;
    let (before, now) = (viewer.run(DONE, "deploy"), viewer.run(LIVE, "deploy"));
    open(&viewer, LIVE, &now, "manifest.yaml").await;
    compare_with(&viewer, "the release before").await;
    viewer.wait_for(select::manifests::DIFF_ROW).await;

    let (old, new) = (
        file_of(&viewer, &before, "manifest.yaml"),
        file_of(&viewer, &now, "manifest.yaml"),
    );
    let expected = diff(&old, &new);
    let changed = |change: Change| -> Vec<String> {
        let lines = expected.hunks.iter().flat_map(|hunk| &hunk.lines);
        lines
            .filter(|line| line.change == change)
            .map(|line| line.text.clone())
            .collect()
    };
    assert_eq!(
        lines(&viewer, select::manifests::REMOVED_WORDS).await,
        changed(Change::Removed)
    );
    assert_eq!(
        lines(&viewer, select::manifests::ADDED_WORDS).await,
        changed(Change::Added)
    );
    let image = |lines: Vec<String>| {
        lines
            .into_iter()
            .find(|line| line.contains("image: "))
            .expect("an image")
    };
    let (removed, added) = (
        image(lines(&viewer, select::manifests::REMOVED_WORDS).await),
        image(lines(&viewer, select::manifests::ADDED_WORDS).await),
    );
    assert!(
        removed != added && old.contains(&removed) && new.contains(&added),
        "{removed} {added}"
    );
    let head = viewer.text(select::manifests::DIFF_HEAD).await;
    let rollout = name(DONE);
    let id = rollout.rsplit('/').next().expect("it has an id");
    assert_eq!(
        head,
        format!("+{} −{} lines since {id}", expected.added, expected.removed)
    );

    // Unfolded, it has all of the new text.
    while viewer.count(select::manifests::FOLD).await > 0 {
        viewer.click(select::manifests::FOLD_TOGGLE).await;
    }
    assert_eq!(
        lines(&viewer, select::manifests::NEW_WORDS)
            .await
            .join("\n")
            + "\n",
        new
    );

    // And back to the text alone.
    compare_with(&viewer, "nothing").await;
    viewer.wait_gone(select::manifests::DIFF_ROW).await;
    viewer.wait_for(select::manifests::ROW).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_is_compared_with_that_of_another_phase() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    let (first, second) = (
        viewer.run_in(CANARY, "canary-25", "deploy"),
        viewer.run_in(CANARY, "canary-50", "deploy"),
    );
    open(&viewer, CANARY, &second, "canary-50/manifest.yaml").await;
    let options = lines(&viewer, select::manifests::COMPARE_OPTION).await;
    assert_eq!(
        options,
        ["nothing", "the release before", "deploy in canary-25"]
    );
    compare_with(&viewer, "deploy in canary-25").await;
    viewer.wait_for(select::manifests::DIFF_ROW).await;
    let expected = diff(
        &file_of(&viewer, &first, "canary-25/manifest.yaml"),
        &file_of(&viewer, &second, "canary-50/manifest.yaml"),
    );
    assert!(expected.added > 0);
    assert_eq!(
        viewer.text(select::manifests::DIFF_HEAD).await,
        format!(
            "+{} −{} lines since deploy in canary-25, canary-25/manifest.yaml",
            expected.added, expected.removed
        )
    );
    assert!(
        lines(&viewer, select::manifests::ADDED_WORDS)
            .await
            .iter()
            .any(|line| line.contains("50 % of 12"))
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_that_cannot_be_read_is_explained() {
    let mut viewer = Viewer::show(Setup::default(), ALERTS).await;
    viewer.expect_error("Failed to load resource: the server responded with a status of");
    let run = viewer.run(ALERTS, "deploy");
    viewer.select(ALERTS, &run).await;
    viewer.wait_for(select::build::STEPS).await;
    viewer.order("403");
    viewer
        .click_text(select::manifests::PATH, "manifest.yaml")
        .await;
    viewer
        .wait_for_text(
            select::manifests::NOTE_TITLE,
            "Not allowed to read the file",
        )
        .await;
    let said = viewer.text(select::manifests::NOTE).await;
    assert!(
        said.contains("lacks storage.objects.get")
            && said.contains("roles/storage.objectViewer has it"),
        "{said}"
    );
    viewer.stand_in().reset_faults();
    viewer
        .click_text(select::manifests::NOTE_BUTTON, "Try again")
        .await;
    viewer.wait_for(select::manifests::ROW).await;

    // Nothing was released there before.
    compare_with(&viewer, "the release before").await;
    viewer
        .wait_for_text(select::manifests::NOTE_TITLE, "No release before")
        .await;

    // A bucket that nobody may read, and a name as odd as they come.
    viewer.goto(&viewer.url_of(&name(ALL_VARIANTS))).await;
    let run = viewer.run_in(ALL_VARIANTS, "deploy", "succeeded");
    viewer.select(ALL_VARIANTS, &run).await;
    viewer
        .click_text(select::manifests::PATH, "a folder/with space & sign.yaml")
        .await;
    viewer
        .wait_for_text(
            select::manifests::NOTE_TITLE,
            "Not allowed to read the file",
        )
        .await;
    viewer.finish().await;
}

//! What the panel and the bars say about every kind of run in every state, and about what no
//! server should send.

use std::collections::{BTreeMap, BTreeSet};

use const_format::formatcp;
use jobrun_viewer::api::job_run::FailureCause;
use jobrun_viewer::model::explain;
use jobrun_viewer::model::run::{Failure, JobKind};
use serde_json::{Value, json};

use crate::browser::quote;
use crate::select;
use crate::viewer::{
    ALERTS, ALL_VARIANTS, ANALYSIS, CANARY, CHILD, CONTROLLER, CUSTOM, DONE, Json, LIVE, Panel,
    QUEUED, Rollout, Setup, Viewer, name,
};

const CONSOLE: &str = "https://console.cloud.google.com";
const NUMBER: &str = "987654321098";

/// State, label and class.
const STATES: [(&str, &str, &str); 6] = [
    ("STATE_UNSPECIFIED", "Unspecified", "is-unknown"),
    ("IN_PROGRESS", "In progress", "is-in-progress"),
    ("SUCCEEDED", "Succeeded", "is-succeeded"),
    ("FAILED", "Failed", "is-failed"),
    ("TERMINATING", "Terminating", "is-terminating"),
    ("TERMINATED", "Terminated", "is-terminated"),
];

const VARIANTS: [(&str, JobKind); 7] = [
    ("predeployJobRun", JobKind::Predeploy),
    ("deployJobRun", JobKind::Deploy),
    ("verifyJobRun", JobKind::Verify),
    ("analysisJobRun", JobKind::Analysis),
    ("postdeployJobRun", JobKind::Postdeploy),
    ("createChildRolloutJobRun", JobKind::CreateChildRollout),
    ("advanceChildRolloutJobRun", JobKind::AdvanceChildRollout),
];

/// The label and class of a state; one that is not known is shown as it came.
fn label_and_class(state: &str) -> (&str, &str) {
    STATES
        .into_iter()
        .find(|(known, ..)| *known == state)
        .map_or((state, "is-unknown"), |(_, label, class)| (label, class))
}

/// The run's kind, when it is of one known kind.
fn kind(run: &Json) -> Option<JobKind> {
    let mut kinds = VARIANTS
        .into_iter()
        .filter(|(field, _)| run.0[field].is_object())
        .map(|(_, kind)| kind);
    kinds.next().filter(|_| kinds.next().is_none())
}

fn is_child(run: &Json) -> bool {
    matches!(
        kind(run),
        Some(JobKind::CreateChildRollout | JobKind::AdvanceChildRollout)
    )
}

fn build_link(build: &str) -> String {
    let id = build.rsplit('/').next().unwrap_or_default();
    format!("{CONSOLE}/cloud-build/builds;region=us-central1/{id}?project={NUMBER}")
}

/// What holds for the panel of any run.
fn check(run: &Json, panel: &Panel) {
    let (label, class) = label_and_class(run.state());
    let (phase, job) = (run.text("phaseId"), run.text("jobId"));
    let of = format!("{job} in {phase}");
    assert_eq!(panel.job, job);
    assert!(
        panel.subtitle.contains(&format!("phase {phase}")),
        "{of}: {}",
        panel.subtitle
    );
    assert_eq!(
        (panel.badge.text.as_str(), panel.badge.class.as_str()),
        (label, class),
        "{of}"
    );
    if let Some(kind) = kind(run)
        && kind.label() != job
    {
        assert!(
            panel.subtitle.contains(kind.label()),
            "{of}: {}",
            panel.subtitle
        );
    }

    let in_progress = run.state() == "IN_PROGRESS";
    assert_eq!(
        panel.terminate.enabled,
        in_progress && !is_child(run),
        "{of}: {:?}",
        panel.terminate
    );
    if is_child(run) && in_progress {
        assert!(
            panel
                .terminate
                .beside
                .contains("Open the child rollout instead"),
            "{of}"
        );
    } else if !in_progress {
        assert!(panel.terminate.reason.contains("in progress"), "{of}");
    }

    for (at, field) in ["createTime", "startTime", "endTime"]
        .into_iter()
        .enumerate()
    {
        let (shown, exact) = &panel.times[at];
        match run.text(field) {
            "" => assert!(
                ["not yet", "not given"].contains(&shown.as_str()),
                "{of}: {shown}"
            ),
            "yesterday" => assert_eq!(shown, "yesterday", "{of}"),
            time => assert_eq!(exact, time, "{of}"),
        }
    }

    let is_explained = ["TERMINATING", "TERMINATED"].contains(&run.state())
        || label_and_class(run.state()).1 == "is-unknown";
    assert_eq!(!panel.note.is_empty(), is_explained, "{of}: {}", panel.note);
    assert_eq!(
        !panel.failures.is_empty(),
        run.state() == "FAILED",
        "{of}: {:?}",
        panel.failures
    );

    let identity = panel.section("").facts();
    for (label, field) in [("Name", "name"), ("UID", "uid"), ("ETag", "etag")] {
        assert!(
            identity.contains(&(label, run.text(field), "")),
            "{of}: {identity:?}"
        );
    }
    if let Some((label, build, link)) = identity.iter().find(|(label, ..)| *label == "Cloud Build")
    {
        assert_eq!(*link, build_link(build), "{of}: {label}");
    }
}

/// Selects every readable run of a rollout, and checks its panel.
async fn check_all(viewer: &Viewer, rollout: Rollout) {
    let runs: Vec<Json> = viewer
        .runs(rollout)
        .into_iter()
        .filter(Json::is_readable)
        .collect();
    assert!(!runs.is_empty());
    for run in runs {
        viewer.select(rollout, &run).await;
        check(&run, &viewer.panel().await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_run_of_all_variants_is_shown_as_it_is() {
    let mut viewer = Viewer::show(Setup::default(), ALL_VARIANTS).await;
    // Some of its builds cannot be read, as their causes of failure have it.
    viewer.expect_error("status of 403");
    viewer.expect_error("status of 404");
    check_all(&viewer, ALL_VARIANTS).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_run_of_the_other_rollouts_is_shown_as_it_is() {
    let viewer = Viewer::start(Setup::default()).await;
    for rollout in [
        LIVE, DONE, CANARY, ANALYSIS, ALERTS, CUSTOM, QUEUED, CONTROLLER, CHILD,
    ] {
        viewer.goto(&viewer.url_of(&name(rollout))).await;
        viewer
            .wait_for_text(
                select::rollout::HEADER_TITLE,
                &format!("{}-to-{}-0001", rollout.1, rollout.2),
            )
            .await;
        viewer.wait_loaded().await;
        check_all(&viewer, rollout).await;
    }
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_has_one_look_on_bar_badge_and_count() {
    let viewer = Viewer::show(Setup::default(), ALL_VARIANTS).await;
    let bars = viewer
        .js(formatcp!(
            "return Object.fromEntries([...document.querySelectorAll({bar:?})].map(b => \
             [b.id.replace('run-', ''), \
             [b.className, b.ariaLabel, b.querySelector({bar_icon:?}).getAttribute('d'), \
             getComputedStyle(b).getPropertyValue('--state-fill')]]))",
            bar = select::timeline::BAR,
            bar_icon = select::timeline::BAR_ICON
        ))
        .await;
    let runs: Vec<Json> = viewer
        .runs(ALL_VARIANTS)
        .into_iter()
        .filter(Json::is_readable)
        .collect();
    assert_eq!(
        bars.as_object().map(serde_json::Map::len),
        Some(runs.len()),
        "a bar for every run"
    );

    let mut icons: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut colours: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for run in &runs {
        let [bar_class, bar_label, icon, colour] = &serde_json::from_value(bars[run.id()].clone())
            .unwrap_or_else(|_| panic!("no bar for {}", run.0));
        let (label, class) = label_and_class(run.state());
        let _: &String = bar_class;
        assert!(
            bar_class.split(' ').any(|part| part == class),
            "{bar_class}: {}",
            run.state()
        );
        let start = format!(
            "{} in {}, attempt 1: {label}",
            run.text("jobId"),
            run.text("phaseId")
        );
        assert!(bar_label.starts_with(&start), "{bar_label}");
        icons.entry(class).or_default().insert(icon.clone());
        colours.entry(class).or_default().insert(colour.clone());
    }
    for looks in [&icons, &colours] {
        assert_eq!(looks.len(), 6);
        assert!(
            looks.values().all(|looks| looks.len() == 1),
            "one look for each state: {looks:?}"
        );
        let distinct: BTreeSet<_> = looks.values().collect();
        assert_eq!(distinct.len(), 6, "no two states look alike: {looks:?}");
    }

    for (state, label, class) in STATES {
        let run = viewer.run_in(
            ALL_VARIANTS,
            "deploy",
            &state.to_lowercase().replace('_', "-"),
        );
        viewer.select(ALL_VARIANTS, &run).await;
        let badge = viewer.panel().await.badge;
        assert_eq!((badge.text.as_str(), badge.class.as_str()), (label, class));
        assert!(
            icons[class].contains(&badge.icon),
            "badge and bar have one icon for {state}"
        );
        let count = runs.iter().filter(|run| run.state() == state).count();
        let counts = viewer.texts(&select::rollout::state_count(class)).await;
        assert!(
            counts.contains(&format!("{count} {}", label.to_lowercase())),
            "{counts:?}"
        );
    }
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_failure_cause_is_explained_with_a_next_step() {
    let mut viewer = Viewer::show(Setup::default(), ALL_VARIANTS).await;
    // Who stays at a run for long has its build read, which is not there for some causes.
    viewer.expect_error("status of 403");
    viewer.expect_error("status of 404");
    let mut seen = BTreeSet::new();
    for run in viewer
        .runs(ALL_VARIANTS)
        .into_iter()
        .filter(|run| run.state() == "FAILED" && run.is_readable())
    {
        let Some(kind) = kind(&run) else { continue };
        let (field, _) = VARIANTS
            .iter()
            .find(|(_, of)| *of == kind)
            .expect("all kinds are listed");
        let variant = &run.0[*field];
        // An analysis fails by its checks.
        let check = &variant["customCheckAnalyses"][0];
        let failure = if check.is_object() { check } else { variant };
        let cause = failure["failureCause"]
            .as_str()
            .unwrap_or("FAILURE_CAUSE_UNSPECIFIED");
        let of = format!("{cause} of {}", kind.label());

        viewer.select(ALL_VARIANTS, &run).await;
        let panel = viewer.panel().await;
        let [shown] = &panel.failures[..] else {
            panic!("{of}: {:?}", panel.failures)
        };
        let build = if check.is_object() {
            &check["latestBuild"]
        } else {
            &variant["build"]
        };
        // A check that says nothing of a failure is not told as the one that failed.
        let is_told = !check.is_object() || cause != "FAILURE_CAUSE_UNSPECIFIED";
        let build = build.as_str().filter(|_| is_told).unwrap_or_default();
        let failed = Failure {
            check: None,
            cause: FailureCause::from(cause),
            message: String::new(),
            is_alert: false,
            build: build.to_owned(),
        };
        let expected = explain::failure(&failed, &kind);
        assert_eq!(shown.cause, cause);
        assert_eq!(shown.meaning, expected.meaning, "{of}");
        assert_eq!(shown.next, format!("Next: {}", expected.next), "{of}");
        assert_eq!(
            shown.message,
            failure["failureMessage"].as_str().unwrap_or_default(),
            "{of}"
        );
        let link = if build.is_empty() {
            String::new()
        } else {
            build_link(build)
        };
        assert_eq!(shown.build, link, "{of}");
        if check.is_object() && cause != "FAILURE_CAUSE_UNSPECIFIED" {
            assert_eq!(shown.check, "check golden, which failed the analysis");
        }
        seen.insert(cause.to_owned());
    }
    for cause in FailureCause::KNOWN {
        assert!(seen.contains(cause.as_str()), "{cause} was not shown");
    }
    assert!(
        seen.contains("BUDGET_EXHAUSTED"),
        "a cause from a newer API is shown as it came"
    );
    viewer.finish().await;
}

/// The facts of a section of a run's panel.
async fn facts(
    viewer: &Viewer,
    rollout: Rollout,
    run: &Json,
    section: &str,
) -> Vec<(String, String, String)> {
    viewer.select(rollout, run).await;
    viewer.panel().await.section(section).facts.clone()
}

fn fact(label: &str, text: &str, href: &str) -> (String, String, String) {
    (label.to_owned(), text.to_owned(), href.to_owned())
}

/// The manifests of the run that is shown, and where each is in the Cloud console.
async fn manifest_links(viewer: &Viewer) -> Vec<(String, String)> {
    viewer.wait_for(select::manifests::MANIFEST).await;
    viewer
        .texts(select::manifests::PATH)
        .await
        .into_iter()
        .zip(viewer.links(select::manifests::LINK).await)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_leads_to_its_service_and_its_manifests() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    let run = viewer.run(DONE, "deploy");
    let service = format!("projects/{NUMBER}/locations/us-central1/services/checkout");
    let url = format!("https://checkout-{NUMBER}.us-central1.run.app");
    assert_eq!(
        facts(&viewer, DONE, &run, "Cloud Run").await,
        [
            fact(
                "Service",
                &service,
                &format!("{CONSOLE}/run/detail/us-central1/checkout/metrics?project={NUMBER}")
            ),
            fact("URL", &url, &url),
            fact("Revision", "checkout-00042-hib", ""),
        ]
    );
    let folder = run.0["deployJobRun"]["artifact"]["artifactUri"]
        .as_str()
        .expect("it has a folder");
    let path = folder
        .strip_prefix("gs://")
        .expect("it is in Cloud Storage");
    assert_eq!(
        facts(&viewer, DONE, &run, "Deployed artifacts").await,
        [fact(
            "Folder",
            folder,
            &format!("{CONSOLE}/storage/browser/{path}")
        ),]
    );
    let files = ["manifest.yaml", "service.yaml"];
    assert_eq!(
        manifest_links(&viewer).await,
        files.map(|file| (
            file.to_owned(),
            format!("{CONSOLE}/storage/browser/_details/{path}/{file}")
        ))
    );
    // Links out of the viewer open beside it and tell nobody where from.
    let rels = viewer
        .js(formatcp!(
            "return [...document.querySelectorAll({outward:?})].map(a => `${{a.target}} ${{a.rel}}`)",
            outward = select::page::OUTWARD
        ))
        .await;
    let rels: BTreeSet<String> = serde_json::from_value(rels).expect("a list");
    assert_eq!(
        rels,
        BTreeSet::from(["_blank noopener noreferrer".to_owned()])
    );

    // The other fields of a deploy, and paths as odd as they come.
    viewer.goto(&viewer.url_of(&name(ALL_VARIANTS))).await;
    let run = viewer.run_in(ALL_VARIANTS, "deploy", "succeeded");
    let within = format!("projects/{NUMBER}/locations/us-central1");
    assert_eq!(
        facts(&viewer, ALL_VARIANTS, &run, "Cloud Run").await,
        [
            fact(
                "Before it",
                &format!("{within}/workerPools/thumbnailer/revisions/thumbnailer-00003-abc"),
                ""
            ),
            fact("Job", &format!("{within}/jobs/nightly-report"), ""),
            fact(
                "Worker pool",
                &format!("{within}/workerPools/thumbnailer"),
                ""
            ),
        ]
    );
    let details = format!("{CONSOLE}/storage/browser/_details/museum-artifacts/deploy");
    assert_eq!(
        facts(&viewer, ALL_VARIANTS, &run, "Deployed artifacts").await,
        [fact(
            "Folder",
            "gs://museum-artifacts/deploy/",
            &format!("{CONSOLE}/storage/browser/museum-artifacts/deploy")
        ),]
    );
    assert_eq!(
        manifest_links(&viewer).await,
        [
            ("manifest.yaml", "manifest.yaml"),
            ("/absolute.yaml", "absolute.yaml"),
            (
                "a folder/with space & sign.yaml",
                "a%20folder/with%20space%20%26%20sign.yaml"
            ),
        ]
        .map(|(path, file)| (path.to_owned(), format!("{details}/{file}")))
    );
    assert_eq!(
        facts(&viewer, ALL_VARIANTS, &run, "Custom target").await,
        [fact("Skipped", "Nothing to do.", "")]
    );
    assert_eq!(
        facts(&viewer, ALL_VARIANTS, &run, "Custom metadata").await,
        [
            fact("", "an empty key", ""),
            fact("an empty value", "", ""),
            fact("key", "value", "")
        ]
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verification_leads_to_its_event_log() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    let run = viewer.run(DONE, "verify");
    let folder = run.0["verifyJobRun"]["artifactUri"]
        .as_str()
        .expect("it has a folder");
    let path = folder
        .strip_prefix("gs://")
        .expect("it is in Cloud Storage");
    assert_eq!(
        facts(&viewer, DONE, &run, "Verification").await,
        [
            fact(
                "Event log",
                "skaffold-verify/events.json",
                &format!("{CONSOLE}/storage/browser/_details/{path}/skaffold-verify/events.json")
            ),
            fact(
                "Folder",
                folder,
                &format!("{CONSOLE}/storage/browser/{path}")
            ),
        ]
    );
    assert_eq!(
        facts(&viewer, DONE, &run, "Custom metadata").await,
        [
            fact("orders-placed", "40", ""),
            fact("slowest", "312 ms", "")
        ]
    );

    // One that names no log says so.
    viewer.goto(&viewer.url_of(&name(ALL_VARIANTS))).await;
    let run = viewer.run_in(ALL_VARIANTS, "verify", "succeeded");
    viewer.select(ALL_VARIANTS, &run).await;
    let panel = viewer.panel().await;
    assert!(
        panel
            .section("Verification")
            .note
            .starts_with("No event log is named")
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hooks_and_custom_targets_show_their_metadata() {
    let viewer = Viewer::start(Setup::default()).await;
    let cases = [
        (
            DONE,
            "predeploy",
            &[
                ("migration", "0042_add_refund_reason"),
                ("rows-changed", "18240"),
            ][..],
        ),
        (DONE, "postdeploy", &[("cache", "warmed")]),
        (
            CUSTOM,
            "deploy",
            &[
                ("plan", "0 to add, 0 to change, 0 to destroy"),
                ("terraform-version", "1.13.4"),
                ("workspace", "edge-prod"),
            ],
        ),
    ];
    for (rollout, job, pairs) in cases {
        viewer.goto(&viewer.url_of(&name(rollout))).await;
        let expected: Vec<_> = pairs
            .iter()
            .map(|(key, value)| fact(key, value, ""))
            .collect();
        let run = viewer.run(rollout, job);
        assert_eq!(
            facts(&viewer, rollout, &run, "Custom metadata").await,
            expected,
            "{job}"
        );
    }
    let panel = viewer.panel().await;
    assert_eq!(
        panel.section("Custom target").facts,
        [fact(
            "Skipped",
            "No changes: the plan is empty, so nothing was applied.",
            ""
        )]
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_controller_leads_to_its_children_inside_the_viewer() {
    let viewer = Viewer::show(Setup::default(), CONTROLLER).await;
    for job in ["create-rollout-us-east", "create-rollout-europe-west"] {
        let run = viewer.run(CONTROLLER, job);
        let child = run.0["createChildRolloutJobRun"]["rollout"]
            .as_str()
            .expect("it names a child");
        let by_id = child.replace(NUMBER, "standin-project");
        let id = child.rsplit('/').next().unwrap_or_default();
        let console = format!(
            "{CONSOLE}/deploy/delivery-pipelines/us-central1/fleet-config/releases/rel-20261124-58ad0c7/\
             rollouts/{id}?project=standin-project"
        );
        assert_eq!(
            facts(&viewer, CONTROLLER, &run, "Child rollout").await,
            [
                fact("Creates", id, &format!("#/{by_id}")),
                fact("Creates", "Cloud console", &console),
                fact("Phase", "canary-50", ""),
                fact("Rollout", child, ""),
            ]
        );
        assert!(
            viewer
                .panel()
                .await
                .section("Child rollout")
                .note
                .contains("open the child rollout")
        );
    }

    let advance = viewer.run_in(ALL_VARIANTS, "advance-child", "succeeded");
    viewer.goto(&viewer.url_of(&name(ALL_VARIANTS))).await;
    let shown = facts(&viewer, ALL_VARIANTS, &advance, "Child rollout").await;
    assert_eq!(
        (shown[0].0.as_str(), shown[0].1.as_str()),
        ("Advances", "rel-every-state-to-annex-0001")
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_to_a_child_shows_the_childs_runs() {
    let mut viewer = Viewer::show(Setup::default(), CONTROLLER).await;
    let run = viewer.run(CONTROLLER, "create-rollout-us-east");
    viewer.select(CONTROLLER, &run).await;
    let parent = viewer.address().await;
    viewer.click(select::run_panel::TO_CHILD).await;
    viewer
        .wait_for_text(
            select::rollout::HEADER_TITLE,
            "rel-20261124-58ad0c7-to-us-east-0001",
        )
        .await;
    viewer.wait_loaded().await;
    assert_eq!(viewer.address().await, name(CHILD));
    let expected: BTreeSet<String> = viewer
        .runs(CHILD)
        .iter()
        .map(|run| format!("run-{}", run.id()))
        .collect();
    let bars = viewer
        .js(formatcp!(
            "return [...document.querySelectorAll({bar:?})].map(b => b.id)",
            bar = select::timeline::BAR
        ))
        .await;
    assert_eq!(
        serde_json::from_value::<BTreeSet<String>>(bars).expect("a list"),
        expected
    );

    viewer.back().await;
    viewer.wait_for_run(&run).await;
    assert_eq!(viewer.address().await, parent);

    // A child that is not there any more.
    viewer.expect_error("status of 404");
    viewer.goto(&viewer.url_of(&name(ALL_VARIANTS))).await;
    viewer
        .select(
            ALL_VARIANTS,
            &viewer.run_in(ALL_VARIANTS, "create-child", "succeeded"),
        )
        .await;
    viewer.click(select::run_panel::TO_CHILD).await;
    viewer.wait_for_error("Not found").await;
    assert!(
        viewer
            .text(select::rollout::HEADER_TITLE)
            .await
            .contains("annex")
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_analysis_shows_its_checks() {
    let viewer = Viewer::show(Setup::default(), ALERTS).await;
    let run = viewer.run(ALERTS, "analysis");
    viewer.select(ALERTS, &run).await;
    let panel = viewer.panel().await;
    assert_eq!(
        panel.titles(),
        [
            "Analysis",
            "Alert policy check error-budget",
            "Labels of the alerts",
            "Alert policy check saturation",
            "Custom check relevance",
            "Environment",
            "Metadata of the check",
            "",
        ]
    );
    let failed: Vec<&str> = panel
        .sections
        .iter()
        .filter(|section| section.failed)
        .map(|section| section.title.as_str())
        .collect();
    assert_eq!(failed, ["Alert policy check error-budget"]);
    assert_eq!(
        panel.section("Analysis").facts(),
        [("Failed check", "error-budget", "")]
    );
    let policy = |id: &str| format!("projects/{NUMBER}/locations/us-central1/alertPolicies/{id}");
    assert_eq!(
        panel.section("Alert policy check error-budget").facts,
        [
            fact("Firing", &policy("4711830265551093845"), ""),
            fact("Open alerts", "0.ngqlzqq7s3f1", ""),
            fact("Open alerts", "0.ngqm01x9kfo4", ""),
            fact("Watches", &policy("4711830265551093845"), ""),
            fact("Watches", &policy("8120943377261150982"), ""),
        ]
    );
    assert_eq!(
        panel.section("Labels of the alerts").facts(),
        [
            ("location", "us-central1", ""),
            ("service_name", "search-index", "")
        ]
    );
    let build = run.0["analysisJobRun"]["customCheckAnalyses"][0]["latestBuild"]
        .as_str()
        .expect("a build");
    assert_eq!(
        panel.section("Custom check relevance").facts,
        [
            fact("Runs every", "300s", ""),
            fact("Latest build", build, &build_link(build)),
            fact("Image", "checks/relevance:2.3.1", ""),
            fact("Command", "/bin/relevance", ""),
            fact("Arguments", "--queries=golden.tsv", ""),
            fact("Arguments", "--min-ndcg=0.82", ""),
        ]
    );
    assert_eq!(
        panel.section("Environment").facts(),
        [("INDEX", "canary", ""), ("LOG_LEVEL", "info", "")]
    );
    assert_eq!(
        panel.section("Metadata of the check").facts(),
        [("ndcg", "0.851", ""), ("queries", "1200", "")]
    );
    let [failure] = &panel.failures[..] else {
        panic!("{:?}", panel.failures)
    };
    assert_eq!(
        failure.check,
        "check error-budget, which failed the analysis"
    );
    assert!(failure.message.starts_with("2 incidents are open"));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_newer_or_broken_server_sends_is_shown_and_said() {
    let viewer = Viewer::show(Setup::default(), ALL_VARIANTS).await;
    let cases = [
        ("unknown-variant", "", "does not know chaosJobRun yet"),
        (
            "two-variants",
            "Verification",
            "has deployJobRun and verifyJobRun at once",
        ),
        ("no-variant", "", "does not say which kind of job"),
        (
            "unknown-state",
            "",
            "does not know the state PAUSED_BY_POLICY yet",
        ),
        ("no-create-time", "", "There is no createTime"),
        ("end-before-start", "", "endTime is before startTime"),
        ("start-before-create", "", "startTime is before createTime"),
        ("failed-without-end", "", "there is no endTime"),
        ("in-progress-with-end", "", "the run is not over"),
        (
            "unreadable-time",
            "",
            "endTime is “yesterday”, which is no time",
        ),
        ("no-times", "", "there is no startTime"),
    ];
    for (job, section, flag) in cases {
        viewer
            .select(ALL_VARIANTS, &viewer.run(ALL_VARIANTS, job))
            .await;
        let panel = viewer.panel().await;
        assert!(
            panel.flags.iter().any(|said| said.contains(flag)),
            "{job}: {:?}",
            panel.flags
        );
        assert!(
            panel.titles().contains(&section),
            "{job}: {:?}",
            panel.titles()
        );
    }
    for job in ["time-with-offset", "nineteen-hours", "no-time-at-all"] {
        viewer
            .select(ALL_VARIANTS, &viewer.run(ALL_VARIANTS, job))
            .await;
        let flags = viewer.panel().await.flags;
        assert!(flags.is_empty(), "{job}: {flags:?}");
    }

    // Every field that came is in the raw JSON, known or not.
    for (job, unknown) in [
        ("unknown-field", "riskAssessment"),
        ("unknown-variant", "chaosJobRun"),
        ("html", ""),
    ] {
        let run = viewer.run(ALL_VARIANTS, job);
        viewer.select(ALL_VARIANTS, &run).await;
        viewer.wait_for(select::run_panel::RAW_JSON_CLOSED).await;
        viewer.click(select::run_panel::RAW_JSON_OWN_TOGGLE).await;
        viewer.wait_for(select::run_panel::RAW_JSON_TEXT).await;
        let raw = viewer
            .js(formatcp!(
                "return document.querySelector({raw_json_text:?}).textContent",
                raw_json_text = select::run_panel::RAW_JSON_TEXT
            ))
            .await;
        let shown: Value =
            serde_json::from_str(raw.as_str().unwrap_or_default()).expect("it is JSON");
        assert_eq!(shown, run.0);
        let notices = viewer.texts(select::run_panel::NOTICE).await;
        match unknown {
            "" => assert!(notices.is_empty(), "{notices:?}"),
            field => assert!(
                notices.iter().any(|notice| notice.contains(field)),
                "{notices:?}"
            ),
        }
    }

    // What is no job run is listed, and a list that is not whole says so.
    assert_eq!(
        viewer.text(select::rollout::UNREADABLE_TITLE).await,
        "1 entry of the list could not be read as a job run"
    );
    assert!(
        viewer
            .text(select::rollout::UNREADABLE_TOGGLE)
            .await
            .contains("invalid type: string")
    );
    viewer.click(select::rollout::UNREADABLE_TOGGLE).await;
    assert!(
        viewer
            .text(select::rollout::UNREADABLE_JSON)
            .await
            .contains("a text where an object should be")
    );
    let said = viewer.text(select::page::STATUS).await;
    assert!(
        said.contains("The list is not whole") && said.contains("us-east7"),
        "{said}"
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_texts_are_texts() {
    let mut viewer = Viewer::start(Setup::default()).await;
    let trap = "window.trapped = []; window.alert = what => trapped.push(String(what));";
    viewer
        .devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": trap }),
        )
        .await;
    viewer.goto(&viewer.url_of(&name(ALL_VARIANTS))).await;
    viewer.wait_loaded().await;
    let elements = formatcp!(
        "return document.querySelectorAll({injected:?}).length",
        injected = select::page::INJECTED
    );
    let before = viewer.js(elements).await;
    for job in [
        "html",
        "controls",
        "lines",
        "long-word",
        "long-text",
        "scripts",
    ] {
        let run = viewer.run(ALL_VARIANTS, job);
        viewer.select(ALL_VARIANTS, &run).await;
        let message = run.0["verifyJobRun"]["failureMessage"]
            .as_str()
            .expect("it has a message");
        assert_eq!(viewer.panel().await.failures[0].message, message);
    }
    let run = viewer.run(ALL_VARIANTS, "addresses");
    viewer.select(ALL_VARIANTS, &run).await;
    let panel = viewer.panel().await;
    assert_eq!(
        panel.section("Verification").facts(),
        [
            ("Event log", "../../../../etc/passwd", ""),
            ("Folder", "javascript:alert(1)", "")
        ]
    );
    let metadata = panel.section("Custom metadata").facts();
    assert!(
        metadata.contains(&("<b>key</b>", "<i>value</i>", "")),
        "{metadata:?}"
    );
    assert!(
        metadata.contains(&("__proto__", "polluted", "")),
        "{metadata:?}"
    );
    assert_eq!(viewer.count(select::page::SCRIPT_LINK).await, 0);
    assert_eq!(
        viewer.js(elements).await,
        before,
        "no element came out of a text"
    );

    // The address is a text from outside, too.
    viewer.expect_error("status of 400");
    let hostile = "<img src=x onerror=alert(1)>";
    let hash = format!("#/{}?filter={hostile}", name(DONE));
    viewer
        .js(&format!("location.hash = {}", quote(&hash)))
        .await;
    viewer.wait_for(select::rollout::FILTER_SET).await;
    assert_eq!(
        viewer
            .js(formatcp!(
                "return document.querySelector({filter:?}).value",
                filter = select::rollout::FILTER
            ))
            .await,
        hostile
    );
    viewer
        .js(&format!(
            "location.hash = {}",
            quote(&format!("#/{hostile}"))
        ))
        .await;
    viewer
        .wait_for_text(select::page::TITLE, "This address names no rollout")
        .await;
    assert_eq!(
        viewer
            .js(formatcp!(
                "return document.querySelector({in_main:?}).value",
                in_main = select::omnibox::IN_MAIN
            ))
            .await,
        hostile
    );

    assert_eq!(viewer.js(elements).await, before);
    assert_eq!(
        viewer.js("return trapped").await,
        json!([]),
        "no script of theirs ran"
    );
    viewer.finish().await;
}

//! What goes wrong with what stands behind a run: its rollout, its build, logs and files. For each
//! fault: what is said, how often the server was asked, and that the run itself stays on the screen.

use std::time::Duration;

use jobrun_viewer::api::storage::{ObjectName, media_request};
use jobrun_viewer::stand_in::LoggedRequest;

use crate::select;
use crate::viewer::{DONE, LIVE, Setup, Viewer, name};

/// How often a read is tried that fails in a way that may pass.
const ALL_TRIES: usize = 4;
/// Longer than any pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// A fault, as the stand-in's command line takes it but for what it happens to; what is said; and
/// how often the server is asked before that.
type Case = (&'static str, &'static [&'static str], usize);

/// What is the same for whatever is read.
const CASES: [Case; 9] = [
    (
        "401",
        &[
            "Sign-in needed",
            "wants to know who asks",
            "Paste an access token",
        ],
        1,
    ),
    (
        "418",
        &["An unexpected answer", "status 418", "Read its words below"],
        1,
    ),
    // To wait for so long is left to the reader.
    (
        "429:60",
        &[
            "Too many requests",
            "quota",
            "Wait 1 m 00 s as the server asks",
        ],
        1,
    ),
    (
        "429:1",
        &[
            "Too many requests",
            "quota",
            "Wait 1.0 s as the server asks",
        ],
        ALL_TRIES,
    ),
    (
        "500",
        &["The server has trouble", "(500)", "Try again in a moment"],
        ALL_TRIES,
    ),
    (
        "503",
        &["The server has trouble", "(503)", "status page"],
        ALL_TRIES,
    ),
    ("hang-up", &["No answer", "(CORS)"], ALL_TRIES),
    // Between two that say the same, so that one is not taken for the other.
    (
        "not-json",
        &[
            "Not the expected answer",
            "the reply is text/html",
            "base addresses in config.json",
        ],
        1,
    ),
    (
        "truncated",
        &["No answer", "did not answer", "Check the connection"],
        ALL_TRIES,
    ),
];

/// Something that is read for a run.
struct Thing {
    job: &'static str,
    /// What its faults happen to.
    calls: &'static str,
    /// What is clicked to have it read, if that takes a click.
    opens: Option<(&'static str, &'static str)>,
    /// Where it is said what went wrong.
    note: &'static str,
    /// Whether that stays while it is tried again.
    stays: bool,
    /// What is there once it was read.
    sign: &'static str,
}

/// Meets a thing with each fault, one after the other.
async fn meet(
    thing: &Thing,
    cases: &[Case],
    is_asked_for: impl Fn(&Viewer, &LoggedRequest) -> bool,
) {
    let mut viewer = Viewer::start(Setup::long_ago()).await;
    viewer.expect_error("Failed to load resource: the server responded with a status of");
    viewer.expect_error("net::ERR_");
    let run = viewer.run(DONE, thing.job);
    let mut is_first = true;
    for (fault, says, tries) in cases {
        viewer.stand_in().reset_faults();
        viewer.stand_in().forget_requests();
        viewer.order(&format!("{fault}@{}", thing.calls));
        if std::mem::take(&mut is_first) {
            viewer
                .goto(&viewer.url_of(&format!("{}/jobRuns/{}", name(DONE), run.id())))
                .await;
            viewer.wait_for_run(&run).await;
            if let Some((css, label)) = thing.opens {
                // Which stands above it.
                viewer.wait_for(select::build::STEPS).await;
                viewer.click_text(css, label).await;
            }
        } else {
            viewer.watch(thing.note).await;
            viewer
                .click_text(
                    &select::within(thing.note, select::page::BUTTON),
                    "Try again",
                )
                .await;
            if *tries > 1 && thing.stays {
                viewer.wait_for_noted("Trying again…").await;
            }
        }
        for part in *says {
            viewer.wait_for_text(thing.note, part).await;
        }
        let asked = || {
            viewer
                .stand_in()
                .requests()
                .iter()
                .filter(|r| is_asked_for(&viewer, r))
                .count()
        };
        let count = asked();
        // Chromium itself sends again what was cut off on a connection that it had kept, twice at most.
        let most = if *fault == "hang-up" {
            3 * tries
        } else {
            *tries
        };
        assert!(
            (*tries..=most).contains(&count),
            "{fault}: asked {count} times"
        );
        tokio::time::sleep(LONGEST_PAUSE).await;
        assert_eq!(asked(), count, "{fault}: asked again after it was said");
        viewer.wait_for_run(&run).await;
        assert_eq!(viewer.count(select::timeline::BAR).await, 4, "{fault}");
        assert_eq!(viewer.count(select::errors::OF_ROLLOUT).await, 0, "{fault}");
    }
    viewer.stand_in().reset_faults();
    viewer
        .click_text(
            &select::within(thing.note, select::page::BUTTON),
            "Try again",
        )
        .await;
    viewer.wait_for(thing.sign).await;
    viewer.wait_gone(thing.note).await;
    viewer.finish().await;
}

/// The cases of all things, with those of one.
fn with(of_one: &[Case]) -> Vec<Case> {
    [of_one, &CASES].concat()
}

/// Whether an object was asked for whose path has this at its end.
fn is_object(request: &LoggedRequest, end: &str) -> bool {
    let path = request.path_and_query.split('?').next().unwrap_or_default();
    request.is_object() && path.ends_with(end)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_with_each_fault() {
    let build = Thing {
        job: "deploy",
        calls: "build",
        opens: None,
        note: select::build::NOTE,
        stays: true,
        sign: select::build::STEPS,
    };
    let of_it: [Case; 3] = [
        (
            "403",
            &[
                "Not allowed to read the build",
                "lacks cloudbuild.builds.get",
                "roles/cloudbuild.builds.viewer has it",
            ],
            1,
        ),
        (
            "404",
            &["No sign of the build", "Cloud Build has no such build"],
            1,
        ),
        (
            "wrong-shape",
            &[
                "Not the expected answer",
                "invalid type",
                "base addresses in config.json",
            ],
            1,
        ),
    ];
    meet(&build, &with(&of_it), |_, request| request.is_build()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_a_build_with_each_fault() {
    let log = Thing {
        job: "deploy",
        calls: "object",
        opens: Some((select::build::LOG_BUTTON, "Show the log")),
        note: select::build::LOG_NOTE,
        stays: true,
        sign: select::build::LOG_ROW,
    };
    let of_it: [Case; 2] = [
        (
            "403",
            &[
                "Not allowed to read the build's log",
                "lacks storage.objects.get",
                "roles/storage.objectViewer, or roles/viewer for Cloud Build's own bucket, has it",
            ],
            1,
        ),
        (
            "404",
            &["No sign of the build's log", "The log is not there"],
            1,
        ),
    ];
    meet(&log, &with(&of_it), |_, request| is_object(request, ".txt")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_with_each_fault() {
    let file = Thing {
        job: "deploy",
        calls: "object",
        opens: Some((select::manifests::PATH, "manifest.yaml")),
        note: select::manifests::NOTE,
        stays: true,
        sign: select::manifests::ROW,
    };
    let of_it: [Case; 2] = [
        (
            "403",
            &["Not allowed to read the file", "lacks storage.objects.get"],
            1,
        ),
        ("404", &["No sign of the file", "The file is not there"], 1),
    ];
    meet(&file, &with(&of_it), |_, request| {
        is_object(request, "manifest.yaml")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_log_with_each_fault() {
    let log = Thing {
        job: "verify",
        calls: "object",
        opens: Some((select::log::BUTTON, "Read the event log")),
        note: select::log::WHOLE_NOTE,
        stays: false,
        sign: select::log::FRAME_ROW,
    };
    let of_it: [Case; 2] = [
        (
            "403",
            &[
                "Not allowed to read the event log",
                "lacks storage.objects.get",
            ],
            1,
        ),
        (
            "404",
            &["No sign of the event log", "The event log is not there"],
            1,
        ),
    ];
    let mut cases = with(&of_it);
    // Of what breaks off the beginning has come: `log::a_log_that_cannot_be_read_…`.
    cases.retain(|case| case.0 != "truncated");
    meet(&log, &cases, |_, request| is_object(request, "events.json")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_log_that_does_not_come_is_given_up_and_asked_for_again() {
    let mut viewer = Viewer::show(Setup::default(), DONE).await;
    viewer.expect_error("net::ERR_");
    let run = viewer.run(DONE, "verify");
    viewer.select(DONE, &run).await;
    viewer.wait_for(select::build::STEPS).await;
    viewer.order("delay:600000@object*1");
    viewer
        .click_text(select::log::BUTTON, "Read the event log")
        .await;
    tokio::time::sleep(Duration::from_secs(20)).await;
    viewer.wait_for(select::log::FRAME_ROW).await;
    let asked: Vec<_> = viewer
        .stand_in()
        .requests()
        .into_iter()
        .filter(|request| is_object(request, "events.json"))
        .collect();
    assert_eq!(asked.len(), 2);
    // It does not hang on beside the second.
    let is_given_up = || {
        viewer
            .stand_in()
            .requests()
            .iter()
            .any(|r| is_object(r, "events.json") && r.aborted)
    };
    viewer
        .wait_until("the first is given up", is_given_up)
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollout_with_each_fault_leaves_its_runs() {
    let mut viewer = Viewer::start(Setup::long_ago()).await;
    viewer.expect_error("Failed to load resource: the server responded with a status of");
    viewer.expect_error("net::ERR_");
    let cases: [Case; 10] = [
        ("401", &["UNAUTHENTICATED"], 1),
        ("403", &["clouddeploy.rollouts.get is missing"], 1),
        ("404", &["NOT_FOUND"], 1),
        ("418", &["418"], 1),
        ("429:60", &["429 RESOURCE_EXHAUSTED"], 1),
        ("429:1", &["429 RESOURCE_EXHAUSTED"], ALL_TRIES),
        ("500", &["500 INTERNAL"], ALL_TRIES),
        ("503", &["503 UNAVAILABLE"], ALL_TRIES),
        ("not-json", &["the reply is text/html, not JSON"], 1),
        ("truncated", &["no reply"], ALL_TRIES),
    ];
    for (fault, says, tries) in cases {
        viewer.stand_in().reset_faults();
        viewer.goto(&viewer.url_of("")).await;
        viewer.wait_for(select::start::PAGE).await;
        viewer.stand_in().forget_requests();
        viewer.order(&format!("{fault}@get-rollout"));
        viewer.goto(&viewer.url_of(&name(DONE))).await;
        viewer
            .wait_for_text(
                select::page::WARNING,
                "The rollout itself could not be read, so its phases",
            )
            .await;
        for part in says {
            viewer.wait_for_text(select::page::WARNING, part).await;
        }
        assert_eq!(viewer.count(select::timeline::BAR).await, 4, "{fault}");
        assert_eq!(viewer.count(select::errors::BOX).await, 0, "{fault}");
        let asked = || {
            viewer
                .stand_in()
                .requests()
                .iter()
                .filter(|r| r.is_get_rollout())
                .count()
        };
        assert!(asked() >= tries, "{fault}");
        tokio::time::sleep(LONGEST_PAUSE).await;
        // What may pass is polled, like a rollout that is not known to have ended.
        let requests = viewer.stand_in().requests();
        let times: Vec<_> = requests
            .iter()
            .filter(|r| r.is_get_rollout())
            .map(|r| r.time)
            .collect();
        if let Some(next) = times.get(tries) {
            let pause = next.duration_since(times[tries - 1]).as_secs();
            assert!(
                tries > 1 && pause >= 9,
                "{fault}: asked again {pause} s after it was said"
            );
        }

        viewer.stand_in().reset_faults();
        viewer
            .click_text(select::rollout::HEADER_BUTTON, "Refresh")
            .await;
        viewer.wait_gone(select::page::WARNING).await;
        viewer.wait_for(select::rollout::BADGE).await;
    }
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollout_that_was_read_before_is_kept() {
    let mut viewer = Viewer::show(Setup::default(), LIVE).await;
    viewer.expect_error("status of 503");
    viewer.wait_for(select::rollout::BADGE).await;
    let lanes = viewer.count(select::timeline::LANE).await;
    viewer.order("503@get-rollout");
    viewer
        .wait_for_text(
            select::page::WARNING,
            "The rollout itself could not be read again",
        )
        .await;
    let note = viewer.text(select::page::WARNING).await;
    assert!(
        note.contains("as it was read last") && note.contains("503 UNAVAILABLE"),
        "{note}"
    );
    assert!(!note.contains("are missing"), "nothing is: {note}");
    assert_eq!(viewer.count(select::rollout::BADGE).await, 1);
    assert_eq!(viewer.count(select::timeline::LANE).await, lanes);
    viewer.stand_in().reset_faults();
    viewer.wait_gone(select::page::WARNING).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_gone_costs_only_what_it_has() {
    let mut viewer = Viewer::start(Setup::long_ago()).await;
    // Without a base of its own, files are Google's, whom nothing here can look up.
    let base = viewer.stand_in().base_url();
    viewer.set_config(&format!(r#"{{"apiBase":"{base}","buildBase":"{base}"}}"#));
    viewer.expect_error("net::ERR_NAME_NOT_RESOLVED");
    let run = viewer.run(DONE, "deploy");
    viewer.goto(&viewer.url_of(&name(DONE))).await;
    viewer.wait_loaded().await;
    viewer.select(DONE, &run).await;
    viewer.wait_for(select::build::STEPS).await;
    viewer
        .click_text(select::manifests::PATH, "manifest.yaml")
        .await;
    viewer
        .wait_for_text(select::manifests::NOTE, "No answer")
        .await;
    viewer
        .wait_for_text(select::manifests::NOTE, "Check the connection")
        .await;
    viewer.wait_for_run(&run).await;
    assert_eq!(viewer.count(select::timeline::BAR).await, 4);
    assert_eq!(viewer.count(select::errors::BOX).await, 0);
    let folder = run.0["deployJobRun"]["artifact"]["artifactUri"]
        .as_str()
        .expect("it has a folder");
    let path =
        media_request(&ObjectName::join(folder, "manifest.yaml").expect("a name")).path_and_query;
    let outside = viewer.finish_outside().await;
    assert_eq!(outside, [format!("https://storage.googleapis.com{path}")]);
}

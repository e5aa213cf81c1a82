//! The builds behind job runs: their steps, why they failed, and their logs.

use const_format::formatcp;
use jobrun_viewer::api::build::Build;
use jobrun_viewer::api::source::Record;
use jobrun_viewer::api::storage::{log_object, media_request};
use jobrun_viewer::core::time::human_duration;
use jobrun_viewer::model::build::view;
use jobrun_viewer::model::event_log::text_log;
use jobrun_viewer::model::run::RunSet;
use jobrun_viewer::model::timeline::{Window, css};

use crate::browser::keys;
use crate::select;
use crate::viewer::{ALL_VARIANTS, ANALYSIS, CANARY, DONE, Json, LIVE, Setup, Viewer, name};

/// The build of a run as the server has it now.
fn build_of(viewer: &Viewer, run: &Json) -> Build {
    let variants = [
        "deployJobRun",
        "verifyJobRun",
        "predeployJobRun",
        "postdeployJobRun",
    ];
    let name = variants
        .iter()
        .find_map(|variant| run.0[variant]["build"].as_str())
        .expect("it has a build");
    Build::from_json(&viewer.get(&format!("/v1/{name}"))).expect("a build")
}

fn log_of(viewer: &Viewer, build: &Build) -> String {
    viewer.get(&media_request(&log_object(build).expect("it has a log")).path_and_query)
}

/// The requests for builds so far, by their paths.
fn asked_builds(viewer: &Viewer) -> Vec<String> {
    let paths = viewer
        .stand_in()
        .requests()
        .into_iter()
        .map(|request| request.path_and_query);
    paths.filter(|path| path.contains("/builds/")).collect()
}

/// The log as it is shown: its numbers are not part of it.
async fn shown_log(viewer: &Viewer) -> Vec<String> {
    let rows = viewer
        .js(formatcp!(
            "return [...document.querySelectorAll({log_words:?})].map(e => e.textContent)",
            log_words = select::build::LOG_WORDS
        ))
        .await;
    serde_json::from_value(rows).expect("a list")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reason_of_a_failure_is_seen_without_a_click() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    let run = viewer.run_in(CANARY, "canary-50", "verify");
    viewer.wait_for_run(&run).await;
    let build = build_of(&viewer, &run);
    let log = text_log::read(&log_of(&viewer, &build), usize::MAX);
    let reason = text_log::reason(&log).expect("the log has a reason");

    viewer.wait_for(select::build::REASON_TEXT).await;
    assert_eq!(
        viewer.text(select::build::REASON_TEXT).await,
        log.lines[reason].text()
    );
    assert!(log.lines[reason].text().contains("connection refused"));
    // Beside the failure, above all else.
    viewer
        .wait_until_js(formatcp!(
            "document.querySelector({any_failure:?}).getBoundingClientRect().bottom \
             < document.querySelector({reason:?}).getBoundingClientRect().top",
            any_failure = select::run_panel::ANY_FAILURE,
            reason = select::build::REASON
        ))
        .await;
    viewer
        .wait_until_js(formatcp!(
            "document.querySelector({reason:?}).getBoundingClientRect().bottom \
             < document.querySelector({any_times:?}).getBoundingClientRect().top",
            reason = select::build::REASON,
            any_times = select::run_panel::ANY_TIMES
        ))
        .await;

    // The log is open where it says so.
    viewer.wait_for(select::build::MARKED).await;
    assert_eq!(
        viewer.text(select::build::MARKED_WORDS).await,
        log.lines[reason].prefix.clone() + &log.lines[reason].text()
    );
    let in_frame = formatcp!(
        "(() => {{ const mark = document.querySelector({marked:?}).getBoundingClientRect();
        const frame = document.querySelector({log_view:?}).getBoundingClientRect();
        return mark.top >= frame.top && mark.bottom <= frame.bottom }})()",
        marked = select::build::MARKED,
        log_view = select::build::LOG_VIEW
    );
    viewer.wait_until_js(in_frame).await;
    let shown = shown_log(&viewer).await;
    let expected: Vec<String> = log
        .lines
        .iter()
        .map(|line| line.prefix.clone() + &line.text())
        .collect();
    assert_eq!(shown, expected);
    // Its colours are those of the log, and no escape sequence is left.
    assert!(viewer.count(select::build::MARKED_RED).await > 0);

    viewer.wait_for(select::log::ERROR).await;
    viewer
        .click_text(select::build::REASON_BUTTON, "Show it in the log")
        .await;
    viewer
        .wait_until_js(&select::has_focus(select::build::LOG_VIEW))
        .await;
    viewer
        .wait_until_js(formatcp!(
            "(({{ top, bottom }}) => top >= 0 && bottom <= innerHeight) \
             (document.querySelector({marked:?}).getBoundingClientRect())",
            marked = select::build::MARKED
        ))
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_are_as_the_build_has_them_on_the_runs_axis() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    let run = viewer.run_in(CANARY, "canary-50", "verify");
    viewer.wait_for_run(&run).await;
    viewer.wait_for(select::build::STEPS).await;
    let build = build_of(&viewer, &run);
    let now = viewer.stand_in().now();
    let seen = view(&build, now);

    assert_eq!(viewer.text(select::build::BADGE).await, "Failed");
    let why = seen.why.expect("it failed");
    let shown = viewer.texts(select::build::WHY).await;
    assert_eq!(shown, [why.meaning, format!("Next: {}", why.next)]);
    let queued = human_duration(seen.queued.expect("it waited"));
    let ran = human_duration(seen.ran.expect("it ran"));
    assert_eq!(
        viewer.text(select::build::TIMES).await,
        format!("In the queue for {queued}, ran {ran}")
    );

    let set = RunSet::new(vec![Record::from_json(&run.0.to_string())], None);
    let axis = Window::fit(&set.runs, now);
    let expected: Vec<[String; 4]> = seen
        .steps
        .iter()
        .map(|step| {
            let place = step.stretch.part(axis, now);
            [
                step.stretch.label.clone(),
                match (step.status.as_str(), &step.exit_code) {
                    ("SUCCESS", _) => "Succeeded".to_owned(),
                    ("FAILURE", Some(code)) => format!("Failed, exit code {code}"),
                    _ => "Not run".to_owned(),
                },
                step.stretch
                    .duration(now)
                    .map_or_else(|| "—".to_owned(), human_duration),
                place
                    .map(|part| format!("--from:{};--to:{}", css(part.from), css(part.to)))
                    .unwrap_or_default(),
            ]
        })
        .collect();
    assert_eq!(expected.len(), 3);
    let rows = viewer
        .js(formatcp!(
            "return [...document.querySelectorAll({step_with_details:?})].map(step => [
                step.querySelector({step_label:?}).textContent,
                  step.querySelector({step_status:?}).textContent,
                step.querySelector({step_duration:?}).textContent,
                  step.querySelector({step_bar:?})?.getAttribute('style') ?? ''])",
            step_with_details = select::build::STEP_WITH_DETAILS,
            step_label = select::build::STEP_LABEL,
            step_status = select::build::STEP_STATUS,
            step_duration = select::build::STEP_DURATION,
            step_bar = select::build::STEP_BAR
        ))
        .await;
    let rows: Vec<[String; 4]> = serde_json::from_value(rows).expect("rows");
    assert_eq!(rows, expected);
    // State is told by an icon and a word, and what a step ran is one key away.
    assert_eq!(viewer.count(select::build::FAILED_STEP_ICON).await, 1);
    viewer.focus(select::build::FAILED_STEP_TOGGLE).await;
    viewer.press(keys::ENTER).await;
    viewer.wait_for(select::build::FAILED_STEP_OPEN).await;
    assert!(
        viewer
            .text(select::build::FAILED_STEP_DETAILS)
            .await
            .contains(&seen.steps[1].command)
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_a_good_run_is_read_on_demand_and_can_be_saved() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    let run = viewer.run(DONE, "deploy");
    viewer.select(DONE, &run).await;
    viewer.wait_for(select::build::STEPS).await;
    let is_log = |path: &str| path.contains("/o/") && path.contains("log-");
    let asked_logs = || {
        viewer
            .stand_in()
            .requests()
            .iter()
            .filter(|request| is_log(&request.path_and_query))
            .count()
    };
    assert_eq!(
        (
            viewer.count(select::build::REASON).await,
            viewer.count(select::build::LOG_VIEW).await,
            asked_logs()
        ),
        (0, 0, 0)
    );

    viewer
        .click_text(select::build::LOG_BUTTON, "Show the log")
        .await;
    viewer.wait_for(select::build::LOG_ROW).await;
    let log = log_of(&viewer, &build_of(&viewer, &run));
    let expected: Vec<String> = text_log::read(&log, usize::MAX)
        .lines
        .iter()
        .map(|line| line.prefix.clone() + &line.text())
        .collect();
    assert_eq!(shown_log(&viewer).await, expected);
    assert_eq!(viewer.count(select::build::MARKED).await, 0);
    // Its end is in view.
    viewer
        .wait_until_js(formatcp!(
            "(v => v.scrollTop > 0 && v.scrollTop + v.clientHeight >= v.scrollHeight - 1) \
             (document.querySelector({log_view:?}))",
            log_view = select::build::LOG_VIEW
        ))
        .await;

    let saved = viewer
        .saved(async || {
            viewer
                .click_text(select::build::LOG_BUTTON, "Download")
                .await
        })
        .await;
    assert_eq!(saved.1, log);
    assert!(
        saved.0.starts_with("log-") && saved.0.ends_with(".txt"),
        "{}",
        saved.0
    );

    viewer
        .click_text(select::build::LOG_BUTTON, "Wrap lines")
        .await;
    viewer.wait_gone(select::build::LOG_VIEW_WRAPPED).await;
    viewer
        .click_text(select::build::LOG_BUTTON, "Hide the log")
        .await;
    viewer.wait_gone(select::build::LOG_VIEW).await;
    assert_eq!(asked_logs(), 1);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_build_moves_on() {
    let viewer = Viewer::show(Setup::default(), LIVE).await;
    let run = viewer.run(LIVE, "verify");
    viewer.select(LIVE, &run).await;
    viewer.wait_for_text(select::build::BADGE, "Working").await;
    viewer.wait_for(select::build::RUNNING_STEP_BAR).await;
    viewer
        .click_text(select::build::LOG_BUTTON, "Show the log")
        .await;
    viewer.wait_for(select::build::LOG_ROW).await;
    let before = shown_log(&viewer).await;
    assert!(!before.iter().any(|line| line == "DONE"), "{before:?}");

    viewer.advance(40);
    viewer
        .wait_until_js(&format!(
            "document.querySelectorAll({log_row:?}).length > {}",
            before.len(),
            log_row = select::build::LOG_ROW
        ))
        .await;
    let later = shown_log(&viewer).await;
    assert_eq!(
        later[..before.len() - 1],
        before[..before.len() - 1],
        "what was written stays"
    );

    viewer.advance(400);
    viewer
        .wait_for_text(select::build::BADGE, "Succeeded")
        .await;
    viewer.wait_for_text(select::build::LOG_WORDS, "DONE").await;
    let rows = viewer
        .js(formatcp!(
            "return document.querySelectorAll({step_status:?}).length",
            step_status = select::build::STEP_STATUS
        ))
        .await;
    assert!(rows.as_u64().is_some_and(|rows| rows >= 3), "{rows}");
    viewer
        .wait_until_js(formatcp!(
            "[...document.querySelectorAll({step_status:?})].every(status => \
             status.textContent === 'Succeeded')",
            step_status = select::build::STEP_STATUS
        ))
        .await;
    assert_eq!(viewer.count(select::build::RUNNING_STEP).await, 0);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_build_that_cannot_be_read_again_is_kept_and_that_is_said() {
    let mut viewer = Viewer::show(Setup::default(), LIVE).await;
    viewer.expect_error("Failed to load resource: the server responded with a status of");
    let run = viewer.run(LIVE, "verify");
    viewer.select(LIVE, &run).await;
    viewer.wait_for_text(select::build::BADGE, "Working").await;
    viewer
        .click_text(select::build::LOG_BUTTON, "Show the log")
        .await;
    viewer.wait_for(select::build::LOG_ROW).await;
    for (fault, says) in [
        (
            "403@build",
            "The build could not be read again (Not allowed to read the build): what you see may be old.",
        ),
        (
            "404@object",
            "The log could not be read again (No sign of the build's log): what you see may be old.",
        ),
    ] {
        viewer.order(fault);
        viewer.wait_for_text(select::build::STATUS, says).await;
        viewer.wait_for_text(select::build::BADGE, "Working").await;
        assert!(viewer.count(select::build::LOG_ROW).await > 0, "{fault}");
        assert_eq!(viewer.count(select::build::ANY_NOTE).await, 0, "{fault}");
        viewer.stand_in().reset_faults();
        viewer.wait_gone(select::build::STATUS).await;
    }
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_passed_by_has_nothing_read_for_it() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    viewer.wait_for(select::build::STEPS).await;
    let first = asked_builds(&viewer);
    assert_eq!(first.len(), 1, "{first:?}");
    // From job to job, faster than one could read.
    viewer.focus(select::timeline::BAR_PREDEPLOY).await;
    viewer
        .js("document.activeElement.click();
             for (let step = 0; step < 2; step++)
               document.activeElement.dispatchEvent(
                 new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }))")
        .await;
    viewer.wait_for(select::timeline::BAR_SHOWN_VERIFY).await;
    let last = build_of(&viewer, &viewer.run(DONE, "verify")).id;
    viewer
        .wait_until("the build is asked for", || {
            asked_builds(&viewer)
                .iter()
                .any(|path| path.ends_with(&last))
        })
        .await;
    viewer.wait_for(select::build::STEPS).await;
    let passed = build_of(&viewer, &viewer.run(DONE, "deploy")).id;
    let asked = asked_builds(&viewer);
    assert!(
        !asked.iter().any(|path| path.ends_with(&passed)),
        "{asked:?}"
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_explained_and_can_be_tried_again() {
    let mut viewer = Viewer::show(Setup::default(), DONE).await;
    viewer.expect_error("Failed to load resource: the server responded with a status of");
    let cases = [
        (
            "403",
            "Not allowed to read the build",
            [
                "lacks cloudbuild.builds.get",
                "roles/cloudbuild.builds.viewer has it",
            ],
        ),
        (
            "404",
            "No sign of the build",
            [
                "Cloud Build has no such build",
                "Look for it in the Cloud console",
            ],
        ),
        (
            "not-json",
            "Not the expected answer",
            [
                "the reply is text/html",
                "Check the base addresses in config.json",
            ],
        ),
    ];
    for (job, (fault, title, says)) in ["predeploy", "deploy", "verify"].into_iter().zip(cases) {
        viewer.order(fault);
        let run = viewer.run(DONE, job);
        viewer.select(DONE, &run).await;
        viewer.wait_for_text(select::build::NOTE_TITLE, title).await;
        let shown = viewer.text(select::build::NOTE).await;
        for part in says {
            assert!(shown.contains(part), "{fault}: no “{part}” in {shown}");
        }
        let id = build_of(&viewer, &run).id;
        let links = viewer.links(select::build::NOTE_LINK).await;
        assert!(
            links.len() == 1
                && links[0].starts_with("https://console.cloud.google.com/")
                && links[0].contains(&id),
            "{links:?}"
        );
        // The run itself is still there, and another try helps.
        viewer.wait_for_run(&run).await;
        viewer.stand_in().reset_faults();
        viewer.click_text(select::build::BUTTON, "Try again").await;
        viewer.wait_for(select::build::STEPS).await;
        viewer.wait_gone(select::build::NOTE).await;
    }

    // A build that is read, with a log that is not.
    viewer.order("403");
    viewer
        .click_text(select::build::LOG_BUTTON, "Show the log")
        .await;
    viewer
        .wait_for_text(
            select::build::LOG_NOTE_TITLE,
            "Not allowed to read the build's log",
        )
        .await;
    let shown = viewer.text(select::build::LOG_NOTE).await;
    assert!(
        shown.contains("lacks storage.objects.get")
            && shown.contains("roles/viewer for Cloud Build's own bucket"),
        "{shown}"
    );
    viewer.stand_in().reset_faults();
    viewer
        .click_text(select::build::LOG_BUTTON, "Try again")
        .await;
    viewer.wait_for(select::build::LOG_ROW).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_elsewhere_or_nowhere_is_said() {
    let mut viewer = Viewer::show(Setup::default(), ALL_VARIANTS).await;
    viewer.expect_error("Failed to load resource: the server responded with a status of");
    for (phase, says) in [
        ("predeploy", "in Cloud Logging only"),
        ("postdeploy", "told to write no log"),
    ] {
        let run = viewer.run_in(ALL_VARIANTS, phase, "execution-failed");
        viewer.select(ALL_VARIANTS, &run).await;
        viewer.wait_for_text(select::build::LOG_NOTE, says).await;
        assert_eq!(
            viewer.count(select::build::LOG_BUTTON).await,
            0,
            "there is nothing to open"
        );
        assert_eq!(viewer.count(select::build::REASON).await, 0);
        assert_eq!(viewer.count(select::build::LOG_CONSOLE_LINK).await, 1);
    }
    // A project that does not use Cloud Build at all.
    let run = viewer.run_in(ALL_VARIANTS, "predeploy", "cloud-build-unavailable");
    viewer.select(ALL_VARIANTS, &run).await;
    viewer
        .wait_for_text(select::build::NOTE, "The API that has it is not enabled")
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_of_an_analysis_has_its_latest_build() {
    let viewer = Viewer::show(Setup::default(), ANALYSIS).await;
    let run = viewer.run(ANALYSIS, "analysis");
    viewer.select(ANALYSIS, &run).await;
    viewer
        .wait_for_text(select::build::TITLE, "Cloud Build of check relevance")
        .await;
    viewer.wait_for(select::build::STEPS).await;
    let name = run.0["analysisJobRun"]["customCheckAnalyses"][0]["latestBuild"]
        .as_str()
        .expect("it has a build");
    let build = Build::from_json(&viewer.get(&format!("/v1/{name}"))).expect("a build");
    assert_eq!(
        viewer.count(select::build::STEP_WITH_DETAILS).await,
        build.steps.len() as u64
    );
    assert!(
        asked_builds(&viewer)
            .iter()
            .any(|path| path.ends_with(&build.id))
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_has_builds_and_asks_nobody() {
    let viewer = Viewer::open(Setup::default(), "").await;
    let demo = "projects/demo/locations/us-central1/deliveryPipelines/payments-api/releases/rel-20261123-c40d7e8/rollouts/rel-20261123-c40d7e8-to-prod-gke-0001";
    viewer.goto(&viewer.url_of(demo)).await;
    viewer.wait_for(select::build::REASON_TEXT).await;
    viewer.wait_for(select::build::MARKED).await;
    assert_eq!(
        viewer.count(select::build::LINK).await,
        0,
        "the console does not know the demo"
    );
    assert_eq!(viewer.stand_in().requests().len(), 0);
    // A narrow page is as wide as its window.
    viewer.resize((390, 844)).await;
    viewer.wait_until_js("innerWidth === 390").await;
    viewer
        .wait_until_js("document.documentElement.scrollWidth <= innerWidth")
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reader_opens_the_log_of_the_check_that_was_meant() {
    let viewer = Viewer::start(Setup::default()).await;
    let second = viewer.run(DONE, "deploy").0["deployJobRun"]["build"].clone();
    let build = second.clone();
    // A second check, whose build is another.
    viewer.stand_in().rewrite(move |_, mut reply| {
        if let Ok(mut body) = serde_json::from_str::<serde_json::Value>(&reply.body) {
            let runs = body["jobRuns"].as_array_mut().into_iter().flatten();
            for checks in
                runs.filter_map(|run| run["analysisJobRun"]["customCheckAnalyses"].as_array_mut())
            {
                let mut check = checks[0].clone();
                check["id"] = "latency".into();
                check["latestBuild"] = build.clone();
                checks.push(check);
            }
            reply.body = body.to_string();
        }
        reply
    });
    let run = viewer.run(ANALYSIS, "analysis");
    let address = format!("{}/jobRuns/{}", name(ANALYSIS), run.id());
    viewer.goto(&viewer.url_of(&address)).await;
    viewer
        .wait_until_js(&select::count_is(select::build::BUILD, 2))
        .await;
    viewer
        .js(formatcp!(
            "document.querySelectorAll({build:?})[1].scrollIntoView()",
            build = select::build::BUILD
        ))
        .await;
    viewer
        .wait_until_js(formatcp!(
            "document.querySelectorAll({build:?})[1].querySelector({log_button:?})",
            build = select::build::BUILD,
            log_button = select::build::LOG_BUTTON
        ))
        .await;
    viewer
        .js(formatcp!(
            "[...document.querySelectorAll({build:?})[1].querySelectorAll({log_button:?})]
               .find(button => button.innerText === 'Open in the reader').click()",
            build = select::build::BUILD,
            log_button = select::build::LOG_BUTTON
        ))
        .await;
    viewer.wait_for(select::log::DRAWER_ROW).await;
    viewer
        .wait_for_text(select::log::DRAWER, "Log of check latency")
        .await;
    assert_eq!(viewer.address().await, format!("{address}?log=open&lb=2"));
    let id = second
        .as_str()
        .and_then(|name| name.rsplit('/').next())
        .expect("a name")
        .to_owned();
    let asked = viewer.stand_in().requests();
    assert!(
        asked
            .iter()
            .any(|request| request.path_and_query.contains(&format!("log-{id}.txt")))
    );
    viewer.finish().await;
}

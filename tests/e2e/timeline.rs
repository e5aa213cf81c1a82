//! The timeline: every run where and as long as it was, and all of it by pointer and by key.

use const_format::formatcp;
use jobrun_viewer::core::time::{Timestamp, exact_duration, human_duration, parse};
use jobrun_viewer::model::timeline::ticks::clock;

use crate::browser::keys;
use crate::select;
use crate::viewer::{ALL_VARIANTS, CANARY, DONE, Json, LIVE, QUEUED, Setup, Viewer, name};

fn time(run: &Json, field: &str) -> Timestamp {
    parse(run.text(field)).unwrap_or_else(|error| panic!("{field}: {error}"))
}

/// The id of a run's bar, as a selector.
fn bar(run: &Json) -> String {
    select::timeline::bar(run.id())
}

/// Where an element lies along its lane's track: from and to, from 0 to 1.
async fn extent(viewer: &Viewer, css: &str) -> (f64, f64) {
    let value = viewer
        .js(&format!(
            "const part = document.querySelector({css:?}), track = part.closest({track:?}), \
             [a, b] = [part.getBoundingClientRect(), track.getBoundingClientRect()]; \
             return [(a.left - b.left) / b.width, (a.right - b.left) / b.width]",
            track = select::timeline::TRACK
        ))
        .await;
    serde_json::from_value(value).expect("two numbers")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bar_lies_where_its_times_are() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    let runs = viewer.runs(DONE);
    assert_eq!(
        viewer.count(select::timeline::BAR_ON_TRACK).await as usize,
        runs.len()
    );
    let first = runs
        .iter()
        .map(|run| time(run, "createTime"))
        .min()
        .expect("there are runs");
    let last = runs
        .iter()
        .map(|run| time(run, "endTime"))
        .max()
        .expect("there are runs");
    let length = last.duration_since(first).as_secs_f64();
    // A fiftieth is left free on both sides.
    let place = |time: Timestamp| (time.duration_since(first).as_secs_f64() / length + 0.02) / 1.04;
    for run in &runs {
        let [created, started, ended] =
            ["createTime", "startTime", "endTime"].map(|field| place(time(run, field)));
        let near = |what: &str, (from, to): (f64, f64), expected: (f64, f64)| {
            let is_near = |a: f64, b: f64| (a - b).abs() < 0.01;
            assert!(
                is_near(from, expected.0) && is_near(to, expected.1),
                "{what} of {}: {from}–{to} and not {expected:?}",
                run.text("jobId")
            );
        };
        near(
            "the bar",
            extent(&viewer, &bar(run)).await,
            (created, ended),
        );
        near(
            "the wait",
            extent(&viewer, &select::timeline::waiting(run.id())).await,
            (created, started),
        );
        near(
            "the run",
            extent(&viewer, &select::timeline::running(run.id())).await,
            (started, ended),
        );
    }
    // Lanes in the order of the jobs, each with its name.
    assert_eq!(
        viewer.texts(select::timeline::LANE_JOB).await,
        ["predeploy", "deploy", "verify", "postdeploy"]
    );
    assert_eq!(
        viewer.texts(select::timeline::PHASE_TITLE).await,
        ["stable"]
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_present_is_marked_while_something_is_live() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    assert_eq!(viewer.count(select::timeline::NOW_LINE_OFF).await, 1);
    assert_eq!(viewer.count(select::timeline::LIVE).await, 0);

    viewer.goto(&viewer.url_of(&name(LIVE))).await;
    viewer.wait_for(select::timeline::NOW_LINE_ON).await;
    assert_eq!(viewer.count(select::timeline::NOW_LINE).await, 1);
    let run = viewer.run(LIVE, "verify");
    assert_eq!(viewer.count(select::timeline::LIVE).await, 1);
    viewer
        .wait_for(&select::timeline::running_live(run.id()))
        .await;

    // One that waits has not begun to run.
    viewer.goto(&viewer.url_of(&name(QUEUED))).await;
    viewer.wait_for(select::timeline::NOW_LINE_ON).await;
    viewer.wait_for(select::timeline::WAITING_LIVE).await;
    assert_eq!(viewer.count(select::timeline::RUNNING).await, 0);
    viewer
        .wait_for_text(
            select::rollout::VERDICT_HEADLINE,
            "deploy is waiting to start in stable",
        )
        .await;
    assert_eq!(
        viewer.text(select::run_panel::DURATION_LABEL).await,
        "Waiting for"
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_attempts_of_a_job_share_a_lane() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    let mut attempts: Vec<Json> = viewer
        .runs(CANARY)
        .into_iter()
        .filter(|run| run.state() == "FAILED")
        .collect();
    attempts.sort_by_key(|run| time(run, "createTime"));
    assert_eq!(attempts.len(), 3);
    let lane = viewer
        .js(&format!(
            "return [...document.querySelector({first:?}).closest({track:?}) \
             .querySelectorAll({bar:?})].map(bar => bar.id)",
            first = bar(&attempts[0]),
            track = select::timeline::TRACK,
            bar = select::timeline::BAR
        ))
        .await;
    let expected: Vec<String> = attempts
        .iter()
        .map(|run| format!("run-{}", run.id()))
        .collect();
    assert_eq!(
        serde_json::from_value::<Vec<String>>(lane).expect("a list"),
        expected
    );
    assert_eq!(
        viewer.texts(select::timeline::LANE_ATTEMPTS_SHOWN).await,
        ["×3"]
    );
    assert_eq!(
        viewer.texts(select::timeline::PHASE_NAME).await,
        ["canary-25", "canary-50", "stable"]
    );
    viewer
        .wait_for_text(select::timeline::PHASE_NOTE, "not begun")
        .await;

    // The last is the one to look at first, and the others are a step away.
    viewer.wait_for_run(&attempts[2]).await;
    viewer
        .wait_for_text(
            select::rollout::VERDICT_HEADLINE,
            "verify failed in canary-50",
        )
        .await;
    viewer
        .wait_for_text(
            select::rollout::VERDICT_DETAIL,
            "attempt 3 of 3 · EXECUTION_FAILED",
        )
        .await;
    assert_eq!(
        viewer.texts(select::run_panel::ATTEMPT).await,
        ["1", "2", "3"]
    );
    viewer
        .click_text(select::run_panel::ATTEMPT_LINK, "1")
        .await;
    viewer.wait_for_run(&attempts[0]).await;
    viewer
        .wait_for_text(select::run_panel::ATTEMPTS, "attempt 1 of 3")
        .await;
    viewer
        .wait_for_text(select::run_panel::ATTEMPT_CURRENT, "1")
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_add_up_is_drawn_and_flagged() {
    let viewer = Viewer::show(Setup::default(), ALL_VARIANTS).await;
    let id = |job: &str| viewer.run(ALL_VARIANTS, job).id().to_owned();
    for job in [
        "end-before-start",
        "start-before-create",
        "failed-without-end",
        "unknown-variant",
        "no-variant",
    ] {
        viewer
            .wait_for(&select::timeline::bar_flag_with_reason(&id(job)))
            .await;
    }
    for job in ["html", "time-with-offset", "nineteen-hours"] {
        assert_eq!(
            viewer.count(&select::timeline::bar_flag(&id(job))).await,
            0,
            "{job}"
        );
    }
    for job in ["end-before-start", "start-before-create"] {
        viewer
            .wait_for(&select::timeline::contradictory(&id(job)))
            .await;
    }
    viewer
        .wait_for(&select::timeline::instant(&id("failed-without-end")))
        .await;
    // Runs without any time stand beside their lane's name.
    for job in ["no-times", "no-times-no-state"] {
        viewer
            .wait_for(&select::timeline::untimed_bar(&id(job)))
            .await;
    }
    let readable = viewer
        .runs(ALL_VARIANTS)
        .iter()
        .filter(|run| run.is_readable())
        .count() as u64;
    assert_eq!(viewer.count(select::timeline::BAR_IN_TITLE).await, 2);
    assert_eq!(
        viewer.count(select::timeline::BAR_ON_TRACK).await,
        readable - 2
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bar_says_its_exact_times_to_pointer_and_focus() {
    let viewer = Viewer::open(Setup::default(), &format!("{}?tz=utc", name(DONE))).await;
    viewer.wait_loaded().await;
    let run = viewer.run(DONE, "deploy");
    let [created, started, ended] =
        ["createTime", "startTime", "endTime"].map(|field| time(&run, field));
    let (waited, ran) = (
        started.duration_since(created),
        ended.duration_since(started),
    );
    let check = async || {
        viewer.wait_for(select::timeline::TIP).await;
        assert_eq!(viewer.count(select::timeline::TIP).await, 1);
        let title = viewer.text(select::timeline::TIP_TITLE).await;
        assert!(
            title.contains("deploy in stable") && title.contains("Succeeded"),
            "{title}"
        );
        let times = viewer.texts(select::timeline::TIP_TIME).await;
        assert_eq!(times, [created, started, ended].map(|time| clock(time, 0)));
        let exact = viewer
            .js(formatcp!(
                "return [...document.querySelectorAll({tip_exact_duration:?})].map(s => s.title)",
                tip_exact_duration = select::timeline::TIP_EXACT_DURATION
            ))
            .await;
        assert_eq!(
            exact,
            serde_json::json!([exact_duration(waited), exact_duration(ran)])
        );
        assert_eq!(
            viewer.texts(select::timeline::TIP_DURATION).await,
            [human_duration(waited), human_duration(ran)]
        );
        let described = format!(
            "document.querySelector({:?}).getAttribute('aria-describedby')",
            bar(&run)
        );
        assert_eq!(
            viewer
                .js(&format!(
                    "return document.querySelector({tip:?}).id === {described}",
                    tip = select::timeline::TIP
                ))
                .await,
            true
        );
    };
    viewer.hover(&bar(&run)).await;
    check().await;
    viewer.hover_nothing().await;
    viewer.wait_gone(select::timeline::TIP).await;
    viewer.focus(&bar(&run)).await;
    check().await;
    viewer.press(keys::TAB).await;
    viewer
        .wait_until_js(formatcp!(
            "document.querySelector({tip_job:?}).innerText.startsWith('verify')",
            tip_job = select::timeline::TIP_JOB
        ))
        .await;
    viewer.js("document.activeElement.blur()").await;
    viewer.wait_gone(select::timeline::TIP).await;
    assert!(
        !viewer.address().await.contains("jobRuns"),
        "looking is not selecting"
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tip_is_whole_inside_the_window() {
    let viewer = Viewer::show(Setup::default(), ALL_VARIANTS).await;
    // The first, one in the middle, and the last, which lies at the bottom.
    for run in ["state-unspecified", "two-variants", "addresses"] {
        let run = select::timeline::bar_of_job(run);
        viewer
            .js(&format!(
                "document.querySelector({run:?}).scrollIntoView({{ block: 'end' }})"
            ))
            .await;
        viewer.focus(&run).await;
        viewer.wait_for(select::timeline::TIP).await;
        let outside = viewer
            .js(formatcp!(
                "const r = document.querySelector({tip:?}).getBoundingClientRect(); \
                 return r.left < 0 || r.top < 0 || r.right > innerWidth || r.bottom > innerHeight",
                tip = select::timeline::TIP
            ))
            .await;
        assert_eq!(outside, false, "the tip of {run} is cut off");
    }
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn arrow_keys_step_through_the_runs() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    let order = ["predeploy", "deploy", "verify", "postdeploy"].map(|job| viewer.run(DONE, job));
    viewer.select(DONE, &order[0]).await;
    viewer.focus(&bar(&order[0])).await;
    let steps = [
        (keys::RIGHT, 1),
        (keys::DOWN, 2),
        (keys::RIGHT, 3),
        // There is nothing after the last,
        (keys::RIGHT, 3),
        (keys::LEFT, 2),
        (keys::UP, 1),
        (keys::LEFT, 0),
        // and nothing before the first.
        (keys::LEFT, 0),
    ];
    for (step, (key, to)) in steps.into_iter().enumerate() {
        viewer.press(key).await;
        viewer.wait_for_run(&order[to]).await;
        viewer
            .wait_for(&select::focused(&select::timeline::bar_shown(
                order[to].id(),
            )))
            .await;
        assert!(
            viewer.address().await.ends_with(order[to].id()),
            "step {step}"
        );
        viewer
            .wait_for_text(select::timeline::TIP_JOB, order[to].text("jobId"))
            .await;
    }
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_or_enter_on_a_bar_selects_its_run() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    let [deploy, verify] = ["deploy", "verify"].map(|job| viewer.run(DONE, job));
    viewer.click(&bar(&deploy)).await;
    viewer.wait_for_run(&deploy).await;
    assert!(viewer.address().await.ends_with(deploy.id()));
    viewer.press(keys::TAB).await;
    viewer.wait_for(&select::focused(&bar(&verify))).await;
    viewer.press(keys::ENTER).await;
    viewer.wait_for_run(&verify).await;
    assert!(viewer.address().await.ends_with(verify.id()));
    viewer
        .wait_for(&select::focused(&select::timeline::bar_shown(verify.id())))
        .await;

    // The headline leads to the run that it is about.
    viewer.goto(&viewer.url_of(&name(CANARY))).await;
    viewer
        .wait_for_text(select::rollout::VERDICT_HEADLINE, "verify failed")
        .await;
    viewer.click(select::timeline::BAR).await;
    viewer.wait_gone(select::run_panel::CHOSEN).await;
    viewer.click(select::rollout::VERDICT_HEADLINE).await;
    viewer
        .wait_for_text(select::run_panel::ATTEMPTS, "attempt 3 of 3")
        .await;
    viewer.finish().await;
}

//! The timeline: every run where and as long as it was, and all of it by pointer and by key.

use jobrun_viewer::model::ticks::clock;
use jobrun_viewer::model::time::{Timestamp, exact_duration, human_duration, parse};

use crate::browser::keys;
use crate::viewer::{CANARY, DONE, Json, LIVE, MUSEUM, QUEUED, Setup, Viewer, name};

fn time(run: &Json, field: &str) -> Timestamp {
    parse(run.text(field)).unwrap_or_else(|error| panic!("{field}: {error}"))
}

/// The id of a run's bar, as a selector.
fn bar(run: &Json) -> String {
    format!("#run-{}", run.id())
}

/// Where an element lies along its lane's track: from and to, from 0 to 1.
async fn extent(viewer: &Viewer, css: &str) -> (f64, f64) {
    let value = viewer
        .js(&format!(
            "const part = document.querySelector('{css}'), track = part.closest('.lane-track'), \
             [a, b] = [part.getBoundingClientRect(), track.getBoundingClientRect()]; \
             return [(a.left - b.left) / b.width, (a.right - b.left) / b.width]"
        ))
        .await;
    serde_json::from_value(value).expect("two numbers")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bar_lies_where_its_times_are() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    let runs = viewer.runs(DONE);
    assert_eq!(viewer.count(".lane-track .bar").await as usize, runs.len());
    let first = runs.iter().map(|run| time(run, "createTime")).min().expect("there are runs");
    let last = runs.iter().map(|run| time(run, "endTime")).max().expect("there are runs");
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
        near("the bar", extent(&viewer, &bar(run)).await, (created, ended));
        near(
            "the wait",
            extent(&viewer, &format!("{} .part.is-waiting", bar(run))).await,
            (created, started),
        );
        near("the run", extent(&viewer, &format!("{} .part.is-running", bar(run))).await, (started, ended));
    }
    // Lanes in the order of the jobs, each with its name.
    assert_eq!(viewer.texts(".lane-job").await, ["predeploy", "deploy", "verify", "postdeploy"]);
    assert_eq!(viewer.texts(".phase-title").await, ["stable"]);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_present_is_marked_while_something_is_live() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    assert_eq!(viewer.count(".now-line.is-off").await, 1);
    assert_eq!(viewer.count(".part.is-live").await, 0);

    viewer.goto(&viewer.url_of(&name(LIVE))).await;
    viewer.see(".now-line:not(.is-off)").await;
    assert_eq!(viewer.count(".now-line").await, 1);
    let run = viewer.run(LIVE, "verify");
    assert_eq!(viewer.count(".part.is-live").await, 1);
    viewer.see(&format!("{} .part.is-running.is-live", bar(&run))).await;

    // One that waits has not begun to run.
    viewer.goto(&viewer.url_of(&name(QUEUED))).await;
    viewer.see(".now-line:not(.is-off)").await;
    viewer.see(".bar .part.is-waiting.is-live").await;
    assert_eq!(viewer.count(".part.is-running").await, 0);
    viewer.see_text(".verdict-headline", "deploy is waiting to start in stable").await;
    assert_eq!(viewer.text(".durations dt").await, "Waiting for");
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_attempts_of_a_job_share_a_lane() {
    let viewer = Viewer::show(Setup::default(), CANARY).await;
    let mut attempts: Vec<Json> =
        viewer.runs(CANARY).into_iter().filter(|run| run.state() == "FAILED").collect();
    attempts.sort_by_key(|run| time(run, "createTime"));
    assert_eq!(attempts.len(), 3);
    let lane = viewer
        .js(&format!(
            "return [...document.querySelector('{}').closest('.lane-track').querySelectorAll('.bar')].map(bar => bar.id)",
            bar(&attempts[0])
        ))
        .await;
    let expected: Vec<String> = attempts.iter().map(|run| format!("run-{}", run.id())).collect();
    assert_eq!(serde_json::from_value::<Vec<String>>(lane).expect("a list"), expected);
    assert_eq!(viewer.texts(".lane-attempts:not(:empty)").await, ["×3"]);
    assert_eq!(viewer.texts(".phase-name").await, ["canary-25", "canary-50", "stable"]);
    viewer.see_text(".phase-note", "not begun").await;

    // The last is the one to look at first, and the others are a step away.
    viewer.shows(&attempts[2]).await;
    viewer.see_text(".verdict-headline", "verify failed in canary-50").await;
    viewer.see_text(".verdict-detail", "attempt 3 of 3 · EXECUTION_FAILED").await;
    assert_eq!(viewer.texts(".attempt-steps li").await, ["1", "2", "3"]);
    viewer.click_text(".attempt-steps a", "1").await;
    viewer.shows(&attempts[0]).await;
    viewer.see_text(".attempts", "attempt 1 of 3").await;
    viewer.see_text(".attempt-steps .is-current", "1").await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_add_up_is_drawn_and_flagged() {
    let viewer = Viewer::show(Setup::default(), MUSEUM).await;
    let of = |job: &str| bar(&viewer.run(MUSEUM, job));
    for job in
        ["end-before-start", "start-before-create", "failed-without-end", "unknown-variant", "no-variant"]
    {
        viewer.see(&format!("{}[aria-label$='something does not add up'] .bar-flag", of(job))).await;
    }
    for job in ["html", "time-with-offset", "nineteen-hours"] {
        assert_eq!(viewer.count(&format!("{} .bar-flag", of(job))).await, 0, "{job}");
    }
    for job in ["end-before-start", "start-before-create"] {
        viewer.see(&format!("{} .part.is-contradictory", of(job))).await;
    }
    viewer.see(&format!("{} .part.is-instant", of("failed-without-end"))).await;
    // Runs without any time stand beside their lane's name.
    for job in ["no-times", "no-times-no-state"] {
        viewer.see(&format!(".lane-title {}.is-untimed", of(job))).await;
    }
    let readable = viewer.runs(MUSEUM).iter().filter(|run| run.is_readable()).count() as u64;
    assert_eq!(viewer.count(".lane-title .bar").await, 2);
    assert_eq!(viewer.count(".lane-track .bar").await, readable - 2);
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bar_says_its_exact_times_to_pointer_and_focus() {
    let viewer = Viewer::open(Setup::default(), &format!("{}?tz=utc", name(DONE))).await;
    viewer.loaded().await;
    let run = viewer.run(DONE, "deploy");
    let [created, started, ended] = ["createTime", "startTime", "endTime"].map(|field| time(&run, field));
    let (waited, ran) = (started.duration_since(created), ended.duration_since(started));
    let check = async || {
        viewer.see(".tip").await;
        assert_eq!(viewer.count(".tip").await, 1);
        let title = viewer.text(".tip .tip-title").await;
        assert!(title.contains("deploy in stable") && title.contains("Succeeded"), "{title}");
        let times = viewer.texts(".tip time").await;
        assert_eq!(times, [created, started, ended].map(|time| clock(time, 0)));
        let exact = viewer
            .js("return [...document.querySelectorAll('.tip .durations span')].map(s => s.title)")
            .await;
        assert_eq!(exact, serde_json::json!([exact_duration(waited), exact_duration(ran)]));
        assert_eq!(viewer.texts(".tip dd").await, [human_duration(waited), human_duration(ran)]);
        let described = format!("document.querySelector('{}').getAttribute('aria-describedby')", bar(&run));
        assert_eq!(
            viewer.js(&format!("return document.querySelector('.tip').id === {described}")).await,
            true
        );
    };
    viewer.hover(&bar(&run)).await;
    check().await;
    viewer.hover_nothing().await;
    viewer.gone(".tip").await;
    viewer.focus(&bar(&run)).await;
    check().await;
    viewer.press(keys::TAB).await;
    viewer.until("document.querySelector('.tip b').innerText.startsWith('verify')").await;
    viewer.js("document.activeElement.blur()").await;
    viewer.gone(".tip").await;
    assert!(!viewer.address().await.contains("jobRuns"), "looking is not selecting");
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tip_is_whole_inside_the_window() {
    let viewer = Viewer::show(Setup::default(), MUSEUM).await;
    // The first, one in the middle, and the last, which lies at the bottom.
    for run in ["[aria-label^=state-unspecified]", "[aria-label^=two-variants]", "[aria-label^=addresses]"] {
        let run = format!(".bar{run}");
        viewer.js(&format!("document.querySelector('{run}').scrollIntoView({{ block: 'end' }})")).await;
        viewer.focus(&run).await;
        viewer.see(".tip").await;
        let outside = viewer
            .js("const r = document.querySelector('.tip').getBoundingClientRect(); \
                 return r.left < 0 || r.top < 0 || r.right > innerWidth || r.bottom > innerHeight")
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
        viewer.shows(&order[to]).await;
        viewer.see(&format!("{}.is-shown:focus", bar(&order[to]))).await;
        assert!(viewer.address().await.ends_with(order[to].id()), "step {step}");
        viewer.see_text(".tip b", order[to].text("jobId")).await;
    }
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_or_enter_on_a_bar_selects_its_run() {
    let viewer = Viewer::show(Setup::default(), DONE).await;
    let [deploy, verify] = ["deploy", "verify"].map(|job| viewer.run(DONE, job));
    viewer.click(&bar(&deploy)).await;
    viewer.shows(&deploy).await;
    assert!(viewer.address().await.ends_with(deploy.id()));
    viewer.press(keys::TAB).await;
    viewer.see(&format!("{}:focus", bar(&verify))).await;
    viewer.press(keys::ENTER).await;
    viewer.shows(&verify).await;
    assert!(viewer.address().await.ends_with(verify.id()));
    viewer.see(&format!("{}.is-shown:focus", bar(&verify))).await;

    // The headline leads to the run that it is about.
    viewer.goto(&viewer.url_of(&name(CANARY))).await;
    viewer.see_text(".verdict-headline", "verify failed").await;
    viewer.click(".bar").await;
    viewer.gone(".chosen").await;
    viewer.click(".verdict-headline").await;
    viewer.see_text(".attempts", "attempt 3 of 3").await;
    viewer.finish().await;
}

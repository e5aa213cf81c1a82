//! Guards the timeline: pictures of typical rollouts, as text, and what holds for any.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::sync::Arc;

use insta::assert_snapshot;
use jobrun_viewer::api::rollout::Rollout;
use jobrun_viewer::core::time::{SignedDuration, Timestamp, to_rfc3339};
use jobrun_viewer::model::rollout::Outline;
use jobrun_viewer::model::run::{Run, RunTime};
use jobrun_viewer::model::timeline::{Bar, Layout, Part, PartKind, Side, Window, layout};
use proptest::prelude::*;
use serde_json::json;

use crate::sample::{Sample, any_runs, any_time, at, run, set};

/// How many characters a lane is wide.
const WIDTH: usize = 60;

/// The ids of the runs in the order in which a reader meets their bars.
fn reading_order(layout: &Layout) -> Vec<&str> {
    let lanes = layout.phases.iter().flat_map(|phase| &phase.lanes);
    lanes
        .flat_map(|lane| &lane.bars)
        .map(|bar| bar.run.as_str())
        .collect()
}

/// A layout as text. A lane has a line for each of its rows, in which `.` waits, `=` runs, `x`
/// contradicts itself, `|` is a single instant, and `>` still grows. Below come its bars: attempt,
/// state, row, parts, and `!` when something does not add up.
fn picture(layout: &Layout) -> String {
    let mut out = String::new();
    for phase in &layout.phases {
        writeln!(out, "phase “{}”", phase.phase).unwrap();
        for lane in &phase.lanes {
            writeln!(out, "  job “{}”, {}", lane.job, lane.kind.label()).unwrap();
            for row in 0..lane.rows {
                let bars = lane.bars.iter().filter(|bar| bar.row == row);
                writeln!(out, "    [{}]", line(bars.flat_map(|bar| &bar.parts))).unwrap();
            }
            for bar in &lane.bars {
                let parts: Vec<String> = bar.parts.iter().map(describe).collect();
                let parts = if parts.is_empty() {
                    "nothing".to_owned()
                } else {
                    parts.join(", ")
                };
                let flag = if bar.flagged { " !" } else { "" };
                writeln!(
                    out,
                    "    {} {} row {}: {parts}{flag}",
                    bar.attempt, bar.state, bar.row
                )
                .unwrap();
            }
        }
    }
    match layout.now {
        Some(now) => write!(out, "now at {now:.3}").unwrap(),
        None => write!(out, "now is not shown").unwrap(),
    }
    out
}

fn line<'a>(parts: impl Iterator<Item = &'a Part>) -> String {
    let mut line = [' '; WIDTH];
    let column = |fraction: f64| ((fraction * WIDTH as f64) as usize).min(WIDTH - 1);
    // Contradictions last, so that nothing covers them.
    let mut parts: Vec<&Part> = parts.collect();
    parts.sort_by_key(|part| part.kind == PartKind::Contradictory);
    for part in parts {
        let (from, to) = (column(part.from), column(part.to));
        line[from..=to].fill(match part.kind {
            PartKind::Waiting => '.',
            PartKind::Running => '=',
            PartKind::Contradictory => 'x',
            PartKind::Instant => '|',
        });
        if part.live {
            line[to] = '>';
        }
    }
    line.iter().collect()
}

fn describe(part: &Part) -> String {
    let kind = match part.kind {
        PartKind::Waiting => "waiting",
        PartKind::Running => "running",
        PartKind::Contradictory => "contradictory",
        PartKind::Instant => "instant",
    };
    format!(
        "{kind} {:.3}–{:.3}{}",
        part.from,
        part.to,
        if part.live { " live" } else { "" }
    )
}

/// The picture of a set in the window that fits it, at a time in seconds.
fn drawn(samples: &[Sample], now: f64) -> String {
    let set = set(samples);
    picture(&layout(
        &set.runs,
        &Outline::default(),
        Window::fit(&set.runs, at(now)),
        at(now),
    ))
}

#[test]
fn a_standard_rollout() {
    let samples = [
        run("1")
            .job("stable", "predeploy")
            .variant("predeployJobRun", json!({}))
            .times(0.0, 4.0, 30.0),
        run("2").times(31.0, 36.0, 120.0),
        run("3")
            .job("stable", "verify")
            .variant("verifyJobRun", json!({}))
            .times(121.0, 127.0, 190.0),
        run("4")
            .job("stable", "postdeploy")
            .variant("postdeployJobRun", json!({}))
            .times(191.0, 192.0, 200.0),
    ];
    assert_snapshot!(drawn(&samples, 1_000.0));
}

#[test]
fn a_canary_with_retries() {
    let samples = [
        run("1")
            .job("canary-50", "deploy")
            .state("FAILED")
            .times(0.0, 5.0, 40.0),
        run("2")
            .job("canary-50", "deploy")
            .state("TERMINATED")
            .times(60.0, 65.0, 80.0),
        run("3")
            .job("canary-50", "deploy")
            .times(100.0, 110.0, 160.0),
        run("4").times(400.0, 405.0, 500.0),
    ];
    assert_snapshot!(drawn(&samples, 1_000.0));
}

#[test]
fn a_live_rollout() {
    let live = |id, job: &str, state| run(id).job("stable", job).state(state);
    let samples = [
        run("1").times(0.0, 5.0, 60.0),
        live("2", "verify", "IN_PROGRESS").times(61.0, 70.0, None),
        live("3", "analysis", "TERMINATING").times(62.0, 64.0, None),
        live("4", "postdeploy", "IN_PROGRESS").times(90.0, None, None),
    ];
    assert_snapshot!(drawn(&samples, 100.0));
}

#[test]
fn a_clock_that_is_behind_grows_nothing() {
    let samples = [
        run("1").times(0.0, 5.0, 60.0),
        run("2")
            .job("stable", "verify")
            .state("IN_PROGRESS")
            .times(61.0, None, None),
        run("3")
            .job("stable", "analysis")
            .state("IN_PROGRESS")
            .times(60.0, 62.0, None),
    ];
    assert_snapshot!(drawn(&samples, 30.0));
}

#[test]
fn attempts_that_overlap() {
    let samples = [
        run("1").times(0.0, 10.0, 60.0),
        run("2").times(20.0, 25.0, 40.0),
        run("3").times(30.0, 35.0, 80.0),
        // The first row is free again, exactly from here.
        run("4").times(60.0, 70.0, 100.0),
        // And the second.
        run("5").times(61.0, 62.0, 63.0),
    ];
    assert_snapshot!(drawn(&samples, 1_000.0));
}

#[test]
fn missing_times() {
    let samples = [
        run("1").job("p", "no create").times(None, 10.0, 60.0),
        run("2")
            .job("p", "never started")
            .state("TERMINATED")
            .times(0.0, None, 50.0),
        run("3").job("p", "no end").times(20.0, 30.0, None),
        run("4").job("p", "only create").times(40.0, None, None),
        run("5").job("p", "only start").times(None, 50.0, None),
        run("6").job("p", "only end").times(None, None, 100.0),
        run("7").job("p", "nothing").times(None, None, None),
        run("8")
            .job("p", "only end readable")
            .with("createTime", "soon")
            .with("startTime", "later"),
        run("9")
            .job("p", "unreadable start")
            .times(5.0, None, 60.0)
            .with("startTime", "later"),
    ];
    assert_snapshot!(drawn(&samples, 1_000.0));
}

#[test]
fn contradictory_times() {
    let samples = [
        run("1")
            .job("p", "start before create")
            .times(30.0, 0.0, 60.0),
        run("2").job("p", "end before start").times(0.0, 60.0, 30.0),
        run("3")
            .job("p", "end before create")
            .state("FAILED")
            .times(100.0, None, 60.0),
        run("4").job("p", "all backwards").times(90.0, 50.0, 10.0),
        run("5")
            .job("p", "ended yet live")
            .state("IN_PROGRESS")
            .times(20.0, 30.0, 80.0),
    ];
    assert_snapshot!(drawn(&samples, 70.0));
}

#[test]
fn nothing_and_next_to_nothing() {
    let instant = run("1").times(0.0, 0.0, 0.0);
    let live_now = run("1").state("IN_PROGRESS").times(0.0, None, None);
    let twice = [
        run("1").times(0.0, None, None),
        run("2").times(0.0, None, None),
    ];
    assert_snapshot!(format!(
        "no runs\n{}\n\none instant\n{}\n\nlive since now\n{}\n\none instant twice\n{}",
        drawn(&[], 0.0),
        drawn(&[instant], 1_000.0),
        drawn(&[live_now], 0.0),
        drawn(&twice, 1_000.0)
    ));
}

#[test]
fn a_window_cuts_what_is_outside() {
    let samples = [
        run("1").job("p", "before").times(0.0, 5.0, 19.0),
        run("2").job("p", "over the start").times(10.0, 15.0, 40.0),
        run("3").job("p", "over all").times(10.0, 30.0, 90.0),
        run("4").job("p", "over the end").times(50.0, 55.0, 90.0),
        run("5").job("p", "after").times(61.0, 65.0, 70.0),
        run("6").job("p", "up to the start").times(10.0, 15.0, 20.0),
        run("7")
            .job("p", "live")
            .state("IN_PROGRESS")
            .times(30.0, 40.0, None),
    ];
    let set = set(&samples);
    let window = Window {
        from: at(20.0),
        to: at(60.0),
    };
    assert_snapshot!(picture(&layout(
        &set.runs,
        &Outline::default(),
        window,
        at(95.0)
    )));
}

#[test]
fn jobs_that_begin_together_are_in_the_order_of_a_phase() {
    let child = |id, job: &str| {
        run(id)
            .job("p", job)
            .variant("createChildRolloutJobRun", json!({}))
    };
    let samples = [
        run("a")
            .job("p", "verify")
            .variant("verifyJobRun", json!({})),
        run("b").job("p", "deploy"),
        child("d", "create-2"),
        child("c", "create-1"),
        run("e")
            .job("p", "first")
            .times(-1.0, 5.0, 60.0)
            .variant("postdeployJobRun", json!({})),
        run("f")
            .job("p", "no time")
            .times(None, None, None)
            .variant("predeployJobRun", json!({})),
    ];
    let set = set(&samples);
    let layout = layout(
        &set.runs,
        &Outline::default(),
        Window::fit(&set.runs, at(0.0)),
        at(0.0),
    );
    let jobs: Vec<&str> = layout
        .phase("p")
        .unwrap()
        .lanes
        .iter()
        .map(|lane| lane.job.as_str())
        .collect();
    assert_eq!(
        jobs,
        [
            "first", "create-1", "create-2", "deploy", "verify", "no time"
        ]
    );
    assert_eq!(reading_order(&layout), ["e", "c", "d", "b", "a", "f"]);
    for id in ["a", "b", "c", "d", "e", "f"] {
        assert_eq!(layout.bar(id).unwrap().run, id);
    }
}

#[test]
fn phases_and_lanes_are_found_by_name() {
    let set = set(&[
        run("1"),
        run("2").job("canary", "deploy").times(9.0, None, None),
        run("3").job("", ""),
    ]);
    let layout = layout(
        &set.runs,
        &Outline::default(),
        Window::fit(&set.runs, at(0.0)),
        at(0.0),
    );
    assert_eq!(layout.phase("canary").unwrap().phase, "canary");
    assert_eq!(layout.phase("").unwrap().lanes[0].bars[0].run, "3");
    assert_eq!(layout.lane("stable", "deploy").unwrap().bars[0].run, "1");
    assert!(layout.lane("canary", "verify").is_none() && layout.lane("x", "deploy").is_none());
    assert!(layout.phase("x").is_none() && layout.bar("x").is_none());
}

#[test]
fn a_window_fits_with_a_fiftieth_of_space() {
    let window = |samples: &[Sample], now: f64| {
        let window = Window::fit(&set(samples).runs, at(now));
        (to_rfc3339(window.from), to_rfc3339(window.to))
    };
    let expected = |from: f64, to: f64| (to_rfc3339(at(from)), to_rfc3339(at(to)));
    assert_eq!(
        window(&[run("1").times(0.0, 5.0, 100.0)], 500.0),
        expected(-2.0, 102.0)
    );
    assert_eq!(
        window(&[run("1").times(0.0, 5.0, None).state("IN_PROGRESS")], 50.0),
        expected(-1.0, 51.0)
    );
    assert_eq!(
        window(&[run("1").times(0.0, 0.0, 0.0)], 500.0),
        expected(-0.02, 1.02)
    );
    assert_eq!(window(&[], 500.0), expected(499.98, 501.02));
    assert_eq!(
        window(&[run("1").times(None, None, None)], 500.0),
        expected(499.98, 501.02)
    );
}

#[test]
fn fractions_go_from_0_to_1() {
    let window = Window {
        from: at(10.0),
        to: at(20.0),
    };
    for (time, fraction) in [
        (10.0, 0.0),
        (12.5, 0.25),
        (20.0, 1.0),
        (5.0, -0.5),
        (30.0, 2.0),
    ] {
        assert!(
            (window.fraction(at(time)) - fraction).abs() < 1e-12,
            "{time}"
        );
    }
    assert_eq!(window.length(), SignedDuration::from_secs(10));
    // A window without a length is no division by zero.
    let instant = Window {
        from: at(10.0),
        to: at(10.0),
    };
    assert_eq!(instant.fraction(at(10.0)), 0.0);
    assert!(instant.fraction(at(11.0)).is_finite());
}

#[test]
fn the_parts_of_a_bar_along_itself() {
    let part = |from, to| Part {
        kind: PartKind::Running,
        from,
        to,
        live: false,
    };
    let mut bar = Bar {
        run: "1".into(),
        attempt: 1,
        state: jobrun_viewer::api::job_run::State::Succeeded,
        row: 0,
        beyond: None,
        parts: vec![part(0.2, 0.3), part(0.3, 0.6)],
        flagged: false,
    };
    assert_eq!(bar.extent(), Some((0.2, 0.6)));
    let fractions: Vec<[f64; 2]> = bar
        .inner_parts()
        .iter()
        .map(|part| [part.from, part.to])
        .collect();
    for (found, expected) in fractions.concat().iter().zip([0.0, 0.25, 0.25, 1.0]) {
        assert!((found - expected).abs() < 1e-9, "{fractions:?}");
    }
    bar.parts = vec![part(0.5, 0.5)];
    assert_eq!(bar.inner_parts(), [part(0.0, 0.0)]);
    bar.parts.clear();
    assert_eq!((bar.extent(), bar.inner_parts()), (None, vec![]));
}

/// Runs in any order, whose times may be years that no text of the API has.
fn any_order_of_any_time() -> impl Strategy<Value = Vec<Arc<Run>>> {
    let moment = || {
        prop_oneof![
            4 => any_time().prop_map(RunTime::At),
            1 => Just(RunTime::Absent),
            1 => Just(RunTime::Unreadable("soon".into())),
        ]
    };
    let times = prop::collection::vec((moment(), moment(), moment()), 12);
    (any_runs(), times).prop_map(|(samples, times)| {
        let runs = set(&samples).runs.into_iter().zip(times);
        runs.map(|(run, (created, started, ended))| {
            Arc::new(Run {
                created,
                started,
                ended,
                ..(*run).clone()
            })
        })
        .collect()
    })
}

fn any_window() -> impl Strategy<Value = Option<Window>> {
    let window = (any_time(), any_time())
        .prop_filter("from is before to", |(a, b)| a != b)
        .prop_map(|(a, b)| {
            Some(Window {
                from: a.min(b),
                to: a.max(b),
            })
        });
    prop_oneof![Just(None), window]
}

fn known_times(runs: &[Arc<Run>]) -> impl Iterator<Item = Timestamp> {
    runs.iter()
        .flat_map(|run| [run.created.known(), run.started.known(), run.ended.known()])
        .flatten()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn a_layout_has_every_run_where_it_belongs(samples in any_runs(), now in any_time(), window in any_window()) {
        let set = set(&samples);
        let window = window.unwrap_or_else(|| Window::fit(&set.runs, now));
        let layout = layout(&set.runs, &Outline::default(), window, now);

        // Each run has one bar, in the lane of its phase and job, and its id finds it.
        let mut met = reading_order(&layout);
        met.sort_unstable();
        let mut expected = crate::sample::ids(&set);
        expected.sort_unstable();
        prop_assert_eq!(met, expected);
        for run in &set.runs {
            let bar = layout.bar(&run.id).unwrap();
            prop_assert_eq!(&bar.run, &run.id);
            prop_assert_eq!((bar.attempt, &bar.state, bar.flagged), (run.attempt, &run.json.state, !run.flags.is_empty()));
            let lane = layout.lane(&run.json.phase_id, &run.json.job_id).unwrap();
            prop_assert!(lane.bars.iter().any(|other| std::ptr::eq(other, bar)));
        }
        let mut phases = HashSet::new();
        for phase in &layout.phases {
            prop_assert!(phases.insert(&phase.phase), "phase {} once", &phase.phase);
            let mut jobs = HashSet::new();
            for lane in &phase.lanes {
                prop_assert!(jobs.insert(&lane.job), "lane {} once", &lane.job);
                prop_assert!(!lane.bars.is_empty());
                let attempts: Vec<usize> = lane.bars.iter().map(|bar| bar.attempt).collect();
                prop_assert_eq!(attempts, (1..=lane.bars.len()).collect::<Vec<_>>());
                let last_row = lane.bars.iter().map(|bar| bar.row).max().unwrap();
                prop_assert_eq!(lane.rows, last_row + 1);
            }
        }
    }

    #[test]
    fn parts_are_fractions_of_the_window(
        runs in any_order_of_any_time(),
        now in any_time(),
        window in any_window(),
    ) {
        let fitted = window.is_none();
        let window = window.unwrap_or_else(|| Window::fit(&runs, now));
        let layout = layout(&runs, &Outline::default(), window, now);
        for run in &runs {
            let bar = layout.bar(&run.id).unwrap();
            let mut before = 0.0;
            for part in bar.parts.iter().chain(&bar.inner_parts()) {
                prop_assert!(part.from.is_finite() && part.to.is_finite());
                prop_assert!(0.0 <= part.from && part.from <= part.to && part.to <= 1.0, "{:?}", part);
            }
            for part in &bar.parts {
                prop_assert!(before <= part.from, "parts are in order: {:?}", &bar.parts);
                before = part.from;
            }
            let known = known_times(std::slice::from_ref(run)).count();
            // What has a time is in sight or on one side of it, and only what has none is neither.
            prop_assert_eq!(bar.beyond.is_some(), bar.parts.is_empty() && known > 0);
            if let Some(side) = bar.beyond {
                let is_before = known_times(std::slice::from_ref(run)).all(|time| time < window.from);
                prop_assert_eq!(side == Side::Before, is_before);
            }
            prop_assert!(bar.parts.len() <= known.clamp(0, 2));
            if fitted {
                prop_assert_eq!(bar.parts.is_empty(), known == 0, "{:?}", &bar.parts);
            }
        }
        if let Some(now) = layout.now {
            prop_assert!((0.0..=1.0).contains(&now));
        }
    }

    #[test]
    fn bars_of_one_row_do_not_overlap(
        runs in any_order_of_any_time(),
        now in any_time(),
        window in any_window(),
    ) {
        let window = window.unwrap_or_else(|| Window::fit(&runs, now));
        let layout = layout(&runs, &Outline::default(), window, now);
        for lane in layout.phases.iter().flat_map(|phase| &phase.lanes) {
            let mut rows: BTreeMap<usize, Vec<(f64, f64)>> = BTreeMap::new();
            for bar in &lane.bars {
                if let Some(extent) = bar.extent() {
                    rows.entry(bar.row).or_default().push(extent);
                }
            }
            for extents in rows.values() {
                for pair in extents.windows(2) {
                    prop_assert!(pair[0].1 <= pair[1].0, "{:?}", extents);
                    prop_assert!(pair[0] != pair[1], "one hides the other: {:?}", extents);
                }
            }
        }
    }

    #[test]
    fn a_fitted_window_has_all_times(runs in any_order_of_any_time(), now in any_time()) {
        let window = Window::fit(&runs, now);
        prop_assert!(window.from < window.to);
        for time in known_times(&runs) {
            prop_assert!(window.from <= time && time <= window.to);
        }
        let live = runs.iter().any(|run| run.json.state.as_str() == "IN_PROGRESS");
        if live || runs.is_empty() {
            prop_assert!(window.from <= now && now <= window.to);
        }
    }
}

/// The outline of a rollout with these phases.
fn outline(phases: serde_json::Value) -> Outline {
    let rollout: Rollout = serde_json::from_value(json!({ "phases": phases })).unwrap();
    Outline::new(&rollout)
}

#[test]
fn an_outline_gives_the_order_and_what_has_not_run() {
    let outline = outline(json!([
        { "id": "canary-50", "state": "SKIPPED", "skipMessage": "no older release",
          "deploymentJobs": { "deployJob": { "id": "deploy", "state": "SKIPPED", "deployJob": {} } } },
        { "id": "stable", "state": "IN_PROGRESS", "deploymentJobs": {
            "predeployJob": { "id": "predeploy", "state": "FAILED", "predeployJob": {} },
            "deployJob": { "id": "deploy", "state": "PENDING", "deployJob": {} },
            "verifyJob": { "id": "verify", "state": "DISABLED", "verifyJob": {} },
        } },
        { "id": "stable", "state": "PENDING" },
    ]));
    let set = set(&[
        run("a")
            .job("later", "deploy")
            .times(Some(1.0), Some(2.0), Some(3.0)),
        run("b")
            .job("stable", "extra")
            .times(Some(4.0), Some(5.0), Some(6.0)),
        run("c")
            .job("stable", "predeploy")
            .times(Some(7.0), Some(8.0), Some(9.0)),
    ]);
    let layout = layout(
        &set.runs,
        &outline,
        Window::fit(&set.runs, at(9.0)),
        at(9.0),
    );
    let told: Vec<String> = layout
        .phases
        .iter()
        .map(|phase| {
            let lanes = phase
                .lanes
                .iter()
                .map(|lane| format!("{}({}) {}", lane.job, lane.bars.len(), lane.note));
            format!(
                "{} {}: {}",
                phase.phase,
                phase.note,
                lanes.collect::<Vec<_>>().join("; ")
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "canary-50 skipped: no older release: deploy(0) skipped",
            "stable : predeploy(1) ; deploy(0) not run yet; extra(1) ",
            "later : deploy(1) ",
        ]
    );
}

#[test]
fn a_part_of_a_window_is_what_was_dragged_over() {
    let window = Window {
        from: at(100.0),
        to: at(200.0),
    };
    let part = |a, b| window.part(a, b).map(|part| (part.from, part.to));
    assert_eq!(part(0.25, 0.5), Some((at(125.0), at(150.0))));
    assert_eq!(part(0.5, 0.25), Some((at(125.0), at(150.0))), "leftwards");
    assert_eq!(
        part(-3.0, 0.5),
        Some((at(100.0), at(150.0))),
        "beyond the end"
    );
    assert_eq!(part(0.5, 0.505), None, "a click");
    assert_eq!(part(0.3, f64::NAN), None);
    assert!(window.shows(at(100.0)) && window.shows(at(200.0)) && !window.shows(at(200.1)));
}

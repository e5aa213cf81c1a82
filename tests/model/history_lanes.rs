//! Where the bars of many runs lie, and what a screen shows of them.

use jobrun_viewer::model::history::idle_compression::IdleCompression;
use jobrun_viewer::model::history::lanes::{Lanes, ROW, States};
use jobrun_viewer::model::history::view::{Group, HistoryView, Settings, Sort};
use jobrun_viewer::model::history::viewport::{Block, Viewport};
use jobrun_viewer::model::history::{History, Micros, Span};
use proptest::prelude::*;
use serde_json::json;

use crate::sample::{Sample, history, micros, run};

const S: Micros = 1_000_000;

fn lanes(history: &History, view: &HistoryView) -> Lanes {
    let now = micros(1_000.0);
    Lanes::new(history, &view.filter(history, now), view, now)
}

fn names(lanes: &Lanes) -> Vec<(String, Vec<String>)> {
    let lanes_of = |group: &std::ops::Range<usize>| {
        lanes.lanes[group.clone()]
            .iter()
            .map(|lane| lane.name.clone())
            .collect()
    };
    lanes
        .groups
        .iter()
        .map(|group| (group.name.clone(), lanes_of(&group.lanes)))
        .collect()
}

fn ids(history: &History, runs: &[u32]) -> Vec<String> {
    let id = |run: &u32| {
        history
            .name(*run as usize)
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    runs.iter().map(id).collect()
}

/// Runs of a few rollouts, as any may be.
fn any_runs() -> impl Strategy<Value = Vec<Sample>> {
    let time =
        || prop_oneof![9 => (0..400_u32).prop_map(|t| Some(f64::from(t) / 4.0)), 1 => Just(None)];
    let state = prop::sample::select(vec![
        "SUCCEEDED",
        "FAILED",
        "IN_PROGRESS",
        "TERMINATING",
        "TERMINATED",
        "ODD",
    ]);
    let job = prop::sample::select(vec!["deploy", "verify"]);
    let phase = prop::sample::select(vec!["canary-25", "stable"]);
    let one = (time(), time(), time(), state, phase, job);
    prop::collection::vec(one, 0..60).prop_map(|runs| {
        let sample = |(at, (created, started, ended, state, phase, job)): (usize, _)| {
            run(&format!("r{at}"))
                .job(phase, job)
                .state(state)
                .times(created, started, ended)
        };
        runs.into_iter().enumerate().map(sample).collect()
    })
}

#[test]
fn groups_have_a_lane_for_each_job_in_the_order_in_which_they_run() {
    let history = history(vec![
        run("v")
            .job("canary", "verify")
            .variant("verifyJobRun", json!({}))
            .times(0.0, 1.0, 2.0),
        run("d").job("canary", "deploy").times(0.0, 1.0, 2.0),
        run("s").job("stable", "deploy").times(10.0, 11.0, 12.0),
    ]);
    let by = |group| {
        names(&lanes(
            &history,
            &HistoryView {
                group,
                ..HistoryView::default()
            },
        ))
    };
    let text = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        by(Group::Phase),
        [
            ("canary".into(), text(&["deploy", "verify"])),
            ("stable".into(), text(&["deploy"]))
        ]
    );
    assert_eq!(
        by(Group::Rollout),
        [(
            "o".into(),
            text(&["canary / deploy", "canary / verify", "stable / deploy"])
        )]
    );
    assert_eq!(by(Group::State)[0].0, "SUCCEEDED");
    assert_eq!(by(Group::Pipeline)[0].0, "d");
    assert_eq!(by(Group::Target)[0].0, "");
}

#[test]
fn groups_are_sorted_and_collapsed_as_the_address_says() {
    let history = history(vec![
        run("a").job("b-phase", "deploy").times(0.0, 1.0, 100.0),
        run("b")
            .job("a-phase", "deploy")
            .state("FAILED")
            .times(5.0, 6.0, 7.0),
        run("c").job("b-phase", "deploy").times(200.0, 201.0, 202.0),
    ]);
    let order = |query: &str| {
        let lanes = lanes(&history, &HistoryView::from_query(query));
        lanes
            .groups
            .iter()
            .map(|group| group.name.clone())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(order(""), "b-phase a-phase");
    assert_eq!(order("sort=name"), "a-phase b-phase");
    assert_eq!(order("sort=failures"), "a-phase b-phase");
    assert_eq!(order("sort=longest"), "b-phase a-phase");
    assert_eq!(order("sort=newest"), "b-phase a-phase");
    let shut = lanes(&history, &HistoryView::from_query("shut=b-phase"));
    assert!(shut.groups[0].is_shut);
    assert_eq!((shut.groups[0].runs, shut.groups[1].failed), (2, 1));
    assert_eq!(shut.runs.len(), 1);
}

#[test]
fn filters_let_through_what_they_say() {
    let failed = json!({ "failureCause": "EXECUTION_FAILED", "failureMessage": "Image Not Found" });
    let history = history(vec![
        run("a"),
        run("b")
            .state("FAILED")
            .variant("verifyJobRun", failed)
            .job("stable", "verify"),
        run("c").times(0.0, 1.0, 2.0),
        run("d").state("IN_PROGRESS").times(990.0, 991.0, None),
    ]);
    let left = |query: &str| {
        let view = HistoryView::from_query(query);
        assert_eq!(view.is_filtered(), !query.is_empty());
        ids(&history, &view.filter(&history, micros(1_000.0))).join("")
    };
    assert_eq!(left(""), "abcd");
    assert_eq!(left("state=FAILED,IN_PROGRESS"), "bd");
    assert_eq!(left("kind=verify"), "b");
    assert_eq!(left("cause=EXECUTION_FAILED"), "b");
    assert_eq!(left("q=image%20not"), "b");
    assert_eq!(left("q=nowhere"), "");
    assert_eq!(left("lane=stable%2Fverify"), "b");
    assert_eq!(left("min=11"), "ab");
    assert_eq!(left("max=10"), "cd");
    assert_eq!(left("min=10&max=10"), "d");
}

#[test]
fn settings_are_changed_one_by_one() {
    let settings = Settings("group=target&q=a%20b&tz=utc".into());
    assert_eq!(settings.get("q"), "a b");
    assert_eq!(settings.with("group=state").0, "q=a%20b&tz=utc&group=state");
    assert_eq!(settings.with("q=&tz=").0, "group=target");
    assert_eq!(Settings::default().with("q=").0, "");
    let view = HistoryView::from_query(
        "sort=name&from=2026-11-24T00:00:00Z&to=2026-11-24T01:00:00Z&idle=keep",
    );
    assert_eq!((view.sort, view.cut_idle), (Sort::Name, Some(false)));
    assert_eq!(view.window.map(|(from, to)| to - from), Some(3_600 * S));
}

#[test]
fn days_of_waiting_leave_the_minutes_readable() {
    let day = 86_400 * S;
    let compression =
        IdleCompression::without_idle([(0, 600 * S), (3 * day, 3 * day + 600 * S)].into_iter());
    let [cut] = compression.cuts() else {
        panic!("{compression:?}")
    };
    assert_eq!((cut.from, cut.to), (600 * S, 3 * day));
    assert_eq!(cut.shown_length, 600 * S, "half of the busy time");
    assert_eq!(compression.show(3 * day + 600 * S), 1_800 * S);
    assert_eq!(compression.show(600 * S + cut.length() / 2), 900 * S);
    // What is short is not worth a cut.
    assert!(
        IdleCompression::without_idle([(0, 600 * S), (650 * S, 700 * S)].into_iter())
            .cuts()
            .is_empty()
    );
}

#[test]
fn one_failure_among_thousands_shows() {
    let samples = (0..2_000)
        .map(|at| {
            let state = if at == 1_234 { "FAILED" } else { "SUCCEEDED" };
            run(&format!("r{at}")).state(state).times(
                f64::from(at),
                f64::from(at),
                f64::from(at) + 0.5,
            )
        })
        .collect();
    let lanes = lanes(&history(samples), &HistoryView::default());
    assert_eq!(lanes.rows.len(), 1);
    let (from, to) = lanes.extent.unwrap();
    let mut blocks = Vec::new();
    lanes.blocks(0, &Viewport::showing(from, to, 100, to), &mut blocks);
    let failed: Vec<&Block> = blocks
        .iter()
        .filter(|block| block.states.has(States::FAILED))
        .collect();
    assert_eq!(failed.len(), 1, "{blocks:?}");
    assert_eq!((failed[0].from, failed[0].to), (61, 62));
    assert!(blocks.len() <= 3);
}

#[test]
fn a_replay_shows_the_moment() {
    let history = history(vec![
        run("a").state("FAILED").times(0.0, 1.0, 10.0),
        run("b").state("SUCCEEDED").times(20.0, 21.0, 30.0),
    ]);
    let lanes = lanes(&history, &HistoryView::default());
    let at = |secs: f64| {
        let mut viewport = Viewport::showing(micros(0.0), micros(100.0), 100, micros(secs));
        viewport.is_replay = true;
        let mut blocks = Vec::new();
        lanes.blocks(0, &viewport, &mut blocks);
        blocks
            .iter()
            .map(|block| (block.from, block.to, block.states))
            .collect::<Vec<_>>()
    };
    assert_eq!(at(5.0), [(0, 5, States::LIVE)]);
    assert_eq!(at(15.0), [(0, 10, States::FAILED)]);
    assert_eq!(at(25.0), [(0, 10, States::FAILED), (20, 25, States::LIVE)]);
}

proptest! {
    #[test]
    fn bars_of_a_row_are_in_order_and_every_run_has_one(samples in any_runs(), cut: bool, group in 0_usize..6) {
        let history = history(samples);
        let view = HistoryView { group: Group::ALL[group], cut_idle: Some(cut), ..HistoryView::default() };
        let lanes = lanes(&history, &view);
        let mut runs = lanes.runs.clone();
        runs.sort_unstable();
        let timed: Vec<u32> =
            (0..history.len() as u32).filter(|run| history.span(*run as usize).is_some()).collect();
        prop_assert_eq!(&runs, &timed);
        prop_assert_eq!(lanes.timeless, history.len() - timed.len());
        for row in &lanes.rows {
            for bar in row.bars.clone() {
                prop_assert!(lanes.from[bar] <= lanes.to[bar]);
                if bar + 1 < row.bars.end {
                    prop_assert!(lanes.to[bar] <= lanes.from[bar + 1]);
                }
                prop_assert_eq!(lanes.row_of(bar), lanes.rows.iter().position(|r| r.bars == row.bars).unwrap());
            }
        }
        // Lanes use no more rows than runs overlap at most, which is what halving needs.
        for lane in &lanes.lanes {
            let bars = lanes.rows[lane.rows.start].bars.start..lanes.rows[lane.rows.end - 1].bars.end;
            let most = bars.clone().map(|bar| {
                let at = lanes.from[bar];
                bars.clone().filter(|b| {
                    let to = if lanes.to[*b] == lanes.from[*b] { lanes.to[*b] + 1 } else { lanes.to[*b] };
                    lanes.from[*b] <= at && at < to
                }).count()
            }).max().unwrap();
            prop_assert!(lane.rows.len() <= most.max(1), "{} rows for {}", lane.rows.len(), most);
        }
        prop_assert_eq!(lanes.rows_between(0, lanes.height), 0..lanes.rows.len());
        if let Some(row) = lanes.rows.last() {
            prop_assert_eq!(lanes.rows_between(row.top, row.top + ROW), lanes.rows.len() - 1..lanes.rows.len());
        }
    }

    /// What is drawn equals what looking at every bar finds, pixel for pixel.
    #[test]
    fn what_is_drawn_equals_looking_at_every_bar(
        samples in any_runs(),
        from in -20.0..120.0_f64,
        length in prop_oneof![0.001..1.0_f64, 1.0..500.0, 500.0..50_000.0],
        width in 1..90_i32,
        now in 0.0..150.0_f64,
        is_replay: bool,
        cut: bool,
    ) {
        let history = history(samples);
        let lanes = lanes(&history, &HistoryView { cut_idle: Some(cut), ..HistoryView::default() });
        let from = micros(from);
        let mut viewport = Viewport::showing(from, from + (length * 1e6) as Micros, width, lanes.compression.show(micros(now)));
        viewport.is_replay = is_replay;
        for row in 0..lanes.rows.len() {
            let seen = |bar: &usize| !is_replay || lanes.from[*bar] <= viewport.now;
            let covers = |bar: usize, pixel: i32| {
                let (from, to) = viewport.pixels(lanes.from[bar], lanes.end(bar, &viewport));
                (from..to).contains(&pixel)
            };
            let mut blocks = Vec::new();
            lanes.blocks(row, &viewport, &mut blocks);
            for pixel in 0..width {
                let here: Vec<usize> =
                    lanes.rows[row].bars.clone().filter(seen).filter(|bar| covers(*bar, pixel)).collect();
                let wanted = here.iter().fold(States::default(), |states, bar| states.or(lanes.state_seen(*bar, &viewport)));
                let drawn = blocks
                    .iter()
                    .filter(|block| (block.from..block.to).contains(&pixel))
                    .fold(States::default(), |states, block| states.or(block.states));
                prop_assert_eq!(drawn, wanted, "row {} pixel {}: {:?}", row, pixel, blocks);
                let hit: Vec<usize> = lanes.at(row, pixel, &viewport).collect();
                prop_assert_eq!(hit, here, "row {} pixel {}", row, pixel);
            }
            for pair in blocks.windows(2) {
                prop_assert!(pair[0].to <= pair[1].from + 1, "{:?}", blocks);
            }
            prop_assert!(blocks.len() <= 2 * width as usize + 4);
        }
    }

    #[test]
    fn a_scale_keeps_the_order_and_finds_back(
        spans in prop::collection::vec((0..10_000_000_i64, 0..2_000_i64), 0..20),
        times in prop::collection::vec(-1_000..10_010_000_i64, 1..30),
    ) {
        let mut spans: Vec<_> = spans.into_iter().map(|(from, length)| (from * S, (from + length) * S)).collect();
        spans.sort_unstable();
        let compression = IdleCompression::without_idle(spans.iter().copied());
        let mut times: Vec<Micros> = times.into_iter().map(|time| time * S).collect();
        times.sort_unstable();
        for pair in times.windows(2) {
            prop_assert!(compression.show(pair[0]) <= compression.show(pair[1]));
        }
        for time in &times {
            let back = compression.real(compression.show(*time));
            let in_cut = compression.cuts().iter().find(|cut| (cut.from..cut.to).contains(time));
            let exact = in_cut.map_or(0, |cut| cut.length() / cut.shown_length + 1);
            prop_assert!((back - time).abs() <= exact, "{} came back as {}", time, back);
        }
        // Cuts never touch what happened.
        for cut in compression.cuts() {
            prop_assert!(spans.iter().all(|(from, to)| *to <= cut.from || *from >= cut.to));
            prop_assert!(cut.shown_length < cut.length());
        }
    }
}

#[test]
fn what_has_no_end_reaches_to_the_present() {
    let history = history(vec![run("a").state("IN_PROGRESS").times(0.0, 10.0, None)]);
    let lanes = lanes(&history, &HistoryView::default());
    assert_eq!(lanes.to, [Span::OPEN]);
    let viewport = Viewport::showing(micros(0.0), micros(100.0), 100, micros(50.0));
    let mut blocks = Vec::new();
    lanes.blocks(0, &viewport, &mut blocks);
    assert_eq!(
        blocks,
        [Block {
            from: 0,
            to: 50,
            first: 0,
            end: 1,
            states: States::LIVE
        }]
    );
    assert!(Lanes::is_live(&history, &[0]));
}

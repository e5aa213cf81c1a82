//! The timeline of many runs, as its worker works it out.

use jobrun_viewer::model::history::Micros;
use jobrun_viewer::workers::history::protocol::{
    Counts, Event, Facets, Keys, ManyTip, Pointer, Row, Rows, RunDetails, RunTip, TipContent, Touch,
};
use jobrun_viewer::workers::history::scene::{Op, Paint};
use jobrun_viewer::workers::history::{Controller, Host};
use proptest::prelude::*;
use serde_json::{Value, json};

const SECOND: Micros = 1_000_000;
/// 2026-11-24T02:00:00Z.
const START: Micros = 1_795_485_600 * SECOND;

struct Fixed;

impl Host for Fixed {
    fn now(&self) -> Micros {
        START + 10_000 * SECOND
    }

    fn offset(&self, _: &str, _: Micros) -> i32 {
        0
    }
}

fn time(secs: i64) -> String {
    jobrun_viewer::core::time::to_rfc3339(
        jobrun_viewer::core::time::Timestamp::from_microsecond(START + secs * SECOND).unwrap(),
    )
}

fn run(id: &str, phase: &str, job: &str, state: &str, from: i64, to: i64) -> Value {
    json!({
        "name": format!("projects/p/locations/l/deliveryPipelines/d/releases/r/rollouts/o/jobRuns/{id}"),
        "phaseId": phase,
        "jobId": job,
        "state": state,
        "createTime": time(from),
        "startTime": time(from + 1),
        "endTime": time(to),
        "deployJobRun": { "failureCause": if state == "FAILED" { "EXECUTION_FAILED" } else { "" } },
    })
}

fn controller_of(runs: &[Value]) -> Controller<Fixed> {
    let mut controller = Controller::new(Fixed);
    controller.resize(1_208, 600);
    controller
        .history()
        .add_document(json!({ "jobRuns": runs }).to_string().as_bytes());
    controller.show("idle=keep");
    controller.take_events();
    controller
}

/// A run of 1,000 s, then one of 1,000 s that failed, then one of 1,000 s: the track is 1,000 pixels.
fn three() -> Controller<Fixed> {
    controller_of(&[
        run("a", "stable", "deploy", "SUCCEEDED", 0, 1_000),
        run("b", "stable", "deploy", "FAILED", 1_000, 2_000),
        run("c", "stable", "deploy", "SUCCEEDED", 2_000, 3_000),
    ])
}

fn at(x: f64, y: f64) -> Pointer {
    Pointer {
        id: 1,
        x,
        y,
        shift: false,
    }
}

fn settings(events: &[Event]) -> Vec<String> {
    let settings = events.iter().filter_map(|event| match event {
        Event::Set(settings) => Some(settings.clone()),
        _ => None,
    });
    settings.collect()
}

/// What an event of a kind carries, of the last one.
macro_rules! last {
    ($events:expr, $kind:ident) => {
        $events
            .iter()
            .rev()
            .find_map(|event| match event {
                Event::$kind(value) => Some(value.clone()),
                _ => None,
            })
            .expect("an event of the kind")
    };
}

fn rows(events: &[Event]) -> Rows {
    last!(events, Rows)
}

fn counts(events: &[Event]) -> Counts {
    last!(events, Counts)
}

fn facets(events: &[Event]) -> Facets {
    last!(events, Facets)
}

fn selected(events: &[Event]) -> Option<Box<RunDetails>> {
    last!(events, Run)
}

/// The height of the first row's middle: below minimap, axis and the group's head.
const ROW: f64 = 34.0 + 26.0 + 28.0 + 9.0;

#[test]
fn all_runs_are_shown_at_first_and_the_failure_in_its_colour() {
    let mut controller = three();
    let scene = controller.scene();
    let failed: Vec<_> = scene
        .iter()
        .filter_map(|op| match op {
            Op::Fill(Paint::Failed, _, rects) => Some(rects.clone()),
            _ => None,
        })
        .flatten()
        .filter(|[_, _, width, _]| *width > 3.0)
        .collect();
    // On the minimap and in its lane, a third of the track each.
    assert_eq!(failed.len(), 2, "{failed:?}");
    for [x, _, width, _] in failed {
        assert!(
            (x - 208.0 - 338.0).abs() < 6.0 && (width - 322.0).abs() < 8.0,
            "{x} {width}"
        );
    }
}

#[test]
fn the_wheel_zooms_around_the_pointer() {
    let mut controller = three();
    controller.pointer(Touch::Move, at(208.0 + 500.0, ROW));
    let before = tip_at(&mut controller, 208.0 + 500.0);
    assert!(before.contains("Failed"), "{before}");
    for _ in 0..20 {
        controller.wheel(
            208.0 + 500.0,
            0.0,
            -100.0,
            Keys {
                control: true,
                ..Keys::default()
            },
        );
    }
    assert_eq!(tip_at(&mut controller, 208.0 + 500.0), before);
    assert_eq!(tip_at(&mut controller, 210.0), before, "it fills the track");
    controller.save_window();
    let [set] = &settings(&controller.take_events())[..] else {
        panic!("one setting")
    };
    assert!(
        set.starts_with("from=2026-11-24T02%3A2") && set.contains("&to=2026-11-24T02%3A2"),
        "{set}"
    );
    // What the address then has is what is shown.
    controller.show(&format!("idle=keep&{set}"));
    assert_eq!(tip_at(&mut controller, 208.0 + 500.0), before);
    controller.save_window();
    assert!(settings(&controller.take_events()).is_empty());
    assert!(controller.key("f"));
    controller.save_window();
    assert_eq!(settings(&controller.take_events()), ["from=&to="]);
}

/// What the tip says at a position of the first row, in one text.
fn tip_at(controller: &mut Controller<Fixed>, x: f64) -> String {
    controller.pointer(Touch::Move, at(x, ROW));
    let tip = last!(controller.take_events(), Tip);
    let words = match tip.map(|tip| tip.content) {
        Some(TipContent::Run(RunTip {
            badge,
            job,
            rollout,
            times,
            attempt,
            from,
            cause,
        })) => {
            let optional = [attempt, from, cause].into_iter().flatten();
            [badge.label, job, rollout, times]
                .into_iter()
                .chain(optional)
                .collect()
        }
        Some(TipContent::Many(ManyTip { title, states })) => {
            let states = states
                .into_iter()
                .flat_map(|(badge, count)| [badge.label, count]);
            std::iter::once(title).chain(states).collect()
        }
        None => vec![],
    };
    words.join("|")
}

#[test]
fn a_click_selects_a_run_and_says_why_it_failed() {
    let mut controller = three();
    controller.pointer(Touch::Down, at(708.0, ROW));
    controller.pointer(Touch::Up, at(708.0, ROW));
    let events = controller.take_events();
    // The address repeats it, and nothing is worked out again for that.
    controller.show(&format!("idle=keep&{}", settings(&events)[0]));
    assert_eq!(controller.take_events(), []);
    assert_eq!(
        settings(&events),
        [
            "run=projects%2Fp%2Flocations%2Fl%2FdeliveryPipelines%2Fd%2Freleases%2Fr%2Frollouts%2Fo%2FjobRuns%2Fb"
        ]
    );
    let run = selected(&events).expect("it is selected");
    let [failure] = &run.failures[..] else {
        panic!("{run:?}")
    };
    assert!(
        failure.title == "EXECUTION_FAILED" && !failure.next.is_empty(),
        "{failure:?}"
    );
    // A click beside all bars selects none.
    controller.pointer(Touch::Down, at(708.0, 500.0));
    controller.pointer(Touch::Up, at(708.0, 500.0));
    assert_eq!(settings(&controller.take_events()), ["run="]);
}

#[test]
fn a_drag_moves_what_is_seen_and_selects_nothing() {
    let mut controller = three();
    controller.pointer(Touch::Down, at(708.0, ROW));
    controller.pointer(Touch::Move, at(608.0, ROW));
    controller.pointer(Touch::Move, at(408.0, ROW));
    controller.pointer(Touch::Up, at(408.0, ROW));
    assert!(settings(&controller.take_events()).is_empty());
    // The last run has come to where the failed one was.
    assert!(tip_at(&mut controller, 708.0).contains("Succeeded"));
}

#[test]
fn a_drag_along_the_axis_or_the_minimap_zooms_to_the_stretch() {
    for y in [10.0, 45.0] {
        let mut controller = three();
        controller.pointer(Touch::Down, at(208.0 + 400.0, y));
        controller.pointer(Touch::Move, at(208.0 + 500.0, y));
        controller.pointer(Touch::Up, at(208.0 + 500.0, y));
        assert!(tip_at(&mut controller, 212.0).contains("Failed"), "at {y}");
        assert!(
            tip_at(&mut controller, 1_200.0).contains("Failed"),
            "at {y}"
        );
    }
}

#[test]
fn a_ruler_measures_between_two_times() {
    let mut controller = three();
    let shifted = |x: f64| Pointer {
        shift: true,
        ..at(x, 400.0)
    };
    controller.pointer(Touch::Down, shifted(308.0));
    controller.pointer(Touch::Move, shifted(408.0));
    controller.pointer(Touch::Up, shifted(408.0));
    let texts = texts(&mut controller);
    // A tenth of 3,120 s.
    assert!(
        texts.iter().any(|text| text.starts_with("5 m 12")),
        "{texts:?}"
    );
    controller.key("Escape");
    assert!(
        !self::texts(&mut controller)
            .iter()
            .any(|text| text.starts_with("5 m 12"))
    );
}

fn texts(controller: &mut Controller<Fixed>) -> Vec<String> {
    let scene = controller.scene();
    scene
        .into_iter()
        .filter_map(|op| match op {
            Op::Texts(labels) => Some(labels),
            _ => None,
        })
        .flatten()
        .map(|label| label.text)
        .collect()
}

#[test]
fn every_state_has_a_sign_on_its_bar() {
    let states = [
        "SUCCEEDED",
        "FAILED",
        "IN_PROGRESS",
        "TERMINATING",
        "TERMINATED",
        "SOMETHING_NEW",
    ];
    let runs: Vec<Value> = (0..)
        .zip(states)
        .map(|(n, state)| {
            run(
                state,
                "stable",
                &format!("job-{n}"),
                state,
                n * 1_000,
                (n + 1) * 1_000,
            )
        })
        .collect();
    let texts = texts(&mut controller_of(&runs));
    let sign = |text: &String| text.strip_suffix(" o").map(str::to_owned);
    let mut signs: Vec<String> = texts.iter().filter_map(sign).collect();
    signs.sort();
    signs.dedup();
    assert_eq!(signs.len(), states.len(), "{texts:?}");
}

#[test]
fn n_goes_from_failure_to_failure() {
    let mut controller = controller_of(&[
        run("a", "canary", "deploy", "FAILED", 0, 10),
        run("b", "stable", "deploy", "SUCCEEDED", 20, 30),
        run("c", "stable", "deploy", "FAILED", 40, 50),
    ]);
    let mut went = |key: &str| {
        controller.key(key);
        let set = settings(&controller.take_events());
        set.last()
            .map(|set| set.rsplit("%2F").next().unwrap().to_owned())
    };
    assert_eq!(went("n").as_deref(), Some("a"));
    assert_eq!(went("n").as_deref(), Some("c"));
    assert_eq!(went("n"), None);
    assert_eq!(went("N").as_deref(), Some("a"));
}

#[test]
fn a_click_on_a_group_collapses_it() {
    let mut controller = controller_of(&[
        run("a", "canary", "deploy", "FAILED", 0, 10),
        run("b", "stable", "deploy", "SUCCEEDED", 20, 30),
    ]);
    controller.pointer(Touch::Down, at(20.0, 70.0));
    controller.pointer(Touch::Up, at(20.0, 70.0));
    assert_eq!(settings(&controller.take_events()), ["shut=canary"]);
    assert!(
        texts(&mut controller)
            .iter()
            .any(|text| text.starts_with("▸ canary"))
    );
    controller.pointer(Touch::Down, at(20.0, 70.0));
    controller.pointer(Touch::Up, at(20.0, 70.0));
    assert_eq!(settings(&controller.take_events()), ["shut="]);
}

#[test]
fn the_tip_of_many_runs_counts_their_states() {
    let runs: Vec<Value> = (0..1_000)
        .map(|n| {
            let state = if n == 500 { "FAILED" } else { "SUCCEEDED" };
            run(&n.to_string(), "s", "d", state, n * 4_000, n * 4_000 + 3)
        })
        .collect();
    let mut controller = controller_of(&runs);
    let tips: Vec<String> = (0..1_000)
        .map(|x| tip_at(&mut controller, 208.0 + f64::from(x)))
        .collect();
    let failed: Vec<&String> = tips.iter().filter(|tip| tip.contains("Failed")).collect();
    assert!(!failed.is_empty() && failed.len() <= 8, "{failed:?}");
    assert!(tips.iter().any(|tip| tip.contains("job runs")));
}

#[test]
fn the_table_has_the_rows_that_are_asked_for_and_selects() {
    let runs: Vec<Value> = (0..500)
        .map(|n| run(&n.to_string(), "s", "d", "SUCCEEDED", n * 10, n * 10 + 5))
        .collect();
    let mut controller = controller_of(&runs);
    controller.show_rows(490, 30, 495);
    let Rows { total, first, rows } = rows(&controller.take_events());
    assert_eq!((total, first, rows.len()), (500, 490, 10));
    let active: Vec<usize> = rows
        .iter()
        .filter(|row| row.is_active)
        .map(|row| row.index)
        .collect();
    assert_eq!(active, [495]);
    assert!(!rows.iter().any(|row| row.is_selected || row.is_flagged));
    controller.choose(3);
    let events = controller.take_events();
    assert!(settings(&events)[0].ends_with("%2F3"));
    controller.show_rows(0, 5, 0);
    let rows = self::rows(&controller.take_events()).rows;
    let selected: Vec<usize> = rows
        .iter()
        .filter(|row| row.is_selected)
        .map(|row| row.index)
        .collect();
    assert_eq!(selected, [3]);
}

#[test]
fn counts_say_what_is_left_out() {
    let mut controller = three();
    controller.history().add_document(b"[{\"name\":\"x\"}, 7]");
    controller.show("state=FAILED");
    let Counts {
        matching,
        total,
        unreadable,
        timeless,
        sentence,
    } = counts(&controller.take_events());
    assert_eq!([matching, total, unreadable, timeless], [1, 3, 2, 0]);
    assert!(
        sentence.starts_with("1 of 3 job runs; 2 entries cannot be read"),
        "{sentence}"
    );
    controller.show("");
    let facets = facets(&controller.take_events());
    assert!(
        facets
            .states
            .iter()
            .any(|it| it.value == "FAILED" && it.label == "Failed (1)"),
        "{facets:?}"
    );
}

#[test]
fn a_replay_shows_every_run_as_it_stood() {
    let mut controller = three();
    // While the second run, which failed in the end, was under way.
    controller.show("idle=keep&at=2026-11-24T02:25:00Z");
    controller.show_rows(0, 3, 0);
    let events = controller.take_events();
    let states: Vec<String> = rows(&events)
        .rows
        .into_iter()
        .map(|row| row.badge.label)
        .collect();
    assert_eq!(states, ["Succeeded", "Running then", "Not there yet"]);
    assert!(
        counts(&events)
            .sentence
            .contains("1 running, 1 succeeded; 1 not there yet")
    );
    assert!(
        texts(&mut controller).iter().any(|text| text == "2 runs"),
        "the group counts so too"
    );
    controller.key(".");
    assert!(settings(&controller.take_events())[0].starts_with("at=2026-11-24T02%3A33%3A20"));
}

#[test]
fn a_selected_run_comes_from_the_address_even_before_it_is_read() {
    let mut controller = Controller::new(Fixed);
    controller.resize(1_000, 500);
    controller.show("run=projects%2Fp%2Flocations%2Fl%2FdeliveryPipelines%2Fd%2Freleases%2Fr%2Frollouts%2Fo%2FjobRuns%2Fb");
    assert_eq!(selected(&controller.take_events()), None);
    let runs = [
        run("a", "s", "d", "SUCCEEDED", 0, 5),
        run("b", "s", "d", "FAILED", 10, 15),
    ];
    controller
        .history()
        .add_document(json!({ "jobRuns": runs }).to_string().as_bytes());
    assert!(controller.has_news());
    controller.lay_out();
    let run = selected(&controller.take_events()).expect("it is selected");
    assert_eq!(run.badge.label, "Failed");
}

#[test]
fn what_others_wrote_is_only_ever_text() {
    let hostile = "<img src=x onerror=alert(1)>\u{1}div\u{2}";
    let mut controller = controller_of(&[run("a", hostile, hostile, hostile, 0, 10)]);
    controller.show_rows(0, 1, 0);
    let Rows { rows, .. } = rows(&controller.take_events());
    let [
        Row {
            badge, phase, job, ..
        },
    ] = &rows[..]
    else {
        panic!("{rows:?}")
    };
    let shown = "<img src=x onerror=alert(1)>\u{fffd}div\u{fffd}";
    assert!(
        [&badge.label, phase, job]
            .iter()
            .all(|text| text.contains(shown)),
        "{rows:?}"
    );
}

proptest! {
    #[test]
    fn whatever_is_done_there_is_something_to_see(
        acts in prop::collection::vec((0..12_u8, -50.0..1_300.0_f64, -50.0..700.0_f64), 0..60),
        size in (0..2_000_i32, 0..1_000_i32),
        query in prop::sample::select(vec!["", "group=state", "at=2026-11-24T02:10:00Z", "idle=cut", "q=zzz", "axis=start"]),
    ) {
        let mut controller = three();
        controller.resize(size.0, size.1);
        controller.show(query);
        for (act, x, y) in acts {
            match act {
                0 => controller.pointer(Touch::Down, at(x, y)),
                1 | 2 => controller.pointer(Touch::Move, at(x, y)),
                3 => controller.pointer(Touch::Up, at(x, y)),
                4 => controller.pointer(Touch::Twice, at(x, y)),
                5 => controller.pointer(Touch::Gone, at(x, y)),
                6 => controller.wheel(x, y, x * 10.0, Keys { control: true, ..Keys::default() }),
                7 => controller.wheel(x, y, x, Keys::default()),
                8 => controller.pointer(Touch::Down, Pointer { id: 2, x: y, y: x, shift: true }),
                9 => drop(controller.key(["w", "s", "a", "d", "z", "f", "n", "]"][x.abs() as usize % 8])),
                10 => controller.save_window(),
                _ => controller.resize(x as i32, y as i32),
            }
        }
        controller.scene();
        controller.key("f");
        controller.resize(1_208, 600);
        let filtered_out = query == "q=zzz";
        let shows = controller.scene().iter().any(|op| matches!(op, Op::Fill(Paint::Failed | Paint::Succeeded | Paint::Live, ..)));
        prop_assert!(shows || filtered_out);
    }
}

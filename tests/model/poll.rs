//! Guards polling: fast while something runs, slow while something may begin, and then no more.

use std::time::Duration;

use jobrun_viewer::api::source::Record;
use jobrun_viewer::model::rollout::poll::{LIVE, MAX_ASKED, MAX_BACKOFF, QUIET, next_poll};
use jobrun_viewer::model::run::RunSet;
use proptest::prelude::*;

use crate::sample::{Sample, any_runs, any_time, at, run, set};

#[test]
fn polls_are_as_often_as_something_may_change() {
    let ended = |secs: f64| run("a").times(0.0, 1.0, secs);
    let live = run("b")
        .job("stable", "verify")
        .state("IN_PROGRESS")
        .times(0.0, 1.0, None);
    let cases: [(&str, Vec<Sample>, Option<Duration>); 14] = [
        ("no runs yet", vec![], Some(QUIET)),
        ("in progress", vec![live.clone()], Some(LIVE)),
        (
            "terminating",
            vec![live.clone().state("TERMINATING")],
            Some(LIVE),
        ),
        (
            "one of two live",
            vec![ended(5.0), live.clone()],
            Some(LIVE),
        ),
        (
            "live beside unknown",
            vec![live, run("c").state("PAUSED")],
            Some(LIVE),
        ),
        (
            "a state of a newer version",
            vec![run("a").state("PAUSED")],
            Some(QUIET),
        ),
        ("no state", vec![run("a").without("state")], Some(QUIET)),
        ("just ended", vec![ended(999.0)], Some(QUIET)),
        ("ended two minutes ago", vec![ended(880.0)], Some(QUIET)),
        ("ended longer ago", vec![ended(879.999)], None),
        (
            "one of two ended just now",
            vec![ended(5.0), run("b").times(0.0, 1.0, 990.0)],
            Some(QUIET),
        ),
        (
            "ended by a clock that is ahead",
            vec![ended(1_060.0)],
            Some(QUIET),
        ),
        ("ended far in the future", vec![ended(2_000.0)], None),
        (
            "final without an end",
            vec![run("a").state("FAILED").times(0.0, 1.0, None)],
            None,
        ),
    ];
    for (case, samples, expected) in cases {
        assert_eq!(
            next_poll(&set(&samples), None, at(1_000.0), 0, None),
            expected,
            "{case}"
        );
    }
    let over = set(&[ended(5.0)]);
    assert_eq!(
        next_poll(&over, Some(true), at(1_000.0), 0, None),
        Some(QUIET),
        "the rollout goes on"
    );
    assert_eq!(
        next_poll(&over, Some(false), at(1_000.0), 0, None),
        None,
        "the rollout is over"
    );
    assert_eq!(
        next_poll(&set(&[]), Some(false), at(0.0), 0, None),
        None,
        "over before it began"
    );
    let unreadable = RunSet::new(vec![Record::from_json("null")], None);
    assert_eq!(
        next_poll(&unreadable, None, at(0.0), 0, None),
        None,
        "nothing but an entry that cannot be read"
    );
}

#[test]
fn failures_double_the_wait_up_to_a_minute() {
    let secs = |samples: &[Sample], failures| {
        next_poll(&set(samples), None, at(0.0), failures, None)
            .unwrap()
            .as_secs()
    };
    let live = [run("a").state("IN_PROGRESS").times(0.0, None, None)];
    let found: Vec<u64> = [0, 1, 2, 3, 4, 5, 6, 32, u32::MAX]
        .map(|failures| secs(&live, failures))
        .to_vec();
    assert_eq!(found, [2, 4, 8, 16, 32, 60, 60, 60, 60]);
    assert_eq!(
        [0, 1, 2, 3, u32::MAX].map(|failures| secs(&[], failures)),
        [10, 20, 40, 60, 60]
    );
}

proptest! {
    #[test]
    fn any_set_has_its_polls(samples in any_runs(), now in any_time(), failures in any::<u32>()) {
        let set = set(&samples);
        let first = next_poll(&set, None, now, 0, None);
        let later = next_poll(&set, None, now, failures, None);
        prop_assert_eq!(first.is_some(), later.is_some(), "failures do not end it");
        if let (Some(first), Some(later)) = (first, later) {
            prop_assert!(first == LIVE || first == QUIET);
            prop_assert!(first <= later && later <= MAX_BACKOFF);
        }
    }
}

#[test]
fn the_server_is_not_asked_before_the_time_that_it_names() {
    let live = set(&[]);
    let next =
        |asked| next_poll(&live, None, at(0.0), 1, Some(Duration::from_secs(asked))).unwrap();
    assert_eq!(
        next(300),
        Duration::from_secs(300),
        "later than any backoff"
    );
    assert_eq!(next(1), QUIET * 2, "sooner than the backoff");
    // A timer of 25 to 50 days fires at once, and a longer one is none.
    for days in [25, 50, 1 << 40] {
        assert_eq!(next(days * 86_400), MAX_ASKED);
    }
}

//! Guards the time axis: few enough ticks, in the window, on round times of the reader's zone.

use jobrun_viewer::core::time::{SignedDuration, Timestamp};
use jobrun_viewer::model::timeline::Window;
use jobrun_viewer::model::timeline::ticks::{ago, clock, relative, ticks, zone_label};
use proptest::prelude::*;

use crate::sample::{any_time, at};

const INDIA: i32 = 5 * 3_600 + 1_800;
const NEWFOUNDLAND: i32 = -(3 * 3_600 + 1_800);
const DAY: f64 = 86_400.0;

/// The labels of a window that begins at 02:00:00 UTC on 24 November 2026, dates in brackets.
fn labels(secs: f64, most: usize, offset: i32) -> String {
    let ticks = ticks(
        Window {
            from: at(0.0),
            to: at(secs),
        },
        most,
        offset,
    );
    let labels = ticks.iter().map(|t| {
        if t.is_date {
            format!("[{}]", t.label)
        } else {
            t.label.clone()
        }
    });
    labels.collect::<Vec<_>>().join(" ")
}

#[test]
fn labels_are_as_fine_as_their_steps() {
    let cases = [
        (0.001, 0, "00.000 00.001"),
        (0.05, 0, "00.000 00.010 00.020 00.030 00.040 00.050"),
        (2.0, 0, "00.000 00.500 01.000 01.500 02.000"),
        (
            6.0,
            0,
            "02:00:00 02:00:01 02:00:02 02:00:03 02:00:04 02:00:05 02:00:06",
        ),
        (
            90.0,
            0,
            "02:00:00 02:00:15 02:00:30 02:00:45 02:01:00 02:01:15 02:01:30",
        ),
        (600.0, 0, "02:00 02:02 02:04 02:06 02:08 02:10"),
        (3_600.0, 0, "02:00 02:10 02:20 02:30 02:40 02:50 03:00"),
        (3_600.0, INDIA, "07:30 07:40 07:50 08:00 08:10 08:20 08:30"),
        (
            3_600.0,
            NEWFOUNDLAND,
            "22:30 22:40 22:50 23:00 23:10 23:20 23:30",
        ),
        (DAY, 0, "06:00 12:00 18:00 [25 Nov]"),
        (DAY, INDIA, "12:00 18:00 [25 Nov] 06:00"),
        (DAY, NEWFOUNDLAND, "[24 Nov] 06:00 12:00 18:00"),
        (4.0 * DAY, 0, "[25 Nov] [26 Nov] [27 Nov] [28 Nov]"),
        (
            11.0 * DAY,
            0,
            "[25 Nov] [27 Nov] [29 Nov] [1 Dec] [3 Dec] [5 Dec]",
        ),
        (
            40.0 * DAY,
            0,
            "[26 Nov] [3 Dec] [10 Dec] [17 Dec] [24 Dec] [31 Dec]",
        ),
        (300.0 * DAY, 0, "[Jan 2027] [Apr 2027] [Jul 2027]"),
        (
            1_000.0 * DAY,
            0,
            "[Apr 2027] [Oct 2027] [Apr 2028] [Oct 2028] [Apr 2029]",
        ),
        (
            7_900.0 * 365.0 * DAY,
            0,
            "[Jul 3286] [Jan 4603] [Jul 5919] [Jan 7236] [Jul 8552] [Jan 9869]",
        ),
    ];
    for (secs, offset, expected) in cases {
        assert_eq!(labels(secs, 6, offset), expected, "{secs} s, {offset}");
    }
}

#[test]
fn ticks_lie_where_their_times_are() {
    let window = Window {
        from: at(-30.0),
        to: at(90.0),
    };
    let found: Vec<(f64, String)> = ticks(window, 2, 0)
        .into_iter()
        .map(|tick| (tick.at, tick.label))
        .collect();
    assert_eq!(
        found,
        [(0.25, "02:00".to_owned()), (0.75, "02:01".to_owned())]
    );
}

#[test]
fn ticks_stay_in_windows_finer_than_a_millisecond() {
    let nanos = |nanos| at(0.0) + SignedDuration::from_nanos(nanos);
    let labels = |from, to| -> Vec<String> {
        let window = Window {
            from: nanos(from),
            to: nanos(to),
        };
        ticks(window, 6, 0)
            .into_iter()
            .map(|tick| tick.label)
            .collect()
    };
    assert_eq!(labels(900_000, 1_900_000), ["00.001"]);
    assert_eq!(labels(100_000, 200_000), [""; 0]);
    // Before 1970, where a shortened number of milliseconds is a later one.
    let before_1970 = |nanos| Timestamp::from_nanosecond(nanos).unwrap();
    let window = Window {
        from: before_1970(-1_900_000),
        to: before_1970(-900_000),
    };
    let found: Vec<String> = ticks(window, 6, 0)
        .into_iter()
        .map(|tick| tick.label)
        .collect();
    assert_eq!(found, ["59.999"]);
}

#[test]
fn what_is_no_offset_has_no_ticks() {
    assert_eq!(labels(60.0, 6, 100_000), "");
    assert_eq!(labels(60.0, 6, i32::MIN), "");
}

#[test]
fn a_count_of_none_is_one_and_of_any_is_not_too_many() {
    assert_eq!(labels(60.0, 0, 0), "02:00 02:01");
    let window = Window {
        from: Timestamp::MIN,
        to: Timestamp::MAX,
    };
    assert!(ticks(window, usize::MAX, 0).len() <= 1_001);
}

#[test]
fn a_clock_names_its_zone() {
    let time = "2026-11-24T02:03:04.5678Z".parse().unwrap();
    let cases = [
        (0, "24 Nov 2026 02:03:04.567 UTC"),
        (3_600, "24 Nov 2026 03:03:04.567 UTC+01:00"),
        (INDIA, "24 Nov 2026 07:33:04.567 UTC+05:30"),
        (NEWFOUNDLAND, "23 Nov 2026 22:33:04.567 UTC−03:30"),
        (14 * 3_600, "24 Nov 2026 16:03:04.567 UTC+14:00"),
        // What is no offset.
        (i32::MAX, "24 Nov 2026 02:03:04.567 UTC"),
    ];
    for (offset, expected) in cases {
        assert_eq!(clock(time, offset), expected);
    }
    assert_eq!(
        clock("1969-12-31T23:59:59.9999Z".parse().unwrap(), 0),
        "31 Dec 1969 23:59:59.999 UTC"
    );
}

#[test]
fn a_zone_is_named_by_its_distance() {
    let cases = [
        (0, "UTC"),
        (60, "UTC+00:01"),
        (-60, "UTC−00:01"),
        (INDIA, "UTC+05:30"),
        (NEWFOUNDLAND, "UTC−03:30"),
        (20_700, "UTC+05:45"),
    ];
    for (offset, label) in cases {
        assert_eq!(zone_label(offset), label);
    }
}

#[test]
fn a_time_is_told_from_the_present() {
    let cases = [
        (0.0, "0 s ago"),
        (-185.0, "3 m 05 s ago"),
        (-0.5, "500 ms ago"),
        (42.0, "in 42 s"),
        (7_620.0, "in 2 h 07 m"),
        (-3.0 * DAY, "3 d 00 h ago"),
    ];
    for (secs, expected) in cases {
        assert_eq!(relative(at(secs), at(0.0)), expected);
    }
    assert_eq!(
        relative(Timestamp::MIN, Timestamp::MAX),
        "7304481 d 20 h ago"
    );
    assert_eq!(
        relative(Timestamp::MAX, Timestamp::MIN),
        "in 7304481 d 20 h"
    );
}

fn any_offset() -> impl Strategy<Value = i32> {
    prop_oneof![
        Just(0),
        Just(INDIA),
        Just(NEWFOUNDLAND),
        Just(20_700),
        Just(-12 * 3_600),
        Just(14 * 3_600),
        -90_000..90_000_i32,
    ]
}

/// Windows from a millisecond to 10,000 years, at any nanosecond.
fn any_window() -> impl Strategy<Value = Window> {
    let length = (0_u32..=12, 1.0..10.0_f64)
        .prop_map(|(power, factor)| factor * 10_f64.powi(power as i32 - 3));
    let nanos = Timestamp::MIN.as_nanosecond()..=Timestamp::MAX.as_nanosecond();
    let from = prop_oneof![
        nanos,
        -2_000_000_000_000_000_000..2_000_000_000_000_000_000_i128
    ];
    let window = (from, length).prop_map(|(from, secs)| {
        let from = Timestamp::from_nanosecond(from).unwrap();
        let to = from
            .checked_add(SignedDuration::from_secs_f64(secs))
            .unwrap_or(Timestamp::MAX);
        Window { from, to }
    });
    prop_oneof![
        10 => window,
        1 => Just(Window { from: Timestamp::MIN, to: Timestamp::MAX }),
    ]
    .prop_filter("from is before to", |window| window.from < window.to)
}

#[test]
fn ages_have_one_unit() {
    let now = at(1e9);
    let told = [
        0.0,
        59.0,
        -59.0,
        60.0,
        3_599.0,
        3_600.0,
        86_399.0,
        86_400.0,
        7_776_000.0,
        -60.0,
    ]
    .map(|secs| ago(at(1e9 - secs), now));
    assert_eq!(
        told,
        [
            "just now",
            "just now",
            "just now",
            "1 m ago",
            "59 m ago",
            "1 h ago",
            "23 h ago",
            "1 d ago",
            "90 d ago",
            "in 1 m 00 s",
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn ticks_are_few_and_in_the_window(window in any_window(), most in 1_usize..20, offset in any_offset()) {
        let ticks = ticks(window, most, offset);
        prop_assert!(ticks.len() <= most + 1, "{} ticks", ticks.len());
        prop_assert!(ticks.iter().all(|tick| (0.0..=1.0).contains(&tick.at)));
        prop_assert!(ticks.is_sorted_by(|a, b| a.at < b.at));
        prop_assert!(ticks.iter().all(|tick| !tick.label.is_empty()));
        let whole_ms = window.length() >= SignedDuration::from_millis(2);
        prop_assert!(!ticks.is_empty() || most < 6 || !whole_ms, "an axis has ticks");
    }

    /// The step between ticks is the same all along and divides, or is, whole days of the zone.
    #[test]
    fn ticks_are_on_round_times(window in any_window(), most in 2_usize..20, offset in any_offset()) {
        let ticks = ticks(window, most, offset);
        let length = window.length().as_secs_f64() * 1e3;
        // Milliseconds of the zone, from which fractions differ by less than the rounding.
        prop_assume!(length < 1e14);
        let from = window.from.as_nanosecond() as f64 / 1e6 + f64::from(offset) * 1e3;
        let local: Vec<i64> = ticks.iter().map(|tick| (from + tick.at * length).round() as i64).collect();
        let steps: Vec<i64> = local.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let day = DAY as i64 * 1_000;
        for (step, time) in steps.iter().zip(&local) {
            prop_assert_eq!(*step, steps[0]);
            prop_assert!(day % step == 0 || step % day == 0, "{} ms", step);
            prop_assert_eq!(time.rem_euclid(*step), 0);
        }
        for (tick, time) in ticks.iter().zip(&local) {
            prop_assert_eq!(tick.is_date, time.rem_euclid(day) == 0, "{}", &tick.label);
        }
    }

    #[test]
    fn any_time_has_a_clock(time in any_time(), now in any_time(), offset in any::<i32>()) {
        prop_assert!(clock(time, offset).contains("UTC"));
        let relative = relative(time, now);
        prop_assert_eq!(relative.starts_with("in "), time > now);
        prop_assert!(!relative.contains('−'));
        prop_assert!(!ago(time, now).contains(['-', '−']));
    }
}

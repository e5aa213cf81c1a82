//! Guards times: Google's are read and written back to the same text, to the nanosecond, and
//! durations read well at every size.

use jobrun_viewer::core::time::{
    SignedDuration, Timestamp, exact_duration, human_duration, parse, to_rfc3339,
};
use proptest::prelude::*;

#[test]
fn a_time_is_read_to_the_nanosecond() {
    let cases = [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.000000001Z", 1),
        ("1969-12-31T23:59:59.999999999Z", -1),
        ("2026-11-24T02:00:00.123456789Z", 1_795_485_600_123_456_789),
        ("2026-11-24T02:00:00.12Z", 1_795_485_600_120_000_000),
        ("2026-11-24T07:30:00+05:30", 1_795_485_600_000_000_000),
        ("2026-11-23T22:30:00.5-03:30", 1_795_485_600_500_000_000),
        ("2026-11-24t02:00:00z", 1_795_485_600_000_000_000),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000_000_000),
        // A leap second is the last instant before it.
        ("2016-12-31T23:59:60Z", 1_483_228_799_999_999_999),
        // What is finer than a nanosecond is cut off.
        ("2026-11-24T02:00:00.1234567899Z", 1_795_485_600_123_456_789),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000_000_000),
    ];
    for (text, nanos) in cases {
        assert_eq!(parse(text).unwrap().as_nanosecond(), nanos, "{text}");
    }
}

#[test]
fn what_is_no_time_says_so() {
    let texts = [
        "",
        "yesterday",
        "2026-11-24",
        "2026-11-24T02:00:00",
        "2026-13-24T02:00:00Z",
        "2026-02-29T02:00:00Z",
        "2026-11-24T25:00:00Z",
        "2026-11-24T02:00:00.Z",
        "2026-11-24T02:00:00,5Z",
        "2026-11-24T24:00:00Z",
        "20261124T020000Z",
        "2026-11-24T02:00Z",
        "2026-11-24T02:00:00Z[UTC]",
        "-002026-11-24T02:00:00Z",
        "12026-11-24T02:00:00Z",
        "2026-11-24T02:00:00ZZ",
        " 2026-11-24T02:00:00Z",
        "2026-11-24T02:00:00+26:00",
        "1795485600",
        // In UTC an hour of the year before 0, which could not be written again.
        "0000-01-01T00:00:00+01:00",
        // Google's last day, of which the calendar that is used here has but the first hours.
        "9999-12-31T23:59:59.999999999Z",
    ];
    for text in texts {
        let error = parse(text).unwrap_err();
        assert!(
            error.contains(text) && error.len() > text.len(),
            "{text}: {error}"
        );
    }
}

#[test]
fn a_time_is_written_with_as_few_digits_as_keep_it_whole() {
    let cases = [
        (0, "1970-01-01T00:00:00Z"),
        (1, "1970-01-01T00:00:00.000000001Z"),
        (1_000, "1970-01-01T00:00:00.000001Z"),
        (1_000_000, "1970-01-01T00:00:00.001Z"),
        (120_000_000, "1970-01-01T00:00:00.120Z"),
        (123_400_000, "1970-01-01T00:00:00.123400Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (-1_500_000_000, "1969-12-31T23:59:58.500Z"),
        (-62_135_596_800_000_000_000, "0001-01-01T00:00:00Z"),
    ];
    for (nanos, text) in cases {
        assert_eq!(to_rfc3339(Timestamp::from_nanosecond(nanos).unwrap()), text);
    }
}

const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

#[test]
fn a_duration_for_people_has_two_units_at_most() {
    let cases = [
        (0, "0 s"),
        (1, "<1 ms"),
        (999_999, "<1 ms"),
        (1_000_000, "1 ms"),
        (420_000_000, "420 ms"),
        (999_999_999, "999 ms"),
        (SECOND, "1.0 s"),
        (4_250_000_000, "4.2 s"),
        (10 * SECOND - 1, "9.9 s"),
        (10 * SECOND, "10 s"),
        (MINUTE - 1, "59 s"),
        (MINUTE, "1 m 00 s"),
        (3 * MINUTE + 5 * SECOND, "3 m 05 s"),
        (HOUR - 1, "59 m 59 s"),
        (HOUR, "1 h 00 m"),
        (2 * HOUR + 7 * MINUTE + 59 * SECOND, "2 h 07 m"),
        (DAY - 1, "23 h 59 m"),
        (DAY, "1 d 00 h"),
        (3 * DAY + 4 * HOUR, "3 d 04 h"),
        (1_000 * DAY, "1000 d 00 h"),
        (-1, "−<1 ms"),
        (-420_000_000, "−420 ms"),
        (-3 * MINUTE - 5 * SECOND, "−3 m 05 s"),
    ];
    for (nanos, text) in cases {
        assert_eq!(
            human_duration(SignedDuration::from_nanos(nanos)),
            text,
            "{nanos} ns"
        );
    }
    assert_eq!(
        human_duration(SignedDuration::MAX),
        "106751991167300 d 15 h"
    );
    assert_eq!(
        human_duration(SignedDuration::MIN),
        "−106751991167300 d 15 h"
    );
}

#[test]
fn an_exact_duration_has_all_digits() {
    let cases = [
        (0, "0 s"),
        (1, "0.000000001 s"),
        (420_000_000, "0.42 s"),
        (SECOND, "1 s"),
        (MINUTE - 1, "59.999999999 s"),
        (MINUTE, "1 m 00 s"),
        (HOUR + 2 * MINUTE + 3_456_000_000, "1 h 02 m 03.456 s"),
        (DAY, "1 d 00 h 00 m 00 s"),
        (
            12 * DAY + 13 * HOUR + 14 * MINUTE + 15 * SECOND,
            "12 d 13 h 14 m 15 s",
        ),
        (-1, "−0.000000001 s"),
        (-61 * SECOND, "−1 m 01 s"),
    ];
    for (nanos, text) in cases {
        assert_eq!(
            exact_duration(SignedDuration::from_nanos(nanos)),
            text,
            "{nanos} ns"
        );
    }
    assert_eq!(
        exact_duration(SignedDuration::MAX),
        "106751991167300 d 15 h 30 m 07.999999999 s"
    );
    assert_eq!(
        exact_duration(SignedDuration::MIN),
        "−106751991167300 d 15 h 30 m 08.999999999 s"
    );
}

/// A time in the years that Google's times can have, 1 to 9999, but for the last hours of the last.
fn google_time() -> impl Strategy<Value = Timestamp> {
    let first: Timestamp = "0001-01-01T00:00:00Z".parse().unwrap();
    let digits = prop::sample::select(vec![1_i128, 1_000, 1_000_000, 1_000_000_000]);
    (
        first.as_nanosecond()..=Timestamp::MAX.as_nanosecond(),
        digits,
    )
        .prop_map(|(nanos, unit)| {
            Timestamp::from_nanosecond(nanos - nanos.rem_euclid(unit)).unwrap()
        })
}

proptest! {
    #[test]
    fn a_google_time_prints_back(
        (year, month, day) in (1..=9998_u16, 1..=12_u8, 1..=28_u8),
        (hour, minute, second) in (0..24_u8, 0..60_u8, 0..60_u8),
        fraction in "|\\.[0-9]{3}|\\.[0-9]{6}|\\.[0-9]{9}",
    ) {
        // Groups of three zeros at the end are not canonical.
        prop_assume!(!fraction.ends_with("000"));
        let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z");
        prop_assert_eq!(to_rfc3339(parse(&text).unwrap()), text);
    }

    #[test]
    fn a_written_time_is_read_back(time in google_time()) {
        let text = to_rfc3339(time);
        prop_assert_eq!(parse(&text), Ok(time));
        let digits = text.trim_end_matches('Z').split_once('.').map_or(0, |(_, fraction)| fraction.len());
        prop_assert!([0, 3, 6, 9].contains(&digits));
    }

    #[test]
    fn an_offset_is_another_way_to_write_a_time(secs in 0_i64..4_000_000_000, hours in -12_i8..=14, half in any::<bool>()) {
        let time = Timestamp::from_second(secs).unwrap();
        let offset = i64::from(hours) * 3_600 + if half { 1_800 * i64::from(hours.signum()) } else { 0 };
        let local = to_rfc3339(Timestamp::from_second(secs + offset).unwrap());
        let sign = if offset < 0 { '-' } else { '+' };
        let (h, m) = (offset.abs() / 3_600, offset.abs() / 60 % 60);
        let text = format!("{}{sign}{h:02}:{m:02}", local.trim_end_matches('Z'));
        prop_assert_eq!(parse(&text), Ok(time), "{}", text);
    }

    #[test]
    fn any_text_is_a_time_or_a_reason(text in "\\PC*|[-+0-9TtZz:. ]{0,40}|[0-9]{4}-1[0-2]-[0-3][0-9]T[0-2][0-9]:[0-9]{2}:[0-9]{2}.{0,4}") {
        if let Err(error) = parse(&text) {
            prop_assert!(!error.is_empty());
        }
    }

    /// Both ways to write a duration say the same, as far as the shorter goes.
    #[test]
    fn both_ways_to_write_a_duration_agree(nanos in prop_oneof![any::<i64>(), -2 * DAY..2 * DAY, -2 * MINUTE..2 * MINUTE]) {
        let duration = SignedDuration::from_nanos(nanos);
        let (human, exact) = (human_duration(duration), exact_duration(duration));
        prop_assert_eq!(human.starts_with('−'), nanos < 0);
        prop_assert_eq!(exact.starts_with('−'), nanos < 0);
        if nanos.abs() >= 10 * SECOND {
            let shown = human.trim_end_matches(" s").trim_end_matches(" m").trim_end_matches(" h");
            prop_assert!(exact.starts_with(shown), "{} {}", human, exact);
        }
    }

    #[test]
    fn any_duration_is_written(secs in any::<i64>(), nanos in any::<i32>()) {
        if let Some(duration) = SignedDuration::from_secs(secs).checked_add(SignedDuration::from_nanos(nanos.into())) {
            prop_assert!(human_duration(duration).chars().any(|c| c.is_ascii_digit()));
            prop_assert!(exact_duration(duration).ends_with(" s"));
        }
    }
}

#[test]
fn a_time_some_seconds_away_is_never_beyond_the_ends() {
    use jobrun_viewer::core::time::{later, until};
    let now = parse("2026-11-24T10:00:00Z").unwrap();
    assert_eq!(later(now, 90), parse("2026-11-24T10:01:30Z").unwrap());
    assert_eq!(later(now, -300), parse("2026-11-24T09:55:00Z").unwrap());
    assert_eq!(later(now, i64::MAX), Timestamp::MAX);
    assert_eq!(later(now, i64::MIN + 1), Timestamp::MIN);
    assert_eq!(until(now, later(now, 90)).as_secs(), 90);
    assert_eq!(until(now, later(now, -90)).as_secs(), 0);
}

//! Instants and durations: read, compared and written for people.

use std::fmt::Write;

use jiff::tz::Offset;
pub use jiff::{SignedDuration, Timestamp};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Reads an RFC 3339 time with up to nine fractional digits, to the nanosecond.
///
/// jiff computes and the `time` crate reads: jiff's own parser knows far more than RFC 3339, and
/// with its error texts it would add 60 KB to a bundle of 200.
///
/// # Errors
/// A sentence, for a text that is no such time.
pub fn parse(text: &str) -> Result<Timestamp, String> {
    // An hour of the year 0 may lie in the year before it, which could not be written again.
    const YEAR_0: i64 = -62_167_219_200;
    OffsetDateTime::parse(text, &Rfc3339)
        .ok()
        .filter(|read| read.unix_timestamp() >= YEAR_0)
        .and_then(|read| Timestamp::new(read.unix_timestamp(), read.nanosecond() as i32).ok())
        .ok_or_else(|| format!("“{text}” is no RFC 3339 time"))
}

/// Writes a time as Google's APIs do: UTC with `Z`, and 0, 3, 6 or 9 fractional digits, as few as
/// keep it whole. For the years that RFC 3339 has, 0 to 9999.
pub fn to_rfc3339(time: Timestamp) -> String {
    let civil = Offset::UTC.to_datetime(time);
    let mut out = format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
        civil.year(),
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second()
    );
    let nanos = civil.subsec_nanosecond();
    let written = match nanos {
        0 => Ok(()),
        n if n % 1_000_000 == 0 => write!(out, ".{:03}", n / 1_000_000),
        n if n % 1_000 == 0 => write!(out, ".{:06}", n / 1_000),
        n => write!(out, ".{n:09}"),
    };
    written.expect("writing to a string does not fail");
    out.push('Z');
    out
}

/// How a message between the page and a worker holds a [`Timestamp`]: as RFC 3339, for `#[serde(with)]`.
pub(crate) mod rfc3339 {
    use std::borrow::Cow;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::{Timestamp, parse, to_rfc3339};

    pub(crate) fn serialize<S: Serializer>(
        time: &Timestamp,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&to_rfc3339(*time))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Timestamp, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        parse(&text).map_err(D::Error::custom)
    }
}

/// A duration for people: two units at most, short enough for a bar's label.
///
/// `420 ms` below a second, then `4.2 s`, `42 s`, `3 m 05 s`, `2 h 07 m`, `3 d 04 h`; what is
/// smaller is cut off. A negative one has a leading minus.
pub fn human_duration(duration: SignedDuration) -> String {
    let mut out = String::new();
    if duration.is_negative() {
        out.push('−');
    }
    let duration = duration.unsigned_abs();
    let secs = duration.as_secs();
    let written = match secs {
        0 if duration.subsec_nanos() == 0 => write!(out, "0 s"),
        0 if duration.subsec_millis() == 0 => write!(out, "<1 ms"),
        0 => write!(out, "{} ms", duration.subsec_millis()),
        1..10 => write!(out, "{}.{} s", secs, duration.subsec_millis() / 100),
        10..60 => write!(out, "{secs} s"),
        60..3_600 => write!(out, "{} m {:02} s", secs / 60, secs % 60),
        3_600..86_400 => write!(out, "{} h {:02} m", secs / 3_600, secs / 60 % 60),
        _ => write!(out, "{} d {:02} h", secs / 86_400, secs / 3_600 % 24),
    };
    written.expect("writing to a string does not fail");
    out
}

/// A duration to the last digit that it has, for where people compare: `1 h 02 m 03.456 s`.
pub fn exact_duration(duration: SignedDuration) -> String {
    let mut out = String::new();
    if duration.is_negative() {
        out.push('−');
    }
    let duration = duration.unsigned_abs();
    let secs = duration.as_secs();
    if secs >= 86_400 {
        write!(out, "{} d ", secs / 86_400).expect("writing to a string does not fail");
    }
    // Two digits for all but the first unit, as in `human_duration`.
    let width = |larger: bool| if larger { 2 } else { 1 };
    if secs >= 3_600 {
        write!(
            out,
            "{:0w$} h ",
            secs / 3_600 % 24,
            w = width(secs >= 86_400)
        )
        .expect("writing to a string does not fail");
    }
    if secs >= 60 {
        write!(out, "{:0w$} m ", secs / 60 % 60, w = width(secs >= 3_600))
            .expect("writing to a string does not fail");
    }
    write!(out, "{:0w$}", secs % 60, w = width(secs >= 60))
        .expect("writing to a string does not fail");
    let nanos = duration.subsec_nanos();
    if nanos > 0 {
        let digits = format!("{nanos:09}");
        out.push('.');
        out.push_str(digits.trim_end_matches('0'));
    }
    out.push_str(" s");
    out
}

/// The time some seconds after another; before it, for a negative number.
pub fn later(time: Timestamp, seconds: i64) -> Timestamp {
    let length = SignedDuration::from_secs(seconds);
    time.saturating_add(length).unwrap_or(if seconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

/// How long it is from `now` until `then`; no time for what is past.
pub fn until(now: Timestamp, then: Timestamp) -> std::time::Duration {
    then.duration_since(now).try_into().unwrap_or_default()
}

//! Instants and durations: read, compared and written for people.

use std::fmt::Write;

use jiff::fmt::temporal::{DateTimeParser, DateTimePrinter};
pub use jiff::{SignedDuration, Timestamp};

/// Reads an RFC 3339 time with up to nine fractional digits, to the nanosecond.
///
/// # Errors
/// A sentence that says what is wrong, for a text that is no such time.
pub fn parse(text: &str) -> Result<Timestamp, String> {
    static PARSER: DateTimeParser = DateTimeParser::new();
    PARSER.parse_timestamp(text).map_err(|error| error.to_string())
}

/// Writes a time as Google's APIs do: UTC with `Z`, and 0, 3, 6 or 9 fractional digits, as few as
/// keep it whole.
pub fn to_rfc3339(time: Timestamp) -> String {
    let nanos = time.subsec_nanosecond();
    let digits = match nanos {
        0 => 0,
        n if n % 1_000_000 == 0 => 3,
        n if n % 1_000 == 0 => 6,
        _ => 9,
    };
    DateTimePrinter::new().precision(Some(digits)).timestamp_to_string(&time)
}

/// A duration for people: two units at most, short enough for a bar's label.
///
/// `0.42 s` below ten seconds, then `42 s`, `3 m 05 s`, `2 h 07 m`, `3 d 04 h`. A negative one
/// has a leading minus.
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
    if secs >= 3_600 {
        write!(out, "{} h ", secs / 3_600 % 24).expect("writing to a string does not fail");
    }
    if secs >= 60 {
        write!(out, "{} m ", secs / 60 % 60).expect("writing to a string does not fail");
    }
    write!(out, "{}", secs % 60).expect("writing to a string does not fail");
    let nanos = duration.subsec_nanos();
    if nanos > 0 {
        let digits = format!("{nanos:09}");
        out.push('.');
        out.push_str(digits.trim_end_matches('0'));
    }
    out.push_str(" s");
    out
}

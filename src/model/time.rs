//! Instants and durations: read, compared and written for people.

use std::fmt::Write;

use jiff::tz::Offset;
pub use jiff::{SignedDuration, Timestamp};

/// Reads an RFC 3339 time with up to nine fractional digits, to the nanosecond.
///
/// By hand: jiff's own parser knows far more than RFC 3339, and with its error texts it would add 60 KB
/// to a bundle of 200.
///
/// # Errors
/// A sentence, for a text that is no such time.
pub fn parse(text: &str) -> Result<Timestamp, String> {
    read(text.as_bytes()).ok_or_else(|| format!("“{text}” is no RFC 3339 time"))
}

fn read(text: &[u8]) -> Option<Timestamp> {
    let (head, tail) = text.split_at_checked(19)?;
    // Between date and time stands a T, or what a writer finds more readable.
    let shape = [(4, b'-'), (7, b'-'), (13, b':'), (16, b':')];
    if shape.into_iter().any(|(at, byte)| head[at] != byte) {
        return None;
    }
    let [year, month, day] = [digits(&head[..4])?, digits(&head[5..7])?, digits(&head[8..10])?];
    let [hour, minute, mut second] = [&head[11..13], &head[14..16], &head[17..19]].map(digits);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(leap),
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=last).contains(&day) {
        return None;
    }

    let (mut nanos, zone) = match tail {
        [b'.', rest @ ..] => {
            let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (fraction, zone) = rest.split_at(count);
            // What is finer than a nanosecond is cut off.
            let fraction = &fraction[..count.min(9)];
            let missing = 9 - fraction.len() as u32;
            ((count > 0).then(|| digits(fraction))?? * 10_i64.pow(missing), zone)
        }
        zone => (0, zone),
    };
    let offset = match zone {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), hours @ .., b':', tens, ones] if hours.len() == 2 => {
            let (hours, minutes) = (digits(hours)?, digits(&[*tens, *ones])?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let offset = hours * 60 + minutes;
            if *sign == b'-' { -offset } else { offset }
        }
        _ => return None,
    };
    // A leap second is the last instant before it.
    let is_leap_second = second == Some(60);
    if is_leap_second {
        (second, nanos) = (Some(59), 999_999_999);
    }
    let (hour, minute, second) = (hour?, minute?, second?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }

    // Days since 1970 in the Gregorian calendar, with years that begin in March.
    let (years, months) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (years.div_euclid(400), years.rem_euclid(400));
    let of_year = (153 * months + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    let seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second;
    let time = Timestamp::new(seconds, nanos as i32).ok()?;
    // There is none but at the end of a month in UTC.
    let is_end = || {
        let next = Timestamp::new(seconds + 1, 0).map(|next| Offset::UTC.to_datetime(next));
        next.is_ok_and(|next| next.day() == 1 && (seconds + 1).rem_euclid(86_400) == 0)
    };
    (!is_leap_second || is_end()).then_some(time)
}

/// A number of digits and nothing else.
fn digits(text: &[u8]) -> Option<i64> {
    text.iter()
        .try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
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
        write!(out, "{:0w$} h ", secs / 3_600 % 24, w = width(secs >= 86_400))
            .expect("writing to a string does not fail");
    }
    if secs >= 60 {
        write!(out, "{:0w$} m ", secs / 60 % 60, w = width(secs >= 3_600))
            .expect("writing to a string does not fail");
    }
    write!(out, "{:0w$}", secs % 60, w = width(secs >= 60)).expect("writing to a string does not fail");
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
    time.saturating_add(length).unwrap_or(if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// How long it is from `now` until `then`; no time for what is past.
pub fn until(now: Timestamp, then: Timestamp) -> std::time::Duration {
    then.duration_since(now).try_into().unwrap_or_default()
}

//! The time axis: where its ticks stand and what they say.

use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::Window;
use crate::core::time::{SignedDuration, Timestamp};

/// One tick of the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Along the window, from 0 to 1.
    pub at: f64,
    pub label: String,
    /// Whether the label is a date: a new day begins here.
    pub is_date: bool,
}

/// The steps between ticks, in milliseconds: those that divide a minute, an hour or a day, then
/// days and whole weeks. Each is at most four times the one before, or a window between two of
/// them could have no tick.
const STEPS_MS: [i64; 33] = [
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500, // below a second
    1_000,
    2_000,
    5_000,
    10_000,
    15_000,
    30_000, // below a minute
    60_000,
    120_000,
    300_000,
    600_000,
    900_000,
    1_800_000, // below an hour
    3_600_000,
    7_200_000,
    10_800_000,
    21_600_000,
    43_200_000, // below a day
    DAY_MS,
    2 * DAY_MS,
    7 * DAY_MS,
    28 * DAY_MS,
    91 * DAY_MS,
    182 * DAY_MS,
    364 * DAY_MS,
];
const DAY_MS: i64 = 86_400_000;

/// The ticks of a window, at most about `most`, on round times of a zone that is `offset` seconds
/// east of UTC.
pub fn ticks(window: Window, most: usize, offset: i32) -> Vec<Tick> {
    let Ok(zone) = Offset::from_seconds(offset) else {
        return vec![];
    };
    let length_ms = window.length().as_millis().clamp(1, i128::from(i64::MAX)) as i64;
    let most = most.clamp(1, 1_000) as i64;
    let longest = STEPS_MS[STEPS_MS.len() - 1];
    // A window of many years takes a multiple of the longest step.
    let step = STEPS_MS
        .into_iter()
        .find(|step| length_ms / step <= most)
        .unwrap_or_else(|| longest * (length_ms / longest / most + 1));

    let offset_ms = i64::from(offset) * 1_000;
    let from_local = window.from.as_millisecond() + offset_ms;
    let to_local = window.to.as_millisecond() + offset_ms;
    let mut ticks = Vec::new();
    let mut local = from_local.div_euclid(step) * step;
    while local <= to_local {
        // The window's ends are finer than a millisecond.
        if let Ok(time) = Timestamp::from_millisecond(local - offset_ms)
            && (window.from..=window.to).contains(&time)
        {
            let civil = zone.to_datetime(time);
            let is_date = local.rem_euclid(DAY_MS) == 0;
            ticks.push(Tick {
                at: window.fraction(time),
                label: label(civil, step, is_date),
                is_date,
            });
        }
        local += step;
    }
    ticks
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

fn label(civil: DateTime, step: i64, is_date: bool) -> String {
    if is_date && step >= 91 * DAY_MS {
        return format!("{} {}", MONTHS[civil.month() as usize - 1], civil.year());
    }
    if is_date {
        return format!("{} {}", civil.day(), MONTHS[civil.month() as usize - 1]);
    }
    match step {
        60_000.. => format!("{:02}:{:02}", civil.hour(), civil.minute()),
        1_000.. => format!(
            "{:02}:{:02}:{:02}",
            civil.hour(),
            civil.minute(),
            civil.second()
        ),
        _ => format!("{:02}.{:03}", civil.second(), civil.millisecond()),
    }
}

/// A time in a zone for people, to the millisecond: `24 Nov 2026 03:04:05.678 UTC+01:00`.
pub fn clock(time: Timestamp, offset: i32) -> String {
    let zone = Offset::from_seconds(offset).unwrap_or(Offset::UTC);
    let civil = zone.to_datetime(time);
    format!(
        "{} {} {} {:02}:{:02}:{:02}.{:03} {}",
        civil.day(),
        MONTHS[civil.month() as usize - 1],
        civil.year(),
        civil.hour(),
        civil.minute(),
        civil.second(),
        civil.millisecond(),
        zone_label(zone.seconds())
    )
}

/// `UTC`, or how far east of it: `UTC+05:30`.
pub fn zone_label(offset: i32) -> String {
    if offset == 0 {
        return "UTC".to_owned();
    }
    let sign = if offset < 0 { '−' } else { '+' };
    let minutes = offset.unsigned_abs() / 60;
    format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// How long ago, or in how long, for people: `3 m 05 s ago`.
pub fn relative(time: Timestamp, now: Timestamp) -> String {
    let ago = now.duration_since(time);
    if ago.is_negative() {
        format!(
            "in {}",
            crate::core::time::human_duration(SignedDuration::ZERO.saturating_sub(ago))
        )
    } else {
        format!("{} ago", crate::core::time::human_duration(ago))
    }
}

/// [`relative`] in a single unit, for lists: `3 m ago`, `2 h ago`, `90 d ago`.
pub fn ago(time: Timestamp, now: Timestamp) -> String {
    let secs = now.duration_since(time).as_secs();
    let (count, unit) = match secs {
        // What clocks differ by is nothing to tell.
        -59..60 => return "just now".to_owned(),
        _ if secs < 0 => return relative(time, now),
        60..3_600 => (secs / 60, "m"),
        3_600..86_400 => (secs / 3_600, "h"),
        _ => (secs / 86_400, "d"),
    };
    format!("{count} {unit} ago")
}

//! Numbers and times as texts.

use crate::core::time::{SignedDuration, Timestamp, human_duration, to_rfc3339};
use crate::model::history::Micros;

/// A number with thin spaces between thousands.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

pub(super) fn duration(length: Micros) -> String {
    human_duration(SignedDuration::from_micros(length))
}

pub(super) fn rfc3339(time: Micros) -> String {
    to_rfc3339(timestamp(time))
}

pub(super) fn timestamp(time: Micros) -> Timestamp {
    Timestamp::from_microsecond(time).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// A text with U+FFFD in place of control characters, which nobody would see.
pub(super) fn visible(text: &str) -> String {
    text.replace(|c: char| c.is_control() && c != '\t' && c != '\n', "\u{fffd}")
}

//! Numbers and times as texts.

use crate::core::text;
use crate::core::time::{SignedDuration, Timestamp, human_duration, to_rfc3339};
use crate::model::history::Micros;

/// A number with thin spaces between thousands.
pub(super) fn grouped(number: usize) -> String {
    text::grouped(number as u64, '\u{202f}')
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

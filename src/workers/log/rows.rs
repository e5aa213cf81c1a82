//! The lines that stand on the screen.

use std::ops::Range;

use jiff::tz::Offset;

use super::protocol::{Clock, LineSource, LineTime, Piece, Row, Rows, RowsRequest, Span, Words};
use super::{LogWorker, Outside};
use crate::core::text::visible;
use crate::core::time::{SignedDuration, Timestamp};
use crate::model::event_log::LogFormat;
use crate::model::event_log::display_line::DisplayLine;
use crate::model::event_log::scan::Level;
use crate::model::timeline::ticks::clock;

/// The most lines in one reply.
const MOST_ROWS: u32 = 2_000;

impl<O: Outside> LogWorker<O> {
    /// The lines from an index on.
    pub fn rows(&self, request: RowsRequest) -> Rows {
        let begin = self.begin(request.clock);
        let shown = self.view.len(&self.log);
        let first = request.first.min(shown);
        let last = request
            .first
            .saturating_add(request.count.min(MOST_ROWS))
            .min(shown);
        let rows = (first..last)
            .filter_map(|index| self.log.display_line(self.view.at(index)?))
            .map(|line| self.row(&line, request, begin));
        Rows {
            first: request.first,
            shown,
            rows: rows.collect(),
        }
    }

    fn row(&self, line: &DisplayLine, request: RowsRequest, begin: Option<Timestamp>) -> Row {
        let number = line.number + 1;
        Row {
            number,
            level: line.level(),
            shows_level: self.shows_level(line),
            time: self.time(line, request.clock, begin),
            source: self.source(line),
            words: self.words(line),
            is_picked: request
                .picked
                .is_some_and(|(a, b)| (a.min(b)..=a.max(b)).contains(&number)),
            is_current: self.current == Some(line.number),
            is_malformed: self.log.format() == LogFormat::Events
                && line.is_raw()
                && !line.line.is_empty(),
        }
    }

    /// From when on times are counted, if they are.
    pub(super) fn begin(&self, clock: Clock) -> Option<Timestamp> {
        match clock {
            Clock::Relative => self.log.span().map(|(first, _)| first),
            Clock::Local | Clock::Utc => None,
        }
    }

    /// When a line was written. `begin`: from when on times are counted.
    pub(super) fn time(
        &self,
        line: &DisplayLine,
        shown_clock: Clock,
        begin: Option<Timestamp>,
    ) -> Option<LineTime> {
        let time = line.time()?;
        let offset = if shown_clock == Clock::Utc {
            0
        } else {
            self.outside.offset(time)
        };
        let short = match begin {
            Some(begin) => since(time.duration_since(begin)),
            None => time_of_day(time, offset),
        };
        Some(LineTime {
            short,
            full: clock(time, offset),
        })
    }

    /// What wrote a line, which texts do not say.
    pub(super) fn source(&self, line: &DisplayLine) -> Option<LineSource> {
        let name = line.source.label();
        let says = self.log.format() != LogFormat::Text && !name.is_empty();
        says.then(|| LineSource {
            name: visible(name),
            pod: visible(&line.source.pod),
        })
    }

    /// Whether the level stands before a line: texts have none, and most lines are output.
    pub(super) fn shows_level(&self, line: &DisplayLine) -> bool {
        self.log.format() != LogFormat::Text && line.level() != Level::Output
    }

    /// The text of a line, in which the matches of the search are marked.
    pub(super) fn words(&self, line: &DisplayLine) -> Words {
        let (spans, left_out) = line.spans();
        let text: String = spans.iter().map(|span| span.text.as_str()).collect();
        let found = self
            .view
            .matcher()
            .map(|matcher| matcher.ranges(&text))
            .unwrap_or_default();
        let mut at = 0;
        let spans = spans.iter().map(|span| {
            let range = at..at + span.text.len();
            at = range.end;
            Span {
                style: span.style,
                pieces: pieces(&text, range, &found),
            }
        });
        Words {
            spans: spans.collect(),
            left_out: left_out as u64,
        }
    }
}

/// Cuts a stretch of a text at the matches, of which some may begin before it or end after it.
fn pieces(text: &str, range: Range<usize>, found: &[Range<usize>]) -> Vec<Piece> {
    let part = |from: usize, to: usize| {
        text.get(from..to)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
    };
    let mut pieces = Vec::new();
    let mut at = range.start;
    let first = found.partition_point(|one| one.end <= range.start);
    for one in found[first..]
        .iter()
        .take_while(|one| one.start < range.end)
    {
        let (from, to) = (one.start.max(at), one.end.min(range.end));
        pieces.extend(part(at, from).map(Piece::Text));
        pieces.extend(part(from, to).map(Piece::Match));
        at = to;
    }
    pieces.extend(part(at, range.end).map(Piece::Text));
    pieces
}

/// `03:04:05.678` in a zone so many seconds east of UTC.
fn time_of_day(time: Timestamp, offset: i32) -> String {
    let civil = Offset::from_seconds(offset)
        .unwrap_or(Offset::UTC)
        .to_datetime(time);
    format!(
        "{:02}:{:02}:{:02}.{:03}",
        civil.hour(),
        civil.minute(),
        civil.second(),
        civil.millisecond()
    )
}

/// How long after the beginning, `+1:02.345`.
fn since(length: SignedDuration) -> String {
    let sign = if length.is_negative() { '−' } else { '+' };
    let length = length.unsigned_abs();
    let (secs, millis) = (length.as_secs(), length.subsec_millis());
    let (hours, minutes, seconds) = (secs / 3_600, secs / 60 % 60, secs % 60);
    match hours {
        0 => format!("{sign}{minutes}:{seconds:02}.{millis:03}"),
        _ => format!("{sign}{hours}:{minutes:02}:{seconds:02}.{millis:03}"),
    }
}

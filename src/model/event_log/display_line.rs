//! A line as a person reads it.

use std::ops::Range;

use super::Log;
use super::byte_search::{find, find_either};
use super::log::{LineKind, LogSource, Tag};
use super::scan::{self, ByteRange, Event, EventKind, EventLine, Level, decode};
use super::summary::ActionableError;
use super::text_log::{self, StyledSpan};
use crate::core::time::{self, Timestamp};

/// The longest part of a line that is drawn, in bytes; [`DisplayLine::words`] has it whole.
pub(crate) const LONGEST: usize = 20_000;

/// A line, found and not yet read.
#[derive(Clone, Copy, Debug)]
pub struct DisplayLine<'a> {
    log: &'a Log,
    /// From 0.
    pub number: u32,
    pub tag: Tag,
    pub source: &'a LogSource,
    /// What the file has, without its line break: the event whose message the line is a part of.
    pub line: &'a [u8],
    /// Which line of the message, from 0.
    part: u32,
}

impl Log {
    /// A line by its number, from 0.
    pub fn display_line(&self, number: u32) -> Option<DisplayLine<'_>> {
        let (block_at, at) = self.locate(number)?;
        let block = &self.blocks[block_at];
        let start = *block.starts.get(at)?;
        let first = block.starts.partition_point(|other| *other < start);
        let key = (block_at as u32, u32::from(start));
        let goes_on = self
            .index
            .joins
            .binary_search_by_key(&key, |join| (join.block, join.start))
            .is_ok();
        Some(DisplayLine {
            log: self,
            number,
            tag: block.tags[at],
            source: self.sources().get(usize::from(block.sources[at]))?,
            line: block.line(usize::from(start)),
            part: (at - first) as u32 + u32::from(goes_on),
        })
    }

    /// Tells what each of some lines says, which are of one event: it is read once, since a message of
    /// megabytes can have ten thousands of lines.
    pub(super) fn words_of_event(&self, rows: Range<u32>, mut says: impl FnMut(u32, &str)) {
        let Some(mut row) = self.display_line(rows.start) else {
            return;
        };
        match (row.tag.kind(), rows.len(), scan::read(row.line)) {
            (LineKind::Message, 2.., EventLine::Event(event)) => {
                let mut parts = parts(event.message.range.of(row.line)).skip(row.part as usize);
                for number in rows {
                    row.number = number;
                    says(
                        number,
                        &visible(row.message(parts.next().unwrap_or_default())),
                    );
                }
            }
            _ => rows
                .filter_map(|number| self.display_line(number))
                .for_each(|row| says(row.number, &row.words())),
        }
    }

    /// When the first line was written, and the last; as far as they say.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        const SOME: u32 = 20;
        let mut first = (0..self.len().min(SOME)).filter_map(|row| self.display_line(row)?.time());
        let mut last = (self.len().saturating_sub(SOME)..self.len())
            .rev()
            .filter_map(|row| self.display_line(row)?.time());
        Some((first.next()?, last.next()?))
    }
}

impl DisplayLine<'_> {
    /// The level, which a text has none of.
    pub fn level(&self) -> Level {
        self.tag.level()
    }

    /// Whether it stands as it came: a line of a text, or one that could not be read.
    pub fn is_raw(&self) -> bool {
        self.tag.kind() == LineKind::Raw
    }

    /// When it was written: by its event, or by a time at the beginning of a text.
    pub fn time(&self) -> Option<Timestamp> {
        let text = match self.tag.kind() {
            LineKind::Raw => {
                let end = find(&self.line[..self.line.len().min(40)], 0, b' ')?;
                &self.line[..end]
            }
            _ => match scan::read(self.line) {
                EventLine::Event(event) => event.time.of(self.line),
                _ => return None,
            },
        };
        time::parse(std::str::from_utf8(text).ok()?).ok()
    }

    /// What was written, with the escape sequences of a terminal.
    fn written(&self) -> String {
        let raw = || String::from_utf8_lossy(self.line).into_owned();
        if self.tag.kind() == LineKind::Raw {
            return raw();
        }
        let EventLine::Event(event) = scan::read(self.line) else {
            return raw();
        };
        match self.tag.kind() {
            LineKind::Message => self.message(part(event.message.range.of(self.line), self.part)),
            LineKind::Event => self.sentence(&event),
            _ => raw(),
        }
    }

    /// The line of a message, of which this is the part in its own event.
    fn message(&self, part: &[u8]) -> String {
        let mut text = decode(part);
        // Only the last line of a message goes on in another.
        if let Some((first, _)) = self.log.index.joined.get(&self.number) {
            self.go_on(*first, &mut text);
        }
        text
    }

    /// Appends the events that the line goes on in.
    fn go_on(&self, first: u32, text: &mut String) {
        let mut next = first + 1;
        while let Some(join) = next
            .checked_sub(1)
            .and_then(|at| self.log.index.joins.get(at as usize))
        {
            let line = self.log.blocks[join.block as usize].line(join.start as usize);
            if let EventLine::Event(event) = scan::read(line) {
                text.push_str(&decode(part(event.message.range.of(line), 0)));
            }
            next = join.next;
        }
    }

    /// An event in words.
    fn sentence(&self, event: &Event) -> String {
        let field = |range: ByteRange| decode(range.of(self.line));
        let status = match field(event.status).as_str() {
            "" => "no status".to_owned(),
            status => status.to_owned(),
        };
        let what = match event.kind {
            EventKind::Verify => format!("Test {}: {status}", field(event.id)),
            EventKind::Task => format!("Task {}: {status}", field(event.id)),
            _ => format!("Skaffold ends: {status}"),
        };
        let why = match event.error.is_empty() {
            true => String::new(),
            false => ActionableError::read(event.error.of(self.line)).message,
        };
        // A line is one line, whatever its error has in it.
        let why = why.trim().replace('\n', " ");
        if why.is_empty() {
            what
        } else {
            format!("{what}: {why}")
        }
    }

    /// What a reader sees: no escape sequences, and of what was written over the last state.
    pub fn words(&self) -> String {
        visible(self.written())
    }

    /// The same in stretches with their styles; of a very long line its beginning, and how many bytes
    /// are left out.
    pub fn spans(&self) -> (Vec<StyledSpan>, usize) {
        let written = self.written();
        let mut shown = last_state(&written);
        let mut left_out = 0;
        if shown.len() > LONGEST {
            let mut end = LONGEST;
            while !shown.is_char_boundary(end) {
                end -= 1;
            }
            left_out = shown.len() - end;
            shown = &shown[..end];
        }
        (text_log::spans(shown), left_out)
    }
}

/// What a terminal would show of a line.
fn visible(written: String) -> String {
    if find_either(written.as_bytes(), 0, 0x1b, b'\r').is_none()
        && !written.chars().any(|c| c.is_control() && c != '\t')
    {
        return written;
    }
    text_log::visible(last_state(&written))
}

/// A carriage return goes back to the line's beginning: of the states that a line had, the last that
/// says something is shown.
fn last_state(text: &str) -> &str {
    if !text.contains('\r') {
        return text;
    }
    let says = |state: &&str| !text_log::visible(state).trim().is_empty();
    text.split('\r').rfind(says).unwrap_or("")
}

/// A line of a message, from 0, as it is written in JSON.
fn part(raw: &[u8], number: u32) -> &[u8] {
    parts(raw).nth(number as usize).unwrap_or_default()
}

/// The lines of a message, as they are written in JSON; after a last line break there is one more.
fn parts(raw: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(raw);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut at = 0;
        while let Some(escape) = find(text, at, b'\\') {
            at = escape + 2;
            if text.get(escape + 1) == Some(&b'n') {
                rest = Some(&text[at..]);
                return Some(&text[..escape]);
            }
        }
        rest = None;
        Some(text)
    })
}

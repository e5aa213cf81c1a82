//! The bytes of a log, and the index of its lines.

use std::collections::HashMap;

use super::byte_search::{find, find_either};
use super::scan::{self, Event, EventKind, Level};
use super::summary::{LogRun, Story};

/// So many bytes are kept in one piece, unless a single line is longer. Offsets in it take two bytes.
const BLOCK: usize = 1 << 16;
/// A line is not joined of more events than this: whoever writes so many has no line breaks at all.
const MOST_JOINED: u32 = 4_096;
/// How many sources are told apart; what else writes is put with the last.
const MOST_SOURCES: usize = 60_000;
/// How many of a source's last lines are remembered, to show what a test said before it failed.
pub(crate) const LAST: usize = 6;
/// A log whose first so many lines have no event in them is a text.
const FIRST_LINES: u32 = 50;

/// What a line is, as far as the index knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineKind {
    /// Of a text; or of an event log, what could not be read.
    Raw,
    /// The message of an event, or a part of it.
    Message,
    /// Something that happened, told in a sentence.
    Event,
    /// An event that is shown as it came.
    Other,
}

/// [`LineKind`], [`Level`] and whether the bytes show what a reader sees, in one byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag(u8);

impl Tag {
    const CODED: u8 = 0x80;

    fn new(kind: LineKind, level: Level, is_coded: bool) -> Self {
        Self(kind as u8 | (level as u8) << 4 | if is_coded { Self::CODED } else { 0 })
    }

    pub(crate) fn kind(self) -> LineKind {
        [
            LineKind::Raw,
            LineKind::Message,
            LineKind::Event,
            LineKind::Other,
        ][usize::from(self.0 & 3)]
    }

    pub(crate) fn level(self) -> Level {
        Level::ALL[usize::from(self.0 >> 4 & 7)]
    }

    /// Whether the line has to be read to know what it says.
    pub(crate) fn is_coded(self) -> bool {
        self.0 & Self::CODED != 0
    }
}

/// Who wrote a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogSource {
    /// The container's name, the name of a build's step, or nothing.
    pub container: String,
    pub pod: String,
    /// Of a tool's line, the task that it belongs to, such as `Verify-0`.
    pub task: String,
    /// What of the task it belongs to, such as a test's name.
    pub subtask: String,
    /// The test that the line tells of.
    pub test: String,
}

impl LogSource {
    /// A short name for people; empty for nobody in particular.
    pub fn label(&self) -> &str {
        [&self.container, &self.test, &self.subtask, &self.task]
            .into_iter()
            .find(|text| !text.is_empty())
            .map_or("", String::as_str)
    }

    /// Whether it is of a test: the container of a test has the test's name.
    pub(crate) fn is_of(&self, test: &str) -> bool {
        [&self.test, &self.container, &self.subtask]
            .into_iter()
            .any(|name| name == test)
    }
}

/// What is known of a source's writes.
#[derive(Clone, Debug, Default)]
pub(super) struct Writer {
    /// The line that has not ended yet, and of how many events it is.
    open: Option<(u32, u32)>,
    /// Whether it has ever ended a line. Only then does a write without an end go on: others write
    /// whole lines and no line breaks.
    ends_lines: bool,
    /// The last lines, one after the other, and how many there were.
    last: [u32; LAST],
    written: u32,
}

/// Some whole lines.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub bytes: Vec<u8>,
    /// The number of its first line in the log, from 0.
    pub first: u32,
    /// Where each line's event begins. Those of one event begin at the same offset.
    pub starts: Vec<u16>,
    pub tags: Vec<Tag>,
    pub sources: Vec<u16>,
    /// How far the bytes are indexed.
    indexed: usize,
}

impl Block {
    fn new(first: u32) -> Self {
        Self {
            bytes: Vec::with_capacity(BLOCK),
            first,
            ..Self::default()
        }
    }

    /// How many lines it has.
    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The bytes of the event that begins at an offset, without its line break.
    pub(crate) fn line(&self, start: usize) -> &[u8] {
        let end = find(&self.bytes[..self.indexed], start, b'\n').unwrap_or(self.indexed);
        without_return(&self.bytes[start..end])
    }
}

/// An event that goes on in a line that another began.
#[derive(Clone, Copy, Debug)]
pub(super) struct Join {
    pub block: u32,
    pub start: u32,
    /// The next one of the same line, one more than its index; 0 for none.
    pub next: u32,
}

/// Whether a log is one of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// Too little is known of it.
    #[default]
    Unknown,
    Text,
    Events,
}

/// A log.
#[derive(Debug, Default)]
pub struct Log {
    pub(super) blocks: Vec<Block>,
    pub(super) index: Index,
    bytes: u64,
    /// What the last, unfinished line has added to the index, to be taken away when it goes on.
    provisional: Option<Provisional>,
    /// The last line was indexed without its line break, which may still come.
    awaits_break: bool,
}

#[derive(Debug)]
struct Provisional {
    lines: usize,
    indexed: usize,
    malformed: u32,
    first_malformed: Option<u32>,
    read: u32,
    format: LogFormat,
}

/// All but the bytes.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub format: LogFormat,
    pub rows: u32,
    /// Lines of the file, not of people.
    read: u32,
    pub malformed: u32,
    pub first_malformed: Option<u32>,
    pub sources: Vec<LogSource>,
    pub writers: Vec<Writer>,
    known: HashMap<u64, u16>,
    last_source: Option<(u64, u16)>,
    pub joins: Vec<Join>,
    /// The first and the last join of a line.
    pub joined: HashMap<u32, (u32, u32)>,
    /// Lines of earlier blocks that were joined and have to be read.
    coded_later: Vec<u32>,
    /// Lines that were joined since they were last asked for, some of them several times.
    extended: Vec<u32>,
    pub story: Story,
}

impl Log {
    /// Takes more bytes.
    pub fn push(&mut self, mut data: &[u8]) {
        if data.is_empty() {
            return;
        }
        self.bytes += data.len() as u64;
        self.take_back();
        if std::mem::take(&mut self.awaits_break)
            && let Some(block) = self.blocks.last_mut()
        {
            // What follows without a line break was appended by another run of Skaffold.
            block.bytes.push(b'\n');
            block.indexed += 1;
            if data[0] == b'\n' {
                data = &data[1..];
            }
        }
        while !data.is_empty() {
            let rows = self.index.rows;
            let at = self.blocks.len();
            let Some(block) = self.blocks.last_mut() else {
                self.blocks.push(Block::new(rows));
                continue;
            };
            let room = BLOCK.saturating_sub(block.bytes.len());
            if room == 0 {
                if block.indexed > 0 {
                    // The lines that are whole stay here; the rest begins the next block.
                    let mut next = Block::new(rows);
                    next.bytes.extend_from_slice(&block.bytes[block.indexed..]);
                    block.bytes.truncate(block.indexed);
                    block.shrink();
                    self.blocks.push(next);
                    continue;
                }
                // A line longer than a block has a block of its own.
                let end = find(data, 0, b'\n').map_or(data.len(), |end| end + 1);
                let (taken, rest) = data.split_at(end);
                block.bytes.extend_from_slice(taken);
                data = rest;
                if taken.ends_with(b"\n") {
                    self.index.line(block, at - 1, 0, block_end(block));
                    block.shrink();
                    self.blocks.push(Block::new(self.index.rows));
                }
                continue;
            }
            let (taken, rest) = data.split_at(room.min(data.len()));
            let from = block.bytes.len();
            block.bytes.extend_from_slice(taken);
            data = rest;
            self.index.lines(block, at - 1, from);
        }
        self.mark_joined();
    }

    /// Says that no more bytes come, for now: what has no line break at its end is a line too.
    pub fn finish(&mut self) {
        self.take_back();
        let at = self.blocks.len().saturating_sub(1);
        let Some(block) = self.blocks.last_mut() else {
            return;
        };
        let (from, to) = (block.indexed, block.bytes.len());
        if from == to {
            return;
        }
        let is_whole = matches!(
            scan::read(without_return(&block.bytes[from..to])),
            scan::EventLine::Event(_)
        );
        let before = Provisional {
            lines: block.len(),
            indexed: from,
            malformed: self.index.malformed,
            first_malformed: self.index.first_malformed,
            read: self.index.read,
            format: self.index.format,
        };
        self.index.line(block, at, from, to);
        if is_whole {
            self.awaits_break = true;
        } else {
            self.provisional = Some(before);
        }
        self.mark_joined();
    }

    /// Takes back the last line, which was indexed before it was whole.
    fn take_back(&mut self) {
        let (Some(before), Some(block)) = (self.provisional.take(), self.blocks.last_mut()) else {
            return;
        };
        self.index.rows -= (block.len() - before.lines) as u32;
        block.starts.truncate(before.lines);
        block.tags.truncate(before.lines);
        block.sources.truncate(before.lines);
        block.indexed = before.indexed;
        self.index.malformed = before.malformed;
        self.index.first_malformed = before.first_malformed;
        self.index.read = before.read;
        self.index.format = before.format;
    }

    /// Lines that go on have to be read to know what they say.
    fn mark_joined(&mut self) {
        for row in std::mem::take(&mut self.index.coded_later) {
            if let Some((block, at)) = self.locate(row)
                && let Some(tag) = self.blocks[block].tags.get_mut(at)
            {
                tag.0 |= Tag::CODED;
            }
        }
    }

    /// The earlier lines in which something of what came since the last time goes on, from 0, in order.
    /// Whoever has looked at them knows only their beginnings.
    pub fn take_extended(&mut self) -> Vec<u32> {
        let mut rows = std::mem::take(&mut self.index.extended);
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// In which block a line is, and where in it.
    pub(super) fn locate(&self, row: u32) -> Option<(usize, usize)> {
        if row >= self.index.rows {
            return None;
        }
        let block = self
            .blocks
            .partition_point(|block| block.first <= row)
            .checked_sub(1)?;
        Some((block, (row - self.blocks[block].first) as usize))
    }

    /// How many lines there are.
    pub fn len(&self) -> u32 {
        self.index.rows
    }

    /// Whether there is no line.
    pub fn is_empty(&self) -> bool {
        self.index.rows == 0
    }

    /// How many bytes came.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The last bytes, at most so many: what a next part has to go on from.
    pub fn tail(&self, most: usize) -> Vec<u8> {
        let mut tail = Vec::new();
        for block in self.blocks.iter().rev() {
            let missing = most - tail.len();
            let from = block.bytes.len().saturating_sub(missing);
            tail.splice(..0, block.bytes[from..].iter().copied());
            if tail.len() == most {
                break;
            }
        }
        tail
    }

    /// All bytes, in pieces.
    pub fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        self.blocks.iter().map(|block| &*block.bytes)
    }

    /// Whether it is a log of events; what may still become one is a text.
    pub fn format(&self) -> LogFormat {
        if self.index.format == LogFormat::Unknown && !self.is_empty() {
            LogFormat::Text
        } else {
            self.index.format
        }
    }

    /// How many lines of an event log could not be read.
    pub fn malformed(&self) -> u32 {
        if self.index.format == LogFormat::Events {
            self.index.malformed
        } else {
            0
        }
    }

    /// The first of them, from 0.
    pub fn first_malformed(&self) -> Option<u32> {
        self.index
            .first_malformed
            .filter(|_| self.index.format == LogFormat::Events)
    }

    /// Who wrote the lines.
    pub fn sources(&self) -> &[LogSource] {
        &self.index.sources
    }

    /// The last lines of a source, from 0, the earliest first.
    pub(crate) fn last_of(&self, source: usize) -> Vec<u32> {
        let Some(writer) = self.index.writers.get(source) else {
            return Vec::new();
        };
        let count = LAST.min(writer.written as usize);
        let written = writer.written as usize;
        let last = (written - count..written).map(|at| writer.last[at % LAST]);
        last.filter(|row| *row < self.index.rows).collect()
    }

    /// About how much memory it takes, in bytes.
    pub fn memory(&self) -> usize {
        let block = |block: &Block| {
            block.bytes.capacity()
                + block.starts.capacity() * 2
                + block.tags.capacity()
                + block.sources.capacity() * 2
                + size_of::<Block>()
        };
        self.blocks.iter().map(block).sum::<usize>()
            + self.index.joins.capacity() * size_of::<Join>()
    }
}

/// Where the line that fills a block ends.
fn block_end(block: &Block) -> usize {
    block.bytes.len() - 1
}

fn without_return(line: &[u8]) -> &[u8] {
    match line {
        [line @ .., b'\r'] => line,
        line => line,
    }
}

impl Block {
    /// Gives back what a block does not need that gets no more lines.
    fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.starts.shrink_to_fit();
        self.tags.shrink_to_fit();
        self.sources.shrink_to_fit();
    }
}

impl Index {
    /// Indexes the whole lines of a block; its bytes from `unseen` on are new.
    fn lines(&mut self, block: &mut Block, at: usize, unseen: usize) {
        let mut unseen = unseen;
        while let Some(end) = find(&block.bytes, unseen, b'\n') {
            self.line(block, at, block.indexed, end);
            unseen = end + 1;
        }
    }

    /// Indexes a line that ends before `to`, where its line break is or the bytes end.
    fn line(&mut self, block: &mut Block, at: usize, from: usize, to: usize) {
        block.indexed = (to + 1).min(block.bytes.len());
        self.read += 1;
        let line = without_return(&block.bytes[from..to]);
        if self.format != LogFormat::Text && line.trim_ascii_start().first() == Some(&b'{') {
            match scan::read(line) {
                scan::EventLine::Event(event) => {
                    self.format = LogFormat::Events;
                    return self.event(block, at, from, to, &event);
                }
                scan::EventLine::Object if self.format == LogFormat::Events => {
                    return self.add(
                        block,
                        from,
                        Tag::new(LineKind::Other, Level::Info, false),
                        0,
                        1,
                    );
                }
                _ => {}
            }
        }
        if self.format == LogFormat::Unknown && self.read >= FIRST_LINES {
            self.format = LogFormat::Text;
        }
        let is_coded = find_either(line, 0, 0x1b, b'\r').is_some();
        let source = if self.format == LogFormat::Events {
            0
        } else {
            self.step(&block.bytes[from..to])
        };
        if self.format != LogFormat::Text && !line.is_empty() {
            self.malformed += 1;
            self.first_malformed.get_or_insert(self.rows);
        }
        self.add(
            block,
            from,
            Tag::new(LineKind::Raw, Level::Output, is_coded),
            source,
            1,
        );
    }

    /// Adds so many lines of one event.
    #[inline(always)]
    fn add(&mut self, block: &mut Block, from: usize, tag: Tag, source: u16, count: u32) {
        if self.sources.is_empty() {
            // What nobody in particular wrote.
            self.sources.push(LogSource::default());
            self.writers.push(Writer::default());
        }
        for _ in 0..count {
            block.starts.push(from as u16);
            block.tags.push(tag);
            block.sources.push(source);
        }
        self.rows += count;
    }

    fn event(&mut self, block: &mut Block, at: usize, from: usize, to: usize, event: &Event) {
        let line = &block.bytes[from..to];
        if self.sources.is_empty() {
            self.sources.push(LogSource::default());
            self.writers.push(Writer::default());
        }
        let is_written = match event.kind {
            EventKind::Application => true,
            EventKind::Skaffold => event.level == Level::Output,
            _ => false,
        };
        let (kind, source) = match event.kind {
            EventKind::Skaffold => {
                let key = [&[], &[], event.task.of(line), event.subtask.of(line), &[]];
                (LineKind::Message, self.source(key))
            }
            EventKind::Application => {
                let key = [event.container.of(line), event.pod.of(line), &[], &[], &[]];
                (LineKind::Message, self.source(key))
            }
            EventKind::Verify => (
                LineKind::Event,
                self.source([&[], &[], &[], &[], event.id.of(line)]),
            ),
            EventKind::Task | EventKind::Termination => (LineKind::Event, 0),
            EventKind::Meta | EventKind::Entry if !event.message.range.is_empty() => {
                (LineKind::Message, 0)
            }
            EventKind::Meta | EventKind::Entry | EventKind::Other => (LineKind::Other, 0),
        };
        let first = self.rows;
        self.story.hear(event, line, first);
        if kind != LineKind::Message {
            let tag = Tag::new(kind, event.level, kind == LineKind::Event);
            return self.add(block, from, tag, source, 1);
        }
        let text = event.message;
        let mut count = (text.breaks + u32::from(!text.ends)).max(1);
        let tag = Tag::new(kind, event.level, text.is_coded);
        self.writers[usize::from(source)].ends_lines |= text.breaks > 0;
        if !is_written {
            return self.add(block, from, tag, source, count);
        }
        let open = self.writers[usize::from(source)].open;
        let joins = open.filter(|(_, events)| *events < MOST_JOINED);
        if let Some((row, _)) = joins {
            self.join(row, at, from);
            count -= 1;
        }
        self.add(block, from, tag, source, count);
        let writer = &mut self.writers[usize::from(source)];
        writer.open = match (text.ends, joins) {
            (true, _) => None,
            _ if !writer.ends_lines => None,
            (false, Some((row, events))) if count == 0 => Some((row, events + 1)),
            (false, _) => Some((self.rows - 1, 1)),
        };
        for row in first.max(self.rows.saturating_sub(LAST as u32))..self.rows {
            writer.last[writer.written as usize % LAST] = row;
            writer.written += 1;
        }
    }

    /// Lets an event go on in a line.
    fn join(&mut self, row: u32, block: usize, start: usize) {
        self.joins.push(Join {
            block: block as u32,
            start: start as u32,
            next: 0,
        });
        let index = self.joins.len() as u32 - 1;
        if self.extended.last() != Some(&row) {
            self.extended.push(row);
        }
        match self.joined.get_mut(&row) {
            Some((_, last)) => {
                self.joins[*last as usize].next = index + 1;
                *last = index;
            }
            None => {
                self.joined.insert(row, (index, index));
                self.coded_later.push(row);
            }
        }
    }

    /// The number of a source: container, pod, task, subtask and test.
    #[inline(always)]
    fn source(&mut self, parts: [&[u8]; 5]) -> u16 {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for part in parts {
            for byte in part {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
            // No UTF-8 has this byte.
            hash = (hash ^ 0xff).wrapping_mul(0x0100_0000_01b3);
        }
        match self.last_source {
            Some((known, source)) if known == hash => source,
            _ => self.other_source(hash, parts),
        }
    }

    #[inline(never)]
    fn other_source(&mut self, hash: u64, parts: [&[u8]; 5]) -> u16 {
        let source = match self.known.get(&hash) {
            Some(source) => *source,
            None if self.sources.len() >= MOST_SOURCES => (self.sources.len() - 1) as u16,
            None => {
                let [container, pod, task, subtask, test] = parts.map(scan::decode);
                self.sources.push(LogSource {
                    container,
                    pod,
                    task,
                    subtask,
                    test,
                });
                self.writers.push(Writer::default());
                let source = (self.sources.len() - 1) as u16;
                self.known.insert(hash, source);
                source
            }
        };
        self.last_source = Some((hash, source));
        source
    }

    /// The source of a line of a build's log, `Step #1 - "deploy": …`.
    fn step(&mut self, line: &[u8]) -> u16 {
        if !line.starts_with(b"Step #") {
            return 0;
        }
        let most = &line[..line.len().min(200)];
        // What comes after the prefix may be no UTF-8, or cut within a character.
        let text = most.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        let Some((length, _)) = crate::model::event_log::text_log::step_prefix(text) else {
            return 0;
        };
        if self.sources.is_empty() {
            self.sources.push(LogSource::default());
            self.writers.push(Writer::default());
        }
        let name = line[..length].trim_ascii_end();
        self.source([name.strip_suffix(b":").unwrap_or(name), &[], &[], &[], &[]])
    }
}

impl Log {
    /// The runs of Skaffold that the log tells of, as they came; none for what is no event log.
    pub fn runs(&self) -> &[LogRun] {
        &self.index.story.runs
    }

    /// The last lines that a test's container wrote, from 0: what it said before it failed. Lines of
    /// earlier runs do not count.
    pub fn last_words(&self, run: &LogRun, test: &str) -> Vec<u32> {
        let is_its = |at: &usize| {
            let source = &self.sources()[*at];
            !source.container.is_empty() && source.is_of(test)
        };
        let sources = (0..self.sources().len()).filter(is_its);
        let mut rows: Vec<u32> = sources.flat_map(|at| self.last_of(at)).collect();
        rows.retain(|row| *row >= run.first);
        rows.sort_unstable();
        let from = rows.len().saturating_sub(LAST);
        rows.split_off(from)
    }
}

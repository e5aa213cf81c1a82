//! One line of a Skaffold event log, read as far as its index needs.
//!
//! A line is one JSON object, written by Go's `jsonpb` (see [the module](super)). A general reader
//! of JSON would build each of a million of them, of which a few dozen are on the screen: this one
//! follows quotes and brackets, remembers where the fields are that a log is made of, and never
//! fails otherwise than by saying that a line is no such object.

use serde::{Deserialize, Serialize};

use super::byte_search::plain_end;

/// A stretch of a line, in bytes. An empty one is a field that is absent or empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByteRange {
    pub from: u32,
    pub to: u32,
}

impl ByteRange {
    /// What stands there.
    pub fn of(self, line: &[u8]) -> &[u8] {
        line.get(self.from as usize..self.to as usize)
            .unwrap_or_default()
    }

    /// Whether there is nothing.
    pub fn is_empty(self) -> bool {
        self.from >= self.to
    }
}

/// A text of JSON, without its quotes and with its escapes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pub range: ByteRange,
    /// How many escaped line breaks it has.
    pub breaks: u32,
    /// Whether the last character is one.
    pub ends: bool,
    /// Whether it has a `\u` or `\r`, so that the bytes do not show what a reader sees.
    pub is_coded: bool,
}

/// What kind of event a line tells of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EventKind {
    /// `skaffoldLogEvent`: what Skaffold or a tool that it runs has written.
    Skaffold,
    /// `applicationLogEvent`: what a container has written.
    Application,
    /// `verifyEvent` and `execEvent`: how a test stands.
    Verify,
    /// `taskEvent`.
    Task,
    /// `terminationEvent`: Skaffold ends.
    Termination,
    /// `metaEvent`: Skaffold begins.
    Meta,
    /// A line of the older format, v1, with an `entry` to read.
    Entry,
    /// Any other, known to Skaffold or not: it is shown as it came.
    #[default]
    Other,
}

/// How much a line matters to whoever wrote it: Skaffold's log levels, and what has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(u8)]
pub enum Level {
    Trace,
    /// Also what is written without a level: jsonpb leaves out the first of an enum.
    #[default]
    Debug,
    Info,
    /// What a tool wrote to its output (`STANDARD`), a container, and any text.
    Output,
    Warn,
    Error,
    Fatal,
    Panic,
}

impl Level {
    /// All of them, the least first.
    pub(crate) const ALL: [Self; 8] = [
        Self::Trace,
        Self::Debug,
        Self::Info,
        Self::Output,
        Self::Warn,
        Self::Error,
        Self::Fatal,
        Self::Panic,
    ];

    /// The name, as Skaffold writes it but for output.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Output => "OUTPUT",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
            Self::Fatal => "FATAL",
            Self::Panic => "PANIC",
        }
    }

    fn read(name: &[u8]) -> Self {
        match name {
            b"INFO" => Self::Info,
            b"WARN" => Self::Warn,
            b"ERROR" => Self::Error,
            b"FATAL" => Self::Fatal,
            b"PANIC" => Self::Panic,
            b"TRACE" => Self::Trace,
            b"" | b"DEBUG" => Self::Debug,
            // A level of a newer Skaffold: nothing is known against it.
            _ => Self::Output,
        }
    }
}

/// An event, as byte ranges in its line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Event {
    pub kind: EventKind,
    pub level: Level,
    /// RFC 3339.
    pub time: ByteRange,
    /// The name of the field that has the event.
    pub name: ByteRange,
    /// The event, with its brackets.
    pub body: ByteRange,
    /// `message`, or the `entry` of v1.
    pub message: Text,
    pub container: ByteRange,
    pub pod: ByteRange,
    pub task: ByteRange,
    pub subtask: ByteRange,
    /// The test's name, or the task's id.
    pub id: ByteRange,
    pub status: ByteRange,
    /// An `ActionableErr` with its brackets: why it failed, and what to do.
    pub error: ByteRange,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventLine {
    Event(Event),
    /// A JSON object that tells of no event.
    Object,
    /// No JSON object at all.
    Malformed,
}

/// Reads a line without its line break.
pub fn read(line: &[u8]) -> EventLine {
    let mut scan = Scan { line, at: 0 };
    scan.spaces();
    let Some(line) = scan.event() else {
        return EventLine::Malformed;
    };
    scan.spaces();
    if scan.at < scan.line.len() {
        EventLine::Malformed
    } else {
        line
    }
}

/// Deeper than this nothing is nested that a program wrote on purpose.
const MOST_DEEP: u32 = 64;

struct Scan<'a> {
    line: &'a [u8],
    at: usize,
}

/// A value: where it is, and a text's own details.
enum Value {
    Text(Text),
    Object(ByteRange),
    Else,
}

impl Scan<'_> {
    #[inline(always)]
    fn peek(&self) -> u8 {
        // No JSON has a zero outside of texts.
        if self.at < self.line.len() {
            self.line[self.at]
        } else {
            0
        }
    }

    #[inline(always)]
    fn spaces(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\r') {
            self.at += 1;
        }
    }

    #[inline(always)]
    fn take(&mut self, byte: u8) -> Option<()> {
        if self.peek() == byte {
            self.at += 1;
            return Some(());
        }
        self.spaces();
        if self.peek() != byte {
            return None;
        }
        self.at += 1;
        Some(())
    }

    /// A text, whose quote comes next.
    #[inline(always)]
    fn text(&mut self) -> Option<Text> {
        self.take(b'"')?;
        let from = self.at;
        let mut text = Text::default();
        loop {
            self.at = plain_end(self.line, self.at);
            match self.peek() {
                b'"' => break,
                b'\\' => {
                    let escaped = *self.line.get(self.at + 1)?;
                    match escaped {
                        b'n' => text.breaks += 1,
                        b'u' => {
                            let digits = self.line.get(self.at + 2..self.at + 6)?;
                            if !digits.iter().all(u8::is_ascii_hexdigit) {
                                return None;
                            }
                            text.is_coded = true;
                        }
                        b'r' | b'b' | b'f' => text.is_coded = true,
                        b'"' | b'\\' | b'/' | b't' => {}
                        _ => return None,
                    }
                    self.at += 2;
                    text.ends = escaped == b'n' && self.peek() == b'"';
                }
                // A control character, or the line's end.
                _ => return None,
            }
        }
        text.range = ByteRange {
            from: from as u32,
            to: self.at as u32,
        };
        self.at += 1;
        Some(text)
    }

    /// A key and its colon.
    #[inline(always)]
    fn key(&mut self) -> Option<ByteRange> {
        let key = self.text()?.range;
        self.take(b':')?;
        self.spaces();
        Some(key)
    }

    /// Whether there is another member, after a comma; that there is none takes the closing bracket.
    #[inline(always)]
    fn more(&mut self) -> Option<bool> {
        self.spaces();
        match self.peek() {
            b',' => {
                self.at += 1;
                Some(true)
            }
            b'}' => {
                self.at += 1;
                Some(false)
            }
            _ => None,
        }
    }

    /// Whether an object, whose bracket comes next, has members; one without is taken whole.
    #[inline(always)]
    fn begin(&mut self) -> Option<bool> {
        self.take(b'{')?;
        self.spaces();
        if self.peek() == b'}' {
            self.at += 1;
            return Some(false);
        }
        Some(true)
    }

    /// Any value.
    #[inline(always)]
    fn value(&mut self) -> Option<Value> {
        let from = self.at as u32;
        match self.peek() {
            b'"' => Some(Value::Text(self.text()?)),
            b'{' => {
                self.nested(0)?;
                Some(Value::Object(ByteRange {
                    from,
                    to: self.at as u32,
                }))
            }
            _ => {
                self.nested(0)?;
                Some(Value::Else)
            }
        }
    }

    /// Takes a value of which nothing is to be known.
    fn nested(&mut self, depth: u32) -> Option<()> {
        if depth > MOST_DEEP {
            return None;
        }
        self.spaces();
        match self.peek() {
            b'"' => self.text().map(drop),
            b'{' => {
                let mut more = self.begin()?;
                while more {
                    self.spaces();
                    self.key()?;
                    self.nested(depth + 1)?;
                    more = self.more()?;
                }
                Some(())
            }
            b'[' => {
                self.at += 1;
                self.spaces();
                if self.peek() == b']' {
                    self.at += 1;
                    return Some(());
                }
                loop {
                    self.nested(depth + 1)?;
                    self.spaces();
                    match self.peek() {
                        b',' => self.at += 1,
                        b']' => {
                            self.at += 1;
                            return Some(());
                        }
                        _ => return None,
                    }
                }
            }
            _ => {
                // A number or a word; which of them is nobody's concern here.
                let from = self.at;
                while matches!(self.peek(), b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'-' | b'.')
                {
                    self.at += 1;
                }
                (self.at > from).then_some(())
            }
        }
    }

    /// A line's object.
    fn event(&mut self) -> Option<EventLine> {
        let mut event = Event::default();
        let mut is_event = false;
        let mut entry = Text::default();
        let mut more = self.begin()?;
        while more {
            self.spaces();
            let key = self.key()?;
            let name = key.of(self.line);
            if self.peek() == b'{' && !is_event {
                is_event = true;
                let from = self.at as u32;
                event.name = key;
                event.kind = match name {
                    b"skaffoldLogEvent" => EventKind::Skaffold,
                    b"applicationLogEvent" => EventKind::Application,
                    b"verifyEvent" | b"execEvent" => EventKind::Verify,
                    b"taskEvent" => EventKind::Task,
                    b"terminationEvent" => EventKind::Termination,
                    b"metaEvent" => EventKind::Meta,
                    b"event" => EventKind::Entry,
                    _ => EventKind::Other,
                };
                // That of v1 is in an object of its own once more.
                self.body(&mut event, u32::from(name == b"event"))?;
                event.body = ByteRange {
                    from,
                    to: self.at as u32,
                };
            } else {
                match (self.value()?, name) {
                    (Value::Text(text), b"timestamp") => event.time = text.range,
                    (Value::Text(text), b"entry") => entry = text,
                    _ => {}
                }
            }
            more = self.more()?;
        }
        if !entry.range.is_empty() {
            // An `entry` that is alone is a line too.
            event.kind = EventKind::Entry;
            event.message = entry;
            event.level = if event.error.is_empty() {
                Level::Info
            } else {
                Level::Error
            };
            return Some(EventLine::Event(event));
        }
        match event.kind {
            EventKind::Skaffold => {}
            EventKind::Application => event.level = Level::Output,
            _ => {
                let failed = event.status.of(self.line) == b"Failed";
                event.level = if failed { Level::Error } else { Level::Info };
            }
        }
        Some(if is_event {
            EventLine::Event(event)
        } else {
            EventLine::Object
        })
    }

    /// The fields of an event; with `wraps`, of the one in it.
    #[inline(always)]
    fn body(&mut self, event: &mut Event, wraps: u32) -> Option<()> {
        let mut more = self.begin()?;
        while more {
            self.spaces();
            let key = self.key()?;
            let name = key.of(self.line);
            if wraps > 0 && self.peek() == b'{' {
                self.wrapped(event)?;
            } else {
                match (self.value()?, name) {
                    (Value::Text(text), b"message") => event.message = text,
                    (Value::Text(text), b"entry") if event.message.range.is_empty() => {
                        event.message = text
                    }
                    (Value::Text(text), b"level") => {
                        event.level = Level::read(text.range.of(self.line))
                    }
                    (Value::Text(text), b"containerName") => event.container = text.range,
                    (Value::Text(text), b"podName") => event.pod = text.range,
                    (Value::Text(text), b"taskId") => event.task = text.range,
                    (Value::Text(text), b"subtaskId") => event.subtask = text.range,
                    (Value::Text(text), b"id") => event.id = text.range,
                    (Value::Text(text), b"status") => event.status = text.range,
                    (Value::Object(range), b"actionableErr" | b"err") => event.error = range,
                    _ => {}
                }
            }
            more = self.more()?;
        }
        Some(())
    }

    #[inline(never)]
    fn wrapped(&mut self, event: &mut Event) -> Option<()> {
        self.body(event, 0)
    }
}

/// What stands between the quotes of a text of JSON, for people. What is no UTF-8 is U+FFFD.
pub fn decode(raw: &[u8]) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut at = 0;
    while at < raw.len() {
        let end = super::byte_search::find(raw, at, b'\\').unwrap_or(raw.len());
        match std::str::from_utf8(&raw[at..end]) {
            Ok(text) => out.push_str(text),
            Err(_) => out.push_str(&String::from_utf8_lossy(&raw[at..end])),
        }
        at = end + 2;
        let Some(escaped) = raw.get(end + 1) else {
            break;
        };
        out.push(match escaped {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => {
                let first = unit(raw, at);
                at += 4;
                match first {
                    // Two that make one character beyond the first 65,536.
                    0xd800..0xdc00 if raw.get(at..at + 2) == Some(b"\\u") => {
                        let second = unit(raw, at + 2);
                        if (0xdc00..0xe000).contains(&second) {
                            at += 6;
                            let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                            char::from_u32(code).unwrap_or('\u{fffd}')
                        } else {
                            '\u{fffd}'
                        }
                    }
                    _ => char::from_u32(first).unwrap_or('\u{fffd}'),
                }
            }
            other => char::from(*other),
        });
    }
    out
}

/// Four hexadecimal digits.
fn unit(raw: &[u8], at: usize) -> u32 {
    let digits = raw.get(at..(at + 4).min(raw.len())).unwrap_or_default();
    digits.iter().fold(0, |unit, digit| {
        unit * 16 + char::from(*digit).to_digit(16).unwrap_or(0)
    })
}

/// The members of an object: each key as it is written, and the bytes of its value. For the few
/// lines of which more is to be known; none for what is no object.
pub fn members(object: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut scan = Scan {
        line: object,
        at: 0,
    };
    let mut members = Vec::new();
    let Some(mut more) = scan.begin() else {
        return members;
    };
    while more {
        scan.spaces();
        let Some(key) = scan.key() else { break };
        let from = scan.at;
        if scan.nested(0).is_none() {
            break;
        }
        members.push((key.of(object), &object[from..scan.at]));
        more = scan.more().unwrap_or(false);
    }
    members
}

/// The items of a list, as the bytes of each; none for what is no list.
pub(crate) fn items(list: &[u8]) -> Vec<&[u8]> {
    let mut scan = Scan { line: list, at: 0 };
    let mut items = Vec::new();
    if scan.take(b'[').is_none() {
        return items;
    }
    loop {
        scan.spaces();
        let from = scan.at;
        if scan.nested(0).is_none() {
            return items;
        }
        items.push(&list[from..scan.at]);
        if scan.take(b',').is_none() {
            return items;
        }
    }
}

/// A value for people: a text without its quotes, and anything else as it is written.
pub(crate) fn shown(value: &[u8]) -> String {
    match value {
        [b'"', text @ .., b'"'] => decode(text),
        value => String::from_utf8_lossy(value).into_owned(),
    }
}

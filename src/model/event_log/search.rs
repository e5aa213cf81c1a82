//! Looking for a text in lines.

use std::ops::Range;

use super::byte_search::{find, find_either};

/// Says whether a line has what is looked for, and where.
pub trait Matcher {
    /// Whether a line has it.
    fn is_in(&self, line: &str) -> bool;

    /// The byte ranges of all matches in a line, none of them empty, in order.
    fn ranges(&self, line: &str) -> Vec<Range<usize>>;

    /// What the bytes of every line that has it have in them, too, unless they are
    /// [coded](super::log::Tag::is_coded); without it, every line has to be read.
    fn needle(&self) -> Option<&Needle> {
        None
    }
}

/// A text to look for as it is.
#[derive(Clone, Debug)]
pub struct Needle {
    /// In small letters when case does not matter.
    bytes: Vec<u8>,
    /// Whether the letters of ASCII count in both cases. Those of other alphabets are told apart:
    /// the tables for them are for [`Matcher`]s that have them anyway.
    folds: bool,
    /// The index in it of the byte that is looked for first, and that byte in both cases.
    anchor: usize,
    either: (u8, u8),
    /// Whether lines can have it in other bytes, as JSON writes some characters.
    is_plain: bool,
}

/// About how often a byte is met in logs, from 0: what is rare is looked for first.
fn frequency(byte: u8) -> u8 {
    match byte {
        b' ' | b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' | b'"' | b'\\' => 9,
        b'd' | b'l' | b'u' | b'c' | b'm' | b'p' | b'0' | b'1' | b'2' | b':' | b',' => 7,
        b'f' | b'g' | b'h' | b'b' | b'v' | b'k' | b'w' | b'y' | b'-' | b'.' | b'/' => 5,
        b'3'..=b'9' => 4,
        byte if byte.is_ascii_lowercase() => 2,
        byte if byte.is_ascii_uppercase() => 2,
        _ => 1,
    }
}

impl Needle {
    /// A text to look for, with its case or without; `None` for the empty one.
    pub fn new(text: &str, with_case: bool) -> Option<Self> {
        let folds = !with_case && text.bytes().any(|byte| byte.is_ascii_alphabetic());
        let bytes = if folds {
            text.to_ascii_lowercase()
        } else {
            text.to_owned()
        }
        .into_bytes();
        let anchor = (0..bytes.len()).min_by_key(|at| frequency(bytes[*at]))?;
        let byte = bytes[anchor];
        let either = if folds {
            (byte, byte.to_ascii_uppercase())
        } else {
            (byte, byte)
        };
        // Go writes these as escapes, and U+FFFD is read for bytes that are no UTF-8; what has them is
        // found by reading.
        let is_plain = !text.contains('\u{fffd}')
            && !text
                .bytes()
                .any(|byte| matches!(byte, b'"' | b'\\' | b'<' | b'>' | b'&' | 0..0x20));
        Some(Self {
            bytes,
            folds,
            anchor,
            either,
            is_plain,
        })
    }

    /// Where it is in some bytes, from `from` on.
    #[inline(always)]
    pub(crate) fn find(&self, hay: &[u8], from: usize) -> Option<usize> {
        let (first, second) = self.either;
        let mut at = from + self.anchor;
        loop {
            let found = match first == second {
                true => find(hay, at, first)?,
                false => find_either(hay, at, first, second)?,
            };
            let start = found - self.anchor;
            if self.is_at(hay, start) {
                return Some(start);
            }
            at = found + 1;
        }
    }

    #[inline(always)]
    fn is_at(&self, hay: &[u8], start: usize) -> bool {
        if start + self.bytes.len() > hay.len() {
            return false;
        }
        let mut at = 0;
        while at < self.bytes.len() {
            let byte = hay[start + at];
            let byte = if self.folds {
                byte.to_ascii_lowercase()
            } else {
                byte
            };
            if byte != self.bytes[at] {
                return false;
            }
            at += 1;
        }
        true
    }
}

impl Matcher for Needle {
    fn is_in(&self, line: &str) -> bool {
        self.find(line.as_bytes(), 0).is_some()
    }

    fn ranges(&self, line: &str) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        let mut from = 0;
        while let Some(at) = self.find(line.as_bytes(), from) {
            from = at + self.bytes.len();
            ranges.push(at..from);
        }
        ranges
    }

    fn needle(&self) -> Option<&Needle> {
        self.is_plain.then_some(self)
    }
}

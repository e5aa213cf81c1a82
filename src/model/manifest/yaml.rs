//! Colours for YAML (and JSON, which is YAML): a text to lines of spans.
//!
//! Made for manifests as people read them, line by line, and not a parser: what is no YAML gets
//! some colours too, and every character of the text comes back.

use serde::{Deserialize, Serialize};

/// A stretch of a line with one meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<'a> {
    pub kind: SpanKind,
    pub text: &'a str,
}

/// What a stretch stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SpanKind {
    /// The key of a mapping, with its quotes.
    Key,
    /// A value that is a text, with or without quotes, or a line of a block scalar.
    String,
    Number,
    /// A value that is `true`, `false` or `null`, or one of their other spellings.
    Boolean,
    Comment,
    /// What makes the structure: `:`, `-`, `,`, brackets, and the head of a block scalar.
    Punctuation,
    /// White space, and anchors, aliases, tags and directives.
    Plain,
    /// `---` or `...`.
    DocumentStart,
}

/// The lines of a text, without their line feeds: joined by line feeds, the spans are the text.
pub fn highlight(text: &str) -> Vec<Vec<Span<'_>>> {
    let mut state = State::default();
    text.split('\n').map(|line| state.line(line)).collect()
}

/// What a line has to know of those before it.
#[derive(Default)]
struct State {
    /// The column of what a block scalar belongs to; its lines are indented more.
    block: Option<usize>,
    /// The quote that a text was opened with and that is still to come.
    quote: Option<char>,
    /// How many brackets are open.
    depth: usize,
}

struct YamlLine<'a> {
    spans: Vec<Span<'a>>,
    rest: &'a str,
}

impl<'a> YamlLine<'a> {
    /// Takes so many bytes, which end at a character.
    fn take(&mut self, kind: SpanKind, bytes: usize) {
        if bytes > 0 {
            let (text, rest) = self.rest.split_at(bytes);
            self.spans.push(Span { kind, text });
            self.rest = rest;
        }
    }

    fn take_spaces(&mut self) {
        self.take(
            SpanKind::Plain,
            self.rest.len() - self.rest.trim_start().len(),
        );
    }
}

impl State {
    fn line<'a>(&mut self, text: &'a str) -> Vec<Span<'a>> {
        let mut line = YamlLine {
            spans: Vec::new(),
            rest: text,
        };
        let indent = text.len() - text.trim_start_matches(' ').len();
        if let Some(block) = self.block {
            if text.trim().is_empty() || indent > block {
                line.take(SpanKind::Plain, indent);
                line.take(SpanKind::String, line.rest.len());
                return line.spans;
            }
            self.block = None;
        }
        if self.quote.is_none() && self.depth == 0 {
            let marker = text
                .get(..3)
                .filter(|marker| matches!(*marker, "---" | "..."));
            if marker.is_some() && text[3..].chars().next().is_none_or(char::is_whitespace) {
                line.take(SpanKind::DocumentStart, 3);
            } else if text.starts_with('%') {
                line.take(SpanKind::Plain, text.len());
            }
        }
        // The column of the last `-` or key: the lines of its block scalar are indented more.
        let mut block_indent = indent;
        while !line.rest.is_empty() {
            line.take_spaces();
            let rest = line.rest;
            let Some(first) = rest.chars().next() else {
                break;
            };
            let spaced = rest[first.len_utf8()..]
                .chars()
                .next()
                .is_none_or(char::is_whitespace);
            let at_start = line.spans.iter().all(|span| {
                span.text.trim().is_empty()
                    || span.text == "-"
                    || span.text == "?"
                    || span.kind == SpanKind::DocumentStart
            });
            if let Some(quote) = self.quote {
                line.take(SpanKind::String, self.quoted(rest, quote));
                continue;
            }
            match first {
                // After a space, or at the beginning of a line.
                '#' if line
                    .spans
                    .last()
                    .is_none_or(|span| span.text.ends_with(char::is_whitespace)) =>
                {
                    line.take(SpanKind::Comment, rest.len());
                }
                '-' | '?' if spaced && at_start => {
                    block_indent = text.len() - rest.len();
                    line.take(SpanKind::Punctuation, 1);
                }
                '{' | '[' => {
                    self.depth += 1;
                    line.take(SpanKind::Punctuation, 1);
                }
                '}' | ']' if self.depth > 0 => {
                    self.depth -= 1;
                    line.take(SpanKind::Punctuation, 1);
                }
                ',' if self.depth > 0 => line.take(SpanKind::Punctuation, 1),
                ':' if spaced || self.depth > 0 => line.take(SpanKind::Punctuation, 1),
                '&' | '*' | '!' if !spaced => {
                    let end = rest
                        .find(|c: char| c.is_whitespace() || (self.depth > 0 && ",]}".contains(c)));
                    line.take(SpanKind::Plain, end.unwrap_or(rest.len()));
                }
                '|' | '>' if self.depth == 0 && is_block_head(rest) => {
                    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                    line.take(SpanKind::Punctuation, end);
                    self.block = Some(block_indent);
                }
                '"' | '\'' => {
                    let end = 1 + self.quoted(&rest[1..], first);
                    let is_key = self.quote.is_none() && rest[end..].trim_start().starts_with(':');
                    if is_key && at_start {
                        block_indent = text.len() - rest.len();
                    }
                    line.take(
                        if is_key {
                            SpanKind::Key
                        } else {
                            SpanKind::String
                        },
                        end,
                    );
                }
                _ => {
                    let end = self.plain_end(rest);
                    let is_key = self.is_colon(rest, end);
                    if is_key && at_start {
                        block_indent = text.len() - rest.len();
                    }
                    let text = rest[..end].trim_end();
                    let kind = if is_key { SpanKind::Key } else { scalar(text) };
                    line.take(kind, text.len());
                }
            }
        }
        line.spans
    }

    /// Where a text in quotes that begins before `rest` ends; the quote stays open when it does
    /// not end in this line.
    fn quoted(&mut self, rest: &str, quote: char) -> usize {
        let mut chars = rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if quote == '"' && c == '\\' {
                chars.next();
            } else if c == quote {
                // In single quotes a quote is written twice.
                if quote == '\'' && chars.next_if(|(_, next)| *next == '\'').is_some() {
                    continue;
                }
                self.quote = None;
                return at + 1;
            }
        }
        self.quote = Some(quote);
        rest.len()
    }

    /// Whether `rest` has the colon of a key at `at`.
    fn is_colon(&self, rest: &str, at: usize) -> bool {
        let mut after = rest[at..].chars();
        after.next() == Some(':')
            && after
                .next()
                .is_none_or(|c| c.is_whitespace() || (self.depth > 0 && ",[]{}".contains(c)))
    }

    /// Where an unquoted text ends: before a key's colon or a comment, and in brackets before
    /// what divides. At least one character.
    fn plain_end(&self, rest: &str) -> usize {
        let mut before = 'a';
        for (at, c) in rest.char_indices() {
            let ends = match c {
                ':' => self.is_colon(rest, at),
                '#' => before.is_whitespace(),
                ',' | '[' | ']' | '{' | '}' => self.depth > 0,
                _ => false,
            };
            if ends && at > 0 {
                return at;
            }
            before = c;
        }
        rest.len()
    }
}

/// Whether a text is the head of a block scalar: `|` or `>`, indicators, and no more but a comment.
fn is_block_head(text: &str) -> bool {
    let indicators =
        text[1..].trim_start_matches(['+', '-', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    let rest = indicators.trim_start();
    rest.is_empty() || (rest.starts_with('#') && rest.len() < indicators.len())
}

/// What an unquoted value is: by the core schema of YAML 1.2, and the booleans of 1.1, which
/// Kubernetes' reader still takes.
fn scalar(text: &str) -> SpanKind {
    const WORDS: [&str; 8] = ["true", "false", "null", "~", "yes", "no", "on", "off"];
    if WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return SpanKind::Boolean;
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_number = match unsigned.get(..2) {
        Some("0x") => unsigned.len() > 2 && unsigned[2..].bytes().all(|b| b.is_ascii_hexdigit()),
        Some("0o") => {
            unsigned.len() > 2 && unsigned[2..].bytes().all(|b| (b'0'..=b'7').contains(&b))
        }
        _ if matches!(
            unsigned,
            ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN"
        ) =>
        {
            true
        }
        _ => is_decimal(unsigned),
    };
    if is_number {
        SpanKind::Number
    } else {
        SpanKind::String
    }
}

/// Digits with at most one point, and an exponent or none.
fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (
            mantissa,
            exponent.strip_prefix(['-', '+']).unwrap_or(exponent),
        ),
        None => (text, "0"),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    !(whole.is_empty() && fraction.is_empty())
        && digits(whole)
        && digits(fraction)
        && !exponent.is_empty()
        && digits(exponent)
}

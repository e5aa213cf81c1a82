//! A text log, such as a build's, as lines with colours and without what only a terminal needs.

use serde::{Deserialize, Serialize};

/// A log for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextLog {
    pub lines: Vec<LogLine>,
    /// How many lines before the first were left out.
    pub left_out: usize,
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogLine {
    /// Its number in the text, from 1.
    pub number: usize,
    /// The step of the build that wrote it, from 0.
    pub step: Option<usize>,
    /// What Cloud Build wrote before the step's own words, such as `Step #1 - "deploy": `; empty
    /// for other lines.
    pub prefix: String,
    /// The words, each stretch with its style. No control characters but tabs.
    pub spans: Vec<StyledSpan>,
    /// How many times the line was written over, as progress is.
    pub rewritten: usize,
}

/// A stretch of a line with one style.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StyledSpan {
    pub style: Style,
    pub text: String,
}

/// How a terminal would show a stretch (ECMA-48, SGR).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Style {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreground: Option<Color>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub background: Option<Color>,
    #[serde(skip_serializing_if = "<&bool as std::ops::Not>::not")]
    pub bold: bool,
    #[serde(skip_serializing_if = "<&bool as std::ops::Not>::not")]
    pub dim: bool,
    #[serde(skip_serializing_if = "<&bool as std::ops::Not>::not")]
    pub italic: bool,
    #[serde(skip_serializing_if = "<&bool as std::ops::Not>::not")]
    pub underline: bool,
}

/// A colour of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Color {
    /// One of the sixteen that a theme defines: 0 black, 1 red, 2 green, 3 yellow, 4 blue,
    /// 5 magenta, 6 cyan, 7 white, and from 8 the same, bright.
    Named(u8),
    Rgb(u8, u8, u8),
}

impl LogLine {
    /// The line's own words, without its prefix.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }
}

/// Reads the last `most` lines of a log.
///
/// A style ends with its line, though a terminal would go on: the lines of parallel steps take
/// turns, and one forgotten reset would colour all the rest.
pub fn read(text: &str, most: usize) -> TextLog {
    let text = text.strip_suffix('\n').unwrap_or(text);
    if text.is_empty() {
        return TextLog::default();
    }
    let lines = text.split('\n').count();
    let left_out = lines.saturating_sub(most);
    let lines = text.split('\n').enumerate().skip(left_out);
    TextLog {
        lines: lines.map(|(index, text)| line(index + 1, text)).collect(),
        left_out,
    }
}

fn line(number: usize, text: &str) -> LogLine {
    let mut line = LogLine {
        number,
        ..LogLine::default()
    };
    let words = match step_prefix(text) {
        Some((prefix, step)) => {
            line.step = Some(step);
            line.prefix = visible(&text[..prefix]);
            &text[prefix..]
        }
        None => {
            line.step = ["Starting ", "Finished "]
                .iter()
                .find_map(|word| step_number(text.strip_prefix(word)?))
                .map(|(_, step)| step);
            text
        }
    };
    // A carriage return goes back to the line's beginning, and what follows writes over it. Of
    // such states the last that says something is shown.
    let mut states = words
        .split('\r')
        .filter(|state| !visible(state).trim().is_empty());
    if let Some(last) = states.next_back() {
        line.rewritten = states.count();
        line.spans = spans(last);
    }
    line
}

/// The length of a prefix such as `Step #1 - "deploy": `, and the step's number.
pub(crate) fn step_prefix(text: &str) -> Option<(usize, usize)> {
    let (length, step) = step_number(text)?;
    let rest = &text[length..];
    let named = match rest.strip_prefix(" - \"") {
        Some(name) => length + 4 + name.find('"')? + 1,
        None => length,
    };
    let rest = text[named..].strip_prefix(':')?;
    Some((named + 1 + usize::from(rest.starts_with(' ')), step))
}

/// The length of what a text begins with, such as `Step #1`, and the number.
fn step_number(text: &str) -> Option<(usize, usize)> {
    const STEP: &str = "Step #";
    let rest = text.strip_prefix(STEP)?;
    let digits = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    Some((STEP.len() + digits, rest[..digits].parse().ok()?))
}

/// A text without control characters and escape sequences.
pub(crate) fn visible(text: &str) -> String {
    spans(text).into_iter().map(|span| span.text).collect()
}

pub(crate) fn spans(text: &str) -> Vec<StyledSpan> {
    let mut spans: Vec<StyledSpan> = Vec::new();
    let mut style = Style::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        // U+009B begins a sequence as well as ESC and a bracket do.
        let after = rest
            .strip_prefix("\u{1b}[")
            .or_else(|| rest.strip_prefix('\u{9b}'));
        if let Some(after) = after {
            rest = sequence(after, &mut style);
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match c {
            '\u{1b}' => rest = other_sequence(rest),
            c if c.is_control() && c != '\t' => {}
            c => match spans.last_mut() {
                Some(span) if span.style == style => span.text.push(c),
                _ => spans.push(StyledSpan {
                    style,
                    text: c.into(),
                }),
            },
        }
    }
    spans
}

/// Takes a control sequence whose introducer is taken already, and what it does to the style. One
/// that never ends takes its parameters alone.
fn sequence<'a>(text: &'a str, style: &mut Style) -> &'a str {
    let end = text
        .find(|c: char| !matches!(c, ' '..='?'))
        .unwrap_or(text.len());
    match text[end..].chars().next() {
        Some('m') => {
            style.apply(&text[..end]);
            &text[end + 1..]
        }
        // Moves, erasures and the like: they have a final byte of their own.
        Some('@'..='~') => &text[end + 1..],
        _ => &text[end..],
    }
}

/// Takes an escape sequence that is no control sequence, whose ESC is taken already: a title or a
/// link (ECMA-48's strings, which end in BEL or ESC and a backslash) with all it says.
fn other_sequence(text: &str) -> &str {
    match text.chars().next() {
        Some(']' | 'P' | 'X' | '^' | '_') => {
            let ends =
                ["\u{7}", "\u{1b}\\", "\u{9c}"].map(|end| text.find(end).map(|at| at + end.len()));
            // One that does not end in the line is none.
            ends.into_iter()
                .flatten()
                .min()
                .map_or(&text[1..], |end| &text[end..])
        }
        Some('0'..='~') => &text[1..],
        Some(' '..='/') => {
            let end = text
                .find(|c: char| !matches!(c, ' '..='/'))
                .unwrap_or(text.len());
            match text[end..].chars().next() {
                Some('0'..='~') => &text[end + 1..],
                _ => &text[end..],
            }
        }
        _ => text,
    }
}

impl Style {
    /// The CSS classes that show it, separated by spaces; empty for plain text.
    pub(crate) fn classes(&self) -> String {
        let looks = [
            (self.bold, "is-bold"),
            (self.dim, "is-dim"),
            (self.italic, "is-italic"),
            (self.underline, "is-underlined"),
        ];
        let looks = looks
            .into_iter()
            .filter(|(is_set, _)| *is_set)
            .map(|(_, class)| class.to_owned());
        let colors = [("fg", self.foreground), ("bg", self.background)];
        let colors = colors
            .into_iter()
            .filter_map(|(of, color)| Some(format!("{of}-{}", color?.of_the_theme())));
        looks.chain(colors).collect::<Vec<_>>().join(" ")
    }

    /// Applies the parameters of an SGR sequence. Unknown ones change nothing.
    fn apply(&mut self, parameters: &str) {
        let mut numbers = parameters.split([';', ':']).map(|text| match text {
            "" => Some(0),
            text => text.parse::<u8>().ok(),
        });
        while let Some(number) = numbers.next() {
            match number {
                Some(0) => *self = Self::default(),
                Some(1) => self.bold = true,
                Some(2) => self.dim = true,
                Some(3) => self.italic = true,
                Some(4) => self.underline = true,
                Some(22) => (self.bold, self.dim) = (false, false),
                Some(23) => self.italic = false,
                Some(24) => self.underline = false,
                Some(color @ 30..=37) => self.foreground = Some(Color::Named(color - 30)),
                // What follows an unknown way to say a colour cannot be told apart from it.
                Some(38) => match extended(&mut numbers) {
                    Some(color) => self.foreground = Some(color),
                    None => return,
                },
                Some(39) => self.foreground = None,
                Some(color @ 40..=47) => self.background = Some(Color::Named(color - 40)),
                Some(48) => match extended(&mut numbers) {
                    Some(color) => self.background = Some(color),
                    None => return,
                },
                Some(49) => self.background = None,
                Some(color @ 90..=97) => self.foreground = Some(Color::Named(color - 82)),
                Some(color @ 100..=107) => self.background = Some(Color::Named(color - 92)),
                _ => {}
            }
        }
    }
}

impl Color {
    /// The nearest of the sixteen colours that the page's theme has. What was chosen for a dark
    /// terminal could not be read on a light page.
    fn of_the_theme(self) -> u8 {
        let (r, g, b) = match self {
            Self::Named(named) => return named.min(15),
            Self::Rgb(r, g, b) => (r, g, b),
        };
        let (least, most) = (r.min(g).min(b), r.max(g).max(b));
        if most - least < 48 {
            return match most {
                0..64 => 0,
                64..128 => 8,
                128..208 => 7,
                _ => 15,
            };
        }
        let half = least + (most - least) / 2;
        let bit = |channel: u8, bit: u8| if channel > half { bit } else { 0 };
        bit(r, 1) + bit(g, 2) + bit(b, 4) + if most > 200 { 8 } else { 0 }
    }
}

/// The colour after 38 or 48: `5;n` of a palette of 256, or `2;r;g;b`.
fn extended(numbers: &mut impl Iterator<Item = Option<u8>>) -> Option<Color> {
    match numbers.next()?? {
        5 => Some(match numbers.next()?? {
            n @ 0..16 => Color::Named(n),
            // A cube of six steps for each of red, green and blue.
            n @ 16..232 => {
                let step = |n: u8| if n == 0 { 0 } else { 55 + n * 40 };
                let n = n - 16;
                Color::Rgb(step(n / 36), step(n / 6 % 6), step(n % 6))
            }
            n => {
                let gray = 8 + (n - 232) * 10;
                Color::Rgb(gray, gray, gray)
            }
        }),
        2 => Some(Color::Rgb(
            numbers.next()??,
            numbers.next()??,
            numbers.next()??,
        )),
        _ => None,
    }
}

/// Which line most likely says why a build failed: an index into [`TextLog::lines`].
///
/// The last line in which a step says “error” or the like in so many words; without one, the last
/// that speaks of a failure; without that, Cloud Build's own summary at the end, which names the
/// step and no reason. To be asked only of a build that failed: a good one may speak of errors too.
pub fn reason(log: &TextLog) -> Option<usize> {
    let mut best = None;
    for (index, line) in log.lines.iter().enumerate() {
        let weight = weight(line);
        if weight > 0 && best.is_none_or(|(most, _)| weight >= most) {
            best = Some((weight, index));
        }
    }
    best.map(|(_, index)| index)
}

/// How much a line looks like a reason, from 0.
fn weight(line: &LogLine) -> u8 {
    /// Before a reason, as programs write them.
    const STRONG: [&str; 8] = [
        "error:",
        "error ",
        "fatal:",
        "fatal ",
        "panic:",
        "denied",
        "exception",
        "assertionerror",
    ];
    const WEAK: [&str; 8] = [
        "failed",
        "failure",
        "error",
        "timed out",
        "deadline exceeded",
        "refused",
        "exit status",
        "non-zero status",
    ];
    let text = line.text().to_lowercase();
    let text = text.trim();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    // Counts of nothing are good news.
    if ["0 failed", "0 errors", "no error", "0 failures"]
        .iter()
        .any(|good| {
            text.match_indices(good)
                .any(|(at, _)| !text[..at].ends_with(|c: char| c.is_ascii_digit()))
        })
    {
        return 0;
    }
    match line.prefix.is_empty() {
        false if has(&STRONG) => 3,
        false if has(&WEAK) => 2,
        // The summary's heading, `ERROR` alone, says nothing.
        true if text.contains(' ') && (has(&STRONG) || has(&WEAK)) => 1,
        _ => 0,
    }
}

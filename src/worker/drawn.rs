//! What the worker answers for the page to draw: texts, coloured lines and rows, packed into texts
//! so that the page needs no JSON types of builds, and no more code than it takes to split a text.

use std::sync::Arc;

use crate::model::text_log::{Color, Style};
use crate::model::yaml::SpanKind;

/// Between the fields of a packed line, and before each of its spans.
const FIELD: char = '\u{1f}';
/// Between a span's classes and its text.
const CLASS: char = '\u{1e}';

/// A text without the characters that a packed text is divided by, and no others that would be
/// seen: they become U+FFFD, so that their place is seen.
fn plain(text: &str) -> String {
    text.replace(|c: char| c.is_control() && c != '\t', "\u{fffd}")
}

/// Packs a line: its number, what stands before its words, how often it was written over (empty
/// for never), and its spans by class and text.
pub(super) fn pack_line<'a>(
    number: usize,
    prefix: &str,
    rewritten: usize,
    spans: impl Iterator<Item = (String, &'a str)>,
) -> String {
    let mut out = number.to_string();
    out.push(FIELD);
    out.push_str(&plain(prefix));
    out.push(FIELD);
    if rewritten > 0 {
        out.push_str(&rewritten.to_string());
    }
    for (class, text) in spans {
        out.push(FIELD);
        out.push_str(&class);
        out.push(CLASS);
        out.push_str(&plain(text));
    }
    out
}

/// A line to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawnLine<'a> {
    pub number: &'a str,
    /// What stands before the words, such as `Step #1 - "deploy": `.
    pub prefix: &'a str,
    /// How many times it was written over; empty for never.
    pub rewritten: &'a str,
    /// Classes and text. The classes are those of `style/text.css`, or none.
    pub spans: Vec<(&'a str, &'a str)>,
}

impl<'a> DrawnLine<'a> {
    /// Unpacks a line. What is no packed line is one with nothing in it.
    pub fn unpack(packed: &'a str) -> Self {
        let mut fields = packed.split(FIELD);
        let mut next = || fields.next().unwrap_or_default();
        let (number, prefix, rewritten) = (next(), next(), next());
        Self { number, prefix, rewritten, spans: fields.filter_map(|span| span.split_once(CLASS)).collect() }
    }
}

/// The classes of a stretch of a log.
pub(super) fn style_classes(style: &Style) -> String {
    let mut classes = Vec::new();
    for (is_set, class) in [
        (style.bold, "is-bold"),
        (style.dim, "is-dim"),
        (style.italic, "is-italic"),
        (style.underline, "is-underlined"),
    ] {
        if is_set {
            classes.push(class.to_owned());
        }
    }
    classes.extend(style.foreground.map(|color| format!("fg-{}", named(color))));
    classes.extend(style.background.map(|color| format!("bg-{}", named(color))));
    classes.join(" ")
}

/// The nearest of the sixteen colours that the page's theme has. What was chosen for a dark
/// terminal could not be read on a light page.
fn named(color: Color) -> u8 {
    let (r, g, b) = match color {
        Color::Named(named) => return named.min(15),
        Color::Rgb(r, g, b) => (r, g, b),
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

/// The class of a stretch of YAML.
pub(super) fn yaml_class(kind: SpanKind) -> &'static str {
    match kind {
        SpanKind::Key => "y-key",
        SpanKind::String => "y-string",
        SpanKind::Number => "y-number",
        SpanKind::Boolean => "y-boolean",
        SpanKind::Comment => "y-comment",
        SpanKind::Punctuation => "y-punctuation",
        SpanKind::Plain => "",
        SpanKind::DocumentStart => "y-document",
    }
}

/// What a row of a difference is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// Where a hunk begins: `@@ -12,7 +12,9 @@`.
    Header,
    Unchanged,
    /// Unchanged, and far from a change.
    Folded,
    Removed,
    Added,
    /// About the row before: its text ends without a line break.
    Unterminated,
}

impl RowKind {
    const ALL: [(Self, char); 6] = [
        (Self::Header, '@'),
        (Self::Unchanged, ' '),
        (Self::Folded, '~'),
        (Self::Removed, '-'),
        (Self::Added, '+'),
        (Self::Unterminated, '\\'),
    ];

    /// The character that stands for it in a packed row; a person knows most of them from `diff`.
    pub fn sign(self) -> char {
        Self::ALL[self as usize].1
    }
}

/// Packs a row of a difference: its kind, its numbers in the old and the new text, and its words.
pub(super) fn pack_row(kind: RowKind, old: Option<usize>, new: Option<usize>, text: &str) -> String {
    let number = |number: Option<usize>| number.map(|number| number.to_string()).unwrap_or_default();
    // A carriage return at a line's end may be the change.
    let text = match text.strip_suffix('\r') {
        Some(text) => plain(text) + "␍",
        None => plain(text),
    };
    format!("{}{}{FIELD}{}{FIELD}{text}", kind.sign(), number(old), number(new))
}

/// A row of a difference to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawnRow<'a> {
    pub kind: RowKind,
    pub old: &'a str,
    pub new: &'a str,
    pub text: &'a str,
}

impl<'a> DrawnRow<'a> {
    /// Unpacks a row; `None` for what is none.
    pub fn unpack(packed: &'a str) -> Option<Self> {
        let sign = packed.chars().next()?;
        let (kind, _) = RowKind::ALL.into_iter().find(|(_, known)| *known == sign)?;
        let mut fields = packed[1..].splitn(3, FIELD);
        Some(Self { kind, old: fields.next()?, new: fields.next()?, text: fields.next()? })
    }
}

/// A difference to draw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DrawnDiff {
    pub added: String,
    pub removed: String,
    /// What a reader has to know about how the texts were compared; empty for nothing.
    pub note: String,
    /// [`DrawnRow`]s; none when the texts are equal.
    pub rows: Vec<String>,
}

impl DrawnDiff {
    pub(super) fn into_texts(self) -> Vec<String> {
        [self.added, self.removed, self.note].into_iter().chain(self.rows).collect()
    }

    /// Reads what the worker answered; `None` when it is something else.
    pub fn from_texts(mut texts: Vec<String>) -> Option<Self> {
        (texts.len() >= 3).then(|| {
            let rows = texts.split_off(3);
            let mut next = texts.into_iter();
            let mut next = || next.next().unwrap_or_default();
            Self { added: next(), removed: next(), note: next(), rows }
        })
    }
}

/// A log to draw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DrawnLog {
    /// Which line most likely says why the build failed.
    pub reason: Option<usize>,
    /// That line's own words.
    pub reason_text: String,
    /// [`DrawnLine`]s.
    pub lines: Arc<Vec<String>>,
}

impl DrawnLog {
    pub(super) fn into_texts(self) -> Vec<String> {
        let reason = self.reason.map(|index| index.to_string()).unwrap_or_default();
        [reason, self.reason_text].into_iter().chain(Arc::unwrap_or_clone(self.lines)).collect()
    }

    /// Reads what the worker answered; `None` when it is something else.
    pub fn from_texts(mut texts: Vec<String>) -> Option<Self> {
        (texts.len() >= 2).then(|| {
            let lines = texts.split_off(2);
            Self { reason: texts[0].parse().ok(), reason_text: texts.swap_remove(1), lines: lines.into() }
        })
    }
}

/// A build to draw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DrawnBuild {
    /// The status for people.
    pub label: String,
    /// A job run's state that looks as the status should, as the API writes it.
    pub look: String,
    /// Why it failed; empty when it has not.
    pub why: String,
    /// What to do about it.
    pub next: String,
    /// How long it waited and ran, for people.
    pub times: String,
    /// Whether it can still change by itself.
    pub live: bool,
    /// Where the storage API has the log, as a path; empty for nowhere.
    pub log: String,
    /// The log's address, `gs://…`.
    pub log_uri: String,
    /// Why there is no log, when there is none.
    pub no_log: String,
    /// The log in the Cloud console, when it is there; else the build.
    pub log_page: String,
    /// Problems that did not end it, one to a line.
    pub warnings: String,
    /// Queue, stages and steps, in order.
    pub steps: Vec<DrawnStep>,
}

/// A stretch of a build to draw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DrawnStep {
    pub label: String,
    /// As [`DrawnBuild::look`]; empty for what has no status of its own.
    pub look: String,
    /// The status for people, with the exit code where there is one.
    pub status: String,
    /// How long it took; empty for what is not known.
    pub duration: String,
    /// What it runs, and in which image.
    pub details: String,
    /// Where it lies on the axis, as the style sheet takes it; empty for nowhere.
    pub place: String,
}

const HEAD: usize = 11;
const STEP: usize = 6;

impl DrawnBuild {
    pub(super) fn into_texts(self) -> Vec<String> {
        let live = if self.live { "1" } else { "" }.to_owned();
        let head: [String; HEAD] = [
            self.label,
            self.look,
            self.why,
            self.next,
            self.times,
            live,
            self.log,
            self.log_uri,
            self.no_log,
            self.log_page,
            self.warnings,
        ];
        let steps = self.steps.into_iter().flat_map(|step| -> [String; STEP] {
            [step.label, step.look, step.status, step.duration, step.details, step.place]
        });
        head.into_iter().chain(steps).collect()
    }

    /// Reads what the worker answered; `None` when it is something else.
    pub fn from_texts(texts: Vec<String>) -> Option<Self> {
        if texts.len() < HEAD || !(texts.len() - HEAD).is_multiple_of(STEP) {
            return None;
        }
        let mut texts = texts.into_iter();
        let mut next = || texts.next().unwrap_or_default();
        let mut build = Self {
            label: next(),
            look: next(),
            why: next(),
            next: next(),
            times: next(),
            live: !next().is_empty(),
            log: next(),
            log_uri: next(),
            no_log: next(),
            log_page: next(),
            warnings: next(),
            steps: Vec::new(),
        };
        while let Some(label) = texts.next() {
            let mut next = || texts.next().unwrap_or_default();
            build.steps.push(DrawnStep {
                label,
                look: next(),
                status: next(),
                duration: next(),
                details: next(),
                place: next(),
            });
        }
        Some(build)
    }
}

//! `filter`, a part of AIP-160: comparisons of fields with values, `:` for “has”, bare words,
//! AND, OR, NOT, `-` and parentheses.
//!
//! As in AIP-160, OR binds tighter than AND, and what stands side by side is an AND. An absent
//! field equals the empty text; times are compared as instants; `*` at either end of a value of
//! `=` stands for anything. Functions are left out.

use super::fields::{Field, ResourceKind, same, text};
use super::json::Json;
use crate::core::time::{self, Timestamp};

/// A condition on the items of a list.
#[derive(Debug)]
pub(crate) struct Filter(Node);

#[derive(Debug)]
enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    /// Some text of the run has this in it.
    Word(String),
    Test {
        field: Field,
        operator: &'static str,
        value: String,
        /// The value of a time field, but for `*`.
        time: Option<Timestamp>,
    },
}

/// Parentheses within parentheses: the parser recurses, and a page's stack is small.
const MAX_DEPTH: usize = 32;
/// Longest first.
const OPERATORS: [&str; 7] = ["<=", ">=", "!=", "=", "<", ">", ":"];

impl Filter {
    /// Reads a filter; an empty one holds for every run.
    ///
    /// # Errors
    /// A sentence that says at which character, from 1, and what is wrong there.
    pub(crate) fn parse(kind: &ResourceKind, filter: &str) -> Result<Self, String> {
        let mut parser = Parser {
            kind,
            filter,
            at: 0,
            depth: 0,
        };
        if parser.rest().is_empty() {
            return Ok(Self(Node::All(Vec::new())));
        }
        match parser.expression() {
            Ok(node) if parser.rest().is_empty() => Ok(Self(node)),
            Ok(_) => Err(parser.error("there is no matching “(”")),
            Err(error) => Err(error),
        }
    }

    /// Whether a run's JSON fits.
    pub(crate) fn matches(&self, run: &Json) -> bool {
        self.0.matches(run)
    }
}

struct Parser<'a> {
    kind: &'a ResourceKind,
    filter: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    /// What is left, from the next character that is no space.
    fn rest(&mut self) -> &'a str {
        let left = &self.filter[self.at..];
        let rest = left.trim_start();
        self.at += left.len() - rest.len();
        rest
    }

    fn error(&self, reason: &str) -> String {
        let position = self.filter[..self.at].chars().count() + 1;
        format!("Invalid filter: {reason}, at character {position}.")
    }

    /// Takes a keyword that stands alone.
    fn keyword(&mut self, word: &str) -> bool {
        let found = self.rest().strip_prefix(word).is_some_and(|after| {
            !after.starts_with(|c| is_word(c) || matches!(c, '.' | ':' | '=' | '!' | '<' | '>'))
        });
        if found {
            self.at += word.len();
        }
        found
    }

    fn expression(&mut self) -> Result<Node, String> {
        let mut all = vec![self.any()?];
        while self.keyword("AND") || !(self.rest().is_empty() || self.rest().starts_with(')')) {
            all.push(self.any()?);
        }
        Ok(if all.len() == 1 {
            all.remove(0)
        } else {
            Node::All(all)
        })
    }

    fn any(&mut self) -> Result<Node, String> {
        let mut any = vec![self.term()?];
        while self.keyword("OR") {
            any.push(self.term()?);
        }
        Ok(if any.len() == 1 {
            any.remove(0)
        } else {
            Node::Any(any)
        })
    }

    fn term(&mut self) -> Result<Node, String> {
        if self.keyword("NOT") {
            return Ok(Node::Not(Box::new(self.simple()?)));
        }
        if self.rest().starts_with('-') {
            self.at += 1;
            return Ok(Node::Not(Box::new(self.simple()?)));
        }
        self.simple()
    }

    fn simple(&mut self) -> Result<Node, String> {
        if self.rest().starts_with('(') {
            if self.depth == MAX_DEPTH {
                return Err(self.error("too many parentheses within each other"));
            }
            self.depth += 1;
            self.at += 1;
            let inside = self.expression()?;
            if !self.rest().starts_with(')') {
                return Err(self.error("“)” is missing"));
            }
            self.at += 1;
            self.depth -= 1;
            return Ok(inside);
        }
        let begin = self.at;
        if self.rest().starts_with(['"', '\'']) {
            return self.quoted().map(Node::Word);
        }
        let word = self.take(|c| is_word(c) || c == '.');
        if word.is_empty() {
            let reason = match self.rest().chars().next() {
                None | Some(')') => "a condition is missing",
                Some(_) => "a field was expected",
            };
            return Err(self.error(reason));
        }
        if matches!(word, "AND" | "OR" | "NOT") {
            self.at = begin;
            return Err(self.error(&format!("a condition is missing before “{word}”")));
        }
        if self.rest().starts_with('(') {
            return Err(self.error("functions are not supported"));
        }
        let Some(operator) = OPERATORS
            .into_iter()
            .find(|operator| self.rest().starts_with(operator))
        else {
            return Ok(Node::Word(word.to_owned()));
        };
        let Some(field) = Field::parse(self.kind, word) else {
            self.at = begin;
            return Err(self.error(&format!("{} have no field “{word}”", self.kind.plural)));
        };
        self.at += operator.len();
        self.rest();
        let begin = self.at;
        let value = if self.rest().starts_with(['"', '\'']) {
            self.quoted()?
        } else {
            let word = self.take(|c| !c.is_whitespace() && !"()<>=!\"'".contains(c));
            if word.is_empty() {
                return Err(self.error(&format!("a value is missing after “{operator}”")));
            }
            word.to_owned()
        };
        let mut instant = None;
        if field.is_time() && !(operator == ":" && value == "*") {
            match time::parse(&value) {
                Ok(time) => instant = Some(time),
                Err(_) => {
                    self.at = begin;
                    return Err(self.error(&format!("“{value}” is not an RFC 3339 time")));
                }
            }
        }
        Ok(Node::Test {
            field,
            operator,
            value,
            time: instant,
        })
    }

    /// Takes characters for as long as they fit.
    fn take(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|c| !fits(c)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    /// Takes a text in quotes; a backslash takes the meaning from the character after it.
    fn quoted(&mut self) -> Result<String, String> {
        let mut text = String::new();
        let mut chars = self.rest().char_indices();
        let quote = chars.next().map(|(_, c)| c);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => text.extend(chars.next().map(|(_, c)| c)),
                c if Some(c) == quote => {
                    self.at += at + 1;
                    return Ok(text);
                }
                c => text.push(c),
            }
        }
        Err(self.error("the closing quote is missing"))
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || !c.is_ascii() || matches!(c, '_' | '-' | '*' | '/' | '$')
}

impl Node {
    fn matches(&self, run: &Json) -> bool {
        match self {
            Self::All(nodes) => nodes.iter().all(|node| node.matches(run)),
            Self::Any(nodes) => nodes.iter().any(|node| node.matches(run)),
            Self::Not(node) => !node.matches(run),
            Self::Word(word) => has_word(run, word),
            Self::Test {
                field,
                operator,
                value,
                time,
            } => {
                let found = field.find(run);
                let equal = || match time {
                    Some(time) => found.iter().any(|found| instant(found) == Some(*time)),
                    None if found.is_empty() => value.is_empty(),
                    None => found.iter().any(|found| equals(found, value)),
                };
                match *operator {
                    "=" => equal(),
                    "!=" => !equal(),
                    ":" if time.is_some() => equal(),
                    ":" => found.iter().any(|found| has(found, value)),
                    _ => found.iter().any(|found| {
                        let order = match time {
                            Some(time) => instant(found).map(|found| found.cmp(time)),
                            None => Some(text(found).as_str().cmp(value)),
                        };
                        order.is_some_and(|order| match *operator {
                            "<" => order.is_lt(),
                            "<=" => order.is_le(),
                            ">" => order.is_gt(),
                            _ => order.is_ge(),
                        })
                    }),
                }
            }
        }
    }
}

fn instant(value: &Json) -> Option<Timestamp> {
    match value {
        Json::String(text) => time::parse(text).ok(),
        _ => None,
    }
}

fn equals(found: &Json, value: &str) -> bool {
    match found {
        Json::Array(items) => items.iter().any(|item| equals(item, value)),
        Json::Object(_) => value == "*",
        scalar => {
            let text = text(scalar);
            match (value.strip_prefix('*'), value.strip_suffix('*')) {
                _ if text == value || value == "*" => true,
                (Some(end), None) => text.ends_with(end),
                (None, Some(start)) => text.starts_with(start),
                (Some(middle), Some(_)) => text.contains(middle.trim_end_matches('*')),
                (None, None) => false,
            }
        }
    }
}

fn has(found: &Json, value: &str) -> bool {
    match found {
        _ if value == "*" => true,
        Json::Array(items) => items.iter().any(|item| has(item, value)),
        Json::Object(members) => members.keys().any(|name| same(name, value)),
        scalar => has_word(scalar, value),
    }
}

fn has_word(found: &Json, word: &str) -> bool {
    match found {
        Json::Array(items) => items.iter().any(|item| has_word(item, word)),
        Json::Object(members) => members.values().any(|member| has_word(member, word)),
        scalar => text(scalar)
            .to_ascii_lowercase()
            .contains(&word.to_ascii_lowercase()),
    }
}

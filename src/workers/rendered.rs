//! What the worker has rendered, for the page to put on the screen: elements, packed into texts.
//!
//! So the page has one short piece of code for all of it, and needs neither the JSON types of builds
//! nor the code that lays out steps, logs, manifests and differences. Only a few elements can be
//! rendered so, a link leads nowhere but into the viewer, and what a text holds is always text.

use std::str::Split;

/// Begins an element: its tag, then its attributes, each a letter and its value, each after a
/// [`FIELD`].
const OPEN: char = '\u{1}';
/// Ends the beginning of an element: its children follow.
const INSIDE: char = '\u{2}';
/// Ends an element.
const CLOSE: char = '\u{3}';
const FIELD: char = '\u{1f}';

/// The tags that can be rendered. `icon` is an icon, by a job run's state, and `a` leads to an address in the
/// viewer.
const TAGS: [&str; 29] = [
    "div", "span", "p", "b", "pre", "ol", "li", "details", "summary", "icon", "a", "button", "article",
    "header", "h2", "h3", "dl", "dt", "dd", "table", "tr", "td", "th", "tbody", "section", "mark", "option",
    "optgroup", "select",
];

/// The attributes that can be rendered, and the letter that stands for each.
const ATTRIBUTES: [(char, &str); 23] = [
    ('c', "class"),
    ('t', "title"),
    ('s', "style"),
    ('n', "data-number"),
    ('w', "data-times"),
    ('l', "aria-label"),
    // Of an icon: the state that it is of.
    ('i', "state"),
    // Of a link: the address, as the part from `#` on.
    ('p', "data-place"),
    // Of a button: the settings of the address that it changes.
    ('e', "data-set"),
    // Of a table's row: the run.
    ('j', "data-run"),
    ('x', "aria-rowindex"),
    ('d', "aria-selected"),
    ('r', "role"),
    ('f', "scope"),
    ('k', "id"),
    ('o', "open"),
    // Of a button or a line of a log: the line, from 1.
    ('g', "data-row"),
    ('y', "type"),
    ('v', "value"),
    ('h', "label"),
    ('q', "aria-posinset"),
    ('z', "aria-setsize"),
    // Of what scrolls: the keyboard gets there.
    ('m', "tabindex"),
];

/// An element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub tag: &'static str,
    pub attributes: Vec<(&'static str, String)>,
    pub children: Vec<Child>,
}

/// What is in an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Child {
    Node(Node),
    Text(String),
}

/// An element of a class, which may be empty.
pub(crate) fn node(tag: &'static str, class: &str) -> Node {
    let node = Node { tag, attributes: Vec::new(), children: Vec::new() };
    if class.is_empty() { node } else { node.attr("class", class) }
}

impl Node {
    /// Sets an attribute.
    pub(crate) fn attr(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// Adds a text, unless it is empty.
    pub(crate) fn text(mut self, text: &str) -> Self {
        if !text.is_empty() {
            // The characters that texts are packed by, and others that would not be seen, become
            // U+FFFD, so that they are seen.
            let shown = text.replace(|c: char| c.is_control() && c != '\t' && c != '\n', "\u{fffd}");
            self.children.push(Child::Text(shown));
        }
        self
    }

    /// Adds an element.
    pub(crate) fn child(mut self, child: Node) -> Self {
        self.children.push(Child::Node(child));
        self
    }

    /// Adds elements.
    pub(crate) fn nodes(mut self, nodes: impl IntoIterator<Item = Node>) -> Self {
        self.children.extend(nodes.into_iter().map(Child::Node));
        self
    }

    /// The element as one text.
    pub(crate) fn pack(&self) -> String {
        let mut out = String::new();
        self.pack_into(&mut out);
        out
    }

    fn pack_into(&self, out: &mut String) {
        out.push(OPEN);
        out.push_str(self.tag);
        for (name, value) in &self.attributes {
            let letter = ATTRIBUTES.iter().find(|(_, known)| known == name).map(|(letter, _)| *letter);
            out.push(FIELD);
            out.extend(letter);
            out.push_str(&value.replace(|c: char| c.is_control() && c != '\n', "\u{fffd}"));
        }
        out.push(INSIDE);
        for child in &self.children {
            match child {
                Child::Node(node) => node.pack_into(out),
                Child::Text(text) => out.push_str(text),
            }
        }
        out.push(CLOSE);
    }

    /// Unpacks an element; `None` for what is none.
    pub fn unpack(packed: &str) -> Option<Self> {
        let mut stack: Vec<Node> = Vec::new();
        let mut rest = packed;
        loop {
            let end = rest.find([OPEN, CLOSE])?;
            if end > 0 {
                stack.last_mut()?.children.push(Child::Text(rest[..end].to_owned()));
            }
            let (mark, after) = (rest[end..].starts_with(OPEN), &rest[end + 1..]);
            if mark {
                let (begin, inside) = after.split_once(INSIDE)?;
                stack.push(Self::begin(begin.split(FIELD))?);
                rest = inside;
                continue;
            }
            let node = stack.pop()?;
            match stack.last_mut() {
                Some(parent) => parent.children.push(Child::Node(node)),
                None => return Some(node),
            }
            rest = after;
        }
    }

    fn begin(mut fields: Split<char>) -> Option<Self> {
        let tag = fields.next()?;
        let tag = TAGS.into_iter().find(|known| *known == tag)?;
        let attribute = |field: &str| {
            let letter = field.chars().next()?;
            let (_, name) = ATTRIBUTES.iter().find(|(known, _)| *known == letter)?;
            Some((*name, field[1..].to_owned()))
        };
        Some(Self { tag, attributes: fields.filter_map(attribute).collect(), children: Vec::new() })
    }

    /// An attribute's value; empty for none.
    pub fn get(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }
}

//! What of a log is looked at, and what was looked for in it.
//!
//! A filter and a search go through a million lines. They do so in small steps, so that whoever
//! scrolls meanwhile does not wait, and what is found first is shown first.

use std::ops::Range;

use super::byte_search::find_hidden;
use super::log::LogSource;
use super::scan::Level;
use super::search::{Matcher, Needle};
use super::{Log, log};

/// Whose lines are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum From {
    #[default]
    All,
    Test(String),
    /// Or the step of a build.
    Container(String),
    Pod(String),
}

impl From {
    /// Reads a setting: a letter that says of what, a colon, and the name.
    pub fn read(setting: &str) -> Self {
        match setting.split_once(':') {
            Some(("t", name)) => Self::Test(name.to_owned()),
            Some(("c", name)) => Self::Container(name.to_owned()),
            Some(("p", name)) => Self::Pod(name.to_owned()),
            _ => Self::All,
        }
    }

    fn includes(&self, source: &LogSource) -> bool {
        match self {
            Self::All => true,
            Self::Test(name) => source.is_of(name),
            Self::Container(name) => source.container == *name,
            Self::Pod(name) => source.pod == *name,
        }
    }
}

/// Which lines are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFilter {
    pub from: From,
    /// Of this level and above; all without one.
    pub level: Option<Level>,
    /// Whether lines in which the search finds nothing are left out.
    pub only_found: bool,
}

impl LogFilter {
    /// Whether it leaves out lines by who wrote them and how much they matter.
    fn selects(&self) -> bool {
        self.from != From::All || self.level.is_some()
    }
}

/// The lines of a log that a filter lets through, and what a search found in them.
#[derive(Default)]
pub struct FilteredLog {
    filter: LogFilter,
    matcher: Option<Box<dyn Matcher>>,
    /// The lines that the filter lets through, in order, as far as it was applied.
    selected: Vec<u32>,
    selected_to: u32,
    /// The lines in which the search found something, of those that the filter lets through.
    found: Vec<u32>,
    searched_to: u32,
    /// For each source whether it is let through.
    allowed: Vec<bool>,
}

impl FilteredLog {
    /// Shows other lines.
    pub fn set_filter(&mut self, filter: LogFilter) {
        if filter == self.filter {
            return;
        }
        if (&filter.from, filter.level) != (&self.filter.from, self.filter.level) {
            self.selected.clear();
            self.selected_to = 0;
            self.allowed.clear();
            self.restart_search();
        }
        self.filter = filter;
    }

    /// Looks for something else, or for nothing.
    pub fn set_matcher(&mut self, matcher: Option<Box<dyn Matcher>>) {
        self.matcher = matcher;
        self.restart_search();
    }

    fn restart_search(&mut self) {
        self.found.clear();
        self.searched_to = 0;
    }

    /// Forgets what is known of lines from this one on: there are no such lines any more, or others.
    pub fn forget_from(&mut self, row: u32) {
        if row == 0 {
            // Another log may have other sources.
            self.allowed.clear();
        }
        for (rows, to) in [
            (&mut self.selected, &mut self.selected_to),
            (&mut self.found, &mut self.searched_to),
        ] {
            *to = row.min(*to);
            rows.truncate(rows.partition_point(|known| *known < row));
        }
    }

    /// Looks again at lines that were looked at, since they have become longer.
    pub fn look_again(&mut self, log: &Log, rows: &[u32]) {
        let Some(matcher) = self.matcher.as_deref() else {
            return;
        };
        for number in rows
            .iter()
            .copied()
            .take_while(|number| *number < self.searched_to)
        {
            let (Some(row), Some((block, at))) = (log.display_line(number), log.locate(number))
            else {
                continue;
            };
            let block = &log.blocks[block];
            let is_found =
                self.passes(block.tags[at], block.sources[at]) && matcher.is_in(&row.words());
            match (self.found.binary_search(&number), is_found) {
                (Err(at), true) => self.found.insert(at, number),
                (Ok(at), false) => drop(self.found.remove(at)),
                _ => {}
            }
        }
    }

    /// What is looked for.
    pub(crate) fn matcher(&self) -> Option<&dyn Matcher> {
        self.matcher.as_deref()
    }

    /// Whether all lines have been gone through.
    pub fn is_done(&self, log: &Log) -> bool {
        (!self.filter.selects() || self.selected_to >= log.len())
            && (self.matcher.is_none() || self.searched_to >= log.len())
    }

    /// Goes on with the filter and the search for a few thousand lines at most; `false` when there is
    /// nothing left to do.
    pub fn step(&mut self, log: &Log) -> bool {
        for source in &log.sources()[self.allowed.len().min(log.sources().len())..] {
            self.allowed.push(self.filter.from.includes(source));
        }
        if self.filter.selects() && self.selected_to < log.len() {
            self.select(log);
            return true;
        }
        if self.matcher.is_some() && self.searched_to < log.len() {
            self.search(log);
            return true;
        }
        false
    }

    fn passes(&self, tag: log::Tag, source: u16) -> bool {
        self.filter.level.is_none_or(|least| tag.level() >= least)
            && self
                .allowed
                .get(usize::from(source))
                .copied()
                .unwrap_or(true)
    }

    fn select(&mut self, log: &Log) {
        let Some((block, from)) = log.locate(self.selected_to) else {
            return;
        };
        let block = &log.blocks[block];
        for at in from..block.len() {
            if self.passes(block.tags[at], block.sources[at]) {
                self.selected.push(block.first + at as u32);
            }
        }
        self.selected_to = block.first + block.len() as u32;
    }

    fn search(&mut self, log: &Log) {
        let Some((block_at, from)) = log.locate(self.searched_to) else {
            return;
        };
        let block = &log.blocks[block_at];
        let Some(matcher) = self.matcher.as_deref() else {
            return;
        };
        let mut found = Vec::new();
        candidates(block, from, matcher.needle(), |lines| {
            // They have one source and one level.
            if !self.passes(block.tags[lines.start], block.sources[lines.start]) {
                return;
            }
            let number = |line: usize| block.first + line as u32;
            log.words_of_event(number(lines.start)..number(lines.end), |number, words| {
                if matcher.is_in(words) {
                    found.push(number);
                }
            });
        });
        self.found.extend(found);
        self.searched_to = block.first + block.len() as u32;
    }

    /// Whether lines are left out.
    fn rows(&self) -> Option<&[u32]> {
        if self.filter.only_found && self.matcher.is_some() {
            return Some(&self.found);
        }
        self.filter.selects().then_some(&*self.selected)
    }

    /// How many lines are shown.
    pub fn len(&self, log: &Log) -> u32 {
        self.rows().map_or(log.len(), |rows| rows.len() as u32)
    }

    /// The line at an index of what is shown, both from 0.
    pub fn at(&self, index: u32) -> Option<u32> {
        match self.rows() {
            None => Some(index),
            Some(rows) => rows.get(index as usize).copied(),
        }
    }

    /// The index of a line, or of the first shown one after it.
    pub fn index_of(&self, row: u32) -> u32 {
        match self.rows() {
            None => row,
            Some(rows) => rows.partition_point(|known| *known < row) as u32,
        }
    }

    /// The lines in which something was found so far.
    pub fn found(&self) -> &[u32] {
        &self.found
    }

    /// The next line in which something was found, after a line or before it; around the ends.
    pub fn next_found(&self, row: u32, forward: bool) -> Option<u32> {
        let found = &self.found;
        if forward {
            let at = found.partition_point(|known| *known <= row);
            found.get(at).or(found.first()).copied()
        } else {
            let at = found.partition_point(|known| *known < row);
            at.checked_sub(1)
                .and_then(|at| found.get(at))
                .or(found.last())
                .copied()
        }
    }

    /// Where along what is shown something was found: marks from 0 to `marks`, in order.
    pub fn marks(&self, log: &Log, marks: u32) -> Vec<u32> {
        let length = u64::from(self.len(log));
        if length == 0 || self.filter.only_found {
            return Vec::new();
        }
        let row_at = |mark: u32| {
            let index = (u64::from(mark) * length).div_ceil(u64::from(marks)) as u32;
            self.at(index).unwrap_or(u32::MAX)
        };
        let has_any = |mark: &u32| {
            let from = self.found.partition_point(|known| *known < row_at(*mark));
            let to = row_at(*mark + 1);
            self.found.get(from).is_some_and(|known| *known < to)
        };
        (0..marks).filter(has_any).collect()
    }
}

/// Tells `test` of the lines of a block, from one on, that may have what is looked for in them: those of
/// one event at once.
fn candidates(
    block: &log::Block,
    from: usize,
    needle: Option<&Needle>,
    mut test: impl FnMut(Range<usize>),
) {
    let Some(start) = block.starts.get(from).copied().map(usize::from) else {
        return;
    };
    let bytes = &block.bytes;
    let mut next_hit = needle.and_then(|needle| needle.find(bytes, start));
    let mut next_hidden = needle.and_then(|_| find_hidden(bytes, start));
    let mut at = from;
    while at < block.len() {
        let start = block.starts[at];
        let mut end = at + 1;
        while end < block.len() && block.starts[end] == start {
            end += 1;
        }
        let to = block
            .starts
            .get(end)
            .map_or(bytes.len(), |next| usize::from(*next));
        let is_hit = next_hit.is_some_and(|hit| hit < to);
        let hides = next_hidden.is_some_and(|hidden| hidden < to);
        if needle.is_none()
            || is_hit
            || hides
            || block.tags[at..end].iter().any(|tag| tag.is_coded())
        {
            test(at..end);
        }
        if is_hit {
            next_hit = needle.and_then(|needle| needle.find(bytes, to));
        }
        if hides {
            next_hidden = find_hidden(bytes, to);
        }
        at = end;
    }
}

//! Rendering: what the page puts on the screen of a log.

use std::ops::Range;

use jiff::tz::Offset;

use super::{Clock, LogWorker, Outside, Phase, Report};
use crate::api::job_run;
use crate::core::time::{SignedDuration, Timestamp, human_duration};
use crate::model::event_log::LogFormat;
use crate::model::event_log::display_line::DisplayLine;
use crate::model::event_log::scan::Level;
use crate::model::event_log::summary::{LogRun, Test, TestState, Told};
use crate::model::explain::state_class;
use crate::model::timeline::ticks::clock;
use crate::model::timeline::{Window, css};
use crate::workers::files::text::style_classes;
use crate::workers::rendered::{Node, node};

/// Along the scrollbar there are so many marks at most.
const MARKS: u32 = 200;
/// The levels that can be the least, and what a list calls them.
const LEVELS: [(&str, &str); 5] = [
    ("", "All levels"),
    ("INFO", "Without debug"),
    ("OUTPUT", "Output and worse"),
    ("WARN", "Warnings and worse"),
    ("ERROR", "Errors"),
];
const CLOCKS: [(&str, &str); 3] = [("", "Local time"), ("utc", "UTC"), ("relative", "Since the start")];
/// A list of what wrote lines is not longer than this.
const MOST_CHOICES: usize = 200;

impl<O: Outside> LogWorker<O> {
    /// How it stands now.
    pub(super) fn report(&self) -> Report {
        let phase = match self.phase {
            Phase::Reading => "reading",
            Phase::Following => "following",
            Phase::Whole => "whole",
            Phase::Stopped => "stopped",
            Phase::Failed => "failed",
        };
        let (search, found) = self.found();
        let progress = self.total.filter(|total| *total > 0 && self.phase == Phase::Reading);
        Report {
            version: self.version.to_string(),
            phase: phase.to_owned(),
            said: self.said(),
            progress: progress
                .map(|total| (self.log.bytes() * 1000 / total).min(1000).to_string())
                .unwrap_or_default(),
            shown: self.view.len(&self.log),
            lines: self.log.len(),
            found,
            search: search.to_owned(),
            current: self.current.map(|row| (row + 1).to_string()).unwrap_or_default(),
            summary: self.summary().map(|node| node.pack()).unwrap_or_default(),
            marks: self.marks().pack(),
            choices: self.choices().pack(),
            failure: self.failure.clone(),
        }
    }

    fn said(&self) -> String {
        let lines = counted(self.log.len().into(), "line");
        let bytes = megabytes(self.log.bytes());
        match (self.phase, self.total) {
            (Phase::Reading, _) if self.log.bytes() == 0 => "Reading the log…".to_owned(),
            (Phase::Reading, Some(total)) if total >= self.log.bytes() => {
                format!("{lines} so far, {bytes} of {}", megabytes(total))
            }
            (Phase::Reading, _) => format!("{lines} so far, {bytes}"),
            (Phase::Stopped, _) => format!("{lines}, {bytes}; the rest was not read"),
            (Phase::Failed, _) => format!("{lines}, {bytes}; the rest could not be read"),
            (Phase::Following, _) => format!("{lines}, {bytes}; it may go on"),
            (Phase::Whole, _) => format!("{lines}, {bytes}"),
        }
    }

    fn found(&self) -> (&'static str, String) {
        if !self.wrong.is_empty() {
            return ("wrong", self.wrong.clone());
        }
        if self.view.matcher().is_none() {
            return ("", String::new());
        }
        let found = self.view.found();
        let count = grouped(found.len() as u64);
        if !self.view.is_done(&self.log) {
            return ("going", format!("{count} so far…"));
        }
        let index = self.current.and_then(|row| found.binary_search(&row).ok());
        let said = match (found.len(), index) {
            (0, _) => "Nothing found".to_owned(),
            (_, Some(at)) => format!("{} of {count}", grouped(at as u64 + 1)),
            (1, None) => "1 line".to_owned(),
            (_, None) => format!("{count} lines"),
        };
        ("done", said)
    }

    fn marks(&self) -> Node {
        let marks = self
            .view
            .marks(&self.log, MARKS)
            .into_iter()
            .map(|mark| node("span", "").attr("style", format!("--at:{}", mark * (1_000_000 / MARKS))));
        node("div", "log-marks").nodes(marks)
    }

    /// What can be chosen: whose lines, which of them, and how times are shown.
    fn choices(&self) -> Node {
        let levels = LEVELS.into_iter().map(|(value, label)| option(value, label));
        let clocks = CLOCKS.into_iter().map(|(value, label)| option(value, label));
        node("div", "log-filters")
            .child(select("from", "Whose lines").nodes(self.sources()))
            .child(select("level", "Which levels").nodes(levels))
            .child(select("clock", "Which time").nodes(clocks))
    }

    fn sources(&self) -> Vec<Node> {
        let mut tests: Vec<&str> = Vec::new();
        for test in self.log.runs().iter().flat_map(|run| &run.tests) {
            if !tests.contains(&test.name.as_str()) && tests.len() < MOST_CHOICES {
                tests.push(&test.name);
            }
        }
        let (mut containers, mut pods): (Vec<&str>, Vec<&str>) = Default::default();
        for source in self.log.sources() {
            for (known, name) in [(&mut containers, &source.container), (&mut pods, &source.pod)] {
                if !name.is_empty() && known.len() < MOST_CHOICES && !known.contains(&name.as_str()) {
                    known.push(name);
                }
            }
        }
        let containers_are = if self.log.format() == LogFormat::Text { "Steps" } else { "Containers" };
        let groups = [("t", "Tests", tests), ("c", containers_are, containers), ("p", "Pods", pods)];
        let [chosen, ..] = &self.look;
        let mut all = vec![option("", "All lines")];
        let mut is_there = chosen.is_empty();
        for (letter, label, names) in groups {
            if names.is_empty() {
                continue;
            }
            let options = names.into_iter().map(|name| {
                let value = format!("{letter}:{name}");
                is_there |= value == *chosen;
                option(&value, name)
            });
            all.push(node("optgroup", "").attr("label", label).nodes(options));
        }
        if !is_there {
            // An address may ask for what the log does not have.
            all.push(option(chosen, chosen.split_once(':').map_or(chosen.as_str(), |(_, name)| name)));
        }
        all
    }

    /// The lines from an index on.
    pub(super) fn rows(
        &self,
        first: u32,
        count: u32,
        clock: Clock,
        picked: Option<(u32, u32)>,
    ) -> Vec<String> {
        let begin = self.begin(clock);
        let shown = self.view.len(&self.log);
        let indices = first.min(shown)..first.saturating_add(count).min(shown);
        let rows = indices.filter_map(|index| {
            let row = self.log.display_line(self.view.at(index)?)?;
            Some(self.row(&row, index, clock, begin, picked).pack())
        });
        rows.collect()
    }

    fn row(
        &self,
        row: &DisplayLine,
        index: u32,
        shown_clock: Clock,
        begin: Option<Timestamp>,
        picked: Option<(u32, u32)>,
    ) -> Node {
        let number = row.number + 1;
        let mut class = format!("log-row is-{}", row.level().name().to_ascii_lowercase());
        if picked.is_some_and(|(a, b)| (a.min(b)..=a.max(b)).contains(&number)) {
            class.push_str(" is-picked");
        }
        if self.current == Some(row.number) {
            class.push_str(" is-current");
        }
        let is_malformed = self.log.format() == LogFormat::Events && row.is_raw() && !row.line.is_empty();
        if is_malformed {
            class.push_str(" is-malformed");
        }
        let number = number.to_string();
        let rendered = node("div", &class)
            .attr("role", "listitem")
            .attr("aria-posinset", (index + 1).to_string())
            .attr("aria-setsize", self.view.len(&self.log).to_string())
            .attr("data-row", number.as_str())
            .child(node("span", "log-number").attr("data-number", number));
        let mut rendered = rendered;
        for (class, said, title) in self.beside(row, shown_clock, begin) {
            let part = node("span", &class).text(&said);
            let part = if title.is_empty() { part } else { part.attr("title", title) };
            rendered = rendered.child(part).text(" ");
        }
        let mut words = self.words(row);
        if is_malformed {
            words = words.attr("title", "This line is no event");
        }
        rendered.child(words)
    }

    /// From when on times are counted, if they are.
    pub(super) fn begin(&self, clock: Clock) -> Option<Timestamp> {
        match clock {
            Clock::Relative => self.log.span().map(|(first, _)| first),
            Clock::Local | Clock::Utc => None,
        }
    }

    /// What stands before a line's words: a class, a text and what it says in full, for each.
    pub(super) fn beside(
        &self,
        row: &DisplayLine,
        shown_clock: Clock,
        begin: Option<Timestamp>,
    ) -> Vec<(String, String, String)> {
        let mut beside = Vec::new();
        if let Some(time) = row.time() {
            let offset = if shown_clock == Clock::Utc { 0 } else { self.outside.offset(time) };
            let said = match begin {
                Some(begin) => since(time.duration_since(begin)),
                None => time_of_day(time, offset),
            };
            beside.push(("log-time".to_owned(), said, clock(time, offset)));
        }
        if self.log.format() == LogFormat::Text {
            return beside;
        }
        let from = row.source.label();
        if !from.is_empty() {
            let title = match row.source.pod.is_empty() {
                true => from.to_owned(),
                false => format!("{from} in {}", row.source.pod),
            };
            beside.push((format!("log-from {}", colour(from)), from.to_owned(), title));
        }
        if row.level() != Level::Output {
            beside.push(("log-level".to_owned(), row.level().name().to_owned(), String::new()));
        }
        beside
    }

    /// What the line says, with what was found in it marked.
    fn words(&self, row: &DisplayLine) -> Node {
        let (spans, left_out) = row.spans();
        let text: String = spans.iter().map(|span| span.text.as_str()).collect();
        let found = self.view.matcher().map(|matcher| matcher.ranges(&text)).unwrap_or_default();
        let mut words = node("span", "log-words");
        let mut at = 0;
        for span in &spans {
            let range = at..at + span.text.len();
            at = range.end;
            let class = style_classes(&span.style);
            if class.is_empty() {
                words = marked(words, &text, range, &found);
            } else {
                words = words.child(marked(node("span", &class), &text, range, &found));
            }
        }
        if left_out > 0 {
            let said = format!("… {} more, which Download has", bytes_said(left_out as u64));
            words = words.child(node("span", "log-more").text(&said));
        }
        words
    }

    /// What the log tells as a whole; nothing for a text.
    fn summary(&self) -> Option<Node> {
        let (last, earlier) = self.log.runs().split_last()?;
        if self.log.format() != LogFormat::Events {
            return None;
        }
        let span = self.log.span();
        // Whoever reads a log by itself reads of what is past, and it ends with its last line.
        let now = match (self.axis, span) {
            (None, Some((_, last))) => last,
            _ => self.outside.now(),
        };
        let axis = self.axis.or_else(|| {
            let (from, to) = span?;
            (from < to).then_some(Window { from, to })
        });
        let is_over = !matches!(self.phase, Phase::Reading | Phase::Following);
        let mut rendered = node("div", "log-summary").child(headline(last, is_over));
        if let Some(told) = &last.error {
            rendered = rendered.child(self.error(last, told));
        } else if let Some(row) = last.error_line.and_then(|row| self.log.display_line(row)) {
            let lead = lead(row.number, &format!("Show line {}", grouped(u64::from(row.number) + 1)));
            let words = node("pre", "").text(&row.words());
            rendered = rendered.child(
                node("div", "log-error")
                    .child(node("p", "log-error-head").text("The first line that is written as an error"))
                    .child(words)
                    .child(lead),
            );
        }
        if !last.tests.is_empty() {
            let tests = last.tests.iter().map(|test| test_row(test, axis, now, is_over));
            rendered = rendered.child(node("ol", "log-tests").attr("aria-label", "Tests").nodes(tests));
        }
        if !earlier.is_empty() {
            let title = node("summary", "").text(&counted(earlier.len() as u64, "earlier run"));
            let runs = earlier.iter().enumerate().map(|(at, run)| {
                let tests = run.tests.iter().map(|test| test_row(test, None, now, true));
                node("li", "")
                    .child(headline(run, true))
                    .child(lead(run.first, &format!("Run {} of this file", at + 1)))
                    .child(node("ol", "log-tests").nodes(tests))
            });
            rendered =
                rendered.child(node("details", "log-earlier").child(title).child(node("ol", "").nodes(runs)));
        }
        if let Some(row) = self.log.first_malformed() {
            let count = counted(self.log.malformed().into(), "line");
            let said = format!("{count} could not be read as an event, and stand as they came. ");
            rendered = rendered.child(node("p", "log-broken").text(&said).child(lead(row, "Show the first")));
        }
        Some(rendered)
    }

    /// Why it failed, what the test said before, and what Skaffold suggests.
    fn error(&self, run: &LogRun, told: &Told) -> Node {
        let mut head = node("p", "log-error-head");
        if !told.test.is_empty() {
            head = head.child(node("b", "").text(&told.test)).text(" ");
        }
        let mut error =
            node("div", "log-error").child(head.child(node("span", "log-code").text(&told.error.code)));
        let message = told.error.message.trim();
        if !message.is_empty() {
            error = error.child(node("pre", "log-message").attr("tabindex", "0").text(message));
        }
        let said: Vec<u32> = if told.test.is_empty() { vec![] } else { self.log.last_words(run, &told.test) };
        let rows: Vec<DisplayLine> = said.iter().filter_map(|row| self.log.display_line(*row)).collect();
        if !rows.is_empty() {
            let lines = rows.iter().map(|row| self.words(row)).map(|words| node("div", "").child(words));
            error = error
                .child(node("p", "log-error-label").text("The last it wrote:"))
                .child(node("pre", "log-last").attr("tabindex", "0").nodes(lines));
        }
        if !told.error.suggestions.is_empty() {
            let suggestions = told.error.suggestions.iter().map(|suggestion| {
                let item = node("li", "").text(&suggestion.action);
                match suggestion.code.as_str() {
                    "" | "NIL" => item,
                    code => item.text(" ").child(node("span", "log-code").text(code)),
                }
            });
            error = error
                .child(node("p", "log-error-label").text("Next:"))
                .child(node("ol", "log-suggestions").nodes(suggestions));
        }
        error.child(lead(told.row, &format!("Show line {}", grouped(u64::from(told.row) + 1))))
    }
}

fn option(value: &str, label: &str) -> Node {
    node("option", "").attr("value", value).text(label)
}

/// A list to choose from; the page knows by `of` what it changes.
fn select(of: &str, label: &str) -> Node {
    node("select", "").attr("data-set", of).attr("aria-label", label)
}

/// A button that leads to a line, from 0.
fn lead(row: u32, said: &str) -> Node {
    node("button", "log-lead").attr("type", "button").attr("data-row", (row + 1).to_string()).text(said)
}

/// How a run went, in a sentence.
fn headline(run: &LogRun, is_over: bool) -> Node {
    let failed = run.failed();
    let count = run.tests.len();
    let running = run.tests.iter().filter(|test| test.state == TestState::Running).count();
    let state = match &run.ended {
        _ if failed > 0 => TestState::Failed,
        Some(state) => state.clone(),
        None if is_over && running > 0 => TestState::Other("Broken off".to_owned()),
        None if is_over && count > 0 => TestState::Succeeded,
        None => TestState::Running,
    };
    let said = match (failed, running) {
        _ if count == 0 => "No test is told of.".to_owned(),
        (0, 0) => format!("{} succeeded.", counted(count as u64, "test")),
        (0, _) => format!("{} of {} still running.", running, counted(count as u64, "test")),
        (_, 0) => format!("{failed} of {} failed.", counted(count as u64, "test")),
        _ => format!("{failed} of {} failed, {running} still running.", counted(count as u64, "test")),
    };
    node("p", "log-verdict").child(badge(&state)).text(" ").child(node("span", "").text(&said))
}

fn badge(state: &TestState) -> Node {
    let look = look(state);
    node("span", &format!("state-badge {}", state_class(&look)))
        .child(node("icon", "").attr("state", look.as_str()))
        .text(state.label())
}

/// The state of a job run that looks as this one should.
fn look(state: &TestState) -> job_run::State {
    match state {
        TestState::Running => job_run::State::InProgress,
        TestState::Succeeded => job_run::State::Succeeded,
        TestState::Failed => job_run::State::Failed,
        TestState::Other(_) => job_run::State::Terminated,
    }
}

fn test_row(test: &Test, axis: Option<Window>, now: Timestamp, is_over: bool) -> Node {
    let state = match &test.state {
        // Whoever was to write the end of it is gone.
        TestState::Running if is_over => TestState::Other("Broken off".to_owned()),
        state => state.clone(),
    };
    let look = look(&state);
    let duration = test.duration(now).filter(|_| state == test.state);
    let track = axis.zip(test.started).map(|(axis, from)| {
        let to = test.ended.unwrap_or(if is_over { from } else { now });
        let fraction = |time| css(axis.fraction(time).clamp(0.0, 1.0));
        node("span", "step-bar").attr("style", format!("--from:{};--to:{}", fraction(from), fraction(to)))
    });
    // A failed test leads to where that is told, any other to its begin.
    let row = if state == TestState::Failed { test.last } else { test.first };
    let button = node("button", "log-test")
        .attr("type", "button")
        .attr("data-row", (row + 1).to_string())
        .attr("title", format!("Show line {}", grouped(u64::from(row) + 1)))
        .child(node("span", "step-icon").child(node("icon", "").attr("state", look.as_str())))
        .child(
            node("span", "log-test-name")
                .text(&test.name)
                .text(" ")
                .child(node("span", "step-status").text(state.label())),
        )
        .child(node("span", "step-track").nodes(track))
        .child(node("span", "step-duration").text(&duration.map_or_else(|| "—".to_owned(), human_duration)));
    node("li", state_class(&look)).child(button)
}

/// Adds a stretch of a text, in which what was found is marked.
fn marked(mut to: Node, text: &str, range: Range<usize>, found: &[Range<usize>]) -> Node {
    let mut at = range.start;
    let first = found.partition_point(|one| one.end <= range.start);
    for one in &found[first..] {
        if one.start >= range.end {
            break;
        }
        let (from, end) = (one.start.max(at), one.end.min(range.end));
        to = to.text(text.get(at..from).unwrap_or(""));
        to = to.child(node("mark", "").text(text.get(from..end).unwrap_or("")));
        at = end;
    }
    to.text(text.get(at..range.end).unwrap_or(""))
}

/// One of the theme's colours for a name, always the same.
fn colour(name: &str) -> &'static str {
    let sum = name.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    ["fg-4", "fg-6", "fg-5", "fg-3", "fg-2"][(sum % 5) as usize]
}

/// `03:04:05.678` in a zone so many seconds east of UTC.
fn time_of_day(time: Timestamp, offset: i32) -> String {
    let civil = Offset::from_seconds(offset).unwrap_or(Offset::UTC).to_datetime(time);
    format!("{:02}:{:02}:{:02}.{:03}", civil.hour(), civil.minute(), civil.second(), civil.millisecond())
}

/// How long after the beginning, `+1:02.345`.
fn since(length: SignedDuration) -> String {
    let sign = if length.is_negative() { '−' } else { '+' };
    let length = length.unsigned_abs();
    let secs = length.as_secs();
    match secs {
        0..3_600 => format!("{sign}{}:{:02}.{:03}", secs / 60, secs % 60, length.subsec_millis()),
        _ => {
            format!(
                "{sign}{}:{:02}:{:02}.{:03}",
                secs / 3_600,
                secs / 60 % 60,
                secs % 60,
                length.subsec_millis()
            )
        }
    }
}

/// A number with its thousands apart.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn counted(count: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(count), if count == 1 { "" } else { "s" })
}

fn bytes_said(bytes: u64) -> String {
    if bytes < 10_000 { counted(bytes, "byte") } else { megabytes(bytes) }
}

/// A size for people, in units of 1000.
fn megabytes(bytes: u64) -> String {
    match bytes {
        0..1_000 => counted(bytes, "byte"),
        1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

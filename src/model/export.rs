//! What is shown, as files: JSON, CSV and a picture.

use std::collections::HashMap;
use std::sync::Arc;

use super::explain::icon::Icon;
use super::explain::state_label;
use super::rollout::headline::{job_label, phase_label};
use super::run::{Run, RunTime};
use super::timeline::ticks::{clock, ticks, zone_label};
use super::timeline::{Bar, Lane, Layout, PartKind, Window, css};
use crate::api::job_run::State;
use crate::core::time::{SignedDuration, Timestamp, exact_duration, human_duration};

/// Job runs as a JSON list, each as it came, with fields that this version does not know.
/// [`import`](super::input::import::read) reads it back.
pub fn json<'a>(raws: impl Iterator<Item = &'a str>) -> String {
    let mut out = String::from("[");
    for (index, raw) in raws.enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str(raw.trim());
    }
    out.push_str("\n]\n");
    out
}

/// The first line of the CSV.
const COLUMNS: &str = "name,phase,job,attempt,kind,state,createTime,startTime,endTime,waited seconds,ran seconds,\
                       failure cause,failure message,build";

/// Job runs as CSV (RFC 4180) in UTF-8, a run to a line, in the order in which they are given.
///
/// Times stand as the API wrote them; durations are decimal seconds, to the last digit that they
/// have, and to `now` for what is not over. Several failures, those of an analysis' checks, are
/// separated by `; `.
///
/// Spreadsheets take a text that begins with `=`, `+`, `-`, `@`, a tab or a line break for a
/// formula, which may read other cells and send them away. Such a text gets an apostrophe before
/// it, as OWASP advises; the JSON has it unchanged.
pub fn csv(runs: &[Arc<Run>], now: Timestamp) -> String {
    let mut out = format!("{COLUMNS}\r\n");
    for run in runs {
        let json = &run.json;
        let failures = run.failures();
        let causes = failures
            .iter()
            .filter(|failure| !failure.cause.is_unspecified());
        let causes: Vec<&str> = causes.map(|failure| failure.cause.as_str()).collect();
        let messages = failures
            .iter()
            .filter(|failure| !failure.message.is_empty());
        let messages: Vec<String> = messages
            .map(|failure| match &failure.check {
                Some(check) => format!("{check}: {}", failure.message),
                None => failure.message.clone(),
            })
            .collect();
        let texts = [
            json.name.as_str(),
            &json.phase_id,
            &json.job_id,
            &run.attempt.to_string(),
            run.kind.label(),
            json.state.as_str(),
            json.create_time.as_deref().unwrap_or_default(),
            json.start_time.as_deref().unwrap_or_default(),
            json.end_time.as_deref().unwrap_or_default(),
        ];
        for text in texts {
            push_cell(&mut out, text);
            out.push(',');
        }
        // Not through `push_cell`: a negative number is no formula.
        for duration in [run.waited(now), run.ran(now)] {
            out.push_str(&duration.map(seconds).unwrap_or_default());
            out.push(',');
        }
        for text in [causes.join("; "), messages.join("; ")] {
            push_cell(&mut out, &text);
            out.push(',');
        }
        push_cell(&mut out, run.build().unwrap_or_default());
        out.push_str("\r\n");
    }
    out
}

/// What a cell that is computed may begin with (OWASP, "CSV Injection").
const FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// An apostrophe keeps a spreadsheet from computing what others wrote. Those of some countries split
/// lines at semicolons, whatever is quoted, so that a cell may begin inside of a text.
fn push_cell(out: &mut String, text: &str) {
    let is_formula = text.starts_with(FORMULA);
    let is_quoted = text.contains([',', '"', '\r', '\n']);
    if is_quoted {
        out.push('"');
    }
    if is_formula {
        out.push('\'');
    }
    let mut before = ' ';
    for char in text.chars() {
        if matches!(before, ';' | '\t') && (char == '"' || FORMULA.contains(&char)) {
            out.push('\'');
        }
        if char == '"' {
            out.push(char);
        }
        out.push(char);
        before = char;
    }
    if is_quoted {
        out.push('"');
    }
}

/// A duration as decimal seconds, such as `-0.25`.
fn seconds(duration: SignedDuration) -> String {
    let sign = if duration.is_negative() { "-" } else { "" };
    let size = duration.unsigned_abs();
    let mut out = format!("{sign}{}", size.as_secs());
    if size.subsec_nanos() > 0 {
        let digits = format!("{:09}", size.subsec_nanos());
        out.push('.');
        out.push_str(digits.trim_end_matches('0'));
    }
    out
}

// The picture's measures, in pixels: whole numbers, since the code that writes fractions is large.

const WIDTH: i64 = 1_200;
const MARGIN: i64 = 24;
/// Where lanes' tracks begin and how wide they are.
const TRACK: i64 = 280;
const TRACK_WIDTH: i64 = WIDTH - TRACK - 56;
const ROW: i64 = 26;
const BAR: i64 = 18;
/// The box that a mark is drawn in.
const MARK: i64 = 16;
/// About as many as fit beside each other.
const TICKS: usize = 9;
/// About as many characters as fit beside the tracks.
const LABEL_CHARS: usize = 36;

// The colours of a light page; `style/tokens.css` has the same.
const TEXT: &str = "#161b26";
const TEXT_2: &str = "#535d70";
const LINE: &str = "#dde1e8";
const WARNING: &str = "#a85400";
const GRAY: &str = "#7b8496";

/// A state's colour, and its mark.
fn look(state: &State) -> (&'static str, &'static str) {
    let colour = match state {
        State::Succeeded => "#2c9a64",
        State::Failed => "#d8444a",
        State::InProgress => "#3d78e6",
        State::Terminating => "#d47b1c",
        State::Terminated => "#6b3fae",
        State::Unspecified | State::Unrecognized(_) => GRAY,
    };
    (colour, Icon::of(state).path())
}

/// The timeline as an SVG that needs nothing else: the title, the axis, the lanes with their bars,
/// and a legend, on a light ground. Each bar has its times as a `<title>`, which browsers show when
/// it is pointed at.
///
/// `layout` is that of `runs` in `window`; `offset` is the zone of the times, in seconds east of
/// UTC. Characters that XML cannot hold are left out.
pub fn svg(
    title: &str,
    runs: &[Arc<Run>],
    layout: &Layout,
    window: Window,
    now: Timestamp,
    offset: i32,
) -> String {
    let run_of: HashMap<&str, &Run> = runs.iter().map(|run| (run.id.as_str(), &**run)).collect();
    let mut body = Svg::default();
    let top = 84;
    let mut y = top;
    for phase in &layout.phases {
        body.line(MARGIN, y, WIDTH - MARGIN, y, LINE);
        y += 20;
        let name = if phase.phase.is_empty() {
            "no phase"
        } else {
            &phase.phase
        };
        let label = with_note(name, &phase.note);
        // Beside it is nothing else, so that it may go on over the tracks.
        body.text(
            MARGIN,
            y - 3,
            &shortened(&label, 120),
            "font-weight='600'",
            TEXT_2,
        );
        for lane in &phase.lanes {
            let name = if lane.job.is_empty() {
                "no job"
            } else {
                &lane.job
            };
            let colour = if lane.bars.is_empty() { TEXT_2 } else { TEXT };
            body.label(MARGIN + 12, y + 18, &lane_label(name, lane), "", colour);
            for bar in &lane.bars {
                let times = run_of
                    .get(bar.run.as_str())
                    .map(|run| times(run, now, offset));
                body.bar(
                    bar,
                    y + ROW * bar.row as i64 + (ROW - BAR) / 2,
                    &times.unwrap_or_default(),
                );
            }
            y += ROW * lane.rows as i64;
        }
        y += 8;
    }
    let bottom = y;
    let mut axis = Svg::default();
    for tick in ticks(window, TICKS, offset) {
        let x = along(tick.at);
        axis.line(x, top, x, bottom, LINE);
        axis.text(x, top - 10, &tick.label, "text-anchor='middle'", TEXT_2);
    }
    if let Some(now) = layout.now {
        let x = along(now);
        body.line(x, top - 4, x, bottom, "#d8444a");
        body.text(x, bottom + 12, "now", "text-anchor='middle'", "#d8444a");
    }
    let height = legend(&mut body, layout, bottom + 32) + 20;

    let mut out = Svg::default();
    out.push(format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH}' height='{height}' viewBox='0 0 {WIDTH} \
         {height}' font-family='system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif' \
         font-size='13'>\n<title>{}</title>\n<rect width='{WIDTH}' height='{height}' fill='#ffffff'/>\n",
        escape(title)
    ));
    out.text(
        MARGIN,
        32,
        &shortened(title, 120),
        "font-size='16' font-weight='600'",
        TEXT,
    );
    let span = format!(
        "{} to {}, {}",
        clock(window.from, offset),
        clock(window.to, offset),
        human_duration(window.length())
    );
    out.text(MARGIN, 52, &span, "", TEXT_2);
    out.text(MARGIN, top - 10, &zone_label(offset), "", TEXT_2);
    out.push(axis.0);
    out.push(body.0);
    out.push("</svg>\n");
    out.0
}

/// A name, and what is to be known beyond its runs.
fn with_note(name: &str, note: &str) -> String {
    let separator = if note.is_empty() { "" } else { " · " };
    [name, separator, note].concat()
}

/// A lane's job, its attempts, and those that are not drawn since their times are not known or not
/// in the window.
fn lane_label(name: &str, lane: &Lane) -> String {
    let mut after = String::new();
    if lane.bars.len() > 1 {
        after.push_str(&format!(" ×{}", lane.bars.len()));
    }
    let undrawn = lane.bars.iter().filter(|bar| bar.parts.is_empty()).count();
    if undrawn > 0 {
        after.push_str(&format!(" ({undrawn} not drawn)"));
    }
    let after = with_note(&after, &lane.note);
    // What is said of it comes first, and the name has what is left.
    let space = LABEL_CHARS
        .saturating_sub(after.chars().count())
        .max(LABEL_CHARS / 3);
    shortened(name, space) + &after
}

/// A fraction of the window, in pixels of the picture.
fn along(fraction: f64) -> i64 {
    TRACK + css(fraction.clamp(0.0, 1.0)) * TRACK_WIDTH / 1_000_000
}

/// What a bar says: the run, and its times.
fn times(run: &Run, now: Timestamp, offset: i32) -> String {
    let mut out = format!(
        "{} in {}, attempt {} of {}: {}",
        job_label(run),
        phase_label(run),
        run.attempt,
        run.attempts,
        state_label(&run.json.state)
    );
    let moments = [
        ("Created", &run.created),
        ("Started", &run.started),
        ("Ended", &run.ended),
    ];
    for (label, moment) in moments {
        let time = match moment {
            RunTime::Absent => continue,
            RunTime::At(time) => clock(*time, offset),
            RunTime::Unreadable(text) => shortened(text, 60),
        };
        out.push_str(&format!("\n{label} {time}"));
    }
    for (label, duration) in [("Waited", run.waited(now)), ("Ran", run.ran(now))] {
        if let Some(duration) = duration {
            out.push_str(&format!("\n{label} {}", exact_duration(duration)));
        }
    }
    for flag in &run.flags {
        out.push_str(&format!("\n{}", flag.sentence()));
    }
    out
}

/// Draws what the colours and shapes mean that there are, and gives where it ends.
fn legend(body: &mut Svg, layout: &Layout, top: i64) -> i64 {
    let mut x = MARGIN;
    let mut y = top;
    // Positions an entry, in the next line where this one has no space for it.
    let mut position = |label: &str| {
        // About 7 to a character.
        let width = 28 + 7 * label.chars().count() as i64 + 20;
        if x + width > WIDTH - MARGIN && x > MARGIN {
            (x, y) = (MARGIN, y + 24);
        }
        let at = (x, y);
        x += width;
        at
    };
    let bars = || {
        layout
            .phases
            .iter()
            .flat_map(|phase| &phase.lanes)
            .flat_map(|lane| &lane.bars)
    };
    let mut states: Vec<&State> = Vec::new();
    // What is drawn alike has one entry.
    for bar in bars() {
        if !states.iter().any(|state| look(state) == look(&bar.state)) {
            states.push(&bar.state);
        }
    }
    states.sort();
    for state in states {
        let (colour, mark) = look(state);
        let label = if colour == GRAY {
            "Unknown"
        } else {
            state_label(state)
        };
        let (x, y) = position(label);
        body.push(format!(
            "<rect x='{x}' y='{}' width='20' height='{BAR}' rx='3' fill='{colour}'/>\n",
            y - 13
        ));
        body.mark(x + 2, y - 12, mark, "#ffffff");
        body.text(x + 28, y, label, "", TEXT_2);
    }
    let kinds = [
        ("waiting", PartKind::Waiting),
        ("running", PartKind::Running),
        ("times that contradict each other", PartKind::Contradictory),
        ("a single known time", PartKind::Instant),
    ];
    for (label, kind) in kinds {
        if !bars()
            .flat_map(|bar| &bar.parts)
            .any(|part| part.kind == kind)
        {
            continue;
        }
        let (x, y) = position(label);
        body.part(kind, x, x + 20, y - 13, GRAY);
        body.text(x + 28, y, label, "", TEXT_2);
    }
    if bars().any(|bar| bar.flagged && !bar.parts.is_empty()) {
        let label = "something does not add up";
        let (x, y) = position(label);
        body.mark(x + 2, y - 12, Icon::Warning.path(), WARNING);
        body.text(x + 28, y, label, "", TEXT_2);
    }
    y
}

/// An SVG while it is being written.
#[derive(Default)]
struct Svg(String);

impl Svg {
    fn push(&mut self, text: impl AsRef<str>) {
        self.0.push_str(text.as_ref());
    }

    fn line(&mut self, x1: i64, y1: i64, x2: i64, y2: i64, colour: &str) {
        self.push(format!(
            "<line x1='{x1}' y1='{y1}' x2='{x2}' y2='{y2}' stroke='{colour}'/>\n"
        ));
    }

    fn text(&mut self, x: i64, y: i64, text: &str, attributes: &str, colour: &str) {
        let space = if attributes.is_empty() { "" } else { " " };
        self.push(format!(
            "<text x='{x}' y='{y}' fill='{colour}'{space}{attributes}>{}</text>\n",
            escape(text)
        ));
    }

    /// A text beside the tracks, which must not run into them.
    fn label(&mut self, x: i64, y: i64, text: &str, attributes: &str, colour: &str) {
        self.text(x, y, &shortened(text, LABEL_CHARS), attributes, colour);
    }

    fn mark(&mut self, x: i64, y: i64, path: &str, colour: &str) {
        self.push(format!(
            "<path transform='translate({x} {y})' d='{path}' fill='none' stroke='{colour}' stroke-width='2' \
             stroke-linecap='round' stroke-linejoin='round'/>\n"
        ));
    }

    /// A stretch of a bar, at least wide enough to be seen.
    fn part(&mut self, kind: PartKind, from: i64, to: i64, y: i64, colour: &str) {
        let width = (to - from).max(3);
        let drawn = match kind {
            PartKind::Waiting => format!(
                "<rect x='{from}' y='{}' width='{width}' height='8' fill='{colour}' fill-opacity='0.25' \
                 stroke='{colour}'/>\n",
                y + 5
            ),
            PartKind::Running => {
                format!(
                    "<rect x='{from}' y='{y}' width='{width}' height='{BAR}' rx='3' fill='{colour}'/>\n"
                )
            }
            PartKind::Contradictory => format!(
                "<rect x='{from}' y='{y}' width='{width}' height='{BAR}' fill='{WARNING}' fill-opacity='0.2' \
                 stroke='{WARNING}' stroke-dasharray='4 3'/>\n"
            ),
            PartKind::Instant => {
                format!(
                    "<circle cx='{}' cy='{}' r='4' fill='{colour}'/>\n",
                    from + 4,
                    y + BAR / 2
                )
            }
        };
        self.push(drawn);
    }

    fn bar(&mut self, bar: &Bar, y: i64, times: &str) {
        let Some((from, to)) = bar.extent() else {
            return;
        };
        let is_instant = bar.parts.iter().any(|part| part.kind == PartKind::Instant);
        let to = along(to).max(along(from) + if is_instant { 8 } else { 3 });
        let (colour, mark) = look(&bar.state);
        self.push(format!("<g><title>{}</title>\n", escape(times)));
        let mut inside = None;
        let mut beside = to + 3;
        for part in &bar.parts {
            let (from, to) = (along(part.from), along(part.to));
            self.part(part.kind, from, to, y, colour);
            if part.kind == PartKind::Running && to - from >= MARK + 2 {
                inside = Some(from + 1);
            }
            if part.live {
                // Open at its end: it still grows.
                beside = to + 8;
                self.push(format!("<path d='M{to} {y}l6 9-6 9z' fill='{colour}'/>\n"));
            }
        }
        match inside {
            Some(x) => self.mark(x, y + 1, mark, "#ffffff"),
            None => self.mark(beside, y + 1, mark, colour),
        }
        if bar.flagged {
            let x = beside + if inside.is_some() { 0 } else { MARK };
            self.mark(x, y + 1, Icon::Warning.path(), WARNING);
        }
        self.push("</g>\n");
    }
}

/// The first characters of a text, for where more would run into something else.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// A text as XML holds it. Of the control characters it knows only tab and line breaks.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

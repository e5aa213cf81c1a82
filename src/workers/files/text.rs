//! Calls about texts: builds, logs, manifests and their differences. Pure functions from texts to
//! what the page shows.

use std::sync::Arc;

use crate::api::build::{Build, Status};
use crate::api::job_run::State;
use crate::api::source::Record;
use crate::api::storage::{log_object, media_request};
use crate::core::time::{SignedDuration, Timestamp, human_duration};
use crate::model::address::links;
use crate::model::build::{self, BuildStepView, Stretch, status_label};
use crate::model::event_log::text_log;
use crate::model::event_log::text_log::{Color, Style};
use crate::model::explain::state_class;
use crate::model::manifest::yaml::SpanKind;
use crate::model::manifest::{self, diff, yaml};
use crate::model::rollout::Outline;
use crate::model::run::{Run, RunSet};
use crate::model::timeline::{Part, PartKind, Window, css, layout};
use crate::workers::rendered::{Child, Node, node};

/// The most lines of a log that are drawn; the page asks for no more bytes than have that many.
const MOST_LINES: usize = 50_000;
/// How many unchanged lines are folded as one.
const FOLD: usize = 250;

/// A build's JSON at `now`, on the axis of its run, which is in JSON too.
///
/// The answer is five texts and then elements: `live` and `failed` as far as it is so, where the
/// storage API has the log (a path) and its file's name, why there is none, and its page in the Cloud
/// console. For what is no build it is four texts: line, column, reason, excerpt.
pub(crate) fn build(json: &str, run: &str, now: Timestamp) -> Vec<String> {
    let build = match Build::from_json(json) {
        Ok(build) => build,
        Err(wrong) => {
            return vec![wrong.line.to_string(), wrong.column.to_string(), wrong.reason, wrong.excerpt];
        }
    };
    let view = build::view(&build, now);
    let set = RunSet::new(vec![Record::from_json(run)], None);
    let window = Window::fit(&set.runs, now);
    let flags = match (build.is_live(), look(&view.status)) {
        (true, _) => "live",
        (false, State::Failed) => "failed",
        _ => "",
    };
    let log = match log_object(&build) {
        Ok(object) => [
            media_request(&object).path_and_query,
            object.file().to_owned(),
            String::new(),
            links::object(&object.uri()),
        ],
        Err(none) => [String::new(), String::new(), none.sentence(), String::new()],
    };
    let badge = look(&view.status);
    let head = node("p", "build-head")
        .child(badge_of(&badge).text(status_label(&view.status)))
        .child(node("span", "build-times").text(&times(build.is_live(), view.queued, view.ran)));
    let mut nodes = vec![head];
    if let Some(why) = &view.why {
        nodes.push(node("p", "build-why").text(&why.meaning));
        nodes.push(node("p", "build-why").child(node("b", "").text("Next: ")).text(&why.next));
    }
    nodes.extend(view.warnings.iter().map(|warning| node("p", "notice is-warning").text(warning)));

    let mut rows: Vec<Node> = set.runs.iter().filter_map(|run| run_row(run, window, now)).collect();
    if let Some(queue) = &view.queue {
        rows.push(stage(queue, window, now));
    }
    // Fetching and setting up come before the steps, pushing after them.
    let first_step = view.steps.iter().filter_map(|step| step.stretch.started).min();
    let is_before =
        |stage: &&Stretch| first_step.is_none_or(|first| stage.started.is_none_or(|at| at <= first));
    let (before, after): (Vec<_>, Vec<_>) = view.stages.iter().partition(is_before);
    rows.extend(before.into_iter().map(|it| stage(it, window, now)));
    rows.extend(view.steps.iter().map(|it| step(it, build.is_live(), window, now)));
    rows.extend(after.into_iter().map(|it| stage(it, window, now)));
    nodes.push(node("ol", "steps").attr("aria-label", "Steps of the build").nodes(rows));

    let head = std::iter::once(flags.to_owned()).chain(log);
    head.chain(nodes.iter().map(Node::pack)).collect()
}

fn times(live: bool, queued: Option<SignedDuration>, ran: Option<SignedDuration>) -> String {
    let ran = ran.map(|ran| format!("{} {}", if live { "running for" } else { "ran" }, human_duration(ran)));
    let queued = queued.map(|queued| format!("in the queue for {}", human_duration(queued)));
    let mut text = queued.into_iter().chain(ran).collect::<Vec<_>>().join(", ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

fn badge_of(state: &State) -> Node {
    node("span", &format!("state-badge {}", state_class(state))).child(icon(state))
}

fn icon(state: &State) -> Node {
    node("icon", "").attr("state", state.as_str())
}

/// The run itself, whose axis the steps are on.
fn run_row(run: &Arc<Run>, window: Window, now: Timestamp) -> Option<Node> {
    let layout = layout(std::slice::from_ref(run), &Outline::default(), window, now);
    let bars = layout.bar(&run.id)?.parts.iter().map(|part| {
        let class = if part.kind == PartKind::Waiting { "step-bar is-waiting" } else { "step-bar" };
        bar(class, part)
    });
    let track = node("span", "step-track").nodes(bars);
    let row = row("div", None, node("span", "").text("The job run"), track, "");
    Some(node("li", &format!("step is-run {}", state_class(&run.json.state))).child(row))
}

fn bar(class: &str, part: &Part) -> Node {
    node("span", class).attr("style", format!("--from:{};--to:{}", css(part.from), css(part.to)))
}

fn row(tag: &'static str, state: Option<&State>, label: Node, track: Node, duration: &str) -> Node {
    node(tag, "step-row")
        .child(node("span", "step-icon").nodes(state.map(icon)))
        .child(node("span", "step-label").child(label))
        .child(track)
        .child(node("span", "step-duration").text(duration))
}

/// A track with a stretch's bar, if it is in the window.
fn track(stretch: &Stretch, window: Window, now: Timestamp) -> Node {
    let bar = stretch.part(window, now).map(|part| bar("step-bar", &part));
    node("span", "step-track").nodes(bar)
}

fn duration(stretch: &Stretch, now: Timestamp) -> String {
    stretch.duration(now).map_or_else(|| "—".to_owned(), human_duration)
}

fn stage(stage: &Stretch, window: Window, now: Timestamp) -> Node {
    let label = node("span", "").text(&stage.label);
    let row = row("div", None, label, track(stage, window, now), &duration(stage, now));
    node("li", "step is-stage is-unknown").child(row)
}

fn step(step: &BuildStepView, live: bool, window: Window, now: Timestamp) -> Node {
    // A build that ends before a step leaves it in the queue for ever.
    let never_ran = !live && matches!(step.status, Status::Queued | Status::Pending);
    let look = look(&step.status);
    let mut status = if never_ran { "Not run" } else { status_label(&step.status) }.to_owned();
    if let Some(code) = step.exit_code.as_ref().filter(|code| code.get() != Some(0)) {
        status.push_str(&format!(", exit code {code}"));
    }
    if step.may_fail && look == State::Failed {
        status.push_str(", which the build allows");
    }
    let mut details = vec![step.image.clone(), step.command.clone()];
    details.extend(step.pulled.map(|pulled| format!("The image was pulled in {}.", human_duration(pulled))));
    details.retain(|detail| !detail.is_empty());

    let name = node("span", "long-text").text(&step.stretch.label);
    let track = track(&step.stretch, window, now);
    let shown = (!never_ran).then_some(&look);
    let mut row = row("summary", shown, name, track, &duration(&step.stretch, now));
    if let Some(Child::Node(label)) = row.children.get_mut(1) {
        label.children.push(Child::Node(node("span", "step-status").text(&status)));
    }
    let details = node("details", "").child(row).child(node("pre", "step-details").text(&details.join("\n")));
    node("li", &format!("step {}", if never_ran { "is-unknown" } else { state_class(&look) })).child(details)
}

/// Which state of a job run looks as a status should.
fn look(status: &Status) -> State {
    match status {
        Status::Success => State::Succeeded,
        Status::Failure | Status::InternalError | Status::Timeout | Status::Expired => State::Failed,
        Status::Cancelled => State::Terminated,
        Status::Working => State::InProgress,
        Status::Queued | Status::Pending | Status::Unknown | Status::Unrecognized(_) => State::Unspecified,
    }
}

/// A line of a text.
fn line(class: &str, number: usize) -> Node {
    // The style sheet writes the number, so that it is not copied with the words.
    let number = node("span", "text-number").attr("data-number", number.to_string());
    node("div", class).child(number)
}

/// A build's log, of one that `failed` with its reason.
///
/// The answer is two texts and then an element for each line: the index of the line that most likely
/// says why the build failed, and that line's words, both empty for none.
pub(crate) fn log(text: &str, failed: bool) -> Vec<String> {
    let log = text_log::read(text, MOST_LINES);
    let reason = if failed { text_log::reason(&log) } else { None };
    let lines = log.lines.iter().enumerate().map(|(index, it)| {
        let mut words = node("span", "text-words");
        if !it.prefix.is_empty() {
            words = words.child(node("span", "text-prefix").text(&it.prefix));
        }
        for span in &it.spans {
            words = match style_classes(&span.style) {
                class if class.is_empty() => words.text(&span.text),
                class => words.child(node("span", &class).text(&span.text)),
            };
        }
        if it.rewritten > 0 {
            let said = format!("This line was written over {} times", it.rewritten);
            let mark = node("span", "text-rewritten").attr("title", said);
            words = words.child(mark.attr("data-times", it.rewritten.to_string()));
        }
        let class = if reason == Some(index) { "text-row is-marked" } else { "text-row" };
        line(class, it.number).child(words).pack()
    });
    let reason_text = reason.map(|index| log.lines[index].text()).unwrap_or_default();
    let reason = reason.map(|index| index.to_string()).unwrap_or_default();
    [reason, reason_text].into_iter().chain(lines).collect()
}

/// The classes of a stretch of a log.
pub(crate) fn style_classes(style: &Style) -> String {
    let looks = [
        (style.bold, "is-bold"),
        (style.dim, "is-dim"),
        (style.italic, "is-italic"),
        (style.underline, "is-underlined"),
    ];
    let looks = looks.into_iter().filter(|(is_set, _)| *is_set).map(|(_, class)| class.to_owned());
    let colors = [("fg", style.foreground), ("bg", style.background)];
    let colors = colors.into_iter().filter_map(|(of, color)| Some(format!("{of}-{}", named(color?))));
    looks.chain(colors).collect::<Vec<_>>().join(" ")
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

/// An element for each line of a YAML text.
pub(crate) fn yaml(text: &str) -> Vec<String> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let lines = yaml::highlight(text).into_iter().enumerate();
    lines
        .map(|(index, spans)| {
            let words = spans.iter().fold(node("span", "text-words"), |words, span| match span.kind {
                SpanKind::Plain => words.text(span.text),
                kind => words.child(node("span", yaml_class(kind)).text(span.text)),
            });
            line("text-row", index + 1).child(words).pack()
        })
        .collect()
}

fn yaml_class(kind: SpanKind) -> &'static str {
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

/// What differs between two texts, the old of which is called `with`: an element that tells it in
/// one sentence, and one for each row. What is unchanged is there too, folded.
pub(crate) fn diff(with: &str, old: &str, new: &str) -> Vec<String> {
    let diff = diff::diff(old, new);
    if diff.hunks.is_empty() {
        let with = node("b", "").text(with);
        return vec![node("p", "diff-head").text("No difference from ").child(with).text(".").pack()];
    }
    let mut head = node("p", "diff-head")
        .child(node("span", "diff-added").text(&format!("+{}", diff.added)))
        .text(" ")
        .child(node("span", "diff-removed").text(&format!("−{}", diff.removed)))
        .text(" lines since ")
        .child(node("b", "long-text").text(with));
    if diff.coarse {
        head = head.text(". ").text(&diff.note());
    }
    let old_lines: Vec<&str> = old.split('\n').collect();
    let count = old.lines().count();
    let mut rows = vec![head];
    // How far the texts are told.
    let (mut old_at, mut new_at) = (0, 0);
    for hunk in &diff.hunks {
        let first = hunk.lines.first();
        // Without a line of the one text, the other has the same distance.
        let between = match first.map(|line| (line.old, line.new)) {
            Some((Some(first), _)) => first - 1 - old_at,
            Some((None, Some(first))) => first - 1 - new_at,
            _ => 0,
        };
        rows.extend(folded(&old_lines, old_at, new_at, between));
        (old_at, new_at) = (old_at + between, new_at + between);
        let header = node("span", "text-words").text(&hunk.header());
        rows.push(node("div", "text-row diff-row is-header").child(header));
        for line in &hunk.lines {
            old_at += usize::from(line.old.is_some());
            new_at += usize::from(line.new.is_some());
            rows.push(diff_row(line.change, line.old, line.new, &line.text));
            if line.unterminated && line.change != diff::Change::Unchanged {
                let about = node("span", "text-words").text("No line break at the end");
                rows.push(node("div", "text-row diff-row is-about").child(about));
            }
        }
    }
    rows.extend(folded(&old_lines, old_at, new_at, count.saturating_sub(old_at)));
    rows.iter().map(Node::pack).collect()
}

/// So many unchanged lines, to be unfolded.
fn folded(lines: &[&str], old: usize, new: usize, count: usize) -> impl Iterator<Item = Node> {
    (0..count).step_by(FOLD).map(move |from| {
        let to = (from + FOLD).min(count);
        let label = match to - from {
            1 => "Show 1 unchanged line".to_owned(),
            many => format!("Show {many} unchanged lines"),
        };
        let rows = (from..to).map(|i| {
            let text = lines.get(old + i).copied().unwrap_or_default();
            diff_row(diff::Change::Unchanged, Some(old + i + 1), Some(new + i + 1), text)
        });
        node("details", "diff-fold").child(node("summary", "").text(&label)).nodes(rows)
    })
}

fn diff_row(change: diff::Change, old: Option<usize>, new: Option<usize>, text: &str) -> Node {
    // A reader that hears the text hears what happened to a line too.
    let (class, said) = match change {
        diff::Change::Unchanged => ("text-row diff-row", ""),
        diff::Change::Removed => ("text-row diff-row is-removed", "removed: "),
        diff::Change::Added => ("text-row diff-row is-added", "added: "),
    };
    let number = |number: Option<usize>| {
        let number = number.map(|number| number.to_string()).unwrap_or_default();
        node("span", "text-number").attr("data-number", number)
    };
    let sign = node("span", "diff-sign");
    let sign = if said.is_empty() { sign } else { sign.child(node("span", "visually-hidden").text(said)) };
    // A carriage return at a line's end may be the change.
    let words = node("span", "text-words");
    let words = match text.strip_suffix('\r') {
        Some(text) => words.text(text).text("␍"),
        None => words.text(text),
    };
    node("div", class).child(number(old)).child(number(new)).child(sign).child(words)
}

/// The full name of the rollout to compare with; nothing when there is none. See
/// [`manifest::previous`].
pub(crate) fn previous(current: &str, rollouts: &[String]) -> Vec<String> {
    let current = current.parse().ok();
    let found = current.and_then(|current| manifest::previous(&current, rollouts));
    found.map(|name| name.to_string()).into_iter().collect()
}

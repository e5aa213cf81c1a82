//! What stands around the canvas: counts, what can be filtered by, the selected run, the tip of what is
//! under the pointer, and the rows of the table. The page puts these on the screen as they are.

use std::ops::Range;

use super::controller::{Controller, Host};
use super::labels::{duration, grouped, rfc3339, timestamp};
use crate::api::http::percent_encode;
use crate::api::job_run::State;
use crate::api::source::Record;
use crate::model::address::Address;
use crate::model::explain::{self, state_class, state_label};
use crate::model::history::compare::{Side, Whole};
use crate::model::history::durations::{Order, Spread};
use crate::model::history::replay::{self, Stood};
use crate::model::history::{Flags, Lifecycle, Micros, Span};
use crate::model::history::{critical_path, failures};
use crate::model::run::RunSet;
use crate::model::timeline::ticks::clock;
use crate::workers::rendered::{Node, node};

/// How much of a long text a tip and a row show.
const EXCERPT: usize = 200;

/// Five texts: how many runs the filters let through, how many there are, how many could not be read and
/// how many have no time, and a sentence of it all.
pub(super) fn counts<H: Host>(controller: &Controller<H>) -> Vec<String> {
    let (matching, total) = (controller.runs.len(), controller.history.len());
    let spoiled = controller.history.spoiled_count();
    let mut sentence = match (controller.view.is_filtered(), total) {
        (_, 0) => "No job runs".to_owned(),
        (false, 1) => "1 job run".to_owned(),
        (false, _) => format!("{} job runs", grouped(total)),
        (true, _) => format!("{} of {} job runs", grouped(matching), grouped(total)),
    };
    let rollouts = controller.history.rollout_count();
    if rollouts > 1 {
        sentence += &format!(" of {} rollouts", grouped(rollouts));
    }
    if controller.lanes.timeless > 0 {
        sentence +=
            &format!("; {} without any time are only in the table", grouped(controller.lanes.timeless));
    }
    if let Some(moment) = controller.view.moment {
        sentence += &format!(". At {}: {}", controller.clock(moment), controller.replay.sentence(moment));
    }
    if spoiled > 0 {
        let first = controller.history.spoiled().first();
        let at =
            first.map_or(String::new(), |it| format!(", the first at byte {}: {}", it.at, head(&it.excerpt)));
        sentence += &format!("; {} entries cannot be read{at}", grouped(spoiled));
    }
    [matching, total, spoiled, controller.lanes.timeless]
        .map(|count| count.to_string())
        .into_iter()
        .chain([sentence])
        .collect()
}

fn head(text: &str) -> String {
    text.chars().take(60).collect()
}

/// What can be filtered by, with how many runs have it, filters aside: for each a setting, its value and a label.
pub(super) fn facets<H: Host>(controller: &Controller<H>) -> Vec<String> {
    let history = &controller.history;
    let mut states = vec![0_usize; history.states().count()];
    let mut kinds = vec![0_usize; history.kinds().count()];
    let mut causes = vec![0_usize; history.causes().count()];
    for run in 0..history.len() {
        states[history.state_number(run)] += 1;
        kinds[history.kind_number(run)] += 1;
        causes[history.cause_number(run)] += 1;
    }
    let mut facets = Vec::new();
    let mut add = |setting: &str, value: &str, label: &str, count: usize| {
        if count > 0 && !value.is_empty() {
            facets.extend([setting.to_owned(), value.to_owned(), format!("{label} ({})", grouped(count))]);
        }
    };
    for (name, count) in history.states().zip(states) {
        add("state", name, state_label(&State::from(name)), count);
    }
    for (kind, count) in history.kinds().zip(kinds) {
        add("kind", kind.label(), kind.label(), count);
    }
    for (cause, count) in history.causes().zip(causes) {
        add("cause", cause, cause, count);
    }
    facets
}

fn badge(state: &State) -> Node {
    node("span", &format!("state-badge {}", state_class(state)))
        .child(node("icon", "").attr("state", state.as_str()))
        .text(state_label(state))
}

/// The state of a run: in a replay, at its moment.
fn badge_of<H: Host>(controller: &Controller<H>, run: usize) -> Node {
    let state = controller.history.state(run);
    let Some(moment) = controller.view.moment else { return badge(&state) };
    let (state, label) = match replay::stood(&controller.history, run, moment) {
        Some(Stood::Ended) => return badge(&state),
        Some(Stood::Running) => (State::InProgress, "Running then"),
        Some(Stood::Waiting) => (State::InProgress, "Waiting then"),
        Some(Stood::NotYet) | None => (State::Unspecified, "Not there yet"),
    };
    node("span", &format!("state-badge {}", state_class(&state)))
        .child(node("icon", "").attr("state", state.as_str()))
        .text(label)
}

fn fact(list: Node, label: &str, value: Node) -> Node {
    list.child(node("dt", "").text(label)).child(node("dd", "").child(value))
}

fn span(text: &str) -> Node {
    node("span", "").text(text)
}

impl<H: Host> Controller<H> {
    fn clock(&self, time: Micros) -> String {
        clock(timestamp(time), self.host.offset(&self.view.zone, time))
    }

    /// `stable / deploy`.
    fn job(&self, run: usize) -> String {
        let (phase, job) = (self.history.phase(run), self.history.job(run));
        [self.history.phase_name(phase), " / ", self.history.job_name(job)].concat()
    }

    /// Waiting and running time in words.
    fn times(&self, run: usize) -> String {
        let Some(span) = self.history.span(run) else { return "It has no time at all.".into() };
        let now = self.host.now();
        let waited = match self.history.started(run) {
            Some(_) => self.history.waited(run),
            None => Some(span.end(now) - span.from),
        };
        let ran = match (self.history.started(run), span.to) {
            (Some(started), Span::OPEN) => Some(now - started),
            _ => self.history.ran(run),
        };
        let is_live = self.history.lifecycle(run) == Lifecycle::Live;
        let waited = waited.map(|it| format!("waited {}", duration(it)));
        let ran = ran.map(|it| format!("{} {}", if is_live { "running for" } else { "ran" }, duration(it)));
        waited.into_iter().chain(ran).collect::<Vec<_>>().join(", ")
    }

    fn address(&self, run: usize) -> Option<Address> {
        Some(Address::job_run(self.history.name(run).parse().ok()?))
    }
}

/// What is under the pointer.
pub(super) fn tip<H: Host>(controller: &Controller<H>, bars: Range<usize>) -> Node {
    let history = &controller.history;
    if bars.len() > 1 {
        let mut counts = vec![0_usize; history.states().count()];
        for bar in bars.clone() {
            counts[history.state_number(controller.lanes.runs[bar] as usize)] += 1;
        }
        let lines = history.states().zip(counts).filter(|(_, count)| *count > 0).map(|(name, count)| {
            node("div", "").child(badge(&State::from(name))).text(&format!(" {}", grouped(count)))
        });
        return node("div", "")
            .child(node("b", "").text(&format!("{} job runs", grouped(bars.len()))))
            .nodes(lines)
            .child(node("div", "absent").text("Click to zoom to them"));
    }
    let run = controller.lanes.runs[bars.start] as usize;
    let info = history.rollout_info(history.rollout(run));
    let mut tip = node("div", "")
        .child(badge_of(controller, run))
        .child(node("b", "").text(&format!(" {}", controller.job(run))))
        .child(node("div", "").text(&rollout_line(&info.id, &info.release, &info.target)))
        .child(node("div", "").text(&controller.times(run)));
    if history.attempts(run) > 1 {
        let text = format!("Attempt {} of {}", history.attempt(run), history.attempts(run));
        tip = tip.child(node("div", "").text(&text));
    }
    if let Some(from) = history.span(run).map(|span| span.from) {
        tip = tip.child(node("div", "absent").text(&controller.clock(from)));
    }
    let cause = history.cause_name(run);
    if !cause.is_empty() {
        tip = tip.child(node("div", "history-cause").text(cause));
    }
    tip
}

fn rollout_line(id: &str, release: &str, target: &str) -> String {
    let to = if target.is_empty() { String::new() } else { format!(" to {target}") };
    match release.is_empty() {
        true => [id, &to].concat(),
        false => format!("{id}{to}, release {release}"),
    }
}

/// The selected run.
pub(super) fn run<H: Host>(controller: &Controller<H>, run: usize) -> Node {
    let history = &controller.history;
    let info = history.rollout_info(history.rollout(run));
    let state = history.state(run);
    let open = controller.address(run).map(|address| {
        node("a", "button is-primary").attr("data-place", address.to_hash()).text("Open the job run")
    });
    let head = node("header", "")
        .child(node("h2", "").child(badge(&state)).text(&format!(" {}", controller.job(run))))
        .child(node("p", "").text(&rollout_line(&info.id, &info.release, &info.target)));
    let mut facts = node("dl", "facts");
    facts = fact(facts, "Attempt", span(&format!("{} of {}", history.attempt(run), history.attempts(run))));
    facts = fact(facts, "Times", span(&controller.times(run)));
    for (label, time) in
        [("Created", history.created(run)), ("Started", history.started(run)), ("Ended", history.ended(run))]
    {
        if let Some(time) = time {
            facts = fact(facts, label, span(&controller.clock(time)));
        }
    }
    if let (Some(waited), Some(ran)) = (history.waited(run), history.ran(run)) {
        facts = fact(facts, "In all", span(&duration(waited + ran)));
    }
    // Everything else is in the JSON, which is read as the run's own page reads it.
    let set = RunSet::new(vec![Record::from_json(&String::from_utf8_lossy(history.raw(run)))], None);
    let failures = set.runs.first().map(|run| (run.failures(), run.kind.clone()));
    let mut node = node("article", "history-run").child(head).child(facts);
    if let Some((failures, kind)) = failures {
        for failure in failures {
            let why = explain::failure(&failure, &kind);
            let check = failure.check.map(|check| format!("{check}: ")).unwrap_or_default();
            let cause = if failure.is_alert { "alerts" } else { failure.cause.as_str() };
            node = node.child(
                self::node("div", "history-failure")
                    .child(self::node("b", "").text(&format!("{check}{cause}")))
                    .child(self::node("p", "").text(&why.meaning))
                    .child(self::node("p", "history-message").text(&failure.message))
                    .child(self::node("p", "").child(self::node("b", "").text("Next: ")).text(&why.next)),
            );
        }
    }
    for flag in set.runs.iter().flat_map(|run| &run.flags) {
        node = node.child(self::node("p", "notice is-warning").text(&flag.sentence()));
    }
    let standing = controller
        .durations
        .sentence(history, run)
        .or_else(|| controller.durations.sentence_so_far(history, run, controller.host.now()));
    node.nodes(standing.map(|standing| self::node("p", "history-standing").text(&standing)))
        .nodes(open)
        .nodes(critical_path(controller))
        .child(comparison(controller, run))
}

/// What the runs say together: the replay, failures over time, and how long each job takes.
pub(super) fn insight<H: Host>(controller: &Controller<H>) -> Node {
    if controller.runs.is_empty() {
        return node("div", "history-insight");
    }
    node("div", "history-insight")
        .child(replay_part(controller))
        .nodes(failures(controller))
        .child(jobs(controller))
}

/// A button that changes settings of the address.
fn setting(label: &str, changes: &str) -> Node {
    node("button", "button quiet").attr("data-set", changes).text(label)
}

fn at(moment: Option<Micros>) -> String {
    ["at=", &moment.map(|moment| percent_encode(&rfc3339(moment))).unwrap_or_default()].concat()
}

fn replay_part<H: Host>(controller: &Controller<H>) -> Node {
    let section = node("section", "history-part");
    let Some(moment) = controller.view.moment else {
        let begin = controller
            .lanes
            .compression
            .real(controller.window.0)
            .max(controller.replay.extent().map_or(0, |it| it.0));
        return section.child(setting("Replay from the left edge", &at(Some(begin))));
    };
    let step = |label: &str, to: Option<Micros>| to.map(|to| setting(label, &at(Some(to))));
    section
        .child(node("h2", "").text("Replay"))
        .child(node("p", "").text(&controller.replay.sentence(moment)))
        .child(
            node("p", "history-buttons")
                .nodes(step("◀ Change before", controller.replay.previous(moment)))
                .nodes(step("Next change ▶", controller.replay.next(moment)))
                .child(setting("End the replay", &at(None))),
        )
}

/// A small chart of what failed when, and the causes, both to filter by.
fn failures<H: Host>(controller: &Controller<H>) -> Option<Node> {
    let failures = controller.failures.as_ref()?;
    let section = node("section", "history-part").child(node("h2", "").text("Failures over time"));
    if failures.total.failed == 0 {
        return Some(section.child(node("p", "absent").text("None of these runs failed.")));
    }
    let most = failures.buckets.iter().map(|bucket| bucket.failed).max().unwrap_or(0).max(1);
    let bars = failures.buckets.iter().enumerate().map(|(index, bucket)| {
        // What leads nowhere is no stop for the keyboard either.
        if bucket.failed == 0 {
            return node("span", "history-bucket");
        }
        let range = failures.range(index);
        let title =
            format!("{}: {}", controller.clock(range.start), failures::sentence(&controller.history, bucket));
        let from = percent_encode(&rfc3339(range.start));
        let to = percent_encode(&rfc3339(range.end));
        node("button", "history-bucket")
            .attr("style", format!("--part:{}", u64::from(bucket.failed) * 100 / u64::from(most)))
            .attr("aria-label", title.clone())
            .attr("title", title)
            .attr("data-set", format!("from={from}&to={to}"))
    });
    let causes = failures.total.by_frequency().into_iter().map(|(cause, count)| {
        let name = controller.history.causes().nth(cause).unwrap_or_default();
        let label =
            format!("{} ({})", failures::cause_label(&controller.history, cause), grouped(count as usize));
        node("li", "").child(setting(&label, &format!("state=FAILED&cause={}", percent_encode(name))))
    });
    Some(
        section
            .child(node("p", "").text(&failures.sentence(&controller.history)))
            .child(node("div", "history-chart").nodes(bars))
            .child(node("ol", "history-causes").nodes(causes)),
    )
}

/// How long each job takes.
fn jobs<H: Host>(controller: &Controller<H>) -> Node {
    /// More would be a table of their own.
    const MOST: usize = 40;
    let head = ["Job", "Runs", "Failed", "Wait p50", "p50", "p90", "p99"];
    let head = node("tr", "").nodes(head.map(|title| node("th", "").attr("scope", "col").text(title)));
    let jobs = controller.durations.ordered(&controller.history, Order::Failed);
    let rows = jobs.iter().take(MOST).map(|job| {
        let spread = |spread: Option<Spread>, of: fn(Spread) -> Micros| {
            spread.map(|spread| duration(of(spread))).unwrap_or_default()
        };
        let history = &controller.history;
        let lane = [history.phase_name(job.phase), "/", history.job_name(job.job)].concat();
        let cells = [
            grouped(job.count as usize),
            grouped(job.failed as usize),
            spread(job.waiting, |it| it.p50),
            spread(job.running, |it| it.p50),
            spread(job.running, |it| it.p90),
            spread(job.running, |it| it.p99),
        ];
        let change = format!("lane={}", percent_encode(&lane));
        node("tr", "")
            .child(node("td", "").child(setting(&lane, &change)))
            .nodes(cells.map(|cell| node("td", "").text(&cell)))
    });
    let mut section = node("details", "history-part")
        .child(node("summary", "").text("How long jobs take"))
        .child(node("p", "absent").text(
            "Of all runs, filters aside. Running time is that of runs that succeeded; p90 is what nine of ten \
             stay within.",
        ))
        .child(
            node("div", "history-scroll")
                .child(node("table", "history-jobs").child(node("tbody", "").child(head).nodes(rows))),
        );
    if jobs.len() > MOST {
        let rest = format!("And {} more with fewer failures.", grouped(jobs.len() - MOST));
        section = section.child(node("p", "absent").text(&rest));
    }
    section
}

/// What determined when the rollout ended.
fn critical_path<H: Host>(controller: &Controller<H>) -> Option<Node> {
    let path = controller.critical_path.as_ref()?;
    let steps = path.steps.iter().map(|step| {
        let class = if matches!(step.kind, critical_path::PathStepKind::Gap { .. }) { "is-gap" } else { "" };
        let text = format!("{} · {}", duration(step.length()), step.label(&controller.history));
        node("li", class).attr("style", format!("--part:{}", step.per_mille)).text(&text)
    });
    Some(
        node("details", "history-part")
            .child(node("summary", "").text("Critical path of the rollout"))
            .child(node("p", "").text(&path.sentence(&controller.history)))
            .child(node("ol", "history-steps").nodes(steps)),
    )
}

/// The comparison with another rollout, or which ones it could be compared with.
fn comparison<H: Host>(controller: &Controller<H>, run: usize) -> Node {
    let section =
        node("details", "history-part").child(node("summary", "").text("Compare with another rollout"));
    let Some(comparison) = &controller.comparison else {
        let others = others(controller, controller.history.rollout(run)).into_iter().map(|other| {
            let info = controller.history.rollout_info(other);
            node("li", "").child(setting(&info.id, &format!("vs={}", percent_encode(&info.name))))
        });
        let others: Vec<Node> = others.collect();
        return match others.is_empty() {
            true => section.child(node("p", "absent").text("No other rollout is here.")),
            false => section.child(node("ol", "history-causes").nodes(others)),
        };
    };
    let history = &controller.history;
    let name = |rollout: usize| history.rollout_info(rollout).id.as_str();
    let length = |whole: &Whole| whole.length().unwrap_or(0);
    let most = length(&comparison.here).max(length(&comparison.there)).max(1);
    let lanes = comparison.lanes.iter().map(|lane| {
        let track = |side: &Option<Side>| {
            let track = node("span", "history-track");
            let Some(side) = side else { return track };
            let fraction = |time: Micros| (i128::from(time) * 1_000_000 / i128::from(most)) as i64;
            let from = side.offset.unwrap_or(0);
            let style = format!("--from:{};--to:{}", fraction(from), fraction(from + side.length()));
            track.child(
                node("span", &format!("history-bar {}", state_class(&side.state)))
                    .attr("title", format!("{}, {}", state_label(&side.state), duration(side.length())))
                    .attr("style", style)
                    .child(node("icon", "").attr("state", side.state.as_str())),
            )
        };
        let label = [history.phase_name(lane.phase), " / ", history.job_name(lane.job)].concat();
        node("li", "")
            .child(node("span", "history-lane").text(&label))
            .child(track(&lane.here))
            .child(track(&lane.there))
    });
    let differences = comparison.differences.iter().take(12).map(|it| node("li", "").text(&it.text));
    section
        .attr("open", "")
        .child(node("p", "").text(&comparison.sentence()))
        .child(node("ol", "history-differences").nodes(differences))
        .child(node("p", "absent").text(&format!(
            "Aligned at their start: above {}, below {}.",
            name(comparison.here.rollout),
            name(comparison.there.rollout)
        )))
        .child(node("ol", "history-lanes").nodes(lanes))
        .child(setting("Compare no more", "vs="))
}

/// Rollouts to compare with: of the same pipeline, and the same target where targets are known, the
/// newest that began before it first.
fn others<H: Host>(controller: &Controller<H>, rollout: usize) -> Vec<usize> {
    const MOST: usize = 6;
    let history = &controller.history;
    let info = history.rollout_info(rollout);
    let mut begun: Vec<Micros> = vec![Micros::MAX; history.rollout_count()];
    for run in 0..history.len() {
        if let Some(span) = history.span(run) {
            let begun = &mut begun[history.rollout(run)];
            *begun = (*begun).min(span.from);
        }
    }
    let mut others: Vec<(bool, Micros, usize)> = (0..history.rollout_count())
        .filter(|other| *other != rollout && begun[*other] != Micros::MAX)
        .filter(|other| {
            let other = history.rollout_info(*other);
            other.pipeline == info.pipeline && other.target == info.target
        })
        .map(|other| {
            let is_later = begun[other] > begun[rollout];
            (is_later, (begun[other] - begun[rollout]).abs(), other)
        })
        .collect();
    others.sort_unstable();
    others.into_iter().take(MOST).map(|(.., other)| other).collect()
}

/// The columns of the table.
pub(crate) const COLUMNS: [&str; 9] =
    ["State", "Phase", "Job", "Attempt", "Rollout", "Target", "Created", "Waited", "Ran"];

/// A row of the table.
pub(super) fn row<H: Host>(controller: &Controller<H>, index: usize, is_active: bool) -> Node {
    let history = &controller.history;
    let run = controller.runs[index] as usize;
    let info = history.rollout_info(history.rollout(run));
    let now = controller.host.now();
    let span = history.span(run);
    let live_end = span.filter(|span| span.to == Span::OPEN).map(|span| span.end(now));
    let waited = history.waited(run).or(live_end.map(|end| end - span.map_or(end, |span| span.from)));
    let ran = history.ran(run).or(live_end.and_then(|end| Some(end - history.started(run)?)));
    let text = |length: Option<Micros>| length.map(duration).unwrap_or_default();
    let attempt = format!("{} of {}", history.attempt(run), history.attempts(run));
    let (phase, job) = (history.phase_name(history.phase(run)), history.job_name(history.job(run)));
    let created = history.created(run).map(|time| controller.clock(time)).unwrap_or_default();
    let cells = [phase, job, &attempt, &info.id, &info.target, &created, &text(waited), &text(ran)];
    let state = node("td", "").child(badge_of(controller, run));
    let active = if is_active { " is-active" } else { "" };
    let class = match (controller.selected == Some(run), history.flags(run) == Flags::default()) {
        (true, _) => "is-shown",
        (false, true) => "",
        (false, false) => "is-flagged",
    };
    let cause = history.cause_name(run);
    let mut row = node("tr", &[class, active].concat())
        .attr("id", format!("history-row-{index}"))
        .attr("data-run", run.to_string())
        .attr("aria-rowindex", (index + 2).to_string())
        .attr("aria-selected", if controller.selected == Some(run) { "true" } else { "false" })
        .child(state);
    for cell in cells {
        let short: String = cell.chars().take(EXCERPT).collect();
        row = row.child(node("td", "").text(&short));
    }
    if !cause.is_empty() {
        row = row.attr("title", cause);
    }
    row
}

//! Which runs of a history are looked at, and how: what its address says.

use super::{History, Micros};
use crate::api::http::percent_decode;
use crate::core::time;

/// How a history is shown. [`Settings`] are its text.
///
/// | setting | meaning |
/// | --- | --- |
/// | `group` | what the groups of lanes are: [`Group`] |
/// | `sort` | in which order the groups come: [`Sort`] |
/// | `state`, `kind`, `cause` | only runs with one of these, with commas between, as the API writes them |
/// | `q` | only runs whose JSON has this text, in any case |
/// | `lane` | only runs of one phase and job, `stable/deploy` |
/// | `min`, `max` | only runs that took at least or at most so many seconds, waiting included |
/// | `from`, `to` | the time that is shown (RFC 3339); all, without them |
/// | `shut` | the groups that are collapsed, with commas between |
/// | `idle` | `keep` or `cut`: whether idle stretches keep their length |
/// | `axis=start` | times from the start of what is shown, rather than of the day |
/// | `tz` | `utc` or the name of a zone |
/// | `run` | the full name of the selected run |
/// | `vs` | the full name of the rollout that the selected one is compared with |
/// | `at` | the moment of the replay (RFC 3339) |
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HistoryView {
    pub group: Group,
    pub sort: Sort,
    pub states: Vec<String>,
    pub kinds: Vec<String>,
    pub causes: Vec<String>,
    pub text: String,
    pub lane: String,
    /// In microseconds, as all that follow.
    pub least: Option<Micros>,
    pub most: Option<Micros>,
    pub window: Option<(Micros, Micros)>,
    pub shut: Vec<String>,
    /// Whether idle stretches are cut short; `None` leaves it to what is shown.
    pub cut_idle: Option<bool>,
    pub from_start: bool,
    pub zone: String,
    pub run: String,
    pub versus: String,
    pub moment: Option<Micros>,
}

/// What the groups of lanes are. The lanes in a group are its jobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Group {
    #[default]
    Phase,
    Target,
    Rollout,
    Release,
    Pipeline,
    State,
}

impl Group {
    pub const ALL: [Self; 6] = [
        Self::Phase,
        Self::Target,
        Self::Rollout,
        Self::Release,
        Self::Pipeline,
        Self::State,
    ];

    /// As settings have it, and people read it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Phase => "phase",
            Self::Target => "target",
            Self::Rollout => "rollout",
            Self::Release => "release",
            Self::Pipeline => "pipeline",
            Self::State => "state",
        }
    }
}

/// In which order groups come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// As they first came about.
    #[default]
    First,
    Newest,
    Name,
    Failures,
    Runs,
    /// The longest run first.
    Longest,
}

impl Sort {
    pub(crate) const ALL: [Self; 6] = [
        Self::First,
        Self::Newest,
        Self::Name,
        Self::Failures,
        Self::Runs,
        Self::Longest,
    ];

    /// As settings have it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Newest => "newest",
            Self::Name => "name",
            Self::Failures => "failures",
            Self::Runs => "runs",
            Self::Longest => "longest",
        }
    }

    /// As people read it.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::First => "oldest first",
            Self::Newest => "newest first",
            Self::Name => "by name",
            Self::Failures => "most failures first",
            Self::Runs => "most runs first",
            Self::Longest => "longest run first",
        }
    }
}

impl HistoryView {
    /// Reads the settings of an address, such as `group=target&state=FAILED`. What it does not know or
    /// cannot read is as if it were not there.
    pub fn from_query(query: &str) -> Self {
        let mut view = Self::default();
        let (mut from, mut to) = (None, None);
        for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            let value = percent_decode(value);
            match key {
                "group" => view.group = named(&Group::ALL, Group::name, &value),
                "sort" => view.sort = named(&Sort::ALL, Sort::name, &value),
                "state" => view.states = list(&value),
                "kind" => view.kinds = list(&value),
                "cause" => view.causes = list(&value),
                "q" => view.text = value,
                "lane" => view.lane = value,
                "min" => view.least = seconds(&value),
                "max" => view.most = seconds(&value),
                "from" => from = moment(&value),
                "to" => to = moment(&value),
                "shut" => view.shut = list(&value),
                "idle" => view.cut_idle = Some(value == "cut"),
                "axis" => view.from_start = value == "start",
                "tz" => view.zone = value,
                "run" => view.run = value,
                "vs" => view.versus = value,
                "at" => view.moment = moment(&value),
                _ => {}
            }
        }
        view.window = from.zip(to).filter(|(from, to)| from < to);
        view
    }

    /// Whether some runs are left out.
    pub fn is_filtered(&self) -> bool {
        !(self.states.is_empty()
            && self.kinds.is_empty()
            && self.causes.is_empty()
            && self.text.is_empty()
            && self.lane.is_empty()
            && self.least.is_none()
            && self.most.is_none())
    }

    /// The runs that the filters let through, in the order of the history. A live run has taken as
    /// long as it has until `now`.
    pub fn filter(&self, history: &History, now: Micros) -> Vec<u32> {
        // Each filter looks at a number; texts are compared once for each text, not for each run.
        let chosen =
            |wanted: &[String], name: &str| wanted.is_empty() || wanted.iter().any(|w| w == name);
        let states: Vec<bool> = history
            .states()
            .map(|name| chosen(&self.states, name))
            .collect();
        let causes: Vec<bool> = history
            .causes()
            .map(|name| chosen(&self.causes, name))
            .collect();
        let kinds: Vec<bool> = history
            .kinds()
            .map(|kind| chosen(&self.kinds, kind.label()))
            .collect();
        let needle = self.text.trim().to_ascii_lowercase();
        let lane = self.lane.split_once('/');
        let lets_through = |run: usize| {
            if !(states[history.state_number(run)]
                && causes[history.cause_number(run)]
                && kinds[history.kind_number(run)])
            {
                return false;
            }
            if let Some((phase, job)) = lane
                && (history.phase_name(history.phase(run)) != phase
                    || history.job_name(history.job(run)) != job)
            {
                return false;
            }
            if self.least.is_some() || self.most.is_some() {
                let Some(span) = history.span(run) else {
                    return false;
                };
                let took = span.end(now).saturating_sub(span.from);
                if self.least.is_some_and(|least| took < least)
                    || self.most.is_some_and(|most| took > most)
                {
                    return false;
                }
            }
            needle.is_empty()
                || has_text(history.raw(run), needle.as_bytes())
                || has_text(
                    history.rollout_info(history.rollout(run)).target.as_bytes(),
                    needle.as_bytes(),
                )
        };
        (0..history.len() as u32)
            .filter(|run| lets_through(*run as usize))
            .collect()
    }
}

fn named<T: Copy + Default>(all: &[T], name: fn(T) -> &'static str, text: &str) -> T {
    all.iter()
        .copied()
        .find(|one| name(*one) == text)
        .unwrap_or_default()
}

fn list(value: &str) -> Vec<String> {
    value
        .split(',')
        .filter(|one| !one.is_empty())
        .map(str::to_owned)
        .collect()
}

fn moment(value: &str) -> Option<Micros> {
    Some(time::parse(value).ok()?.as_microsecond())
}

fn seconds(value: &str) -> Option<Micros> {
    value.parse::<Micros>().ok()?.checked_mul(1_000_000)
}

/// Whether `bytes` have `needle`, which is in lower case, in any case of ASCII.
fn has_text(bytes: &[u8], needle: &[u8]) -> bool {
    let Some((first, rest)) = needle.split_first() else {
        return true;
    };
    let Some(last) = bytes.len().checked_sub(needle.len()) else {
        return false;
    };
    let mut at = 0;
    while at <= last {
        if bytes[at].to_ascii_lowercase() == *first
            && bytes[at + 1..at + needle.len()].eq_ignore_ascii_case(rest)
        {
            return true;
        }
        at += 1;
    }
    false
}

/// The settings of an address as the page keeps them: it passes them on and changes them, and leaves
/// their meaning to [`HistoryView`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings(pub String);

impl Settings {
    /// The settings with some changed: `sort=name&q=`. Those without a value are taken out.
    pub fn with(&self, changes: &str) -> Self {
        let pairs = |text: &str| -> Vec<(String, String)> {
            let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
            pairs
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect()
        };
        let changes = pairs(changes);
        let mut kept = pairs(&self.0);
        kept.retain(|(key, _)| changes.iter().all(|(changed, _)| changed != key));
        let all = kept
            .iter()
            .chain(changes.iter().filter(|(_, value)| !value.is_empty()));
        Self(
            all.map(|(key, value)| [key, "=", value].concat())
                .collect::<Vec<_>>()
                .join("&"),
        )
    }

    /// The value of a setting; empty when there is none.
    pub fn get(&self, key: &str) -> String {
        let pair = self
            .0
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|pair| pair.0 == key);
        pair.map(|(_, value)| percent_decode(value))
            .unwrap_or_default()
    }
}

//! What the page shows, as the part of its address after `#`.
//!
//! `#/` is the start page, `#/projects/…` a resource by its name, down to a rollout and a selected
//! job run in it. After a `?` come settings that a person would want to share:
//!
//! | setting | meaning |
//! | --- | --- |
//! | `filter` | an AIP-160 filter that the server applies to a rollout's runs |
//! | `tz=utc` | times in UTC |
//! | `open` | the child rollouts that are opened in place, by id, with commas between |
//! | `from`, `to` | the stretch of time that the timeline shows (RFC 3339) |
//! | `src` | where the runs come from: `file`, or the address of JSON |
//! | `log` | the reader of logs is open: `open`, a line from 1, or two with `-` between |
//! | `lb=1` | it shows the log of the run's first build, not that of the events |
//! | `lq` | what is looked for in it |
//! | `ls`, `ll` | whose lines are shown (`t:`, `c:` or `p:` and a name), and of which level and above |
//! | `lo` | how: `c` with case, `r` a regular expression, `o` only what is found, `w` wrapped, `t` times since the first line |
//!
//! `#/log?src=…` shows a log by itself: that at an address, or the file that was dropped last.
//!
//! `#/history/projects/…` shows all runs of a pipeline, a release or a rollout in one timeline, and
//! `#/history?src=…` all of a file; its settings are those of a history's
//! [`HistoryView`](crate::model::history::view::HistoryView).
//!
//! [`links`] lead out of the viewer, and [`recent`] keeps what was opened lately.

pub mod links;
pub mod recent;

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::api::http::{percent_decode, percent_encode};
use crate::core::demo;
use crate::core::name::{
    DeliveryPipelineName, JobRunName, LocationName, NameError, ReleaseName, RolloutName,
};
use crate::core::time;
use crate::model::history::view::Settings;
use crate::model::timeline::Window;

/// An address in the viewer: what it shows, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    Start,
    /// What rollouts lie in, to look for one.
    Browse(Parent),
    /// What a file or an address holds.
    Opened(Source),
    Rollout {
        rollout: RolloutName,
        view: PageView,
    },
    /// A log by itself, from the view's source.
    Log(PageView),
    /// All runs of a pipeline, a release, a rollout or a file.
    History {
        /// The full name of what they belong to; empty for all of a file.
        of: String,
        settings: Settings,
        source: Source,
    },
    /// A text that names nothing the viewer can show.
    Unreadable(NameError),
}

/// What rollouts lie in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parent {
    /// By id or number.
    Project(String),
    Location(LocationName),
    DeliveryPipeline(DeliveryPipelineName),
    Release(ReleaseName),
}

/// How a rollout or a log is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageView {
    /// The id of the selected job run.
    pub job_run: Option<String>,
    /// An AIP-160 filter that the server applies to the list; empty for all runs.
    pub filter: String,
    /// Whether times are shown in UTC rather than in the reader's zone.
    pub utc: bool,
    /// The ids of the child rollouts that are opened in place. A child is of its parent's release.
    pub open: Vec<String>,
    /// The stretch of time that the timeline shows; without it, all of it.
    pub window: Option<Window>,
    pub source: Source,
    pub log: LogView,
}

/// How a log is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogView {
    /// Whether the reader is open. A log by itself is always read.
    pub is_open: bool,
    /// The lines that are picked, from 1, in the order in which they were; the same twice for one.
    pub picked: Option<(u32, u32)>,
    /// Of which of the run's builds it is the log, from 1; 0 for the log of events.
    pub of_build: usize,
    /// What is looked for.
    pub query: String,
    /// Whose lines are shown; see [`From`](crate::model::event_log::view::From::read).
    pub from: String,
    /// The least level that is shown; empty for all.
    pub level: String,
    /// Letters, each of which turns something on; see the [module](self).
    pub options: String,
}

impl LogView {
    /// Whether the reader shows the log of events.
    pub(crate) fn shows_events(&self) -> bool {
        self.is_open && self.of_build == 0
    }

    /// Whether an option is on.
    pub(crate) fn has(&self, option: char) -> bool {
        self.options.contains(option)
    }

    /// Turns an option on or off.
    pub fn toggle(&mut self, option: char) {
        match self.options.find(option) {
            Some(at) => drop(self.options.remove(at)),
            None => self.options.push(option),
        }
    }

    /// Opens the reader at a line, from 1.
    pub fn pick(&mut self, line: u32) {
        self.is_open = true;
        self.picked = Some((line, line));
    }

    fn setting(&self) -> String {
        match (self.picked, self.is_open) {
            (Some((a, b)), _) if a == b => a.to_string(),
            (Some((a, b)), _) => format!("{a}-{b}"),
            (None, true) => "open".to_owned(),
            (None, false) => String::new(),
        }
    }

    fn read_setting(&mut self, setting: &str) {
        let (a, b) = setting.split_once('-').unwrap_or((setting, setting));
        let line = |text: &str| text.parse().ok().filter(|line| *line > 0);
        self.picked = line(a).zip(line(b));
        self.is_open = true;
    }
}

/// Where job runs come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// The API; or the demo, which the project's name tells.
    #[default]
    Cloud,
    /// What was dropped, picked or pasted last.
    File,
    /// The JSON at an address.
    Url(String),
}

/// In a message, an address is its part from `#` on.
impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hash())
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <Cow<'de, str>>::deserialize(deserializer).map(|hash| Self::from_hash(&hash))
    }
}

impl Address {
    /// A rollout, with no run selected.
    pub fn rollout(rollout: RolloutName) -> Self {
        Self::Rollout {
            rollout,
            view: PageView::default(),
        }
    }

    /// A job run in its rollout.
    pub(crate) fn job_run(name: JobRunName) -> Self {
        let view = PageView {
            job_run: Some(name.job_run),
            ..PageView::default()
        };
        Self::Rollout {
            rollout: name.rollout,
            view,
        }
    }

    /// Reads the part of a page's address from `#` on.
    pub fn from_hash(hash: &str) -> Self {
        let text = hash.strip_prefix('#').unwrap_or(hash);
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let path = path.strip_prefix('/').unwrap_or(path);
        let view = PageView::from_query(query);
        if path == "log" {
            return Self::Log(view);
        }
        if let Some(of) = path
            .strip_prefix("history")
            .filter(|of| of.is_empty() || of.starts_with('/'))
        {
            return Self::history_from(of.trim_start_matches('/'), query, view.source);
        }
        if path.is_empty() {
            return match view.source {
                Source::Cloud => Self::Start,
                source => Self::Opened(source),
            };
        }
        // A run's id may be any text, with a slash in it too: one whose name cannot be read has its own.
        if let Some((rollout, id)) = path
            .rsplit_once("/jobRuns/")
            .filter(|(_, id)| !id.is_empty())
            && !id.contains('/')
            && let Ok(rollout) = decode_name(rollout).parse()
        {
            return Self::Rollout {
                rollout,
                view: PageView {
                    job_run: Some(percent_decode(id)),
                    ..view
                },
            };
        }
        match Self::from_exact_name(&decode_name(path)) {
            Self::Rollout { rollout, .. } => Self::Rollout { rollout, view },
            address => address,
        }
    }

    fn history_from(of: &str, query: &str, source: Source) -> Self {
        let of = decode_name(of);
        if of.is_empty() && source == Source::Cloud {
            // Of nothing: a name that is empty could not be told.
            return Self::Start;
        }
        let settings = Settings(query.to_owned()).with("src=");
        let address = Self::from_exact_name(&of);
        let has_runs = match &address {
            Self::Browse(parent) => {
                matches!(parent, Parent::DeliveryPipeline(_) | Parent::Release(_))
            }
            Self::Rollout { view, .. } => view.job_run.is_none(),
            _ => of.is_empty(),
        };
        match address {
            _ if has_runs => Self::History {
                of,
                settings,
                source,
            },
            // With all of it: what follows may be a word that an address begins with.
            Self::Unreadable(_) => Self::from_exact_name(&["history/", &of].concat()),
            address => address,
        }
    }

    /// All runs of what has a full name.
    pub(crate) fn history(of: impl Into<String>) -> Self {
        Self::History {
            of: of.into(),
            settings: Settings::default(),
            source: Source::Cloud,
        }
    }

    /// All runs of a file or an address.
    pub(crate) fn history_in(source: Source) -> Self {
        Self::History {
            of: String::new(),
            settings: Settings::default(),
            source,
        }
    }

    /// The same history shown in another way; every other address as it is.
    pub(crate) fn with_settings(&self, changes: &str) -> Self {
        let mut address = self.clone();
        if let Self::History { settings, .. } = &mut address {
            *settings = settings.with(changes);
        }
        address
    }

    /// How a history is shown; nothing elsewhere.
    pub(crate) fn settings(&self) -> Settings {
        match self {
            Self::History { settings, .. } => settings.clone(),
            _ => Settings::default(),
        }
    }

    /// A full resource name with the settings that stand behind the `?` of an address.
    pub(crate) fn from_parts(name: &str, settings: &str) -> Self {
        Self::from_hash(&format!("#/{}?{settings}", encode_name(name)))
    }

    /// Reads a full resource name, as a person pastes it: with space around it or not.
    pub fn from_name(name: &str) -> Self {
        Self::from_exact_name(name.trim())
    }

    fn from_exact_name(name: &str) -> Self {
        if let Ok(name) = name.parse() {
            return Self::job_run(name);
        }
        match (name.parse(), Parent::from_name(name)) {
            (Ok(rollout), _) => Self::rollout(rollout),
            (Err(_), Some(parent)) => Self::Browse(parent),
            (Err(error), None) => Self::Unreadable(error),
        }
    }

    /// The address as the part from `#` on.
    pub fn to_hash(&self) -> String {
        match self {
            Self::Start => "#/".into(),
            Self::Unreadable(error) => format!("#/{}", encode_name(error.text())),
            Self::Browse(parent) => format!("#/{}", encode_name(&parent.name())),
            Self::Opened(source) => {
                format!(
                    "#/{}",
                    PageView {
                        source: source.clone(),
                        ..PageView::default()
                    }
                    .to_query()
                )
            }
            Self::Log(view) => format!("#/log{}", view.to_query()),
            Self::History {
                of,
                settings,
                source,
            } => {
                let source = match source.setting() {
                    "" => String::new(),
                    source => ["src=", &percent_encode(source)].concat(),
                };
                let query = settings.with(&source).0;
                let path = if of.is_empty() {
                    String::new()
                } else {
                    ["/", &encode_name(of)].concat()
                };
                let mark = if query.is_empty() { "" } else { "?" };
                ["#/history", &path, mark, &query].concat()
            }
            Self::Rollout { rollout, view } => {
                let mut hash = format!("#/{}", encode_name(&rollout.to_string()));
                if let Some(job_run) = &view.job_run {
                    hash.push_str("/jobRuns/");
                    hash.push_str(&percent_encode(job_run));
                }
                hash + &view.to_query()
            }
        }
    }

    /// The page that the address is on, without what is selected there and how it is shown.
    pub fn page(&self) -> Self {
        match self {
            Self::Rollout { rollout, view } => {
                let view = PageView {
                    source: view.source.clone(),
                    ..PageView::default()
                };
                Self::Rollout {
                    rollout: rollout.clone(),
                    view,
                }
            }
            Self::Log(view) => Self::Log(PageView {
                source: view.source.clone(),
                ..PageView::default()
            }),
            Self::History { of, source, .. } => Self::History {
                of: of.clone(),
                settings: Settings::default(),
                source: source.clone(),
            },
            address => address.clone(),
        }
    }

    /// What the browser's tab and its history call the page.
    pub fn title(&self) -> String {
        let what = match self {
            Self::Rollout { rollout, .. } => rollout.rollout.clone(),
            Self::Browse(parent) => parent.id().to_owned(),
            Self::History { of, .. } if !of.is_empty() => {
                format!("All runs of {}", of.rsplit('/').next().unwrap_or(of))
            }
            Self::History { .. } => "All runs of a file".to_owned(),
            Self::Opened(Source::Url(url))
            | Self::Log(PageView {
                source: Source::Url(url),
                ..
            }) => url.clone(),
            Self::Opened(_) | Self::Log(_) => "A file".to_owned(),
            Self::Start | Self::Unreadable(_) => return "Job Run Viewer".to_owned(),
        };
        format!("{what} · Job Run Viewer")
    }

    /// The same address, shown in another way; what is neither a rollout nor a log has but one.
    pub fn with(&self, change: impl FnOnce(&mut PageView)) -> Self {
        let mut address = self.clone();
        if let Self::Rollout { view, .. } | Self::Log(view) = &mut address {
            change(view);
        }
        address
    }

    /// The same rollout with another run selected, or none. A log that is open is of the run before.
    pub fn select(&self, id: Option<&str>) -> Self {
        self.with(|view| {
            if view.job_run.as_deref() != id {
                view.log = LogView::default();
            }
            view.job_run = id.map(str::to_owned);
        })
    }

    /// Whether it is an address in the demo. The name alone decides, so that it can be shared.
    pub fn is_demo(&self) -> bool {
        match self {
            Self::Rollout { rollout, view } => {
                view.source == Source::Cloud && rollout.project == demo::PROJECT
            }
            Self::Browse(parent) => parent.project() == demo::PROJECT,
            Self::History { of, source, .. } => {
                *source == Source::Cloud && of.split('/').nth(1) == Some(demo::PROJECT)
            }
            Self::Start | Self::Opened(_) | Self::Log(_) | Self::Unreadable(_) => false,
        }
    }

    /// What it comes from; [`Source::Cloud`] for what lies in Cloud Deploy or the demo.
    pub fn source(&self) -> Source {
        match self {
            Self::Opened(source) | Self::History { source, .. } => source.clone(),
            _ => self.view().source,
        }
    }

    /// Whether it comes from a file or an address, which can be looked at and not acted on.
    pub fn is_file(&self) -> bool {
        self.source() != Source::Cloud
    }

    /// What the query of the page's own address asks for, `?src=…`, for links that are easily written.
    pub fn from_search(search: &str) -> Option<Self> {
        let source = PageView::from_query(search.strip_prefix('?').unwrap_or(search)).source;
        (source != Source::Cloud).then_some(Self::Opened(source))
    }

    /// How a rollout or a log is shown; the default elsewhere.
    pub fn view(&self) -> PageView {
        match self {
            Self::Rollout { view, .. } | Self::Log(view) => view.clone(),
            _ => PageView::default(),
        }
    }
}

impl PageView {
    fn from_query(query: &str) -> Self {
        let mut view = Self::default();
        let (mut from, mut to) = (None, None);
        for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            let value = || percent_decode(value);
            match key {
                "filter" => view.filter = value(),
                "tz" => view.utc = value() == "utc",
                "open" => {
                    view.open = value()
                        .split(',')
                        .filter(|id| !id.is_empty())
                        .map(str::to_owned)
                        .collect();
                }
                "from" => from = time::parse(&value()).ok(),
                "to" => to = time::parse(&value()).ok(),
                "src" => view.source = Source::from_setting(value()),
                "log" => view.log.read_setting(&value()),
                "lb" => view.log.of_build = value().parse().unwrap_or(1),
                "lq" => view.log.query = value(),
                "ls" => view.log.from = value(),
                "ll" => view.log.level = value(),
                "lo" => view.log.options = value(),
                _ => {}
            }
        }
        view.window = from
            .zip(to)
            .filter(|(from, to)| from < to)
            .map(|(from, to)| Window { from, to });
        view
    }

    /// The settings, from the `?` on; empty when all are as usual.
    fn to_query(&self) -> String {
        let (from, to) = match &self.window {
            Some(Window { from, to }) => (time::to_rfc3339(*from), time::to_rfc3339(*to)),
            None => Default::default(),
        };
        let of_build = match self.log.of_build {
            0 => String::new(),
            which => which.to_string(),
        };
        let settings = [
            ("from", from.as_str()),
            ("to", &to),
            ("filter", self.filter.as_str()),
            ("tz", if self.utc { "utc" } else { "" }),
            ("open", &self.open.join(",")),
            ("src", self.source.setting()),
            ("log", &self.log.setting()),
            ("lb", &of_build),
            ("lq", &self.log.query),
            ("ls", &self.log.from),
            ("ll", &self.log.level),
            ("lo", &self.log.options),
        ];
        let mut query = String::new();
        for (key, value) in settings.into_iter().filter(|(_, value)| !value.is_empty()) {
            query.push(if query.is_empty() { '?' } else { '&' });
            query.push_str(key);
            query.push('=');
            query.push_str(&percent_encode(value));
        }
        query
    }
}

impl Source {
    /// The value of `src`.
    pub(crate) fn setting(&self) -> &str {
        match self {
            Self::Cloud => "",
            Self::File => "file",
            Self::Url(url) => url,
        }
    }

    /// Reads the value of `src`.
    pub(crate) fn from_setting(value: String) -> Self {
        match value.as_str() {
            "" => Self::Cloud,
            "file" => Self::File,
            _ => Self::Url(value),
        }
    }
}

impl Parent {
    /// Reads a full resource name; `None` when it is none of these.
    pub fn from_name(name: &str) -> Option<Self> {
        if let Ok(name) = name.parse() {
            return Some(Self::Release(name));
        }
        if let Ok(name) = name.parse() {
            return Some(Self::DeliveryPipeline(name));
        }
        if let Ok(name) = name.parse() {
            return Some(Self::Location(name));
        }
        let project = name.strip_prefix("projects/")?;
        (!project.trim().is_empty() && !project.contains('/'))
            .then(|| Self::Project(project.to_owned()))
    }

    /// The full resource name.
    pub fn name(&self) -> String {
        match self {
            Self::Project(project) => format!("projects/{project}"),
            Self::Location(name) => name.to_string(),
            Self::DeliveryPipeline(name) => name.to_string(),
            Self::Release(name) => name.to_string(),
        }
    }

    /// The last part of the name.
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Project(project) => project,
            Self::Location(name) => &name.location,
            Self::DeliveryPipeline(name) => &name.delivery_pipeline,
            Self::Release(name) => &name.release,
        }
    }

    /// The project's id or number.
    pub(crate) fn project(&self) -> &str {
        match self {
            Self::Project(project) => project,
            Self::Location(name) => &name.project,
            Self::DeliveryPipeline(name) => &name.project,
            Self::Release(name) => &name.project,
        }
    }
}

/// An id that decodes to a text with a slash would change the name's shape; such a name stays encoded,
/// and the server says that it does not exist.
fn decode_name(path: &str) -> String {
    let name: Vec<String> = path.split('/').map(percent_decode).collect();
    if name.iter().any(|part| part.contains('/')) {
        path.to_owned()
    } else {
        name.join("/")
    }
}

fn encode_name(name: &str) -> String {
    name.split('/')
        .map(percent_encode)
        .collect::<Vec<_>>()
        .join("/")
}

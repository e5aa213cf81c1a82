//! The messages between the page and the worker that draws the timeline of many runs.
//!
//! Texts are ready to be shown: numbers have their separators and times their zone, so the page computes nothing.

use serde::{Deserialize, Serialize};

use crate::api::job_run::State;

/// A message of the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Transfers the canvas, an `OffscreenCanvas`, which is attached.
    Canvas,
    /// The colours to paint with, in the order of [`COLORS`](super::scene::COLORS).
    Colors(Vec<String>),
    /// The size of the canvas in CSS pixels, and how many device pixels one of those has.
    Size {
        width: i32,
        height: i32,
        #[serde(with = "fixed_point")]
        ratio: f64,
    },
    /// Shows what the settings of the address say.
    Show(String),
    /// The wheel turned, in CSS pixels, while the pointer was at `x` of the canvas.
    Wheel {
        #[serde(with = "fixed_point")]
        x: f64,
        #[serde(with = "fixed_point")]
        dx: f64,
        #[serde(with = "fixed_point")]
        dy: f64,
        keys: Keys,
    },
    /// A pointer did something on the canvas.
    Pointer(Touch, Pointer),
    /// A key was pressed on the canvas, by its [`key`](https://developer.mozilla.org/docs/Web/API/KeyboardEvent/key).
    Key(String),
    /// Asks for `count` rows of the table from `first` on. The keyboard is on the row `active`.
    Rows {
        first: usize,
        count: usize,
        active: usize,
    },
    /// Selects the run in a row of the table.
    Choose(usize),
    /// Forgets all runs and reads no further.
    Clear,
    /// Reads no further, and keeps the runs.
    Stop,
    /// Adds the runs and rollouts of a JSON document, which is attached as a text.
    Add,
    /// All documents were added.
    Over,
    /// Reads what is attached, one after the other: URLs, files, and JSON documents as texts.
    Read,
}

/// A message of the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    Counts(Counts),
    Facets(Facets),
    /// What the runs say together; `None` when the filters let none through.
    Insight(Option<Box<Insight>>),
    /// The selected run.
    Run(Option<Box<RunDetails>>),
    /// What is under the pointer.
    Tip(Option<Tip>),
    Rows(Rows),
    /// How much of an address or a file was read.
    Progress(Progress),
    /// All runs were read, and are painted.
    Loaded {
        /// How long parsing took, in tenths of a millisecond.
        parsing: u32,
    },
    /// An address or a file cannot be read to its end.
    Failed(ReadError),
    /// Settings of the address that a gesture changed, as in a query: `from=…&to=…`.
    Set(String),
    Cursor(Cursor),
    /// Runs were painted.
    Painted,
    /// The last byte was read.
    Bytes,
}

/// What happened to a pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Touch {
    Down,
    Move,
    Up,
    /// It left the canvas, or the browser took it over.
    Gone,
    /// A double click.
    Twice,
}

/// A pointer, in CSS pixels on the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pointer {
    pub id: i32,
    #[serde(with = "fixed_point")]
    pub x: f64,
    #[serde(with = "fixed_point")]
    pub y: f64,
    pub shift: bool,
}

/// Keys that are held down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    pub shift: bool,
    /// Control or Command.
    pub control: bool,
}

/// The shape of the pointer over the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cursor {
    Default,
    /// Over what a click acts on.
    Pointer,
    Grabbing,
    /// Over the axis and the minimap, where a drag chooses a range.
    Resize,
}

/// How many runs there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Runs that the filters let through.
    pub matching: usize,
    pub total: usize,
    /// Entries that are no job runs.
    pub unreadable: usize,
    /// Runs without any time, which have no bar.
    pub timeless: usize,
    /// All of it in words.
    pub sentence: String,
}

/// Values to filter by, with how many runs have each, filters aside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facets {
    pub states: Vec<Facet>,
    pub kinds: Vec<Facet>,
    pub causes: Vec<Facet>,
}

/// A value to filter by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facet {
    /// The setting of the address.
    pub value: String,
    /// The value in words, with the number of runs.
    pub label: String,
}

/// A state with its words. In a replay the words say how the run stood then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Badge {
    pub state: State,
    pub label: String,
}

/// What is under the pointer, and where that is on the canvas in CSS pixels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tip {
    pub x: i32,
    pub y: i32,
    pub content: TipContent,
}

/// What is under the pointer: a run, or more than can be told apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TipContent {
    Run(RunTip),
    Many(ManyTip),
}

/// A run under the pointer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunTip {
    pub badge: Badge,
    /// Phase and job.
    pub job: String,
    pub rollout: String,
    /// Waiting and running time in words.
    pub times: String,
    /// `Attempt 2 of 3`, unless there was one only.
    pub attempt: Option<String>,
    /// When the run begins.
    pub from: Option<String>,
    pub cause: Option<String>,
}

/// Runs under the pointer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManyTip {
    /// How many there are.
    pub title: String,
    /// The states that they are in, and how many are in each.
    pub states: Vec<(Badge, String)>,
}

/// The selected run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunDetails {
    /// The run's resource name.
    pub name: String,
    pub badge: Badge,
    /// Phase and job.
    pub job: String,
    pub rollout: String,
    pub facts: Vec<Fact>,
    pub failures: Vec<Failure>,
    /// What is odd about the run.
    pub warnings: Vec<String>,
    /// How the run's duration compares with that of the job's other runs.
    pub standing: Option<String>,
    pub critical_path: Option<CriticalPath>,
    pub comparison: Comparison,
}

/// A value with its label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub label: String,
    pub value: String,
}

/// Why a run failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The cause, as the API has it, with the check that it is of.
    pub title: String,
    pub meaning: String,
    /// What the API says.
    pub message: String,
    /// What to do.
    pub next: String,
}

/// What determined when the rollout ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriticalPath {
    pub sentence: String,
    pub steps: Vec<PathStep>,
}

/// A run on the critical path, or the time between two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathStep {
    pub text: String,
    pub is_gap: bool,
    /// The step's part of the whole path, of 1,000.
    pub per_mille: u16,
}

/// The selected run's rollout beside another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// The rollouts to compare with.
    Offered(Vec<OtherRollout>),
    Made(ComparedRollouts),
}

/// A rollout to compare with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherRollout {
    pub id: String,
    /// The resource name.
    pub name: String,
}

/// Two rollouts that are compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedRollouts {
    pub sentence: String,
    pub differences: Vec<String>,
    /// The ids of the selected run's rollout and of the other one.
    pub here: String,
    pub there: String,
    pub lanes: Vec<ComparedLane>,
}

/// A job in two rollouts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedLane {
    /// Phase and job.
    pub job: String,
    pub here: Option<ComparedBar>,
    pub there: Option<ComparedBar>,
}

/// A job's time in a rollout, in millionths of the longer rollout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedBar {
    pub state: State,
    pub title: String,
    pub from: i64,
    pub to: i64,
}

/// What the runs say together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insight {
    pub replay: Replay,
    /// `None` when no run has a time.
    pub failures: Option<Failures>,
    pub jobs: JobTable,
}

/// The replay of the runs. Moments are as in RFC 3339.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Replay {
    Off {
        /// Where a replay would begin.
        begin: String,
    },
    On {
        /// How the runs stood.
        sentence: String,
        /// The moments of the changes before and after.
        previous: Option<String>,
        next: Option<String>,
    },
}

/// What failed when, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failures {
    pub sentence: String,
    /// Parts of the time of equal length, `None` where nothing failed; empty if nothing failed at all.
    pub buckets: Vec<Option<FailureBucket>>,
    /// The causes, the most frequent first.
    pub causes: Vec<Facet>,
}

/// A part of the time in which runs failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureBucket {
    /// How many failed, in percent of the most in any bucket.
    pub percent: u64,
    pub title: String,
    /// Both ends, as in RFC 3339.
    pub from: String,
    pub to: String,
}

/// How long each job takes, those with most failures first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobTable {
    pub jobs: Vec<JobStatistics>,
    /// How many more there are; `None` for none.
    pub omitted: Option<String>,
}

/// How long a job takes. Durations that are not known are empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobStatistics {
    /// Phase and job as the address has them, and as they are shown.
    pub lane: String,
    pub label: String,
    pub runs: String,
    pub failed: String,
    pub wait_p50: String,
    pub p50: String,
    pub p90: String,
    pub p99: String,
}

/// The rows of the table that are in view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// How many the table has.
    pub total: usize,
    /// The index of the first one here.
    pub first: usize,
    pub rows: Vec<Row>,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub index: usize,
    /// The run's number in the history.
    pub run: usize,
    pub badge: Badge,
    pub phase: String,
    pub job: String,
    pub attempt: String,
    pub rollout: String,
    pub target: String,
    pub created: String,
    pub waited: String,
    pub ran: String,
    /// Why it failed.
    pub cause: Option<String>,
    pub is_selected: bool,
    /// Whether the keyboard is on it.
    pub is_active: bool,
    /// Whether something about the run is odd.
    pub is_flagged: bool,
}

/// How much of an address or a file was read, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub read: u64,
    /// 0 if it is not known.
    pub total: u64,
}

/// Why an address or a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReadError {
    /// The status of the response.
    Status(u16),
    /// No response, or one that ended too early. The text says why, as the browser does; it may be empty.
    Interrupted(String),
}

/// Numbers as integers of 65,536ths. The code that reads and writes floats is large, and the page needs it for
/// nothing else; browsers place elements by 64ths of a pixel.
mod fixed_point {
    use serde::{Deserialize, Deserializer, Serializer};

    const ONE: f64 = 65_536.0;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    pub(super) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64((value * ONE).round() as i64)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        Ok(i64::deserialize(deserializer)? as f64 / ONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_arrive_as_they_were_sent() {
        let pointer = Pointer {
            id: -1,
            x: 708.515_625,
            y: -0.25,
            shift: true,
        };
        let requests = [
            Request::Canvas,
            Request::Size {
                width: 1_208,
                height: 600,
                ratio: 1.25,
            },
            Request::Wheel {
                x: 10.5,
                dx: 0.0,
                dy: -120.0,
                keys: Keys {
                    shift: true,
                    control: false,
                },
            },
            Request::Pointer(Touch::Twice, pointer),
            Request::Rows {
                first: 10,
                count: 30,
                active: 12,
            },
        ];
        for request in requests {
            let json = serde_json::to_string(&request).unwrap();
            assert_eq!(
                serde_json::from_str::<Request>(&json).unwrap(),
                request,
                "{json}"
            );
        }
        let badge = Badge {
            state: State::from("SOMETHING_NEW"),
            label: "Something new".to_owned(),
        };
        let many = ManyTip {
            title: "2 job runs".to_owned(),
            states: vec![(badge, "2".to_owned())],
        };
        let event = Event::Tip(Some(Tip {
            x: 1,
            y: 2,
            content: TipContent::Many(many),
        }));
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(
            serde_json::from_str::<Event>(&json).unwrap(),
            event,
            "{json}"
        );
    }
}

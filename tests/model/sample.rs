//! Job runs to test with, as short as a test wants them, and strategies for all the others.

use jobrun_viewer::api::source::Record;
use jobrun_viewer::core::name::RolloutName;
use jobrun_viewer::core::time::{SignedDuration, Timestamp, to_rfc3339};
use jobrun_viewer::model::history::{History, Micros};
use jobrun_viewer::model::run::RunSet;
use proptest::prelude::*;
use serde_json::{Value, json};

/// The names of the variants, as the API writes them.
pub const VARIANTS: [&str; 7] = [
    "predeployJobRun",
    "deployJobRun",
    "verifyJobRun",
    "analysisJobRun",
    "postdeployJobRun",
    "createChildRolloutJobRun",
    "advanceChildRolloutJobRun",
];

/// A time, in seconds after that of the first sample.
pub fn at(secs: f64) -> Timestamp {
    let start: Timestamp = "2026-11-24T02:00:00Z".parse().unwrap();
    start + SignedDuration::from_secs_f64(secs)
}

/// [`at`] as a history counts it.
pub fn micros(secs: f64) -> Micros {
    at(secs).as_microsecond()
}

/// A history of runs, settled.
pub fn history(samples: Vec<Sample>) -> History {
    let runs: Vec<_> = samples.into_iter().map(Sample::value).collect();
    let mut history = History::default();
    history.add_document(json!({ "jobRuns": runs }).to_string().as_bytes());
    history.settle();
    history
}

pub fn rollout() -> RolloutName {
    "projects/p/locations/us-central1/deliveryPipelines/d/releases/r/rollouts/o"
        .parse()
        .unwrap()
}

/// A job run as JSON, changed step by step. It begins as a deploy that succeeded in phase `stable`,
/// created at 0 s, started at 5 s and ended at 60 s.
#[derive(Clone, Debug)]
pub struct Sample(Value);

pub fn run(id: &str) -> Sample {
    let sample = Sample(json!({
        "name": rollout().job_run(id).to_string(),
        "phaseId": "stable",
        "jobId": "deploy",
        "state": "SUCCEEDED",
        "deployJobRun": {},
    }));
    sample.times(0.0, 5.0, 60.0)
}

impl Sample {
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.0[field] = value.into();
        self
    }

    pub fn without(mut self, field: &str) -> Self {
        self.0.as_object_mut().unwrap().remove(field);
        self
    }

    pub fn job(self, phase: &str, job: &str) -> Self {
        self.with("phaseId", phase).with("jobId", job)
    }

    pub fn state(self, state: &str) -> Self {
        self.with("state", state)
    }

    /// One variant, in place of all others.
    pub fn variant(mut self, field: &str, value: Value) -> Self {
        for variant in VARIANTS {
            self = self.without(variant);
        }
        self.with(field, value)
    }

    /// When the run was created, started and ended, in seconds; `None` leaves the field out.
    pub fn times(
        mut self,
        created: impl Into<Option<f64>>,
        started: impl Into<Option<f64>>,
        ended: impl Into<Option<f64>>,
    ) -> Self {
        let times = [
            ("createTime", created.into()),
            ("startTime", started.into()),
            ("endTime", ended.into()),
        ];
        for (field, secs) in times {
            self = match secs {
                Some(secs) => self.with(field, to_rfc3339(at(secs))),
                None => self.without(field),
            };
        }
        self
    }

    pub fn from_raw(raw: &str) -> Self {
        Self(serde_json::from_str(raw).unwrap())
    }

    pub fn record(&self) -> Record {
        Record::from_json(&self.0.to_string())
    }

    pub fn value(self) -> Value {
        self.0
    }

    /// The run of a set that has it alone.
    pub fn alone(&self) -> std::sync::Arc<jobrun_viewer::model::run::Run> {
        set(std::slice::from_ref(self)).runs[0].clone()
    }
}

/// The set of runs, with nothing before it.
pub fn set(samples: &[Sample]) -> RunSet {
    RunSet::new(samples.iter().map(Sample::record).collect(), None)
}

/// The ids of a set's runs, in its order.
pub fn ids(set: &RunSet) -> Vec<&str> {
    set.runs.iter().map(|run| run.id.as_str()).collect()
}

/// Times as the API may have them: close together, equal ones, and from any year.
pub fn any_google_time() -> impl Strategy<Value = Timestamp> {
    let first: Timestamp = "0001-01-01T00:00:00Z".parse().unwrap();
    any_time().prop_map(move |time| time.max(first))
}

/// Times close together, equal ones, and the first and last that there are.
pub fn any_time() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        8 => (-5_i64..30).prop_map(|secs| at(secs as f64)),
        2 => (0..10_000_000_000_i64).prop_map(|nanos| at(0.0) + SignedDuration::from_nanos(nanos)),
        1 => (Timestamp::MIN.as_nanosecond()..=Timestamp::MAX.as_nanosecond())
            .prop_map(|nanos| Timestamp::from_nanosecond(nanos).unwrap()),
        1 => prop_oneof![Just(Timestamp::MIN), Just(Timestamp::MAX), Just(Timestamp::UNIX_EPOCH)],
    ]
}

/// Runs of all sorts in a few phases and jobs: with any state and variant, and any times, which may
/// be missing, unreadable or contradict each other.
pub fn any_runs() -> impl Strategy<Value = Vec<Sample>> {
    let state = prop::sample::select(
        &[
            "",
            "IN_PROGRESS",
            "SUCCEEDED",
            "FAILED",
            "TERMINATING",
            "TERMINATED",
            "STATE_UNSPECIFIED",
            "PAUSED",
        ][..],
    );
    let time = || {
        prop_oneof![
            6 => any_google_time().prop_map(|time| Some(to_rfc3339(time))),
            2 => Just(None),
            1 => Just(Some("yesterday".to_owned())),
        ]
    };
    let variant = prop::sample::select([&VARIANTS[..], &["newJobRun", "other"]].concat());
    let run = (
        0..12_u32,
        0..3_u32,
        0..3_u32,
        state,
        variant,
        [time(), time(), time()],
    );
    let run = run.prop_map(|(id, phase, job, state, variant, times)| {
        let name = match id {
            0 => "no name".to_owned(),
            id => rollout().job_run(&id.to_string()).to_string(),
        };
        let mut sample = Sample(json!({ "name": name, "state": state, variant: {} }));
        for (field, value) in [("phaseId", phase), ("jobId", job)] {
            if value > 0 {
                sample = sample.with(field, value.to_string());
            }
        }
        for (field, time) in ["createTime", "startTime", "endTime"]
            .into_iter()
            .zip(times)
        {
            if let Some(time) = time {
                sample = sample.with(field, time);
            }
        }
        sample
    });
    prop::collection::vec(run, 0..12)
}

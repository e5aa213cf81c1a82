//! Which kind of job a run is of: the one table of the variants that this version knows.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::api::job_run::JobRun;
use crate::api::rollout::Job;

/// Which kind of job the run is of: the variant of the API's union.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobKind {
    Predeploy,
    Deploy,
    Verify,
    Analysis,
    Postdeploy,
    CreateChildRollout,
    AdvanceChildRollout,
    /// A variant from a newer API: its field's name.
    Unrecognized(String),
    /// More than one variant at once, which the API does not promise: their fields' names.
    Several(Vec<String>),
    /// No variant at all.
    Missing,
}

/// The kinds, with what their fields begin with (`deploy` of `deployJob` and `deployJobRun`) and what people call
/// them, in the order in which a phase runs them (the fields of `DeploymentJobs`).
const KNOWN: [(JobKind, &str, &str); 7] = [
    (
        JobKind::CreateChildRollout,
        "createChildRollout",
        "create child rollout",
    ),
    (
        JobKind::AdvanceChildRollout,
        "advanceChildRollout",
        "advance child rollout",
    ),
    (JobKind::Predeploy, "predeploy", "predeploy"),
    (JobKind::Deploy, "deploy", "deploy"),
    (JobKind::Verify, "verify", "verify"),
    (JobKind::Analysis, "analysis", "analysis"),
    (JobKind::Postdeploy, "postdeploy", "postdeploy"),
];

impl JobKind {
    /// The kind of a run. The raw JSON is asked for variants that this version does not know.
    pub(super) fn of_run(raw: &str, json: &JobRun) -> Self {
        let kind = Self::of_fields(json.variants(), "JobRun");
        if kind != Self::Missing {
            return kind;
        }
        // A variant is an object; a null one is not there.
        serde_json::from_str::<BTreeMap<String, &RawValue>>(raw)
            .unwrap_or_default()
            .into_iter()
            .find(|(field, value)| field.ends_with("JobRun") && value.get().starts_with('{'))
            .map_or(Self::Missing, |(field, _)| Self::Unrecognized(field))
    }

    /// The kind of a rollout's job. One from a newer API is [`JobKind::Missing`] here; the raw JSON has it.
    pub fn of_job(job: &Job) -> Self {
        Self::of_fields(job.variants(), "Job")
    }

    fn of_fields(fields: impl Iterator<Item = &'static str>, end: &str) -> Self {
        let fields: Vec<&str> = fields.collect();
        match fields.as_slice() {
            [] => Self::Missing,
            [field] => Self::of_field(field, end),
            fields => Self::Several(fields.iter().map(|field| (*field).to_owned()).collect()),
        }
    }

    /// The kind of a field such as `deployJobRun`; `end` is `JobRun` or `Job`.
    pub(crate) fn of_field(field: &str, end: &str) -> Self {
        let stem = field.strip_suffix(end);
        let known = KNOWN.into_iter().find(|(_, known, _)| stem == Some(known));
        known.map_or_else(|| Self::Unrecognized(field.to_owned()), |(kind, ..)| kind)
    }

    /// The kind's name for people.
    pub fn label(&self) -> &str {
        match self {
            Self::Unrecognized(field) => field,
            Self::Several(_) => "several kinds",
            Self::Missing => "no kind",
            known => KNOWN
                .iter()
                .find(|(kind, ..)| kind == known)
                .map_or("", |(.., label)| label),
        }
    }

    /// The order in which a phase runs its jobs; what is not known comes last.
    pub fn order(&self) -> u8 {
        let known = (0..).zip(&KNOWN).find(|(_, (kind, ..))| kind == self);
        known.map_or(u8::MAX, |(order, _)| order)
    }
}

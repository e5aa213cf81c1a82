//! A job run as the viewer thinks of it: named, timed, numbered among its job's attempts, with
//! whatever does not add up flagged.
//!
//! [`kind`] has the variants, and [`panel`] the fields of a run's panel.

mod kind;
pub mod panel;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::job_run::{FailureCause, HookJobRun, JobRun, State};
use crate::api::source::Record;
use crate::core::index::Index;
use crate::core::name::{JobRunName, RolloutName};
use crate::core::order::{permutation, sorted_by};
use crate::core::time::{self, SignedDuration, Timestamp};

pub use kind::JobKind;

/// A job run that could be read.
#[derive(Clone, Debug)]
pub struct Run {
    /// The JSON as it came.
    pub raw: Box<str>,
    /// The fields that this version knows.
    pub json: JobRun,
    /// The name, when it is one.
    pub name: Option<JobRunName>,
    /// The last part of the name: unique in its rollout, and what the address holds.
    pub id: String,
    pub kind: JobKind,
    pub created: RunTime,
    pub started: RunTime,
    pub ended: RunTime,
    /// From 1, in order of creation, among the runs of the same phase and job.
    pub attempt: usize,
    /// How many runs the phase and job have.
    pub attempts: usize,
    /// What does not add up.
    pub flags: Vec<Flag>,
}

impl PartialEq for Run {
    fn eq(&self, other: &Self) -> bool {
        // All else follows from these.
        self.raw == other.raw && self.attempt == other.attempt && self.attempts == other.attempts
    }
}

/// A time of a run, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunTime {
    /// The field is absent: it has not happened, or the server does not say.
    Absent,
    At(Timestamp),
    /// The field's text is no time.
    Unreadable(String),
}

impl RunTime {
    fn read(text: Option<&str>) -> Self {
        match text {
            None | Some("") => Self::Absent,
            Some(text) => {
                time::parse(text).map_or_else(|_| Self::Unreadable(text.to_owned()), Self::At)
            }
        }
    }

    /// The time, when it is known.
    pub fn known(&self) -> Option<Timestamp> {
        match self {
            Self::At(time) => Some(*time),
            Self::Absent | Self::Unreadable(_) => None,
        }
    }
}

/// Something about a run that does not add up. It is drawn as it is and said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flag {
    UnreadableTime {
        field: &'static str,
        text: String,
    },
    NoCreateTime,
    StartBeforeCreate,
    EndBeforeStart,
    EndBeforeCreate,
    /// A final state, and no endTime.
    FinalWithoutEnd,
    /// An endTime, and a state that is not final.
    EndWithoutFinal,
    /// Success, and no startTime.
    SucceededWithoutStart,
    /// The name is not a job run's name.
    UnreadableName,
    NoVariant,
    SeveralVariants(Vec<String>),
    UnrecognizedVariant(String),
    UnrecognizedState(String),
}

impl Flag {
    /// The flag as a sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::UnreadableTime { field, text } => {
                format!("{field} is “{text}”, which is no time.")
            }
            Self::NoCreateTime => "There is no createTime, so the wait is unknown.".into(),
            Self::StartBeforeCreate => "startTime is before createTime.".into(),
            Self::EndBeforeStart => "endTime is before startTime.".into(),
            Self::EndBeforeCreate => "endTime is before createTime.".into(),
            Self::FinalWithoutEnd => "The run is over, but there is no endTime.".into(),
            Self::EndWithoutFinal => "There is an endTime, but the run is not over.".into(),
            Self::SucceededWithoutStart => "The run succeeded, but there is no startTime.".into(),
            Self::UnreadableName => {
                "The name is not a job run's name, so the run can be shown but not acted on.".into()
            }
            Self::NoVariant => "The run does not say which kind of job it is of.".into(),
            Self::SeveralVariants(fields) => {
                format!(
                    "The run has {} at once; the API promises one.",
                    fields.join(" and ")
                )
            }
            Self::UnrecognizedVariant(field) => {
                format!("This viewer does not know {field} yet; the raw JSON has it.")
            }
            Self::UnrecognizedState(state) => {
                format!("This viewer does not know the state {state} yet.")
            }
        }
    }
}

/// How far a run has come in its lifecycle, by its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lifecycle {
    /// It can still change by itself.
    Live,
    /// It cannot.
    Final,
    /// The state is missing or from a newer API.
    Unknown,
}

/// Returns the lifecycle that a state stands for.
pub fn lifecycle(state: &State) -> Lifecycle {
    match state {
        State::InProgress | State::Terminating => Lifecycle::Live,
        State::Succeeded | State::Failed | State::Terminated => Lifecycle::Final,
        State::Unspecified | State::Unrecognized(_) => Lifecycle::Unknown,
    }
}

/// A failure as a run's variant tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The check of an analysis; nothing for other kinds.
    pub check: Option<String>,
    pub cause: FailureCause,
    pub message: String,
    /// Whether it is of the check of an alert policy, which fails when that fires and names no cause.
    pub is_alert: bool,
    /// The Cloud Build build that tells more; empty when there is none.
    pub build: String,
}

impl Run {
    fn new(raw: Box<str>, json: JobRun, index: usize) -> Self {
        let name: Option<JobRunName> = json.name.parse().ok();
        let id = match &name {
            Some(name) => name.job_run.clone(),
            // Not acted on, but it must be told apart from others and selectable.
            None if !json.uid.is_empty() => json.uid.clone(),
            None => format!("unnamed-{}", index + 1),
        };
        let kind = JobKind::of_run(&raw, &json);
        let created = RunTime::read(json.create_time.as_deref());
        let started = RunTime::read(json.start_time.as_deref());
        let ended = RunTime::read(json.end_time.as_deref());
        let mut run = Self {
            raw,
            json,
            name,
            id,
            kind,
            created,
            started,
            ended,
            attempt: 1,
            attempts: 1,
            flags: vec![],
        };
        run.flags = run.find_flags();
        run
    }

    fn find_flags(&self) -> Vec<Flag> {
        let mut flags = Vec::new();
        let moments = [
            ("createTime", &self.created),
            ("startTime", &self.started),
            ("endTime", &self.ended),
        ];
        for (field, moment) in moments {
            if let RunTime::Unreadable(text) = moment {
                flags.push(Flag::UnreadableTime {
                    field,
                    text: text.clone(),
                });
            }
        }
        if self.created == RunTime::Absent {
            flags.push(Flag::NoCreateTime);
        }
        let (created, started, ended) = (
            self.created.known(),
            self.started.known(),
            self.ended.known(),
        );
        let before = |a: Option<Timestamp>, b: Option<Timestamp>| matches!((a, b), (Some(a), Some(b)) if a < b);
        if before(started, created) {
            flags.push(Flag::StartBeforeCreate);
        }
        if before(ended, started) {
            flags.push(Flag::EndBeforeStart);
        }
        if before(ended, created) {
            flags.push(Flag::EndBeforeCreate);
        }
        match (lifecycle(&self.json.state), &self.ended) {
            (Lifecycle::Final, RunTime::Absent) => flags.push(Flag::FinalWithoutEnd),
            (Lifecycle::Live, RunTime::At(_)) => flags.push(Flag::EndWithoutFinal),
            _ => {}
        }
        if self.json.state == State::Succeeded && self.started == RunTime::Absent {
            flags.push(Flag::SucceededWithoutStart);
        }
        if let State::Unrecognized(state) = &self.json.state {
            flags.push(Flag::UnrecognizedState(state.clone()));
        }
        if self.name.is_none() {
            flags.push(Flag::UnreadableName);
        }
        match &self.kind {
            JobKind::Missing => flags.push(Flag::NoVariant),
            JobKind::Several(fields) => flags.push(Flag::SeveralVariants(fields.clone())),
            JobKind::Unrecognized(field) => flags.push(Flag::UnrecognizedVariant(field.clone())),
            _ => {}
        }
        flags
    }

    /// The child rollout that the run creates or advances, named as the API does.
    pub(crate) fn child(&self) -> Option<RolloutName> {
        let of = self.json.create_child_rollout_job_run.as_ref();
        of.or(self.json.advance_child_rollout_job_run.as_ref())?
            .rollout
            .parse()
            .ok()
    }

    /// Returns how far the run has come.
    pub(crate) fn lifecycle(&self) -> Lifecycle {
        lifecycle(&self.json.state)
    }

    /// The time by which runs are in order: createTime, or without it what else is known.
    pub(crate) fn first_time(&self) -> Option<Timestamp> {
        self.created
            .known()
            .or(self.started.known())
            .or(self.ended.known())
    }

    /// How long the run waited, from createTime to startTime; to endTime when it never started,
    /// and to `now` while it waits. `None` when a time that it takes is unknown.
    pub fn waited(&self, now: Timestamp) -> Option<SignedDuration> {
        let created = self.created.known()?;
        let until = match (&self.started, self.ended.known()) {
            (RunTime::At(started), _) => *started,
            (RunTime::Unreadable(_), _) => return None,
            (RunTime::Absent, Some(ended)) => ended,
            // A clock that is behind the server's: the wait has only begun.
            (RunTime::Absent, None) if self.lifecycle() == Lifecycle::Live => now.max(created),
            (RunTime::Absent, None) => return None,
        };
        Some(until.duration_since(created))
    }

    /// How long the run ran, from startTime to endTime, and to `now` while it runs. `None` when
    /// it has not started or when a time that it takes is unknown.
    pub fn ran(&self, now: Timestamp) -> Option<SignedDuration> {
        let started = self.started.known()?;
        let until = match self.ended.known() {
            Some(ended) => ended,
            None if self.lifecycle() == Lifecycle::Live => now.max(started),
            None => return None,
        };
        Some(until.duration_since(started))
    }

    /// The Cloud Build build that carried the run out, when it names one.
    pub fn build(&self) -> Option<&str> {
        let json = &self.json;
        let builds = [
            json.deploy_job_run.as_ref().map(|v| &v.build),
            json.verify_job_run.as_ref().map(|v| &v.build),
            json.predeploy_job_run.as_ref().map(|v| &v.build),
            json.postdeploy_job_run.as_ref().map(|v| &v.build),
        ];
        builds
            .into_iter()
            .flatten()
            .find(|build| !build.is_empty())
            .map(String::as_str)
    }

    /// The failures that the run's variants tell of.
    pub fn failures(&self) -> Vec<Failure> {
        let mut failures = Vec::new();
        let mut add = |check: &str,
                       cause: &FailureCause,
                       message: &str,
                       build: Option<&str>,
                       is_alert: bool| {
            if !cause.is_unspecified() || !message.is_empty() {
                failures.push(Failure {
                    check: (!check.is_empty()).then(|| check.to_owned()),
                    cause: cause.clone(),
                    message: message.to_owned(),
                    is_alert,
                    build: build.unwrap_or_default().to_owned(),
                });
            }
        };
        let (json, build) = (&self.json, self.build());
        if let Some(v) = &json.deploy_job_run {
            add("", &v.failure_cause, &v.failure_message, build, false);
        }
        if let Some(v) = &json.verify_job_run {
            add("", &v.failure_cause, &v.failure_message, build, false);
        }
        for HookJobRun {
            failure_cause,
            failure_message,
            ..
        } in [&json.predeploy_job_run, &json.postdeploy_job_run]
            .into_iter()
            .flatten()
        {
            add("", failure_cause, failure_message, build, false);
        }
        if let Some(v) = &json.analysis_job_run {
            for check in &v.alert_policy_analyses {
                add(
                    &check.id,
                    &FailureCause::Unspecified,
                    &check.failure_message,
                    None,
                    true,
                );
            }
            for check in &v.custom_check_analyses {
                let build = Some(&*check.latest_build);
                add(
                    &check.id,
                    &check.failure_cause,
                    &check.failure_message,
                    build,
                    false,
                );
            }
        }
        failures
    }
}

/// The job runs of a rollout, in order of creation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunSet {
    pub runs: Vec<Arc<Run>>,
    /// Entries that are no job runs, with the reason; nothing that came is lost.
    pub unreadable: Vec<Unreadable>,
}

/// An entry of a list that could not be read as a job run.
#[derive(Clone, Debug, PartialEq)]
pub struct Unreadable {
    pub raw: Box<str>,
    pub reason: String,
}

impl RunSet {
    /// Orders and numbers what came. A run that comes twice (a page boundary can move between
    /// two requests) counts once, the later copy.
    ///
    /// Runs that are as they were in `before` are taken from there, so that what shows them can
    /// see by comparing pointers that nothing changed.
    pub fn new(records: Vec<Record>, before: Option<&RunSet>) -> Self {
        let mut set = Self::default();
        let mut runs: Vec<Run> = Vec::with_capacity(records.len());
        for (index, record) in records.into_iter().enumerate() {
            match record.run {
                Ok(json) => runs.push(Run::new(record.raw, json, index)),
                Err(error) => {
                    set.unreadable.push(Unreadable {
                        raw: record.raw,
                        reason: error.to_string(),
                    });
                }
            }
        }
        let last = Index::new(runs.iter().map(|run| run.id.clone()).collect());
        let is_last = |(at, run): &(usize, Run)| last.get(&run.id) == Some(*at);
        let runs = runs
            .into_iter()
            .enumerate()
            .filter(is_last)
            .map(|(_, run)| run)
            .collect();
        // Sorting by id last makes the order total, so that a poll never shuffles the screen.
        let mut runs = sorted_by(runs, |a, b| order_key(a).cmp(&order_key(b)));

        // Ids have no NUL.
        let job_of = |run: &Run| [&*run.json.phase_id, &*run.json.job_id].join("\0");
        let jobs: Vec<String> = runs.iter().map(job_of).collect();
        let by_job = permutation(jobs.len(), &|a, b| jobs[a].cmp(&jobs[b]));
        for attempts in by_job.chunk_by(|a, b| jobs[*a] == jobs[*b]) {
            for (before, index) in attempts.iter().enumerate() {
                runs[*index].attempt = before + 1;
                runs[*index].attempts = attempts.len();
            }
        }

        let old = before.map_or(&[][..], |set| &set.runs);
        let index_of = Index::new(old.iter().map(|run| run.id.clone()).collect());
        let same = |run: &Run| {
            index_of
                .get(&run.id)
                .map(|index| &old[index])
                .filter(|old| ***old == *run)
        };
        set.runs = runs
            .into_iter()
            .map(|run| same(&run).cloned().unwrap_or_else(|| Arc::new(run)))
            .collect();
        set
    }

    /// The run with this id.
    pub fn get(&self, id: &str) -> Option<&Arc<Run>> {
        self.runs.iter().find(|run| run.id == id)
    }

    /// The attempts of the same phase and job, in order.
    pub fn attempts_of<'a>(&'a self, run: &'a Run) -> impl Iterator<Item = &'a Arc<Run>> {
        self.runs.iter().filter(|other| {
            other.json.phase_id == run.json.phase_id && other.json.job_id == run.json.job_id
        })
    }

    /// How many runs each state has, in the order of the API, then states from a newer one.
    pub fn state_counts(&self) -> Vec<(State, usize)> {
        let mut counts: BTreeMap<State, usize> = BTreeMap::new();
        for run in &self.runs {
            *counts.entry(run.json.state.clone()).or_default() += 1;
        }
        counts.into_iter().collect()
    }

    /// The run that a reader needs first: of the last attempts of each job, one that failed or was
    /// terminated; else one that still runs; else one in a state this version does not know; else
    /// the last one. The newest of equals.
    ///
    /// `is_ignored` tells of which run the failure was ignored: it is over like one that succeeded.
    pub fn most_telling(&self, is_ignored: &dyn Fn(&Run) -> bool) -> Option<&Arc<Run>> {
        let urgency = |run: &Run| match run.json.state {
            _ if is_ignored(run) => 0,
            State::Failed | State::Terminated => 3,
            State::InProgress | State::Terminating => 2,
            State::Unspecified | State::Unrecognized(_) => 1,
            State::Succeeded => 0,
        };
        // max_by_key gives the last of equals, and runs are in order of creation.
        self.runs
            .iter()
            .filter(|run| run.attempt == run.attempts)
            .max_by_key(|run| urgency(run))
    }
}

/// Runs with no known time come last.
fn order_key(run: &Run) -> (bool, Option<Timestamp>, Option<Timestamp>, &str) {
    let first = run.first_time();
    (first.is_none(), first, run.started.known(), &run.id)
}

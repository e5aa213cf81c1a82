//! With what a manifest can be compared: the same file of another job run or another rollout.
//!
//! [`diff`] finds what differs, and [`yaml`] colours the text.

pub mod diff;
pub mod yaml;

use crate::api::message::read_object;
use crate::api::rollout::{Rollout, RolloutState};
use crate::core::name::RolloutName;
use crate::core::time::{Timestamp, parse};
use crate::model::run::{Run, RunSet};

/// A file of a job run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// `gs://…`
    pub folder: String,
    /// Relative to the folder.
    pub path: String,
}

/// The files that a run deployed.
pub fn files(run: &Run) -> Vec<File> {
    let artifact = run
        .json
        .deploy_job_run
        .as_ref()
        .and_then(|deploy| deploy.artifact.as_ref());
    let files = artifact.into_iter().flat_map(|artifact| {
        artifact.manifest_paths.iter().map(|path| File {
            folder: artifact.artifact_uri.clone(),
            path: path.clone(),
        })
    });
    files.collect()
}

/// The last part of a path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Which of a run's files is the same as the one at `path`: that at the same path, or else the
/// first of the same name, since phases have folders of their own.
pub fn counterpart(run: &Run, path: &str) -> Option<File> {
    let mut files = files(run);
    let same = |file: &File| file.path.trim_start_matches('/') == path.trim_start_matches('/');
    let at = files.iter().position(same).or_else(|| {
        files
            .iter()
            .position(|file| file_name(&file.path) == file_name(path))
    })?;
    Some(files.swap_remove(at))
}

/// The other runs of a rollout that deployed the same file, each with a label for people; those
/// next in time before `run` first.
pub fn others(run: &Run, set: &RunSet, path: &str) -> Vec<(String, String)> {
    let at = set
        .runs
        .iter()
        .position(|other| other.id == run.id)
        .unwrap_or(set.runs.len());
    let earlier = set.runs[..at].iter().rev();
    let later = set.runs.iter().skip(at + 1);
    earlier
        .chain(later)
        .filter(|other| counterpart(other, path).is_some())
        .map(|other| {
            let (phase, job) = (&other.json.phase_id, &other.json.job_id);
            let attempt = match other.attempts {
                1 => String::new(),
                _ => format!(", attempt {}", other.attempt),
            };
            (other.id.clone(), format!("{job} in {phase}{attempt}"))
        })
        .collect()
}

/// Of another rollout's runs, the one whose files are those of `run`: of the same phase if there is
/// one, the newest that has the file at `path`.
pub fn same_run<'a>(run: &Run, set: &'a RunSet, path: &str) -> Option<&'a Run> {
    let having = || {
        set.runs
            .iter()
            .rev()
            .filter(|other| counterpart(other, path).is_some())
    };
    having()
        .find(|other| other.json.phase_id == run.json.phase_id)
        .or_else(|| having().next())
        .map(|run| &**run)
}

/// Which of a pipeline's rollouts, in JSON, is the one before `current` to the same target: the
/// newest that succeeded. What cannot be read does not count.
pub(crate) fn previous(current: &RolloutName, rollouts: &[String]) -> Option<RolloutName> {
    let read: Vec<(RolloutName, Timestamp, Rollout)> = rollouts
        .iter()
        .filter_map(|raw| {
            let rollout: Rollout = read_object(raw).ok()?;
            Some((
                rollout.name.parse().ok()?,
                parse(rollout.create_time.as_ref()?).ok()?,
                rollout,
            ))
        })
        .collect();
    let (_, created, rollout) = read
        .iter()
        .find(|(name, ..)| name.same_but_project(current))?;
    let target = &rollout.target_id;
    let before = read.iter().filter(|(_, time, other)| {
        other.target_id == *target && other.state == RolloutState::Succeeded && time < created
    });
    before.max_by_key(|(_, time, _)| *time).map(|(name, ..)| {
        // The page knows the project by the name that it has in its address.
        RolloutName {
            project: current.project.clone(),
            ..name.clone()
        }
    })
}

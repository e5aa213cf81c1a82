//! What a reader must know first: the one sentence about a rollout, and what changed since.

use super::{Coverage, is_ignored};
use crate::api::job_run::State;
use crate::api::rollout::Rollout;
use crate::core::time::{Timestamp, human_duration};
use crate::model::explain::state_label;
use crate::model::run::{Lifecycle, Run, RunSet, RunTime};

/// The sentence, and what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    /// Such as `verify failed in canary-50`.
    pub text: String,
    /// Attempt, cause and durations; empty when there is nothing to add.
    pub detail: String,
    /// The state that the sentence is about.
    pub state: State,
    /// The id of the run that the sentence is about.
    pub run: String,
}

/// Returns the headline of a rollout; `None` when it has no runs, or when those that a filter lets through say
/// nothing of the rollout: that they succeeded says nothing of the others. The rollout itself, where it could
/// be read, tells which failures were ignored.
pub fn headline(
    set: &RunSet,
    now: Timestamp,
    coverage: &Coverage,
    rollout: Option<&Rollout>,
) -> Option<Headline> {
    let is_ignored = |run: &Run| is_ignored(rollout, run);
    let run = set.most_telling(&is_ignored)?;
    let mut state = if is_ignored(run) {
        State::Succeeded
    } else {
        run.json.state.clone()
    };
    let all_succeeded = state == State::Succeeded;
    let mut details = Vec::new();
    let headline = if all_succeeded {
        // The most telling run succeeded, so the last attempt of every job did.
        let last = || set.runs.iter().filter(|run| run.attempt == run.attempts);
        let (jobs, ignored) = (last().count(), last().filter(|run| is_ignored(run)).count());
        let so_far = match coverage {
            Coverage::Filtered => return None,
            Coverage::Part => " read so far",
            Coverage::SoFar | Coverage::Waits { .. } => " so far",
            Coverage::Ended => " that ran",
            Coverage::Over => "",
        };
        if *coverage == Coverage::Ended {
            state = State::Terminated;
        }
        let succeeded = match (jobs, ignored) {
            (1, 0) => format!("The only job{so_far} succeeded"),
            (jobs, 0) => format!("All {jobs} jobs{so_far} succeeded"),
            (jobs, _) => format!(
                "{} of {jobs} jobs{so_far} succeeded, {ignored} ignored",
                jobs - ignored
            ),
        };
        match coverage {
            Coverage::Waits { phase } => {
                state = State::InProgress;
                details.push(succeeded);
                format!("{phase} waits to be advanced")
            }
            _ => succeeded,
        }
    } else {
        let doing = match &state {
            State::Failed => "failed",
            State::Terminated => "was terminated",
            State::Terminating => "is being terminated",
            State::InProgress if run.started == RunTime::Absent => "is waiting to start",
            State::InProgress => "is running",
            State::Unspecified => "is in no known state",
            State::Unrecognized(_) | State::Succeeded => state_label(&state),
        };
        format!("{} {doing} in {}", job_label(run), phase_label(run))
    };

    if all_succeeded {
        let first = set.runs.iter().filter_map(|run| run.created.known()).min();
        let last = set.runs.iter().filter_map(|run| run.ended.known()).max();
        if let (Coverage::Waits { .. }, Some(last)) = (coverage, last) {
            details.push(format!(
                "idle for {}",
                human_duration(now.duration_since(last))
            ));
        } else if let (Some(first), Some(last)) = (first, last) {
            details.push(format!(
                "{} from the first wait to the last end",
                human_duration(last.duration_since(first))
            ));
        }
    } else {
        if run.attempts > 1 {
            details.push(format!("attempt {} of {}", run.attempt, run.attempts));
        }
        if let Some(failure) = run
            .failures()
            .into_iter()
            .find(|failure| !failure.cause.is_unspecified())
        {
            details.push(failure.cause.as_str().to_owned());
        }
        match (run.waited(now), run.ran(now)) {
            (waited, Some(ran)) => {
                if let Some(waited) = waited {
                    details.push(format!("waited {}", human_duration(waited)));
                }
                let so_far = if run.lifecycle() == Lifecycle::Live {
                    " so far"
                } else {
                    ""
                };
                details.push(format!("ran {}{so_far}", human_duration(ran)));
            }
            (Some(waited), None) => {
                let still = run.lifecycle() == Lifecycle::Live && run.started == RunTime::Absent;
                let wait = if still { "waiting for" } else { "waited" };
                details.push(format!("{wait} {}", human_duration(waited)));
            }
            (None, None) => {}
        }
    }
    Some(Headline {
        text: headline,
        detail: details.join(" · "),
        state,
        run: run.id.clone(),
    })
}

/// A run's job, for people.
pub fn job_label(run: &Run) -> &str {
    if run.json.job_id.is_empty() {
        run.kind.label()
    } else {
        &run.json.job_id
    }
}

/// A run's phase, for people.
pub fn phase_label(run: &Run) -> &str {
    if run.json.phase_id.is_empty() {
        "no phase"
    } else {
        &run.json.phase_id
    }
}

/// What changed between two reads of the same rollout, as sentences for a screen reader: new runs
/// and new states, the newest first, at most `most`.
pub fn changes(before: &RunSet, after: &RunSet, most: usize) -> Vec<String> {
    after
        .runs
        .iter()
        .rev()
        .filter(|run| {
            before
                .get(&run.id)
                .is_none_or(|old| old.json.state != run.json.state)
        })
        .take(most)
        .map(|run| {
            let (job, phase, state) = (
                job_label(run),
                phase_label(run),
                state_label(&run.json.state),
            );
            format!("{job} in {phase}, attempt {}: {state}.", run.attempt)
        })
        .collect()
}

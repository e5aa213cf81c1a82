//! Reads a manifest, and the manifests that it is compared with.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use crate::api::artifacts::{FILE_PART, ObjectText};
use crate::api::client::for_each_page_of;
use crate::api::error::ApiError;
use crate::api::source::{Collection, ListQuery, Record, RunSource};
use crate::api::storage::{ObjectName, media_request};
use crate::core::name::RolloutName;
use crate::model::build::Reading;
use crate::model::explain::ErrorMessage;
use crate::model::manifest::{File, counterpart, same_run};
use crate::model::run::{Run, RunSet};
use crate::ui::dom::spawn::spawn_scoped;
use crate::ui::nav::link::{shown_address, shown_rollout};
use crate::ui::run::artifacts::{Answer, Artifacts, answer, wants_token};
use crate::ui::run::shown::Shown;
use crate::ui::session::use_session;
use crate::workers::files::protocol::{TextDiff, YamlLine};

/// What a manifest is compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Other {
    #[default]
    Nothing,
    /// The same file of the last good rollout before.
    PreviousRelease,
    /// The same file of another run of the rollout, by the run's id.
    Run(String),
}

/// A manifest that was read.
pub(super) struct Manifest {
    pub raw: String,
    /// Whether the text is all of it, and not only its beginning.
    pub is_whole: bool,
    pub lines: Vec<YamlLine>,
}

/// What differs between two manifests.
pub(super) struct Comparison {
    pub diff: TextDiff,
    /// Whether both were read to their ends.
    pub is_whole: bool,
}

/// A manifest and its comparison, which are read for as long as the owner lives that [`follow`](Self::follow) was called
/// in.
#[derive(Clone, Copy)]
pub(super) struct ManifestFeed {
    pub manifest: RwSignal<Answer<Manifest>>,
    /// What the user compares it with.
    pub with: RwSignal<Other>,
    pub comparison: RwSignal<Answer<Comparison>>,
    file: StoredValue<File>,
    shown: Shown,
    artifacts: StoredValue<Artifacts, LocalStorage>,
    source: StoredValue<Rc<dyn RunSource>, LocalStorage>,
    again: Trigger,
}

impl ManifestFeed {
    /// Reads a file of the run that is shown.
    pub(super) fn follow(file: File, shown: Shown) -> Self {
        let (session, address) = (use_session(), shown_address());
        let feed = Self {
            manifest: RwSignal::new(None),
            with: RwSignal::new(Other::Nothing),
            comparison: RwSignal::new(None),
            file: StoredValue::new(file),
            shown,
            artifacts: StoredValue::new_local(Artifacts::new(session, &address)),
            source: StoredValue::new_local(session.source(&address)),
            again: Trigger::new(),
        };
        feed.fetch();
        feed.compare();
        session.on_new_token(move || {
            if feed.manifest.with_untracked(wants_token)
                || feed.comparison.with_untracked(wants_token)
            {
                feed.retry();
            }
        });
        feed
    }

    /// Reads again what could not be read.
    pub(super) fn retry(self) {
        self.again.notify();
    }

    /// The file's path.
    pub(super) fn path(self) -> String {
        self.file.with_value(|file| file.path.clone())
    }

    fn fetch(self) {
        Effect::new(move |_| {
            self.again.track();
            spawn_scoped(async move {
                let read = read_manifest(&self.artifacts.get_value(), &self.file.get_value()).await;
                self.manifest.set(answer(read));
            });
        });
    }

    fn compare(self) {
        Effect::new(move |_| {
            self.again.track();
            let with = self.with.get();
            let Some(Ok(new)) = self.manifest.get() else {
                return;
            };
            self.comparison.set(None);
            let Some(comparer) = self.comparer().filter(|_| with != Other::Nothing) else {
                return;
            };
            spawn_scoped(async move {
                self.comparison
                    .set(answer(comparer.compare(&with, &new).await));
            });
        });
    }

    fn comparer(self) -> Option<Comparer> {
        let run = self.shown.run.get_untracked()?;
        // The run may be one of a child rollout.
        let mut rollout = run.name.clone()?.rollout;
        rollout.project = shown_rollout()?.project;
        Some(Comparer {
            artifacts: self.artifacts.get_value(),
            source: self.source.get_value(),
            path: self.path(),
            rollout,
            runs: self.shown.tree.feed_of(&run.id).set.get_untracked(),
            run,
        })
    }
}

async fn read_manifest(artifacts: &Artifacts, file: &File) -> Result<Manifest, ErrorMessage> {
    let read = read_file(artifacts, file).await?;
    let lines = artifacts.worker().yaml(read.text.clone()).await;
    let lines = lines.map_err(|error| artifacts.error_message(&error, Reading::File))?;
    Ok(Manifest {
        raw: read.text,
        is_whole: read.whole,
        lines,
    })
}

async fn read_file(artifacts: &Artifacts, file: &File) -> Result<ObjectText, ErrorMessage> {
    let name = ObjectName::join(&file.folder, &file.path).map_err(|error| {
        nothing(
            "This is no file that can be read",
            &format!("In Cloud Storage, {error}."),
        )
    })?;
    artifacts
        .read(media_request(&name), FILE_PART, Reading::File)
        .await
}

/// That there is nothing to show, without an error.
fn nothing(title: &str, what: &str) -> ErrorMessage {
    ErrorMessage {
        title: title.to_owned(),
        what: what.to_owned(),
        safe: String::new(),
        next: String::new(),
        details: String::new(),
        sign_in: false,
    }
}

/// Compares a manifest of a run.
struct Comparer {
    artifacts: Artifacts,
    source: Rc<dyn RunSource>,
    path: String,
    rollout: RolloutName,
    run: Arc<Run>,
    /// All runs of the rollout.
    runs: RunSet,
}

/// A file to compare with, and what it is called.
struct OldFile {
    label: String,
    file: File,
}

impl Comparer {
    async fn compare(&self, with: &Other, new: &Manifest) -> Result<Comparison, ErrorMessage> {
        let OldFile { mut label, file } = match with {
            Other::Run(id) => self
                .of_run(id)
                .ok_or_else(|| nothing("The other run is gone", "The list of runs has changed."))?,
            Other::Nothing | Other::PreviousRelease => self.of_previous_release().await?,
        };
        if file.path != self.path {
            label = format!("{label}, {}", file.path);
        }
        let old = read_file(&self.artifacts, &file).await?;
        let diff = self
            .artifacts
            .worker()
            .diff(label, old.text, new.raw.clone())
            .await;
        let diff = diff.map_err(|error| self.artifacts.error_message(&error, Reading::File))?;
        Ok(Comparison {
            diff,
            is_whole: old.whole && new.is_whole,
        })
    }

    /// The same file of another run of the rollout.
    fn of_run(&self, id: &str) -> Option<OldFile> {
        let other = self.runs.get(id)?;
        let file = counterpart(other, &self.path)?;
        Some(OldFile {
            label: format!("{} in {}", other.json.job_id, other.json.phase_id),
            file,
        })
    }

    /// The same file of the last good rollout before this one to the same target.
    async fn of_previous_release(&self) -> Result<OldFile, ErrorMessage> {
        let failed = |error: ApiError| self.artifacts.deploy_error_message(&error);
        let previous = self.previous_rollout().await.map_err(failed)?.ok_or_else(|| {
            nothing(
                "No release before",
                "No earlier rollout of this pipeline to this target succeeded, as far as the API still lists.",
            )
        })?;
        let items = self
            .list(&Collection::JobRuns(previous.clone()))
            .await
            .map_err(failed)?;
        let set = RunSet::new(
            items.iter().map(|raw| Record::from_json(raw)).collect(),
            None,
        );
        let file =
            same_run(&self.run, &set, &self.path).and_then(|run| counterpart(run, &self.path));
        let label = previous.rollout;
        let missing = format!("No job run of {label} lists a file of this name.");
        let file = file.ok_or_else(|| nothing("No such manifest before", &missing))?;
        Ok(OldFile { label, file })
    }

    async fn previous_rollout(&self) -> Result<Option<RolloutName>, ApiError> {
        // Of all releases, which takes one list instead of one for each.
        let mut releases = self.rollout.release_name();
        releases.release = "-".to_owned();
        let items = self.list(&Collection::Rollouts(releases)).await?;
        let all = items.into_iter().map(String::from).collect();
        let found = self
            .artifacts
            .worker()
            .previous(self.rollout.to_string(), all)
            .await?;
        Ok(found.and_then(|name| name.parse().ok()))
    }

    /// The JSON of all items of a list.
    async fn list(&self, collection: &Collection) -> Result<Vec<Box<str>>, ApiError> {
        let query = ListQuery {
            page_size: 1000,
            ..ListQuery::default()
        };
        let mut all = Vec::new();
        let mut on_items = |items: Vec<Box<str>>| all.extend(items);
        for_each_page_of(&*self.source, collection, &query, &mut on_items).await?;
        Ok(all)
    }
}

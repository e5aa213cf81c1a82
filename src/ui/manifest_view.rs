//! One manifest, in colours, and what differs from the same manifest elsewhere.

use std::sync::Arc;

use leptos::prelude::*;

use super::artifact_note::artifact_note;
use super::build_feed::{Answer, Came, not_understood};
use super::copy_button::copy_button;
use super::diff_view::diff_view;
use super::download::download_button;
use super::dynamic::{dynamic, dynamic_option};
use super::el::{El, el};
use super::form::input_value;
use super::live::{Live, Var, live, memo};
use super::place::{shown_place, shown_rollout};
use super::run_panel::Shown;
use super::session::{Artifacts, use_session};
use super::task::task;
use super::text_view::{Chunks, Text, first_chunks, text_view, wrap_button};
use crate::api::artifacts::{FILE_PART, ObjectText, read_text};
use crate::api::client::{for_each_page, for_each_page_of};
use crate::api::error::ApiError;
use crate::api::source::{Collection, ListQuery, RunSource};
use crate::api::storage::{self, ObjectName, media_request};
use crate::model::build::{Reading, trouble};
use crate::model::explain::{self, Doing, Trouble};
use crate::model::manifest::{File, counterpart, file_name, others, same_run};
use crate::model::name::RolloutName;
use crate::model::run::{Run, RunSet};
use crate::worker::Call;
use crate::worker::drawn::DrawnDiff;

/// What the list of things to compare with calls the last good rollout before this one.
const PREVIOUS: &str = "previous release";

/// A manifest as it came.
struct Opened {
    text: String,
    whole: bool,
    /// As the worker packs them.
    lines: Arc<Vec<String>>,
}

/// A manifest beside another.
struct Compared {
    /// What it is compared with, for people.
    with: String,
    /// Whether both were read whole.
    whole: bool,
    diff: DrawnDiff,
}

/// `page` is the file in the Cloud console.
pub fn manifest_view(file: File, page: Option<String>, shown: Shown) -> El {
    let session = use_session();
    let artifacts = StoredValue::new_local(session.artifacts(&shown_place()));
    let source = StoredValue::new_local(session.source(&shown_place()));
    let retries = live(0);
    let retry = move || retries.1.set(retries.0.get_untracked() + 1);
    let (opened, set_opened) = live::<Answer<Opened>>(None);
    let (with, set_with) = live(String::new());
    let (compared, set_compared) = live::<Answer<Compared>>(None);
    let label = file.path.clone();
    let file = StoredValue::new(file);

    task(move || {
        retries.0.get();
        let artifacts = artifacts.get_value();
        Some(Box::pin(async move {
            let read = open(&artifacts, &file.get_value(), session.signed_in_now()).await;
            set_opened.set(Some(read.map(Came::new).map_err(Came::new)));
        }))
    });
    task(move || {
        retries.0.get();
        let with = with.get();
        let new = opened.get()?.ok()?;
        set_compared.set(None);
        if with.is_empty() {
            return None;
        }
        let run = shown.run.get_untracked()?;
        // The run may be one of a child rollout.
        let mut rollout = run.name.clone()?.rollout;
        rollout.project = shown_rollout()?.project;
        let set = shown.tree.feed_of(&run.id).set.get_untracked();
        let asked = Asked {
            artifacts: artifacts.get_value(),
            has_token: session.signed_in_now(),
            path: file.get_value().path,
        };
        let source = source.get_value();
        Some(Box::pin(async move {
            let found = match with.as_str() {
                PREVIOUS => asked.previous(&*source, &rollout, &run).await,
                id => {
                    let other =
                        set.get(id).and_then(|other| Some((other.clone(), counterpart(other, &asked.path)?)));
                    match other {
                        Some((other, file)) => {
                            Ok((format!("{} in {}", other.json.job_id, other.json.phase_id), file))
                        }
                        None => Err(nothing("The other run is gone", "The list of runs has changed.")),
                    }
                }
            };
            let answer = match found {
                Ok((with, old)) => asked.compare(with, &old, &new).await,
                Err(trouble) => Err(trouble),
            };
            set_compared.set(Some(answer.map(Came::new).map_err(Came::new)));
        }))
    });

    let wrap = live(false);
    let chunks = live::<Chunks>((0, 0));
    let body = dynamic(move || match (&*opened.read(), with.read().is_empty()) {
        (None, _) => el("p").class("absent").text("Reading the manifest…").into_any(),
        (Some(Err(trouble)), _) => artifact_note(trouble, page.clone(), retry).into_any(),
        (Some(Ok(opened)), true) => shown_text(opened, wrap.0, chunks).into_any(),
        (Some(Ok(_)), false) => comparison(compared, wrap.0, retry).into_any(),
    });
    let head = dynamic_option(move || {
        let opened = opened.get()?.ok()?;
        let copied = opened.text.clone();
        let name = file_name(&file.get_value().path).to_owned();
        Some(
            el("div").class("text-head").child(compare_box(file, (with, set_with), shown)).child(
                el("span")
                    .class("text-buttons")
                    .child(wrap_button(wrap))
                    .child(download_button(name, move || opened.text.clone()))
                    .child(copy_button(copied, "Copy the manifest")),
            ),
        )
    });
    el("div").class("manifest-view").attr("role", "group").attr("aria-label", label).child(head).child(body)
}

/// What the manifest can be compared with.
fn compare_box(file: StoredValue<File>, (with, set_with): Var<String>, shown: Shown) -> El {
    let choices = memo(move || match &*shown.run.read() {
        Some(run) => others(run, &shown.tree.feed_of(&run.id).set.read(), &file.get_value().path),
        None => Vec::new(),
    });
    let options = dynamic(move || {
        let option = |value: String, label: String| {
            let is_chosen = *with.read_untracked() == value;
            el("option").attr("value", value).flag("selected", is_chosen).text(label)
        };
        let fixed = [
            option(String::new(), "nothing".to_owned()),
            option(PREVIOUS.to_owned(), "the release before".to_owned()),
        ];
        let runs = choices.get().into_iter().map(|(id, label)| option(id, label));
        fixed.into_iter().chain(runs).collect_view()
    });
    el("label")
        .class("compare")
        .text("Compare with ")
        .child(el("select").on("change", move |event| set_with.set(input_value(&event))).child(options))
}

fn shown_text(opened: &Opened, wrap: Live<bool>, chunks: Var<Chunks>) -> El {
    if chunks.0.get_untracked().1 == 0 {
        chunks.1.set(first_chunks(opened.lines.len()));
    }
    let note = (!opened.whole)
        .then(|| el("p").class("absent").text("Only the beginning of the file was read, its first 1 MiB."));
    let text = Text { lines: opened.lines.clone(), marked: None, from_end: false };
    el("div").maybe(note).child(text_view("The manifest", text, chunks, wrap))
}

fn comparison(
    compared: Live<Answer<Compared>>,
    wrap: Live<bool>,
    retry: impl Fn() + Copy + Send + 'static,
) -> AnyView {
    dynamic(move || match &*compared.read() {
        None => el("p").class("absent").text("Reading the other manifest…").into_any(),
        Some(Err(trouble)) => artifact_note(trouble, None, retry).into_any(),
        Some(Ok(compared)) => {
            let part = (!compared.whole).then(|| {
                el("p")
                    .class("absent")
                    .text("Of one of the files only the first 1 MiB was read and compared.")
            });
            el("div").maybe(part).child(diff_view(&compared.with, &compared.diff, wrap)).into_any()
        }
    })
}

async fn open(artifacts: &Artifacts, file: &File, has_token: bool) -> Result<Opened, Trouble> {
    let read = read_file(artifacts, file, has_token).await?;
    match artifacts.worker.call(Call::Yaml, &[&read.text]).await {
        Ok(lines) => Ok(Opened { text: read.text, whole: read.whole, lines: lines.into() }),
        Err(error) => Err(trouble(&error, Reading::File, has_token)),
    }
}

async fn read_file(artifacts: &Artifacts, file: &File, has_token: bool) -> Result<ObjectText, Trouble> {
    let name = ObjectName::join(&file.folder, &file.path).map_err(|error| {
        nothing("This is no file that can be read", &format!("In Cloud Storage, {error}."))
    })?;
    let read =
        read_text(&*artifacts.storage, &media_request(&name), storage::GET_PERMISSION, FILE_PART).await;
    read.map_err(|error| trouble(&error, Reading::File, has_token))
}

/// That there is nothing to show, without an error.
fn nothing(title: &str, what: &str) -> Trouble {
    Trouble {
        title: title.to_owned(),
        what: what.to_owned(),
        safe: String::new(),
        next: String::new(),
        details: String::new(),
        sign_in: false,
    }
}

/// What a comparison needs.
struct Asked {
    artifacts: Artifacts,
    has_token: bool,
    path: String,
}

impl Asked {
    async fn compare(&self, with: String, old: &File, new: &Opened) -> Result<Compared, Trouble> {
        let read = read_file(&self.artifacts, old, self.has_token).await?;
        let diff = self.artifacts.worker.call(Call::Diff, &[&read.text, &new.text]).await;
        let diff = diff.and_then(|texts| DrawnDiff::from_texts(texts).ok_or_else(not_understood));
        let diff = diff.map_err(|error| trouble(&error, Reading::File, self.has_token))?;
        let with = match old.path == self.path {
            true => with,
            false => format!("{with}, {}", old.path),
        };
        Ok(Compared { with, whole: read.whole && new.whole, diff })
    }

    /// The same file of the last good rollout before this one to the same target.
    async fn previous(
        &self,
        source: &dyn RunSource,
        rollout: &RolloutName,
        run: &Run,
    ) -> Result<(String, File), Trouble> {
        let failed = |error: ApiError| explain::trouble(&error, Doing::Loading, self.has_token);
        // Of all releases, which takes one list instead of one for each.
        let mut releases = rollout.release_name();
        releases.release = "-".to_owned();
        let query = ListQuery { page_size: 1000, ..ListQuery::default() };
        let mut texts = vec![rollout.to_string()];
        let mut on_items = |items: Vec<Box<str>>| texts.extend(items.into_iter().map(String::from));
        for_each_page_of(source, &Collection::Rollouts(releases), &query, &mut on_items)
            .await
            .map_err(failed)?;
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let found = self.artifacts.worker.call(Call::Previous, &texts).await.map_err(failed)?;
        let found = found.first().and_then(|name| name.parse::<RolloutName>().ok()).ok_or_else(|| {
            nothing(
                "No release before",
                "No earlier rollout of this pipeline to this target succeeded, as far as the API still lists.",
            )
        })?;
        let mut records = Vec::new();
        for_each_page(source, &found, &query, |page| records.extend(page)).await.map_err(failed)?;
        let set = RunSet::new(records, None);
        let file = same_run(run, &set, &self.path).and_then(|run| counterpart(run, &self.path));
        match file {
            Some(file) => Ok((found.rollout, file)),
            None => Err(nothing(
                "No such manifest before",
                &format!("No job run of {} lists a file of this name.", found.rollout),
            )),
        }
    }
}

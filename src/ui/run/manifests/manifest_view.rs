//! One manifest, in colours, and what differs from the same manifest elsewhere.

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
use crate::model::manifest::{File, counterpart, file_name, others, same_run};
use crate::model::run::{Run, RunSet};
use crate::ui::dom::dynamic::{dynamic, dynamic_option};
use crate::ui::dom::el::{El, el};
use crate::ui::dom::scoped_task::scoped_task;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::{shown_address, shown_rollout};
use crate::ui::run::artifact_note::artifact_note;
use crate::ui::run::artifacts::{Answer, Artifacts, Fetched, LoadedText, retry_with_new_token};
use crate::ui::run::build::text_view::{Chunks, Text, first_chunks, text_view, wrap_button};
use crate::ui::run::shown::Shown;
use crate::ui::session::use_session;
use crate::ui::widgets::copy_button::copy_button;
use crate::ui::widgets::download::download_button;
use crate::ui::widgets::drawn_view::drawn_view;
use crate::ui::widgets::form::input_value;
use crate::ui::widgets::lazy_view::lazy_component;
use crate::workers::files::Call;

/// What the list of things to compare with calls the last good rollout before this one.
const PREVIOUS: &str = "previous release";

/// `page` is the file in the Cloud console.
pub(crate) fn manifest_view(file: File, page: Option<String>, shown: Shown) -> El {
    let session = use_session();
    let artifacts = StoredValue::new_local(Artifacts::new(session, &shown_address()));
    let source = StoredValue::new_local(session.source(&shown_address()));
    let retries = RwSignal::new(0);
    let retry = move || retries.set(retries.get_untracked() + 1);
    let (opened, set_opened) = signal::<Answer>(None);
    let with = RwSignal::new(String::new());
    let (compared, set_compared) = signal::<Answer>(None);
    let label = file.path.clone();
    let file = StoredValue::new(file);

    scoped_task(move || {
        retries.get();
        let artifacts = artifacts.get_value();
        Some(Box::pin(async move {
            let read = open(&artifacts, &file.get_value()).await;
            set_opened.set(Some(read.map(Fetched::new).map_err(Fetched::new)));
        }))
    });
    scoped_task(move || {
        retries.get();
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
            source: source.get_value(),
            path: file.get_value().path,
            rollout,
            run,
        };
        Some(Box::pin(async move {
            let answer = asked.compare(&with, &set, &new).await;
            set_compared.set(Some(answer.map(Fetched::new).map_err(Fetched::new)));
        }))
    });

    retry_with_new_token(session, [opened.into(), compared.into()], retry);

    let wrap = RwSignal::new(true);
    let chunks = [RwSignal::<Chunks>::new((0, 0)), RwSignal::<Chunks>::new((0, 0))];
    let body = dynamic(move || {
        let is_compared = !with.read().is_empty();
        let answer = if is_compared && matches!(&*opened.read(), Some(Ok(_))) { compared } else { opened };
        match &*answer.read() {
            None => el("p").class("absent").text("Reading the manifest…"),
            Some(Err(message)) => artifact_note(message, page.clone(), retry),
            Some(Ok(read)) => shown_text(read, is_compared, wrap.into(), chunks[usize::from(is_compared)]),
        }
    });
    let head = dynamic_option(move || {
        let opened = opened.get()?.ok()?;
        let copied = opened.text.clone();
        let name = file_name(&file.get_value().path).to_owned();
        let buttons = el("span")
            .class("text-buttons")
            .child(wrap_button(wrap))
            .child(download_button(name, move || opened.text.clone()))
            .child(copy_button(copied, "Copy the manifest"));
        Some(el("div").class("text-head").child(compare_box(file, with, shown)).child(buttons))
    });
    el("div").class("manifest-view").attr("role", "group").attr("aria-label", label).child(head).child(body)
}

/// What the manifest can be compared with.
fn compare_box(file: StoredValue<File>, with: RwSignal<String>, shown: Shown) -> El {
    let choices = Memo::new(move |_| match &*shown.run.read() {
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
        .child(el("select").on("change", move |event| with.set(input_value(&event))).child(options))
}

fn shown_text(read: &LoadedText, is_compared: bool, wrap: Signal<bool>, chunks: RwSignal<Chunks>) -> El {
    chunks.set_if_changed(first_chunks(read.rows.len()));
    let note =
        (!read.whole).then(|| el("p").class("absent").text("Of a file only the first 1 MiB was read."));
    let (label, class) = match is_compared {
        true => ("Difference", "text-view is-diff"),
        false => ("The manifest", "text-view"),
    };
    let text = Text { label, class, rows: read.rows.clone(), from_end: false };
    let head = read.head.iter().filter_map(|head| drawn_view(head));
    let body = (!read.rows.is_empty()).then(|| text_view(text, chunks, wrap));
    el("div").maybe(note).children(head).maybe(body)
}

async fn open(artifacts: &Artifacts, file: &File) -> Result<LoadedText, ErrorMessage> {
    let read = read_file(artifacts, file).await?;
    let drawn = artifacts.draw(Call::Yaml, vec![&read.text], 0, Reading::File).await?;
    Ok(LoadedText { text: read.text, whole: read.whole, ..drawn })
}

async fn read_file(artifacts: &Artifacts, file: &File) -> Result<ObjectText, ErrorMessage> {
    let name = ObjectName::join(&file.folder, &file.path).map_err(|error| {
        nothing("This is no file that can be read", &format!("In Cloud Storage, {error}."))
    })?;
    artifacts.read(media_request(&name), FILE_PART, Reading::File).await
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

/// What a comparison needs.
struct Asked {
    artifacts: Artifacts,
    source: Rc<dyn RunSource>,
    path: String,
    rollout: RolloutName,
    run: Arc<Run>,
}

impl Asked {
    /// Compares with the same file of another run of `set`, by its id, or of the release before.
    async fn compare(&self, with: &str, set: &RunSet, new: &LoadedText) -> Result<LoadedText, ErrorMessage> {
        let (label, old) = match with {
            PREVIOUS => self.previous().await?,
            id => {
                let other = set.get(id).and_then(|other| Some((other, counterpart(other, &self.path)?)));
                let (other, file) =
                    other.ok_or_else(|| nothing("The other run is gone", "The list of runs has changed."))?;
                (format!("{} in {}", other.json.job_id, other.json.phase_id), file)
            }
        };
        let label = if old.path == self.path { label } else { format!("{label}, {}", old.path) };
        let read = read_file(&self.artifacts, &old).await?;
        let texts = vec![&*label, &*read.text, &*new.text];
        let drawn = self.artifacts.draw(Call::Diff, texts, 1, Reading::File).await?;
        Ok(LoadedText { whole: read.whole && new.whole, ..drawn })
    }

    /// The same file of the last good rollout before this one to the same target.
    async fn previous(&self) -> Result<(String, File), ErrorMessage> {
        let failed = |error: ApiError| self.artifacts.deploy_error_message(&error);
        let query = ListQuery { page_size: 1000, ..ListQuery::default() };
        // Of all releases, which takes one list instead of one for each.
        let mut releases = self.rollout.release_name();
        releases.release = "-".to_owned();
        let mut texts = vec![self.rollout.to_string()];
        let mut on_items = |items: Vec<Box<str>>| texts.extend(items.into_iter().map(String::from));
        let rollouts = Collection::Rollouts(releases);
        for_each_page_of(&*self.source, &rollouts, &query, &mut on_items).await.map_err(failed)?;
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let found = self.artifacts.worker().call(Call::Previous.name(), &texts).await.map_err(failed)?;
        let found = found.first().and_then(|name| name.parse::<RolloutName>().ok()).ok_or_else(|| {
            nothing(
                "No release before",
                "No earlier rollout of this pipeline to this target succeeded, as far as the API still lists.",
            )
        })?;
        let mut records = Vec::new();
        let mut on_items =
            |items: Vec<Box<str>>| records.extend(items.iter().map(|raw| Record::from_json(raw)));
        let runs = Collection::JobRuns(found.clone());
        for_each_page_of(&*self.source, &runs, &query, &mut on_items).await.map_err(failed)?;
        let set = RunSet::new(records, None);
        let file = same_run(&self.run, &set, &self.path).and_then(|run| counterpart(run, &self.path));
        match file {
            Some(file) => Ok((found.rollout, file)),
            None => Err(nothing(
                "No such manifest before",
                &format!("No job run of {} lists a file of this name.", found.rollout),
            )),
        }
    }
}

lazy_component! {
    part: text;
    /// [`manifest_view`], loaded on first use.
    pub(crate) fn LazyManifest(file: File, page: Option<String>, shown: Shown) {
        manifest_view(file, page, shown)
    }
}

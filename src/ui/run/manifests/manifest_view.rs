//! One manifest, in colours, and what differs from the same manifest elsewhere.

use leptos::prelude::*;

use super::diff_rows::{DiffHead, DiffRows};
use super::manifest_feed::{Comparison, Manifest, ManifestFeed, Other};
use super::yaml_rows::YamlRows;
use crate::core::text::clip;
use crate::model::explain::ErrorMessage;
use crate::model::manifest::{File, file_name, others};
use crate::ui::run::artifact_note::ArtifactNote;
use crate::ui::run::artifacts::Fetched;
use crate::ui::run::build::text_view::{Lines, TextView, WrapButton, first_chunks};
use crate::ui::run::shown::Shown;
use crate::ui::widgets::copy_button::CopyButton;
use crate::ui::widgets::download::DownloadButton;
use crate::ui::widgets::lazy_view::lazy_component;

/// The value of the option for [`Other::PreviousRelease`].
const PREVIOUS: &str = "previous release";

/// Shows a manifest, or what differs from what it is compared with.
#[component]
pub(crate) fn ManifestView(
    file: File,
    /// The file in the Cloud console.
    page: Option<String>,
    shown: Shown,
) -> impl IntoView {
    let label = clip(file.path.clone());
    let feed = ManifestFeed::follow(file, shown);
    let is_wrapped = RwSignal::new(true);
    let head = move || {
        let manifest = feed.manifest.get()?.ok()?;
        Some(view! {
            <div class="text-head">
                <CompareBox feed shown />
                <ManifestButtons name=file_name(&feed.path()).to_owned() manifest is_wrapped />
            </div>
        })
    };
    let wrapped = Signal::from(is_wrapped);
    let body = move || {
        let failed = |message: &ErrorMessage| {
            let retry = UnsyncCallback::new(move |()| feed.retry());
            view! { <ArtifactNote message=message.clone() page=page.clone() retry /> }.into_any()
        };
        let reading = || view! { <p class="absent">"Reading the manifest…"</p> }.into_any();
        let is_compared = *feed.with.read() != Other::Nothing;
        match (&*feed.manifest.read(), &*feed.comparison.read()) {
            (None, _) => reading(),
            (Some(Err(message)), _) => failed(message),
            (Some(Ok(manifest)), _) if !is_compared => {
                view! { <ManifestText manifest=manifest.clone() is_wrapped=wrapped /> }.into_any()
            }
            (_, None) => reading(),
            (_, Some(Err(message))) => failed(message),
            (_, Some(Ok(comparison))) => {
                view! { <Difference comparison=comparison.clone() is_wrapped=wrapped /> }.into_any()
            }
        }
    };
    view! { <div class="manifest-view" role="group" aria-label=label>{head} {body}</div> }
}

/// Buttons for what can be done with the manifest's text.
#[component]
fn ManifestButtons(
    name: String,
    manifest: Fetched<Manifest>,
    is_wrapped: RwSignal<bool>,
) -> impl IntoView {
    let copied = manifest.raw.clone();
    let text = Callback::new(move |()| manifest.raw.clone());
    view! {
        <span class="text-buttons">
            <WrapButton is_wrapped />
            <DownloadButton file=name text />
            <CopyButton text=copied label="Copy the manifest" />
        </span>
    }
}

/// Chooses what the manifest is compared with.
#[component]
fn CompareBox(feed: ManifestFeed, shown: Shown) -> impl IntoView {
    let runs = Memo::new(move |_| match &*shown.run.read() {
        Some(run) => others(run, &shown.tree.feed_of(&run.id).set.read(), &feed.path()),
        None => Vec::new(),
    });
    let choose = move |event| {
        feed.with.set(match event_target_value(&event) {
            none if none.is_empty() => Other::Nothing,
            previous if previous == PREVIOUS => Other::PreviousRelease,
            run => Other::Run(run),
        });
    };
    let chosen = move || match feed.with.get_untracked() {
        Other::Nothing => String::new(),
        Other::PreviousRelease => PREVIOUS.to_owned(),
        Other::Run(id) => id,
    };
    let options = move || {
        let chosen = chosen();
        let option = |(value, label): (String, String)| {
            let is_chosen = value == chosen;
            view! { <option value=value selected=is_chosen>{clip(label)}</option> }
        };
        let nothing = (String::new(), "nothing".to_owned());
        let previous = (PREVIOUS.to_owned(), "the release before".to_owned());
        [nothing, previous]
            .into_iter()
            .chain(runs.get())
            .map(option)
            .collect_view()
    };
    view! { <label class="compare">"Compare with " <select on:change=choose>{options}</select></label> }
}

/// Shows a manifest.
#[component]
fn ManifestText(manifest: Fetched<Manifest>, is_wrapped: Signal<bool>) -> impl IntoView {
    let note = (!manifest.is_whole).then(|| view! { <PartNote /> });
    let lines = YamlRows(manifest);
    let chunks = RwSignal::new(first_chunks(lines.len()));
    let lines = Signal::stored(lines);
    view! {
        <div>
            {note}
            <TextView label="The manifest" class="text-view" lines chunks is_wrapped />
        </div>
    }
}

/// Shows what differs between two manifests.
#[component]
fn Difference(comparison: Fetched<Comparison>, is_wrapped: Signal<bool>) -> impl IntoView {
    let note = (!comparison.is_whole).then(|| view! { <PartNote /> });
    let diff = comparison.diff.clone();
    let lines = DiffRows(comparison);
    let chunks = RwSignal::new(first_chunks(lines.len()));
    let rows = (lines.len() > 0).then(|| {
        let lines = Signal::stored(lines);
        view! { <TextView label="Difference" class="text-view is-diff" lines chunks is_wrapped /> }
    });
    view! {
        <div>
            {note}
            <DiffHead diff />
            {rows}
        </div>
    }
}

/// Says that not all of a file was read.
#[component]
fn PartNote() -> impl IntoView {
    view! { <p class="absent">"Of a file only the first 1 MiB was read."</p> }
}

lazy_component! {
    part: text;
    /// [`ManifestView`], loaded on first use.
    pub(crate) fn LazyManifest(file: File, page: Option<String>, shown: Shown) {
        view! { <ManifestView file page shown /> }
    }
}

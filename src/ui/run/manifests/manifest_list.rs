//! The manifests that a run deployed.

use leptos::prelude::*;

use super::manifest_view::LazyManifest;
use crate::api::storage::ObjectName;
use crate::core::text::clip;
use crate::model::address::links;
use crate::model::manifest::{File, files};
use crate::model::run::panel::artifact;
use crate::ui::nav::link::shown_address;
use crate::ui::run::sections::{ExternalLink, PanelSection};
use crate::ui::run::shown::Shown;

/// Shows where a run's manifests are, and each of them on demand.
#[component]
pub(crate) fn ManifestList(shown: Shown) -> impl IntoView {
    let has_console = !shown_address().is_demo();
    let section = Memo::new(move |_| {
        shown
            .run
            .read()
            .as_ref()
            .and_then(|run| artifact(run, has_console))
    });
    let files = Memo::new(move |_| {
        shown
            .run
            .read()
            .as_ref()
            .map_or_else(Vec::new, |run| files(run))
    });
    let opened = RwSignal::<Option<usize>>::new(None);
    let items = move || {
        let item = |(index, file)| view! { <ManifestItem index file opened has_console shown /> };
        files.get().into_iter().enumerate().map(item).collect_view()
    };
    move || {
        let section = section.get()?;
        Some(view! {
            <PanelSection section>
                {move || view! { <ul class="manifests">{items()}</ul> }}
            </PanelSection>
        })
    }
}

/// Shows a manifest's path, and the manifest while it is opened.
#[component]
fn ManifestItem(
    index: usize,
    file: File,
    /// Which of the manifests is opened.
    opened: RwSignal<Option<usize>>,
    has_console: bool,
    shown: Shown,
) -> impl IntoView {
    let is_open = Memo::new(move |_| opened.get() == Some(index));
    let toggle = move |_| opened.set((!is_open.get_untracked()).then_some(index));
    let name = ObjectName::join(&file.folder, &file.path)
        .ok()
        .filter(|_| has_console);
    let page = name.map(|name| links::object(&name.uri()));
    let link = page.clone().map(|href| {
        let label = format!("{} in the Cloud console", file.path);
        view! { <ExternalLink href label>"Console"</ExternalLink> }
    });
    let path = clip(file.path.clone());
    let manifest = move || {
        is_open
            .get()
            .then(|| view! { <LazyManifest file=file.clone() page=page.clone() shown /> })
    };
    view! {
        <li class="manifest">
            <div class="manifest-row">
                <button
                    type="button"
                    class="button quiet manifest-path"
                    aria-expanded=move || is_open.get().to_string()
                    on:click=toggle
                >
                    {path}
                </button>
                {link}
            </div>
            {manifest}
        </li>
    }
}

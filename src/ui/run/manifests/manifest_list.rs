//! The manifests that a run deployed.

use leptos::prelude::*;

use super::manifest_view::LazyManifest;
use crate::api::storage::ObjectName;
use crate::model::address::links;
use crate::model::manifest::{File, files};
use crate::model::run::panel::artifact;
use crate::ui::dom::dynamic::{dynamic, dynamic_option, text};
use crate::ui::dom::el::{El, el};
use crate::ui::nav::link::shown_address;
use crate::ui::run::sections::{external_link, section_view};
use crate::ui::run::shown::Shown;
use crate::ui::widgets::button::button;

/// Where a run's manifests are, and each of them on demand.
pub(crate) fn manifest_list(shown: Shown) -> AnyView {
    let console = !shown_address().is_demo();
    let artifact_section =
        Memo::new(move |_| shown.run.read().as_ref().and_then(|run| artifact(run, console)));
    let files = Memo::new(move |_| shown.run.read().as_ref().map_or_else(Vec::new, |run| files(run)));
    let opened = RwSignal::<Option<usize>>::new(None);
    dynamic_option(move || {
        let section = section_view(artifact_section.get()?);
        let list = dynamic(move || {
            let items = files.get().into_iter().enumerate();
            el("ul")
                .class("manifests")
                .children(items.map(|(index, file)| item(index, file, opened, console, shown)))
        });
        Some(section.child(list))
    })
}

fn item(index: usize, file: File, opened: RwSignal<Option<usize>>, console: bool, shown: Shown) -> El {
    let (opened, set_opened) = opened.split();
    let is_open = Memo::new(move |_| *opened.read() == Some(index));
    let page = ObjectName::join(&file.folder, &file.path)
        .ok()
        .filter(|_| console)
        .map(|name| links::object(&name.uri()));
    let toggle = button("quiet", file.path.clone())
        .class("button quiet manifest-path")
        .attr("aria-expanded", text(move || is_open.get().to_string()))
        .on("click", move |_| set_opened.set((!is_open.get_untracked()).then_some(index)));
    el("li")
        .class("manifest")
        .child(el("div").class("manifest-row").child(toggle).maybe(page.clone().map(|page| {
            external_link(page, "Console").attr("aria-label", format!("{} in the Cloud console", file.path))
        })))
        .child(dynamic_option(move || {
            is_open.get().then(|| view! { <LazyManifest file=file.clone() page=page.clone() shown /> })
        }))
}

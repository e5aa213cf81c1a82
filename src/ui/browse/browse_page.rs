//! Looking for a rollout: what lies in a project, a location, a pipeline or a release.

use leptos::prelude::*;

use super::browse_feed::Listing;
use super::browse_list::BrowseList;
use crate::core::text::clip;
use crate::model::address::{Address, Parent};
use crate::model::browse::collections;
use crate::ui::nav::breadcrumbs::Breadcrumbs;
use crate::ui::nav::link::Link;
use crate::ui::widgets::lazy_view::lazy_component;

/// Lists what lies in `parent`.
#[component]
pub(crate) fn BrowsePage(parent: Parent) -> impl IntoView {
    // A pipeline's rollouts come first, and stand with their releases too.
    let mut before: Option<Listing> = None;
    let lists = collections(&parent)
        .into_iter()
        .map(|(title, collection)| {
            let listing = Listing::read(collection);
            view! { <BrowseList title listing below=before.replace(listing) /> }
        })
        .collect_view();
    let title = clip(parent.id());
    let history = has_history(&parent).then(|| Address::history(parent.name()));
    view! {
        <div class="browse">
            <header class="browse-header">
                <Breadcrumbs of=parent />
                <h1 tabindex="-1">{title}</h1>
                {history.map(|to| view! { <HistoryLink to /> })}
            </header>
            {lists}
        </div>
    }
}

fn has_history(parent: &Parent) -> bool {
    matches!(parent, Parent::DeliveryPipeline(_) | Parent::Release(_))
}

/// Leads to all runs in one timeline.
#[component]
pub(crate) fn HistoryLink(to: Address) -> impl IntoView {
    view! { <Link to class="button">"All runs in one timeline"</Link> }
}

lazy_component! {
    part: browse;
    /// [`BrowsePage`], loaded on first use.
    pub(crate) fn LazyBrowsePage(parent: Parent) {
        view! { <BrowsePage parent /> }
    }
}

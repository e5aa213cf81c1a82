//! Looking for a rollout: what lies in a project, a location, a pipeline or a release.

use super::browse_feed::{Listing, listing};
use super::browse_list::browse_list;
use crate::model::address::{Address, Parent};
use crate::model::browse::collections;
use crate::ui::dom::el::{El, el};
use crate::ui::nav::breadcrumbs::breadcrumbs;
use crate::ui::nav::link::link;
use crate::ui::widgets::lazy_view::lazy_component;

pub(crate) fn browse_page(parent: &Parent) -> El {
    // A pipeline's rollouts come first, and stand with their releases too.
    let mut before: Option<Listing> = None;
    let lists = collections(parent).into_iter().map(move |(title, collection)| {
        let listing = listing(collection);
        browse_list(title, listing, before.replace(listing))
    });
    el("div")
        .class("browse")
        .child(
            el("header")
                .class("browse-header")
                .child(breadcrumbs(parent))
                .child(el("h1").attr("tabindex", "-1").text(parent.id().to_owned()))
                .maybe(has_history(parent).then(|| history_link(Address::history(parent.name())))),
        )
        .children(lists)
}

fn has_history(parent: &Parent) -> bool {
    matches!(parent, Parent::DeliveryPipeline(_) | Parent::Release(_))
}

/// The way to all runs in one timeline.
pub(crate) fn history_link(history: Address) -> El {
    link(history).class("button").text("All runs in one timeline")
}

lazy_component! {
    part: browse;
    /// [`browse_page`], loaded on first use.
    pub(crate) fn LazyBrowsePage(parent: Parent) {
        browse_page(&parent)
    }
}

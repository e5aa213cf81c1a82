//! Looking for a rollout: what lies in a project, a location, a pipeline or a release.

use super::breadcrumbs::breadcrumbs;
use super::browse_feed::{Listing, listing};
use super::browse_list::browse_list;
use super::el::{El, el};
use crate::model::address::Parent;
use crate::model::browse::collections;

pub fn browse_page(parent: &Parent) -> El {
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
                .child(el("h1").attr("tabindex", "-1").text(parent.id().to_owned())),
        )
        .children(lists)
}

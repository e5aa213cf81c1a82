//! Looking for a rollout: what lies in a project, a location, a pipeline or a release.

use super::breadcrumbs::breadcrumbs;
use super::browse_list::browse_list;
use super::el::{El, el};
use crate::model::address::Parent;
use crate::model::browse::collections;

pub fn browse_page(parent: &Parent) -> El {
    let lists = collections(parent).into_iter().map(|(title, collection)| browse_list(title, collection));
    el("div")
        .class("browse")
        .child(
            el("header")
                .class("browse-header")
                .child(el("h1").attr("tabindex", "-1").text(parent.id().to_owned()))
                .child(breadcrumbs(parent)),
        )
        .children(lists)
}

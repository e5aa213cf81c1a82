//! Where one is, each part a way back up.

use super::link::link;
use crate::model::address::{Address, Parent};
use crate::model::browse::trail;
use crate::ui::dom::el::{El, el};

/// The parts of a name, from the project down to `parent`.
pub(crate) fn breadcrumbs(parent: &Parent) -> El {
    let parts = trail(parent).into_iter().map(|(label, part)| {
        let id = part.id().to_owned();
        el("div").child(el("dt").text(label)).child(el("dd").child(link(Address::Browse(part)).text(id)))
    });
    el("dl").class("rollout-path").children(parts)
}

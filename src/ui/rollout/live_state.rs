//! Whether the page follows the rollout, and a way to read it again.

use super::feed::Feed;
use super::tree::Tree;
use crate::ui::dom::dynamic::{flag, text};
use crate::ui::dom::el::{El, el};
use crate::ui::widgets::button::button;
use leptos::prelude::*;

pub(crate) fn live_state(feed: Feed) -> El {
    let label = move || match (feed.error.read().is_some(), feed.following.get()) {
        _ if feed.late.get() => "No answer yet",
        (true, true) => "Trying again",
        (true, false) => "Stopped",
        (false, true) => "Live",
        (false, false) => "Up to date",
    };
    el("span")
        .class("live-state")
        .class_if(
            "is-live",
            flag(move || feed.following.get() && !feed.late.get() && feed.error.read().is_none()),
        )
        .class_if("is-reading", feed.reading)
        .attr("title", "Read again while something can change and the page is seen.")
        .child(el("span").class("live-dot").attr("aria-hidden", "true"))
        .text(text(move || label().to_owned()))
}

/// Reads everything again, after what is being read; a read that is long in coming is given up for it. It is
/// never off, since who goes by the keyboard would lose their place to every poll.
pub(crate) fn refresh_button(tree: Tree) -> El {
    button("", "Refresh").on("click", move |_| tree.refresh())
}

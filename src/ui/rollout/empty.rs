//! What stands where there are no runs.

use super::feed::Feed;
use crate::ui::dom::dynamic::text;
use crate::ui::dom::el::{El, el};
use crate::ui::nav::link::{use_address, use_navigate};
use crate::ui::widgets::button::button;
use leptos::prelude::*;

pub(crate) fn empty(is_filtered: bool, feed: Feed) -> El {
    let notice = el("section").class("notice is-empty");
    if !is_filtered {
        let words = move || {
            let is_known = feed.rollout.read().is_some();
            match (is_known, feed.following.get()) {
                (true, true) => {
                    "The rollout exists, and none of its jobs has begun. What it waits for stands above, where it is \
                     known. This page keeps looking."
                }
                (true, false) => "The rollout exists, and none of its jobs has begun.",
                (false, _) => "None is known of it.",
            }
        };
        let words = text(move || words().to_owned());
        return notice.child(el("h2").text("No job runs yet")).child(el("p").text(words));
    }
    let go = use_navigate();
    let address = use_address();
    let clear = move |_| {
        go(&address.get_untracked().with(|view| view.filter.clear()));
    };
    notice
        .child(el("h2").text("No job run matches the filter"))
        .child(el("p").text("The rollout may have others."))
        .child(button("", "Show all job runs").on("click", clear))
}

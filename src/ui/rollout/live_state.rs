//! Whether the page follows the rollout, and a way to read it again.

use leptos::prelude::*;

use super::feed::Feed;
use super::tree::Tree;

/// Says whether the page follows the rollout.
#[component]
pub(super) fn LiveState(feed: Feed) -> impl IntoView {
    let label = move || match (feed.error.read().is_some(), feed.following.get()) {
        _ if feed.late.get() => "No answer yet",
        (true, true) => "Trying again",
        (true, false) => "Stopped",
        (false, true) => "Live",
        (false, false) => "Up to date",
    };
    let is_live = move || feed.following.get() && !feed.late.get() && feed.error.read().is_none();
    view! {
        <span
            class="live-state"
            class:is-live=is_live
            class:is-reading=feed.reading
            title="Read again while something can change and the page is seen."
        >
            <span class="live-dot" aria-hidden="true"></span>
            {label}
        </span>
    }
}

/// Reads everything again, after what is being read; a late response is given up for it. The button is never
/// disabled: keyboard users would lose their focus at every poll.
#[component]
pub(super) fn RefreshButton(tree: Tree) -> impl IntoView {
    view! { <button type="button" class="button" on:click=move |_| tree.refresh()>"Refresh"</button> }
}

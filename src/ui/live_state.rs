//! Whether the page follows the rollout, and a way to read it again.

use leptos::prelude::*;

use super::button::Button;
use super::dynamic::{flag, text};
use super::feed::Feed;

#[component]
pub fn LiveState(feed: Feed) -> impl IntoView {
    let label = move || match (feed.error.read().is_some(), feed.following.get()) {
        (true, true) => "Trying again",
        (true, false) => "Stopped",
        (false, true) => "Live",
        (false, false) => "Up to date",
    };
    let label = text(move || label().to_owned());
    view! {
        <span
            class="live-state"
            class:is-live=flag(move || feed.following.get() && feed.error.read().is_none())
            class:is-reading=feed.reading
            title="The list is read again while something can change, and not while the page is hidden."
        >
            <span class="live-dot" aria-hidden="true"></span>
            {label}
        </span>
        <Button on_press=move |()| feed.refresh() disabled=feed.reading>
            "Refresh"
        </Button>
    }
}

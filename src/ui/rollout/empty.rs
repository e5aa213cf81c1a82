//! What stands where there are no runs.

use leptos::prelude::*;

use super::feed::Feed;
use crate::ui::nav::link::{use_address, use_navigate};
use crate::ui::widgets::lazy_view::lazy_component;

/// Says that there are no runs, and why.
#[component]
pub(crate) fn Empty(
    /// Whether a filter may have left runs out.
    is_filtered: bool,
    feed: Feed,
) -> impl IntoView {
    match is_filtered {
        true => view! { <NothingFound /> }.into_any(),
        false => view! { <NothingYet feed /> }.into_any(),
    }
}

/// Says that the rollout has no runs.
#[component]
fn NothingYet(feed: Feed) -> impl IntoView {
    let reason = move || match (feed.rollout.read().is_some(), feed.following.get()) {
        (true, true) => {
            "The rollout exists, and none of its jobs has begun. What it waits for stands above, where it is \
             known. This page keeps looking."
        }
        (true, false) => "The rollout exists, and none of its jobs has begun.",
        (false, _) => "None is known of it.",
    };
    view! {
        <section class="notice is-empty">
            <h2>"No job runs yet"</h2>
            <p>{reason}</p>
        </section>
    }
}

/// Says that the filter matches no run.
#[component]
fn NothingFound() -> impl IntoView {
    let (go, address) = (use_navigate(), use_address());
    let clear = move |_| go(&address.get_untracked().with(|view| view.filter.clear()));
    view! {
        <section class="notice is-empty">
            <h2>"No job run matches the filter"</h2>
            <p>"The rollout may have others."</p>
            <button type="button" class="button" on:click=clear>"Show all job runs"</button>
        </section>
    }
}

lazy_component! {
    part: extras;
    /// [`Empty`], loaded on first use.
    pub(super) fn LazyEmpty(is_filtered: bool, feed: Feed) {
        view! { <Empty is_filtered feed /> }
    }
}

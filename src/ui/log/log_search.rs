//! The search in a log.

use std::time::Duration;

use gloo_timers::future::sleep;
use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;

use super::log_feed::LogFeed;
use super::log_lines::LineList;
use super::log_settings::{LogSettings, OptionToggle};
use crate::core::text::clip;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::dom::spawn::spawn_scoped;
use crate::workers::log::protocol::Search;

/// Debounce: the search starts so long after the last key.
const TYPING: Duration = Duration::from_millis(120);

/// The field for what is searched for, and what was found.
#[component]
pub(super) fn SearchBox(
    feed: LogFeed,
    list: LineList,
    settings: LogSettings,
    search_input: NodeRef<Input>,
) -> impl IntoView {
    let query = Memo::new(move |_| settings.page().log.query);
    let typed = RwSignal::new(query.get_untracked());
    Effect::new(move |_| typed.set_if_changed(query.get()));
    Effect::new(move |_| {
        let typed = typed.get();
        if typed != query.get_untracked() {
            spawn_scoped(async move {
                sleep(TYPING).await;
                settings.change(|log| log.query = typed);
            });
        }
    });
    let handle_key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => list.step(!event.shift_key()),
        "Escape" => {
            event.prevent_default();
            event.stop_propagation();
            list.focus();
        }
        _ => {}
    };
    let is_invalid = move || matches!(feed.report.read().search, Search::Invalid(_));
    let has_query = Memo::new(move |_| !query.read().is_empty());
    let steps = move || {
        has_query
            .get()
            .then(|| view! { <SearchSteps list settings /> })
    };
    view! {
        <div class="log-search" role="search" aria-label="In the log">
            <input
                type="search"
                class="log-query"
                aria-label="Look for a text in the log"
                placeholder="Find…"
                spellcheck="false"
                autocomplete="off"
                aria-invalid=is_invalid
                prop:value=typed
                node_ref=search_input
                on:input=move |event| typed.set(event_target_value(&event))
                on:keydown=handle_key
            />
            <OptionToggle settings option='c' label="Aa" title="Tell capital letters from small ones" />
            <OptionToggle settings option='r' label=".*" title="Look for a regular expression" />
            {steps}
            <span class="log-found" role="status">{move || clip(feed.report.read().search.message())}</span>
        </div>
    }
}

/// The buttons that go from match to match.
#[component]
fn SearchSteps(list: LineList, settings: LogSettings) -> impl IntoView {
    view! {
        <span class="log-steps">
            <button
                type="button"
                class="button quiet"
                aria-label="The one before"
                on:click=move |_| list.step(false)
            >
                "↑"
            </button>
            <button
                type="button"
                class="button quiet"
                aria-label="The next one"
                on:click=move |_| list.step(true)
            >
                "↓"
            </button>
            <OptionToggle
                settings
                option='o'
                label="Only these"
                title="Only these: the lines in which something is found"
            />
        </span>
    }
}

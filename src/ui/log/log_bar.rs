//! What stands above the lines of a log: the search, the filters, and how lines are shown.

use std::time::Duration;

use gloo_timers::future::sleep;
use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;

use super::log_feed::LogFeed;
use super::log_filters::LogFilters;
use super::log_lines::LineList;
use super::log_tools::LogTools;
use crate::core::text::clip;
use crate::model::address::{Address, LogView, PageView};
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::{use_address, use_replace};
use crate::workers::log::protocol::Search;

/// Debounce: the search starts so long after the last key.
const TYPING: Duration = Duration::from_millis(120);

type Go = Box<dyn Fn(&Address)>;

/// Reads and changes the settings of the reader, which the address has.
#[derive(Clone, Copy)]
pub(super) struct LogSettings {
    address: Signal<Address>,
    go: StoredValue<Go, LocalStorage>,
}

impl LogSettings {
    fn new() -> Self {
        Self { address: use_address(), go: StoredValue::new_local(Box::new(use_replace())) }
    }

    /// The settings of the page.
    pub(super) fn page(self) -> PageView {
        self.address.read().view()
    }

    /// [`page`](Self::page), untracked.
    pub(super) fn page_untracked(self) -> PageView {
        self.address.with_untracked(Address::view)
    }

    /// Changes the settings of the page.
    pub(super) fn change_page(self, change: impl FnOnce(&mut PageView)) {
        let changed = self.address.get_untracked().with(change);
        self.go.with_value(|go| go(&changed));
    }

    /// Changes the settings of the log.
    fn change(self, change: impl FnOnce(&mut LogView)) {
        self.change_page(|view| change(&mut view.log));
    }
}

/// The bar; `file` is what the log is saved as.
#[component]
pub(super) fn LogBar(
    feed: LogFeed,
    list: LineList,
    file: String,
    /// Set to the field of the search.
    search_input: NodeRef<Input>,
) -> impl IntoView {
    let settings = LogSettings::new();
    view! {
        <div class="log-bar">
            <SearchBox feed list settings search_input />
            <LogFilters feed settings />
            <LogTools feed list settings file />
        </div>
    }
}

/// A button that turns something on and off.
#[component]
pub(super) fn ToggleButton(
    label: &'static str,
    title: &'static str,
    #[prop(into)] is_on: Signal<bool>,
    toggle: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button quiet"
            title=title
            aria-label=title
            aria-pressed=move || is_on.get().to_string()
            on:click=move |_| toggle()
        >
            {label}
        </button>
    }
}

/// A button that turns an option of the address on and off ([`LogView::options`]).
#[component]
pub(super) fn OptionToggle(
    settings: LogSettings,
    option: char,
    label: &'static str,
    title: &'static str,
) -> impl IntoView {
    let is_on = Memo::new(move |_| settings.page().log.has(option));
    let toggle = move || settings.change(|log| log.toggle(option));
    view! { <ToggleButton label title is_on toggle /> }
}

#[component]
fn SearchBox(
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
            spawn_local_scoped_with_cancellation(async move {
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
    let steps = move || has_query.get().then(|| view! { <SearchSteps list settings /> });
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
            <button type="button" class="button quiet" aria-label="The next one" on:click=move |_| list.step(true)>
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

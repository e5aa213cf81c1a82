//! The lists above the lines of a log: whose lines are shown, which of them, and by which clock.

use leptos::prelude::*;

use super::log_feed::LogFeed;
use super::log_lines::clock_of;
use super::log_settings::LogSettings;
use crate::core::text::clip;
use crate::model::address::PageView;
use crate::workers::log::protocol::{Clock, SourceGroup};

/// The levels that can be the lowest, and what the list calls them.
const LEVELS: [(&str, &str); 5] = [
    ("", "All levels"),
    ("INFO", "Without debug"),
    ("OUTPUT", "Output and worse"),
    ("WARN", "Warnings and worse"),
    ("ERROR", "Errors"),
];
const CLOCKS: [(&str, &str); 3] = [
    ("", "Local time"),
    ("utc", "UTC"),
    ("relative", "Since the start"),
];

/// The lists, once the worker has told what wrote lines.
#[component]
pub(super) fn LogFilters(feed: LogFeed, settings: LogSettings) -> impl IntoView {
    let is_there = Memo::new(move |_| feed.report.read().is_of_worker());
    let filters = move || {
        is_there.get().then(|| {
            view! {
                <div class="log-filters">
                    <SourceFilter feed settings />
                    <LevelFilter settings />
                    <ClockChoice settings />
                </div>
            }
        })
    };
    view! { <div class="log-choices">{filters}</div> }
}

/// Whose lines are shown.
#[component]
fn SourceFilter(feed: LogFeed, settings: LogSettings) -> impl IntoView {
    let chosen = Memo::new(move |_| settings.page().log.from);
    let sources = Memo::new(move |_| feed.report.read().sources.clone());
    let groups = move || {
        sources
            .get()
            .into_iter()
            .map(|group| source_options(group, chosen))
            .collect_view()
    };
    // An address may name what the log does not have.
    let missing = move || {
        let chosen_setting = chosen.get();
        let is_there = |group: &SourceGroup| {
            group
                .names
                .iter()
                .any(|name| group.kind.setting(name) == chosen_setting)
        };
        let is_missing = !chosen_setting.is_empty() && !sources.read().iter().any(is_there);
        is_missing.then(|| {
            let name = chosen_setting
                .split_once(':')
                .map_or(&*chosen_setting, |(_, name)| name)
                .to_owned();
            view! { <Choice value=chosen_setting.clone() label=name chosen /> }
        })
    };
    let choose = move |value: String| settings.change_page(|view| view.log.from = value);
    view! {
        <Choices of="from" label="Whose lines" choose>
            <Choice value="" label="All lines" chosen />
            {groups}
            {missing}
        </Choices>
    }
}

fn source_options(group: SourceGroup, chosen: Memo<String>) -> impl IntoView {
    let SourceGroup { kind, names } = group;
    let options = names
        .into_iter()
        .map(|name| view! { <Choice value=kind.setting(&name) label=name chosen /> });
    view! { <optgroup label=kind.label()>{options.collect_view()}</optgroup> }
}

/// The lowest level that is shown.
#[component]
fn LevelFilter(settings: LogSettings) -> impl IntoView {
    let chosen = Memo::new(move |_| settings.page().log.level);
    let choose = move |value: String| settings.change_page(|view| view.log.level = value);
    view! {
        <Choices of="level" label="Which levels" choose>
            {LEVELS.map(|(value, label)| view! { <Choice value label chosen /> }).collect_view()}
        </Choices>
    }
}

/// Which clock times are shown by.
#[component]
fn ClockChoice(settings: LogSettings) -> impl IntoView {
    let chosen = Memo::new(move |_| {
        let view = settings.page();
        let value = match clock_of(&view.log, view.utc) {
            Clock::Local => "",
            Clock::Utc => "utc",
            Clock::Relative => "relative",
        };
        value.to_owned()
    });
    let choose = move |value: String| settings.change_page(|view| choose_clock(view, &value));
    view! {
        <Choices of="clock" label="Which time" choose>
            {CLOCKS.map(|(value, label)| view! { <Choice value label chosen /> }).collect_view()}
        </Choices>
    }
}

/// The zone is a setting of the whole page, and stays when times are counted from the start.
fn choose_clock(view: &mut PageView, value: &str) {
    let is_relative = value == "relative";
    if view.log.has('t') != is_relative {
        view.log.toggle('t');
    }
    if !is_relative {
        view.utc = value == "utc";
    }
}

/// A list to choose from; `of` names the setting for tests.
#[component]
fn Choices(
    of: &'static str,
    label: &'static str,
    choose: impl Fn(String) + 'static,
    children: Children,
) -> impl IntoView {
    view! {
        <select data-set=of aria-label=label on:change=move |event| choose(event_target_value(&event))>
            {children()}
        </select>
    }
}

/// An option of a list. It follows the address itself: a `value` of the list would be lost when options come and go.
#[component]
fn Choice(
    #[prop(into)] value: String,
    #[prop(into)] label: String,
    chosen: Memo<String>,
) -> impl IntoView {
    let own = value.clone();
    view! { <option value=value prop:selected=move || *chosen.read() == own>{clip(label)}</option> }
}

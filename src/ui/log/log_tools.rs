//! What can be done with a log as a whole, and how much of it has come.

use std::time::Duration;

use gloo_timers::future::sleep;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlAnchorElement;

use super::log_feed::LogFeed;
use super::log_lines::{LineList, clock_of};
use super::log_settings::{LogSettings, OptionToggle, ToggleButton};
use crate::ui::dom::spawn::spawn_scoped;
use crate::ui::widgets::copy_button::write;
use crate::workers::log::protocol::{LogRequest, Phase};

/// How long a button says that it has copied.
const COPIED: Duration = Duration::from_secs(2);

/// The progress, and the buttons; `file` is what the log is saved as.
#[component]
pub(super) fn LogTools(
    feed: LogFeed,
    list: LineList,
    settings: LogSettings,
    file: String,
) -> impl IntoView {
    let is_reading = Memo::new(move |_| feed.report.read().phase == Phase::Reading);
    let progress = move || {
        is_reading.get().then(|| {
            let value = move || feed.report.read().progress();
            view! { <progress max="1000" aria-label="How much was read" value=value></progress> }
        })
    };
    let cancel = move || {
        is_reading.get().then(|| {
            view! {
                <button type="button" class="button quiet" on:click=move |_| feed.stop()>"Cancel"</button>
            }
        })
    };
    let follow = list.follow;
    view! {
        <div class="log-tools">
            <span class="log-said">
                {progress}
                <span>{move || feed.report.read().progress_message()}</span>
            </span>
            {cancel}
            <TimeBetween feed settings />
            <span class="top-bar-gap"></span>
            <OptionToggle settings option='w' label="Wrap" title="Wrap long lines" />
            <ToggleButton
                label="Follow"
                title="Follow: keep the end in sight"
                is_on=follow
                toggle=move || list.set_follow(!follow.get_untracked())
            />
            <CopyLines feed settings />
            <button type="button" class="button quiet" on:click=move |_| save(feed, file.clone())>
                "Download"
            </button>
        </div>
    }
}

/// How much time lies between two lines that the user has picked, once both have come.
#[component]
fn TimeBetween(feed: LogFeed, settings: LogSettings) -> impl IntoView {
    let picked = Memo::new(move |_| {
        let (a, b) = settings.page().log.picked.filter(|(a, b)| a != b)?;
        (feed.report.read().lines >= a.max(b)).then_some((a, b))
    });
    let message = RwSignal::new(String::new());
    Effect::new(move |_| {
        message.set(String::new());
        let Some((a, b)) = picked.get() else { return };
        spawn_scoped(async move {
            if let Some(between) = feed.text(LogRequest::Between(a, b)).await {
                message.set(between);
            }
        });
    });
    view! { <span class="log-between" role="status">{message}</span> }
}

/// Copies the picked lines, or all that are shown.
#[component]
fn CopyLines(feed: LogFeed, settings: LogSettings) -> impl IntoView {
    // What came of it, for a moment.
    let outcome = RwSignal::new(None::<&'static str>);
    let copy = move |_| {
        let view = settings.page_untracked();
        let lines = view
            .log
            .picked
            .unwrap_or_else(|| (1, feed.report.read_untracked().lines));
        let clock = clock_of(&view.log, view.utc);
        spawn_local(async move {
            let Some(text) = feed.text(LogRequest::Copy { lines, clock }).await else {
                return;
            };
            outcome.try_set(Some(write(&text).await));
            sleep(COPIED).await;
            outcome.try_set(None);
        });
    };
    view! {
        <button
            type="button"
            class="button quiet"
            title="Copy the picked lines, or all that are shown"
            on:click=copy
        >
            {move || outcome.get().unwrap_or("Copy")}
        </button>
    }
}

/// Downloads all bytes of the log.
fn save(feed: LogFeed, file: String) {
    spawn_local(async move {
        let Some(url) = feed.text(LogRequest::Save).await else {
            return;
        };
        let Ok(link) = document().create_element("a") else {
            return;
        };
        let link: HtmlAnchorElement = link.unchecked_into();
        link.set_href(&url);
        link.set_download(&file);
        link.click();
    });
}

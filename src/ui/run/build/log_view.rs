//! The log of a build.

use leptos::prelude::*;

use super::build_feed::{BuildFeed, BuildLog};
use super::build_log::OpenBuildLog;
use super::build_slot::BuildSlot;
use super::log_rows::LogRows;
use super::text_view::{Chunks, Lines, TextView, WrapButton, chunks_around};
use crate::core::text::clip;
use crate::model::build_report::LogPlace;
use crate::model::explain::ErrorMessage;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::shown_address;
use crate::ui::run::artifact_note::ArtifactNote;
use crate::ui::run::artifacts::Fetched;
use crate::ui::run::sections::ExternalLink;
use crate::ui::widgets::copy_button::CopyButton;
use crate::ui::widgets::download::DownloadButton;
use crate::ui::widgets::lazy_view::lazy_component;

/// Shows a build's log, on demand; that of a failed one is open at first.
#[component]
pub(super) fn LogView(
    of: BuildSlot,
    /// The build in the Cloud console.
    build_page: Option<String>,
) -> impl IntoView {
    let feed = of.feed();
    let place = Memo::new(move |_| feed.log_place());
    let is_wrapped = RwSignal::new(true);
    // What the user unfolded stays so when the log is hidden.
    let chunks = RwSignal::<Chunks>::new((0, 0));
    let content = move || match place.get()? {
        LogPlace::Missing(why) => {
            Some(view! { <NoLog why build_page=build_page.clone() /> }.into_any())
        }
        LogPlace::Stored { file, page, .. } => {
            let page = (!shown_address().is_demo()).then_some(page);
            Some(view! { <StoredLog of=of.clone() file page is_wrapped chunks /> }.into_any())
        }
    };
    view! { <div class="log">{content}</div> }
}

/// Says why there is no log.
#[component]
fn NoLog(why: String, build_page: Option<String>) -> impl IntoView {
    let link = build_page.map(|page| {
        view! {
            <ExternalLink href=page class="outward button">"Open the build in the Cloud console"</ExternalLink>
        }
    });
    view! {
        <div class="artifact-note">
            <p><b>"No log here. "</b>{clip(why)}</p>
            {link}
        </div>
    }
}

/// Shows the log, with a button that opens and hides it.
#[component]
fn StoredLog(
    of: BuildSlot,
    file: String,
    /// The log in the Cloud console.
    page: Option<String>,
    is_wrapped: RwSignal<bool>,
    chunks: RwSignal<Chunks>,
) -> impl IntoView {
    let (feed, shown, number) = (of.feed(), of.shown(), of.number());
    let is_open = feed.log_open;
    let toggle = move |_| is_open.set(!is_open.get_untracked());
    let buttons = {
        let page = page.clone();
        move || {
            let log = feed.log.get()?.ok().filter(|_| is_open.get())?;
            Some(view! { <LogButtons log file=file.clone() page=page.clone() is_wrapped /> })
        }
    };
    let has_come = Memo::new(move |_| feed.log.read().is_some());
    let body = move || match (is_open.get(), has_come.get()) {
        (false, _) => ().into_any(),
        // The code that draws a log is loaded when there is one to draw: what says why the build failed comes first.
        (true, false) => view! { <p class="absent">"Reading the log…"</p> }.into_any(),
        (true, true) => {
            view! { <LazyLogText feed is_wrapped=is_wrapped.into() chunks page=page.clone() /> }
                .into_any()
        }
    };
    view! {
        <div>
            <div class="text-head">
                <span>
                    <button
                        type="button"
                        class="button"
                        aria-expanded=move || is_open.get().to_string()
                        on:click=toggle
                    >
                        {move || if is_open.get() { "Hide the log" } else { "Show the log" }}
                    </button>
                    " "
                    <OpenBuildLog shown number />
                </span>
                {buttons}
            </div>
            {body}
        </div>
    }
}

/// Buttons for what can be done with the log's text.
#[component]
fn LogButtons(
    log: Fetched<BuildLog>,
    file: String,
    page: Option<String>,
    is_wrapped: RwSignal<bool>,
) -> impl IntoView {
    let copied = log.raw.clone();
    let text = Callback::new(move |()| log.raw.clone());
    view! {
        <span class="text-buttons">
            <WrapButton is_wrapped />
            <DownloadButton file text />
            <CopyButton text=copied label="Copy the log" />
            {page.map(|page| view! { <ExternalLink href=page>"Log in the Cloud console"</ExternalLink> })}
        </span>
    }
}

/// How far the log is. New lines of it are no other state: what the user reads stays where it is.
#[derive(Clone, PartialEq)]
enum LogState {
    Reading,
    Failed(Fetched<ErrorMessage>),
    Empty,
    Shown,
}

/// Shows the log itself.
#[component]
pub(crate) fn LogBody(
    feed: BuildFeed,
    is_wrapped: Signal<bool>,
    chunks: RwSignal<Chunks>,
    /// The log in the Cloud console.
    page: Option<String>,
) -> impl IntoView {
    let state = Memo::new(move |_| match &*feed.log.read() {
        None => LogState::Reading,
        Some(Err(message)) => LogState::Failed(message.clone()),
        Some(Ok(log)) if log.text.lines.is_empty() => LogState::Empty,
        Some(Ok(_)) => LogState::Shown,
    });
    move || match state.get() {
        LogState::Reading => view! { <p class="absent">"Reading the log…"</p> }.into_any(),
        LogState::Failed(message) => {
            let retry = UnsyncCallback::new(move |()| feed.retry());
            view! { <ArtifactNote message=(*message).clone() page=page.clone() retry /> }.into_any()
        }
        LogState::Empty => view! { <p class="absent">"The log is empty."</p> }.into_any(),
        LogState::Shown => {
            let log = feed.log.get_untracked().and_then(Result::ok);
            log.map(|first| view! { <ShownLog feed first is_wrapped chunks /> })
                .into_any()
        }
    }
}

/// Shows a log that was read, and what is added to it.
#[component]
fn ShownLog(
    feed: BuildFeed,
    /// The log as it is now.
    first: Fetched<BuildLog>,
    is_wrapped: Signal<bool>,
    chunks: RwSignal<Chunks>,
) -> impl IntoView {
    unfold(chunks, &LogRows(first.clone()));
    // An error leaves what is shown as it is, until this component ends with it.
    let log = Memo::new(move |shown: Option<&Fetched<BuildLog>>| {
        let read = feed.log.get().and_then(Result::ok);
        read.or_else(|| shown.cloned())
            .unwrap_or_else(|| first.clone())
    });
    let lines = Signal::derive(move || LogRows(log.get()));
    Effect::new(move |_| unfold(chunks, &lines.get()));
    let note = move || {
        (!log.read().is_whole).then(|| {
            view! {
                <p class="absent">
                    "Only the end of the log was read, its last 2 MiB. Lines are counted from there."
                </p>
            }
        })
    };
    let is_from_end = Signal::derive(move || log.read().text.reason.is_none());
    view! {
        <div>
            {note}
            <TextView label="The build's log" class="text-view" lines chunks is_wrapped is_from_end />
        </div>
    }
}

/// Shows the reason or else the end of a log. What the user unfolded stays so when more has come.
fn unfold(chunks: RwSignal<Chunks>, lines: &LogRows) {
    let (first, last) = chunks_around(lines.marked(), lines.len());
    let (from, to) = chunks.get_untracked();
    chunks.set_if_changed(if to == 0 {
        (first, last)
    } else {
        (from, to.max(last))
    });
}

lazy_component! {
    part: text;
    /// [`LogBody`], loaded on first use.
    fn LazyLogText(feed: BuildFeed, is_wrapped: Signal<bool>, chunks: RwSignal<Chunks>, page: Option<String>) {
        view! { <LogBody feed is_wrapped chunks page /> }
    }
}

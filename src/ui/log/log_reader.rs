//! The reader of logs: its bar, its lines, and where along them something was found.

use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::Element;

use super::log_bar::LogBar;
use super::log_feed::LogFeed;
use super::log_lines::{LineList, LogLines};
use crate::model::explain::ErrorMessage;
use crate::ui::nav::link::use_address;
use crate::ui::run::artifact_note::ArtifactNote;
use crate::workers::log::protocol::{Phase, Report, Search};

/// What a log is called and where else it is.
#[derive(Clone)]
pub(crate) struct About {
    /// What the log is saved as.
    pub file: String,
    /// Its page in the Cloud console.
    pub page: Option<String>,
    /// Whether it goes on.
    pub grows: Signal<bool>,
    /// Why it could not be read, if so.
    pub message: Signal<Option<ErrorMessage>>,
}

/// The log reader; `close` is called when the user closes it with a key.
#[component]
pub(crate) fn LogReader(
    feed: LogFeed,
    about: About,
    #[prop(optional)] close: Option<Callback<()>>,
) -> impl IntoView {
    let About {
        file,
        page,
        grows,
        message,
    } = about;
    let has_picked = use_address().with_untracked(|address| address.view().log.picked.is_some());
    // A user who comes to a line does not want the end.
    let list = LineList::new(feed, grows.get_untracked() && !has_picked);
    let search_input = NodeRef::<Input>::new();
    let handle_key = move |event: KeyboardEvent| {
        if is_typed(&event) || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        match (event.key().as_str(), close) {
            ("/", _) => focus_search(search_input),
            ("n", _) => list.step(true),
            ("N", _) => list.step(false),
            ("Escape", Some(close)) => close.run(()),
            _ => return,
        }
        event.prevent_default();
    };
    let note = move || {
        let message = message.get()?;
        let retry = UnsyncCallback::new(move |()| feed.retry());
        Some(view! { <ArtifactNote message page=page.clone() retry /> })
    };
    let emptiness = Memo::new(move |_| why_empty(&feed.report.read()));
    let empty = move || {
        emptiness
            .get()
            .map(|why| view! { <p class="log-empty absent">{why}</p> })
    };
    view! {
        <div class="log-reader" on:keydown=handle_key>
            <LogBar feed list file search_input />
            {note}
            <div class="log-body">
                <LogLines list />
                <LogMarks feed />
                {empty}
            </div>
        </div>
    }
}

/// Whether the user types into a field.
fn is_typed(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| matches!(&*target.tag_name(), "INPUT" | "SELECT"))
}

fn focus_search(input: NodeRef<Input>) {
    if let Some(input) = input.get_untracked() {
        let _ = input.focus();
        input.select();
    }
}

/// Why there is no line, if so.
fn why_empty(report: &Report) -> Option<&'static str> {
    match (report.shown, report.lines, report.phase) {
        (0, _, Phase::Failed) | (1.., ..) => None,
        (0, _, Phase::Reading | Phase::Unknown) => Some("Waiting for the first lines…"),
        (0, 0, Phase::Following) => Some("Nothing is written yet."),
        (0, 0, _) => Some("The log is empty."),
        _ if matches!(report.search, Search::Running { .. }) => Some("Searching…"),
        _ => Some("No line is left by the filter."),
    }
}

/// Where along the scrollbar the search has found something.
#[component]
fn LogMarks(feed: LogFeed) -> impl IntoView {
    let is_there = Memo::new(move |_| feed.report.read().is_of_worker());
    let marks = Memo::new(move |_| feed.report.read().marks.clone());
    let spans = move || {
        let span = |at: u32| view! { <span style=format!("--at:{at}")></span> };
        marks.get().into_iter().map(span).collect_view()
    };
    move || {
        is_there
            .get()
            .then(|| view! { <div class="log-marks">{spans}</div> })
    }
}

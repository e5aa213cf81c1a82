//! The reader of logs: its bar, its lines, and where along them something was found.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::log_bar::{focus_search, log_bar, step};
use super::log_feed::LogFeed;
use super::log_lines::{LogLines, clicked_line};
use crate::model::explain::ErrorMessage;
use crate::ui::dom::dynamic::dynamic_option;
use crate::ui::dom::el::{El, el};
use crate::ui::nav::link::{use_address, use_navigate};
use crate::ui::run::artifact_note::artifact_note;
use crate::ui::widgets::drawn_view::drawn_view;

/// What a log is called and where else it is.
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

/// The log reader; `close` is called when the user closes it.
pub(crate) fn log_reader(feed: LogFeed, about: About, close: Option<impl Fn() + Clone + 'static>) -> El {
    let About { file, page, grows, message } = about;
    let address = use_address();
    // Who comes to a line does not want the end.
    let follows = grows.get_untracked() && address.get_untracked().view().log.picked.is_none();
    let lines = LogLines::new(feed, follows);
    let marks = Memo::new(move |_| feed.report.read().marks.clone());
    let note = dynamic_option(move || {
        message.get().map(|message| artifact_note(&message, page.clone(), move || feed.retry()))
    });
    let is_empty = Memo::new(move |_| {
        let report = feed.report.read();
        match (report.shown, report.lines, report.phase.as_str()) {
            (0, _, "failed") | (1.., ..) => "",
            (0, _, "reading" | "") => "Waiting for the first lines…",
            (0, 0, "following") => "Nothing is written yet.",
            (0, 0, _) => "The log is empty.",
            _ if report.search == "going" => "Searching…",
            _ => "No line is left by the filter.",
        }
    });
    let keys = {
        let close = close.clone();
        move |event: web_sys::Event| {
            let event: &KeyboardEvent = event.unchecked_ref();
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let is_typed = target.is_some_and(|target| matches!(&*target.tag_name(), "INPUT" | "SELECT"));
            if is_typed || event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            match (event.key().as_str(), &close) {
                ("/", _) => {
                    let reader =
                        event.current_target().and_then(|reader| reader.dyn_into::<HtmlElement>().ok());
                    if let Some(reader) = reader {
                        focus_search(&reader);
                    }
                }
                ("n", _) => step(feed, lines, true),
                ("N", _) => step(feed, lines, false),
                ("Escape", Some(close)) => close(),
                _ => return,
            }
            event.prevent_default();
        }
    };
    let body = el("div")
        .class("log-body")
        .child(lines.view())
        .child(dynamic_option(move || drawn_view(&marks.read())))
        .child(dynamic_option(move || {
            let message = is_empty.get();
            (!message.is_empty()).then(|| el("p").class("log-empty absent").text(message))
        }));
    el("div")
        .class("log-reader")
        .on("keydown", keys)
        .child(log_bar(feed, lines, file))
        .child(note)
        .child(body)
}

/// The summary of the log; its buttons lead to lines.
pub(crate) fn log_summary(feed: LogFeed, open: impl Fn(u32) + Clone + Send + 'static) -> AnyView {
    let summary = Memo::new(move |_| feed.report.read().summary.clone());
    dynamic_option(move || {
        let drawn = drawn_view(&summary.read())?;
        let open = open.clone();
        Some(el("div").class("log-summary-frame").child(drawn).on("click", move |event| {
            if let Some(line) = clicked_line(&event, "button") {
                open(line);
            }
        }))
    })
}

/// Opens the reader at a line, by the address.
pub(crate) fn use_open_line() -> impl Fn(u32) + Clone + Send + 'static {
    let go = StoredValue::new_local(Box::new(use_navigate()) as Box<dyn Fn(&crate::model::address::Address)>);
    let address = use_address();
    move |line| {
        go.with_value(|go| go(&address.get_untracked().with(|view| view.log.pick(line))));
    }
}

//! The event log of a verification: its summary in the run's panel, and the reader when it is open.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement};

use super::log_feed::{LogFeed, LogSource, Wanted, follow_log};
use super::log_reader::{About, log_reader, log_summary};
use crate::api::job_run::State;
use crate::api::storage::{ObjectName, media_request};
use crate::model::address::Address;
use crate::model::address::links;
use crate::model::build::{Reading, error_message};
use crate::model::run::{Lifecycle, Run};
use crate::model::timeline::Window;
use crate::ui::dom::dynamic::{dynamic, dynamic_option, text};
use crate::ui::dom::el::{El, el};
use crate::ui::dom::focus::focus_on;
use crate::ui::nav::link::{shown_address, use_address, use_navigate};
use crate::ui::run::artifact_note::artifact_note;
use crate::ui::run::shown::Shown;
use crate::ui::session::use_session;
use crate::ui::widgets::button::button;
use crate::ui::widgets::lazy_view::lazy_component;

/// What the page shows of an event log.
#[derive(Clone, Copy)]
pub(crate) struct EventLog {
    feed: LogFeed,
    /// The object, or why there is none.
    object: Signal<Option<Result<ObjectName, String>>>,
    grows: Signal<bool>,
    failed: Signal<bool>,
    /// Whether it is read without being asked for.
    by_itself: Signal<bool>,
    shown: Shown,
}

/// An event log that is shown twice, in the panel and in the reader; both are loaded for a run that has one.
#[derive(Clone)]
pub(crate) struct EventLogSlot {
    shown: Shown,
    /// The log that both share, once one of them is drawn.
    log: StoredValue<Option<EventLog>>,
    owner: Owner,
}

impl EventLogSlot {
    /// For as long as the owner that called this lives.
    pub(crate) fn new(shown: Shown) -> Self {
        Self { shown, log: StoredValue::new(None), owner: Owner::current().unwrap_or_default() }
    }

    /// The log, which is followed from the first time that it is asked for.
    pub(crate) fn log(&self) -> EventLog {
        self.log.get_value().unwrap_or_else(|| {
            let log = self.owner.with(|| follow_event_log(self.shown));
            self.log.set_value(Some(log));
            log
        })
    }
}

/// Whether a run has an event log.
pub(crate) fn has_event_log(run: &Run) -> bool {
    run.json.verify_job_run.as_ref().is_some_and(|verify| !verify.event_log_path.is_empty())
}

/// Where a run's event log is.
fn object_of(run: &Run) -> Option<Result<ObjectName, String>> {
    let verify = run.json.verify_job_run.as_ref()?;
    if verify.event_log_path.is_empty() {
        return None;
    }
    let name = ObjectName::join(&verify.artifact_uri, &verify.event_log_path);
    Some(name.map_err(|error| error.to_string()))
}

/// Follows the event log of the run that is shown, for as long as the owner that called this lives.
fn follow_event_log(shown: Shown) -> EventLog {
    let object = Memo::new(move |_| object_of(shown.run.read().as_ref()?));
    let source = Memo::new(move |_| {
        let name = object.get()?.ok()?;
        Some(LogSource::Storage(media_request(&name).path_and_query))
    });
    let grows =
        Memo::new(move |_| shown.run.read().as_ref().is_some_and(|run| run.lifecycle() == Lifecycle::Live));
    let failed =
        Memo::new(move |_| shown.run.read().as_ref().is_some_and(|run| run.json.state == State::Failed));
    let address = use_address();
    let is_open = Memo::new(move |_| address.read().view().log.shows_events());
    // Of a file's run nothing is read by itself.
    let is_file = shown_address().is_file();
    let by_itself = Memo::new(move |_| (failed.get() && !is_file) || is_open.get());
    let axis = Memo::new(move |_| {
        let run = shown.run.read();
        let run = run.as_ref()?;
        let now = if grows.get() { shown.now.get() } else { shown.now.get_untracked() };
        Some(Window::of_run(run, now))
    });
    let feed = follow_log(Wanted {
        source: source.into(),
        by_itself: by_itself.into(),
        grows: grows.into(),
        axis: axis.into(),
    });
    EventLog {
        feed,
        object: object.into(),
        grows: grows.into(),
        failed: failed.into(),
        by_itself: by_itself.into(),
        shown,
    }
}

impl EventLog {
    /// The summary, for the panel; a failed run's comes first.
    pub(crate) fn section(self) -> AnyView {
        let Self { feed, object, .. } = self;
        let open = self.use_open();
        let state = Memo::new(move |_| object.get().map(|object| object.map(drop)));
        dynamic_option(move || match state.get()? {
            Err(why) => Some(
                el("section").class("event-log").child(el("h3").text("Event log")).child(
                    el("p")
                        .class("artifact-note")
                        .text(format!("Where the event log lies could not be told: {why}.")),
                ),
            ),
            Ok(()) => {
                let open_line = open.clone();
                let open_all = open.clone();
                let label = text(move || {
                    let lines = feed.report.read().lines;
                    if lines == 0 { "Read the event log".to_owned() } else { "Open the event log".to_owned() }
                });
                let message = text(move || {
                    let report = feed.report.read();
                    match report.phase.as_str() {
                        // A failed run's is about to be read.
                        "" if feed.wanted.get() || self.by_itself.get() => {
                            "Reading the event log…".to_owned()
                        }
                        "failed" => String::new(),
                        _ => report.said.clone(),
                    }
                });
                Some(
                    el("section")
                        .class("event-log")
                        .class_if("is-failed", self.failed)
                        .attr("aria-label", "Event log")
                        .child(el("h3").text("Event log"))
                        .child(self.note())
                        .child(log_summary(feed, move |line| open_line(Some(line))))
                        .child(
                            el("div")
                                .class("event-log-buttons")
                                .child(
                                    button("", label)
                                        .on("click", move |event| open_all(failing_line(&event))),
                                )
                                .child(el("span").class("absent").text(message)),
                        ),
                )
            }
        })
    }

    /// Why it could not be read.
    fn note(self) -> AnyView {
        let message = self.error_message();
        let page = self.page();
        dynamic_option(move || {
            let message = message.get()?;
            Some(artifact_note(&message, page.clone(), move || self.feed.retry()))
        })
    }

    fn error_message(self) -> Signal<Option<crate::model::explain::ErrorMessage>> {
        let session = use_session();
        Memo::new(move |_| {
            let error = self.feed.failure()?;
            Some(error_message(&error, Reading::EventLog, session.signed_in_now()))
        })
        .into()
    }

    /// The object in the Cloud console, which does not know the demo's.
    fn page(self) -> Option<String> {
        let name = self.object.get_untracked()?.ok()?;
        (!shown_address().is_demo()).then(|| links::object(&name.uri()))
    }

    /// Opens the reader, at a line or not, by the address.
    fn use_open(self) -> impl Fn(Option<u32>) + Clone + Send + 'static {
        let go = StoredValue::new_local(Box::new(use_navigate()) as Box<dyn Fn(&Address)>);
        let address = use_address();
        let shown = self.shown;
        move |line| {
            // The run may be one that the viewer chose: the address has to name it.
            let id = shown.run.read_untracked().as_ref().map(|run| run.id.clone());
            let to = address.get_untracked().select(id.as_deref()).with(|view| {
                view.log.is_open = true;
                view.log.of_build = 0;
                if let Some(line) = line {
                    view.log.pick(line);
                }
            });
            go.with_value(|go| go(&to));
            // One reads on there, with its keys.
            request_animation_frame(|| focus_on(".log-drawer .log-frame"));
        }
    }

    /// The reader, while the address says that it is open.
    pub(crate) fn drawer(self) -> AnyView {
        let address = use_address();
        let is_open = Memo::new(move |_| address.read().view().log.shows_events());
        let has_log = Memo::new(move |_| matches!(&*self.object.read(), Some(Ok(_))));
        dynamic(move || {
            if !is_open.get() || !has_log.get() {
                return ().into_any();
            }
            let title = match &*self.shown.run.read_untracked() {
                Some(run) => format!("Event log of {} in {}", run.json.job_id, run.json.phase_id),
                None => "Event log".to_owned(),
            };
            let file = match self.object.get_untracked() {
                Some(Ok(name)) => name.file().to_owned(),
                _ => "events.json".to_owned(),
            };
            let about = About { file, page: self.page(), grows: self.grows, message: self.error_message() };
            drawer(title, self.feed, about).into_any()
        })
    }
}

/// The line that the summary beside a button leads to as the failure, which one opens the log for.
fn failing_line(event: &Event) -> Option<u32> {
    let button: Element = event.target()?.dyn_into().ok()?;
    let section = button.closest(".event-log").ok()??;
    let lead = section.query_selector(".log-error [data-row]").ok()??;
    lead.get_attribute("data-row")?.parse().ok()
}

/// The reader at the foot of the page.
pub(crate) fn drawer(title: String, feed: LogFeed, about: About) -> El {
    let go = use_navigate();
    let address = use_address();
    // Where one came from, and goes on from when it is closed; what led here by an address is nowhere.
    let opener = StoredValue::new_local(document().active_element());
    let close = move || {
        go(&address.get_untracked().with(|view| view.log = Default::default()));
        let opener =
            opener.get_value().filter(|opener| opener.is_connected() && opener.tag_name() == "BUTTON");
        match opener.and_then(|opener| opener.dyn_into::<HtmlElement>().ok()) {
            Some(opener) => drop(opener.focus()),
            None => focus_on(".event-log-buttons button, .build button"),
        }
    };
    let on_close = close.clone();
    let reader = log_reader(feed, about, Some(close));
    el("section")
        .class("log-drawer")
        .attr("aria-label", title.clone())
        .child(
            el("header")
                .class("log-head")
                .child(el("h2").class("long-text").text(title))
                .child(button("quiet", "Close").on("click", move |_| on_close())),
        )
        .child(reader)
        .made(|_| {
            request_animation_frame(|| {
                // What the log is of is to be seen above it.
                if let Ok(Some(panel)) = document().query_selector(".run-panel") {
                    panel.scroll_into_view();
                }
                focus_on(".log-drawer .log-frame");
            });
        })
}

lazy_component! {
    part: log;
    /// The summary of a run's event log, loaded on first use.
    pub(crate) fn LazyEventLog(log: EventLogSlot) {
        log.log().section()
    }
}

lazy_component! {
    part: log;
    /// The reader of an event log, loaded on first use.
    pub(crate) fn LazyEventLogReader(log: EventLogSlot) {
        log.log().drawer()
    }
}

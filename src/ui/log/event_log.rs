//! The event log of a verification: its summary in the run's panel, and the reader when it is open.

use leptos::either::Either;
use leptos::prelude::*;

use super::log_drawer::LogDrawer;
use super::log_feed::{LogFeed, LogSource, Wanted, follow_log};
use super::log_reader::About;
use super::log_summary::LogSummary;
use crate::api::job_run::State;
use crate::api::storage::{ObjectName, media_request};
use crate::core::text::clip;
use crate::model::address::Address;
use crate::model::address::links;
use crate::model::build::{Reading, error_message};
use crate::model::explain::ErrorMessage;
use crate::model::run::{Lifecycle, Run};
use crate::model::timeline::Window;
use crate::ui::dom::focus::focus_on;
use crate::ui::nav::link::{shown_address, use_address, use_navigate};
use crate::ui::run::artifact_note::ArtifactNote;
use crate::ui::run::shown::Shown;
use crate::ui::session::use_session;
use crate::ui::widgets::lazy_view::lazy_component;
use crate::workers::log::protocol::{Cause, Phase, Report};

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
        Self {
            shown,
            log: StoredValue::new(None),
            owner: Owner::current().unwrap_or_default(),
        }
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
    run.json
        .verify_job_run
        .as_ref()
        .is_some_and(|verify| !verify.event_log_path.is_empty())
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
    let grows = Memo::new(move |_| {
        shown
            .run
            .read()
            .as_ref()
            .is_some_and(|run| run.lifecycle() == Lifecycle::Live)
    });
    let failed = Memo::new(move |_| {
        shown
            .run
            .read()
            .as_ref()
            .is_some_and(|run| run.json.state == State::Failed)
    });
    let address = use_address();
    let is_open = Memo::new(move |_| address.read().view().log.shows_events());
    // Of a file's run nothing is read by itself.
    let is_file = shown_address().is_file();
    let by_itself = Memo::new(move |_| (failed.get() && !is_file) || is_open.get());
    let axis = Memo::new(move |_| {
        let run = shown.run.read();
        let run = run.as_ref()?;
        let now = if grows.get() {
            shown.now.get()
        } else {
            shown.now.get_untracked()
        };
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

/// The summary of an event log, for the panel; a failed run's comes first.
#[component]
pub(crate) fn EventLogSection(log: EventLog) -> impl IntoView {
    let state = Memo::new(move |_| log.object.get().map(|object| object.map(drop)));
    move || {
        state.get().map(|state| match state {
            Ok(()) => Either::Left(view! { <EventLogSummary log /> }),
            Err(why) => Either::Right(view! {
                <section class="event-log">
                    <h3>"Event log"</h3>
                    <p class="artifact-note">
                        {clip(format!("Where the event log lies could not be told: {why}."))}
                    </p>
                </section>
            }),
        })
    }
}

#[component]
fn EventLogSummary(log: EventLog) -> impl IntoView {
    let EventLog { feed, failed, .. } = log;
    let (message, page, open) = (log.error_message(), log.page(), log.use_open());
    let note = move || {
        let message = message.get()?;
        let retry = UnsyncCallback::new(move |()| feed.retry());
        Some(view! { <ArtifactNote message page=page.clone() retry /> })
    };
    let label = move || match feed.report.read().lines {
        0 => "Read the event log",
        _ => "Open the event log",
    };
    let open_all = move |_| open.run(feed.report.with_untracked(failing_line));
    view! {
        <section class="event-log" class:is-failed=failed aria-label="Event log">
            <h3>"Event log"</h3>
            {note}
            <LogSummary feed open=Callback::new(move |line| open.run(Some(line))) />
            <div class="event-log-buttons">
                <button type="button" class="button" on:click=open_all>{label}</button>
                <span class="absent">{move || log.progress_message()}</span>
            </div>
        </section>
    }
}

/// The reader of an event log, while the address says that it is open.
#[component]
pub(crate) fn EventLogDrawer(log: EventLog) -> impl IntoView {
    let address = use_address();
    let is_open = Memo::new(move |_| address.read().view().log.shows_events());
    let has_log = Memo::new(move |_| matches!(&*log.object.read(), Some(Ok(_))));
    move || {
        (is_open.get() && has_log.get())
            .then(|| view! { <LogDrawer title=log.title() feed=log.feed about=log.about() /> })
    }
}

impl EventLog {
    /// How much of the log came.
    fn progress_message(self) -> String {
        let report = self.feed.report.read();
        match report.phase {
            // A failed run's is about to be read.
            Phase::Unknown if self.feed.wanted.get() || self.by_itself.get() => {
                "Reading the event log…".to_owned()
            }
            // The note says more.
            Phase::Failed => String::new(),
            _ => report.progress_message(),
        }
    }

    /// Why it could not be read, if so.
    fn error_message(self) -> Signal<Option<ErrorMessage>> {
        let session = use_session();
        let message = Memo::new(move |_| {
            let error = self.feed.failure()?;
            Some(error_message(
                &error,
                Reading::EventLog,
                session.signed_in_now(),
            ))
        });
        message.into()
    }

    /// The object in the Cloud console, which does not know the demo's.
    fn page(self) -> Option<String> {
        let name = self.object.get_untracked()?.ok()?;
        (!shown_address().is_demo()).then(|| links::object(&name.uri()))
    }

    fn title(self) -> String {
        match &*self.shown.run.read_untracked() {
            Some(run) => format!("Event log of {} in {}", run.json.job_id, run.json.phase_id),
            None => "Event log".to_owned(),
        }
    }

    fn about(self) -> About {
        let file = match self.object.get_untracked() {
            Some(Ok(name)) => name.file().to_owned(),
            _ => "events.json".to_owned(),
        };
        About {
            file,
            page: self.page(),
            grows: self.grows,
            message: self.error_message(),
        }
    }

    /// Opens the reader, at a line or not, by the address.
    fn use_open(self) -> Callback<Option<u32>> {
        let go = StoredValue::new_local(Box::new(use_navigate()) as Box<dyn Fn(&Address)>);
        let address = use_address();
        Callback::new(move |line: Option<u32>| {
            // The run may be one that the viewer chose: the address has to name it.
            let id = self
                .shown
                .run
                .read_untracked()
                .as_ref()
                .map(|run| run.id.clone());
            let to = address.get_untracked().select(id.as_deref()).with(|view| {
                view.log.is_open = true;
                view.log.of_build = 0;
                if let Some(line) = line {
                    view.log.pick(line);
                }
            });
            go.with_value(|go| go(&to));
            // The user reads on there, with its keys.
            request_animation_frame(|| focus_on(".log-drawer .log-frame"));
        })
    }
}

/// The line that tells of the failure, at which the log opens.
fn failing_line(report: &Report) -> Option<u32> {
    report.summary.as_ref()?.cause.as_ref().map(Cause::line)
}

lazy_component! {
    part: build;
    /// The summary of a run's event log, loaded on first use.
    pub(crate) fn LazyEventLog(log: EventLogSlot) {
        view! { <EventLogSection log=log.log() /> }
    }
}

lazy_component! {
    part: log;
    /// The reader of an event log, loaded on first use.
    pub(crate) fn LazyEventLogReader(log: EventLogSlot) {
        view! { <EventLogDrawer log=log.log() /> }
    }
}

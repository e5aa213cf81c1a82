//! One build of a run and its log: read when it is in view, and again while it runs.

use std::time::Duration;

use leptos::prelude::*;

use crate::api::artifacts::LOG_PART;
use crate::api::build::build_request;
use crate::api::http::{Method, Request};
use crate::api::storage::Part;
use crate::core::name::BuildName;
use crate::model::build::Reading;
use crate::model::build_report::{self, BuildReport, LogPlace, Progress};
use crate::model::explain::ErrorMessage;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::dom::spawn::spawn_scoped;
use crate::ui::nav::link::shown_address;
use crate::ui::run::artifacts::{Answer, Artifacts, Fetched, answer, wants_token};
use crate::ui::run::shown::Shown;
use crate::ui::session::use_session;
use crate::workers::log::build_log::LogText;

/// Debounce: nothing is fetched for runs that the user only steps past.
const DEBOUNCE: Duration = Duration::from_millis(400);

/// A build and its log, which are read for as long as the owner lives that [`follow`](Self::follow) was called in.
#[derive(Clone, Copy)]
pub(crate) struct BuildFeed {
    pub build: RwSignal<Answer<BuildReport>>,
    pub log: RwSignal<Answer<BuildLog>>,
    pub log_open: RwSignal<bool>,
    /// Why what is on the screen may be old.
    pub stale: RwSignal<Stale>,
    shown: Shown,
    run_failed: Signal<bool>,
    artifacts: StoredValue<Artifacts, LocalStorage>,
    /// The build's JSON.
    json: RwSignal<Option<Fetched<String>>>,
    /// Reads again what can have changed, or could not be read.
    again: Trigger,
}

/// A build's log that was read.
pub(crate) struct BuildLog {
    /// The log as it came.
    pub raw: String,
    /// Whether that is all of it, and not only its end.
    pub is_whole: bool,
    pub text: LogText,
}

/// Why the build and its log could not be read again; empty when they could.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Stale {
    pub build: String,
    pub log: String,
}

/// A log in the storage API, by its path; and how far its build is, since one that has just ended has more to say.
type LogVersion = (String, Progress);

impl BuildFeed {
    /// Follows a build.
    pub(crate) fn follow(name: &BuildName, shown: Shown, run_failed: Signal<bool>) -> Self {
        let session = use_session();
        let feed = Self {
            build: RwSignal::new(None),
            log: RwSignal::new(None),
            log_open: RwSignal::new(false),
            stale: RwSignal::new(Stale::default()),
            shown,
            run_failed,
            artifacts: StoredValue::new_local(Artifacts::new(session, &shown_address())),
            json: RwSignal::new(None),
            again: Trigger::new(),
        };
        let is_live = Memo::new(move |_| feed.progress() == Some(Progress::Live));
        feed.poll(is_live);
        feed.fetch_json(build_request(name));
        feed.read_json(is_live);
        feed.open_log_of_failure();
        feed.fetch_log();
        session.on_new_token(move || {
            if feed.build.with_untracked(wants_token) || feed.log.with_untracked(wants_token) {
                feed.retry();
            }
        });
        feed
    }

    /// Reads again what could not be read.
    pub(crate) fn retry(self) {
        self.again.notify();
    }

    /// What `part` gives of the build, once it was read.
    pub(crate) fn of_build<T>(self, part: impl FnOnce(&BuildReport) -> T) -> Option<T> {
        self.build.with(|build| match build {
            Some(Ok(build)) => Some(part(build)),
            _ => None,
        })
    }

    /// How far the build is.
    pub(crate) fn progress(self) -> Option<Progress> {
        self.of_build(|build| build.progress)
    }

    /// Where the log is.
    pub(crate) fn log_place(self) -> Option<LogPlace> {
        self.of_build(|build| build.log.clone())
    }

    /// Whether the run failed, and the build too.
    pub(crate) fn has_failed(self) -> bool {
        self.run_failed.get() && self.progress() == Some(Progress::Failed)
    }

    /// Reads again after each read of the runs, while the build goes on.
    fn poll(self, is_live: Memo<bool>) {
        let is_reading = self.shown.tree.root.reading;
        Effect::new(move |was_reading: Option<bool>| {
            let is_reading = is_reading.get();
            if was_reading == Some(true) && !is_reading && is_live.get_untracked() {
                self.again.notify();
            }
            is_reading
        });
    }

    /// Fetches the build's JSON.
    fn fetch_json(self, request: Request) {
        Effect::new(move |_| {
            self.again.track();
            let request = request.clone();
            spawn_scoped(async move {
                if self.json.with_untracked(Option::is_none) {
                    gloo_timers::future::sleep(DEBOUNCE).await;
                }
                let artifacts = self.artifacts.get_value();
                match artifacts.read(request, Part::Whole, Reading::Build).await {
                    Ok(read) => {
                        self.set_stale_build(String::new());
                        self.json.set(Some(Fetched::new(read.text)));
                    }
                    // What is on the screen already is better than an error; the next poll may do.
                    Err(message) if is_shown(self.build) => self.set_stale_build(message.title),
                    Err(message) => self.build.set(answer(Err(message))),
                }
            });
        });
    }

    /// Reads the JSON, at the present while the build goes on.
    fn read_json(self, is_live: Memo<bool>) {
        let Shown { run, now, .. } = self.shown;
        Effect::new(move |_| {
            let (Some(json), Some(run)) = (self.json.get(), run.get()) else {
                return;
            };
            let now = if is_live.get() {
                now.get()
            } else {
                now.get_untracked()
            };
            let report = build_report::read(&json, &run, now).map_err(|malformed| {
                self.artifacts.with_value(|artifacts| {
                    artifacts.error_message(&malformed.into(), Reading::Build)
                })
            });
            self.build.set(answer(report));
        });
    }

    /// The log of a failed build is open at first.
    fn open_log_of_failure(self) {
        let has_failed = Memo::new(move |_| self.has_failed());
        Effect::new(move |_| {
            if has_failed.get() {
                self.log_open.set(true);
            }
        });
    }

    /// Fetches the log, once it is wanted.
    fn fetch_log(self) {
        let version = Memo::new(move |_| self.log_version());
        let has_failed = Memo::new(move |_| self.has_failed());
        Effect::new(move |_| {
            self.again.track();
            let has_failed = has_failed.get();
            let Some((path, _)) = version.get().filter(|_| has_failed || self.log_open.get())
            else {
                return;
            };
            spawn_scoped(async move {
                let read = self.read_log(path, has_failed).await;
                self.set_log(read);
            });
        });
    }

    fn log_version(self) -> Option<LogVersion> {
        match self.log_place()? {
            LogPlace::Stored { path, .. } => Some((path, self.progress()?)),
            LogPlace::Missing(_) => None,
        }
    }

    async fn read_log(self, path: String, has_failed: bool) -> Result<BuildLog, ErrorMessage> {
        let artifacts = self.artifacts.get_value();
        let request = Request {
            method: Method::Get,
            path_and_query: path,
            body: None,
        };
        let read = artifacts.read(request, LOG_PART, Reading::Log).await?;
        let text = artifacts
            .build_logs()
            .read(read.text.clone(), has_failed)
            .await;
        let text = text.map_err(|error| artifacts.error_message(&error, Reading::Log))?;
        Ok(BuildLog {
            raw: read.text,
            is_whole: read.whole,
            text,
        })
    }

    fn set_log(self, read: Result<BuildLog, ErrorMessage>) {
        let mut stale = self.stale.get_untracked();
        match read {
            // What is on the screen already is better than an error.
            Err(message) if is_shown(self.log) => stale.log = message.title,
            read => {
                stale.log = String::new();
                self.log.set(answer(read));
            }
        }
        self.stale.set_if_changed(stale);
    }

    fn set_stale_build(self, why: String) {
        let stale = self.stale.get_untracked();
        self.stale.set_if_changed(Stale {
            build: why,
            ..stale
        });
    }
}

fn is_shown<T: Send + Sync + 'static>(answer: RwSignal<Answer<T>>) -> bool {
    answer.with_untracked(|answer| matches!(answer, Some(Ok(_))))
}

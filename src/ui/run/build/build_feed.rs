//! One build of a run and its log: read when it is in view, and again while it runs.

use std::time::Duration;

use leptos::prelude::*;

use crate::api::artifacts::LOG_PART;
use crate::api::build::build_request;
use crate::api::http::{Method, Request};
use crate::api::storage::Part;
use crate::core::name::BuildName;
use crate::core::time::to_rfc3339;
use crate::model::build::Reading;
use crate::ui::dom::scoped_task::scoped_task;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::shown_address;
use crate::ui::run::artifacts::{Answer, Artifacts, Fetched, retry_with_new_token};
use crate::ui::run::shown::Shown;
use crate::ui::session::use_session;
use crate::workers::files::Call;

/// Debounce: nothing is fetched for runs that the user only steps past.
const DEBOUNCE: Duration = Duration::from_millis(400);

/// What the page shows of a build.
#[derive(Clone, Copy)]
pub(crate) struct BuildFeed {
    /// Its head has five texts: [`FLAGS`] and those after it.
    pub build: Signal<Answer>,
    /// Its head has two texts: [`REASON`] and [`REASON_WORDS`].
    pub log: Signal<Answer>,
    /// Whether the run failed, and the build too.
    pub failed: Signal<bool>,
    pub log_open: RwSignal<bool>,
    /// Why what is on the screen may be old: the build, and its log, could not be read again.
    pub stale: Signal<[String; 2]>,
    retries: RwSignal<u32>,
}

/// `live` or `failed`, as far as it is so.
pub(crate) const FLAGS: usize = 0;
/// Where the storage API has the log, as a path.
pub(crate) const LOG: usize = 1;
/// The name of the log's file.
pub(crate) const LOG_FILE: usize = 2;
/// Why there is no log.
pub(crate) const NO_LOG: usize = 3;
/// The log in the Cloud console.
pub(crate) const LOG_PAGE: usize = 4;

/// Which line of the log most likely says why the build failed.
pub(crate) const REASON: usize = 0;
/// The words of that line.
pub(crate) const REASON_WORDS: usize = 1;

/// A text about what was read; empty before it was.
pub(crate) fn head(answer: &Answer, which: usize) -> &str {
    match answer {
        Some(Ok(read)) => read.head.get(which).map_or("", String::as_str),
        _ => "",
    }
}

impl BuildFeed {
    /// Reads again what could not be read.
    pub(crate) fn retry(self) {
        let (count, set_count) = self.retries.split();
        set_count.set(count.get_untracked() + 1);
    }
}

/// Follows a build for as long as the owner that called this lives.
pub(crate) fn follow_build(name: BuildName, shown: Shown, run_failed: Signal<bool>) -> BuildFeed {
    let address = shown_address();
    let session = use_session();
    let artifacts = StoredValue::new_local(Artifacts::new(session, &address));
    let retries = RwSignal::new(0);
    let log_open = RwSignal::new(false);

    // What came again is drawn again, even if it is the same.
    let (raw, set_raw) = signal::<Option<Fetched<String>>>(None);
    let (build, set_build) = signal::<Answer>(None);
    let (log, set_log) = signal::<Answer>(None);
    let is_live = Memo::new(move |_| head(&build.read(), FLAGS) == "live");
    let polls = polls(shown, is_live.into());
    let (stale, set_stale) = signal(<[String; 2]>::default());
    let set_note = move |which: usize, why: String| {
        let mut all = stale.get_untracked();
        all[which] = why;
        set_stale.set_if_changed(all);
    };

    // The build's JSON.
    let request = StoredValue::new(build_request(&name));
    scoped_task(move || {
        polls.get();
        retries.get();
        let artifacts = artifacts.get_value();
        let is_first = raw.read_untracked().is_none();
        let is_shown = matches!(&*build.read_untracked(), Some(Ok(_)));
        Some(Box::pin(async move {
            if is_first {
                gloo_timers::future::sleep(DEBOUNCE).await;
            }
            match artifacts.read(request.get_value(), Part::Whole, Reading::Build).await {
                Ok(read) => {
                    set_note(0, String::new());
                    set_raw.set_if_changed(Some(Fetched::new(read.text)));
                }
                // What is on the screen already is better than an error; the next poll may do.
                Err(message) if is_shown => set_note(0, message.title),
                Err(message) => set_build.set_if_changed(Some(Err(Fetched::new(message)))),
            }
        }))
    });

    // What it says, at the present while it goes on.
    scoped_task(move || {
        let raw = raw.get()?;
        let run = shown.run.get()?;
        let now = if is_live.get() { shown.now.get() } else { shown.now.get_untracked() };
        let artifacts = artifacts.get_value();
        Some(Box::pin(async move {
            let now = to_rfc3339(now);
            let drawn = artifacts.draw(Call::Build, vec![&raw, &run.raw, &now], 5, Reading::Build).await;
            set_build.set_if_changed(Some(drawn.map(Fetched::new).map_err(Fetched::new)));
        }))
    });

    // The log.
    let failed = Memo::new(move |_| run_failed.get() && head(&build.read(), FLAGS) == "failed");
    Effect::new(move |_| {
        if failed.get() {
            log_open.set(true);
        }
    });
    // With the flags, since a build that has just ended has more to say.
    let source = Memo::new(move |_| [LOG, FLAGS].map(|which| head(&build.read(), which).to_owned()));
    scoped_task(move || {
        polls.get();
        retries.get();
        let failed = failed.get();
        let [path, _] = source.get();
        if path.is_empty() || !(failed || log_open.get()) {
            return None;
        }
        let artifacts = artifacts.get_value();
        let is_first = !matches!(&*log.read_untracked(), Some(Ok(_)));
        Some(Box::pin(async move {
            let request = Request { method: Method::Get, path_and_query: path, body: None };
            let read = match artifacts.read(request, LOG_PART, Reading::Log).await {
                Ok(read) => {
                    let failed = if failed { "1" } else { "" };
                    let drawn = artifacts.draw(Call::Log, vec![&read.text, failed], 2, Reading::Log).await;
                    drawn.map(|mut drawn| {
                        (drawn.text, drawn.whole) = (read.text, read.whole);
                        drawn
                    })
                }
                Err(message) => Err(message),
            };
            set_note(
                1,
                read.as_ref().err().filter(|_| !is_first).map(|t| t.title.clone()).unwrap_or_default(),
            );
            if read.is_ok() || is_first {
                set_log.set_if_changed(Some(read.map(Fetched::new).map_err(Fetched::new)));
            }
        }))
    });
    let feed = BuildFeed {
        build: build.into(),
        log: log.into(),
        failed: failed.into(),
        log_open,
        stale: stale.into(),
        retries,
    };
    retry_with_new_token(session, [build.into(), log.into()], move || feed.retry());
    feed
}

/// Counts the reads of the runs, while `counting`: what goes on is read again after each.
fn polls(shown: Shown, counting: Signal<bool>) -> Signal<u32> {
    let (count, set_count) = signal(0);
    let mut was_reading = false;
    Effect::new(move |_| {
        let reading = shown.tree.root.reading.get();
        if was_reading && !reading && counting.get_untracked() {
            set_count.set(count.get_untracked() + 1);
        }
        was_reading = reading;
    });
    count.into()
}

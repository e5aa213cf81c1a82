//! One build of a run and its log: read when somebody looks, and again while it goes on.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::live::{Live, Setter, Var, effect, live, memo};
use super::place::shown_place;
use super::run_panel::Shown;
use super::session::{Artifacts, use_session};
use super::task::task;
use crate::api::artifacts::{LOG_PART, read_text};
use crate::api::build::{self, build_request};
use crate::api::error::{ApiError, Malformed};
use crate::api::http::{Method, Request};
use crate::api::job_run::State;
use crate::api::storage::{self, Part};
use crate::model::build::{Reading, trouble};
use crate::model::explain::Trouble;
use crate::model::name::BuildName;
use crate::model::run::Run;
use crate::model::time::{Timestamp, to_rfc3339};
use crate::model::timeline::Window;
use crate::worker::Call;
use crate::worker::drawn::{DrawnBuild, DrawnLog};

/// A run that is only passed by on the way to another has nothing read for it.
const PASSING_BY: Duration = Duration::from_millis(400);

/// Something that was asked for: `None` until it has come, or an error has.
pub type Answer<T> = Option<Result<Came<T>, Came<Trouble>>>;

/// What came once. It is compared by where it lies: what came anew is another, and comparing all of
/// it would be code for the bundle and work for the browser.
pub struct Came<T>(Arc<T>);

impl<T> Came<T> {
    pub fn new(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> Clone for Came<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> PartialEq for Came<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Came<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// A log as it came, and what is drawn of it.
pub struct Log {
    pub text: String,
    /// Whether it is the whole of it, and not its end alone.
    pub whole: bool,
    pub drawn: DrawnLog,
}

/// What the page shows of a build.
#[derive(Clone, Copy)]
pub struct BuildFeed {
    pub build: Live<Answer<DrawnBuild>>,
    pub log: Live<Answer<Log>>,
    /// Whether the log is read for its reason alone, or to be shown too.
    pub failed: Live<bool>,
    pub log_open: Var<bool>,
    /// Whether the build's section has come into view.
    pub seen: Setter<bool>,
    retries: Var<u32>,
}

impl BuildFeed {
    /// Reads again what could not be read.
    pub fn retry(self) {
        let (count, set_count) = self.retries;
        set_count.set(count.get_untracked() + 1);
    }
}

/// Follows a build for as long as the owner that called this lives.
pub fn follow_build(name: BuildName, shown: Shown) -> BuildFeed {
    let session = use_session();
    let artifacts = StoredValue::new_local(session.artifacts(&shown_place()));
    let has_token = move || session.signed_in_now();
    let (seen, set_seen) = live(false);
    let retries = live(0);
    let log_open = live(false);
    let run_failed =
        memo(move || shown.run.read().as_ref().is_some_and(|run| run.json.state == State::Failed));

    let (raw, set_raw) = live::<Option<Arc<str>>>(None);
    let (build, set_build) = live::<Answer<DrawnBuild>>(None);
    let is_live = memo(move || matches!(&*build.read(), Some(Ok(build)) if build.live));
    let reading_log = live(false);
    let polls = polls(shown, is_live);

    // The build's JSON.
    let wanted = memo(move || seen.get() || run_failed.get());
    let name = StoredValue::new(name);
    task(move || {
        polls.get();
        retries.0.get();
        if !wanted.get() {
            return None;
        }
        let artifacts = artifacts.get_value();
        let is_first = raw.read_untracked().is_none();
        Some(Box::pin(async move {
            if is_first {
                gloo_timers::future::sleep(PASSING_BY).await;
            }
            let request = build_request(&name.get_value());
            let read = read_text(&*artifacts.builds, &request, build::GET_PERMISSION, Part::Whole).await;
            match read {
                Ok(read) => set_raw.set(Some(read.text.into())),
                // What is on the screen already is better than an error; the next poll may do.
                Err(_) if !is_first => {}
                Err(error) => {
                    set_build.set(Some(Err(Came::new(trouble(&error, Reading::Build, has_token())))))
                }
            }
        }))
    });

    // What it says, at the present while it goes on.
    task(move || {
        let raw = raw.get()?;
        let run = shown.run.get()?;
        let now = if is_live.get() { shown.now.get() } else { shown.now.get_untracked() };
        let artifacts = artifacts.get_value();
        Some(Box::pin(async move {
            let drawn = draw_build(&artifacts, &raw, &run, now).await;
            let came = drawn.map(Came::new);
            set_build
                .set(Some(came.map_err(|error| Came::new(trouble(&error, Reading::Build, has_token())))));
        }))
    });

    // The log.
    let failed = memo(move || {
        run_failed.get() && matches!(&*build.read(), Some(Ok(build)) if build.look == State::Failed.as_str())
    });
    effect(move || {
        if failed.get() {
            log_open.1.set(true);
        }
    });
    let path = memo(move || match &*build.read() {
        // A build that has just ended has more to say.
        Some(Ok(build)) if !build.log.is_empty() => Some((build.log.clone(), build.live)),
        _ => None,
    });
    let (log, set_log) = live::<Answer<Log>>(None);
    task(move || {
        polls.get();
        retries.0.get();
        let is_wanted = log_open.0.get() || failed.get();
        let (path, _) = path.get().filter(|_| is_wanted)?;
        let failed = failed.get();
        let artifacts = artifacts.get_value();
        let is_first = !matches!(&*log.read_untracked(), Some(Ok(_)));
        reading_log.1.set(true);
        Some(Box::pin(async move {
            match read_log(&artifacts, path, failed).await {
                Ok(read) => set_log.set(Some(Ok(Came::new(read)))),
                Err(_) if !is_first => {}
                Err(error) => set_log.set(Some(Err(Came::new(trouble(&error, Reading::Log, has_token()))))),
            }
            reading_log.1.set(false);
        }))
    });
    BuildFeed { build, log, failed, log_open, seen: set_seen, retries }
}

/// Counts the reads of the runs, while `counting`: what goes on is read again after each.
fn polls(shown: Shown, counting: Live<bool>) -> Live<u32> {
    let (count, set_count) = live(0);
    let mut was_reading = false;
    effect(move || {
        let reading = shown.tree.root.reading.get();
        if was_reading && !reading && counting.get_untracked() {
            set_count.set(count.get_untracked() + 1);
        }
        was_reading = reading;
    });
    count
}

async fn draw_build(
    artifacts: &Artifacts,
    raw: &str,
    run: &Arc<Run>,
    now: Timestamp,
) -> Result<DrawnBuild, ApiError> {
    let axis = Window::fit(std::slice::from_ref(run), now);
    let [now, from, to] = [now, axis.from, axis.to].map(to_rfc3339);
    let texts = artifacts.worker.call(Call::Build, &[raw, &now, &from, &to]).await?;
    if let [line, column, reason, excerpt] = &texts[..] {
        let number = |text: &String| text.parse().unwrap_or(1);
        return Err(ApiError::Malformed(Malformed {
            line: number(line),
            column: number(column),
            reason: reason.clone(),
            excerpt: excerpt.clone(),
        }));
    }
    DrawnBuild::from_texts(texts).ok_or_else(not_understood)
}

async fn read_log(artifacts: &Artifacts, path: String, failed: bool) -> Result<Log, ApiError> {
    let request = Request { method: Method::Get, path_and_query: path, body: None };
    let read = read_text(&*artifacts.storage, &request, storage::GET_PERMISSION, LOG_PART).await?;
    let failed = if failed { "1" } else { "" };
    let drawn = artifacts.worker.call(Call::Log, &[&read.text, failed]).await?;
    let drawn = DrawnLog::from_texts(drawn).ok_or_else(not_understood)?;
    Ok(Log { text: read.text, whole: read.whole, drawn })
}

/// The worker's answer is none: the page and the worker are not of the same build.
pub fn not_understood() -> ApiError {
    ApiError::Part("its answer is none".to_owned())
}

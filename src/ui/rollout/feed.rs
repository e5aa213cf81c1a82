//! The runs of a rollout: read once, then again for as long as they can change, and whenever somebody comes
//! back to the page.

use std::pin::pin;
use std::time::Duration;

use futures::channel::mpsc;
use futures::future::{Either, join, select};
use futures::{FutureExt, StreamExt};
use leptos::ev;
use leptos::prelude::*;

use crate::api::client::for_each_page;
use crate::api::error::ApiError;
use crate::api::rollout::RolloutRecord;
use crate::api::source::{ListQuery, Record};
use crate::core::name::RolloutName;
use crate::model::rollout;
use crate::model::rollout::poll::next_poll;
use crate::model::run::RunSet;
use crate::ui::dom::clock;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::shown_address;
use crate::ui::session::use_session;

/// After this time without a response the page says that it is late.
const LATE_AFTER: Duration = Duration::from_secs(8);

/// The runs as last read, and how reading goes.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Feed {
    pub set: Signal<RunSet>,
    /// The rollout itself, as last read.
    pub rollout: Signal<Option<RolloutRecord>>,
    /// Why the rollout itself could not be read last, which leaves its runs to be shown.
    pub rollout_error: Signal<Option<ApiError>>,
    /// Whether a whole list was read at least once.
    pub loaded: Signal<bool>,
    /// Whether a list is being read now.
    pub reading: Signal<bool>,
    /// Whether its answer is long in coming.
    pub late: Signal<bool>,
    /// Why the last read failed.
    pub error: Signal<Option<ApiError>>,
    /// Locations that the server could not reach.
    pub unreachable: Signal<Vec<String>>,
    /// Whether the list will be read again by itself.
    pub following: Signal<bool>,
    wake: StoredValue<mpsc::UnboundedSender<Wake>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wake {
    /// The user asks for fresh data.
    Now,
    /// The page is seen again.
    Shown,
}

impl Feed {
    /// Reads the list again at once.
    pub(crate) fn refresh(self) {
        self.wake(Wake::Now);
    }

    fn wake(self, wake: Wake) {
        // Fails only when the page that the feed belongs to is gone.
        self.wake.try_with_value(|sender| drop(sender.unbounded_send(wake)));
    }
}

/// Follows a rollout until the owner that called this is cleaned up, which also aborts a request
/// that is under way. Another filter begins anew.
pub(crate) fn follow(name: RolloutName, filter: Signal<String>) -> Feed {
    let session = use_session();
    let (set, write_set) = signal(RunSet::default());
    let (record, set_record) = signal(None);
    let (rollout_error, set_rollout_error) = signal(None);
    let (loaded, set_loaded) = signal(false);
    let (reading, set_reading) = signal(true);
    let (late, set_late) = signal(false);
    Effect::new(move |_| {
        set_late.set_if_changed(false);
        if reading.get()
            && let Ok(timer) = set_timeout_with_handle(move || set_late.set_if_changed(true), LATE_AFTER)
        {
            on_cleanup(move || timer.clear());
        }
    });
    let (error, set_error) = signal(None);
    let (unreachable, set_unreachable) = signal(Vec::new());
    let (following, set_following) = signal(true);
    // Who waits is the reader that runs now; a wake that comes between two readers is not needed.
    let wake = StoredValue::new(mpsc::unbounded().0);
    let feed = Feed {
        set: set.into(),
        rollout: record.into(),
        rollout_error: rollout_error.into(),
        loaded: loaded.into(),
        reading: reading.into(),
        late: late.into(),
        error: error.into(),
        unreachable: unreachable.into(),
        following: following.into(),
        wake,
    };

    // A file does not change.
    let is_file = shown_address().is_file();
    let visibility = window_event_listener(ev::visibilitychange, move |_| {
        if !is_file && !document().hidden() {
            feed.wake(Wake::Shown);
        }
    });
    on_cleanup(move || visibility.remove());
    session.on_new_token(move || feed.refresh());

    let source = StoredValue::new_local(session.source(&shown_address()));
    let read = move |filter: String, mut woken: mpsc::UnboundedReceiver<Wake>| {
        let (source, name) = (source.get_value(), name.clone());
        let query = ListQuery { filter, order_by: String::new(), page_size: 1000 };
        async move {
            let mut failures = 0;
            loop {
                set_reading.set_if_changed(true);
                let mut records: Vec<Record> = Vec::new();
                let read_rollout = async {
                    match source.get_rollout(&name).await {
                        Ok(fresh) => {
                            set_record.set_if_changed(Some(fresh));
                            set_rollout_error.set_if_changed(None);
                        }
                        // Most files have only the runs, and lack nothing that they should have.
                        Err(problem) if is_file && problem.is_not_found() => {}
                        Err(problem) => set_rollout_error.set_if_changed(Some(problem)),
                    }
                };
                let read_runs = async {
                    let result = for_each_page(&*source, &name, &query, |page| {
                        records.extend(page);
                        // The first time, what has come is shown while the rest comes. Later the list
                        // on the screen is whole, and only a whole one replaces it.
                        if !loaded.get_untracked() {
                            let so_far = RunSet::new(records.clone(), Some(&set.read_untracked()));
                            write_set.set_if_changed(so_far);
                        }
                    })
                    .await;
                    // The rollout itself may be long in coming; the runs do not wait for it.
                    match result {
                        Ok(missing) => {
                            failures = 0;
                            let fresh = RunSet::new(records, Some(&set.read_untracked()));
                            write_set.set_if_changed(fresh);
                            set_unreachable.set_if_changed(missing);
                            set_error.set_if_changed(None);
                            set_loaded.set_if_changed(true);
                        }
                        Err(problem) => {
                            failures += 1;
                            set_error.set_if_changed(Some(problem));
                        }
                    }
                };
                // The user may ask for a new response rather than wait for this one.
                let reads = join(read_runs, read_rollout);
                let Some(is_asked) = until_refresh(reads, &mut woken, late.into()).await else { continue };
                set_reading.set_if_changed(false);

                // An error that will not pass by itself waits for a person.
                let last = error.get_untracked();
                let asked = last.as_ref().and_then(|error: &ApiError| error.refusal()?.retry_after);
                let stuck = last.as_ref().is_some_and(|error| !error.is_passing());
                let delay = match stuck || is_file {
                    true => None,
                    false => {
                        let is_open = rollout::read(&record.read_untracked()).map(rollout::is_open);
                        // Of one that is not known yet it may soon be.
                        let may_come =
                            rollout_error.read_untracked().as_ref().is_some_and(ApiError::is_passing);
                        let is_open = is_open.or(may_come.then_some(true));
                        next_poll(&set.read_untracked(), is_open, clock::now(), failures, asked)
                    }
                };
                set_following.set_if_changed(delay.is_some());
                if !is_asked {
                    wait(delay, &mut woken).await;
                }
            }
        }
    };
    let mut is_first = true;
    Effect::new(move |_| {
        let filter = filter.get();
        if !std::mem::take(&mut is_first) {
            set_loaded.set_if_changed(false);
            set_error.set_if_changed(None);
            set_unreachable.set_if_changed(Vec::new());
            write_set.set_if_changed(RunSet::default());
        }
        let (sender, woken) = mpsc::unbounded();
        wake.set_value(sender);
        let (reader, stop) = futures::future::abortable(read(filter, woken));
        leptos::task::spawn_local(reader.map(drop));
        on_cleanup(move || stop.abort());
    });
    feed
}

/// Reads to the end; or, when that is late, until somebody asks for a fresh start, which has no result. The
/// result is whether somebody has asked or come back meanwhile: what was read may be from before.
async fn until_refresh(
    reading: impl Future,
    woken: &mut mpsc::UnboundedReceiver<Wake>,
    late: Signal<bool>,
) -> Option<bool> {
    let (mut reading, mut is_asked) = (pin!(reading), false);
    loop {
        match select(&mut reading, woken.next()).await {
            Either::Left(_) => return Some(is_asked),
            Either::Right((Some(Wake::Now), _)) if late.get_untracked() => return None,
            Either::Right((Some(_), _)) => is_asked = true,
            // Nobody is left who could ask.
            Either::Right((None, _)) => {
                reading.await;
                return Some(false);
            }
        }
    }
}

/// Waits for the next read: `delay` while the page is seen, or until someone asks or comes back to it.
async fn wait(delay: Option<Duration>, woken: &mut mpsc::UnboundedReceiver<Wake>) {
    if let Some(delay) = delay {
        let mut timer = Box::pin(gloo_timers::future::sleep(delay)).fuse();
        loop {
            match select(&mut timer, woken.next()).await {
                Either::Right((Some(Wake::Now) | None, _)) => return,
                Either::Right((Some(Wake::Shown), _)) => {}
                Either::Left(_) => break,
            }
        }
    }
    // Time is up, or never will be: go on when somebody asks, or looks. Who comes back may have mended
    // elsewhere what failed here, or started it again.
    if delay.is_none() || document().hidden() {
        woken.next().await;
    }
}

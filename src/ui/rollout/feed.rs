//! The runs of a rollout: polled while they can change, and read again when the user comes back to the page.
//!
//! [`follow`] returns a [`Feed`], the signals that components read. A [`Poller`] fills them: one task that reads,
//! waits and reads again. [`Wakes`] interrupt its waiting.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures::channel::mpsc;
use futures::future::{Either, join, select};
use futures::{FutureExt, StreamExt};
use leptos::ev;
use leptos::prelude::*;

use crate::api::client::for_each_page;
use crate::api::error::ApiError;
use crate::api::rollout::RolloutRecord;
use crate::api::source::{ListQuery, Record, RunSource};
use crate::core::name::RolloutName;
use crate::model::rollout;
use crate::model::rollout::poll::next_poll;
use crate::model::run::RunSet;
use crate::ui::dom::clock;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::dom::spawn::spawn_scoped;
use crate::ui::nav::link::shown_address;
use crate::ui::session::use_session;

/// After this time without a response the page says that it is late.
const LATE_AFTER: Duration = Duration::from_secs(8);

/// The runs as last read, and how reading goes. A copy refers to the same feed.
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
    /// Whether the response is late.
    pub late: Signal<bool>,
    /// Why the last read failed.
    pub error: Signal<Option<ApiError>>,
    /// Locations that the server could not reach.
    pub unreachable: Signal<Vec<String>>,
    /// Whether the list will be read again by itself.
    pub following: Signal<bool>,
    wake: StoredValue<mpsc::UnboundedSender<Wake>>,
}

impl Feed {
    /// Reads the list again at once.
    pub(crate) fn refresh(self) {
        self.wake(Wake::Now);
    }

    fn wake(self, wake: Wake) {
        // Fails only when the page that the feed belongs to is gone.
        self.wake
            .try_with_value(|sender| drop(sender.unbounded_send(wake)));
    }
}

/// Follows a rollout until the owner that called this is cleaned up, which also aborts a request that is under way.
/// A new filter starts over.
pub(crate) fn follow(name: RolloutName, filter: Signal<String>) -> Feed {
    let (session, address) = (use_session(), shown_address());
    // A file does not change.
    let is_file = address.is_file();
    let source = session.source(&address);
    let state = FeedState::new();
    state.watch_for_delay();
    // Replaced by the sender to each new poller. A wake between two pollers is not needed.
    let wake = StoredValue::new(mpsc::unbounded().0);
    let feed = state.feed(wake);

    let visibility = window_event_listener(ev::visibilitychange, move |_| {
        if !is_file && !document().hidden() {
            feed.wake(Wake::Shown);
        }
    });
    on_cleanup(move || visibility.remove());
    session.on_new_token(move || feed.refresh());

    Effect::new(move |is_again: Option<()>| {
        let query = ListQuery {
            filter: filter.get(),
            order_by: String::new(),
            page_size: 1000,
        };
        if is_again.is_some() {
            state.clear();
        }
        let (sender, receiver) = mpsc::unbounded();
        wake.set_value(sender);
        let (source, name) = (source.clone(), name.clone());
        let poller = Poller {
            source,
            name,
            query,
            is_file,
            state,
            failures: Cell::new(0),
        };
        spawn_scoped(poller.run(Wakes(receiver)));
    });
    feed
}

/// The signals of a [`Feed`], to be written. The fields are those of the feed.
#[derive(Clone, Copy)]
struct FeedState {
    set: RwSignal<RunSet>,
    rollout: RwSignal<Option<RolloutRecord>>,
    rollout_error: RwSignal<Option<ApiError>>,
    loaded: RwSignal<bool>,
    reading: RwSignal<bool>,
    late: RwSignal<bool>,
    error: RwSignal<Option<ApiError>>,
    unreachable: RwSignal<Vec<String>>,
    following: RwSignal<bool>,
}

impl FeedState {
    /// The state before the first response.
    fn new() -> Self {
        Self {
            set: RwSignal::default(),
            rollout: RwSignal::default(),
            rollout_error: RwSignal::default(),
            loaded: RwSignal::new(false),
            reading: RwSignal::new(true),
            late: RwSignal::new(false),
            error: RwSignal::default(),
            unreachable: RwSignal::default(),
            following: RwSignal::new(true),
        }
    }

    /// The feed that is written here.
    fn feed(self, wake: StoredValue<mpsc::UnboundedSender<Wake>>) -> Feed {
        Feed {
            set: self.set.into(),
            rollout: self.rollout.into(),
            rollout_error: self.rollout_error.into(),
            loaded: self.loaded.into(),
            reading: self.reading.into(),
            late: self.late.into(),
            error: self.error.into(),
            unreachable: self.unreachable.into(),
            following: self.following.into(),
            wake,
        }
    }

    /// Keeps `late` up to date: true once a read takes longer than [`LATE_AFTER`].
    fn watch_for_delay(self) {
        let Self { reading, late, .. } = self;
        Effect::new(move |_| {
            late.set_if_changed(false);
            if reading.get()
                && let Ok(timer) =
                    set_timeout_with_handle(move || late.set_if_changed(true), LATE_AFTER)
            {
                on_cleanup(move || timer.clear());
            }
        });
    }

    /// Forgets the runs, which another filter let through. The rollout itself stays.
    fn clear(self) {
        self.loaded.set_if_changed(false);
        self.error.set_if_changed(None);
        self.unreachable.set_if_changed(Vec::new());
        self.set.set_if_changed(RunSet::default());
    }

    /// Replaces the runs.
    fn set_runs(self, records: Vec<Record>) {
        let set = self
            .set
            .with_untracked(|known| RunSet::new(records, Some(known)));
        self.set.set_if_changed(set);
    }
}

/// Reads a rollout and its runs with one filter, again and again.
struct Poller {
    source: Rc<dyn RunSource>,
    name: RolloutName,
    query: ListQuery,
    /// Whether the source is a file, which does not change.
    is_file: bool,
    state: FeedState,
    /// How many lists in a row could not be read.
    failures: Cell<u32>,
}

impl Poller {
    /// Polls until the task is cancelled.
    async fn run(self, mut wakes: Wakes) {
        let state = self.state;
        loop {
            state.reading.set_if_changed(true);
            // The runs do not wait for the rollout itself, which may be late.
            let reads = join(self.read_runs(), self.read_rollout());
            let end = wakes.until_read(reads, state.late).await;
            if end == ReadEnd::Abandoned {
                continue;
            }
            state.reading.set_if_changed(false);
            let delay = self.delay();
            state.following.set_if_changed(delay.is_some());
            if end == ReadEnd::Fresh {
                wakes.wait(delay).await;
            }
        }
    }

    async fn read_rollout(&self) {
        let state = self.state;
        match self.source.get_rollout(&self.name).await {
            Ok(rollout) => {
                state.rollout.set_if_changed(Some(rollout));
                state.rollout_error.set_if_changed(None);
            }
            // Most files have only the runs, and lack nothing that they should have.
            Err(error) if self.is_file && error.is_not_found() => {}
            Err(error) => state.rollout_error.set_if_changed(Some(error)),
        }
    }

    async fn read_runs(&self) {
        let state = self.state;
        let mut records: Vec<Record> = Vec::new();
        let on_page = |page| {
            records.extend(page);
            // The first time, each page is shown as it comes. Later the list on the screen is whole, and only a
            // whole one replaces it.
            if !state.loaded.get_untracked() {
                state.set_runs(records.clone());
            }
        };
        match for_each_page(&*self.source, &self.name, &self.query, on_page).await {
            Ok(unreachable) => {
                self.failures.set(0);
                state.set_runs(records);
                state.unreachable.set_if_changed(unreachable);
                state.error.set_if_changed(None);
                state.loaded.set_if_changed(true);
            }
            Err(error) => {
                self.failures.set(self.failures.get() + 1);
                state.error.set_if_changed(Some(error));
            }
        }
    }

    /// How long to wait before the next read; `None` to wait until the user asks for it.
    fn delay(&self) -> Option<Duration> {
        let state = self.state;
        let error = state.error.get_untracked();
        // An error that will not pass by itself waits for the user.
        if self.is_file || error.as_ref().is_some_and(|error| !error.is_passing()) {
            return None;
        }
        let asked = error
            .as_ref()
            .and_then(|error| error.refusal()?.retry_after);
        let is_open = state
            .rollout
            .with_untracked(|record| rollout::read(record).map(rollout::is_open));
        // A rollout that is not known yet may be known soon.
        let may_come = || {
            let is_passing =
                |error: &Option<ApiError>| error.as_ref().is_some_and(ApiError::is_passing);
            state
                .rollout_error
                .with_untracked(is_passing)
                .then_some(true)
        };
        let (is_open, now) = (is_open.or_else(may_come), clock::now());
        state
            .set
            .with_untracked(|set| next_poll(set, is_open, now, self.failures.get(), asked))
    }
}

/// A reason to read before the time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wake {
    /// The user asks for fresh data.
    Now,
    /// The page is visible again.
    Shown,
}

/// How a read ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ReadEnd {
    /// Read to the end.
    Fresh,
    /// Read to the end, and a wake came meanwhile: the response may be older than it.
    Stale,
    /// Given up for a new read.
    Abandoned,
}

/// Receives what wakes a [`Poller`].
struct Wakes(mpsc::UnboundedReceiver<Wake>);

impl Wakes {
    /// Reads to the end, unless the user asks for fresh data while the response is late.
    async fn until_read(&mut self, reads: impl Future, late: RwSignal<bool>) -> ReadEnd {
        let (mut reads, mut end) = (pin!(reads), ReadEnd::Fresh);
        loop {
            match select(&mut reads, self.0.next()).await {
                Either::Left(_) => return end,
                Either::Right((Some(Wake::Now), _)) if late.get_untracked() => {
                    return ReadEnd::Abandoned;
                }
                Either::Right((Some(_), _)) => end = ReadEnd::Stale,
                // No sender is left.
                Either::Right((None, _)) => {
                    reads.await;
                    return ReadEnd::Fresh;
                }
            }
        }
    }

    /// Waits for the next read: for `delay` while the page is visible, or until a wake.
    async fn wait(&mut self, delay: Option<Duration>) {
        if let Some(delay) = delay {
            let mut timer = pin!(gloo_timers::future::sleep(delay).fuse());
            loop {
                match select(&mut timer, self.0.next()).await {
                    Either::Right((Some(Wake::Now) | None, _)) => return,
                    Either::Right((Some(Wake::Shown), _)) => {}
                    Either::Left(_) => break,
                }
            }
        }
        // A hidden page does not poll, and without a delay nothing else ends the wait. Users who come back may have
        // mended elsewhere what failed here, or started it again.
        if delay.is_none() || document().hidden() {
            self.0.next().await;
        }
    }
}

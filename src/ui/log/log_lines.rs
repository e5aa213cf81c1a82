//! The lines of a log that are on the screen, of however many there are: a virtual list.
//!
//! The page only ever has the lines that are in sight and some beside them, in a [`Frame`] that is scrolled as if all
//! were there. The worker has the log, and sends the lines that the list requests as it is scrolled.

use std::time::Duration;

use gloo_timers::future::sleep;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use web_sys::Element;

use super::log_feed::{LogFeed, mark};
use super::log_frame::Frame;
use super::log_row::LogRow;
use crate::model::address::LogView;
use crate::model::event_log::scroll::Scroll;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::{use_address, use_navigate};
use crate::workers::log::protocol::{Clock, Phase, Rows, RowsRequest, Search};

/// Scrolling has ended when no scroll event came for so long.
const SETTLED: Duration = Duration::from_millis(150);

/// What the lines are drawn by: when it changes, they are requested anew.
#[derive(Clone, Default, PartialEq)]
struct LineSettings {
    log: LogView,
    clock: Clock,
    /// The line that the search stands at.
    current: Option<u32>,
    searches: bool,
}

impl LineSettings {
    /// Whether other lines may be shown than with other settings.
    fn selects_otherwise(&self, other: &Self) -> bool {
        (&self.log.from, &self.log.level, self.log.has('o'))
            != (&other.log.from, &other.log.level, other.log.has('o'))
    }
}

/// A virtual list. A copy refers to the same list.
#[derive(Clone, Copy)]
pub(super) struct LineList {
    feed: LogFeed,
    settings: Memo<LineSettings>,
    /// The lines that are in the page.
    drawn: RwSignal<Rows>,
    /// What they are scrolled in.
    frame: Frame,
    state: StoredValue<ListState>,
    /// Whether the end is kept in sight.
    pub follow: RwSignal<bool>,
}

/// How far the list is with drawing.
#[derive(Clone, Copy, Default)]
struct ListState {
    /// Lines are being requested.
    is_requesting: bool,
    /// They have to be requested again: since then the list was scrolled, or its settings have changed.
    is_stale: bool,
    /// The first lines are on the screen.
    has_painted: bool,
    /// Counts scroll events, so that the last one is known.
    moves: u32,
}

/// The clock that times are shown by.
pub(super) fn clock_of(log: &LogView, utc: bool) -> Clock {
    match (log.has('t'), utc) {
        (true, _) => Clock::Relative,
        (false, true) => Clock::Utc,
        (false, false) => Clock::Local,
    }
}

impl LineList {
    /// Returns the list of a log's lines. `follows`: its end is kept in sight at first.
    pub(super) fn new(feed: LogFeed, follows: bool) -> Self {
        let address = use_address();
        let settings = Memo::new(move |_| {
            let view = address.read().view();
            let report = feed.report.read();
            LineSettings {
                clock: clock_of(&view.log, view.utc),
                log: view.log,
                current: report.current,
                searches: report.search != Search::None,
            }
        });
        let list = Self {
            feed,
            settings,
            drawn: RwSignal::new(Rows::default()),
            frame: Frame::new(),
            state: StoredValue::new(ListState::default()),
            follow: RwSignal::new(follows),
        };
        list.watch_size();
        list.watch_count();
        list.watch_settings();
        list.watch_picked();
        list.watch_search();
        list
    }

    /// Measures the frame once it is in the page, and when the window gets another size.
    fn watch_size(self) {
        let measure = move || {
            if !self.is_gone() {
                self.frame.fit();
                self.draw();
            }
        };
        Effect::new(move |_| {
            if self.frame.frame.get().is_some() {
                request_animation_frame(measure);
            }
        });
        let resized = window_event_listener(leptos::ev::resize, move |_| measure());
        on_cleanup(move || resized.remove());
    }

    /// Draws when there are more lines, or others.
    fn watch_count(self) {
        let count = Memo::new(move |_| {
            let report = self.feed.report.read();
            (report.shown, report.phase == Phase::Reading)
        });
        Effect::new(move |_| {
            let (shown, _) = count.get();
            // Before the list becomes longer: a user who goes elsewhere in that moment must not be taken back.
            let leaves = self.frame.is_leaving();
            self.frame.set_lines(shown);
            if self.follow.get_untracked() && !leaves {
                self.frame.go(Scroll::show_end);
            }
            self.draw();
        });
    }

    /// Requests the lines anew when they are to be drawn otherwise.
    fn watch_settings(self) {
        Effect::new(move |before: Option<LineSettings>| {
            let settings = self.settings.get();
            self.frame.set_wraps(settings.log.has('w'));
            self.state.update_value(|state| state.is_stale = true);
            self.draw();
            // Other lines are shown: an index into the old ones means nothing.
            if settings.selects_otherwise(&before.unwrap_or_default())
                && let Some((line, _)) = settings.log.picked
            {
                self.show(line);
            }
            settings
        });
    }

    /// Shows a line that the address picks, as soon as it has come.
    fn watch_picked(self) {
        let address = use_address();
        let picked = Memo::new(move |_| {
            let picked = address.read().view().log.picked;
            picked.filter(|(_, to)| self.feed.report.read().lines >= *to)
        });
        Effect::new(move |_| {
            if let Some((_, line)) = picked.get() {
                self.leave_end_for(line);
            }
        });
    }

    /// Shows where the search stands.
    fn watch_search(self) {
        let current = Memo::new(move |_| self.settings.read().current);
        // A line that an address picks is not left for what the search of the same address finds first.
        let mut has_picked = self.settings.with_untracked(|settings| {
            settings.log.picked.is_some() && !settings.log.query.is_empty()
        });
        Effect::new(move |_| {
            if let Some(line) = current.get()
                && !std::mem::take(&mut has_picked)
            {
                self.leave_end_for(line);
            }
        });
    }

    /// Shows a line, and no longer follows the end.
    fn leave_end_for(self, line: u32) {
        self.follow.set_if_changed(false);
        self.show(line);
    }

    /// Scrolls a line into view.
    pub(super) fn show(self, line: u32) {
        spawn_local(async move {
            let index = self.feed.index_of(line).await;
            if let Some(index) = index.filter(|_| !self.is_gone()) {
                self.frame.go(|scroll| scroll.show(index));
                self.draw();
            }
        });
    }

    /// Goes to the next line with a match, or to the one before.
    pub(super) fn step(self, forward: bool) {
        spawn_local(async move {
            let line = self.feed.step_match(forward).await;
            if let Some(line) = line.filter(|_| !self.is_gone()) {
                self.leave_end_for(line);
            }
        });
    }

    /// Keeps the end in sight, or does no longer.
    pub(super) fn set_follow(self, follows: bool) {
        self.follow.set_if_changed(follows);
        if follows {
            self.frame.go(Scroll::show_end);
            self.draw();
        }
    }

    /// Gives the lines the focus.
    pub(super) fn focus(self) {
        self.frame.focus();
    }

    /// Whether the page shows something else by now. A late answer must not touch the list then.
    fn is_gone(self) -> bool {
        self.drawn.is_disposed()
    }

    /// Draws the lines that are to be seen, unless they are.
    fn draw(self) {
        self.position_rows();
        if self.state.get_value().is_requesting {
            self.state.update_value(|state| state.is_stale = true);
            return;
        }
        self.state.update_value(|state| state.is_requesting = true);
        spawn_local(async move {
            self.request_rows().await;
            self.state
                .try_update_value(|state| state.is_requesting = false);
        });
    }

    /// Requests lines, again for as long as the list changes meanwhile.
    async fn request_rows(self) {
        while !self.is_gone()
            && let Some(request) = self.next_request()
        {
            let rows = self.feed.rows(request).await;
            let Some(rows) = rows.filter(|_| !self.is_gone()) else {
                break;
            };
            let has_rows = !rows.rows.is_empty();
            self.drawn.set_if_changed(rows);
            self.position_rows();
            if has_rows {
                self.mark_first_lines();
            }
            if !self.state.get_value().is_stale {
                break;
            }
        }
    }

    /// The request for the lines that are missing; `None` when none are.
    fn next_request(self) -> Option<RowsRequest> {
        let (first, count) = self.frame.wanted();
        let is_stale = self.state.get_value().is_stale;
        self.state.update_value(|state| state.is_stale = false);
        if !is_stale && self.has(first, count) {
            return None;
        }
        let settings = self.settings.get_untracked();
        Some(RowsRequest {
            first,
            count,
            clock: settings.clock,
            picked: settings.log.picked,
        })
    }

    /// Whether the page has the lines that are seen; `first` and `count` are those that are wanted.
    fn has(self, first: u32, count: u32) -> bool {
        let there = self
            .drawn
            .with_untracked(|drawn| drawn.first..drawn.first + drawn.rows.len() as u32);
        self.frame.is_filled_by(there, first..first + count)
    }

    /// Moves the lines to where they belong in the frame.
    fn position_rows(self) {
        self.frame
            .position_rows(self.drawn.with_untracked(|drawn| drawn.first));
    }

    /// Marks, for benchmarks, when the first lines are on the screen: in the frame after the next one.
    fn mark_first_lines(self) {
        if !self.state.get_value().has_painted {
            self.state.update_value(|state| state.has_painted = true);
            request_animation_frame(|| request_animation_frame(|| mark("log:first-lines")));
        }
    }

    /// The user has scrolled, or the list itself has.
    fn moved(self) {
        if self.is_gone() {
            return;
        }
        // A user who goes up does not want the end any more.
        if self.frame.has_gone_up() {
            self.follow.set_if_changed(false);
        }
        self.draw();
        let moves = self.state.get_value().moves.wrapping_add(1);
        self.state.update_value(|state| state.moves = moves);
        spawn_local(async move {
            sleep(SETTLED).await;
            if !self.is_gone() && self.state.get_value().moves == moves && !self.frame.is_leaving()
            {
                self.frame.go(Scroll::settle);
            }
        });
    }
}

/// The lines in their frame. A click on a line's number picks it.
#[component]
pub(super) fn LogLines(list: LineList) -> impl IntoView {
    let go = use_navigate();
    let address = use_address();
    let pick = move |event: MouseEvent| {
        let Some(line) = clicked_number(&event) else {
            return;
        };
        go(&address.get_untracked().with(|view| match view.log.picked {
            Some((from, _)) if event.shift_key() => view.log.picked = Some((from, line)),
            Some((a, b)) if a == b && a == line => view.log.picked = None,
            _ => view.log.pick(line),
        }));
    };
    let is_wrapped = move || list.settings.read().log.has('w');
    let rows = move || {
        let Rows { first, shown, rows } = list.drawn.get();
        rows.into_iter()
            .zip(first..)
            .map(|(row, index)| view! { <LogRow row index shown /> })
            .collect_view()
    };
    view! {
        <div
            class="log-frame"
            class:is-wrapped=is_wrapped
            tabindex="0"
            role="region"
            aria-label="Lines of the log"
            node_ref=list.frame.frame
            on:scroll=move |_| list.moved()
            on:click=pick
        >
            <div class="log-window">
                <div class="log-rows" role="list" node_ref=list.frame.rows>{rows}</div>
            </div>
            <div class="log-space" node_ref=list.frame.space></div>
        </div>
    }
}

/// The line whose number was clicked. One listener serves all lines, so that drawing a line adds none.
fn clicked_number(event: &MouseEvent) -> Option<u32> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let row = target
        .closest(".log-number")
        .ok()??
        .closest("[data-row]")
        .ok()??;
    row.get_attribute("data-row")?.parse().ok()
}

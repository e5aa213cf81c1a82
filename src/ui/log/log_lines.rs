//! The lines of a log that are on the screen, of however many there are.
//!
//! The page only ever has the lines that are seen and some beside them, in a [`Frame`] that is scrolled
//! as if all were there; the worker draws them.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use super::log_feed::{LogFeed, mark};
use super::log_frame::Frame;
use crate::model::address::LogView;
use crate::model::event_log::scroll::Scroll;
use crate::ui::dom::dynamic::{dynamic, flag};
use crate::ui::dom::el::{El, el};
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::{use_address, use_navigate};
use crate::ui::widgets::drawn_view::drawn_view;

/// The lines that are in the page.
#[derive(Clone, Default)]
struct Drawn {
    /// The index of the first, from 0.
    first: u32,
    rows: Arc<Vec<String>>,
}

impl PartialEq for Drawn {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.rows, &other.rows)
    }
}

/// What the lines are drawn by: when it changes, they are drawn anew.
#[derive(Clone, Default, PartialEq)]
struct LineSettings {
    log: LogView,
    clock: &'static str,
    current: String,
    searches: bool,
}

/// The list, for those who move it.
#[derive(Clone, Copy)]
pub(crate) struct LogLines(StoredValue<Rc<List>, LocalStorage>);

struct List {
    feed: LogFeed,
    settings: Signal<LineSettings>,
    drawn: RwSignal<Drawn>,
    frame: Frame,
    /// The lines are asked for, and whether they have to be once more.
    is_asking: Cell<bool>,
    is_late: Cell<bool>,
    has_painted: Cell<bool>,
    /// Counts movements, for what is done once they have ended.
    moves: Cell<u32>,
    /// Whether the end is kept in sight.
    pub follow: RwSignal<bool>,
}

/// The clock that times are shown by.
pub(crate) fn clock_of(log: &LogView, utc: bool) -> &'static str {
    match (log.has('t'), utc) {
        (true, _) => "relative",
        (false, true) => "utc",
        (false, false) => "",
    }
}

impl LogLines {
    /// The lines of a log; `follows` says whether its end is kept in sight at first.
    pub(crate) fn new(feed: LogFeed, follows: bool) -> Self {
        let address = use_address();
        let settings = Memo::new(move |_| {
            let view = address.read().view();
            let report = feed.report.read();
            LineSettings {
                clock: clock_of(&view.log, view.utc),
                log: view.log,
                current: report.current.clone(),
                searches: !report.search.is_empty(),
            }
        });
        let list = Rc::new(List {
            feed,
            settings: settings.into(),
            drawn: RwSignal::new(Drawn::default()),
            frame: Frame::default(),
            is_asking: Cell::default(),
            is_late: Cell::default(),
            has_painted: Cell::default(),
            moves: Cell::default(),
            follow: RwSignal::new(follows),
        });
        let lines = Self(StoredValue::new_local(list));
        lines.watch();
        lines
    }

    fn list(self) -> Option<Rc<List>> {
        self.0.try_get_value()
    }

    /// Whether the end is kept in sight.
    pub(crate) fn follow(self) -> RwSignal<bool> {
        self.0.get_value().follow
    }

    fn watch(self) {
        let Some(list) = self.list() else { return };
        let resized = window_event_listener_untyped("resize", move |_| {
            if let Some(list) = self.list() {
                list.frame.fit();
                self.draw();
            }
        });
        on_cleanup(move || resized.remove());
        let (feed, settings) = (list.feed, list.settings);
        // More lines, or others.
        let count = Memo::new(move |_| {
            let report = feed.report.read();
            (report.shown, report.phase == "reading")
        });
        Effect::new(move |_| {
            let (shown, _) = count.get();
            let Some(list) = self.list() else { return };
            // Before the list becomes longer: who goes elsewhere in that moment must not be taken back.
            let leaves = list.frame.is_leaving();
            list.frame.set_lines(shown);
            if list.follow.get_untracked() && !leaves {
                list.frame.go(Scroll::show_end);
            }
            self.draw();
        });
        let mut before = LineSettings::default();
        Effect::new(move |_| {
            let new = settings.get();
            let Some(list) = self.list() else { return };
            list.frame.set_wraps(new.log.has('w'));
            // Other lines are shown: an index into the old ones means nothing.
            let is_other = (&new.log.from, &new.log.level, new.log.has('o'))
                != (&before.log.from, &before.log.level, before.log.has('o'));
            before = new;
            list.is_late.set(true);
            self.draw();
            if is_other && let Some((line, _)) = before.log.picked {
                self.show(line);
            }
        });
        // A line that the address picks, as soon as it has come.
        let address = use_address();
        let picked = Memo::new(move |_| address.read().view().log.picked);
        let has_come = Memo::new(move |_| picked.get().filter(|(_, to)| feed.report.read().lines >= *to));
        Effect::new(move |_| {
            if let Some((_, line)) = has_come.get() {
                if let Some(list) = self.list() {
                    list.follow.set_if_changed(false);
                }
                self.show(line);
            }
        });
        // Where the search stands. A line that an address picks is not left for what the search of the same
        // address finds first.
        let current = Memo::new(move |_| settings.read().current.parse::<u32>().ok());
        let mut is_first =
            picked.get_untracked().is_some() && !settings.read_untracked().log.query.is_empty();
        Effect::new(move |_| {
            if let Some(line) = current.get()
                && !std::mem::take(&mut is_first)
            {
                if let Some(list) = self.list() {
                    list.follow.set_if_changed(false);
                }
                self.show(line);
            }
        });
    }

    /// Brings a line, from 1, into view.
    pub(crate) fn show(self, line: u32) {
        let Some(list) = self.list() else { return };
        leptos::task::spawn_local(async move {
            let Some(reply) = list.feed.send("place", &[&line.to_string()]).await else { return };
            if let Some(index) = reply.first().and_then(|index| index.parse().ok()) {
                list.frame.go(|scroll| scroll.show(index));
                self.draw();
            }
        });
    }

    /// Keeps the end in sight, or does no longer.
    pub(crate) fn set_follow(self, follows: bool) {
        let Some(list) = self.list() else { return };
        list.follow.set_if_changed(follows);
        if follows {
            list.frame.go(Scroll::show_end);
            self.draw();
        }
    }

    /// Gives the lines the focus.
    pub(crate) fn focus(self) {
        if let Some(list) = self.list() {
            list.frame.focus();
        }
    }

    /// Has the lines drawn that are to be seen, unless they are.
    fn draw(self) {
        let Some(list) = self.list() else { return };
        list.position_rows();
        if list.is_asking.replace(true) {
            list.is_late.set(true);
            return;
        }
        leptos::task::spawn_local(async move {
            loop {
                let is_late = list.is_late.replace(false);
                let (first, count) = list.frame.wanted();
                if !is_late && list.has(first, count) {
                    break;
                }
                let settings = list.settings.get_untracked();
                let (a, b) = settings.log.picked.unwrap_or_default();
                let texts = [first, count, 0, a, b].map(|number| number.to_string());
                let texts = [&*texts[0], &texts[1], settings.clock, &texts[3], &texts[4]];
                let Some(mut answer) = list.feed.send("rows", &texts).await else { break };
                if self.list().is_none() {
                    return;
                }
                let rows = answer.split_off(2.min(answer.len()));
                let has_rows = !rows.is_empty();
                list.drawn.set_if_changed(Drawn { first, rows: rows.into() });
                list.position_rows();
                if has_rows && !list.has_painted.replace(true) {
                    // The frame after this one has it on the screen.
                    request_animation_frame(|| {
                        request_animation_frame(|| mark("log:first-lines"));
                    });
                }
                if !list.is_late.get() {
                    break;
                }
            }
            list.is_asking.set(false);
        });
    }

    /// The list as elements; a click on a line's number picks it.
    pub(crate) fn view(self) -> El {
        let Some(list) = self.list() else { return el("div") };
        let (drawn, settings) = (list.drawn, list.settings);
        let go = use_navigate();
        let address = use_address();
        let rows = dynamic(move || {
            let rows = drawn.get().rows;
            el("div")
                .class("log-rows")
                .attr("role", "list")
                .children(rows.iter().filter_map(|row| drawn_view(row)))
        });
        let is_wrapped = flag(move || settings.read().log.has('w'));
        let measure = move || {
            if let Some(list) = self.list() {
                list.frame.fit();
            }
            self.draw();
        };
        list.frame
            .view(rows, measure)
            .class_if("is-wrapped", is_wrapped)
            .on("scroll", move |_| self.moved())
            .on("click", move |event| {
                let Some(line) = clicked_line(&event, ".log-number") else { return };
                let extends = event.unchecked_ref::<MouseEvent>().shift_key();
                go(&address.get_untracked().with(|view| match view.log.picked {
                    Some((from, _)) if extends => view.log.picked = Some((from, line)),
                    Some((a, b)) if a == b && a == line => view.log.picked = None,
                    _ => view.log.pick(line),
                }));
            })
    }

    fn moved(self) {
        let Some(list) = self.list() else { return };
        // Whoever goes up does not want the end any more.
        if list.frame.has_gone_up() {
            list.follow.set_if_changed(false);
        }
        self.draw();
        let moves = list.moves.get().wrapping_add(1);
        list.moves.set(moves);
        leptos::task::spawn_local(async move {
            gloo_timers::future::sleep(std::time::Duration::from_millis(150)).await;
            if list.moves.get() == moves && !list.frame.is_leaving() {
                list.frame.go(Scroll::settle);
            }
        });
    }
}

impl List {
    /// Whether the page has the lines that are seen; `first` and `count` are those that are wanted.
    fn has(&self, first: u32, count: u32) -> bool {
        let drawn = self.drawn.get_untracked();
        self.frame.is_filled_by(drawn.first..drawn.first + drawn.rows.len() as u32, first..first + count)
    }

    /// Puts the lines where they belong in the frame.
    fn position_rows(&self) {
        self.frame.position_rows(self.drawn.get_untracked().first);
    }
}

/// The line that a click on something within `part` is of.
pub(crate) fn clicked_line(event: &web_sys::Event, part: &str) -> Option<u32> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let of = target.closest(part).ok()??.closest("[data-row]").ok()??;
    of.get_attribute("data-row")?.parse().ok()
}

//! The lines of a log that are on the screen, of however many there are.
//!
//! The page only ever has the lines that are seen and some beside them; the worker draws them. A
//! frame is scrolled that is as high as all lines would be, or as high as browsers let it be, and
//! the lines stand in a window that stays in sight in it (see [`Scroll`]).

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, MouseEvent};

use super::drawn_view::drawn_view;
use super::dynamic::{dynamic, flag};
use super::el::{El, el};
use super::live::{Live, Var, effect, live, memo};
use super::log_feed::{LogFeed, mark};
use super::place::{use_address, use_go};
use crate::model::address::LogView;
use crate::model::event_log::scroll::{LINE, Scroll};

/// So many lines are drawn above and below those that are seen, so that a wheel does not run into
/// nothing.
const BESIDE: u32 = 30;

/// The lines that are in the page.
#[derive(Clone, Default)]
struct Drawn {
    /// The place of the first, from 0.
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
struct Look {
    log: LogView,
    clock: &'static str,
    current: String,
    searches: bool,
}

/// The list, for those who move it.
#[derive(Clone, Copy)]
pub struct LogLines(StoredValue<Rc<List>, LocalStorage>);

struct List {
    feed: LogFeed,
    look: Live<Look>,
    drawn: Var<Drawn>,
    scroll: RefCell<Scroll>,
    frame: RefCell<Option<HtmlElement>>,
    window: RefCell<Option<HtmlElement>>,
    /// What makes the frame as high as it has to be.
    space: RefCell<Option<HtmlElement>>,
    /// The lines are asked for, and whether they have to be once more.
    is_asking: Cell<bool>,
    is_late: Cell<bool>,
    has_painted: Cell<bool>,
    /// Counts movements, for what is done once they have ended.
    moves: Cell<u32>,
    /// Whether the end is kept in sight.
    pub follow: Var<bool>,
}

/// The clock that times are shown by.
pub fn clock_of(log: &LogView, utc: bool) -> &'static str {
    match (log.has('t'), utc) {
        (true, _) => "relative",
        (false, true) => "utc",
        (false, false) => "",
    }
}

impl LogLines {
    /// The lines of a log; `follows` says whether its end is kept in sight at first.
    pub fn new(feed: LogFeed, follows: bool) -> Self {
        let address = use_address();
        let look = memo(move || {
            let view = address.read().view();
            let report = feed.report.read();
            Look {
                clock: clock_of(&view.log, view.utc),
                log: view.log,
                current: report.current.clone(),
                searches: !report.search.is_empty(),
            }
        });
        let list = Rc::new(List {
            feed,
            look,
            drawn: live(Drawn::default()),
            scroll: RefCell::default(),
            frame: RefCell::default(),
            window: RefCell::default(),
            space: RefCell::default(),
            is_asking: Cell::default(),
            is_late: Cell::default(),
            has_painted: Cell::default(),
            moves: Cell::default(),
            follow: live(follows),
        });
        let lines = Self(StoredValue::new_local(list));
        lines.watch();
        lines
    }

    fn list(self) -> Option<Rc<List>> {
        self.0.try_get_value()
    }

    /// Whether the end is kept in sight.
    pub fn follow(self) -> Var<bool> {
        self.0.get_value().follow
    }

    fn watch(self) {
        let Some(list) = self.list() else { return };
        let resized = window_event_listener_untyped("resize", move |_| {
            if let Some(list) = self.list() {
                list.fit();
                self.draw();
            }
        });
        on_cleanup(move || resized.remove());
        let (feed, look) = (list.feed, list.look);
        // More lines, or others.
        let count = memo(move || {
            let report = feed.report.read();
            (report.shown, report.phase == "reading")
        });
        effect(move || {
            let (shown, _) = count.get();
            let Some(list) = self.list() else { return };
            list.scroll.borrow_mut().lines = shown;
            list.fit();
            if list.follow.0.get_untracked() {
                let bar = list.scroll.borrow_mut().show_end();
                list.set_bar(bar);
            }
            self.draw();
        });
        let mut before = Look::default();
        effect(move || {
            let new = look.get();
            let Some(list) = self.list() else { return };
            list.scroll.borrow_mut().wraps = new.log.has('w');
            if new.log.has('w') != before.log.has('w') {
                list.fit();
            }
            // Other lines are shown: the place in them means nothing any more.
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
        let picked = memo(move || address.read().view().log.picked);
        let has_come = memo(move || picked.get().filter(|(_, to)| feed.report.read().lines >= *to));
        effect(move || {
            if let Some((_, line)) = has_come.get() {
                if let Some(list) = self.list() {
                    list.follow.1.set(false);
                }
                self.show(line);
            }
        });
        // Where the search stands. A line that is picked is not left for what is found first.
        let current = memo(move || look.read().current.parse::<u32>().ok());
        let mut is_first = picked.get_untracked().is_some();
        effect(move || {
            if let Some(line) = current.get()
                && !std::mem::take(&mut is_first)
            {
                if let Some(list) = self.list() {
                    list.follow.1.set(false);
                }
                self.show(line);
            }
        });
    }

    /// Brings a line, from 1, into view.
    pub fn show(self, line: u32) {
        let Some(list) = self.list() else { return };
        leptos::task::spawn_local(async move {
            let Some(place) = list.feed.send("place", &[&line.to_string()]).await else { return };
            if let Some(place) = place.first().and_then(|place| place.parse().ok()) {
                let bar = list.scroll.borrow_mut().show(place);
                list.set_bar(bar);
                self.draw();
            }
        });
    }

    /// Keeps the end in sight, or does no longer.
    pub fn set_follow(self, follows: bool) {
        let Some(list) = self.list() else { return };
        list.follow.1.set(follows);
        if follows {
            let bar = list.scroll.borrow_mut().show_end();
            list.set_bar(bar);
            self.draw();
        }
    }

    /// Gives the lines the focus.
    pub fn focus(self) {
        if let Some(frame) = self.list().and_then(|list| list.frame.borrow().clone()) {
            let _ = frame.focus();
        }
    }

    /// Has the lines drawn that are to be seen, unless they are.
    fn draw(self) {
        let Some(list) = self.list() else { return };
        list.place_window();
        if list.is_asking.replace(true) {
            list.is_late.set(true);
            return;
        }
        leptos::task::spawn_local(async move {
            loop {
                let is_late = list.is_late.replace(false);
                let (first, count) = list.wanted();
                if !is_late && list.has(first, count) {
                    break;
                }
                let look = list.look.get_untracked();
                let (a, b) = look.log.picked.unwrap_or_default();
                let texts = [first, count, 0, a, b].map(|number| number.to_string());
                let texts = [&*texts[0], &texts[1], look.clock, &texts[3], &texts[4]];
                let Some(mut answer) = list.feed.send("rows", &texts).await else { break };
                if self.list().is_none() {
                    return;
                }
                let rows = answer.split_off(2.min(answer.len()));
                let has_rows = !rows.is_empty();
                list.drawn.1.set(Drawn { first, rows: rows.into() });
                list.place_window();
                if has_rows && !list.has_painted.replace(true) {
                    // The frame after this one has it on the screen.
                    request_animation_frame(|| {
                        request_animation_frame(|| mark("log:first-lines"));
                    });
                }
                if !list.is_late.get() && list.has(first, count) {
                    break;
                }
                if !list.is_late.get() {
                    break;
                }
            }
            list.is_asking.set(false);
        });
    }

    /// The list as elements; a click on a line's number picks it.
    pub fn view(self) -> El {
        let Some(list) = self.list() else { return el("div") };
        let (drawn, look) = (list.drawn.0, list.look);
        let go = use_go();
        let address = use_address();
        let (for_frame, for_window, for_space) = (list.clone(), list.clone(), list);
        let rows = dynamic(move || {
            let rows = drawn.get().rows;
            el("div")
                .class("log-rows")
                .attr("role", "list")
                .children(rows.iter().filter_map(|row| drawn_view(row)))
        });
        let window = el("div")
            .class("log-window")
            .child(rows)
            .made(move |element| *for_window.window.borrow_mut() = element.clone().dyn_into().ok());
        let is_wrapped = flag(move || look.read().log.has('w'));
        el("div")
            .class("log-frame")
            .class_if("is-wrapped", is_wrapped)
            .attr("tabindex", "0")
            .attr("role", "region")
            .attr("aria-label", "Lines of the log")
            .made(move |element| {
                *for_frame.frame.borrow_mut() = element.clone().dyn_into().ok();
                let list = self;
                request_animation_frame(move || {
                    if let Some(inner) = list.list() {
                        inner.fit();
                    }
                    list.draw();
                });
            })
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
            .child(window)
            .child(el("div").class("log-space").made(move |element| {
                *for_space.space.borrow_mut() = element.clone().dyn_into().ok();
            }))
    }

    fn moved(self) {
        let Some(list) = self.list() else { return };
        let Some(bar) = list.frame.borrow().as_ref().map(|frame| f64::from(frame.scroll_top())) else {
            return;
        };
        list.fit();
        let before = list.scroll.borrow().below_top(0);
        list.scroll.borrow_mut().moved(bar);
        let scroll = *list.scroll.borrow();
        // Whoever goes up does not want the end any more.
        if scroll.below_top(0) > before && !scroll.is_at_end() {
            list.follow.1.set(false);
        }
        self.draw();
        let moves = list.moves.get().wrapping_add(1);
        list.moves.set(moves);
        leptos::task::spawn_local(async move {
            gloo_timers::future::sleep(std::time::Duration::from_millis(150)).await;
            if list.moves.get() == moves {
                let bar = list.scroll.borrow_mut().settle();
                list.set_bar(bar);
            }
        });
    }
}

/// The line that a click on something within `part` is of.
pub fn clicked_line(event: &web_sys::Event, part: &str) -> Option<u32> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let of = target.closest(part).ok()??.closest("[data-row]").ok()??;
    of.get_attribute("data-row")?.parse().ok()
}

impl List {
    /// Measures the frame, and makes what is scrolled in it as high as it has to be.
    fn fit(&self) {
        if let Some(frame) = &*self.frame.borrow() {
            self.scroll.borrow_mut().frame = f64::from(frame.client_height());
        }
        if let Some(space) = &*self.space.borrow() {
            let scroll = self.scroll.borrow();
            let height = (scroll.height() - scroll.frame).max(0.0) as u32;
            let _ = space.style().set_property("height", &format!("{height}px"));
        }
    }

    /// The lines that should be in the page: the place of the first, and how many.
    fn wanted(&self) -> (u32, u32) {
        let scroll = self.scroll.borrow();
        if scroll.wraps {
            // How high those above are is not known: the first is the one at the top.
            return (scroll.first(), scroll.seen() + BESIDE);
        }
        let first = scroll.first().saturating_sub(BESIDE);
        (first, scroll.seen() + 2 * BESIDE)
    }

    /// Whether the page has the lines that are seen.
    fn has(&self, first: u32, count: u32) -> bool {
        let drawn = self.drawn.0.get_untracked();
        let scroll = self.scroll.borrow();
        let end = drawn.first + drawn.rows.len() as u32;
        if scroll.wraps {
            return drawn.first == first && end >= (first + count).min(scroll.lines);
        }
        let seen = (scroll.first(), (scroll.first() + scroll.seen()).min(scroll.lines));
        drawn.first <= seen.0 && end >= seen.1
    }

    /// Puts the lines where they belong in the frame.
    fn place_window(&self) {
        let Some(window) = self.window.borrow().clone() else { return };
        let Some(rows) = window.first_element_child().and_then(|rows| rows.dyn_into::<HtmlElement>().ok())
        else {
            return;
        };
        let first = self.drawn.0.get_untracked().first;
        let scroll = self.scroll.borrow();
        let top = match scroll.wraps {
            false => scroll.below_top(first),
            true => {
                let height = rows.first_element_child().map_or(LINE, |row| f64::from(row.client_height()));
                -(scroll.cut() * height)
            }
        };
        let _ = rows.style().set_property("transform", &format!("translateY({}px)", top as i64));
    }

    fn set_bar(&self, bar: f64) {
        if let Some(frame) = &*self.frame.borrow() {
            let bar = bar as i32;
            if frame.scroll_top() != bar {
                frame.set_scroll_top(bar);
            }
            // The browser rounds, and tells of it as of a movement.
            self.scroll.borrow_mut().landed(f64::from(frame.scroll_top()));
        }
    }
}

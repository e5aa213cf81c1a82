//! The frame that a log's lines are scrolled in.
//!
//! It is scrolled as if all lines were in it, or as far as browsers let an element be high (see
//! [`Scroll`]); the lines that are there stand in a window that stays in sight.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::model::event_log::scroll::{LINE, Scroll};
use crate::ui::dom::el::{El, el};

/// So many lines are drawn above and below those that are seen, so that a wheel does not run into
/// nothing.
const BESIDE: u32 = 30;

/// A frame, and how far what is in it is scrolled.
#[derive(Clone, Default)]
pub(crate) struct Frame(Rc<Parts>);

#[derive(Default)]
struct Parts {
    scroll: RefCell<Scroll>,
    frame: RefCell<Option<HtmlElement>>,
    window: RefCell<Option<HtmlElement>>,
    /// What makes the frame's content as high as it has to be.
    space: RefCell<Option<HtmlElement>>,
}

fn html(element: &Element) -> Option<HtmlElement> {
    element.clone().dyn_into().ok()
}

impl Frame {
    /// The frame around the rows; `measured` is called when it first is in the page.
    pub(crate) fn view(&self, rows: AnyView, measured: impl FnOnce() + 'static) -> El {
        let (frame, window, space) = (self.0.clone(), self.0.clone(), self.0.clone());
        el("div")
            .class("log-frame")
            .attr("tabindex", "0")
            .attr("role", "region")
            .attr("aria-label", "Lines of the log")
            .made(move |element| {
                *frame.frame.borrow_mut() = html(element);
                request_animation_frame(measured);
            })
            .child(
                el("div")
                    .class("log-window")
                    .child(rows)
                    .made(move |element| *window.window.borrow_mut() = html(element)),
            )
            .child(
                el("div").class("log-space").made(move |element| *space.space.borrow_mut() = html(element)),
            )
    }

    /// Gives the frame the focus.
    pub(crate) fn focus(&self) {
        if let Some(frame) = &*self.0.frame.borrow() {
            let _ = frame.focus();
        }
    }

    /// Says how many lines there are.
    pub(crate) fn set_lines(&self, lines: u32) {
        self.0.scroll.borrow_mut().lines = lines;
        self.fit();
    }

    /// Says whether lines are wrapped.
    pub(crate) fn set_wraps(&self, wraps: bool) {
        if std::mem::replace(&mut self.0.scroll.borrow_mut().wraps, wraps) != wraps {
            self.fit();
        }
    }

    /// Measures the frame, and makes what is scrolled in it as high as it has to be.
    pub(crate) fn fit(&self) {
        if let Some(frame) = &*self.0.frame.borrow() {
            self.0.scroll.borrow_mut().frame = f64::from(frame.client_height());
        }
        if let Some(space) = &*self.0.space.borrow() {
            let scroll = self.0.scroll.borrow();
            let height = (scroll.height() - scroll.frame).max(0.0) as u32;
            let _ = space.style().set_property("height", &format!("{height}px"));
        }
    }

    /// Scrolls to where the function says that the scrollbar has to be.
    pub(crate) fn go(&self, to: impl FnOnce(&mut Scroll) -> f64) {
        let bar = to(&mut self.0.scroll.borrow_mut()) as i32;
        if let Some(frame) = &*self.0.frame.borrow() {
            if frame.scroll_top() != bar {
                frame.set_scroll_top(bar);
            }
            // The browser rounds the position, and reports that as a scroll event.
            self.0.scroll.borrow_mut().landed(f64::from(frame.scroll_top()));
        }
    }

    /// Whether the user has just scrolled, which the browser reports only in a moment.
    pub(crate) fn is_leaving(&self) -> bool {
        let bar = self.0.frame.borrow().as_ref().map(|frame| f64::from(frame.scroll_top()));
        bar.is_some_and(|bar| self.0.scroll.borrow().is_left(bar))
    }

    /// Takes over where a person has scrolled to; whether that is up from where the end was in sight.
    pub(crate) fn has_gone_up(&self) -> bool {
        let Some(bar) = self.0.frame.borrow().as_ref().map(|frame| f64::from(frame.scroll_top())) else {
            return false;
        };
        self.fit();
        let mut scroll = self.0.scroll.borrow_mut();
        let before = scroll.below_top(0);
        scroll.moved(bar);
        scroll.below_top(0) > before && !scroll.is_at_end()
    }

    /// The lines that should be in the page: the index of the first, from 0, and how many.
    pub(crate) fn wanted(&self) -> (u32, u32) {
        let scroll = self.0.scroll.borrow();
        if scroll.wraps {
            // How high those above are is not known: the first is the one at the top.
            return (scroll.first(), scroll.seen() + BESIDE);
        }
        let first = scroll.first().saturating_sub(BESIDE);
        (first, scroll.seen() + 2 * BESIDE)
    }

    /// Whether the lines that are there are enough for what is seen, of those that are wanted.
    pub(crate) fn is_filled_by(&self, there: Range<u32>, wanted: Range<u32>) -> bool {
        let scroll = self.0.scroll.borrow();
        if scroll.wraps {
            return there.start == wanted.start && there.end >= wanted.end.min(scroll.lines);
        }
        let seen = scroll.first()..(scroll.first() + scroll.seen()).min(scroll.lines);
        there.start <= seen.start && there.end >= seen.end
    }

    /// Puts the lines where they belong; `first` is the index of the first.
    pub(crate) fn position_rows(&self, first: u32) {
        let Some(window) = self.0.window.borrow().clone() else { return };
        let Some(rows) = window.first_element_child().as_ref().and_then(html) else { return };
        let scroll = self.0.scroll.borrow();
        let top = match scroll.wraps {
            false => scroll.below_top(first),
            true => {
                let height = rows.first_element_child().map_or(LINE, |row| f64::from(row.client_height()));
                -(scroll.cut() * height)
            }
        };
        let _ = rows.style().set_property("transform", &format!("translateY({}px)", top as i64));
    }
}

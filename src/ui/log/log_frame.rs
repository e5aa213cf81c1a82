//! The frame that a log's lines are scrolled in.
//!
//! It is scrolled as if all lines were in it, or as far as browsers let an element be high (see
//! [`Scroll`]); the lines that are there stand in a window that stays in sight.

use std::ops::Range;

use leptos::html::Div;
use leptos::prelude::*;
use web_sys::HtmlDivElement;

use crate::model::event_log::scroll::{LINE, Scroll};

/// So many lines are drawn above and below those that are seen, so that a wheel does not run into
/// nothing.
const BESIDE: u32 = 30;

/// The elements of a frame, and how far it is scrolled. A copy refers to the same frame.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    /// The element with the scrollbar.
    pub frame: NodeRef<Div>,
    /// The element that the lines are in, which is moved to where they belong.
    pub rows: NodeRef<Div>,
    /// The element that makes the content as high as it has to be.
    pub space: NodeRef<Div>,
    scroll: StoredValue<Scroll>,
}

/// The element, while it is in the page.
fn element(of: NodeRef<Div>) -> Option<HtmlDivElement> {
    of.try_get_untracked().flatten()
}

impl Frame {
    /// Returns a frame without elements.
    pub(super) fn new() -> Self {
        Self {
            frame: NodeRef::new(),
            rows: NodeRef::new(),
            space: NodeRef::new(),
            scroll: StoredValue::new(Scroll::default()),
        }
    }

    /// Gives the frame the focus.
    pub(super) fn focus(self) {
        if let Some(frame) = element(self.frame) {
            let _ = frame.focus();
        }
    }

    /// Sets how many lines there are.
    pub(super) fn set_lines(self, lines: u32) {
        self.scroll.update_value(|scroll| scroll.lines = lines);
        self.fit();
    }

    /// Sets whether lines are wrapped.
    pub(super) fn set_wraps(self, wraps: bool) {
        if self.scroll.get_value().wraps != wraps {
            self.scroll.update_value(|scroll| scroll.wraps = wraps);
            self.fit();
        }
    }

    /// Measures the frame, and makes what is scrolled in it as high as it has to be.
    pub(super) fn fit(self) {
        if let Some(frame) = element(self.frame) {
            let height = f64::from(frame.client_height());
            self.scroll.update_value(|scroll| scroll.frame = height);
        }
        if let Some(space) = element(self.space) {
            let scroll = self.scroll.get_value();
            let height = (scroll.height() - scroll.frame).max(0.0) as u32;
            set_style(&space, "height", &format!("{height}px"));
        }
    }

    /// Scrolls to where the function wants the scrollbar.
    pub(super) fn go(self, to: impl FnOnce(&mut Scroll) -> f64) {
        let mut scroll = self.scroll.get_value();
        let bar = to(&mut scroll) as i32;
        if let Some(frame) = element(self.frame) {
            if frame.scroll_top() != bar {
                frame.set_scroll_top(bar);
            }
            // The browser rounds the position, and reports that as a scroll event.
            scroll.landed(f64::from(frame.scroll_top()));
        }
        self.scroll.set_value(scroll);
    }

    /// Where the scrollbar is.
    fn bar(self) -> Option<f64> {
        Some(f64::from(element(self.frame)?.scroll_top()))
    }

    /// Whether the user has just scrolled, which the browser reports only in a moment.
    pub(super) fn is_leaving(self) -> bool {
        self.bar()
            .is_some_and(|bar| self.scroll.get_value().is_left(bar))
    }

    /// Takes over where the user has scrolled to; whether that is up from where the end was in sight.
    pub(super) fn has_gone_up(self) -> bool {
        let Some(bar) = self.bar() else { return false };
        self.fit();
        let mut scroll = self.scroll.get_value();
        let before = scroll.below_top(0);
        scroll.moved(bar);
        self.scroll.set_value(scroll);
        scroll.below_top(0) > before && !scroll.is_at_end()
    }

    /// The lines that should be in the page: the index of the first, from 0, and how many.
    pub(super) fn wanted(self) -> (u32, u32) {
        let scroll = self.scroll.get_value();
        if scroll.wraps {
            // How high those above are is not known: the first is the one at the top.
            return (scroll.first(), scroll.seen() + BESIDE);
        }
        let first = scroll.first().saturating_sub(BESIDE);
        (first, scroll.seen() + 2 * BESIDE)
    }

    /// Whether the lines that are there are enough for what is seen, of those that are wanted.
    pub(super) fn is_filled_by(self, there: Range<u32>, wanted: Range<u32>) -> bool {
        let scroll = self.scroll.get_value();
        if scroll.wraps {
            return there.start == wanted.start && there.end >= wanted.end.min(scroll.lines);
        }
        let seen = scroll.first()..(scroll.first() + scroll.seen()).min(scroll.lines);
        there.start <= seen.start && there.end >= seen.end
    }

    /// Moves the lines to where they belong; `first` is the index of the first.
    pub(super) fn position_rows(self, first: u32) {
        let Some(rows) = element(self.rows) else {
            return;
        };
        let scroll = self.scroll.get_value();
        let top = match scroll.wraps {
            false => scroll.below_top(first),
            true => {
                let height = rows
                    .first_element_child()
                    .map_or(LINE, |row| f64::from(row.client_height()));
                -(scroll.cut() * height)
            }
        };
        set_style(&rows, "transform", &format!("translateY({}px)", top as i64));
    }
}

fn set_style(element: &HtmlDivElement, property: &str, value: &str) {
    // It fails for names that no browser knows only.
    let _ = web_sys::HtmlElement::style(element).set_property(property, value);
}

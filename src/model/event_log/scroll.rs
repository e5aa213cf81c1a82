//! Where a list of any length is scrolled to, of which browsers show only so many pixels.
//!
//! Browsers clamp an element's height somewhere between 16 and 33 million pixels, and a million lines
//! are 20 million. So the element that is scrolled is at most [`TALLEST`] high: a long way along its
//! scrollbar is a longer way along the list, and a short way, as of a wheel or a key, is as long.

/// How high a line is, in pixels, where none is wrapped.
pub(crate) const LINE: f64 = 20.0;
/// The highest that the scrolled element gets, in pixels.
pub(crate) const TALLEST: f64 = 8_000_000.0;

/// From nothing to the most. (`clamp` would say what numbers it was given if it had to fail: the code
/// that writes fractions is 25 KB.)
fn within(offset: f64, most: f64) -> f64 {
    offset.min(most).max(0.0)
}

/// All measures are in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Scroll {
    /// How many lines there are.
    pub lines: u32,
    /// How high the frame is that shows some of them.
    pub frame: f64,
    /// Whether lines are wrapped, and so higher than [`LINE`] or not: then each is scrolled past in
    /// the same way, and the last may stand at the top.
    pub wraps: bool,
    /// How far the list is scrolled.
    top: f64,
    /// How far the element is.
    bar: f64,
}

impl Scroll {
    /// How long the list is.
    fn length(&self) -> f64 {
        let lines = f64::from(self.lines) * LINE;
        if self.wraps {
            lines + (self.frame - LINE).max(0.0)
        } else {
            lines
        }
    }

    /// How high the element has to be.
    pub(crate) fn height(&self) -> f64 {
        self.length().min(TALLEST)
    }

    fn most(&self) -> f64 {
        (self.length() - self.frame).max(0.0)
    }

    fn most_bar(&self) -> f64 {
        (self.height() - self.frame).max(0.0)
    }

    /// Where the element has to be scrolled to for where the list is.
    fn fitting_bar(&self) -> f64 {
        let most = self.most();
        if most <= 0.0 {
            0.0
        } else {
            (self.top / most).min(1.0) * self.most_bar()
        }
    }

    /// The element was scrolled to an offset.
    pub(crate) fn moved(&mut self, bar: f64) {
        let by = bar - self.bar;
        self.bar = bar;
        let is_exact = self.most_bar() >= self.most();
        let is_far = by.abs() >= self.frame.max(LINE);
        let to = match (is_exact, is_far) {
            (true, _) => bar,
            (false, true) => bar / self.most_bar().max(1.0) * self.most(),
            (false, false) => self.top + by,
        };
        self.top = within(to, self.most());
    }

    /// The list is to be scrolled to an offset; the element has to follow.
    pub(crate) fn go(&mut self, top: f64) -> f64 {
        self.top = within(top, self.most());
        self.settle()
    }

    /// Where the element has to be for where the list is: short ways by hand do not get it there.
    pub(crate) fn settle(&mut self) -> f64 {
        self.bar = self.fitting_bar();
        self.bar
    }

    /// The element has come to an offset near the one it was sent to: browsers round, and cannot scroll
    /// what is not that high yet.
    pub(crate) fn landed(&mut self, bar: f64) {
        self.bar = bar;
    }

    /// Whether an element that is at `bar` was moved since it was sent somewhere, which is not told yet.
    pub(crate) fn is_left(&self, bar: f64) -> bool {
        (bar - self.bar).abs() > 1.0
    }

    /// The list is to show a line, at about a third of the frame, unless it does already.
    pub(crate) fn show(&mut self, line: u32) -> f64 {
        let at = f64::from(line) * LINE;
        if at >= self.top && at + LINE <= self.top + self.frame && !self.wraps {
            return self.bar;
        }
        let above = if self.wraps {
            0.0
        } else {
            (self.frame / 3.0).max(0.0)
        };
        self.go(at - above)
    }

    /// The list is to show its end.
    pub(crate) fn show_end(&mut self) -> f64 {
        // A wrapped line is of unknown height: some lines before the last one is near enough.
        let end = if self.wraps {
            f64::from(self.lines) * LINE - self.frame / 2.0
        } else {
            self.most()
        };
        self.go(end)
    }

    /// Whether the end is in sight.
    pub(crate) fn is_at_end(&self) -> bool {
        f64::from(self.lines) * LINE - self.top <= self.frame + LINE
    }

    /// The line at the top, from 0.
    pub(crate) fn first(&self) -> u32 {
        (self.top / LINE) as u32
    }

    /// How many lines are seen at most.
    pub(crate) fn seen(&self) -> u32 {
        (self.frame / LINE) as u32 + 2
    }

    /// How far a line, from 0, is below the top of the frame, where none is wrapped.
    pub(crate) fn below_top(&self, line: u32) -> f64 {
        f64::from(line) * LINE - self.top
    }

    /// How much of the line at the top is above the frame, as a part of it.
    pub(crate) fn cut(&self) -> f64 {
        self.top / LINE - f64::from(self.first())
    }
}

//! What of the lanes a screen shows, and what lies under the pointer.
//!
//! The work for a row grows with the pixels of its width and the logarithm of its bars, whatever
//! their number: bars thinner than a pixel are not looked at one by one, but the states among them
//! are known, so that a single failure among thousands still shows.

use std::ops::Range;

use super::lanes::{Lanes, States};
use super::{Micros, Span};

/// Which part of time fills the width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// The shown time at the left edge.
    pub from: Micros,
    /// How much shown time there is to a pixel; more than 0.
    pub per_pixel: f64,
    /// In pixels.
    pub width: i32,
    /// The present in shown time: where what has no end ends. In a replay, the moment that is looked at.
    pub now: Micros,
    /// Whether what is after `now` is hidden, and what was under way then is shown so.
    pub is_replay: bool,
}

/// Something to draw in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The first pixel.
    pub from: i32,
    /// The pixel after the last.
    pub to: i32,
    /// Its bars: the first and the one after the last.
    pub first: usize,
    pub end: usize,
    pub states: States,
}

impl Block {
    /// Whether it stands for a single run.
    pub(crate) fn is_one(&self) -> bool {
        self.end - self.first == 1
    }
}

impl Viewport {
    /// Returns a viewport of a stretch of shown time.
    pub fn showing(from: Micros, to: Micros, width: i32, now: Micros) -> Self {
        let length = to.saturating_sub(from).max(1) as f64;
        Self {
            from,
            per_pixel: length / f64::from(width.max(1)),
            width,
            now,
            is_replay: false,
        }
    }

    /// The pixel of a time: far outside, any pixel outside on the same side.
    #[inline(always)]
    pub(crate) fn pixel(&self, time: Micros) -> i32 {
        let pixel = (time.saturating_sub(self.from) as f64 / self.per_pixel).floor();
        // Saturates.
        (pixel as i32).clamp(-2, self.width + 2)
    }

    /// The first pixel and the one after the last of a bar: at least one pixel.
    #[inline(always)]
    pub fn pixels(&self, from: Micros, to: Micros) -> (i32, i32) {
        let first = self.pixel(from);
        let end = (to.saturating_sub(self.from) as f64 / self.per_pixel).ceil();
        (first, (end as i32).clamp(-2, self.width + 2).max(first + 1))
    }

    /// The shown time at the left edge of a pixel.
    pub(crate) fn time(&self, pixel: f64) -> Micros {
        self.from.saturating_add((pixel * self.per_pixel) as Micros)
    }
}

impl Lanes {
    /// The bars of a row that a moment or the present lets be seen.
    fn seen(&self, row: usize, viewport: &Viewport) -> Range<usize> {
        let bars = self.rows[row].bars.clone();
        if !viewport.is_replay {
            return bars;
        }
        let end =
            bars.start + self.from[bars.clone()].partition_point(|from| *from <= viewport.now);
        bars.start..end
    }

    /// Where a bar ends, in the viewport.
    #[inline(always)]
    pub fn end(&self, bar: usize, viewport: &Viewport) -> Micros {
        let to = self.to[bar];
        if to == Span::OPEN || (viewport.is_replay && to > viewport.now) {
            return viewport.now.max(self.from[bar]);
        }
        to
    }

    /// The state of a bar, in the viewport.
    #[inline(always)]
    pub fn state_seen(&self, bar: usize, viewport: &Viewport) -> States {
        if viewport.is_replay && self.to[bar] > viewport.now {
            States::LIVE
        } else {
            self.state(bar)
        }
    }

    fn states_seen(&self, bars: Range<usize>, viewport: &Viewport) -> States {
        // Bars do not overlap: only the last one can still have been under way.
        match bars.end.checked_sub(1).filter(|last| *last >= bars.start) {
            Some(last) => self
                .states(bars.start..last)
                .or(self.state_seen(last, viewport)),
            None => States::default(),
        }
    }

    /// Adds what a row shows to `blocks`, from the left to the right. Neighbours may share a pixel: the
    /// one with the [worse](States::worst) states is to be drawn over the other.
    pub fn blocks(&self, row: usize, viewport: &Viewport, blocks: &mut Vec<Block>) {
        let bars = self.seen(row, viewport);
        // The first bar that does not end before the left edge.
        let mut bar = bars.start + self.to[bars.clone()].partition_point(|to| *to < viewport.from);
        // The block of thin bars that the next ones may join.
        let mut open: Option<Block> = None;
        while bar < bars.end {
            let (from, to) = viewport.pixels(self.from[bar], self.end(bar, viewport));
            if from >= viewport.width {
                break;
            }
            if to - from > 1 {
                blocks.extend(open.take());
                let states = self.state_seen(bar, viewport);
                blocks.push(Block {
                    from,
                    to,
                    first: bar,
                    end: bar + 1,
                    states,
                });
                bar += 1;
                continue;
            }
            // All bars that begin in this pixel; the last of them may reach beyond it.
            let end = self.first_beyond(bar..bars.end, from, viewport);
            let (_, last_to) = viewport.pixels(self.from[end - 1], self.end(end - 1, viewport));
            let thin_end = if last_to - from > 1 { end - 1 } else { end };
            let states = self.states_seen(bar..thin_end, viewport);
            match &mut open {
                // Neighbours that look the same are one wider block.
                Some(open) if open.to == from && open.states == states => {
                    open.to = to;
                    open.end = thin_end;
                }
                _ => {
                    blocks.extend(open.take());
                    open = Some(Block {
                        from,
                        to,
                        first: bar,
                        end: thin_end,
                        states,
                    });
                }
            }
            // That one is next.
            bar = thin_end.max(bar + 1);
        }
        blocks.extend(open);
    }

    /// The first of the bars that begins after a pixel, or their end. The first bar begins in it.
    fn first_beyond(&self, bars: Range<usize>, pixel: i32, viewport: &Viewport) -> usize {
        // It is near, as a rule: look twice as far each time, then halve.
        let mut step = 1;
        let mut low = bars.start + 1;
        let mut high = low;
        while high < bars.end && viewport.pixel(self.from[high]) <= pixel {
            low = high + 1;
            high += step;
            step *= 2;
        }
        let high = high.min(bars.end);
        low + self.from[low..high.max(low)].partition_point(|from| viewport.pixel(*from) <= pixel)
    }

    /// The bars of a row that are drawn at a pixel: none, one, or all that share it.
    pub fn at(&self, row: usize, pixel: i32, viewport: &Viewport) -> Range<usize> {
        let bars = self.seen(row, viewport);
        let begun = bars.start
            + self.from[bars.clone()].partition_point(|from| viewport.pixel(*from) <= pixel);
        let mut first = begun;
        while first > bars.start {
            let (_, to) = viewport.pixels(self.from[first - 1], self.end(first - 1, viewport));
            if to <= pixel {
                break;
            }
            // All bars that begin in the pixel are at it.
            let from = viewport.pixel(self.from[first - 1]);
            if from == pixel {
                let before = self.from[bars.start..first]
                    .partition_point(|from| viewport.pixel(*from) < pixel);
                first = bars.start + before;
                continue;
            }
            first -= 1;
        }
        first..begun
    }
}

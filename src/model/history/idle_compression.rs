//! Idle compression: a timeline shows the stretches in which nothing happened shorter than they were.
//!
//! An approval can take days between phases that take minutes. Drawn to scale, the minutes would
//! be a pixel each. So the longest idle stretches are shown with the same, shorter length; the order
//! of all events stays, and each cut is labelled with its true length.

use super::Micros;

/// Maps real time to shown time and back. Shown time is in microseconds too; before the first cut the
/// two are equal.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IdleCompression {
    cuts: Vec<Cut>,
}

/// An idle stretch that is shown shorter than it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    pub from: Micros,
    pub to: Micros,
    /// Where it begins in shown time.
    pub shown_from: Micros,
    /// How long it is shown.
    pub shown_length: Micros,
}

impl Cut {
    /// How long it really was.
    pub fn length(&self) -> Micros {
        self.to - self.from
    }

    pub(crate) fn shown_to(&self) -> Micros {
        self.shown_from + self.shown_length
    }
}

/// Shorter than this, an idle stretch is not worth a mark.
const LEAST: Micros = 60_000_000;

impl IdleCompression {
    /// Returns a compression that cuts the idle time between spans short, so that together it takes at most a half
    /// of the time in which something happened. The spans are in the order of their starts.
    pub fn without_idle(spans: impl Iterator<Item = (Micros, Micros)>) -> Self {
        let mut gaps: Vec<(Micros, Micros)> = Vec::new();
        let mut busy: Micros = 0;
        let mut end: Option<Micros> = None;
        for (from, to) in spans {
            let to = to.max(from);
            let so_far = end.unwrap_or(from);
            if from > so_far {
                gaps.push((so_far, from));
            }
            busy = busy.saturating_add((to - from.max(so_far)).max(0));
            end = Some(so_far.max(to));
        }
        let length = longest_shown(gaps.iter().map(|(from, to)| to - from).collect(), busy / 2);
        let mut compression = Self::default();
        let mut saved: Micros = 0;
        for (from, to) in gaps {
            // A cut that saves little only costs trust in the axis.
            if to - from > LEAST.max(length.saturating_mul(2)) {
                compression.cuts.push(Cut {
                    from,
                    to,
                    shown_from: from - saved,
                    shown_length: length,
                });
                saved += to - from - length;
            }
        }
        compression
    }

    /// Where a time is shown.
    pub fn show(&self, time: Micros) -> Micros {
        let after = self.cuts.partition_point(|cut| cut.from <= time);
        let Some(cut) = after.checked_sub(1).map(|before| self.cuts[before]) else {
            return time;
        };
        if time >= cut.to {
            return time.saturating_sub(cut.to).saturating_add(cut.shown_to());
        }
        let part =
            i128::from(time - cut.from) * i128::from(cut.shown_length) / i128::from(cut.length());
        cut.shown_from + part as Micros
    }

    /// Which time is shown at a shown time. Within a cut it is as exact as its argument.
    pub fn real(&self, shown: Micros) -> Micros {
        let after = self.cuts.partition_point(|cut| cut.shown_from <= shown);
        let Some(cut) = after.checked_sub(1).map(|before| self.cuts[before]) else {
            return shown;
        };
        if shown >= cut.shown_to() {
            return shown.saturating_sub(cut.shown_to()).saturating_add(cut.to);
        }
        let part = i128::from(shown - cut.shown_from) * i128::from(cut.length())
            / i128::from(cut.shown_length.max(1));
        cut.from + part as Micros
    }

    /// The cuts, in order.
    pub fn cuts(&self) -> &[Cut] {
        &self.cuts
    }
}

/// The length above which gaps are cut, so that all of them together are `room` long at most.
fn longest_shown(mut lengths: Vec<Micros>, room: Micros) -> Micros {
    lengths.sort_unstable();
    let mut room = room;
    let count = lengths.len();
    for (index, length) in lengths.into_iter().enumerate() {
        let share = room / (count - index) as Micros;
        if length > share {
            return share.max(1);
        }
        room -= length;
    }
    Micros::MAX
}

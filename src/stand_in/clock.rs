//! The stand-in's time.

use std::time::{Duration, Instant};

use crate::core::time::{SignedDuration, Timestamp};

/// A clock that runs as fast as it is told to; at speed 0 it only moves when it is moved.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    base: Timestamp,
    since: Instant,
    speed: f64,
}

impl Clock {
    /// A clock that shows `base` now. A speed that is no number, or less than 0, is 0.
    pub(crate) fn new(base: Timestamp, speed: f64) -> Self {
        let speed = if speed.is_finite() {
            speed.max(0.0)
        } else {
            0.0
        };
        Self {
            base,
            since: Instant::now(),
            speed,
        }
    }

    /// The time. It stays at the last that there is rather than overflow.
    pub(crate) fn now(&self) -> Timestamp {
        let passed = self.since.elapsed().as_secs_f64() * self.speed;
        let passed = Duration::try_from_secs_f64(passed).unwrap_or(Duration::MAX);
        add(
            self.base,
            SignedDuration::try_from(passed).unwrap_or(SignedDuration::MAX),
        )
    }

    /// Sets the time; the speed stays.
    pub(crate) fn set(&mut self, time: Timestamp) {
        self.base = time;
        self.since = Instant::now();
    }

    /// Moves the time, back with a negative duration.
    pub(crate) fn advance(&mut self, by: SignedDuration) {
        self.base = add(self.base, by);
    }
}

fn add(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.saturating_add(by).unwrap_or(Timestamp::MAX)
}

//! The browser's clock and zone, and a present that moves.

use std::time::Duration;

use leptos::prelude::*;

use crate::core::time::Timestamp;

/// The present, by the browser's clock.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_millisecond(js_sys::Date::now() as i64).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// How many seconds east of UTC the browser's zone is at a time.
pub(crate) fn local_offset(time: Timestamp) -> i32 {
    let date = js_sys::Date::new(&(time.as_millisecond() as f64).into());
    -(date.get_timezone_offset() as i32) * 60
}

/// Where times are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    Local,
    Utc,
}

impl Zone {
    /// How many seconds east of UTC the zone is at a time.
    pub(crate) fn offset(self, time: Timestamp) -> i32 {
        match self {
            Self::Local => local_offset(time),
            Self::Utc => 0,
        }
    }
}

/// The present, moving once a second while `active` says so.
pub(crate) fn ticking(active: Signal<bool>) -> Signal<Timestamp> {
    let (time, set_time) = signal(now());
    let interval = set_interval_with_handle(
        move || {
            if active.get_untracked() && !document().hidden() {
                set_time.set(now());
            }
        },
        Duration::from_secs(1),
    );
    if let Ok(interval) = interval {
        on_cleanup(move || interval.clear());
    }
    // What became inactive stays at the time of that moment, and what became active starts now.
    Effect::new(move |_| {
        active.read();
        set_time.set(now());
    });
    time.into()
}

//! The part of the page's own address after `#`, where the viewer keeps its state: reads it, follows it and
//! changes it.
//!
//! The router's own way to the browser's history is used, and not its `Router`: that chooses by paths,
//! which the address of a static host's page has no use for, and weighs as much as the timeline.

use leptos::prelude::*;
use leptos_router::location::{BrowserUrl, LocationChange, LocationProvider};

/// Shared by context.
#[derive(Clone)]
pub(crate) struct Hash {
    /// With its `#`; empty when there is none.
    pub shown: Signal<String>,
    browser: BrowserUrl,
}

impl Hash {
    /// Follows the address for as long as the page is there.
    ///
    /// # Panics
    /// Outside of a browser's window.
    pub(crate) fn follow() -> Self {
        let browser = BrowserUrl::new().expect("a window has an address");
        let url = browser.as_url().clone();
        let shown = Memo::new({
            let url = url.clone();
            move |_| url.read().hash().to_owned()
        });
        // The way back and forward, and an address that is typed.
        let listener = window_event_listener_untyped("popstate", move |_| {
            if let Ok(current) = BrowserUrl::current() {
                url.set(current);
            }
        });
        on_cleanup(move || listener.remove());
        Self {
            shown: shown.into(),
            browser,
        }
    }

    /// Navigates to an address without moving the scroll: pushes an entry to the browser's history, or replaces the
    /// shown one.
    pub(crate) fn go(&self, to: &str, replace: bool) {
        let url = self.browser.as_url();
        if url.read_untracked().hash() == to {
            return;
        }
        url.update(|url| *url.hash_mut() = to.to_owned());
        let change = LocationChange {
            value: to.to_owned(),
            replace,
            scroll: false,
            ..Default::default()
        };
        self.browser.complete_navigation(&change);
    }
}

//! The part of the page's own address after `#`, where the viewer keeps its place: read, heard and
//! changed.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;

use super::live::{Live, Setter, live};

/// Shared by context.
#[derive(Clone, Copy)]
pub struct Hash {
    /// With its `#`; empty when there is none.
    pub shown: Live<String>,
    set_shown: Setter<String>,
}

fn shown() -> String {
    location().hash().unwrap_or_default()
}

impl Hash {
    /// Follows the address for as long as the page is there.
    pub fn follow() -> Self {
        let (hash, set_shown) = live(shown());
        // The way back and forward, and whatever else changes no more than this part.
        let heard = window_event_listener_untyped("popstate", move |_| set_shown.set(shown()));
        on_cleanup(move || heard.remove());
        Self { shown: hash, set_shown }
    }

    /// Goes to a place: a step of its own on the way back, unless it takes the shown one's place.
    pub fn go(self, to: &str, replace: bool) {
        if *self.shown.read_untracked() == to {
            return;
        }
        let Ok(history) = window().history() else { return };
        let _ = match replace {
            true => history.replace_state_with_url(&JsValue::NULL, "", Some(to)),
            false => history.push_state_with_url(&JsValue::NULL, "", Some(to)),
        };
        self.set_shown.set(to.to_owned());
    }
}

//! Tells a screen reader what changed, and only that.

use leptos::prelude::*;

use super::el::{El, el};
use super::feed::Feed;
use crate::model::run::RunSet;
use crate::model::verdict::changes;

pub fn announcer(feed: Feed) -> El {
    let (text, set_text) = signal(String::new());
    Effect::new(move |before: Option<Option<RunSet>>| {
        let after = feed.set.get();
        // What stands there at first is read as the page itself.
        if let Some(Some(before)) = before {
            let changes = changes(&before, &after, 3);
            if !changes.is_empty() {
                set_text.set(changes.join(" "));
            }
        }
        feed.loaded.get_untracked().then_some(after)
    });
    el("p").class("visually-hidden").attr("aria-live", "polite").text(text)
}

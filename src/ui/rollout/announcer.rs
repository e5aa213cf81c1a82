//! A live region: announces changes to screen readers.

use super::feed::Feed;
use crate::model::rollout::headline::changes;
use crate::model::run::RunSet;
use crate::ui::dom::el::{El, el};
use leptos::prelude::*;

pub(crate) fn announcer(feed: Feed) -> El {
    let (text, set_text) = signal(String::new());
    let mut before = None::<RunSet>;
    Effect::new(move |_| {
        let after = feed.set.get();
        if let Some(before) = &before {
            let changes = changes(before, &after, 3);
            if !changes.is_empty() {
                set_text.set(changes.join(" "));
            }
        }
        // What stands there at first is read as the page itself.
        before = feed.loaded.get().then_some(after);
    });
    el("p").class("visually-hidden").attr("aria-live", "polite").text(text)
}

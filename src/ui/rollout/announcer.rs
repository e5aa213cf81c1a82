//! A live region: announces changes to screen readers.

use leptos::prelude::*;

use super::feed::Feed;
use crate::core::text::clip;
use crate::model::rollout::headline::changes;
use crate::model::run::RunSet;

/// Announces what has changed since the last read.
#[component]
pub(super) fn Announcer(feed: Feed) -> impl IntoView {
    let text = RwSignal::new(String::new());
    Effect::new(move |before: Option<Option<RunSet>>| {
        let after = feed.set.get();
        if let Some(before) = before.flatten() {
            let changes = changes(&before, &after, 3);
            if !changes.is_empty() {
                text.set(clip(changes.join(" ")));
            }
        }
        // The first runs are read as the page itself.
        feed.loaded.get().then_some(after)
    });
    view! { <p class="visually-hidden" aria-live="polite">{text}</p> }
}

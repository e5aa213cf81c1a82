//! What the lanes of a rollout are drawn from.

use leptos::prelude::*;

use super::timeline_tip::Tip;
use crate::core::time::Timestamp;
use crate::model::rollout::{self, Outline};
use crate::model::timeline::{Layout, Window, layout};
use crate::ui::rollout::feed::Feed;
use crate::ui::run::shown::Shown;

/// What the parts of a rollout's lanes share.
#[derive(Clone, Copy)]
pub(crate) struct Drawing {
    pub layout: Signal<Layout>,
    pub window: Signal<Window>,
    /// What the whole page shares.
    pub page: Shown,
    /// Draws the lanes of a child rollout, by its id. A function, since lanes and children contain each other.
    pub draw_child: fn(String, Drawing) -> AnyView,
    /// The id of the run that the panel shows.
    pub shown: Signal<Option<String>>,
    /// The ids of the child rollouts that are opened.
    pub open: Signal<Vec<String>>,
    pub tip: RwSignal<Option<Tip>>,
    /// The ids of the rollout and of those that it is opened in.
    pub path: StoredValue<Vec<String>>,
}

impl Drawing {
    /// Returns what draws the lanes of a feed's rollout in the same window.
    pub(super) fn of(self, feed: Feed, path: Vec<String>) -> Self {
        let Self { window, page, .. } = self;
        Self {
            layout: layout_of(feed, window, page.now),
            path: StoredValue::new(path),
            ..self
        }
    }
}

/// A memo of the layout of a feed's runs.
pub(super) fn layout_of(
    feed: Feed,
    window: Signal<Window>,
    now: Signal<Timestamp>,
) -> Signal<Layout> {
    let outline = Memo::new(move |_| {
        rollout::read(&feed.rollout.read())
            .map(Outline::new)
            .unwrap_or_default()
    });
    Memo::new(move |_| {
        layout(
            &feed.set.read().runs,
            &outline.read(),
            window.get(),
            now.get(),
        )
    })
    .into()
}

//! The rollout of the page and the child rollouts that are opened in it.

use std::sync::Arc;

use leptos::prelude::*;

use super::feed::Feed;
use crate::model::run::Run;

/// All feeds of the page. A copy refers to the same ones.
#[derive(Clone, Copy)]
pub(crate) struct Tree {
    /// The page's own rollout.
    pub root: Feed,
    children: StoredValue<Vec<(u32, Feed)>>,
    /// Counts openings and closings, to notify what reads the feeds.
    changes: RwSignal<u32>,
}

impl Tree {
    /// A tree with nothing opened.
    pub(crate) fn new(root: Feed) -> Self {
        Self { root, children: StoredValue::new(Vec::new()), changes: RwSignal::new(0) }
    }

    /// Adds the feed of an opened child until the owner that called this is cleaned up.
    pub(crate) fn add(self, feed: Feed) {
        let number = self.changed();
        self.children.update_value(|children| children.push((number, feed)));
        on_cleanup(move || {
            // The page may go before its parts do.
            if self.children.try_update_value(|children| children.retain(|(n, _)| *n != number)).is_some() {
                self.changed();
            }
        });
    }

    fn changed(self) -> u32 {
        let (changes, set_changes) = self.changes.split();
        let number = changes.get_untracked() + 1;
        set_changes.set(number);
        number
    }

    /// The feeds, the page's own first.
    pub(crate) fn feeds(self) -> Vec<Feed> {
        self.changes.read();
        let mut feeds = vec![self.root];
        self.children.with_value(|children| feeds.extend(children.iter().map(|(_, feed)| *feed)));
        feeds
    }

    /// Whether nothing is still to come: the page's own runs and those of so many children were read, or
    /// could not be. Children are read only when the page's own runs are there.
    pub(crate) fn is_read(self, children: usize) -> bool {
        let feeds = self.feeds();
        let have_begun = feeds.len() > children || self.root.error.read().is_some();
        have_begun && feeds.iter().all(|feed| feed.loaded.get() || feed.error.read().is_some())
    }

    /// All runs of all feeds.
    pub(crate) fn runs(self) -> Vec<Arc<Run>> {
        self.feeds().into_iter().flat_map(|feed| feed.set.read().runs.clone()).collect()
    }

    /// A run by its id, which is unique among all rollouts.
    pub(crate) fn run(self, id: &str) -> Option<Arc<Run>> {
        self.feeds().into_iter().find_map(|feed| feed.set.read().get(id).cloned())
    }

    /// The feed that has a run; the page's own for a run that none has.
    pub(crate) fn feed_of(self, id: &str) -> Feed {
        self.feeds().into_iter().find(|feed| feed.set.read().get(id).is_some()).unwrap_or(self.root)
    }

    /// Reads everything again at once.
    pub(crate) fn refresh(self) {
        self.feeds().into_iter().for_each(Feed::refresh);
    }
}

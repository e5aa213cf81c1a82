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
    /// The child rollouts, in the order in which they were opened.
    children: RwSignal<Vec<Feed>>,
}

impl Tree {
    /// A tree with nothing opened.
    pub(crate) fn new(root: Feed) -> Self {
        Self {
            root,
            children: RwSignal::new(Vec::new()),
        }
    }

    /// Adds the feed of an opened child until the owner that called this is cleaned up.
    pub(crate) fn add(self, feed: Feed) {
        self.children.update(|children| children.push(feed));
        // The page may go before its parts do.
        on_cleanup(move || {
            self.children
                .try_update(|children| children.retain(|child| *child != feed));
        });
    }

    /// The feeds, the page's own first.
    pub(crate) fn feeds(self) -> Vec<Feed> {
        [vec![self.root], self.children.get()].concat()
    }

    /// Whether nothing is still to come: the page's own runs and those of so many children were read, or
    /// could not be. Children are read only when the page's own runs are there.
    pub(crate) fn is_read(self, children: usize) -> bool {
        let has_begun = self.children.read().len() >= children || self.root.error.read().is_some();
        has_begun
            && self
                .feeds()
                .into_iter()
                .all(|feed| feed.loaded.get() || feed.error.read().is_some())
    }

    /// All runs of all feeds.
    pub(crate) fn runs(self) -> Vec<Arc<Run>> {
        self.feeds()
            .into_iter()
            .flat_map(|feed| feed.set.read().runs.clone())
            .collect()
    }

    /// A run by its id, which is unique among all rollouts.
    pub(crate) fn run(self, id: &str) -> Option<Arc<Run>> {
        self.feeds()
            .into_iter()
            .find_map(|feed| feed.set.read().get(id).cloned())
    }

    /// The feed that has a run; the page's own for a run that none has.
    pub(crate) fn feed_of(self, id: &str) -> Feed {
        self.feeds()
            .into_iter()
            .find(|feed| feed.set.read().get(id).is_some())
            .unwrap_or(self.root)
    }

    /// Reads everything again at once.
    pub(crate) fn refresh(self) {
        // The page may be gone when the response to an action comes.
        let children = self.children.try_get_untracked().unwrap_or_default();
        self.root.refresh();
        children.into_iter().for_each(Feed::refresh);
    }
}

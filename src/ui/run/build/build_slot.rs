//! A build of a run, as the panel and the reader share it.

use leptos::prelude::*;

use super::build_feed::BuildFeed;
use crate::model::run::panel::RunBuild;
use crate::ui::run::shown::Shown;

/// A build that is shown. Its components are loaded when it comes into view, or to say why a run failed.
#[derive(Clone)]
pub(crate) struct BuildSlot {
    /// Which of the run's builds it is, from 1.
    pub(super) number: usize,
    pub(super) build: RunBuild,
    pub(super) shown: Shown,
    /// Whether the section has come into view.
    pub(super) is_visible: RwSignal<bool>,
    /// Whether the build is to be read: of a file's run nothing is read by itself.
    pub(super) wanted: Signal<bool>,
    pub(super) run_failed: Signal<bool>,
    /// The feed that panel and reader share, once one of them is drawn.
    pub(super) feed: StoredValue<Option<BuildFeed>>,
    pub(super) owner: Owner,
}

impl BuildSlot {
    /// Which of the run's builds it is, from 1.
    pub(crate) fn number(&self) -> usize {
        self.number
    }

    /// What the panel's parts share.
    pub(crate) fn shown(&self) -> Shown {
        self.shown
    }

    /// What the log is called.
    pub(crate) fn log_title(&self) -> String {
        match &self.build.check {
            Some(check) => format!("Log of check {check}"),
            None => "Log of the build".to_owned(),
        }
    }

    /// What is read of the build, from the first time that it is asked for.
    pub(crate) fn feed(&self) -> BuildFeed {
        self.feed.get_value().unwrap_or_else(|| {
            // It lives as long as the slot, and not as the component that is drawn first.
            let follow = || BuildFeed::follow(&self.build.name, self.shown, self.run_failed);
            let feed = self.owner.with(follow);
            self.feed.set_value(Some(feed));
            feed
        })
    }
}

//! A rollout: its headline, its timeline, and the selected run beside it.

use leptos::prelude::*;

use super::announcer::Announcer;
use super::empty::LazyEmpty;
use super::feed::{self, Feed};
use super::feed_error::FeedError;
use super::headline::{RolloutHeadline, headline_of};
use super::rollout_facts::{RolloutFacts, RolloutNotes};
use super::rollout_header::RolloutHeader;
use super::timeline::Timeline;
use super::tree::Tree;
use super::unreadable_runs::LazyUnreadableRuns;
use crate::api::error::ApiError;
use crate::core::name::RolloutName;
use crate::core::time::Timestamp;
use crate::model::address::Address;
use crate::model::rollout;
use crate::model::run::{Lifecycle, Run};
use crate::ui::dom::clock::{self, Zone};
use crate::ui::nav::link::use_address;
use crate::ui::run::run_panel::RunPanel;
use crate::ui::run::shown::Shown;
use crate::ui::session::use_session;
use crate::ui::widgets::skeleton::Skeleton;
use crate::ui::widgets::unreachable::UnreachableNote;

/// The page of a rollout.
#[component]
pub(crate) fn RolloutPage(rollout: RolloutName) -> impl IntoView {
    let address = use_address();
    let view = Memo::new(move |_| address.read().view());
    let filter = Memo::new(move |_| view.read().filter.clone());
    let zone = Memo::new(move |_| {
        if view.read().utc {
            Zone::Utc
        } else {
            Zone::Local
        }
    });
    let selected = Memo::new(move |_| view.read().job_run.clone());
    let feed = feed::follow(rollout.clone(), filter.into());
    let tree = Tree::new(feed);
    let now = now_of(tree);
    // With no run selected, the one that a reader needs first is shown.
    let shown_id = Memo::new(move |_| selected.get().or_else(|| most_telling_run(feed)));
    let run = Memo::new(move |_| tree.run(&shown_id.get()?));
    let shown = Shown {
        tree,
        now,
        zone: zone.into(),
        run: run.into(),
        selected: selected.into(),
    };
    update_tab_title(&rollout, feed);
    view! {
        <Announcer feed />
        <article class="rollout" aria-busy=move || feed.reading.get().to_string()>
            <RolloutHeader rollout=rollout.clone() tree filter zone=shown.zone />
            <RolloutFacts name=rollout tree now />
            <RolloutNotes feed />
            <FeedError feed />
            <UnreachableNote locations=feed.unreachable />
            <RolloutBody shown filter />
        </article>
    }
}

/// The runs of the rollout; or what stands in their place.
#[component]
fn RolloutBody(
    shown: Shown,
    /// The filter in the address.
    filter: Memo<String>,
) -> impl IntoView {
    let feed = shown.tree.root;
    let is_empty = Memo::new(move |_| {
        let set = feed.set.read();
        set.runs.is_empty() && set.unreadable.is_empty()
    });
    // Once there is a run, what shows it outlasts whatever comes after.
    let is_loaded = Memo::new(move |_| !is_empty.get() || feed.loaded.get());
    let is_nowhere = Memo::new(move |_| {
        feed.rollout_error
            .read()
            .as_ref()
            .is_some_and(ApiError::is_not_found)
    });
    let has_failed = Memo::new(move |_| feed.error.read().is_some());
    let is_filtered = Memo::new(move |_| !filter.read().is_empty());
    let has_phases = Memo::new(move |_| {
        rollout::read(&feed.rollout.read()).is_some_and(|r| !r.phases.is_empty())
    });
    move || match (is_empty.get(), is_loaded.get()) {
        // The error says it.
        (true, true) if is_nowhere.get() => ().into_any(),
        (true, true) => {
            let is_filtered = is_filtered.get();
            let timeline =
                (!is_filtered && has_phases.get()).then(|| view! { <Timeline page=shown /> });
            view! { <LazyEmpty is_filtered feed /> {timeline} }.into_any()
        }
        (true, false) if has_failed.get() => ().into_any(),
        (true, false) => view! { <Skeleton /> }.into_any(),
        (false, _) => view! { <RolloutRuns shown /> }.into_any(),
    }
}

/// The headline, the timeline and the panel.
#[component]
fn RolloutRuns(shown: Shown) -> impl IntoView {
    let feed = shown.tree.root;
    let has_unreadable = Memo::new(move |_| !feed.set.read().unreadable.is_empty());
    view! {
        <RolloutHeadline feed now=shown.now />
        <div class="rollout-body">
            <Timeline page=shown />
            <RunPanel shown />
        </div>
        {move || has_unreadable.get().then(|| view! { <LazyUnreadableRuns set=feed.set /> })}
    }
}

/// The time as of which the page is shown: the present, which moves while something is live; or when a file was
/// written.
fn now_of(tree: Tree) -> Signal<Timestamp> {
    let feed = tree.root;
    let is_open =
        Memo::new(move |_| rollout::read(&feed.rollout.read()).is_some_and(rollout::is_open));
    let is_live = Memo::new(move |_| {
        is_open.get()
            || tree
                .runs()
                .iter()
                .any(|run| run.lifecycle() == Lifecycle::Live)
    });
    match use_session().files.as_of(&use_address().read_untracked()) {
        Some(as_of) => Signal::stored(as_of),
        None => clock::ticking(is_live.into()),
    }
}

/// The id of the run that a reader needs first.
fn most_telling_run(feed: Feed) -> Option<String> {
    let rollout = feed.rollout.read();
    let is_ignored = |run: &Run| rollout::is_ignored(rollout::read(&rollout), run);
    feed.set
        .read()
        .most_telling(&is_ignored)
        .map(|run| run.id.clone())
}

/// Shows the headline in the title of the browser's tab, for users who have many open.
fn update_tab_title(rollout: &RolloutName, feed: Feed) {
    let title = Address::rollout(rollout.clone()).title();
    let address = use_address();
    Effect::new(move |_| match headline_of(feed, address, clock::now()) {
        Some(verdict) => document().set_title(&format!("{} · {title}", verdict.text)),
        None => document().set_title(&title),
    });
}

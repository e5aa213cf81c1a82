//! A rollout: its headline, its timeline, and the selected run beside it.

use leptos::prelude::*;

use super::announcer::announcer;
use super::feed::{self, Feed};
use super::headline::{headline_of, rollout_headline};
use super::rollout_facts::{rollout_facts, rollout_notes};
use super::rollout_header::rollout_header;
use super::timeline::timeline;
use super::tree::Tree;
use crate::api::error::ApiError;
use crate::core::name::RolloutName;
use crate::model::address::Address;
use crate::model::explain::{Doing, error_message};
use crate::model::rollout;
use crate::model::run::{Lifecycle, Run};
use crate::ui::dom::clock::{self, Zone};
use crate::ui::dom::dynamic::{dynamic, dynamic_option, text};
use crate::ui::dom::el::el;
use crate::ui::lazy;
use crate::ui::nav::link::use_address;
use crate::ui::run::run_panel::run_panel;
use crate::ui::run::shown::Shown;
use crate::ui::session::use_session;
use crate::ui::widgets::error_box::error_box;
use crate::ui::widgets::skeleton::skeleton;
use crate::ui::widgets::unreachable::unreachable_note;

pub(crate) fn rollout_page(rollout: RolloutName) -> AnyView {
    let address = use_address();
    let view = Memo::new(move |_| address.read().view());
    let filter = Memo::new(move |_| view.read().filter.clone());
    let zone = Memo::new(move |_| if view.read().utc { Zone::Utc } else { Zone::Local });
    let selected = Memo::new(move |_| view.read().job_run.clone());
    let feed = feed::follow(rollout.clone(), filter.into());
    let tree = Tree::new(feed);
    let is_open = Memo::new(move |_| rollout::read(&feed.rollout.read()).is_some_and(rollout::is_open));
    let is_live =
        Memo::new(move |_| is_open.get() || tree.runs().iter().any(|run| run.lifecycle() == Lifecycle::Live));
    // What a file tells is as of when it was written.
    let now = match use_session().files.as_of(&address.read_untracked()) {
        Some(as_of) => Signal::stored(as_of),
        None => clock::ticking(is_live.into()),
    };
    // With no run selected, the one that a reader needs first is shown.
    let shown_id = Memo::new(move |_| {
        selected.get().or_else(|| {
            let rollout = feed.rollout.read();
            let is_ignored = |run: &Run| rollout::is_ignored(rollout::read(&rollout), run);
            feed.set.read().most_telling(&is_ignored).map(|run| run.id.clone())
        })
    });
    let run = Memo::new(move |_| tree.run(&shown_id.get()?));
    let shown = Shown { tree, now, zone: zone.into(), run: run.into(), selected: selected.into() };
    update_tab_title(&rollout, feed);

    let is_empty = Memo::new(move |_| {
        let set = feed.set.read();
        set.runs.is_empty() && set.unreadable.is_empty()
    });
    let has_unreadable = Memo::new(move |_| !feed.set.read().unreadable.is_empty());
    // Once there is a run, what shows it outlasts whatever comes after.
    let is_loaded = Memo::new(move |_| !is_empty.get() || feed.loaded.get());
    let body = dynamic(move || match (is_empty.get(), is_loaded.get()) {
        (true, true) if feed.rollout_error.read().as_ref().is_some_and(ApiError::is_not_found) => {
            ().into_any()
        }
        (true, true) => {
            let is_filtered = !filter.read().is_empty();
            let has_phases =
                !is_filtered && rollout::read(&feed.rollout.read()).is_some_and(|r| !r.phases.is_empty());
            (lazy::empty(is_filtered, feed), has_phases.then(|| timeline(shown))).into_any()
        }
        (true, false) if feed.error.read().is_some() => ().into_any(),
        (true, false) => skeleton().into_any(),
        (false, _) => (
            rollout_headline(feed, now),
            el("div").class("rollout-body").child(timeline(shown)).child(run_panel(shown)),
            dynamic_option(move || has_unreadable.get().then(|| lazy::unreadable(feed.set))),
        )
            .into_any(),
    });
    let article = el("article")
        .class("rollout")
        .attr("aria-busy", text(move || feed.reading.get().to_string()))
        .child(rollout_header(rollout.clone(), tree, filter.into(), zone.into()))
        .child(rollout_facts(rollout, tree, now))
        .child(rollout_notes(feed))
        .child(feed_error(feed))
        .child(unreachable_note(feed.unreachable))
        .child(body);
    (announcer(feed), article).into_any()
}

/// The error of the last read of a rollout's runs, if it failed.
pub(crate) fn feed_error(feed: Feed) -> AnyView {
    let session = use_session();
    let retry = Callback::new(move |()| feed.refresh());
    dynamic_option(move || {
        let is_empty = feed.set.read().runs.is_empty();
        // The API lists no runs of a rollout that there is not, rather than saying so.
        let is_nowhere = |error: &ApiError| is_empty && error.is_not_found();
        let error = feed.error.get().or_else(|| feed.rollout_error.get().filter(is_nowhere))?;
        let doing = match (feed.loaded.get(), is_empty) {
            (true, _) => Doing::Refreshing,
            (false, true) => Doing::Loading,
            (false, false) => Doing::LoadingRest,
        };
        Some(error_box(error_message(&error, doing, session.signed_in()), Some(retry)))
    })
}

/// Says in the browser's tab how the rollout stands, for those who have many open.
fn update_tab_title(rollout: &RolloutName, feed: Feed) {
    let title = Address::rollout(rollout.clone()).title();
    let address = use_address();
    Effect::new(move |_| match headline_of(feed, address, clock::now()) {
        Some(verdict) => document().set_title(&format!("{} · {title}", verdict.text)),
        None => document().set_title(&title),
    });
}

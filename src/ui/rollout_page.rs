//! A rollout: its verdict, its timeline, and the selected run beside it.

use leptos::prelude::*;

use super::announcer::Announcer;
use super::clock::{self, Zone};
use super::dynamic::{dynamic, dynamic_option, memo, text};
use super::empty::Empty;
use super::feed;
use super::place::use_address;
use super::rollout_header::RolloutHeader;
use super::run_panel::RunPanel;
use super::session::use_session;
use super::skeleton::Skeleton;
use super::timeline::Timeline;
use super::trouble_box::TroubleBox;
use super::unreachable::Unreachable;
use super::unreadable_runs::UnreadableRuns;
use super::verdict::VerdictLine;
use crate::model::address::Address;
use crate::model::explain::{Doing, trouble};
use crate::model::name::RolloutName;
use crate::model::run::Course;

#[component]
pub fn RolloutPage(rollout: RolloutName, filter: String) -> impl IntoView {
    let session = use_session();
    let feed = feed::follow(rollout.clone(), filter.clone());
    let live = memo(move || feed.set.read().runs.iter().any(|run| run.course() == Course::Live));
    let now = clock::ticking(live.into());

    let address = use_address();
    let zone = memo(move || match &*address.read() {
        Address::Rollout { utc: true, .. } => Zone::Utc,
        _ => Zone::Local,
    });
    let selected = memo(move || match &*address.read() {
        Address::Rollout { job_run, .. } => job_run.clone(),
        _ => None,
    });
    // With no run selected, the one that a reader needs first is shown.
    let shown_id =
        memo(move || selected.get().or_else(|| feed.set.read().most_telling().map(|run| run.id.clone())));
    let shown = memo(move || feed.set.read().get(&shown_id.get()?).cloned());

    let retry = Callback::new(move |()| feed.refresh());
    let has_token = move || session.signed_in();
    let doing = move || if feed.loaded.get() { Doing::Refreshing } else { Doing::Loading };
    let error = dynamic_option(move || {
        feed.error.get().map(|error| {
            view! { <TroubleBox trouble=trouble(&error, doing(), has_token()) retry /> }
        })
    });
    let is_empty = memo(move || feed.set.with(|set| set.runs.is_empty() && set.unreadable.is_empty()));
    let is_filtered = !filter.is_empty();

    view! {
        <Announcer feed />
        <article class="rollout" aria-busy=text(move || feed.reading.get().to_string())>
            <RolloutHeader rollout=rollout.clone() feed filter zone />
            {error}
            <Unreachable feed />
            {dynamic(move || match (is_empty.get(), feed.loaded.get()) {
                (true, true) => view! { <Empty is_filtered /> }.into_any(),
                (true, false) if feed.error.read().is_some() => ().into_any(),
                (true, false) => view! { <Skeleton /> }.into_any(),
                (false, _) => {
                    view! {
                        <VerdictLine feed now />
                        <div class="rollout-body">
                            <Timeline feed now zone shown=shown_id />
                            <RunPanel feed now zone shown selected />
                        </div>
                        <UnreadableRuns set=feed.set />
                    }
                        .into_any()
                }
            })}
        </article>
    }
}

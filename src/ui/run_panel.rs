//! The selected run: what it is, how it went, what it did.

use std::sync::Arc;

use leptos::prelude::*;

use super::clock::Zone;
use super::dynamic::{dynamic, dynamic_option, memo};
use super::failure_box::FailureBoxes;
use super::feed::Feed;
use super::place::use_address;
use super::raw_json::RawJson;
use super::run_header::RunHeader;
use super::run_times::RunTimes;
use super::sections::Sections;
use super::session::use_session;
use super::terminate::Terminate;
use crate::model::address::Address;
use crate::model::panel::sections;
use crate::model::run::Run;
use crate::model::time::Timestamp;

#[component]
pub fn RunPanel(
    feed: Feed,
    now: ReadSignal<Timestamp>,
    zone: Memo<Zone>,
    shown: Memo<Option<Arc<Run>>>,
    /// The id in the address; none when the viewer chose the run.
    selected: Memo<Option<String>>,
) -> impl IntoView {
    let id = memo(move || shown.read().as_ref().map(|run| run.id.clone()));
    view! {
        <section class="run-panel" aria-label="Job run">
            {dynamic(move || match (id.get(), selected.read().is_some()) {
                (Some(_), _) => view! { <ShownRun run=shown selected feed now zone /> }.into_any(),
                (None, true) => view! { <MissingRun feed selected /> }.into_any(),
                (None, false) => ().into_any(),
            })}
        </section>
    }
}

/// One run for as long as it is shown: a termination and an open JSON view outlast new data.
#[component]
fn ShownRun(
    run: Memo<Option<Arc<Run>>>,
    selected: Memo<Option<String>>,
    feed: Feed,
    now: ReadSignal<Timestamp>,
    zone: Memo<Zone>,
) -> impl IntoView {
    let is_chosen = memo(move || selected.read().is_none());
    let is_raw_open = RwSignal::new(false);
    view! {
        {dynamic_option(move || run.get().map(|run| view! { <RunHeader run is_chosen feed /> }))}
        <Terminate run feed />
        {dynamic_option(move || run.get().map(|run| view! { <RunBody run now zone is_raw_open /> }))}
    }
}

#[component]
fn RunBody(
    run: Arc<Run>,
    now: ReadSignal<Timestamp>,
    zone: Memo<Zone>,
    is_raw_open: RwSignal<bool>,
) -> impl IntoView {
    let session = use_session();
    let sections = match &*use_address().read_untracked() {
        Address::Rollout { rollout, .. } => sections(&run, rollout, !session.is_demo(rollout)),
        Address::Start | Address::Unreadable(_) => vec![],
    };
    let flags = run.flags.iter().map(|flag| view! { <li>{flag.sentence()}</li> }).collect_view();
    view! {
        <FailureBoxes run=run.clone() />
        {(!run.flags.is_empty()).then(|| view! { <ul class="flags notice is-warning">{flags}</ul> })}
        <RunTimes run=run.clone() now zone />
        <Sections sections />
        <RawJson run is_open=is_raw_open />
    }
}

/// A run that the address names and the list does not have.
#[component]
fn MissingRun(feed: Feed, selected: Memo<Option<String>>) -> impl IntoView {
    dynamic(move || {
        if !feed.loaded.get() {
            return view! { <p class="absent">"Reading…"</p> }.into_any();
        }
        view! {
            <div class="notice is-empty">
                <h2>"This rollout has no such job run"</h2>
                <p>
                    "The address selects " <code class="long-text">{selected.get()}</code>
                    ", which is not among the runs that were read. A filter may hide it, or it was of another rollout. Select a run on the timeline."
                </p>
            </div>
        }
        .into_any()
    })
}

//! The panel of the selected run.

use std::sync::Arc;

use leptos::prelude::*;

use super::build::build_part::with_builds;
use super::failure_box::FailureBoxes;
use super::manifests::manifest_list::ManifestList;
use super::missing_run::LazyMissingRun;
use super::raw_json::RawJson;
use super::run_header::RunHeader;
use super::run_times::RunTimes;
use super::sections::PanelSection;
use super::shown::Shown;
use crate::api::job_run::State;
use crate::core::text::clip;
use crate::model::rollout::{self, job_offers};
use crate::model::run::Run;
use crate::model::run::panel::sections;
use crate::ui::log::event_log;
use crate::ui::log::event_log::{LazyEventLog, LazyEventLogReader};
use crate::ui::nav::link::{shown_address, shown_rollout, use_address};
use crate::ui::rollout::actions::action_buttons::ActionButtons;
use crate::ui::rollout::actions::terminate::Terminate;
use crate::ui::rollout::tree::Tree;

/// Shows the selected run.
#[component]
pub(crate) fn RunPanel(shown: Shown) -> impl IntoView {
    let id = Memo::new(move |_| shown.run.read().as_ref().map(|run| run.id.clone()));
    let content = move || match id.get() {
        Some(_) => view! { <ShownRun shown /> }.into_any(),
        None if shown.selected.read().is_some() => view! { <UnknownRun shown /> }.into_any(),
        None => ().into_any(),
    };
    view! { <section class="run-panel" aria-label="Job run" tabindex="-1">{content}</section> }
}

/// Shows one run for as long as it is selected: a termination and an open JSON view outlast new data.
#[component]
fn ShownRun(shown: Shown) -> impl IntoView {
    let Shown {
        tree,
        run,
        now,
        zone,
        ..
    } = shown;
    let is_chosen = Memo::new(move |_| shown.selected.read().is_none());
    let is_raw_open = RwSignal::new(false);
    let header = move || {
        run.get()
            .map(|run| view! { <RunHeader run is_chosen tree /> })
    };
    let details = move || {
        run.get()
            .map(|run| view! { <RunDetails run is_raw_open /> })
    };
    // What is from a file can only be looked at.
    let actions = (!shown_address().is_file()).then(|| {
        view! {
            <div class="run-actions"><Terminate run tree /><JobOfferButtons run tree /></div>
        }
    });

    // What is read of builds and logs outlasts new data too.
    let log = StoredValue::new(event_log::EventLogSlot::new(shown));
    let has_log = Memo::new(move |_| {
        run.read()
            .as_ref()
            .is_some_and(|run| event_log::has_event_log(run))
    });
    let failed = Memo::new(move |_| {
        run.read()
            .as_ref()
            .is_some_and(|run| run.json.state == State::Failed)
    });
    let log_summary = move |of_failed: bool| {
        (has_log.get() && failed.get() == of_failed)
            .then(|| view! { <LazyEventLog log=log.get_value() /> })
    };
    let address = use_address();
    let is_reading = Memo::new(move |_| has_log.get() && address.read().view().log.shows_events());
    let reader = move || {
        is_reading
            .get()
            .then(|| view! { <LazyEventLogReader log=log.get_value() /> })
    };

    let parts = with_builds(shown, move |builds| {
        view! {
            {move || run.get().map(|run| view! { <RunFailure run /> })}
            {builds.reasons()}
            {move || run.get().map(|run| view! { <RunTimes run now zone /> })}
            {builds.sections()}
            {builds.drawer()}
        }
        .into_any()
    });
    view! {
        {header}
        {actions}
        // A failed verification's log says the most, and comes first.
        {move || log_summary(true)}
        {parts}
        {move || log_summary(false)}
        <ManifestList shown />
        {details}
        {reader}
    }
}

/// Shows buttons for what can be done about the run's job, which the API says of its last attempt only.
#[component]
fn JobOfferButtons(run: Signal<Option<Arc<Run>>>, tree: Tree) -> impl IntoView {
    let offers = Memo::new(move |_| {
        let run = run.read();
        let Some(run) = run.as_ref().filter(|run| run.attempt == run.attempts) else {
            return vec![];
        };
        let record = tree.feed_of(&run.id).rollout.read();
        let rollout = rollout::read(&record);
        rollout.map_or_else(Vec::new, |r| {
            job_offers(r, &run.json.phase_id, &run.json.job_id)
        })
    });
    let page = shown_rollout();
    let of = Memo::new(move |_| {
        let mut name = run.read().as_ref()?.name.clone()?.rollout;
        name.project.clone_from(&page.as_ref()?.project);
        Some(name)
    });
    view! { <ActionButtons offers rollout=of run tree /> }
}

/// Shows why it failed, and what does not add up.
#[component]
fn RunFailure(run: Arc<Run>) -> impl IntoView {
    let flags = (!run.flags.is_empty()).then(|| {
        let flags = run
            .flags
            .iter()
            .map(|flag| view! { <li>{clip(flag.sentence())}</li> })
            .collect_view();
        view! { <ul class="flags notice is-warning">{flags}</ul> }
    });
    view! { <FailureBoxes run /> {flags} }
}

/// Shows what the run did and is, and its JSON.
#[component]
fn RunDetails(run: Arc<Run>, is_raw_open: RwSignal<bool>) -> impl IntoView {
    let outside = !shown_address().is_demo();
    let sections =
        shown_rollout().map_or_else(Vec::new, |rollout| sections(&run, &rollout, outside));
    let sections = sections
        .into_iter()
        .map(|section| view! { <PanelSection section /> })
        .collect_view();
    view! { {sections} <RawJson run is_open=is_raw_open /> }
}

/// Stands for a run that the address names and the list does not have.
#[component]
fn UnknownRun(shown: Shown) -> impl IntoView {
    let address = use_address();
    // It may be a child's.
    let is_read = Memo::new(move |_| shown.tree.is_read(address.read().view().open.len()));
    move || match is_read.get() {
        true => view! { <LazyMissingRun shown /> }.into_any(),
        false => view! { <p class="absent">"Reading…"</p> }.into_any(),
    }
}

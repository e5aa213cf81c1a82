//! The selected run: what it is, how it went, what it did.

use std::sync::Arc;

use leptos::prelude::*;

use super::build::build_part::with_builds;
use super::failure_box::failure_boxes;
use super::manifests::manifest_list::manifest_list;
use super::raw_json::raw_json;
use super::run_header::run_header;
use super::run_times::run_times;
use super::sections::section_view;
use super::shown::Shown;
use crate::api::job_run::State;
use crate::model::rollout::{self, job_offers};
use crate::model::run::Run;
use crate::model::run::panel::sections;
use crate::ui::dom::dynamic::{dynamic, dynamic_option};
use crate::ui::dom::el::{El, el};
use crate::ui::lazy;
use crate::ui::log::event_log;
use crate::ui::nav::link::{shown_address, shown_rollout, use_address};
use crate::ui::rollout::actions::action_buttons::action_buttons;
use crate::ui::rollout::actions::terminate::terminate;
use crate::ui::rollout::tree::Tree;

pub(crate) fn run_panel(shown: Shown) -> El {
    let id = Memo::new(move |_| shown.run.read().as_ref().map(|run| run.id.clone()));
    el("section").class("run-panel").attr("aria-label", "Job run").attr("tabindex", "-1").child(dynamic(
        move || match id.get() {
            Some(_) => shown_run(shown),
            None if shown.selected.read().is_some() => missing_run(shown),
            None => ().into_any(),
        },
    ))
}

/// One run for as long as it is shown: a termination and an open JSON view outlast new data.
fn shown_run(shown: Shown) -> AnyView {
    let Shown { tree, run, .. } = shown;
    let is_chosen = Memo::new(move |_| shown.selected.read().is_none());
    let is_raw_open = RwSignal::new(false);
    // What is read of builds and manifests outlasts new data too.
    let log = StoredValue::new(event_log::EventLogSlot::new(shown));
    let has_log = Memo::new(move |_| run.read().as_ref().is_some_and(|run| event_log::has_event_log(run)));
    // The reader's first words are those of a failed verification.
    let failed = Memo::new(move |_| run.read().as_ref().is_some_and(|run| run.json.state == State::Failed));
    let at_top =
        dynamic_option(move || (has_log.get() && failed.get()).then(|| lazy::event_log(log.get_value())));
    let below =
        dynamic_option(move || (has_log.get() && !failed.get()).then(|| lazy::event_log(log.get_value())));
    let address = use_address();
    let is_reading = Memo::new(move |_| has_log.get() && address.read().view().log.shows_events());
    let reader = dynamic_option(move || is_reading.get().then(|| lazy::event_log_reader(log.get_value())));
    let parts = with_builds(shown, move |builds| {
        (
            dynamic_option(move || run.get().map(|run| run_failure(&run))),
            builds.reasons(),
            dynamic_option(move || run.get().map(|run| run_times(run, shown.now, shown.zone))),
            builds.sections(),
            builds.drawer(),
        )
            .into_any()
    });
    // What is from a file can only be looked at.
    let actions = (!shown_address().is_file()).then(|| {
        el("div").class("run-actions").child(terminate(run, tree)).child(job_offer_buttons(run, tree))
    });
    (
        dynamic_option(move || run.get().map(|run| run_header(&run, is_chosen.into(), tree))),
        actions,
        at_top,
        parts,
        below,
        manifest_list(shown),
        dynamic_option(move || run.get().map(|run| run_details(run, is_raw_open))),
        reader,
    )
        .into_any()
}

/// What can be done about the run's job, which is said of its last attempt only.
fn job_offer_buttons(run: Signal<Option<Arc<Run>>>, tree: Tree) -> AnyView {
    let offers = Memo::new(move |_| {
        let run = run.read();
        let Some(run) = run.as_ref().filter(|run| run.attempt == run.attempts) else { return vec![] };
        let record = tree.feed_of(&run.id).rollout.read();
        let rollout = rollout::read(&record);
        rollout.map_or_else(Vec::new, |r| job_offers(r, &run.json.phase_id, &run.json.job_id))
    });
    let page = shown_rollout();
    let of = Memo::new(move |_| {
        let mut name = run.read().as_ref()?.name.clone()?.rollout;
        name.project.clone_from(&page.as_ref()?.project);
        Some(name)
    });
    action_buttons(offers.into(), of.into(), Some(run), tree)
}

/// Why it failed, and what does not add up.
fn run_failure(run: &Run) -> AnyView {
    let flags = (!run.flags.is_empty()).then(|| {
        let flags = run.flags.iter().map(|flag| el("li").text(flag.sentence()));
        el("ul").class("flags notice is-warning").children(flags)
    });
    (failure_boxes(run), flags).into_any()
}

fn run_details(run: Arc<Run>, is_raw_open: RwSignal<bool>) -> AnyView {
    let outside = !shown_address().is_demo();
    let sections = shown_rollout().map_or_else(Vec::new, |rollout| sections(&run, &rollout, outside));
    (sections.into_iter().map(section_view).collect_view(), raw_json(run, is_raw_open)).into_any()
}

/// A run that the address names and the list does not have.
fn missing_run(shown: Shown) -> AnyView {
    let address = use_address();
    // It may be a child's.
    let is_read = Memo::new(move |_| shown.tree.is_read(address.read().view().open.len()));
    dynamic(move || match is_read.get() {
        true => lazy::missing_run(shown),
        false => el("p").class("absent").text("Reading…").into_any(),
    })
}

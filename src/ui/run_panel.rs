//! The selected run: what it is, how it went, what it did.

use std::sync::Arc;

use leptos::prelude::*;

use super::analysis_panel::AnalysisPanel;
use super::child_panel::ChildPanel;
use super::clock::Zone;
use super::deploy_panel::DeployPanel;
use super::fact::Fact;
use super::failure_box::FailureBoxes;
use super::feed::Feed;
use super::metadata::Pairs;
use super::raw_json::RawJson;
use super::run_header::RunHeader;
use super::run_times::RunTimes;
use super::terminate::Terminate;
use super::verify_panel::VerifyPanel;
use crate::model::links;
use crate::model::name::BuildName;
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
    let id = Memo::new(move |_| shown.read().as_ref().map(|run| run.id.clone()));
    view! {
        <section class="run-panel" aria-label="Job run">
            {move || match (id.get(), selected.read().is_some()) {
                (Some(_), _) => view! { <ShownRun run=shown selected feed now zone /> }.into_any(),
                (None, true) => view! { <MissingRun feed selected /> }.into_any(),
                (None, false) => ().into_any(),
            }}
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
    let is_chosen = Memo::new(move |_| selected.read().is_none());
    let is_raw_open = RwSignal::new(false);
    view! {
        {move || run.get().map(|run| view! { <RunHeader run is_chosen feed /> })}
        <Terminate run feed />
        {move || run.get().map(|run| view! { <RunBody run now zone is_raw_open /> })}
    }
}

#[component]
fn RunBody(
    run: Arc<Run>,
    now: ReadSignal<Timestamp>,
    zone: Memo<Zone>,
    is_raw_open: RwSignal<bool>,
) -> impl IntoView {
    let json = &run.json;
    let build = run.build().map(str::to_owned).unwrap_or_default();
    let build_link = build.parse::<BuildName>().ok().map(|name| links::build(&name));
    let custom = [
        json.verify_job_run.as_ref().map(|v| &v.metadata),
        json.predeploy_job_run.as_ref().map(|v| &v.metadata),
        json.postdeploy_job_run.as_ref().map(|v| &v.metadata),
    ];
    let custom = custom
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|metadata| metadata.custom.clone())
        .map(|custom| view! { <Pairs title="Custom metadata" values=custom.values /> })
        .collect_view();
    let children = [
        ("Creates", json.create_child_rollout_job_run.clone()),
        ("Advances", json.advance_child_rollout_job_run.clone()),
    ];
    view! {
        <FailureBoxes run=run.clone() />
        {(!run.flags.is_empty())
            .then(|| {
                let flags = run.flags.iter().map(|flag| view! { <li>{flag.sentence()}</li> }).collect_view();
                view! { <ul class="flags notice is-warning">{flags}</ul> }
            })}
        <RunTimes run=run.clone() now zone />
        {json.deploy_job_run.clone().map(|deploy| view! { <DeployPanel deploy /> })}
        {json.verify_job_run.clone().map(|verify| view! { <VerifyPanel verify /> })}
        {children
            .into_iter()
            .filter_map(|(verb, child)| Some((verb, child?)))
            .map(|(verb, child)| view! { <ChildPanel verb child run=run.clone() /> })
            .collect_view()}
        {json.analysis_job_run.clone().map(|analysis| view! { <AnalysisPanel analysis /> })}
        {custom}
        <dl class="facts">
            <Fact label="Cloud Build" value=build link=build_link />
            <Fact label="Name" value=json.name.clone() />
            <Fact label="UID" value=json.uid.clone() />
            <Fact label="ETag" value=json.etag.clone() />
        </dl>
        <RawJson run is_open=is_raw_open />
    }
}

/// A run that the address names and the list does not have.
#[component]
fn MissingRun(feed: Feed, selected: Memo<Option<String>>) -> impl IntoView {
    move || {
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
    }
}

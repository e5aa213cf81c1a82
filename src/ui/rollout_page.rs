//! A rollout: its verdict, its timeline, and the selected run beside it.

use leptos::prelude::*;

use super::announcer::Announcer;
use super::button::Button;
use super::clock::{self, Zone};
use super::copy_button::CopyButton;
use super::dynamic::{dynamic, dynamic_option, flag, memo, text};
use super::feed::{self, Feed};
use super::filter_box::FilterBox;
use super::icon::{Icon, Shape};
use super::place::{use_address, use_go};
use super::raw_json::RawText;
use super::run_panel::RunPanel;
use super::sections::Outward;
use super::session::use_session;
use super::timeline::Timeline;
use super::trouble_box::TroubleBox;
use super::verdict::VerdictLine;
use crate::model::address::Address;
use crate::model::explain::{Doing, trouble};
use crate::model::links;
use crate::model::name::RolloutName;
use crate::model::run::{Course, RunSet};

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

#[component]
fn RolloutHeader(rollout: RolloutName, feed: Feed, filter: String, zone: Memo<Zone>) -> impl IntoView {
    let is_demo = use_session().is_demo(&rollout);
    let console = links::rollout(&rollout);
    let name = rollout.to_string();
    let title = rollout.rollout.clone();
    let path = [
        ("Project", rollout.project),
        ("Location", rollout.location),
        ("Pipeline", rollout.delivery_pipeline),
        ("Release", rollout.release),
    ];
    let (go, address) = (use_go(), use_address());
    let zones = [(Zone::Local, "Local time"), (Zone::Utc, "UTC")];
    view! {
        <header class="rollout-header">
            <div class="rollout-title">
                <h1>{title}</h1>
                <CopyButton text=name label="Copy the rollout's name" />
                {(!is_demo)
                    .then(|| {
                        view! {
                            <Outward link=console class="button quiet">
                                "Cloud console"
                            </Outward>
                        }
                    })}
            </div>
            <dl class="rollout-path">
                {path
                    .into_iter()
                    .map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> })
                    .collect_view()}
            </dl>
            <div class="rollout-tools">
                <FilterBox filter />
                <div class="segmented" role="group" aria-label="Time zone">
                    {zones
                        .into_iter()
                        .map(|(value, label)| {
                            let go = go.clone();
                            view! {
                                <button
                                    type="button"
                                    aria-pressed=text(move || (zone.get() == value).to_string())
                                    on:click=move |_| go(&address.get_untracked().in_utc(value == Zone::Utc))
                                >
                                    {label}
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
                <LiveState feed />
            </div>
        </header>
    }
}

/// Whether the page follows the rollout, and a way to read it again.
#[component]
fn LiveState(feed: Feed) -> impl IntoView {
    let label = move || match (feed.error.read().is_some(), feed.following.get()) {
        (true, true) => "Trying again",
        (true, false) => "Stopped",
        (false, true) => "Live",
        (false, false) => "Up to date",
    };
    let label = text(move || label().to_owned());
    view! {
        <span
            class="live-state"
            class:is-live=flag(move || feed.following.get() && feed.error.read().is_none())
            class:is-reading=feed.reading
            title="The list is read again while something can change, and not while the page is hidden."
        >
            <span class="live-dot" aria-hidden="true"></span>
            {label}
        </span>
        <Button on_press=move |()| feed.refresh() disabled=feed.reading>
            "Refresh"
        </Button>
    }
}

#[component]
fn Unreachable(feed: Feed) -> impl IntoView {
    dynamic_option(move || {
        let places = feed.unreachable.get();
        (!places.is_empty()).then(|| {
            view! {
                <p class="notice is-warning" role="status">
                    <Icon shape=Shape::Warning />
                    <span>
                        "The list is not whole: the server could not reach " <b>{places.join(", ")}</b> "."
                    </span>
                </p>
            }
        })
    })
}

#[component]
fn Empty(is_filtered: bool) -> impl IntoView {
    let go = use_go();
    let address = use_address();
    let clear = move |()| {
        if let Address::Rollout { rollout, .. } = address.get_untracked() {
            go(&Address::rollout(rollout));
        }
    };
    match is_filtered {
        true => view! {
            <section class="notice is-empty">
                <h2>"No job run matches the filter"</h2>
                <p>"The rollout may have others."</p>
                <Button on_press=clear>
                    "Show all job runs"
                </Button>
            </section>
        }
        .into_any(),
        false => view! {
            <section class="notice is-empty">
                <h2>"No job runs yet"</h2>
                <p>
                    "The rollout exists, and none of its jobs has begun: it may wait for approval, for its release to render, or for another rollout to the same target. This page keeps looking."
                </p>
            </section>
        }
        .into_any(),
    }
}

#[component]
fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <p class="visually-hidden">"Reading the job runs…"</p>
            <div class="skeleton-line wide"></div>
            {(0..6)
                .map(|row| {
                    view! { <div class="skeleton-lane" style:--row=row.to_string()><span></span><span></span></div> }
                })
                .collect_view()}
        </div>
    }
}

/// Entries that are no job runs: said and shown, never dropped.
#[component]
fn UnreadableRuns(set: ReadSignal<RunSet>) -> impl IntoView {
    dynamic_option(move || {
        let entries = set.read().unreadable.clone();
        (!entries.is_empty()).then(|| {
            let title = match entries.len() {
                1 => "1 entry of the list could not be read as a job run".to_owned(),
                count => format!("{count} entries of the list could not be read as job runs"),
            };
            view! {
                <section class="notice is-warning unreadable">
                    <h2>{title}</h2>
                    {entries
                        .into_iter()
                        .map(|entry| {
                            view! {
                                <details>
                                    <summary>{entry.reason}</summary>
                                    <RawText raw=entry.raw.into() />
                                </details>
                            }
                        })
                        .collect_view()}
                </section>
            }
        })
    })
}

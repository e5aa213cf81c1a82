//! The head of a rollout: its name, where it lies, and how it is shown.

use leptos::prelude::*;

use super::clock::Zone;
use super::copy_button::CopyButton;
use super::dynamic::text;
use super::feed::Feed;
use super::filter_box::FilterBox;
use super::live_state::LiveState;
use super::place::{use_address, use_go};
use super::sections::Outward;
use super::session::use_session;
use crate::model::links;
use crate::model::name::RolloutName;

#[component]
pub fn RolloutHeader(rollout: RolloutName, feed: Feed, filter: String, zone: Memo<Zone>) -> impl IntoView {
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

//! The start page: open a name, or look at the demo.

use leptos::prelude::*;

use super::drop_zone::OpenFileButton;
use crate::core::demo::{self, DemoRollout};
use crate::model::address::Address;
use crate::ui::nav::link::Link;
use crate::ui::nav::omnibox::Omnibox;
use crate::ui::nav::recents::Recents;
use crate::ui::widgets::lazy_view::lazy_component;

/// Shows the ways to a rollout: the omnibox, files, recent addresses and the demo.
#[component]
fn StartPage() -> impl IntoView {
    let cards = demo::ROLLOUTS
        .iter()
        .map(|rollout| view! { <li><DemoCard rollout /></li> })
        .collect_view();
    view! {
        <div class="start-page">
            <section class="start-open">
                <h1 tabindex="-1">"Which rollout is it?"</h1>
                <p class="lead">
                    "Paste its name, its link in the Cloud console or a gcloud command; a project’s id leads to \
                     browsing. You see which job, which attempt, why it failed, how long it waited and ran, and you \
                     can stop it."
                </p>
                <Omnibox />
                <p class="start-file">
                    <OpenFileButton />
                    " Or drop a file of job runs, or paste its text. Nothing of it leaves this browser."
                </p>
            </section>
            <Recents />
            <section class="start-demo">
                <h2>"Or look at the demo"</h2>
                <p class="lead">
                    "A simulated Cloud Deploy inside this page: no account, live rollouts, and terminate works. \
                     Nothing leaves the browser."
                </p>
                <ul class="demo-cards">{cards}</ul>
                <p>
                    <Link to=Address::from_name(demo::HOME)>"Browse the demo’s pipelines and releases"</Link>
                </p>
            </section>
        </div>
    }
}

/// Links to a rollout of the demo.
#[component]
fn DemoCard(rollout: &'static DemoRollout) -> impl IntoView {
    let name = rollout.name();
    let id = name.rollout.clone();
    let live = rollout
        .live
        .then(|| view! { <span class="demo-card-live">"live"</span> });
    view! {
        <Link to=Address::rollout(name) class="demo-card">
            <span class="demo-card-title">{rollout.title} {live}</span>
            <span class="demo-card-about">{rollout.about}</span>
            <span class="demo-card-id">{id}</span>
        </Link>
    }
}

lazy_component! {
    part: start;
    /// [`StartPage`], loaded on first use.
    pub(crate) fn LazyStartPage() {
        view! { <StartPage /> }
    }
}

//! The start page: open a name, or look at the demo.

use leptos::prelude::*;

use super::open_box::OpenBox;
use super::place::Place;
use super::session::use_session;
use crate::model::address::Address;

#[component]
pub fn StartPage() -> impl IntoView {
    let demo = use_session()
        .demo_rollouts()
        .into_iter()
        .map(|rollout| {
            let id = rollout.name.rollout.clone();
            view! {
                <li>
                    <Place to=Address::rollout(rollout.name) class="demo-card">
                        <span class="demo-card-title">
                            {rollout.title}
                            {rollout.live.then(|| view! { <span class="demo-card-live">"live"</span> })}
                        </span>
                        <span class="demo-card-about">{rollout.about}</span>
                        <span class="demo-card-id">{id}</span>
                    </Place>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="start-page">
            <section class="start-open">
                <h1>"Which rollout is it?"</h1>
                <p class="lead">
                    "Paste the full name of a rollout or a job run. You see which job, which attempt, why it failed, how long it waited and ran, and you can stop it."
                </p>
                <OpenBox />
            </section>
            <section class="start-demo">
                <h2>"Or look at the demo"</h2>
                <p class="lead">
                    "A simulated Cloud Deploy inside this page: no account, live rollouts, and terminate works. Nothing leaves the browser."
                </p>
                <ul class="demo-cards">{demo}</ul>
            </section>
        </div>
    }
}

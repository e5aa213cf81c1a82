//! The one sentence about the rollout, and how many runs there are in each state.

use leptos::prelude::*;

use super::dynamic::{dynamic, dynamic_option};
use super::feed::Feed;
use super::icon::{Icon, Shape};
use super::place::{Place, use_address};
use super::state_badge::state_class;
use crate::api::job_run::State;
use crate::model::explain::state_label;
use crate::model::time::Timestamp;
use crate::model::verdict::verdict;

#[component]
pub fn VerdictLine(feed: Feed, now: ReadSignal<Timestamp>) -> impl IntoView {
    let address = use_address();
    let line = move || {
        let verdict = verdict(&feed.set.read(), now.get())?;
        let to = address.read().select(Some(&verdict.run));
        Some(view! {
            <p class=format!("verdict-line {}", state_class(&verdict.state))>
                <Icon shape=Shape::of(&verdict.state) />
                <Place to class="verdict-headline">
                    {verdict.headline}
                </Place>
                <span class="verdict-detail">{verdict.detail}</span>
            </p>
        })
    };
    let counts = move || {
        let set = feed.set.read();
        let count = |(state, count): (State, usize)| {
            view! {
                <li class=format!("state-count {}", state_class(&state))>
                    <Icon shape=Shape::of(&state) />
                    {format!("{count} {}", state_label(&state).to_ascii_lowercase())}
                </li>
            }
        };
        let total = match set.runs.len() {
            1 => "1 job run".to_owned(),
            total => format!("{total} job runs"),
        };
        view! {
            <li class="state-count">{total}</li>
            {set.state_counts().into_iter().map(count).collect_view()}
        }
    };
    view! {
        <section class="verdict" aria-label="Verdict">
            {dynamic_option(line)}
            <ul class="state-counts" aria-label="Job runs by state">
                {dynamic(counts)}
            </ul>
        </section>
    }
}

//! The one sentence about the rollout, and how many runs there are in each state.

use leptos::prelude::*;

use super::feed::Feed;
use super::icon::{Icon, Shape};
use super::place::{Place, use_address};
use super::state_badge::state_class;
use crate::model::explain::state_label;
use crate::model::time::Timestamp;
use crate::model::verdict::verdict;

#[component]
pub fn VerdictLine(feed: Feed, now: ReadSignal<Timestamp>) -> impl IntoView {
    let address = use_address();
    let verdict = Memo::new(move |_| verdict(&feed.set.read(), now.get()));
    let counts = Memo::new(move |_| feed.set.read().state_counts());
    let total = Memo::new(move |_| feed.set.read().runs.len());
    view! {
        <section class="verdict" aria-label="Verdict">
            {move || {
                let verdict = verdict.get()?;
                let class = format!("verdict-line {}", state_class(&verdict.state));
                let to = address.read().select(Some(&verdict.run));
                Some(
                    view! {
                        <p class=class>
                            <Icon shape=Shape::of(&verdict.state) />
                            <Place to class="verdict-headline">
                                {verdict.headline}
                            </Place>
                            <span class="verdict-detail">{verdict.detail}</span>
                        </p>
                    },
                )
            }}
            <ul class="state-counts" aria-label="Job runs by state">
                <li class="state-count">
                    {move || match total.get() {
                        1 => "1 job run".to_owned(),
                        total => format!("{total} job runs"),
                    }}
                </li>
                {move || {
                    counts
                        .get()
                        .into_iter()
                        .map(|(state, count)| {
                            let class = format!("state-count {}", state_class(&state));
                            view! {
                                <li class=class>
                                    <Icon shape=Shape::of(&state) />
                                    {format!("{count} {}", state_label(&state).to_lowercase())}
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
        </section>
    }
}

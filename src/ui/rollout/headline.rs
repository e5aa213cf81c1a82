//! The headline of a rollout: one sentence, and the number of runs in each state.

use leptos::prelude::*;

use super::feed::Feed;
use crate::api::job_run::State;
use crate::core::text::clip;
use crate::core::time::Timestamp;
use crate::model::address::Address;
use crate::model::explain::state_label;
use crate::model::rollout;
use crate::model::rollout::Coverage;
use crate::model::rollout::headline::{Headline, headline};
use crate::ui::nav::link::{Link, use_address};
use crate::ui::widgets::icon::{Icon, SvgIcon};
use crate::ui::widgets::state_badge::state_class;

/// How much of the rollout the runs cover.
fn coverage_of(feed: Feed, address: Signal<Address>) -> Coverage {
    if !address.read().view().filter.is_empty() {
        return Coverage::Filtered;
    }
    let is_whole = feed.loaded.get()
        && feed.unreachable.read().is_empty()
        && feed.set.read().unreadable.is_empty();
    match is_whole {
        true => rollout::coverage(rollout::read(&feed.rollout.read())),
        false => Coverage::Part,
    }
}

/// Returns the headline of what a feed has read.
pub(super) fn headline_of(
    feed: Feed,
    address: Signal<Address>,
    now: Timestamp,
) -> Option<Headline> {
    let rollout = feed.rollout.read();
    headline(
        &feed.set.read(),
        now,
        &coverage_of(feed, address),
        rollout::read(&rollout),
    )
}

/// The headline of what a feed has read, and the number of runs in each state.
#[component]
pub(super) fn RolloutHeadline(feed: Feed, now: Signal<Timestamp>) -> impl IntoView {
    let address = use_address();
    let verdict = Memo::new(move |_| headline_of(feed, address, now.get()));
    let sentence = move || {
        let Headline {
            text,
            detail,
            state,
            run,
        } = verdict.get()?;
        let to = address.read().select(Some(&run));
        Some(view! {
            <p class=format!("verdict-line {}", state_class(&state))>
                <SvgIcon icon=Icon::of(&state) />
                <Link to class="verdict-headline">{clip(text)}</Link>
                <span class="verdict-detail">{clip(detail)}</span>
            </p>
        })
    };
    let total = move || match feed.set.read().runs.len() {
        1 => "1 job run".to_owned(),
        total => format!("{total} job runs"),
    };
    let counts = Memo::new(move |_| feed.set.read().state_counts());
    let counts = move || {
        let count_view = |(state, count)| view! { <StateCount state count /> };
        counts.get().into_iter().map(count_view).collect_view()
    };
    view! {
        <section class="verdict" aria-label="Verdict">
            {sentence}
            <ul class="state-counts" aria-label="Job runs by state">
                <li class="state-count">{total}</li>
                {counts}
            </ul>
        </section>
    }
}

/// The number of runs in a state.
#[component]
fn StateCount(state: State, count: usize) -> impl IntoView {
    let text = format!("{count} {}", state_label(&state).to_ascii_lowercase());
    view! {
        <li class=format!("state-count {}", state_class(&state))>
            <SvgIcon icon=Icon::of(&state) />
            {clip(text)}
        </li>
    }
}

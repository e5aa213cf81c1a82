//! What is under the pointer.

use leptos::prelude::*;

use super::badge::RunBadge;
use crate::core::text::clip;
use crate::workers::history::protocol::{ManyTip, RunTip, Tip, TipContent};

/// Shows what is under the pointer, beside it.
#[component]
pub(super) fn HistoryTip(tip: Tip) -> impl IntoView {
    let Tip { x, y, content } = tip;
    let content = match content {
        TipContent::Run(tip) => view! { <RunLines tip /> }.into_any(),
        TipContent::Many(tip) => view! { <ManyLines tip /> }.into_any(),
    };
    view! {
        <div class="history-tip" style=format!("--x:{x}px;--y:{y}px") aria-hidden="true">
            {content}
        </div>
    }
}

#[component]
fn RunLines(tip: RunTip) -> impl IntoView {
    let RunTip {
        badge,
        job,
        rollout,
        times,
        attempt,
        from,
        cause,
    } = tip;
    view! {
        <div>
            <RunBadge badge />
            <b>" " {clip(job)}</b>
            <div>{clip(rollout)}</div>
            <div>{times}</div>
            {attempt.map(|attempt| view! { <div>{attempt}</div> })}
            {from.map(|from| view! { <div class="absent">{from}</div> })}
            {cause.map(|cause| view! { <div class="history-cause">{clip(cause)}</div> })}
        </div>
    }
}

#[component]
fn ManyLines(tip: ManyTip) -> impl IntoView {
    let ManyTip { title, states } = tip;
    let states = states
        .into_iter()
        .map(|(badge, count)| view! { <div><RunBadge badge />" " {count}</div> });
    view! {
        <div>
            <b>{title}</b>
            {states.collect_view()}
            <div class="absent">"Click to zoom to them"</div>
        </div>
    }
}

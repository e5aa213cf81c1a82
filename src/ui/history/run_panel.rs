//! The selected run.

use leptos::prelude::*;

use super::badge::RunBadge;
use super::setting_button::SettingButton;
use crate::api::http::percent_encode;
use crate::core::name::JobRunName;
use crate::core::text::clip;
use crate::model::address::Address;
use crate::model::explain::state_class;
use crate::ui::nav::link::Link;
use crate::ui::widgets::icon::{Icon, SvgIcon};
use crate::workers::history::protocol::{
    ComparedBar, ComparedLane, ComparedRollouts, Comparison, CriticalPath, Failure, OtherRollout,
    RunDetails,
};

/// Shows the selected run: what it says itself, and how it compares with others.
#[component]
pub(super) fn RunPanel(run: RunDetails) -> impl IntoView {
    let RunDetails {
        name,
        badge,
        job,
        rollout,
        facts,
        failures,
        warnings,
        standing,
        critical_path,
        comparison,
    } = run;
    let facts = facts
        .into_iter()
        .map(|fact| view! { <dt>{fact.label}</dt><dd><span>{fact.value}</span></dd> });
    let failures = failures
        .into_iter()
        .map(|failure| view! { <FailurePart failure /> });
    let warnings = warnings
        .into_iter()
        .map(|text| view! { <p class="notice is-warning">{clip(text)}</p> });
    let open = name.parse::<JobRunName>().ok().map(|name| {
        view! { <Link to=Address::job_run(name) class="button is-primary">"Open the job run"</Link> }
    });
    view! {
        <article class="history-run">
            <header>
                <h2><RunBadge badge />" " {clip(job)}</h2>
                <p>{clip(rollout)}</p>
            </header>
            <dl class="facts">{facts.collect_view()}</dl>
            {failures.collect_view()}
            {warnings.collect_view()}
            {standing.map(|sentence| view! { <p class="history-standing">{clip(sentence)}</p> })}
            {open}
            {critical_path.map(|path| view! { <CriticalPathPart path /> })}
            {match comparison {
                Comparison::Offered(others) => view! { <OfferedComparison others /> }.into_any(),
                Comparison::Made(compared) => view! { <MadeComparison compared /> }.into_any(),
            }}
        </article>
    }
}

#[component]
fn FailurePart(failure: Failure) -> impl IntoView {
    let Failure {
        title,
        meaning,
        message,
        next,
    } = failure;
    view! {
        <div class="history-failure">
            <b>{clip(title)}</b>
            <p>{clip(meaning)}</p>
            <p class="history-message">{clip(message)}</p>
            <p><b>"Next: "</b>{clip(next)}</p>
        </div>
    }
}

/// What determined when the rollout ended.
#[component]
fn CriticalPathPart(path: CriticalPath) -> impl IntoView {
    let steps = path.steps.into_iter().map(|step| {
        view! {
            <li class=step.is_gap.then_some("is-gap") style=format!("--part:{}", step.per_mille)>{clip(step.text)}</li>
        }
    });
    view! {
        <details class="history-part">
            <summary>"Critical path of the rollout"</summary>
            <p>{clip(path.sentence)}</p>
            <ol class="history-steps">{steps.collect_view()}</ol>
        </details>
    }
}

/// The rollouts that the run's own could be compared with.
#[component]
fn OfferedComparison(others: Vec<OtherRollout>) -> impl IntoView {
    let offer = if others.is_empty() {
        view! { <p class="absent">"No other rollout is here."</p> }.into_any()
    } else {
        let others = others.into_iter().map(|OtherRollout { id, name }| {
            view! { <li><SettingButton label=id changes=format!("vs={}", percent_encode(&name)) /></li> }
        });
        view! { <ol class="history-causes">{others.collect_view()}</ol> }.into_any()
    };
    view! {
        <details class="history-part">
            <summary>"Compare with another rollout"</summary>
            {offer}
        </details>
    }
}

/// The comparison with another rollout, job by job.
#[component]
fn MadeComparison(compared: ComparedRollouts) -> impl IntoView {
    let ComparedRollouts {
        sentence,
        differences,
        here,
        there,
        lanes,
    } = compared;
    let differences = differences
        .into_iter()
        .map(|text| view! { <li>{clip(text)}</li> });
    let lanes = lanes.into_iter().map(|lane| view! { <LanePair lane /> });
    view! {
        <details class="history-part" open=true>
            <summary>"Compare with another rollout"</summary>
            <p>{clip(sentence)}</p>
            <ol class="history-differences">{differences.collect_view()}</ol>
            <p class="absent">{clip(format!("Aligned at their start: above {here}, below {there}."))}</p>
            <ol class="history-lanes">{lanes.collect_view()}</ol>
            <SettingButton label="Compare no more" changes="vs=".to_owned() />
        </details>
    }
}

/// A job's bars in both rollouts.
#[component]
fn LanePair(lane: ComparedLane) -> impl IntoView {
    let ComparedLane { job, here, there } = lane;
    view! {
        <li>
            <span class="history-lane">{clip(job)}</span>
            <span class="history-track">{here.map(|bar| view! { <Bar bar /> })}</span>
            <span class="history-track">{there.map(|bar| view! { <Bar bar /> })}</span>
        </li>
    }
}

#[component]
fn Bar(bar: ComparedBar) -> impl IntoView {
    let ComparedBar {
        state,
        title,
        from,
        to,
    } = bar;
    view! {
        <span
            class=format!("history-bar {}", state_class(&state))
            title=clip(title)
            style=format!("--from:{from};--to:{to}")
        >
            <SvgIcon icon=Icon::of(&state) />
        </span>
    }
}

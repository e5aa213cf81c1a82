//! What a build did: how it went, why it failed, and its steps on the axis of its run.

use leptos::prelude::*;

use crate::core::text::clip;
use crate::model::build_report::{Bar, BuildReport, BuildRow, RowKind, StepReport, Why};
use crate::ui::widgets::icon::{Icon, SvgIcon};
use crate::ui::widgets::state_badge::state_class;

/// Shows a build.
#[component]
pub(super) fn BuildReportView(report: BuildReport) -> impl IntoView {
    let BuildReport {
        look,
        status,
        times,
        why,
        warnings,
        rows,
        ..
    } = report;
    let warning = |text: String| view! { <p class="notice is-warning">{clip(text)}</p> };
    view! {
        <div class="build-body">
            <p class="build-head">
                <span class=format!("state-badge {}", state_class(&look))>
                    <SvgIcon icon=Icon::of(&look) />
                    {clip(status)}
                </span>
                <span class="build-times">{times}</span>
            </p>
            {why.map(|why| view! { <Explanation why /> })}
            {warnings.into_iter().map(warning).collect_view()}
            <ol class="steps" aria-label="Steps of the build">
                {rows.into_iter().map(|row| view! { <Row row /> }).collect_view()}
            </ol>
        </div>
    }
}

/// Says why a build did not succeed, and what to do next.
#[component]
fn Explanation(why: Why) -> impl IntoView {
    view! {
        <p class="build-why">{clip(why.meaning)}</p>
        <p class="build-why"><b>"Next: "</b>{clip(why.next)}</p>
    }
}

/// Shows the run, or something that its build did, as a row on the run's axis.
#[component]
fn Row(row: BuildRow) -> AnyView {
    let BuildRow {
        kind,
        label,
        bars,
        duration,
    } = row;
    match kind {
        RowKind::Run(state) => view! {
            <li class=format!("step is-run {}", state_class(&state))>
                <PlainRow label bars duration />
            </li>
        }
        .into_any(),
        RowKind::Stage => view! {
            <li class="step is-stage is-unknown">
                <PlainRow label bars duration />
            </li>
        }
        .into_any(),
        RowKind::Step(step) => view! { <Step step label bars duration /> }.into_any(),
    }
}

/// Shows a row that has nothing to unfold.
#[component]
fn PlainRow(label: String, bars: Vec<Bar>, duration: String) -> impl IntoView {
    view! {
        <div class="step-row">
            <span class="step-icon"></span>
            <span class="step-label"><span>{clip(label)}</span></span>
            <Track bars />
            <span class="step-duration">{duration}</span>
        </div>
    }
}

/// Shows a step of the build, with its image and its command to unfold.
#[component]
fn Step(step: StepReport, label: String, bars: Vec<Bar>, duration: String) -> impl IntoView {
    let StepReport {
        look,
        status,
        details,
    } = step;
    let class = format!("step {}", look.as_ref().map_or("is-unknown", state_class));
    view! {
        <li class=class>
            <details>
                <summary class="step-row">
                    <span class="step-icon">
                        {look.map(|look| view! { <SvgIcon icon=Icon::of(&look) /> })}
                    </span>
                    <span class="step-label">
                        <span class="long-text">{clip(label)}</span>
                        <span class="step-status">{clip(status)}</span>
                    </span>
                    <Track bars />
                    <span class="step-duration">{duration}</span>
                </summary>
                <pre class="step-details">{clip(details)}</pre>
            </details>
        </li>
    }
}

/// Shows stretches of time on the run's axis.
#[component]
fn Track(bars: Vec<Bar>) -> impl IntoView {
    let bar = |Bar {
                   from,
                   to,
                   is_waiting,
               }| {
        let class = if is_waiting {
            "step-bar is-waiting"
        } else {
            "step-bar"
        };
        view! { <span class=class style=format!("--from:{from};--to:{to}")></span> }
    };
    view! { <span class="step-track">{bars.into_iter().map(bar).collect_view()}</span> }
}

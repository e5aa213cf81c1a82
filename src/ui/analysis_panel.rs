//! What an analysis watched, check by check.

use leptos::prelude::*;

use super::fact::{Fact, MaybeLink};
use super::icon::{Icon, Shape};
use super::metadata::Pairs;
use crate::api::job_run::{AlertPolicyCheckStatus, AnalysisJobRun, ContainerTask, CustomCheckStatus};
use crate::model::links;
use crate::model::name::BuildName;

#[component]
pub fn AnalysisPanel(analysis: AnalysisJobRun) -> impl IntoView {
    let failed = analysis.failed_check_id;
    let is_empty = analysis.alert_policy_analyses.is_empty() && analysis.custom_check_analyses.is_empty();
    let alerts = analysis
        .alert_policy_analyses
        .into_iter()
        .map(|check| {
            let failed = !failed.is_empty() && check.id == failed || !check.failed_alert_policies.is_empty();
            view! { <AlertCheck check failed /> }
        })
        .collect_view();
    let customs = analysis
        .custom_check_analyses
        .into_iter()
        .map(|check| {
            let failed = !failed.is_empty() && check.id == failed || !check.failure_cause.is_unspecified();
            view! { <CustomCheck check failed /> }
        })
        .collect_view();
    view! {
        <section class="panel-part">
            <h3>"Analysis"</h3>
            {is_empty.then(|| view! { <p class="absent">"No check has reported yet."</p> })}
            <ul class="checks">{alerts} {customs}</ul>
        </section>
    }
}

#[component]
fn CheckTitle(id: String, kind: &'static str, failed: bool) -> impl IntoView {
    view! {
        <h4 class="check-title" class:is-failed=failed>
            {failed.then(|| view! { <Icon shape=Shape::Cross /> })}
            {id}
            <span class="check-kind">{if failed { "failed · " } else { "" }} {kind}</span>
        </h4>
    }
}

#[component]
fn AlertCheck(check: AlertPolicyCheckStatus, failed: bool) -> impl IntoView {
    let firing = check
        .failed_alert_policies
        .into_iter()
        .map(|policy| {
            let alerts = policy.alerts.into_iter().map(|alert| view! { <li class="long-text">{alert}</li> }).collect_view();
            view! {
                <li>
                    <span class="long-text">{policy.alert_policy}</span>
                    <ul>{alerts}</ul>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let policies =
        check.alert_policies.into_iter().map(|policy| view! { <li class="long-text">{policy}</li> }).collect_view();
    view! {
        <li class="check">
            <CheckTitle id=check.id kind="alert policies" failed />
            {(!firing.is_empty())
                .then(|| {
                    view! {
                        <p class="check-label">"Firing, with their open alerts"</p>
                        <ul class="check-list is-failed">{firing}</ul>
                    }
                })}
            <p class="check-label">"Watched policies"</p>
            <ul class="check-list">{policies}</ul>
            <Pairs title="Labels" values=check.labels />
        </li>
    }
}

#[component]
fn CustomCheck(check: CustomCheckStatus, failed: bool) -> impl IntoView {
    let build_link = check.latest_build.parse::<BuildName>().ok().map(|name| links::build(&name));
    view! {
        <li class="check">
            <CheckTitle id=check.id kind="custom check" failed />
            <dl class="facts">
                <Fact label="Runs every" value=check.frequency.unwrap_or_default() />
                <div class="fact">
                    <dt>"Latest build"</dt>
                    <dd>
                        {match check.latest_build.is_empty() {
                            true => view! { <span class="absent">"none yet"</span> }.into_any(),
                            false => view! { <MaybeLink text=check.latest_build link=build_link /> }.into_any(),
                        }}
                    </dd>
                </div>
                {check.task.and_then(|task| task.container).map(|container| view! { <Container container /> })}
            </dl>
            {check.metadata.map(|metadata| view! { <Pairs title="Metadata" values=metadata.values /> })}
        </li>
    }
}

#[component]
fn Container(container: ContainerTask) -> impl IntoView {
    view! {
        <Fact label="Image" value=container.image />
        <Fact label="Command" value=container.command.join(" ") />
        <Fact label="Arguments" value=container.args.join(" ") />
        <Pairs title="Environment" values=container.env />
    }
}

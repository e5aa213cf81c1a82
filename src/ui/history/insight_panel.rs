//! What the runs say together.

use leptos::prelude::*;

use super::setting_button::{SettingButton, use_replace_settings};
use crate::api::http::percent_encode;
use crate::core::text::clip;
use crate::workers::history::protocol::{
    Facet, FailureBucket, Failures, Insight, JobStatistics, JobTable, Replay,
};

/// Shows the replay, failures over time, and how long each job takes.
#[component]
pub(super) fn InsightPanel(insight: Insight) -> impl IntoView {
    let Insight {
        replay,
        failures,
        jobs,
    } = insight;
    view! {
        <ReplayPart replay />
        {failures.map(|failures| view! { <FailuresPart failures /> })}
        <JobsPart table=jobs />
    }
}

#[component]
fn ReplayPart(replay: Replay) -> impl IntoView {
    let at = |moment: String| format!("at={}", percent_encode(&moment));
    let step = move |label: &'static str, to: Option<String>| {
        to.map(|moment| view! { <SettingButton label changes=at(moment) /> })
    };
    let content = match replay {
        Replay::Off { begin } => {
            view! { <SettingButton label="Replay from the left edge" changes=at(begin) /> }
                .into_any()
        }
        Replay::On {
            sentence,
            previous,
            next,
        } => view! {
            <h2>"Replay"</h2>
            <p>{clip(sentence)}</p>
            <p class="history-buttons">
                {step("◀ Change before", previous)}
                {step("Next change ▶", next)}
                <SettingButton label="End the replay" changes=at(String::new()) />
            </p>
        }
        .into_any(),
    };
    view! { <section class="history-part">{content}</section> }
}

/// Shows a small chart of what failed when, and the causes, both to filter by.
#[component]
fn FailuresPart(failures: Failures) -> impl IntoView {
    let Failures {
        sentence,
        buckets,
        causes,
    } = failures;
    let content = if buckets.is_empty() {
        view! { <p class="absent">{sentence}</p> }.into_any()
    } else {
        let buckets = buckets.into_iter().map(|bucket| match bucket {
            Some(bucket) => view! { <Bucket bucket /> }.into_any(),
            // What leads nowhere is no stop for the keyboard either.
            None => view! { <span class="history-bucket"></span> }.into_any(),
        });
        let causes = causes.into_iter().map(|Facet { value, label }| {
            let changes = format!("state=FAILED&cause={}", percent_encode(&value));
            view! { <li><SettingButton label changes /></li> }
        });
        view! {
            <p>{clip(sentence)}</p>
            <div class="history-chart">{buckets.collect_view()}</div>
            <ol class="history-causes">{causes.collect_view()}</ol>
        }
        .into_any()
    };
    view! {
        <section class="history-part">
            <h2>"Failures over time"</h2>
            {content}
        </section>
    }
}

#[component]
fn Bucket(bucket: FailureBucket) -> impl IntoView {
    let FailureBucket {
        percent,
        title,
        from,
        to,
    } = bucket;
    let title = clip(title);
    let changes = format!("from={}&to={}", percent_encode(&from), percent_encode(&to));
    let replace = use_replace_settings();
    view! {
        <button
            class="history-bucket"
            style=format!("--part:{percent}")
            aria-label=title.clone()
            title=title
            on:click=move |_| replace(&changes)
        ></button>
    }
}

/// Shows how long each job takes.
#[component]
fn JobsPart(table: JobTable) -> impl IntoView {
    let JobTable { jobs, omitted } = table;
    let rows = jobs.into_iter().map(|job| view! { <JobRow job /> });
    let omitted = omitted.map(
        |count| view! { <p class="absent">{format!("And {count} more with fewer failures.")}</p> },
    );
    view! {
        <details class="history-part">
            <summary>"How long jobs take"</summary>
            <p class="absent">
                "Of all runs, filters aside. Running time is that of runs that succeeded; p90 is what nine of ten \
                 stay within."
            </p>
            <div class="history-scroll">
                <table class="history-jobs">
                    <tbody>
                        <tr>
                            <th scope="col">"Job"</th>
                            <th scope="col">"Runs"</th>
                            <th scope="col">"Failed"</th>
                            <th scope="col">"Wait p50"</th>
                            <th scope="col">"p50"</th>
                            <th scope="col">"p90"</th>
                            <th scope="col">"p99"</th>
                        </tr>
                        {rows.collect_view()}
                    </tbody>
                </table>
            </div>
            {omitted}
        </details>
    }
}

#[component]
fn JobRow(job: JobStatistics) -> impl IntoView {
    let JobStatistics {
        lane,
        label,
        runs,
        failed,
        wait_p50,
        p50,
        p90,
        p99,
    } = job;
    view! {
        <tr>
            <td><SettingButton label changes=format!("lane={}", percent_encode(&lane)) /></td>
            <td>{runs}</td>
            <td>{failed}</td>
            <td>{wait_p50}</td>
            <td>{p50}</td>
            <td>{p90}</td>
            <td>{p99}</td>
        </tr>
    }
}

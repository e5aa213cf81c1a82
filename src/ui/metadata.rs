//! Key-value pairs that a user-defined operation gave.

use leptos::prelude::*;

use crate::api::job_run::StringMap;

#[component]
pub fn Pairs(title: &'static str, values: StringMap) -> impl IntoView {
    (!values.is_empty()).then(|| {
        view! {
            <section class="pairs">
                <h4>{title}</h4>
                <dl>
                    {values
                        .into_iter()
                        .map(|(key, value)| view! { <div><dt>{key}</dt><dd>{value}</dd></div> })
                        .collect_view()}
                </dl>
            </section>
        }
    })
}

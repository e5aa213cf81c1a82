//! What stands while the runs are read for the first time.

use leptos::prelude::*;

/// Stands in for the timeline while the runs are read for the first time.
#[component]
pub(crate) fn Skeleton() -> impl IntoView {
    let lanes = (0..6)
        .map(|row| view! { <div class="skeleton-lane" style=format!("--row:{row}")><span></span><span></span></div> })
        .collect_view();
    view! {
        <div class="skeleton" role="status">
            <p class="visually-hidden">"Reading the job runs…"</p>
            <div class="skeleton-line wide"></div>
            {lanes}
        </div>
    }
}

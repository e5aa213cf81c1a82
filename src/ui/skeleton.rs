//! What stands while the runs are read for the first time.

use leptos::prelude::*;

#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <p class="visually-hidden">"Reading the job runs…"</p>
            <div class="skeleton-line wide"></div>
            {(0..6)
                .map(|row| {
                    view! { <div class="skeleton-lane" style:--row=row.to_string()><span></span><span></span></div> }
                })
                .collect_view()}
        </div>
    }
}

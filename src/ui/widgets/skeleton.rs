//! What stands while the runs are read for the first time.

use leptos::prelude::*;

use crate::ui::dom::el::{El, el};

pub(crate) fn skeleton() -> El {
    let lanes = (0..6).map(|row| {
        el("div")
            .class("skeleton-lane")
            .attr("style", format!("--row:{row}"))
            .child(el("span"))
            .child(el("span"))
    });
    el("div")
        .class("skeleton")
        .attr("role", "status")
        .child(el("p").class("visually-hidden").text("Reading the job runs…"))
        .child(el("div").class("skeleton-line wide"))
        .children(lanes)
}

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

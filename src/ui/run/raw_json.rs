//! A run's JSON as the API sent it: nothing of it is lost.

use std::sync::Arc;

use leptos::prelude::*;

use crate::api::job_run::JobRun;
use crate::api::json::unknown_fields;
use crate::core::text::clip;
use crate::model::run::Run;
use crate::ui::widgets::raw_text::LazyRawText;

/// Shows a run's JSON, written out while `is_open`.
#[component]
pub(super) fn RawJson(run: Arc<Run>, is_open: RwSignal<bool>) -> impl IntoView {
    let unknown = unknown_field_names(&run);
    let unknown = (!unknown.is_empty()).then(|| {
        view! {
            <p class="notice is-warning">
                "This viewer does not know " <b class="long-text">{clip(unknown.join(", "))}</b>
                " yet; the raw JSON below has it."
            </p>
        }
    });
    // Written only when it is open: it can be large.
    let text = move || {
        is_open
            .get()
            .then(|| view! { <LazyRawText raw=run.raw.to_string() /> })
    };
    view! {
        {unknown}
        <details
            class="raw-json"
            prop:open=is_open
            on:toggle:target=move |event| is_open.set(event.target().open())
        >
            <summary>"Raw JSON"</summary>
            {text}
        </details>
    }
}

/// Names of the run's fields that this version does not know.
fn unknown_field_names(run: &Run) -> Vec<String> {
    unknown_fields(&run.raw, &mut JobRun::default())
}

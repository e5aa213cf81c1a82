//! The JSON as it came: nothing of it is lost.

use std::sync::Arc;

use leptos::prelude::*;

use super::copy_button::CopyButton;
use super::dynamic::dynamic_option;
use crate::model::json::{pretty, unknown_fields};
use crate::model::run::Run;

#[component]
pub fn RawJson(run: Arc<Run>, is_open: RwSignal<bool>) -> impl IntoView {
    let unknown = unknown_in(&run);
    let raw: String = run.raw.to_string();
    view! {
        {(!unknown.is_empty())
            .then(|| {
                view! {
                    <p class="notice is-warning">
                        "This viewer does not know " <b class="long-text">{unknown.join(", ")}</b>
                        " yet; the raw JSON below has it."
                    </p>
                }
            })}
        <details
            class="raw-json"
            prop:open=is_open
            on:toggle:target=move |event| is_open.set(event.target().open())
        >
            <summary>"Raw JSON"</summary>
            // Written only when looked at: it can be large.
            {dynamic_option(move || is_open.get().then(|| view! { <RawText raw=raw.clone() /> }))}
        </details>
    }
}

/// Fields of the run that this version has no place for.
fn unknown_in(run: &Run) -> Vec<String> {
    serde_json::to_string(&run.json).map_or_else(|_| vec![], |known| unknown_fields(&run.raw, &known))
}

/// A JSON text with a button to copy it.
#[component]
pub fn RawText(raw: String) -> impl IntoView {
    let text = pretty(&raw);
    view! {
        <div class="raw-text">
            <CopyButton text=text.clone() label="Copy the JSON" />
            <pre tabindex="0">{text}</pre>
        </div>
    }
}

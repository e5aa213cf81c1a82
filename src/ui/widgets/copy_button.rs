//! Copies a text.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::icon::{Icon, SvgIcon};

/// A button that copies `text`; `label` says what is copied.
#[component]
pub(crate) fn CopyButton(#[prop(into)] text: String, label: &'static str) -> impl IntoView {
    let (done, set_done) = signal("");
    let copy = move |_| {
        let text = text.clone();
        leptos::task::spawn_local(async move {
            set_done.set(write(&text).await);
            gloo_timers::future::sleep(Duration::from_secs(2)).await;
            set_done.set("");
        });
    };
    view! {
        <button type="button" class="copy-button" title=label aria-label=label on:click=copy>
            <SvgIcon icon=Icon::Copy />
            <span class="copy-done" role="status">{done}</span>
        </button>
    }
}

/// Copies a text, and says how that went.
pub(crate) async fn write(text: &str) -> &'static str {
    let clipboard = window().navigator().clipboard();
    // A page that did not come over a safe connection has none.
    if clipboard.is_undefined() {
        return "The browser allows it over HTTPS only";
    }
    match JsFuture::from(clipboard.write_text(text)).await {
        Ok(_) => "Copied",
        Err(_) => "The browser did not allow it",
    }
}

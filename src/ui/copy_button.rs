//! Copies a text.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::icon::{Icon, Shape};

#[component]
pub fn CopyButton(
    text: String,
    /// What is copied, for people.
    label: &'static str,
) -> impl IntoView {
    let (done, set_done) = signal(String::new());
    let copy = move |_| {
        let text = text.clone();
        leptos::task::spawn_local(async move {
            let written = JsFuture::from(window().navigator().clipboard().write_text(&text)).await;
            let said = if written.is_ok() { "Copied" } else { "The browser did not allow it" };
            set_done.try_set(said.to_owned());
            gloo_timers::future::sleep(Duration::from_secs(2)).await;
            set_done.try_set(String::new());
        });
    };
    view! {
        <button type="button" class="copy-button" title=label aria-label=label on:click=copy>
            <Icon shape=Shape::Copy />
            <span class="copy-done" role="status">
                {done}
            </span>
        </button>
    }
}

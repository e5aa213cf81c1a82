//! Copies a text.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::icon::{Icon, Shape};

#[component]
pub fn CopyButton(
    #[prop(into)] text: Signal<String>,
    /// What is copied, for people.
    label: &'static str,
) -> impl IntoView {
    let (done, set_done) = signal(None::<bool>);
    let copy = move |_| {
        let text = text.get_untracked();
        leptos::task::spawn_local(async move {
            let written = JsFuture::from(window().navigator().clipboard().write_text(&text)).await;
            set_done.try_set(Some(written.is_ok()));
            gloo_timers::future::sleep(Duration::from_secs(2)).await;
            set_done.try_set(None);
        });
    };
    view! {
        <button type="button" class="copy-button" title=label aria-label=label on:click=copy>
            <Icon shape=Shape::Copy />
            <span class="copy-done" role="status">
                {move || match done.get() {
                    Some(true) => "Copied",
                    Some(false) => "The browser did not allow it",
                    None => "",
                }}
            </span>
        </button>
    }
}

//! The page of an address that names nothing.

use leptos::prelude::*;

use crate::core::name::NameError;
use crate::core::text::clip;
use crate::ui::nav::omnibox::Omnibox;
use crate::ui::widgets::lazy_view::lazy_component;

/// Says what is wrong with an address, and lets the user correct it.
#[component]
fn UnreadableAddress(error: NameError) -> impl IntoView {
    view! {
        <section class="notice">
            <h1 tabindex="-1">"This address names no rollout"</h1>
            <p>{clip(error.to_string())}</p>
            <p>"You can paste another name here."</p>
            <Omnibox start=error.text().to_owned() />
        </section>
    }
}

lazy_component! {
    part: extras;
    /// [`UnreadableAddress`], loaded on first use.
    pub(crate) fn LazyUnreadableAddress(error: NameError) {
        view! { <UnreadableAddress error /> }
    }
}

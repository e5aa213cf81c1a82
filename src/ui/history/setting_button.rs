//! Buttons that change the address.

use leptos::prelude::*;

use crate::core::text::clip;
use crate::ui::nav::link::{use_address, use_replace};

/// Returns a function that changes settings of the address, as in a query: `from=…&to=…`. It replaces the entry in the
/// browser's history, so that a gesture is no step on the way back.
pub(super) fn use_replace_settings() -> impl Fn(&str) + Clone + 'static {
    let (replace, address) = (use_replace(), use_address());
    move |changes: &str| replace(&address.get_untracked().with_settings(changes))
}

/// A button that changes settings of the address, as in a query.
#[component]
pub(super) fn SettingButton(#[prop(into)] label: String, changes: String) -> impl IntoView {
    let replace = use_replace_settings();
    view! { <button class="button quiet" on:click=move |_| replace(&changes)>{clip(label)}</button> }
}

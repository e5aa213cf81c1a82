//! Links within the viewer, and navigation by its address.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Event, MouseEvent};

use super::hash::Hash;
use crate::core::name::RolloutName;
use crate::model::address::Address;

/// The address that the page shows.
pub(crate) fn use_address() -> Signal<Address> {
    expect_context()
}

/// The address that the page shows, untracked: for what does not change as long as it is shown.
pub(crate) fn shown_address() -> Address {
    use_address().get_untracked()
}

/// The rollout that the page shows, named as in the address.
pub(crate) fn shown_rollout() -> Option<RolloutName> {
    match use_address().get_untracked() {
        Address::Rollout { rollout, .. } => Some(rollout),
        _ => None,
    }
}

/// Returns a function that navigates to an address without moving the scroll.
pub(crate) fn use_navigate() -> impl Fn(&Address) + Clone + 'static {
    let hash: Hash = expect_context();
    move |address: &Address| hash.go(&address.to_hash(), false)
}

/// Returns a function that navigates like [`use_navigate`], and replaces the entry in the browser's history.
pub(crate) fn use_replace() -> impl Fn(&Address) + Clone + 'static {
    let hash: Hash = expect_context();
    move |address: &Address| hash.go(&address.to_hash(), true)
}

/// Whether a click means "go there" and not "open it in another tab".
pub(crate) fn is_plain_click(event: &Event) -> bool {
    let event: &MouseEvent = event.unchecked_ref();
    event.button() == 0
        && !event.ctrl_key()
        && !event.meta_key()
        && !event.shift_key()
        && !event.alt_key()
}

/// A link within the viewer, which can be copied and opened in another tab like any link.
#[component]
pub(crate) fn Link(
    #[prop(into)] to: Signal<Address>,
    #[prop(optional, into)] class: Option<String>,
    children: Children,
) -> impl IntoView {
    let go = use_navigate();
    let follow = move |event: leptos::ev::MouseEvent| {
        if is_plain_click(&event) {
            event.prevent_default();
            go(&to.get_untracked());
        }
    };
    view! { <a href=move || to.read().to_hash() class=class on:click=follow>{children()}</a> }
}

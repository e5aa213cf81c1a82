//! A link to a place in the viewer.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Event, MouseEvent};

use super::hash::Hash;
use crate::core::name::RolloutName;
use crate::model::address::Address;
use crate::ui::dom::dynamic::text;
use crate::ui::dom::el::{El, el};
use crate::ui::dom::live::Live;

/// The address that the page shows.
pub fn use_address() -> Live<Address> {
    expect_context()
}

/// The place that the page shows, for what is fixed as long as it shows it.
pub fn shown_place() -> Address {
    use_address().get_untracked()
}

/// The rollout that the page shows, named as in the address.
pub fn shown_rollout() -> Option<RolloutName> {
    match &*use_address().read_untracked() {
        Address::Rollout { rollout, .. } => Some(rollout.clone()),
        _ => None,
    }
}

/// Goes to a place without moving the scroll.
pub fn use_go() -> impl Fn(&Address) + Clone + 'static {
    let hash: Hash = expect_context();
    move |address: &Address| hash.go(&address.to_hash(), false)
}

/// Goes to a place that takes the shown one's place in the browser's history.
pub fn use_replace() -> impl Fn(&Address) + Clone + 'static {
    let hash: Hash = expect_context();
    move |address: &Address| hash.go(&address.to_hash(), true)
}

/// Whether a click means "go there" and not "open it in another tab".
pub fn is_plain_click(event: &Event) -> bool {
    let event: &MouseEvent = event.unchecked_ref();
    event.button() == 0 && !event.ctrl_key() && !event.meta_key() && !event.shift_key() && !event.alt_key()
}

/// A link to a place in the viewer, which can be copied and opened in another tab like any link.
pub fn place(to: Address) -> El {
    let go = use_go();
    el("a").attr("href", to.to_hash()).on("click", move |event| {
        if is_plain_click(&event) {
            event.prevent_default();
            go(&to);
        }
    })
}

/// [`place`], to where a value says.
pub fn place_of(to: Live<Address>) -> El {
    let go = use_go();
    el("a").attr("href", text(move || to.read().to_hash())).on("click", move |event| {
        if is_plain_click(&event) {
            event.prevent_default();
            go(&to.get_untracked());
        }
    })
}

//! A link to a place in the viewer.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use web_sys::MouseEvent;

use super::dynamic::text;
use crate::model::address::Address;

/// The address that the page shows.
pub fn use_address() -> Memo<Address> {
    expect_context()
}

/// Goes to a place without moving the scroll.
pub fn use_go() -> impl Fn(&Address) + Clone + 'static {
    let navigate = use_navigate();
    move |address: &Address| {
        navigate(&address.to_hash(), NavigateOptions { scroll: false, ..Default::default() });
    }
}

/// Whether a click means "go there" and not "open it in another tab".
pub fn is_plain_click(event: &MouseEvent) -> bool {
    event.button() == 0 && !event.ctrl_key() && !event.meta_key() && !event.shift_key() && !event.alt_key()
}

/// A link to a place in the viewer, which can be copied and opened in another tab like any link.
#[component]
pub fn Place(
    #[prop(into)] to: Signal<Address>,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    let go = use_go();
    let on_click = move |event: MouseEvent| {
        if is_plain_click(&event) {
            event.prevent_default();
            go(&to.get_untracked());
        }
    };
    view! {
        <a class=class href=text(move || to.read().to_hash()) on:click=on_click>
            {children()}
        </a>
    }
}

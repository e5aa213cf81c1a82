//! The bar at the top: where the user is, and where they could go.

use leptos::prelude::*;

use super::link::{Link, use_address};
use super::omnibox::Omnibox;
use crate::model::address::Address;
use crate::ui::session::sign_in::SignIn;

/// The outline of three bars of a timeline, for the viewer's mark. As markup, Leptos would put a `g` around it.
const BARS: &str = "M7 10h8M13 16h12M10 22h8";

/// Shows the bar: the viewer's name, the omnibox, and how the user is signed in.
#[component]
pub(crate) fn TopBar() -> impl IntoView {
    let address = use_address();
    let is_demo = Memo::new(move |_| address.read().is_demo());
    let at_start = Memo::new(move |_| *address.read() == Address::Start);
    view! {
        <header class="top-bar">
            <Link to=Address::Start class="brand">
                <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
                    <rect width=32 height=32 rx=7 />
                    <path d=BARS />
                </svg>
                "Job Run Viewer"
            </Link>
            // The start page has a box of its own.
            <Show when=move || !at_start.get()>
                <Omnibox is_compact=true />
            </Show>
            <span class="top-bar-gap"></span>
            <Show when=move || is_demo.get() fallback=SignIn>
                <span
                    class="demo-chip"
                    title="A simulated Cloud Deploy in this page. Nothing leaves the browser."
                >
                    "Demo"
                </span>
            </Show>
        </header>
    }
}

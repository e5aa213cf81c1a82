//! The bar at the top: where one is, and where one could go.

use leptos::prelude::*;

use super::dynamic::{dynamic, dynamic_option};
use super::open_box::OpenBox;
use super::place::{Place, use_address};
use super::session::use_session;
use super::sign_in::SignIn;
use crate::model::address::Address;

#[component]
pub fn TopBar() -> impl IntoView {
    let session = use_session();
    let address = use_address();
    let is_demo =
        move || matches!(&*address.read(), Address::Rollout { rollout, .. } if session.is_demo(rollout));
    let at_start = move || *address.read() == Address::Start;
    view! {
        <header class="top-bar">
            <Place to=Address::Start class="brand">
                <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
                    <rect width="32" height="32" rx="7" />
                    <path d="M7 10h8M13 16h12M10 22h8" />
                </svg>
                "Job Run Viewer"
            </Place>
            {dynamic_option(move || (!at_start()).then(|| view! { <OpenBox compact=true /> }))}
            <span class="top-bar-gap"></span>
            {dynamic(move || match is_demo() {
                true => {
                    view! {
                        <span class="demo-chip" title="A simulated Cloud Deploy in this page. Nothing leaves the browser.">
                            "Demo"
                        </span>
                    }
                        .into_any()
                }
                false => view! { <SignIn /> }.into_any(),
            })}
        </header>
    }
}

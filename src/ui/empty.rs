//! What stands where there are no runs.

use leptos::prelude::*;

use super::button::Button;
use super::place::{use_address, use_go};
use crate::model::address::Address;

#[component]
pub fn Empty(is_filtered: bool) -> impl IntoView {
    let go = use_go();
    let address = use_address();
    let clear = move |()| {
        if let Address::Rollout { rollout, .. } = address.get_untracked() {
            go(&Address::rollout(rollout));
        }
    };
    match is_filtered {
        true => view! {
            <section class="notice is-empty">
                <h2>"No job run matches the filter"</h2>
                <p>"The rollout may have others."</p>
                <Button on_press=clear>
                    "Show all job runs"
                </Button>
            </section>
        }
        .into_any(),
        false => view! {
            <section class="notice is-empty">
                <h2>"No job runs yet"</h2>
                <p>
                    "The rollout exists, and none of its jobs has begun: it may wait for approval, for its release to render, or for another rollout to the same target. This page keeps looking."
                </p>
            </section>
        }
        .into_any(),
    }
}

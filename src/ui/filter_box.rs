//! The filter that the server applies.

use leptos::prelude::*;

use super::button::Button;
use super::place::{use_address, use_go};
use crate::model::address::Address;

#[component]
pub fn FilterBox(filter: String) -> impl IntoView {
    let go = use_go();
    let address = use_address();
    let (text, set_text) = signal(filter.clone());
    let is_set = !filter.is_empty();
    let apply = move |wanted: String| {
        let mut to = address.get_untracked();
        if let Address::Rollout { filter, .. } = &mut to {
            *filter = wanted;
        }
        go(&to);
    };
    let submit = {
        let apply = apply.clone();
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            apply(text.get_untracked().trim().to_owned());
        }
    };
    view! {
        <form class="filter-box" class:is-set=is_set role="search" on:submit=submit>
            <label>
                <span class="visually-hidden">"Filter, applied by the server (AIP-160)"</span>
                <input
                    type="text"
                    name="filter"
                    spellcheck="false"
                    autocomplete="off"
                    placeholder="Filter, such as state=\"FAILED\""
                    title="An AIP-160 filter that the server applies, such as state=\"FAILED\" AND phaseId=\"stable\". Enter applies it."
                    prop:value=text
                    on:input:target=move |event| set_text.set(event.target().value())
                />
            </label>
            {is_set
                .then(|| {
                    view! {
                        <Button class="quiet" on_press=move |()| apply(String::new())>
                            "Clear"
                        </Button>
                    }
                })}
        </form>
    }
}

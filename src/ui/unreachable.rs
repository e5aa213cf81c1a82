//! Says that a list is not whole.

use leptos::prelude::*;

use super::dynamic::dynamic_option;
use super::feed::Feed;
use super::icon::{Icon, Shape};

#[component]
pub fn Unreachable(feed: Feed) -> impl IntoView {
    dynamic_option(move || {
        let places = feed.unreachable.get();
        (!places.is_empty()).then(|| {
            view! {
                <p class="notice is-warning" role="status">
                    <Icon shape=Shape::Warning />
                    <span>
                        "The list is not whole: the server could not reach " <b>{places.join(", ")}</b> "."
                    </span>
                </p>
            }
        })
    })
}

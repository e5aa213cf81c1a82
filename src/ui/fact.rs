//! A labelled value of a run: text, or a link that the viewer built.

use leptos::prelude::*;

use super::copy_button::CopyButton;
use super::icon::{Icon, Shape};

/// A row of a `<dl class="facts">`; nothing when the value is empty.
#[component]
pub fn Fact(
    label: &'static str,
    value: String,
    /// Where it leads, from [`links`](crate::model::links) only.
    #[prop(optional_no_strip)]
    link: Option<String>,
) -> impl IntoView {
    (!value.is_empty()).then(|| {
        let text = value.clone();
        view! {
            <div class="fact">
                <dt>{label}</dt>
                <dd>
                    <MaybeLink text link />
                    <CopyButton text=Signal::stored(value) label="Copy" />
                </dd>
            </div>
        }
    })
}

/// A text, clickable when there is a link.
#[component]
pub fn MaybeLink(text: String, #[prop(optional_no_strip)] link: Option<String>) -> impl IntoView {
    match link {
        Some(link) => view! {
            <a class="outward" href=link target="_blank" rel="noopener noreferrer">
                <span class="long-text">{text}</span>
                <Icon shape=Shape::Outward />
            </a>
        }
        .into_any(),
        None => view! { <span class="long-text">{text}</span> }.into_any(),
    }
}

//! A JSON text, written out.

use leptos::prelude::*;

use super::copy_button::CopyButton;
use super::lazy_view::lazy_component;
use crate::api::json::pretty;
use crate::core::text::split;

/// Into how many parts at most a text is written. More would end the page.
const PARTS: usize = 20;

/// Shows a JSON text with a button to copy it.
#[component]
pub(crate) fn RawText(#[prop(into)] raw: String) -> impl IntoView {
    let text = pretty(&raw);
    let (mut parts, mut rest) = (Vec::new(), &*text);
    while !rest.is_empty() && parts.len() < PARTS {
        let (part, after) = split(rest);
        parts.push(part.to_owned());
        rest = after;
    }
    let more = (!rest.is_empty()).then(|| {
        view! {
            <p class="absent">
                {format!("About {} more letters are not shown; the copy has all of them.", rest.len())}
            </p>
        }
    });
    view! {
        <div class="raw-text">
            <CopyButton text=text.clone() label="Copy the JSON" />
            <pre tabindex="0">{parts}</pre>
            {more}
        </div>
    }
}

lazy_component! {
    part: extras;
    /// [`RawText`], loaded on first use.
    pub(crate) fn LazyRawText(raw: String) {
        view! { <RawText raw /> }
    }
}

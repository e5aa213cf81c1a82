//! A JSON text, written out.

use leptos::prelude::*;

use super::copy_button::{CopyButton, copy_button};
use super::lazy_view::lazy_component;
use crate::api::json::pretty;
use crate::core::text::{MAX_TEXT, split};
use crate::ui::dom::el::{El, el};

/// Into how many parts at most a text is written. More would end the page.
const PARTS: usize = 20;

/// A JSON text with a button to copy it.
pub(crate) fn raw_text(raw: &str) -> El {
    let text = pretty(raw);
    let (mut pre, mut rest) = (el("pre").attr("tabindex", "0"), &*text);
    for _ in 0..PARTS {
        let end = (0..=rest.len().min(MAX_TEXT)).rfind(|end| rest.is_char_boundary(*end)).unwrap_or(0);
        let (part, after) = rest.split_at(end);
        pre = pre.text(part.to_owned());
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    let more = (!rest.is_empty()).then(|| {
        let message = format!("About {} more letters are not shown; the copy has all of them.", rest.len());
        el("p").class("absent").text(message)
    });
    el("div").class("raw-text").child(copy_button(text.clone(), "Copy the JSON")).child(pre).maybe(more)
}

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

//! The dialog that takes an access token.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::use_session;
use crate::ui::dom::el::el;
use crate::ui::widgets::button::{button, submit_button};
use crate::ui::widgets::dialog::{Dialog, TokenInput};
use crate::ui::widgets::form::form;

/// What stands in the dialog. The token stands in the input alone until it is submitted, not in a
/// signal.
pub(crate) fn token_form(dialog: Dialog, input: TokenInput) -> AnyView {
    let session = use_session();
    let submit = move || {
        let token = input.with_value(|input| input.as_ref().map(HtmlInputElement::value)).unwrap_or_default();
        if !token.trim().is_empty() {
            session.set_token(&token);
        }
        clear(input);
        dialog.close();
    };
    let field = el("input")
        .attr("type", "password")
        .attr("name", "token")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .flag("autofocus", true)
        .made(move |element| input.set_value(Some(element.clone().unchecked_into())));
    let buttons = el("div")
        .class("dialog-buttons")
        .child(button("", "Cancel").on("click", move |_| {
            clear(input);
            dialog.close();
        }))
        .child(submit_button("primary", "Use the token"));
    form(submit)
        .child(el("h2").text("Paste an access token"))
        .child(el("p").child(el("code").text("gcloud auth print-access-token")).text(
            " prints one. It is valid for about an hour, and it is kept in this page's memory only: \
             closing or reloading the page forgets it.",
        ))
        .child(el("label").class("field").child(el("span").text("Access token")).child(field))
        .child(buttons)
        .into_any()
}

/// Takes the token out of the page.
pub(crate) fn clear(input: TokenInput) {
    input.with_value(|input| input.as_ref().map(|input| input.set_value("")));
}

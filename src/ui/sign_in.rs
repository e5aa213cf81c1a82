//! A pasted access token, kept in memory only.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::button::{button, submit_button};
use super::dialog::Dialog;
use super::dynamic::dynamic;
use super::el::{El, el};
use super::form::form;
use super::session::use_session;

/// The token that is in use, or a way to give one.
pub fn sign_in() -> El {
    let session = use_session();
    let dialog = Dialog::new();
    // The token stands in the input alone until it is submitted, not in a signal.
    let input = StoredValue::new_local(None::<HtmlInputElement>);
    let with_input = move |act: &dyn Fn(&HtmlInputElement)| {
        input.with_value(|input| input.as_ref().map(act));
    };
    let submit = move || {
        with_input(&|input| {
            let token = input.value();
            if !token.trim().is_empty() {
                session.set_token(&token);
            }
        });
        dialog.close();
    };
    let state = dynamic(move || match session.signed_in() {
        true => (
            el("span").class("sign-in-state").text("Token in use"),
            button("quiet", "Replace").on("click", move |_| dialog.open()),
            button("quiet", "Forget").on("click", move |_| session.set_token("")),
        )
            .into_any(),
        false => button("", "Paste a token").on("click", move |_| dialog.open()).into_any(),
    });
    let field = el("input")
        .attr("type", "password")
        .attr("name", "token")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .flag("autofocus", true)
        .made(move |element| input.set_value(Some(element.clone().unchecked_into())));
    el("span").class("sign-in").child(state).child(
        dialog
            .element()
            .attr("aria-label", "Paste an access token")
            // However the dialog is left, Escape too, the text must not stay in the page.
            .on("close", move |_| with_input(&|input| input.set_value("")))
            .child(
                form(submit)
                    .child(el("h2").text("Paste an access token"))
                    .child(el("p").child(el("code").text("gcloud auth print-access-token")).text(
                        " prints one. It is valid for about an hour, and it is kept in this page's \
                             memory only: closing or reloading the page forgets it.",
                    ))
                    .child(el("label").class("field").child(el("span").text("Access token")).child(field))
                    .child(
                        el("div")
                            .class("dialog-buttons")
                            .child(button("", "Cancel").on("click", move |_| dialog.close()))
                            .child(submit_button("primary", "Use the token")),
                    ),
            ),
    )
}

//! Who asks: Google's sign-in where the host has configured it, or a pasted access token. Either way
//! the token is kept in memory only.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::button::{button, submit_button};
use super::dialog::Dialog;
use super::dynamic::{dynamic, dynamic_option};
use super::el::{El, el};
use super::form::form;
use super::google_sign_in::{GoogleSignIn, Progress};
use super::session::{Validity, use_session};

/// The token that is in use, or the ways to give one.
pub fn sign_in() -> El {
    let session = use_session();
    let dialog = Dialog::new();
    let google = session.google();
    let ask_google = move |google: GoogleSignIn, look: &'static str, label: &'static str| {
        button(look, label).on("click", move |_| google.start(session))
    };
    let state = dynamic(move || match (session.validity(), google) {
        (Validity::None, Some(google)) => (
            ask_google(google, "primary", "Sign in with Google"),
            button("quiet", "Paste a token").on("click", move |_| dialog.open()),
        )
            .into_any(),
        (Validity::None, None) => button("", "Paste a token").on("click", move |_| dialog.open()).into_any(),
        (validity, google) => {
            let (class, said) = match validity {
                Validity::EndsSoon => ("sign-in-state is-ending", "Sign-in ends soon"),
                Validity::Over => ("sign-in-state is-ending", "Sign-in is over"),
                _ => ("sign-in-state", if google.is_some() { "Signed in" } else { "Token in use" }),
            };
            let renew = match (google, validity) {
                (Some(google), Validity::EndsSoon | Validity::Over) => {
                    Some(ask_google(google, "primary", "Renew"))
                }
                (Some(_), _) => None,
                (None, _) => Some(button("quiet", "Replace").on("click", move |_| dialog.open())),
            };
            let forget = if google.is_some() { "Sign out" } else { "Forget" };
            (
                el("span").class(class).attr("role", "status").text(said),
                renew,
                button("quiet", forget).on("click", move |_| session.set_token("")),
            )
                .into_any()
        }
    });
    let progress = dynamic_option(move || match google?.progress.get() {
        Progress::Idle => None,
        Progress::Waiting => Some(el("span").class("sign-in-state").text("Waiting for Google…")),
        Progress::Failed(why) => Some(el("span").class("sign-in-problem").attr("role", "alert").text(why)),
    });
    el("span").class("sign-in").child(state).child(progress).child(paste_dialog(dialog))
}

/// The dialog that takes a token.
fn paste_dialog(dialog: Dialog) -> El {
    let session = use_session();
    // The token stands in the input alone until it is submitted, not in a signal.
    let input = StoredValue::new_local(None::<HtmlInputElement>);
    let with_input = move |act: &dyn Fn(&HtmlInputElement)| {
        input.with_value(|input| input.as_ref().map(act));
    };
    let clear = move || with_input(&|input| input.set_value(""));
    let submit = move || {
        with_input(&|input| {
            let token = input.value();
            if !token.trim().is_empty() {
                session.set_token(&token);
            }
        });
        clear();
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
            clear();
            dialog.close();
        }))
        .child(submit_button("primary", "Use the token"));
    dialog
        .element()
        .attr("aria-label", "Paste an access token")
        // However the dialog is left, Escape too, the text must not stay in the page: not even until
        // the browser says that it is closed.
        .on("cancel", move |_| clear())
        .on("close", move |_| clear())
        .child(
            form(submit)
                .child(el("h2").text("Paste an access token"))
                .child(el("p").child(el("code").text("gcloud auth print-access-token")).text(
                    " prints one. It is valid for about an hour, and it is kept in this page's memory only: \
                     closing or reloading the page forgets it.",
                ))
                .child(el("label").class("field").child(el("span").text("Access token")).child(field))
                .child(buttons),
        )
}

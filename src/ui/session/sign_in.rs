//! Who asks: Google's sign-in where the host has configured it, or a pasted access token. Either way
//! the token is kept in memory only.

use leptos::prelude::*;

use super::google_sign_in::{GoogleSignIn, SignInState};
use super::token_form::clear;
use super::{Validity, use_session};
use crate::ui::dom::dynamic::{dynamic, dynamic_option};
use crate::ui::dom::el::{El, el};
use crate::ui::widgets::button::button;
use crate::ui::widgets::dialog::{Content, Dialog, TokenInput};

/// The token that is in use, or the ways to give one.
pub(crate) fn sign_in() -> El {
    let session = use_session();
    let dialog = Dialog::new();
    let google = session.google();
    let ask_google = move |google: GoogleSignIn, variant: &'static str, label: &'static str| {
        button(variant, label).on("click", move |_| google.start(session))
    };
    // However the dialog is left, Escape too, the text must not stay in the page: not even until the
    // browser says that it is closed.
    let input: TokenInput = StoredValue::new_local(None);
    let paste = dialog
        .element("Paste an access token".to_owned(), move || Content::Token(input))
        .on("cancel", move |_| clear(input))
        .on("close", move |_| clear(input));
    let state = dynamic(move || match (session.validity(), google) {
        (Validity::None, Some(google)) => (
            ask_google(google, "primary", "Sign in with Google"),
            button("quiet", "Paste a token").on("click", move |_| dialog.open()),
        )
            .into_any(),
        (Validity::None, None) => button("", "Paste a token").on("click", move |_| dialog.open()).into_any(),
        (validity, google) => {
            let (class, label) = match validity {
                Validity::EndsSoon => ("sign-in-state is-ending", "Sign-in ends soon"),
                Validity::Over => (
                    "sign-in-state is-ending",
                    if google.is_some() { "Sign-in is over" } else { "Token refused" },
                ),
                _ => ("sign-in-state", if google.is_some() { "Signed in" } else { "Token in use" }),
            };
            let renew = match (google, validity) {
                (Some(google), Validity::EndsSoon | Validity::Over) => {
                    Some(ask_google(google, "primary", "Renew"))
                }
                // A token may have ended before its time.
                (Some(google), _) => Some(ask_google(google, "quiet", "Renew")),
                (None, _) => Some(button("quiet", "Replace").on("click", move |_| dialog.open())),
            };
            let forget = if google.is_some() { "Sign out" } else { "Forget" };
            (
                el("span").class(class).attr("role", "status").text(label),
                renew,
                button("quiet", forget).on("click", move |_| session.set_token("")),
            )
                .into_any()
        }
    });
    let progress = dynamic_option(move || match google?.state.get() {
        SignInState::Idle => None,
        SignInState::Waiting => Some(el("span").class("sign-in-state").text("Waiting for Google…")),
        SignInState::Failed(why) => Some(el("span").class("sign-in-problem").attr("role", "alert").text(why)),
    });
    el("span").class("sign-in").child(state).child(progress).child(dialog.problem()).child(paste)
}

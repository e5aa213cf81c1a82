//! Shows how the user is signed in: by Google's sign-in where the host has configured it, or by a pasted
//! access token. Either way the token is kept in memory only.

use leptos::ev::Event;
use leptos::prelude::*;

use super::google_sign_in::{GoogleSignIn, SignInState};
use super::token_form::{TokenInput, clear, lazy_token_form, load_token_form};
use super::{Validity, use_session};
use crate::ui::lazy::loaded_view;
use crate::ui::widgets::dialog::{Dialog, DialogBox, DialogProblem};

/// Shows the token that is in use, or the ways to give one.
#[component]
pub(crate) fn SignIn() -> impl IntoView {
    let session = use_session();
    let google = session.google();
    let dialog = Dialog::new(|| Box::pin(load_token_form()));
    let input = TokenInput::new();
    let state = move || match session.validity() {
        Validity::None => view! { <SignedOut google dialog /> }.into_any(),
        validity => view! { <SignedIn validity google dialog /> }.into_any(),
    };
    // However the dialog is left, Escape too, the text must not stay in the page: not even until the
    // browser says that it is closed.
    let forget = move |_: Event| clear(input);
    view! {
        <span class="sign-in">
            {state}
            {google.map(|google| view! { <Progress google /> })}
            <DialogProblem dialog />
            <DialogBox
                dialog
                label="Paste an access token"
                content=move || loaded_view(lazy_token_form(dialog, input))
                on:cancel=forget
                on:close=forget
            />
        </span>
    }
}

/// Shows the ways to give a token.
#[component]
fn SignedOut(google: Option<GoogleSignIn>, dialog: Dialog) -> impl IntoView {
    let paste_class = if google.is_some() {
        "button quiet"
    } else {
        "button"
    };
    view! {
        {google.map(|google| {
            view! { <GoogleButton google class="button primary" label="Sign in with Google" /> }
        })}
        <button type="button" class=paste_class on:click=move |_| dialog.open()>"Paste a token"</button>
    }
}

/// Shows the token that is in use, with ways to replace and to forget it.
#[component]
fn SignedIn(validity: Validity, google: Option<GoogleSignIn>, dialog: Dialog) -> impl IntoView {
    let session = use_session();
    let is_ending = matches!(validity, Validity::EndsSoon | Validity::Over);
    let class = if is_ending {
        "sign-in-state is-ending"
    } else {
        "sign-in-state"
    };
    let label = match (validity, google.is_some()) {
        (Validity::EndsSoon, _) => "Sign-in ends soon",
        (Validity::Over, true) => "Sign-in is over",
        (Validity::Over, false) => "Token refused",
        (_, true) => "Signed in",
        (_, false) => "Token in use",
    };
    let renew = match google {
        Some(google) => {
            // A token may have ended before its time, and can be renewed at any.
            let class = if is_ending { "button primary" } else { "button quiet" };
            view! { <GoogleButton google class label="Renew" /> }.into_any()
        }
        None => view! {
            <button type="button" class="button quiet" on:click=move |_| dialog.open()>"Replace"</button>
        }
        .into_any(),
    };
    let forget = if google.is_some() {
        "Sign out"
    } else {
        "Forget"
    };
    view! {
        <span class=class role="status">{label}</span>
        {renew}
        <button type="button" class="button quiet" on:click=move |_| session.set_token("")>{forget}</button>
    }
}

/// Opens Google's sign-in window.
#[component]
fn GoogleButton(google: GoogleSignIn, class: &'static str, label: &'static str) -> impl IntoView {
    let session = use_session();
    view! { <button type="button" class=class on:click=move |_| google.start(session)>{label}</button> }
}

/// Shows how signing in with Google goes.
#[component]
fn Progress(google: GoogleSignIn) -> impl IntoView {
    move || match google.state.get() {
        SignInState::Idle => ().into_any(),
        SignInState::Waiting => {
            view! { <span class="sign-in-state">"Waiting for Google…"</span> }.into_any()
        }
        SignInState::Failed(why) => {
            view! { <span class="sign-in-problem" role="alert">{why}</span> }.into_any()
        }
    }
}

//! A pasted access token, kept in memory only.

use leptos::html::{Dialog, Input};
use leptos::prelude::*;

use super::button::Button;
use super::dynamic::dynamic;
use super::session::use_session;

/// The token that is in use, or a way to give one.
#[component]
pub fn SignIn(
    /// The button's text.
    #[prop(default = "Paste a token")]
    label: &'static str,
) -> impl IntoView {
    let session = use_session();
    let dialog = NodeRef::<Dialog>::new();
    let input = NodeRef::<Input>::new();
    let open = move |()| {
        if let Some(dialog) = dialog.get_untracked() {
            let _ = dialog.show_modal();
        }
    };
    // However the dialog is left, Escape too, the text must not stay in the page.
    let clear = move |_| {
        if let Some(input) = input.get_untracked() {
            input.set_value("");
        }
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let token = input.get_untracked().map(|input| input.value()).unwrap_or_default();
        if !token.trim().is_empty() {
            session.set_token(&token);
        }
        close();
    };
    view! {
        <span class="sign-in">
            {dynamic(move || match session.signed_in() {
                true => {
                    view! {
                        <span class="sign-in-state">"Token in use"</span>
                        <Button class="quiet" on_press=open>
                            "Replace"
                        </Button>
                        <Button class="quiet" on_press=move |()| session.set_token("")>
                            "Forget"
                        </Button>
                    }
                        .into_any()
                }
                false => {
                    view! {
                        <Button on_press=open>
                            {label}
                        </Button>
                    }
                        .into_any()
                }
            })}
            <dialog class="dialog" node_ref=dialog aria-label="Paste an access token" on:close=clear>
                <form on:submit=submit>
                    <h2>"Paste an access token"</h2>
                    <p>
                        <code>"gcloud auth print-access-token"</code>
                        " prints one. It is valid for about an hour, and it is kept in this page's memory only: closing or reloading the page forgets it."
                    </p>
                    <label class="field">
                        <span>"Access token"</span>
                        <input type="password" name="token" autocomplete="off" spellcheck="false" node_ref=input autofocus />
                    </label>
                    <div class="dialog-buttons">
                        <Button on_press=move |()| close()>
                            "Cancel"
                        </Button>
                        <Button class="primary" >
                            "Use the token"
                        </Button>
                    </div>
                </form>
            </dialog>
        </span>
    }
}

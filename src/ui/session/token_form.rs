//! The dialog that takes an access token.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::use_session;
use crate::ui::lazy::lazy_fn;
use crate::ui::widgets::dialog::Dialog;

/// The input of the dialog that takes a token, once it is there.
pub(super) type TokenInput = NodeRef<leptos::html::Input>;

/// Takes a token, in a dialog. The token stands in the input alone until it is submitted, not in a signal.
#[component]
pub(crate) fn TokenForm(dialog: Dialog, input: TokenInput) -> impl IntoView {
    let session = use_session();
    let leave = move || {
        clear(input);
        dialog.close();
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let token = input
            .get_untracked()
            .map(|input| input.value())
            .unwrap_or_default();
        if !token.trim().is_empty() {
            session.set_token(&token);
        }
        leave();
    };
    view! {
        <form on:submit=submit>
            <h2>"Paste an access token"</h2>
            <p>
                <code>"gcloud auth print-access-token"</code>
                " prints one. It is valid for about an hour, and it is kept in this page's memory only: \
                closing or reloading the page forgets it."
            </p>
            <label class="field">
                <span>"Access token"</span>
                <input
                    type="password"
                    name="token"
                    autocomplete="off"
                    spellcheck="false"
                    autofocus
                    node_ref=input
                />
            </label>
            <div class="dialog-buttons">
                <button type="button" class="button" on:click=move |_| leave()>"Cancel"</button>
                <button type="submit" class="button primary">"Use the token"</button>
            </div>
        </form>
    }
}

/// Takes the token out of the page. Does nothing when the page that the input belonged to is gone.
pub(crate) fn clear(input: TokenInput) {
    if let Some(Some(input)) = input.try_get_untracked() {
        input.set_value("");
    }
}

lazy_fn! {
    part: dialogs, preload: load_token_form;
    /// [`TokenForm`], loaded on first use.
    pub(super) async fn lazy_token_form(dialog: Dialog, input: TokenInput) -> AnyView {
        view! { <TokenForm dialog input /> }.into_any()
    }
}

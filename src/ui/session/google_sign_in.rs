//! Signing in with Google: what the session keeps of it. `google_window` does it.

use leptos::prelude::*;

use super::google_identity::TokenClient;

/// How signing in goes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SignInState {
    Idle,
    /// The script loads, or the popup is open.
    Waiting,
    /// What went wrong and what would help.
    Failed(&'static str),
}

/// Signs in with Google, for the OAuth client that the host has configured.
#[derive(Clone, Copy)]
pub(crate) struct GoogleSignIn {
    pub(super) client_id: StoredValue<String>,
    /// The client, once the script has made it.
    pub(super) client: StoredValue<Option<TokenClient>, LocalStorage>,
    pub state: RwSignal<SignInState>,
}

impl GoogleSignIn {
    /// Signs in for the client with this id.
    pub(crate) fn new(client_id: String) -> Self {
        Self {
            client_id: StoredValue::new(client_id),
            client: StoredValue::new_local(None),
            state: RwSignal::new(SignInState::Idle),
        }
    }
}

//! Google Identity Services' token client: a popup in which a person signs in, and from which the
//! page gets an access token for about an hour.
//!
//! Google's script is loaded when the user signs in, and not before. It keeps the person's
//! session with Google; this page keeps the token, in memory.
//!
//! Google's script asks for a Trusted Types policy by the name `goog#html`, which `csp.txt` allows, and
//! for a style element for buttons that this page does not use, which it does not: two lines in the
//! console say so, and signing in works all the same (tried with the script of February 2026).

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;

use super::Session;
use super::google_identity::{
    ClientConfigError, OverridableTokenClientConfig, TokenClientConfig, TokenResponse,
    init_token_client,
};
use super::google_sign_in::{GoogleSignIn, SignInState};
use crate::core::time::later;
use crate::ui::dom::clock;
use crate::ui::lazy::lazy_fn;

/// Google's script (the Identity Services' documentation names no other place).
const SCRIPT: &str = "https://accounts.google.com/gsi/client";
/// The one scope that Cloud Deploy's methods take; it covers Cloud Build and Cloud Storage too.
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

/// No token of Google's lasts longer, in seconds; and a browser's timer does not wait for some weeks.
const LONGEST: i64 = 24 * 3600;

impl GoogleSignIn {
    /// Opens the popup. To be called when a person has pressed something, or browsers block it.
    pub(crate) fn start(self, session: Session) {
        self.state.set(SignInState::Waiting);
        leptos::task::spawn_local(async move {
            if lazy_open_window(self, session).await.is_err() {
                self.fail(
                    "A part of the viewer could not be loaded: check the connection, or paste a token.",
                );
            }
        });
    }

    /// [`start`](Self::start), with the code for it at hand.
    fn open_window(self, session: Session) {
        // A host may have the script in its page already.
        if self.ask() || self.make_client(session) && self.ask() {
            return;
        }
        let loaded = move || {
            if !(self.make_client(session) && self.ask()) {
                self.fail(
                    "Google's sign-in script did not work as expected. Paste a token instead.",
                );
            }
        };
        let failed = move || {
            self.fail("Google's sign-in script could not be loaded: check the connection, or paste a token.");
        };
        load_script(loaded, failed);
    }

    /// Asks the client for a token; returns whether there is a client.
    fn ask(self) -> bool {
        let Some(client) = self.client.get_value() else {
            return false;
        };
        let overrides = OverridableTokenClientConfig::new();
        // Who has agreed before is not asked again.
        overrides.set_prompt("");
        client.request_access_token(&overrides).is_ok()
    }

    /// Makes the client; returns whether the script let it.
    fn make_client(self, session: Session) -> bool {
        let on_response = Closure::<dyn FnMut(TokenResponse)>::new(move |response| {
            self.on_response(session, &response);
        });
        let on_error =
            Closure::<dyn FnMut(ClientConfigError)>::new(move |error| self.on_error(&error));
        let config = TokenClientConfig::new();
        config.set_client_id(&self.client_id.get_value());
        config.set_scope(SCOPE);
        // What the person has granted this client on other occasions has no place in this token.
        config.set_include_granted_scopes(false);
        config.set_callback(&on_response.into_js_value());
        config.set_error_callback(&on_error.into_js_value());
        self.client.set_value(init_token_client(&config).ok());
        self.client.with_value(Option::is_some)
    }

    /// Takes the response of the popup: a token, or what went wrong.
    fn on_response(self, session: Session, response: &TokenResponse) {
        let Some(token) = response.access_token().filter(|token| !token.is_empty()) else {
            return self.fail(match response.error().as_deref() {
                Some("access_denied") => {
                    "Access was not granted. The viewer needs it to ask Google Cloud for you."
                }
                _ => "Google gave no token. Try again, or paste one.",
            });
        };
        let seconds = response.expires_in();
        let seconds = seconds
            .as_f64()
            .map(|secs| secs as i64)
            .or_else(|| seconds.as_string()?.parse().ok());
        self.state.set(SignInState::Idle);
        session.set_expiring_token(
            &token,
            seconds.map(|secs| later(clock::now(), secs.min(LONGEST))),
        );
    }

    fn on_error(self, error: &ClientConfigError) {
        self.fail(match error.kind().as_deref() {
            Some("popup_failed_to_open") => {
                "The browser blocked the sign-in window: allow it, then try again."
            }
            Some("popup_closed") => "The sign-in window was closed.",
            _ => "Signing in failed. Try again, or paste a token.",
        });
    }

    fn fail(self, why: &'static str) {
        self.state.set(SignInState::Failed(why));
    }
}

fn load_script(loaded: impl FnOnce() + 'static, failed: impl FnOnce() + 'static) {
    let Ok(script) = document().create_element("script") else {
        return failed();
    };
    let _ = script.set_attribute("src", SCRIPT);
    let on_load = Closure::once_into_js(loaded);
    let on_error = Closure::once_into_js(failed);
    let _ = script.add_event_listener_with_callback("load", on_load.unchecked_ref());
    let _ = script.add_event_listener_with_callback("error", on_error.unchecked_ref());
    if let Some(head) = document().head() {
        let _ = head.append_child(&script);
    }
}

lazy_fn! {
    part: extras;
    /// [`GoogleSignIn::open_window`], loaded on first use.
    async fn lazy_open_window(google: GoogleSignIn, session: Session) -> () {
        google.open_window(session);
    }
}

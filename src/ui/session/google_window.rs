//! Google Identity Services' token client: a popup in which a person signs in, and from which the
//! page gets an access token for about an hour.
//!
//! Google's script is loaded when the user signs in, and not before. It keeps the person's
//! session with Google; this page keeps the token, in memory.
//!
//! Google's script asks for a Trusted Types policy by the name `goog#html`, which `csp.txt` allows, and
//! for a style element for buttons that this page does not use, which it does not: two lines in the
//! console say so, and signing in works all the same (tried with the script of February 2026).

use js_sys::{Function, Object, Reflect};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::JsValue;
use leptos::wasm_bindgen::closure::Closure;

use super::Session;
use super::google_sign_in::{GoogleSignIn, SignInState};
use crate::core::time::Timestamp;
use crate::ui::dom::clock;
use crate::ui::lazy;

/// Google's script (the Identity Services' documentation names no other place).
const SCRIPT: &str = "https://accounts.google.com/gsi/client";
/// The one scope that Cloud Deploy's methods take; it covers Cloud Build and Cloud Storage too.
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

/// No token of Google's lasts longer, in seconds; and a browser's timer does not wait for some weeks.
const LONGEST: i64 = 24 * 3600;

impl GoogleSignIn {
    /// Opens the popup. To be called when a person has pressed something, or browsers block it.
    pub(crate) fn start(self, session: Session) {
        self.set_state.set(SignInState::Waiting);
        leptos::task::spawn_local(async move {
            if lazy::ask_google(self, session).await.is_err() {
                self.fail(
                    "A part of the viewer could not be loaded: check the connection, or paste a token.",
                );
            }
        });
    }

    /// [`start`](Self::start), with the code for it at hand.
    pub(crate) fn open_window(self, session: Session) {
        if self.ask() {
            return;
        }
        let loaded = move || match self.make_client(session) {
            Some(()) if self.ask() => {}
            _ => self.fail("Google's sign-in script did not work as expected. Paste a token instead."),
        };
        // A host may have it in its page already.
        match token_client_maker() {
            Some(_) => loaded(),
            None => {
                load_script(loaded, move || {
                    self.fail("Google's sign-in script could not be loaded: check the connection, or paste a token.");
                })
            }
        }
    }

    /// Asks the client for a token; whether there is a client.
    fn ask(self) -> bool {
        let Some(client) = self.client.get_value() else { return false };
        let options = Object::new();
        // Who has agreed before is not asked again.
        let _ = Reflect::set(&options, &"prompt".into(), &"".into());
        let request = Reflect::get(&client, &"requestAccessToken".into()).ok();
        let request = request.and_then(|request| request.dyn_into::<Function>().ok());
        request.is_some_and(|request| request.call1(&client, &options).is_ok())
    }

    fn make_client(self, session: Session) -> Option<()> {
        let on_token =
            Closure::<dyn FnMut(JsValue)>::new(move |reply: JsValue| self.on_reply(session, &reply));
        let on_error = Closure::<dyn FnMut(JsValue)>::new(move |error: JsValue| {
            self.fail(match text(&error, "type").as_str() {
                "popup_failed_to_open" => "The browser blocked the sign-in window: allow it, then try again.",
                "popup_closed" => "The sign-in window was closed.",
                _ => "Signing in failed. Try again, or paste a token.",
            });
        });
        let config = Object::new();
        let settings: [(&str, JsValue); 5] = [
            ("client_id", self.client_id.get_value().into()),
            ("scope", SCOPE.into()),
            // What the person has granted this client on other occasions has no place in this token.
            ("include_granted_scopes", false.into()),
            ("callback", on_token.into_js_value()),
            ("error_callback", on_error.into_js_value()),
        ];
        for (name, value) in settings {
            Reflect::set(&config, &name.into(), &value).ok()?;
        }
        let (of, make) = token_client_maker()?;
        self.client.set_value(Some(make.call1(&of, &config).ok()?));
        Some(())
    }

    /// Takes the reply of the popup: a token, or what went wrong.
    fn on_reply(self, session: Session, reply: &JsValue) {
        let token = text(reply, "access_token");
        if token.is_empty() {
            return self.fail(match text(reply, "error").as_str() {
                "access_denied" => "Access was not granted. The viewer needs it to ask Google Cloud for you.",
                _ => "Google gave no token. Try again, or paste one.",
            });
        }
        // A number of seconds, by some of Google's declarations as a text.
        let seconds = Reflect::get(reply, &"expires_in".into()).ok();
        let seconds =
            seconds.and_then(|secs| secs.as_f64().map(|secs| secs as i64).or(secs.as_string()?.parse().ok()));
        self.set_state.set(SignInState::Idle);
        session.set_expiring_token(&token, seconds.map(|seconds| after(seconds.min(LONGEST))));
    }

    fn fail(self, why: &'static str) {
        self.set_state.set(SignInState::Failed(why));
    }
}

fn after(seconds: i64) -> Timestamp {
    crate::core::time::later(clock::now(), seconds)
}

fn text(of: &JsValue, field: &str) -> String {
    Reflect::get(of, &field.into()).ok().and_then(|value| value.as_string()).unwrap_or_default()
}

/// `google.accounts.oauth2` and its `initTokenClient`, when the script is there.
fn token_client_maker() -> Option<(JsValue, Function)> {
    let mut of: JsValue = window().into();
    for name in ["google", "accounts", "oauth2"] {
        of = Reflect::get(&of, &name.into()).ok().filter(|value| value.is_object())?;
    }
    let make = Reflect::get(&of, &"initTokenClient".into()).ok()?.dyn_into().ok()?;
    Some((of, make))
}

fn load_script(loaded: impl FnOnce() + 'static, failed: impl FnOnce() + 'static) {
    let Ok(script) = document().create_element("script") else { return failed() };
    let _ = script.set_attribute("src", SCRIPT);
    let on_load = Closure::once_into_js(loaded);
    let on_error = Closure::once_into_js(failed);
    let _ = script.add_event_listener_with_callback("load", on_load.unchecked_ref());
    let _ = script.add_event_listener_with_callback("error", on_error.unchecked_ref());
    if let Some(head) = document().head() {
        let _ = head.append_child(&script);
    }
}

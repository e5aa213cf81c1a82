//! Google Identity Services' token client, as far as the page uses it. Names are those of its
//! [reference](https://developers.google.com/identity/oauth2/web/reference/js-reference).

use js_sys::Object;
use leptos::wasm_bindgen::prelude::wasm_bindgen;
use leptos::wasm_bindgen::{self, JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    /// Makes a client. Fails while Google's script is not in the page.
    #[wasm_bindgen(catch, js_namespace = ["google", "accounts", "oauth2"], js_name = initTokenClient)]
    pub(super) fn init_token_client(config: &TokenClientConfig) -> Result<TokenClient, JsValue>;

    /// Asks the user for access tokens, in a popup.
    #[derive(Clone)]
    pub(super) type TokenClient;

    #[wasm_bindgen(method, catch, js_name = requestAccessToken)]
    pub(super) fn request_access_token(
        this: &TokenClient,
        overrides: &OverridableTokenClientConfig,
    ) -> Result<(), JsValue>;

    /// The settings of a client.
    #[wasm_bindgen(extends = Object)]
    pub(super) type TokenClientConfig;

    #[wasm_bindgen(method, setter)]
    pub(super) fn set_client_id(this: &TokenClientConfig, id: &str);

    /// Scopes, separated by spaces.
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_scope(this: &TokenClientConfig, scope: &str);

    #[wasm_bindgen(method, setter)]
    pub(super) fn set_include_granted_scopes(this: &TokenClientConfig, included: bool);

    /// A function that takes a [`TokenResponse`].
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_callback(this: &TokenClientConfig, callback: &JsValue);

    /// A function that takes a [`ClientConfigError`].
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_error_callback(this: &TokenClientConfig, callback: &JsValue);

    /// The settings of a single request.
    #[wasm_bindgen(extends = Object)]
    pub(super) type OverridableTokenClientConfig;

    /// When the user is asked for consent; an empty text for the first time only.
    #[wasm_bindgen(method, setter)]
    pub(super) fn set_prompt(this: &OverridableTokenClientConfig, prompt: &str);

    /// The response of the popup: a token or an OAuth error.
    pub(super) type TokenResponse;

    #[wasm_bindgen(method, getter)]
    pub(super) fn access_token(this: &TokenResponse) -> Option<String>;

    /// A number of seconds, by some of Google's declarations as a text.
    #[wasm_bindgen(method, getter)]
    pub(super) fn expires_in(this: &TokenResponse) -> JsValue;

    #[wasm_bindgen(method, getter)]
    pub(super) fn error(this: &TokenResponse) -> Option<String>;

    /// Why there is no response, such as a popup that was closed.
    pub(super) type ClientConfigError;

    #[wasm_bindgen(method, getter, js_name = type)]
    pub(super) fn kind(this: &ClientConfigError) -> Option<String>;
}

impl TokenClientConfig {
    /// Settings of which none is made.
    pub(super) fn new() -> Self {
        Object::new().unchecked_into()
    }
}

impl OverridableTokenClientConfig {
    /// Settings of which none is made.
    pub(super) fn new() -> Self {
        Object::new().unchecked_into()
    }
}

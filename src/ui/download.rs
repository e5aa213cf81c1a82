//! Saves a text as a file.

use js_sys::Array;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Blob, HtmlElement, Url};

use super::button::button;
use super::el::El;

/// A button that saves what `text` gives as a file.
pub fn download_button(file: String, text: impl Fn() -> String + 'static) -> El {
    button("quiet", "Download").attr("title", file.clone()).on("click", move |_| save(&file, &text()))
}

/// The browser takes the file from an address of its own, which is not asked of any server.
fn save(file: &str, text: &str) {
    let parts = Array::of1(&text.into());
    let Ok(blob) = Blob::new_with_str_sequence(&parts) else { return };
    let Ok(url) = Url::create_object_url_with_blob(&blob) else { return };
    if let Ok(link) = document().create_element("a") {
        // These names are right, so that setting them does not fail.
        let _ = link.set_attribute("href", &url);
        let _ = link.set_attribute("download", file);
        link.unchecked_into::<HtmlElement>().click();
    }
    let _ = Url::revoke_object_url(&url);
}

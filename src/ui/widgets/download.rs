//! Makes files, and hands them over to the browser's downloads.

use std::time::Duration;

use js_sys::{Array, Promise};
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, HtmlAnchorElement, HtmlImageElement, OffscreenCanvas,
    OffscreenCanvasRenderingContext2d, Url,
};

use crate::core::text::clip;

/// A text as a file of a type.
///
/// # Errors
/// What the browser says.
pub(crate) fn blob(text: &str, mime: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options)
}

/// A button that saves what `text` gives as a file.
#[component]
pub(crate) fn DownloadButton(
    #[prop(into)] file: String,
    text: Callback<(), String>,
) -> impl IntoView {
    let name = file.clone();
    let download = move |_| {
        // Fails only where a browser cannot save anything, which it says itself.
        let _ = blob(&text.run(()), "text/plain").and_then(|blob| save(&name, &blob));
    };
    view! { <button type="button" class="button quiet" title=clip(file) on:click=download>"Download"</button> }
}

/// Has the browser save a file.
///
/// # Errors
/// What the browser says.
pub(crate) fn save(name: &str, file: &Blob) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(file)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    leptos::task::spawn_local(async move {
        // Safari begins to read it only some time after the click.
        gloo_timers::future::sleep(Duration::from_secs(20)).await;
        let _ = Url::revoke_object_url(&url);
    });
    Ok(())
}

/// Draws an SVG, twice as large for sharp screens and print.
///
/// # Errors
/// What the browser says, such as for a picture that is too large to draw.
pub(crate) async fn png(svg: &Blob) -> Result<Blob, JsValue> {
    let url = Url::create_object_url_with_blob(svg)?;
    let drawn = draw(&url).await;
    let _ = Url::revoke_object_url(&url);
    Ok(JsFuture::from(drawn?).await?.unchecked_into())
}

async fn draw(url: &str) -> Result<Promise, JsValue> {
    // No browser draws higher than this.
    const HIGHEST: f64 = 16_000.0;
    let image = HtmlImageElement::new()?;
    image.set_src(url);
    JsFuture::from(image.decode()).await?;
    let (width, height) = (f64::from(image.width()), f64::from(image.height()));
    let scale = (HIGHEST / height).min(2.0);
    let canvas = OffscreenCanvas::new((width * scale) as u32, (height * scale) as u32)?;
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
    let context: OffscreenCanvasRenderingContext2d = context.unchecked_into();
    context.draw_image_with_html_image_element_and_dw_and_dh(
        &image,
        0.0,
        0.0,
        width * scale,
        height * scale,
    )?;
    canvas.convert_to_blob()
}

//! Distinguishes logs from other files.

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use crate::model::event_log::looks_like_one;
use crate::ui::lazy::lazy_fn;

/// How much of a file is read to decide what it is.
const HEAD: i32 = 4_096;

/// Whether a file is a log, by its name and its beginning.
pub(crate) async fn is_log(file: File) -> bool {
    let head = file
        .slice_with_i32_and_i32(0, HEAD)
        .map(|head| head.array_buffer());
    let head = match head {
        Ok(head) => JsFuture::from(head)
            .await
            .map(|head| Uint8Array::new(&head).to_vec()),
        Err(error) => Err(error),
    };
    head.is_ok_and(|head| looks_like_one(&file.name(), &head))
}

lazy_fn! {
    part: files;
    /// [`is_log`], loaded on first use.
    pub(crate) async fn lazy_is_log(file: File) -> bool {
        is_log(file).await
    }
}

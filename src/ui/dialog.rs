//! A dialog over the page, which the browser keeps the focus in.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use super::el::{El, el};

/// Opens and closes a dialog.
#[derive(Clone, Copy)]
pub struct Dialog(StoredValue<Option<HtmlDialogElement>, LocalStorage>);

impl Dialog {
    /// A dialog that is not in the page yet.
    pub fn new() -> Self {
        Self(StoredValue::new_local(None))
    }

    /// The element, closed at first.
    pub fn element(self) -> El {
        el("dialog").class("dialog").made(move |element| {
            self.0.set_value(Some(element.clone().unchecked_into()));
        })
    }

    /// Opens it. Fails only for one that is open or gone from the page, where nothing is to be done.
    pub fn open(self) {
        self.with(|dialog| drop(dialog.show_modal()));
    }

    /// Closes it. Does nothing when the page that it belonged to is gone.
    pub fn close(self) {
        self.with(HtmlDialogElement::close);
    }

    fn with(self, act: impl FnOnce(&HtmlDialogElement)) {
        self.0.try_with_value(|dialog| dialog.as_ref().map(act));
    }
}

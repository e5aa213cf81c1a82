//! The filter that the server applies.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::ui::dom::dynamic::dynamic_option;
use crate::ui::dom::el::{El, el};
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::{use_address, use_navigate};
use crate::ui::widgets::button::button;
use crate::ui::widgets::form::{form, input_value};

/// The box for the filter of the shown rollout.
pub(crate) fn filter_box(applied: Signal<String>) -> El {
    let go = use_navigate();
    let address = use_address();
    let (typed, set_typed) = signal(String::new());
    Effect::new(move |_| set_typed.set_if_changed(applied.get()));
    let apply = move |wanted: String| go(&address.get_untracked().with(|view| view.filter = wanted));
    let input = StoredValue::new_local(None::<HtmlElement>);
    let submit = {
        let apply = apply.clone();
        move || apply(typed.get_untracked().trim().to_owned())
    };
    let is_set = Memo::new(move |_| !applied.read().is_empty());
    form(submit)
        .class("filter-box")
        .class_if("is-set", is_set)
        .attr("role", "search")
        .child(
            el("label")
                .child(el("span").class("visually-hidden").text("Filter, applied by the server (AIP-160)"))
                .child(
                    el("input")
                        .attr("type", "text")
                        .attr("name", "filter")
                        .attr("spellcheck", "false")
                        .attr("autocomplete", "off")
                        .attr("placeholder", "Filter, such as state=\"FAILED\"")
                        .attr(
                            "title",
                            "An AIP-160 filter that the server applies, such as state=\"FAILED\" AND \
                             phaseId=\"stable\". Enter applies it.",
                        )
                        .value(typed.into())
                        .made(move |element| input.set_value(Some(element.clone().unchecked_into())))
                        .on("input", move |event| set_typed.set(input_value(&event))),
                ),
        )
        .child(dynamic_option(move || {
            let apply = apply.clone();
            let clear = move |_| {
                // The button is about to go, and the focus must not go with it.
                input.with_value(|input| input.as_ref().map(|input| drop(input.focus())));
                apply(String::new());
            };
            is_set.get().then(|| button("quiet", "Clear").on("click", clear))
        }))
}

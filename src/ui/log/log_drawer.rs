//! The reader at the foot of the page.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::log_feed::LogFeed;
use super::log_reader::{About, LogReader};
use crate::core::text::clip;
use crate::model::address::Address;
use crate::ui::dom::focus::focus_on;
use crate::ui::nav::link::{use_address, use_navigate};

/// The reader with a title. Closing it is a change of the address.
#[component]
pub(crate) fn LogDrawer(#[prop(into)] title: String, feed: LogFeed, about: About) -> impl IntoView {
    let go = StoredValue::new_local(Box::new(use_navigate()) as Box<dyn Fn(&Address)>);
    let address = use_address();
    // What had the focus before, and gets it back; nothing did when an address led here.
    let opener = StoredValue::new_local(document().active_element());
    let close = Callback::new(move |()| {
        let to = address
            .get_untracked()
            .with(|view| view.log = Default::default());
        let opener = opener.get_value();
        go.with_value(|go| go(&to));
        return_focus(opener);
    });
    Effect::new(|_| request_animation_frame(show));
    let (title, label) = (clip(title.clone()), clip(title));
    view! {
        <section class="log-drawer" aria-label=label>
            <header class="log-head">
                <h2 class="long-text">{title}</h2>
                <button type="button" class="button quiet" on:click=move |_| close.run(())>"Close"</button>
            </header>
            <LogReader feed about close />
        </section>
    }
}

/// Moves to the reader: with its keys the user reads on.
fn show() {
    // What the log is of is to be seen above it.
    if let Ok(Some(panel)) = document().query_selector(".run-panel") {
        panel.scroll_into_view();
    }
    focus_on(".log-drawer .log-frame");
}

/// Returns the focus to the button that opened the reader, or to another that does.
fn return_focus(opener: Option<Element>) {
    let opener = opener.filter(|opener| opener.is_connected() && opener.tag_name() == "BUTTON");
    match opener.and_then(|opener| opener.dyn_into::<HtmlElement>().ok()) {
        Some(opener) => drop(opener.focus()),
        None => focus_on(".event-log-buttons button, .build button"),
    }
}

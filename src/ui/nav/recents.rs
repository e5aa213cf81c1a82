//! What was opened lately in this browser: names only.

use leptos::prelude::*;

use super::link::link;
use crate::model::address::Address;
use crate::model::address::recent::{Recent, read, remember, write};
use crate::model::timeline::ticks::ago;
use crate::ui::dom::clock;
use crate::ui::dom::dynamic::dynamic_option;
use crate::ui::dom::el::{El, el};
use crate::ui::widgets::button::button;

const KEY: &str = "recents";

/// Without storage nothing is remembered, and nothing else is lost.
fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn stored() -> Vec<Recent> {
    let text = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    read(&text.unwrap_or_default())
}

fn store(recents: &[Recent]) {
    if let Some(storage) = storage() {
        let _ = match recents.is_empty() {
            true => storage.remove_item(KEY),
            false => storage.set_item(KEY, &write(recents)),
        };
    }
}

/// Remembers that an address was opened.
pub(crate) fn note(address: &Address) {
    let mut recents = stored();
    remember(&mut recents, address, clock::now());
    store(&recents);
}

/// The list, for the start page; nothing when there is none.
pub(crate) fn recents() -> AnyView {
    let (recents, set_recents) = signal(stored());
    dynamic_option(move || {
        let all = recents.get();
        let rows: Vec<El> = all.iter().map(|recent| row(recent, set_recents)).collect();
        let clear = move |_| {
            store(&[]);
            set_recents.set(Vec::new());
        };
        (!rows.is_empty()).then(|| {
            el("section")
                .class("recents")
                .child(
                    el("div")
                        .class("browse-head")
                        .child(el("h2").text("Opened lately"))
                        .child(button("quiet", "Forget all").on("click", clear)),
                )
                .child(el("ul").class("browse-rows").children(rows))
        })
    })
}

fn row(recent: &Recent, set_recents: WriteSignal<Vec<Recent>>) -> El {
    let (id, details) = recent.told();
    let forgotten = recent.address.clone();
    let forget = move |_| {
        let mut left = stored();
        left.retain(|recent| recent.address != forgotten);
        store(&left);
        set_recents.set(left);
    };
    el("li")
        .class("browse-row")
        .child(link(recent.address.clone()).class("browse-id").text(id.clone()))
        .child(el("span").class("browse-details").text(details))
        .child(el("time").text(ago(recent.at, clock::now())))
        .child(button("quiet", "Forget").attr("aria-label", format!("Forget {id}")).on("click", forget))
}

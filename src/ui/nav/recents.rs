//! Lists what was opened lately in this browser: names only.

use leptos::prelude::*;

use super::link::Link;
use crate::core::text::clip;
use crate::model::address::Address;
use crate::model::address::recent::{Recent, read, remember, write};
use crate::model::timeline::ticks::ago;
use crate::ui::dom::clock;

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

/// Lists what was opened lately, for the start page; nothing when there is none.
#[component]
pub(crate) fn Recents() -> impl IntoView {
    let recents = RwSignal::new(stored());
    let clear = move |_| {
        store(&[]);
        recents.set(Vec::new());
    };
    let rows = move || {
        let row = |recent| view! { <Row recent recents /> };
        recents.get().into_iter().map(row).collect_view()
    };
    view! {
        <Show when=move || !recents.read().is_empty()>
            <section class="recents">
                <div class="browse-head">
                    <h2>"Opened lately"</h2>
                    <button type="button" class="button quiet" on:click=clear>"Forget all"</button>
                </div>
                <ul class="browse-rows">{rows}</ul>
            </section>
        </Show>
    }
}

#[component]
fn Row(recent: Recent, recents: RwSignal<Vec<Recent>>) -> impl IntoView {
    let (id, details) = recent.told();
    let Recent { at, address } = recent;
    let label = clip(format!("Forget {id}"));
    let forgotten = address.clone();
    let forget = move |_| {
        let mut left = stored();
        left.retain(|recent| recent.address != forgotten);
        store(&left);
        recents.set(left);
    };
    view! {
        <li class="browse-row">
            <Link to=address class="browse-id">{clip(id)}</Link>
            <span class="browse-details">{clip(details)}</span>
            <time>{ago(at, clock::now())}</time>
            <button type="button" class="button quiet" aria-label=label on:click=forget>"Forget"</button>
        </li>
    }
}

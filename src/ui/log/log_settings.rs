//! The settings of the reader, which the address has, and the buttons that change them.

use leptos::prelude::*;

use crate::model::address::{Address, LogView, PageView};
use crate::ui::nav::link::{use_address, use_replace};

type Go = Box<dyn Fn(&Address)>;

/// Reads and changes the settings of the reader, which the address has.
#[derive(Clone, Copy)]
pub(super) struct LogSettings {
    address: Signal<Address>,
    go: StoredValue<Go, LocalStorage>,
}

impl LogSettings {
    /// The settings of the page's address.
    pub(super) fn use_shown() -> Self {
        Self {
            address: use_address(),
            go: StoredValue::new_local(Box::new(use_replace())),
        }
    }

    /// The settings of the page.
    pub(super) fn page(self) -> PageView {
        self.address.read().view()
    }

    /// [`page`](Self::page), untracked.
    pub(super) fn page_untracked(self) -> PageView {
        self.address.with_untracked(Address::view)
    }

    /// Changes the settings of the page.
    pub(super) fn change_page(self, change: impl FnOnce(&mut PageView)) {
        let changed = self.address.get_untracked().with(change);
        self.go.with_value(|go| go(&changed));
    }

    /// Changes the settings of the log.
    pub(super) fn change(self, change: impl FnOnce(&mut LogView)) {
        self.change_page(|view| change(&mut view.log));
    }
}

/// A button that turns something on and off.
#[component]
pub(super) fn ToggleButton(
    label: &'static str,
    title: &'static str,
    #[prop(into)] is_on: Signal<bool>,
    toggle: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button quiet"
            title=title
            aria-label=title
            aria-pressed=move || is_on.get().to_string()
            on:click=move |_| toggle()
        >
            {label}
        </button>
    }
}

/// A button that turns an option of the address on and off ([`LogView::options`]).
#[component]
pub(super) fn OptionToggle(
    settings: LogSettings,
    option: char,
    label: &'static str,
    title: &'static str,
) -> impl IntoView {
    let is_on = Memo::new(move |_| settings.page().log.has(option));
    let toggle = move || settings.change(|log| log.toggle(option));
    view! { <ToggleButton label title is_on toggle /> }
}

//! The page as a whole.

use leptos::prelude::*;

use super::dom::dynamic::dynamic;
use super::dom::el::el;
use super::dom::focus::focus_on;
use super::lazy;
use super::nav::hash::Hash;
use super::nav::keyboard::handle_keys;
use super::nav::recents;
use super::nav::top_bar::top_bar;
use super::pages::drop_zone::drop_zone;
use super::panic_hook;
use super::rollout::rollout_page::rollout_page;
use super::session::Session;
use super::session::config::{self, Config};
use super::widgets::dialog::{Content, Dialog};
use super::widgets::error_box::error_box;
use crate::api::error::ApiError;
use crate::api::transport::LocalFuture;
use crate::model::address::{Address, Source};
use crate::model::csp::connecting;
use crate::model::explain::{Doing, error_message};

/// Starts the viewer in the page.
pub fn run() {
    panic_hook::set();
    // Before anything is mounted, Leptos has no executor of its own yet.
    let begin: LocalFuture<'static, ()> = Box::pin(async {
        let config = config::load().await;
        if let Ok(config) = &config {
            limit_connections(config);
        }
        move_search();
        leptos::mount::mount_to_body(move || app(config));
    });
    wasm_bindgen_futures::spawn_local(begin);
}

/// Lets the page, which may come to hold a token, talk to no others than the configuration names.
fn limit_connections(config: &Config) {
    let google = (!config.client_id.is_empty()).then_some("https://accounts.google.com");
    let bases = [&*config.api_base, &config.build_base, &config.storage_base].into_iter().chain(google);
    let meta = document().create_element("meta").expect("meta is a name");
    let _ = meta.set_attribute("http-equiv", "Content-Security-Policy");
    let _ = meta.set_attribute("content", &connecting(bases));
    if let Some(head) = document().head() {
        let _ = head.append_child(&meta);
    }
}

/// Takes what the query of the page's own address asks for, `index.html?src=…`, into the viewer's
/// part of it, where it stays only as long as that is shown.
fn move_search() {
    let location = window().location();
    let search = location.search().unwrap_or_default();
    let is_bare = location.hash().is_ok_and(|hash| hash.is_empty());
    if let (Some(address), Ok(path), true) = (Address::from_search(&search), location.pathname(), is_bare)
        && let Ok(history) = window().history()
    {
        let url = [path, address.to_hash()].concat();
        let _ = history.replace_state_with_url(&leptos::wasm_bindgen::JsValue::NULL, "", Some(&url));
    }
}

fn app(config: Result<Config, ApiError>) -> AnyView {
    match config {
        Ok(config) => {
            provide_context(Session::new(&config));
            page()
        }
        Err(error) => {
            let mut message = error_message(&error, Doing::Loading, false);
            message.title = "config.json cannot be read".into();
            if let ApiError::Malformed(_) = error {
                message.next = "Correct the file beside index.html, then load this page again.".into();
            }
            let title = el("h1").class("visually-hidden").text("Job Run Viewer");
            el("main").class("page").child(title).child(error_box(message, None)).into_any()
        }
    }
}

fn page() -> AnyView {
    let hash = Hash::follow();
    let shown = hash.shown;
    provide_context(hash);
    let address = Memo::new(move |_| Address::from_hash(&shown.read()));
    provide_context(address);
    // What is selected on a page, and how it is shown, must not build the page anew.
    let page = Memo::new(move |_| address.read().page());
    let help = Dialog::new();
    handle_keys(help);
    let mut is_first = true;
    Effect::new(move |_| {
        document().set_title(&page.read().title());
        recents::note(&page.read());
        // What a link led to is where one reads on. The first page begins at its top.
        if !std::mem::take(&mut is_first) {
            // Which is there already, so that the focus is somewhere meanwhile.
            focus_on("#main");
            request_animation_frame(focus_on_page);
        }
    });
    let skip = el("a")
        .class("skip-link")
        .attr("href", "#main")
        // The part after `#` is the viewer's address, so the jump is made by hand.
        .on("click", |event| {
            event.prevent_default();
            focus_on("#main");
        })
        .text("Skip to the main part");
    let main =
        el("main").attr("id", "main").class("page").attr("tabindex", "-1").child(dynamic(move || match page
            .get()
        {
            Address::Start => lazy::start(),
            Address::Rollout { rollout, view } => match view.source {
                Source::Cloud => rollout_page(rollout),
                source => lazy::rollout_of(source, rollout),
            },
            Address::Opened(source) => lazy::opened(source),
            Address::Log(view) => lazy::log_page(view),
            Address::History { of, source, .. } => lazy::history(of, source),
            Address::Browse(parent) => lazy::browse(parent),
            Address::Unreadable(error) => lazy::unreadable_address(error),
        }));
    let shortcuts = help.element("Keyboard shortcuts".to_owned(), || Content::Shortcuts);
    (skip, top_bar(), main, drop_zone(), shortcuts, help.problem()).into_any()
}

/// Gives the page's heading the focus, which is not there before the page's part is.
fn focus_on_page() {
    match document().query_selector("main > .part-waiting") {
        Ok(Some(_)) => request_animation_frame(focus_on_page),
        _ => focus_on("main h1"),
    }
}

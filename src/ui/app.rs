//! The page as a whole.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;

use super::browse::browse_page::LazyBrowsePage;
use super::dom::focus::focus_on;
use super::history::history_page::LazyHistoryPage;
use super::lazy::loaded_view;
use super::log::log_page::LazyLogPage;
use super::nav::hash::Hash;
use super::nav::keyboard::handle_keys;
use super::nav::recents;
use super::nav::shortcuts::{lazy_shortcuts, load_shortcuts};
use super::nav::top_bar::TopBar;
use super::pages::drop_zone::DropZone;
use super::pages::opened_page::{LazyOpenedPage, LazyOpenedRollout};
use super::pages::start_page::LazyStartPage;
use super::pages::unreadable_address::LazyUnreadableAddress;
use super::panic_hook;
use super::rollout::rollout_page::RolloutPage;
use super::session::Session;
use super::session::config::{self, Config};
use super::widgets::dialog::{Dialog, DialogBox, DialogProblem};
use super::widgets::error_box::ErrorBox;
use crate::api::error::ApiError;
use crate::model::address::{Address, Source};
use crate::model::csp::connecting;
use crate::model::explain::{Doing, error_message};

/// Starts the viewer in the page.
pub fn run() {
    panic_hook::set();
    // Not Leptos' own `spawn_local`: before anything is mounted it has no executor.
    wasm_bindgen_futures::spawn_local(start());
}

/// Reads the host's configuration, then mounts the page.
async fn start() {
    let config = config::load().await;
    if let Ok(config) = &config {
        limit_connections(config);
    }
    move_search();
    leptos::mount::mount_to_body(move || view! { <App config /> });
}

/// Restricts the page, which may hold a token later, to the servers that the configuration names.
fn limit_connections(config: &Config) {
    let google = (!config.client_id.is_empty()).then_some("https://accounts.google.com");
    let bases = [&*config.api_base, &config.build_base, &config.storage_base]
        .into_iter()
        .chain(google);
    let meta = document().create_element("meta").expect("meta is a name");
    let _ = meta.set_attribute("http-equiv", "Content-Security-Policy");
    let _ = meta.set_attribute("content", &connecting(bases));
    if let Some(head) = document().head() {
        let _ = head.append_child(&meta);
    }
}

/// Moves what the query of the page's own address asks for, `index.html?src=…`, into the part after `#`, so that
/// it goes away as soon as the user goes elsewhere.
fn move_search() {
    let location = window().location();
    let search = location.search().unwrap_or_default();
    let is_bare = location.hash().is_ok_and(|hash| hash.is_empty());
    if let (Some(address), Ok(path), true) =
        (Address::from_search(&search), location.pathname(), is_bare)
        && let Ok(history) = window().history()
    {
        let url = [path, address.to_hash()].concat();
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&url));
    }
}

/// The viewer, or why it cannot start.
#[component]
fn App(config: Result<Config, ApiError>) -> impl IntoView {
    match config {
        Ok(config) => {
            provide_context(Session::new(&config));
            view! { <Page /> }.into_any()
        }
        Err(error) => view! { <ConfigProblem error /> }.into_any(),
    }
}

/// Says that the host's configuration cannot be read.
#[component]
fn ConfigProblem(error: ApiError) -> impl IntoView {
    let mut message = error_message(&error, Doing::Loading, false);
    message.title = "config.json cannot be read".into();
    if let ApiError::Malformed(_) = error {
        message.next = "Correct the file beside index.html, then load this page again.".into();
    }
    view! {
        <main class="page">
            <h1 class="visually-hidden">"Job Run Viewer"</h1>
            <ErrorBox message />
        </main>
    }
}

/// The page: the bar at the top, what the address names, and what works everywhere.
#[component]
fn Page() -> impl IntoView {
    let hash = Hash::follow();
    let shown = hash.shown;
    provide_context(hash);
    let address = Memo::new(move |_| Address::from_hash(&shown.read()));
    provide_context::<Signal<Address>>(address.into());
    // What is selected on a page, and how it is shown, must not build the page anew.
    let page = Memo::new(move |_| address.read().page());
    let help = Dialog::new(|| Box::pin(load_shortcuts()));
    handle_keys(help);
    follow_page(page);

    let skip = move |event: MouseEvent| {
        // The part after `#` is the viewer's address, so the jump is made by hand.
        event.prevent_default();
        focus_on("#main");
    };
    view! {
        <a class="skip-link" href="#main" on:click=skip>"Skip to the main part"</a>
        <TopBar />
        <main id="main" class="page" tabindex="-1">
            {move || page_view(page.get())}
        </main>
        <DropZone />
        <DialogBox dialog=help label="Keyboard shortcuts" content=move || loaded_view(lazy_shortcuts(help)) />
        <DialogProblem dialog=help />
    }
}

/// Draws what an address names.
fn page_view(address: Address) -> AnyView {
    match address {
        Address::Start => view! { <LazyStartPage /> }.into_any(),
        Address::Rollout { rollout, view } => match view.source {
            Source::Cloud => view! { <RolloutPage rollout /> }.into_any(),
            source => view! { <LazyOpenedRollout source rollout /> }.into_any(),
        },
        Address::Opened(source) => view! { <LazyOpenedPage source /> }.into_any(),
        Address::Log(view) => view! { <LazyLogPage view /> }.into_any(),
        Address::History { of, source, .. } => view! { <LazyHistoryPage of source /> }.into_any(),
        Address::Browse(parent) => view! { <LazyBrowsePage parent /> }.into_any(),
        Address::Unreadable(error) => view! { <LazyUnreadableAddress error /> }.into_any(),
    }
}

/// Sets the title, the recent addresses and the focus when the page changes.
fn follow_page(page: Memo<Address>) {
    Effect::new(move |before: Option<()>| {
        page.with(|page| {
            document().set_title(&page.title());
            recents::note(page);
        });
        // A link leads to the content. The first page begins at its top.
        if before.is_some() {
            // The main part has the focus until the heading is drawn.
            focus_on("#main");
            request_animation_frame(focus_on_heading);
        }
    });
}

/// Gives the page's heading the focus, once the code of the page is loaded and the heading is drawn.
fn focus_on_heading() {
    match document().query_selector("main > .part-waiting") {
        Ok(Some(_)) => request_animation_frame(focus_on_heading),
        _ => focus_on("main h1"),
    }
}

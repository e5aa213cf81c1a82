//! The page as a whole.

use leptos::prelude::*;
use leptos_router::components::Router;
use leptos_router::hooks::use_location;

use super::config::{self, Config};
use super::dynamic::{dynamic, memo};
use super::open_box::OpenBox;
use super::rollout_page::RolloutPage;
use super::session::Session;
use super::start_page::StartPage;
use super::top_bar::TopBar;
use super::trouble_box::TroubleBox;
use crate::api::error::ApiError;
use crate::model::address::Address;
use crate::model::explain::{Doing, trouble};

/// Starts the viewer in the page.
pub fn run() {
    console_error_panic_hook::set_once();
    // Before anything is mounted, Leptos has no executor of its own yet.
    wasm_bindgen_futures::spawn_local(async {
        let config = config::load().await;
        leptos::mount::mount_to_body(move || view! { <App config /> });
    });
}

#[component]
fn App(config: Result<Config, ApiError>) -> impl IntoView {
    match config {
        Ok(config) => {
            provide_context(Session::new(&config));
            view! {
                <Router>
                    <Page />
                </Router>
            }
            .into_any()
        }
        Err(error) => {
            let mut trouble = trouble(&error, Doing::Loading, false);
            trouble.title = "config.json cannot be read".into();
            trouble.next = "Correct the file beside index.html, then load this page again.".into();
            view! {
                <main class="page">
                    <TroubleBox trouble />
                </main>
            }
            .into_any()
        }
    }
}

#[component]
fn Page() -> impl IntoView {
    let hash = use_location().hash;
    let address = memo(move || Address::from_hash(&hash.read()));
    provide_context(address);
    // Selecting a run or a zone must not build the page of the rollout anew.
    let place = memo(move || address.read().select(None).in_utc(false));
    view! {
        <a class="skip-link" href="#main" on:click=skip_to_main>
            "Skip to the main part"
        </a>
        <TopBar />
        <main id="main" class="page" tabindex="-1">
            {dynamic(move || match place.get() {
                Address::Start => view! { <StartPage /> }.into_any(),
                Address::Rollout { rollout, filter, .. } => view! { <RolloutPage rollout filter /> }.into_any(),
                Address::Unreadable(error) => {
                    view! {
                        <section class="notice">
                            <h1>"This address names no rollout"</h1>
                            <p>{error.to_string()}</p>
                            <p>"You can paste another name here."</p>
                            <OpenBox start=error.text().to_owned() />
                        </section>
                    }
                        .into_any()
                }
            })}
        </main>
    }
}

/// The part after `#` is the viewer's address, so the jump is made by hand.
fn skip_to_main(event: web_sys::MouseEvent) {
    event.prevent_default();
    if let Some(main) = document().get_element_by_id("main") {
        use leptos::wasm_bindgen::JsCast;
        if let Some(main) = main.dyn_ref::<web_sys::HtmlElement>() {
            let _ = main.focus();
        }
    }
}

//! What all of the page shares: the configuration, the token and the sources.
//!
//! `config` reads what the host has set; `sign_in` shows how the user is signed in, by Google (`google_sign_in`,
//! `google_window`, and of Google's script `google_identity`) or by a pasted token (`token_form`).

pub(crate) mod config;
mod google_identity;
pub(crate) mod google_sign_in;
mod google_window;
pub(crate) mod sign_in;
pub(crate) mod token_form;

use std::rc::Rc;

use futures::FutureExt;
use futures::future::{AbortHandle, abortable};
use leptos::prelude::*;
use leptos::reactive::signal::Trigger;
use leptos::wasm_bindgen::JsValue;
use web_sys::Url;

use crate::api::client::Client;
use crate::api::source::RunSource;
use crate::api::transport::Transport;
use crate::core::time::{SignedDuration, Timestamp, later, parse, to_rfc3339, until};
use crate::model::address::{Address, PageView, Source};
use crate::transport::fetch::{Fetch, Token};
use crate::ui::dom::clock;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::pages::files::Files;
use crate::workers::demo::client::Demo;
use crate::workers::files::client::{FileTransport, FilesClient};
use crate::workers::log::client::BuildLogClient;
use config::Config;
use google_sign_in::GoogleSignIn;

/// How long before its end a token should be renewed, in seconds.
const RENEWAL: i64 = 300;

/// What is known of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Validity {
    /// There is no token.
    None,
    Valid,
    EndsSoon,
    /// Its time is up, or a server did not take it.
    Over,
}

/// Transports to the APIs, and the worker that reads what came. Clones share the worker.
#[derive(Clone)]
pub(crate) struct Transports {
    /// Leads to Cloud Deploy.
    pub runs: Rc<dyn Transport>,
    /// Leads to Cloud Build.
    pub builds: Rc<dyn Transport>,
    /// Leads to Cloud Storage.
    pub storage: Rc<dyn Transport>,
    /// Reads builds' logs.
    pub build_logs: BuildLogClient,
    /// Reads all else that came.
    pub worker: FilesClient,
}

/// Shared by context; a copy refers to the same session.
#[derive(Clone, Copy)]
pub(crate) struct Session {
    worker: StoredValue<FilesClient, LocalStorage>,
    transports: StoredValue<Transports, LocalStorage>,
    demo_transports: StoredValue<Transports, LocalStorage>,
    token: StoredValue<Token, LocalStorage>,
    storage_base: StoredValue<String>,
    /// The log that was dropped last, and how many were.
    log_file: StoredValue<Option<JsValue>, LocalStorage>,
    log_files: RwSignal<u32>,
    /// What was opened.
    pub files: Files,
    /// Where the host has configured it.
    google: Option<GoogleSignIn>,
    has_token: RwSignal<bool>,
    /// How long it is still valid, if known.
    left: RwSignal<Validity>,
    /// Whether a server did not take it the last time.
    refused: RwSignal<bool>,
    /// Notifies when a token was set.
    token_set: Trigger,
    /// Ends the task that waits for the end of the token.
    expiry: StoredValue<Option<AbortHandle>>,
}

impl Session {
    /// A session without a token.
    pub(crate) fn new(config: &Config) -> Self {
        let (token, refused) = (Token::default(), RwSignal::new(false));
        token.on_answer(move |is_refused| refused.set_if_changed(is_refused));
        let (worker, build_logs) = (FilesClient::new(), BuildLogClient::new());
        let transports = Transports {
            runs: Rc::new(Fetch::new(&config.api_base, token.clone())),
            builds: Rc::new(Fetch::new(&config.build_base, token.clone())),
            storage: Rc::new(Fetch::new(&config.storage_base, token.clone())),
            build_logs: build_logs.clone(),
            worker: worker.clone(),
        };
        let demo = Rc::new(Demo::new(demo_epoch(), clock::now));
        let demo_transports = Transports {
            runs: demo.clone(),
            builds: demo.clone(),
            storage: demo,
            build_logs,
            worker: worker.clone(),
        };
        Self {
            transports: StoredValue::new_local(transports),
            demo_transports: StoredValue::new_local(demo_transports),
            worker: StoredValue::new_local(worker),
            token: StoredValue::new_local(token),
            storage_base: StoredValue::new(config.storage_base.trim_end_matches('/').to_owned()),
            log_file: StoredValue::new_local(None),
            log_files: RwSignal::new(0),
            files: Files::new(),
            google: (!config.client_id.is_empty())
                .then(|| GoogleSignIn::new(config.client_id.clone())),
            has_token: RwSignal::new(false),
            left: RwSignal::new(Validity::Valid),
            refused,
            token_set: Trigger::new(),
            expiry: StoredValue::new(None),
        }
    }

    /// Returns the source of the runs at an address.
    pub(crate) fn source(self, address: &Address) -> Rc<dyn RunSource> {
        Rc::new(self.client(address))
    }

    /// [`source`](Self::source), which can be asked to do something too. All sources are one client, for
    /// the bundle's sake.
    pub(crate) fn client(self, address: &Address) -> Client<Rc<dyn Transport>> {
        Client::new(match address.is_file() {
            true => Rc::new(FileTransport::new(
                self.worker(),
                address.source().setting().to_owned(),
            )),
            false => self.transports(address).runs,
        })
    }

    /// The worker, which starts when it is first asked something.
    pub(crate) fn worker(self) -> FilesClient {
        self.worker.get_value()
    }

    /// Returns the transports for an address: those of the demo or of Google Cloud.
    pub(crate) fn transports(self, address: &Address) -> Transports {
        if address.is_demo() {
            self.demo_transports.get_value()
        } else {
            self.transports.get_value()
        }
    }

    /// Returns the URL of a path of Cloud Storage's API and the token to send, for a worker
    /// that fetches by itself.
    pub(crate) fn storage_url_and_token(self, path: &str) -> (String, String) {
        let url = [&*self.storage_base.get_value(), path].concat();
        (self.absolute(&url), self.token.with_value(Token::text))
    }

    /// An address as the page means it: a worker's own lies elsewhere.
    pub(crate) fn absolute(self, url: &str) -> String {
        let base = document().base_uri().ok().flatten().unwrap_or_default();
        Url::new_with_base(url, &base).map_or_else(|_| url.to_owned(), |url| url.href())
    }

    /// Shows a log that was dropped.
    pub(crate) fn open_log(self, file: JsValue) {
        self.log_file.set_value(Some(file));
        self.log_files.update(|count| *count += 1);
        let view = PageView {
            source: Source::File,
            ..PageView::default()
        };
        let _ = location().set_hash(&Address::Log(view).to_hash());
    }

    /// The log that was dropped last.
    pub(crate) fn log_file(self) -> Option<JsValue> {
        self.log_file.get_value()
    }

    /// How many logs were dropped.
    pub(crate) fn log_files(self) -> u32 {
        self.log_files.get()
    }

    /// Replaces the token; an empty one forgets it.
    pub(crate) fn set_token(self, token: &str) {
        self.set_expiring_token(token, None);
    }

    /// Replaces the token by one of which is known when it ends.
    pub(crate) fn set_expiring_token(self, token: &str, ends: Option<Timestamp>) {
        self.token.with_value(|shared| shared.set(token));
        self.refused.set_if_changed(false);
        self.left.set_if_changed(Validity::Valid);
        self.has_token
            .set_if_changed(!self.token.with_value(Token::is_empty));
        self.token_set.notify();
        self.watch_expiry(ends);
    }

    /// Notes when a token is about to end and when it has ended, instead of the token before.
    fn watch_expiry(self, ends: Option<Timestamp>) {
        let watch = ends.map(|ends| {
            let (watch, stop) = abortable(async move {
                for (validity, at) in [
                    (Validity::EndsSoon, later(ends, -RENEWAL)),
                    (Validity::Over, ends),
                ] {
                    gloo_timers::future::sleep(until(clock::now(), at)).await;
                    self.left.set_if_changed(validity);
                }
            });
            leptos::task::spawn_local(watch.map(drop));
            stop
        });
        if let Some(before) = self
            .expiry
            .try_update_value(|held| std::mem::replace(held, watch))
            .flatten()
        {
            before.abort();
        }
    }

    /// Google's sign-in, where the host has configured it.
    pub(crate) fn google(self) -> Option<GoogleSignIn> {
        self.google
    }

    /// Whether there is a token, and how long still.
    pub(crate) fn validity(self) -> Validity {
        match (self.signed_in(), self.refused.get()) {
            (false, _) => Validity::None,
            (true, true) => Validity::Over,
            (true, false) => self.left.get(),
        }
    }

    /// Notes that a server did not take the token, which a worker has asked with.
    pub(crate) fn note_refusal(self) {
        self.refused.set_if_changed(true);
    }

    /// Whether there is a token.
    pub(crate) fn signed_in(self) -> bool {
        self.has_token.get()
    }

    /// Whether there is a token at this moment.
    pub(crate) fn signed_in_now(self) -> bool {
        self.has_token.get_untracked()
    }

    /// Does something whenever the token has changed from now on, until the owner that called this is
    /// cleaned up: what wants a token may be read then.
    pub(crate) fn on_new_token(self, act: impl Fn() + 'static) {
        Effect::watch(move || self.token_set.track(), move |(), _, _| act(), false);
    }
}

/// The session of the page.
pub(crate) fn use_session() -> Session {
    expect_context()
}

/// When the demo's live rollouts began: when this tab first opened the demo, so that a reload
/// goes on with the same story; and anew when that story is over.
fn demo_epoch() -> Timestamp {
    const KEY: &str = "demo-epoch";
    const STORY: SignedDuration = SignedDuration::from_mins(30);
    let storage = window().session_storage().ok().flatten();
    let now = clock::now();
    let stored = storage
        .as_ref()
        .and_then(|storage| storage.get_item(KEY).ok().flatten());
    let epoch = stored
        .and_then(|text| parse(&text).ok())
        .filter(|epoch| now.duration_since(*epoch).abs() < STORY);
    epoch.unwrap_or_else(|| {
        if let Some(storage) = storage {
            // Without storage, a reload starts the story anew; nothing else is lost.
            let _ = storage.set_item(KEY, &to_rfc3339(now));
        }
        now
    })
}

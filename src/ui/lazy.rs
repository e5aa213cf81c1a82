//! Lazy loading: parts of the page whose code is loaded on first use.
//!
//! In a release build, `scripts/finish-dist.mjs` takes whatever only these functions need out of the
//! page's wasm and into files of their own. A development build is left whole: there they are
//! functions like any others.

use futures::FutureExt;
use leptos::prelude::*;

use super::browse::browse_page::browse_page;
use super::dom::dynamic::dynamic;
use super::dom::el::{El, el};
use super::history::history_page::history_page;
use super::log::event_log;
use super::log::log_file;
use super::log::log_page;
use super::nav::shortcuts::shortcuts;
use super::pages::files::Input;
use super::pages::open_files::open;
use super::pages::opened_page::{opened_page, opened_rollout};
use super::pages::start_page::start_page;
use super::pages::unreadable_address;
use super::rollout::actions::confirm_dialog::confirm_dialog;
use super::rollout::empty;
use super::rollout::export::{ExportRequest, write};
use super::rollout::feed::Feed;
use super::rollout::timeline::child_lanes::child_lanes;
use super::rollout::timeline::drawing::Drawing;
use super::rollout::unreadable_runs::unreadable_runs;
use super::run::build::build_feed::BuildFeed;
use super::run::build::build_log::BuildLogDrawer;
use super::run::build::build_part::{BuildContent, LikelyReason};
use super::run::build::build_slot::BuildSlot;
use super::run::build::log_view::LogBody;
use super::run::build::text_view::Chunks;
use super::run::manifests::manifest_view::ManifestView;
use super::run::missing_run;
use super::run::shown::Shown;
use super::session::Session;
use super::session::google_sign_in::GoogleSignIn;
use super::session::token_form::token_form;
use super::widgets::dialog::{Content, Dialog};
use super::widgets::error_box::error_box;
use super::widgets::raw_text;
use crate::api::error::ApiError;
use crate::api::transport::LocalFuture;
use crate::core::name::{NameError, RolloutName};
use crate::model::address::{PageView, Parent, Source};
use crate::model::explain::{Doing, ErrorMessage, error_message};
use crate::model::manifest::File;
use crate::model::run::RunSet;
use crate::ui::dom::signals::SetIfChanged;

/// The error when the code of a part cannot be loaded.
#[derive(Debug)]
pub(crate) struct LoadError;

impl From<wasm_split_helpers::SplitLoaderError> for LoadError {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

impl LoadError {
    /// What went wrong, for people.
    pub(crate) fn error_message(&self) -> ErrorMessage {
        let error = ApiError::Part("its file could not be loaded".to_owned());
        error_message(&error, Doing::Loading, false)
    }
}

type Loading<T> = LocalFuture<'static, Result<T, LoadError>>;

/// Makes a function whose code is in the file of a part. It waits for that file, and another function
/// does nothing else.
macro_rules! lazy_fn {
    ($part:ident, $load:ident: $(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) -> $out:ty $body:block) => {
        $(#[$doc])*
        #[cfg(not(debug_assertions))]
        #[wasm_split_helpers::wasm_split($part, fallible, preload($load))]
        $vis fn $name($($arg: $type),*) -> Result<$out, LoadError> {
            Ok($body)
        }

        $(#[$doc])*
        #[cfg(debug_assertions)]
        $vis async fn $name($($arg: $type),*) -> Result<$out, LoadError> {
            Ok($body)
        }

        #[cfg(debug_assertions)]
        #[allow(dead_code)]
        async fn $load() -> Result<(), LoadError> {
            Ok(())
        }
    };
}

/// Makes a function that gives a view from the file of a part.
macro_rules! lazy_view {
    ($part:ident, $load:ident, $draw:ident: $(#[$doc:meta])* fn $name:ident($($arg:ident: $type:ty),*) = $view:expr) => {
        lazy_fn! { $part, $load: fn $draw($($arg: $type),*) -> AnyView { $view.into_any() } }

        $(#[$doc])*
        pub(crate) fn $name($($arg: $type),*) -> AnyView {
            lazy_view(
                || Box::pin(async { $load().await.map_err(|_| LoadError) }),
                Box::new(move || Box::pin($draw($($arg.clone()),*))),
            )
        }
    };
}

lazy_view! { start, load_start, draw_start:
    /// The start page.
    fn start() = start_page()
}

lazy_view! { history, load_history, draw_history:
    /// All runs of something in one timeline.
    fn history(of: String, source: Source) = history_page(of, source)
}

lazy_view! { browse, load_browse, draw_browse:
    /// What lies in a project, a location, a pipeline or a release.
    fn browse(parent: Parent) = browse_page(&parent)
}

lazy_view! { files, load_opened, draw_opened:
    /// What a file or an address holds.
    fn opened(source: Source) = opened_page(source)
}

lazy_view! { files, load_opened_rollout, draw_opened_rollout:
    /// A rollout of a file or an address.
    fn rollout_of(source: Source, rollout: RolloutName) = opened_rollout(source, rollout)
}

lazy_view! { build, load_reason, draw_reason:
    /// The line of a build's log that most likely says why it failed.
    fn reason(slot: BuildSlot) = view! { <LikelyReason of=slot /> }
}

lazy_view! { build, load_build, draw_build:
    /// A build and its log.
    fn build(slot: BuildSlot) = view! { <BuildContent of=slot /> }
}

lazy_view! { text, load_log_text, draw_log_text:
    /// The log of a build.
    fn log_text(feed: BuildFeed, wrap: Signal<bool>, chunks: RwSignal<Chunks>, page: Option<String>) =
        view! { <LogBody feed is_wrapped=wrap chunks page /> }
}

lazy_view! { text, load_manifest, draw_manifest:
    /// A manifest, with what differs from it elsewhere.
    fn manifest(file: File, page: Option<String>, shown: Shown) = view! { <ManifestView file page shown /> }
}

lazy_view! { log, load_log_page, draw_log_page:
    /// A log by itself.
    fn log_page(view: PageView) = log_page::log_page(&view)
}

lazy_view! { log, load_event_log, draw_event_log:
    /// The summary of a run's event log.
    fn event_log(slot: event_log::EventLogSlot) = slot.log().section()
}

lazy_view! { log, load_event_log_reader, draw_event_log_reader:
    /// The reader of an event log, while it is open.
    fn event_log_reader(slot: event_log::EventLogSlot) = slot.log().drawer()
}

lazy_view! { log, load_build_log, draw_build_log:
    /// The reader of a build's log, which is open.
    fn build_log(slot: BuildSlot) = view! { <BuildLogDrawer of=slot /> }
}

lazy_fn! { files, load_open:
    /// Reads what is to be opened.
    pub(crate) fn read_opened(session: Session, source: Source, input: Option<Input>) -> LocalFuture<'static, ()> {
        open(session, source, input)
    }
}

lazy_fn! { dialogs, load_dialogs:
    /// What stands in a dialog.
    fn draw_dialog(dialog: Dialog, content: Content) -> AnyView {
        match content {
            Content::Confirm(confirmation) => confirm_dialog(confirmation, dialog),
            Content::Token(input) => token_form(dialog, input),
            Content::Shortcuts => shortcuts(dialog),
        }
    }
}

/// Loads the code of what stands in dialogs.
pub(crate) async fn load_dialog_content() -> Result<(), LoadError> {
    load_dialogs().await.map_err(|_| LoadError)
}

/// What stands in a dialog, whose code [`load_dialog_content`] has brought.
pub(crate) fn dialog_content(dialog: Dialog, content: Content) -> AnyView {
    at_once(draw_dialog(dialog, content))
}

lazy_view! { extras, load_raw_text, draw_raw_text:
    /// A JSON text with a button to copy it.
    fn raw_text(raw: String) = raw_text::raw_text(&raw)
}

lazy_view! { extras, load_child, draw_child:
    /// A child rollout, opened in place.
    fn child(id: String, drawing: Drawing) = child_lanes(id, drawing)
}

lazy_view! { extras, load_empty, draw_empty:
    /// What stands where there are no runs.
    fn empty(is_filtered: bool, feed: Feed) = empty::empty(is_filtered, feed)
}

lazy_view! { extras, load_unreadable, draw_unreadable:
    /// Entries that are no job runs.
    fn unreadable(set: Signal<RunSet>) = unreadable_runs(set)
}

lazy_view! { extras, load_missing_run, draw_missing_run:
    /// A run that the address names and that was not read.
    fn missing_run(shown: Shown) = missing_run::missing_run(shown)
}

lazy_view! { extras, load_unreadable_address, draw_unreadable_address:
    /// An address that names nothing.
    fn unreadable_address(error: NameError) = unreadable_address::unreadable_address(&error)
}

lazy_fn! { files, load_is_log:
    /// Whether a file is a log and no JSON.
    pub(crate) fn is_log(file: web_sys::File) -> LocalFuture<'static, bool> {
        Box::pin(log_file::is_log(file))
    }
}

lazy_fn! { extras, load_export:
    /// Writes what is shown as a file.
    pub(crate) fn export(request: ExportRequest) -> LocalFuture<'static, Option<()>> {
        write(request)
    }
}

lazy_fn! { extras, load_sign_in:
    /// Opens Google's sign-in window.
    pub(crate) fn ask_google(client: GoogleSignIn, session: Session) -> () {
        client.open_window(session);
    }
}

/// How far loading a part has come.
#[derive(Clone, Copy, PartialEq)]
enum LoadState {
    Loading,
    Loaded,
    Failed,
}

impl From<Result<(), LoadError>> for LoadState {
    fn from(loaded: Result<(), LoadError>) -> Self {
        if loaded.is_ok() { Self::Loaded } else { Self::Failed }
    }
}

/// What `view` gives, once `load` has brought its code. It is drawn within the page, where it finds
/// what all views share, and not in a task that waited.
fn lazy_view(load: fn() -> Loading<()>, view: Box<dyn Fn() -> Loading<AnyView> + Send>) -> AnyView {
    let (state, set_state) = signal(LoadState::Loading);
    let begin = move || {
        let mut loading = load();
        // What is there already is shown at once.
        if let Some(loaded) = (&mut loading).now_or_never() {
            return set_state.set_if_changed(loaded.into());
        }
        set_state.set_if_changed(LoadState::Loading);
        leptos::task::spawn_local(async move { set_state.set_if_changed(loading.await.into()) });
    };
    begin();
    dynamic(move || match state.get() {
        LoadState::Loading => waiting().into_any(),
        LoadState::Loaded => at_once(view()),
        LoadState::Failed => {
            error_box(LoadError.error_message(), Some(Callback::new(move |()| begin()))).into_any()
        }
    })
}

/// A view whose code is there.
fn at_once(view: impl Future<Output = Result<AnyView, LoadError>>) -> AnyView {
    match view.now_or_never() {
        Some(Ok(view)) => view,
        _ => ().into_any(),
    }
}

fn waiting() -> El {
    el("p").class("absent part-waiting").attr("role", "status").text("Loading…")
}

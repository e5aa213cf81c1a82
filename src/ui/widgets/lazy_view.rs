//! Views whose code is loaded when they are shown for the first time.

use futures::FutureExt;
use leptos::prelude::*;

use super::error_box::ErrorBox;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::lazy::{Load, LoadError, load_error_message};

/// Declares a component whose code is in a [part](crate::ui::lazy) of the page. Until the part is loaded a note
/// stands in its place, or the error with a button that tries again.
///
/// ```ignore
/// lazy_component! {
///     part: extras;
///     /// Shows a JSON text, once the code for it is loaded.
///     pub(crate) fn LazyRawText(raw: String) {
///         view! { <RawText raw /> }
///     }
/// }
/// ```
macro_rules! lazy_component {
    (
        part: $part:ident;
        $(#[$attribute:meta])*
        $vis:vis fn $name:ident($($prop:ident: $type:ty),* $(,)?) $view:block
    ) => {
        $(#[$attribute])*
        #[::leptos::component]
        $vis fn $name($($prop: $type),*) -> impl ::leptos::prelude::IntoView {
            $crate::ui::lazy::lazy_fn! {
                part: $part, preload: load;
                async fn draw($($prop: $type),*) -> ::leptos::prelude::AnyView {
                    ::leptos::prelude::IntoAny::into_any($view)
                }
            }
            let view = move || $crate::ui::lazy::loaded_view(draw($($prop.clone()),*));
            $crate::ui::widgets::lazy_view::lazy_view(|| Box::pin(load()), view.into())
        }
    };
}
pub(crate) use lazy_component;

/// How far loading a part has come.
#[derive(Clone, Copy, PartialEq)]
enum LoadState {
    Loading,
    Loaded,
    Failed,
}

impl From<Result<(), LoadError>> for LoadState {
    fn from(loaded: Result<(), LoadError>) -> Self {
        match loaded {
            Ok(()) => Self::Loaded,
            Err(_) => Self::Failed,
        }
    }
}

/// Draws `view` once `load` has loaded its code. For [`lazy_component`]. The view is drawn within the page, where
/// it finds the context, and not in the task that loads.
pub(crate) fn lazy_view(load: Load, view: ViewFn) -> impl IntoView {
    let state = RwSignal::new(LoadState::Loading);
    let begin = move || {
        let mut loading = load();
        // A part that is loaded already shows at once, without the note.
        if let Some(loaded) = (&mut loading).now_or_never() {
            return state.set_if_changed(loaded.into());
        }
        state.set_if_changed(LoadState::Loading);
        leptos::task::spawn_local(async move { state.set_if_changed(loading.await.into()) });
    };
    begin();
    let retry = Callback::new(move |()| begin());
    move || match state.get() {
        LoadState::Loading => {
            view! { <p class="absent part-waiting" role="status">"Loading…"</p> }.into_any()
        }
        LoadState::Loaded => view.run(),
        LoadState::Failed => {
            view! { <ErrorBox message=load_error_message() retry=Some(retry) /> }.into_any()
        }
    }
}

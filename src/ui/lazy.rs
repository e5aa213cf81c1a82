//! Lazy loading: functions and components whose code is loaded on first use.
//!
//! Each of them names the part of the page that its code is in. In a release build, `scripts/split-wasm.mjs` takes
//! whatever only the functions of a part need out of the page's wasm and into a file for the part. A development
//! build is left whole: there they are functions like any others.
//!
//! This file has what the macros need and imports none of the rooms, so that every room can declare its own lazy
//! functions beside what they load. [`lazy_component`](super::widgets::lazy_view) draws with them.

use futures::FutureExt;
use leptos::prelude::*;

use crate::api::error::ApiError;
use crate::api::transport::LocalFuture;
use crate::model::explain::{Doing, ErrorMessage, error_message};

/// The error when the file of a part cannot be loaded. The next call tries again.
pub(crate) use wasm_split_helpers::SplitLoaderError as LoadError;

/// Loads the file of a part, without running anything of it.
pub(crate) type Load = fn() -> LocalFuture<'static, Result<(), LoadError>>;

/// Declares an async function whose code is in a part of the page: it loads the file of the part, runs, and returns
/// the result, or a [`LoadError`]. `preload` names a second function, which only loads the file.
///
/// ```ignore
/// lazy_fn! {
///     part: extras, preload: load_greeting;
///     /// Greets a user.
///     pub(crate) async fn greet(name: String) -> String {
///         format!("Hello, {name}")
///     }
/// }
/// ```
macro_rules! lazy_fn {
    (
        part: $part:ident $(, preload: $preload:ident)?;
        $(#[$attribute:meta])*
        $vis:vis async fn $name:ident($($arg:ident: $type:ty),* $(,)?) -> $output:ty $body:block
    ) => {
        // A split function crosses the border between two wasm files, which a generic future cannot: it is boxed.
        $(#[$attribute])*
        #[cfg(not(debug_assertions))]
        #[::wasm_split_helpers::wasm_split(
            $part,
            fallible,
            $(preload($preload),)?
            return_wrapper(
                let future = _;
                { Ok(future?.await) }
                -> Result<$output, $crate::ui::lazy::LoadError>
            )
        )]
        $vis fn $name(
            $($arg: $type),*
        ) -> Result<$crate::api::transport::LocalFuture<'static, $output>, $crate::ui::lazy::LoadError> {
            Ok(Box::pin(async move $body))
        }

        $(#[$attribute])*
        #[cfg(debug_assertions)]
        $vis async fn $name($($arg: $type),*) -> Result<$output, $crate::ui::lazy::LoadError> {
            Ok($body)
        }

        $(
            #[cfg(debug_assertions)]
            $vis async fn $preload() -> Result<(), $crate::ui::lazy::LoadError> {
                Ok(())
            }
        )?
    };
}
pub(crate) use lazy_fn;

/// Returns the view of a lazy function whose part is loaded: it is drawn at once, and so within the caller's owner.
pub(crate) fn loaded_view(view: impl Future<Output = Result<AnyView, LoadError>>) -> AnyView {
    match view.now_or_never() {
        Some(Ok(view)) => view,
        _ => ().into_any(),
    }
}

/// Says that a part cannot be loaded.
pub(crate) fn load_error_message() -> ErrorMessage {
    let error = ApiError::Part("its file could not be loaded".to_owned());
    error_message(&error, Doing::Loading, false)
}

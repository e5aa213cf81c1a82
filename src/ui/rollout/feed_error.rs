//! The error of a feed.

use leptos::prelude::*;

use super::feed::Feed;
use crate::api::error::ApiError;
use crate::model::explain::{Doing, error_message};
use crate::ui::session::use_session;
use crate::ui::widgets::error_box::ErrorBox;

/// The error of the last read of a rollout's runs, if it failed, with a button that reads them again.
#[component]
pub(super) fn FeedError(feed: Feed) -> impl IntoView {
    let session = use_session();
    let retry = Callback::new(move |()| feed.refresh());
    let is_empty = Memo::new(move |_| feed.set.read().runs.is_empty());
    move || {
        let is_empty = is_empty.get();
        // The API lists no runs of a rollout that does not exist, rather than refuse the request.
        let is_nowhere = |error: &ApiError| is_empty && error.is_not_found();
        let error = feed
            .error
            .get()
            .or_else(|| feed.rollout_error.get().filter(is_nowhere))?;
        let doing = match (feed.loaded.get(), is_empty) {
            (true, _) => Doing::Refreshing,
            (false, true) => Doing::Loading,
            (false, false) => Doing::LoadingRest,
        };
        let message = error_message(&error, doing, session.signed_in());
        Some(view! { <ErrorBox message retry=Some(retry) /> })
    }
}

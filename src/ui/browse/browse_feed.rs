//! A list of resources as far as it was read: page by page, some pages at a time.

use leptos::prelude::*;

use crate::api::client::PageTokens;
use crate::api::error::{ApiError, RefusalKind};
use crate::api::source::{Collection, ListQuery};
use crate::model::browse::{BrowseRow, rows, sorted};
use crate::ui::dom::scoped_task::scoped_task;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::shown_address;
use crate::ui::session::use_session;

/// A fifth of what the API gives at most: a release has a copy of its pipeline and targets in it,
/// and the first page should be there soon.
const PAGE: u32 = 200;
/// How many pages are read until the user asks for more.
const PAGES: u32 = 5;

/// What was read of a list so far.
#[derive(Clone, Copy)]
pub(crate) struct Listing {
    pub rows: Signal<Vec<BrowseRow>>,
    pub state: Signal<ListingState>,
    /// Why reading stopped.
    pub error: Signal<Option<ApiError>>,
    /// Locations that the server could not reach.
    pub unreachable: Signal<Vec<String>>,
    ask: Signal<Ask>,
    set_ask: WriteSignal<Ask>,
}

/// How reading goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListingState {
    Reading,
    /// There is more, and nobody reads it now.
    Stopped,
    /// All of it was read.
    Over,
}

/// Whether to read; each number is an order of its own.
#[derive(Clone, Copy, PartialEq)]
struct Ask {
    number: u32,
    reads: bool,
}

impl Listing {
    /// Reads on where reading stopped, or all of it again.
    pub(crate) fn read_on(self) {
        self.ask(true);
    }

    /// Reads no further, and gives up the page that is being read.
    pub(crate) fn stop(self) {
        self.ask(false);
    }

    fn ask(self, reads: bool) {
        let number = self.ask.read_untracked().number + 1;
        self.set_ask.set_if_changed(Ask { number, reads });
    }
}

/// Reads a list until the owner is cleaned up, which also aborts a request that is under way.
pub(crate) fn listing(collection: Collection) -> Listing {
    let session = use_session();
    let (rows_read, set_rows) = signal(Vec::new());
    let (state, set_state) = signal(ListingState::Reading);
    let (error, set_error) = signal(None);
    let (unreachable, set_unreachable) = signal(Vec::<String>::new());
    let (ask, set_ask) = signal(Ask { number: 0, reads: true });
    // The token of the page to read next; empty for the first.
    let (next, set_next) = signal(String::new());
    let tokens = StoredValue::new(PageTokens::default());
    let source = StoredValue::new_local(session.source(&shown_address()));
    let collection = StoredValue::new_local(collection);
    // A list that was read stays when the token changes: one that could not be read is tried again.
    session.on_new_token(move || {
        if error.read_untracked().is_some() {
            set_ask.set_if_changed(Ask { number: ask.get_untracked().number + 1, reads: true });
        }
    });
    scoped_task(move || {
        if !ask.read().reads {
            set_state.set_if_changed(ListingState::Stopped);
            return None;
        }
        set_state.set_if_changed(ListingState::Reading);
        set_error.set_if_changed(None);
        let (source, collection) = (source.get_value(), collection.get_value());
        Some(Box::pin(async move {
            let query = ListQuery { page_size: PAGE, ..ListQuery::default() };
            for _ in 0..PAGES {
                let token = next.get_untracked();
                let is_first = token.is_empty();
                match source.list(&collection, &query, &token).await {
                    Ok(page) => {
                        let mut seen = if is_first { PageTokens::default() } else { tokens.get_value() };
                        let following = seen.take(page.next_page_token);
                        tokens.set_value(seen);
                        let mut found = if is_first { Vec::new() } else { rows_read.get_untracked() };
                        found.extend(rows(&collection, &page.raw));
                        set_rows.set_if_changed(sorted(found));
                        let mut locations = if is_first { Vec::new() } else { unreachable.get_untracked() };
                        locations.extend(page.unreachable);
                        locations.dedup();
                        set_unreachable.set_if_changed(locations);
                        set_next.set_if_changed(following.as_deref().unwrap_or_default().to_owned());
                        match following {
                            Ok(token) if token.is_empty() => {
                                return set_state.set_if_changed(ListingState::Over);
                            }
                            Ok(_) => {}
                            Err(loops) => {
                                set_error.set_if_changed(Some(loops));
                                break;
                            }
                        }
                    }
                    Err(problem) => {
                        // A token that has become too old is not accepted ever again.
                        if problem.refusal().is_some_and(|r| r.kind == RefusalKind::InvalidRequest) {
                            set_next.set_if_changed(String::new());
                        }
                        set_error.set_if_changed(Some(problem));
                        break;
                    }
                }
            }
            set_state.set_if_changed(ListingState::Stopped);
        }))
    });
    Listing {
        rows: rows_read.into(),
        state: state.into(),
        error: error.into(),
        unreachable: unreachable.into(),
        ask: ask.into(),
        set_ask,
    }
}

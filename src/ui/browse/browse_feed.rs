//! A list of resources as far as it was read: page by page, some pages at a time.

use std::rc::Rc;

use leptos::prelude::*;

use crate::api::client::PageTokens;
use crate::api::error::{ApiError, RefusalKind};
use crate::api::source::{Collection, Items, ListQuery, RunSource};
use crate::model::browse::{BrowseRow, rows, sorted};
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::dom::spawn::spawn_scoped;
use crate::ui::nav::link::shown_address;
use crate::ui::session::use_session;

/// A fifth of what the API gives at most: a release has a copy of its pipeline and targets in it,
/// and the first page should be there soon.
const PAGE: u32 = 200;
/// How many pages are read until the user asks for more.
const PAGES: u32 = 5;

/// What was read of a list so far. A copy refers to the same list.
#[derive(Clone, Copy)]
pub(crate) struct Listing {
    pub rows: RwSignal<Vec<BrowseRow>>,
    pub state: RwSignal<ListingState>,
    /// Why reading stopped.
    pub error: RwSignal<Option<ApiError>>,
    /// Locations that the server could not reach.
    pub unreachable: RwSignal<Vec<String>>,
    /// Whether to read; each time that it is set begins anew.
    reads: RwSignal<bool>,
    /// The token of the page to read next; empty for the first.
    next: StoredValue<String>,
    tokens: StoredValue<PageTokens>,
    collection: StoredValue<Collection>,
    source: StoredValue<Rc<dyn RunSource>, LocalStorage>,
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

impl Listing {
    /// Reads a list until the owner is cleaned up, which also aborts a request that is under way.
    pub(crate) fn read(collection: Collection) -> Self {
        let session = use_session();
        let listing = Self {
            rows: RwSignal::default(),
            state: RwSignal::new(ListingState::Reading),
            error: RwSignal::default(),
            unreachable: RwSignal::default(),
            reads: RwSignal::new(true),
            next: StoredValue::default(),
            tokens: StoredValue::default(),
            collection: StoredValue::new(collection),
            source: StoredValue::new_local(session.source(&shown_address())),
        };
        // A list that was read stays when the token changes: one that could not be read is tried again.
        session.on_new_token(move || {
            if listing.error.read_untracked().is_some() {
                listing.read_on();
            }
        });
        Effect::new(move |_| match listing.reads.get() {
            true => listing.begin(),
            false => listing.state.set_if_changed(ListingState::Stopped),
        });
        listing
    }

    /// Reads on where reading stopped, or all of it again.
    pub(crate) fn read_on(self) {
        self.reads.set(true);
    }

    /// Reads no further, and gives up the page that is being read.
    pub(crate) fn stop(self) {
        self.reads.set(false);
    }

    /// Begins to read some pages, until the owner is cleaned up.
    fn begin(self) {
        self.state.set_if_changed(ListingState::Reading);
        self.error.set_if_changed(None);
        spawn_scoped(async move {
            let state = self.read_pages().await.unwrap_or_else(|error| {
                self.error.set_if_changed(Some(error));
                ListingState::Stopped
            });
            self.state.set_if_changed(state);
        });
    }

    async fn read_pages(self) -> Result<ListingState, ApiError> {
        for _ in 0..PAGES {
            let is_last = self.read_page().await?;
            if is_last {
                return Ok(ListingState::Over);
            }
        }
        Ok(ListingState::Stopped)
    }

    /// Reads the next page; returns whether it is the last.
    async fn read_page(self) -> Result<bool, ApiError> {
        let query = ListQuery {
            page_size: PAGE,
            ..ListQuery::default()
        };
        let (source, collection) = (self.source.get_value(), self.collection.get_value());
        let token = self.next.get_value();
        let page = source.list(&collection, &query, &token).await;
        // A token that has become too old is not accepted ever again.
        let is_refused = |error: &ApiError| {
            error
                .refusal()
                .is_some_and(|r| r.kind == RefusalKind::InvalidRequest)
        };
        if page.as_ref().is_err_and(is_refused) {
            self.next.set_value(String::new());
        }
        self.take(page?, token.is_empty())
    }

    /// Adds a page to what was read; the first one takes its place. Returns whether it is the last.
    fn take(self, page: Items, is_first: bool) -> Result<bool, ApiError> {
        let (mut rows_read, mut unreachable, mut tokens) = match is_first {
            true => Default::default(),
            false => (
                self.rows.get_untracked(),
                self.unreachable.get_untracked(),
                self.tokens.get_value(),
            ),
        };
        rows_read.extend(
            self.collection
                .with_value(|collection| rows(collection, &page.raw)),
        );
        self.rows.set_if_changed(sorted(rows_read));
        unreachable.extend(page.unreachable);
        unreachable.dedup();
        self.unreachable.set_if_changed(unreachable);
        let next = tokens.take(page.next_page_token);
        self.tokens.set_value(tokens);
        // A list that would never end is read from its beginning next time.
        self.next
            .set_value(next.as_deref().unwrap_or_default().to_owned());
        Ok(next?.is_empty())
    }
}

//! A list of resources to choose from, which is read page by page and can be searched meanwhile.

use std::time::Duration;

use futures::FutureExt;
use futures::future::{Either, abortable, select};
use leptos::prelude::*;

use super::button::button;
use super::clock::{self, local_offset};
use super::dynamic::{dynamic, dynamic_option, text};
use super::el::{El, el};
use super::form::input_value;
use super::icon::{Shape, icon};
use super::live::{Live, effect, live, memo};
use super::place::{place, shown_place};
use super::rollout_state::rollout_state;
use super::session::use_session;
use super::trouble_box::trouble_box;
use crate::api::client::for_each_page_of;
use crate::api::error::ApiError;
use crate::api::source::{Collection, ListQuery};
use crate::model::browse::{Row, rows, sorted};
use crate::model::explain::{Doing, trouble};
use crate::model::ticks::{clock as clock_text, relative};

/// How many rows are drawn until somebody asks for more.
const FIRST: usize = 200;

/// What was read of a list so far.
#[derive(Clone, Copy)]
struct Reading {
    rows: Live<Vec<Row>>,
    /// Whether all of it was read, or nobody reads on.
    is_over: Live<bool>,
    error: Live<Option<ApiError>>,
    unreachable: Live<Vec<String>>,
}

pub fn browse_list(title: &'static str, collection: Collection) -> El {
    let (tries, set_tries) = live(0_u32);
    let (stopped, set_stopped) = live(false);
    let reading = read(collection, tries, stopped);
    let (search, set_search) = live(String::new());
    let (most, set_most) = live(FIRST);
    let found = memo(move || {
        let search = search.read();
        reading.rows.read().iter().filter(|row| row.has(&search)).cloned().collect::<Vec<Row>>()
    });
    let count = text(move || {
        let (found, all) = (found.read().len(), reading.rows.read().len());
        let so_far = if reading.is_over.get() { "" } else { " so far" };
        if found == all { format!("{all}{so_far}") } else { format!("{found} of {all}{so_far}") }
    });
    let head = el("div")
        .class("browse-head")
        .child(el("h2").text(title))
        .child(el("span").class("browse-count").attr("role", "status").text(count))
        .child(dynamic_option(move || {
            (!reading.is_over.get())
                .then(|| button("quiet", "Stop").on("click", move |_| set_stopped.set(true)))
        }))
        .child(
            el("input")
                .attr("type", "search")
                .class("browse-search")
                .attr("placeholder", "Search")
                .attr("aria-label", format!("Search in {title}"))
                .attr("spellcheck", "false")
                .attr("autocomplete", "off")
                .value(search)
                .on("input", move |event| {
                    set_most.set(FIRST);
                    set_search.set(input_value(&event));
                }),
        );
    let retry = Callback::new(move |()| set_tries.set(tries.get_untracked() + 1));
    let session = use_session();
    let trouble = dynamic_option(move || {
        let error = reading.error.get()?;
        let doing = if reading.rows.read().is_empty() { Doing::Loading } else { Doing::LoadingRest };
        Some(trouble_box(trouble(&error, doing, session.signed_in()), Some(retry)))
    });
    let unreachable = dynamic_option(move || {
        let places = reading.unreachable.read();
        (!places.is_empty()).then(|| {
            el("p")
                .class("notice is-warning")
                .child(icon(Shape::Warning))
                .text(format!("The list is not whole: the server could not reach {}.", places.join(", ")))
        })
    });
    let table = dynamic(move || {
        let found = found.read();
        let drawn = found.iter().take(most.get()).map(row_view);
        let empty = match (found.is_empty(), reading.is_over.get(), reading.error.read().is_some()) {
            (true, true, false) if reading.rows.read().is_empty() => "There is nothing here.",
            (true, true, false) => "Nothing matches the search.",
            (true, false, _) => "Reading…",
            _ => "",
        };
        let more = found.len().saturating_sub(most.get());
        let more = (more > 0).then(|| {
            button("", format!("Show {} more", more.min(FIRST * 5)))
                .on("click", move |_| set_most.set(most.get_untracked() + FIRST * 5))
        });
        (
            el("ul").class("browse-rows").children(drawn),
            (!empty.is_empty()).then(|| el("p").class("absent").text(empty)),
            more,
        )
            .into_any()
    });
    el("section")
        .class("browse-list")
        .attr("aria-label", title)
        .child(head)
        .child(trouble)
        .child(unreachable)
        .child(table)
}

fn row_view(row: &Row) -> El {
    let id = match &row.to {
        Some(to) => place(to.clone()).class("browse-id").text(row.id.clone()),
        None => el("span").class("browse-id is-wrong").text(row.id.clone()),
    };
    let created = row.created.map(|time| {
        el("time").attr("title", clock_text(time, local_offset(time))).text(relative(time, clock::now()))
    });
    el("li")
        .class("browse-row")
        .child(id)
        .maybe(row.state.as_ref().map(rollout_state))
        .child(el("span").class("browse-details").text(row.details.clone()))
        .maybe(created)
}

/// Reads the list, again at each try, until it is stopped or the page is left.
fn read(collection: Collection, tries: Live<u32>, stopped: Live<bool>) -> Reading {
    let session = use_session();
    let (all, set_rows) = live(Vec::new());
    let (is_over, set_over) = live(false);
    let (error, set_error) = live(None);
    let (unreachable, set_unreachable) = live(Vec::new());
    let source = StoredValue::new_local(session.source(&shown_place()));
    effect(move || {
        tries.read();
        session.token_changes();
        set_over.set(false);
        set_error.set(None);
        let (source, collection) = (source.get_value(), collection.clone());
        let reader = async move {
            let query = ListQuery { page_size: 1000, ..ListQuery::default() };
            let mut found: Vec<Row> = Vec::new();
            let mut on_page = |raw: Vec<Box<str>>| {
                found.extend(rows(&collection, &raw));
                found = sorted(std::mem::take(&mut found));
                set_rows.set(found.clone());
            };
            let reads = for_each_page_of(&*source, &collection, &query, &mut on_page);
            let stop = async {
                while !stopped.get_untracked() {
                    gloo_timers::future::sleep(Duration::from_millis(100)).await;
                }
            };
            match select(Box::pin(reads), Box::pin(stop)).await {
                Either::Left((Ok(places), _)) => set_unreachable.set(places),
                Either::Left((Err(problem), _)) => set_error.set(Some(problem)),
                Either::Right(_) => {}
            }
            set_over.set(true);
        };
        let (reader, abort) = abortable(reader);
        leptos::task::spawn_local(reader.map(drop));
        on_cleanup(move || abort.abort());
    });
    Reading { rows: all, is_over, error, unreachable }
}

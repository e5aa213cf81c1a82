//! What is chosen of a history, and how it is shown: all of it is in the address.

use js_sys::{Array, Function, Reflect};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Event, HtmlSelectElement};

use super::history_worker::HistoryWorker;
use crate::api::http::percent_encode;
use crate::model::history::view::{Group, Sort};
use crate::ui::dom::dynamic::{dynamic, text};
use crate::ui::dom::el::{El, el};
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::{use_address, use_navigate};
use crate::ui::widgets::button::button;
use crate::ui::widgets::form::{form, input_value};

pub(crate) fn history_tools(worker: HistoryWorker) -> El {
    let groups: Vec<_> = Group::ALL.iter().map(|group| option(group.name(), group.name())).collect();
    let sorts: Vec<_> = Sort::ALL.iter().map(|sort| option(sort.name(), sort.label())).collect();
    let of = |setting: &'static str, any: &'static str| {
        let facets = worker.topic("facets");
        move || {
            let facets = facets.read();
            let (triples, _) = facets.as_chunks::<3>();
            let found = triples.iter().filter(|[known, ..]| known == setting);
            let options = found.map(|[_, value, label]| option(value, label));
            std::iter::once(option("", any)).chain(options).collect()
        }
    };
    el("div")
        .class("history-tools")
        .attr("role", "search")
        .attr("aria-label", "What the timeline shows")
        .child(choice("Group by", "group", move || groups.clone()))
        .child(choice("Order", "sort", move || sorts.clone()))
        .child(choice("State", "state", of("state", "any state")))
        .child(choice("Kind", "kind", of("kind", "any kind")))
        .child(choice("Failure", "cause", of("cause", "any cause")))
        .child(field("Text", "q", "search", "id, image, message"))
        .child(clear())
        .child(more())
}

/// What is seldom needed.
fn more() -> El {
    let (is_open, _) = signal(false);
    let choices = el("div")
        .class("history-tools")
        .child(field("At least", "min", "number", "seconds"))
        .child(field("At most", "max", "number", "seconds"))
        .child(choice("Idle time", "idle", || {
            vec![option("", "as fits"), option("cut", "cut short"), option("keep", "to scale")]
        }))
        .child(choice("Axis", "axis", || vec![option("", "time of day"), option("start", "from the start")]))
        .child(choice("Zone", "tz", || {
            let known = [option("", "this computer's"), option("utc", "UTC")];
            known.into_iter().chain(zones().iter().map(|zone| option(zone, zone))).collect()
        }));
    el("details").class("history-more").open(is_open.into()).child(el("summary").text("More")).child(choices)
}

type Choice = (String, String);

fn option(value: &str, label: &str) -> Choice {
    (value.to_owned(), label.to_owned())
}

/// The value that a setting of the address has now.
fn setting(name: &'static str) -> Signal<String> {
    let address = use_address();
    Memo::new(move |_| address.read().settings().get(name)).into()
}

/// What changes a setting.
fn setter(name: &'static str) -> impl Fn(&str) + Clone + 'static {
    let (go, address) = (use_navigate(), use_address());
    move |value: &str| {
        let change = [name, "=", &percent_encode(value)].concat();
        go(&address.get_untracked().with_settings(&change));
    }
}

fn choice(
    label: &'static str,
    name: &'static str,
    options: impl Fn() -> Vec<Choice> + Send + Sync + 'static,
) -> El {
    let (now, set) = (setting(name), setter(name));
    let options = Memo::new(move |_| options());
    let change = move |event: Event| {
        if let Some(select) = event.target() {
            set(&select.unchecked_into::<HtmlSelectElement>().value());
        }
    };
    let change = StoredValue::new_local(change);
    let select = dynamic(move || {
        let (options, now) = (options.read(), now.get());
        // What the address asks for stays to be seen, even when no run has it.
        let unknown = (options.iter().all(|(value, _)| *value != now))
            .then(|| el("option").attr("value", now.clone()).flag("selected", true).text(now.clone()));
        let first = options.first().map(|(value, _)| value.clone()).unwrap_or_default();
        let unknown = unknown.filter(|_| !now.is_empty() || first.is_empty());
        let (value, _) = signal(if now.is_empty() { first } else { now });
        el("select")
            .attr("name", name)
            .on("change", move |event| change.with_value(|change| change(event)))
            .children(
                options
                    .iter()
                    .map(|(value, label)| el("option").attr("value", value.clone()).text(label.clone())),
            )
            .maybe(unknown)
            .value(value.into())
    });
    el("label").class("history-choice").child(el("span").text(label)).child(select)
}

fn field(label: &'static str, name: &'static str, kind: &'static str, hint: &'static str) -> El {
    let (now, set) = (setting(name), setter(name));
    let (typed, set_typed) = signal(String::new());
    Effect::new(move |_| set_typed.set_if_changed(now.get()));
    let submit = move || set(typed.get_untracked().trim());
    let left = submit.clone();
    form(submit).child(
        el("label").class("history-choice").child(el("span").text(label)).child(
            el("input")
                .attr("type", kind)
                .attr("name", name)
                .attr("placeholder", hint)
                .attr("min", "0")
                .attr("autocomplete", "off")
                .value(typed.into())
                .on("input", move |event| set_typed.set(input_value(&event)))
                .on("change", move |_| left()),
        ),
    )
}

fn clear() -> AnyView {
    let (go, address) = (use_navigate(), use_address());
    const FILTERS: &str = "state=&kind=&cause=&q=&lane=&min=&max=";
    let is_filtered = Memo::new(move |_| {
        let settings = address.read().settings();
        settings.with(FILTERS) != settings
    });
    let label = text(move || match address.read().settings().get("lane") {
        lane if lane.is_empty() => "Clear filters".to_owned(),
        lane => format!("Clear filters ({lane})"),
    });
    dynamic(move || {
        let go = go.clone();
        let clear = move |_| go(&address.get_untracked().with_settings(FILTERS));
        is_filtered.get().then(|| button("quiet", label).on("click", clear))
    })
}

/// The time zones that the browser knows; a few common ones if it does not list them.
fn zones() -> Vec<String> {
    let supported = || {
        let intl = Reflect::get(&window(), &"Intl".into()).ok()?;
        let supported_values_of =
            Reflect::get(&intl, &"supportedValuesOf".into()).ok()?.dyn_into::<Function>().ok()?;
        let zones: Array = supported_values_of.call1(&intl, &"timeZone".into()).ok()?.dyn_into().ok()?;
        Some(zones.iter().filter_map(|zone| zone.as_string()).collect())
    };
    supported()
        .unwrap_or_else(|| ["Europe/Berlin", "Asia/Kolkata", "America/New_York"].map(str::to_owned).to_vec())
}

//! What is chosen of a history, and how it is shown: all of it is in the address.

use js_sys::Array;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::api::http::percent_encode;
use crate::core::text::clip;
use crate::model::history::view::{Group, Sort};
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::{use_address, use_navigate};
use crate::workers::history::protocol::{Facet, Facets};

/// The settings of the address that filter.
const FILTERS: &str = "state=&kind=&cause=&q=&lane=&min=&max=";

/// Shows the filters, and how the runs are grouped and ordered.
#[component]
pub(super) fn HistoryTools(facets: RwSignal<Facets>) -> impl IntoView {
    let groups = Group::ALL
        .iter()
        .map(|group| option(group.name(), group.name()))
        .collect();
    let sorts = Sort::ALL
        .iter()
        .map(|sort| option(sort.name(), sort.label()))
        .collect();
    let states = Memo::new(move |_| filter_options("any state", &facets.read().states));
    let kinds = Memo::new(move |_| filter_options("any kind", &facets.read().kinds));
    let causes = Memo::new(move |_| filter_options("any cause", &facets.read().causes));
    view! {
        <div class="history-tools" role="search" aria-label="What the timeline shows">
            <Choice label="Group by" name="group" options=Signal::stored(groups) />
            <Choice label="Order" name="sort" options=Signal::stored(sorts) />
            <Choice label="State" name="state" options=states />
            <Choice label="Kind" name="kind" options=kinds />
            <Choice label="Failure" name="cause" options=causes />
            <Field label="Text" name="q" kind="search" hint="id, image, message" />
            <ClearFilters />
            <MoreTools />
        </div>
    }
}

/// Shows what is seldom needed.
#[component]
fn MoreTools() -> impl IntoView {
    let idle = vec![
        option("", "as fits"),
        option("cut", "cut short"),
        option("keep", "to scale"),
    ];
    let axis = vec![option("", "time of day"), option("start", "from the start")];
    let mut known_zones = vec![option("", "this computer's"), option("utc", "UTC")];
    known_zones.extend(zones().iter().map(|zone| option(zone, zone)));
    view! {
        <details class="history-more">
            <summary>"More"</summary>
            <div class="history-tools">
                <Field label="At least" name="min" kind="number" hint="seconds" />
                <Field label="At most" name="max" kind="number" hint="seconds" />
                <Choice label="Idle time" name="idle" options=Signal::stored(idle) />
                <Choice label="Axis" name="axis" options=Signal::stored(axis) />
                <Choice label="Zone" name="tz" options=Signal::stored(known_zones) />
            </div>
        </details>
    }
}

fn option(value: &str, label: &str) -> Facet {
    Facet {
        value: value.to_owned(),
        label: label.to_owned(),
    }
}

/// The values to filter by, after the one that filters nothing out.
fn filter_options(any: &str, facets: &[Facet]) -> Vec<Facet> {
    std::iter::once(option("", any))
        .chain(facets.iter().cloned())
        .collect()
}

/// A setting of the address. Copies are of the same one.
#[derive(Clone, Copy)]
struct Setting {
    value: Memo<String>,
    change: Callback<String>,
}

/// Returns the setting of the address with a name.
fn use_setting(name: &'static str) -> Setting {
    let (go, address) = (use_navigate(), use_address());
    Setting {
        value: Memo::new(move |_| address.read().settings().get(name)),
        change: Callback::new(move |value: String| {
            let changes = format!("{name}={}", percent_encode(&value));
            go(&address.get_untracked().with_settings(&changes));
        }),
    }
}

/// Chooses the value of a setting. Without one, the first option is chosen.
#[component]
fn Choice(
    label: &'static str,
    name: &'static str,
    #[prop(into)] options: Signal<Vec<Facet>>,
) -> impl IntoView {
    let setting = use_setting(name);
    let shown = move || {
        let (mut options, value) = (options.get(), setting.value.get());
        // What the address asks for stays to be seen, even when no run has it.
        if !value.is_empty() && options.iter().all(|option| option.value != value) {
            options.push(option(&value, &value));
        }
        let is_chosen = |index: usize, option: &Facet| match value.is_empty() {
            true => index == 0,
            false => option.value == value,
        };
        let option = |(index, option): (usize, Facet)| {
            let is_chosen = is_chosen(index, &option);
            view! { <option value=option.value prop:selected=is_chosen>{clip(option.label)}</option> }
        };
        options.into_iter().enumerate().map(option).collect_view()
    };
    view! {
        <label class="history-choice">
            <span>{label}</span>
            <select name=name on:change=move |event| setting.change.run(event_target_value(&event))>{shown}</select>
        </label>
    }
}

/// Types the value of a setting, which changes with Enter or when the field is left.
#[component]
fn Field(
    label: &'static str,
    name: &'static str,
    kind: &'static str,
    hint: &'static str,
) -> impl IntoView {
    let setting = use_setting(name);
    let typed = RwSignal::new(String::new());
    Effect::new(move |_| typed.set_if_changed(setting.value.get()));
    let change = move || setting.change.run(typed.get_untracked().trim().to_owned());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        change();
    };
    view! {
        <form on:submit=submit>
            <label class="history-choice">
                <span>{label}</span>
                <input
                    type=kind
                    name=name
                    placeholder=hint
                    min="0"
                    autocomplete="off"
                    bind:value=typed
                    on:change=move |_| change()
                />
            </label>
        </form>
    }
}

/// Clears the filters, while there are any.
#[component]
fn ClearFilters() -> impl IntoView {
    let (go, address) = (use_navigate(), use_address());
    let is_filtered = Memo::new(move |_| {
        let settings = address.read().settings();
        settings.with(FILTERS) != settings
    });
    let label = move || match address.read().settings().get("lane") {
        lane if lane.is_empty() => "Clear filters".to_owned(),
        lane => clip(format!("Clear filters ({lane})")),
    };
    move || {
        let go = go.clone();
        let clear = move |_| go(&address.get_untracked().with_settings(FILTERS));
        is_filtered.get().then(|| {
            view! { <button type="button" class="button quiet" on:click=clear>{label}</button> }
        })
    }
}

#[wasm_bindgen]
extern "C" {
    /// js-sys has it too, but not for browsers that lack it.
    #[wasm_bindgen(js_namespace = Intl, js_name = supportedValuesOf, catch)]
    fn supported_values_of(key: &str) -> Result<Array, JsValue>;
}

/// The time zones that the browser knows; a few common ones if it does not list them.
fn zones() -> Vec<String> {
    match supported_values_of("timeZone") {
        Ok(zones) => zones.iter().filter_map(|zone| zone.as_string()).collect(),
        Err(_) => ["Europe/Berlin", "Asia/Kolkata", "America/New_York"]
            .map(str::to_owned)
            .to_vec(),
    }
}

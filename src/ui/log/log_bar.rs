//! What stands above the lines of a log: the search, the filters, and how lines are shown.

use std::time::Duration;

use js_sys::Reflect;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlAnchorElement, HtmlElement, KeyboardEvent};

use super::log_feed::LogFeed;
use super::log_lines::{LogLines, clock_of};
use crate::model::address::{Address, LogView, PageView};
use crate::ui::dom::dynamic::{dynamic_option, flag, text};
use crate::ui::dom::el::{El, Words, el};
use crate::ui::dom::scoped_task::scoped_task;
use crate::ui::dom::signals::SetIfChanged;
use crate::ui::nav::link::{use_address, use_replace};
use crate::ui::widgets::button::button;
use crate::ui::widgets::copy_button::write;
use crate::ui::widgets::drawn_view::drawn_view;
use crate::ui::widgets::form::input_value;

/// Debounce: the search starts so long after the last key.
const TYPING: Duration = Duration::from_millis(120);

type Go = Box<dyn Fn(&Address)>;

/// Changes how the log is read, by the address.
#[derive(Clone, Copy)]
struct Change(StoredValue<Go, LocalStorage>, Signal<Address>);

impl Change {
    fn view(self, change: impl FnOnce(&mut PageView)) {
        self.0.with_value(|go| go(&self.1.get_untracked().with(change)));
    }

    fn log(self, change: impl FnOnce(&mut LogView)) {
        self.view(|view| change(&mut view.log));
    }

    fn is(self, option: char) -> Signal<bool> {
        Memo::new(move |_| self.1.read().view().log.has(option)).into()
    }
}

/// The bar; `file` is what the log is saved as.
pub(crate) fn log_bar(feed: LogFeed, lines: LogLines, file: String) -> El {
    let address = use_address();
    let change = Change(StoredValue::new_local(Box::new(use_replace())), address);
    el("div")
        .class("log-bar")
        .child(search(feed, lines, change))
        .child(filters(feed, change))
        .child(tools(feed, lines, change, file))
}

/// A button that turns an option on and off.
fn toggle(label: impl Words, title: &'static str, is_on: Signal<bool>, turn: impl Fn() + 'static) -> El {
    button("quiet", label)
        .attr("title", title)
        .attr("aria-label", title)
        .attr("aria-pressed", text(move || is_on.get().to_string()))
        .on("click", move |_| turn())
}

fn option_toggle(change: Change, option: char, label: &'static str, title: &'static str) -> El {
    toggle(label, title, change.is(option), move || change.log(|log| log.toggle(option)))
}

fn search(feed: LogFeed, lines: LogLines, change: Change) -> El {
    let query = Memo::new(move |_| change.1.read().view().log.query);
    let (typed, set_typed) = signal(query.get_untracked());
    Effect::new(move |_| set_typed.set_if_changed(query.get()));
    scoped_task(move || {
        let typed = typed.get();
        (typed != query.get_untracked()).then(|| {
            Box::pin(async move {
                gloo_timers::future::sleep(TYPING).await;
                change.log(|log| log.query = typed);
            }) as crate::api::transport::LocalFuture<'static, ()>
        })
    });
    let step = move |forward: bool| step(feed, lines, forward);
    let input = el("input")
        .attr("type", "search")
        .attr("class", "log-query")
        .attr("aria-label", "Look for a text in the log")
        .attr("placeholder", "Find…")
        .attr("spellcheck", "false")
        .attr("autocomplete", "off")
        .flag("aria-invalid", flag(move || feed.report.read().search == "wrong"))
        .value(typed.into())
        .on("input", move |event| set_typed.set(input_value(&event)))
        .on("keydown", move |event| match event.unchecked_ref::<KeyboardEvent>().key().as_str() {
            "Enter" => step(!event.unchecked_ref::<KeyboardEvent>().shift_key()),
            "Escape" => {
                event.prevent_default();
                event.stop_propagation();
                lines.focus();
            }
            _ => {}
        });
    let found = el("span")
        .class("log-found")
        .attr("role", "status")
        .text(text(move || feed.report.read().found.clone()));
    let has_query = Memo::new(move |_| !query.read().is_empty());
    el("div")
        .class("log-search")
        .attr("role", "search")
        .attr("aria-label", "In the log")
        .child(input)
        .child(option_toggle(change, 'c', "Aa", "Tell capital letters from small ones"))
        .child(option_toggle(change, 'r', ".*", "Look for a regular expression"))
        .child(dynamic_option(move || {
            has_query.get().then(|| {
                el("span")
                    .class("log-steps")
                    .child(
                        button("quiet", "↑")
                            .attr("aria-label", "The one before")
                            .on("click", move |_| step(false)),
                    )
                    .child(
                        button("quiet", "↓")
                            .attr("aria-label", "The next one")
                            .on("click", move |_| step(true)),
                    )
                    .child(option_toggle(
                        change,
                        'o',
                        "Only these",
                        "Only these: the lines in which something is found",
                    ))
            })
        }))
        .child(found)
}

/// Goes to the next line in which something was found, or to the one before.
pub(crate) fn step(feed: LogFeed, lines: LogLines, forward: bool) {
    leptos::task::spawn_local(async move {
        let answer = feed.send("next", &[if forward { "1" } else { "" }]).await;
        if let Some(line) = answer.and_then(|answer| answer.first()?.parse().ok()) {
            lines.set_follow(false);
            lines.show(line);
        }
    });
}

/// Whose lines are shown, which of them, and by which clock, as the worker has drawn it.
fn filters(feed: LogFeed, change: Change) -> El {
    let choices = Memo::new(move |_| feed.report.read().choices.clone());
    let chosen = Memo::new(move |_| {
        let view = change.1.read().view();
        let clock = clock_of(&view.log, view.utc).to_owned();
        [("from", view.log.from), ("level", view.log.level), ("clock", clock)]
    });
    let frame = StoredValue::new_local(None::<Element>);
    Effect::new(move |_| {
        choices.read();
        let chosen = chosen.get();
        // After what is drawn is there.
        request_animation_frame(move || {
            let Some(frame) = frame.try_get_value().flatten() else { return };
            for (of, value) in chosen {
                let select = frame.query_selector(&["[data-set=", of, "]"].concat());
                if let Ok(Some(select)) = select {
                    let _ = Reflect::set(&select, &"value".into(), &value.into());
                }
            }
        });
    });
    let choose = move |event: Event| {
        let of = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let of = of.and_then(|select| select.get_attribute("data-set")).unwrap_or_default();
        let value = input_value(&event);
        change.view(|view| match of.as_str() {
            "from" => view.log.from = value,
            "level" => view.log.level = value,
            _ => {
                if view.log.has('t') != (value == "relative") {
                    view.log.toggle('t');
                }
                if value != "relative" {
                    view.utc = value == "utc";
                }
            }
        });
    };
    el("div")
        .class("log-choices")
        .made(move |element| frame.set_value(Some(element.clone())))
        .on("change", choose)
        .child(dynamic_option(move || drawn_view(&choices.read())))
}

fn tools(feed: LogFeed, lines: LogLines, change: Change, file: String) -> El {
    let is_reading = Memo::new(move |_| feed.report.read().phase == "reading");
    let follow = lines.follow();
    let (copied, set_copied) = signal(String::new());
    let copy = move |_| {
        let view = change.1.get_untracked().view();
        let (a, b) = view.log.picked.unwrap_or((1, feed.report.read_untracked().lines));
        let clock = clock_of(&view.log, view.utc);
        leptos::task::spawn_local(async move {
            let answer = feed.send("copy", &[&a.to_string(), &b.to_string(), clock]).await;
            let Some(text) = answer.map(|answer| answer.concat()) else { return };
            set_copied.set(write(&text).await.to_owned());
            gloo_timers::future::sleep(Duration::from_secs(2)).await;
            set_copied.set(String::new());
        });
    };
    let save = move |_| {
        let file = file.clone();
        leptos::task::spawn_local(async move {
            let Some(url) = feed.send("save", &[]).await.and_then(|answer| answer.into_iter().next()) else {
                return;
            };
            let Ok(link) = document().create_element("a") else { return };
            let link: HtmlAnchorElement = link.unchecked_into();
            link.set_href(&url);
            link.set_download(&file);
            link.click();
        });
    };
    // Two lines, once they have come.
    let picked = Memo::new(move |_| {
        let two = change.1.read().view().log.picked.filter(|(a, b)| a != b)?;
        (feed.report.read().lines >= two.0.max(two.1)).then_some(two)
    });
    let (between, set_between) = signal(String::new());
    scoped_task(move || {
        let two = picked.get();
        set_between.set(String::new());
        let (a, b) = two?;
        Some(Box::pin(async move {
            if let Some(message) = feed.send("between", &[&a.to_string(), &b.to_string()]).await {
                set_between.set(message.concat());
            }
        }))
    });
    let progress = dynamic_option(move || {
        let report = feed.report.read();
        (report.phase == "reading").then(|| {
            let bar = el("progress").attr("max", "1000").attr("aria-label", "How much was read");
            match report.progress.clone() {
                unknown if unknown.is_empty() => bar,
                known => bar.attr("value", known),
            }
        })
    });
    el("div")
        .class("log-tools")
        .child(
            el("span")
                .class("log-said")
                .child(progress)
                .child(el("span").text(text(move || feed.report.read().said.clone()))),
        )
        .child(dynamic_option(move || {
            is_reading.get().then(|| button("quiet", "Cancel").on("click", move |_| feed.stop()))
        }))
        .child(el("span").class("log-between").attr("role", "status").text(between))
        .child(el("span").class("top-bar-gap"))
        .child(option_toggle(change, 'w', "Wrap", "Wrap long lines"))
        .child(toggle("Follow", "Follow: keep the end in sight", follow.into(), move || {
            lines.set_follow(!follow.get_untracked());
        }))
        .child(
            button(
                "quiet",
                text(move || match copied.get() {
                    message if message.is_empty() => "Copy".to_owned(),
                    message => message,
                }),
            )
            .attr("title", "Copy the picked lines, or all that are shown")
            .on("click", copy),
        )
        .child(button("quiet", "Download").on("click", save))
}

/// Gives the field of the search the focus, in an element.
pub(crate) fn focus_search(within: &HtmlElement) {
    let field = within.query_selector(".log-query").ok().flatten();
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok()) {
        let _ = field.focus();
        field.select();
    }
}

//! The canvas of a history: passes on what a person does there.

use leptos::prelude::*;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, Event, HtmlCanvasElement, HtmlElement, KeyboardEvent, MouseEvent, PointerEvent, ResizeObserver,
    WheelEvent,
};

use super::history_worker::HistoryWorker;
use crate::ui::dom::dynamic::{dynamic_option, flag, text};
use crate::ui::dom::el::{El, el};
use crate::ui::nav::link::use_address;
use crate::ui::widgets::drawn_view::drawn_view;
use crate::workers::history::scene::COLORS;

/// The keys that mean something on the canvas; what they mean is the worker's to say.
const KEYS: [&str; 32] = [
    "w",
    "W",
    "a",
    "A",
    "s",
    "S",
    "d",
    "D",
    "+",
    "=",
    "-",
    "f",
    "F",
    "z",
    "Z",
    "n",
    "N",
    "[",
    "]",
    "ArrowLeft",
    "ArrowRight",
    "ArrowUp",
    "ArrowDown",
    "PageUp",
    "PageDown",
    "Home",
    "End",
    "Escape",
    ",",
    ".",
    "<",
    ">",
];

/// The canvas, with the tip of what is under the pointer.
pub(crate) fn history_canvas(worker: HistoryWorker) -> El {
    let address = use_address();
    let (is_drawn, set_drawn) = signal(true);
    Effect::new(move |_| worker.send("show", &[address.read().settings().0.into()]));
    let pointer = move |touch: &'static str| {
        move |event: Event| {
            let event: &PointerEvent = event.unchecked_ref();
            let canvas: HtmlElement =
                event.current_target().expect("a listener has a current target").unchecked_into();
            if touch == "down" {
                if event.button() != 0 {
                    return;
                }
                let _ = canvas.set_pointer_capture(event.pointer_id());
            }
            let (x, y) = position_in(&canvas, event);
            let id = event.pointer_id().into();
            worker.send("pointer", &[touch.into(), id, x.into(), y.into(), event.shift_key().into()]);
        }
    };
    let canvas = el("canvas")
        .class("history-canvas")
        .attr("tabindex", "0")
        .attr("role", "application")
        .attr("aria-label", "Timeline of the job runs. The table below has the same runs.")
        .attr("aria-keyshortcuts", "W A S D F Z N")
        .flag("hidden", flag(move || !is_drawn.get()))
        .made(move |canvas| begin(worker, canvas, set_drawn))
        .on("pointerdown", pointer("down"))
        .on("pointermove", pointer("move"))
        .on("pointerup", pointer("up"))
        .on("pointercancel", pointer("gone"))
        .on("pointerleave", pointer("gone"))
        .on("dblclick", pointer("twice"))
        .on("wheel", move |event| {
            // Or the page would scroll, and with Control zoom.
            event.prevent_default();
            let event: &WheelEvent = event.unchecked_ref();
            let canvas: HtmlElement =
                event.current_target().expect("a listener has a current target").unchecked_into();
            let (x, _) = position_in(&canvas, event);
            // Lines and pages, as some mice count, in pixels.
            let unit = match event.delta_mode() {
                WheelEvent::DOM_DELTA_LINE => 18.0,
                WheelEvent::DOM_DELTA_PAGE => 400.0,
                _ => 1.0,
            };
            let control = event.ctrl_key() || event.meta_key();
            worker.send(
                "wheel",
                &[
                    x.into(),
                    (event.delta_x() * unit).into(),
                    (event.delta_y() * unit).into(),
                    event.shift_key().into(),
                    control.into(),
                ],
            );
        })
        .on("keydown", move |event| {
            let key: &KeyboardEvent = event.unchecked_ref();
            let is_plain = !key.ctrl_key() && !key.meta_key() && !key.alt_key();
            if is_plain && KEYS.contains(&key.key().as_str()) {
                event.prevent_default();
                worker.send("key", &[key.key().into()]);
            }
        });
    let tip = worker.topic("tip");
    let tip = dynamic_option(move || {
        let tip = tip.read();
        let drawn = drawn_view(tip.first()?)?;
        let at = |index: usize| tip.get(index).cloned().unwrap_or_default();
        let style = format!("--x:{}px;--y:{}px", at(1), at(2));
        Some(el("div").class("history-tip").attr("style", style).attr("aria-hidden", "true").child(drawn))
    });
    let counts = worker.topic("counts");
    let status = text(move || counts.read().last().cloned().unwrap_or_default());
    let instead = dynamic_option(move || {
        let why = "This browser cannot draw the timeline: it has no OffscreenCanvas. The table below has the \
                   same runs. A current Chrome, Edge, Firefox or Safari draws it.";
        (!is_drawn.get()).then(|| el("p").class("notice is-warning").attr("role", "status").text(why))
    });
    el("div").class("history-stage").attr("data-said", status).child(canvas).child(tip).child(instead)
}

/// Where an event is in an element, in CSS pixels.
fn position_in(element: &HtmlElement, event: &MouseEvent) -> (f64, f64) {
    let rect = element.get_bounding_client_rect();
    (f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top())
}

/// Transfers the canvas to the worker, and sends it sizes and colours.
fn begin(worker: HistoryWorker, element: &Element, drawn: WriteSignal<bool>) {
    let canvas: HtmlCanvasElement = element.clone().unchecked_into();
    let Ok(offscreen) = canvas.transfer_control_to_offscreen() else { return drawn.set(false) };
    worker.transfer("canvas", &offscreen);
    let sized = canvas.clone();
    let size = Closure::<dyn FnMut()>::new(move || {
        let (width, height) = (sized.client_width(), sized.client_height());
        let ratio = window().device_pixel_ratio();
        worker.send("size", &[width.into(), height.into(), ratio.into()]);
    });
    if let Ok(observer) = ResizeObserver::new(size.as_ref().unchecked_ref()) {
        observer.observe(&canvas);
        let observer = StoredValue::new_local((observer, size));
        on_cleanup(move || {
            observer.try_with_value(|(observer, _)| observer.disconnect());
        });
    }
    let probe = element.clone();
    let colors = move || worker.send("colors", &colors(&probe));
    // Once the element is in the page, and has its style.
    request_animation_frame({
        let colors = colors.clone();
        move || colors()
    });
    if let Ok(Some(scheme)) = window().match_media("(prefers-color-scheme: dark)") {
        let changed = Closure::<dyn FnMut()>::new(colors);
        let _ = scheme.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
        let listener = StoredValue::new_local((scheme, changed));
        on_cleanup(move || {
            listener.try_with_value(|(scheme, changed)| {
                let _ =
                    scheme.remove_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
            });
        });
    }
}

/// The colours of the style sheet as they are now, light or dark: a canvas knows no variables.
fn colors(canvas: &Element) -> Vec<JsValue> {
    let canvas: &HtmlElement = canvas.unchecked_ref();
    let before = canvas.get_attribute("style").unwrap_or_default();
    let colors = COLORS.iter().map(|name| {
        let _ = canvas.set_attribute("style", &["color:var(", name, ")"].concat());
        let style = window().get_computed_style(canvas).ok().flatten();
        style.and_then(|style| style.get_property_value("color").ok()).unwrap_or_default().into()
    });
    let colors = colors.collect();
    let _ = canvas.set_attribute("style", &before);
    colors
}

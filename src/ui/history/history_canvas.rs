//! The canvas of a history: passes on what the user does there.

use leptos::ev;
use leptos::html::Canvas;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use send_wrapper::SendWrapper;
use web_sys::{HtmlCanvasElement, HtmlElement, MouseEvent, ResizeObserver};

use super::history_tip::HistoryTip;
use super::history_worker::HistoryWorker;
use crate::core::text::clip;
use crate::ui::nav::link::use_address;
use crate::workers::history::protocol::{Cursor, Keys, Pointer, Request, Touch};
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

/// Shows the canvas that the worker paints, with the tip of what is under the pointer.
#[component]
pub(super) fn HistoryCanvas(worker: HistoryWorker) -> impl IntoView {
    let address = use_address();
    Effect::new(move |_| worker.send(&Request::Show(address.read().settings().0)));
    let stage = Stage {
        worker,
        canvas: NodeRef::new(),
    };
    let is_drawn = RwSignal::new(true);
    stage
        .canvas
        .on_load(move |canvas| is_drawn.set(stage.hand_over(&canvas)));
    let sentence = move || {
        worker
            .counts
            .read()
            .as_ref()
            .map(|counts| clip(&*counts.sentence))
            .unwrap_or_default()
    };
    let cursor = move || {
        worker
            .cursor
            .get()
            .map(|cursor| format!("cursor:{}", css(cursor)))
    };
    view! {
        <div class="history-stage" data-said=sentence>
            <canvas
                class="history-canvas"
                tabindex="0"
                role="application"
                aria-label="Timeline of the job runs. The table below has the same runs."
                aria-keyshortcuts="W A S D F Z N"
                hidden=move || !is_drawn.get()
                style=cursor
                node_ref=stage.canvas
                on:pointerdown=move |event| stage.press(&event)
                on:pointermove=move |event| stage.point(Touch::Move, event.pointer_id(), &event)
                on:pointerup=move |event| stage.point(Touch::Up, event.pointer_id(), &event)
                on:pointercancel=move |event| stage.point(Touch::Gone, event.pointer_id(), &event)
                on:pointerleave=move |event| stage.point(Touch::Gone, event.pointer_id(), &event)
                // It belongs to no pointer in particular.
                on:dblclick=move |event| stage.point(Touch::Twice, 0, &event)
                on:wheel=move |event| stage.wheel(&event)
                on:keydown=move |event| stage.key(&event)
            ></canvas>
            {move || worker.tip.get().map(|tip| view! { <HistoryTip tip /> })}
            <Show when=move || !is_drawn.get()>
                <p class="notice is-warning" role="status">
                    "This browser cannot draw the timeline: it has no OffscreenCanvas. The table below has the \
                     same runs. A current Chrome, Edge, Firefox or Safari draws it."
                </p>
            </Show>
        </div>
    }
}

/// The cursor as style sheets name it.
fn css(cursor: Cursor) -> &'static str {
    match cursor {
        Cursor::Default => "default",
        Cursor::Pointer => "pointer",
        Cursor::Grabbing => "grabbing",
        Cursor::Resize => "ew-resize",
    }
}

/// The canvas and the worker that paints it. Copies are of the same one.
#[derive(Clone, Copy)]
struct Stage {
    worker: HistoryWorker,
    canvas: NodeRef<Canvas>,
}

impl Stage {
    fn press(self, event: &ev::PointerEvent) {
        if event.button() != 0 {
            return;
        }
        if let Some(canvas) = self.canvas.get_untracked() {
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        self.point(Touch::Down, event.pointer_id(), event);
    }

    fn point(self, touch: Touch, id: i32, event: &MouseEvent) {
        let (x, y) = self.position(event);
        self.worker.send(&Request::Pointer(
            touch,
            Pointer {
                id,
                x,
                y,
                shift: event.shift_key(),
            },
        ));
    }

    fn wheel(self, event: &ev::WheelEvent) {
        // Or the page would scroll, and with Control zoom.
        event.prevent_default();
        // Some mice count lines or pages.
        let pixels = match event.delta_mode() {
            ev::WheelEvent::DOM_DELTA_LINE => 18.0,
            ev::WheelEvent::DOM_DELTA_PAGE => 400.0,
            _ => 1.0,
        };
        self.worker.send(&Request::Wheel {
            x: self.position(event).0,
            dx: event.delta_x() * pixels,
            dy: event.delta_y() * pixels,
            keys: Keys {
                shift: event.shift_key(),
                control: event.ctrl_key() || event.meta_key(),
            },
        });
    }

    fn key(self, event: &ev::KeyboardEvent) {
        let is_plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
        if is_plain && KEYS.contains(&event.key().as_str()) {
            event.prevent_default();
            self.worker.send(&Request::Key(event.key()));
        }
    }

    /// Where an event is on the canvas, in CSS pixels.
    fn position(self, event: &MouseEvent) -> (f64, f64) {
        let Some(canvas) = self.canvas.get_untracked() else {
            return (0.0, 0.0);
        };
        let rect = canvas.get_bounding_client_rect();
        (
            f64::from(event.client_x()) - rect.left(),
            f64::from(event.client_y()) - rect.top(),
        )
    }

    /// Transfers the canvas to the worker, and keeps sending it sizes and colours. Returns whether the browser can
    /// transfer it.
    fn hand_over(self, canvas: &HtmlCanvasElement) -> bool {
        let Ok(offscreen) = canvas.transfer_control_to_offscreen() else {
            return false;
        };
        self.worker.transfer(&Request::Canvas, &offscreen);
        self.follow_size(canvas.clone());
        self.follow_colors(canvas.clone());
        true
    }

    fn follow_size(self, canvas: HtmlCanvasElement) {
        let sized = canvas.clone();
        let send = Closure::<dyn FnMut()>::new(move || {
            let (width, height) = (sized.client_width(), sized.client_height());
            let ratio = window().device_pixel_ratio();
            self.worker.send(&Request::Size {
                width,
                height,
                ratio,
            });
        });
        if let Ok(observer) = ResizeObserver::new(send.as_ref().unchecked_ref()) {
            observer.observe(&canvas);
            let kept = SendWrapper::new((observer, send));
            on_cleanup(move || kept.take().0.disconnect());
        }
    }

    /// Sends the colours once the canvas is in the page, and again when the user changes the colour scheme.
    fn follow_colors(self, canvas: HtmlCanvasElement) {
        let send = move || self.worker.send(&Request::Colors(colors(&canvas)));
        request_animation_frame(send.clone());
        if let Ok(Some(scheme)) = window().match_media("(prefers-color-scheme: dark)") {
            let changed = Closure::<dyn FnMut()>::new(send);
            let _ =
                scheme.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
            let kept = SendWrapper::new((scheme, changed));
            on_cleanup(move || {
                let (scheme, changed) = kept.take();
                let _ = scheme.remove_event_listener_with_callback(
                    "change",
                    changed.as_ref().unchecked_ref(),
                );
            });
        }
    }
}

/// The colours of the style sheet as they are now, light or dark: a canvas knows no variables.
fn colors(canvas: &HtmlElement) -> Vec<String> {
    let before = canvas.get_attribute("style").unwrap_or_default();
    let colors = COLORS.iter().map(|name| {
        let _ = canvas.set_attribute("style", &["color:var(", name, ")"].concat());
        let style = window().get_computed_style(canvas).ok().flatten();
        style
            .and_then(|style| style.get_property_value("color").ok())
            .unwrap_or_default()
    });
    let colors = colors.collect();
    let _ = canvas.set_attribute("style", &before);
    colors
}

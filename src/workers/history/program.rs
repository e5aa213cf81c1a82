//! The worker's program: passes messages, reads what comes, and paints.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::mem::discriminant;
use std::rc::Rc;

use js_sys::{Array, Date, Intl, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, Blob, DedicatedWorkerGlobalScope, MessageChannel, OffscreenCanvas,
    OffscreenCanvasRenderingContext2d, ReadableStream, ReadableStreamDefaultReader, RequestCache,
    RequestCredentials, RequestInit, Response,
};

use super::protocol::{Cursor, Event, Progress, ReadError, Request};
use super::scene::{Label, Op, Paint};
use super::{Controller, Host};
use crate::model::history::Micros;
use crate::workers::browser::{Poster, Watchdog, serve};

/// How long the worker reads before it looks for messages and frames, in milliseconds.
const TURN: f64 = 8.0;
/// How often at most what came is laid out while more is coming, in milliseconds.
const PAUSE: f64 = 100.0;
/// After how long without a gesture the address gets the window, in milliseconds.
const SETTLE: i32 = 250;

/// Starts the worker.
pub fn run() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let worker = Rc::new(Worker {
        scope: scope.clone(),
        poster: RefCell::new(None),
        controller: RefCell::new(Controller::new(Browser::default())),
        canvas: RefCell::new(None),
        colors: RefCell::new(Vec::new()),
        ratio: Cell::new(1.0),
        frame: RefCell::new(None),
        is_frame_requested: Cell::new(false),
        settle: RefCell::new(None),
        settle_timer: Cell::new(0),
        tick: RefCell::new(None),
        tick_timer: Cell::new(0),
        cursor: Cell::new(None),
        loaded: RefCell::new(None),
        reading: RefCell::new(None),
    });
    *worker.frame.borrow_mut() = Some(worker.callback(Worker::paint));
    *worker.settle.borrow_mut() = Some(worker.callback(|worker| {
        worker.controller.borrow_mut().save_window();
        worker.post_events();
    }));
    *worker.tick.borrow_mut() = Some(worker.callback(Worker::request_frame));
    serve(&scope, move |request, attachments, poster| {
        worker
            .poster
            .borrow_mut()
            .get_or_insert_with(|| poster.clone());
        worker.receive(request, &attachments);
    });
}

type Callback = Closure<dyn FnMut()>;

struct Worker {
    scope: DedicatedWorkerGlobalScope,
    /// What sends messages to the page. It comes with the first request.
    poster: RefCell<Option<Poster>>,
    controller: RefCell<Controller<Browser>>,
    canvas: RefCell<Option<(OffscreenCanvas, OffscreenCanvasRenderingContext2d)>>,
    /// In the order of [`Paint`].
    colors: RefCell<Vec<String>>,
    /// Device pixels to a CSS pixel.
    ratio: Cell<f64>,
    frame: RefCell<Option<Callback>>,
    is_frame_requested: Cell<bool>,
    settle: RefCell<Option<Callback>>,
    settle_timer: Cell<i32>,
    /// For what grows with the present.
    tick: RefCell<Option<Callback>>,
    tick_timer: Cell<i32>,
    /// The one that the page shows.
    cursor: Cell<Option<Cursor>>,
    /// The event to send once all that was read is painted.
    loaded: RefCell<Option<Event>>,
    /// Ends the reading that is under way.
    reading: RefCell<Option<AbortController>>,
}

impl Worker {
    fn callback(self: &Rc<Self>, act: impl Fn(&Self) + 'static) -> Callback {
        let worker = Rc::downgrade(self);
        Closure::new(move || {
            if let Some(worker) = worker.upgrade() {
                act(&worker);
            }
        })
    }

    fn receive(self: &Rc<Self>, request: Request, attachments: &Array) {
        match request {
            Request::Canvas => self.take_canvas(attachments.get(0).unchecked_into()),
            Request::Colors(colors) => *self.colors.borrow_mut() = colors,
            Request::Size {
                width,
                height,
                ratio,
            } => self.resize(width, height, ratio),
            Request::Show(settings) => self.controller.borrow_mut().show(&settings),
            Request::Wheel { x, dx, dy, keys } => {
                self.controller.borrow_mut().wheel(x, dx, dy, keys)
            }
            Request::Pointer(touch, pointer) => {
                self.controller.borrow_mut().pointer(touch, pointer)
            }
            Request::Key(key) => {
                self.controller.borrow_mut().key(&key);
            }
            Request::Choose(index) => self.controller.borrow_mut().choose(index),
            Request::Clear => {
                self.stop();
                self.reading.take();
                self.controller.borrow_mut().clear();
            }
            Request::Stop => self.stop(),
            Request::Add => self.add(&attachments.get(0).as_string().unwrap_or_default()),
            Request::Over => {
                self.controller.borrow_mut().lay_out();
                *self.loaded.borrow_mut() = Some(Event::Loaded { parsing: 0 });
            }
            // These change nothing that is painted.
            Request::Rows {
                first,
                count,
                active,
            } => {
                self.controller.borrow_mut().show_rows(first, count, active);
                return self.post_events();
            }
            Request::Read => {
                let (worker, sources) = (self.clone(), attachments.to_vec());
                return spawn_local(async move { worker.read(sources).await });
            }
        }
        self.post_events();
        self.request_frame();
        self.scope
            .clear_timeout_with_handle(self.settle_timer.get());
        self.settle_timer.set(self.after(&self.settle, SETTLE));
    }

    fn take_canvas(&self, canvas: OffscreenCanvas) {
        let context = canvas.get_context("2d").ok().flatten();
        *self.canvas.borrow_mut() = context.map(|context| (canvas, context.unchecked_into()));
    }

    fn resize(&self, width: i32, height: i32, ratio: f64) {
        let ratio = ratio.max(0.5);
        if let Some((canvas, _)) = &*self.canvas.borrow() {
            canvas.set_width((f64::from(width) * ratio).round() as u32);
            canvas.set_height((f64::from(height) * ratio).round() as u32);
        }
        self.ratio.set(ratio);
        self.controller.borrow_mut().resize(width, height);
    }

    fn add(&self, document: &str) {
        let mut controller = self.controller.borrow_mut();
        controller.history().add_document(document.as_bytes());
        if controller.has_news() {
            controller.lay_out();
        }
    }

    fn after(&self, callback: &RefCell<Option<Callback>>, milliseconds: i32) -> i32 {
        let callback = callback.borrow();
        let Some(callback) = &*callback else { return 0 };
        let function = callback.as_ref().unchecked_ref();
        self.scope
            .set_timeout_with_callback_and_timeout_and_arguments_0(function, milliseconds)
            .unwrap_or_default()
    }

    fn post(&self, event: &Event) {
        if let Some(poster) = &*self.poster.borrow() {
            poster.post(event);
        }
    }

    /// Posts the controller's events: of each kind the last, and all changes of the address.
    fn post_events(&self) {
        let events = self.controller.borrow_mut().take_events();
        for (index, event) in events.iter().enumerate() {
            let is_last = events[index + 1..]
                .iter()
                .all(|later| discriminant(later) != discriminant(event));
            if is_last || matches!(event, Event::Set(_)) {
                self.post(event);
            }
        }
        let cursor = self.controller.borrow().cursor();
        if self.cursor.replace(Some(cursor)) != Some(cursor) {
            self.post(&Event::Cursor(cursor));
        }
    }

    fn request_frame(&self) {
        if !self.is_frame_requested.replace(true)
            && let Some(frame) = &*self.frame.borrow()
        {
            let _ = self
                .scope
                .request_animation_frame(frame.as_ref().unchecked_ref());
        }
    }

    fn paint(&self) {
        self.is_frame_requested.set(false);
        if let Some((_, context)) = &*self.canvas.borrow() {
            let scene = self.controller.borrow_mut().scene();
            let ratio = self.ratio.get();
            let _ = context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
            let colors = self.colors.borrow();
            let painter = Painter {
                context,
                colors: &colors,
            };
            scene.iter().for_each(|op| painter.op(op));
            if !self.controller.borrow_mut().history().is_empty() {
                self.post(&Event::Painted);
            }
        }
        if let Some(loaded) = self.loaded.take() {
            self.post(&loaded);
        }
        if self.controller.borrow().is_live() {
            self.scope.clear_timeout_with_handle(self.tick_timer.get());
            self.tick_timer.set(self.after(&self.tick, 1_000));
        }
    }

    fn stop(&self) {
        if let Some(reading) = &*self.reading.borrow() {
            reading.abort();
        }
    }

    /// Reads URLs, files and texts one after the other.
    async fn read(self: Rc<Self>, sources: Vec<JsValue>) {
        self.stop();
        let Ok(abort) = AbortController::new() else {
            return;
        };
        *self.reading.borrow_mut() = Some(abort.clone());
        let mut parsing = 0.0;
        for source in sources {
            match self.read_one(source, &abort, &mut parsing).await {
                Ok(()) => self.controller.borrow_mut().history().end_document(),
                // Stopped by the page, which knows.
                Err(_) if abort.signal().aborted() => break,
                Err(error) => {
                    // After a timeout no more of it is wanted.
                    abort.abort();
                    self.post(&Event::Failed(error));
                    break;
                }
            }
        }
        let is_current = self
            .reading
            .borrow()
            .as_ref()
            .is_some_and(|current| Object::is(current.as_ref(), abort.as_ref()));
        // Something else is read meanwhile, or nothing is to be shown.
        if !is_current {
            return;
        }
        self.post(&Event::Bytes);
        self.controller.borrow_mut().lay_out();
        *self.loaded.borrow_mut() = Some(Event::Loaded {
            parsing: (parsing * 10.0) as u32,
        });
        self.post_events();
        self.request_frame();
    }

    /// Reads a URL, a file or a text, as it comes.
    ///
    /// # Errors
    /// The response's status, or why there is none, or that reading was stopped.
    async fn read_one(
        &self,
        source: JsValue,
        abort: &AbortController,
        parsing: &mut f64,
    ) -> Result<(), ReadError> {
        let mut watchdog = Watchdog::new(&self.scope);
        let (stream, total) = match source.dyn_into::<Blob>() {
            Ok(file) => (file.stream(), file.size()),
            Err(url) => match url.as_string().unwrap_or_default() {
                text if text.trim_start().starts_with(['{', '[']) => {
                    self.take(text.as_bytes(), parsing);
                    return Ok(());
                }
                url => self.fetch(&url, abort, &mut watchdog).await?,
            },
        };
        self.controller
            .borrow_mut()
            .history()
            .expect_bytes(total as usize);
        let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        let clock = self
            .scope
            .performance()
            .ok_or_else(|| interrupted("no clock"))?;
        let (mut turn, mut shown) = (clock.now(), f64::MIN);
        loop {
            let read = watchdog.wait(reader.read()).await?;
            if Reflect::get(&read, &"done".into())?.is_truthy() {
                return Ok(());
            }
            let chunk: Uint8Array = Reflect::get(&read, &"value".into())?.unchecked_into();
            self.take(&chunk.to_vec(), parsing);
            let now = clock.now();
            if self.controller.borrow().has_news() && now - shown > PAUSE {
                self.controller.borrow_mut().lay_out();
                self.post_events();
                match shown {
                    // The first picture does not wait for a frame.
                    f64::MIN => self.paint(),
                    _ => self.request_frame(),
                }
                shown = clock.now();
            }
            if clock.now() - turn > TURN {
                let read = self.controller.borrow_mut().history().byte_count() as u64;
                self.post(&Event::Progress(Progress {
                    read,
                    total: total as u64,
                }));
                next_turn().await?;
                if abort.signal().aborted() {
                    let _ = reader.cancel();
                    return Err(interrupted("stopped"));
                }
                turn = clock.now();
            }
        }
    }

    /// The content of a URL, and its length in bytes, or 0 if that is not known.
    async fn fetch(
        &self,
        url: &str,
        abort: &AbortController,
        watchdog: &mut Watchdog<'_>,
    ) -> Result<(ReadableStream, f64), ReadError> {
        let init = RequestInit::new();
        init.set_credentials(RequestCredentials::SameOrigin);
        init.set_cache(RequestCache::NoStore);
        init.set_signal(Some(&abort.signal()));
        let fetched = self.scope.fetch_with_str_and_init(url, &init);
        let response: Response = watchdog.wait(fetched).await?.unchecked_into();
        if !response.ok() {
            return Err(ReadError::Status(response.status()));
        }
        // Of what is packed on the way, the length says nothing.
        let headers = response.headers();
        let packed = headers.get("Content-Encoding")?.is_some();
        let length = headers.get("Content-Length")?.filter(|_| !packed);
        let total = length.and_then(|length| length.parse().ok()).unwrap_or(0.0);
        Ok((
            response.body().ok_or_else(|| interrupted("no body"))?,
            total,
        ))
    }

    fn take(&self, bytes: &[u8], parsing: &mut f64) {
        let clock = self.scope.performance();
        let now = || clock.as_ref().map_or(0.0, |clock| clock.now());
        let begun = now();
        self.controller.borrow_mut().history().add(bytes);
        *parsing += now() - begun;
    }
}

fn interrupted(why: &str) -> ReadError {
    ReadError::Interrupted(why.to_owned())
}

impl From<JsValue> for ReadError {
    /// What a promise of the browser was rejected with: mostly an `Error`, whose words differ between browsers.
    fn from(error: JsValue) -> Self {
        Self::Interrupted(error.as_string().unwrap_or_default())
    }
}

/// Lets messages and frames that wait have their turn. A timer would do so as well, but only four
/// milliseconds later.
async fn next_turn() -> Result<(), JsValue> {
    let channel = MessageChannel::new()?;
    let (one, other) = (channel.port1(), channel.port2());
    let turn = Promise::new(&mut |resolve, _| {
        one.set_onmessage(Some(&resolve));
        let _ = other.post_message(&JsValue::NULL);
    });
    JsFuture::from(turn).await?;
    one.close();
    Ok(())
}

struct Painter<'p> {
    context: &'p OffscreenCanvasRenderingContext2d,
    colors: &'p [String],
}

impl Painter<'_> {
    fn color(&self, paint: Paint) -> &str {
        self.colors
            .get(paint as usize)
            .map_or("#888888", |color| color)
    }

    fn op(&self, op: &Op) {
        let context = self.context;
        match op {
            Op::Clip([x, y, width, height]) => {
                context.save();
                context.begin_path();
                context.rect((*x).into(), (*y).into(), (*width).into(), (*height).into());
                context.clip();
            }
            Op::Unclip => context.restore(),
            Op::Fill(paint, alpha, rects) => {
                context.set_fill_style_str(self.color(*paint));
                context.set_global_alpha((*alpha).into());
                for [x, y, width, height] in rects {
                    context.fill_rect((*x).into(), (*y).into(), (*width).into(), (*height).into());
                }
                context.set_global_alpha(1.0);
            }
            Op::Outline(paint, line, rects) => {
                context.set_stroke_style_str(self.color(*paint));
                context.set_line_width((*line).into());
                for [x, y, width, height] in rects {
                    context.stroke_rect(
                        (*x).into(),
                        (*y).into(),
                        (*width).into(),
                        (*height).into(),
                    );
                }
            }
            Op::Lines {
                paint,
                width,
                is_dashed,
                lines,
            } => {
                context.set_stroke_style_str(self.color(*paint));
                context.set_line_width((*width).into());
                let dashes = if *is_dashed {
                    Array::of2(&3.into(), &3.into())
                } else {
                    Array::new()
                };
                let _ = context.set_line_dash(&dashes);
                context.begin_path();
                for [x, y, to_x, to_y] in lines {
                    context.move_to((*x).into(), (*y).into());
                    context.line_to((*to_x).into(), (*to_y).into());
                }
                context.stroke();
            }
            Op::Texts(labels) => {
                context.set_text_baseline("middle");
                // The font is the slowest thing to change.
                for font in ["12px ", "600 12px ", "11px "] {
                    context
                        .set_font(&[font, "system-ui, \"Liberation Sans\", sans-serif"].concat());
                    labels
                        .iter()
                        .filter(|label| size(label) == font)
                        .for_each(|label| self.label(label));
                }
            }
        }
    }

    fn label(&self, label: &Label) {
        self.context.set_fill_style_str(self.color(label.paint));
        self.context
            .set_text_align(if label.is_centered { "center" } else { "start" });
        let _ = self
            .context
            .fill_text(&label.text, label.x.into(), label.y.into());
    }
}

/// How a label is written: smaller on a bar.
fn size(label: &Label) -> &'static str {
    match (label.is_strong, label.paint) {
        (true, _) => "600 12px ",
        (false, Paint::OnState) => "11px ",
        (false, _) => "12px ",
    }
}

/// The browser's clock and zones.
#[derive(Default)]
struct Browser {
    /// The offsets of zones that were asked for, by zone and quarter of an hour.
    offsets: RefCell<HashMap<(String, i64), i32>>,
}

impl Host for Browser {
    fn now(&self) -> Micros {
        (Date::now() * 1_000.0) as Micros
    }

    fn offset(&self, zone: &str, at: Micros) -> i32 {
        const QUARTER: Micros = 900_000_000;
        let key = (zone.to_owned(), at.div_euclid(QUARTER));
        if let Some(offset) = self.offsets.borrow().get(&key) {
            return *offset;
        }
        let offset = offset(zone, at);
        let mut offsets = self.offsets.borrow_mut();
        if offsets.len() > 10_000 {
            offsets.clear();
        }
        offsets.insert(key, offset);
        offset
    }
}

fn offset(zone: &str, at: Micros) -> i32 {
    let date = Date::new(&((at / 1_000) as f64).into());
    match zone {
        "utc" => 0,
        "" => -(date.get_timezone_offset() as i32) * 60,
        zone => zone_offset(zone, &date).unwrap_or(0),
    }
}

/// The browser knows the zones of the world, but tells their offset only in words: `GMT+05:30`.
fn zone_offset(zone: &str, date: &Date) -> Option<i32> {
    let options = Object::new();
    Reflect::set(&options, &"timeZone".into(), &zone.into()).ok()?;
    Reflect::set(&options, &"timeZoneName".into(), &"longOffset".into()).ok()?;
    // A name that is no zone's throws, which only a call through Reflect can catch.
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let constructor: js_sys::Function = Reflect::get(&intl, &"DateTimeFormat".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let format = Reflect::construct(&constructor, &Array::of2(&"en-US".into(), &options)).ok()?;
    let format: Intl::DateTimeFormat = format.unchecked_into();
    let text = format
        .format()
        .call1(&JsValue::UNDEFINED, date)
        .ok()?
        .as_string()?;
    let (_, offset) = text.rsplit_once("GMT")?;
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let digits: Vec<i32> = offset
        .trim_start_matches(['+', '-'])
        .split(':')
        .flat_map(str::parse)
        .collect();
    match digits[..] {
        [hours, minutes] => Some(sign * (hours * 3_600 + minutes * 60)),
        [hours] => Some(sign * hours * 3_600),
        _ => Some(0),
    }
}

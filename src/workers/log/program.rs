//! The worker that reads long logs, in the browser: fetches them, hears calls from the page and posts
//! their answers.
//!
//! A message is a list: the call's number, its name, and its texts. The answer is a list too: the
//! number, whether it went well, and the answer's texts, or a sentence that says what is wrong. A
//! call `wait` is answered when there is something new.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use super::{LogWorker, Milestone, Outside, Phase};
use crate::api::http::{Reply, retry_after, without_token};
use crate::api::retry::RetryPolicy;
use crate::core::time::Timestamp;
use crate::model::event_log::search::Matcher;
use js_sys::{Array, Date, Function, Math, Promise, Reflect, RegExp, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, Blob, DedicatedWorkerGlobalScope, Headers, MessageChannel, MessageEvent, ReadableStream,
    ReadableStreamDefaultReader, Request, RequestCache, RequestCredentials, RequestInit, Response, Url,
    WritableStream, WritableStreamDefaultWriter,
};

use crate::workers::browser::{Watchdog, sleep};

/// So long is worked before others get their turn, in milliseconds: whoever scrolls waits no longer.
const SLICE: f64 = 8.0;
/// How often the page is told how far it is, in milliseconds: what it draws then takes time that the
/// reading could have had. What matters is told at once ([`LogWorker::milestone`]).
const PACE: f64 = 100.0;
/// How often it is looked whether a log that grows has grown, in milliseconds.
const POLL: i32 = 2_000;
/// How often a log is begun anew because what came next was of another, before that is said: a host may
/// pack what it sends, so that no part of it fits.
const MOST_OTHERS: u32 = 4;
/// So many bytes are asked for again with the next part, to see that it is a part of the same.
const OVERLAP: usize = 64;

#[wasm_bindgen]
extern "C" {
    /// The browser's own, which web-sys has not got yet.
    type DecompressionStream;

    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn readable(this: &DecompressionStream) -> ReadableStream;

    #[wasm_bindgen(method, getter)]
    fn writable(this: &DecompressionStream) -> WritableStream;
}

/// What belongs to the browser.
struct Browser;

impl Outside for Browser {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(Date::now() as i64).unwrap_or_default()
    }

    fn offset(&self, time: Timestamp) -> i32 {
        let date = Date::new(&(time.as_millisecond() as f64).into());
        -(date.get_timezone_offset() as i32) * 60
    }

    fn regex(&self, pattern: &str, with_case: bool) -> Result<Box<dyn Matcher>, String> {
        let flags = if with_case { "gu" } else { "giu" };
        let made = Reflect::construct(&regex_maker()?, &Array::of2(&pattern.into(), &flags.into()));
        match made {
            Ok(regex) => Ok(Box::new(Regex(regex.unchecked_into()))),
            Err(error) => {
                let message = error.dyn_into::<js_sys::Error>().map(|error| String::from(error.message()));
                Err(message.unwrap_or_else(|_| "This is no regular expression".to_owned()))
            }
        }
    }
}

/// `RegExp`, which throws for what is none: the binding's own constructor would end the worker.
fn regex_maker() -> Result<Function, String> {
    let maker = Reflect::get(&js_sys::global(), &"RegExp".into()).and_then(|maker| maker.dyn_into());
    maker.map_err(|_| "This browser has no regular expressions".to_owned())
}

/// The browser's own regular expressions.
struct Regex(RegExp);

impl Matcher for Regex {
    fn is_in(&self, line: &str) -> bool {
        self.0.set_last_index(0);
        self.0.test(line)
    }

    fn ranges(&self, line: &str) -> Vec<Range<usize>> {
        // More in one line are not seen any more.
        const MOST: usize = 1_000;
        let mut ranges = Vec::new();
        self.0.set_last_index(0);
        // The browser counts in units of UTF-16.
        let units: Vec<usize> = line.char_indices().flat_map(|(at, c)| vec![at; c.len_utf16()]).collect();
        let byte = |unit: u32| units.get(unit as usize).copied().unwrap_or(line.len());
        while let Some(found) = self.0.exec(line) {
            let index = Reflect::get(&found, &"index".into()).ok().and_then(|index| index.as_f64());
            let (from, to) = (index.unwrap_or_default() as u32, self.0.last_index());
            if to > from {
                ranges.push(byte(from)..byte(to));
            } else {
                // What is empty is found again and again.
                self.0.set_last_index(to + 1);
            }
            if ranges.len() >= MOST || byte(to) >= line.len() {
                break;
            }
        }
        ranges
    }
}

/// What all parts of the worker share.
struct Shared {
    scope: DedicatedWorkerGlobalScope,
    worker: RefCell<LogWorker<Browser>>,
    /// The calls that wait for something new, and since which version.
    waiting: RefCell<Vec<(JsValue, String)>>,
    /// Counts what was opened: what belongs to an earlier one ends.
    opened: Cell<u32>,
    abort: RefCell<Option<AbortController>>,
    /// The bearer token that the address is asked with, or nothing.
    token: RefCell<String>,
    /// Whether the log may grow.
    grows: Cell<bool>,
    /// Whether what comes is unpacked here: then it cannot be gone on with where it broke off.
    is_packed: Cell<bool>,
    is_working: Cell<bool>,
    /// When the page was told last, and of what.
    told: Cell<(f64, Option<Milestone>)>,
    /// Whether it will be told later.
    tells_later: Cell<bool>,
}

/// Starts the worker.
pub fn run() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let shared = Rc::new(Shared {
        scope: scope.clone(),
        worker: RefCell::new(LogWorker::new(Browser)),
        waiting: RefCell::default(),
        opened: Cell::default(),
        abort: RefCell::default(),
        token: RefCell::default(),
        grows: Cell::default(),
        is_packed: Cell::default(),
        is_working: Cell::default(),
        told: Cell::default(),
        tells_later: Cell::default(),
    });
    let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        hear(&shared, &event.data().unchecked_into());
    });
    scope.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    hear.forget();
    // Whatever the page sent before this has nobody heard: it waits for a first message.
    let _ = scope.post_message(&Array::new());
}

fn hear(shared: &Rc<Shared>, message: &Array) {
    let number = message.get(0);
    let name = message.get(1).as_string().unwrap_or_default();
    let text = |at: u32| message.get(at).as_string().unwrap_or_default();
    let before = shared.worker.borrow().version();
    let answer = match name.as_str() {
        "wait" => {
            shared.waiting.borrow_mut().push((number, text(2)));
            shared.tell();
            return;
        }
        // An address, a bearer token or nothing, and whether the log grows.
        "url" => {
            shared.grows.set(!text(4).is_empty());
            shared.token.replace(text(3));
            let opened = shared.begin();
            spawn_local(read_url(shared.clone(), opened, text(2)));
            Ok(vec![])
        }
        // Another token, or none any more.
        "token" => {
            shared.token.replace(text(2));
            Ok(vec![])
        }
        "file" => {
            shared.grows.set(false);
            let opened = shared.begin();
            spawn_local(read_file(shared.clone(), opened, message.get(2)));
            Ok(vec![])
        }
        "grows" => {
            shared.grows.set(!text(2).is_empty());
            Ok(vec![])
        }
        "stop" => {
            shared.end();
            shared.worker.borrow_mut().set_phase(Phase::Stopped);
            Ok(vec![])
        }
        "save" => shared.save(),
        _ => {
            let texts: Vec<String> =
                message.iter().skip(2).map(|text| text.as_string().unwrap_or_default()).collect();
            shared.worker.borrow_mut().answer(&name, &texts)
        }
    };
    shared.reply(&number, answer);
    shared.work();
    if shared.worker.borrow().version() == before {
        shared.tell();
    } else {
        // The page itself asked for what is new.
        shared.tell_now();
    }
}

impl Shared {
    fn reply(&self, number: &JsValue, answer: Result<Vec<String>, String>) {
        let (went_well, texts) = match answer {
            Ok(texts) => (true, texts),
            Err(sentence) => (false, vec![sentence]),
        };
        let reply = Array::of2(number, &went_well.into());
        for text in texts {
            reply.push(&text.into());
        }
        // Lists of numbers and texts can always be posted.
        let _ = self.scope.post_message(&reply);
    }

    /// Answers those who wait, now or soon.
    fn tell(self: &Rc<Self>) {
        let (last, known) = self.told.get();
        let rest = last + PACE - now();
        // A clock may have been put back.
        if known == Some(self.worker.borrow().milestone()) && (0.0..=PACE).contains(&rest) {
            if !self.tells_later.replace(true) {
                let shared = self.clone();
                spawn_local(async move {
                    sleep(&shared.scope, rest as i32 + 1).await;
                    shared.tells_later.set(false);
                    shared.tell_now();
                });
            }
            return;
        }
        self.tell_now();
    }

    /// Answers those who wait, if there is something new for them.
    fn tell_now(&self) {
        if self.waiting.borrow().is_empty() {
            return;
        }
        let version = self.worker.borrow().version().to_string();
        let (told, still): (Vec<_>, Vec<_>) =
            self.waiting.take().into_iter().partition(|(_, known)| *known != version);
        self.waiting.replace(still);
        if !told.is_empty() {
            self.told.set((now(), Some(self.worker.borrow().milestone())));
        }
        for (number, _) in told {
            let report = self.worker.borrow_mut().answer("report", &[]);
            self.reply(&number, report);
        }
    }

    /// Ends what was being read.
    fn end(&self) {
        self.opened.set(self.opened.get() + 1);
        if let Some(abort) = self.abort.take() {
            abort.abort();
        }
    }

    fn begin(&self) -> u32 {
        self.end();
        self.is_packed.set(false);
        self.worker.borrow_mut().restart();
        self.opened.get()
    }

    fn is_over(&self, opened: u32) -> bool {
        self.opened.get() != opened
    }

    /// Sees to it that what takes longer goes on.
    fn work(self: &Rc<Self>) {
        if self.is_working.replace(true) {
            return;
        }
        let shared = self.clone();
        spawn_local(async move {
            loop {
                let until = now() + SLICE;
                let mut more = true;
                while more && now() < until {
                    more = shared.worker.borrow_mut().step();
                }
                shared.tell();
                if !more {
                    break;
                }
                turn().await;
            }
            shared.is_working.set(false);
        });
    }

    /// All bytes as a file: its address, as long as the worker lives.
    fn save(&self) -> Result<Vec<String>, String> {
        let parts = Array::new();
        for piece in self.worker.borrow().log().pieces() {
            parts.push(&Uint8Array::from(piece));
        }
        let url =
            Blob::new_with_u8_array_sequence(&parts).and_then(|blob| Url::create_object_url_with_blob(&blob));
        url.map(|url| vec![url]).map_err(|_| "the browser could not hold the file".to_owned())
    }
}

/// The time, in milliseconds.
fn now() -> f64 {
    Date::now()
}

/// Lets others have their turn: messages of the page above all.
async fn turn() {
    let wait = Promise::new(&mut |done, _| {
        // A timer would make it wait for 4 ms each time.
        match MessageChannel::new() {
            Ok(channel) => {
                channel.port1().set_onmessage(Some(&done));
                let _ = channel.port2().post_message(&JsValue::NULL);
            }
            Err(_) => {
                let _ = done.call0(&JsValue::NULL);
            }
        }
    });
    let _ = JsFuture::from(wait).await;
}

/// Why the reading of an answer came to an end.
enum End {
    /// All of it came.
    All,
    /// It broke off, or the server refused.
    Broken(Reply),
    /// Something else was opened.
    Over,
    /// The part does not go on where the last one ended.
    Another,
}

/// Reads a log at an address, and goes on reading it while it grows.
async fn read_url(shared: Rc<Shared>, opened: u32, url: String) {
    let (mut tries, mut others) = (0, 0);
    loop {
        let end = read_part(&shared, opened, &url, &mut tries).await;
        if shared.is_over(opened) {
            return;
        }
        match end {
            End::All => {
                (tries, others) = (0, 0);
                if !shared.grows.get() {
                    shared.worker.borrow_mut().set_phase(Phase::Whole);
                    break;
                }
                shared.worker.borrow_mut().set_phase(Phase::Following);
                shared.after_more();
                sleep(&shared.scope, POLL).await;
            }
            End::Another => {
                others += 1;
                if others > MOST_OTHERS {
                    let body = "what came was another log each time".to_owned();
                    shared.worker.borrow_mut().fail(Reply { body, ..Reply::default() });
                    break;
                }
                shared.worker.borrow_mut().restart();
            }
            End::Broken(reply) => {
                // What takes too long may still be under way.
                if let Some(abort) = shared.abort.take() {
                    abort.abort();
                }
                tries += 1;
                // As everything else is tried again that the page reads.
                let policy = RetryPolicy::default();
                let delay = policy.delay_of_passing(tries, reply.retry_after, Math::random());
                let Some(delay) = delay.filter(|_| reply.is_passing()) else {
                    shared.worker.borrow_mut().fail(reply);
                    break;
                };
                sleep(&shared.scope, delay.as_millis() as i32).await;
                if shared.is_packed.take() && !shared.is_over(opened) {
                    shared.worker.borrow_mut().restart();
                }
            }
            End::Over => break,
        }
        if shared.is_over(opened) {
            return;
        }
    }
    shared.after_more();
}

/// Reads the log from where it is known on.
async fn read_part(shared: &Rc<Shared>, opened: u32, url: &str, tries: &mut u32) -> End {
    let known = shared.worker.borrow().log().bytes();
    let tail = shared.worker.borrow().log().tail(OVERLAP);
    let from = known - tail.len() as u64;
    let token = shared.token.borrow().clone();
    let response = match ask(shared, url, from).await {
        Ok(response) => response,
        Err(error) => return broken(&error),
    };
    if shared.is_over(opened) {
        return End::Over;
    }
    let header = |name: &str| response.headers().get(name).ok().flatten();
    let mut reply = Reply {
        status: response.status(),
        retry_after: retry_after(header("Retry-After")),
        content_type: header("Content-Type").unwrap_or_default(),
        body: String::new(),
    };
    let skip = match reply.status {
        206 if !reply.is_stray_page(url) => 0,
        200 if !reply.is_stray_page(url) => from,
        // It has become shorter: another was written in its place.
        416 if known > 0 => return End::Another,
        // Of a log that is empty there is no part.
        416 => return End::All,
        // It may be written only in a while.
        404 if shared.grows.get() && known == 0 => return End::All,
        _ => {
            if let Ok(text) = response.text() {
                let text = Watchdog::new(&shared.scope).wait(text).await;
                let text = text.ok().and_then(|text| text.as_string()).unwrap_or_default();
                reply.body = without_token(text, &token);
            }
            return End::Broken(reply);
        }
    };
    if known == 0 {
        shared.worker.borrow_mut().set_total(header("Content-Length").and_then(|text| text.parse().ok()));
    }
    let Some(body) = response.body() else { return End::All };
    let before = shared.worker.borrow().log().bytes();
    let end = take(shared, opened, body, skip, tail).await;
    if shared.worker.borrow().log().bytes() > before && !shared.is_packed.get() {
        *tries = 0;
    }
    end
}

/// How reading ends with an error of the browser's.
fn broken(error: &JsValue) -> End {
    End::Broken(Reply { body: words(error), ..Reply::default() })
}

async fn ask(shared: &Shared, url: &str, from: u64) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    if !shared.token.borrow().is_empty() {
        headers.set("Authorization", &["Bearer ", &shared.token.borrow()].concat())?;
    }
    if from > 0 {
        headers.set("Range", &["bytes=", &from.to_string(), "-"].concat())?;
    }
    let abort = AbortController::new()?;
    let init = RequestInit::new();
    init.set_headers(&headers);
    // As the page asks: another origin gets no cookies.
    init.set_credentials(RequestCredentials::SameOrigin);
    init.set_cache(RequestCache::NoStore);
    init.set_signal(Some(&abort.signal()));
    shared.abort.replace(Some(abort));
    let request = Request::new_with_str_and_init(url, &init)?;
    Watchdog::new(&shared.scope).wait(shared.scope.fetch_with_request(&request)).await?.dyn_into()
}

/// Reads a file that somebody dropped.
async fn read_file(shared: Rc<Shared>, opened: u32, file: JsValue) {
    let end = match file.dyn_into::<Blob>() {
        Ok(file) => {
            shared.worker.borrow_mut().set_total(Some(file.size() as u64));
            take(&shared, opened, file.stream(), 0, Vec::new()).await
        }
        Err(_) => broken(&"it is no file".into()),
    };
    if shared.is_over(opened) {
        return;
    }
    match end {
        End::Broken(why) => shared.worker.borrow_mut().fail(why),
        _ => shared.worker.borrow_mut().set_phase(Phase::Whole),
    }
    shared.after_more();
}

/// Takes bytes as they come: `skip` of them are known, and so are the next, which are `tail`.
async fn take(shared: &Rc<Shared>, opened: u32, body: ReadableStream, mut skip: u64, tail: Vec<u8>) -> End {
    let mut stream = body;
    let mut tail = &*tail;
    let mut is_first = shared.worker.borrow().log().bytes() == 0;
    let mut until = now() + SLICE;
    let mut watchdog = Watchdog::new(&shared.scope);
    loop {
        let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        let packed = loop {
            let read = match watchdog.wait(reader.read()).await {
                Ok(read) => read,
                Err(error) => return broken(&error),
            };
            if shared.is_over(opened) {
                return End::Over;
            }
            let value = Reflect::get(&read, &"value".into()).unwrap_or_default();
            let Ok(value) = value.dyn_into::<Uint8Array>() else { return End::All };
            let bytes = value.to_vec();
            if std::mem::take(&mut is_first) && bytes.starts_with(&[0x1f, 0x8b]) {
                // The file itself is packed, and nobody on the way said so.
                break value;
            }
            let skipped = skip.min(bytes.len() as u64);
            skip -= skipped;
            let bytes = &bytes[skipped as usize..];
            let same = tail.len().min(bytes.len());
            if bytes[..same] != tail[..same] {
                return End::Another;
            }
            tail = &tail[same..];
            shared.worker.borrow_mut().push(&bytes[same..]);
            if now() >= until {
                shared.after_more();
                turn().await;
                until = now() + SLICE;
                if shared.is_over(opened) {
                    return End::Over;
                }
            }
        };
        match unpack(reader, packed) {
            Ok(unpacked) => {
                shared.worker.borrow_mut().set_total(None);
                // It cannot go on where it ended: the offsets are others.
                shared.grows.set(false);
                shared.is_packed.set(true);
                stream = unpacked;
            }
            Err(error) => return broken(&error),
        }
    }
}

/// What a reader gives, of which `first` was read already, unpacked.
fn unpack(reader: ReadableStreamDefaultReader, first: Uint8Array) -> Result<ReadableStream, JsValue> {
    let gzip = DecompressionStream::new("gzip")?;
    let to: WritableStream = gzip.writable();
    let writer: WritableStreamDefaultWriter = to.get_writer()?;
    spawn_local(async move {
        let mut next = Some(first);
        while let Some(bytes) = next {
            if JsFuture::from(writer.write_with_chunk(&bytes)).await.is_err() {
                return;
            }
            next = match JsFuture::from(reader.read()).await {
                Ok(read) => Reflect::get(&read, &"value".into()).ok().and_then(|value| value.dyn_into().ok()),
                Err(error) => {
                    let _ = JsFuture::from(writer.abort_with_reason(&error)).await;
                    return;
                }
            };
        }
        let _ = JsFuture::from(writer.close()).await;
    });
    Ok(gzip.readable())
}

impl Shared {
    /// There is more to look at.
    fn after_more(self: &Rc<Self>) {
        self.work();
        self.tell();
    }
}

/// The browser's words for what went wrong.
fn words(error: &JsValue) -> String {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    message.or_else(|| error.as_string()).unwrap_or_else(|| "the browser does not say why".to_owned())
}

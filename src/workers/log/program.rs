//! The worker that reads long logs, in the browser: fetches them, receives the page's requests and posts the replies.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use super::protocol::{LogReply, LogRequest, Phase, RowsJson, WorkerRequest};
use super::{LogWorker, Milestone, Outside, build_log};
use crate::api::http::{Reply, retry_after, without_token};
use crate::api::retry::RetryPolicy;
use crate::core::time::Timestamp;
use crate::model::event_log::Log;
use crate::model::event_log::search::Matcher;
use js_sys::{Array, Date, Function, Math, Promise, Reflect, RegExp, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, Blob, DedicatedWorkerGlobalScope, Headers, MessageChannel, ReadableStream,
    ReadableStreamDefaultReader, Request, RequestCache, RequestCredentials, RequestInit, Response,
    Url, WritableStream, WritableStreamDefaultWriter,
};

use crate::workers::browser::{Poster, Watchdog, serve, sleep};

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
                let message = error
                    .dyn_into::<js_sys::Error>()
                    .map(|error| String::from(error.message()));
                Err(message.unwrap_or_else(|_| "This is no regular expression".to_owned()))
            }
        }
    }
}

/// `RegExp`, which throws for what is none: the binding's own constructor would end the worker.
fn regex_maker() -> Result<Function, String> {
    let maker =
        Reflect::get(&js_sys::global(), &"RegExp".into()).and_then(|maker| maker.dyn_into());
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
        let units: Vec<usize> = line
            .char_indices()
            .flat_map(|(at, c)| vec![at; c.len_utf16()])
            .collect();
        let byte = |unit: u32| units.get(unit as usize).copied().unwrap_or(line.len());
        while let Some(found) = self.0.exec(line) {
            let index = Reflect::get(&found, &"index".into())
                .ok()
                .and_then(|index| index.as_f64());
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

/// A request for a report other than the known one.
struct Waiting {
    number: u32,
    known: Option<u32>,
    poster: Poster,
}

/// What all parts of the worker share.
struct Shared {
    scope: DedicatedWorkerGlobalScope,
    worker: RefCell<LogWorker<Browser>>,
    /// The requests that wait for something new.
    waiting: RefCell<Vec<Waiting>>,
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
    serve(
        &scope,
        move |(number, request): (u32, WorkerRequest), attachments, poster| match request {
            WorkerRequest::Log(request) => {
                shared.receive(number, request, attachments.get(0), poster)
            }
            WorkerRequest::BuildLog { text, has_failed } => {
                poster.post(&(number, Ok::<_, String>(build_log::read(&text, has_failed))));
            }
        },
    );
}

/// Posts the reply to a request about the log, or a sentence that says why there is none.
fn reply(poster: &Poster, number: u32, reply: Result<LogReply, String>) {
    poster.post(&(number, reply));
}

impl Shared {
    fn receive(
        self: &Rc<Self>,
        number: u32,
        request: LogRequest,
        attachment: JsValue,
        poster: &Poster,
    ) {
        if let LogRequest::Wait { known } = request {
            self.waiting.borrow_mut().push(Waiting {
                number,
                known,
                poster: poster.clone(),
            });
            self.tell();
            return;
        }
        let before = self.worker.borrow().version();
        reply(poster, number, self.answer(request, attachment));
        self.work();
        if self.worker.borrow().version() == before {
            self.tell();
        } else {
            // The page itself asked for what is new.
            self.tell_now();
        }
    }

    fn answer(
        self: &Rc<Self>,
        request: LogRequest,
        attachment: JsValue,
    ) -> Result<LogReply, String> {
        let mut worker = self.worker.borrow_mut();
        match request {
            LogRequest::ReadUrl { url, token, grows } => {
                drop(worker);
                self.grows.set(grows);
                self.token.replace(token);
                let opened = self.begin();
                spawn_local(read_url(self.clone(), opened, url));
            }
            LogRequest::ReadFile => {
                drop(worker);
                self.grows.set(false);
                let opened = self.begin();
                spawn_local(read_file(self.clone(), opened, attachment));
            }
            LogRequest::TakeText { grows } => {
                worker.take_whole(&attachment.as_string().unwrap_or_default(), grows);
            }
            LogRequest::Fail(reply) => worker.fail(reply),
            LogRequest::SetToken(token) => drop(self.token.replace(token)),
            LogRequest::SetGrows(grows) => self.grows.set(grows),
            LogRequest::Stop => {
                self.end();
                worker.set_phase(Phase::Stopped);
            }
            LogRequest::SetAxis(axis) => worker.set_axis(axis),
            LogRequest::SetView(settings) => worker.set_view(settings),
            // [`receive`](Self::receive) keeps it.
            LogRequest::Wait { .. } => {}
            LogRequest::Rows(request) => {
                return Ok(LogReply::Rows(RowsJson::encode(&worker.rows(request))));
            }
            LogRequest::IndexOf { line } => return Ok(LogReply::Index(worker.index_of(line))),
            LogRequest::StepMatch { forward } => {
                return Ok(LogReply::Match(worker.step_match(forward)));
            }
            LogRequest::Between(a, b) => return Ok(LogReply::Text(worker.between(a, b))),
            LogRequest::Copy { lines, clock } => {
                return Ok(LogReply::Text(worker.copied(lines, clock)));
            }
            LogRequest::Save => return save(worker.log()).map(LogReply::Text),
        }
        Ok(LogReply::Done)
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
        let version = self.worker.borrow().version();
        let (told, still): (Vec<_>, Vec<_>) = self
            .waiting
            .take()
            .into_iter()
            .partition(|waiting| waiting.known != Some(version));
        self.waiting.replace(still);
        if told.is_empty() {
            return;
        }
        self.told
            .set((now(), Some(self.worker.borrow().milestone())));
        for Waiting { number, poster, .. } in told {
            let report = self.worker.borrow().report();
            reply(&poster, number, Ok(LogReply::Report(Box::new(report))));
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
}

/// All bytes as a file: its address, as long as the worker lives.
fn save(log: &Log) -> Result<String, String> {
    let parts = Array::new();
    for piece in log.pieces() {
        parts.push(&Uint8Array::from(piece));
    }
    let url = Blob::new_with_u8_array_sequence(&parts)
        .and_then(|blob| Url::create_object_url_with_blob(&blob));
    url.map_err(|_| "the browser could not hold the file".to_owned())
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
                    shared.worker.borrow_mut().fail(Reply {
                        body,
                        ..Reply::default()
                    });
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
                let text = text
                    .ok()
                    .and_then(|text| text.as_string())
                    .unwrap_or_default();
                reply.body = without_token(text, &token);
            }
            return End::Broken(reply);
        }
    };
    if known == 0 {
        shared
            .worker
            .borrow_mut()
            .set_total(header("Content-Length").and_then(|text| text.parse().ok()));
    }
    let Some(body) = response.body() else {
        return End::All;
    };
    let before = shared.worker.borrow().log().bytes();
    let end = take(shared, opened, body, skip, tail).await;
    if shared.worker.borrow().log().bytes() > before && !shared.is_packed.get() {
        *tries = 0;
    }
    end
}

/// How reading ends with an error of the browser's.
fn broken(error: &JsValue) -> End {
    End::Broken(Reply {
        body: words(error),
        ..Reply::default()
    })
}

async fn ask(shared: &Shared, url: &str, from: u64) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    if !shared.token.borrow().is_empty() {
        headers.set(
            "Authorization",
            &["Bearer ", &shared.token.borrow()].concat(),
        )?;
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
    Watchdog::new(&shared.scope)
        .wait(shared.scope.fetch_with_request(&request))
        .await?
        .dyn_into()
}

/// Reads a file that somebody dropped.
async fn read_file(shared: Rc<Shared>, opened: u32, file: JsValue) {
    let end = match file.dyn_into::<Blob>() {
        Ok(file) => {
            shared
                .worker
                .borrow_mut()
                .set_total(Some(file.size() as u64));
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
async fn take(
    shared: &Rc<Shared>,
    opened: u32,
    body: ReadableStream,
    mut skip: u64,
    tail: Vec<u8>,
) -> End {
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
            let Ok(value) = value.dyn_into::<Uint8Array>() else {
                return End::All;
            };
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
fn unpack(
    reader: ReadableStreamDefaultReader,
    first: Uint8Array,
) -> Result<ReadableStream, JsValue> {
    let gzip = DecompressionStream::new("gzip")?;
    let to: WritableStream = gzip.writable();
    let writer: WritableStreamDefaultWriter = to.get_writer()?;
    spawn_local(async move {
        let mut next = Some(first);
        while let Some(bytes) = next {
            if JsFuture::from(writer.write_with_chunk(&bytes))
                .await
                .is_err()
            {
                return;
            }
            next = match JsFuture::from(reader.read()).await {
                Ok(read) => Reflect::get(&read, &"value".into())
                    .ok()
                    .and_then(|value| value.dyn_into().ok()),
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
    let message = error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()));
    message
        .or_else(|| error.as_string())
        .unwrap_or_else(|| "the browser does not say why".to_owned())
}

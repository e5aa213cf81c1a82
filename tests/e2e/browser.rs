//! A page in Chromium, driven by the DevTools protocol.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::chromium::Chromium;
use crate::devtools::{Commands, Connection, lock};
use crate::events::{Events, Request};

/// The longest that a test waits for the page to get somewhere. Only a page that never gets
/// there takes that long.
const WAIT_TIMEOUT: Duration = Duration::from_secs(60);

/// How often a test looks whether the page has got there.
const PAUSE: Duration = Duration::from_millis(25);

/// What Chromium answers to a script whose page is left meanwhile.
const LEFT: [&str; 4] = [
    "Execution context was destroyed",
    "Cannot find default execution context",
    "Inspected target navigated or closed",
    "Promise was collected",
];

/// Keys without a character, as WebDriver writes them.
pub mod keys {
    pub const TAB: &str = "\u{e004}";
    pub const ENTER: &str = "\u{e007}";
    pub const ESCAPE: &str = "\u{e00c}";
    pub const LEFT: &str = "\u{e012}";
    pub const UP: &str = "\u{e013}";
    pub const RIGHT: &str = "\u{e014}";
    pub const DOWN: &str = "\u{e015}";
    pub const END: &str = "\u{e010}";
    pub const HOME: &str = "\u{e011}";
}

/// A line of the browser's console.
#[derive(Clone, Debug)]
pub struct ConsoleLine {
    /// `SEVERE` for an error.
    pub level: String,
    pub text: String,
}

/// A page in a browser context of its own, with its own cookies, storage and cache; all of it ends
/// with its owner.
pub struct Browser {
    commands: Commands,
    /// The page's session.
    session: String,
    context: String,
    events: Arc<Mutex<Events>>,
    // The order of these is that of their ends.
    _connection: Connection,
    chromium: Arc<Chromium>,
}

impl Browser {
    /// Opens a page.
    pub async fn start(chromium: Arc<Chromium>) -> Self {
        let events = Arc::new(Mutex::new(Events::default()));
        let noted = events.clone();
        let connection = Connection::open(chromium.endpoint(), move |commands, event| {
            lock(&noted).note(commands, event);
        })
        .await;
        let commands = connection.commands.clone();
        let run = async |session: &str, method: &str, params: Value| {
            commands
                .run(session, method, params)
                .await
                .unwrap_or_else(|error| panic!("{method}: {error}"))
        };
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        // Chromium disposes of the context, and of all that is in it, when the connection ends.
        let made = run(
            "",
            "Target.createBrowserContext",
            json!({ "disposeOnDetach": true }),
        )
        .await;
        let context = text(&made["browserContextId"]);
        let blank = json!({ "url": "about:blank", "browserContextId": context, "newWindow": true });
        let target = text(&run("", "Target.createTarget", blank).await["targetId"]);
        lock(&events).is_of(&target, &context);
        // Windows that the page opens are of its context too.
        run("", "Target.setDiscoverTargets", json!({ "discover": true })).await;
        let attach = json!({ "targetId": target, "flatten": true });
        let session = text(&run("", "Target.attachToTarget", attach).await["sessionId"]);
        for (method, params) in [
            ("Page.enable", json!({})),
            ("Page.setLifecycleEventsEnabled", json!({ "enabled": true })),
            // A window that has not got the focus of its system tells pages nothing of theirs.
            (
                "Emulation.setFocusEmulationEnabled",
                json!({ "enabled": true }),
            ),
        ] {
            run(&session, method, params).await;
        }
        let browser = Self {
            commands,
            session,
            context,
            events,
            _connection: connection,
            chromium,
        };
        browser.resize(WINDOW).await;
        browser
    }

    /// Sends a command of the Chrome DevTools protocol, and returns its result.
    pub async fn devtools(&self, command: &str, mut params: Value) -> Value {
        let session = match command.split('.').next() {
            Some("Target") => "",
            // What concerns the whole browser is meant for the page's context alone.
            Some("Browser") => {
                params["browserContextId"] = self.context.clone().into();
                ""
            }
            _ => &self.session,
        };
        let answer = self.commands.run(session, command, params).await;
        answer.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Goes to an address, and waits until the page is loaded; within a document, until it is there.
    pub async fn goto(&self, url: &str) {
        let before = lock(&self.events).arrivals();
        let went = self.devtools("Page.navigate", json!({ "url": url })).await;
        assert!(went["errorText"].is_null(), "{url}: {}", went["errorText"]);
        self.wait_until(url, || {
            let events = lock(&self.events);
            went["loaderId"].as_str().map_or_else(
                || events.arrivals() > before,
                |loader| events.has_loaded(loader),
            )
        })
        .await;
    }

    pub async fn reload(&self) {
        let before = lock(&self.events).loads();
        self.devtools("Page.reload", json!({})).await;
        self.wait_until("the page is loaded again", || {
            lock(&self.events).loads() > before
        })
        .await;
    }

    pub async fn back(&self) {
        self.go_in_history(-1).await;
    }

    pub async fn forward(&self) {
        self.go_in_history(1).await;
    }

    async fn go_in_history(&self, steps: i64) {
        let history = self.devtools("Page.getNavigationHistory", json!({})).await;
        let to = history["currentIndex"].as_i64().expect("an index") + steps;
        let entry = usize::try_from(to)
            .ok()
            .map(|to| &history["entries"][to]["id"]);
        let entry = entry
            .filter(|id| id.is_number())
            .expect("there is such a page");
        let before = lock(&self.events).arrivals();
        self.devtools("Page.navigateToHistoryEntry", json!({ "entryId": entry }))
            .await;
        self.wait_until("the page of the history is there", || {
            lock(&self.events).arrivals() > before
        })
        .await;
    }

    pub async fn url(&self) -> String {
        self.js("return location.href")
            .await
            .as_str()
            .expect("a text")
            .to_owned()
    }

    /// The value of a JavaScript function body; of a promise, what it resolves to.
    pub async fn js(&self, body: &str) -> Value {
        let start = Instant::now();
        loop {
            match self.evaluate(body).await {
                Ok(value) => return value,
                // The document that comes next answers.
                Err(error)
                    if LEFT.iter().any(|left| error.contains(left))
                        && start.elapsed() < WAIT_TIMEOUT =>
                {
                    tokio::time::sleep(PAUSE).await;
                }
                Err(error) => panic!("{body}: {error}"),
            }
        }
    }

    async fn evaluate(&self, body: &str) -> Result<Value, String> {
        let params = json!({
            "expression": format!("(function () {{ {body}\n}})()"),
            "awaitPromise": true,
            "returnByValue": true,
        });
        let mut answer = self
            .commands
            .run(&self.session, "Runtime.evaluate", params)
            .await?;
        match answer["exceptionDetails"].take() {
            Value::Null => Ok(answer["result"]["value"].take()),
            details => Err(details["exception"]["description"]
                .as_str()
                .map_or_else(|| details.to_string(), str::to_owned)),
        }
    }

    /// Waits until a JavaScript expression is true. One that throws, as of an element that is not there yet,
    /// is not.
    pub async fn wait_until_js(&self, expression: &str) {
        let start = Instant::now();
        let body = format!("try {{ return !!({expression}) }} catch {{ return false }}");
        while self.js(&body).await != Value::Bool(true) {
            if start.elapsed() > WAIT_TIMEOUT {
                self.give_up(expression).await;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits until the page was drawn, with what it does when it is drawn.
    pub async fn wait_for_frame(&self) {
        self.js("return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))").await;
    }

    /// Waits until something that the page does from outside of it, such as a request, has
    /// happened.
    pub async fn wait_until(&self, what: &str, is_so: impl Fn() -> bool) {
        let start = Instant::now();
        while !is_so() {
            if start.elapsed() > WAIT_TIMEOUT {
                self.give_up(what).await;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn give_up(&self, what: &str) -> ! {
        let url = self.url().await;
        let text = self.js("return document.body.innerText").await;
        let log: Vec<String> = self
            .new_console_lines()
            .await
            .into_iter()
            .map(|line| line.text)
            .collect();
        panic!(
            "never came true: {what}\n--- page {url}\n{}\n--- console\n{}",
            text.as_str().unwrap_or(""),
            log.join("\n")
        );
    }

    /// Waits for an element.
    pub async fn wait_for(&self, css: &str) {
        self.wait_until_js(&format!("document.querySelector({})", quote(css)))
            .await;
    }

    /// Waits until an element's text contains `part`.
    pub async fn wait_for_text(&self, css: &str, part: &str) {
        let (css, part) = (quote(css), quote(part));
        self.wait_until_js(&format!(
            "[...document.querySelectorAll({css})].some(e => e.innerText.includes({part}))"
        ))
        .await;
    }

    /// Notes the texts of such elements from now on, for [`wait_for_noted`](Self::wait_for_noted): a text that is
    /// shown for seconds only may be gone before a test looks.
    pub async fn watch(&self, css: &str) {
        self.js(&format!(
            "window.noted = '';
             window.watch?.disconnect();
             window.watch = new MutationObserver(() => {{
               noted += [...document.querySelectorAll({})].map(e => e.innerText).join('\\n') + '\\n' }});
             watch.observe(document, {{ subtree: true, childList: true, characterData: true }})",
            quote(css)
        ))
        .await;
    }

    /// Waits until an element that is [`watched`](Self::watch) has shown a text.
    pub async fn wait_for_noted(&self, part: &str) {
        self.wait_until_js(&format!("noted.includes({})", quote(part)))
            .await;
    }

    /// The text of the first element, as shown; nothing when there is none.
    pub async fn text(&self, css: &str) -> String {
        let value = self
            .js(&format!(
                "return document.querySelector({})?.innerText ?? ''",
                quote(css)
            ))
            .await;
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until there is no such element.
    pub async fn wait_gone(&self, css: &str) {
        self.wait_until_js(&format!("!document.querySelector({})", quote(css)))
            .await;
    }

    /// The texts of all elements, as shown.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        let body = format!(
            "return [...document.querySelectorAll({})].map(e => e.innerText)",
            quote(css)
        );
        serde_json::from_value(self.js(&body).await).expect("a list of texts")
    }

    /// How many elements there are.
    pub async fn count(&self, css: &str) -> u64 {
        let value = self
            .js(&format!(
                "return document.querySelectorAll({}).length",
                quote(css)
            ))
            .await;
        value.as_u64().expect("a count")
    }

    /// The addresses of all links.
    pub async fn links(&self, css: &str) -> Vec<String> {
        let body = format!(
            "return [...document.querySelectorAll({})].map(e => e.href)",
            quote(css)
        );
        serde_json::from_value(self.js(&body).await).expect("a list of addresses")
    }

    /// Waits for an element, and clicks it as a person would.
    pub async fn click(&self, css: &str) {
        self.click_text(css, "").await;
    }

    /// Waits for an element whose text contains `text`, and clicks the first: of those that take its
    /// place, if the page draws it anew meanwhile.
    pub async fn click_text(&self, css: &str, text: &str) {
        let start = Instant::now();
        // A person would try again, too, where something has moved.
        while !self.click_first(css, text).await {
            if start.elapsed() > WAIT_TIMEOUT {
                self.give_up(&format!("a click on {css} {text:?}")).await;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Clicks the first element with a text that can be clicked, if there is one. Whether it got the click:
    /// it may have moved while the pointer came.
    async fn click_first(&self, css: &str, text: &str) -> bool {
        let find = format!(
            "const found = [...document.querySelectorAll({})].find(
               e => !e.disabled && (e.innerText ?? e.textContent).includes({}));
             if (!found) return null;
             {POINT_OF}
             const point = pointOf(found);
             // It has no place yet, or something lies over it.
             if (!isHit(found, point)) return null;
             window.pressed = false;
             found.addEventListener('click', () => {{ window.pressed = true }}, {{ capture: true, once: true }});
             return point",
            quote(css),
            quote(text)
        );
        let point = self.js(&find).await;
        let Some(point) = point.as_array() else {
            return false;
        };
        self.mouse("mouseMoved", point, json!({})).await;
        let left = json!({ "button": "left", "clickCount": 1 });
        self.mouse("mousePressed", point, left.clone()).await;
        self.mouse("mouseReleased", point, left).await;
        // Another document knows nothing of it.
        self.js("return window.pressed !== false").await == true
    }

    async fn mouse(&self, kind: &str, point: &[Value], mut params: Value) {
        params["type"] = kind.into();
        params["x"] = point[0].clone();
        params["y"] = point[1].clone();
        self.devtools("Input.dispatchMouseEvent", params).await;
    }

    /// Waits for an element, and puts the pointer on it.
    pub async fn hover(&self, css: &str) {
        self.wait_for(css).await;
        // The pointer only goes to what is in the window.
        let find = format!(
            "const found = document.querySelector({});
             found.scrollIntoView({{ block: 'center' }});
             {POINT_OF}
             return pointOf(found)",
            quote(css)
        );
        let point = self.js(&find).await;
        let point = point
            .as_array()
            .unwrap_or_else(|| panic!("{css} has no place"));
        self.mouse("mouseMoved", point, json!({})).await;
    }

    /// Puts the pointer into a corner of the window.
    pub async fn hover_nothing(&self) {
        self.mouse("mouseMoved", &[1.into(), 1.into()], json!({}))
            .await;
    }

    /// Types into a field, after what is there; into one for files, paths, a line each.
    pub async fn type_into(&self, css: &str, keys: &str) {
        self.wait_for(css).await;
        let element = quote(css);
        if self
            .js(&format!(
                "return document.querySelector({element}).type === 'file'"
            ))
            .await
            == true
        {
            let find = json!({ "expression": format!("document.querySelector({element})") });
            let found = self.devtools("Runtime.evaluate", find).await;
            let files: Vec<&str> = keys.lines().collect();
            let params = json!({ "files": files, "objectId": found["result"]["objectId"] });
            self.devtools("DOM.setFileInputFiles", params).await;
            return;
        }
        let focus = format!(
            "const field = document.querySelector({element});
             // What is selected in a field that has the focus is typed over.
             if (document.activeElement !== field) {{
               field.focus();
               field.setSelectionRange?.(field.value.length, field.value.length);
             }}
             return document.activeElement === field"
        );
        assert_eq!(self.js(&focus).await, true, "{css} takes no keys");
        self.press(keys).await;
    }

    /// Presses keys, one after the other, in whatever has the focus.
    pub async fn press(&self, keys: &str) {
        let mut last = None;
        for key in keys.chars().map(key) {
            for kind in [
                if key["text"].is_null() {
                    "rawKeyDown"
                } else {
                    "keyDown"
                },
                "keyUp",
            ] {
                let mut params = key.clone();
                params["type"] = kind.into();
                last = Some(
                    self.commands
                        .send(&self.session, "Input.dispatchKeyEvent", params),
                );
            }
        }
        // They are taken in their order.
        if let Some(last) = last {
            last.await.expect("Chromium runs").expect("keys are taken");
        }
    }

    /// Gives an element the focus.
    pub async fn focus(&self, css: &str) {
        self.wait_for(css).await;
        self.js(&format!("document.querySelector({}).focus()", quote(css)))
            .await;
    }

    /// What the page, its frames and its workers wrote to the console since the last call, and errors of
    /// loading.
    pub async fn new_console_lines(&self) -> Vec<ConsoleLine> {
        self.flush().await;
        lock(&self.events).take_console_lines()
    }

    /// All requests since the last call that the page, its frames, its workers or windows of its own made,
    /// whether or not they were answered.
    pub async fn new_requests(&self) -> Vec<Request> {
        self.flush().await;
        lock(&self.events).take_requests()
    }

    /// Waits until all events that Chromium has sent so far have come: it answers after them.
    async fn flush(&self) {
        let sessions = lock(&self.events).sessions();
        let answers: Vec<_> = sessions
            .iter()
            .map(|session| {
                self.commands
                    .run(session, "Runtime.getIsolateId", json!({}))
            })
            .collect();
        // A worker that has ended does not answer.
        futures::future::join_all(answers).await;
    }

    /// How much memory the processes that draw pages have, workers included, in bytes.
    pub fn renderers_memory(&self) -> u64 {
        let processes: Vec<(u32, u32, u64)> = std::fs::read_dir("/proc")
            .expect("the system's processes")
            .filter_map(|entry| {
                let entry = entry.ok()?;
                let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
                let status = std::fs::read_to_string(entry.path().join("status")).ok()?;
                let number = |key: &str| {
                    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
                    line.split_whitespace().next()?.parse::<u64>().ok()
                };
                let command = std::fs::read(entry.path().join("cmdline")).ok()?;
                let draws = String::from_utf8_lossy(&command).contains("--type=renderer");
                let memory = if draws {
                    1024 * number("VmRSS:").unwrap_or(0)
                } else {
                    0
                };
                Some((pid, number("PPid:")? as u32, memory))
            })
            .collect();
        // Other tests have a browser of theirs.
        let mut ours = vec![self.chromium.root_process()];
        let mut at = 0;
        while let Some(parent) = ours.get(at).copied() {
            ours.extend(
                processes
                    .iter()
                    .filter(|(_, of, _)| *of == parent)
                    .map(|(pid, _, _)| *pid),
            );
            at += 1;
        }
        processes
            .iter()
            .filter(|(pid, _, _)| ours.contains(pid))
            .map(|(_, _, memory)| memory)
            .sum()
    }

    /// Runs a script in every document from now on, before the document's own. Returns its id.
    pub async fn prepare(&self, source: &str) -> String {
        let made = self
            .devtools(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": source }),
            )
            .await;
        made["identifier"].as_str().expect("an id").to_owned()
    }

    /// Runs a script of [`prepare`](Self::prepare) no more.
    pub async fn unprepare(&self, id: &str) {
        self.devtools(
            "Page.removeScriptToEvaluateOnNewDocument",
            json!({ "identifier": id }),
        )
        .await;
    }

    /// Lets the clock stand still, in the page and its workers, for documents that are loaded from now on:
    /// at so many milliseconds since 1970.
    pub async fn stop_clock(&self, millis: i64) {
        let script = format!("Date.now = () => {millis}");
        lock(&self.events).prepare_workers(script.clone());
        self.prepare(&script).await;
    }

    /// Gives the page a window of so many pixels.
    pub async fn resize(&self, (width, height): (u32, u32)) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
        self.wait_until_js(&format!("innerWidth === {width}")).await;
        self.wait_for_frame().await;
    }
}

/// The window of a page, in pixels.
const WINDOW: (u32, u32) = (1_400, 860);

/// A JavaScript function: the middle of the first box of an element that it has brought into view; nothing
/// where it has no box.
const POINT_OF: &str = "const pointOf = element => {
    const middle = () => {
      const [box] = element.getClientRects();
      return box && box.width && box.height ? [box.x + box.width / 2, box.y + box.height / 2] : null;
    };
    for (const block of ['nearest', 'center'])
      if (!isHit(element, middle())) element.scrollIntoView({ behavior: 'instant', block, inline: block });
    return middle();
  };
  const isHit = (element, point) => !!point && element.contains(document.elementFromPoint(...point));";

/// A key as `Input.dispatchKeyEvent` takes it. Where there is a text, it is typed.
fn key(character: char) -> Value {
    let named =
        |key: &str, code: u32| json!({ "key": key, "code": key, "windowsVirtualKeyCode": code });
    match character.to_string().as_str() {
        keys::TAB => named("Tab", 9),
        keys::ENTER => {
            let mut enter = named("Enter", 13);
            enter["text"] = "\r".into();
            enter
        }
        keys::ESCAPE => named("Escape", 27),
        keys::END => named("End", 35),
        keys::HOME => named("Home", 36),
        keys::LEFT => named("ArrowLeft", 37),
        keys::UP => named("ArrowUp", 38),
        keys::RIGHT => named("ArrowRight", 39),
        keys::DOWN => named("ArrowDown", 40),
        text => {
            let upper = character.to_ascii_uppercase();
            let (code, virtual_code) = match upper {
                'A'..='Z' => (format!("Key{upper}"), u32::from(upper)),
                '0'..='9' => (format!("Digit{upper}"), u32::from(upper)),
                ' ' => ("Space".to_owned(), 32),
                _ => (String::new(), 0),
            };
            json!({
                "key": text, "text": text, "code": code, "windowsVirtualKeyCode": virtual_code,
                // Shift is 8.
                "modifiers": if character.is_ascii_uppercase() { 8 } else { 0 },
            })
        }
    }
}

/// A text as a JavaScript literal.
pub fn quote(text: &str) -> String {
    Value::from(text).to_string()
}

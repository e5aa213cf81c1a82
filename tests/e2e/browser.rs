//! Real Chromium, driven through ChromeDriver.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::net_log::NetLog;

/// The longest that a test waits for the page to get somewhere. Only a page that never gets
/// there takes that long.
const PATIENCE: Duration = Duration::from_secs(120);

/// That an element was replaced, covered or hidden while the pointer came.
const MOVED: [&str; 3] = ["stale element reference", "element click intercepted", "element not interactable"];

/// How often a test looks whether the page has got there.
const PAUSE: Duration = Duration::from_millis(50);

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
pub struct Line {
    /// `SEVERE` for an error.
    pub level: String,
    pub text: String,
}

/// A Chromium that crashes before it shows a page says nothing of the viewer.
const MOST_STARTS: u32 = 3;

/// Starts Chromium with a new profile, by the driver behind a port.
async fn open(port: u16) -> (Client, TempDir, NetLog) {
    for start in 1.. {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let net_log = NetLog::new(profile.path());
        let [log, headers] = net_log.arguments();
        let mut options = json!({
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                // Containers often have a /dev/shm too small for the browser.
                "--disable-dev-shm-usage",
                "--window-size=1400,1000",
                // Nothing but loopback can be reached, whatever a page asks for.
                "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
                format!("--user-data-dir={}", profile.path().display()),
                log, headers,
            ],
        });
        if let Ok(binary) = std::env::var("CHROMIUM") {
            options["binary"] = binary.into();
        }
        let capabilities = json!({
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let Value::Object(capabilities) = capabilities else { unreachable!("it is written as an object") };
        let session = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await;
        match session {
            Ok(client) => return (client, profile, net_log),
            Err(error) if start < MOST_STARTS => eprintln!("Chromium did not start, once more: {error}"),
            Err(error) => panic!("Chromium does not start: {error}"),
        }
    }
    unreachable!("it returns or panics before")
}

/// A browser of its own, with a new profile; it ends with its owner.
pub struct Browser {
    client: Client,
    session: String,
    port: u16,
    driver: Child,
    net_log: NetLog,
    /// How often the log of the network was looked at.
    looks: AtomicU32,
    _profile: TempDir,
}

impl Browser {
    pub async fn start() -> Self {
        // It may find that the port that it chose has just been taken, and ends.
        let (driver, port) = (0..3).find_map(|_| start_driver()).expect("the driver says its port");
        let (client, profile, net_log) = open(port).await;
        let session = client.session_id().await.expect("the browser answers").expect("the session has an id");
        let looks = AtomicU32::new(0);
        let browser = Self { client, session, port, driver, net_log, looks, _profile: profile };
        // A window that has not got the focus of its system tells pages nothing of theirs.
        browser.devtools("Emulation.setFocusEmulationEnabled", json!({ "enabled": true })).await;
        // The console says of an error that nobody caught where it was thrown, and not how it came there.
        let stack = "addEventListener('error', ({ error }) => error?.stack && console.error(error.stack))";
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": stack })).await;
        browser
    }

    pub async fn goto(&self, url: &str) {
        self.client.goto(url).await.expect("the page loads");
    }

    pub async fn reload(&self) {
        self.client.refresh().await.expect("the page reloads");
    }

    pub async fn back(&self) {
        self.client.back().await.expect("there is a page before");
    }

    pub async fn forward(&self) {
        self.client.forward().await.expect("there is a page after");
    }

    pub async fn url(&self) -> String {
        self.client.current_url().await.expect("the page has an address").to_string()
    }

    /// The value of a JavaScript function body.
    pub async fn js(&self, body: &str) -> Value {
        self.client.execute(body, vec![]).await.unwrap_or_else(|error| panic!("{body}: {error}"))
    }

    /// Waits until a JavaScript expression is true. One that throws, as of an element that is not there yet,
    /// is not.
    pub async fn until(&self, expression: &str) {
        let start = Instant::now();
        let body = format!("try {{ return !!({expression}) }} catch {{ return false }}");
        while self.js(&body).await != Value::Bool(true) {
            if start.elapsed() > PATIENCE {
                self.give_up(expression).await;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits until the page was drawn, with what it does when it is drawn.
    pub async fn drawn(&self) {
        self.js("return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))").await;
    }

    /// Waits until something that the page does from outside of it, such as a request, has
    /// happened.
    pub async fn until_so(&self, what: &str, is_so: impl Fn() -> bool) {
        let start = Instant::now();
        while !is_so() {
            if start.elapsed() > PATIENCE {
                self.give_up(what).await;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn give_up(&self, what: &str) -> ! {
        let url = self.url().await;
        let text = self.js("return document.body.innerText").await;
        let log: Vec<String> = self.new_lines().await.into_iter().map(|line| line.text).collect();
        panic!(
            "never came true: {what}\n--- page {url}\n{}\n--- console\n{}",
            text.as_str().unwrap_or(""),
            log.join("\n")
        );
    }

    /// Waits for an element.
    pub async fn see(&self, css: &str) {
        self.until(&format!("document.querySelector({})", quote(css))).await;
    }

    /// Waits until an element's text contains `part`.
    pub async fn see_text(&self, css: &str, part: &str) {
        let (css, part) = (quote(css), quote(part));
        self.until(&format!("[...document.querySelectorAll({css})].some(e => e.innerText.includes({part}))"))
            .await;
    }

    /// Notes from now on what such elements say, for [`seen`](Self::seen): what stands there for seconds only
    /// may be gone before a test looks.
    pub async fn watch(&self, css: &str) {
        self.js(&format!(
            "window.said = '';
             window.watch?.disconnect();
             window.watch = new MutationObserver(() => {{
               said += [...document.querySelectorAll({})].map(e => e.innerText).join('\\n') + '\\n' }});
             watch.observe(document, {{ subtree: true, childList: true, characterData: true }})",
            quote(css)
        ))
        .await;
    }

    /// Waits until what is [`watched`](Self::watch) has said something.
    pub async fn seen(&self, part: &str) {
        self.until(&format!("said.includes({})", quote(part))).await;
    }

    /// The text of the first element, as shown; nothing when there is none.
    pub async fn text(&self, css: &str) -> String {
        let value = self.js(&format!("return document.querySelector({})?.innerText ?? ''", quote(css))).await;
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until there is no such element.
    pub async fn gone(&self, css: &str) {
        self.until(&format!("!document.querySelector({})", quote(css))).await;
    }

    /// The texts of all elements, as shown.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        let body = format!("return [...document.querySelectorAll({})].map(e => e.innerText)", quote(css));
        serde_json::from_value(self.js(&body).await).expect("a list of texts")
    }

    /// How many elements there are.
    pub async fn count(&self, css: &str) -> u64 {
        let value = self.js(&format!("return document.querySelectorAll({}).length", quote(css))).await;
        value.as_u64().expect("a count")
    }

    /// The addresses of all links.
    pub async fn links(&self, css: &str) -> Vec<String> {
        let body = format!("return [...document.querySelectorAll({})].map(e => e.href)", quote(css));
        serde_json::from_value(self.js(&body).await).expect("a list of addresses")
    }

    /// Waits for an element.
    async fn find(&self, css: &str) -> Element {
        self.see(css).await;
        self.client.find(Locator::Css(css)).await.unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    /// Waits for an element, and clicks it as a person would.
    pub async fn click(&self, css: &str) {
        self.click_text(css, "").await;
    }

    /// Waits for an element whose text contains `text`, and clicks the first: of those that take its
    /// place, if the page draws it anew meanwhile.
    pub async fn click_text(&self, css: &str, text: &str) {
        let start = Instant::now();
        loop {
            match self.click_first(css, text).await {
                Ok(true) => return,
                Ok(false) => {}
                // A person would try again, too, where something has moved.
                Err(CmdError::Standard(error)) if MOVED.contains(&&*error.error()) => {}
                Err(error) => panic!("{css} {text:?} cannot be clicked: {error}"),
            }
            if start.elapsed() > PATIENCE {
                self.give_up(&format!("a click on {css} {text:?}")).await;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Clicks the first element with a text that can be clicked, if there is one. Whether it got the click:
    /// it may have moved while the pointer came.
    async fn click_first(&self, css: &str, text: &str) -> Result<bool, CmdError> {
        let find = format!(
            "const found = [...document.querySelectorAll({})].find(
               e => !e.disabled && (e.innerText ?? e.textContent).includes({}));
             window.pressed = false;
             found?.addEventListener('click', () => {{ window.pressed = true }}, {{ capture: true, once: true }});
             return found ?? null",
            quote(css),
            quote(text)
        );
        let found = self.client.execute(&find, vec![]).await?;
        let Some(id) = found.as_object().and_then(|found| found.values().next()?.as_str()) else {
            return Ok(false);
        };
        Element::from_element_id(self.client.clone(), id.to_owned().into()).click().await?;
        // Another document knows nothing of it.
        Ok(self.client.execute("return window.pressed !== false", vec![]).await? == Value::Bool(true))
    }

    /// Waits for an element, and puts the pointer on it.
    pub async fn hover(&self, css: &str) {
        let element = self.find(css).await;
        // The pointer only goes to what is in the window.
        self.js(&format!("document.querySelector({}).scrollIntoView({{ block: 'center' }})", quote(css)))
            .await;
        let to = PointerAction::MoveToElement { element, duration: None, x: 0.0, y: 0.0 };
        let mouse = MouseActions::new("mouse".to_owned()).then(to);
        self.client.perform_actions(mouse).await.unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Puts the pointer into a corner of the window.
    pub async fn hover_nothing(&self) {
        let to = PointerAction::MoveTo { duration: None, x: 1.0, y: 1.0 };
        let mouse = MouseActions::new("mouse".to_owned()).then(to);
        self.client.perform_actions(mouse).await.expect("the pointer moves");
    }

    /// Types into a field, after what is there.
    pub async fn type_into(&self, css: &str, keys: &str) {
        let element = self.find(css).await;
        element.send_keys(keys).await.unwrap_or_else(|error| panic!("{css} takes no keys: {error}"));
    }

    /// Presses keys, one after the other, in whatever has the focus.
    pub async fn press(&self, keys: &str) {
        let mut actions = KeyActions::new("keys".to_owned());
        for value in keys.chars() {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client.perform_actions(actions).await.expect("keys are taken");
    }

    /// Gives an element the focus.
    pub async fn focus(&self, css: &str) {
        self.see(css).await;
        self.js(&format!("document.querySelector({}).focus()", quote(css))).await;
    }

    /// What the page wrote to its console since the last call, and errors of loading.
    pub async fn new_lines(&self) -> Vec<Line> {
        self.drain("browser")
            .await
            .iter()
            .map(|entry| Line {
                level: entry["level"].as_str().unwrap_or_default().to_owned(),
                text: entry["message"].as_str().unwrap_or_default().to_owned(),
            })
            .collect()
    }

    /// All requests over the network since the last call, whether or not they were answered, as the
    /// DevTools protocol describes them: each, and with the same `requestId` the headers as they were
    /// sent.
    pub async fn new_requests(&self) -> Vec<Value> {
        self.drain("performance")
            .await
            .iter()
            .filter_map(|entry| serde_json::from_str::<Value>(entry["message"].as_str()?).ok())
            .filter(|event| {
                ["Network.requestWillBeSent", "Network.requestWillBeSentExtraInfo"]
                    .contains(&event["message"]["method"].as_str().unwrap_or_default())
            })
            .map(|mut event| event["message"]["params"].take())
            // The browser's own pages, which a new one may open, and data in an address.
            .filter(|event| {
                let url = event["request"]["url"].as_str().unwrap_or_default();
                !["chrome:", "chrome-untrusted:", "data:", "blob:"]
                    .iter()
                    .any(|scheme| url.starts_with(scheme))
            })
            .collect()
    }

    /// What the browser's network service has logged so far, of whoever asked. The browser writes it in
    /// pieces: what it is asked for here, of `host`, is the end of it.
    pub async fn net_log(&self, host: &str) -> &NetLog {
        let look = self.looks.fetch_add(1, Ordering::Relaxed);
        let end = format!("{host}?look={look}");
        let start = Instant::now();
        while !self.net_log.has(&end) {
            if start.elapsed() > PATIENCE {
                self.give_up("the log of the network is written").await;
            }
            let ask =
                format!("fetch({}, {{ mode: 'no-cors', cache: 'no-store' }}).catch(() => {{}})", quote(&end));
            self.js(&ask).await;
            tokio::time::sleep(4 * PAUSE).await;
        }
        &self.net_log
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
                let memory = if draws { 1024 * number("VmRSS:").unwrap_or(0) } else { 0 };
                Some((pid, number("PPid:")? as u32, memory))
            })
            .collect();
        // Other tests have browsers of their own.
        let mut ours = vec![self.driver.id()];
        let mut at = 0;
        while let Some(parent) = ours.get(at).copied() {
            ours.extend(processes.iter().filter(|(_, of, _)| *of == parent).map(|(pid, _, _)| *pid));
            at += 1;
        }
        processes.iter().filter(|(pid, _, _)| ours.contains(pid)).map(|(_, _, memory)| memory).sum()
    }

    async fn drain(&self, log: &str) -> Vec<Value> {
        let command = Raw { path: "se/log", body: json!({ "type": log }) };
        match self.client.issue_cmd(command).await.expect("the browser's log") {
            Value::Array(entries) => entries,
            other => panic!("no log: {other}"),
        }
    }

    /// Runs a script in every document from now on, before the document's own. Returns its id.
    pub async fn prepare(&self, source: &str) -> String {
        let made = self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
        made["identifier"].as_str().expect("an id").to_owned()
    }

    /// Runs a script of [`prepare`](Self::prepare) no more.
    pub async fn unprepare(&self, id: &str) {
        self.devtools("Page.removeScriptToEvaluateOnNewDocument", json!({ "identifier": id })).await;
    }

    /// Gives the page a window of so many pixels.
    pub async fn resize(&self, (width, height): (u32, u32)) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        self.until(&format!("innerWidth === {width}")).await;
        self.drawn().await;
    }

    /// Sends a command of the Chrome DevTools protocol.
    pub async fn devtools(&self, command: &str, params: Value) -> Value {
        let command = Raw { path: "goog/cdp/execute", body: json!({ "cmd": command, "params": params }) };
        self.client.issue_cmd(command).await.expect("the browser takes the command")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Ends the browser too, which killing the driver alone would leave behind.
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let request = format!(
                "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
                self.session
            );
            let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
            if stream.write_all(request.as_bytes()).is_ok() {
                let _ = stream.read(&mut [0; 64]);
            }
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// A driver, and the port that it says it took.
fn start_driver() -> Option<(Child, u16)> {
    let driver = std::env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".into());
    let mut driver = Command::new(&driver)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{driver} does not start ({error}): run scripts/test"));
    let stdout = driver.stdout.take().expect("the driver's output is piped");
    let mut lines = BufReader::new(stdout).lines();
    let port = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok());
    let Some(port) = port else {
        let _ = driver.kill();
        let _ = driver.wait();
        return None;
    };
    // The driver must never block on a full pipe.
    std::thread::spawn(move || lines.for_each(drop));
    Some((driver, port))
}

/// A text as a JavaScript literal.
pub fn quote(text: &str) -> String {
    Value::from(text).to_string()
}

/// A command that is not in the WebDriver standard.
#[derive(Debug)]
struct Raw {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Raw {
    fn endpoint(&self, base_url: &url::Url, session_id: Option<&str>) -> Result<url::Url, url::ParseError> {
        let session = session_id.expect("a session is open");
        base_url.join(&format!("session/{session}/{}", self.path))
    }

    fn method_and_body(&self, _url: &url::Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

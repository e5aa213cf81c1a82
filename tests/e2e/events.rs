//! What Chromium tells of a test's page: its console, its requests, and where it went.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use crate::browser::ConsoleLine;
use crate::devtools::{Commands, Event};

/// Schemes of addresses that leave no browser.
const INSIDE: [&str; 6] = [
    "about:",
    "blob:",
    "chrome:",
    "chrome-untrusted:",
    "data:",
    "devtools:",
];

/// Schemes of pages that belong to the browser or an extension, and to no test.
const BROWSERS_OWN: [&str; 4] = [
    "chrome:",
    "chrome-extension:",
    "chrome-untrusted:",
    "devtools:",
];

/// A request over the network, or what is known of its headers.
#[derive(Clone, Debug)]
pub struct Request {
    /// The kind of the target that made it: `page` for the page and its frames, `iframe` for a frame of
    /// another process, `worker`, `shared_worker` or `service_worker`.
    pub by: String,
    /// The DevTools protocol's event: `requestWillBeSent`, or with the same `requestId` the headers as
    /// they were sent, of `requestWillBeSentExtraInfo`.
    pub event: Value,
}

/// What has happened in the targets of one test.
#[derive(Debug, Default)]
pub struct Events {
    /// The page's target, which is also the id of its main frame.
    page: String,
    context: String,
    /// The kinds of the targets that are attached, by session.
    kinds: HashMap<String, String>,
    lines: Vec<ConsoleLine>,
    requests: Vec<Request>,
    /// The documents of the page that are loaded, by loader.
    loaded: HashSet<String>,
    loads: usize,
    arrivals: usize,
    /// Runs in every worker before its own script.
    workers_script: Option<String>,
}

impl Events {
    /// Runs a script in every worker from now on, before the worker's own.
    pub fn prepare_workers(&mut self, script: String) {
        self.workers_script = Some(script);
    }

    /// Says whose events these are.
    pub fn is_of(&mut self, page: &str, context: &str) {
        page.clone_into(&mut self.page);
        context.clone_into(&mut self.context);
    }

    /// Notes an event, and makes ready for those of a target that is new.
    pub fn note(&mut self, commands: &Commands, event: Event) {
        let Event {
            session,
            method,
            params,
        } = event;
        match method.as_str() {
            "Target.attachedToTarget" => self.attached(commands, &params),
            "Target.targetCreated" => self.created(commands, &params["targetInfo"]),
            "Target.detachedFromTarget" => {
                self.kinds
                    .remove(params["sessionId"].as_str().unwrap_or_default());
            }
            "Network.requestWillBeSent" | "Network.requestWillBeSentExtraInfo" => {
                self.requested(&session, params);
            }
            // A request too, by another name.
            "Network.webSocketCreated" | "Network.webTransportCreated" => {
                let request = json!({ "url": params["url"], "method": "GET", "headers": {} });
                let id = &params["requestId"];
                self.requested(&session, json!({ "requestId": id, "request": request }));
            }
            "Log.entryAdded" => {
                let entry = &params["entry"];
                let url = entry["url"].as_str().unwrap_or_default();
                let text = entry["text"].as_str().unwrap_or_default();
                self.line(&entry["level"], format!("{url} {text}"));
            }
            "Runtime.consoleAPICalled" => {
                let words = params["args"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(console_argument);
                self.line(&params["type"], words.collect::<Vec<_>>().join(" "));
            }
            "Runtime.exceptionThrown" => {
                let details = &params["exceptionDetails"];
                let text = details["text"].as_str().unwrap_or_default();
                let stack = details["exception"]["description"]
                    .as_str()
                    .unwrap_or_default();
                self.line(&"error".into(), format!("{text} {stack}"));
            }
            "Page.lifecycleEvent"
                if params["name"] == "load" && params["frameId"] == *self.page =>
            {
                self.loaded
                    .insert(params["loaderId"].as_str().unwrap_or_default().to_owned());
                self.loads += 1;
                self.arrivals += 1;
            }
            "Page.navigatedWithinDocument" if params["frameId"] == *self.page => self.arrivals += 1,
            // A document that was kept is not loaded again.
            "Page.frameNavigated"
                if params["type"] == "BackForwardCacheRestore"
                    && params["frame"]["id"] == *self.page =>
            {
                self.arrivals += 1;
            }
            _ => {}
        }
    }

    /// Listens to a target, and to those that it makes, before it goes on.
    fn attached(&mut self, commands: &Commands, params: &Value) {
        let session = params["sessionId"].as_str().unwrap_or_default();
        let kind = params["targetInfo"]["type"].as_str().unwrap_or_default();
        self.kinds.insert(session.to_owned(), kind.to_owned());
        if let Some(script) = self.workers_script.as_deref().filter(|_| kind == "worker") {
            drop(commands.send(session, "Runtime.evaluate", json!({ "expression": script })));
        }
        let children =
            json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true });
        for (method, params) in [
            ("Network.enable", json!({})),
            ("Runtime.enable", json!({})),
            ("Log.enable", json!({})),
            ("Target.setAutoAttach", children),
            ("Runtime.runIfWaitingForDebugger", json!({})),
        ] {
            // Not every kind of target knows all of them, and one may be gone already.
            drop(commands.send(session, method, params));
        }
    }

    /// Attaches to what the page has made that lives outside of it: a window, or a worker of many pages.
    fn created(&self, commands: &Commands, target: &Value) {
        let kind = target["type"].as_str().unwrap_or_default();
        let is_ours = ["page", "shared_worker", "service_worker"].contains(&kind)
            && target["browserContextId"] == *self.context;
        if is_ours && target["targetId"] != *self.page {
            let attach = json!({ "targetId": target["targetId"], "flatten": true });
            drop(commands.send("", "Target.attachToTarget", attach));
        }
    }

    fn requested(&mut self, session: &str, event: Value) {
        let begins_with = |value: &Value, schemes: &[&str]| {
            let text = value.as_str().unwrap_or_default();
            schemes.iter().any(|scheme| text.starts_with(scheme))
        };
        let is_browsers = begins_with(&event["documentURL"], &BROWSERS_OWN);
        // The headers, which come by themselves, have no address.
        if is_browsers || begins_with(&event["request"]["url"], &INSIDE) {
            return;
        }
        let Some(by) = self.kinds.get(session) else {
            return;
        };
        self.requests.push(Request {
            by: by.clone(),
            event,
        });
    }

    fn line(&mut self, level: &Value, text: String) {
        let level = match level.as_str().unwrap_or_default() {
            "error" | "assert" => "SEVERE",
            other => other,
        };
        self.lines.push(ConsoleLine {
            level: level.to_owned(),
            text,
        });
    }

    pub fn take_console_lines(&mut self) -> Vec<ConsoleLine> {
        std::mem::take(&mut self.lines)
    }

    pub fn take_requests(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.requests)
    }

    /// The sessions of all targets.
    pub fn sessions(&self) -> Vec<String> {
        self.kinds.keys().cloned().collect()
    }

    /// Whether a document of the page is loaded, by the id of its loader.
    pub fn has_loaded(&self, loader: &str) -> bool {
        self.loaded.contains(loader)
    }

    /// How often a document of the page was loaded.
    pub fn loads(&self) -> usize {
        self.loads
    }

    /// How often the page got somewhere, within a document too.
    pub fn arrivals(&self) -> usize {
        self.arrivals
    }
}

/// What the console shows of an argument.
fn console_argument(argument: &Value) -> String {
    match &argument["value"] {
        Value::String(text) => text.clone(),
        Value::Null => argument["description"]
            .as_str()
            .unwrap_or("null")
            .to_owned(),
        value => value.to_string(),
    }
}

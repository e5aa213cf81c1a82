//! What Chromium's network service logs: every request that leaves, whoever makes it. ChromeDriver's own log
//! has none of those that workers make.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The log of one browser, which the browser writes while it runs.
pub struct NetLog {
    file: PathBuf,
}

impl NetLog {
    /// A log in a folder that ends with the browser.
    pub fn new(folder: &Path) -> Self {
        Self { file: folder.join("net-log.json") }
    }

    /// What lets the browser write it, with the headers that others may not see.
    pub fn arguments(&self) -> [String; 2] {
        let file = self.file.display();
        [format!("--log-net-log={file}"), "--net-log-capture-mode=IncludeSensitive".to_owned()]
    }

    /// The log as far as it is written: an event a line, after lines that say what its numbers mean.
    fn text(&self) -> String {
        let bytes = std::fs::read(&self.file).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Whether a request to an address is in what is written, and so is all that was before it.
    pub fn has(&self, url: &str) -> bool {
        self.text().contains(&format!("\"url\":\"{url}\""))
    }

    /// The addresses of all requests so far that a page, a frame or a worker made, redirections included.
    pub fn requests(&self) -> Vec<String> {
        let text = self.text();
        // The start of a request is the only event that says who asked for it.
        let starts = text.lines().filter(|line| line.contains("\"initiator\":")).filter_map(event);
        let starts = starts.map(|mut event| event["params"].take());
        let is_pages = |of: &Value| {
            // The browser asks for things of its own, by no origin or by one of its pages, and for what
            // somebody types into it.
            let by = of["initiator"].as_str().unwrap_or_default();
            of["request_type"] == "main frame" || !(by == "not an origin" || by.starts_with("chrome"))
        };
        starts.filter(is_pages).filter_map(|of| of["url"].as_str().map(str::to_owned)).collect()
    }

    /// The events of requests, by whomever, that have a text in them: each with the address that it is about.
    pub fn with(&self, part: &str) -> Vec<(String, String)> {
        let text = self.text();
        let mut urls = HashMap::<u64, String>::new();
        let mut found = Vec::new();
        for event in text.lines().filter(|l| l.contains("\"url\":\"") || l.contains(part)).filter_map(event) {
            let source = event["source"]["id"].as_u64().unwrap_or_default();
            if let Some(url) = event["params"]["url"].as_str() {
                urls.insert(source, url.to_owned());
            }
            let event = event.to_string();
            if event.contains(part) {
                found.push((urls.get(&source).cloned().unwrap_or_default(), event));
            }
        }
        found
    }
}

/// An event; nothing for any other line, and for one that is only half written.
fn event(line: &str) -> Option<Value> {
    serde_json::from_str(line.trim_end_matches(',')).ok()
}

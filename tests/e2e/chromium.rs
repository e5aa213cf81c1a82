//! The Chromium process that the tests share.
//!
//! It starts on `about:blank` with a profile and preferences of our own, so that no test depends on
//! what a distribution sets (start page, search engine, first-run pages). Every test has a browser
//! context of its own in it, with its own cookies, storage and cache. The process ends with the last
//! test that uses it.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock, Weak};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::sync::Mutex;

/// A Chromium that crashes while it starts says nothing about the viewer.
const MOST_STARTS: u32 = 3;

/// How long Chromium may take to open its DevTools port.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// Preferences that Chromium writes by itself, or takes from a distribution's `master_preferences`
/// or `initial_preferences`, on the first run of a profile.
const PREFERENCES: &str = r#"{
  "browser": { "check_default_browser": false, "has_seen_welcome_page": true },
  "distribution": { "skip_first_run_ui": true },
  "homepage": "about:blank",
  "homepage_is_newtabpage": false,
  "session": { "restore_on_startup": 4, "startup_urls": ["about:blank"] },
  "search": { "suggest_enabled": false },
  "signin": { "allowed": false },
  "translate": { "enabled": false }
}"#;

const ARGUMENTS: [&str; 17] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // The pages of several tests are open at a time, and none of them is in the background.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    // A window's own controls are pages in newer versions, with a process of their own for each window.
    "--disable-features=InitialWebUI,PreloadTopChromeWebUI,WebUIBackForwardButton,WebUIHomeButton,WebUILocationBar,\
     WebUIOmniboxPopup,WebUIReloadButton,WebUISplitTabsButton,WebUIToolbar",
    // Containers often have a /dev/shm too small for the browser.
    "--disable-dev-shm-usage",
    // Nothing but loopback can be reached, whatever a page asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--remote-debugging-port=0",
    "--window-size=1400,1000",
];

/// A running Chromium.
pub struct Chromium {
    /// Waits for the end of its standard input, then ends the browser: so no browser is left when
    /// the tests are killed.
    keeper: Child,
    /// The address of its DevTools endpoint.
    endpoint: String,
    _profile: TempDir,
}

impl Chromium {
    /// The process that tests share; starts it if none runs.
    pub async fn shared() -> Arc<Self> {
        static SHARED: LazyLock<Mutex<Weak<Chromium>>> = LazyLock::new(Mutex::default);
        let mut shared = SHARED.lock().await;
        if let Some(running) = shared.upgrade().filter(|chromium| chromium.is_running()) {
            return running;
        }
        let started = Arc::new(Self::start("about:blank").await);
        *shared = Arc::downgrade(&started);
        started
    }

    /// A process of a test's own, which opens `start_page` in a window of the default profile.
    pub async fn start(start_page: &str) -> Self {
        for start in 1.. {
            match Self::try_start(start_page).await {
                Ok(chromium) => return chromium,
                Err(why) if start < MOST_STARTS => {
                    eprintln!("Chromium did not start, trying again: {why}")
                }
                Err(why) => panic!("Chromium does not start: {why}"),
            }
        }
        unreachable!("the loop returns or panics")
    }

    async fn try_start(start_page: &str) -> Result<Self, String> {
        let binary = std::env::var("CHROMIUM").unwrap_or_else(|_| "chromium".into());
        let profile = tempfile::tempdir().expect("a folder for the profile");
        std::fs::create_dir(profile.path().join("Default")).expect("a folder for the preferences");
        std::fs::write(profile.path().join("Default/Preferences"), PREFERENCES)
            .expect("preferences");
        std::fs::write(profile.path().join("First Run"), "").expect("the mark of a first run");
        let keeper = Command::new("sh")
            .args([
                "-c",
                r#""$@" </dev/null & read -r _; kill $!; wait"#,
                "sh",
                &binary,
            ])
            .args(ARGUMENTS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(start_page)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{binary}: {error}; run scripts/test"))?;
        let endpoint = endpoint(profile.path()).await?;
        Ok(Self {
            keeper,
            endpoint,
            _profile: profile,
        })
    }

    /// The address of its DevTools endpoint, a WebSocket.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The process that all processes of the browser descend from.
    pub fn root_process(&self) -> u32 {
        self.keeper.id()
    }

    fn is_running(&self) -> bool {
        let host = self
            .endpoint
            .trim_start_matches("ws://")
            .split('/')
            .next()
            .unwrap_or_default();
        std::net::TcpStream::connect(host).is_ok()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // Ends the keeper's `read`.
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// Waits until the browser has written where its DevTools endpoint is.
async fn endpoint(profile: &Path) -> Result<String, String> {
    let start = Instant::now();
    while start.elapsed() < START_TIMEOUT {
        let text = std::fs::read_to_string(profile.join("DevToolsActivePort")).unwrap_or_default();
        if let Some((port, path)) = text.split_once('\n').filter(|(_, path)| !path.is_empty()) {
            return Ok(format!("ws://127.0.0.1:{port}{}", path.trim_end()));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(format!(
        "it opened no DevTools port within {START_TIMEOUT:?}"
    ))
}

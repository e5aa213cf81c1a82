//! A test's own viewer: a stand-in for Cloud Deploy, a host, and a browser.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use const_format::formatcp;
use jobrun_viewer::api::http::{Method, Request};
use jobrun_viewer::core::time::{SignedDuration, Timestamp};
use jobrun_viewer::sim::{Project, Sim};
use jobrun_viewer::stand_in::{LoggedRequest, Options, StandIn};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::browser::{Browser, ConsoleLine, quote};
use crate::chromium::Chromium;
use crate::events::Request as Sent;
use crate::select;
use crate::site::{Config, Site};

/// How many tests run at a time: more than there are cores, since most of a test is waiting.
static TURNS: Semaphore = Semaphore::const_new(AT_ONCE as usize);
const AT_ONCE: u32 = 4;

/// Longer than the viewer waits between two polls of a live rollout, and twice.
pub const SOME_POLLS: Duration = Duration::from_secs(5);

/// Longer than the viewer ever waits between two polls when none has failed.
pub const ANY_POLL: Duration = Duration::from_secs(12);

/// What asks to terminate the run that is shown.
pub const TERMINATE: &str = select::run_panel::TERMINATE;

/// A rollout of the stand-in's world: pipeline, release and target.
pub type Rollout = (&'static str, &'static str, &'static str);
/// Being verified.
pub const LIVE: Rollout = ("checkout", "rel-20261124-b71e09c", "prod");
/// Predeploy, deploy, verify and postdeploy, all succeeded.
pub const DONE: Rollout = ("checkout", "rel-20261120-3f9c2d1", "prod");
/// Failed in its third attempt to verify at 50 %.
pub const CANARY: Rollout = ("payments-api", "rel-20261123-c40d7e8", "prod-gke");
/// Being analysed; a deploy policy forbids to terminate it.
pub const ANALYSIS: Rollout = ("recommendations", "rel-20261124-6e2b5d0", "prod");
/// Failed by alerts.
pub const ALERTS: Rollout = ("search-index", "rel-20261124-0aa91f2", "prod");
/// A custom target.
pub const CUSTOM: Rollout = ("edge-rules", "rel-20261121-77f0e4a", "edge-prod");
/// Waits in the queue.
pub const QUEUED: Rollout = ("ledger-batch", "rel-20261124-d5c3a18", "prod-private");
/// Has no runs.
pub const EMPTY: Rollout = ("notifications", "rel-20261124-19be6f7", "prod");
/// Drives three children.
pub const CONTROLLER: Rollout = ("fleet-config", "rel-20261124-58ad0c7", "fleet");
pub const CHILD: Rollout = ("fleet-config", "rel-20261124-58ad0c7", "us-east");
/// Every kind in every state, and what no server should send.
pub const ALL_VARIANTS: Rollout = ("museum", "rel-every-state", "gallery");
/// As many runs as [`Setup::many`] says.
pub const MANY: Rollout = ("sensor-fleet", "rel-20261001-9d1f0b3", "sensors");

/// The full name of a rollout, by the project's id.
pub fn name((pipeline, release, target): Rollout) -> String {
    let Project { id, location, .. } = Project::STAND_IN;
    format!(
        "projects/{id}/locations/{location}/deliveryPipelines/{pipeline}/releases/{release}/rollouts/\
         {release}-to-{target}-0001"
    )
}

/// How a test wants its viewer.
pub struct Setup {
    /// The only token that is let in.
    pub token: Option<&'static str>,
    /// Whether the stand-in's time goes on by itself; without it, it only moves by
    /// [`Viewer::advance`].
    pub ticking: bool,
    /// How long ago the world's story began. What is final for longer than two minutes is not
    /// polled any more.
    pub age: SignedDuration,
    /// When the world's story begins, whatever `age` says; the time stands still there, in the page too.
    pub epoch: Option<Timestamp>,
    /// How many runs [`MANY`] has.
    pub many: usize,
    /// The most items on a page of any list, when the server gives fewer than are asked for.
    pub max_page: Option<usize>,
    /// Where the viewer lies on its host.
    pub path: &'static str,
    /// `config.json`; the stand-in's address without it.
    pub config: Option<Config>,
    /// Whether the test makes its host fail.
    pub host_may_fail: bool,
    /// Whether the test keeps a Chromium so busy, or measures it so closely, that it needs one of its own; it
    /// counts as several tests then.
    pub alone: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            token: None,
            ticking: false,
            age: SignedDuration::ZERO,
            epoch: None,
            many: 0,
            max_page: None,
            path: "/",
            config: None,
            host_may_fail: false,
            alone: false,
        }
    }
}

impl Setup {
    /// A world whose story began an hour ago: what ended then is not polled for a next job.
    pub fn long_ago() -> Self {
        Self {
            age: SignedDuration::from_hours(1),
            ..Self::default()
        }
    }
}

/// The viewer in a browser. Every test ends with [`Viewer::finish`].
pub struct Viewer {
    pub browser: Browser,
    pub site: Site,
    stand_in: Option<StandIn>,
    /// The stand-in's world once more, to look up what the page should show.
    world: RefCell<Sim>,
    epoch: Timestamp,
    port: u16,
    many: usize,
    lines: RefCell<Vec<ConsoleLine>>,
    requests: RefCell<Vec<Sent>>,
    expected_errors: Vec<&'static str>,
    finished: bool,
    _turn: SemaphorePermit<'static>,
}

impl Deref for Viewer {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl Viewer {
    pub async fn start(setup: Setup) -> Self {
        Self::start_in(None, setup).await
    }

    /// A viewer in a given Chromium; without one, in that which tests share.
    pub async fn start_in(chromium: Option<Arc<Chromium>>, setup: Setup) -> Self {
        let turns = if setup.alone { AT_ONCE / 2 } else { 1 };
        let turn = TURNS
            .acquire_many(turns)
            .await
            .expect("the semaphore is never closed");
        let epoch = setup.epoch.unwrap_or_else(|| Timestamp::now() - setup.age);
        let stand_in = StandIn::start(Options {
            token: setup.token.map(str::to_owned),
            speed: if setup.ticking { 1.0 } else { 0.0 },
            many: setup.many,
            max_page: setup.max_page,
            epoch: Some(epoch),
            ..Options::default()
        })
        .expect("a loopback port");
        let mut world = Sim::world(Project::STAND_IN, epoch);
        if setup.many > 0 {
            world.add_large_rollout(epoch, setup.many);
        }
        let base = stand_in.base_url();
        let port = base
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok())
            .expect("the address has a port");
        let config = setup.config.unwrap_or_else(|| Config::api(base));
        let site = Site::start(setup.path, config, setup.host_may_fail).await;
        let chromium = match chromium {
            Some(chromium) => chromium,
            None if setup.alone => Arc::new(Chromium::start("about:blank").await),
            None => Chromium::shared().await,
        };
        let browser = Browser::start(chromium).await;
        if let Some(epoch) = setup.epoch {
            browser.stop_clock(epoch.as_millisecond()).await;
        }
        Self {
            browser,
            site,
            stand_in: Some(stand_in),
            world: world.into(),
            epoch,
            port,
            many: setup.many,
            lines: RefCell::default(),
            requests: RefCell::default(),
            expected_errors: vec![],
            finished: false,
            _turn: turn,
        }
    }

    /// A viewer with an address open: what comes after `#/`.
    pub async fn open(setup: Setup, address: &str) -> Self {
        let viewer = Self::start(setup).await;
        viewer.goto(&viewer.url_of(address)).await;
        viewer
    }

    /// A viewer with a rollout open and read.
    pub async fn show(setup: Setup, rollout: Rollout) -> Self {
        let viewer = Self::open(setup, &name(rollout)).await;
        viewer.wait_loaded().await;
        viewer
    }

    /// The page's address with something after `#/`.
    pub fn url_of(&self, address: &str) -> String {
        format!("{}#/{address}", self.site.url)
    }

    /// Waits until a list was read, whole and well.
    pub async fn wait_loaded(&self) {
        self.wait_until_js(formatcp!(
            "document.querySelector({header:?}) && !document.querySelector({not_read:?}) \
             && document.querySelector({rollout_page:?}).ariaBusy === 'false'",
            header = select::rollout::HEADER,
            not_read = select::rollout::NOT_READ,
            rollout_page = select::rollout::PAGE
        ))
        .await;
        // What is gone to has the focus then.
        self.wait_for_frame().await;
    }

    /// Changes `config.json` for pages that are loaded from now on.
    pub fn set_config(&self, text: &str) {
        self.site.set_config(text);
    }

    // The server.

    pub fn stand_in(&self) -> &StandIn {
        self.stand_in.as_ref().expect("the server runs")
    }

    /// Moves the stand-in's time.
    pub fn advance(&self, seconds: i64) {
        self.stand_in().advance(SignedDuration::from_secs(seconds));
    }

    /// Ends the server, so that nothing answers any more.
    pub fn stop_server(&mut self) {
        self.stand_in = None;
    }

    /// Starts the server again where it was, with an empty log.
    pub fn start_server(&mut self) {
        let options = || Options {
            port: self.port,
            speed: 0.0,
            many: self.many,
            epoch: Some(self.epoch),
            ..Options::default()
        };
        // Who asked somewhere may have got the port for it meanwhile.
        let started = (0..300).find_map(|_| {
            let started = StandIn::start(options()).ok();
            if started.is_none() {
                std::thread::sleep(Duration::from_millis(100));
            }
            started
        });
        self.stand_in = Some(started.expect("the port is free again"));
    }

    /// The requests for a list so far.
    pub fn lists(&self) -> Vec<LoggedRequest> {
        self.stand_in()
            .requests()
            .into_iter()
            .filter(LoggedRequest::is_list)
            .collect()
    }

    /// The requests to terminate so far.
    pub fn terminations(&self) -> Vec<LoggedRequest> {
        self.stand_in()
            .requests()
            .into_iter()
            .filter(LoggedRequest::is_terminate)
            .collect()
    }

    /// Waits for an answer to another request for a list, sent after this was called.
    pub async fn wait_for_list(&self) {
        self.list_after(async {}).await;
    }

    /// Does something, and waits for an answer to a request for a list that was sent since.
    pub async fn list_after(&self, action: impl Future<Output = ()>) {
        let before = self.lists().len();
        action.await;
        let is_answered = || {
            self.lists()
                .iter()
                .skip(before)
                .any(|request| request.status.is_some())
        };
        self.wait_until("another list", is_answered).await;
    }

    /// Waits until nothing is under way: all that was asked for is answered, or was given up.
    pub async fn wait_idle(&self) {
        let under_way = || {
            let requests = self.stand_in().requests();
            let open = requests
                .iter()
                .filter(|request| request.status.is_none() && !request.aborted);
            (requests.len(), open.count())
        };
        let start = std::time::Instant::now();
        loop {
            let before = under_way();
            tokio::time::sleep(Duration::from_secs(1)).await;
            if before == under_way() && before.1 == 0 {
                return;
            }
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "something is always asked for"
            );
        }
    }

    /// Asserts that no list is asked for during some time.
    pub async fn no_list_for(&self, time: Duration) {
        let before = self.lists().len();
        tokio::time::sleep(time).await;
        let after = self.lists();
        assert_eq!(
            after.len(),
            before,
            "no list should be asked for: {:?}",
            &after[before..]
        );
    }

    // The world.

    /// The runs of a rollout as the server has them now, but for what people did: unreadable ones
    /// too, the newest first.
    pub fn runs(&self, rollout: Rollout) -> Vec<Json> {
        let path_and_query = format!("/v1/{}/jobRuns?pageSize=1000", name(rollout));
        let request = Request {
            method: Method::Get,
            path_and_query,
            body: None,
        };
        let now = self.stand_in().now();
        let reply = self.world.borrow_mut().handle(now, &request);
        let Value::Object(mut list) =
            serde_json::from_str(&reply.body).expect("the world answers in JSON")
        else {
            panic!("no list: {}", reply.body)
        };
        assert!(!list.contains_key("nextPageToken"), "too many for one page");
        match list.remove("jobRuns") {
            Some(Value::Array(runs)) => runs.into_iter().map(Json).collect(),
            _ => vec![],
        }
    }

    /// What the server answers to a GET now, but for what people did.
    pub fn get(&self, path_and_query: &str) -> String {
        let request = Request {
            method: Method::Get,
            path_and_query: path_and_query.to_owned(),
            body: None,
        };
        let reply = self
            .world
            .borrow_mut()
            .handle(self.stand_in().now(), &request);
        assert_eq!(reply.status, 200, "{path_and_query}: {}", reply.body);
        reply.body
    }

    /// Does something that saves a file, and waits for the file: its name and its text.
    pub async fn saved(&self, act: impl AsyncFnOnce()) -> (String, String) {
        let folder = tempfile::tempdir().expect("a folder");
        let params = json!({ "behavior": "allow", "downloadPath": folder.path() });
        self.devtools("Browser.setDownloadBehavior", params).await;
        act().await;
        // The browser reserves a file's name with an empty file, before it writes what it saves elsewhere.
        let file = || {
            let files = std::fs::read_dir(folder.path())
                .ok()?
                .filter_map(Result::ok)
                .map(|file| file.path());
            let is_its_own = |path: &PathBuf| {
                let name = path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                !name.starts_with('.') && !name.ends_with(".crdownload")
            };
            let saved = files.filter(is_its_own);
            saved
                .filter(|path| path.metadata().is_ok_and(|of| of.len() > 0))
                .min()
        };
        self.wait_until("a file is saved", || file().is_some())
            .await;
        let file = file().expect("it was there");
        let text = std::fs::read_to_string(&file).expect("a text");
        (
            file.file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned(),
            text,
        )
    }

    /// The newest run of a job, in any phase.
    pub fn run(&self, rollout: Rollout, job: &str) -> Json {
        self.runs(rollout)
            .into_iter()
            .find(|run| run.text("jobId") == job)
            .unwrap_or_else(|| panic!("no {job}"))
    }

    /// The newest run of a job in a phase.
    pub fn run_in(&self, rollout: Rollout, phase: &str, job: &str) -> Json {
        let is_it = |run: &Json| run.text("phaseId") == phase && run.text("jobId") == job;
        self.runs(rollout)
            .into_iter()
            .find(is_it)
            .unwrap_or_else(|| panic!("no {job} in {phase}"))
    }

    // The page.

    /// Selects a run by the address, as somebody who edits it, and waits for its panel.
    pub async fn select(&self, rollout: Rollout, run: &Json) {
        let hash = format!("#/{}/jobRuns/{}", name(rollout), run.id());
        self.js(&format!("location.hash = {}", quote(&hash))).await;
        self.wait_for_run(run).await;
    }

    /// Lets something go wrong, as the stand-in's `--fault` says it.
    pub fn order(&self, fault: &str) {
        self.stand_in().add_fault(fault.parse().expect("a fault"));
    }

    /// Clicks what asks to terminate the run that is shown, and then what confirms it.
    pub async fn terminate(&self) {
        self.click(TERMINATE).await;
        self.confirm("Terminate the run").await;
    }

    /// Clicks the button of the open dialog that does what is asked.
    pub async fn confirm(&self, label: &str) {
        self.wait_for(select::dialogs::DIALOG).await;
        self.click_text(select::dialogs::CONFIRM, label).await;
    }

    /// Waits until the panel shows a run.
    pub async fn wait_for_run(&self, run: &Json) {
        let name = quote(run.text("name"));
        self.wait_until_js(&format!(
            "[...document.querySelectorAll({fact_in_list:?})].some(f => \
             f.querySelector({fact_label:?}).textContent === 'Name' \
             && f.querySelector({fact_value:?}).textContent === {name})",
            fact_in_list = select::run_panel::FACT_IN_LIST,
            fact_label = select::run_panel::FACT_LABEL,
            fact_value = select::run_panel::FACT_VALUE
        ))
        .await;
    }

    /// What the panel shows.
    pub async fn panel(&self) -> Panel {
        let value = self
            .js(&format!(
                "const select = {};\n{}",
                select::run_panel::of_script(),
                include_str!("panel.js")
            ))
            .await;
        serde_json::from_value(value).expect("the panel is as panel.js reads it")
    }

    /// The part of the page's address after `#/`.
    pub async fn address(&self) -> String {
        let url = self.url().await;
        url.split_once("#/")
            .map(|(_, address)| address.to_owned())
            .unwrap_or_default()
    }

    /// Makes the page think that it is hidden, or seen again.
    pub async fn hide(&self, hidden: bool) {
        self.js(&format!(
            "Object.defineProperty(document, 'hidden', {{ configurable: true, get: () => {hidden} }});
             document.dispatchEvent(new Event('visibilitychange', {{ bubbles: true }}))"
        ))
        .await;
    }

    /// Waits for an error with this title, and returns its box: all of its text.
    pub async fn wait_for_error(&self, title: &str) -> String {
        self.wait_for_text(select::errors::TITLE, title).await;
        self.text(select::errors::BOX).await
    }

    /// All that was written to the console so far.
    pub async fn console(&self) -> Vec<ConsoleLine> {
        let new = self.browser.new_console_lines().await;
        let mut lines = self.lines.borrow_mut();
        lines.extend(new);
        lines.clone()
    }

    /// The addresses of all requests so far that the page and its frames made.
    pub async fn requests(&self) -> Vec<String> {
        let requests = self.whole_requests().await;
        requests
            .into_iter()
            .filter(|sent| sent.by == "page")
            .map(|sent| sent.url)
            .collect()
    }

    /// All requests over the network so far, each with all that is known of it: what the page asked for, its
    /// frames, its workers and the windows that it opened, redirections included.
    pub async fn whole_requests(&self) -> Vec<WholeRequest> {
        let new = self.browser.new_requests().await;
        let mut requests = self.requests.borrow_mut();
        requests.extend(new);
        let id = |event: &Value| event["requestId"].as_str().unwrap_or_default().to_owned();
        let mut of_id = HashMap::<String, Vec<Value>>::new();
        for Sent { event, .. } in &*requests {
            of_id.entry(id(event)).or_default().push(event.clone());
        }
        let all = requests.iter().filter_map(|Sent { by, event }| {
            let url = event["request"]["url"].as_str()?.to_owned();
            Some(WholeRequest {
                by: by.clone(),
                url,
                events: of_id[&id(event)].clone(),
            })
        });
        all.collect()
    }

    /// The addresses of all that has left over the network so far, each once.
    pub async fn sent(&self) -> BTreeSet<String> {
        self.whole_requests()
            .await
            .into_iter()
            .map(|sent| sent.url)
            .collect()
    }

    // The end.

    /// Lets errors with this text in the console pass, such as those that Chromium writes about
    /// requests that failed.
    pub fn expect_error(&mut self, part: &'static str) {
        self.expected_errors.push(part);
    }

    /// Asserts what holds for every test: no panic, no error that was not expected, and nothing
    /// asked of any other host.
    pub async fn finish(self) {
        let outside = self.finish_outside().await;
        assert!(outside.is_empty(), "requests to other hosts: {outside:?}");
    }

    /// Asserts what [`Viewer::finish`] does, for a viewer that is meant to ask another host, where
    /// nobody hears it. Returns what it asked.
    pub async fn finish_outside(mut self) -> Vec<String> {
        self.finished = true;
        let errors: Vec<String> = self
            .console()
            .await
            .into_iter()
            .filter(|line| line.level == "SEVERE")
            .map(|line| line.text)
            .filter(|text| {
                !self
                    .expected_errors
                    .iter()
                    .any(|expected| text.contains(expected))
            })
            .collect();
        assert!(
            errors.is_empty(),
            "errors in the console:\n{}",
            errors.join("\n")
        );
        self.sent()
            .await
            .into_iter()
            .filter(|url| !url.starts_with("http://127.0.0.1:"))
            .collect()
    }
}

impl Drop for Viewer {
    fn drop(&mut self) {
        assert!(
            self.finished || std::thread::panicking(),
            "a test ends with finish()"
        );
    }
}

/// A request over the network.
#[derive(Debug)]
pub struct WholeRequest {
    /// The kind of the target that made it, as in [`Sent`].
    pub by: String,
    pub url: String,
    /// The DevTools protocol's events about it, with its headers as they were sent.
    pub events: Vec<Value>,
}

impl WholeRequest {
    /// All that is known of it, as a text.
    pub fn text(&self) -> String {
        Value::from(self.events.clone()).to_string()
    }
}

/// A job run's JSON.
#[derive(Clone, Debug)]
pub struct Json(pub Value);

impl Json {
    /// A field's text; empty when it has none.
    pub fn text(&self, field: &str) -> &str {
        self.0[field].as_str().unwrap_or_default()
    }

    /// The last part of the name.
    pub fn id(&self) -> &str {
        self.text("name").rsplit('/').next().unwrap_or_default()
    }

    /// The state as the server writes it, which leaves out the default.
    pub fn state(&self) -> &str {
        match self.text("state") {
            "" => "STATE_UNSPECIFIED",
            state => state,
        }
    }

    /// Whether the viewer can read it: the all-variants rollout has one where a text is for an object.
    pub fn is_readable(&self) -> bool {
        !self.0["deployJobRun"].is_string()
    }
}

/// The panel of a run, as `panel.js` reads it.
#[derive(Debug, Deserialize)]
pub struct Panel {
    pub job: String,
    pub subtitle: String,
    pub badge: Badge,
    pub terminate: Terminate,
    pub note: String,
    pub failures: Vec<FailureBox>,
    pub flags: Vec<String>,
    /// Created, started, ended: as shown, and the exact time.
    pub times: Vec<(String, String)>,
    pub sections: Vec<Section>,
}

#[derive(Debug, Deserialize, PartialEq)]
pub struct Badge {
    pub text: String,
    pub class: String,
    pub icon: String,
}

#[derive(Debug, Deserialize)]
pub struct Terminate {
    pub enabled: bool,
    pub reason: String,
    /// What stands beside the button.
    pub beside: String,
}

#[derive(Debug, Deserialize)]
pub struct FailureBox {
    pub cause: String,
    pub check: String,
    pub meaning: String,
    pub message: String,
    pub next: String,
    pub build: String,
}

#[derive(Debug, Deserialize)]
pub struct Section {
    pub title: String,
    pub failed: bool,
    pub note: String,
    /// Label, text, address: one for every value, the address empty for what is no link.
    pub facts: Vec<(String, String, String)>,
}

impl Panel {
    /// A section by its title; the last one, which belongs to every run, has none.
    pub fn section(&self, title: &str) -> &Section {
        self.sections
            .iter()
            .find(|section| section.title == title)
            .unwrap_or_else(|| panic!("no section {title}: {self:#?}"))
    }

    pub fn titles(&self) -> Vec<&str> {
        self.sections
            .iter()
            .map(|section| section.title.as_str())
            .collect()
    }
}

impl Section {
    /// The facts as text, for comparison.
    pub fn facts(&self) -> Vec<(&str, &str, &str)> {
        self.facts
            .iter()
            .map(|(label, text, href)| (label.as_str(), text.as_str(), href.as_str()))
            .collect()
    }
}

//! Every screen that the viewer has: where it is, and what it takes to get there.

use crate::files::{LIST, dragging};
use crate::manifest::comparing_with;
use crate::sign_in::GOOGLE;
use crate::viewer::{
    ALERTS, CANARY, CONTROLLER, DONE, EMPTY, LIVE, MUSEUM, Rollout, Setup, TERMINATE, Viewer, name,
};

const PIPELINE: &str = "projects/standin-project/locations/us-central1/deliveryPipelines/checkout";
const FLEET: &str = "projects/standin-project/locations/us-central1/deliveryPipelines/fleet-config";

/// Nothing a page waits for comes before it is left.
const NEVER: &str = "delay:600000@list";

/// A `config.json`, in which `BASE` is the stand-in's address.
const CONFIG: &str = r#"{"apiBase":"BASE","buildBase":"BASE","storageBase":"BASE"}"#;
const WITH_CLIENT: &str =
    r#"{"apiBase":"BASE","buildBase":"BASE","storageBase":"BASE","clientId":"an-id.apps.example"}"#;

/// Something to see.
pub struct Screen {
    pub title: &'static str,
    address: String,
    /// When this is there, the address is.
    sign: &'static str,
    /// What is done then, one after the other, and what is there after each.
    steps: Vec<(Act, &'static str)>,
    /// What goes wrong on the server, from before the page is loaded.
    pub faults: Vec<&'static str>,
    config: &'static str,
    /// A script that runs before the page's own.
    before: String,
    /// Whether nothing more comes by itself, of a viewer that has started.
    pub is_at_rest: bool,
}

/// What somebody does.
enum Act {
    Click(&'static str),
    /// Clicks what has a text.
    ClickText(&'static str, &'static str),
    /// Presses keys.
    Press(&'static str),
    /// Does what is more than that, in JavaScript.
    Run(String),
    /// Lets something go wrong from now on.
    Order(&'static str),
}

fn screen(title: &'static str, address: impl Into<String>, sign: &'static str) -> Screen {
    Screen {
        title,
        address: address.into(),
        sign,
        steps: vec![],
        faults: vec![],
        config: CONFIG,
        before: String::new(),
        is_at_rest: true,
    }
}

impl Screen {
    fn then(mut self, act: Act, sign: &'static str) -> Self {
        self.steps.push((act, sign));
        self
    }

    fn click(self, css: &'static str, sign: &'static str) -> Self {
        self.then(Act::Click(css), sign)
    }

    fn click_text(self, css: &'static str, text: &'static str, sign: &'static str) -> Self {
        self.then(Act::ClickText(css, text), sign)
    }

    fn press(self, keys: &'static str, sign: &'static str) -> Self {
        self.then(Act::Press(keys), sign)
    }

    fn run(self, script: String, sign: &'static str) -> Self {
        self.then(Act::Run(script), sign)
    }

    fn order(self, fault: &'static str, sign: &'static str) -> Self {
        self.then(Act::Order(fault), sign)
    }

    fn fault(mut self, fault: &'static str) -> Self {
        self.faults.push(fault);
        self
    }

    fn config(self, config: &'static str) -> Self {
        Self { config, ..self }
    }

    fn before(self, before: impl Into<String>) -> Self {
        Self { before: before.into(), ..self }
    }

    fn not_at_rest(self) -> Self {
        Self { is_at_rest: false, ..self }
    }

    /// Whether a dialog is open in it.
    pub fn has_dialog(&self) -> bool {
        self.steps.last().is_some_and(|(_, sign)| sign.starts_with("dialog"))
    }

    /// Goes there, from nowhere and as one who was never here.
    pub async fn show(&self, viewer: &Viewer) {
        viewer.js("try { localStorage.clear() } catch { /* nothing was shown yet */ }").await;
        viewer.goto("about:blank").await;
        viewer.stand_in().reset_faults();
        for fault in &self.faults {
            viewer.order(fault);
        }
        viewer.set_config(&self.config.replace("BASE", viewer.stand_in().base_url()));
        let before = match self.before.as_str() {
            "" => None,
            script => Some(viewer.prepare(script).await),
        };
        viewer.goto(&viewer.url_of(&self.address)).await;
        viewer.see(self.sign).await;
        for (act, sign) in &self.steps {
            match act {
                Act::Click(css) => viewer.click(css).await,
                Act::ClickText(css, text) => viewer.click_text(css, text).await,
                Act::Press(keys) => viewer.press(keys).await,
                Act::Run(script) => std::mem::drop(viewer.js(script).await),
                Act::Order(fault) => viewer.order(fault),
            }
            viewer.see(sign).await;
        }
        if let Some(before) = before {
            viewer.unprepare(&before).await;
        }
    }
}

/// A viewer that every screen can be shown in.
pub async fn start() -> Viewer {
    let mut viewer = Viewer::start(Setup::default()).await;
    for part in ["status of 40", "status of 503", "net::ERR_", "has no WebAssembly", "of the test"] {
        viewer.expect_error(part);
    }
    viewer
}

/// All screens.
pub fn screens(viewer: &Viewer) -> Vec<Screen> {
    let run = |rollout: Rollout, job| format!("{}/jobRuns/{}", name(rollout), viewer.run(rollout, job).id());
    let history = |of: &str| format!("history/{of}");
    let google = |answer: &str| format!("{GOOGLE} window.answers = [{answer}];");
    let sign_in = ".top-bar .sign-in button";
    let row = ".history-table tr[data-run]";
    vec![
        // Looking for a rollout.
        screen("start", "", ".demo-cards"),
        screen("opened lately", name(DONE), ".rollout-header").click(".brand", ".recents .browse-row"),
        screen("something is dragged", "", ".start-page")
            .run(dragging(&[("runs.json", LIST)], "dragover"), ".drop-hint.is-over"),
        screen("project", "projects/standin-project", ".browse-row"),
        screen("location", "projects/standin-project/locations/us-central1", ".browse-row"),
        screen("pipeline", PIPELINE, ".rollout-chip"),
        screen("release", format!("{PIPELINE}/releases/{}", DONE.1), ".browse-row"),
        screen("unreadable address", "wrong/p", "main .notice .open-box"),
        // A rollout and its runs.
        screen("finished", name(DONE), ".run-panel .raw-json").click(".raw-json summary", ".raw-json pre"),
        screen("failed, with the build and its log", name(CANARY), ".log .is-marked")
            .click("summary.step-row", ".step details[open]"),
        screen("analysis", name(ALERTS), ".run-panel .raw-json"),
        screen("museum", name(MUSEUM), ".unreadable"),
        screen("live", name(LIVE), ".part.is-live"),
        screen("approval", name(EMPTY), ".phase").click(".rollout-offers .ask > button", "dialog[open]"),
        screen("children", name(CONTROLLER), ".bar").click(".lane-toggle", ".child .bar"),
        screen("no such run", format!("{}/jobRuns/none", name(DONE)), ".run-panel .is-empty"),
        screen("filter without match", format!("{}?filter=jobId%3Dx", name(DONE)), "main .is-empty"),
        screen("export menu", name(DONE), ".run-panel .raw-json").click(".export summary", ".menu[open]"),
        screen("keys", name(DONE), ".run-panel .raw-json").press("?", "dialog[open] .shortcuts"),
        screen("terminate", name(LIVE), ".rollout[aria-busy=false] .part.is-live")
            .click(TERMINATE, "dialog[open]"),
        screen("terminate that is refused", name(LIVE), ".rollout[aria-busy=false] .part.is-live")
            .fault("403@terminate")
            .click(TERMINATE, "dialog[open]")
            .click("dialog[open] .danger.solid", "dialog[open] .trouble"),
        // What lies behind a run.
        screen("log in the drawer", name(CANARY), ".event-log-buttons button")
            .click(".event-log-buttons button", ".log-drawer:has(.log-frame:focus) .log-row")
            .press("/", ".log-query:focus")
            .press("checks", ".log-row mark"),
        screen("log as a page", "", ".start-page")
            .run(dragging(&[("events-of-a-verification.json", EVENTS)], "drop"), ".log-page .log-row"),
        screen("manifest", run(LIVE, "deploy"), ".manifest-path")
            .click(".manifest-path", ".manifest .text-row"),
        screen("manifests that are compared", run(LIVE, "deploy"), ".manifest-path")
            .click(".manifest-path", ".manifest .text-row")
            .run(comparing_with("the release before"), ".diff-row"),
        // A build is read when it comes in sight.
        screen("build that cannot be read", name(DONE), ".run-panel .build").fault("403@build").run(
            "document.querySelector('.run-panel .build').scrollIntoView()".into(),
            ".build .artifact-note",
        ),
        // Files.
        screen("file", "", ".start-page")
            .run(dragging(&[("runs-of-a-rollout.json", &broken())], "drop"), ".source-broken")
            .click(".source-broken", ".broken li"),
        screen("file that is not open any more", "?src=file", "main .notice .open-file"),
        screen("log that is not open any more", "log?src=file", "main .notice .open-file"),
        screen("history of a file", "", ".start-page")
            .run(dragging(&[("runs-of-a-rollout.json", &broken())], "drop"), ".source-broken")
            .click(".source-broken", ".broken li")
            .click(".opened a.button", row),
        // Histories.
        screen("history", history(&name(CANARY)), row),
        screen("history, a run selected", format!("history/{}?state=FAILED", name(CANARY)), row)
            .click(".history-table tr[data-run]:nth-of-type(2)", ".history-run .facts"),
        screen("history, two rollouts compared", history(PIPELINE), row)
            .click(row, ".history-run .facts")
            .click_text(".history-run summary", "Compare with another", ".history-run details[open] .button")
            .click(".history-run details[open] .button", ".history-differences li"),
        screen("history, replayed", history(&name(CANARY)), row).click_text(
            ".history-side button",
            "Replay from the left edge",
            ".history-part p",
        ),
        screen("history, of children", history(FLEET), row),
        // Signing in.
        screen("token", name(DONE), ".bar").click(sign_in, "dialog[open]"),
        screen("sign-in that was closed", name(DONE), ".bar")
            .config(WITH_CLIENT)
            .before(google("{ type: 'popup_closed' }"))
            .click(sign_in, ".sign-in-problem:not(:empty)"),
        screen("sign-in that ends soon", name(DONE), ".bar")
            .config(WITH_CLIENT)
            .before(google("{ access_token: 'a', expires_in: '301' }"))
            .click(sign_in, ".sign-in-state.is-ending"),
        // What goes wrong.
        screen("not found", name(DONE).replace("checkout", "checkin"), ".trouble"),
        screen("no token", name(DONE), ".trouble .sign-in").fault("401@list"),
        screen("server in trouble", name(DONE), ".trouble").fault("503@list"),
        screen("refused later", name(LIVE), ".part.is-live").order("403@list", ".trouble"),
        screen("wrong config.json", name(DONE), ".trouble").config("{\"apiBase\": "),
        screen("no WebAssembly", name(DONE), "#starting.failed")
            .before("delete globalThis.WebAssembly")
            .not_at_rest(),
        screen("a program that does not start", name(DONE), "#starting.failed")
            .before(
                "WebAssembly.instantiateStreaming = WebAssembly.instantiate = \
                 async () => { throw new TypeError('of the test') }",
            )
            .not_at_rest(),
        // What is awaited.
        screen("a rollout that is read", name(DONE), ".skeleton").fault(NEVER).not_at_rest(),
        screen("a history that is read", history(FLEET), ".history-reading").fault(NEVER).not_at_rest(),
    ]
}

/// A list of runs of which two entries cannot be read, one of them without a space to break it at.
fn broken() -> String {
    let list = LIST.trim_end().trim_end_matches(']').trim_end();
    format!("{list},\n{{\"jobId\": \"deploy\", \"name\": 5}},\n\"{}\"\n]", "unbroken".repeat(20))
}

/// The events of a verification that failed, with lines of every level and one that is none.
const EVENTS: &str = r#"{"timestamp":"2026-11-24T03:00:00Z","verifyEvent":{"id":"smoke-test","taskId":"Verify-0","status":"InProgress"}}
{"timestamp":"2026-11-24T03:00:01Z","skaffoldLogEvent":{"taskId":"Verify-0","level":"INFO","message":"starting the checks of a service with a long name\n"}}
{"timestamp":"2026-11-24T03:00:02Z","skaffoldLogEvent":{"taskId":"Verify-0","level":"DEBUG","message":"\u001b[32mok\u001b[0m 12 of 14\n"}}
{"timestamp":"2026-11-24T03:00:03Z","skaffoldLogEvent":{"taskId":"Verify-0","level":"WARN","message":"one is slow\n"}}
{"timestamp":"2026-11-24T03:00:04Z","skaffoldLogEvent":{"taskId":"Verify-0","level":"ERROR","message":"connection refused\n"}}
goroutine 1 [running]:
{"timestamp":"2026-11-24T03:00:05Z","verifyEvent":{"id":"smoke-test","taskId":"Verify-0","status":"Failed","errCode":"VERIFY_TEST_FAILED","err":"\"smoke-test\" running container image errored: exit code 1"}}
"#;

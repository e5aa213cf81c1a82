//! Every screen that the viewer has: where it is, and what it takes to get there.

use const_format::formatcp;

use crate::files::{LIST, dragging};
use crate::manifest::comparing_with;
use crate::select;
use crate::sign_in::GOOGLE;
use crate::viewer::{
    ALERTS, ALL_VARIANTS, CANARY, CONTROLLER, DONE, EMPTY, LIVE, Rollout, Setup, TERMINATE, Viewer,
    name,
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
        Self {
            before: before.into(),
            ..self
        }
    }

    fn not_at_rest(self) -> Self {
        Self {
            is_at_rest: false,
            ..self
        }
    }

    /// Whether a dialog is open in it.
    pub fn has_dialog(&self) -> bool {
        self.steps
            .last()
            .is_some_and(|(_, sign)| sign.starts_with("dialog"))
    }

    /// Goes there, from nowhere and as one who was never here.
    pub async fn show(&self, viewer: &Viewer) {
        viewer
            .js("try { localStorage.clear() } catch { /* nothing was shown yet */ }")
            .await;
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
        viewer.wait_for(self.sign).await;
        // Which row is the first depends on what has come so far.
        if self.address.starts_with("history") && self.sign == select::history::ROW {
            viewer
                .wait_until_js("performance.getEntriesByName('history:loaded').length")
                .await;
        }
        for (act, sign) in &self.steps {
            match act {
                Act::Click(css) => viewer.click(css).await,
                Act::ClickText(css, text) => viewer.click_text(css, text).await,
                Act::Press(keys) => viewer.press(keys).await,
                Act::Run(script) => std::mem::drop(viewer.js(script).await),
                Act::Order(fault) => viewer.order(fault),
            }
            viewer.wait_for(sign).await;
        }
        if let Some(before) = before {
            viewer.unprepare(&before).await;
        }
    }
}

/// A viewer that every screen can be shown in.
pub async fn start() -> Viewer {
    start_with(Setup::default()).await
}

/// Such a viewer, set up as a test wants it.
pub async fn start_with(setup: Setup) -> Viewer {
    let mut viewer = Viewer::start(setup).await;
    for part in [
        "status of 40",
        "status of 503",
        "net::ERR_",
        "has no WebAssembly",
        "of the test",
    ] {
        viewer.expect_error(part);
    }
    viewer
}

/// All screens.
pub fn screens(viewer: &Viewer) -> Vec<Screen> {
    let run = |rollout: Rollout, job| {
        format!(
            "{}/jobRuns/{}",
            name(rollout),
            viewer.run(rollout, job).id()
        )
    };
    let history = |of: &str| format!("history/{of}");
    let google = |answer: &str| format!("{GOOGLE} window.answers = [{answer}];");
    let sign_in = select::session::TOP_BAR_BUTTON;
    let row = select::history::ROW;
    vec![
        // Looking for a rollout.
        screen("start", "", select::start::DEMO_CARDS),
        screen("opened lately", name(DONE), select::rollout::HEADER)
            .click(select::page::BRAND, select::start::RECENT),
        screen("something is dragged", "", select::start::PAGE).run(
            dragging(&[("runs.json", LIST)], "dragover"),
            select::files::DROP_HINT_OVER,
        ),
        screen("project", "projects/standin-project", select::browse::ROW),
        screen(
            "location",
            "projects/standin-project/locations/us-central1",
            select::browse::ROW,
        ),
        screen("pipeline", PIPELINE, select::browse::CHIP),
        screen(
            "release",
            format!("{PIPELINE}/releases/{}", DONE.1),
            select::browse::ROW,
        ),
        screen("unreadable address", "wrong/p", select::omnibox::IN_NOTICE),
        // A rollout and its runs.
        screen("finished", name(DONE), select::run_panel::RAW_JSON).click(
            select::run_panel::RAW_JSON_TOGGLE,
            select::run_panel::RAW_JSON_TEXT,
        ),
        screen(
            "failed, with the build and its log",
            name(CANARY),
            select::build::MARKED,
        )
        .click(
            select::build::STEP_SUMMARY,
            select::build::STEP_DETAILS_OPEN,
        ),
        screen("analysis", name(ALERTS), select::run_panel::RAW_JSON),
        screen("museum", name(ALL_VARIANTS), select::rollout::UNREADABLE),
        screen("live", name(LIVE), select::timeline::LIVE),
        screen("approval", name(EMPTY), select::timeline::PHASE)
            .click(select::rollout::ACTION_ASK, select::dialogs::DIALOG),
        screen("children", name(CONTROLLER), select::timeline::BAR)
            .click(select::timeline::TOGGLE, select::timeline::CHILD_BAR),
        screen(
            "no such run",
            format!("{}/jobRuns/none", name(DONE)),
            select::run_panel::EMPTY,
        ),
        screen(
            "filter without match",
            format!("{}?filter=jobId%3Dx", name(DONE)),
            select::page::EMPTY,
        ),
        screen("export menu", name(DONE), select::run_panel::RAW_JSON)
            .click(select::rollout::EXPORT_TOGGLE, select::page::MENU_OPEN),
        screen("keys", name(DONE), select::run_panel::RAW_JSON)
            .press("?", select::dialogs::SHORTCUTS),
        screen(
            "terminate",
            name(LIVE),
            select::timeline::LIVE_IN_READ_ROLLOUT,
        )
        .click(TERMINATE, select::dialogs::DIALOG),
        screen(
            "terminate that is refused",
            name(LIVE),
            select::timeline::LIVE_IN_READ_ROLLOUT,
        )
        .fault("403@terminate")
        .click(TERMINATE, select::dialogs::DIALOG)
        .click(select::dialogs::DANGER, select::dialogs::ERROR),
        // What lies behind a run.
        screen("log in the drawer", name(CANARY), select::log::OPEN)
            .click(select::log::OPEN, select::log::FOCUSED_DRAWER_ROW)
            .press("/", select::log::FOCUSED_QUERY)
            .press("checks", select::log::ROW_MATCH),
        screen("log as a page", "", select::start::PAGE).run(
            dragging(&[("events-of-a-verification.json", EVENTS)], "drop"),
            select::log::PAGE_ROW,
        ),
        screen("manifest", run(LIVE, "deploy"), select::manifests::PATH)
            .click(select::manifests::PATH, select::manifests::ROW),
        screen(
            "manifests that are compared",
            run(LIVE, "deploy"),
            select::manifests::PATH,
        )
        .click(select::manifests::PATH, select::manifests::ROW)
        .run(
            comparing_with("the release before"),
            select::manifests::DIFF_ROW,
        ),
        // A build is read when it comes in sight.
        screen(
            "build that cannot be read",
            name(DONE),
            select::run_panel::BUILD,
        )
        .fault("403@build")
        .run(
            formatcp!(
                "document.querySelector({build:?}).scrollIntoView()",
                build = select::run_panel::BUILD
            )
            .into(),
            select::build::NOTE,
        ),
        // Files.
        screen("file", "", select::start::PAGE)
            .run(
                dragging(&[("runs-of-a-rollout.json", &broken())], "drop"),
                select::files::SHOW_BROKEN,
            )
            .click(select::files::SHOW_BROKEN, select::files::BROKEN_ENTRY),
        screen(
            "file that is not open any more",
            "?src=file",
            select::files::OPEN_IN_NOTICE,
        ),
        screen(
            "log that is not open any more",
            "log?src=file",
            select::files::OPEN_IN_NOTICE,
        ),
        screen("history of a file", "", select::start::PAGE)
            .run(
                dragging(&[("runs-of-a-rollout.json", &broken())], "drop"),
                select::files::SHOW_BROKEN,
            )
            .click(select::files::SHOW_BROKEN, select::files::BROKEN_ENTRY)
            .click(select::files::TO_HISTORY, row),
        // Histories.
        screen("history", history(&name(CANARY)), row),
        screen(
            "history, a run selected",
            format!("history/{}?state=FAILED", name(CANARY)),
            row,
        )
        .click(select::history::ROW_2, select::history::RUN_FACTS),
        screen("history, two rollouts compared", history(PIPELINE), row)
            .click(row, select::history::RUN_FACTS)
            .click_text(
                select::history::RUN_TOGGLE,
                "Compare with another",
                select::history::OPEN_COMPARE_LINK,
            )
            .click(
                select::history::OPEN_COMPARE_LINK,
                select::history::DIFFERENCE,
            ),
        screen("history, replayed", history(&name(CANARY)), row).click_text(
            select::history::SIDE_BUTTON,
            "Replay from the left edge",
            select::history::PART_TEXT,
        ),
        screen("history, of children", history(FLEET), row),
        // Signing in.
        screen("token", name(DONE), select::timeline::BAR).click(sign_in, select::dialogs::DIALOG),
        screen("sign-in that was closed", name(DONE), select::timeline::BAR)
            .config(WITH_CLIENT)
            .before(google("{ type: 'popup_closed' }"))
            .click(sign_in, select::session::PROBLEM_SHOWN),
        screen("sign-in that ends soon", name(DONE), select::timeline::BAR)
            .config(WITH_CLIENT)
            .before(google("{ access_token: 'a', expires_in: '301' }"))
            .click(sign_in, select::session::STATE_ENDING),
        // What goes wrong.
        screen(
            "not found",
            name(DONE).replace("checkout", "checkin"),
            select::errors::BOX,
        ),
        screen("no token", name(DONE), select::errors::SIGN_IN).fault("401@list"),
        screen("server in trouble", name(DONE), select::errors::BOX).fault("503@list"),
        screen("refused later", name(LIVE), select::timeline::LIVE)
            .order("403@list", select::errors::BOX),
        screen("wrong config.json", name(DONE), select::errors::BOX).config("{\"apiBase\": "),
        screen("no WebAssembly", name(DONE), select::page::START_FAILED)
            .before("delete globalThis.WebAssembly")
            .not_at_rest(),
        screen(
            "a program that does not start",
            name(DONE),
            select::page::START_FAILED,
        )
        .before(
            "WebAssembly.instantiateStreaming = WebAssembly.instantiate = \
                 async () => { throw new TypeError('of the test') }",
        )
        .not_at_rest(),
        screen(
            "a viewer that stopped",
            name(DONE),
            select::run_panel::RAW_JSON,
        )
        .run(
            "setTimeout(() => { throw new WebAssembly.RuntimeError('of the test') })".into(),
            select::errors::STOPPED_OPEN,
        ),
        // What is awaited.
        screen("a rollout that is read", name(DONE), select::page::SKELETON)
            .fault(NEVER)
            .not_at_rest(),
        screen(
            "a history that is read",
            history(FLEET),
            select::history::READING,
        )
        .fault(NEVER)
        .not_at_rest(),
    ]
}

/// A list of runs of which two entries cannot be read, one of them without a space to break it at.
fn broken() -> String {
    let list = LIST.trim_end().trim_end_matches(']').trim_end();
    format!(
        "{list},\n{{\"jobId\": \"deploy\", \"name\": 5}},\n\"{}\"\n]",
        "unbroken".repeat(20)
    )
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

//! All runs of a pipeline, a release, a rollout or a file in one timeline.

use const_format::formatcp;
use jobrun_viewer::stand_in::{Calls, Fault, FaultKind};
use serde_json::{Value, json};

use crate::browser::{keys, quote};
use crate::select;
use crate::viewer::{CANARY, LIVE, MANY, Setup, Viewer, name};

const FLEET: &str = "projects/standin-project/locations/us-central1/deliveryPipelines/fleet-config";
const COUNTS: &str = select::history::COUNT;

/// Opens the history of what has a name, and waits until all of it was read.
async fn open(setup: Setup, of: &str) -> Viewer {
    let viewer = Viewer::open(setup, &format!("history/{of}")).await;
    wait_for_runs(&viewer).await;
    viewer
}

async fn wait_for_runs(viewer: &Viewer) {
    viewer
        .wait_until_js("performance.getEntriesByName('history:loaded').length")
        .await;
    viewer.wait_for(select::history::ROW).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_lead_in_circles_end() {
    for calls in [Calls::Browse, Calls::List] {
        let viewer = Viewer::start(Setup::default()).await;
        viewer
            .stand_in()
            .add_fault(Fault::from(FaultKind::PageLoop).on(calls));
        viewer
            .goto(&viewer.url_of(&format!("history/{FLEET}")))
            .await;
        viewer.wait_for_error("The list goes in circles").await;
        viewer.wait_idle().await;
        let asked = viewer.stand_in().requests().len();
        viewer.no_list_for(crate::viewer::SOME_POLLS).await;
        assert_eq!(
            viewer.stand_in().requests().len(),
            asked,
            "it is not followed any more"
        );
        viewer.finish().await;
    }
}

/// A value of the address' settings.
async fn setting(viewer: &Viewer, key: &str) -> String {
    let url = viewer.url().await;
    let query = url
        .split_once('#')
        .and_then(|(_, hash)| hash.split_once('?'))
        .map_or("", |(_, query)| query);
    let pair = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|pair| pair.0 == key);
    pair.map(|(_, value)| jobrun_viewer::api::http::percent_decode(value))
        .unwrap_or_default()
}

/// How many pixels of the canvas are of a failure's red, and how many of a success's green.
async fn painted(viewer: &Viewer) -> (u64, u64) {
    let counts = viewer
        .js(formatcp!(
            "const canvas = document.querySelector({canvas:?});
             const copy = document.createElement('canvas');
             copy.width = canvas.width; copy.height = canvas.height;
             const context = copy.getContext('2d');
             context.drawImage(canvas, 0, 0);
             // Below the minimap, which always shows all.
             const {{ data }} = context.getImageData(0, 60, copy.width, copy.height - 60);
             let red = 0, green = 0;
             for (let at = 0; at < data.length; at += 4) {{
               const [r, g, b] = data.subarray(at, at + 3);
               if (r > 180 && g < 110 && b < 110) red++;
               if (g > 120 && r < 90 && b < 130) green++;
             }}
             return [red, green]",
            canvas = select::history::CANVAS
        ))
        .await;
    (counts[0].as_u64().unwrap(), counts[1].as_u64().unwrap())
}

/// Waits until what is [`painted`] is so: a worker tells of a change before it paints it.
async fn wait_for_paint(viewer: &Viewer, is_so: impl Fn((u64, u64)) -> bool) {
    let start = std::time::Instant::now();
    loop {
        let now = painted(viewer).await;
        if is_so(now) {
            return;
        }
        assert!(start.elapsed().as_secs() < 60, "never painted so: {now:?}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// What is [`painted`] when nothing changes any more.
async fn wait_at_rest(viewer: &Viewer) -> (u64, u64) {
    let mut before = (0, 0);
    for _ in 0..100 {
        let now = painted(viewer).await;
        if now == before && now != (0, 0) {
            return now;
        }
        before = now;
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    panic!("the canvas is empty, or never at rest: {before:?}");
}

/// Presses the mouse at a place of the canvas, moves it and lets it go. In CSS pixels from its corner.
async fn drag(viewer: &Viewer, from: (f64, f64), to: (f64, f64)) {
    let corner = viewer
        .js(formatcp!(
            "const canvas = document.querySelector({canvas:?});
             canvas.scrollIntoView({{ block: 'center' }});
             const {{ left, top }} = canvas.getBoundingClientRect();
             return [left, top]",
            canvas = select::history::CANVAS
        ))
        .await;
    let (left, top) = (corner[0].as_f64().unwrap(), corner[1].as_f64().unwrap());
    let places = [
        ("mouseMoved", from, "none"),
        ("mousePressed", from, "left"),
        (
            "mouseMoved",
            ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0),
            "left",
        ),
        ("mouseMoved", to, "left"),
        ("mouseReleased", to, "left"),
    ];
    for (kind, (x, y), button) in places {
        let params = json!({
            "type": kind, "x": left + x, "y": top + y, "button": button,
            "buttons": if kind == "mouseReleased" || button == "none" { 0 } else { 1 }, "clickCount": 1,
        });
        viewer.devtools("Input.dispatchMouseEvent", params).await;
    }
}

async fn canvas_width(viewer: &Viewer) -> f64 {
    viewer
        .js(formatcp!(
            "return document.querySelector({canvas:?}).clientWidth",
            canvas = select::history::CANVAS
        ))
        .await
        .as_f64()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipelines_page_leads_to_all_its_runs() {
    let viewer = Viewer::open(Setup::default(), FLEET).await;
    viewer
        .click_text(select::browse::TO_HISTORY, "All runs in one timeline")
        .await;
    wait_for_runs(&viewer).await;
    assert_eq!(
        viewer.text(select::page::TITLE).await,
        "All runs of fleet-config"
    );
    // The stand-in's rollouts of the pipeline, parent and children, with as many runs as it has.
    let rollouts: Value =
        serde_json::from_str(&viewer.get(&format!("/v1/{FLEET}/releases/-/rollouts"))).unwrap();
    let mut runs = 0;
    for rollout in rollouts["rollouts"].as_array().unwrap() {
        let name = rollout["name"].as_str().unwrap();
        let list: Value =
            serde_json::from_str(&viewer.get(&format!("/v1/{name}/jobRuns?pageSize=1000")))
                .unwrap();
        runs += list["jobRuns"].as_array().map_or(0, Vec::len);
    }
    viewer
        .wait_for_text(COUNTS, &format!("{runs} job runs of"))
        .await;
    assert_eq!(viewer.count(select::history::ROW).await, runs as u64);
    // Targets are those of the rollouts.
    assert!(
        viewer
            .texts(select::history::CELL)
            .await
            .contains(&"us-east".to_owned())
    );
    wait_for_paint(&viewer, |(red, green)| red > 200 && green > 1_000).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_failure_is_a_key_away_and_says_why() {
    let viewer = open(Setup::default(), &name(CANARY)).await;
    viewer.focus(select::history::CANVAS).await;
    viewer.press("n").await;
    viewer
        .wait_for_text(select::history::RUN_TITLE, "Failed")
        .await;
    viewer
        .wait_for_text(select::history::FAILURE, "Next:")
        .await;
    viewer.wait_for(select::history::ROW_SHOWN).await;
    let run = setting(&viewer, "run").await;
    assert!(run.contains("/jobRuns/"), "{run}");
    // The address has it.
    viewer.reload().await;
    wait_for_runs(&viewer).await;
    viewer
        .wait_for_text(select::history::RUN_TITLE, "Failed")
        .await;
    // Its rollout's whole story.
    viewer
        .click_text(select::history::RUN_TOGGLE, "Critical path")
        .await;
    viewer
        .wait_for_text(select::history::STEP, "verify in canary-50, attempt 3")
        .await;
    viewer
        .wait_for_text(select::history::STEP, "until it was retried")
        .await;
    viewer
        .click_text(select::history::RUN_LINK, "Open the job run")
        .await;
    viewer.wait_loaded().await;
    assert!(viewer.url().await.contains(&run));
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_and_groups_are_in_the_address_and_count() {
    let viewer = open(Setup::default(), &name(CANARY)).await;
    let all = viewer.text(COUNTS).await;
    let total = all.split(' ').next().unwrap().to_owned();
    let choose = |name: &str, value: &str| {
        format!(
            "const select = document.querySelector({:?});
             select.value = {}; select.dispatchEvent(new Event('change', {{ bubbles: true }}));
             return select.value",
            select::history::filter(name),
            quote(value)
        )
    };
    assert_eq!(viewer.js(&choose("state", "FAILED")).await, "FAILED");
    viewer
        .wait_for_text(COUNTS, &format!(" of {total} job runs"))
        .await;
    assert_eq!(setting(&viewer, "state").await, "FAILED");
    // The rows come by themselves.
    viewer
        .wait_until_js(formatcp!(
            "(rows => rows.length && rows.every(row => row.innerText.includes('Failed')))(
               [...document.querySelectorAll({row:?})])",
            row = select::history::ROW
        ))
        .await;
    let failed = viewer.texts(select::history::ROW).await;
    assert!(
        !failed.is_empty() && failed.iter().all(|row| row.contains("Failed")),
        "{failed:?}"
    );
    // The number with the choice is that of the runs.
    viewer
        .wait_for_text(
            select::history::STATE,
            &format!("Failed ({})", failed.len()),
        )
        .await;

    viewer
        .type_into(
            select::history::QUERY,
            &format!("zzz-nowhere{}", keys::ENTER),
        )
        .await;
    viewer
        .wait_for_text(COUNTS, &format!("0 of {total} job runs"))
        .await;
    viewer
        .click_text(select::history::TOOL, "Clear filters")
        .await;
    viewer
        .wait_until_js(&format!(
            "document.querySelector({}).innerText === {}",
            quote(COUNTS),
            quote(&all)
        ))
        .await;
    assert_eq!(
        viewer
            .js(formatcp!(
                "return document.querySelector({query:?}).value",
                query = select::history::QUERY
            ))
            .await,
        ""
    );
    assert_eq!(viewer.js(&choose("group", "state")).await, "state");
    assert_eq!(setting(&viewer, "group").await, "state");
    viewer.back().await;
    viewer
        .wait_until_js(formatcp!(
            "document.querySelector({group:?}).value === 'phase'",
            group = select::history::GROUP
        ))
        .await;
    // What no run has stays to be seen as what was asked for.
    let url = viewer.url_of(&format!("history/{}?cause=SOMETHING_NEW", name(CANARY)));
    viewer.goto(&url).await;
    viewer.wait_for_text(COUNTS, "0 of").await;
    assert_eq!(
        viewer
            .js(formatcp!(
                "return document.querySelector({cause:?}).value",
                cause = select::history::CAUSE
            ))
            .await,
        "SOMETHING_NEW"
    );
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stretch_is_chosen_on_the_axis_and_kept_in_the_address() {
    let viewer = open(Setup::default(), &name(CANARY)).await;
    let width = canvas_width(&viewer).await;
    let whole = wait_at_rest(&viewer).await;
    drag(&viewer, (width - 120.0, 46.0), (width - 40.0, 46.0)).await;
    viewer
        .wait_until_js("location.hash.includes('from=')")
        .await;
    assert!(!setting(&viewer, "to").await.is_empty());
    wait_for_paint(&viewer, |now| now != whole).await;
    let zoomed = wait_at_rest(&viewer).await;
    assert_ne!(zoomed, whole);
    let window = (setting(&viewer, "from").await, setting(&viewer, "to").await);
    viewer.reload().await;
    wait_for_runs(&viewer).await;
    wait_for_paint(&viewer, |now| now == zoomed).await;
    assert_eq!(
        (setting(&viewer, "from").await, setting(&viewer, "to").await),
        window
    );
    viewer.focus(select::history::CANVAS).await;
    viewer.press("f").await;
    viewer
        .wait_until_js("!location.hash.includes('from=')")
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_chosen_with_the_mouse_and_in_the_table_with_the_keyboard() {
    let viewer = open(Setup::default(), &name(CANARY)).await;
    viewer.focus(select::history::TABLE).await;
    viewer.press(keys::END).await;
    viewer.press(keys::ENTER).await;
    viewer.wait_for(select::history::ROW_SHOWN_ACTIVE).await;
    let last = viewer.text(select::history::ROW_SHOWN).await;
    viewer.wait_for(select::history::RUN_TITLE).await;
    viewer.press(keys::HOME).await;
    viewer.press(keys::ENTER).await;
    viewer
        .wait_until_js(&format!(
            "(document.querySelector({row_shown:?})?.innerText ?? {0}) !== {0}",
            quote(&last),
            row_shown = select::history::ROW_SHOWN
        ))
        .await;
    viewer.click(select::history::ROW_4).await;
    viewer.wait_for(select::history::ROW_4_SHOWN).await;
    // A click beside all bars takes the selection away: below the lanes there is nothing.
    let height = viewer
        .js(formatcp!(
            "return document.querySelector({canvas:?}).clientHeight",
            canvas = select::history::CANVAS
        ))
        .await;
    let below = (400.0, height.as_f64().unwrap() - 4.0);
    drag(&viewer, below, below).await;
    viewer.wait_gone(select::history::RUN).await;
    assert_eq!(setting(&viewer, "run").await, "");
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_tells_how_everything_stood() {
    let viewer = open(Setup::default(), &name(CANARY)).await;
    wait_for_paint(&viewer, |(red, _)| red > 100).await;
    viewer
        .click_text(select::history::SIDE_BUTTON, "Replay from the left edge")
        .await;
    viewer
        .wait_for_text(select::history::PART_TEXT, "waiting")
        .await;
    let first = setting(&viewer, "at").await;
    assert!(!first.is_empty());
    // Nothing had failed yet.
    viewer
        .wait_until_js(formatcp!(
            "document.querySelector({part_title:?}).innerText === 'Replay'",
            part_title = select::history::PART_TITLE
        ))
        .await;
    wait_for_paint(&viewer, |(red, _)| red < 100).await;
    viewer
        .click_text(select::history::SIDE_BUTTON, "Next change")
        .await;
    viewer
        .wait_until_js(&format!(
            "!location.hash.includes({})",
            quote(&first.replace(':', "%3A"))
        ))
        .await;
    // Which comes before the other buttons, when there is a change before.
    viewer
        .wait_for_text(select::history::SIDE_BUTTON, "Change before")
        .await;
    viewer
        .click_text(select::history::SIDE_BUTTON, "End the replay")
        .await;
    viewer.wait_until_js("!location.hash.includes('at=')").await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_rollouts_are_compared_job_by_job() {
    let viewer = open(Setup::default(), FLEET).await;
    viewer.focus(select::history::CANVAS).await;
    viewer.press("n").await;
    viewer.wait_for(select::history::RUN).await;
    viewer
        .click_text(select::history::RUN_TOGGLE, "Compare with another rollout")
        .await;
    let none = viewer.text(select::history::COMPARE).await;
    if none.contains("No other rollout is here") {
        // A child has its target to itself; its history beside the others' is by address.
        let other = format!(
            "{FLEET}/releases/rel-20261124-58ad0c7/rollouts/rel-20261124-58ad0c7-to-us-east-0001"
        );
        let url = format!(
            "{}&vs={}",
            viewer.url().await,
            jobrun_viewer::api::http::percent_encode(&other)
        );
        viewer.goto(&url).await;
    } else {
        viewer.click(select::history::COMPARE_LINK).await;
    }
    viewer.wait_for(select::history::DIFFERENCE).await;
    viewer.wait_for(select::history::COMPARED_BAR).await;
    let told = viewer.text(select::history::DIFFERENCES).await;
    assert!(told.contains("here"), "{told}");
    viewer
        .click_text(select::history::RUN_BUTTON, "Compare no more")
        .await;
    viewer.wait_gone(select::history::DIFFERENCES).await;
    viewer.finish().await;
}

/// A list of so many runs, of which every hundredth failed.
fn many(count: usize) -> String {
    let runs: Vec<String> = (0..count)
        .map(|n| {
            let state = if n % 100 == 99 { "FAILED" } else { "SUCCEEDED" };
            let (day, minute) = (n / 1_440, n % 1_440);
            let time = |second: usize| {
                format!("2026-{:02}-{:02}T{:02}:{:02}:{second:02}Z", day / 28 + 1, day % 28 + 1, minute / 60, minute % 60)
            };
            json!({
                "name": format!(
                    "projects/p/locations/l/deliveryPipelines/d/releases/r-{0}/rollouts/o-{0}/jobRuns/run-{n}", n / 10
                ),
                "phaseId": "stable", "jobId": format!("job-{}", n % 5), "state": state,
                "createTime": time(0), "startTime": time(5), "endTime": time(50),
                "deployJobRun": { "failureCause": if state == "FAILED" { "EXECUTION_FAILED" } else { "" } },
            })
            .to_string()
        })
        .collect();
    format!("{{\"jobRuns\":[{}]}}", runs.join(","))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_many_runs_is_one_timeline_with_a_table_of_all() {
    let viewer = Viewer::open(Setup::default(), "").await;
    viewer.wait_for(select::start::PAGE).await;
    viewer
        .js(&format!(
            "const data = new DataTransfer();
             data.items.add(new File([{}], 'year.json'));
             for (const type of ['dragenter', 'dragover', 'drop'])
               document.querySelector({main:?}).dispatchEvent(
                 new DragEvent(type, {{ bubbles: true, cancelable: true, dataTransfer: data }}))",
            quote(&many(20_000)),
            main = select::page::MAIN
        ))
        .await;
    viewer
        .click_text(select::files::TO_HISTORY, "All runs in one timeline")
        .await;
    wait_for_runs(&viewer).await;
    viewer
        .wait_for_text(COUNTS, "20\u{202f}000 job runs of 2\u{202f}000 rollouts")
        .await;
    wait_for_paint(&viewer, |(red, green)| red > 1_000 && green > 1_000).await;
    // Only what is in sight is in the page, from the first row to the last.
    let rows = viewer.count(select::history::ROW).await;
    assert!((10..100).contains(&rows), "{rows}");
    viewer.focus(select::history::TABLE).await;
    viewer.press(keys::END).await;
    viewer.wait_for(select::history::ROW_19999).await;
    assert!(viewer.count(select::history::ROW).await < 100);
    viewer
        .click_text(select::history::CAUSE_BUTTON, "EXECUTION_FAILED (200)")
        .await;
    viewer
        .wait_for_text(COUNTS, "200 of 20\u{202f}000 job runs")
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_many_rollouts_says_how_far_it_is_and_can_be_stopped() {
    let setup = Setup {
        many: 2_500,
        ..Setup::default()
    };
    let viewer = open(setup, &name(MANY)).await;
    viewer.wait_for_text(COUNTS, "2\u{202f}500 job runs").await;
    viewer.finish().await;

    let viewer = Viewer::start(Setup::default()).await;
    let slow = Fault::from(FaultKind::Delay { ms: 60_000 }).on(Calls::List);
    viewer.stand_in().add_fault(slow);
    viewer
        .goto(&viewer.url_of(&format!("history/{FLEET}")))
        .await;
    viewer
        .wait_for_text(select::history::READING, "0 of 4 rollouts")
        .await;
    viewer
        .click_text(select::history::READING_BUTTON, "Stop")
        .await;
    viewer
        .wait_for_text(select::history::READING, "Reading was stopped")
        .await;
    viewer.wait_for_text(COUNTS, "No job runs").await;
    viewer
        .wait_until_js("document.activeElement.innerText === 'Read all again'")
        .await;
    viewer.stand_in().reset_faults();
    viewer
        .click_text(select::history::COUNTS_BUTTON, "Read all again")
        .await;
    wait_for_runs(&viewer).await;
    viewer.wait_for_text(COUNTS, " of 4 rollouts").await;
    viewer.wait_gone(select::history::READING).await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_said() {
    let mut viewer = Viewer::start(Setup::default()).await;
    viewer.expect_error("404");
    viewer
        .goto(&viewer.url_of("history?src=nowhere.json"))
        .await;
    let told = viewer.wait_for_error("This address cannot be read").await;
    assert!(told.contains("404"), "{told}");
    let unknown = name(LIVE).replace("checkout", "no-such-pipeline");
    viewer
        .goto(&viewer.url_of(&format!("history/{unknown}")))
        .await;
    viewer.wait_for(select::errors::BOX).await;
    // A page that was loaded again has no file, and takes one.
    viewer.goto(&viewer.url_of("history?src=file")).await;
    viewer
        .wait_for_text(select::page::TITLE, "The file is not open any more")
        .await;
    viewer.wait_for(select::files::OPEN).await;
    // What is no parent of runs is not a history.
    viewer.goto(&viewer.url_of("history/nonsense")).await;
    viewer
        .wait_for_text(select::page::TITLE, "This address names no rollout")
        .await;
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_whole_says_what_it_lacks() {
    let mut viewer = Viewer::start(Setup::default()).await;
    viewer.expect_error("status of 403");
    viewer.order("unreachable@list");
    viewer.order("403@get-rollout");
    viewer
        .goto(&viewer.url_of(&format!("history/{}", name(CANARY))))
        .await;
    wait_for_runs(&viewer).await;
    viewer
        .wait_for_text(
            select::page::WARNING,
            "The list is not whole: the server could not reach",
        )
        .await;
    // The runs are there without their rollout, which gives them their phases.
    let shown = viewer.wait_for_error("Not allowed").await;
    assert!(shown.contains("clouddeploy.rollouts.get"), "{shown}");
    viewer.stand_in().reset_faults();
    viewer.click_text(select::errors::BUTTON, "Try again").await;
    viewer.wait_gone(select::errors::BOX).await;
    viewer.wait_gone(select::page::WARNING).await;
    viewer.wait_for(select::history::ROW).await;
    viewer.finish().await;
}

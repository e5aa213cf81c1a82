//! A page that stays open for long grows no further, whatever goes wrong meanwhile.

use const_format::formatcp;
use jobrun_viewer::core::time::{SignedDuration, Timestamp};
use jobrun_viewer::stand_in::LoggedRequest;
use serde_json::json;

use crate::select;
use crate::viewer::{
    ALERTS, ALL_VARIANTS, CANARY, CONTROLLER, DONE, LIVE, Rollout, Setup, Viewer, name,
};

/// Lets the page's time run a hundred times as fast.
const FAST: &str = "
    for (const name of ['setTimeout', 'setInterval']) {
      const real = globalThis[name];
      // How long a request may take is not the page's time.
      const isLimit = after => [30000, 300000].includes(after);
      globalThis[name] = (act, after, ...rest) => real(act, isLimit(after) ? after : (after ?? 0) / 100, ...rest);
    }
";

/// Gets hold of the memory of the page's wasm.
const MEMORY: &str = "
    const instantiate = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...from) => {
      const made = await instantiate(...from);
      globalThis.pageMemory ??= made.instance.exports.memory;
      return made;
    };";

/// What goes wrong now and then: what passes by itself, and what waits for somebody to try again.
const FAULTS: [&str; 12] = [
    "503@list*1",
    "503@list*5",
    "500@get-rollout*1",
    "truncated@list*1",
    "hang-up@list*1",
    "hang-up@get-rollout*1",
    "429:1@list*1",
    "delay:60@list*1",
    "401@list*1",
    "403@list*1",
    "not-json@list*1",
    "page-loop@list*1",
];

/// Does what an error waits for.
const TRY_AGAIN: &str = formatcp!(
    "document.querySelector({of_rollout_try_again:?})?.click()",
    of_rollout_try_again = select::errors::OF_ROLLOUT_TRY_AGAIN
);

const POLLS: usize = 2_000;
/// After so many polls, nothing that is made once is made any more, and it is looked at what there is; and
/// again after as many.
const LOOK: usize = 400;

/// What there is of everything that could leak.
#[derive(Debug)]
struct Size {
    heap: f64,
    wasm: f64,
    nodes: f64,
    listeners: f64,
    /// All that the browser has for the page and its workers.
    process: f64,
}

impl Size {
    async fn of(viewer: &Viewer) -> Self {
        for _ in 0..2 {
            viewer
                .devtools("HeapProfiler.collectGarbage", json!({}))
                .await;
        }
        let heap = viewer.devtools("Runtime.getHeapUsage", json!({})).await;
        let counts = viewer.devtools("Memory.getDOMCounters", json!({})).await;
        let number = |value: &serde_json::Value| value.as_f64().expect("a number");
        Self {
            heap: number(&heap["usedSize"]),
            wasm: number(&viewer.js("return pageMemory.buffer.byteLength").await),
            nodes: number(&counts["nodes"]),
            listeners: number(&counts["jsEventListeners"]),
            process: viewer.renderers_memory() as f64,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_polls_with_faults_leave_the_page_as_large_as_it_was() {
    let mut viewer = Viewer::start(Setup {
        alone: true,
        ..Setup::default()
    })
    .await;
    viewer.expect_error("net::ERR_");
    viewer.expect_error("status of");
    viewer.prepare(FAST).await;
    viewer.prepare(MEMORY).await;
    viewer
        .goto(&viewer.url_of(&crate::viewer::name(LIVE)))
        .await;
    viewer.wait_loaded().await;
    // The one whose logs grow, with one of them open.
    let run = viewer.run(LIVE, "verify");
    viewer.select(LIVE, &run).await;
    viewer.click_text(select::log::BUTTON, "event log").await;
    viewer.wait_for(select::log::DRAWER_ROW).await;
    let address = viewer.address().await;

    let begin = std::time::Instant::now();
    let (mut seed, mut polls, mut most, mut sizes) = (20_261_124_u32, 0, 0, Vec::new());
    while polls < POLLS {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        let requests = viewer.stand_in().requests();
        // A busy server reads what was given up long after it was sent, all at once.
        let late = Timestamp::now() - SignedDuration::from_secs(1);
        let is_waiting = |r: &&LoggedRequest| r.status.is_none() && !r.aborted && r.time < late;
        most = most.max(requests.iter().filter(is_waiting).count());
        // The log would be long in the end.
        if requests.len() > 200 && requests.iter().all(|r| r.status.is_some() || r.aborted) {
            polls += requests.iter().filter(|request| request.is_list()).count();
            viewer.stand_in().forget_requests();
            viewer.new_requests().await;
        }
        // A linear congruential generator, by the numbers of Numerical Recipes.
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if seed >> 28 == 0 {
            let fault = FAULTS[(seed >> 16) as usize % FAULTS.len()];
            viewer.order(fault);
        }
        viewer.js(TRY_AGAIN).await;
        if polls >= LOOK * (sizes.len() + 1) {
            sizes.push(Size::of(&viewer).await);
        }
    }
    viewer.stand_in().reset_faults();
    // The last fault may be one that waits for somebody to try again.
    let again = format!(
        "({TRY_AGAIN}, document.querySelector({live_state:?})?.innerText.includes('Live'))",
        live_state = select::rollout::LIVE_STATE
    );
    viewer.wait_until_js(&again).await;
    viewer.wait_loaded().await;
    println!("{polls} polls in {:?}", begin.elapsed());
    for size in &sizes {
        println!("{size:?}");
    }
    // What leaks grows with each poll, so that the least of the later is beyond the most of the earlier. What
    // one look finds more than another is when it came; some bytes a poll are the browser's own records.
    let [early, late] = [&sizes[..2], &sizes[sizes.len() - 2..]];
    let grows = |what: fn(&Size) -> f64, noise: f64| {
        let most = early.iter().map(what).fold(0.0, f64::max);
        let least = late.iter().map(what).fold(f64::INFINITY, f64::min);
        assert!(
            least <= most + noise,
            "{least} is more than {most}: {sizes:?}"
        );
    };
    grows(|size| size.heap, 200_000.0);
    grows(|size| size.wasm, 65_536.0);
    grows(|size| size.nodes, 100.0);
    grows(|size| size.listeners, 20.0);
    // What the browser itself keeps comes and goes by megabytes; a log that was kept twice is more.
    grows(|size| size.process, 30_000_000.0);
    // The runs, the rollout, the build and its log, and what was given up and has not been noticed yet.
    assert!(most <= 8, "{most} requests at a time");
    viewer.wait_for_run(&run).await;
    assert_eq!(viewer.address().await, address);
    viewer.finish().await;
}

/// Goes from page to page, each time after a pause that is shorter than most answers: the arguments are the
/// addresses, a seed, and how many to visit.
const WANDER: &str = "
    const [pages, start, visits] = arguments;
    let seed = start;
    // A linear congruential generator, by the numbers of Numerical Recipes.
    const random = (below) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    for (let visit = 0; visit < visits; visit++) {
      location.hash = pages[random(pages.length)];
      await new Promise((resolve) => setTimeout(resolve, random(8) ? random(60) : 250));
    }";

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_of_pages_left_while_answers_come_leave_nothing_behind() {
    const VISITS: usize = 25;
    let mut viewer = Viewer::start(Setup {
        alone: true,
        ..Setup::default()
    })
    .await;
    // What is asked for when a page is left is given up.
    viewer.expect_error("net::ERR_");
    viewer.prepare(MEMORY).await;
    viewer.goto(&viewer.url_of("")).await;
    for answers in [
        "delay:40",
        "delay:90@list",
        "delay:60@browse",
        "delay:150@object",
    ] {
        viewer.order(answers);
    }
    let of = |rollout: Rollout, run: &str, more: &str| {
        let run = viewer.run(rollout, run);
        format!("#/{}/jobRuns/{}{more}", name(rollout), run.id())
    };
    let (project, _) = name(DONE)
        .split_once("/deliveryPipelines/")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    let pipeline = format!("{project}/deliveryPipelines/{}", DONE.0);
    let pages = json!([
        "#/",
        format!("#/{project}"),
        format!("#/{pipeline}"),
        format!("#/history/{pipeline}"),
        format!("#/history/{project}"),
        of(LIVE, "verify", ""),
        of(LIVE, "verify", "?log=1"),
        of(DONE, "deploy", ""),
        format!("#/{}", name(CANARY)),
        format!("#/{}", name(ALERTS)),
        format!("#/{}", name(CONTROLLER)),
        format!("#/{}", name(ALL_VARIANTS)),
    ]);
    let mut sizes = Vec::new();
    for round in 0..20 {
        let code = format!("return (async () => {{ {WANDER} }})()").replace(
            "arguments",
            &json!([pages, 20_261_201 + round, VISITS]).to_string(),
        );
        viewer.js(&code).await;
        if round % 5 == 4 {
            viewer.js("location.hash = '#/'").await;
            viewer.wait_idle().await;
            viewer.wait_for(select::page::TITLE).await;
            sizes.push(Size::of(&viewer).await);
        }
    }
    for size in &sizes {
        println!("{size:?}");
    }
    assert_eq!(viewer.count(select::errors::STOPPED).await, 0);
    // What is made once is made within the first rounds.
    let grows = |what: fn(&Size) -> f64, noise: f64| {
        let (early, late) = (what(&sizes[1]), what(&sizes[3]));
        assert!(
            late <= early + noise,
            "{late} is more than {early}: {sizes:?}"
        );
    };
    grows(|size| size.heap, 500_000.0);
    // Memory of wasm only ever grows, by what is used at once; 250 visits that each leave 4 KB behind are found.
    grows(|size| size.wasm, 1_000_000.0);
    grows(|size| size.nodes, 300.0);
    grows(|size| size.listeners, 30.0);
    viewer.finish().await;
}

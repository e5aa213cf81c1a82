//! A page that stays open for long grows no further, whatever goes wrong meanwhile.

use serde_json::json;

use crate::viewer::{LIVE, Setup, Viewer};

/// Lets the page's time run a hundred times as fast, and gets hold of the memory of its wasm.
const FAST: &str = "
    for (const name of ['setTimeout', 'setInterval']) {
      const real = globalThis[name];
      globalThis[name] = (act, after, ...rest) => real(act, (after ?? 0) / 100, ...rest);
    }
    const instantiate = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...from) => {
      const made = await instantiate(...from);
      globalThis.pageMemory ??= made.instance.exports.memory;
      return made;
    }";

/// What passes by itself, now and then.
const FAULTS: [&str; 8] = [
    "503@list*1",
    "503@list*5",
    "500@get-rollout*1",
    "truncated@list*1",
    "hang-up@list*1",
    "hang-up@get-rollout*1",
    "429:1@list*1",
    "delay:60@list*1",
];

const POLLS: usize = 2_000;

/// What there is of everything that could leak.
#[derive(Debug)]
struct Size {
    heap: f64,
    wasm: f64,
    nodes: f64,
    listeners: f64,
}

impl Size {
    async fn of(viewer: &Viewer) -> Self {
        for _ in 0..2 {
            viewer.devtools("HeapProfiler.collectGarbage", json!({})).await;
        }
        let heap = viewer.devtools("Runtime.getHeapUsage", json!({})).await;
        let counts = viewer.devtools("Memory.getDOMCounters", json!({})).await;
        let number = |value: &serde_json::Value| value.as_f64().expect("a number");
        Self {
            heap: number(&heap["usedSize"]),
            wasm: number(&viewer.js("return pageMemory.buffer.byteLength").await),
            nodes: number(&counts["nodes"]),
            listeners: number(&counts["jsEventListeners"]),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_polls_with_faults_leave_the_page_as_large_as_it_was() {
    let mut viewer = Viewer::start(Setup::default()).await;
    viewer.expect_error("net::ERR_");
    viewer.expect_error("status of");
    viewer.prepare(FAST).await;
    viewer.goto(&viewer.url_of(&crate::viewer::name(LIVE))).await;
    viewer.loaded().await;
    let run = viewer.run(LIVE, "deploy");
    viewer.select(LIVE, &run).await;
    let address = viewer.address().await;

    let (mut seed, mut polls, mut most, mut early) = (20_261_124_u32, 0, 0, None);
    while polls < POLLS {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        let requests = viewer.stand_in().requests();
        most = most.max(requests.iter().filter(|r| r.status.is_none() && !r.aborted).count());
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
        if early.is_none() && polls >= 500 {
            early = Some(Size::of(&viewer).await);
        }
    }
    viewer.stand_in().reset_faults();
    viewer.loaded().await;
    viewer.see_text(".live-state", "Live").await;
    let (early, late) = (early.expect("there were 500"), Size::of(&viewer).await);
    assert!(late.heap < early.heap * 1.15 + 500_000.0, "{early:?} {late:?}");
    assert!(late.wasm <= early.wasm + 131_072.0, "{early:?} {late:?}");
    assert!(late.nodes <= early.nodes * 1.1 + 100.0, "{early:?} {late:?}");
    assert!(late.listeners <= early.listeners + 20.0, "{early:?} {late:?}");
    assert!(most <= 2, "{most} requests at a time");
    viewer.shows(&run).await;
    assert_eq!(viewer.address().await, address);
    viewer.finish().await;
}

//! Data that others wrote, and meant harm by: every text of a job run is only ever a text.

use std::sync::{Arc, Mutex};

use const_format::formatcp;
use jobrun_viewer::api::http::Reply;
use serde_json::{Value, json};

use crate::browser::{keys, quote};
use crate::select;
use crate::viewer::{
    ALERTS, ALL_VARIANTS, CANARY, CONTROLLER, DONE, EMPTY, LIVE, Setup, Viewer, name,
};

/// What somebody may write where a text belongs. Each that could run says so in `window.ran`.
fn injections() -> Vec<(&'static str, String)> {
    vec![
        ("an element", "<img src=x onerror=\"window.ran=1\"><svg onload=\"window.ran=1\">".into()),
        (
            "a script",
            "\"'></script><script>window.ran=1</script><iframe srcdoc=\"<script>parent.ran=1</script>\">"
                .into(),
        ),
        ("a javascript address", "javascript:window.ran=1//https://a.run.app".into()),
        ("a data address", "data:text/html,<script>opener.ran=1</script>".into()),
        ("another host", "https://evil.example/x?a=https://console.cloud.google.com".into()),
        ("a host that only looks right", "https://a.run.app@evil.example/".into()),
        ("storage somewhere else", "gs://bucket/..%2f..%2fevil?x=<b>#\" onmouseover=\"window.ran=1".into()),
        ("a template", "{{constructor.constructor('window.ran=1')()}}${window.ran=1}".into()),
        ("a turn of the writing", "\u{202e}gnp.exe\u{2066}\u{200f}\u{2028}\u{feff}".into()),
        ("controls", "a\u{0}b\u{1}c\u{2}d\u{3}e\u{1b}[31mf\u{7f}\u{85}\r\n\t".into()),
        ("letters without end", "Z\u{340}\u{341}\u{342}".repeat(2_000)),
        ("a word of a hundred thousand letters", "w".repeat(100_000)),
        ("a style", "red;background:url(https://evil.example/);--from:0;position:fixed".into()),
        ("a time beyond all times", "+999999999-99-99T99:99:99.999999999999Z".into()),
        ("a name with a way up", "projects/../../evil/locations/l/builds/%2e%2e%2fx".into()),
    ]
}

/// Every text in a value replaced, but for the fields that `keep` names.
fn poison(value: &Value, text: &str, keep: &[&str]) -> Value {
    match value {
        Value::String(_) => text.into(),
        Value::Array(items) => items.iter().map(|item| poison(item, text, keep)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(field, value)| {
                let value = if keep.contains(&field.as_str()) {
                    value.clone()
                } else {
                    poison(value, text, keep)
                };
                (field.clone(), value)
            })
            .collect(),
        other => other.clone(),
    }
}

/// One run of each variant, with as many fields as the all-variants rollout's have.
fn runs(viewer: &Viewer) -> Vec<Value> {
    let mut found: Vec<(String, Value)> = Vec::new();
    for run in viewer.runs(ALL_VARIANTS) {
        let Some(fields) = run.0.as_object() else {
            continue;
        };
        let Some(variant) = fields
            .keys()
            .find(|field| field.ends_with("JobRun"))
            .cloned()
        else {
            continue;
        };
        let size = run.0.to_string().len();
        match found.iter_mut().find(|(known, _)| *known == variant) {
            Some((_, best)) if best.to_string().len() >= size => {}
            Some((_, best)) => *best = run.0,
            None => found.push((variant, run.0)),
        }
    }
    found.into_iter().map(|(_, run)| run).collect()
}

async fn open(viewer: &Viewer, text: &str) {
    viewer.goto("about:blank").await;
    viewer.goto(&viewer.url_of("")).await;
    viewer.wait_for(select::start::PAGE).await;
    viewer
        .js(&format!(
            "const data = new DataTransfer();
             data.items.add(new File([{}], '<img src=x onerror=\"window.ran=1\">.json'));
             for (const type of ['dragenter', 'dragover', 'drop'])
               document.querySelector({main:?}).dispatchEvent(
                 new DragEvent(type, {{ bubbles: true, cancelable: true, dataTransfer: data }}))",
            quote(text),
            main = select::page::MAIN
        ))
        .await;
}

/// Looks through all that a page of a file shows, and asserts that it is harmless.
async fn check(viewer: &Viewer, what: &str) {
    for bar in 0..viewer.count(select::timeline::BAR_LINK).await {
        viewer
            .js(&format!(
                "document.querySelectorAll({bar_link:?})[{bar}].click();
                 return new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))",
                bar_link = select::timeline::BAR_LINK
            ))
            .await;
        viewer.wait_for(select::run_panel::HEADER).await;
        viewer
            .js(formatcp!(
                "document.querySelectorAll({details:?}).forEach(part => {{ part.open = true }});
                 for (const element of document.querySelectorAll({any_in_main:?}))
                   element.dispatchEvent(new MouseEvent('mouseover', {{ bubbles: true }}))",
                details = select::page::DETAILS,
                any_in_main = select::page::ANY_IN_MAIN
            ))
            .await;
        harmless(viewer, what).await;
    }
}

async fn harmless(viewer: &Viewer, what: &str) {
    let seen = viewer
        .js(formatcp!(
            "const links = [...document.querySelectorAll({references:?})]
               .filter(element => !element.closest({head:?}))
               .map(element => element.href?.baseVal ?? element.href ?? element.src ?? 'odd')
               .filter(link => !link.startsWith(location.origin + '/'))
               .filter(link => !/^https:\\/\\/(console\\.cloud\\.google\\.com|[a-z0-9.-]+\\.run\\.app)\\//.test(link + '/'));
             const odd = [...document.querySelectorAll({any_in_main:?})]
               .filter(element => element.getAttributeNames().some(name => name.startsWith('on'))
                 || ['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'IMG', 'FORM'].includes(element.tagName)
                   && element.tagName !== 'FORM')
               .map(element => element.outerHTML.slice(0, 200));
             return {{ ran: window.ran ?? null, links, odd }}",
            references = select::page::REFERENCES,
            head = select::page::HEAD,
            any_in_main = select::page::ANY_IN_MAIN
        ))
        .await;
    assert_eq!(
        seen,
        json!({ "ran": null, "links": [], "odd": [] }),
        "{what}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_of_a_run_may_be_hostile() {
    let viewer = Viewer::start(Setup::default()).await;
    let runs = runs(&viewer);
    assert!(runs.len() >= 7, "a run of each variant");
    for (what, text) in injections() {
        // What decides where a run is shown is kept, so that it is shown; then all is replaced.
        for keep in [
            &["name", "createTime", "startTime", "endTime", "state"][..],
            &["name"],
            &[],
        ] {
            let list: Vec<Value> = runs.iter().map(|run| poison(run, &text, keep)).collect();
            open(&viewer, &json!({ "jobRuns": list }).to_string()).await;
            viewer
                .wait_until_js(formatcp!(
                    "!document.querySelector({start_page:?})",
                    start_page = select::start::PAGE
                ))
                .await;
            viewer
                .wait_until_js(formatcp!(
                    "document.querySelector({outcome:?})",
                    outcome = select::files::OUTCOME
                ))
                .await;
            check(&viewer, what).await;
            viewer.goto(&viewer.url_of("history?src=file")).await;
            viewer.wait_for(select::history::HISTORY).await;
            viewer
                .wait_until_js("performance.getEntriesByName('history:loaded').length")
                .await;
            viewer
                .js(formatcp!(
                    "document.querySelector({row:?})?.click()",
                    row = select::history::ROW
                ))
                .await;
            viewer
                .wait_until_js(formatcp!(
                    "!document.querySelector({row:?}) || document.querySelector({run:?})",
                    row = select::history::ROW,
                    run = select::history::RUN
                ))
                .await;
            harmless(&viewer, what).await;
        }
    }
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_huge_deep_or_no_unicode_leaves_the_page_at_work() {
    let viewer = Viewer::start(Setup::default()).await;
    let run = runs(&viewer).remove(0);
    let run = run.to_string();
    let with = |field: &str| run.replacen('{', &format!("{{\"extra\":{field},"), 1);
    let cases = [
        (
            "nested ten thousand deep",
            with(&("[".repeat(10_000) + &"]".repeat(10_000))),
        ),
        (
            "numbers out of range",
            with("[1e999,-1e999,123456789012345678901234567890,-0,1e-999]"),
        ),
        ("half of a surrogate pair", with("\"\\ud800 and \\udfff\"")),
        ("a key twice", with("1,\"extra\":2")),
        (
            "a failure message of 10 MB",
            run.replace(
                "\"failureMessage\":\"",
                &format!("\"failureMessage\":\"{}", "m<b>".repeat(2_500_000)),
            ),
        ),
    ];
    for (what, text) in cases {
        open(&viewer, &format!("{{\"jobRuns\":[{text}]}}")).await;
        viewer
            .wait_until_js(formatcp!(
                "document.querySelector({read:?})",
                read = select::files::READ
            ))
            .await;
        harmless(&viewer, what).await;
        // Nothing of it is lost, as far as a page can show it.
        if viewer.count(select::run_panel::ANY_RAW_JSON).await > 0 {
            viewer
                .js(formatcp!(
                    "document.querySelector({any_raw_json:?}).open = true",
                    any_raw_json = select::run_panel::ANY_RAW_JSON
                ))
                .await;
            viewer.wait_for(select::run_panel::RAW_JSON_TEXT).await;
        }
        // The page still answers to what a person does.
        viewer.js("location.hash = '#/'").await;
        viewer.wait_for(select::start::PAGE).await;
    }
    viewer.finish().await;
}

/// What an answer has to have left for the viewer to find its way: names that lead on, states, and times.
const LEADS: &[&str] = &[
    "name",
    "createTime",
    "startTime",
    "endTime",
    "state",
    "status",
    "approvalState",
    "renderState",
    "build",
    "rollout",
    "artifactUri",
    "eventLogPath",
    "manifestPath",
    "logsBucket",
    "nextPageToken",
    "type",
    "skaffoldConfigPath",
    "timestamp",
    "eventType",
    "errCode",
    "taskType",
];

/// An answer with a text in the place of all others.
fn poisoned(mut reply: Reply, text: &str) -> Reply {
    reply.body = match serde_json::from_str::<Value>(&reply.body) {
        Ok(value) => poison(&value, text, LEADS).to_string(),
        // A log or a manifest: a text of many lines, some of which may be JSON.
        Err(_) => {
            let lines = reply
                .body
                .lines()
                .map(|line| match serde_json::from_str::<Value>(line) {
                    Ok(event) => poison(&event, text, LEADS).to_string(),
                    Err(_) => {
                        format!(
                            "{line} {}: \"{}\"",
                            text.lines().next().unwrap_or(""),
                            text.replace('\n', " ")
                        )
                    }
                });
            lines.collect::<Vec<_>>().join("\n")
        }
    };
    reply
}

/// Opens what a page has to open, a dialog at a time, and looks at each.
async fn inspect_dialogs(viewer: &Viewer, what: &str) {
    for part in [
        select::build::BUILD_LOG_BUTTON,
        select::log::OPEN,
        select::manifests::PATH,
        select::timeline::TOGGLE,
    ] {
        viewer
            .js(&format!(
                "document.querySelectorAll({}).forEach(part => part.click())",
                quote(part)
            ))
            .await;
        harmless(viewer, what).await;
    }
    let asks = quote(select::session::ANY_ASK);
    // How many there are changes with the rollout.
    for at in 0.. {
        let click = format!(
            "const ask = document.querySelectorAll({asks})[{at}]; ask?.click(); return ask?.outerHTML ?? null"
        );
        let clicked = viewer.js(&click).await;
        if clicked.is_null() {
            break;
        }
        viewer.wait_for(select::dialogs::DIALOG).await;
        viewer
            .js(formatcp!(
                "document.querySelectorAll({details:?}).forEach(part => {{ part.open = true }})",
                details = select::dialogs::DETAILS
            ))
            .await;
        harmless(viewer, what).await;
        viewer.press(keys::ESCAPE).await;
        viewer.wait_gone(select::dialogs::DIALOG).await;
    }
}

/// How long the page was ever at something without a pause, in milliseconds.
const LONGEST: &str = "window.longest = 0;
    new PerformanceObserver(list => list.getEntries().forEach(({ duration }) => {
      longest = Math.max(longest, duration) })).observe({ type: 'longtask', buffered: true });";
/// Beyond this a page is stuck for a person. A machine that does other things meanwhile needs some of it.
const STUCK: f64 = 5_000.0;

#[tokio::test(flavor = "multi_thread")]
async fn every_text_that_a_server_answers_may_be_hostile() {
    let mut viewer = Viewer::start(Setup::default()).await;
    viewer.expect_error("Failed to load resource");
    viewer.prepare(LONGEST).await;
    let text = Arc::new(Mutex::new(String::new()));
    let given = text.clone();
    viewer
        .stand_in()
        .rewrite(move |_, reply| poisoned(reply, &given.lock().expect("nobody panics with it")));
    let pipeline = name(DONE)
        .split("/releases")
        .next()
        .unwrap_or_default()
        .to_owned();
    let location = pipeline
        .split("/deliveryPipelines")
        .next()
        .unwrap_or_default()
        .to_owned();
    let project = location
        .split("/locations")
        .next()
        .unwrap_or_default()
        .to_owned();
    for (what, injection) in injections() {
        // What has no end is tried on runs alone: here there are hundreds of it on a page.
        if injection.len() > 10_000 {
            continue;
        }
        *text.lock().expect("nobody panics with it") = injection;
        // Whom the machine has kept waiting is not stuck the next time.
        for attempt in 1.. {
            viewer.js("window.longest = 0").await;
            for place in [&project, &location, &pipeline] {
                viewer.goto(&viewer.url_of(place)).await;
                viewer.wait_for(select::browse::ROW).await;
                harmless(&viewer, what).await;
            }
            for rollout in [LIVE, CANARY, ALERTS, CONTROLLER, EMPTY] {
                viewer.goto(&viewer.url_of(&name(rollout))).await;
                viewer
                    .wait_for_text(
                        select::page::TITLE,
                        name(rollout).rsplit('/').next().unwrap_or_default(),
                    )
                    .await;
                viewer.wait_for(select::timeline::PHASE).await;
                check(&viewer, what).await;
                inspect_dialogs(&viewer, what).await;
            }
            viewer.js("performance.clearMarks('history:loaded')").await;
            viewer
                .goto(&viewer.url_of(&format!("history/{pipeline}")))
                .await;
            viewer.wait_for(select::history::HISTORY).await;
            viewer
                .wait_until_js("performance.getEntriesByName('history:loaded').length")
                .await;
            harmless(&viewer, what).await;
            let longest = viewer
                .js("return longest")
                .await
                .as_f64()
                .expect("it is measured");
            if longest < STUCK {
                break;
            }
            assert!(
                attempt < 3,
                "{what}: the page was stuck for {longest} ms, and again"
            );
        }
    }
    viewer.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_may_be_hostile() {
    let mut viewer = Viewer::start(Setup::default()).await;
    viewer.expect_error("Failed to load resource");
    for (what, text) in injections() {
        for status in [400, 401, 403, 404, 409, 429, 500] {
            let words = text.clone();
            viewer.stand_in().rewrite(move |_, _| {
                let error = json!({ "error": {
                    "code": status, "status": words, "message": words, "details": [
                        { "@type": words, "metadata": { "permission": words }, "retryDelay": words },
                        { "policyViolationDetails": [
                            { "policy": words, "ruleId": words, "failureMessage": words } ] } ] } });
                let content_type = "application/json".to_owned();
                Reply { status, retry_after: None, content_type, body: error.to_string() }
            });
            viewer.goto(&viewer.url_of(&name(DONE))).await;
            viewer.wait_for(select::errors::BOX).await;
            harmless(&viewer, what).await;
        }
    }
    // What the host says is no better; whom it names may not be asked.
    for words in [
        "violates the following Content Security Policy",
        "violates the document's Content Security",
    ] {
        viewer.expect_error(words);
    }
    for (what, text) in injections() {
        let config =
            json!({ "apiBase": text, "buildBase": text, "storageBase": text, "clientId": text });
        viewer.set_config(&config.to_string());
        viewer.reload().await;
        viewer.wait_for(select::files::ANY_PAGE).await;
        harmless(&viewer, what).await;
    }
    viewer.finish().await;
}

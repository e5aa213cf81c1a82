//! Lists: the API's responses, and files of all that gcloud and the API print.

use std::collections::BTreeMap;

use jobrun_viewer::api::http::{Method, Request, percent_encode};
use jobrun_viewer::api::source::{Items, Record};
use jobrun_viewer::core::time::parse;
use jobrun_viewer::model::input::import::{self, MOST_BROKEN};
use jobrun_viewer::workers::files::file::{OpenedFile, Part};
use serde_json::value::RawValue;

use super::input::text;
use super::messages::malformed;

/// A response, compared with what the general reader says of it.
pub fn response(data: &[u8]) {
    let text = &*text(data);
    let whole = serde_json::from_str::<BTreeMap<String, &RawValue>>(text).ok();
    let field = |name: &str| {
        whole
            .as_ref()?
            .get(name)
            .map(|raw| raw.get())
            .filter(|raw| *raw != "null")
    };
    let items = field("jobRuns").map_or(Ok(vec![]), serde_json::from_str::<Vec<&RawValue>>);
    let token = field("nextPageToken").map_or(Ok(String::new()), serde_json::from_str);
    let unreachable = field("unreachable").map_or(Ok(vec![]), serde_json::from_str::<Vec<String>>);
    match (Items::from_json(text, "jobRuns"), items, token, unreachable) {
        (Ok(read), Ok(items), Ok(token), Ok(unreachable)) => {
            assert!(whole.is_some());
            assert!(
                read.raw
                    .iter()
                    .map(|raw| &**raw)
                    .eq(items.iter().map(|raw| raw.get())),
                "{read:?}"
            );
            assert_eq!(
                (&read.next_page_token, &read.unreachable),
                (&token, &unreachable)
            );
        }
        (Ok(read), items, ..) => panic!("{read:?} of {items:?}"),
        (Err(error), items, token, unreachable) => {
            malformed(text, &error);
            // A field that comes twice may be wrong where the general reader has forgotten it.
            let names = ["\"jobRuns\"", "\"nextPageToken\"", "\"unreachable\""];
            let is_once =
                !text.contains("\\u") && names.iter().all(|name| text.matches(name).count() < 2);
            let fits = whole.is_some() && items.is_ok() && token.is_ok() && unreachable.is_ok();
            assert!(!(is_once && fits), "{error}");
        }
    }
}

/// A file: its entries are kept or told of, at positions that it has; and what is kept is given out again.
pub fn file(data: &[u8]) {
    let text = &*text(data);
    let as_of = parse("2026-11-24T10:00:00Z").expect("it is a time");
    let parts = [Part {
        name: "runs.json",
        text,
    }];
    let (import, opened) = match (import::read(text), OpenedFile::read(&parts, as_of)) {
        (Ok(import), Ok((opened, _))) => (import, opened),
        (Err(sentence), Err(same)) => {
            assert!(
                sentence.ends_with(['.', '…']) && sentence == same,
                "{sentence}"
            );
            // Not of a text that the API's own reader makes sense of.
            let understood = Items::from_json(text, "jobRuns").is_ok_and(|page| {
                page.raw
                    .iter()
                    .any(|raw| Record::from_json(raw).run.is_ok())
            });
            assert!(!understood, "{sentence}");
            return;
        }
        (import, _) => panic!("read and not opened, or the other way round: {import:?}"),
    };

    let shown = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<&str> = shown.split('\n').collect();
    assert!(import.broken.len() <= MOST_BROKEN);
    assert!(
        import
            .broken
            .is_sorted_by_key(|broken| (broken.line, broken.column))
    );
    for broken in &import.broken {
        assert!((1..=lines.len()).contains(&broken.line), "{broken:?}");
        assert!(
            (1..=lines[broken.line - 1].len() + 1).contains(&broken.column),
            "{broken:?}"
        );
        // Or a name, without the escapes that it is written with.
        assert!(
            shown.contains(&broken.excerpt) || shown.contains('\\'),
            "{broken:?}"
        );
        assert!(!broken.reason.is_empty());
    }
    let runs: Vec<&str> = import
        .rollouts
        .iter()
        .flat_map(|rollout| &rollout.runs)
        .map(|run| &*run.raw)
        .collect();
    assert!(runs.iter().all(|raw| shown.contains(raw)));
    // What the API's reader finds in a response, a file of it has too, and nothing is left untold.
    if let Ok(page) = Items::from_json(text, "jobRuns")
        && text.matches("\"jobRuns\"").count() == 1
        && !text.contains("\\u")
        && !["\"rollouts\"", "\"rollout\""]
            .iter()
            .any(|other| text.contains(other))
    {
        let mut readable: Vec<&str> = page
            .raw
            .iter()
            .filter(|raw| Record::from_json(raw).run.is_ok())
            .map(|raw| &**raw)
            .collect();
        let mut kept = runs.clone();
        readable.sort_unstable();
        kept.sort_unstable();
        if kept.len() + import.broken_count() < page.raw.len() {
            panic!(
                "{} of {} entries are lost",
                page.raw.len() - kept.len(),
                page.raw.len()
            );
        }
        if import.rollouts.iter().all(|rollout| rollout.json.is_none()) {
            assert_eq!(kept, readable);
        }
    }
    for rollout in &import.rollouts {
        let Some(name) = &rollout.name else { continue };
        let path = format!(
            "/v1/{}/jobRuns?pageSize=1000",
            name.to_string()
                .split('/')
                .map(percent_encode)
                .collect::<Vec<_>>()
                .join("/")
        );
        let reply = opened.answer(&Request {
            method: Method::Get,
            path_and_query: path,
            body: None,
        });
        // A name whose id holds what an address cannot has no address.
        if reply.status == 200 && rollout.runs.len() <= 1000 {
            let page = Items::from_json(&reply.body, "jobRuns")
                .unwrap_or_else(|error| panic!("{error}: {}", reply.body));
            assert_eq!(page.raw.len(), rollout.runs.len());
        }
    }
}

/// A filter on the runs of a file: NOT holds for the others, and to say it twice says it once.
pub fn filter(data: &[u8]) {
    const ROLLOUT: &str = "projects/p/locations/l/deliveryPipelines/d/releases/r/rollouts/o";
    let text = &*text(data);
    let run = |id: &str, rest: &str| format!(r#"{{"name":"{ROLLOUT}/jobRuns/{id}",{rest}}}"#);
    let runs = [
        run(
            "a",
            r#""state":"FAILED","createTime":"2026-11-24T09:00:00Z","verifyJobRun":{"failureCause":"EXECUTION_FAILED"}"#,
        ),
        run(
            "b",
            r#""state":"SUCCEEDED","phaseId":"stable","jobId":"deploy","deployJobRun":{"build":"x"}"#,
        ),
        run("c", r#""state":"NEW","etag":"a \"b\"""#),
    ];
    let as_of = parse("2026-11-24T10:00:00Z").expect("it is a time");
    let file = format!("[{}]", runs.join(","));
    let (opened, _) = OpenedFile::read(
        &[Part {
            name: "",
            text: &file,
        }],
        as_of,
    )
    .expect("it is a file");
    let ask = |filter: &str| {
        let path_and_query = format!("/v1/{ROLLOUT}/jobRuns?filter={}", percent_encode(filter));
        let reply = opened.answer(&Request {
            method: Method::Get,
            path_and_query,
            body: None,
        });
        let names = |page: Items| -> Vec<String> {
            page.raw
                .iter()
                .map(|raw| Record::from_json(raw).run.expect("it is a run").name)
                .collect()
        };
        match reply.status {
            200 => Ok(names(
                Items::from_json(&reply.body, "jobRuns").expect("it is a page"),
            )),
            400 => Err(reply.body),
            status => panic!("{status}: {}", reply.body),
        }
    };
    match ask(text) {
        Ok(_) if text.trim().is_empty() => {}
        Ok(found) => {
            // One that is as deep as may be has no room for parentheses around it.
            let Ok(others) = ask(&format!("NOT ({text})")) else {
                assert!(text.contains('('), "it can be said and not be denied");
                return;
            };
            assert_eq!(
                found.len() + others.len(),
                runs.len(),
                "{found:?} {others:?}"
            );
            assert!(found.iter().all(|name| !others.contains(name)));
            assert_eq!(ask(&format!("({text}) AND ({text})")).as_ref(), Ok(&found));
            assert_eq!(ask(&format!("({text}) OR ({text})")).as_ref(), Ok(&found));
        }
        Err(body) => assert!(
            body.contains("at character") || body.contains("Invalid filter"),
            "{body}"
        ),
    }
}

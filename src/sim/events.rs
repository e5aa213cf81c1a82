//! The event logs that Skaffold writes of simulated verifications, in its real format: a line is an
//! `Event` as Go's jsonpb writes it, with what is at its default left out.
//!
//! Three tests run at once. When the verification fails, `smoke-test` does.

use super::builds::Work;
use super::json;
use super::plan::{Nanos, Plan, SECOND};
use crate::api::build::Status;
use crate::api::reply::quote;

/// From the beginning of the run to Skaffold's first word.
const SETUP: Nanos = 4 * SECOND;
/// How long after it was written a line is in the bucket.
const LAG: Nanos = 2 * SECOND;
/// The most lines that a test writes again and again.
const MOST: Nanos = 5_000;

/// The log as far as it is written at `now`; empty before its first line.
pub(crate) fn log(work: &Work, plan: &Plan, now: Nanos) -> String {
    let begin = work.begin.saturating_add(SETUP);
    let end = work
        .end
        .map(|end| end.saturating_sub(2 * SECOND).max(begin));
    let until = end.unwrap_or(now.saturating_sub(LAG));
    let good = work.status == Status::Success;
    let failed = work.status == Status::Failure;
    let mut events = Events(Vec::new());

    events.add(begin, "metaEvent", &[("entry", &["Starting Skaffold: &{Version:v2.16.1 ConfigVersion:skaffold/v4beta13 GitVersion: BuildDate:2026-10-02T17:20:11Z Release:", &plan.name.release, "}"].concat())]);
    events.add(
        begin,
        "taskEvent",
        &[
            ("id", "Verify-0"),
            ("task", "Verify"),
            ("description", "Verifying the deployed application"),
            ("status", "InProgress"),
        ],
    );
    events.tool(
        begin + SECOND / 10,
        "",
        "",
        "Loaded Skaffold defaults from \"/root/.skaffold/config\"\n",
    );
    events.tool(
        begin + SECOND / 5,
        "STANDARD",
        "",
        "Starting verification of release \u{1b}[1m",
    );
    events.tool(
        begin + SECOND / 4,
        "STANDARD",
        "",
        &[&plan.name.release, "\u{1b}[0m\n"].concat(),
    );
    for (test, after) in [
        ("smoke-test", 900),
        ("contract-test", 940),
        ("load-test", 985),
    ] {
        let at = begin + after * 1_000_000;
        events.add(
            at,
            "verifyEvent",
            &[
                ("id", test),
                ("taskId", "Verify-0"),
                ("status", "InProgress"),
            ],
        );
        events.tool(
            at + 3_000_000,
            "INFO",
            test,
            &["pulling image for container ", test].concat(),
        );
    }
    let at = |seconds: Nanos| begin.saturating_add(seconds.saturating_mul(SECOND));
    let container = |events: &mut Events, when: Nanos, test: &str, text: &str| {
        events.container(when, &plan.name.delivery_pipeline, test, text);
    };
    container(
        &mut events,
        at(2),
        "smoke-test",
        "41 checks against the new revision\n",
    );
    let span = (until.saturating_sub(begin) / SECOND).clamp(0, MOST);
    for n in 0..span / 3 {
        let path = [
            "/healthz",
            "/v1/orders",
            "/v1/carts/17",
            "/v1/charges",
            "/metrics",
        ][n as usize % 5];
        let text = [
            "\u{1b}[32m✓\u{1b}[0m GET ",
            path,
            " 200 in ",
            &(31 + n * 37 % 90).to_string(),
            " ms\n",
        ]
        .concat();
        container(&mut events, at(3 + n * 3), "smoke-test", &text);
    }
    for n in 0..span / 2 {
        let (p50, p99) = (
            (80 + n * 13 % 40).to_string(),
            (310 + n * 29 % 400).to_string(),
        );
        let text = [
            "{\"stage\":",
            &n.to_string(),
            ",\"rps\":120,\"p50_ms\":",
            &p50,
            ",\"p99_ms\":",
            &p99,
            "}\n",
        ]
        .concat();
        container(&mut events, at(3 + n * 2) + 230_000_000, "load-test", &text);
    }
    let contracts = ["orders <-> payments & stock", "carts", "charges", "refunds"];
    for (n, contract) in contracts.iter().enumerate() {
        let text = [
            "verifying \u{1b}[36m",
            contract,
            "\u{1b}[0m\n  given a customer\n  when it asks\n  then it holds\n",
        ]
        .concat();
        container(
            &mut events,
            at(4 + 3 * n as Nanos) + 510_000_000,
            "contract-test",
            &text,
        );
    }
    // Skaffold writes its progress without line breaks.
    let waited = (span / 5).min(200);
    events.tool(at(3), "STANDARD", "", "Waiting for containers ");
    for n in 1..=waited {
        events.tool(at(3 + n * 5) - 700_000_000, "STANDARD", "", ".");
    }
    if span > 18 {
        events.tool(
            at(15),
            "WARN",
            "load-test",
            "load-test: p99 is close to its limit",
        );
        let done = at(17);
        events.add(
            done,
            "verifyEvent",
            &[
                ("id", "contract-test"),
                ("taskId", "Verify-0"),
                ("status", "Succeeded"),
            ],
        );
    }
    if let Some(end) = end
        && (good || failed)
    {
        events.tool(end - 900_000_000, "STANDARD", "", " done\n");
        events.add(
            end - 800_000_000,
            "verifyEvent",
            &[
                ("id", "load-test"),
                ("taskId", "Verify-0"),
                ("status", "Succeeded"),
            ],
        );
        if failed {
            let why = work
                .message
                .split_once(": ")
                .map_or(work.message.as_str(), |(_, why)| why);
            let (counted, reason) = why.split_once(". ").unwrap_or(("", why));
            let lines = ["\u{1b}[31m✗ ", reason, "\u{1b}[0m\n    at checkCharges (/app/checks/charges.js:118:15)\n    at async run (/app/checks/index.js:41:5)\n"].concat();
            container(&mut events, end - 700_000_000, "smoke-test", &lines);
            if !counted.is_empty() {
                container(
                    &mut events,
                    end - 650_000_000,
                    "smoke-test",
                    &["\u{1b}[1;31m", counted, "\u{1b}[0m\n"].concat(),
                );
            }
            let error = ["{\"errCode\":\"VERIFY_TEST_ERR\",\"message\":", &quote(&work.message), ",\"suggestions\":[{\"suggestionCode\":\"CHECK_CONTAINER_LOGS\",\"action\":\"Check the output of container smoke-test, and try its image against the revision by hand\"},{\"action\":\"If the limit is too strict, change the checks of smoke-test in skaffold.yaml\"}]}"].concat();
            events.failed(
                end - 500_000_000,
                "verifyEvent",
                &[("id", "smoke-test"), ("taskId", "Verify-0")],
                "actionableErr",
                &error,
            );
            events.failed(
                end - 400_000_000,
                "taskEvent",
                &[("id", "Verify-0"), ("task", "Verify")],
                "actionableErr",
                &error,
            );
            events.tool(
                end - 300_000_000,
                "ERROR",
                "smoke-test",
                "verify test failed: 1 of 3 tests did not pass",
            );
            events.failed(
                end - 200_000_000,
                "terminationEvent",
                &[],
                "err",
                "{\"errCode\":\"VERIFY_TEST_ERR\",\"message\":\"1 of 3 verify tests failed\"}",
            );
        } else {
            container(
                &mut events,
                end - 700_000_000,
                "smoke-test",
                "\u{1b}[32m41 of 41 checks passed\u{1b}[0m\n",
            );
            events.add(
                end - 500_000_000,
                "verifyEvent",
                &[
                    ("id", "smoke-test"),
                    ("taskId", "Verify-0"),
                    ("status", "Succeeded"),
                ],
            );
            events.add(
                end - 400_000_000,
                "taskEvent",
                &[
                    ("id", "Verify-0"),
                    ("task", "Verify"),
                    ("status", "Succeeded"),
                ],
            );
            events.add(
                end - 200_000_000,
                "terminationEvent",
                &[("status", "Complete")],
            );
        }
    }
    events.write(until)
}

/// Lines, each with when it was written.
struct Events(Vec<(Nanos, String)>);

impl Events {
    fn line(&mut self, at: Nanos, name: &str, members: &[(&str, &str)], last: &str) {
        let members: Vec<String> = members
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| [&quote(key), ":", &go_quote(value)].concat())
            .chain((!last.is_empty()).then(|| last.to_owned()))
            .collect();
        let time = json::time(at.saturating_add(at.rem_euclid(977) * 911));
        self.0.push((
            at,
            [
                "{\"timestamp\":\"",
                &time,
                "\",\"",
                name,
                "\":{",
                &members.join(","),
                "}}\n",
            ]
            .concat(),
        ));
    }

    fn add(&mut self, at: Nanos, name: &str, members: &[(&str, &str)]) {
        self.line(at, name, members, "");
    }

    fn failed(&mut self, at: Nanos, name: &str, members: &[(&str, &str)], key: &str, error: &str) {
        let members: Vec<(&str, &str)> = members
            .iter()
            .copied()
            .chain([("status", "Failed")])
            .collect();
        self.line(at, name, &members, &["\"", key, "\":", error].concat());
    }

    fn tool(&mut self, at: Nanos, level: &str, test: &str, message: &str) {
        let members = [
            ("taskId", "Verify-0"),
            ("subtaskId", test),
            ("level", level),
            ("message", message),
        ];
        self.add(at, "skaffoldLogEvent", &members);
    }

    fn container(&mut self, at: Nanos, pipeline: &str, test: &str, message: &str) {
        let pod = [pipeline, "-", test, "-7fk2x"].concat();
        let prefix = ["[", test, "]"].concat();
        let rich = ["\u{1b}[33m", &prefix, "\u{1b}[0m ", message].concat();
        let members = [
            ("containerName", test),
            ("podName", &pod),
            ("prefix", &prefix),
            ("message", message),
            ("richFormattedMessage", &rich),
        ];
        self.add(at, "applicationLogEvent", &members);
    }

    fn write(mut self, until: Nanos) -> String {
        self.0.sort_by_key(|(at, _)| *at);
        self.0
            .into_iter()
            .filter(|(at, _)| *at <= until)
            .map(|(_, line)| line)
            .collect()
    }
}

/// A text as Go writes it, which takes care of what HTML would take for its own.
fn go_quote(text: &str) -> String {
    quote(text)
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}

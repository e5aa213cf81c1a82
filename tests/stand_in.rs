//! The stand-in server, over real loopback connections.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{IpAddr, TcpStream};
use std::time::{Duration, Instant};

use jobrun_viewer::api::error::{Refusal, RefusalKind};
use jobrun_viewer::api::http::Reply;
use jobrun_viewer::api::job_run::{JobRun, State};
use jobrun_viewer::api::source::{Items, Record};
use jobrun_viewer::core::time::{self, SignedDuration};
use jobrun_viewer::stand_in::{Calls, Fault, FaultKind, Options, StandIn};
use serde_json::{Value, json};

/// An answer as it came over the wire.
struct Answer {
    status: u16,
    headers: HashMap<String, String>,
    body: String,
    /// Whether the body is as long as the header said.
    whole: bool,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// As the viewer's client reads an error.
    fn refusal(&self) -> Refusal {
        let reply = Reply {
            status: self.status,
            retry_after: self
                .header("retry-after")
                .parse()
                .ok()
                .map(Duration::from_secs),
            content_type: self.header("content-type").to_owned(),
            body: self.body.clone(),
        };
        Refusal::from_reply(&reply, "")
    }
}

fn open(
    stand_in: &StandIn,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> TcpStream {
    let host = stand_in.base_url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).unwrap();
    stream
}

fn send(
    stand_in: &StandIn,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let mut bytes = Vec::new();
    // A cut connection ends in an error; what came before it counts.
    let _ = open(stand_in, method, path, headers, body).read_to_end(&mut bytes);
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {text}"));
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .unwrap()
        .split(' ')
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let headers: HashMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let whole = headers
        .get("content-length")
        .is_some_and(|length| length.parse() == Ok(body.len()));
    Answer {
        status,
        headers,
        body: body.to_owned(),
        whole,
    }
}

fn get(stand_in: &StandIn, path: &str) -> Answer {
    send(stand_in, "GET", path, &[], "")
}

fn post(stand_in: &StandIn, path: &str, body: &str) -> Answer {
    send(
        stand_in,
        "POST",
        path,
        &[("Content-Type", "application/json")],
        body,
    )
}

/// A stand-in whose clock only moves by hand.
fn still() -> StandIn {
    StandIn::start(Options {
        speed: 0.0,
        ..Options::default()
    })
    .unwrap()
}

/// The path of the list of the live rollout's runs.
fn live(stand_in: &StandIn) -> String {
    let rollouts = stand_in.rollouts();
    let (name, ..) = rollouts
        .iter()
        .find(|(name, ..)| name.delivery_pipeline == "checkout")
        .unwrap();
    format!("/v1/{name}/jobRuns")
}

fn runs(stand_in: &StandIn) -> Vec<JobRun> {
    let answer = get(stand_in, &live(stand_in));
    assert_eq!(answer.status, 200, "{}", answer.body);
    let page = Items::from_json(&answer.body, "jobRuns").unwrap();
    page.raw
        .iter()
        .map(|raw| Record::from_json(raw).run.unwrap())
        .collect()
}

#[test]
fn only_loopback_is_bound() {
    let stand_in = still();
    let host = stand_in.base_url().strip_prefix("http://").unwrap();
    let address: std::net::SocketAddr = host.parse().unwrap();
    assert_eq!(address.ip(), IpAddr::from([127, 0, 0, 1]));
}

#[test]
fn the_simulation_is_served() {
    let stand_in = still();
    let answer = get(&stand_in, &live(&stand_in));
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        "application/json; charset=UTF-8"
    );
    let name = answer.json()["jobRuns"][0]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(name.starts_with("projects/987654321098/"), "{name}");
    let run = get(&stand_in, &format!("/v1/{name}"));
    assert_eq!(run.json(), answer.json()["jobRuns"][0]);

    assert_eq!(
        get(&stand_in, &format!("/v1/{name}x")).refusal().kind,
        RefusalKind::NotFound
    );
    for method in ["PUT", "PATCH", "DELETE", "HEAD"] {
        assert_eq!(
            send(&stand_in, method, &format!("/v1/{name}"), &[], "").status,
            404,
            "{method}"
        );
    }
    assert_eq!(get(&stand_in, "/").status, 404);
}

#[test]
fn the_clock_moves_as_it_is_told() {
    let stand_in = still();
    let before = stand_in.now();
    assert_eq!(runs(&stand_in).len(), 3);
    std::thread::sleep(Duration::from_millis(20));
    assert_eq!(stand_in.now(), before);
    stand_in.advance(SignedDuration::from_secs(300));
    assert_eq!(stand_in.now(), before + SignedDuration::from_secs(300));
    assert_eq!(runs(&stand_in).len(), 4);
    stand_in.set_time(before - SignedDuration::from_hours(1));
    assert_eq!(runs(&stand_in).len(), 0);

    let answer = post(
        &stand_in,
        "/stand-in/clock",
        r#"{"set":"2030-01-01T00:00:00Z"}"#,
    );
    assert_eq!(answer.json(), json!({ "now": "2030-01-01T00:00:00Z" }));
    let answer = post(&stand_in, "/stand-in/clock", r#"{"advance":90.5}"#);
    assert_eq!(answer.json(), json!({ "now": "2030-01-01T00:01:30.500Z" }));
    assert_eq!(get(&stand_in, "/stand-in/clock").json(), answer.json());
    for wrong in [
        "",
        "{}",
        r#"{"set":"yesterday"}"#,
        r#"{"advance":"1"}"#,
        r#"{"advance":1e300}"#,
    ] {
        assert_eq!(
            post(&stand_in, "/stand-in/clock", wrong).status,
            400,
            "{wrong}"
        );
    }

    let epoch = time::parse("2026-11-24T12:00:00Z").unwrap();
    let fast = StandIn::start(Options {
        speed: 10_000.0,
        epoch: Some(epoch),
        ..Options::default()
    })
    .unwrap();
    let begin = Instant::now();
    while runs(&fast).len() < 4 {
        assert!(
            begin.elapsed() < Duration::from_secs(10),
            "the clock does not run"
        );
    }
    assert!(fast.now() > epoch + SignedDuration::from_secs(190));
}

#[test]
fn a_terminated_run_is_terminated_after_some_seconds() {
    let stand_in = still();
    let name = runs(&stand_in)[0].name.clone();
    let answer = post(&stand_in, &format!("/v1/{name}:terminate"), "{}");
    assert_eq!((answer.status, answer.body.as_str()), (200, "{}"));
    assert_eq!(runs(&stand_in)[0].state, State::Terminating);
    stand_in.advance(SignedDuration::from_secs(4));
    assert_eq!(runs(&stand_in)[0].state, State::Terminated);
    let again = post(&stand_in, &format!("/v1/{name}:terminate"), "{}").refusal();
    assert_eq!(
        (again.kind, again.status.as_str()),
        (RefusalKind::Conflict, "FAILED_PRECONDITION")
    );
    let logged = stand_in.requests();
    assert_eq!(
        logged
            .iter()
            .filter(|request| request.is_terminate())
            .count(),
        2
    );
}

#[test]
fn rollouts_and_what_they_are_in_are_served() {
    let stand_in = still();
    let project = "/v1/projects/standin-project/locations";
    let field = |path: &str, list: &str, field: &str| -> Vec<String> {
        let answer = get(&stand_in, path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        let json = answer.json();
        json[list]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item[field].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(field(project, "locations", "locationId").contains(&"us-central1".to_owned()));
    let here = format!("{project}/us-central1");
    assert!(field(&format!("{here}/targets"), "targets", "targetId").contains(&"prod".to_owned()));
    let pipelines = field(
        &format!("{here}/deliveryPipelines"),
        "deliveryPipelines",
        "name",
    );
    let mut rollouts = Vec::new();
    for pipeline in &pipelines {
        for release in field(&format!("/v1/{pipeline}/releases"), "releases", "name") {
            rollouts.extend(field(
                &format!("/v1/{release}/rollouts"),
                "rollouts",
                "name",
            ));
        }
    }
    let mut expected: Vec<String> = stand_in
        .rollouts()
        .iter()
        .map(|(name, ..)| name.to_string())
        .collect();
    rollouts.sort();
    expected.sort();
    assert_eq!(rollouts, expected);
    assert!(
        stand_in
            .requests()
            .iter()
            .all(|request| request.is_browse() && !request.is_list())
    );
}

#[test]
fn a_rollout_can_be_acted_on() {
    let stand_in = still();
    let path = |pipeline: &str| {
        let rollouts = stand_in.rollouts();
        let (name, ..) = rollouts
            .iter()
            .find(|(name, ..)| name.delivery_pipeline == pipeline)
            .unwrap();
        format!("/v1/{name}")
    };
    stand_in.forget_requests();
    for (pipeline, verb, body, state) in [
        (
            "payments-api",
            "retryJob",
            r#"{"phaseId":"canary-50","jobId":"verify"}"#,
            "IN_PROGRESS",
        ),
        (
            "search-index",
            "ignoreJob",
            r#"{"phaseId":"stable","jobId":"analysis"}"#,
            "SUCCEEDED",
        ),
        (
            "inventory",
            "advance",
            r#"{"phaseId":"stable"}"#,
            "IN_PROGRESS",
        ),
        (
            "notifications",
            "approve",
            r#"{"approved":true}"#,
            "PENDING",
        ),
        ("ledger-batch", "cancel", "", "CANCELLING"),
    ] {
        let path = path(pipeline);
        let answer = post(&stand_in, &format!("{path}:{verb}"), body);
        assert_eq!((answer.status, answer.body.as_str()), (200, "{}"), "{verb}");
        let rollout = get(&stand_in, &path).json();
        if verb == "approve" {
            assert_eq!(rollout["approvalState"], "APPROVED");
        } else {
            assert_eq!(rollout["state"], state, "{verb}");
        }
    }
    let logged = stand_in.requests();
    assert_eq!(logged.iter().filter(|request| request.is_act()).count(), 5);
    assert_eq!(
        logged
            .iter()
            .filter(|request| request.is_get_rollout())
            .count(),
        5
    );
}

#[test]
fn pages_of_other_origins_may_ask() {
    let stand_in = StandIn::start(Options {
        token: Some("t0ken".into()),
        ..Options::default()
    })
    .unwrap();
    let path = live(&stand_in);
    let preflight = [
        ("Origin", "http://localhost:8080"),
        ("Access-Control-Request-Method", "POST"),
        (
            "Access-Control-Request-Headers",
            "authorization,content-type",
        ),
    ];
    let answer = send(&stand_in, "OPTIONS", &path, &preflight, "");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let allowed = answer
        .header("access-control-allow-headers")
        .to_ascii_lowercase();
    assert!(
        allowed.contains("authorization") && allowed.contains("content-type"),
        "{allowed}"
    );
    assert!(
        answer
            .header("access-control-allow-methods")
            .contains("POST")
    );
    assert!(stand_in.requests().is_empty(), "preflights are not logged");

    // Errors too can be read by the page.
    stand_in.add_fault(Fault::status(503));
    for headers in [vec![], vec![("Authorization", "Bearer t0ken")]] {
        let answer = send(&stand_in, "GET", &path, &headers, "");
        assert!(answer.status >= 400);
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(
            answer.header("access-control-expose-headers"),
            "retry-after"
        );
    }
}

#[test]
fn only_the_right_token_is_let_in() {
    let stand_in = StandIn::start(Options {
        token: Some("t0ken".into()),
        ..Options::default()
    })
    .unwrap();
    let path = live(&stand_in);
    for authorization in [
        "",
        "Bearer ",
        "Bearer wrong",
        "Bearer t0ken2",
        "bearer t0ken",
        "Basic t0ken",
        "t0ken",
    ] {
        let headers = [("Authorization", authorization)];
        let headers = if authorization.is_empty() {
            &[][..]
        } else {
            &headers
        };
        let answer = send(&stand_in, "GET", &path, headers, "");
        let refusal = answer.refusal();
        assert_eq!(
            (answer.status, refusal.status.as_str()),
            (401, "UNAUTHENTICATED"),
            "{authorization}"
        );
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
    }
    assert_eq!(
        send(
            &stand_in,
            "GET",
            &path,
            &[("Authorization", "Bearer t0ken")],
            ""
        )
        .status,
        200
    );
    // A token in the query is no token.
    assert_eq!(
        get(&stand_in, &format!("{path}?access_token=t0ken")).status,
        401
    );
    let authorized: Vec<bool> = stand_in
        .requests()
        .iter()
        .map(|request| request.authorized)
        .collect();
    assert_eq!(
        authorized,
        [false, true, true, true, true, true, true, true, false]
    );

    let open = still();
    for headers in [&[][..], &[("Authorization", "Bearer anything")]] {
        assert_eq!(send(&open, "GET", &live(&open), headers, "").status, 200);
    }
}

#[test]
fn every_status_fault_has_google_s_body() {
    let stand_in = still();
    let path = live(&stand_in);
    for (status, name, kind) in [
        (401, "UNAUTHENTICATED", RefusalKind::Unauthenticated),
        (403, "PERMISSION_DENIED", RefusalKind::PermissionDenied),
        (404, "NOT_FOUND", RefusalKind::NotFound),
        (409, "ABORTED", RefusalKind::Conflict),
        (429, "RESOURCE_EXHAUSTED", RefusalKind::TooManyRequests),
        (500, "INTERNAL", RefusalKind::Unavailable),
        (503, "UNAVAILABLE", RefusalKind::Unavailable),
        (418, "UNKNOWN", RefusalKind::Other),
    ] {
        stand_in.add_fault(Fault::status(status).times(1));
        let answer = get(&stand_in, &path);
        assert_eq!(answer.json()["error"]["code"], status);
        assert_eq!(
            answer.header("content-type"),
            "application/json; charset=UTF-8"
        );
        let refusal = answer.refusal();
        assert_eq!(
            (refusal.http_status, refusal.status.as_str(), refusal.kind),
            (status, name, kind)
        );
        assert!(!refusal.message.is_empty());
        assert_eq!(get(&stand_in, &path).status, 200, "once is once");
    }
    stand_in.add_fault(
        FaultKind::Status {
            status: 429,
            retry_after: Some(7),
        }
        .into(),
    );
    assert_eq!(
        get(&stand_in, &path).refusal().retry_after,
        Some(Duration::from_secs(7))
    );
}

#[test]
fn a_denied_permission_is_the_one_that_the_call_needs() {
    let stand_in = still();
    let list = live(&stand_in);
    let run = runs(&stand_in)[0].name.clone();
    stand_in.add_fault(Fault::status(403));
    let rollout = list.strip_suffix("/jobRuns").unwrap();
    let retry = r#"{"phaseId":"stable","jobId":"verify"}"#;
    for (answer, permission) in [
        (
            get(&stand_in, "/v1/projects/standin-project/locations"),
            "clouddeploy.locations.list",
        ),
        (get(&stand_in, rollout), "clouddeploy.rollouts.get"),
        (
            post(&stand_in, &format!("{rollout}:retryJob"), retry),
            "clouddeploy.rollouts.retryJob",
        ),
        (
            post(&stand_in, &format!("{rollout}:cancel"), "{}"),
            "clouddeploy.rollouts.cancel",
        ),
        (get(&stand_in, &list), "clouddeploy.jobRuns.list"),
        (
            get(&stand_in, &format!("/v1/{run}")),
            "clouddeploy.jobRuns.get",
        ),
        (
            post(&stand_in, &format!("/v1/{run}:terminate"), "{}"),
            "clouddeploy.jobRuns.terminate",
        ),
    ] {
        let detail = &answer.json()["error"]["details"][0];
        assert_eq!(detail["reason"], "IAM_PERMISSION_DENIED");
        assert_eq!(detail["metadata"]["permission"], permission);
        let message = answer.refusal().message;
        assert!(message.contains(permission), "{message}");
        let resource = detail["metadata"]["resource"].as_str().unwrap();
        assert!(
            !resource.ends_with("jobRuns") && !resource.contains(':'),
            "{resource}"
        );
    }
    stand_in.reset_faults();
    assert_eq!(
        runs(&stand_in)[0].state,
        State::InProgress,
        "what was refused had no effect"
    );
}

#[test]
fn a_fault_meets_the_calls_that_it_is_for_as_often_as_said() {
    let stand_in = still();
    let list = live(&stand_in);
    let run = format!("/v1/{}", runs(&stand_in)[0].name);
    let terminate = format!("{run}:terminate");
    stand_in.add_fault(Fault::status(503).on(Calls::Get).times(2));
    stand_in.add_fault(Fault::status(500).on(Calls::Terminate));
    stand_in.add_fault(Fault::status(409).on(Calls::Terminate));
    assert_eq!(get(&stand_in, &list).status, 200);
    assert_eq!(
        [(); 3].map(|()| get(&stand_in, &run).status),
        [503, 503, 200]
    );
    assert_eq!(
        [(); 2].map(|()| post(&stand_in, &terminate, "{}").status),
        [500, 500],
        "the first goes first"
    );
    stand_in.reset_faults();
    assert_eq!(post(&stand_in, &terminate, "{}").status, 200);

    let rollout = list.strip_suffix("/jobRuns").unwrap();
    let (cancel, releases) = (
        format!("{rollout}:cancel"),
        format!("{}/releases", pipeline_of(rollout)),
    );
    for (calls, status) in [
        (Calls::GetRollout, [503, 200, 200, 200]),
        (Calls::Browse, [200, 503, 200, 200]),
        (Calls::Act, [200, 200, 503, 200]),
        (Calls::List, [200, 200, 200, 503]),
    ] {
        let stand_in = still();
        stand_in.add_fault(Fault::status(503).on(calls));
        let found = [
            get(&stand_in, rollout).status,
            get(&stand_in, &releases).status,
            post(&stand_in, &cancel, "{}").status,
            get(&stand_in, &list).status,
        ];
        assert_eq!(found, status, "{calls:?}");
    }
}

fn pipeline_of(rollout: &str) -> &str {
    rollout.split("/releases/").next().unwrap()
}

#[test]
fn bodies_can_be_cut_foreign_or_of_the_wrong_shape() {
    let stand_in = still();
    let list = live(&stand_in);
    let good = get(&stand_in, &list);
    assert!(good.whole);

    stand_in.add_fault(Fault::from(FaultKind::Truncated).times(1));
    let cut = get(&stand_in, &list);
    assert!(!cut.whole && cut.status == 200);
    assert_eq!(cut.header("content-length"), good.body.len().to_string());
    assert_eq!(cut.body, good.body[..good.body.len() / 2]);

    stand_in.add_fault(Fault::from(FaultKind::NotJson).times(1));
    let page = get(&stand_in, &list);
    assert!(page.status == 200 && page.header("content-type").starts_with("text/html"));
    assert!(Items::from_json(&page.body, "jobRuns").is_err());

    stand_in.add_fault(Fault::from(FaultKind::WrongShape).times(2));
    assert!(Items::from_json(&get(&stand_in, &list).body, "jobRuns").is_err());
    let run = format!("/v1/{}", runs_name(&good));
    assert!(get(&stand_in, &run).json().is_array());

    stand_in.add_fault(Fault::from(FaultKind::Unreachable).times(1));
    let page = Items::from_json(&get(&stand_in, &list).body, "jobRuns").unwrap();
    assert_eq!(
        page.unreachable,
        ["projects/987654321098/locations/us-east7"]
    );
    assert_eq!(page.raw.len(), 3);
    assert_eq!(
        get(&stand_in, &list).body,
        good.body,
        "and all is well again"
    );
}

fn runs_name(list: &Answer) -> String {
    list.json()["jobRuns"][0]["name"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn pages_can_go_round_and_round() {
    let stand_in = still();
    stand_in.add_fault(FaultKind::PageLoop.into());
    let path = live(&stand_in);
    let page = |query: &str| {
        let page = get(&stand_in, &format!("{path}?pageSize=2{query}")).json();
        (
            page["jobRuns"].clone(),
            page["nextPageToken"].as_str().unwrap().to_owned(),
        )
    };
    let (first, a) = page("");
    let (second, b) = page(&format!("&pageToken={a}"));
    let (third, again) = page(&format!("&pageToken={b}"));
    assert_eq!((&first, &second), (&second, &third));
    assert_ne!(a, b, "the last token alone shows no circle");
    assert_eq!(a, again);
}

#[test]
fn answers_can_be_late() {
    let stand_in = still();
    let path = live(&stand_in);
    stand_in.add_fault(Fault::from(FaultKind::Delay { ms: 150 }).times(1));
    stand_in.add_fault(Fault::status(503).times(1));
    let begin = Instant::now();
    assert_eq!(
        get(&stand_in, &path).status,
        503,
        "a delay goes with another fault"
    );
    assert!(begin.elapsed() >= Duration::from_millis(150));
    assert_eq!(get(&stand_in, &path).status, 200);

    let slow = StandIn::start(Options {
        delay: Duration::from_millis(100),
        ..Options::default()
    })
    .unwrap();
    let begin = Instant::now();
    get(&slow, &live(&slow));
    assert!(begin.elapsed() >= Duration::from_millis(100));
}

#[test]
fn a_client_that_goes_away_is_seen() {
    let stand_in = still();
    stand_in.add_fault(FaultKind::Delay { ms: 60_000 }.into());
    let stream = open(&stand_in, "GET", &live(&stand_in), &[], "");
    let wait = |what: &dyn Fn(&StandIn) -> bool| {
        let begin = Instant::now();
        while !what(&stand_in) {
            assert!(begin.elapsed() < Duration::from_secs(10));
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    wait(&|stand_in| stand_in.requests().len() == 1);
    assert!(!stand_in.requests()[0].aborted);
    drop(stream);
    wait(&|stand_in| stand_in.requests()[0].aborted);
    assert_eq!(stand_in.requests()[0].status, None);
    // And a stand-in ends at once, whatever is under way.
    let _waiting = open(&stand_in, "GET", &live(&stand_in), &[], "");
    let begin = Instant::now();
    drop(stand_in);
    assert!(begin.elapsed() < Duration::from_secs(30));
}

#[test]
fn what_was_asked_is_logged_without_the_token() {
    let stand_in = still();
    let path = format!("{}?pageSize=2&%24alt=json", live(&stand_in));
    send(
        &stand_in,
        "GET",
        &path,
        &[("Authorization", "Bearer secret")],
        "",
    );
    let name = runs(&stand_in)[0].name.clone();
    post(&stand_in, &format!("/v1/{name}:terminate"), "{}");
    let logged = stand_in.requests();
    let seen: Vec<_> = logged
        .iter()
        .map(|r| (r.method.as_str(), r.is_list(), r.authorized, r.status))
        .collect();
    assert_eq!(
        seen,
        [
            ("GET", true, true, Some(200)),
            ("GET", true, false, Some(200)),
            ("POST", false, false, Some(200))
        ]
    );
    assert_eq!(logged[0].path_and_query, path);
    assert_eq!(logged[2].body, "{}");
    assert!(logged.windows(2).all(|pair| pair[0].time <= pair[1].time));

    let answer = get(&stand_in, "/stand-in/requests");
    assert!(!answer.body.contains("secret"));
    assert_eq!(answer.json()[0]["pathAndQuery"], path);
    assert_eq!(answer.json()[0]["authorized"], true);
    assert_eq!(
        send(&stand_in, "DELETE", "/stand-in/requests", &[], "").status,
        200
    );
    assert!(stand_in.requests().is_empty());
}

#[test]
fn faults_can_be_ordered_from_outside() {
    let stand_in = still();
    let list = live(&stand_in);
    for (body, expected) in [
        (
            r#"{"kind":"status","status":429,"retryAfter":2,"on":"list","times":1}"#,
            429,
        ),
        (r#"{"kind":"not-json","times":1}"#, 200),
        (r#"{"kind":"status","status":403}"#, 403),
    ] {
        let answer = post(&stand_in, "/stand-in/faults", body);
        assert_eq!(
            (answer.status, answer.json().as_array().unwrap().len()),
            (200, 1),
            "{}",
            answer.body
        );
        assert_eq!(get(&stand_in, &list).status, expected);
    }
    assert_eq!(get(&stand_in, "/stand-in/faults").json()[0]["status"], 403);
    assert_eq!(
        post(&stand_in, "/stand-in/faults", r#"{"reset":true}"#).json(),
        json!([])
    );
    assert_eq!(get(&stand_in, &list).status, 200);
    for wrong in [
        "",
        "{}",
        r#"{"kind":"earthquake"}"#,
        r#"{"kind":"status"}"#,
        r#"{"kind":"truncated","on":"x"}"#,
    ] {
        assert_eq!(
            post(&stand_in, "/stand-in/faults", wrong).status,
            400,
            "{wrong}"
        );
    }
    post(&stand_in, "/stand-in/faults", r#"{"kind":"truncated"}"#);
    assert_eq!(
        send(&stand_in, "DELETE", "/stand-in/faults", &[], "").status,
        200
    );
    assert!(get(&stand_in, &list).whole);
}

#[test]
fn the_command_line_s_faults_mean_what_they_say() {
    let status = |status, retry_after| FaultKind::Status {
        status,
        retry_after,
    };
    for (text, expected) in [
        ("503", Fault::status(503)),
        (
            "429:2@list*3",
            Fault::from(status(429, Some(2))).on(Calls::List).times(3),
        ),
        (
            "delay:500@terminate",
            Fault::from(FaultKind::Delay { ms: 500 }).on(Calls::Terminate),
        ),
        ("503@act", Fault::status(503).on(Calls::Act)),
        ("503@browse", Fault::status(503).on(Calls::Browse)),
        ("503@get-rollout", Fault::status(503).on(Calls::GetRollout)),
        ("503@build", Fault::status(503).on(Calls::Build)),
        ("503@object", Fault::status(503).on(Calls::Object)),
        (
            "truncated@get",
            Fault::from(FaultKind::Truncated).on(Calls::Get),
        ),
        (
            "hang-up@terminate",
            Fault::from(FaultKind::HangUp).on(Calls::Terminate),
        ),
        ("not-json*1", Fault::from(FaultKind::NotJson).times(1)),
        ("wrong-shape@all", FaultKind::WrongShape.into()),
        ("page-loop", FaultKind::PageLoop.into()),
        ("unreachable", FaultKind::Unreachable.into()),
    ] {
        assert_eq!(text.parse(), Ok(expected), "{text}");
    }
    for wrong in [
        "",
        "delay",
        "delay:x",
        "200",
        "700",
        "503@put",
        "503*x",
        "truncated:3",
        "earthquake",
    ] {
        assert!(
            wrong.parse::<Fault>().unwrap_err().contains("is no fault"),
            "{wrong}"
        );
    }
}

#[test]
fn a_rollout_of_any_size_can_be_added() {
    let stand_in = StandIn::start(Options {
        many: 1234,
        ..Options::default()
    })
    .unwrap();
    let (name, ..) = stand_in.rollouts().pop().unwrap();
    let answer = get(&stand_in, &format!("/v1/{name}/jobRuns?pageSize=1000"));
    let page = Items::from_json(&answer.body, "jobRuns").unwrap();
    assert_eq!(
        (page.raw.len(), page.next_page_token.is_empty()),
        (1000, false)
    );
}

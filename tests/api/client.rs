//! Guards what the client sends, how it follows pages, and when it asks again.
//!
//! [`Script`] is a transport that answers from a list and takes note of what it is asked. Nothing
//! in it waits, so [`done`] needs no executor.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::Deref;
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt;
use jobrun_viewer::api::client::{
    Client, action_request, for_each_page, for_each_page_of, get_request, get_rollout_request,
    list_items_request, terminate_request,
};
use jobrun_viewer::api::error::{ApiError, Malformed, Refusal, RefusalKind};
use jobrun_viewer::api::http::{Method, Reply, Request, percent_decode};
use jobrun_viewer::api::message::read_object;
use jobrun_viewer::api::retry::RetryPolicy;
use jobrun_viewer::api::rollout::{Rollout, RolloutState};
use jobrun_viewer::api::source::{
    Actions, Collection, ListQuery, Record, RolloutAction, RunSource,
};
use jobrun_viewer::api::transport::LocalFuture;
use jobrun_viewer::api::transport::Transport;
use jobrun_viewer::core::name::{JobRunName, RolloutName};
use proptest::prelude::*;
use serde_json::json;

type Answer = Result<Reply, ApiError>;

#[derive(Default)]
struct Script {
    answers: RefCell<VecDeque<Answer>>,
    random: f64,
    asked: RefCell<Vec<Request>>,
    slept: RefCell<Vec<Duration>>,
}

impl Transport for Script {
    fn send<'a>(&'a self, request: &'a Request) -> LocalFuture<'a, Answer> {
        self.asked.borrow_mut().push(request.clone());
        let answer = self
            .answers
            .borrow_mut()
            .pop_front()
            .expect("no more requests than answers");
        Box::pin(std::future::ready(answer))
    }

    fn sleep(&self, duration: Duration) -> LocalFuture<'_, ()> {
        self.slept.borrow_mut().push(duration);
        Box::pin(std::future::ready(()))
    }

    fn random(&self) -> f64 {
        self.random
    }
}

/// A client and what it talks to.
struct Scripted {
    client: Client<Rc<Script>>,
    script: Rc<Script>,
}

impl Deref for Scripted {
    type Target = Client<Rc<Script>>;

    fn deref(&self) -> &Self::Target {
        &self.client
    }
}

fn client(answers: impl IntoIterator<Item = Answer>) -> Scripted {
    client_with(0.0, answers)
}

fn client_with(random: f64, answers: impl IntoIterator<Item = Answer>) -> Scripted {
    let answers = RefCell::new(answers.into_iter().collect());
    let script = Rc::new(Script {
        answers,
        random,
        ..Script::default()
    });
    Scripted {
        client: Client::new(Rc::clone(&script)),
        script,
    }
}

impl Script {
    /// How many requests were sent.
    fn sent(&self) -> usize {
        self.asked.borrow().len()
    }

    fn paths(&self) -> Vec<String> {
        self.asked
            .borrow()
            .iter()
            .map(|request| request.path_and_query.clone())
            .collect()
    }

    fn slept_ms(&self) -> Vec<u128> {
        self.slept
            .borrow()
            .iter()
            .map(Duration::as_millis)
            .collect()
    }
}

/// The result of a future that has nothing to wait for.
fn done<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("nothing to wait for")
}

fn ok(body: impl ToString) -> Answer {
    Ok(Reply {
        status: 200,
        body: body.to_string(),
        content_type: "application/json".into(),
        retry_after: None,
    })
}

fn fails(status: u16) -> Answer {
    let body =
        json!({ "error": { "code": status, "message": format!("Answer {status}.") } }).to_string();
    Ok(Reply {
        status,
        body,
        ..Reply::default()
    })
}

fn fails_with_wait(status: u16, secs: u64) -> Answer {
    fails(status).map(|reply| Reply {
        retry_after: Some(Duration::from_secs(secs)),
        ..reply
    })
}

fn lost() -> Answer {
    Err(ApiError::Network("offline".into()))
}

fn error(answer: Answer) -> ApiError {
    match answer {
        Ok(reply) => ApiError::Refused(Box::new(Refusal::from_reply(&reply, ""))),
        Err(error) => error,
    }
}

fn rollout() -> RolloutName {
    "projects/p/locations/us-central1/deliveryPipelines/d/releases/r/rollouts/o"
        .parse()
        .unwrap()
}

fn list_request(rollout: &RolloutName, query: &ListQuery, page_token: &str) -> Request {
    list_items_request(&Collection::JobRuns(rollout.clone()), query, page_token)
}

fn page(ids: &[&str], next: &str) -> Answer {
    let runs: Vec<_> = ids.iter().map(|id| json!({ "uid": id })).collect();
    ok(json!({ "jobRuns": runs, "nextPageToken": next }))
}

/// Reads all pages: the ids of each, and how it ended.
fn read_all(
    client: &Scripted,
    query: &ListQuery,
) -> (Vec<Vec<String>>, Result<Vec<String>, ApiError>) {
    let mut pages = Vec::new();
    let on_page = |records: Vec<Record>| {
        pages.push(
            records
                .into_iter()
                .map(|record| record.run.unwrap().uid)
                .collect(),
        )
    };
    let end = done(for_each_page(&**client, &rollout(), query, on_page));
    (pages, end)
}

const LIST: &str =
    "/v1/projects/p/locations/us-central1/deliveryPipelines/d/releases/r/rollouts/o/jobRuns";
const RUN: &str =
    "/v1/projects/p/locations/us-central1/deliveryPipelines/d/releases/r/rollouts/o/jobRuns/j";

// Requests.

#[test]
fn a_list_sends_only_what_is_asked_for() {
    let query = |filter: &str, order_by: &str, page_size| ListQuery {
        filter: filter.into(),
        order_by: order_by.into(),
        page_size,
    };
    let cases = [
        (query("", "", 0), "", ""),
        (query("", "", 1000), "", "?pageSize=1000"),
        (query("", "", 0), "a/b+c==", "?pageToken=a%2Fb%2Bc%3D%3D"),
        (
            query("state=\"FAILED\" AND x", "", 0),
            "",
            "?filter=state%3D%22FAILED%22%20AND%20x",
        ),
        (
            query("a&b=c#d", "createTime desc", 7),
            "t",
            "?pageSize=7&filter=a%26b%3Dc%23d&orderBy=createTime%20desc&pageToken=t",
        ),
    ];
    for (query, token, expected) in cases {
        let request = list_request(&rollout(), &query, token);
        assert_eq!(request.path_and_query, format!("{LIST}{expected}"));
        assert_eq!((request.method, request.body), (Method::Get, None));
    }
}

#[test]
fn get_and_terminate_name_the_run() {
    let name = rollout().job_run("j");
    let get = Request {
        method: Method::Get,
        path_and_query: RUN.into(),
        body: None,
    };
    assert_eq!(get_request(&name), get);

    let terminate = |body: &str| Request {
        method: Method::Post,
        path_and_query: format!("{RUN}:terminate"),
        body: Some(body.into()),
    };
    assert_eq!(terminate_request(&name, &[]), terminate("{}"));
    let policies = [
        "projects/p/locations/l/deployPolicies/\"a\"".to_owned(),
        "b".to_owned(),
    ];
    assert_eq!(
        terminate_request(&name, &policies),
        terminate(
            r#"{"overrideDeployPolicy":["projects/p/locations/l/deployPolicies/\"a\"","b"]}"#
        )
    );
}

#[test]
fn an_odd_id_stays_one_segment() {
    let cases = [
        ("a b", "a%20b"),
        ("a?b", "a%3Fb"),
        ("a#b", "a%23b"),
        ("a:terminate", "a%3Aterminate"),
        ("a%2Fb", "a%252Fb"),
        ("ä😀", "%C3%A4%F0%9F%98%80"),
        ("..", "%252E%252E"),
        (".", "%252E"),
        ("...", "..."),
        ("a..b", "a..b"),
        ("\\", "%5C"),
        ("-", "-"),
        ("\n\t", "%0A%09"),
    ];
    for (id, encoded) in cases {
        let request = get_request(&rollout().job_run(id));
        assert_eq!(
            request.path_and_query,
            RUN.strip_suffix('j').unwrap().to_owned() + encoded,
            "{id}"
        );
        let odd = RolloutName {
            project: id.into(),
            rollout: id.into(),
            ..rollout()
        };
        let expected = format!(
            "/v1/projects/{encoded}/locations/us-central1/deliveryPipelines/d/releases/r/rollouts/{encoded}/jobRuns"
        );
        assert_eq!(
            list_request(&odd, &ListQuery::default(), "").path_and_query,
            expected,
            "{id}"
        );
    }
}

proptest! {
    /// What a URL parser makes of the address has the name's segments, whatever the id.
    #[test]
    fn no_id_leaves_its_segment(id in "[^/]{1,12}|[.%?#:;\\\\ ]{1,4}", token in any::<String>()) {
        let name: JobRunName = rollout().job_run(&id);
        for request in [get_request(&name), terminate_request(&name, &[])] {
            let url = url::Url::parse("https://host").unwrap().join(&request.path_and_query).unwrap();
            prop_assert_eq!(url.host_str(), Some("host"));
            prop_assert_eq!((url.query(), url.fragment()), (None, None));
            let segments: Vec<&str> = url.path_segments().unwrap().collect();
            prop_assert_eq!(segments.len(), 1 + 12);
            if id != "." && id != ".." {
                let last = percent_decode(segments[12]);
                prop_assert_eq!(last.strip_suffix(":terminate").unwrap_or(&last), id.strip_suffix(":terminate").unwrap_or(&id));
            }
        }
        let query = ListQuery { filter: id, order_by: token.clone(), page_size: 5 };
        let request = list_request(&rollout(), &query, &token);
        let url = url::Url::parse("https://host").unwrap().join(&request.path_and_query).unwrap();
        prop_assert_eq!(url.path(), LIST);
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let given = [("pageSize", "5"), ("filter", &query.filter), ("orderBy", &query.order_by), ("pageToken", &token)];
        let expected: Vec<(String, String)> = given
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        prop_assert_eq!(pairs, expected);
    }
}

// Pages.

#[test]
fn all_pages_are_read_in_order_with_the_same_query() {
    let client = client([page(&["a", "b"], "t/1"), page(&[], "t2"), page(&["c"], "")]);
    let query = ListQuery {
        filter: "x=1".into(),
        order_by: "uid".into(),
        page_size: 2,
    };
    let (pages, end) = read_all(&client, &query);
    assert_eq!(pages, [vec!["a", "b"], vec![], vec!["c"]]);
    assert_eq!(end, Ok(vec![]));
    let same = format!("{LIST}?pageSize=2&filter=x%3D1&orderBy=uid");
    assert_eq!(
        client.script.paths(),
        [
            same.clone(),
            format!("{same}&pageToken=t%2F1"),
            format!("{same}&pageToken=t2")
        ]
    );
}

#[test]
fn a_page_that_leads_back_ends_the_list() {
    for tokens in [
        vec!["a", "a"],
        vec!["a", "b", "a"],
        vec!["a", "b", "c", "b"],
    ] {
        let client = client(tokens.iter().map(|token| page(&["x"], token)));
        let (pages, end) = read_all(&client, &ListQuery::default());
        assert_eq!(
            pages.len(),
            tokens.len(),
            "what came is handed over: {tokens:?}"
        );
        assert_eq!(
            end,
            Err(ApiError::PageLoop {
                token: tokens.last().unwrap().to_string()
            })
        );
    }
}

#[test]
fn unreachable_locations_are_named_once() {
    let page = |unreachable: &[&str], next: &str| {
        ok(
            json!({ "unreachable": unreachable, "nextPageToken": next, "jobRuns": [{ "uid": "x" }] }),
        )
    };
    let client = client([
        page(&["b", "a", "b"], "1"),
        page(&[], "2"),
        page(&["a", "c"], ""),
    ]);
    let (pages, end) = read_all(&client, &ListQuery::default());
    assert_eq!(pages.len(), 3);
    assert_eq!(
        end,
        Ok(vec!["b".to_owned(), "a".to_owned(), "c".to_owned()])
    );
}

#[test]
fn pages_before_an_error_are_handed_over() {
    let client = client([
        page(&["a"], "1"),
        page(&["b"], "2"),
        fails(404),
        page(&["c"], ""),
    ]);
    let (pages, end) = read_all(&client, &ListQuery::default());
    assert_eq!(pages, [["a"], ["b"]]);
    assert_eq!(end.unwrap_err().refusal().unwrap().message, "Answer 404.");
    assert_eq!(client.script.sent(), 3, "nothing after the error");
}

#[test]
fn each_page_has_its_own_tries() {
    let client = client([
        fails(503),
        fails(503),
        fails(503),
        page(&["a"], "1"),
        lost(),
        lost(),
        lost(),
        page(&["b"], ""),
    ]);
    let (pages, end) = read_all(&client, &ListQuery::default());
    assert_eq!(
        (pages, end),
        (vec![vec!["a".to_owned()], vec!["b".to_owned()]], Ok(vec![]))
    );
    assert_eq!(
        client.script.slept_ms(),
        [1_000, 1_300, 1_690, 1_000, 1_300, 1_690]
    );
}

// Reading again.

#[test]
fn only_passing_errors_are_asked_again() {
    let again = [
        lost,
        || fails(429),
        || fails(500),
        || fails(502),
        || fails(503),
        || fails(504),
    ];
    for answer in again {
        let client = client([answer(), page(&["a"], "")]);
        assert_eq!(
            read_all(&client, &ListQuery::default()).1,
            Ok(vec![]),
            "{:?}",
            answer()
        );
        assert_eq!(client.script.slept_ms(), [1_000]);
    }
    for status in [301, 400, 401, 403, 404, 409, 418, 499] {
        let client = client([fails(status)]);
        let (_, end) = read_all(&client, &ListQuery::default());
        assert_eq!(end.unwrap_err().refusal().unwrap().http_status, status);
        assert_eq!(
            (client.script.sent(), client.script.slept_ms()),
            (1, vec![]),
            "{status}"
        );
    }
}

#[test]
fn what_is_not_the_expected_json_is_not_asked_again() {
    for body in ["", "<html>", "[]", r#"{"jobRuns":5}"#] {
        let client = client([ok(body)]);
        let (pages, end) = read_all(&client, &ListQuery::default());
        assert!(
            matches!(end, Err(ApiError::Malformed(_))),
            "{body}: {end:?}"
        );
        assert_eq!((pages.len(), client.script.sent()), (0, 1), "{body}");
    }
}

#[test]
fn after_four_tries_the_last_error_is_the_result() {
    let client = client([lost(), fails(500), fails(502), fails(503)]);
    let error = done(client.get(&rollout().job_run("j"))).unwrap_err();
    assert_eq!(error.refusal().unwrap().http_status, 503);
    assert_eq!(client.script.paths(), [RUN, RUN, RUN, RUN]);
    assert_eq!(client.script.slept_ms(), [1_000, 1_300, 1_690]);
}

#[test]
fn jitter_takes_away_up_to_half() {
    let client = client_with(0.999_999, [fails(503), fails(503), fails(503), fails(503)]);
    done(client.get(&rollout().job_run("j"))).unwrap_err();
    assert_eq!(client.script.slept_ms(), [500, 650, 845]);
}

#[test]
fn the_wait_that_the_server_asks_for_is_a_least() {
    for (random, slept) in [(0.0, 7_000), (0.5, 7_250), (0.999_999, 7_499)] {
        let client = client_with(random, [fails_with_wait(429, 7), page(&["a"], "")]);
        assert_eq!(read_all(&client, &ListQuery::default()).1, Ok(vec![]));
        assert_eq!(client.script.slept_ms(), [slept]);
    }
}

#[test]
fn a_wait_that_is_too_long_is_left_to_the_user() {
    let client = client([fails_with_wait(429, 31)]);
    let error = done(client.get(&rollout().job_run("j"))).unwrap_err();
    let refusal = error.refusal().unwrap();
    assert_eq!(
        (refusal.kind, refusal.retry_after),
        (RefusalKind::TooManyRequests, Some(Duration::from_secs(31)))
    );
    assert_eq!(
        (client.script.sent(), client.script.slept_ms()),
        (1, vec![])
    );

    let client = self::client([fails_with_wait(503, 30), ok("{}")]);
    done(client.get(&rollout().job_run("j"))).unwrap();
    assert_eq!(client.script.slept_ms(), [30_000]);
}

#[test]
fn the_permission_is_that_of_the_call() {
    let name = rollout().job_run("j");
    let client = client([fails(403), fails(403), fails(403)]);
    let errors = [
        done(client.list(&Collection::JobRuns(rollout()), &ListQuery::default(), ""))
            .map(drop)
            .unwrap_err(),
        done(client.get(&name)).map(drop).unwrap_err(),
        done(client.terminate(&name, &[])).unwrap_err(),
    ];
    let permissions: Vec<_> = errors
        .iter()
        .map(|e| e.refusal().unwrap().permission.as_deref().unwrap())
        .collect();
    assert_eq!(
        permissions,
        [
            "clouddeploy.jobRuns.list",
            "clouddeploy.jobRuns.get",
            "clouddeploy.jobRuns.terminate"
        ]
    );
}

// One run.

#[test]
fn a_run_comes_as_it_is() {
    let client = client([ok(r#"{"uid":"u","newField":1}"#)]);
    let record = done(client.get(&rollout().job_run("j"))).unwrap();
    assert_eq!(&*record.raw, r#"{"uid":"u","newField":1}"#);
    assert_eq!(record.run.unwrap().uid, "u");
    assert_eq!(
        client.script.asked.borrow()[..],
        [get_request(&rollout().job_run("j"))]
    );
}

#[test]
fn json_of_another_shape_is_a_run_that_cannot_be_read() {
    for body in [
        "[]",
        "null",
        "5",
        r#"{"uid":5}"#,
        r#"[{"uid":"u"}]"#,
        r#"["name","uid"]"#,
        r#"{"uid":"\ud800"}"#,
    ] {
        let record = done(client([ok(body)]).get(&rollout().job_run("j"))).unwrap();
        assert!(record.run.is_err(), "{body}: {:?}", record.run);
        assert_eq!(&*record.raw, body);
    }
}

#[test]
fn what_is_no_json_says_what_it_is_instead() {
    let reason = |content_type: &str, body: &str| {
        let reply = Reply {
            status: 200,
            content_type: content_type.into(),
            body: body.into(),
            ..Reply::default()
        };
        let client = client([Ok(reply.clone()), Ok(reply)]);
        let from_get = done(client.get(&rollout().job_run("j")))
            .map(drop)
            .unwrap_err();
        let runs = Collection::JobRuns(rollout());
        let from_list = done(client.list(&runs, &ListQuery::default(), ""))
            .map(drop)
            .unwrap_err();
        assert_eq!(from_get, from_list);
        match from_get {
            ApiError::Malformed(Malformed { reason, .. }) => reason,
            error => panic!("{error:?}"),
        }
    };
    let cases = [
        (
            "text/html; charset=utf-8",
            "<html>",
            "the reply is text/html, not JSON (expected value)",
        ),
        ("", "<html>", "expected value"),
        (
            "application/json; charset=UTF-8",
            "<html>",
            "expected value",
        ),
        ("application/problem+json", "", "EOF while parsing a value"),
        (
            "text/plain",
            "{\"uid\":\"",
            "the reply is text/plain, not JSON (EOF while parsing a string)",
        ),
    ];
    for (content_type, body, expected) in cases {
        assert_eq!(reason(content_type, body), expected, "{content_type}");
    }
}

// Rollouts and what they are in.

fn collections() -> Vec<(Collection, &'static str, &'static str)> {
    let release = rollout().release_name();
    let pipeline = release.delivery_pipeline_name();
    let location = pipeline.location_name();
    vec![
        (
            Collection::Locations {
                project: "p".into(),
            },
            "/v1/projects/p/locations",
            "locations",
        ),
        (
            Collection::DeliveryPipelines(location.clone()),
            "/v1/projects/p/locations/us-central1/deliveryPipelines",
            "deliveryPipelines",
        ),
        (
            Collection::Targets(location),
            "/v1/projects/p/locations/us-central1/targets",
            "targets",
        ),
        (
            Collection::Releases(pipeline.clone()),
            "/v1/projects/p/locations/us-central1/deliveryPipelines/d/releases",
            "releases",
        ),
        (
            Collection::Rollouts(release),
            "/v1/projects/p/locations/us-central1/deliveryPipelines/d/releases/r/rollouts",
            "rollouts",
        ),
        (
            Collection::Rollouts(pipeline.release("-")),
            "/v1/projects/p/locations/us-central1/deliveryPipelines/d/releases/-/rollouts",
            "rollouts",
        ),
        (Collection::JobRuns(rollout()), LIST, "jobRuns"),
    ]
}

fn actions() -> Vec<(RolloutAction, &'static str, &'static str)> {
    let (phase_id, job_id) = ("canary-50".to_owned(), "a\"b".to_owned());
    vec![
        (
            RolloutAction::RetryJob {
                phase_id: phase_id.clone(),
                job_id: job_id.clone(),
            },
            "retryJob",
            r#"{"phaseId":"canary-50","jobId":"a\"b"}"#,
        ),
        (
            RolloutAction::IgnoreJob {
                phase_id: phase_id.clone(),
                job_id,
            },
            "ignoreJob",
            r#"{"phaseId":"canary-50","jobId":"a\"b"}"#,
        ),
        (RolloutAction::Cancel, "cancel", "{}"),
        (
            RolloutAction::Advance { phase_id },
            "advance",
            r#"{"phaseId":"canary-50"}"#,
        ),
        (
            RolloutAction::Approve { approved: true },
            "approve",
            r#"{"approved":true}"#,
        ),
        (
            RolloutAction::Approve { approved: false },
            "approve",
            r#"{"approved":false}"#,
        ),
    ]
}

#[test]
fn every_list_is_asked_for_and_read_alike() {
    let query = ListQuery {
        filter: "x=1".into(),
        order_by: "name desc".into(),
        page_size: 2,
    };
    for (collection, path, field) in collections() {
        // The list of locations takes no order.
        let order = if field == "locations" {
            ""
        } else {
            "&orderBy=name%20desc"
        };
        assert_eq!(
            list_items_request(&collection, &query, "t").path_and_query,
            format!("{path}?pageSize=2&filter=x%3D1{order}&pageToken=t")
        );
        let page = |ids: &[&str], next: &str| {
            let items: Vec<_> = ids.iter().map(|id| json!({ "name": id })).collect();
            ok(json!({ field: items, "nextPageToken": next, "unreachable": ["u"], "other": [{}] }))
        };
        let client = client([page(&["a", "b"], "1"), fails(503), page(&["c"], "")]);
        let mut found = Vec::new();
        let end = done(for_each_page_of(
            &*client,
            &collection,
            &ListQuery::default(),
            &mut |raw| {
                found.push(raw);
            },
        ));
        assert_eq!(end, Ok(vec!["u".to_owned()]));
        let found: Vec<Vec<&str>> = found
            .iter()
            .map(|raw| raw.iter().map(|raw| &**raw).collect())
            .collect();
        assert_eq!(
            found,
            [
                vec![r#"{"name":"a"}"#, r#"{"name":"b"}"#],
                vec![r#"{"name":"c"}"#]
            ]
        );
        assert_eq!(
            client.script.paths()[2],
            format!("{path}?pageToken=1"),
            "a read is tried again"
        );

        let client = self::client([fails(403), ok(json!({ "nextPageToken": 5 }))]);
        let next = || {
            done(client.list(&collection, &ListQuery::default(), ""))
                .map(drop)
                .unwrap_err()
        };
        let permission = next().refusal().unwrap().permission.clone();
        assert_eq!(permission, Some(format!("clouddeploy.{field}.list")));
        assert!(matches!(next(), ApiError::Malformed(_)));
    }
}

#[test]
fn a_rollout_comes_as_it_is() {
    let body = r#"{"name":"n","state":"HALTED","newField":1}"#;
    let client = client([fails(503), ok(body), ok("[]"), fails(403), ok("<html>")]);
    let record = done(client.get_rollout(&rollout())).unwrap();
    assert_eq!(&*record.raw, body);
    let expected = Rollout {
        name: "n".into(),
        state: RolloutState::Halted,
        ..Rollout::default()
    };
    assert_eq!(record.rollout, Ok(expected));
    assert_eq!(
        client.script.asked.borrow()[1],
        get_rollout_request(&rollout())
    );
    assert_eq!(
        client.script.paths()[1],
        LIST.strip_suffix("/jobRuns").unwrap()
    );
    assert!(
        done(client.get_rollout(&rollout()))
            .unwrap()
            .rollout
            .is_err()
    );
    let refused = done(client.get_rollout(&rollout())).map(drop).unwrap_err();
    assert_eq!(
        refused.refusal().unwrap().permission.as_deref(),
        Some("clouddeploy.rollouts.get")
    );
    assert!(matches!(
        done(client.get_rollout(&rollout())),
        Err(ApiError::Malformed(_))
    ));
}

#[test]
fn an_action_says_what_to_do_with_which_job() {
    let path = LIST.strip_suffix("/jobRuns").unwrap();
    for (action, method, body) in actions() {
        let request = action_request(&rollout(), &action, &[]);
        assert_eq!(
            (
                request.method,
                request.path_and_query,
                request.body.as_deref()
            ),
            (Method::Post, format!("{path}:{method}"), Some(body))
        );
        let with = action_request(&rollout(), &action, &["p/\"a\"".to_owned(), "b".to_owned()]);
        let mut expected: serde_json::Value = serde_json::from_str(body).unwrap();
        expected["overrideDeployPolicy"] = json!(["p/\"a\"", "b"]);
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&with.body.unwrap()).unwrap(),
            expected
        );
    }
}

#[test]
fn an_action_is_sent_once_whatever_comes() {
    for (action, method, _) in actions() {
        for answer in [
            lost(),
            fails(400),
            fails(403),
            fails_with_wait(429, 1),
            fails(500),
            fails(503),
        ] {
            let client = client([answer.clone()]);
            let error = done(client.act(&rollout(), &action, &[])).unwrap_err();
            if let Some(refusal) = error.refusal()
                && refusal.http_status == 403
            {
                assert_eq!(
                    refusal.permission,
                    Some(format!("clouddeploy.rollouts.{method}"))
                );
            }
            assert_eq!(
                client.script.asked.borrow()[..],
                [action_request(&rollout(), &action, &[])]
            );
            assert_eq!(client.script.slept_ms(), [0; 0]);
        }
        let client = client([ok("{}"), ok("<html>"), ok("[]")]);
        assert_eq!(done(client.act(&rollout(), &action, &[])), Ok(()));
        for _ in 0..2 {
            let error = done(client.act(&rollout(), &action, &[])).unwrap_err();
            assert!(
                matches!(error, ApiError::Malformed(_)),
                "a login page is no success: {error}"
            );
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_a_list_or_a_reason(text in any::<String>(), field in "[a-z]{1,4}", value in any::<u8>()) {
        use jobrun_viewer::api::source::Items;
        prop_assert_eq!(Items::from_json(&text, &field).is_ok(), read_object::<serde_json::Map<String, serde_json::Value>>(&text).is_ok());
        let body = format!(r#"{{"{field}":[ {value}, null ],"nextPageToken":null,"Z":{{}}}}"#);
        let items = Items::from_json(&body, &field).unwrap();
        prop_assert_eq!(items.raw.iter().map(|raw| &**raw).collect::<Vec<_>>(), [&*value.to_string(), "null"]);
    }
}

// Terminate.

#[test]
fn terminate_is_sent_once_whatever_comes() {
    let name = rollout().job_run("j");
    let answers = [lost(), fails_with_wait(429, 1)];
    let answers = answers
        .into_iter()
        .chain([301, 400, 401, 403, 404, 409, 429, 499, 500, 502, 503, 504].map(fails));
    for answer in answers {
        let client = client([answer.clone()]);
        let expected = match error(answer) {
            ApiError::Refused(refusal) => (refusal.http_status, refusal.message),
            _ => (0, "offline".to_owned()),
        };
        let found = match done(client.terminate(&name, &["p".to_owned()])).unwrap_err() {
            ApiError::Refused(refusal) => (refusal.http_status, refusal.message),
            ApiError::Network(reason) => (0, reason),
            error => panic!("{error:?}"),
        };
        assert_eq!(found, expected);
        assert_eq!(
            client.script.asked.borrow()[..],
            [terminate_request(&name, &["p".to_owned()])]
        );
        assert_eq!(client.script.slept_ms(), [0; 0]);
    }
}

#[test]
fn terminate_succeeds_with_any_2xx() {
    for status in [200, 202, 204] {
        let client = client([Ok(Reply {
            status,
            body: "{}".into(),
            ..Reply::default()
        })]);
        assert_eq!(done(client.terminate(&rollout().job_run("j"), &[])), Ok(()));
    }
}

// The policy by itself.

#[test]
fn the_delay_grows_up_to_a_longest() {
    let policy = RetryPolicy {
        tries: 99,
        factor: 2.0,
        ..RetryPolicy::default()
    };
    let error = error(fails(503));
    let delays: Vec<u64> = (1..7)
        .map(|tried| policy.delay(tried, &error, 0.0).unwrap().as_secs())
        .collect();
    assert_eq!(delays, [1, 2, 4, 8, 10, 10]);
}

#[test]
fn a_policy_of_extremes_has_delays() {
    let policy = RetryPolicy {
        tries: u32::MAX,
        factor: 1e9,
        max_delay: Duration::MAX,
        max_retry_after: Duration::MAX,
        ..RetryPolicy::default()
    };
    assert_eq!(
        policy.delay(u32::MAX - 1, &error(fails(503)), 0.0),
        Some(Duration::MAX)
    );
    assert_eq!(
        policy
            .delay(1, &error(fails_with_wait(503, u64::MAX)), 0.9)
            .unwrap()
            .as_secs(),
        u64::MAX
    );
    let at_once = RetryPolicy {
        first_delay: Duration::ZERO,
        ..policy
    };
    assert_eq!(
        at_once.delay(1, &error(fails(503)), 0.9),
        Some(Duration::ZERO)
    );
}

fn policy() -> impl Strategy<Value = RetryPolicy> {
    let secs = || prop_oneof![0_u64..100, any::<u64>()].prop_map(Duration::from_secs);
    (0_u32..9, 0_u64..5_000, 1.0..10.0_f64, secs(), secs()).prop_map(
        |(tries, first, factor, max_delay, max_retry_after)| RetryPolicy {
            tries,
            first_delay: Duration::from_millis(first),
            factor,
            max_delay,
            max_retry_after,
        },
    )
}

proptest! {
    #[test]
    fn a_delay_is_within_its_bounds(policy in policy(), tried in 1_u32..100, random in 0.0..1.0_f64) {
        let delay = policy.delay(tried, &error(fails(503)), random);
        prop_assert_eq!(delay.is_some(), tried < policy.tries);
        if let Some(delay) = delay {
            let full = policy.delay(tried, &error(fails(503)), 0.0).unwrap();
            let rounding = full / 1_000_000 + Duration::from_nanos(2);
            prop_assert!(full <= policy.max_delay.saturating_add(rounding));
            prop_assert!(delay <= full.saturating_add(rounding));
            prop_assert!(delay.saturating_add(rounding) >= full / 2);
            let before = policy.delay(tried.saturating_sub(1).max(1), &error(fails(503)), 0.0).unwrap();
            prop_assert!(before <= full.saturating_add(rounding), "a delay is no shorter than the one before");
        }
    }

    #[test]
    fn the_server_is_not_asked_before_it_wants(
        policy in policy(),
        asked in prop_oneof![0_u64..200, any::<u64>()],
        tried in 1_u32..9,
        random in 0.0..1.0_f64,
    ) {
        let delay = policy.delay(tried, &error(fails_with_wait(429, asked)), random);
        let asked = Duration::from_secs(asked);
        prop_assert_eq!(delay.is_some(), tried < policy.tries && asked <= policy.max_retry_after);
        if let Some(delay) = delay {
            prop_assert!(asked <= delay && delay <= asked.saturating_add(policy.first_delay / 2));
        }
    }

    #[test]
    fn a_lasting_error_has_no_delay(policy in policy(), tried in 0_u32..9, status in 300_u16..500) {
        prop_assume!(status != 429);
        prop_assert_eq!(policy.delay(tried, &error(fails(status)), 0.0), None);
    }
}

//! Guards the reading of error replies: whatever their body, the status, the message and what a
//! user can do about it are not lost.

use std::time::Duration;

use jobrun_viewer::api::error::{ApiError, Malformed, PolicyViolation, Refusal, RefusalKind};
use jobrun_viewer::api::http::Reply;
use proptest::prelude::*;
use serde_json::json;

const CALL: &str = "clouddeploy.jobRuns.list";

fn reply(status: u16, body: impl ToString) -> Reply {
    Reply {
        status,
        body: body.to_string(),
        content_type: "application/json".into(),
        retry_after: None,
    }
}

fn refusal(status: u16, body: impl ToString) -> Refusal {
    Refusal::from_reply(&reply(status, body), CALL)
}

#[test]
fn each_status_has_its_kind() {
    let cases = [
        (400, "INVALID_ARGUMENT", RefusalKind::InvalidRequest, false),
        (400, "OUT_OF_RANGE", RefusalKind::InvalidRequest, false),
        (400, "", RefusalKind::InvalidRequest, false),
        (400, "FAILED_PRECONDITION", RefusalKind::Conflict, false),
        (401, "UNAUTHENTICATED", RefusalKind::Unauthenticated, false),
        (
            403,
            "PERMISSION_DENIED",
            RefusalKind::PermissionDenied,
            false,
        ),
        (404, "NOT_FOUND", RefusalKind::NotFound, false),
        (404, "FAILED_PRECONDITION", RefusalKind::NotFound, false),
        (409, "ALREADY_EXISTS", RefusalKind::Conflict, false),
        (409, "ABORTED", RefusalKind::Conflict, false),
        (
            429,
            "RESOURCE_EXHAUSTED",
            RefusalKind::TooManyRequests,
            true,
        ),
        (499, "CANCELLED", RefusalKind::Other, false),
        (500, "INTERNAL", RefusalKind::Unavailable, true),
        (501, "UNIMPLEMENTED", RefusalKind::Other, false),
        (502, "", RefusalKind::Unavailable, true),
        (503, "UNAVAILABLE", RefusalKind::Unavailable, true),
        (504, "DEADLINE_EXCEEDED", RefusalKind::Unavailable, true),
        (599, "", RefusalKind::Unavailable, true),
        (302, "", RefusalKind::Other, false),
        (418, "", RefusalKind::Other, false),
        (0, "", RefusalKind::Other, false),
        (600, "", RefusalKind::Other, false),
    ];
    for (http_status, status, kind, passing) in cases {
        let body =
            json!({ "error": { "code": http_status, "message": "Words.", "status": status } });
        let refusal = refusal(http_status, body);
        assert_eq!(refusal.kind, kind, "{http_status} {status}");
        assert_eq!(
            (refusal.http_status, refusal.status.as_str()),
            (http_status, status)
        );
        assert_eq!(refusal.message, "Words.");
        assert_eq!(
            ApiError::Refused(Box::new(refusal)).is_passing(),
            passing,
            "{http_status} {status}"
        );
    }
}

#[test]
fn only_a_lost_reply_passes_of_the_other_errors() {
    let syntax = serde_json::from_str::<u8>("x").unwrap_err();
    assert!(ApiError::Network("offline".into()).is_passing());
    assert!(!ApiError::Malformed(Malformed::new("x", &syntax)).is_passing());
    assert!(!ApiError::PageLoop { token: "t".into() }.is_passing());
}

#[test]
fn the_missing_permission_is_the_most_exact_one_there_is() {
    let from_info = json!({ "error": { "message": "Permission 'clouddeploy.rollouts.get' denied", "details": [
        { "@type": "type.googleapis.com/google.rpc.Help", "links": [] },
        { "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "IAM_PERMISSION_DENIED",
          "metadata": { "permission": "clouddeploy.jobRuns.get", "resource": "projects/p" } },
        { "metadata": { "permission": "clouddeploy.other.get" } },
    ] } });
    assert_eq!(
        refusal(403, from_info).permission.as_deref(),
        Some("clouddeploy.jobRuns.get")
    );

    let messages = [
        (
            "Permission 'clouddeploy.jobRuns.get' denied on 'projects/p'",
            "clouddeploy.jobRuns.get",
        ),
        (
            "Permission clouddeploy.jobRuns.terminate denied on resource x (or it may not exist).",
            "clouddeploy.jobRuns.terminate",
        ),
        ("You need cloudbuild.builds.get.", "cloudbuild.builds.get"),
        (
            "u does not have storage.objects.get access to the object.",
            "storage.objects.get",
        ),
        ("Denied.", CALL),
        ("See cloud.google.com/deploy and clouddeploy.jobRuns", CALL),
        (
            "Cloud Deploy API has not been used in project 1 before or it is disabled. Enable it by visiting \
             https://console.developers.google.com/apis/api/clouddeploy.googleapis.com/overview?project=1",
            CALL,
        ),
        ("", CALL),
    ];
    for (message, permission) in messages {
        let refusal = refusal(403, json!({ "error": { "message": message } }));
        assert_eq!(refusal.permission.as_deref(), Some(permission), "{message}");
    }
    assert_eq!(refusal(403, "").permission.as_deref(), Some(CALL));
}

#[test]
fn only_a_403_lacks_a_permission() {
    for status in [400, 401, 404, 409, 429, 500] {
        let body = json!({ "error": { "message": "Permission 'clouddeploy.jobRuns.get' denied" } });
        assert_eq!(refusal(status, body).permission, None, "{status}");
    }
}

#[test]
fn the_wait_comes_from_the_header_or_else_from_retry_info() {
    let retry_info = |delay: &str| {
        json!({ "error": { "message": "Slow down.", "details": [
            { "@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [] },
            { "@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay },
        ] } })
    };
    let cases = [
        ("7s", Some(Duration::from_secs(7))),
        ("0.25s", Some(Duration::from_millis(250))),
        ("0s", Some(Duration::ZERO)),
        ("", None),
        ("7", None),
        ("s", None),
        ("-1s", None),
        ("1e400s", None),
        ("NaNs", None),
        ("soon", None),
    ];
    for (delay, expected) in cases {
        assert_eq!(
            refusal(429, retry_info(delay)).retry_after,
            expected,
            "{delay}"
        );
    }
    let with_header = Reply {
        retry_after: Some(Duration::from_secs(3)),
        ..reply(429, retry_info("7s"))
    };
    assert_eq!(
        Refusal::from_reply(&with_header, CALL).retry_after,
        Some(Duration::from_secs(3))
    );
}

#[test]
fn deploy_policies_in_the_way_are_named() {
    let body = json!({ "error": { "status": "FAILED_PRECONDITION", "details": [
        { "@type": "type.googleapis.com/google.cloud.deploy.v1.PolicyViolation",
          "policyViolationDetails": [
              { "policy": "projects/p/locations/l/deployPolicies/d", "ruleId": "r", "failureMessage": "Freeze." },
              { "policy": "projects/p/locations/l/deployPolicies/e", "newField": 1, "failureMessage": null },
          ] },
    ] } });
    let violation = |policy: &str, rule_id: &str, failure_message: &str| PolicyViolation {
        policy: policy.into(),
        rule_id: rule_id.into(),
        failure_message: failure_message.into(),
    };
    assert_eq!(
        refusal(400, body).violations,
        [
            violation("projects/p/locations/l/deployPolicies/d", "r", "Freeze."),
            violation("projects/p/locations/l/deployPolicies/e", "", ""),
        ]
    );
}

#[test]
fn a_body_that_is_no_envelope_is_kept() {
    let huge = "x".repeat(1_000_000);
    let bodies = [
        "",
        "<!doctype html><title>502</title>",
        "{",
        "null",
        "[]",
        "\"error\"",
        "{}",
        r#"{"error":null}"#,
        r#"{"error":"invalid_grant"}"#,
        r#"{"error":[]}"#,
        "\u{FEFF}{}",
        &huge,
    ];
    for body in bodies {
        let refusal = refusal(503, body);
        assert_eq!(
            (refusal.status.as_str(), refusal.message.as_str()),
            ("", ""),
            "{body:.40}"
        );
        assert_eq!(refusal.kind, RefusalKind::Unavailable);
        assert_eq!(refusal.body, body);
    }
}

/// An error whose status and message are as usual, with something odd beside them.
#[test]
fn an_odd_detail_costs_neither_the_status_nor_the_message_nor_other_details() {
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let odd_details = [
        "null".to_owned(),
        "5".to_owned(),
        "[]".to_owned(),
        r#""text""#.to_owned(),
        r#"{"metadata":null}"#.to_owned(),
        r#"{"metadata":[]}"#.to_owned(),
        r#"{"metadata":"x"}"#.to_owned(),
        r#"{"metadata":{"permission":null}}"#.to_owned(),
        r#"{"retryDelay":{"seconds":1}}"#.to_owned(),
        r#"{"retryDelay":null}"#.to_owned(),
        r#"{"policyViolationDetails":{}}"#.to_owned(),
        r#"{"policyViolationDetails":null}"#.to_owned(),
        r#"{"@type":"type.googleapis.com/new.Type","metadata":1,"x":1e999}"#.to_owned(),
        r#"{"metadata":{},"metadata":{}}"#.to_owned(),
        format!(r#"{{"x":{deep}}}"#),
    ];
    for odd in odd_details {
        let body = format!(
            r#"{{"error":{{"code":"403","details":[{odd},{{"metadata":{{"permission":"a.b.c"}}}}],
                "status":"PERMISSION_DENIED","message":"Denied."}}}}"#
        );
        let refusal = refusal(403, body);
        assert_eq!(
            (refusal.status.as_str(), refusal.message.as_str()),
            ("PERMISSION_DENIED", "Denied."),
            "{odd:.60}"
        );
        assert_eq!(refusal.permission.as_deref(), Some("a.b.c"), "{odd:.60}");
        assert_eq!(
            (refusal.violations, refusal.retry_after),
            (vec![], None),
            "{odd:.60}"
        );
    }
}

#[test]
fn one_odd_field_does_not_cost_the_others() {
    // The JSON after `"error":`, the status and the message.
    let cases = [
        (
            r#"{"status":"ABORTED","message":"Words.","details":{}}"#,
            "ABORTED",
            "Words.",
        ),
        (
            r#"{"status":"ABORTED","message":"Words.","details":null}"#,
            "ABORTED",
            "Words.",
        ),
        (
            r#"{"status":"ABORTED","message":"Words.","details":"x"}"#,
            "ABORTED",
            "Words.",
        ),
        (r#"{"status":"ABORTED","message":5}"#, "ABORTED", "5"),
        (
            r#"{"status":"ABORTED","message":{"text":"Words."}}"#,
            "ABORTED",
            r#"{"text":"Words."}"#,
        ),
        (r#"{"status":"ABORTED","message":null}"#, "ABORTED", ""),
        (
            r#"{"status":"ABORTED","message":"\ud800"}"#,
            "ABORTED",
            r#""\ud800""#,
        ),
        (r#"{"status":10,"message":"Words."}"#, "10", "Words."),
        (r#"{"status":null,"message":"Words."}"#, "", "Words."),
        (r#"{"message":"First.","message":"Words."}"#, "", "Words."),
        (r#"{"message":"Wörter „\u00e9“\n"}"#, "", "Wörter „é“\n"),
    ];
    for (error, status, message) in cases {
        let refusal = refusal(409, format!(r#"{{"error":{error}}}"#));
        assert_eq!(
            (refusal.status.as_str(), refusal.message.as_str()),
            (status, message),
            "{error}"
        );
    }
}

#[test]
fn an_error_prints_as_a_sentence() {
    let refused = refusal(
        404,
        json!({ "error": { "status": "NOT_FOUND", "message": "No such run." } }),
    );
    let syntax = serde_json::from_str::<u8>("\n x").unwrap_err();
    let cases = [
        (ApiError::Network("offline".into()), "no reply: offline"),
        (
            ApiError::Refused(Box::new(refused)),
            "404 NOT_FOUND: No such run.",
        ),
        (
            ApiError::Malformed(Malformed::new("\n x", &syntax)),
            "unexpected reply: expected value at line 2, column 2",
        ),
        (
            ApiError::PageLoop { token: "t".into() },
            "the page token “t” came twice",
        ),
    ];
    for (error, text) in cases {
        assert_eq!(error.to_string(), text);
    }
}

/// How a text that is no list of texts is reported.
fn malformed(text: &str) -> Malformed {
    Malformed::new(
        text,
        &serde_json::from_str::<Vec<String>>(text).unwrap_err(),
    )
}

#[test]
fn a_malformed_text_is_shown_where_it_breaks() {
    // Text, line, column, reason, excerpt.
    let cases = [
        ("", 1, 1, "EOF while parsing a value", ""),
        ("\n", 2, 1, "EOF while parsing a value", ""),
        ("<html>", 1, 1, "expected value", "<html>"),
        (
            "[\n\"a\",\n  5,\n\"b\"]",
            3,
            3,
            "invalid type: integer `5`, expected a string",
            "5,",
        ),
        ("[\"é\", é]", 1, 8, "expected value", "[\"é\", é]"),
        ("[\"a\"]]", 1, 6, "trailing characters", "[\"a\"]]"),
        (
            "[\r\n7]",
            2,
            1,
            "invalid type: integer `7`, expected a string",
            "7]",
        ),
    ];
    for (text, line, column, reason, excerpt) in cases {
        let found = malformed(text);
        assert_eq!((found.line, found.column), (line, column), "{text:?}");
        assert_eq!(
            (found.reason.as_str(), found.excerpt.as_str()),
            (reason, excerpt),
            "{text:?}"
        );
    }
}

#[test]
fn the_excerpt_of_a_long_line_is_short() {
    let long = format!("[\"{}\", x, \"{}\"]", "ä".repeat(500), "ö".repeat(500));
    let found = malformed(&long);
    assert_eq!(found.column, 1_006);
    // 40 bytes before the error and 20 after it, in whole characters.
    assert_eq!(
        found.excerpt,
        format!("{}\", x, \"{}", "ä".repeat(18), "ö".repeat(9))
    );
}

#[test]
fn a_reason_that_quotes_the_text_is_cut() {
    let found = Malformed::new(
        "",
        &serde_json::from_str::<u8>(&format!("\"{}\"", "é".repeat(1_000))).unwrap_err(),
    );
    assert_eq!(
        found.reason,
        format!("invalid type: string \"{}…", "é".repeat(178))
    );
}

#[test]
fn a_reason_that_speaks_of_a_line_is_whole() {
    // An error without a position, whose words look like one.
    let error = serde_json::from_value::<u8>(json!("broken at line 7")).unwrap_err();
    let found = Malformed::new("", &error);
    assert_eq!(
        found.reason,
        "invalid type: string \"broken at line 7\", expected u8"
    );
    let error = serde_json::from_str::<u8>("\"broken at line 7\"").unwrap_err();
    assert_eq!(
        Malformed::new("", &error).reason,
        "invalid type: string \"broken at line 7\", expected u8"
    );
}

proptest! {
    /// The position of an error is one in the text, also when the text is not what the error is of.
    #[test]
    fn any_text_is_reported_without_a_panic(text in any::<String>(), other in "\\PC{0,90}(\n\\PC{0,90}){0,3}") {
        for text in [text, other] {
            if let Err(error) = serde_json::from_str::<Vec<u8>>(&text) {
                let found = Malformed::new(&text, &error);
                prop_assert!(found.line >= 1 && found.column >= 1);
                prop_assert!(text.contains(&found.excerpt));
                prop_assert!(found.excerpt.len() <= 40 + 20 + 6);
                prop_assert!(!found.reason.is_empty());
                Malformed::new("é", &error);
            }
        }
    }

    #[test]
    fn any_body_is_kept_whatever_the_status(status in any::<u16>(), body in any::<String>()) {
        let refusal = refusal(status, &body);
        prop_assert_eq!(refusal.http_status, status);
        prop_assert_eq!(refusal.body, body);
    }

    /// A detail of any shape beside the message.
    #[test]
    fn the_message_is_read_beside_any_detail(
        detail in crate::errors::any_json(),
        message in any::<String>(),
        field in "metadata|retryDelay|policyViolationDetails|x",
    ) {
        let body = json!({ "error": {
            "message": message, "status": "ABORTED", "details": [detail, { field: detail }], "code": detail,
        } });
        let refusal = refusal(409, body);
        prop_assert_eq!(refusal.message, message);
        prop_assert_eq!(refusal.status, "ABORTED");
    }
}

/// Any JSON value of a modest size.
pub fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        "[a-zA-Z\"\\\\é]{0,6}".prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map("permission|policy|[a-z]{0,4}", inner, 0..4)
                .prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

#[test]
fn a_page_where_a_file_should_be_is_no_text() {
    let page = Reply {
        status: 200,
        content_type: "text/html; charset=UTF-8".to_owned(),
        body: format!("<h1>Sign in</h1>{}", "x".repeat(10_000)),
        retry_after: None,
    };
    assert!(page.is_stray_page("/v1/b/a-bucket/o/events.json?alt=media"));
    assert!(
        !page.is_stray_page("/v1/b/a-bucket/o/report.html?alt=media"),
        "a file may be a page"
    );
    assert!(!reply(200, "{}").is_stray_page("/v1/b/a-bucket/o/events.json?alt=media"));
    let ApiError::Malformed(malformed) = ApiError::of_reply(&page, CALL) else {
        panic!("it is no refusal")
    };
    assert_eq!(malformed.reason, "the reply is text/html");
    assert!(malformed.excerpt.starts_with("<h1>Sign in") && malformed.excerpt.len() < 100);
}

#[test]
fn a_reply_that_failed_says_how() {
    let none = Reply {
        body: "it took too long".to_owned(),
        ..Reply::default()
    };
    assert_eq!(
        ApiError::of_reply(&none, CALL),
        ApiError::Network("it took too long".to_owned())
    );
    let mut busy = reply(429, "{}");
    busy.retry_after = Some(Duration::from_secs(60));
    let error = ApiError::of_reply(&busy, CALL);
    assert_eq!(
        error.refusal().and_then(|refusal| refusal.retry_after),
        busy.retry_after
    );
    assert!(error.is_passing());
    assert_eq!(
        ApiError::of_reply(&reply(403, "{}"), CALL),
        ApiError::Refused(Box::new(refusal(403, "{}")))
    );
}

#[test]
fn a_status_alone_tells_what_may_pass() {
    for status in [0, 200].into_iter().chain(400..600) {
        // Another status with a body that says more is no other matter.
        for body in ["", r#"{"error":{"status":"FAILED_PRECONDITION"}}"#] {
            let reply = reply(status, body);
            assert_eq!(
                reply.is_passing(),
                ApiError::of_reply(&reply, CALL).is_passing(),
                "{status} {body}"
            );
        }
    }
}

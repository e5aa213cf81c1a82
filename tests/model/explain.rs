//! Guards the words: nothing that can go wrong is without a meaning and a next step, the meanings
//! are Google's own, and an error never says that more is safe than is known.

use std::time::Duration;

use jobrun_viewer::api::error::{ApiError, Malformed, PolicyViolation, Refusal, RefusalKind};
use jobrun_viewer::api::http::Reply;
use jobrun_viewer::api::job_run::{FailureCause, State};
use jobrun_viewer::model::explain::{
    Doing, Explanation, error_message, failure, state, state_label,
};
use jobrun_viewer::model::run::{Failure, JobKind};
use serde_json::Value;

fn kinds() -> Vec<JobKind> {
    vec![
        JobKind::Predeploy,
        JobKind::Deploy,
        JobKind::Verify,
        JobKind::Analysis,
        JobKind::Postdeploy,
        JobKind::CreateChildRollout,
        JobKind::AdvanceChildRollout,
        JobKind::Unrecognized("newJobRun".into()),
        JobKind::Several(vec!["aJobRun".into(), "bJobRun".into()]),
        JobKind::Missing,
    ]
}

/// A failure with a cause, which may have a build.
fn failed(cause: FailureCause, has_build: bool) -> Failure {
    let build = if has_build {
        "projects/p/locations/l/builds/b"
    } else {
        ""
    }
    .to_owned();
    Failure {
        check: None,
        cause,
        message: String::new(),
        is_alert: false,
        build,
    }
}

fn is_prose(text: &str) -> bool {
    text.ends_with('.')
        && text.len() > 10
        && text.starts_with(char::is_uppercase)
        && !text.contains("  ")
}

fn check(Explanation { meaning, next }: &Explanation) {
    assert!(is_prose(meaning), "{meaning}");
    assert!(is_prose(next), "{next}");
}

#[test]
fn every_state_has_a_meaning_and_a_next_step() {
    let unknown = State::Unrecognized("PAUSED".into());
    for state in State::KNOWN.iter().chain([&unknown]) {
        check(&self::state(state));
    }
    assert_eq!(state_label(&unknown), "PAUSED");
    assert_eq!(state_label(&State::InProgress), "In progress");
}

#[test]
fn every_cause_has_a_meaning_and_a_next_step_for_every_kind() {
    let unknown = FailureCause::Unrecognized("OUT_OF_COFFEE".into());
    for cause in FailureCause::KNOWN.iter().chain([&unknown]) {
        for kind in kinds() {
            for has_build in [false, true] {
                let explanation = failure(&failed(cause.clone(), has_build), &kind);
                check(&explanation);
                assert!(
                    !explanation.meaning.contains("newJobRun"),
                    "a field's name is not prose"
                );
            }
        }
    }
}

/// The descriptions of an enum's values in the discovery document.
fn descriptions(schema: &str, field: &str) -> Vec<(String, String)> {
    let document: Value =
        serde_json::from_str(include_str!("../data/clouddeploy.v1.json")).unwrap();
    let property = &document["schemas"][schema]["properties"][field];
    let texts = |list: &Value| -> Vec<String> {
        list.as_array()
            .expect(schema)
            .iter()
            .map(|text| text.as_str().unwrap().to_owned())
            .collect()
    };
    texts(&property["enum"])
        .into_iter()
        .zip(texts(&property["enumDescriptions"]))
        .collect()
}

/// A text of the document, in this project's spelling.
fn plain(text: &str) -> String {
    text.replace("`JobRun`", "job run")
        .replace("alloted", "allotted")
}

#[test]
fn the_meanings_of_states_are_the_documented_ones() {
    let descriptions = descriptions("JobRun", "state");
    assert_eq!(descriptions.len(), State::KNOWN.len());
    for (value, text) in descriptions {
        let documented = plain(&text);
        let meaning = state(&State::from(value.as_str())).meaning;
        assert!(
            meaning.starts_with(documented.trim_end_matches('.')),
            "{value}: {meaning} / {documented}"
        );
    }
}

#[test]
fn the_meanings_of_causes_are_the_documented_ones() {
    let schemas = [
        ("PredeployJobRun", JobKind::Predeploy),
        ("DeployJobRun", JobKind::Deploy),
        ("VerifyJobRun", JobKind::Verify),
        ("CustomCheckStatus", JobKind::Analysis),
        ("PostdeployJobRun", JobKind::Postdeploy),
    ];
    for (schema, kind) in schemas {
        let descriptions = descriptions(schema, "failureCause");
        assert!(descriptions.len() >= 5, "{schema}");
        for (value, text) in descriptions {
            let documented = plain(&text);
            let meaning = failure(&failed(FailureCause::from(value.as_str()), true), &kind).meaning;
            // The document goes on with where to look, for which there are next steps here.
            assert!(
                documented.starts_with(meaning.trim_end_matches('.')),
                "{value}: {meaning} / {documented}"
            );
        }
    }
}

#[test]
fn a_run_of_no_known_kind_is_explained_in_whole_sentences() {
    for kind in [
        JobKind::Missing,
        JobKind::Several(vec![]),
        JobKind::Unrecognized("newJobRun".into()),
    ] {
        let meaning = |cause| failure(&failed(cause, true), &kind).meaning;
        assert_eq!(
            meaning(FailureCause::ExecutionFailed),
            "The operation did not complete successfully."
        );
        assert_eq!(
            meaning(FailureCause::DeadlineExceeded),
            "The job run did not complete within the allotted time."
        );
    }
}

#[test]
fn the_build_is_where_to_look_only_when_there_is_one() {
    for cause in [FailureCause::ExecutionFailed, FailureCause::Unspecified] {
        let next = |has_build| failure(&failed(cause.clone(), has_build), &JobKind::Deploy).next;
        assert!(
            next(true).contains("Open the build's log"),
            "{}",
            next(true)
        );
        assert!(next(false).contains("names no build"), "{}", next(false));
    }
}

#[test]
fn what_a_release_was_made_with_is_not_changed_by_a_retry() {
    // The API takes a snapshot of the targets and of the pipeline when a release is made.
    for cause in [
        FailureCause::DeadlineExceeded,
        FailureCause::MissingResourcesForCanary,
    ] {
        let next = failure(&failed(cause, true), &JobKind::Deploy).next;
        assert!(next.contains("create a new release"), "{next}");
    }
}

#[test]
fn an_alert_policy_fails_by_firing() {
    let alert = Failure {
        is_alert: true,
        ..failed(FailureCause::Unspecified, false)
    };
    let told = failure(&alert, &JobKind::Analysis);
    check(&told);
    assert!(
        told.meaning.contains("alert policy") && told.meaning.contains("firing"),
        "{told:?}"
    );
}

// Errors.

const KINDS: [(RefusalKind, u16); 9] = [
    (RefusalKind::Unauthenticated, 401),
    (RefusalKind::PermissionDenied, 403),
    (RefusalKind::NotFound, 404),
    (RefusalKind::Conflict, 409),
    (RefusalKind::TooManyRequests, 429),
    (RefusalKind::Unavailable, 503),
    (RefusalKind::InvalidRequest, 400),
    (RefusalKind::Other, 302),
    (RefusalKind::Other, 499),
];

fn refusal(kind: RefusalKind) -> Refusal {
    Refusal {
        kind,
        http_status: KINDS.iter().find(|(known, _)| *known == kind).unwrap().1,
        status: "STATUS".into(),
        message: "The server's words.".into(),
        permission: (kind == RefusalKind::PermissionDenied)
            .then(|| "clouddeploy.jobRuns.get".to_owned()),
        violations: vec![],
        retry_after: None,
        body: "{}".into(),
    }
}

fn refused(refusal: Refusal) -> ApiError {
    ApiError::Refused(Box::new(refusal))
}

fn malformed() -> ApiError {
    ApiError::Malformed(Malformed {
        line: 3,
        column: 7,
        reason: "expected value".into(),
        excerpt: "<html>".into(),
    })
}

fn every_error() -> Vec<ApiError> {
    let others = [
        ApiError::Network("TypeError: Failed to fetch".into()),
        malformed(),
        ApiError::PageLoop { token: "t".into() },
    ];
    let refusals = KINDS.map(|(kind, http_status)| {
        refused(Refusal {
            http_status,
            ..refusal(kind)
        })
    });
    others.into_iter().chain(refusals).collect()
}

#[test]
fn every_error_says_what_happened_what_is_safe_and_what_to_do() {
    for error in every_error() {
        for doing in [Doing::Loading, Doing::Refreshing, Doing::Terminating] {
            for has_token in [false, true] {
                let message = error_message(&error, doing, has_token);
                let title = &message.title;
                assert!(title.len() > 5 && !title.ends_with('.'), "{title}");
                for text in [&message.what, &message.safe, &message.next] {
                    assert!(is_prose(text), "{error}: {text}");
                }
                assert!(!message.details.is_empty(), "{error}");
            }
        }
    }
}

#[test]
fn reading_changes_nothing_and_says_so() {
    for error in every_error() {
        assert_eq!(
            error_message(&error, Doing::Loading, true).safe,
            "Nothing was changed."
        );
        let safe = error_message(&error, Doing::Refreshing, true).safe;
        assert!(
            safe.starts_with("Nothing was changed.") && safe.contains("may be old"),
            "{safe}"
        );
    }
}

#[test]
fn terminate_says_that_the_run_was_not_touched_only_where_that_is_known() {
    let known = [400, 401, 403, 404, 429];
    for error in every_error() {
        let safe = error_message(&error, Doing::Terminating, true).safe;
        if error
            .refusal()
            .is_some_and(|refusal| refusal.http_status == 409)
        {
            // The state that is in the way may be this request's own doing, if the browser sent it twice.
            assert!(
                safe.contains("may have arrived before") && !safe.contains("not touched"),
                "{safe}"
            );
            continue;
        }
        let refused = error
            .refusal()
            .is_some_and(|refusal| known.contains(&refusal.http_status));
        assert_eq!(
            safe == "The run was not touched.",
            refused,
            "{error}: {safe}"
        );
        if !refused {
            assert!(
                safe.contains("may or may not") && safe.contains("not sent again by itself"),
                "{error}: {safe}"
            );
        }
    }
}

#[test]
fn a_token_is_asked_for_only_where_it_helps() {
    for error in every_error() {
        let helps = error
            .refusal()
            .is_some_and(|refusal| [401, 403].contains(&refusal.http_status));
        assert_eq!(
            error_message(&error, Doing::Loading, false).sign_in,
            helps,
            "{error}"
        );
    }
    let unauthenticated = refused(refusal(RefusalKind::Unauthenticated));
    assert_eq!(
        error_message(&unauthenticated, Doing::Loading, false).title,
        "Sign-in needed"
    );
    assert_eq!(
        error_message(&unauthenticated, Doing::Loading, true).title,
        "The token is no longer valid"
    );
}

#[test]
fn a_missing_permission_is_named_with_a_role() {
    let denied = refused(refusal(RefusalKind::PermissionDenied));
    for (doing, role) in [
        (Doing::Loading, "roles/clouddeploy.viewer"),
        (Doing::Refreshing, "roles/clouddeploy.viewer"),
        (Doing::Terminating, "roles/clouddeploy.operator"),
    ] {
        let message = error_message(&denied, doing, true);
        assert!(
            message.what.contains("clouddeploy.jobRuns.get"),
            "{}",
            message.what
        );
        assert!(
            message.next.contains("clouddeploy.jobRuns.get") && message.next.contains(role),
            "{}",
            message.next
        );
    }
}

#[test]
fn a_wait_is_the_one_that_the_server_asks_for() {
    let next = |retry_after| {
        let refusal = Refusal {
            retry_after,
            ..refusal(RefusalKind::TooManyRequests)
        };
        error_message(&refused(refusal), Doing::Loading, true).next
    };
    assert_eq!(next(None), "Wait a minute, then try again.");
    assert_eq!(
        next(Some(Duration::from_secs(125))),
        "Wait 2 m 05 s as the server asks, then try again."
    );
    assert_eq!(next(Some(Duration::MAX)), "Wait a minute, then try again.");
}

#[test]
fn a_policy_in_the_way_is_named() {
    let conflict = |violations| {
        refused(Refusal {
            violations,
            ..refusal(RefusalKind::Conflict)
        })
    };
    let violation = PolicyViolation {
        policy: "projects/p/locations/l/deployPolicies/freeze".into(),
        rule_id: "weekend".into(),
        failure_message: "No changes.".into(),
    };
    let with = error_message(&conflict(vec![violation]), Doing::Terminating, true);
    assert_eq!(with.what, "A deploy policy forbids it now.");
    assert!(
        with.next.contains("clouddeploy.deployPolicies.override"),
        "{}",
        with.next
    );
    assert_eq!(
        with.details,
        "STATUS: The server's words.\nprojects/p/locations/l/deployPolicies/freeze (weekend): No changes."
    );
    let without = error_message(&conflict(vec![]), Doing::Terminating, true);
    assert!(!without.next.contains("policy"), "{}", without.next);
    assert!(
        without.what.contains("only a run in progress"),
        "{}",
        without.what
    );
}

#[test]
fn the_details_are_the_servers_words() {
    let details = |status: &str, message: &str, body: &str| {
        let refusal = Refusal {
            status: status.into(),
            message: message.into(),
            body: body.into(),
            ..refusal(RefusalKind::Unavailable)
        };
        error_message(&refused(refusal), Doing::Loading, true).details
    };
    assert_eq!(
        details("UNAVAILABLE", "Words.", "{}"),
        "UNAVAILABLE: Words."
    );
    assert_eq!(details("", "Words.", "{}"), "Words.");
    assert_eq!(details("", "", "<html>"), "<html>");
    assert_eq!(details("", "", &"é".repeat(1_000)), "é".repeat(500));
    assert_eq!(
        error_message(&malformed(), Doing::Loading, true).details,
        "…<html>…"
    );
    assert_eq!(
        error_message(&malformed(), Doing::Loading, true).what,
        "The answer could not be read at line 3, column 7: expected value."
    );
    let network = ApiError::Network("TypeError".into());
    assert_eq!(
        error_message(&network, Doing::Loading, true).details,
        "TypeError"
    );
}

#[test]
fn an_action_that_fails_says_what_is_safe_and_which_role_is_missing() {
    let refused = |permission: &str| {
        let body = format!(
            "{{\"error\":{{\"code\":403,\"status\":\"PERMISSION_DENIED\",\"message\":\"Permission '{permission}' denied\"}}}}"
        );
        let reply = Reply {
            status: 403,
            body,
            ..Reply::default()
        };
        ApiError::Refused(Box::new(Refusal::from_reply(&reply, permission)))
    };
    let told = error_message(
        &refused("clouddeploy.rollouts.approve"),
        Doing::Acting,
        true,
    );
    assert!(
        told.next.contains("roles/clouddeploy.approver"),
        "{}",
        told.next
    );
    assert_eq!(told.safe, "The rollout was not touched.");
    let told = error_message(&refused("clouddeploy.rollouts.cancel"), Doing::Acting, true);
    assert!(
        told.next.contains("roles/clouddeploy.operator"),
        "{}",
        told.next
    );
    let told = error_message(&ApiError::Network("cut".into()), Doing::Acting, true);
    assert!(
        told.safe.contains("may or may not have arrived")
            && told.safe.contains("the rollout is read")
    );
    let told = error_message(&ApiError::Part("gone".into()), Doing::Acting, true);
    assert_eq!(
        (told.safe.as_str(), told.details.as_str()),
        ("Nothing was changed.", "gone")
    );
    let told = error_message(&ApiError::Network("cut".into()), Doing::LoadingRest, true);
    assert!(told.safe.contains("The list is not whole"));
}

#[test]
fn a_refusal_names_the_role_that_has_what_is_missing() {
    // Of Google's page on roles: an operator may neither override a policy nor act as a service account.
    for (permission, role) in [
        (
            "clouddeploy.deployPolicies.override",
            "roles/clouddeploy.policyOverrider has it",
        ),
        (
            "iam.serviceAccounts.actAs",
            "roles/iam.serviceAccountUser has it",
        ),
        (
            "clouddeploy.jobRuns.terminate",
            "roles/clouddeploy.operator has it",
        ),
    ] {
        let body = format!(
            "{{\"error\":{{\"code\":403,\"status\":\"PERMISSION_DENIED\",\"message\":\"Permission '{permission}' denied\"}}}}"
        );
        let reply = Reply {
            status: 403,
            body,
            ..Reply::default()
        };
        let refusal = Refusal::from_reply(&reply, "clouddeploy.rollouts.retryJob");
        let told = error_message(&ApiError::Refused(Box::new(refusal)), Doing::Acting, true);
        assert!(
            told.next.contains(permission) && told.next.contains(role),
            "{}",
            told.next
        );
    }
}

#[test]
fn what_stands_in_the_way_is_told_whatever_status_it_came_with() {
    let told = |status: u16, name: &str, detail: &str, doing| {
        let body = format!(
            "{{\"error\":{{\"code\":{status},\"status\":\"{name}\",\"message\":\"No.\",\"details\":[{detail}]}}}}"
        );
        let reply = Reply {
            status,
            body,
            ..Reply::default()
        };
        error_message(
            &ApiError::Refused(Box::new(Refusal::from_reply(&reply, "a.b.c"))),
            doing,
            true,
        )
    };
    let info = "\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\"";
    let disabled = format!("{{{info},\"reason\":\"SERVICE_DISABLED\"}}");
    for doing in [Doing::Loading, Doing::Terminating] {
        assert_eq!(
            told(403, "PERMISSION_DENIED", &disabled, doing).title,
            "The API is not enabled"
        );
    }
    let policy = "{\"policyViolationDetails\":[{\"policy\":\"p\",\"ruleId\":\"r\",\"failureMessage\":\"m\"}]}";
    for (status, name) in [
        (400, "FAILED_PRECONDITION"),
        (403, "PERMISSION_DENIED"),
        (409, "ABORTED"),
    ] {
        assert_eq!(
            told(status, name, policy, Doing::Terminating).title,
            "Terminate was refused",
            "{status}"
        );
        assert_eq!(
            told(status, name, policy, Doing::Acting).what,
            "A deploy policy forbids it now.",
            "{status}"
        );
    }
    // Two changes at once say nothing of the state.
    let busy = told(409, "ABORTED", "", Doing::Terminating);
    assert!(
        busy.what.contains("changing it") && busy.next.contains("moment"),
        "{busy:?}"
    );
}

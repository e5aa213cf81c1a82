//! The panel's sections: each variant's data, where it leads, and what leads nowhere.

use jobrun_viewer::api::source::Record;
use jobrun_viewer::core::name::RolloutName;
use jobrun_viewer::model::address::Address;
use jobrun_viewer::model::run::RunSet;
use jobrun_viewer::model::run::panel::{Section, Target, sections};

const ROLLOUT: &str =
    "projects/shop/locations/eu/deliveryPipelines/web/releases/r1/rollouts/r1-to-prod-0001";

fn page() -> RolloutName {
    ROLLOUT.parse().unwrap()
}

/// The sections of a run with this variant, in one line each: `title | label: text -> link`.
fn lines(variant: &str, console: bool) -> Vec<String> {
    let raw = format!(r#"{{"name":"{ROLLOUT}/jobRuns/1","uid":"u",{variant}}}"#);
    let set = RunSet::new(vec![Record::from_json(&raw)], None);
    sections(&set.runs[0], &page(), console)
        .iter()
        .map(line)
        .collect()
}

fn line(section: &Section) -> String {
    let mut line = section.title.clone();
    if section.failed {
        line.push_str(" (failed)");
    }
    for fact in &section.facts {
        for value in &fact.values {
            let to = match &value.to {
                None => String::new(),
                Some(Target::Outside(link)) => format!(" -> {link}"),
                Some(Target::Inside(address)) => format!(" -> {}", address.to_hash()),
            };
            line.push_str(&format!(" | {}: {}{to}", fact.label, value.text));
        }
    }
    if !section.note.is_empty() {
        line.push_str(&format!(" ({})", section.note));
    }
    line
}

#[test]
fn a_deploy_leads_to_what_it_deployed() {
    let lines = lines(
        r#""deployJobRun":{
            "build":"projects/7/locations/eu/builds/b1",
            "artifact":{"artifactUri":"gs://bucket/r1/","manifestPaths":["a b.yaml","/sub/c.yaml"]},
            "metadata":{
                "cloudRun":{"service":"projects/shop/locations/eu/services/web","revision":"web-2",
                    "serviceUrls":["https://web-x.a.run.app","http://web-x.a.run.app"]},
                "customTarget":{"skipMessage":"nothing to do"},
                "custom":{"values":{"commit":"abc","empty":""}}}}"#,
        true,
    );
    let console = "https://console.cloud.google.com";
    assert_eq!(
        lines,
        [
            "Custom target | Skipped: nothing to do".to_owned(),
            format!(
                "Cloud Run | Service: projects/shop/locations/eu/services/web -> {console}/run/detail/eu/web/metrics?project=shop \
                 | URL: https://web-x.a.run.app -> https://web-x.a.run.app | URL: http://web-x.a.run.app | Revision: web-2"
            ),
            "Custom metadata | commit: abc | empty: ".to_owned(),
            format!(
                " | Cloud Build: projects/7/locations/eu/builds/b1 -> {console}/cloud-build/builds;region=eu/b1?project=7 \
                 | Name: {ROLLOUT}/jobRuns/1 | UID: u"
            ),
        ]
    );
}

#[test]
fn a_verify_leads_to_its_event_log() {
    let with_log = lines(
        r#""verifyJobRun":{"artifactUri":"gs://b/v","eventLogPath":"log/events.json",
            "metadata":{"custom":{"values":{"k":"v"}}}}"#,
        true,
    );
    assert!(
        with_log[0].contains("/storage/browser/_details/b/v/log/events.json"),
        "{}",
        with_log[0]
    );
    assert_eq!(with_log[1], "Custom metadata | k: v");
    assert!(lines(r#""verifyJobRun":{}"#, true)[0].contains("No event log is named"));
}

#[test]
fn predeploy_and_postdeploy_have_their_metadata() {
    for variant in ["predeployJobRun", "postdeployJobRun"] {
        let lines = lines(
            &format!(r#""{variant}":{{"metadata":{{"custom":{{"values":{{"k":"v"}}}}}}}}"#),
            true,
        );
        assert_eq!(lines[0], "Custom metadata | k: v", "{variant}");
    }
}

#[test]
fn a_child_rollout_is_opened_with_the_pages_project() {
    // The API writes the project's number where the page has its id.
    let child = ROLLOUT
        .replace("projects/shop", "projects/123")
        .replace("prod", "prod-eu");
    let inside = Address::rollout(
        child
            .replace("projects/123", "projects/shop")
            .parse()
            .unwrap(),
    )
    .to_hash();
    for (variant, verb) in [
        ("createChildRolloutJobRun", "Creates"),
        ("advanceChildRolloutJobRun", "Advances"),
    ] {
        let variant = format!(r#""{variant}":{{"rollout":"{child}","rolloutPhaseId":"stable"}}"#);
        let line = &lines(&variant, true)[0];
        assert!(
            line.starts_with(&format!(
                "Child rollout | {verb}: r1-to-prod-eu-0001 -> {inside} |"
            )),
            "{line}"
        );
        assert!(
            line.contains("Cloud console -> https://console.cloud.google.com/deploy/"),
            "{line}"
        );
        assert!(
            line.contains("| Phase: stable | Rollout: projects/123/"),
            "{line}"
        );
    }
    assert!(lines(r#""createChildRolloutJobRun":{}"#, true)[0].contains("not named yet"));
    let odd = &lines(
        r#""createChildRolloutJobRun":{"rollout":"javascript:alert(1)"}"#,
        true,
    )[0];
    assert!(
        odd.contains("| Rollout: javascript:alert(1)") && !odd.contains("->"),
        "{odd}"
    );
}

#[test]
fn an_analysis_shows_each_check_and_which_failed() {
    let lines = lines(
        r#""analysisJobRun":{"failedCheckId":"slow",
            "alertPolicyAnalyses":[
                {"id":"errors","alertPolicies":["p/1","p/2"],"labels":{"svc":"web"},
                 "failedAlertPolicies":[{"alertPolicy":"p/2","alerts":["a1","a2"]}]},
                {"id":"calm","alertPolicies":["p/3"]}],
            "customCheckAnalyses":[
                {"id":"slow","frequency":"300s","latestBuild":"projects/7/builds/b","metadata":{"values":{"p99":"2s"}},
                 "task":{"container":{"image":"img","command":["sh"],"args":["-c","x"],"env":{"A":"1"}}}}]}"#,
        true,
    );
    assert_eq!(
        lines[..7],
        [
            "Analysis | Failed check: slow",
            "Alert policy check errors (failed) | Firing: p/2 | Open alerts: a1 | Open alerts: a2 | Watches: p/1 | Watches: p/2",
            "Labels of the alerts | svc: web",
            "Alert policy check calm | Watches: p/3",
            "Custom check slow (failed) | Runs every: 300s | Latest build: projects/7/builds/b -> \
             https://console.cloud.google.com/cloud-build/builds/b?project=7 | Image: img | Command: sh | Arguments: -c | Arguments: x",
            "Environment | A: 1",
            "Metadata of the check | p99: 2s",
        ]
    );
}

#[test]
fn the_demo_leads_nowhere_outside() {
    let variant = r#""deployJobRun":{"build":"projects/7/locations/eu/builds/b1",
        "artifact":{"artifactUri":"gs://b/r","manifestPaths":["m"]},
        "metadata":{"cloudRun":{"service":"projects/p/locations/l/services/s","serviceUrls":["https://x.run.app"]}}},
        "createChildRolloutJobRun":{"rollout":"ROLLOUT"}"#
        .replace("ROLLOUT", ROLLOUT);
    let lines = lines(&variant, false).join("\n");
    assert!(!lines.contains("-> https:"), "{lines}");
    assert!(lines.contains("-> #/projects/shop/"), "{lines}");
}

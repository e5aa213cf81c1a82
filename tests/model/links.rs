//! Guards the links: they lead to the Cloud console or to a Cloud Run service, and no text from a
//! job run can make them lead elsewhere.
//!
//! Addresses are judged by the `url` crate, which reads them as a browser does.

use jobrun_viewer::api::http::percent_decode;
use jobrun_viewer::core::name::{
    BuildName, GlobalBuildName, GsUri, RegionalBuildName, RolloutName, ServiceName,
};
use jobrun_viewer::model::address::links;
use proptest::prelude::*;
use url::Url;

#[test]
fn links_have_the_consoles_forms() {
    let rollout = "projects/p/locations/us-central1/deliveryPipelines/d/releases/r/rollouts/o"
        .parse()
        .unwrap();
    let build = |name: &str| links::build(&name.parse().unwrap());
    let folder = |uri: &str| links::folder(&uri.parse().unwrap());
    let object = |uri: &str| links::object(&uri.parse().unwrap());
    let cases = [
        (
            links::rollout(&rollout),
            "/deploy/delivery-pipelines/us-central1/d/releases/r/rollouts/o?project=p",
        ),
        (
            build("projects/p/locations/us-east1/builds/b"),
            "/cloud-build/builds;region=us-east1/b?project=p",
        ),
        (
            build("projects/p/builds/b"),
            "/cloud-build/builds/b?project=p",
        ),
        (
            links::service(&"projects/p/locations/us-east1/services/s".parse().unwrap()),
            "/run/detail/us-east1/s/metrics?project=p",
        ),
        (folder("gs://b"), "/storage/browser/b"),
        (folder("gs://b/"), "/storage/browser/b"),
        (folder("gs://b/d/e"), "/storage/browser/b/d/e"),
        (folder("gs://b/d/e/"), "/storage/browser/b/d/e"),
        (
            object("gs://b/d/e.yaml"),
            "/storage/browser/_details/b/d/e.yaml",
        ),
        (
            object("gs://b/d e?#/f%.yaml"),
            "/storage/browser/_details/b/d%20e%3F%23/f%25.yaml",
        ),
        (
            object("gs://b/../../deploy"),
            "/storage/browser/_details/b/%252E%252E/%252E%252E/deploy",
        ),
        (folder("gs://b/./d"), "/storage/browser/b/%252E/d"),
        (folder("gs://.."), "/storage/browser/%252E%252E"),
        (
            object("gs://../d"),
            "/storage/browser/_details/%252E%252E/d",
        ),
    ];
    for (link, expected) in cases {
        assert_eq!(link, format!("https://console.cloud.google.com{expected}"));
    }
}

#[test]
fn a_hostile_id_stays_one_segment() {
    let hostile = [
        "..",
        ".",
        "a?b",
        "a#b",
        "a&project=evil",
        "a\\b",
        "@evil.com",
        "%2e%2e",
        "a;b",
        "é",
        "\n",
        ":",
    ];
    for id in hostile {
        let encoded = match id {
            "." | ".." => id.replace('.', "%252E"),
            id => jobrun_viewer::api::http::percent_encode(id),
        };
        let name = RolloutName {
            project: id.into(),
            location: id.into(),
            delivery_pipeline: id.into(),
            release: id.into(),
            rollout: id.into(),
        };
        let link = Url::parse(&links::rollout(&name)).unwrap();
        let expected = format!(
            "/deploy/delivery-pipelines/{encoded}/{encoded}/releases/{encoded}/rollouts/{encoded}"
        );
        assert_eq!(
            (link.path(), link.query()),
            (
                expected.as_str(),
                Some(format!("project={encoded}").as_str())
            )
        );
    }
}

#[test]
fn the_address_of_a_cloud_run_service_is_a_link() {
    let cases = [
        (
            "https://web-x1y2z3-uc.a.run.app",
            "https://web-x1y2z3-uc.a.run.app",
        ),
        (
            "https://web-123456789.us-central1.run.app",
            "https://web-123456789.us-central1.run.app",
        ),
        (
            "https://canary---web-x-uc.a.run.app/",
            "https://canary---web-x-uc.a.run.app",
        ),
        ("https://web.a.run.app/a/b", "https://web.a.run.app/a/b"),
        (
            "https://web.a.run.app/a b/../\"><script>",
            "https://web.a.run.app/a%20b/%252E%252E/%22%3E%3Cscript%3E",
        ),
    ];
    for (text, link) in cases {
        assert_eq!(links::service_url(text).as_deref(), Some(link));
    }
}

#[test]
fn what_only_looks_like_a_cloud_run_service_is_no_link() {
    let attacks = [
        "",
        "web.a.run.app",
        "//web.a.run.app",
        "http://web.a.run.app",
        "HTTPS://web.a.run.app",
        "javascript:alert(1)",
        "javascript://web.a.run.app/%0aalert(1)",
        "data:text/html,https://web.a.run.app",
        " https://web.a.run.app",
        "https://web.a.run.app ",
        "\thttps://web.a.run.app",
        "https:\t//web.a.run.app",
        "https:/web.a.run.app",
        "https:\\\\web.a.run.app",
        "https://user@web.a.run.app",
        "https://user:secret@web.a.run.app",
        "https://web.a.run.app@evil.com",
        "https://web.a.run.app:443",
        "https://web.a.run.app:8443/",
        "https://evil.com\\.run.app",
        "https://evil.com\\@web.a.run.app",
        "https://evil.com/.run.app",
        "https://evil.com?.run.app",
        "https://evil.com#.run.app",
        "https://evil.com%2F.run.app",
        "https://evil.com%00.run.app",
        "https://evil.com\t.run.app",
        "https://evil.com\n/.run.app",
        "https://evil.com\u{0}.run.app",
        "https://run.app.evil.com",
        "https://web.a.run.app.evil.com",
        "https://evilrun.app",
        "https://web.run.app.",
        "https://run.app",
        "https://.run.app",
        "https://..run.app",
        "https://a..run.app",
        "https://WEB.a.run.app",
        "https://web.a.RUN.APP",
        "https://web.a.run.аpp",
        "https://wеb.a.run.app",
        "https://web\u{3002}a.run.app",
        "https://web\u{2024}evil.run.app",
        "https://evil.com\u{2044}.run.app",
        "https://[::1].run.app",
        "https://web_a.run.app",
        "https://web.a.run.app?x",
        "https://web.a.run.app#x",
        "https://web.a.run.app\\evil",
    ];
    for text in attacks {
        assert_eq!(links::service_url(text), None, "{text:?}");
    }
}

/// Texts that try to leave their place in an address.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[.%/\\\\?#@:;&=a-c \t\n]{0,10}",
        "(\\.\\.?/){1,4}",
        "(https://|//|javascript:|@|evil\\.com|\\.run\\.app|/|:|\\\\|%2e|%2f|[A-Za-z0-9-]{1,3}|\\.){1,8}",
    ]
}

/// That a link is in the console, below a path and with these segments after it.
fn check(link: &str, path: &str, segments: usize) -> Result<Vec<String>, TestCaseError> {
    prop_assert!(
        link.starts_with("https://console.cloud.google.com/"),
        "{}",
        link
    );
    prop_assert!(link.is_ascii());
    let url = Url::parse(link).unwrap();
    prop_assert_eq!(url.as_str(), link, "a browser changes nothing in it");
    prop_assert_eq!(
        url.origin().ascii_serialization(),
        "https://console.cloud.google.com"
    );
    prop_assert_eq!(url.fragment(), None);
    let rest = url.path().strip_prefix(path);
    prop_assert!(rest.is_some(), "{} is below {}", link, path);
    let found: Vec<String> = rest.unwrap().split('/').map(percent_decode).collect();
    prop_assert_eq!(found.len(), segments, "{}", link);
    Ok(found)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_id_leads_out_of_the_console(ids in prop::array::uniform5(hostile())) {
        let [project, location, delivery_pipeline, release, rollout] = ids.map(|id| if id.is_empty() { "x".into() } else { id });
        let name = RolloutName {
            project: project.clone(),
            location: location.clone(),
            delivery_pipeline: delivery_pipeline.clone(),
            release: release.clone(),
            rollout: rollout.clone(),
        };
        let segments = check(&links::rollout(&name), "/deploy/delivery-pipelines/", 6)?;
        for (id, segment) in [&location, &delivery_pipeline, &release, &rollout].into_iter().zip([0, 1, 3, 5]) {
            if id != "." && id != ".." {
                prop_assert_eq!(id, &segments[segment]);
            }
        }
        let (project, location, id) = (project, location, release);
        let regional = RegionalBuildName { project: project.clone(), location: location.clone(), build: id.clone() };
        check(&links::build(&BuildName::Regional(regional)), "/cloud-build/builds;region=", 2)?;
        let global = GlobalBuildName { project: project.clone(), build: id.clone() };
        check(&links::build(&BuildName::Global(global)), "/cloud-build/builds/", 1)?;
        let service = ServiceName { project, location, service: id };
        check(&links::service(&service), "/run/detail/", 3)?;
    }

    #[test]
    fn no_object_leads_out_of_its_bucket(bucket in "[^/]{1,6}|\\.{1,3}", object in hostile(), path in hostile()) {
        let uri = GsUri { bucket, object: Some(object) }.join(&path);
        let parts = uri.object.as_deref().unwrap().split('/').filter(|part| !part.is_empty()).count();
        let folder = check(&links::folder(&uri), "/storage/browser/", 1 + parts)?;
        let file = check(&links::object(&uri), "/storage/browser/_details/", 1 + parts)?;
        prop_assert_eq!(folder, file);
    }

    #[test]
    fn no_text_makes_a_link_to_elsewhere(text in hostile(), host in "[a-z0-9.-]{0,9}", path in hostile()) {
        for text in [text, format!("https://{host}.run.app{path}"), format!("https://{host}.run.app/{path}")] {
            if let Some(link) = links::service_url(&text) {
                prop_assert!(link.starts_with("https://") && link.is_ascii());
                let url = match Url::parse(&link) {
                    Ok(url) => url,
                    // A host that is no name in any script leads nowhere.
                    Err(error) => {
                        prop_assert!(link.contains("xn--"), "{}: {}", link, error);
                        continue;
                    }
                };
                prop_assert!(url.host_str().unwrap().ends_with(".run.app"), "{}", link);
                prop_assert_eq!((url.scheme(), url.username(), url.password(), url.port()), ("https", "", None, None));
                prop_assert_eq!((url.query(), url.fragment()), (None, None));
                let authority = link.strip_prefix("https://").unwrap().split('/').next().unwrap();
                prop_assert_eq!(Some(authority), url.host_str(), "the host is as it reads");
                let origin = format!("https://{authority}");
                prop_assert!(text.starts_with(&origin));
            }
        }
    }
}

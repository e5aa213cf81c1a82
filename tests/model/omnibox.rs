//! Guards what the box does with what is typed or pasted into it.

use jobrun_viewer::model::input::omnibox::{OpenTarget, read};
use proptest::prelude::*;

use crate::sample::rollout;

fn hash(text: &str) -> Option<String> {
    match read(text).opens {
        OpenTarget::Address(address) => Some(address.to_hash()),
        OpenTarget::Json | OpenTarget::Nothing => None,
    }
}

#[test]
fn names_links_and_commands_lead_to_places() {
    let of = "projects/shop-prod/locations/us-central1/deliveryPipelines/web";
    let console = "https://console.cloud.google.com/deploy/delivery-pipelines/us-central1/web";
    let cases = [
        ("projects/shop-prod".to_owned(), "#/projects/shop-prod".to_owned()),
        ("shop-prod".to_owned(), "#/projects/shop-prod".to_owned()),
        ("123456789012".to_owned(), "#/projects/123456789012".to_owned()),
        ("demo".to_owned(), "#/projects/demo".to_owned()),
        (of.to_owned(), format!("#/{of}")),
        (format!("{of}/releases/r-1"), format!("#/{of}/releases/r-1")),
        (format!(" {of}/releases/r-1/rollouts/o \n"), format!("#/{of}/releases/r-1/rollouts/o")),
        (format!("{console}?project=shop-prod"), format!("#/{of}")),
        (
            format!("{console}/releases/r-1/rollouts/o?project=shop-prod"),
            format!("#/{of}/releases/r-1/rollouts/o"),
        ),
        (
            "gcloud deploy job-runs describe j-1 --rollout=o --release=r-1 --delivery-pipeline=web \\\n  \
             --region=us-central1 --project=shop-prod"
                .to_owned(),
            format!("#/{of}/releases/r-1/rollouts/o/jobRuns/j-1"),
        ),
        (
            format!("https://viewer.example/#/{of}/releases/r-1/rollouts/o?filter=a%3D1&tz=utc"),
            format!("#/{of}/releases/r-1/rollouts/o?filter=a%3D1&tz=utc"),
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(hash(&text).as_deref(), Some(expected.as_str()), "{text}");
        assert!(!read(&text).said.is_empty(), "{text}");
    }
}

#[test]
fn what_leads_nowhere_says_why() {
    for text in [
        "gs://bucket/x",
        "gcloud run deploy x",
        "https://example.com/",
        "o-to-prod-0001",
        "what is this?",
    ] {
        let reading = read(text);
        assert_eq!(reading.opens, OpenTarget::Nothing, "{text}");
        assert!(
            reading.said.ends_with('.') || reading.said.ends_with(')'),
            "{text}: {}",
            reading.said
        );
    }
    assert_eq!(read("  ").said, "");
    assert_eq!(read("[{\"name\": \"x\"}]").opens, OpenTarget::Json);
}

proptest! {
    #[test]
    fn any_text_is_read(text in ".{0,40}") {
        let reading = read(&text);
        let is_blank = text.chars().all(|c| c.is_whitespace() || c == '\u{feff}');
        prop_assert!(reading.opens != OpenTarget::Nothing || !reading.said.is_empty() || is_blank);
    }

    #[test]
    fn a_name_leads_to_itself(id in "[a-z][a-z0-9-]{0,20}") {
        let name = jobrun_viewer::core::name::RolloutName { rollout: id, ..rollout() };
        prop_assert_eq!(hash(&name.to_string()), Some(format!("#/{name}")));
    }
}

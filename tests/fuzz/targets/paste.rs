//! What a person pastes: names, links of the console and the API, commands of gcloud.

use jobrun_viewer::model::address::Address;
use jobrun_viewer::model::input::omnibox::{self, OpenTarget};
use jobrun_viewer::model::input::parse_input::{
    Above, ParsedInput, RejectedInput, Resource, parse_input,
};

use super::input::text;

/// The name of a resource, where it has one that says all of it.
fn full_name(resource: &Resource) -> Option<String> {
    Some(match resource {
        Resource::Rollout(name) => name.to_string(),
        Resource::JobRun(name) => name.to_string(),
        // A target is told of, with the pipeline that a link had beside it.
        Resource::Above(Above {
            target: Some(_), ..
        }) => return None,
        Resource::Above(Above {
            project,
            location,
            delivery_pipeline,
            release,
            target: None,
        }) => {
            let ids = [
                ("projects", Some(project)),
                ("locations", location.as_ref()),
                ("deliveryPipelines", delivery_pipeline.as_ref()),
                ("releases", release.as_ref()),
            ];
            let parts = ids
                .into_iter()
                .map_while(|(kind, id)| Some(format!("{kind}/{}", id?)));
            parts.collect::<Vec<_>>().join("/")
        }
    })
}

/// Understands a text, says so, and opens it.
pub fn target(data: &[u8]) {
    let text = &*text(data);
    let understood = parse_input(text);
    let reading = omnibox::read(text);
    match &understood {
        ParsedInput::Nothing => {
            assert_eq!((&*reading.said, &reading.opens), ("", &OpenTarget::Nothing))
        }
        ParsedInput::Json => assert_eq!(reading.opens, OpenTarget::Json),
        ParsedInput::Resource { resource, .. } => {
            assert_eq!(reading.said, resource.sentence());
            let OpenTarget::Address(address) = &reading.opens else {
                panic!("{resource:?} opens nothing")
            };
            assert!(
                !matches!(**address, Address::Unreadable(_) | Address::Start),
                "{address:?}"
            );
            if let Some(name) = full_name(resource) {
                assert!(!name.split('/').any(str::is_empty), "{name}");
            }
        }
        ParsedInput::Rejected(RejectedInput { reason, help }) => {
            for sentence in [reason, help] {
                assert!(sentence.ends_with(['.', '…']), "{sentence}");
                // A text may be long, and a sentence about it is not.
                assert!(sentence.chars().count() < 400, "{sentence}");
            }
        }
    }
    if let OpenTarget::Address(address) = reading.opens {
        // The address in the browser's bar leads to where it stands.
        let hash = address.to_hash();
        assert_eq!(Address::from_hash(&hash), *address, "{hash}");
        assert_eq!(
            omnibox::read(&hash).opens,
            OpenTarget::Address(address),
            "{hash}"
        );
    }
}

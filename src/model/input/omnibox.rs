//! The omnibox: where a text in it leads, and what it says meanwhile.

use serde::{Deserialize, Serialize};

use super::parse_input::{Above, ParsedInput, RejectedInput, Resource, parse_input};
use crate::core::demo;
use crate::model::address::Address;

/// What a text in the box comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OmniboxReading {
    /// What was understood, or why nothing was and what would help; empty for an empty text.
    pub said: String,
    pub opens: OpenTarget,
}

/// What opening a text does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OpenTarget {
    Nothing,
    Address(Box<Address>),
    /// JSON is read in.
    Json,
}

/// Reads a text in the box.
pub fn read(text: &str) -> OmniboxReading {
    let understood = parse_input(text);
    let mut said = understood.sentence();
    let opens = match understood {
        ParsedInput::Nothing => OpenTarget::Nothing,
        ParsedInput::Json => OpenTarget::Json,
        ParsedInput::Resource { resource, settings } => {
            OpenTarget::Address(Address::from_parts(&full_name(&resource), &settings).into())
        }
        ParsedInput::Rejected(RejectedInput { help, .. }) => match project(text) {
            None => OpenTarget::Nothing,
            Some(project) => {
                said = format!(
                    "A project, if {project} is one. For anything else: {}",
                    lower_first(&help)
                );
                OpenTarget::Address(Address::from_parts(&format!("projects/{project}"), "").into())
            }
        },
    };
    OmniboxReading { said, opens }
}

/// The full name of the resource. A target has no page here: what it lies in stands for it.
fn full_name(resource: &Resource) -> String {
    match resource {
        Resource::Rollout(name) => name.to_string(),
        Resource::JobRun(name) => name.to_string(),
        Resource::Above(Above {
            project,
            location,
            delivery_pipeline,
            release,
            ..
        }) => {
            let mut name = format!("projects/{project}");
            let parts = [
                ("locations", location),
                ("deliveryPipelines", delivery_pipeline),
                ("releases", release),
            ];
            for (collection, id) in parts {
                if let Some(id) = id {
                    name.push('/');
                    name.push_str(collection);
                    name.push('/');
                    name.push_str(id);
                }
            }
            name
        }
    }
}

/// The id or number of a project, when a text can be one and looks like nothing else that has an
/// id: whoever only knows the project can begin there.
fn project(text: &str) -> Option<&str> {
    let text = text.trim();
    // An organisation's domain may stand before it.
    let id = text.split_once(':').map_or(text, |(_, id)| id);
    let is_number = (6..=20).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit());
    let is_id = (6..=30).contains(&id.len())
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && !id.ends_with('-')
        && id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let domain = &text[..text.len() - id.len()];
    let is_domain = domain
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.:".contains(&b))
        && (domain.is_empty() || domain.contains('.'));
    // `{release}-to-{target}-0001`, as rollouts are named that nobody names.
    let is_rollout = id.contains("-to-");
    (text == demo::PROJECT || is_domain && !is_rollout && (is_number || is_id)).then_some(text)
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_ascii_lowercase().to_string() + chars.as_str()
    })
}

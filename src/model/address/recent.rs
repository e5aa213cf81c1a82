//! Recent addresses, as a text for the browser's storage: a line for each address, the
//! newest first, with when it was opened (milliseconds since 1970) and its address.

use super::{Address, Parent, Source};
use crate::core::time::Timestamp;
use crate::model::browse::trail;

/// How many addresses are remembered.
const MOST: usize = 10;

/// An address that was opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Recent {
    pub at: Timestamp,
    pub address: Address,
}

/// Reads the text; what is no line of it is left out.
pub fn read(text: &str) -> Vec<Recent> {
    let line = |line: &str| {
        let (at, hash) = line.split_once(' ')?;
        let at = Timestamp::from_millisecond(at.parse().ok()?).ok()?;
        match Address::from_hash(hash) {
            address @ (Address::Browse(_) | Address::Rollout { .. }) => {
                Some(Recent { at, address })
            }
            _ => None,
        }
    };
    text.lines().filter_map(line).take(MOST).collect()
}

/// Writes the text.
pub fn write(recents: &[Recent]) -> String {
    let line = |recent: &Recent| {
        format!(
            "{} {}",
            recent.at.as_millisecond(),
            recent.address.to_hash()
        )
    };
    recents
        .iter()
        .take(MOST)
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}

impl Recent {
    /// The address's id, and what it is and lies in.
    pub fn told(&self) -> (String, String) {
        let (id, mut told, within) = match &self.address {
            Address::Rollout { rollout, .. } => {
                let mut within = trail(&Parent::Release(rollout.release_name()));
                // The rollout's id has the release's in it, nearly always.
                within.pop();
                (rollout.rollout.clone(), "Rollout".to_owned(), within)
            }
            Address::Browse(parent) => {
                let mut within = trail(parent);
                let kind = within.pop().map_or("", |(kind, _)| kind);
                (parent.id().to_owned(), kind.to_owned(), within)
            }
            _ => return (String::new(), String::new()),
        };
        for (_, address) in within.iter().rev() {
            told.push_str(" · ");
            told.push_str(address.id());
        }
        (id, told)
    }
}

/// Puts an address at the top. The demo is not worth remembering, what comes from a file cannot be
/// opened again, and a location or release is but a step on the way from one address to the next.
pub fn remember(recents: &mut Vec<Recent>, address: &Address, at: Timestamp) {
    let address = address.page();
    let is_cloud = match &address {
        Address::Rollout { view, .. } => view.source == Source::Cloud,
        Address::Browse(parent) => {
            matches!(parent, Parent::Project(_) | Parent::DeliveryPipeline(_))
        }
        _ => false,
    };
    if is_cloud && !address.is_demo() {
        recents.retain(|recent| recent.address != address);
        recents.insert(0, Recent { at, address });
        recents.truncate(MOST);
    }
}

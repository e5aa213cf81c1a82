//! What was opened lately, as a text that a browser's storage holds: a line for each place, the
//! newest first, with when it was opened (milliseconds since 1970) and its address.

use super::address::Address;
use super::time::Timestamp;

/// How many places are remembered.
const MOST: usize = 10;

/// A place that was opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Recent {
    pub at: Timestamp,
    pub place: Address,
}

/// Reads the text; what is no line of it is left out.
pub fn read(text: &str) -> Vec<Recent> {
    let line = |line: &str| {
        let (at, hash) = line.split_once(' ')?;
        let at = Timestamp::from_millisecond(at.parse().ok()?).ok()?;
        match Address::from_hash(hash) {
            place @ (Address::Browse(_) | Address::Rollout { .. }) => Some(Recent { at, place }),
            _ => None,
        }
    };
    text.lines().filter_map(line).take(MOST).collect()
}

/// Writes the text.
pub fn write(recents: &[Recent]) -> String {
    let line = |recent: &Recent| format!("{} {}", recent.at.as_millisecond(), recent.place.to_hash());
    recents.iter().take(MOST).map(line).collect::<Vec<_>>().join("\n")
}

/// Puts a place at the top. The demo is not worth remembering, and what comes from a file cannot be
/// opened again.
pub fn remember(recents: &mut Vec<Recent>, place: &Address, at: Timestamp) {
    let place = place.page();
    let is_cloud = match &place {
        Address::Rollout { view, .. } => view.source == super::address::Source::Cloud,
        Address::Browse(_) => true,
        _ => false,
    };
    if is_cloud && !place.is_demo() {
        recents.retain(|recent| recent.place != place);
        recents.insert(0, Recent { at, place });
        recents.truncate(MOST);
    }
}

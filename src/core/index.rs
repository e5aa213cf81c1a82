//! Finding things by their ids.

use super::order::places;

/// The places of ids: what a hash map is for, in a tenth of its code, which counts in the bundle.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    ids: Vec<String>,
    /// The places of the ids in their order.
    sorted: Vec<usize>,
}

impl Index {
    /// Finds each of these ids by its place among them; one that comes twice by its last.
    pub fn new(ids: Vec<String>) -> Self {
        let sorted = places(ids.len(), &|a, b| ids[a].cmp(&ids[b]));
        Self { ids, sorted }
    }

    /// Where an id is.
    pub fn get(&self, id: &str) -> Option<usize> {
        let end = self.sorted.partition_point(|place| *self.ids[*place] <= *id);
        let last = *self.sorted.get(end.checked_sub(1)?)?;
        (self.ids[last] == id).then_some(last)
    }
}

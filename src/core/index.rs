//! Finding things by their ids.

use super::order::permutation;

/// The indices of ids: what a hash map is for, in a tenth of its code, which counts in the bundle.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Index {
    ids: Vec<String>,
    /// The permutation that sorts the ids.
    sorted: Vec<usize>,
}

impl Index {
    /// Finds each of these ids by its index; one that comes twice by its last.
    pub(crate) fn new(ids: Vec<String>) -> Self {
        let sorted = permutation(ids.len(), &|a, b| ids[a].cmp(&ids[b]));
        Self { ids, sorted }
    }

    /// Returns the index of an id.
    pub(crate) fn get(&self, id: &str) -> Option<usize> {
        let end = self
            .sorted
            .partition_point(|index| *self.ids[*index] <= *id);
        let last = *self.sorted.get(end.checked_sub(1)?)?;
        (self.ids[last] == id).then_some(last)
    }
}

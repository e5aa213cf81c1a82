//! Sorting.

use std::cmp::Ordering;

/// Sorts stably. The standard library's sort is compiled for every type that is sorted, some eight
/// kilobytes each; here all types share one sort of indices, which is short: it is quick enough for what a
/// page shows, and five kilobytes smaller than the library's.
pub(crate) fn sorted_by<T>(items: Vec<T>, compare: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let permutation = permutation(items.len(), &|a, b| compare(&items[a], &items[b]));
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    permutation
        .into_iter()
        .filter_map(|index| items[index].take())
        .collect()
}

/// Returns the permutation that sorts 0 to `count` - 1, stably: an index for each position.
#[inline(never)]
pub(crate) fn permutation(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut permutation: Vec<usize> = (0..count).collect();
    let mut merged = Vec::with_capacity(count);
    // Merges what is in order to what is, of twice the length each time.
    let mut length = 1;
    while length < count {
        for pair in permutation.chunks(2 * length) {
            let (mut left, mut right) = pair.split_at(length.min(pair.len()));
            while let ([first, rest @ ..], [second, others @ ..]) = (left, right) {
                if compare(*second, *first).is_lt() {
                    merged.push(*second);
                    right = others;
                } else {
                    merged.push(*first);
                    left = rest;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(&mut permutation, &mut merged);
        merged.clear();
        length *= 2;
    }
    permutation
}

//! Labels and numbers that the insights into a history share.

use std::cmp::Ordering;

use super::{History, Micros};
use crate::api::job_run::State;
use crate::core::time::{SignedDuration, human_duration};

/// A duration for people.
pub(super) fn human(length: Micros) -> String {
    human_duration(SignedDuration::from_micros(length))
}

/// A run's phase and job as one number, by which runs of the same job are found together.
pub(super) fn lane_key(history: &History, run: usize) -> u32 {
    // Columns have 16 bits for each.
    (history.phase(run) as u32) << 16 | history.job(run) as u32
}

/// A run's job, for people; the kind of a run that names none.
pub(super) fn job_label(history: &History, run: usize) -> String {
    match history.job_name(history.job(run)) {
        "" => history.kind(run).label().to_owned(),
        job => job.to_owned(),
    }
}

/// A run's phase, for people.
pub(super) fn phase_label(history: &History, run: usize) -> &str {
    match history.phase_name(history.phase(run)) {
        "" => "no phase",
        phase => phase,
    }
}

/// Such as `deploy in stable`.
pub(super) fn lane_label(history: &History, run: usize) -> String {
    [&*job_label(history, run), " in ", phase_label(history, run)].concat()
}

/// The states that there are, by number: a year of runs has a handful, and their names need not be
/// read again for every run.
pub(super) fn states(history: &History) -> Vec<State> {
    history.states().map(State::from).collect()
}

/// Compares names as people do, with the numbers in them as numbers: `canary-5` comes before
/// `canary-25`.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.as_bytes(), b.as_bytes());
    loop {
        let (x, y) = (digits(left), digits(right));
        if x > 0 && y > 0 {
            let (number_x, number_y) = (significant(&left[..x]), significant(&right[..y]));
            // Without leading zeros, the longer number is the larger one.
            let order = number_x
                .len()
                .cmp(&number_y.len())
                .then_with(|| number_x.cmp(number_y));
            if order != Ordering::Equal {
                return order;
            }
            (left, right) = (&left[x..], &right[y..]);
            continue;
        }
        match (left.split_first(), right.split_first()) {
            (Some((x, left_rest)), Some((y, right_rest))) if x == y => {
                (left, right) = (left_rest, right_rest);
            }
            // `01` and `1` are different names, so that the order is total.
            (None, None) => return a.cmp(b),
            (x, y) => return x.map(|(byte, _)| byte).cmp(&y.map(|(byte, _)| byte)),
        }
    }
}

/// How many digits a text begins with.
fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn significant(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    &digits[zeros..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_are_compared_as_numbers() {
        let mut names = [
            "stable",
            "canary-50",
            "canary-5",
            "canary-25",
            "canary-05",
            "canary",
            "",
            "a2b",
            "a10",
        ];
        names.sort_unstable_by(|a, b| natural(a, b));
        assert_eq!(
            names,
            [
                "",
                "a2b",
                "a10",
                "canary",
                "canary-05",
                "canary-5",
                "canary-25",
                "canary-50",
                "stable"
            ]
        );
    }
}

//! Line diffs: both texts come back out of them, they are as small as they should be, and bounded.

use jobrun_viewer::model::manifest::diff::{CONTEXT, Change, Diff, MOST_LINES, diff};
use proptest::prelude::*;

/// The diff as `diff -u` would print it.
fn print(diff: &Diff) -> String {
    let mut out = String::new();
    for hunk in &diff.hunks {
        out += &format!("{}\n", hunk.header());
        for line in &hunk.lines {
            let mark = match line.change {
                Change::Unchanged => ' ',
                Change::Removed => '-',
                Change::Added => '+',
            };
            out += &format!("{mark}{}\n", line.text);
            if line.unterminated {
                out += "\\ No newline at end of file\n";
            }
        }
    }
    out
}

/// The new text, made of the old one and the diff as `patch` would.
fn apply(old: &str, diff: &Diff) -> String {
    let olds: Vec<&str> = old.split_inclusive('\n').collect();
    let mut out = String::new();
    let mut at = 0;
    for line in diff.hunks.iter().flat_map(|hunk| &hunk.lines) {
        if let Some(number) = line.old {
            while at < number - 1 {
                out += olds[at];
                at += 1;
            }
            let text = if line.unterminated {
                line.text.clone()
            } else {
                format!("{}\n", line.text)
            };
            assert_eq!(olds[at], text, "line {number} of the old text");
            at += 1;
        } else if let Some(next) = next_old(diff, line) {
            while at < next - 1 {
                out += olds[at];
                at += 1;
            }
        }
        if line.new.is_some() {
            assert_eq!(
                line.new,
                Some(out.split_inclusive('\n').count() + 1),
                "{line:?}"
            );
            out += &line.text;
            if !line.unterminated {
                out += "\n";
            }
        }
    }
    out + &olds[at..].concat()
}

/// The number of the first old line that follows an added one in its hunk.
fn next_old(diff: &Diff, line: &jobrun_viewer::model::manifest::diff::DiffLine) -> Option<usize> {
    let hunk = diff
        .hunks
        .iter()
        .find(|hunk| hunk.lines.iter().any(|other| std::ptr::eq(other, line)))?;
    let at = hunk
        .lines
        .iter()
        .position(|other| std::ptr::eq(other, line))?;
    hunk.lines[at..].iter().find_map(|line| line.old)
}

#[test]
fn equal_texts_have_no_hunks() {
    for text in ["", "a", "a\nb\n"] {
        assert_eq!(diff(text, text), Diff::default());
    }
}

#[test]
fn a_change_is_shown_with_the_lines_around_it() {
    let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
    let new = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n";
    let found = diff(old, new);
    assert_eq!(
        print(&found),
        "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"
    );
    assert_eq!((found.added, found.removed, found.coarse), (1, 1, false));
    let numbers: Vec<_> = found.hunks[0]
        .lines
        .iter()
        .map(|line| (line.old, line.new))
        .collect();
    let both = |n| (Some(n), Some(n));
    assert_eq!(
        numbers,
        [
            both(2),
            both(3),
            both(4),
            (Some(5), None),
            (None, Some(5)),
            both(6),
            both(7),
            both(8)
        ]
    );
}

#[test]
fn near_changes_share_a_hunk_and_far_ones_do_not() {
    let lines = |changed: &[usize]| -> String {
        (1..=40)
            .map(|n| {
                if changed.contains(&n) {
                    format!("x{n}\n")
                } else {
                    format!("{n}\n")
                }
            })
            .collect()
    };
    let near = 10 + 2 * CONTEXT + 1;
    assert_eq!(diff(&lines(&[]), &lines(&[10, near])).hunks.len(), 1);
    let found = diff(&lines(&[]), &lines(&[10, near + 1]));
    assert_eq!(found.hunks.len(), 2);
    assert_eq!(found.hunks[0].header(), "@@ -7,7 +7,7 @@");
    assert_eq!(found.hunks[1].header(), "@@ -15,7 +15,7 @@");
    assert_eq!((found.added, found.removed), (2, 2));
}

#[test]
fn all_new_and_all_gone() {
    assert_eq!(print(&diff("", "a\nb\n")), "@@ -0,0 +1,2 @@\n+a\n+b\n");
    assert_eq!(print(&diff("a\nb\n", "")), "@@ -1,2 +0,0 @@\n-a\n-b\n");
}

#[test]
fn the_end_of_a_file_and_carriage_returns_count() {
    assert_eq!(
        print(&diff("a\nb", "a\nb\n")),
        "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"
    );
    let found = diff("a\r\n", "a\n");
    assert_eq!(
        (
            found.hunks[0].lines[0].text.as_str(),
            found.hunks[0].lines[1].text.as_str()
        ),
        ("a\r", "a")
    );
}

#[test]
fn an_added_block_is_no_change_of_all_that_follows() {
    let old: String = (0..200).map(|n| format!("key{n}: {n}\n")).collect();
    let new = old.replace("key100: 100\n", "new: 1\nkey100: 100\nnew: 2\n");
    let found = diff(&old, &new);
    assert_eq!((found.added, found.removed, found.hunks.len()), (2, 0, 1));
}

#[test]
fn too_long_texts_are_compared_at_their_ends_only_and_say_so() {
    let text = |salt: &str, lines: usize| -> String {
        (0..lines).map(|n| format!("{salt}{n}\n")).collect()
    };
    let middle = |salt: &str| format!("begin\n{}end\n", text(salt, MOST_LINES + 1));
    let found = diff(&middle("a"), &middle("b"));
    assert!(found.coarse && found.note().contains("4000"));
    assert_eq!(
        (found.added, found.removed),
        (MOST_LINES + 1, MOST_LINES + 1)
    );
    assert_eq!(found.hunks.len(), 1);
    assert_eq!(found.hunks[0].lines.first().unwrap().text, "begin");
    assert_eq!(found.hunks[0].lines.last().unwrap().text, "end");
    // A long text with a small change is compared as a short one is.
    let (old, new) = (middle("a"), middle("a").replace("a77\n", "changed\n"));
    let found = diff(&old, &new);
    assert_eq!(
        (found.added, found.removed, found.coarse, found.note()),
        (1, 1, false, String::new())
    );
}

#[test]
fn the_longest_texts_that_are_compared_take_no_time_that_a_reader_would_notice() {
    // Nothing in common, and everything in another order: the worst that there is.
    let text = |step: usize| -> String {
        (0..MOST_LINES)
            .map(|n| format!("line {}\n", n * step % MOST_LINES))
            .collect()
    };
    let others: String = (0..MOST_LINES).map(|n| format!("other {n}\n")).collect();
    let begin = std::time::Instant::now();
    assert_eq!(diff(&text(1), &others).added, MOST_LINES);
    let shuffled = diff(&text(1), &text(7919));
    assert_eq!(apply(&text(1), &shuffled), text(7919));
    // Tests are built without optimisation, which makes them some ten times slower.
    assert!(
        begin.elapsed() < std::time::Duration::from_secs(120),
        "{:?}",
        begin.elapsed()
    );
}

fn any_text() -> impl Strategy<Value = String> {
    let line = prop_oneof![4 => "[ab]", 1 => ".{0,3}", 1 => Just(String::new())];
    (prop::collection::vec(line, 0..14), any::<bool>())
        .prop_map(|(lines, ends)| lines.join("\n") + if ends { "\n" } else { "" })
}

proptest! {
    #[test]
    fn the_new_text_comes_out_of_the_old_one_and_the_diff(old in any_text(), new in any_text()) {
        let found = diff(&old, &new);
        prop_assert_eq!(apply(&old, &found), new.clone());
        let count = |change| found.hunks.iter().flat_map(|hunk| &hunk.lines).filter(|line| line.change == change).count();
        prop_assert_eq!((found.added, found.removed), (count(Change::Added), count(Change::Removed)));
        prop_assert_eq!(found.hunks.is_empty(), old == new);
        // Backwards it is the same with sides changed.
        let back = diff(&new, &old);
        prop_assert_eq!(apply(&new, &back), old);
    }

    #[test]
    fn hunks_have_their_context_and_do_not_touch(old in any_text(), new in any_text()) {
        let found = diff(&old, &new);
        let mut last = 0;
        for hunk in &found.hunks {
            let changes: Vec<bool> = hunk.lines.iter().map(|line| line.change != Change::Unchanged).collect();
            let before = changes.iter().position(|change| *change).unwrap();
            let after = changes.iter().rev().position(|change| *change).unwrap();
            prop_assert!(before <= CONTEXT && after <= CONTEXT);
            if let Some(first) = hunk.lines.iter().find_map(|line| line.old) {
                prop_assert!(first > last);
            }
            last = hunk.lines.iter().rev().find_map(|line| line.old).unwrap_or(last);
        }
    }
}

//! Text logs: styles, progress, steps, and the line that says why.

use jobrun_viewer::model::event_log::text_log::{
    Color, LogLine, Style, StyledSpan, TextLog, read, reason,
};
use proptest::prelude::*;

fn one(text: &str) -> LogLine {
    let mut log = read(text, 10);
    assert_eq!(log.lines.len(), 1, "{text:?}");
    log.lines.remove(0)
}

fn plain(text: &str) -> Vec<String> {
    read(text, 100).lines.iter().map(LogLine::text).collect()
}

/// The style of the first stretch after a sequence with these parameters.
fn style(parameters: &str) -> Style {
    let LogLine { spans, .. } = one(&format!("\u{1b}[{parameters}mx"));
    assert_eq!(spans.len(), 1);
    assert_eq!(spans[0].text, "x");
    spans[0].style
}

#[test]
fn colours_and_weights() {
    let none = Style::default();
    assert_eq!(style(""), none);
    assert_eq!(style("0"), none);
    assert_eq!(
        style("31"),
        Style {
            foreground: Some(Color::Named(1)),
            ..none
        }
    );
    assert_eq!(
        style("97;44"),
        Style {
            foreground: Some(Color::Named(15)),
            background: Some(Color::Named(4)),
            ..none
        }
    );
    assert_eq!(
        style("100"),
        Style {
            background: Some(Color::Named(8)),
            ..none
        }
    );
    assert_eq!(
        style("1;2;3;4"),
        Style {
            bold: true,
            dim: true,
            italic: true,
            underline: true,
            ..none
        }
    );
    assert_eq!(style("1;3;4;22;23;24"), none);
    assert_eq!(style("31;42;39;49"), none);
    assert_eq!(style("1;31;0"), none);
    assert_eq!(
        style("38;5;9"),
        Style {
            foreground: Some(Color::Named(9)),
            ..none
        }
    );
    assert_eq!(
        style("38;5;196"),
        Style {
            foreground: Some(Color::Rgb(255, 0, 0)),
            ..none
        }
    );
    assert_eq!(
        style("48;5;255"),
        Style {
            background: Some(Color::Rgb(238, 238, 238)),
            ..none
        }
    );
    assert_eq!(
        style("38;2;1;2;3;1"),
        Style {
            foreground: Some(Color::Rgb(1, 2, 3)),
            bold: true,
            ..none
        }
    );
    // What is unknown or not whole changes nothing.
    for parameters in ["7", "300", "38", "38;5", "38;2;1", "38;9;1", "?25", "5;9"] {
        assert_eq!(style(parameters), none, "{parameters}");
    }
}

#[test]
fn stretches_of_one_style_are_one() {
    let line = one("a\u{1b}[31mb\u{1b}[31mc\u{1b}[0m\u{1b}[0md");
    let spans: Vec<(&str, bool)> = line
        .spans
        .iter()
        .map(|StyledSpan { style, text }| (text.as_str(), *style == Style::default()))
        .collect();
    assert_eq!(spans, [("a", true), ("bc", false), ("d", true)]);
}

#[test]
fn a_style_ends_with_its_line() {
    let log = read("\u{1b}[31mred\nnot", 10);
    assert_eq!(log.lines[1].spans[0].style, Style::default());
}

#[test]
fn what_only_a_terminal_needs_is_left_out() {
    assert_eq!(plain("a\u{1b}[2Kb\u{1b}[1;1Hc\u{1b}[?25ld"), ["abcd"]);
    assert_eq!(
        plain("\u{1b}]0;title\u{7}a\u{1b}]8;;https://x.y\u{1b}\\link\u{1b}]8;;\u{1b}\\"),
        ["alink"]
    );
    assert_eq!(plain("a\u{1b}(Bb\u{1b}7c\u{1b}"), ["abc"]);
    assert_eq!(plain("a\u{8}\u{0}\tb\u{9b}1mc"), ["a\tbc"]);
    // A sequence that never ends takes no text with it.
    assert_eq!(plain("\u{1b}[31é"), ["é"]);
    assert_eq!(plain("\u{1b}]no end"), ["no end"]);
}

#[test]
fn of_a_line_that_was_written_over_the_last_state_is_shown() {
    let line = one("Step #0 - \"get\": 10 %\r 50 %\r100 %\u{1b}[0m\r");
    assert_eq!((line.text().as_str(), line.rewritten), ("100 %", 2));
    assert_eq!(
        (line.prefix.as_str(), line.step),
        ("Step #0 - \"get\": ", Some(0))
    );
    assert_eq!(
        (one("plain\r").text().as_str(), one("plain\r").rewritten),
        ("plain", 0)
    );
    assert_eq!(one("a\r   \r").text(), "a");
    assert_eq!(one("\r\r").text(), "");
}

#[test]
fn lines_know_their_step() {
    let log = read(
        "starting build \"x\"\nStarting Step #1 - \"de\"ploy\"\nStep #1 - \"deploy\": hello\nStep #12: bare\n\
         Finished Step #1 - \"deploy\"\nStep #x: no\nStep #3 - \"no end\nStep #99999999999999999999: big",
        10,
    );
    let steps: Vec<_> = log.lines.iter().map(|line| line.step).collect();
    assert_eq!(
        steps,
        [None, Some(1), Some(1), Some(12), Some(1), None, None, None]
    );
    assert_eq!(
        (log.lines[2].prefix.as_str(), log.lines[2].text().as_str()),
        ("Step #1 - \"deploy\": ", "hello")
    );
    assert_eq!(
        (log.lines[3].prefix.as_str(), log.lines[3].text().as_str()),
        ("Step #12: ", "bare")
    );
    assert_eq!(log.lines[5].text(), "Step #x: no");
}

#[test]
fn only_the_last_lines_are_read_when_there_are_too_many() {
    let text: String = (1..=10).map(|n| format!("{n}\n")).collect();
    let log = read(&text, 3);
    assert_eq!(log.left_out, 7);
    let lines: Vec<(usize, String)> = log
        .lines
        .iter()
        .map(|line| (line.number, line.text()))
        .collect();
    assert_eq!(
        lines,
        [
            (8, "8".to_owned()),
            (9, "9".to_owned()),
            (10, "10".to_owned())
        ]
    );
    assert_eq!(read(&text, 10).left_out, 0);
    assert_eq!(read(&text, 0).lines, []);
    assert_eq!(read("", 5), TextLog::default());
    assert_eq!(read("\n", 5), TextLog::default());
    assert_eq!(read("a\n\n", 5).lines.len(), 2);
}

#[track_caller]
fn reason_of(text: &str) -> Option<String> {
    let log = read(text, 1000);
    reason(&log).map(|index| log.lines[index].text())
}

#[test]
fn the_reason_is_the_last_error_of_a_step() {
    let log = "Step #1 - \"d\": error: first\n\
               Step #1 - \"d\": \u{1b}[31mError:\u{1b}[0m container failed to start\n\
               Step #1 - \"d\": 1/1 deployment(s) failed\n\
               Step #1 - \"d\": bye\n\
               ERROR\n\
               ERROR: build step 1 \"x\" failed: step exited with non-zero status: 1\n";
    assert_eq!(
        reason_of(log).as_deref(),
        Some("Error: container failed to start")
    );
    // Without one, what speaks of a failure.
    let weak = "Step #1 - \"d\": tests failed\nStep #1 - \"d\": bye\nERROR: build step 1 failed";
    assert_eq!(reason_of(weak).as_deref(), Some("tests failed"));
    // Without that, Cloud Build's summary and not its heading.
    let summary = "Step #1 - \"d\": bye\nERROR: context deadline exceeded\nERROR\n";
    assert_eq!(
        reason_of(summary).as_deref(),
        Some("ERROR: context deadline exceeded")
    );
}

#[test]
fn good_news_are_no_reason() {
    for text in [
        "",
        "all good",
        "Step #0: 0 errors",
        "Step #0: 41 passed, 0 failed",
        "Step #0: no errors found",
        "ERROR",
    ] {
        assert_eq!(reason_of(text), None, "{text}");
    }
    assert_eq!(
        reason_of("Step #0: 10 failed").as_deref(),
        Some("10 failed")
    );
}

proptest! {
    #[test]
    fn a_text_without_controls_comes_back(lines in prop::collection::vec("[^\\p{Cc}]{0,20}", 1..6)) {
        let text = lines.join("\n") + "\n";
        let log = read(&text, 100);
        let found: Vec<String> = log.lines.iter().map(|line| format!("{}{}", line.prefix, line.text())).collect();
        let expected: Vec<String> = if text == "\n" { vec![] } else {
            // A line of white space says nothing.
            lines.iter().map(|line| if line.trim().is_empty() { String::new() } else { line.clone() }).collect()
        };
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn any_text_is_read_without_controls(text in "([\u{1b}\u{9b}\u{7}\r\n\t\\[\\]m;0-9A-Zé ]|\u{1b}\\[[0-9;]{0,6}m|Step #1 - \"a\": |ERROR: ){0,40}", most in 0_usize..20) {
        let log = read(&text, most);
        prop_assert!(log.lines.len() <= most);
        for line in &log.lines {
            let shown = format!("{}{}", line.prefix, line.text());
            prop_assert!(!shown.contains(|c: char| c.is_control() && c != '\t'), "{:?}", shown);
            prop_assert!(line.spans.iter().all(|span| !span.text.is_empty()));
            prop_assert!(line.spans.windows(2).all(|pair| pair[0].style != pair[1].style));
        }
        prop_assert!(reason(&log).is_none_or(|index| index < log.lines.len()));
        let lines = text.strip_suffix('\n').unwrap_or(&text).split('\n').count();
        prop_assert!(log.lines.is_empty() || log.left_out + log.lines.len() == lines);
    }

    #[test]
    fn any_text_at_all_is_read(text in any::<String>()) {
        let _ = reason(&read(&text, 5));
    }
}

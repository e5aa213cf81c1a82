//! Skaffold's event log, and long logs of any kind.

use std::collections::BTreeMap;

use jobrun_viewer::model::event_log::scan::{self, EventKind, EventLine, Level};
use jobrun_viewer::model::event_log::search::{Matcher, Needle};
use jobrun_viewer::model::event_log::text_log;
use jobrun_viewer::model::event_log::view::{FilteredLog, LogFilter};
use jobrun_viewer::model::event_log::{Log, LogFormat, looks_like_one};
use serde_json::{Map, Value};

use super::input::{Random, pieces, text};
use super::slow::Slow;

/// A line, against serde_json.
pub fn line(data: &[u8]) {
    let line = data.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let read = scan::read(line);
    let object = serde_json::from_slice::<Map<String, Value>>(line).ok();
    if let Some(object) = &object {
        let is_deep = line
            .iter()
            .filter(|byte| matches!(byte, b'{' | b'['))
            .count()
            > 60;
        assert!(read != EventLine::Malformed || is_deep, "it is JSON");
        if read == EventLine::Object {
            assert!(object.values().all(|value| !value.is_object()));
        }
    }
    if read != EventLine::Malformed && object.is_none() {
        // Numbers and words are taken as they are, texts may have halves of characters and what is no
        // UTF-8, and a key may have a colon and no value only where a word could be.
        let lax = line
            .iter()
            .any(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte) || *byte >= 0x80);
        assert!(lax, "it is no JSON");
    }
    let EventLine::Event(event) = read else {
        return;
    };
    let ranges = [
        event.time,
        event.name,
        event.body,
        event.message.range,
        event.container,
        event.pod,
    ]
    .into_iter()
    .chain([
        event.task,
        event.subtask,
        event.id,
        event.status,
        event.error,
    ]);
    for range in ranges {
        assert!(range.is_empty() || range.to as usize <= line.len());
    }
    let message = event.message.range.of(line);
    // A backslash that is escaped escapes nothing.
    let breaks = decoded(message).map_or(event.message.breaks as usize, |text| {
        text.matches('\n').count()
    });
    let written = String::from_utf8_lossy(message)
        .to_lowercase()
        .contains("\\u000a");
    assert!(event.message.breaks as usize == breaks || written);
    assert_eq!(event.message.ends, ends_in_break(message));
    for raw in [
        message,
        event.container.of(line),
        event.id.of(line),
        event.status.of(line),
    ] {
        if let Some(text) = decoded(raw) {
            assert_eq!(scan::decode(raw), text);
        }
    }
    if !event.error.is_empty() {
        let error = event.error.of(line);
        let members = scan::members(error);
        if let Ok(object) = serde_json::from_slice::<Map<String, Value>>(error) {
            assert!(members.len() >= object.len());
            for (key, value) in members.iter().filter(|_| members.len() == object.len()) {
                let key = decoded(key).expect("it is JSON");
                assert_eq!(
                    serde_json::from_slice::<Value>(value).ok().as_ref(),
                    object.get(&key)
                );
            }
        }
    }
}

/// A text of JSON without its quotes, by the general reader.
fn decoded(raw: &[u8]) -> Option<String> {
    serde_json::from_slice(&[b"\"", raw, b"\""].concat()).ok()
}

fn ends_in_break(raw: &[u8]) -> bool {
    let Some(before) = raw.strip_suffix(b"n") else {
        return false;
    };
    before
        .iter()
        .rev()
        .take_while(|byte| **byte == b'\\')
        .count()
        % 2
        == 1
}

/// A log of which all has come, in pieces. What comes last of a piece is told as it stands, when
/// `tells` says so.
fn read<'a>(
    pieces: impl IntoIterator<Item = &'a [u8]>,
    mut tells: impl FnMut(usize) -> bool,
) -> Log {
    let mut log = Log::default();
    let mut at = 0;
    for piece in pieces {
        log.push(piece);
        at += piece.len();
        if tells(at) {
            log.finish();
            words(&log);
        }
    }
    log.finish();
    log
}

fn words(log: &Log) -> Vec<String> {
    (0..log.len())
        .map(|row| log.display_line(row).expect("there is such a line").words())
        .collect()
}

/// The level of each line.
fn levels(log: &Log) -> Vec<Level> {
    (0..log.len())
        .map(|row| log.display_line(row).expect("there is such a line").level())
        .collect()
}

/// Whether the line that an offset cuts is told as what it is not: an event that seems whole, and goes on
/// with something else than its line break.
fn seems_whole(data: &[u8], at: usize) -> bool {
    let from = data[..at]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |from| from + 1);
    let cut = &data[from..at];
    let is_whole = matches!(
        scan::read(cut.strip_suffix(b"\r").unwrap_or(cut)),
        EventLine::Event(_)
    );
    is_whole && data.get(at).is_some_and(|byte| *byte != b'\n')
}

/// So many bytes have all that a log can have in them; what is longer takes longer, and finds no more.
const MOST: usize = 1_000;

/// A log, at once and in pieces.
pub fn log(data: &[u8]) {
    let data = &data[..data.len().min(MOST)];
    let mut random = Random::of(data);
    // Now and then a long one: lines are kept in blocks of 64 KiB.
    let long = if random.below(1_000) == 0 {
        data.repeat(140_000 / data.len().max(1))
    } else {
        Vec::new()
    };
    let data = if long.is_empty() { data } else { &long };
    let (whole, cut) = (read([data], |_| false), read(pieces(data), |_| false));
    // A log that is followed is told now and then; each time, all of it is looked at.
    let pieces = pieces(data);
    let seldom = pieces.len() / 4 + 1;
    let told = read(pieces, |at| {
        random.below(seldom) == 0 && !seems_whole(data, at)
    });
    let said = words(&whole);
    for log in [&cut, &told] {
        assert_eq!(words(log), said);
        assert_eq!(log.format(), whole.format());
        assert_eq!(
            (log.malformed(), log.first_malformed()),
            (whole.malformed(), whole.first_malformed())
        );
        assert_eq!(log.runs(), whole.runs());
        assert_eq!(levels(log), levels(&whole));
        assert_eq!(log.sources(), whole.sources());
        assert_eq!(
            log.pieces().collect::<Vec<_>>().concat(),
            data,
            "no byte is lost"
        );
        assert_eq!(log.bytes(), data.len() as u64);
    }
    assert_eq!(
        whole.pieces().collect::<Vec<_>>().concat(),
        data,
        "no byte is lost"
    );
    assert_eq!(whole.tail(7), data[data.len().saturating_sub(7)..]);
    looks_like_one("runs.json", data);

    let lines: Vec<&[u8]> = lines(data);
    match whole.format() {
        LogFormat::Events => events(&whole, &lines),
        _ => raw(&whole, &lines),
    }
    rows(&whole);
    for run in whole.runs() {
        assert!(run.first <= whole.len() && run.failed() <= run.tests.len());
        for test in &run.tests {
            assert!(test.first <= test.last && test.last < whole.len());
            assert!(whole.last_words(run, &test.name).is_sorted());
        }
        assert!(run.error.as_ref().is_none_or(|told| told.row < whole.len()));
        assert!(run.error_line.is_none_or(|row| row < whole.len()));
    }
    search(&whole, data, &mut random);
}

/// The lines of some bytes; a line break at the end begins none.
fn lines(data: &[u8]) -> Vec<&[u8]> {
    let Some(body) = data
        .strip_suffix(b"\n")
        .or((!data.is_empty()).then_some(data))
    else {
        return vec![];
    };
    body.split(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .collect()
}

/// Every line has one row, which shows it and the step that wrote it.
fn raw(log: &Log, lines: &[&[u8]]) {
    assert_eq!(log.len() as usize, lines.len());
    for (number, line) in lines.iter().enumerate() {
        let row = log
            .display_line(number as u32)
            .expect("there is such a line");
        assert!(row.is_raw() && row.line == *line);
        let shown = text(line);
        if !shown.contains(char::is_control) {
            assert_eq!(row.words(), shown);
        }
        let step = text_log::read(&shown, 1).lines.pop().unwrap_or_default();
        // A step whose own name is no UTF-8 is none.
        if step.prefix.len() < 100
            && !step.prefix.contains('\u{fffd}')
            && !shown.contains(char::is_control)
            && !shown.contains('\\')
        {
            let known = row.source.container.trim();
            assert_eq!(known, step.prefix.trim().trim_end_matches(':'), "{shown}");
        }
    }
}

/// What each container wrote is what its lines say, one after the other; and every other line of the
/// file has a row, too.
fn events(log: &Log, lines: &[&[u8]]) {
    let mut written: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut others = 0;
    for line in lines {
        match scan::read(line) {
            EventLine::Event(event) if event.kind == EventKind::Application => {
                let [container, pod] =
                    [event.container, event.pod].map(|range| scan::decode(range.of(line)));
                let message = scan::decode(event.message.range.of(line));
                written
                    .entry((container, pod))
                    .or_default()
                    .push_str(&message.replace('\n', ""));
            }
            // What a tool writes may go on in a line, too.
            EventLine::Event(event) if event.kind == EventKind::Skaffold => {}
            _ => others += 1,
        }
    }
    assert!(log.len() >= others);
    // What a terminal would not show is left out, and one name may be written in several ways.
    let is_coded = |line: &&[u8]| {
        line.windows(2)
            .any(|two| matches!(two, b"\\u" | b"\\r" | b"\\b" | b"\\f" | b"\\/"))
    };
    if lines.iter().any(is_coded) || log.sources().len() > 50_000 {
        return;
    }
    let mut shown: BTreeMap<(String, String), String> = BTreeMap::new();
    for number in 0..log.len() {
        let row = log.display_line(number).expect("there is such a line");
        let is_message = !row.is_raw()
            && matches!(scan::read(row.line), EventLine::Event(event) if event.kind == EventKind::Application);
        if is_message {
            let key = (row.source.container.clone(), row.source.pod.clone());
            shown.entry(key).or_default().push_str(&row.words());
        }
    }
    // Controls that JSON lets through as they are, such as U+0080.
    let visible =
        |texts: BTreeMap<(String, String), String>| -> BTreeMap<(String, String), String> {
            let visible = |text: String| {
                text.chars()
                    .filter(|c| !c.is_control() || *c == '\t')
                    .collect()
            };
            texts
                .into_iter()
                .map(|(key, text)| (key, visible(text)))
                .collect()
        };
    let has_controls = written
        .values()
        .any(|text| text.contains(|c: char| c.is_control() && c != '\t'));
    if !has_controls {
        assert_eq!(
            visible(shown),
            visible(written),
            "nothing that was written is lost"
        );
    }
}

fn rows(log: &Log) {
    let most = log.len().min(300);
    for number in 0..most {
        let row = log.display_line(number).expect("there is such a line");
        let (words, (spans, left_out)) = (row.words(), row.spans());
        let shown: String = spans.into_iter().map(|span| span.text).collect();
        if left_out == 0 {
            assert_eq!(shown, words);
        }
        assert!(
            !words.contains(|c: char| c.is_control() && c != '\t'),
            "{words:?}"
        );
        row.time();
    }
    assert!(log.display_line(log.len()).is_none());
    log.span();
}

/// A search in the bytes finds the lines that a look at each of them finds.
fn search(log: &Log, data: &[u8], random: &mut Random) {
    let at = random.below(data.len().max(1));
    let wanted = text(&data[at.min(data.len())..data.len().min(at + 3)]).into_owned();
    let Some(needle) = Needle::new(&wanted, false) else {
        return;
    };
    for range in needle.ranges(&wanted.repeat(3)) {
        assert!(range.end <= wanted.len() * 3 && range.len() == wanted.len());
    }
    let found = |matcher: Box<dyn Matcher>| {
        let mut view = FilteredLog::default();
        view.set_matcher(Some(matcher));
        while view.step(log) {}
        assert!(view.is_done(log));
        view.found().to_vec()
    };
    let (quick, slow) = (
        found(Box::new(needle)),
        found(Box::new(Slow(wanted.clone()))),
    );
    assert_eq!(quick, slow, "{wanted:?}");
    // Whoever searches while the log comes finds the same.
    let mut view = FilteredLog::default();
    view.set_matcher(Some(Box::new(Slow(wanted.clone()))));
    let mut so_far = Log::default();
    let mut look_again_from = |log: &mut Log, row: u32| {
        view.forget_from(row.saturating_sub(1));
        let extended = log.take_extended();
        view.look_again(log, &extended);
        while view.step(log) {}
    };
    for piece in data.chunks(data.len() / 3 + 1) {
        let before = so_far.len();
        so_far.push(piece);
        look_again_from(&mut so_far, before);
    }
    so_far.finish();
    let end = so_far.len();
    look_again_from(&mut so_far, end);
    assert_eq!(view.found(), slow, "{wanted:?}");
    // Only what is found is shown, each line at its index.
    let mut view = FilteredLog::default();
    view.set_matcher(Some(Box::new(Slow(wanted))));
    view.set_filter(LogFilter {
        only_found: true,
        ..LogFilter::default()
    });
    while view.step(log) {}
    assert_eq!(view.len(log) as usize, slow.len());
    assert!((0..view.len(log)).all(|index| {
        view.at(index)
            .is_some_and(|row| view.index_of(row) == index)
    }));
}

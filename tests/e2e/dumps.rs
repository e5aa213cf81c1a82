//! What every screen consists of, as texts that are kept in `tests/e2e/dumps`.
//!
//! They are the net under changes of the code that leave the page as it is: elements, classes, roles,
//! names, texts and their order, at two sizes of the window and in both colour schemes, with the time
//! standing still. `RECORD=1 scripts/test e2e dumps::` writes them anew; a commit that changes one says
//! why. `PICTURES=folder` takes a picture of each, too.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use similar::TextDiff;

use crate::screens::{Screen, screens};
use crate::viewer::{Setup, Viewer};

/// The moment at which all screens are shown, in milliseconds since 1970: 2026-11-24T12:00:00Z.
const NOW: i64 = 1_795_521_600_000;

/// How a screen is looked at: size and colour scheme. Wide screens are kept whole, of narrow ones what
/// differs from that. The scheme makes no difference.
const LOOKS: [(&str, (u32, u32), &str); 4] = [
    (WIDE, (1_440, 900), "light"),
    (WIDE, (1_440, 900), "dark"),
    (NARROW, (390, 844), "light"),
    (NARROW, (390, 844), "dark"),
];
const WIDE: &str = "wide";
const NARROW: &str = "narrow";

/// How many tests share the screens, to run at the same time.
const PARTS: usize = 2;

/// How long a screen may take to be as it was recorded.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A screen that is recorded is at rest when it has stayed the same for so long.
const REST: Duration = Duration::from_millis(1_200);

/// Writes the document as lines: an element each, with what a person or a screen reader gets of it.
const DUMP: &str = r#"
    const lines = [`title: ${document.title}`];
    const attributes = ['role', 'href', 'type', 'name', 'placeholder', 'title', 'alt', 'for', 'style', 'tabindex', 'open', 'disabled', 'value', 'datetime', 'hidden', 'inert'];
    const plain = text => text
      .replace(/127\.0\.0\.1:\d+/g, 'HOST')
      .replace(/-[0-9a-f]{16}(?=[._])/g, '-HASH')
      .replace(/Job Run Viewer \d[^\n]*/, 'Job Run Viewer VERSION')
      .replace(/Browser: [^\n]*/, 'Browser: NAME')
      .replace(/\s+/g, ' ');
    const walk = (node, indent, isSeen) => {
      if (node.nodeType === Node.TEXT_NODE) {
        const text = plain(node.data);
        if (text.trim()) lines.push(`${indent}“${text}”`);
        return;
      }
      if (node.nodeType !== Node.ELEMENT_NODE || ['SCRIPT', 'STYLE', 'LINK'].includes(node.tagName)) return;
      const shown = node.checkVisibility();
      const words = [node.localName, ...[...node.classList].sort().map(name => `.${name}`)];
      for (const { name, value } of [...node.attributes].sort((a, b) => (a.name < b.name ? -1 : 1)))
        if (attributes.includes(name) || name.startsWith('aria-')) words.push(plain(value === '' ? name : `${name}=${value}`));
      if (node === document.activeElement && node !== document.body) words.push('(focus)');
      if (isSeen && !shown) words.push('(not shown)');
      lines.push(indent + words.join(' '));
      // A drawing is named by its own element.
      if (node.localName === 'svg') return;
      // Texts that are made of several nodes read as one.
      let text = '';
      const end = () => { if (text) walk(new Text(text), indent + '  ', shown); text = '' };
      for (const child of node.childNodes) {
        if (child.nodeType === Node.TEXT_NODE) text += child.data;
        else if (child.nodeType === Node.ELEMENT_NODE) { end(); walk(child, indent + '  ', shown) }
      }
      end();
    };
    walk(document.body, '', true);
    return lines.join('\n') + '\n'"#;

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_consists_of_what_it_did() {
    walk(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_screen_consists_of_what_it_did() {
    walk(1).await;
}

/// Shows every `PARTS`th screen, and asserts that it is as it was recorded.
async fn walk(part: usize) {
    let epoch = jobrun_viewer::core::time::Timestamp::from_millisecond(NOW).expect("a time");
    let viewer = crate::screens::start_with(Setup {
        epoch: Some(epoch),
        ..Setup::default()
    })
    .await;
    let screens = screens(&viewer);
    let mut wrong = if part == 0 { stale(&screens) } else { vec![] };
    for screen in screens.iter().skip(part).step_by(PARTS) {
        look(&viewer, LOOKS[0]).await;
        screen.show(&viewer).await;
        let mut whole = None::<String>;
        for at in LOOKS {
            look(&viewer, at).await;
            let (file, kept) = expected(screen, at.0);
            let of = |dump: &str| match &whole {
                Some(base) if at.0 == NARROW => difference(base, dump),
                _ => dump.to_owned(),
            };
            let dump = settled(&viewer, |dump| !is_recording() && of(dump) == kept).await;
            let found = of(&dump);
            picture(&viewer, screen, at).await;
            if is_recording() && at.2 == "light" {
                record(&file, &found);
            } else if found != kept {
                wrong.push(format!(
                    "{}:\n{}",
                    file.display(),
                    difference(&kept, &found)
                ));
            }
            whole.get_or_insert(dump);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    viewer.finish().await;
}

/// What is kept of screens that are gone, which nothing would ever look at; recording removes it.
fn stale(screens: &[Screen]) -> Vec<String> {
    let files = std::fs::read_dir(folder())
        .expect("the dumps")
        .filter_map(|file| Some(file.ok()?.path()));
    let is_kept = |file: &PathBuf| {
        screens
            .iter()
            .any(|screen| LOOKS.iter().any(|look| expected(screen, look.0).0 == *file))
    };
    let gone: Vec<PathBuf> = files.filter(|file| !is_kept(file)).collect();
    if is_recording() {
        gone.iter()
            .for_each(|file| std::fs::remove_file(file).expect("a dump is removed"));
        return vec![];
    }
    gone.iter()
        .map(|file| format!("{}: no screen has it", file.display()))
        .collect()
}

/// Gives the page a window and a colour scheme.
async fn look(viewer: &Viewer, (_, size, scheme): (&str, (u32, u32), &str)) {
    let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
    viewer
        .devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        )
        .await;
    viewer.resize(size).await;
}

/// What the page consists of, as soon as that is as it should be, and else when it is at rest.
async fn settled(viewer: &Viewer, is_right: impl Fn(&str) -> bool) -> String {
    let begin = Instant::now();
    let mut last = (String::new(), Instant::now());
    loop {
        let Value::String(dump) = viewer.js(DUMP).await else {
            panic!("a text")
        };
        if is_right(&dump) {
            return dump;
        }
        if dump != last.0 {
            last = (dump, Instant::now());
        } else if last.1.elapsed() > REST && (is_recording() || begin.elapsed() > TIMEOUT) {
            return dump;
        }
        assert!(begin.elapsed() < 3 * TIMEOUT, "it never rests");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The lines that two texts do not have in common.
fn difference(from: &str, to: &str) -> String {
    TextDiff::from_lines(from, to)
        .unified_diff()
        .context_radius(0)
        .to_string()
}

/// Where a dump is kept, and what is kept there; nothing where a screen looks as it does otherwise.
fn expected(screen: &Screen, look: &str) -> (PathBuf, String) {
    let stem = screen.title.replace([',', '.'], "").replace(' ', "-");
    // The extension says whether it is whole or a difference.
    let name = if look == WIDE {
        format!("{stem}.txt")
    } else {
        format!("{stem}-{NARROW}.diff")
    };
    let file = folder().join(name);
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    (file, kept)
}

fn record(file: &Path, found: &str) {
    std::fs::create_dir_all(folder()).expect("a folder for the dumps");
    let done = match found.is_empty() {
        true if file.exists() => std::fs::remove_file(file),
        true => Ok(()),
        false => std::fs::write(file, found),
    };
    done.expect("a dump is recorded");
}

async fn picture(viewer: &Viewer, screen: &Screen, (look, _, scheme): (&str, (u32, u32), &str)) {
    use base64::Engine;
    let Ok(folder) = std::env::var("PICTURES") else {
        return;
    };
    let taken = viewer
        .devtools("Page.captureScreenshot", json!({ "format": "png" }))
        .await;
    let data = taken["data"].as_str().expect("a picture");
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(data)
        .expect("base64");
    let folder = PathBuf::from(folder).join(format!("{look}-{scheme}"));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join(format!("{}.png", screen.title)), bytes)
        .expect("a picture is written");
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/dumps")
}

fn is_recording() -> bool {
    std::env::var("RECORD").is_ok_and(|record| record == "1")
}
